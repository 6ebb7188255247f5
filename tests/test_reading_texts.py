"""How a .csv is written, found out by looking: separators, decimal marks, texts for no answer, bad rows."""

from __future__ import annotations

import duckdb
import pytest

from ens_dash.microdata import read_stata_spss
from ens_dash.microdata.csv_look import accents, look_at_bytes, separator
from ens_dash.microdata.csv_rows import bad_rows
from ens_dash.microdata.reading import Reading, reaches_somebody
from ens_dash.microdata.sandbox import Limits
from ens_dash.microdata.source import ReadOptions
from ens_dash.microdata.texts import Texts, read_texts
from ens_dash.microdata.valuetext import number_text, value_sql


def texts(columns: dict[str, list[str | None]], decimal=None, missing=None) -> Texts:
    with duckdb.connect() as connection:
        names = ", ".join(f'"{name}" VARCHAR' for name in columns)
        connection.execute(f"CREATE TABLE t ({names})")
        for row in zip(*columns.values(), strict=True):
            connection.execute(f"INSERT INTO t VALUES ({', '.join('?' * len(columns))})", list(row))
        return read_texts(connection, "t", list(columns), decimal, missing)


@pytest.mark.parametrize(
    ("values", "mark", "numeric"),
    [
        (["1", "-2.5", "+3", "1e5", " 4 ", ".5", "6.", "Inf"], ".", True),
        (["1", "2,5"], ",", True),
        (["1", "2,5"], ".", False),
        (["1.5", "2,5"], ",", False),
        (["1_000", "2"], ".", False),
        (["1_000", "2"], ",", False),
        (["NaN", "nan"], ".", False),
        (["1", "oui"], ".", False),
        (["12 €", "1"], ".", False),
        (["1 000", "1"], ".", False),
        ([None, None], ".", False),
        (["0x1F", "1"], ".", False),
        (["1", None], ".", True),
    ],
)
def test_a_column_is_numeric_if_all_its_texts_are_numbers_under_the_mark(values, mark, numeric):
    assert ("x" in texts({"x": values}, mark, ()).numeric) is numeric


@pytest.mark.parametrize(
    ("columns", "mark"),
    [
        ({"w": ["1,5", "2"], "n": ["1", "2"]}, ","),
        ({"w": ["1.5", "2"], "n": ["1", "2"]}, "."),
        ({"n": ["1", "2"]}, "."),
        ({"w": ["1,5", "NA"], "v": ["0,1", "."], "a": ["1.1", "2.2"]}, ","),
        ({"a": ["1.5", "2.5"], "b": ["oui, non", "1,5"]}, "."),
    ],
)
def test_the_decimal_mark_is_the_one_that_makes_columns_numbers(columns, mark):
    assert texts(columns).decimal == mark


def test_texts_for_no_answer_are_found_where_a_column_is_numbers_otherwise():
    found = texts({"x": ["1", "-", ".", "#N/A"], "y": ["a", "NULL", "b", "N/A"]})
    assert found.missing == ("#N/A", ".", "-") and found.numeric == {"x"}


def test_the_na_of_r_is_found_in_texts_too_and_a_dash_is_not():
    assert texts({"y": ["a", "NA", "-"]}).missing == ("NA",)


def test_a_column_of_nothing_but_no_answers_is_not_numeric():
    assert texts({"y": ["NA", "NA"]}).numeric == frozenset()


def test_texts_that_are_told_are_passed_over_be_they_numbers_or_not():
    found = texts({"x": ["1", "99", "n_a"], "y": ["99", "99", None]}, ".", ("99", "n_a"))
    assert found.missing == ("99", "n_a") and found.numeric == {"x"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b|c\n1|2|3\n", "|"),
        ("a\n1\n", ","),
        ('id;"Oui, non, peut-être"\n1;"a, b"\n2;c\n', ";"),
        ('id,"a;b;c"\n1,2\n', ","),
        ("a;b, c;d\n1;2;3\n", ";"),
        ("a,b,c\n1;2\n", ","),
        ("id\tq, one\tq; two\n1\t2\t3\n", "\t"),
    ],
)
def test_the_separator_is_the_one_by_which_rows_agree_with_the_header(text, found):
    assert separator(text) == found


