"""A release: built whole or not at all, the same for the same content, read-only and hardened."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from folders import SHIPPED, copy_of_shipped, made_folder, question, witness_folder

from ens_dash import store as module
from ens_dash.store import ReleaseError, build, current, has_release, open_store, release_id
from ens_dash.survey.errors import SurveyErrors

VARIABLES = {"sex": ["female", "male"]}


def made(place: Path, rows: dict[str, list[object]], **design: str) -> Path:
    asked = [question("use", "single", ["yes", "no"], "yes"), question("visits", "number", [], "mean")]
    return made_folder(place, pd.DataFrame(rows), asked, VARIABLES, design)


ROWS: dict[str, list[object]] = {
    "sex": ["female", "male", "male"],
    "use": ["yes", None, "no"],
    "visits": [1, 2, None],
}


def test_the_same_content_gives_the_same_release(tmp_path, releases, store):
    again = build(copy_of_shipped(tmp_path), tmp_path / "releases")
    assert again.id == store.release.id == release_id(SHIPPED)
    assert current(tmp_path / "releases", "ens-2020") == again.id


def test_another_content_gives_another_release_and_puts_it_in_service(tmp_path, store):
    folder = copy_of_shipped(tmp_path)
    first = build(folder, tmp_path / "releases")
    with (folder / "glossary.yaml").open("a", encoding="utf-8") as file:
        file.write("# a remark\n")
    second = build(folder, tmp_path / "releases")
    assert second.id != first.id
    assert current(tmp_path / "releases", "ens-2020") == second.id
    assert has_release(folder, tmp_path / "releases", "ens-2020")


def test_building_what_is_there_already_only_points_to_it(tmp_path):
    folder = made(tmp_path / "made", ROWS)
    first = build(folder, tmp_path / "releases")
    assert build(folder, tmp_path / "releases") == first


def test_a_release_built_without_serving_leaves_the_one_in_service(tmp_path):
    folder, releases = made(tmp_path / "made", ROWS), tmp_path / "releases"
    served = build(folder, releases)
    (folder / "notes.yaml").write_text("notes: []\n", "utf-8")
    other = build(folder, releases, serve=False)
    assert current(releases, "made") == served.id != other.id
    opened = open_store(releases, "made", other.id)
    assert opened.release == other
    opened.close()


def test_a_release_holds_the_respondents_twice(releases, store):
    place = releases / "ens-2020" / store.release.id
    assert {p.name for p in place.iterdir()} == {
        "respondents.duckdb",
        "respondents.parquet",
        "survey.json",
        "release.json",
    }
    rows = duckdb.sql(
        f"SELECT count(*), count(DISTINCT age) FROM '{place / 'respondents.parquet'}'"
    ).fetchall()
    assert rows == [(2100, 5)] == store.query("SELECT count(*), count(DISTINCT age) FROM respondents")
    assert store.release.n == 2100


@pytest.mark.parametrize("step", ["_write", "_put", "_point"])
def test_a_build_that_dies_leaves_the_old_release_in_service(tmp_path, monkeypatch, step):
    folder, releases = made(tmp_path / "made", ROWS), tmp_path / "releases"
    old = build(folder, releases)
    (folder / "notes.yaml").write_text("notes: []\n", "utf-8")

    def die(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, step, die)
    with pytest.raises(KeyboardInterrupt):
        build(folder, releases)
    monkeypatch.undo()
    assert current(releases, "made") == old.id
    opened = open_store(releases, "made")
    assert opened.query("SELECT count(*) FROM respondents") == [(3,)]
    opened.close()
    assert build(folder, releases).id != old.id


def test_no_half_built_release_stays_behind(tmp_path, monkeypatch):
    folder, releases = made(tmp_path / "made", ROWS), tmp_path / "releases"
    monkeypatch.setattr(module, "_put", lambda *places: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        build(folder, releases)
    assert list((releases / "made").iterdir()) == []


def test_two_builds_of_the_same_content_at_once_agree(tmp_path):
    folder, releases = made(tmp_path / "made", ROWS), tmp_path / "releases"
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: build(folder, releases).id, range(4)))
    assert len(set(found)) == 1
    assert current(releases, "made") == found[0]


def test_a_folder_with_errors_writes_nothing(tmp_path):
    folder = copy_of_shipped(tmp_path)
    (folder / "segments.yaml").write_text("variables: 3\n", "utf-8")
    with pytest.raises(SurveyErrors):
        build(folder, tmp_path / "releases")
    assert not (tmp_path / "releases").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"use": ["yes", "perhaps", "no"]}, "a code that the survey folder does not know.*perhaps"),
        ({"sex": ["female", "male", "x"]}, "a code that the survey folder does not know.*x"),
        ({"visits": ["1", "many", "2"]}, "does not know.*many"),
        ({"sex": None}, "expected the columns sex, found none"),
    ],
)
def test_respondents_that_do_not_fit_the_folder_are_told(tmp_path, change, message):
    rows = {name: values for name, values in (ROWS | change).items() if values is not None}
    with pytest.raises(ReleaseError, match=message):
        build(made(tmp_path / "made", rows), tmp_path / "releases")
    assert current(tmp_path / "releases", "made") is None


@pytest.mark.parametrize(
    ("rows", "design", "message"),
    [
        ({"w": [1.0, 0.0, 2.0]}, {"weight": "w"}, "a weight above zero on every row, found 1 "),
        ({"w": [1.0, None, float("inf")]}, {"weight": "w"}, "a weight above zero on every row, found 2 "),
        ({"s": ["a", None, "a"]}, {"stratum": "s"}, r"a stratum \(and PSU\) on every row, found 1 "),
        ({"p": ["a", None, "b"]}, {"psu": "p"}, r"a stratum \(and PSU\) on every row, found 1 "),
        ({}, {"weight": "w"}, "design: expected a column of the data, found 'w'"),
    ],
)
def test_a_design_that_would_make_estimates_silently_wrong_is_refused(tmp_path, rows, design, message):
    with pytest.raises(ReleaseError, match=message):
        build(made(tmp_path / "made", ROWS | rows, **design), tmp_path / "releases")


def test_missing_or_spoilt_respondents_are_told_with_what_to_do(tmp_path):
    folder = made(tmp_path / "made", ROWS)
    (folder / "respondents.parquet").write_bytes(b"not parquet at all")
    with pytest.raises(ReleaseError, match="expected a Parquet file"):
        build(folder, tmp_path / "releases")
    (folder / "respondents.parquet").unlink()
    with pytest.raises(ReleaseError, match="python -m ens_dash simulate"):
        build(folder, tmp_path / "releases")


def test_respondents_are_simulated_where_there_are_settings_of_a_simulation(tmp_path, store):
    assert store.release.origin == "simulated"
    assert build(made(tmp_path / "made", ROWS), tmp_path / "releases").origin == "microdata"


def test_the_frame_counts_units_of_the_whole_sample(tmp_path):
    folder = witness_folder(tmp_path / "made", {"weight": "weight", "stratum": "stratum", "psu": "psu"})
    release = build(folder, tmp_path / "releases")
    assert (release.strata, release.units, release.clustered) == (("A", "B", "C", "D"), (7, 6, 9, 5), True)


# --- reading ---


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_text('/etc/passwd')",
        "COPY respondents TO '/tmp/stolen.csv'",
        "ATTACH '/tmp/other.duckdb' AS other",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "INSTALL httpfs",
        "LOAD httpfs",
        "CREATE TABLE other (x INTEGER)",
        "DELETE FROM respondents",
        "UPDATE respondents SET age = '18-24'",
        "DROP TABLE respondents",
    ],
)
def test_an_open_release_can_be_read_and_nothing_else(store, sql):
    with pytest.raises(duckdb.Error):
        store.query(sql)
    assert store.query("SELECT count(*) FROM respondents") == [(2100,)]


def test_values_are_bound_and_never_run(store):
    hostile = "female'; DROP TABLE respondents; --"
    assert store.query("SELECT count(*) FROM respondents WHERE sex::VARCHAR = ?", [hostile]) == [(0,)]
    assert store.query("SELECT count(*) FROM respondents") == [(2100,)]


def test_queries_at_the_same_time_are_right(store, survey):
    codes = [s.code for s in survey.variables_by_id["region"].segments]
    sql = "SELECT count(*), min(region::VARCHAR) FROM respondents WHERE region = ?"
    expected = {code: store.query(sql, [code]) for code in codes}
    start = threading.Barrier(8)

    def ask(offset: int) -> list[tuple[str, object]]:
        start.wait()
        asked = [codes[(offset + i) % len(codes)] for i in range(60)]
        return [(code, store.query(sql, [code])) for code in asked]

    with ThreadPoolExecutor(8) as pool:
        for answers in pool.map(ask, range(8)):
            assert all(found == expected[code] for code, found in answers)


def test_a_missing_or_broken_release_says_why(tmp_path):
    releases = tmp_path / "releases"
    with pytest.raises(ReleaseError, match="found none; run `python -m ens_dash build`"):
        open_store(releases, "made")
    name = build(made(tmp_path / "made", ROWS), releases).id
    place = releases / "made" / name
    whole = (place / "respondents.duckdb").read_bytes()
    (place / "respondents.duckdb").write_bytes(whole[: len(whole) // 3])
    with pytest.raises(ReleaseError, match="cannot be read"):
        open_store(releases, "made")
    (place / "release.json").write_text("{", "utf-8")
    with pytest.raises(ReleaseError, match="expected a release"):
        open_store(releases, "made")


def test_a_release_that_lost_respondents_is_not_opened(tmp_path):
    releases = tmp_path / "releases"
    name = build(made(tmp_path / "made", ROWS), releases).id
    with duckdb.connect(str(releases / "made" / name / "respondents.duckdb")) as connection:
        connection.execute("DELETE FROM respondents WHERE sex = 'female'")
    with pytest.raises(ReleaseError, match="expected 3 respondents, found 2"):
        open_store(releases, "made")
