"""With real answers imported, titles find, whiskers and tests appear, and the word «fictif» is gone.

The answers are imported as a person would: the folder keeps its recipe and its simulated respondents.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser.conftest import Server
from browser.site import card, open_page, plot_text
from imported_site import imported_settings, traces
from playwright.sync_api import Page, expect

from ens_dash.paths import PAGES


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = imported_settings(tmp_path_factory.mktemp("microdata"))
    running = Server(settings.releases, environment={"ENS_DASH_DATA": str(settings.data)})
    running.start()
    yield running
    running.stop()


def test_a_filtered_card_finds_and_has_whiskers_and_a_mark_for_everybody(real: Server, desktop: Page) -> None:
    open_page(desktop, f"{real.url}/risques?age=65-plus&lang=fr")
    risks = card(desktop, "ens_risks")
    expect(risks.locator("h2")).to_contain_text("Personnes de 65 ans et plus")
    expect(risks.locator(".js-plotly-plot .errorbar")).to_have_count(7)
    expect(risks.locator(".js-plotly-plot .scatterlayer .point")).to_have_count(7)
    assert "fictif" not in plot_text(desktop, "ens_risks").lower()
    risks.get_by_text("Tableau, lecture et notes").click()
    expect(risks.locator(".reading")).to_contain_text("reste")
    expect(risks.locator("table th[scope=col]")).to_have_count(5)


def test_the_crosstab_has_intervals_the_rao_scott_test_and_marks(real: Server, desktop: Page) -> None:
    open_page(desktop, f"{real.url}/comparer?q=system_risks&by=age&lang=fr")
    table = desktop.locator("table.crosstab")
    expect(table.locator("th[scope=rowgroup]").first).to_contain_text("Rao-Scott")
    expect(table.locator("abbr").first).to_have_text("*")
    expect(table.locator("th[scope=col]").nth(2)).to_contain_text("Intervalle")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_page_speaks_of_fictitious_figures(real: Server, desktop: Page, path: str, lang: str) -> None:
    for query in ("", "age=65-plus&b.age=18-24&", "sex=female&by=age&mode=fictional&"):
        open_page(desktop, f"{real.url}/{path}?{query}lang={lang}")
        open_folds(desktop)
        if path == "accessibilite":
            # the statement tells of an audit of the simulated release
            continue
        assert traces(everything(desktop)) == [], query


def open_folds(page: Page) -> None:
    """Open what Streamlit draws only when it is opened; what is in a fold of ours is in the page already."""
    closed = '[data-testid="stExpander"] details:not([open]) > summary'
    for _ in range(page.locator(closed).count()):
        page.locator(closed).first.evaluate("e => e.click()")
        # the run that a click asks for begins a moment later
        page.wait_for_timeout(300)
        page.wait_for_selector('.stApp[data-test-script-state="notRunning"]')


def everything(page: Page) -> str:
    """All texts of a page, seen or not, with titles, alternative texts, labels and addresses."""
    return str(
        page.evaluate(
            """() => {
              const copy = document.documentElement.cloneNode(true);
              copy.querySelectorAll("style, script").forEach((e) => e.remove());
              return copy.outerHTML.replaceAll(/ (class|style)="[^"]*"/g, "");
            }"""
        )
    )


@pytest.mark.parametrize("path", ["adoption", "covid-19", "benefices", "risques", "garde-fous"])
def test_every_card_says_that_its_figures_are_the_surveys(real: Server, desktop: Page, path: str) -> None:
    open_page(desktop, f"{real.url}/{path}?age=65-plus&lang=fr")
    tags = desktop.locator('[class*="st-key-card_"] .tag').all_text_contents()
    cards = desktop.locator('.stMain [class*="st-key-card_"]').count()
    assert len(tags) == cards > 0
    assert set(tags) == {"CHIFFRES DE L’ENQUÊTE"}
