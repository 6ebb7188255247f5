"""What a first visit weighs, and when a slow phone has its figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from statistics import median
from typing import TYPE_CHECKING, Any

from ens_dash.audit.browser import PATIENCE, rest
from ens_dash.audit.plan import PAGE, PHONE
from ens_dash.audited import Load

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# Lighthouse's slow phone, played by the browser: bytes a second down and up, milliseconds, times slower
DOWN, UP, LATENCY, SLOWER = 1_600_000 / 8, 750_000 / 8, 150, 4
VISITS = 3
AGENT = (
    "Mozilla/5.0 (Linux; Android 11; moto g power (2022)) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)
# Milliseconds since the visit began: `first`, the frame after the first figure of the page's own HTML is in
# sight; `all`, the frame after the page that Streamlit draws is in sight with a figure in each of its cards.
WATCH = """
  window.auditTimes = {};
  const note = (name) => {
    if (name in window.auditTimes) return;
    window.auditTimes[name] = null;
    requestAnimationFrame(() => setTimeout(() => (window.auditTimes[name] = performance.now())));
  };
  const look = () => {
    const number = document.querySelector("#first .number, #first .keystone b, #first .keystone");
    if (number?.getBoundingClientRect().height > 0) note("first");
    const app = document.querySelector("#root .stApp");
    const cards = app ? [...app.querySelectorAll('[class*="st-key-card_"]')] : [];
    const filled = cards.every((c) => c.querySelector(".light .number, .light td"));
    const whole = cards.length > 0 && filled && app.querySelector(".footer");
    if (whole && !document.getElementById("first") && cards[0].checkVisibility()) note("all");
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
"""


def load(browser: Browser, base: str) -> Load:
    """The weight of the start page and of a page of charts on a desk; the times of the slow phone.

    A time is the middle one of VISITS first visits, and of the two pages the first figures' slower.
    """
    weights = {
        "start": _weight(browser, f"{base}/?lang=fr"),
        "charts": _weight(browser, f"{base}/{PAGE}?lang=fr"),
    }
    start = [_times(browser, f"{base}/?lang=fr", whole=False) for _ in range(VISITS)]
    light = [_times(browser, f"{base}/{PAGE}?lang=fr&mode=light", whole=True) for _ in range(VISITS)]
    firsts = [_middle(times, "first") for times in (start, light)]
    first = None if None in firsts else max(f for f in firsts if f is not None)
    return Load(bytes=weights, seconds={"first_figures": first, "all_light": _middle(light, "all")})


def _middle(times: Iterable[Mapping[str, float]], name: str) -> float | None:
    """The median; None where one of them never came."""
    found = [t.get(name) for t in times]
    return None if None in found else median(f for f in found if f is not None)


def _weight(browser: Browser, url: str) -> int:
    """Bytes of answers as they come over the wire, their headers too; what the socket brings is left out."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    sizes: dict[str, int] = {}
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on(
        "Network.loadingFinished", lambda e: sizes.update({e["requestId"]: int(e["encodedDataLength"])})
    )
    page.goto(url)
    rest(page)
    page.wait_for_load_state("networkidle")
    context.close()
    return sum(sizes.values())


def _times(browser: Browser, url: str, whole: bool) -> dict[str, float]:
    """Seconds until the figures are there; without those that never came."""
    from playwright.sync_api import TimeoutError

    context = browser.new_context(
        viewport={"width": PHONE, "height": 844},
        locale="fr-FR",
        user_agent=AGENT,
        is_mobile=True,
        has_touch=True,
    )
    page = context.new_page()
    _slow(page)
    page.add_init_script(WATCH)
    page.goto(url, wait_until="commit", timeout=2 * PATIENCE)
    last = "all" if whole else "first"
    # that it never came is what is told
    with suppress(TimeoutError):
        page.wait_for_function(f"() => window.auditTimes?.{last} > 0", timeout=2 * PATIENCE)
    times: dict[str, Any] = page.evaluate("() => window.auditTimes")
    context.close()
    return {name: round(ms / 1000, 2) for name, ms in times.items() if ms}


def _slow(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LATENCY, "downloadThroughput": DOWN, "uploadThroughput": UP},
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
