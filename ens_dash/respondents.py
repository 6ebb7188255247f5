"""Respondents as DuckDB's table: every column of a source read by the survey folder, or refused.

Whatever does not fit is told at once: a column that is missing, a code that the folder does not know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ens_dash.release import ReleaseError
from ens_dash.survey.model import Survey, column
from ens_dash.survey.references import nearest

WEIGHT, STRATUM, PSU = "_weight", "_stratum", "_psu"
# Types with a fraction: a code column that was read as numbers has 1.0 for the code "1".
FRACTIONS = ("FLOAT", "DOUBLE", "DECIMAL")
WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
NUMBERS = (*FRACTIONS, *WHOLE, *(f"U{kind}" for kind in WHOLE))
# What DuckDB may take while respondents are written; a million of 80 columns need about half of it.
MEMORY = "1GB"
# Of one column, or of the columns that nobody knows, not more than this are named.
NAMED = 20


@dataclass(frozen=True)
class Table:
    """What was written: rows, and the units (respondents, or PSUs) of each stratum by sorted name."""

    n: int
    strata: tuple[str, ...]
    units: tuple[int, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """Where respondents are read from: `name` for what is told, `select` a SQL query over Parquet files
    whose columns are those that the folder names."""

    name: str
    select: str

    @classmethod
    def of(cls, parquet: Path) -> Source:
        return cls(parquet.name, f"SELECT * FROM read_parquet({quoted(str(parquet))})")


def as_imported_columns(survey: Survey) -> Survey:
    """The survey whose weight, stratum and PSU stand where an import puts them."""
    design = survey.study.design
    own = {
        role: name
        for role, name in (("weight", WEIGHT), ("stratum", STRATUM), ("psu", PSU))
        if getattr(design, role) is not None
    }
    return survey.changed(study=survey.study.changed(design=design.changed(**own)))


@dataclass(frozen=True)
class _Reading:
    """How a column of the source is read: both are SQL. `given`: there is an answer; `value`: the answer,
    NULL where the folder does not know it."""

    name: str
    expected: str
    given: str
    value: str


def write_table(
    survey: Survey,
    source: Source,
    database: Path,
    parquet: Path,
    metadata: Mapping[str, str],
    absent: Sequence[str] = (),
) -> Table:
    """Read the respondents of a survey folder and write them as a DuckDB file and as Parquet.

    A NaN in a column of floats is no answer, as pandas writes it. Columns that the folder does not know
    are left out. `metadata` goes into the Parquet file. `absent`: columns that may be missing.

    Raises:
        ReleaseError: with everything that does not fit the folder, or why the file cannot be read.
    """
    try:
        with connected(database) as connection:
            return _write(connection, survey, source, parquet, metadata, absent)
    except duckdb.Error as error:
        raise ReleaseError(f"{source.name}: the respondents cannot be read: {error}") from None


def connected(database: Path) -> duckdb.DuckDBPyConnection:
    """A connection that stays within MEMORY, and writes beside the database what does not fit."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "temp_directory": str(database.parent / ".overflow"),
        "max_temp_directory_size": "8GB",
    }
    return duckdb.connect(str(database), config=config)


