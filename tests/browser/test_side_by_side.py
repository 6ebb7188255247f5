"""A second survey beside the shipped one, in the browser: its pages, its words, its addresses, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from browser.conftest import Server
from browser.site import card, expect_pressed, expect_url, open_page, pill, plot_text, whom
from imported_site import imported_settings, traces
from playwright.sync_api import Locator, Page, expect
from second_survey import ID, NAME

PAGES = (
    *("", "daily-life", "trust", "api-2"),
    *("comparer", "ecrire", "dossier", "donnees", "methode", "accessibilite"),
)
STRANGE = re.compile(
    r"\bENS\b|opinionway|juillet 2020|july 2020|minist|métropol|metropol|covid", re.IGNORECASE
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Imported answers for the shipped survey, and a second survey."""
    settings = imported_settings(tmp_path_factory.mktemp("surveys"))
    running = Server(settings.releases, environment={"ENS_DASH_DATA": str(settings.data)})
    running.start()
    yield running
    running.stop()


def address(both: Server, path: str, *more: str, lang: str = "en") -> str:
    return f"{both.url}/{path}?{'&'.join((f'survey={ID}', *more, f'lang={lang}'))}"


def whole(page: Page) -> str:
    """All that is in the page, seen or not: texts, titles, alternative texts; without styles and scripts."""
    return str(
        page.evaluate(
            """() => {
              const copy = document.documentElement.cloneNode(true);
              copy.querySelectorAll("style, script, .others").forEach((e) => e.remove());
              return copy.outerHTML;
            }"""
        )
    )


def said(page: Page) -> str:
    """What of it a reader may meet: the statement on accessibility tells of another survey's audit."""
    # the program's name, also as TeX writes it, and names of styles
    text = re.sub(r"ens\\?_dash(_\w+)?", "", whole(page))
    return re.sub(r" (class|style)=\"[^\"]*\"", "", text)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_page_is_drawn_and_speaks_of_nothing_else(
    both: Server, desktop: Page, path: str, lang: str
) -> None:
    errors: list[str] = []
    desktop.on("pageerror", lambda error: errors.append(str(error)))
    open_page(desktop, address(both, path, "gender=w", lang=lang))
    expect(desktop.locator(".brand")).to_have_text(NAME)
    expect(desktop.locator(".stMain h1")).to_be_visible()
    expect(desktop.get_by_test_id("stException")).to_have_count(0)
    if path != "accessibilite":
        assert STRANGE.findall(said(desktop)) == []
        assert traces(said(desktop)) == []
    assert errors == []


@pytest.mark.parametrize("path", ["", "daily-life", "trust", "comparer"])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_page_fits_a_phone(both: Server, phone: Page, path: str, lang: str) -> None:
    for width in (390, 320):
        phone.set_viewport_size({"width": width, "height": 800})
        open_page(phone, address(both, path, "age=65-plus", lang=lang))
        assert phone.evaluate("document.documentElement.scrollWidth") <= width


def links(found: Locator) -> list[str]:
    urls: list[str] = found.evaluate_all("all => all.map((a) => a.href)")
    return [u for u in urls if u.startswith("http://127.0.0.1")]


@pytest.mark.parametrize("path", ["", "trust", "comparer", "ecrire", "dossier", "donnees", "methode"])
def test_every_link_of_a_page_stays_in_the_survey(both: Server, desktop: Page, path: str) -> None:
    open_page(desktop, address(both, path, "gender=w"))
    found = links(desktop.locator("#root a:not(.others a)"))
    assert len(found) > 9
    assert [u for u in found if parse_qs(urlsplit(u).query).get("survey") != [ID]] == []


