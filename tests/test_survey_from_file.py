"""A whole second survey from one generated file: two commands, no Python, and it is on the site."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest
from folders import DATA, SHIPPED
from importing import run
from sites import API, client

from ens_dash.settings import Settings
from ens_dash.store import build

ID, N = "velo-2024", 600
SURVEY = f"survey={ID}"


def people() -> pd.DataFrame:
    random = np.random.default_rng(11)
    rows = pd.DataFrame(
        {
            "resp_id": np.arange(1.0, N + 1),
            "pond": random.uniform(0.5, 2, N),
            "sexe": random.integers(1, 3, N).astype(float),
            "age": random.integers(18, 90, N).astype(float),
            "q1": random.choice([1.0, 2, 3, 9], N, p=[0.5, 0.3, 0.15, 0.05]),
            "depense": random.integers(0, 400, N).astype(float),
            "courriel": [f"p{i}@example.org" for i in range(N)],
        }
    )
    for i in range(1, 5):
        rows[f"q2_{i}"] = random.integers(0, 2, N).astype(float)
    for i in range(1, 4):
        rows[f"q3_{i}"] = random.integers(1, 5, N).astype(float)
    return rows


def write_sav(rows: pd.DataFrame, path: Path) -> Path:
    """As a pollster hands it over: labels for columns and values, 9 declared missing."""
    agree = {1: "Tout à fait", 2: "Plutôt", 3: "Plutôt pas", 4: "Pas du tout"}
    ticked, reasons = {0: "Non cité", 1: "Cité"}, ("Prix", "Santé", "Temps", "Climat")
    labels = {
        "sexe": {1: "Homme", 2: "Femme"},
        "q1": {1: "Tous les jours", 2: "Parfois", 3: "Jamais", 9: "Refus"},
        **{f"q2_{i}": ticked for i in range(1, 5)},
        **{f"q3_{i}": agree for i in range(1, 4)},
    }
    wording = {
        "q1": "À quelle fréquence roulez-vous à vélo ?",
        "depense": "Combien dépensez-vous par an pour votre vélo ?",
        **{f"q2_{i}": f"Pour quelles raisons ? {reason}" for i, reason in enumerate(reasons, 1)},
        **{f"q3_{i}": f"La ville est-elle {word} ?" for i, word in enumerate(("sûre", "calme", "propre"), 1)},
    }
    pyreadstat.write_sav(
        rows, str(path), column_labels=wording, variable_value_labels=labels, missing_ranges={"q1": [9]}
    )
    return path


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    place = tmp_path_factory.mktemp("from_file")
    data, releases = place / "data", place / "releases"
    data.mkdir()
    for name in ("text", "accessibility"):
        (data / name).symlink_to(DATA / name)
    (data / SHIPPED.name).symlink_to(SHIPPED)
    file = write_sav(people(), place / "velo.sav")
    drafted = run(releases, "describe", file, "-o", data / ID, "--segment", "sexe", "--segment", "age")
    assert drafted.exit_code == 0, drafted.output
    assert "courriel" in drafted.stderr
    done = run(releases, "import", file, "--survey", data / ID)
    assert done.exit_code == 0, done.output
    build(data / SHIPPED.name, releases)
    return Settings(data=data, releases=releases)


@pytest.fixture(scope="module")
def web(settings: Settings):
    with client(settings) as visitor:
        yield visitor


def test_the_draft_has_a_question_a_battery_a_set_of_ticks_and_a_number(web):
    found = web.get(f"{API}/questions?{SURVEY}&lang=fr").json()["questions"]
    kinds = {(q["kind"], len(q["items"])) for q in found}
    assert kinds == {("single", 0), ("multiple", 4), ("single", 3), ("number", 0)}


@pytest.mark.parametrize("where", ["", "sexe=2", "age=65-plus&sexe=1"])
def test_its_figures_are_the_weighted_shares_of_the_file(web, where):
    rows, query = people(), f"&{where}" if where else ""
    if "sexe=2" in where:
        rows = rows[rows["sexe"] == 2]
    if "sexe=1" in where:
        rows = rows[(rows["sexe"] == 1) & (rows["age"] >= 65)]
    answered = rows[rows["q1"] != 9]
    found = web.get(f"{API}/figures?{SURVEY}&q=q1&lang=fr{query}").json()["figures"]
    daily = next(f for f in found if f["answer"] == "1")
    share = answered["pond"][answered["q1"] == 1].sum() / answered["pond"].sum()
    assert daily["est"] == pytest.approx(share, rel=1e-12)
    assert (daily["n"], daily["origin"]) == (len(answered), "microdata")


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("path", ["", "questions", "comparer", "donnees", "methode", "dossier", "ecrire"])
def test_each_of_its_pages_is_served_with_its_own_words(web, path, lang):
    page = web.get(f"/{path}?{SURVEY}&lang={lang}")
    assert page.status_code == 200
    shown = re.sub(r'<nav class="others".*?</nav>|<style.*?</style>', "", page.text, flags=re.DOTALL)
    assert not re.search(r"opinionway|fictif|fictitious|simul|juillet 2020|métropole", shown, re.IGNORECASE)
    if path in ("", "questions"):
        assert "vélo" in shown


def test_a_question_leaves_the_site_as_a_spreadsheet_with_its_origin(web):
    answer = web.get(f"{API}/downloads/q1.xlsx?{SURVEY}&lang=fr")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}
    assert "Tous les jours" in cells
    assert any("microdata" in cell for cell in cells)
    assert not any("@example.org" in cell for cell in cells)


def test_the_first_survey_is_as_it_was(web):
    assert "OpinionWay" in web.get("/methode?lang=fr").text
    listed = {s["id"]: s for s in web.get(f"{API}/surveys?lang=fr").json()["surveys"]}
    assert listed.keys() == {"ens-2020", ID}
