"""Survey files read in a process of their own: the same values from every format, and every fault told."""

from __future__ import annotations

import logging
import os
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from hostile_files import HOSTILE, SMALL, Hostile

from ens_dash.microdata import child, read_csv
from ens_dash.microdata.child import network_closed, read_source
from ens_dash.microdata.errors import FileErrors
from ens_dash.microdata.sandbox import Limits
from ens_dash.microdata.source import ReadOptions, SourceFile
from ens_dash.survey.model import ORIGIN_KEY

N = 40


@pytest.fixture
def work(tmp_path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def small() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    satisfied = rng.integers(1, 5, N).astype(float)
    satisfied[3] = np.nan
    towns = np.array(["Angoulême", "Nîmes", "Évry", "Saint-Étienne"])[rng.integers(0, 4, N)].astype(object)
    towns[5] = None
    return pd.DataFrame(
        {
            "id": np.arange(1.0, N + 1),
            "weight": rng.lognormal(0, 0.4, N).round(6),
            "q1": satisfied,
            "town": towns,
        }
    )


def rows(source: SourceFile) -> list[tuple[object, ...]]:
    """The rows with numbers as numbers, whichever way the file holds them."""
    parts = []
    for column in source.columns:
        name = f'"{column.name}"'
        if column.numeric and column.storage == "text":
            name = f"replace({name}, '{source.decimal}', '.')"
        parts.append(f"{name}::DOUBLE" if column.numeric else f"{name}::VARCHAR")
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT {', '.join(parts)} FROM '{source.rows}'").fetchall()


def _text(path: Path, encoding: str, separator: str, decimal: str) -> None:
    table = small().astype({"id": "int64", "q1": "Int64"})
    table.to_csv(path, index=False, sep=separator, decimal=decimal, encoding=encoding)


FORMATS = {
    "a.sav": lambda p: pyreadstat.write_sav(small(), p),
    "packed.SAV": lambda p: pyreadstat.write_sav(small(), p, row_compress=True),
    "a.zsav": lambda p: pyreadstat.write_sav(small(), p, compress=True),
    "a.dta": lambda p: pyreadstat.write_dta(small(), p),
    "old.dta": lambda p: pyreadstat.write_dta(small(), p, version=13),
    "a.parquet": lambda p: small().to_parquet(p),
    "utf8.csv": lambda p: _text(p, "utf-8", ",", "."),
    "marked.csv": lambda p: _text(p, "utf-8-sig", ";", ","),
    "french.csv": lambda p: _text(p, "cp1252", ";", ","),
    "wide.txt": lambda p: _text(p, "utf-16", "\t", "."),
    "tabs.tsv": lambda p: _text(p, "latin-1", "\t", ","),
    "bar.csv": lambda p: _text(p, "utf-8", "|", "."),
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_table_reads_alike_from_every_format(name, tmp_path, work):
    FORMATS[name](tmp_path / name)
    source = read_source(tmp_path / name, work)
    assert source.n == N
    assert [c.name for c in source.columns] == ["id", "weight", "q1", "town"]
    assert [c.numeric for c in source.columns] == [True, True, True, False]
    expected = [
        tuple(None if pd.isna(v) else v for v in row) for row in small().itertuples(index=False, name=None)
    ]
    assert rows(source) == expected


def test_how_a_french_csv_is_written_is_found_out(tmp_path, work):
    FORMATS["french.csv"](tmp_path / "a.csv")
    source = read_source(tmp_path / "a.csv", work)
    assert (source.encoding, source.separator, source.decimal) == ("cp1252", ";", ",")
    assert source.found == ("encoding", "separator", "decimal", "missing")
    assert len(source.accents) == 3 and set(source.accents) <= {"Angoulême", "Nîmes", "Évry", "Saint-Étienne"}
    assert all(c.storage == "text" for c in source.columns)


def test_what_is_told_is_not_found_out(tmp_path, work):
    FORMATS["french.csv"](tmp_path / "a.csv")
    told = ReadOptions("cp1252", ";", ",", ("99",))
    source = read_source(tmp_path / "a.csv", work, told)
    assert source.found == () and source.missing == ("99",)


def test_a_csv_keeps_its_texts_as_written(tmp_path, work):
    (tmp_path / "a.csv").write_bytes(b'id,q1,q2\r\n01,"a ""b""\r\nc", x \r\n2,"",NA\r\n\r\n3,,""\r\n')
    source = read_source(tmp_path / "a.csv", work)
    with duckdb.connect() as connection:
        found = connection.execute(f"FROM '{source.rows}'").fetchall()
    assert found == [("01", 'a "b"\r\nc', " x "), ("2", None, "NA"), ("3", None, None)]


@pytest.mark.parametrize(
    "content",
    [
        b"\nid,q1\n1,2\n3,4\n",
        b"\r\nid,q1\r\n1,2\r\n3,4\r\n",
        b"\xef\xbb\xbf\nid,q1\n1,2\n3,4\n",
        b"\n \n\n  \nid,q1\n1,2\n3,4\n",
        b"\nid,q1\r\n1,2\r\n3,4\r\n",
        b"\r\nid,q1\n1,2\n3,4\n",
        b"\nid,q1\n1,2\r\n3,4\n",
        b"\r \rid,q1\r1,2\r3,4",
        "\n\nid,q1\n1,2\n3,4\n".encode("utf-16"),
    ],
)
def test_blank_lines_before_the_header_are_passed_over(content, tmp_path, work):
    (tmp_path / "a.csv").write_bytes(content)
    source = read_source(tmp_path / "a.csv", work)
    assert [c.name for c in source.columns] == ["id", "q1"]
    assert rows(source) == [(1.0, 2.0), (3.0, 4.0)]


def test_a_blank_line_before_the_header_of_one_column_is_no_respondent(tmp_path, work):
    (tmp_path / "a.csv").write_bytes(b"\n  \nq1\n1\n\n3\n")
    assert rows(read_source(tmp_path / "a.csv", work)) == [(1.0,), (None,), (3.0,)]


def test_a_cell_of_blanks_is_empty(tmp_path, work):
    (tmp_path / "a.csv").write_text('id,q1,q2\n1," ", Non \n2,\u00a0\t,Oui\n3,5,   \n', "utf-8")
    source = read_source(tmp_path / "a.csv", work)
    assert rows(source) == [(1.0, None, " Non "), (2.0, None, "Oui"), (3.0, 5.0, None)]
    assert source.columns[1].numeric


@pytest.mark.parametrize(
    "content",
    [
        b"1001,0612345678,Oui\n1002,0612345679,Non\n",
        b"1001,0612345678,12\n1002,0612345679,13\n",
        b"1001;Paul;paul.durand@exemple.fr\n1002;Luc;luc@exemple.fr\n",
        b"1001;0612345678\n1002;0612345679\n",
    ],
)
@pytest.mark.parametrize("separator", [None, ","])
def test_a_first_row_of_answers_is_refused_and_nothing_of_it_is_told(content, separator, tmp_path, work):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(FileErrors) as refusal:
        read_source(tmp_path / "a.csv", work, ReadOptions(separator=separator))
    said = str(refusal.value)
    assert "column names in the first line" in said
    assert not any(cell in said for cell in ("1001", "0612345678", "Paul", "paul"))


def test_a_csv_of_as_many_columns_as_are_read_fits_the_memory(tmp_path, work):
    names = ",".join(f"q{i}" for i in range(read_csv.MOST_COLUMNS))
    body = ",".join("1234567890"[i % 10] for i in range(read_csv.MOST_COLUMNS))
    (tmp_path / "a.csv").write_text("\n".join([names, *[body] * 2000]))
    assert read_source(tmp_path / "a.csv", work).n == 2000


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system(end, tmp_path, work):
    (tmp_path / "a.csv").write_bytes(end.join(["id;town", "1;Nîmes", "2;Évry", ""]).encode())
    assert rows(read_source(tmp_path / "a.csv", work)) == [(1.0, "Nîmes"), (2.0, "Évry")]


def test_line_ends_of_several_kinds_in_one_file_are_read(tmp_path, work):
    (tmp_path / "a.csv").write_bytes(b"id,q1\n1,2\r\n2,3\n3,4\r\n")
    assert rows(read_source(tmp_path / "a.csv", work)) == [(1.0, 2.0), (2.0, 3.0), (3.0, 4.0)]


def test_a_separator_at_the_end_of_each_row_is_passed_over(tmp_path, work):
    (tmp_path / "a.csv").write_bytes(b"id;q1\n1;2;\n2;2;\n")
    assert rows(read_source(tmp_path / "a.csv", work)) == [(1.0, 2.0), (2.0, 2.0)]


def test_names_of_files_and_columns_may_hold_anything_printable(tmp_path, work):
    file = tmp_path / 'l\'été [1]* "x".csv'
    file.write_bytes('id,"d\'où, ""q"" ?"\n1,2\n'.encode())
    source = read_source(file, work)
    assert source.name == file.name and source.columns[1].name == 'd\'où, "q" ?'


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.name)
def test_a_hostile_file_ends_in_one_clear_refusal(case: Hostile, tmp_path, work):
    file = tmp_path / case.file
    case.write(file)
    started = time.monotonic()
    with pytest.raises(FileErrors) as refusal:
        read_source(file, work, case.options, None, case.limits)
    # far above what it takes alone: others may use the machine
    assert time.monotonic() - started < 25
    said = str(refusal.value).lower()
    assert all(word.lower() in said for word in case.words), said
    assert refusal.value.errors and len(said) < 3000
    assert not any(word in said for word in ("traceback", "exception:", "site-packages", str(tmp_path)))


def test_the_generator_has_forty_files_and_more_over_all_formats():
    assert len({case.name for case in HOSTILE}) == len(HOSTILE) >= 40
    assert {Path(case.file).suffix for case in HOSTILE} >= {".csv", ".sav", ".zsav", ".dta", ".parquet"}


def test_what_an_spss_file_says_of_itself_is_kept(tmp_path, work):
    table = pd.DataFrame(
        {"Q7_1": [1.0, 0.0, 99.0], "score": [1.5, -2.0, 3.0], "town": ["Nîmes", " ", "Évry"]}
    )
    table["day"] = [13_800_000_000.0, 13_800_086_400.0, np.nan]
    pyreadstat.write_sav(
        table,
        tmp_path / "a.sav",
        file_label="Enquête",
        column_labels=["Été\u2028chaud", "Score", "Ville", "Jour"],
        variable_value_labels={
            "Q7_1": {0: "Non", 1: "Oui"},
            "score": {1.5: "Un et demi"},
            "town": {"Évry": "É"},
        },
        missing_ranges={"Q7_1": [99], "score": [{"lo": -9, "hi": -1}], "town": ["Évry"]},
        variable_measure={"Q7_1": "nominal", "score": "scale"},
        variable_format={"day": "DATE11"},
    )
    source = read_source(tmp_path / "a.sav", work)
    asked, score, town, day = source.columns
    assert (source.label, source.encoding, source.found) == ("Enquête", "utf-8", ())
    assert (asked.label, asked.labels, asked.missing) == ("Été chaud", (("0", "Non"), ("1", "Oui")), ("99",))
    assert (asked.measure, score.measure) == ("nominal", "scale")
    assert (score.labels, score.missing_ranges) == ((("1.5", "Un et demi"),), ((-9.0, -1.0),))
    assert (town.storage, town.labels, town.missing) == ("text", (("Évry", "É"),), ("Évry",))
    assert (day.storage, day.numeric) == ("date", False)
    # a user-missing code stays a value, a blank text is none
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT Q7_1, town, day::VARCHAR FROM '{source.rows}'").fetchall()
    assert found == [(1.0, "Nîmes", "2020-02-02"), (0.0, None, "2020-02-03"), (99.0, "Évry", None)]


def with_sets(file: Path, text: bytes) -> None:
    """An SPSS file with a record of multiple-response sets, which pyreadstat does not write."""
    pyreadstat.write_sav(pd.DataFrame({"Q7_1": [1.0, 0.0], "Q7_2": [0.0, 1.0]}), file)
    content = file.read_bytes()
    sizes = np.array([7, 7, 1, len(text)], "<i4").tobytes()
    at = content.index(np.array([999, 0], "<i4").tobytes())
    file.write_bytes(content[:at] + sizes + text + content[at:])


def test_multiple_response_sets_of_an_spss_file_are_kept(tmp_path, work):
    sets = "$used=D1 1 6 Étés q7_1 q7_2\n$rank=C 4 Rang q7_1 q7_2\n"
    with_sets(tmp_path / "a.sav", sets.encode())
    used, rank = read_source(tmp_path / "a.sav", work).sets
    assert (used.name, used.label, used.columns, used.counted) == ("used", "Étés", ("Q7_1", "Q7_2"), "1")
    assert (rank.label, rank.counted) == ("Rang", None)


def test_a_multiple_response_set_that_leads_nowhere_is_left_out(tmp_path, work):
    sets = b"$a=D1 1 1 A q7_1 q7_9\n$b=D3 oui 1 B q7_1 q7_2\n"
    with_sets(tmp_path / "a.sav", sets)
    assert read_source(tmp_path / "a.sav", work).sets == ()


def test_an_spss_file_that_is_not_in_the_encoding_that_it_says_is_read_as_windows(tmp_path, work):
    pyreadstat.write_sav(small(), tmp_path / "a.sav", column_labels=["a", "b", "Été", "d"])
    content = (tmp_path / "a.sav").read_bytes()
    for letter in "éêîÉ":
        content = content.replace(letter.encode(), letter.encode("cp1252") + b" ")
    (tmp_path / "a.sav").write_bytes(content)
    source = read_source(tmp_path / "a.sav", work)
    assert (source.encoding, source.found) == ("windows-1252", ("encoding",))
    assert source.columns[2].label == "É té" and "Nî mes" in {row[3] for row in rows(source)}


def test_stata_keeps_dates_and_labels_and_counts_its_lettered_missing_values(tmp_path, work):
    table = pd.DataFrame({"q1": [1, 2, "a"], "n": np.array([5, 6, 7], np.int32), "day": [21915.0, 0.0, "c"]})
    pyreadstat.write_dta(
        table,
        tmp_path / "a.dta",
        missing_user_values={"q1": ["a"], "day": ["c"]},
        variable_value_labels={"q1": {1: "Oui", 2: "Non", "a": "Refus"}},
        variable_format={"day": "%td"},
    )
    source = read_source(tmp_path / "a.dta", work)
    assert source.columns[0].labels == (("1", "Oui"), ("2", "Non"))
    assert [c.letters for c in source.columns] == [((".a", "Refus", 1),), (), ((".c", "", 1),)]
    assert [c.storage for c in source.columns] == ["number", "number", "date"]
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT q1, n, day::VARCHAR FROM '{source.rows}'").fetchall()
    assert found == [(1.0, 5, "2020-01-01"), (2.0, 6, "1960-01-01"), (None, 7, None)]


def test_a_parquet_file_keeps_its_types(tmp_path, work):
    table = pa.table(
        {
            "yes": [True, None],
            "n": pa.array([1, 2], pa.int16()),
            "x": [1.5, float("nan")],
            "kind": pa.array(["a", ""]).dictionary_encode(),
            "day": pa.array([0, 1], pa.date32()),
            "at": pa.array([0, 1], pa.timestamp("ms", "Europe/Paris")),
            "time": pa.array([0, 1], pa.time64("us")),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    source = read_source(tmp_path / "a.parquet", work)
    kinds = ["boolean", "number", "number", "text", "date", "date", "text"]
    assert [c.storage for c in source.columns] == kinds and not source.simulated
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT yes, n, x, kind, \"at\"::VARCHAR, time::VARCHAR FROM '{source.rows}'"
        ).fetchall()
    assert found[0] == (True, 1, 1.5, "a", "1970-01-01 00:00:00", "00:00:00")
    assert found[1][:4] == (None, 2, None, None)


def test_simulated_respondents_are_recognised_by_their_mark(tmp_path, work):
    pq.write_table(
        pa.table({"q": [1]}).replace_schema_metadata({ORIGIN_KEY: "simulated"}), tmp_path / "a.parquet"
    )
    assert read_source(tmp_path / "a.parquet", work).simulated


def test_progress_is_told_in_rows_and_the_digest_is_the_files(tmp_path, work):
    pyreadstat.write_sav(small(), tmp_path / "a.sav")
    told: list[tuple[str, int, int | None]] = []
    source = read_source(tmp_path / "a.sav", work, progress=lambda *stage: told.append(stage))
    assert ("read", N, N) in told and told[-1][0] == "digest"
    digest = subprocess.run(
        ["sha256sum", tmp_path / "a.sav"], capture_output=True, text=True, check=True
    ).stdout
    assert source.sha256 == digest.split()[0]


def long_csv(file: Path) -> Path:
    file.write_bytes(b"a,b,c,d,e,f,g,h,i,j\n" + b"1,2,3,4,5,6,7,8,9,x\n" * 1_500_000)
    return file


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (replace(SMALL, wall=0.2), "more than 0.2 seconds"),
        (replace(SMALL, cpu=1, rows=10**9), "1 seconds of computing"),
        (replace(SMALL, output=5_000, rows=10**9), "larger than 0 MB"),
        (replace(SMALL, rows=1_000), "at most 1,000 respondents"),
    ],
    ids=["wall", "cpu", "output", "rows"],
)
def test_a_reader_that_comes_to_a_limit_says_which(limits: Limits, words, tmp_path, work):
    with pytest.raises(FileErrors, match=words):
        read_source(long_csv(tmp_path / "a.csv"), work, limits=limits)