def test_a_walk_through_the_menu_filter_language_and_back_to_the_other_survey(
    both: Server, desktop: Page
) -> None:
    open_page(desktop, address(both, ""))
    desktop.locator(".st-key-menu").get_by_role("link", name="Trust in people").click()
    expect_url(desktop, "/trust?", f"survey={ID}")
    expect(desktop.locator(".stMain h1")).to_have_text("Trust in people")
    pill(desktop, "Women").click()
    expect_url(desktop, "gender=w", f"survey={ID}")
    expect(whom(desktop)).to_contain_text("Women")
    assert "My neighbours" in plot_text(desktop, "trusted")
    desktop.locator(".languages").get_by_role("link", name="FR").click()
    expect_url(desktop, "lang=fr", "gender=w", f"survey={ID}")
    expect_pressed(desktop, "Women")
    expect(desktop.locator("html")).to_have_attribute("lang", "fr")
    desktop.locator(".st-key-menu").get_by_role("link", name="Comparer").click()
    expect_url(desktop, "/comparer?", "gender=w", f"survey={ID}")
    expect(desktop.locator("table.crosstab")).to_be_visible()
    desktop.locator(".others").get_by_role("link", name="Les Français et l’ENS").click()
    expect(desktop.locator(".brand")).to_have_text("Les Français et l’ENS")
    assert parse_qs(urlsplit(desktop.url).query) == {"lang": ["fr"]}
    expect(pill(desktop, "Women")).to_have_count(0)
    desktop.locator(".st-key-menu").get_by_role("link", name="Risques").click()
    expect_url(desktop, "/risques?")
    expect(card(desktop, "ens_risks")).to_be_visible()
    assert "survey=" not in desktop.url
    desktop.locator(".others").get_by_role("link", name=NAME).click()
    expect(desktop.locator(".brand")).to_have_text(NAME)
    expect_url(desktop, f"survey={ID}", "lang=fr")


def test_an_unknown_survey_gets_the_sites_own_with_a_notice(both: Server, desktop: Page) -> None:
    open_page(desktop, f"{both.url}/risques?survey=nobody&lang=en")
    expect(desktop.locator(".notice")).to_contain_text("survey = nobody")
    expect(desktop.locator(".brand")).to_have_text("The French and the ENS")


def test_a_briefing_of_the_survey_keeps_it_in_its_link_and_its_files(both: Server, desktop: Page) -> None:
    open_page(desktop, address(both, "trust"))
    card(desktop, "trusted").get_by_role("button", name="Add to my briefing").click()
    expect_url(desktop, "briefing=", f"survey={ID}")
    desktop.locator(".st-key-menu").get_by_role("link", name="My briefing").click()
    expect(desktop.locator(".st-key-entry_0")).to_contain_text("Whom people trust")
    expect(desktop.locator(".stCode").first).to_contain_text(f"survey={ID}")
    for file in links(desktop.locator(".st-key-briefing_out a")):
        assert f"survey={ID}" in file
    answer = desktop.request.get(links(desktop.locator(".st-key-briefing_out a"))[0])
    assert answer.ok and answer.body().startswith(b"PK")


def test_a_presentation_stays_in_the_survey(both: Server, desktop: Page) -> None:
    open_page(desktop, address(both, "daily-life"))
    desktop.get_by_role("button", name="Present", exact=True).click()
    expect(desktop.locator(".st-key-presenting")).to_contain_text("1 of 3")
    desktop.keyboard.press("ArrowRight")
    expect_url(desktop, "q=reasons", f"survey={ID}", "mode=presentation")


def test_pictures_of_the_survey_are_drawn_and_say_whose_they_are(both: Server, desktop: Page) -> None:
    for form, begins in (("png", b"\x89PNG"), ("svg", b"<svg"), ("pdf", b"%PDF")):
        query = f"survey={ID}&gender=w&lang=en"
        answer = desktop.request.get(f"{both.url}/api/v1/charts/trusted.{form}?{query}", timeout=60_000)
        assert answer.ok, answer.text()
        assert answer.body().startswith(begins)
        if form == "svg":
            text = answer.text()
            assert '"microdata"' in text.replace("&quot;", '"') and f"survey={ID}" in text
            assert traces(text) == [] and STRANGE.findall(text.replace("ens_dash", "")) == []


def test_the_labels_of_a_survey_in_one_language_are_in_it_on_the_other_page(
    both: Server, desktop: Page
) -> None:
    open_page(desktop, address(both, "trust", lang="fr"))
    for words in ("Whom people trust", "How much do you trust these people?"):
        assert language_of(desktop, card(desktop, "trusted").get_by_text(words).first) == "en"
    assert language_of(desktop, pill(desktop, "Women")) == "en"
    link = desktop.locator(".st-key-menu").get_by_role("link", name="Daily life")
    assert language_of(desktop, link) == "en"
    assert (
        language_of(desktop, desktop.locator(".brand")) == "fr" or desktop.locator(".brand [lang=en]").count()
    )
    assert language_of(desktop, whom(desktop)) == "fr"


def language_of(page: Page, found: Locator) -> str:
    """The language that a screen reader says an element in."""
    expect(found).to_be_visible()
    return str(found.evaluate("e => e.closest('[lang]').lang"))
