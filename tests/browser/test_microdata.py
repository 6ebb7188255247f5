"""With real answers imported, titles find, whiskers and tests appear, and the word «fictif» is gone.

The answers here are the simulated ones with weights, relabelled for the test in a folder of its own.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from browser.conftest import ROOT, Server
from browser.site import card, open_page, plot_text
from playwright.sync_api import Page, expect


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("microdata")
    shutil.copytree(ROOT / "data", home / "data")
    folder = home / "data" / "ens-2020"
    (folder / "simulation.yaml").unlink()
    people = pd.read_parquet(folder / "respondents.parquet")
    people["weight"] = np.random.default_rng(3).uniform(0.5, 2, len(people))
    people.attrs.clear()
    people.to_parquet(folder / "respondents.parquet")
    study = folder / "survey.yaml"
    study.write_text(study.read_text("utf-8") + "\ndesign: {weight: weight}\n", "utf-8")
    running = Server(home / "releases", environment={"ENS_DASH_DATA": str(home / "data")})
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


@pytest.mark.parametrize("path", ["", "adoption", "risques", "comparer", "donnees", "methode"])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_page_speaks_of_fictitious_figures(real: Server, desktop: Page, path: str, lang: str) -> None:
    open_page(desktop, f"{real.url}/{path}?age=65-plus&b.age=18-24&lang={lang}")
    shown = desktop.locator(".stMain").inner_text().lower()
    # the glossary and the licence line speak of the word, not of a figure on the page
    shown = shown.partition("glossa")[0].replace("\xa0", " ")
    for licence in ("chiffres fictifs : ne les citez pas", "fictitious figures: do not quote"):
        shown = shown.replace(licence, "")
    assert "fictif" not in shown
    assert "fictitious" not in shown
