"""What the browser tests do and see, in the words of a visitor."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect


def open_page(page: Page, url: str) -> None:
    """Go to an address and wait until the page has been drawn to its foot."""
    page.goto(url)
    # it is seen once the charts are drawn, or have been waited for (web/static/first.js)
    expect(page.locator(".footer")).to_be_visible(timeout=15_000)


def pill(page: Page, label: str) -> Locator:
    return page.get_by_test_id("stSidebar").get_by_role("button", name=label, exact=True)


def expect_pressed(page: Page, label: str, pressed: bool = True) -> None:
    """A filter's pill is marked (or not) as chosen."""
    expect(pill(page, label)).to_have_attribute("aria-pressed", "true" if pressed else "false")


def expect_url(page: Page, *parts: str) -> None:
    """The address bar holds each of the parts."""
    for part in parts:
        expect(page).to_have_url(re.compile(re.escape(part)))


def whom(page: Page) -> Locator:
    """The sentence that says whose answers are shown."""
    return page.locator(".stMain p.whom").first


def card(page: Page, question: str) -> Locator:
    return page.locator(f".st-key-card_{question}")


def plot_text(page: Page, question: str) -> str:
    """All the words inside the chart of a card."""
    plot = card(page, question).locator(".js-plotly-plot .main-svg").first
    expect(plot).to_be_visible(timeout=15_000)
    texts = card(page, question).locator(".js-plotly-plot text").all_text_contents()
    return " ".join(texts).replace("\xa0", " ").replace("\u202f", " ")
