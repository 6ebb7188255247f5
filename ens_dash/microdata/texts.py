"""Texts that are numbers, and texts that stand for no answer: found out over all rows of a file.

A .csv says neither how its numbers are written nor which texts mean "no answer". One pass over all
columns settles most of them; only those with other texts in them are looked at again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
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


def read_texts(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    columns: Sequence[str],
    decimal: str | None,
    missing: tuple[str, ...] | None,
) -> Texts:
    """Find out what was not told. `source`: SQL of a table whose `columns` are texts, NULL where empty.

    A number may have blanks around it and be infinite, but has no thousands separator; NaN is none. The
    decimal mark is a comma where more columns are numbers only with it than only with a point. A
    candidate stands for no answer where it occurs in a column that is numbers otherwise; R's NA wherever
    it occurs. A column with nothing in it is not numeric.
    """
    aside = CANDIDATES if missing is None else missing
    counts = _counts(connection, source, columns, aside)
    numeric = {mark: frozenset(n for n, c in counts.items() if c.numeric(mark)) for mark in (".", ",")}
    if decimal is None:
        comma, point = numeric[","] - numeric["."], numeric["."] - numeric[","]
        decimal = "," if len(comma) > len(point) else "."
    if missing is None:
        missing = tuple(
            text
            for text in CANDIDATES
            if any(
                c.times.get(text) and (text == EVERYWHERE or name in numeric[decimal])
                for name, c in counts.items()
            )
        )
    return Texts(decimal, missing, numeric[decimal])


@dataclass(frozen=True)
class _Counts:
    """Of a column: texts that are there, numbers with a point and with a comma as the mark (a comma taken
    for a point), texts with `_` and with a point in them; how often each text for no answer occurs."""

    present: int
    point: int
    underscores: int
    points: int
    comma: int
    times: Mapping[str, int]

    def numeric(self, mark: str) -> bool:
        """Whether all texts are numbers under this mark, those for no answer aside, and there are any."""
        left = self.present - sum(self.times.values())
        numbers = self.point if mark == "." else self.comma
        numbers -= sum(n for text, n in self.times.items() if _is_number(text))
        strange = self.underscores - sum(n for text, n in self.times.items() if "_" in text)
        if mark == ",":
            strange += self.points - sum(n for text, n in self.times.items() if "." in text)
        return 0 < left == numbers and strange == 0


def _is_number(text: str) -> bool:
    try:
        return not math.isnan(float(text.replace(",", ".")))
    except ValueError:
        return False


def _counts(
    connection: duckdb.DuckDBPyConnection, source: str, columns: Sequence[str], aside: Sequence[str]
) -> dict[str, _Counts]:
    # plain counts: with FILTER or CASE the same answers take three to five times as long
    first = [
        part
        for column in map(identifier, columns)
        for part in (
            f"count({column})",
            f"count({_cast(column)})",
            # DuckDB takes 1_000 for a number
            f"count_if(contains({column}, '_'))",
            f"count_if(contains({column}, '.'))",
        )
    ]
    rows = _rows(connection, source, first, len(columns))
    # where all are numbers none is a text for no answer, unless a number was told to be one
    plain = not any(map(_is_number, aside))
    mixed = [n for n, row in zip(columns, rows, strict=True) if row[0] > row[1] or not plain]
    second = [
        part
        for column in map(identifier, mixed)
        for part in (
            "count(" + _cast(f"replace({column}, ',', '.')") + ")",
            *(f"count_if({column} = {quoted(text)})" for text in aside),
        )
    ]
    looked = dict(zip(mixed, _rows(connection, source, second, len(mixed)), strict=True))
    found: dict[str, _Counts] = {}
    for name, (present, point, underscores, points) in zip(columns, rows, strict=True):
        comma, *times = looked.get(name, (point,))
        found[name] = _Counts(
            present, point, underscores, points, comma, dict(zip(aside, times, strict=False))
        )
    return found


def _cast(sql: str) -> str:
    return f"nullif(TRY_CAST({sql} AS DOUBLE), 'nan'::DOUBLE)"


def _rows(
    connection: duckdb.DuckDBPyConnection, source: str, aggregates: Sequence[str], columns: int
) -> list[tuple[int, ...]]:
    """The aggregates of each column, from one pass over the rows; in parts, as thousands are slow to plan."""
    found: list[int] = []
    for start in range(0, len(aggregates), 600):
        part = ", ".join(aggregates[start : start + 600])
        # over no rows count_if is NULL
        found += [n or 0 for n in connection.execute(f"SELECT {part} FROM {source}").fetchall()[0]]
    width = len(aggregates) // columns if columns else 0
    return [tuple(found[i * width : (i + 1) * width]) for i in range(columns)]