def _write(
    connection: duckdb.DuckDBPyConnection,
    survey: Survey,
    source: Source,
    parquet: Path,
    metadata: Mapping[str, str],
    absent: Sequence[str],
) -> Table:
    file, design = source.name, survey.study.design
    types = _open(connection, source)
    wanted = _wanted(survey)
    readings = [_reading(c, types[c], codes) for c, codes in wanted.items() if c in types]
    told = [*_missing(survey, types, wanted, absent), *_unknown(connection, readings)]
    if told:
        raise ReleaseError("\n".join(f"{file}: {line}" for line in [*told, *_ignored(survey, types, wanted)]))
    weight = "1.0" if design.weight is None else _number(design.weight, types[design.weight])
    stratum = quoted("all") if design.stratum is None else identifier(design.stratum)
    parts = [f"{weight}::DOUBLE AS {WEIGHT}", f"{stratum}::VARCHAR AS {STRATUM}"]
    if design.psu is not None:
        parts.append(f"{identifier(design.psu)}::VARCHAR AS {PSU}")
    parts += [f"{r.value} AS {identifier(r.name)}" for r in readings]
    connection.execute(f"CREATE TABLE respondents AS SELECT {', '.join(parts)} FROM source")
    _check_design(connection, file, [STRATUM] + ([PSU] if design.psu is not None else []))
    told_of = ", ".join(f"{quoted(key)}: {quoted(value)}" for key, value in metadata.items())
    options = "FORMAT parquet, COMPRESSION zstd" + (f", KV_METADATA {{{told_of}}}" if told_of else "")
    connection.execute(f"COPY respondents TO {quoted(str(parquet))} ({options})")
    row = connection.execute("SELECT (SELECT count(*) FROM respondents), (SELECT count(*) FROM source)")
    written, expected = row.fetchall()[0]
    if written != expected or written == 0:
        raise ReleaseError(f"{file}: expected {expected} rows (at least one), wrote {written}")
    unit = f"count(DISTINCT {PSU})" if design.psu is not None else "count(*)"
    strata = connection.execute(f"SELECT {STRATUM}, {unit} FROM respondents GROUP BY 1 ORDER BY 1").fetchall()
    return Table(
        n=written,
        strata=tuple(s for s, _ in strata),
        units=tuple(u for _, u in strata),
        columns=tuple(r.name for r in readings),
    )


def _open(connection: duckdb.DuckDBPyConnection, source: Source) -> dict[str, str]:
    """The columns of the source and their DuckDB types; it is the view `source` afterwards."""
    try:
        connection.execute(f"CREATE TEMP VIEW source AS {source.select}")
        return {row[0]: row[1] for row in connection.execute("DESCRIBE source").fetchall()}
    except duckdb.Error as error:
        raise ReleaseError(f"{source.name}: expected a Parquet file, found {error}") from None


def _wanted(survey: Survey) -> dict[str, tuple[str, ...] | None]:
    """Every column that the folder knows -> its codes, or None for a number."""
    wanted: dict[str, tuple[str, ...] | None] = {}
    for variable in survey.variables:
        wanted[variable.id] = tuple(s.code for s in variable.segments)
    for question in survey.questions:
        for item in question.item_ids:
            wanted[column(question.id, item)] = None if question.kind == "number" else question.stored_codes
    return wanted


def _reading(name: str, kind: str, codes: Sequence[str] | None) -> _Reading:
    source = identifier(name)
    given = f"{source} IS NOT NULL"
    if kind in ("FLOAT", "DOUBLE"):
        given += f" AND NOT isnan({source})"
    if codes is None:
        number = _number(name, kind)
        value = f"CASE WHEN {given} AND isfinite({number}) THEN {number} END"
        return _Reading(name, "a number", given, value)
    enum = "ENUM(" + ", ".join(quoted(c) for c in codes) + ")"
    value = f"TRY_CAST({source}::VARCHAR AS {enum})"
    if _is(kind, FRACTIONS):
        whole = f"CASE WHEN {source} = trunc({source}) THEN TRY_CAST({source} AS HUGEINT)::VARCHAR END"
        value = f"coalesce({value}, TRY_CAST({whole} AS {enum}))"
    known = ", ".join(codes[:NAMED]) + (", …" if len(codes) > NAMED else "")
    return _Reading(name, f"a code of the survey folder ({known})", given, value)


def _number(name: str, kind: str) -> str:
    # a number goes over directly: the way through text would change a 32-bit float
    source = identifier(name)
    return f"{source}::DOUBLE" if _is(kind, NUMBERS) else f"TRY_CAST({source}::VARCHAR AS DOUBLE)"


def _is(kind: str, kinds: Sequence[str]) -> bool:
    return kind.partition("(")[0] in kinds


