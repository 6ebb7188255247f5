"""A Parquet file -> plain columns, or every column that is none.

DuckDB reads it. What its footer says of itself (rows, sizes, types) is not believed beyond what can be
read within the limits.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from ens_dash.microdata.errors import FileError, FileErrors
from ens_dash.microdata.reading import (
    INPUT,
    ROWS,
    Reading,
    copy_options,
    exhausted,
    open_database,
    said,
    shown,
    watched,
)
from ens_dash.microdata.source import FileColumn, SourceFile, Storage
from ens_dash.microdata.texts import read_texts
from ens_dash.respondents import FRACTIONS, NUMBERS, identifier, quoted
from ens_dash.survey.model import ORIGIN_KEY

SOURCE = f"read_parquet({quoted(INPUT)})"
_WRITTEN_AS_TEXT = ("VARCHAR", "ENUM", "UUID", "TIME", "TIME WITH TIME ZONE", "TIME_NS", "INTERVAL", "JSON")
_MOMENTS = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
_NESTED = ("STRUCT", "MAP", "UNION", "VARIANT")
_HINT = "the file is cut short or damaged: write it again"


def read_parquet(reading: Reading) -> SourceFile:
    """Read the file `INPUT` of the working folder, and write its rows as `ROWS`.

    Types stay; a category or a time of day becomes text, a moment loses its time zone (it is UTC then). An
    empty text and NaN are NULL.

    Raises:
        FileErrors: it is no whole Parquet file, or has columns that are not plain; all of them.
    """
    with open_database(reading.limits) as connection:
        try:
            return _read(connection, reading)
        except duckdb.Error as error:
            if exhausted(error) is not None:
                raise
            found = f"one that cannot be read ({said(error)})"
            raise reading.refused("a Parquet file that is whole", found, _HINT) from None


def _read(connection: duckdb.DuckDBPyConnection, reading: Reading) -> SourceFile:
    reading.tell("look", 0, None)
    (claimed,) = connection.execute(f"SELECT num_rows FROM parquet_file_metadata({quoted(INPUT)})").fetchall()
    reading.check_names(_top_names(connection))
    reading.check_rows(claimed[0])
    types = {row[0]: str(row[1]) for row in connection.execute(f"DESCRIBE FROM {SOURCE}").fetchall()}
    errors = [_not_plain(name, kind) for name, kind in types.items() if _value(name, kind) is None]
    if errors:
        raise FileErrors(reading.name, errors)
    columns = ", ".join(f"{_value(name, kind)} AS {identifier(name)}" for name, kind in types.items())
    with watched(connection, reading.tell, "read", claimed[0]):
        sql = f"COPY (SELECT {columns} FROM {SOURCE}) TO {quoted(ROWS)} ({copy_options(len(types))})"
        n = connection.execute(sql).fetchall()[0][0]
    if n != claimed[0]:
        raise reading.refused(f"{claimed[0]:,} rows, as the file says", f"{n:,}", _HINT)
    reading.tell("check", n, n)
    texts = [name for name, kind in types.items() if _storage(kind) == "text"]
    numeric = read_texts(connection, f"read_parquet({quoted(ROWS)})", texts, ".", ()).numeric
    return SourceFile(
        name=reading.name,
        format="parquet",
        sha256="",
        rows=Path(ROWS),
        n=n,
        columns=tuple(
            FileColumn(name, _storage(kind), _storage(kind) == "number" or name in numeric)
            for name, kind in types.items()
        ),
        encoding="utf-8",
        simulated=_simulated(connection),
    )


def _top_names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The columns' names as written: a reader tells same ones apart by names of its own."""
    rows = connection.execute(f"SELECT name, num_children FROM parquet_schema({quoted(INPUT)})").fetchall()
    names: list[str] = []
    # the schema is a tree, each entry before its children; the first is the root
    waiting: list[int] = []
    for place, (name, children) in enumerate(rows):
        if place == 0:
            continue
        if not waiting:
            names.append(str(name))
        if waiting:
            waiting[-1] -= 1
        if children:
            waiting.append(int(children))
        while waiting and waiting[-1] == 0:
            waiting.pop()
    return names


def _kind(kind: str) -> str:
    return kind.partition("(")[0]


def _value(name: str, kind: str) -> str | None:
    """SQL of a column as it is written, None where it is not plain."""
    column, base = identifier(name), _kind(kind)
    if kind.endswith("]") or base in _NESTED:
        return None
    if base in ("FLOAT", "DOUBLE"):
        # not nullif: statistics of the file, which pass over NaN, would tell DuckDB that there is none
        return f"CASE WHEN NOT isnan({column}) THEN {column} END"
    if base in NUMBERS or base in ("BOOLEAN", "DATE"):
        return column
    if base in _MOMENTS:
        return f"{column}::TIMESTAMP"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"make_timestamp(epoch_us({column}))"
    if base in _WRITTEN_AS_TEXT:
        return f"nullif({column}::VARCHAR, '')"
    return None


def _storage(kind: str) -> Storage:
    base = _kind(kind)
    if base in NUMBERS or base in FRACTIONS:
        return "number"
    if base == "BOOLEAN":
        return "boolean"
    return "date" if base == "DATE" or base.startswith("TIMESTAMP") else "text"


def _not_plain(name: str, kind: str) -> FileError:
    what = "a list" if kind.endswith("]") else f"{_kind(kind).lower()} values"
    what = {"blob values": "bytes", "struct values": "a structure", "map values": "a map"}.get(what, what)
    hint = "give each part a column of its own, or leave the column out"
    expected = "numbers, texts, dates or yes/no"
    return FileError("", shown(name), "", expected, f"{what} ({shown(kind, 40)})", hint)


def _simulated(connection: duckdb.DuckDBPyConnection) -> bool:
    rows = connection.execute(f"SELECT key, value FROM parquet_kv_metadata({quoted(INPUT)})").fetchall()
    return any(bytes(k) == ORIGIN_KEY.encode() and bytes(v) == b"simulated" for k, v in rows)
