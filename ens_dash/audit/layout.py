"""What does not fit on a small window: scrolling sideways, cut words, words over words, small targets."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ens_dash.audit.plan import Visit
from ens_dash.audited import Finding

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPT = Path(__file__).with_name("layout.js")
# scroll: sideways, of the page or of a part; cut: words that are hidden; outside, overlap: words of a chart;
# target: WCAG 2.5.8
RULES = ("scroll", "cut", "outside", "overlap", "target")


def layout(page: Page, visit: Visit) -> tuple[Finding, ...]:
    """What does not fit on the page as it is now."""
    found: list[dict[str, Any]] = page.evaluate(_script())
    return tuple(Finding(**f, seen=(visit.name,)) for f in found)


@cache
def _script() -> str:
    text = SCRIPT.read_text("utf-8")
    return text[text.index("() =>") :]