def _needed(survey: Survey) -> Iterator[tuple[str, str]]:
    """The columns that must be there, with what for: without one, figures would be lost without a word."""
    design = survey.study.design
    for role, name in (("weight", design.weight), ("stratum", design.stratum), ("psu", design.psu)):
        if name is not None:
            yield name, f"the design's {role} in survey.yaml"
    for variable in survey.variables:
        yield variable.id, f"the variable {variable.id} of segments.yaml"
    published = {(f.question, f.item) for f in survey.published}
    for question in survey.questions:
        for item in question.item_ids:
            if not published or (question.id, item) in published:
                of = f", item {item}" if item is not None else ""
                yield column(question.id, item), f"question {question.id}{of}"


def _missing(
    survey: Survey, types: Mapping[str, str], wanted: Mapping[str, object], absent: Sequence[str]
) -> Iterator[str]:
    free = _free(survey, types, wanted)
    for name, what in dict(_needed(survey)).items():
        if name not in types and name not in absent:
            hint = nearest(name, free)
            yield f"expected the column {name} ({what}), found none" + (f" ({hint})" if hint else "")


def _unknown(connection: duckdb.DuckDBPyConnection, readings: Sequence[_Reading]) -> Iterator[str]:
    if not readings:
        return
    wrong = [f"({r.given}) AND ({r.value}) IS NULL" for r in readings]
    counts = connection.execute(
        "SELECT " + ", ".join(f"count(*) FILTER ({w})" for w in wrong) + " FROM source"
    ).fetchall()[0]
    for reading, condition, rows in zip(readings, wrong, counts, strict=True):
        if not rows:
            continue
        found = connection.execute(
            f"SELECT {identifier(reading.name)}::VARCHAR, count(*) FROM source WHERE {condition} "
            "GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
        named = [f"{code!r} in {_rows(n)}" for code, n in found[:NAMED]]
        if len(found) > NAMED:
            rest = sum(n for _, n in found[NAMED:])
            named.append(f"{len(found) - NAMED} more in {_rows(rest)}")
        yield f"column {reading.name}: expected {reading.expected}, found {', '.join(named)}"


def _rows(n: int) -> str:
    return f"{n} row" if n == 1 else f"{n} rows"


def _free(survey: Survey, types: Mapping[str, str], wanted: Mapping[str, object]) -> list[str]:
    """The columns of the file that nothing in the folder asks for."""
    design = survey.study.design
    return [c for c in types if c not in wanted and c not in (design.weight, design.stratum, design.psu)]


def _ignored(survey: Survey, types: Mapping[str, str], wanted: Mapping[str, object]) -> Iterator[str]:
    free = _free(survey, types, wanted)
    if free:
        more = f" and {len(free) - NAMED} more" if len(free) > NAMED else ""
        yield f"columns that the survey folder does not know, ignored: {', '.join(free[:NAMED])}{more}"


def _check_design(connection: duckdb.DuckDBPyConnection, file: str, units: Sequence[str]) -> None:
    """Estimates are silently wrong for a weight of zero, or where a respondent has no stratum or PSU."""
    missing = " OR ".join(f"{unit} IS NULL" for unit in units)
    bad = f"NOT coalesce(isfinite({WEIGHT}) AND {WEIGHT} > 0, false)"
    sql = f"SELECT count(*) FILTER ({bad}), count(*) FILTER ({missing}) FROM respondents"
    weights, places = connection.execute(sql).fetchall()[0]
    if weights:
        raise ReleaseError(f"{file}: expected a weight above zero on every row, found {weights} rows without")
    if places:
        raise ReleaseError(f"{file}: expected a stratum (and PSU) on every row, found {places} rows without")


def quoted(text: str) -> str:
    """A SQL string literal, for data definitions, which take no bound values."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A SQL name; a column of the design may have any name."""
    return '"' + name.replace('"', '""') + '"'
