"""The import of a survey file: what is told of one that does not fit, what is kept of one that does."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import yaml
from folders import DATA, ROOT, copy_of_shipped, write_yaml
from importing import MAPPING, people, people_folder, run, write_csv

from ens_dash.estimate import sums
from ens_dash.estimate.comparisons import compare
from ens_dash.estimate.figures import figures
from ens_dash.imported import IMPORTED
from ens_dash.microdata import load
from ens_dash.microdata.check_file import ALLOWED
from ens_dash.microdata.errors import FileError, FileErrors
from ens_dash.microdata.load import Imported, import_file
from ens_dash.microdata.source import ReadOptions
from ens_dash.microdata.work import importing
from ens_dash.release import ReleaseError, current
from ens_dash.render.method import study_facts
from ens_dash.store import build, open_store
from ens_dash.survey.errors import SurveyErrors
from ens_dash.survey.filter import Filter
from ens_dash.text import load_words
from ens_dash.verify import verify


def imported(place: Path, rows: pd.DataFrame, folder: Path | None = None, **options: Any) -> Imported:
    """The rows written as .csv and imported into their folder."""
    folder = folder or people_folder(place / "made")
    file = write_csv(rows, place / "rows.csv")
    return import_file(file, folder, place / "releases", **options)


def faults(place: Path, rows: pd.DataFrame, folder: Path | None = None, **options: Any) -> list[FileError]:
    with pytest.raises(FileErrors) as caught:
        imported(place, rows, folder, **options)
    assert not (place / "releases" / "made" / "current").exists()
    return list(caught.value.errors)


def shares(place: Path, question: str = "use", where: str = "") -> dict[str, float]:
    store = open_store(place / "releases", "made")
    made = figures(store, [store.survey.by_id[question]], Filter.parse(where, store.survey.variables))
    store.close()
    return {f.answer: f.est for f in made}


# --- what is imported ---


def test_a_file_without_fault_becomes_a_release_of_microdata_in_service(tmp_path):
    done = imported(tmp_path, people())
    assert done.release.origin == "microdata"
    assert done.release.file == "rows.csv"
    assert done.allowed == done.warnings == ()
    assert current(tmp_path / "releases", "made") == done.release.id
    w = people()["poids"]
    assert shares(tmp_path)["oui"] == pytest.approx(w[people()["Q1"] == "oui"].sum() / w.sum(), rel=1e-12)
    assert shares(tmp_path, where="age=young")["oui"] is not None
    assert shares(tmp_path, "hours")["mean"] == pytest.approx((w * people()["Q2"]).sum() / w.sum(), rel=1e-12)


def test_the_figures_command_takes_the_imported_respondents_and_not_the_folders(tmp_path):
    folder = people_folder(tmp_path / "made")
    imported(tmp_path, people(), folder)
    shown = run(tmp_path / "releases", "figures", "--survey", folder, "-q", "use", "--format", "json")
    assert shown.exit_code == 0, shown.output
    assert {row["origin"] for row in json.loads(shown.stdout)} == {"microdata"}


def test_a_text_of_the_folder_may_change_after_the_import(tmp_path):
    folder = people_folder(tmp_path / "made")
    before = imported(tmp_path, people(), folder).release
    study = folder / "survey.yaml"
    study.write_text(study.read_text("utf-8").replace("Made for a test", "Another title"), "utf-8")
    after = build(folder, tmp_path / "releases")
    assert (after.id != before.id, after.origin, after.n) == (True, "microdata", 60)
    assert shares(tmp_path)["oui"] is not None


def test_respondents_that_were_mapped_otherwise_are_not_taken_for_the_folders(tmp_path):
    folder = people_folder(tmp_path / "made")
    imported(tmp_path, people(), folder)
    (folder / "mapping.yaml").write_text((folder / "mapping.yaml").read_text("utf-8") + "\n", "utf-8")
    with pytest.raises(ReleaseError, match="import the file again"):
        build(folder, tmp_path / "releases")


def test_neither_ids_nor_unmapped_columns_reach_a_release(tmp_path):
    rows = people(nom=[f"Nom {i}" for i in range(60)])
    done = imported(tmp_path, rows)
    [warning] = done.warnings
    assert warning.column == "nom"
    home = tmp_path / "releases" / "made"
    names = pd.read_parquet(home / IMPORTED).columns
    assert set(names) == {"_weight", "_stratum", "sex", "age", "use", "hours"}
    store = open_store(tmp_path / "releases", "made")
    kept = {str(value) for row in store.query("SELECT * FROM respondents") for value in row}
    store.close()
    assert not kept & {*rows["nom"], *rows["id"]}
    assert oct((home / IMPORTED).stat().st_mode & 0o777) == "0o600"


def test_a_column_that_is_named_like_the_folders_needs_no_mapping(tmp_path):
    folder = people_folder(tmp_path / "made", mapping=None)
    rows = people(sex=["female"] * 30 + ["male"] * 30, age=["young"] * 60)
    rows = rows.rename(columns={"Q1": "use", "Q2": "hours"})
    assert imported(tmp_path, rows, folder).release.n == 60


def test_an_empty_column_in_the_mapping_stands_for_the_folders_own_name(tmp_path):
    content = {
        "columns": [{"question": "use", "column": None}, *MAPPING["columns"][:2], MAPPING["columns"][3]]
    }
    folder = people_folder(tmp_path / "made", mapping=content)
    assert imported(tmp_path, people().rename(columns={"Q1": "use"}), folder).release.n == 60


def test_codes_with_a_decimal_as_pandas_writes_them_are_the_codes(tmp_path):
    folder = people_folder(tmp_path / "made")
    values = {"1": "oui", "2": "non", "3": "parfois"}
    content = yaml.safe_load((folder / "mapping.yaml").read_text("utf-8"))
    content["columns"][2]["values"] = values
    write_yaml(folder / "mapping.yaml", content)
    rows = people(Q1=[np.nan, *[float(1 + i % 3) for i in range(59)]])
    imported(tmp_path, rows, folder)
    assert set(shares(tmp_path)) == {"oui", "non", "parfois"}


def test_missing_answers_leave_the_base_of_the_question_and_not_of_the_survey(tmp_path):
    imported(tmp_path, people(Q1=[None] * 20 + ["oui"] * 40))
    store = open_store(tmp_path / "releases", "made")
    found = {f.question: f.n for f in figures(store, store.survey.questions, Filter())}
    store.close()
    assert found == {"use": 40, "hours": 60}
    assert store.release.n == 60


def test_what_the_mapping_calls_missing_is_no_answer(tmp_path):
    content = json.loads(json.dumps(MAPPING))
    content["columns"][2]["missing"] = ["NSP", "refus"]
    content["file"] = {"missing": ["-"]}
    folder = people_folder(tmp_path / "made", mapping=content)
    rows = people(Q1=["NSP", "refus", "-"] + ["oui"] * 57)
    assert imported(tmp_path, rows, folder).allowed == ()
    assert shares(tmp_path)["oui"] == 1


def test_an_empty_cell_is_an_answer_where_the_mapping_has_a_code_for_it(tmp_path):
    content = json.loads(json.dumps(MAPPING))
    content["columns"][2]["values"] = {"": "non", "x": "oui"}
    folder = people_folder(tmp_path / "made", mapping=content)
    imported(tmp_path, people(Q1=["x"] * 15 + [None] * 45, poids=[1.0] * 60), folder)
    assert (shares(tmp_path)["oui"], shares(tmp_path)["non"]) == (0.25, 0.75)


@pytest.mark.parametrize("form", ["98", "98.0", "98,0"])
def test_a_missing_code_is_missing_however_a_program_writes_it(tmp_path, form):
    content = json.loads(json.dumps(MAPPING))
    content["columns"][3]["missing"] = ["98"]
    content["columns"][1]["missing"] = ["99"]
    content["file"] = {"separator": ";"} if "," in form else {}
    folder = people_folder(tmp_path / "made", mapping=content)
    rows = people(Q2=[form] * 20 + [str(i % 7) for i in range(40)])
    rows["âge"] = ["99.0"] * 10 + ["30.0"] * 50
    file = write_csv(rows, tmp_path / "rows.csv", sep=";" if "," in form else ",")
    import_file(file, folder, tmp_path / "releases", allow=["decimal"])
    store = open_store(tmp_path / "releases", "made")
    women = Filter.parse("age=young", store.survey.variables)
    hours = store.survey.by_id["hours"]
    assert [f.n for f in figures(store, [hours], Filter())] == [40]
    assert [f.n for f in figures(store, [hours], women)] == [40]
    assert [f.n for f in figures(store, [hours], Filter.parse("age=old", store.survey.variables))] == [0]
    store.close()


def test_a_recoded_number_is_recoded_however_a_program_writes_it(tmp_path):
    content = json.loads(json.dumps(MAPPING))
    content["columns"][3]["values"] = {"6": "0"}
    folder = people_folder(tmp_path / "made", mapping=content)
    imported(tmp_path, people(), folder)
    assert shares(tmp_path, "hours")["mean"] == pytest.approx(
        (people()["poids"] * people()["Q2"].replace(6, 0)).sum() / people()["poids"].sum()
    )


def test_what_is_missing_stays_so_where_an_empty_cell_is_an_answer(tmp_path):
    content = json.loads(json.dumps(MAPPING))
    content["columns"][2] |= {"values": {"": "non", "1": "oui"}, "missing": ["9"]}
    folder = people_folder(tmp_path / "made", mapping=content)
    imported(tmp_path, people(Q1=[1.0] * 20 + [None] * 20 + [9.0] * 20, poids=[1.0] * 60), folder)
    assert shares(tmp_path)["oui"] == 0.5


def test_a_text_that_may_mean_no_answer_is_told_and_gives_way_to_a_code(tmp_path):
    folder = people_folder(tmp_path / "made")
    path = folder / "questions" / "theme.yaml"
    path.write_text(path.read_text("utf-8").replace("parfois", "NA"), "utf-8")
    rows = people(Q1=[("oui", "non", "NA")[i % 3] for i in range(60)], Q2=["NA"] * 30 + ["1"] * 30)
    assert {e.kind for e in faults(tmp_path, rows, folder)} == {"missing-text"}
    imported(tmp_path, rows, folder, allow=["missing-text"])
    assert shares(tmp_path)["NA"] > 0.3
    assert shares(tmp_path, "hours")["mean"] == 1


def test_a_code_that_values_make_is_not_the_files_own_code_of_that_text(tmp_path):
    folder = people_folder(tmp_path / "made")
    path = folder / "questions" / "theme.yaml"
    content = yaml.safe_load(path.read_text("utf-8"))
    content["questions"][0]["answers"] = [{"code": code, "label": {"fr": code}} for code in ("9", "8")]
    content["questions"][0]["headline"] = "9"
    write_yaml(path, content)
    mapping = json.loads(json.dumps(MAPPING))
    mapping["columns"][1]["column"] = "age"
    mapping["columns"][2]["values"] = {"1": "9", "2": "8"}
    write_yaml(folder / "mapping.yaml", mapping)
    rows = people(Q1=[1.0] * 20 + [2.0] * 20 + [9.0] * 20, poids=[1.0] * 60).rename(columns={"âge": "age"})
    pyreadstat.write_sav(rows, str(tmp_path / "rows.sav"), missing_ranges={"Q1": [9]})
    import_file(tmp_path / "rows.sav", folder, tmp_path / "releases")
    assert shares(tmp_path)["9"] == 0.5


def test_a_weight_that_the_file_declares_missing_is_no_weight(tmp_path):
    folder = people_folder(tmp_path / "made")
    mapping = json.loads(json.dumps(MAPPING))
    mapping["columns"][1]["column"] = "age"
    write_yaml(folder / "mapping.yaml", mapping)
    rows = people().rename(columns={"âge": "age"})
    rows.loc[4, "poids"] = 99.0
    pyreadstat.write_sav(rows, str(tmp_path / "rows.sav"), missing_ranges={"poids": [99]})
    with pytest.raises(FileErrors) as caught:
        import_file(tmp_path / "rows.sav", folder, tmp_path / "releases")
    assert [(e.kind, e.rows) for e in caught.value.errors] == [("missing-weight", "row 5")]


def test_a_point_beside_decimal_commas_parts_thousands_and_is_no_number(tmp_path):
    folder = people_folder(tmp_path / "made")
    rows = people(Q2=["1.234"] + ["1,5"] * 59)
    rows["poids"] = "1,5"
    file = write_csv(rows, tmp_path / "rows.csv", sep=";")
    with pytest.raises(FileErrors) as caught:
        import_file(file, folder, tmp_path / "releases", ReadOptions(separator=";", decimal=","))
    assert [(e.kind, e.rows) for e in caught.value.errors] == [("not-a-number", "row 1")]


# --- what is told ---

Change = Callable[[pd.DataFrame], pd.DataFrame]


def with_(column: str, **at: Any) -> Change:
    """Cells of a column replaced, by row number from 1: r3="x"."""

    def change(rows: pd.DataFrame) -> pd.DataFrame:
        rows = rows.astype({column: object})
        for name, value in at.items():
            rows.loc[int(name[1:]) - 1, column] = value
        return rows

    return change


FAULTS: dict[str, tuple[Change, str, str, str, str]] = {
    # name: change, kind, column, rows, found
    "an unknown code": (with_("Q1", r3="7", r9="7"), "unknown-code", "Q1", "rows 3, 9", "'7'"),
    "an unknown segment": (with_("sexe", r5="X"), "unknown-code", "sexe", "row 5", "'X'"),
    "a repeated id": (with_("id", r4="p0"), "duplicate-id", "id", "rows 1, 4", "the same 2 times"),
    "no id": (with_("id", r2=None), "missing-id", "id", "row 2", "none"),
    "a negative weight": (with_("poids", r6=-1.0), "negative-weight", "poids", "row 6", "a negative one"),
    "a weight of zero": (with_("poids", r6=0), "zero-weight", "poids", "row 6", "zero"),
    "no weight": (with_("poids", r6=None), "missing-weight", "poids", "row 6", "none"),
    "an infinite weight": (with_("poids", r6="inf"), "not-a-weight", "poids", "row 6", "something else"),
    "a weight in words": (with_("poids", r6="lourd"), "not-a-weight", "poids", "row 6", "something else"),
    "a word for a number": (with_("Q2", r8="beaucoup"), "not-a-number", "Q2", "row 8", "'beaucoup'"),
    "digits that are no number": (with_("Q2", r8="1_000"), "not-a-number", "Q2", "row 8", "'1_000'"),
    "an age outside the ranges": (with_("âge", r7=120), "out-of-range", "âge", "row 7", "'120'"),
    "an empty column": (lambda rows: rows.assign(Q1=None), "empty-column", "Q1", "", "none"),
    "too few people": (lambda rows: rows[:50], "sample-size", "", "", "50"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_by_column_and_row(tmp_path, name):
    change, kind, column, rows, found = FAULTS[name]
    [error] = faults(tmp_path, change(people()))
    assert (error.kind, error.column, error.rows) == (kind, column, rows)
    assert found in error.found
    assert kind in ALLOWED


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_can_be_allowed_by_its_name_and_by_no_other(tmp_path, name):
    change, kind, *_ = FAULTS[name]
    folder = people_folder(tmp_path / "made")
    others = [k for k in ALLOWED if k != kind]
    faults(tmp_path, change(people()), folder, allow=others)
    done = imported(tmp_path, change(people()), folder, allow=[kind])
    assert kind in {e.kind for e in done.allowed}
    assert done.record.allowed == tuple(sorted({e.kind for e in done.allowed}))
    assert done.survey.study.n == done.release.n


def test_everything_wrong_is_told_at_once(tmp_path):
    rows = people()
    changes = [FAULTS[name][0] for name in FAULTS if name not in ("an empty column", "too few people")]
    for change in changes:
        rows = change(rows)
    found = {(e.kind, e.column) for e in faults(tmp_path, rows)}
    # of the faults of one cell the last is left
    assert found == {
        ("unknown-code", "Q1"),
        ("unknown-code", "sexe"),
        ("duplicate-id", "id"),
        ("missing-id", "id"),
        ("not-a-weight", "poids"),
        ("not-a-number", "Q2"),
        ("out-of-range", "âge"),
    }


def test_an_unknown_code_that_is_allowed_is_an_answer_of_its_own(tmp_path):
    imported(tmp_path, FAULTS["an unknown code"][0](people()), allow=["unknown-code"])
    store = open_store(tmp_path / "releases", "made")
    asked = store.survey.by_id["use"]
    assert asked.answer_label("7", "fr") == "code 7 (non documenté)"
    found = {f.answer: f for f in figures(store, [asked], Filter())}
    store.close()
    assert found["7"].est == pytest.approx((1.0 + 1.25) / people()["poids"].sum())
    assert sum(found[a].est for a in ("oui", "non", "parfois", "7")) == pytest.approx(1)


def test_a_respondent_without_a_weight_is_left_out_and_counted(tmp_path):
    done = imported(tmp_path, with_("poids", r6=0)(people()), allow=["zero-weight"])
    assert (done.record.left_out, done.release.n, done.survey.study.n) == (1, 59, 59)


def test_an_unknown_segment_that_is_allowed_can_be_filtered_by(tmp_path):
    imported(tmp_path, with_("sexe", r5="X")(people()), allow=["unknown-code"])
    assert shares(tmp_path, where="sex=X") == {"oui": 0, "non": 1, "parfois": 0}


def test_a_column_of_free_text_is_refused_whole(tmp_path):
    rows = people(Q1=[f"texte {i}" for i in range(60)])
    [error] = faults(tmp_path, rows, allow=list(ALLOWED))
    assert (error.kind, error.column) == ("", "Q1")
    assert "60 others" in error.found


def test_a_column_that_is_not_there_is_told_with_the_nearest_name(tmp_path):
    [error] = faults(tmp_path, people().rename(columns={"Q1": "Q01"}), allow=list(ALLOWED))
    assert (error.kind, error.column) == ("", "Q1")
    assert "Q01" in error.hint


def test_a_question_without_a_column_has_no_figures_where_that_is_allowed(tmp_path):
    content = {**MAPPING, "columns": MAPPING["columns"][:3]}
    folder = people_folder(tmp_path / "made", mapping=content)
    assert [e.kind for e in faults(tmp_path, people(), folder)] == ["unmapped"]
    imported(tmp_path, people(), folder, allow=["unmapped"])
    assert shares(tmp_path, "hours") == {}


def test_numbers_outside_the_questions_limits_are_told(tmp_path):
    folder = people_folder(tmp_path / "made", least=0, most=5)
    [error] = faults(tmp_path, people(), folder)
    assert (error.kind, error.column, error.expected) == ("out-of-range", "Q2", "a number from 0 to 5")
    imported(tmp_path, people(), folder, allow=["out-of-range"])
    assert shares(tmp_path, "hours")["mean"] > 2


def test_answers_of_people_who_were_not_asked_contradict_the_base(tmp_path):
    folder = people_folder(tmp_path / "made")
    path = folder / "questions" / "theme.yaml"
    content = yaml.safe_load(path.read_text("utf-8"))
    content["questions"][1]["base"] |= {"asked": "use=oui", "n": 20}
    write_yaml(path, content)
    found = faults(tmp_path, people(), folder)
    assert [(e.kind, e.column) for e in found] == [("base", "Q2"), ("base", "Q2")]
    assert "20 people" in found[0].expected
    assert found[1].rows == "rows 2, 3, 5, 6, 8 and 35 more"
    rows = people()
    assert imported(tmp_path, rows.assign(Q2=rows["Q2"].where(rows["Q1"] == "oui")), folder).allowed == ()


def test_weights_that_are_very_uneven_are_a_warning(tmp_path):
    done = imported(tmp_path, people(poids=[40.0, *[1.0] * 59]))
    told = [w.found for w in done.warnings]
    assert len(told) == 2
    assert "24.2 times the mean" in told[0]


@pytest.mark.parametrize("lonely", [None, "adjust", "certainty"])
def test_a_stratum_with_one_psu_is_refused_until_somebody_chooses(tmp_path, lonely):
    folder = people_folder(tmp_path / "made", design={"weight": "poids", "stratum": "s", "psu": "u"})
    rows = people(s=["A"] * 40 + ["B"] * 20, u=[i // 10 for i in range(40)] + [9] * 20)
    if lonely is None:
        [error] = faults(tmp_path, rows, folder, allow=list(ALLOWED))
        assert "stratum 'B'" in error.expected
        assert "--lonely-psu adjust" in error.hint and "certainty" in error.hint
        return
    assert imported(tmp_path, rows, folder, lonely_psu=lonely).survey.study.design.lonely_psu == lonely
    store = open_store(tmp_path / "releases", "made")
    assert all(f.se is not None for f in figures(store, store.survey.questions, Filter()))
    store.close()


def test_a_psu_in_two_strata_and_people_without_one_are_told(tmp_path):
    folder = people_folder(tmp_path / "made", design={"weight": "poids", "stratum": "s", "psu": "u"})
    rows = people(s=["A"] * 30 + ["B"] * 30, u=[str(i % 6) for i in range(60)])
    rows.loc[3, "u"] = None
    found = faults(tmp_path, rows, folder, allow=["psu-in-two-strata"])
    assert [(e.column, e.rows) for e in found] == [("u", "row 4")]
    rows.loc[3, "u"] = "3"
    assert {e.kind for e in faults(tmp_path, rows, folder)} == {"psu-in-two-strata"}
    done = imported(tmp_path, rows, folder, allow=["psu-in-two-strata"])
    assert done.release.units == (6, 6)


def test_replicate_weights_are_not_supported_and_the_error_says_so(tmp_path):
    folder = people_folder(tmp_path / "made")
    study = yaml.safe_load((folder / "survey.yaml").read_text("utf-8"))
    study["design"]["replicate_weights"] = ["rep1", "rep2"]
    write_yaml(folder / "survey.yaml", study)
    with pytest.raises(SurveyErrors, match=r"replicate weights .*not supported"):
        imported(tmp_path, people(), folder)


def test_a_code_that_is_the_name_of_a_sum_cannot_be_kept(tmp_path):
    folder = people_folder(tmp_path / "made")
    path = folder / "questions" / "theme.yaml"
    content = yaml.safe_load(path.read_text("utf-8"))
    content["questions"][0]["nets"] = [{"code": "jamais", "label": {"fr": "x"}, "of": ["oui", "non"]}]
    write_yaml(path, content)
    [error] = faults(tmp_path, with_("Q1", r3="jamais")(people()), folder, allow=list(ALLOWED))
    assert (error.kind, error.found) == ("", "a sum, 'jamais'")


@pytest.mark.parametrize(
    "written", ["mon mari Paul Durand est hospitalisé depuis mardi", "a.b@example.org", "06 12 34 56 78"]
)
def test_what_people_wrote_is_neither_kept_nor_repeated(tmp_path, written):
    folder = people_folder(tmp_path / "made")
    [error] = faults(tmp_path, with_("Q1", r3=written)(people()), folder, allow=list(ALLOWED))
    assert error.kind == ""
    assert written[:8] not in str(error)
    [error] = faults(tmp_path, with_("Q2", r3=written)(people()), folder)
    assert written[:8] not in str(error)


def test_an_id_cannot_be_a_question(tmp_path):
    content = json.loads(json.dumps(MAPPING))
    content["columns"][3]["column"] = "id"
    with pytest.raises(SurveyErrors, match="an id tells who somebody is"):
        imported(tmp_path, people(), people_folder(tmp_path / "made", mapping=content))


def test_a_file_in_which_nobody_has_a_weight_is_refused(tmp_path):
    found = faults(tmp_path, people(poids=[0.0] * 60), allow=list(ALLOWED))
    assert [e.expected for e in found] == ["at least one respondent with a weight"]


def test_who_is_left_out_needs_no_psu(tmp_path):
    folder = people_folder(tmp_path / "made", design={"weight": "poids", "psu": "u"})
    rows = people(u=[str(i % 6) for i in range(60)])
    rows.loc[3, ["u", "poids"]] = None
    assert imported(tmp_path, rows, folder, allow=["missing-weight"]).release.n == 59


def test_another_weight_in_the_folder_needs_another_import(tmp_path):
    folder = people_folder(tmp_path / "made")
    imported(tmp_path, people(), folder)
    study = folder / "survey.yaml"
    study.write_text(study.read_text("utf-8").replace("poids", "poids2"), "utf-8")
    with pytest.raises(ReleaseError, match="import the file again"):
        build(folder, tmp_path / "releases")


def test_a_code_may_be_written_into_the_folder_after_the_import(tmp_path):
    folder = people_folder(tmp_path / "made")
    imported(tmp_path, with_("Q1", r3="7")(people()), folder, allow=["unknown-code"])
    path = folder / "questions" / "theme.yaml"
    content = yaml.safe_load(path.read_text("utf-8"))
    content["questions"][0]["answers"].append({"code": "7", "label": {"fr": "Rarement"}})
    write_yaml(path, content)
    build(folder, tmp_path / "releases")
    store = open_store(tmp_path / "releases", "made")
    assert [a.code for a in store.survey.by_id["use"].answers].count("7") == 1
    store.close()


def test_figures_of_real_answers_never_carry_the_folders_number_of_people_asked(tmp_path):
    folder = people_folder(tmp_path / "made")
    path = folder / "questions" / "theme.yaml"
    content = yaml.safe_load(path.read_text("utf-8"))
    content["questions"][0]["base"]["n"] = 77
    write_yaml(path, content)
    done = imported(tmp_path, people(), folder, allow=["base"])
    assert done.survey.by_id["use"].base.n is None


def test_an_import_in_the_place_of_another_says_so(tmp_path):
    folder = people_folder(tmp_path / "made")
    imported(tmp_path, people(), folder)
    done = imported(tmp_path, people(Q1=["oui"] * 60), folder)
    [warning] = done.warnings
    assert "rows.csv, 60 respondents" in warning.found


# --- failures ---


def test_a_failed_last_step_takes_back_what_was_imported(tmp_path, monkeypatch):
    folder = people_folder(tmp_path / "made")
    before = imported(tmp_path, people(), folder).release

    def full(home: Path, name: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(load, "point", full)
    with pytest.raises(OSError, match="No space"):
        imported(tmp_path, people(Q1=["oui"] * 60), folder)
    monkeypatch.undo()
    assert current(tmp_path / "releases", "made") == before.id
    assert build(folder, tmp_path / "releases").id == before.id


def test_a_failed_first_import_leaves_nothing(tmp_path):
    faults(tmp_path, with_("Q1", r3="7")(people()))
    assert not (tmp_path / "releases" / "made").exists()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_stopped_import_leaves_no_rows_or_the_next_one_deletes_them(tmp_path, stop):
    folder = people_folder(tmp_path / "made", n=200_000)
    file = write_csv(people(200_000), tmp_path / "large.csv")
    releases = tmp_path / "releases"
    command = [sys.executable, "-m", "ens_dash", "import", str(file), "--survey", str(folder)]
    environment = os.environ | {"ENS_DASH_RELEASES": str(releases)}
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    home = releases / "made"
    while running.poll() is None and not list(home.glob(".importing-*/*")):
        time.sleep(0.01)
    running.send_signal(stop)
    _, told = running.communicate(timeout=30)
    assert running.returncode != 0
    assert "Traceback" not in told
    if stop == signal.SIGKILL:
        assert list(home.glob(".importing-*"))
        with pytest.raises(FileErrors):
            import_file(write_csv(people(9), tmp_path / "small.csv"), folder, releases)
    assert not list(home.glob(".importing-*"))


def test_two_imports_of_a_survey_do_not_meet(tmp_path):
    folder = people_folder(tmp_path / "made")
    with importing(tmp_path / "releases" / "made"), pytest.raises(ReleaseError, match="another import"):
        imported(tmp_path, people(), folder)


# --- encodings, separators, decimals ---


def french(place: Path) -> Path:
    rows = people(Q1=[("oui", "non", "parfois")[i % 3] for i in range(60)], note=["été à la mer"] * 60)
    return write_csv(rows, place / "rows.csv", sep=";", decimal=",", encoding="cp1252")


def test_a_latin_1_file_is_proposed_with_a_preview_of_its_accents(tmp_path):
    folder = people_folder(tmp_path / "made")
    with pytest.raises(FileErrors) as caught:
        import_file(french(tmp_path), folder, tmp_path / "releases")
    by_kind = {e.kind: e for e in caught.value.errors}
    assert by_kind.keys() == {"encoding", "separator", "decimal"}
    assert "âge" in by_kind["encoding"].found or "été" in by_kind["encoding"].found
    assert "--encoding" in by_kind["encoding"].hint


@pytest.mark.parametrize("way", ["allow", "options", "mapping"])
def test_what_was_found_can_be_confirmed_in_three_ways(tmp_path, way):
    folder = people_folder(tmp_path / "made")
    arguments: list[object] = []
    if way == "allow":
        arguments = ["--allow", "encoding,separator,decimal"]
    elif way == "options":
        arguments = ["--encoding", "cp1252", "--separator", ";", "--decimal", ","]
    else:
        told = {"file": {"encoding": "cp1252", "separator": ";", "decimal": ","}}
        write_yaml(folder / "mapping.yaml", MAPPING | told)
    done = run(tmp_path / "releases", "import", french(tmp_path), "--survey", folder, *arguments)
    assert done.exit_code == 0, done.output
    assert shares(tmp_path)["oui"] == pytest.approx(
        people()["poids"][::3].sum() / people()["poids"].sum(), rel=1e-12
    )


# --- the command ---


def test_the_command_shows_a_table_of_all_errors_and_exits_2(tmp_path):
    folder = people_folder(tmp_path / "made")
    rows = with_("sexe", r5="X")(with_("Q1", r3="7")(people()))
    done = run(tmp_path / "releases", "import", write_csv(rows, tmp_path / "rows.csv"), "--survey", folder)
    assert done.exit_code == 2
    assert "2 error(s) in rows.csv; nothing has changed" in done.stderr
    assert re.search(r"Q1 +row 3 .*'7'.*unknown-code", done.stderr)
    assert re.search(r"sexe +row 5 .*'X'.*unknown-code", done.stderr)
    assert "Traceback" not in done.output


def test_a_kind_of_error_that_nobody_knows_is_refused_with_the_nearest(tmp_path):
    folder = people_folder(tmp_path / "made")
    file = write_csv(people(), tmp_path / "rows.csv")
    done = run(tmp_path / "releases", "import", file, "--survey", folder, "--allow", "unknown-codes, what")
    assert done.exit_code == 2
    assert "did you mean unknown-code?" in done.stderr
    assert "'what'" in done.stderr


def test_what_was_allowed_is_told_after_the_import(tmp_path):
    folder = people_folder(tmp_path / "made")
    file = write_csv(with_("Q1", r3="7")(people()), tmp_path / "rows.csv")
    done = run(tmp_path / "releases", "import", file, "--survey", folder, "--allow", "unknown-code")
    assert done.exit_code == 0
    assert "1 error(s) allowed" in done.stderr
    assert "60 respondents from rows.csv, microdata" in done.stdout


def test_a_failed_import_leaves_the_release_in_service_and_no_file_behind(tmp_path):
    folder = people_folder(tmp_path / "made")
    before = imported(tmp_path, people(), folder).release
    home = tmp_path / "releases" / "made"
    files = {p: p.stat().st_mtime_ns for p in home.rglob("*")}
    with pytest.raises(FileErrors):
        imported(tmp_path, with_("Q1", r3="7")(people()), folder)
    assert {p: p.stat().st_mtime_ns for p in home.rglob("*")} == files
    assert current(tmp_path / "releases", "made") == before.id


def test_the_same_file_imported_again_is_the_same_release(tmp_path):
    folder = people_folder(tmp_path / "made")
    first, second = (imported(tmp_path, people(), folder).release for _ in range(2))
    assert (first.id, first.built) == (second.id, second.built)


# --- this survey ---


def as_the_pollster_might(folder: Path) -> pd.DataFrame:
    """Respondents in other columns and codes, and the mapping that leads back."""
    rows = pd.read_parquet(folder / "respondents.parquet")
    content = yaml.safe_load((folder / "mapping.yaml").read_text("utf-8"))
    out = {"ident": range(len(rows)), "pond": np.ones(len(rows))}
    for i, use in enumerate(content["columns"]):
        name = use.get("variable") or "__".join(filter(None, (use["question"], use.get("item"))))
        if name not in rows:
            continue
        use["column"] = f"V{i}"
        mine = rows[name]
        if not pd.api.types.is_numeric_dtype(mine):
            codes = sorted(map(str, mine.dropna().unique()))
            use["values"] = {str(k + 1): code for k, code in enumerate(codes)}
            mine = mine.map({code: float(k + 1) for k, code in enumerate(codes)})
        out[f"V{i}"] = mine.astype(float)
    content["id"] = "ident"
    write_yaml(folder / "mapping.yaml", content)
    study = (folder / "survey.yaml").read_text("utf-8")
    (folder / "survey.yaml").write_text(study + "\ndesign: {weight: pond}\n", "utf-8")
    return pd.DataFrame(out)


def test_the_shipped_mapping_holds_no_guess(survey):
    from folders import SHIPPED

    content = yaml.safe_load((SHIPPED / "mapping.yaml").read_text("utf-8"))
    targets = {use.get("variable") or (use["question"], use.get("item")) for use in content["columns"]}
    wanted = {v.id for v in survey.variables}
    wanted |= {(q.id, item) for q in survey.questions for item in q.item_ids}
    assert targets == wanted
    assert all(use["column"] is None and use["values"] == {} for use in content["columns"])


def test_the_simulated_respondents_cannot_be_imported_as_real_ones(tmp_path):
    folder = copy_of_shipped(tmp_path)
    with pytest.raises(FileErrors, match="simulated respondents of this program"):
        import_file(folder / "respondents.parquet", folder, tmp_path / "releases")
    rows = as_the_pollster_might(folder)
    rows.loc[:50, "V1"] = 1.0
    file = write_csv(rows, tmp_path / "coat.csv")
    with pytest.raises(FileErrors, match="simulated respondents of this folder"):
        import_file(file, folder, tmp_path / "releases", allow=list(ALLOWED))


def test_a_simulated_release_says_so_wherever_its_file_goes(tmp_path):
    built = build(copy_of_shipped(tmp_path), tmp_path / "releases")
    file = tmp_path / "releases" / "ens-2020" / built.id / "respondents.parquet"
    with pytest.raises(FileErrors, match="simulated respondents of this program"):
        import_file(file, people_folder(tmp_path / "made"), tmp_path / "releases")


def test_an_imported_file_of_this_survey_is_held_to_the_report(tmp_path):
    folder = copy_of_shipped(tmp_path)
    rows = as_the_pollster_might(folder)
    # other people with the same national figures, or it would be the simulated sample
    random = np.random.default_rng(5)
    for name in (c for c in rows if c.startswith("V")):
        some = rows[name].notna().to_numpy().nonzero()[0][:700]
        rows.loc[some, name] = random.permutation(rows.loc[some, name].to_numpy())
    done = run(
        tmp_path / "releases",
        *("import", write_csv(rows, tmp_path / "enquete.csv"), "--survey", folder),
        *("--allow", "unmapped,base"),
    )
    assert done.exit_code == 0, done.output
    assert "123 of 123 figures of the report are reproduced within its rounding" in done.stdout
    store = open_store(tmp_path / "releases", "ens-2020")
    assert (store.release.origin, store.release.file) == ("microdata", "enquete.csv")
    made = figures(store, store.survey.questions, Filter())
    assert {f.origin for f in made} == {"microdata"}
    assert verify(store).origin == "microdata"
    store.close()


# --- large files ---


@pytest.mark.parametrize("design", [{}, {"stratum": "s"}, {"stratum": "s", "psu": "u"}, {"psu": "u"}])
def test_a_large_file_is_summed_by_another_query_to_the_same_figures(tmp_path, monkeypatch, design):
    folder = people_folder(tmp_path / "made", design={"weight": "poids", **design})
    rows = people(s=["A"] * 30 + ["B"] * 30, u=[str(i // 10) for i in range(60)])
    rows.loc[[2, 30], "Q1"] = None
    imported(tmp_path, rows, folder)
    store = open_store(tmp_path / "releases", "made")
    women = Filter.parse("sex=female", store.survey.variables)

    def all_of() -> list[object]:
        questions = store.survey.questions
        made = [*figures(store, questions, Filter()), *figures(store, questions, women, by="age")]
        return [*made, *compare(store, questions, women)]

    expected = all_of()
    monkeypatch.setattr(sums, "MANY", 0)
    monkeypatch.setattr(sums, "MOST_SETS", 1)
    for mine, other in zip(all_of(), expected, strict=True):
        for name, value in vars(other).items():
            if isinstance(value, float):
                assert getattr(mine, name) == pytest.approx(value, rel=1e-12)
            elif not hasattr(value, "__dict__"):
                assert getattr(mine, name) == value
    store.close()


def test_the_method_names_the_file_of_the_answers(survey):
    words = load_words(DATA / "text")["en"]
    assert "File of the answers" in study_facts(survey, "enquete.sav", words)
    assert "enquete.sav" in study_facts(survey, "enquete.sav", words)
    assert "File of the answers" not in study_facts(survey, "", words)
