"""axe-core on every page, in both languages and themes, on a phone and a desk: nothing of ours is wrong."""

from __future__ import annotations

import pytest
from browser.audited import audit_tools, told, visitors
from browser.conftest import Server
from folders import DATA

from ens_dash.audit.axe import axe, parted, unfold
from ens_dash.audit.browser import Visitors, open_visit
from ens_dash.audit.plan import Visit, axe_visits
from ens_dash.audit.tools import Tools
from ens_dash.audit.upstream import read_upstream
from ens_dash.audited import merged

__all__ = ["audit_tools", "visitors"]
VISITS = tuple(axe_visits())


@pytest.mark.parametrize("visit", VISITS, ids=lambda v: v.name)
def test_a_page_violates_no_rule(server: Server, visitors: Visitors, audit_tools: Tools, visit: Visit):
    page = visitors.page(visit)
    open_visit(page, server.url, visit)
    unfold(page, visit)
    found, _ = axe(page, visit, audit_tools)
    ours, _ = parted(merged(found), read_upstream(DATA))
    assert ours == (), told(ours)


def test_a_violation_is_found(server: Server, visitors: Visitors, audit_tools: Tools):
    visit = Visit("no-such-page", "", "fr", "light", 390, "lost")
    page = visitors.page(visit)
    open_visit(page, server.url, visit)
    page.evaluate(
        "document.querySelector('main, body').insertAdjacentHTML('beforeend', '<img src=\"x.png\">')"
    )
    found, _ = axe(page, visit, audit_tools)
    assert "image-alt" in {f.rule for f in found}
