"""axe-core on a page: what violates WCAG 2.2 A and AA or its best practices, and what it cannot decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ens_dash.audit.plan import PHONE, PLAIN, Visit
from ens_dash.audit.tools import Tools, axe_source
from ens_dash.audited import Finding, Upstream

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = """(tags) => axe.run(document, {
  runOnly: tags, resultTypes: ["violations", "incomplete"],
}).then((r) => ({
  violations: r.violations.flatMap((v) => v.nodes.map((n) => ({
    rule: v.id, impact: v.impact, selector: n.target.flat(9).join(" "), html: n.html, why: n.failureSummary,
  }))),
  undecided: Object.fromEntries(r.incomplete.map((v) => [v.id, v.nodes.length])),
}))"""
# what is folded away is looked at open, as whoever opens it will see it
OPEN = """() => {
  for (const d of document.querySelectorAll("details.share")) d.open = true;
}"""
LONGEST_HTML = 240
# of a selector: classes that a program made up, attributes of state, places in a row, questions' ids
NOISE = re.compile(
    r"\.st-emotion-cache-[\w-]+|\.e[a-z0-9]{6,9}(?![\w-])|:nth-child\(\d+\)|\[(?:open|width|height|class|href)[^\]]*\]"
    r"|(?<=st-key-)(?=(?:card|chart|fold|add|share)_)\w+"
)
KEPT = 3


def unfold(page: Page, visit: Visit) -> None:
    """Open what is folded: the first card's table, the panels that share, and the filter on a phone."""
    from ens_dash.audit.browser import rest

    if visit.kind in PLAIN or visit.kind == "presentation":
        return
    page.evaluate(OPEN)
    fold = page.locator(".stMain .stExpander summary").first
    if fold.count():
        fold.click()
        page.wait_for_timeout(100)
        rest(page)
    if visit.width <= PHONE and visit.kind == "filtered":
        # the sheet lies over the page: it is looked at on this page alone, and the page on all others
        page.get_by_test_id("stExpandSidebarButton").click()
        rest(page)


def axe(page: Page, visit: Visit, tools: Tools) -> tuple[tuple[Finding, ...], dict[str, int]]:
    """The violations on the page as it is now, and the number of elements left undecided by each rule."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(axe_source(tools.axe))
    found: dict[str, Any] = page.evaluate(RUN, list(TAGS))
    findings = (
        Finding(
            rule=v["rule"],
            selector=plain(v["selector"]),
            why=_told(v["why"]),
            impact=v["impact"],
            html=v["html"][:LONGEST_HTML],
            seen=(visit.name,),
        )
        for v in found["violations"]
    )
    return tuple(findings), found["undecided"]


def parted(
    findings: Iterable[Finding], upstream: Sequence[Upstream]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """What is ours to mend, and what is upstream's: only what is named there is theirs."""
    ours: list[Finding] = []
    theirs: list[Finding] = []
    for finding in findings:
        (theirs if any(u.covers(finding) for u in upstream) else ours).append(finding)
    return tuple(ours), tuple(theirs)


def plain(selector: str) -> str:
    """A selector that is the same for all elements of a kind: its last parts, without names that a program
    made up and without places in a row."""
    parts = [NOISE.sub("", part) for part in selector.replace(" > ", " ").split()]
    return " ".join([p for p in parts if p][-KEPT:]) or selector


def _told(summary: str) -> str:
    return " ".join(line.strip() for line in summary.splitlines()[1:]) or summary
