"""The filter on a phone: a sheet. (What fits a phone, on all pages: test_audit_layout.py.)"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser.conftest import Server
from browser.site import expect_url, open_page, whom
from playwright.sync_api import Browser, Page, expect

# links inside a sentence are excepted (WCAG 2.5.8), as is what nobody sees
SMALL = """() => [...document.querySelectorAll("a, button, summary, [role=button], input[type=checkbox]")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((e) => { const c = getComputedStyle(e); return e.tagName !== "A" || c.display !== "inline" ||
    !e.parentElement.matches("p, li, td, span, b, q"); })
  .map((e) => [e, (e.closest("label") ?? e).getBoundingClientRect()])
  .filter(([, b]) => b.width > 1 && b.height > 1 && (b.width < 24 || b.height < 24))
  .map(([e, b]) => `${e.tagName} ${e.textContent.slice(0, 30)} ${b.width}x${b.height}`)"""


@pytest.fixture(params=[390, 320])
def small(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": request.param, "height": 740}, locale="fr-FR", is_mobile=True, has_touch=True
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def test_nothing_at_the_foot_of_a_page_lies_under_the_filters_button(server: Server, small: Page) -> None:
    open_page(small, f"{server.url}/benefices?age=65-plus&sex=female&lang=fr")
    small.evaluate("document.querySelector('.stMain').scrollTo(0, 1e7)")
    small.wait_for_timeout(200)
    foot = small.locator(".stMain .footer").bounding_box()
    button = small.get_by_test_id("stExpandSidebarButton").bounding_box()
    assert foot is not None and button is not None
    assert foot["y"] + foot["height"] <= button["y"]


def test_the_filter_is_a_sheet_that_says_what_it_changes_and_how_to_close_it(
    server: Server, small: Page
) -> None:
    open_page(small, f"{server.url}/risques?lang=fr")
    opener = small.get_by_test_id("stExpandSidebarButton")
    opener.click()
    sheet = small.get_by_role("dialog", name="Filtre de la population")
    expect(sheet).to_be_visible()
    expect(sheet.get_by_role("heading", name="Filtrer la population")).to_be_visible()
    close = sheet.get_by_role("button", name="Fermer le filtre")
    expect(close).to_be_focused()
    assert small.viewport_size is not None
    small.wait_for_timeout(400)
    box = sheet.bounding_box()
    assert box is not None
    assert box["width"] == small.viewport_size["width"]
    assert box["y"] + box["height"] == pytest.approx(small.viewport_size["height"], abs=1)
    see = sheet.locator("[data-see]")
    expect(see).to_be_in_viewport(ratio=1)
    expect(see).to_contain_text("personnes")
    assert small.evaluate("document.querySelector('.stMain').inert")
    small.get_by_role("button", name="65 et plus").tap()
    expect_url(small, "age=65-plus")
    expect(sheet).to_be_visible()
    expect(see).to_contain_text("550 répondants simulés")
    assert small.evaluate(SMALL) == []
    see.tap()
    expect(opener).to_be_focused()
    expect(whom(small)).to_contain_text("65 ans et plus")
    assert not small.evaluate("document.querySelector('.stMain').inert")


@pytest.mark.parametrize("way", ["escape", "outside", "cross"])
def test_the_sheet_closes_and_the_focus_comes_back(server: Server, small: Page, way: str) -> None:
    open_page(small, f"{server.url}/risques?lang=fr")
    opener = small.get_by_test_id("stExpandSidebarButton")
    opener.click()
    sheet = small.get_by_role("dialog", name="Filtre de la population")
    expect(sheet.get_by_role("button", name="Fermer le filtre")).to_be_focused()
    before = small.url
    if way == "escape":
        small.keyboard.press("Escape")
    elif way == "outside":
        # where the language switch stands: what is behind does not answer
        small.touchscreen.tap(small.viewport_size["width"] - 30, 30)  # type: ignore[index]
    else:
        sheet.get_by_role("button", name="Fermer le filtre").tap()
    expect(small.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()
    assert small.url == before
