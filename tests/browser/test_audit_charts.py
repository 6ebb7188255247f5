"""The charts of every page by structure: kinds of traces, bars, hatching, axes, texts; not pixels.

After a wanted change: ENS_DASH_RENEW=yes python -m pytest tests/browser/test_audit_charts.py
and look at what has changed in tests/browser/snapshots/charts-*.json before it is kept.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from browser.audited import visitors
from browser.conftest import Server

from ens_dash.audit.browser import Visitors, open_visit
from ens_dash.audit.plan import DESK, Visit

__all__ = ["visitors"]
SNAPSHOTS = Path(__file__).with_name("snapshots")
RENEW = os.environ.get("ENS_DASH_RENEW", "") == "yes"
PAGES = {
    "adoption": "",
    "covid-19": "",
    "benefices": "",
    "risques": "",
    "risques filtered": "age=65-plus",
    "risques report": "age=65-plus&mode=report",
    "garde-fous": "",
    "comparer": "q=ens_risks&age=65-plus&b.age=18-24",
}
STRUCTURE = """() => [...document.querySelectorAll(".stMain .js-plotly-plot")].filter(
  (gd) => gd.checkVisibility()).map((gd) => ({
  chart: gd.closest('[class*="st-key-"]').className.match(/st-key-([\\w.-]+)/)[1],
  traces: gd.data.map((t) => ({
    kind: t.type ?? "scatter",
    values: (t.orientation === "h" || t.type !== "bar" ? t.x : t.y)?.length ?? 0,
    hatched: Boolean([].concat(t.marker?.pattern?.shape ?? []).join("")),
    intervals: Boolean(t.error_x?.array?.length ?? t.error_x),
  })),
  bars: gd.querySelectorAll(".bars .point path").length,
  dots: gd.querySelectorAll(".scatterlayer .point").length,
  axes: [...gd.querySelectorAll(".xtick text, .ytick text")].length,
  annotations: gd.querySelectorAll(".annotation").length,
  texts: [...gd.querySelectorAll("text")].filter((t) => t.textContent.trim()).length,
}))"""


def path_of(name: str) -> Path:
    return SNAPSHOTS / f"charts-{name.replace(' ', '-')}.json"


@pytest.mark.parametrize("name", PAGES)
def test_the_charts_of_a_page_are_built_as_before(server: Server, visitors: Visitors, name: str):
    visit = Visit(name.split()[0], PAGES[name], "fr", "light", DESK)
    page = visitors.page(visit)
    open_visit(page, server.url, visit)
    found: list[dict[str, Any]] = page.evaluate(STRUCTURE)
    assert found
    if RENEW:
        SNAPSHOTS.mkdir(exist_ok=True)
        lines = ",\n".join(json.dumps(chart) for chart in found)
        path_of(name).write_text(f"[\n{lines}\n]\n", "utf-8")
    assert found == json.loads(path_of(name).read_text("utf-8"))


def test_every_bar_that_is_fictitious_is_hatched_and_no_other(server: Server, visitors: Visitors):
    for name, hatched in (("risques", False), ("risques report", False), ("risques filtered", True)):
        visit = Visit("risques", PAGES[name], "en", "light", DESK)
        page = visitors.page(visit)
        open_visit(page, server.url, visit)
        charts: list[dict[str, Any]] = page.evaluate(STRUCTURE)
        assert len(charts) == 3
        assert [any(t["hatched"] for t in c["traces"]) for c in charts] == [hatched] * 3
