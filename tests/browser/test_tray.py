"""A briefing made by hand: cards of two pages, ordered, titled and noted, sent as a link, taken as a file."""

from __future__ import annotations

import random
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pptx
from browser.conftest import Server
from browser.site import card, expect_url, open_page
from playwright.sync_api import Locator, Page, expect

from ens_dash.briefing import LONGEST, Entry, decode, encode
from ens_dash.survey.model import Survey

ADD, ADDED = "Ajouter à mon dossier", "Dans mon dossier ✓"


def add(page: Page, question: str) -> None:
    card(page, question).get_by_role("button", name=ADD).click()
    expect(card(page, question).get_by_role("button", name=ADDED)).to_be_visible()


def menu(page: Page) -> Locator:
    return page.locator(".st-key-menu").get_by_text("Mon dossier")


def entry(page: Page, place: int) -> Locator:
    """A card of the briefing, the first is 1."""
    return page.locator(f".st-key-entry_{place - 1}")


def write(page: Page, place: int, label: str, text: str) -> None:
    field = entry(page, place).get_by_label(label)
    field.fill(text)
    field.blur()


def settled(page: Page, told: Callable[[tuple[Entry, ...]], bool], survey: Survey) -> None:
    """Wait until the address says it, and the page's link and files are those of the address: a field
    shows what was typed at once, before the site has it."""
    for _ in range(100):
        text = parse_qs(urlsplit(page.url).query).get("briefing", [""])[0]
        link = page.get_by_test_id("stCode").first.inner_text()
        if told(decode(text, survey)[0]) and text in link:
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.url)


def two_cards(page: Page, server: Server) -> None:
    """One card of everybody, and one of a group from another page; then the briefing's page."""
    open_page(page, f"{server.url}/adoption?lang=fr")
    add(page, "outlook")
    expect(menu(page)).to_have_text("Mon dossier (1)")
    page.locator(".st-key-menu").get_by_text("Risques").click()
    expect(page.locator("h1")).to_contain_text("Risques")
    page.get_by_test_id("stSidebar").get_by_role("button", name="65 et plus", exact=True).click()
    expect_url(page, "age=65-plus", "briefing=")
    add(page, "ens_risks")
    menu(page).click()
    expect(page.locator("h1")).to_have_text("Mon dossier")
    expect(entry(page, 2)).to_contain_text("Risques de l’ENS")


def test_cards_of_two_pages_stand_in_the_briefing_in_their_order(server: Server, desktop: Page) -> None:
    two_cards(desktop, server)
    expect(entry(desktop, 1)).to_contain_text("Regard sur le numérique en santé")
    expect(entry(desktop, 1)).to_contain_text("Ensemble des adultes")
    expect(entry(desktop, 2)).to_contain_text("Personnes de 65 ans et plus")
    entry(desktop, 2).get_by_role("button", name="Monter").click()
    expect(entry(desktop, 1)).to_contain_text("Risques de l’ENS")
    expect(entry(desktop, 1).get_by_role("button", name="Monter")).to_be_disabled()
    expect(entry(desktop, 2).get_by_role("button", name="Descendre")).to_be_disabled()


def test_title_note_and_tick_go_into_the_link_and_come_back_from_it(
    server: Server, desktop: Page, survey: Survey
) -> None:
    two_cards(desktop, server)
    # only a group of simulated respondents can be asked for
    expect(entry(desktop, 1).get_by_text("Inclure un exemple fictif")).to_have_count(0)
    write(desktop, 2, "Titre de la diapositive", "Les risques vus par les plus âgés")
    write(desktop, 2, "Note sur la diapositive", "À dire en ouverture")
    entry(desktop, 2).get_by_text("Inclure un exemple fictif").click()
    expect(entry(desktop, 2).get_by_role("checkbox")).to_be_checked()
    settled(desktop, lambda e: e[1].fictional and bool(e[1].title) and bool(e[1].note), survey)
    link = desktop.get_by_test_id("stCode").inner_text().strip()
    assert link.startswith(f"{server.url}/dossier?briefing=")
    open_page(desktop, f"{server.url}/methode?lang=fr")
    open_page(desktop, link)
    expect(entry(desktop, 2).get_by_label("Titre de la diapositive")).to_have_value(
        "Les risques vus par les plus âgés"
    )
    expect(entry(desktop, 2).get_by_label("Note sur la diapositive")).to_have_value("À dire en ouverture")
    expect(entry(desktop, 2).get_by_role("checkbox")).to_be_checked()
    # the texts go with their card
    entry(desktop, 2).get_by_role("button", name="Monter").click()
    expect(entry(desktop, 1).get_by_label("Titre de la diapositive")).to_have_value(
        "Les risques vus par les plus âgés"
    )
    expect(entry(desktop, 2).get_by_label("Titre de la diapositive")).to_have_value("")


