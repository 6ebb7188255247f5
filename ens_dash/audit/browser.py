"""A page of a running site in Chromium, opened and waited for until nothing moves any more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ens_dash.audit.plan import HEIGHTS, PHONE, PLAIN, Visit
from ens_dash.audit.tools import Tools

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
# milliseconds: a first page on a busy machine
PATIENCE = 30_000
# The page is Streamlit's own, it has run to its end, its charts are drawn, nothing grey or fading is left.
QUIET = """() => {
  if (document.getElementById("first")) return false;
  const app = document.querySelector('.stApp[data-test-script-state="notRunning"]');
  if (!app || !app.querySelector(".footer")) return false;
  if (app.querySelector('[data-testid="stSkeleton"], [data-stale="true"]')) return false;
  const charts = [...app.querySelectorAll(".stPlotlyChart")];
  if (!charts.every((c) => c.querySelector(".main-svg .xy, .main-svg .cartesianlayer"))) return false;
  return document.getAnimations().every((a) => a.playState !== "running");
}"""


@contextmanager
def chromium(tools: Tools) -> Iterator[Browser]:
    """The machine's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=tools.chromium, args=list(ARGUMENTS))
        yield browser
        browser.close()


def context_of(browser: Browser, visit: Visit) -> BrowserContext:
    """A new visitor, with nothing remembered: window, language, theme, and less motion."""
    context = browser.new_context(
        viewport={"width": visit.width, "height": HEIGHTS[visit.width]},
        device_scale_factor=visit.scale,
        locale={"fr": "fr-FR", "en": "en-GB"}[visit.lang],
        color_scheme=visit.theme,
        reduced_motion="reduce",
        has_touch=visit.width <= PHONE,
        is_mobile=visit.width <= PHONE,
        accept_downloads=True,
    )
    context.set_default_timeout(PATIENCE)
    return context


def open_visit(page: Page, base: str, visit: Visit) -> None:
    """Go there, and wait until the page is whole.

    Raises:
        playwright's TimeoutError: the page does not come to rest.
    """
    page.goto(base + visit.address)
    if visit.kind in PLAIN:
        page.wait_for_load_state("networkidle")
    else:
        rest(page)


def rest(page: Page) -> None:
    """Wait until Streamlit has drawn everything."""
    page.wait_for_function(QUIET)


class Visitors:
    """Pages for visits, one browser context for each window, language and theme, made when first needed."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._pages: dict[tuple[object, ...], Page] = {}

    def page(self, visit: Visit) -> Page:
        """The page of a visitor like this one; it may show another address."""
        key = (visit.lang, visit.theme, visit.width, visit.scale)
        if key not in self._pages:
            self._pages[key] = context_of(self._browser, visit).new_page()
        return self._pages[key]

    def close(self) -> None:
        """Close all of them."""
        for page in self._pages.values():
            page.context.close()
        self._pages.clear()
