"""A slow phone gets its figures as bars in HTML, and the charts one tap away."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from browser.conftest import Server
from browser.site import card, expect_url, open_page, plot_text
from playwright.sync_api import Browser, Page, expect

PHONE = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML"
    ", like Gecko) Chrome/140.0 Mobile Safari/537.36"
)


@pytest.fixture
def slow_phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, locale="fr-FR", user_agent=PHONE, has_touch=True
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def plotly_asked_for(page: Page) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "plotly" in request.url.lower() else None)
    return asked


def test_a_phone_gets_bars_and_no_plotly_until_it_asks(server: Server, slow_phone: Page):
    asked = plotly_asked_for(slow_phone)
    open_page(slow_phone, f"{server.url}/risques?lang=fr")
    bars = card(slow_phone, "ens_risks").locator(".light table.bars")
    expect(bars).to_be_visible()
    assert "54 %" in re.sub(r"\s", " ", bars.inner_text())
    assert asked == []
    slow_phone.get_by_role("button", name="Graphiques interactifs").click()
    assert "54 %" in plot_text(slow_phone, "ens_risks")
    expect_url(slow_phone, "mode=charts")
    assert asked


def test_whoever_asks_for_the_light_page_has_it_on_every_page(server: Server, desktop: Page):
    asked = plotly_asked_for(desktop)
    open_page(desktop, f"{server.url}/risques?mode=light&age=65-plus&lang=en")
    bars = card(desktop, "ens_risks").locator(".light table.bars")
    expect(bars).to_contain_text("FICTITIOUS FIGURES")
    expect(bars.locator(".bar.fictional").first).to_be_visible()
    desktop.locator(".st-key-menu").get_by_text("Benefits").click()
    expect(desktop.locator("h1")).to_contain_text("Benefits")
    expect(desktop.locator(".light table.bars").first).to_be_visible()
    assert asked == []


def test_a_light_page_has_no_horizontal_scroll(server: Server, slow_phone: Page):
    for width in (320, 390):
        slow_phone.set_viewport_size({"width": width, "height": 800})
        open_page(slow_phone, f"{server.url}/risques?age=65-plus&lang=fr")
        main = slow_phone.locator(".stMain")
        assert main.evaluate("m => m.scrollWidth - m.clientWidth") == 0