def test_the_file_holds_what_the_page_says(server: Server, desktop: Page, survey: Survey, tmp_path) -> None:
    two_cards(desktop, server)
    write(desktop, 2, "Titre de la diapositive", "Mon titre")
    entry(desktop, 2).get_by_text("Inclure un exemple fictif").click()
    expect(entry(desktop, 2).get_by_role("checkbox")).to_be_checked()
    settled(desktop, lambda e: e[1].fictional and e[1].title == "Mon titre", survey)
    with desktop.expect_download() as waited:
        desktop.get_by_role("link", name="Télécharger la présentation").click()
    assert waited.value.suggested_filename == "ens_dash_briefing_FICTIF_2020-07.pptx"
    path = tmp_path / "briefing.pptx"
    waited.value.save_as(path)
    deck = pptx.Presentation(str(path))
    titles = [s.shapes.title.text_frame.text for s in deck.slides]
    assert len(titles) == 4 and titles[2].endswith("Mon titre") and "fictif" in titles[2].lower()


def test_a_second_click_and_remove_take_a_card_out_and_back_brings_it_again(
    server: Server, desktop: Page
) -> None:
    two_cards(desktop, server)
    entry(desktop, 1).get_by_role("button", name="Retirer").click()
    expect(entry(desktop, 2)).to_have_count(0)
    expect(entry(desktop, 1)).to_contain_text("Risques de l’ENS")
    desktop.go_back()
    expect(entry(desktop, 2)).to_contain_text("Risques de l’ENS")
    desktop.locator(".st-key-menu").get_by_text("Risques").click()
    card(desktop, "ens_risks").get_by_role("button", name=ADDED).click()
    expect(menu(desktop)).to_have_text("Mon dossier (1)")
    expect(card(desktop, "ens_risks").get_by_role("button", name=ADD)).to_be_visible()
    # the same question of other people is another card
    desktop.get_by_text("Effacer le filtre").click()
    add(desktop, "ens_risks")
    expect(menu(desktop)).to_have_text("Mon dossier (2)")


def test_an_emptied_briefing_says_how_to_fill_it(server: Server, desktop: Page) -> None:
    two_cards(desktop, server)
    desktop.get_by_role("button", name="Vider le dossier").click()
    expect(desktop.locator(".stMain .note").first).to_contain_text("Ajouter à mon dossier")
    assert "briefing" not in desktop.url and "age=65-plus" in desktop.url


def test_what_does_not_fit_is_refused_and_nothing_is_lost(server: Server, desktop: Page) -> None:
    drawn = random.Random(1)
    full = [Entry("outlook", note=f"{drawn.getrandbits(2300):x}") for _ in range(7)]
    full.append(Entry("outlook", note="Courte"))
    open_page(desktop, f"{server.url}/dossier?lang=fr&briefing={encode(full)}")
    assert len(encode(full)) < LONGEST
    before = desktop.url
    written = f"{drawn.getrandbits(2300):x}"
    last = len(full)
    write(desktop, last, "Note sur la diapositive", written)
    refused = entry(desktop, last).get_by_role("alert")
    expect(refused).to_contain_text("400 au plus")
    expect(entry(desktop, last).get_by_test_id("stCode")).to_have_text(written)
    expect(entry(desktop, last).get_by_label("Note sur la diapositive")).to_have_value(full[-1].note)
    assert desktop.url == before
    # a change that fits is taken, and the message goes
    entry(desktop, last).get_by_role("button", name="Retirer").click()
    expect(entry(desktop, last)).to_have_count(0)
    expect(desktop.get_by_role("alert")).to_have_count(0)


def test_a_click_right_after_a_text_loses_neither(server: Server, desktop: Page) -> None:
    """The browser leaves a text and clicks before it has heard of the text's address."""
    entries = [Entry("outlook"), Entry("ens_risks")]
    open_page(desktop, f"{server.url}/dossier?lang=fr&briefing={encode(entries)}")
    expect(entry(desktop, 2)).to_be_visible()
    # the browser hears nothing of its new address while it clicks
    desktop.evaluate("() => { window.told = history.pushState; history.pushState = () => {}; }")
    write(desktop, 2, "Titre de la diapositive", "Mon titre")
    desktop.wait_for_timeout(1000)
    assert "lang=fr" in desktop.url and encode(entries) in desktop.url
    desktop.evaluate("() => { history.pushState = window.told; }")
    entry(desktop, 2).get_by_role("button", name="Monter").click()
    expect(entry(desktop, 1)).to_contain_text("Risques de l’ENS")
    expect(entry(desktop, 1).get_by_label("Titre de la diapositive")).to_have_value("Mon titre")


def test_a_briefing_that_is_none_is_told_and_the_page_stands(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/dossier?lang=fr&briefing=xyz")
    expect(desktop.locator(".notice")).to_contain_text("dossier")
    expect(desktop.locator(".stMain .note").first).to_contain_text("vide")


def test_the_briefing_stands_on_a_phone_without_scrolling_sideways(server: Server, phone: Page) -> None:
    entries = [Entry("ens_risks", title="Un titre " * 15, note="Une note " * 30), Entry("tools_known")]
    open_page(phone, f"{server.url}/dossier?lang=fr&age=65-plus&briefing={encode(entries)}")
    expect(entry(phone, 2)).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    open_page(phone, f"{server.url}/risques?lang=fr&briefing={encode(entries)}")
    expect(card(phone, "ens_risks").get_by_role("button", name=ADDED)).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