@pytest.fixture
def worker(monkeypatch, tmp_path):
    """Puts a program of the test in the place of the reader."""

    def replace_by(body: str) -> None:
        folder = tmp_path / "modules"
        folder.mkdir()
        (folder / "other_worker.py").write_text(body, "utf-8")
        monkeypatch.syspath_prepend(str(folder))
        monkeypatch.setattr(child, "WORKER", "other_worker")

    return replace_by


ROWS_OF_TWO = (
    "import pyarrow as pa, pyarrow.parquet as pq; pq.write_table(pa.table({'q': [1, 2]}), 'rows.parquet');"
)
ANSWER = (
    '{"name": "", "format": "csv", "sha256": "", "rows": "/etc/passwd", "n": 2, '
    '"columns": [{"name": "q", "storage": "text", "numeric": true}]}'
)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("import os; os.kill(os.getpid(), 11)", "SIGSEGV"),
        ("import os; os.kill(os.getpid(), 9)", "want of memory"),
        ("import os; os.abort()", "SIGABRT"),
        ("raise ValueError('inside')", "could not read"),
        ("pass", "no answer that holds"),
        ("open('source.json', 'w').write('{')", "no answer that holds"),
        ("open('source.json', 'w').write('[' * 100000)", "no answer that holds"),
        ("open('refused.json', 'w').write('[{}]')", "no answer that holds"),
        (f"open('source.json', 'w').write({ANSWER!r})", "no answer that holds"),
        (
            f"{ROWS_OF_TWO} open('source.json', 'w').write({ANSWER.replace('2, ', '3, ')!r})",
            "no answer that holds",
        ),
        (
            f"{ROWS_OF_TWO} open('source.json', 'w').write({ANSWER.replace('csv', 'sav')!r})",
            "no answer that holds",
        ),
        (
            f"{ROWS_OF_TWO} open('source.json', 'w').write({ANSWER.replace('true', '1')!r})",
            "no answer that holds",
        ),
        ("import os; os.symlink('/dev/zero', 'source.json')", "no answer that holds"),
        ("while True: print('[' * 60000, flush=True)", "more than 3 seconds"),
        ("while True: print('x' * 60000, end='', flush=True)", "more than 3 seconds"),
        ("import sys, time; sys.stdout.close(); time.sleep(60)", "more than 3 seconds"),
    ],
)
def test_a_reader_that_dies_or_lies_ends_in_a_refusal(body, words, worker, tmp_path, work, capfd):
    worker(body)
    (tmp_path / "a.csv").write_bytes(b"q\n1\n2\n")
    with pytest.raises(FileErrors, match=words):
        read_source(tmp_path / "a.csv", work, limits=replace(SMALL, wall=3.0))
    assert capfd.readouterr() == ("", "")


