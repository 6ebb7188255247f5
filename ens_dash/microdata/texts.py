"""Texts that are numbers, and texts that stand for no answer: found out over all rows of a file.

A .csv says neither how its numbers are written nor which texts mean "no answer". One pass over all
columns settles most of them; only those with other texts in them are looked at again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from ens_dash.respondents import identifier, quoted

# Texts that programs write for no answer: R, Excel, databases, Stata, tables made by hand.
CANDIDATES = ("NA", "N/A", "#N/A", "NULL", "NaN", "nan", ".", "-")
# R writes it into every column, of texts too; nothing else that is common means something by it.
EVERYWHERE = "NA"


@dataclass(frozen=True)
class Texts:
    """How the texts of a file are to be read: its decimal mark, its texts for no answer, and the columns
    where every other text is a number."""

    decimal: str
    missing: tuple[str, ...]
    numeric: frozenset[str]


def number(sql: str, decimal: str = ".") -> str:
    """SQL: a text (an SQL expression) as DOUBLE, NULL where it is no number under this decimal mark.

    Blanks around it are passed over, infinite is a number, NaN is none. Thousands have no separator.
    """
    mark = f"replace({sql}, ',', '.')" if decimal == "," else sql
    # DuckDB takes 1_000 for a number
    strange = f"contains({sql}, '_')" + (f" OR contains({sql}, '.')" if decimal == "," else "")
    return f"(CASE WHEN NOT ({strange}) THEN nullif(TRY_CAST({mark} AS DOUBLE), 'nan'::DOUBLE) END)"


def read_texts(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    columns: Sequence[str],
    decimal: str | None,
    missing: tuple[str, ...] | None,
) -> Texts:
    """Find out what was not told. `source`: SQL of a table whose `columns` are texts, NULL where empty.

    The decimal mark is a comma where more columns are numbers only with it than only with a point. A
    candidate stands for no answer where it occurs in a column that is numbers otherwise; R's NA wherever
    it occurs. A column with nothing in it is not numeric.
    """
    if not columns:
        return Texts(decimal or ".", missing or (), frozenset())
    known = missing if missing is not None else CANDIDATES
    marks = [decimal] if decimal is not None else [".", ","]
    aside = f"NOT IN ({', '.join(map(quoted, known))})" if known else "IS NOT NULL"
    plain: list[str] = []
    for name in columns:
        column = identifier(name)
        plain += [f"count({column})"]
        plain += [
            f"count(*) FILTER ({column} IS NOT NULL AND {number(column, mark)} IS NULL)" for mark in marks
        ]
    width = 1 + len(marks)
    row = _row(connection, plain, source)
    counts = {name: row[i * width : (i + 1) * width] for i, name in enumerate(columns)}
    mixed = [name for name in columns if counts[name][0] and all(counts[name][1:])]
    present, wrong, seen = _second_look(connection, source, mixed, marks, aside, known)
    for name in columns:
        if name not in wrong:
            present[name] = counts[name][0]
            wrong[name] = counts[name][1:]
    readable = {
        mark: {n for n in columns if present[n] and not wrong[n][i]} for i, mark in enumerate(marks)
    }
    if decimal is None:
        more = len(readable[","] - readable["."]) > len(readable["."] - readable[","])
        decimal = "," if more else "."
    numeric = readable[decimal]
    if missing is None:
        missing = tuple(
            c
            for c in CANDIDATES
            if any(c in found and (name in numeric or c == EVERYWHERE) for name, found in seen.items())
        )
    return Texts(decimal, missing, frozenset(numeric))


def _second_look(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    columns: Sequence[str],
    marks: Sequence[str],
    aside: str,
    known: Sequence[str],
) -> tuple[dict[str, int], dict[str, tuple[int, ...]], dict[str, set[str]]]:
    """Of each column, the texts for no answer aside: how many there are, how many are no number under each
    mark; and which of those texts occur in it."""
    if not columns:
        return {}, {}, {}
    parts: list[str] = []
    for name in columns:
        column = identifier(name)
        parts += [f"count(*) FILTER ({column} {aside})"]
        parts += [f"count(*) FILTER ({column} {aside} AND {number(column, mark)} IS NULL)" for mark in marks]
        parts += [f"count(*) FILTER ({column} = {quoted(text)})" for text in known]
    width = 1 + len(marks) + len(known)
    row = _row(connection, parts, source)
    present: dict[str, int] = {}
    wrong: dict[str, tuple[int, ...]] = {}
    seen: dict[str, set[str]] = {}
    for i, name in enumerate(columns):
        values = row[i * width : (i + 1) * width]
        present[name], wrong[name] = values[0], values[1 : 1 + len(marks)]
        times = values[1 + len(marks) :]
        seen[name] = {text for text, count in zip(known, times, strict=True) if count}
    return present, wrong, seen


def _row(
    connection: duckdb.DuckDBPyConnection, aggregates: Sequence[str], source: str
) -> tuple[int, ...]:
    # a select of thousands of aggregates is slow to plan: in parts
    found: list[int] = []
    for start in range(0, len(aggregates), 600):
        part = ", ".join(aggregates[start : start + 600])
        found += connection.execute(f"SELECT {part} FROM {source}").fetchall()[0]
    return tuple(found)
