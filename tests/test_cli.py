"""The command line: clean data on stdout, errors for the person who typed, all at once."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys

import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from folders import ROOT, copy_of_shipped, made_folder, question, witness_folder
from importing import people, people_folder, write_csv
from importing import run as run_in
from witnesses.sums import assert_same, witness

from ens_dash.cli import main
from ens_dash.settings import Settings
from ens_dash.store import current

FIGURES = "survey,question,item,answer,segment,est,se,low,high,n,n_eff,deff,df,unit,reliability,origin"
COMPARED = (
    "survey,question,item,answer,a,b,est_a,est_b,difference,low,high,t,df,p,p_adjusted,n_a,n_b,unit,origin,"
    "reliability"
)
FEW = ("--a", "health_worker=yes", "--a", "medical_desert=yes")


@pytest.fixture(autouse=True)
def _own_releases(releases, tmp_path, monkeypatch):
    """A copy of the built release, so that no test leaves anything behind."""
    mine = tmp_path / "releases"
    shutil.copytree(releases, mine)
    monkeypatch.setenv("ENS_DASH_RELEASES", str(mine))
    for name in ("ENS_DASH_DATA", "ENS_DASH_SURVEY", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(w) for w in words], catch_exceptions=False)


def rows(*words: object) -> list[dict[str, str]]:
    result = run(*words, "--format", "csv")
    assert result.exit_code == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout)))


# --- figures ---


def test_figures_are_the_reports_with_the_columns_of_the_contract():
    result = run("figures", "-q", "ens_risks", "--format", "csv")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == FIGURES
    assert len(lines) == 8
    assert lines[1].startswith("ens-2020,ens_risks,exclusion_unfamiliar,yes,,0.54,0.0108785")
    assert lines[1].endswith(",2100,,,,proportion,shown,published")


def test_every_published_figure_and_no_other_comes_out_without_a_filter(survey):
    found = rows("figures")
    assert {(r["question"], r["item"] or None, r["answer"]): float(r["est"]) for r in found} == {
        key: figure.est for key, figure in survey.published_by_key.items()
    }
    assert {r["origin"] for r in found} == {"published"}
    assert {r["item"] for r in found if r["question"] == "challenges"} == {
        "simple_access",
        "efficient_transmission",
    }


def test_a_filter_gives_simulated_figures_with_their_intervals_for_checking():
    found = rows("figures", "-q", "ens_risks", "--where", "age=65-plus", "--where", "sex=female")
    assert {(r["origin"], r["segment"], r["n"]) for r in found} == {
        ("simulated", "age=65-plus&sex=female", "313")
    }
    for r in found:
        assert float(r["low"]) < float(r["est"]) < float(r["high"])
        assert repr(float(r["est"])) == r["est"]


def test_the_recomputed_figures_are_there_for_the_asking():
    found = rows("figures", "-q", "tools_used", "--origin", "simulated")
    assert [r["est"] for r in found if r["item"] == "teleconsultation"] == [repr(563 / 2100)]
    assert {r["origin"] for r in found} == {"simulated"}


def test_by_gives_a_row_for_each_segment():
    found = rows("figures", "-q", "outlook", "--by", "sex")
    assert [r["segment"] for r in found] == ["sex=female"] * 3 + ["sex=male"] * 3
    assert [int(r["n"]) for r in found[::3]] == [1099, 1001]


def test_the_interval_is_the_one_asked_for():
    asked = ("figures", "-q", "outlook", "--where", "age=65-plus", "--ci")
    beta, xlogit, mean = (rows(*asked, method)[0] for method in ("beta", "xlogit", "mean"))
    assert len({r["low"] for r in (beta, xlogit, mean)}) == 3
    assert float(mean["est"]) * 2 == pytest.approx(float(mean["low"]) + float(mean["high"]))


def test_a_question_without_items_has_an_empty_item_and_a_mean_its_unit():
    (count, _), (first, *_) = (
        rows("figures", "-q", "teleconsultation_count"),
        rows("figures", "-q", "outlook"),
    )
    assert (count["answer"], count["est"], count["n"], count["unit"]) == ("mean", "0.8", "563", "mean")
    assert (count["low"], first["item"]) == ("", "")


def test_an_origin_without_figures_gives_the_header_and_says_so_aside():
    result = run("figures", "--origin", "microdata", "--format", "csv")
    assert (result.exit_code, result.stdout) == (0, FIGURES + "\n")
    assert "no row" in result.stderr


def test_json_has_the_same_rows_with_null_where_there_is_nothing():
    asked = ("figures", "-q", "outlook", "-q", "teleconsultation_count", "--where", "sex=male")
    found = json.loads(run(*asked, "--format", "json").stdout)
    for mine, theirs in zip(found, rows(*asked), strict=True):
        assert list(mine) == FIGURES.split(",")
        assert {k: "" if v is None else str(v) for k, v in mine.items()} == theirs
    assert found[0]["item"] is None


def test_questions_are_given_once_in_the_order_asked_for():
    found = rows("figures", "-q", "outlook", "-q", "ens_risks", "-q", "outlook")
    assert list(dict.fromkeys(r["question"] for r in found)) == ["outlook", "ens_risks"]
    assert len(found) == 10


# --- the table ---


@pytest.mark.parametrize(
    ("lang", "loud", "share"),
    [("fr", "CHIFFRES FICTIFS", "53\u00a0%"), ("en", "FICTITIOUS FIGURES", "53%")],
)
def test_a_simulated_table_says_so_in_its_title_and_on_every_row(lang, loud, share):
    text = run("figures", "-q", "ens_risks", "--where", "age=65-plus", "--lang", lang).stdout
    lines = text.splitlines()
    assert lines[0].startswith(loud)
    on_rows = [line for line in lines[1:] if "ens_risks" in line]
    assert len(on_rows) == 7
    assert all(loud in line for line in on_rows)
    assert share in text
    assert "[" not in text


def test_a_simulated_comparison_is_loud_and_claims_no_significance():
    text = run("compare", "-q", "outlook", "--a", "sex=female", "--lang", "en").stdout
    lines = [line for line in text.splitlines() if "outlook" in line]
    assert text.startswith("FICTITIOUS FIGURES")
    assert len(lines) == 3
    assert all("FICTITIOUS FIGURES" in line for line in lines)
    assert "p (Holm)" not in text


def test_the_reports_own_table_warns_of_nothing():
    text = run("figures", "-q", "outlook").stdout
    assert "FICTIF" not in text
    assert "48,8" in text and "indicatif" in text


def test_a_group_of_fewer_than_30_has_no_number_in_the_table_and_the_reason_under_it():
    where = ("--where", "health_worker=yes", "--where", "medical_desert=yes")
    text = run("figures", "-q", "outlook", *where, "--lang", "en").stdout
    lines = [line for line in text.splitlines() if "outlook" in line]
    assert lines
    assert not any("%" in line for line in lines)
    assert "fewer than 30" in text


@pytest.mark.parametrize(
    ("lang", "told"),
    [("fr", "Aucun chiffre ne répond à cette demande."), ("en", "No figure answers this request.")],
)
def test_no_row_is_a_sentence_and_not_an_empty_table(lang, told):
    result = run("figures", "-q", "outlook", "--origin", "microdata", "--lang", lang)
    assert (result.exit_code, result.stderr) == (0, "")
    title, sentence = result.stdout.splitlines()
    assert sentence == told
    assert "2020" in title


# --- compare ---


def test_compare_against_the_rest_and_against_another_group():
    result = run("compare", "-q", "outlook", "--a", "sex=female", "--format", "csv")
    assert result.stdout.splitlines()[0] == COMPARED
    for r in rows("compare", "-q", "outlook", "--a", "sex=female"):
        assert (r["a"], r["b"], r["origin"]) == ("sex=female", "rest", "simulated")
        assert float(r["est_a"]) - float(r["est_b"]) == pytest.approx(float(r["difference"]))
        assert float(r["p"]) <= float(r["p_adjusted"]) <= 1
        assert (r["n_a"], r["n_b"]) == ("1099", "1001")
    other = rows("compare", "-q", "outlook", "--a", "sex=female", "--b", "age=18-24,25-34")
    assert {r["b"] for r in other} == {"age=18-24,25-34"}


def test_a_comparison_is_as_reliable_as_its_smaller_group():
    for groups, expected, smaller in (
        (("--a", "sex=female"), "shown", 1001),
        (("--a", "health_worker=yes"), "caution", 84),
        (("--a", "sex=female", "--b", "health_worker=yes"), "caution", 84),
        (FEW, "hidden", 6),
        (("--a", "sex=female", "--b", "health_worker=yes", "--b", "medical_desert=yes"), "hidden", 6),
    ):
        found = rows("compare", "-q", "outlook", *groups)
        assert {(r["reliability"], min(int(r["n_a"]), int(r["n_b"]))) for r in found} == {(expected, smaller)}
        told = json.loads(run("compare", "-q", "outlook", *groups, "--format", "json").stdout)
        assert {r["reliability"] for r in told} == {expected}
        assert list(told[0]) == COMPARED.split(",")


def test_a_comparison_with_a_group_of_fewer_than_30_shows_no_number_and_says_why():
    text = run("compare", "-q", "outlook", *FEW, "--lang", "en").stdout
    lines = [line for line in text.splitlines() if "outlook" in line]
    assert len(lines) == 3
    assert all(line.count("–") == 3 and "%" not in line for line in lines)
    assert "–: fewer than 30 people in one of the two groups" in text


def test_a_comparison_with_a_group_of_fewer_than_100_is_marked():
    text = run("compare", "-q", "outlook", "--a", "health_worker=yes", "--lang", "en").stdout
    lines = [line for line in text.splitlines() if "outlook" in line]
    assert all("(caution)" in line and "%" in line for line in lines)
    assert "(caution): fewer than 100 people in one of the two groups" in text
    assert "(caution)" not in run("compare", "-q", "outlook", "--a", "sex=female", "--lang", "en").stdout


def test_compare_equals_r_on_real_rows(tmp_path):
    design = {"weight": "weight", "stratum": "stratum", "psu": "psu"}
    folder = witness_folder(tmp_path / "made", design)
    expected = [r for r in witness("comparisons") if (r["design"], r["a"]) == ("clustered", "female")]
    found = rows("compare", "-q", "use", "-q", "visits", "--a", "sex=female", "--survey", folder)
    by_key = {(r["question"], r["answer"]): r for r in found}
    assert len(by_key) == 6
    for row in expected:
        if row["item"] in ("use", "visits"):
            mine = by_key[row["item"], row["answer"]]
            numbers = {k: float(mine[k]) for k in "difference low high t df p".split()}
            assert_same(type("Row", (), numbers), row, "difference low high t df p")
            assert mine["origin"] == "microdata"


def test_a_real_table_has_intervals_tests_and_no_warning(tmp_path):
    folder = witness_folder(tmp_path / "made", {"weight": "weight"})
    asked = ("-q", "use", "--survey", folder, "--lang", "en")
    assert "FICTITIOUS" not in run("figures", *asked, "--where", "sex=female").stdout
    text = run("compare", *asked, "--a", "sex=female").stdout
    assert "p (Holm)" in text
    assert "FICTITIOUS" not in text


def test_a_code_with_a_comma_stands_in_double_quotes(tmp_path):
    data = pd.DataFrame({"occup": ["Etudiant, eleve"] * 40 + ["Retraite"] * 40, "use": ["yes", "no"] * 40})
    codes = {"occup": ["Etudiant, eleve", "Retraite"]}
    asked = [question("use", "single", ["yes", "no"], "yes")]
    folder = made_folder(tmp_path / "made", data, asked, codes, {})
    found = rows("figures", "--survey", folder, "--where", 'occup="Etudiant, eleve"')
    assert {(r["segment"], r["n"]) for r in found} == {('occup="Etudiant, eleve"', "40")}
    assert run("figures", "--survey", folder, "--where", "occup=Etudiant, eleve").exit_code == 2


# --- what was typed wrong ---


def test_everything_wrong_is_told_at_once_with_the_nearest_names():
    result = run(
        *("figures", "-q", "ens_riks", "-q", "outlok", "--by", "sx"),
        *("--where", "age=65,18-24,x", "--where", "ages=1", "--where", "sex", "--where", "ald="),
    )
    assert (result.exit_code, result.stdout) == (2, "")
    assert "8 error(s)" in result.stderr
    for told in (
        "ens_risks",
        "outlook",
        "did you mean sex",
        "'65'",
        "ages",
        "VARIABLE=CODE",
        "a code of ald",
    ):
        assert told.strip("'") in result.stderr
    assert "Traceback" not in result.stderr


def test_compare_tells_what_is_wrong_in_both_groups():
    result = run("compare", "-q", "outlook", "--a", "sex=femal", "--b", "age=youth")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "did you mean female" in result.stderr
    assert "18-24" in result.stderr


@pytest.mark.parametrize(
    "typed",
    [
        ("figures", "--ci", "wald"),
        ("figures", "--format", "xml"),
        ("figures", "--survey", "/no/such/folder"),
        ("figures", "--nope"),
        ("compare", "-q", "outlook"),
        ("compare", "--a", "sex=female"),
        ("nope",),
    ],
)
def test_an_option_that_does_not_exist_is_bad_input(typed):
    result = run(*typed)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error" in result.stderr


def test_a_folder_with_errors_lists_them_all_and_leaves_the_old_release(tmp_path):
    folder = copy_of_shipped(tmp_path)
    old = current(Settings.from_environment().releases, "ens-2020")
    (folder / "notes.yaml").write_text("notes: 3\n", "utf-8")
    (folder / "glossary.yaml").write_text("glossary: [{term: 1}]\n", "utf-8")
    for command in ("build", "figures", "verify", "simulate"):
        result = run(command, "--survey", folder)
        assert (result.exit_code, result.stdout) == (2, "")
        for part in ("notes.yaml", "glossary.yaml", "a list", "expected", "found", "hint"):
            assert part in result.stderr
    assert current(Settings.from_environment().releases, "ens-2020") == old


def test_respondents_that_do_not_fit_are_told_without_a_traceback(tmp_path):
    folder = copy_of_shipped(tmp_path)
    respondents = pd.read_parquet(folder / "respondents.parquet")
    respondents["sex"] = respondents["sex"].replace("male", "man")
    respondents.to_parquet(folder / "respondents.parquet")
    result = run("build", "--survey", folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "man" in result.stderr
    (folder / "respondents.parquet").unlink()
    result = run("figures", "--survey", folder)
    assert result.exit_code == 2
    assert "python -m ens_dash simulate" in result.stderr


# --- build, simulate, verify ---


def test_build_puts_a_release_in_service(tmp_path):
    folder = copy_of_shipped(tmp_path)
    (folder / "glossary.yaml").unlink()
    result = run("build", "--survey", folder)
    assert result.exit_code == 0
    name = current(Settings.from_environment().releases, "ens-2020")
    assert name in result.stdout
    assert "2100 respondents, simulated" in result.stdout


def test_asking_for_figures_of_another_folder_does_not_change_what_is_served(tmp_path):
    folder = copy_of_shipped(tmp_path)
    releases = Settings.from_environment().releases
    old = current(releases, "ens-2020")
    (folder / "glossary.yaml").unlink()
    result = run("figures", "-q", "outlook", "--survey", folder, "--format", "csv")
    assert result.exit_code == 0
    assert result.stdout.startswith(FIGURES)
    assert "building" in result.stderr
    again = run("figures", "-q", "outlook", "--survey", folder, "--format", "csv")
    assert (again.stdout, again.stderr) == (result.stdout, "")
    assert current(releases, "ens-2020") == old
    assert len([p for p in (releases / "ens-2020").iterdir() if p.is_dir()]) == 2


def test_simulate_makes_the_committed_respondents_again(tmp_path):
    folder = copy_of_shipped(tmp_path)
    committed = pd.read_parquet(folder / "respondents.parquet")
    (folder / "respondents.parquet").unlink()
    result = run("simulate", "--survey", folder)
    assert result.exit_code == 0, result.stderr
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "respondents.parquet"), committed)
    assert not [p for p in folder.iterdir() if p.name.startswith(".")]


def test_calibrating_again_writes_the_same_settings(tmp_path):
    folder = copy_of_shipped(tmp_path)
    committed = (folder / "simulation.yaml").read_text("utf-8")
    result = run("simulate", "--calibrate", "--survey", folder)
    assert result.exit_code == 0, result.stderr
    assert "every check passes" in result.stderr
    assert (folder / "simulation.yaml").read_text("utf-8") == committed


def test_simulate_tells_what_is_wrong_with_its_settings(tmp_path):
    folder = copy_of_shipped(tmp_path)
    text = (folder / "simulation.yaml").read_text("utf-8")
    (folder / "simulation.yaml").write_text(text.replace("\nd: ", "\nd: minus "), "utf-8")
    before = (folder / "respondents.parquet").read_bytes()
    result = run("simulate", "--survey", folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "simulation.yaml" in result.stderr
    (folder / "simulation.yaml").unlink()
    assert run("simulate", "--survey", folder).exit_code == 2
    assert (folder / "respondents.parquet").read_bytes() == before


def test_verify_prints_every_figure_and_statement_and_ends_well(survey):
    result = run("verify", "--lang", "en")
    assert (result.exit_code, result.stderr) == (0, "")
    for statement in survey.statements:
        assert f"  {statement.id} " in result.stdout
    lines = result.stdout.splitlines()
    assert "123 of 123 figures" in lines[-1]
    assert "45 of 45 statements" in lines[-1]
    assert "NO" not in {word for line in lines for word in line.split()}


@pytest.mark.parametrize(
    ("lang", "loud", "word"), [("fr", "FICTIF", "fictif"), ("en", "FICTITIOUS", "fictitious")]
)
def test_verify_calls_what_simulated_respondents_give_fictitious(survey, monkeypatch, lang, loud, word):
    monkeypatch.setenv("COLUMNS", "300")  # one line a row
    lines = run("verify", "--lang", lang).stdout.splitlines()
    # the title and the header of the figures and of the statements
    assert len([line for line in lines if loud in line]) == 4
    assert loud in lines[0]
    figures = [line for line in lines if line.split()[:1] and line.split()[0] in survey.by_id]
    assert len(figures) == len(survey.published)
    # recomputed and difference
    assert all(line.count(word) == 2 for line in figures)
    tested = {s.id for s in survey.statements if s.question}
    statements = [line for line in lines if line.split()[:1] and line.split()[0] in tested]
    assert {line.split()[0] for line in statements} == tested
    assert all(line.count(word) == 1 for line in statements)
    assert word in lines[-2]


def test_verify_of_real_respondents_calls_nothing_fictitious(tmp_path):
    folder = copy_of_shipped(tmp_path)
    path = folder / "respondents.parquet"
    pd.read_parquet(path).to_parquet(path, index=False)
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata({}), path)
    (folder / "simulation.yaml").unlink()
    text = run("verify", "--survey", folder, "--lang", "en").stdout
    assert "123 of 123 figures" in text
    assert "fictitious" not in text.lower()
    assert "Recomputed (respondents)" in text


def test_verify_ends_with_1_where_a_figure_misses(tmp_path):
    folder = copy_of_shipped(tmp_path)
    path = folder / "respondents.parquet"
    respondents = pd.read_parquet(path)
    respondents.loc[respondents.index[respondents["outlook"] == "neutral"][:15], "outlook"] = "positive"
    respondents.to_parquet(path, index=False)
    result = run("verify", "--survey", folder, "--lang", "en")
    assert result.exit_code == 1
    lines = [line for line in result.stdout.splitlines() if line.split()[-1:] == ["NO"]]
    assert len(lines) == 2
    assert "121 of 123 figures" in result.stdout


def test_the_module_runs_as_a_program():
    program = [sys.executable, "-m", "ens_dash", "figures", "-q", "outlook", "--format", "csv"]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(FIGURES)
    wrong = subprocess.run(
        [*program, "-q", "nope"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr


# --- a survey that was imported with codes that its folder does not know ---


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """An imported survey with a code 7 of `use` and an unknown sex X, which its folder does not know."""
    place = tmp_path_factory.mktemp("imported")
    folder, releases = people_folder(place / "made", 120), place / "releases"
    answers, sexes, ages = ["oui", "non", "7"] * 40, ["F", "H", "X"] * 40, [18 + i % 60 for i in range(120)]
    file = write_csv(people(120, Q1=answers, sexe=sexes, âge=ages), place / "rows.csv")
    done = run_in(releases, "import", file, "--survey", folder, "--allow", "unknown-code")
    assert done.exit_code == 0, done.output
    return folder, releases


@pytest.fixture
def undocumented(imported, monkeypatch):
    folder, releases = imported
    monkeypatch.setenv("ENS_DASH_RELEASES", str(releases))
    return folder


def test_figures_of_an_imported_survey_have_the_codes_that_were_allowed(undocumented):
    found = {r["answer"]: r for r in rows("figures", "-q", "use", "--survey", undocumented)}
    assert set(found) == {"oui", "non", "parfois", "7"}
    assert sum(float(r["est"]) for r in found.values()) == pytest.approx(1)
    among = rows("figures", "-q", "use", "--where", "sex=X", "--survey", undocumented)
    assert {(r["segment"], r["answer"], float(r["est"])) for r in among if r["answer"] in ("oui", "7")} == {
        ("sex=X", "oui", 0.0),
        ("sex=X", "7", 1.0),
    }
    assert {r["segment"] for r in rows("figures", "--by", "sex", "--survey", undocumented)} == {
        "sex=female",
        "sex=male",
        "sex=X",
    }


def test_a_table_of_an_imported_survey_names_the_codes_that_were_allowed(undocumented):
    told = run("figures", "-q", "use", "--survey", undocumented, "--lang", "en")
    assert (told.exit_code, told.stderr) == (0, "")
    assert "code 7 (not documented)" in told.stdout
    told = run("compare", "-q", "use", "--a", "sex=X", "--survey", undocumented, "--lang", "en")
    assert told.exit_code == 0, told.stderr
    assert "code X (not documented)" in told.stdout
    assert "code 7 (not documented)" in told.stdout


def test_groups_of_an_imported_survey_can_be_those_of_codes_that_were_allowed(undocumented):
    for other in ([], ["--b", "sex=female"]):
        found = rows("compare", "-q", "use", "--a", "sex=X", *other, "--survey", undocumented)
        differences = {r["answer"]: float(r["difference"]) for r in found if r["difference"]}
        assert differences["7"] == 1


def test_a_press_kit_of_an_imported_survey_has_the_codes_that_were_allowed(undocumented, tmp_path):
    # where there is no browser the pictures are told to be missing, and the tables are there all the same
    asked = ("-q", "use", "-o", tmp_path / "kit", "--where", "sex=X", "--lang", "en")
    made = run("export", *asked, "--survey", undocumented)
    tables = [path.read_text("utf-8-sig") for path in (tmp_path / "kit").rglob("*.csv")]
    assert any("code 7 (not documented)" in table and "sex=X" in table for table in tables), made.stderr


@pytest.mark.parametrize(
    "typed",
    [
        ("figures", "--where", "sex=Y"),
        ("compare", "-q", "use", "--a", "sex=Y"),
        ("export", "--all", "-o", "nowhere", "--where", "sex=Y"),
    ],
)
def test_a_code_that_nobody_has_is_refused_with_those_of_the_respondents(undocumented, typed):
    result = run(*typed, "--survey", undocumented)
    assert result.exit_code == 2
    told = " ".join(result.stderr.split())
    assert "known: female, male, X" in told


@pytest.mark.parametrize("command", ["verify", "check"])
def test_the_other_commands_open_an_imported_survey_with_codes_that_were_allowed(
    undocumented, command, tmp_path
):
    file = tmp_path / "some.csv"
    file.write_text("a\n1\n", "utf-8")
    result = run(command, *([file] if command == "check" else []), "--survey", undocumented)
    assert result.exit_code == {"verify": 0, "check": 2}[command], result.output