def test_an_honest_answer_of_another_reader_is_taken_but_never_its_place_of_the_rows(worker, tmp_path, work):
    worker(f"{ROWS_OF_TWO} open('source.json', 'w').write({ANSWER!r})")
    (tmp_path / "a.csv").write_bytes(b"q\n1\n2\n")
    source = read_source(tmp_path / "a.csv", work)
    assert (source.rows, source.name, source.n) == (work / "rows.parquet", "a.csv", 2)


def test_an_interrupt_ends_the_reader(worker, monkeypatch, tmp_path, work):
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[-1])
    worker("print('[\"read\", 1, 2]', flush=True)\nimport time\ntime.sleep(60)")
    (tmp_path / "a.csv").write_bytes(b"q\n1\n")

    def interrupt(*stage: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_source(tmp_path / "a.csv", work, progress=interrupt)
    assert started[0].returncode == -9


def test_the_reader_gets_nothing_of_our_environment(worker, monkeypatch, tmp_path, work):
    monkeypatch.setenv("A_SECRET", "x")
    worker("import os; open('names', 'w').write(' '.join(os.environ))")
    (tmp_path / "a.csv").write_bytes(b"q\n1\n")
    with pytest.raises(FileErrors):
        read_source(tmp_path / "a.csv", work)
    names = (work / "names").read_text().split()
    assert "PYTHONPATH" in names and "A_SECRET" not in names


def can_close() -> bool:
    """Whether this system lets a program of util-linux do what the reader does."""
    for options in (["-n"], ["-rn"]):
        try:
            if subprocess.run(["unshare", *options, "true"], capture_output=True).returncode == 0:
                return True
        except FileNotFoundError:
            return False
    return False


@pytest.mark.skipif(not can_close(), reason="this system lets no process give up its network")
def test_the_reader_has_no_network(caplog, tmp_path, work):
    assert network_closed()
    (tmp_path / "a.csv").write_bytes(b"q\n1\n")
    with caplog.at_level(logging.WARNING):
        read_source(tmp_path / "a.csv", work)
    assert not caplog.records


OPEN = "import sys\nimport ens_dash.microdata.worker as w\nw.confine = lambda *a: False\nsys.exit(w.main())"


def test_a_network_that_stays_open_is_said(worker, caplog, tmp_path, work):
    worker(OPEN)
    (tmp_path / "a.csv").write_bytes(b"q\n1\n")
    with caplog.at_level(logging.WARNING):
        assert read_source(tmp_path / "a.csv", work).n == 1
    assert "network" in caplog.text
    assert not network_closed()


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path, work):
    file = tmp_path / "a.csv"
    file.write_bytes(b"q\n1\n")
    with pytest.raises(FileErrors, match="changed while it was read"):
        read_source(file, work, progress=lambda *stage: file.write_bytes(b"q\n1\n2\n"))


def test_a_file_that_goes_while_it_is_read_is_refused(tmp_path, work):
    file = tmp_path / "a.csv"
    file.write_bytes(b"q\n1\n")
    with pytest.raises(FileErrors, match=r"while it was read|none of this name"):
        read_source(file, work, progress=lambda *stage: file.unlink(missing_ok=True))


def test_a_file_that_may_not_be_read_is_refused(monkeypatch, tmp_path, work):
    file = tmp_path / "a.csv"
    file.write_bytes(b"q\n1\n")
    file.chmod(0)
    if os.geteuid() == 0:
        # who administers the system may read everything

        def forbidden(*args: object, **options: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(FileErrors, match="no permission"):
        read_source(file, work)
