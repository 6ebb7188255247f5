"""Presenting: one card a screen, by keyboard, and the filter answers on the spot."""

from __future__ import annotations

import pytest
from browser.conftest import Server
from browser.site import expect_url, open_page, pill
from playwright.sync_api import Page, expect

from ens_dash.briefing import Entry, encode
from ens_dash.survey.filter import Filter


@pytest.fixture
def room(chromium):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def title(page: Page):
    return page.locator("h2.card-title")


def test_a_page_is_presented_card_by_card_with_the_arrow_keys(server: Server, room: Page):
    open_page(room, f"{server.url}/risques?lang=fr")
    room.get_by_role("button", name="Présenter").click()
    expect(room.get_by_text("1 sur 3")).to_be_visible()
    expect(title(room)).to_have_count(1)
    expect(title(room)).to_have_attribute("id", "system_risks")
    room.keyboard.press("ArrowRight")
    expect(title(room)).to_have_attribute("id", "challenges")
    expect_url(room, "q=challenges", "mode=presentation")
    room.keyboard.press("ArrowRight")
    expect(title(room)).to_have_attribute("id", "ens_risks")
    room.keyboard.press("ArrowLeft")
    expect(title(room)).to_have_attribute("id", "challenges")
    room.get_by_role("button", name="Quitter la présentation").click()
    expect(title(room)).to_have_count(3)
    assert "presentation" not in room.url


def test_and_among_the_over_65s_is_one_click_away(server: Server, room: Page):
    open_page(room, f"{server.url}/risques?q=ens_risks&mode=presentation&lang=fr")
    expect(title(room)).to_have_attribute("id", "ens_risks")
    pill(room, "65 et plus").click()
    expect(title(room)).to_contain_text("exemple fictif pour les personnes de 65 ans et plus")
    expect(title(room)).to_have_attribute("id", "ens_risks")
    expect_url(room, "age=65-plus", "q=ens_risks", "mode=presentation")


def test_a_card_of_the_page_fits_the_screen_without_its_small_print(server: Server, room: Page):
    open_page(room, f"{server.url}/risques?q=ens_risks&mode=presentation&lang=fr")
    box = room.locator(".js-plotly-plot").bounding_box()
    assert box is not None and box["y"] + box["height"] <= 900
    sizes = room.locator(".js-plotly-plot text").evaluate_all(
        "texts => texts.map(t => parseFloat(getComputedStyle(t).fontSize))"
    )
    assert min(sizes) >= 12
    assert room.evaluate("document.documentElement.scrollWidth") <= 1440


def test_a_briefing_is_presented_in_its_order_each_card_in_its_group(server: Server, room: Page, survey):
    old = Filter.of({"age": ["65-plus"]}, survey.variables)
    tray = encode(
        [
            Entry("outlook", title="Pour commencer"),
            Entry("ens_risks", old, note="À dire"),
            Entry("outlook", old),
        ]
    )
    open_page(room, f"{server.url}/dossier?briefing={tray}&lang=fr")
    room.get_by_role("button", name="Présenter").click()
    expect(room.get_by_text("1 sur 3")).to_be_visible()
    expect(room.locator(".present-title")).to_have_text("Pour commencer")
    room.keyboard.press("ArrowRight")
    expect(title(room)).to_have_attribute("id", "ens_risks")
    expect(room.locator(".present-note")).to_have_text("À dire")
    expect(room.locator(".st-key-presented")).not_to_contain_text("FICTIFS")
    room.keyboard.press("ArrowRight")
    expect(room.get_by_text("3 sur 3")).to_be_visible()
    expect(room.locator(".present-title")).to_have_count(0)


def test_presenting_in_english_has_no_french_word(server: Server, room: Page):
    open_page(room, f"{server.url}/risques?mode=presentation&lang=en")
    bar = room.locator(".st-key-presenting")
    expect(bar).to_contain_text("1 of 3")
    expect(bar).to_contain_text("Leave the presentation")


def test_after_a_click_on_the_filter_the_arrow_keys_still_turn(server: Server, room: Page):
    open_page(room, f"{server.url}/risques?mode=presentation&lang=fr")
    pill(room, "65 et plus").click()
    expect_url(room, "age=65-plus")
    expect(title(room)).to_contain_text("65 ans et plus")
    room.keyboard.press("ArrowRight")
    expect(title(room)).to_have_attribute("id", "challenges")
    room.keyboard.press("PageDown")
    expect(title(room)).to_have_attribute("id", "ens_risks")


def test_on_a_phone_no_label_lies_over_a_bar(server: Server, phone: Page):
    open_page(phone, f"{server.url}/risques?q=ens_risks&mode=presentation&age=65-plus&lang=fr")
    expect(phone.locator(".present-narrow table.bars")).to_be_visible()
    expect(phone.locator(".st-key-present_wide")).to_be_hidden()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_leaving_a_briefing_leaves_no_filter_and_no_mode_behind(server: Server, room: Page, survey):
    old = Filter.of({"age": ["65-plus"]}, survey.variables)
    tray = encode([Entry("outlook"), Entry("ens_risks", old)])
    open_page(room, f"{server.url}/dossier?briefing={tray}&lang=fr")
    room.get_by_role("button", name="Présenter").click()
    expect(room.get_by_text("1 sur 2")).to_be_visible()
    room.keyboard.press("ArrowRight")
    expect(title(room)).to_have_attribute("id", "ens_risks")
    room.get_by_role("button", name="Quitter la présentation").click()
    expect(room.locator("h1")).to_have_text("Mon dossier")
    assert "mode=" not in room.url and "age=" not in room.url
