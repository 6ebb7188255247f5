"""Every page, cold, by a direct link, in both languages."""

from __future__ import annotations

import pytest
from browser.conftest import Server
from browser.site import card, expect_pressed, expect_url, open_page, pill, plot_text, whom
from playwright.sync_api import Page, expect

PAGES = {
    "": ("Les Français et le virage numérique en santé", "The French and the digital shift in health"),
    "adoption": ("Adoption, juillet 2020", "Adoption, July 2020"),
    "covid-19": ("Covid-19, juillet 2020", "Covid-19, July 2020"),
    "benefices": ("Bénéfices, juillet 2020", "Benefits, July 2020"),
    "risques": ("Risques, juillet 2020", "Risks, July 2020"),
    "garde-fous": ("Garde-fous, juillet 2020", "Safeguards, July 2020"),
    "comparer": ("Comparer, juillet 2020", "Compare, July 2020"),
    "ecrire": ("Puis-je l’écrire ?", "Can I write it?"),
    "dossier": ("Mon dossier", "My briefing"),
    "donnees": ("Données, juillet 2020", "Data, July 2020"),
    "methode": ("Méthode, enquête de juillet 2020", "Method, survey of July 2020"),
    "accessibilite": ("Accessibilité de ce site", "Accessibility of this site"),
}
GROUP = ("Femmes de 65 ans et plus", "Women aged 65 and over")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_cold_direct_link_opens_the_right_page_with_the_right_filter(
    server: Server, desktop: Page, path: str, lang: str
) -> None:
    english = lang == "en"
    open_page(desktop, f"{server.url}/{path}?age=65-plus&sex=female&lang={lang}")
    expect(desktop.locator(".stMain h1")).to_have_text(PAGES[path][english])
    expect_pressed(desktop, "65 and over" if english else "65 et plus")
    expect_pressed(desktop, "Women" if english else "Femmes")
    expect_pressed(desktop, "Men" if english else "Hommes", pressed=False)
    if path not in ("dossier", "donnees", "methode", "accessibilite"):
        expect(desktop.locator(".stMain").get_by_text(GROUP[english]).first).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_a_phone(server: Server, phone: Page, path: str) -> None:
    open_page(phone, f"{server.url}/{path}?age=65-plus&lang=fr")
    wide = phone.evaluate(
        """() => {
            const main = document.querySelector('[data-testid="stMain"]');
            const cut = [...main.querySelectorAll('p, table, h1, h2, svg text')]
                .filter(e => e.getBoundingClientRect().right > window.innerWidth + 1 && e.checkVisibility());
            return [main.scrollWidth - main.clientWidth, cut.slice(0, 5).map(e => e.textContent)];
        }"""
    )
    assert wide == [0, []]


def test_the_first_page_says_on_a_phone_without_scrolling_what_the_survey_is(
    server: Server, phone: Page
) -> None:
    open_page(phone, f"{server.url}/?lang=fr")
    seen = phone.evaluate(
        """() => [...document.querySelectorAll('.stMain p, .stMain h1')]
            .filter(e => e.getBoundingClientRect().bottom < 640).map(e => e.textContent).join(' ')"""
    ).replace("\u202f", " ")
    for word in (
        "juillet 2020",
        "2 100 adultes",
        "France métropolitaine",
        "en ligne",
        "ministère",
        "Mon espace santé",
    ):
        assert word in seen


