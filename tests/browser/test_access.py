"""What a screen reader gets of a page: which table is a chart's, where things are, what has changed."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from browser.conftest import Server
from browser.site import card, expect_pressed, open_page, pill
from playwright.sync_api import Page, expect

from ens_dash.paths import PAGES

HEADINGS = """() => [...document.querySelectorAll('main h1, main h2, main h3, main h4')]
  .filter((h) => h.checkVisibility()).map((h) => Number(h.tagName[1]))"""
NAMED = """(id) => document.getElementById(id)?.tagName"""


def test_a_chart_points_to_its_sentence_and_its_table(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?lang=fr")
    figure = card(desktop, "ens_risks").get_by_role("figure")
    expect(figure).to_have_attribute("aria-details", "data-ens_risks")
    expect(figure).to_have_attribute("aria-describedby", "say-ens_risks")
    assert desktop.evaluate(NAMED, "data-ens_risks") == "DETAILS"
    said = desktop.locator("#say-ens_risks").text_content() or ""
    assert "54\xa0%" in said and "53\xa0%" in said
    table = desktop.locator("#data-ens_risks table")
    assert table.locator("caption").text_content()
    assert table.locator("tbody th[scope=row]").count() == table.locator("tbody tr").count()
    assert table.locator("thead th:not([scope=col])").count() == 0
    # the letters of the drawing, cut into lines, are not read out beside it
    expect(figure.locator(".js-plotly-plot")).to_have_attribute("aria-hidden", "true")
    assert figure.get_attribute("aria-label") == (
        f"Graphique. {card(desktop, 'ens_risks').get_by_role('heading', level=2).first.text_content()}. "
        "Ses chiffres sont dans le tableau qui suit."
    )


def test_the_table_opens_without_a_call_to_the_server(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?lang=fr")
    fold = desktop.locator("#data-ens_risks")
    server_calls: list[str] = []
    desktop.on("request", lambda request: server_calls.append(request.url))
    fold.locator("summary").first.click()
    expect(fold.locator("table")).to_be_visible()
    assert server_calls == []


def test_a_changed_filter_is_read_out_and_a_page_as_opened_is_not(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?lang=fr")
    told = desktop.locator("#told")
    expect(told).to_have_attribute("role", "status")
    desktop.wait_for_timeout(500)
    assert told.text_content() == ""
    pill(desktop, "Femmes").click()
    expect_pressed(desktop, "Femmes")
    expect(told).to_have_text(
        re.compile(r"^Femmes, [\d\s]+ répondants simulés, chiffres fictifs, 3 graphiques")
    )
    pill(desktop, "Femmes").click()
    expect(told).to_have_text(re.compile(r"^Ensemble, 2\s100 personnes, 3 graphiques mis à jour$"))


def test_another_page_says_its_name(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?lang=en")
    desktop.get_by_role("link", name="Benefits").click()
    expect(desktop.locator("#told")).to_have_text(
        re.compile(r"^Benefits.*\. Everybody, 2,100 people, 3 charts")
    )


def test_the_skip_link_comes_first_and_leads_to_the_title_behind_the_menu(
    server: Server, desktop: Page
) -> None:
    open_page(desktop, f"{server.url}/risques?lang=fr")
    desktop.keyboard.press("Tab")
    skip = desktop.get_by_test_id("stSkipToContent")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("heading", level=1)).to_be_focused()


def test_the_menu_is_a_navigation_that_knows_the_open_page(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?lang=fr")
    menu = desktop.get_by_role("navigation", name="Menu")
    expect(menu.locator("[aria-current=page]")).to_have_text("Risques")
    menu.get_by_role("link", name="Bénéfices").click()
    expect(menu.locator("[aria-current=page]")).to_have_text("Bénéfices")
    # the link to the first page leads there from a new tab too
    first = menu.get_by_role("link", name="L’essentiel")
    assert first.evaluate("(a) => new URL(a.href).pathname") == "/"


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_headings_go_down_one_level_at_a_time(server: Server, desktop: Page, path: str, lang: str) -> None:
    open_page(desktop, f"{server.url}/{path}?lang={lang}&sex=women")
    for fold in desktop.locator("main details.data summary").all()[:1]:
        fold.click()
    levels = desktop.evaluate(HEADINGS)
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels


def test_a_term_explains_itself_where_it_stands_by_mouse_and_by_key(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?lang=fr")
    term = desktop.locator(".intro button.term").first
    term.click()
    meaning = desktop.locator(".meaning:popover-open")
    expect(meaning).to_contain_text("Projet d’un espace personnel en ligne")
    desktop.keyboard.press("Escape")
    expect(meaning).to_have_count(0)
    term.focus()
    desktop.keyboard.press("Enter")
    expect(meaning).to_have_count(1)


def test_on_an_english_page_the_reports_words_are_marked_as_french(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?lang=en&age=65-plus")
    expect(desktop.locator("html")).to_have_attribute("lang", "en")
    quotes = desktop.locator("main q")
    assert quotes.count() > 0
    assert quotes.count() == desktop.locator("main q[lang=fr]").count()
    assert desktop.locator("#data-ens_risks [lang=fr]").count() > 0
