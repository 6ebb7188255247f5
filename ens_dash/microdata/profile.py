"""The columns of a survey file in numbers: a few passes of DuckDB over its rows, no row is handed out."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import duckdb

from ens_dash.microdata.naming import words_of
from ens_dash.microdata.source import FileColumn, SourceFile
from ens_dash.microdata.valuetext import value_sql
from ens_dash.respondents import identifier, quoted

# A column with more values than this is no list of answers; its values are not counted one by one.
COUNTED = 1000
# Texts among the numbers of a column (`NSP`): more of them, and it is no column of numbers.
TEXTS = 20
# Columns that are summed up in one query.
TOGETHER = 20
MEMORY = "1GB"
LONGEST_NUMBER = 40
# A program that has missing answers as floats writes 1.0 for the code 1.
FRACTION = re.compile(r"^(-?[0-9]+)[.,]0+$")
DAY = "BETWEEN DATE '1900-01-01' AND DATE '2100-12-31'"


@dataclass(frozen=True)
class Profile:
    """A column in numbers. `filled`: rows with a value (neither NULL nor one of the file's missing texts);
    `distinct`: how many different ones; `counts`: value as text -> rows, None above COUNTED values;
    `singles`: values that one or two rows have. Of the values that read as numbers: `numbers` rows have
    one, `whole` of them without a fraction, `low`, `high`; `long` with nine digits or more; `days` that are
    a date written as a number. `texts`: the values of a column of numbers that are none, counted;
    `listed`: the rows of values that the file labels or declares as missing, where `counts` is None.
    `declared`: values in a range that the file declares as missing. `patterns`: pattern -> rows."""

    column: FileColumn
    filled: int
    distinct: int
    counts: dict[str, int] | None
    singles: int
    numbers: int = 0
    whole: int = 0
    long: int = 0
    days: int = 0
    low: float | None = None
    high: float | None = None
    longest: int = 0
    texts: dict[str, int] = field(default_factory=dict)
    listed: dict[str, int] = field(default_factory=dict)
    declared: tuple[str, ...] = ()
    patterns: dict[str, int] = field(default_factory=dict)
    first_day: str = ""
    last_day: str = ""

    @property
    def name(self) -> str:
        return self.column.name

    def rows(self, codes: Iterable[str]) -> int:
        """How many rows have one of some values: of all of them, or of those that are counted."""
        counted = self.counts if self.counts is not None else {**self.texts, **self.listed}
        return sum(counted.get(code, 0) for code in set(codes))

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers, a few texts for special cases aside."""
        return self.numbers > 0 and self.numbers + sum(self.texts.values()) == self.filled


def as_number(text: str) -> float | None:
    """The number that a text stands for, with a decimal point or comma; None where it is none."""
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in text else None


def text_sql(column: FileColumn, missing: Sequence[str]) -> str:
    """A column's value as text in SQL, as an import reads it (`value_sql`), NULL where there is no value.

    `missing`: the texts of the file that stand for no answer.
    """
    name = identifier(column.name)
    if column.storage == "number":
        return f"CASE WHEN isfinite({name}::DOUBLE) THEN {value_sql(column.name, 'DOUBLE')} END"
    if column.storage == "text":
        return f"CASE WHEN {name} NOT IN ({', '.join(map(quoted, ['', *missing]))}) THEN {name} END"
    return f"{name}::VARCHAR"


def number_sql(column: FileColumn, missing: Sequence[str], decimal: str) -> str:
    """A column's value as a number in SQL, NULL where it is none."""
    if column.storage == "number":
        name = identifier(column.name)
        return f"CASE WHEN isfinite({name}::DOUBLE) THEN {name}::DOUBLE END"
    if column.storage != "text":
        return "NULL::DOUBLE"
    text = f"trim({text_sql(column, missing)})"
    if decimal != ".":
        text = f"replace({text}, {quoted(decimal)}, '.')"
    number = f"TRY_CAST(CASE WHEN length({text}) <= {LONGEST_NUMBER} THEN {text} END AS DOUBLE)"
    return f"CASE WHEN isfinite({number}) THEN {number} END"


def connect(source: SourceFile) -> duckdb.DuckDBPyConnection:
    """A connection of its own with the file's rows as the view `source`."""
    connection = duckdb.connect()
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.read_parquet(str(source.rows)).create_view("source")
    return connection


def profiles(
    connection: duckdb.DuckDBPyConnection, source: SourceFile, patterns: Sequence[tuple[str, str]] = ()
) -> dict[str, Profile]:
    """Every column of the file in numbers, by name, in the file's order.

    `patterns`: (name, regular expression that RE2 knows), counted over all rows of the texts that have more
    than COUNTED values; the others' values are few and can be read.
    """
    found: dict[str, Profile] = {}
    for start in range(0, len(source.columns), TOGETHER):
        columns = source.columns[start : start + TOGETHER]
        for column, sums in zip(columns, _sums(connection, source, columns), strict=True):
            found[column.name] = _profile(connection, source, column, sums, patterns)
    return found


def _sums(
    connection: duckdb.DuckDBPyConnection, source: SourceFile, columns: Iterable[FileColumn]
) -> list[tuple[object, ...]]:
    parts, width = [], 0
    for column in columns:
        text = text_sql(column, source.missing)
        number = number_sql(column, source.missing, source.decimal)
        measured = text if column.storage == "text" else "NULL"
        mine = [
            f"count({text})",
            f"approx_count_distinct({text})",
            f"count({number})",
            f"count(*) FILTER ({number} = trunc({number}))",
            f"count(*) FILTER ({number} = trunc({number}) AND abs({number}) BETWEEN 1e8 AND 1e16)",
            f"min({number})",
            f"max({number})",
            f"coalesce(max(length({measured})), 0)",
        ]
        width = len(mine)
        parts += mine
    row = connection.execute(f"SELECT {', '.join(parts)} FROM source").fetchall()[0]
    return [row[i : i + width] for i in range(0, len(row), width)]


def _profile(
    connection: duckdb.DuckDBPyConnection,
    source: SourceFile,
    column: FileColumn,
    sums: tuple[object, ...],
    patterns: Sequence[tuple[str, str]],
) -> Profile:
    filled, about, numbers, whole, long, low, high, longest = (
        float(str(v)) if v is not None else None for v in sums
    )
    text = text_sql(column, source.missing)
    counts: dict[str, int] | None = None
    # the count is an estimate, some percent off: what may be under the bound is counted
    if (about or 0) <= 2 * COUNTED:
        grouped = f"SELECT {text} AS v, count(*) FROM source WHERE v IS NOT NULL GROUP BY 1"
        rows = connection.execute(f"{grouped} ORDER BY 1 LIMIT {COUNTED + 1}").fetchall()
        counts = _merged(column, rows) if len(rows) <= COUNTED else None
    matched: dict[str, int] = {}
    if counts is None:
        distinct, singles = connection.execute(
            f"SELECT count(*), count(*) FILTER (n < 3) FROM (SELECT {text} AS v, count(*) AS n FROM source "
            "WHERE v IS NOT NULL GROUP BY 1)"
        ).fetchall()[0]
        if column.storage == "text" and patterns:
            tests = ", ".join(
                f"count(*) FILTER (regexp_matches({text}, {quoted(pattern)}))" for _, pattern in patterns
            )
            row = connection.execute(f"SELECT {tests} FROM source").fetchall()[0]
            matched = {name: n for (name, _), n in zip(patterns, row, strict=True)}
    else:
        distinct, singles = len(counts), sum(1 for n in counts.values() if n < 3)
    declared = _declared(connection, source, column)
    days = _days(connection, source, column) if whole and high and high >= 1_011_900 else 0
    dated = column.storage == "date" or (column.storage == "text" and "date" in words_of(column.name))
    first, last = _span(connection, column) if dated else ("", "")
    return Profile(
        column=column,
        filled=int(filled or 0),
        distinct=distinct,
        counts=counts,
        singles=singles,
        numbers=int(numbers or 0),
        whole=int(whole or 0),
        long=int(long or 0),
        days=days,
        low=low,
        high=high,
        longest=int(longest or 0),
        texts=_texts(connection, source, column) if numbers and numbers < (filled or 0) else {},
        listed=_listed(connection, source, column, declared) if counts is None else {},
        declared=declared,
        patterns=matched,
        first_day=first,
        last_day=last,
    )


def _merged(column: FileColumn, rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Value -> rows; of numbers in a text file `1.0` is the code `1`, as an import reads it."""
    counts: dict[str, int] = {}
    for value, n in rows:
        code = FRACTION.sub(r"\1", value) if column.storage == "text" and column.numeric else value
        counts[code] = counts.get(code, 0) + n
    return counts


def _texts(connection: duckdb.DuckDBPyConnection, source: SourceFile, column: FileColumn) -> dict[str, int]:
    text = text_sql(column, source.missing)
    number = number_sql(column, source.missing, source.decimal)
    rows = connection.execute(
        f"SELECT {text} AS v, count(*) FROM source WHERE v IS NOT NULL AND ({number}) IS NULL GROUP BY 1 "
        f"ORDER BY 1 LIMIT {TEXTS + 1}"
    ).fetchall()
    return dict(rows) if len(rows) <= TEXTS else {}


def _declared(
    connection: duckdb.DuckDBPyConnection, source: SourceFile, column: FileColumn
) -> tuple[str, ...]:
    """The values of the file that lie in a range which it declares as missing."""
    if not column.missing_ranges:
        return ()
    text = text_sql(column, source.missing)
    number = number_sql(column, source.missing, source.decimal)
    inside = " OR ".join(f"({number}) BETWEEN ? AND ?" for _ in column.missing_ranges)
    ends = [end for span in column.missing_ranges for end in span]
    rows = connection.execute(
        f"SELECT DISTINCT {text} AS v FROM source WHERE {inside} ORDER BY 1 LIMIT {COUNTED}", ends
    ).fetchall()
    labelled = [
        code
        for code, _ in column.labels
        if (n := as_number(code)) is not None and any(a <= n <= b for a, b in column.missing_ranges)
    ]
    return tuple(dict.fromkeys([*labelled, *sorted((v for (v,) in rows), key=lambda v: as_number(v) or 0)]))


def _listed(
    connection: duckdb.DuckDBPyConnection, source: SourceFile, column: FileColumn, declared: Sequence[str]
) -> dict[str, int]:
    codes = {*declared, *column.missing, *(code for code, _ in column.labels)}
    if not codes:
        return {}
    text = text_sql(column, source.missing)
    among = ", ".join(map(quoted, sorted(codes)))
    rows = connection.execute(f"SELECT {text} AS v, count(*) FROM source WHERE v IN ({among}) GROUP BY 1")
    return dict(rows.fetchall())


def _days(connection: duckdb.DuckDBPyConnection, source: SourceFile, column: FileColumn) -> int:
    """How many rows have a date written as a number, year first or day first."""
    number = number_sql(column, source.missing, source.decimal)
    digits = f"lpad(TRY_CAST({number} AS BIGINT)::VARCHAR, 8, '0')"
    counts = ", ".join(
        f"count(*) FILTER (try_strptime({digits}, {quoted(form)})::DATE {DAY})"
        for form in ("%Y%m%d", "%d%m%Y", "%m%d%Y")
    )
    row = connection.execute(f"SELECT {counts} FROM source WHERE ({number}) >= 1011900").fetchall()[0]
    return int(max(row))


def _span(connection: duckdb.DuckDBPyConnection, column: FileColumn) -> tuple[str, str]:
    day = f"TRY_CAST(left({identifier(column.name)}::VARCHAR, 10) AS DATE)"
    row = connection.execute(
        f"SELECT min({day})::VARCHAR, max({day})::VARCHAR FROM source WHERE {day} {DAY}"
    ).fetchall()[0]
    return (row[0] or "", row[1] or "")
