"""A release: built whole or not at all, the same for the same content, read-only and hardened."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from folders import SHIPPED, copy_of_shipped, made_folder, question, witness_folder

from ens_dash import release as release_module
from ens_dash import store as module
from ens_dash.store import ReleaseError, build, current, has_release, open_store, release_id
from ens_dash.survey.errors import SurveyErrors
from ens_dash.survey.folder import read_survey

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
    assert has_release(folder, tmp_path / "releases", read_survey(folder))


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


@pytest.mark.parametrize("step", ["write_table", "put", "point"])
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
    monkeypatch.setattr(module, "put", lambda *places: (_ for _ in ()).throw(OSError("disk full")))
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
        ({"use": ["yes", "perhaps", "no"]}, r"column use: .* \(yes, no\), found 'perhaps' in 1 row"),
        ({"sex": ["female", "x", "x"]}, r"column sex: .* \(female, male\), found 'x' in 2 rows"),
        ({"use": ["yes", "", "no"]}, "column use: .* found '' in 1 row"),
        ({"visits": ["1", "many", "2"]}, "column visits: expected a number, found 'many' in 1 row"),
        ({"visits": [1.0, float("inf"), 2.0]}, "column visits: expected a number, found 'inf' in 1 row"),
        ({"sex": None}, r"expected the column sex \(the variable sex of segments.yaml\), found none$"),
    ],
)
def test_respondents_that_do_not_fit_the_folder_are_told(tmp_path, change, message):
    rows = {name: values for name, values in (ROWS | change).items() if values is not None}
    with pytest.raises(ReleaseError, match=message):
        build(made(tmp_path / "made", rows), tmp_path / "releases")
    assert current(tmp_path / "releases", "made") is None


def test_all_that_does_not_fit_is_told_at_once(tmp_path):
    rows: dict[str, list[object]] = {
        "sx": ["female", "male", "male"],
        "use": ["perhaps", "perhaps", "never"],
        "visits": ["1", "many", None],
        "extra": [1, 2, 3],
    }
    with pytest.raises(ReleaseError) as caught:
        build(made(tmp_path / "made", rows, weight="w"), tmp_path / "releases")
    told = [line.removeprefix("respondents.parquet: ") for line in str(caught.value).splitlines()]
    assert told == [
        "expected the column w (the design's weight in survey.yaml), found none (known: sx, extra)",
        "expected the column sex (the variable sex of segments.yaml), found none (did you mean sx?)",
        "column use: expected a code of the survey folder (yes, no), "
        "found 'perhaps' in 2 rows, 'never' in 1 row",
        "column visits: expected a number, found 'many' in 1 row",
        "columns that the survey folder does not know, ignored: sx, extra",
    ]


def test_of_very_many_unknown_codes_the_rest_is_counted(tmp_path):
    folder = made(
        tmp_path / "made", {"sex": ["male"] * 50, "use": [f"x{i:02}" for i in range(50)], "visits": [1] * 50}
    )
    with pytest.raises(ReleaseError, match="'x19' in 1 row, 30 more in 30 rows"):
        build(folder, tmp_path / "releases")


def test_a_renamed_column_of_a_published_figure_is_an_error(tmp_path):
    folder = copy_of_shipped(tmp_path)
    path = folder / "respondents.parquet"
    pd.read_parquet(path).rename(columns={"tools_used__dmp": "tools_used__dpm"}).to_parquet(path)
    with pytest.raises(ReleaseError) as caught:
        build(folder, tmp_path / "releases")
    assert "the column tools_used__dmp (question tools_used, item dmp)" in str(caught.value)
    assert "did you mean tools_used__dpm?" in str(caught.value)
    assert not (tmp_path / "releases" / "ens-2020" / "current").exists()


def test_without_published_figures_every_question_needs_its_columns(tmp_path):
    rows = {name: values for name, values in ROWS.items() if name != "visits"}
    with pytest.raises(ReleaseError, match=r"the column visits \(question visits\), found none"):
        build(made(tmp_path / "made", rows), tmp_path / "releases")


def test_with_published_figures_a_question_without_any_needs_no_column(tmp_path):
    rows = {name: values for name, values in ROWS.items() if name != "visits"}
    folder = made(tmp_path / "made", rows)
    header = "question,item,answer,value,unit,part,heading,words"
    (folder / "published.csv").write_text(f"{header}\nuse,,yes,50,percent,1,h,w\n", "utf-8")
    assert build(folder, tmp_path / "releases").columns == ("sex", "use")


def test_columns_that_the_folder_does_not_know_are_no_error_by_themselves(tmp_path):
    release = build(made(tmp_path / "made", ROWS | {"extra": [1, 2, 3]}), tmp_path / "releases")
    assert release.columns == ("sex", "use", "visits")


@pytest.mark.parametrize(
    "values",
    [
        pd.array([1, 0, None], dtype="Int64"),
        pd.array([1, 0, None], dtype="Int8"),
        [1.0, 0.0, float("nan")],
        [Decimal("1.00"), Decimal("0.00"), None],
        ["1", "0", None],
    ],
    ids=["integers", "small integers", "floats", "decimals", "texts"],
)
def test_codes_are_read_as_text_whatever_the_type_of_their_column(tmp_path, values):
    data = pd.DataFrame({"sex": ["male"] * 3, "use": values})
    asked = [question("use", "single", ["0", "1"], "1")]
    folder = made_folder(tmp_path / "made", data, asked, VARIABLES, {})
    build(folder, tmp_path / "releases")
    opened = open_store(tmp_path / "releases", "made")
    assert opened.query("SELECT use::VARCHAR FROM respondents") == [("1",), ("0",), (None,)]
    opened.close()


def test_a_number_with_a_fraction_is_no_code(tmp_path):
    data = pd.DataFrame({"sex": ["male"] * 3, "use": [1.0, 0.5, 0.0]})
    folder = made_folder(tmp_path / "made", data, [question("use", "single", ["0", "1"], "1")], VARIABLES, {})
    with pytest.raises(ReleaseError, match=r"column use: .* \(0, 1\), found '0\.5' in 1 row$"):
        build(folder, tmp_path / "releases")


def test_a_code_that_is_written_with_a_fraction_is_found_as_it_stands(tmp_path):
    data = pd.DataFrame({"sex": ["male"] * 2, "use": [1.0, 0.5]})
    asked = [question("use", "single", ["1.0", "0.5"], "0.5")]
    build(made_folder(tmp_path / "made", data, asked, VARIABLES, {}), tmp_path / "releases")
    opened = open_store(tmp_path / "releases", "made")
    assert opened.query("SELECT use::VARCHAR FROM respondents") == [("1.0",), ("0.5",)]
    opened.close()


@pytest.mark.parametrize(
    ("rows", "design", "message"),
    [
        ({"w": [1.0, 0.0, 2.0]}, {"weight": "w"}, "a weight above zero on every row, found 1 "),
        ({"w": [1.0, None, float("inf")]}, {"weight": "w"}, "a weight above zero on every row, found 2 "),
        ({"s": ["a", None, "a"]}, {"stratum": "s"}, r"a stratum \(and PSU\) on every row, found 1 "),
        ({"p": ["a", None, "b"]}, {"psu": "p"}, r"a stratum \(and PSU\) on every row, found 1 "),
        ({}, {"weight": "w"}, r"the column w \(the design's weight in survey.yaml\), found none"),
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


# --- a broken release ---


def break_release(place: Path, file: str, content: bytes) -> None:
    (place / file).write_bytes(content)


BREAKS = [
    ("respondents.duckdb", b"garbage"),
    ("respondents.duckdb", b""),
    ("survey.json", b"{"),
    ("survey.json", b"\xff"),
    ("release.json", b"[]"),
    ("release.json", b"{"),
    ("release.json", b"\xff"),
    ("release.json", b'{"id": 3}'),
    ("respondents.parquet", b"garbage"),
]


@pytest.mark.parametrize(("file", "content"), BREAKS)
def test_a_broken_release_is_built_again_under_its_id(tmp_path, file, content):
    folder, releases = made(tmp_path / "made", ROWS), tmp_path / "releases"
    first = build(folder, releases)
    break_release(releases / "made" / first.id, file, content)
    again = build(folder, releases)
    assert again.id == first.id == current(releases, "made")
    opened = open_store(releases, "made")
    assert opened.query("SELECT count(*) FROM respondents") == [(3,)]
    assert opened.release == again
    opened.close()
    # neither the broken one nor a half-built one stays behind
    assert {p.name for p in (releases / "made").iterdir()} == {"current", first.id}
    assert build(folder, releases) == again


@pytest.mark.parametrize("file", ["respondents.duckdb", "survey.json", "release.json"])
def test_a_release_that_lacks_a_file_is_built_again(tmp_path, file):
    folder, releases = made(tmp_path / "made", ROWS), tmp_path / "releases"
    name = build(folder, releases).id
    (releases / "made" / name / file).unlink()
    assert build(folder, releases, serve=False).id == name
    open_store(releases, "made").close()


def test_a_release_with_one_bad_block_is_built_again(tmp_path):
    folder, releases = copy_of_shipped(tmp_path), tmp_path / "releases"
    place = releases / "ens-2020" / build(folder, releases).id
    path = place / "respondents.duckdb"
    whole = bytearray(path.read_bytes())
    # the second block after the headers: not needed to open the file and count its rows
    at = 3 * 4096 + 2**18 + 20_000
    whole[at : at + 64] = bytes(255 - b for b in whole[at : at + 64])
    path.write_bytes(whole)
    everything = "SELECT bit_xor(hash(r)) FROM respondents AS r"
    opened = open_store(releases, "ens-2020")
    with pytest.raises(duckdb.Error):
        opened.query(everything)
    opened.close()
    build(folder, releases)
    opened = open_store(releases, "ens-2020")
    assert opened.query(everything)
    opened.close()


def test_a_broken_release_stays_where_it_is_until_the_new_one_is_built(tmp_path, monkeypatch):
    folder, releases = made(tmp_path / "made", ROWS), tmp_path / "releases"
    place = releases / "made" / build(folder, releases).id
    break_release(place, "survey.json", b"{")

    def die(*arguments: object) -> None:
        assert place.exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "write_table", die)
    with pytest.raises(KeyboardInterrupt):
        build(folder, releases)
    assert (place / "survey.json").read_bytes() == b"{"


def test_two_builds_at_once_over_a_broken_release_agree(tmp_path):
    folder, releases = made(tmp_path / "made", ROWS), tmp_path / "releases"
    name = build(folder, releases).id
    break_release(releases / "made" / name, "survey.json", b"{")
    with ThreadPoolExecutor(4) as pool:
        found = {release.id for release in pool.map(lambda _: build(folder, releases), range(4))}
    assert found == {name}
    open_store(releases, "made").close()
    assert {p.name for p in (releases / "made").iterdir()} == {"current", name}


def test_a_release_of_another_name_is_not_opened(tmp_path):
    folder, releases = made(tmp_path / "made", ROWS), tmp_path / "releases"
    name = build(folder, releases).id
    (releases / "made" / name).rename(releases / "made" / "other")
    with pytest.raises(ReleaseError, match=f"found that of made/{name}"):
        open_store(releases, "made", "other")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"../../elsewhere", b"a\0b", b"a" * 300, b"two words"])
def test_a_pointer_that_holds_no_id_is_told(tmp_path, content):
    folder, releases = made(tmp_path / "made", ROWS), tmp_path / "releases"
    build(folder, releases)
    (releases / "made" / "current").write_bytes(content)
    with pytest.raises(ReleaseError, match="expected the id of a release"):
        current(releases, "made")
    name = build(folder, releases).id
    assert current(releases, "made") == name


# --- the id ---


@pytest.mark.parametrize(
    "name", [".hidden", "notes.yaml~", "notes.yaml.swp", "questions/.x.yaml", ".git/HEAD"]
)
def test_what_an_editor_leaves_is_no_part_of_a_release(tmp_path, name):
    folder = made(tmp_path / "made", ROWS)
    first = release_id(folder)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("questions: 3\n", "utf-8")
    assert release_id(folder) == first
    build(folder, tmp_path / "releases")


def test_another_store_format_is_another_release(tmp_path, monkeypatch):
    folder = made(tmp_path / "made", ROWS)
    first = release_id(folder)
    monkeypatch.setattr(release_module, "STORE_FORMAT", "another")
    assert release_id(folder) != first


def test_the_survey_may_be_asked_for_by_its_name(tmp_path):
    folder, releases = made(tmp_path / "elsewhere", ROWS), tmp_path / "releases"
    with pytest.raises(SurveyErrors, match="expected 'elsewhere', the folder's name, found 'made'"):
        build(folder, releases, named="elsewhere")
    assert not releases.exists()
    assert build(folder, releases).survey == build(folder, releases, named="made").survey == "made"


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