def test_a_simulated_card_says_so_inside_the_plot_and_claims_nothing(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?age=65-plus&lang=fr")
    words = plot_text(desktop, "system_risks")
    assert "CHIFFRES FICTIFS" in words
    assert "89 % ensemble" in words
    assert words.count("% fictif") == 4
    assert words.count("◆") == 2
    expect(card(desktop, "system_risks").locator("h2")).to_have_text(
        "Risques du numérique en santé\xa0: exemple fictif pour les personnes de 65 ans et plus"
    )
    expect(card(desktop, "system_risks").locator(".said q")).to_contain_text("les répondants les plus âgés")
    expect(card(desktop, "ens_risks").locator(".said")).to_contain_text("le rapport ne dit rien")
    expect(card(desktop, "system_risks").locator(".js-plotly-plot .errorbar")).to_have_count(0)
    assert "◆" not in plot_text(desktop, "ens_risks")


def test_without_a_filter_the_figures_are_the_reports_with_whiskers(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?lang=fr")
    words = plot_text(desktop, "ens_risks")
    assert "54 %" in words and "fictif" not in words.lower()
    expect(card(desktop, "ens_risks").locator(".js-plotly-plot .errorbar")).to_have_count(7)
    expect(card(desktop, "ens_risks").locator(".source")).to_contain_text("CHIFFRES DU RAPPORT")


def test_the_switch_hides_every_fictional_figure(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?age=65-plus&lang=fr")
    desktop.get_by_text("Montrer les chiffres fictifs").click()
    expect_url(desktop, "mode=report", "age=65-plus")
    expect(card(desktop, "system_risks").locator("h2")).to_contain_text("ce que dit le rapport")
    words = plot_text(desktop, "system_risks")
    assert "fictif" not in words.lower()
    # under a filter a national figure says whose it is
    # four bars, and the two colours of the key
    assert words.count("ensemble") == 6
    expect(whom(desktop)).to_contain_text("vous voyez l’ensemble")
    expect(card(desktop, "system_risks").locator(".said q")).to_be_visible()


def test_a_group_of_fewer_than_thirty_is_not_shown_and_the_page_says_why(
    server: Server, desktop: Page
) -> None:
    open_page(desktop, f"{server.url}/risques?region=94&lang=fr")
    expect(card(desktop, "ens_risks").locator(".note")).to_contain_text("moins de 30 répondants")
    words = plot_text(desktop, "ens_risks")
    assert "fictif" not in words.lower()
    assert words.count("ensemble") == 7
    expect(whom(desktop)).to_contain_text("vous voyez l’ensemble")


def test_an_address_from_the_wild_gets_a_notice_and_the_page(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?age=abc&utm_source=%3Cscript%3Ealert(1)%3C/script%3E&lang=fr")
    expect(desktop.locator(".notice")).to_have_count(2)
    expect(whom(desktop)).to_contain_text("Ensemble des adultes")
    assert "moins de" not in whom(desktop).inner_text()


def test_the_folded_part_of_a_card_shows_when_it_is_asked_for(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?age=65-plus&lang=fr")
    risks = card(desktop, "ens_risks")
    expect(risks.locator("table")).to_be_hidden()
    risks.get_by_text("Tableau, lecture et notes").click()
    expect(risks.locator("table")).to_be_visible()
    expect(risks.locator("table caption")).to_contain_text("exemple fictif")
    expect(risks.locator("table th[scope=col]").nth(2)).to_contain_text("CHIFFRES FICTIFS")
    expect(risks.locator("table tbody tr")).to_have_count(7)


def test_search_finds_a_synonym_and_leads_to_its_page(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/?age=65-plus&lang=fr")
    desktop.get_by_label("Chercher une question").fill("piratage")
    desktop.keyboard.press("Enter")
    hit = desktop.locator('[class*="st-key-hit_"]').filter(has_text="Risques du numérique").first
    expect(hit).to_be_visible()
    hit.get_by_role("link").click()
    expect_url(desktop, "/risques", "age=65-plus")


def test_the_data_page_downloads_a_file_whose_name_and_rows_say_fictional(
    server: Server, desktop: Page
) -> None:
    open_page(desktop, f"{server.url}/donnees?age=65-plus&lang=fr")
    with desktop.expect_download() as waiting:
        desktop.get_by_text("Télécharger tout (CSV)").click()
    download = waiting.value
    assert "FICTIF" in download.suggested_filename and "65-plus" in download.suggested_filename
    text = download.path().read_text("utf-8-sig")
    rows = [line for line in text.splitlines() if line.startswith("ens-2020,")]
    assert len(rows) == 246
    assert sum(",simulated," in row for row in rows) == 123
    assert "CHIFFRES FICTIFS" in text


@pytest.mark.parametrize(("lang", "pressed"), [("fr", "65 et plus"), ("en", "65 and over")])
def test_the_comparison_of_two_groups_is_drawn_from_a_link(
    server: Server, desktop: Page, lang: str, pressed: str
) -> None:
    open_page(desktop, f"{server.url}/comparer?q=ens_risks&age=65-plus&b.age=18-24&lang={lang}")
    plot = desktop.locator(".st-key-compare-dots .js-plotly-plot")
    expect(plot).to_be_visible()
    texts = " ".join(plot.locator("text").all_text_contents())
    assert ("CHIFFRES FICTIFS" if lang == "fr" else "FICTITIOUS FIGURES") in texts
    expect(pill(desktop, pressed)).to_have_attribute("aria-pressed", "true")