def test_words_with_accents_are_whole_and_differ():
    pieces = iter(["abc" * 50, " Île-de-France; été été; aujourd’hui élu; x", "Œuvre"])
    assert accents(pieces) == ("Île-de-France", "été", "élu")


def test_one_look_at_the_bytes_counts_lines_over_the_edges_of_blocks(tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes(b"a\n" + b"x" * 1_500_000 + b"\n" + "é".encode() + b"\n\xe9\n\0")
    seen = look_at_bytes(file)
    assert (seen.lines, seen.longest, seen.longest_at) == (5, 1_500_000, 2)
    assert (seen.bad_at, seen.nul_at, seen.windows) == (4, 5, True)


def test_a_letter_cut_by_the_edge_of_a_block_is_good(tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes(b"x" * ((1 << 20) - 1) + "é\n".encode())
    assert look_at_bytes(file).bad_at == 0
    file.write_bytes(b"ab\nc\xc3")
    assert look_at_bytes(file).bad_at == 2


def test_lines_of_blanks_before_the_header_are_no_rows_and_count_as_lines():
    (few,) = bad_rows(["\n", "  \n", "a,b\n", "1,2\n", "2\n"], ",", 2)
    assert few.rows == "row 2 (line 5)"
    (few,) = bad_rows(["a,b\n", "1,2\n", "2\n"], ",", 2, 2)
    assert few.rows == "row 2 (line 5)"
    assert not list(bad_rows(["\n", "a\n", "1\n", "\n"], ",", 1))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        *((n, True) for n in ("a.b@c.fr", "<a@b.org>", "0612345678", "06 12 34 56 78", "+33 6 12 34 56 78")),
        *((n, False) for n in ("q1", "2020", "2019-2020", "20200715", "E-mail (nom@exemple.fr)", "12X34X56")),
    ],
)
def test_a_name_that_reaches_somebody_is_known(name, found):
    assert reaches_somebody(name) is found


@pytest.mark.parametrize(
    "kind", ["TINYINT", "BIGINT", "UBIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL(9,2)"]
)
def test_every_type_of_numbers_has_one_text(kind):
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t (x {kind})")
        connection.execute("INSERT INTO t VALUES (0), (7), (100)")
        one, other = (value_sql("x", k) for k in (kind, "DOUBLE"))
        assert connection.execute(f"SELECT {one}, {other} FROM t ORDER BY x").fetchall() == [
            ("0", "0"),
            ("7", "7"),
            ("100", "100"),
        ]


def test_a_number_has_the_text_that_the_database_gives_it():
    numbers = [0.0, -0.0, 1.0, -3.0, 0.1, 1.5e-7, 2.0**53 - 1, 2.0**53, -(2.0**53), 1e15, 1e16, 1e300, 5e-324]
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t (x DOUBLE)")
        connection.executemany("INSERT INTO t VALUES (?)", [[x] for x in numbers])
        found = connection.execute(f"SELECT {value_sql('x', 'DOUBLE')} FROM t").fetchall()
    assert [text for (text,) in found] == [number_text(x) for x in numbers]


def test_bad_rows_are_counted_by_respondent_and_named_by_line():
    lines = ["a,b\n", '1,"x\n', 'y"\n', "\n", "2\n", "3,4,5\n", "6,7,\n"]
    few, many = bad_rows(lines, ",", 2)
    assert (few.rows, few.found) == ("row 2 (line 5)", "1 cell")
    assert (many.rows, many.found) == ("row 3 (line 6)", "3 cells")


def _reading() -> Reading:
    return Reading("a.sav", ReadOptions(), Limits(), lambda *stage: None)


@pytest.mark.parametrize("cases", [b"\x64\0\0\0", b"\xff\xff\xff\xff"], ids=["counted", "not counted"])
@pytest.mark.parametrize("piece", [120, 200, 399, 400, 10_000])
def test_pieces_of_a_file_join_to_the_whole(piece, cases, monkeypatch, tmp_path):
    import pyarrow.parquet as pq
    from hostile_files import sav, table

    content = sav(tmp_path / "input", 100, row_compress=True)
    (tmp_path / "input").write_bytes(content[:80] + cases + content[84:])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(read_stata_spss, "PIECE", piece)
    source = read_stata_spss.read_stata_spss(_reading(), "sav")
    assert source.n == 100
    assert pq.read_table("rows.parquet").column("weight").to_pylist() == table(100)["weight"].to_list()
