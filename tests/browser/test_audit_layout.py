"""Every page at 320 and 390 px and at 200 % zoom: no scrolling sideways, no cut words, no small targets."""

from __future__ import annotations

import pytest
from browser.audited import told, visitors
from browser.conftest import Server
from folders import DATA
from playwright.sync_api import Page

from ens_dash.audit.axe import parted, unfold
from ens_dash.audit.browser import Visitors, open_visit
from ens_dash.audit.layout import layout
from ens_dash.audit.plan import Visit, layout_visits
from ens_dash.audit.upstream import read_upstream
from ens_dash.audited import merged

__all__ = ["visitors"]
VISITS = tuple(layout_visits())
HERE = Visit("", "", "fr", "light", 390)
# what is wrong on purpose, and the rule that must say so
WRONG = {
    "scroll": '<div style="width: 900px">large</div>',
    "cut": '<p style="width: 60px; overflow: hidden; white-space: nowrap">a label that is cut</p>',
    "outside": '<div class="js-plotly-plot" style="width: 90px; height: 40px"><svg overflow="visible">'
    '<text x="70" y="20">sticks out</text></svg></div>',
    "overlap": '<div class="js-plotly-plot" style="width: 300px; height: 60px"><svg width="300" height="60">'
    '<text x="10" y="30">one word</text><text x="20" y="33">another</text></svg></div>',
    "target": '<div><button style="all: unset; font-size: 8px">a</button>'
    '<button style="all: unset; font-size: 8px">b</button></div>',
}
RIGHT = (
    '<p>A <a href="x">link</a> in a sentence, another <a href="y">one</a>.</p>'
    '<span style="position: absolute; width: 1px; height: 1px; overflow: hidden">for screen readers</span>'
    '<div><button style="width: 24px; height: 24px">a</button></div>'
)


@pytest.mark.parametrize("visit", VISITS, ids=lambda v: v.name)
def test_everything_fits(server: Server, visitors: Visitors, visit: Visit):
    page = visitors.page(visit)
    open_visit(page, server.url, visit)
    unfold(page, visit)
    ours, _ = parted(merged(layout(page, visit)), read_upstream(DATA))
    assert ours == (), told(ours)


@pytest.mark.parametrize("rule", WRONG)
def test_what_does_not_fit_is_found(phone: Page, rule: str):
    phone.set_content(f'<meta name="viewport" content="width=device-width"><main>{WRONG[rule]}</main>')
    assert rule in {f.rule for f in layout(phone, HERE)}


def test_what_fits_is_not_blamed(phone: Page):
    phone.set_content(f'<meta name="viewport" content="width=device-width"><main>{RIGHT}</main>')
    assert layout(phone, HERE) == ()
