"""The store: build a release of the DuckDB file, open it read-only, one cursor a query.

A release is a folder `<releases>/<survey>/<id>/` with the respondents twice (DuckDB and Parquet), the
survey folder as it was (`survey.json`) and `release.json`; the file `current` beside it names the
release in service. The id is a digest of all that went in, so the same input gives the same release.
Everything is written under a temporary name and checked before it gets its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ens_dash import __version__
from ens_dash.survey.base import Origin
from ens_dash.survey.folder import read_survey
from ens_dash.survey.model import ORIGIN_KEY, Survey, column

POINTER = "current"
DATABASE = "respondents.duckdb"
PARQUET = "respondents.parquet"
# A folder that holds this file has respondents made by a program, and only such a folder has.
SIMULATION = "simulation.yaml"
WEIGHT, STRATUM, PSU = "_weight", "_stratum", "_psu"
READ_ONLY: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
}


class ReleaseError(Exception):
    """A release that cannot be built or read: the message says what, where and what to do."""


@dataclass(frozen=True)
class Release:
    """What a release is: `origin` is that of its respondents; `units` the respondents of each stratum
    of the whole sample (PSUs where there are any), in the order of the strata's sorted names."""

    id: str
    survey: str
    origin: Origin
    n: int
    strata: tuple[str, ...]
    units: tuple[int, ...]
    clustered: bool
    columns: tuple[str, ...]
    built: str
    version: str


def release_id(folder: Path) -> str:
    """A digest of every file of the survey folder and of the program's version."""
    digest = hashlib.sha256(__version__.encode())
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def has_release(folder: Path, releases: Path, survey: str) -> bool:
    """Whether there is a release of what the folder of this survey holds now."""
    return (releases / survey / release_id(folder) / "release.json").exists()


def build(folder: Path, releases: Path, *, serve: bool = True) -> Release:
    """Build a release of a survey folder and put it in service; the old one stays until then.

    Without `serve` the release is built, where it is not there yet, and the one in service stays.

    Raises:
        SurveyErrors: the folder has errors; nothing was written.
        ReleaseError: the respondents do not fit the folder; nothing was put in service.
    """
    survey = read_survey(folder)
    name = release_id(folder)
    home = releases / survey.study.id
    if (home / name / "release.json").exists():
        if serve:
            _point(home, name)
        return _read_release(home / name)
    respondents = folder / PARQUET
    if not respondents.exists():
        raise ReleaseError(
            f"{respondents}: expected the respondents, found no file; "
            "run `python -m ens_dash simulate`, or import a survey file"
        )
    home.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".building-", dir=home))
    try:
        release = _write(survey, respondents, work, name, _origin(folder))
        (work / "survey.json").write_text(survey.model_dump_json(), "utf-8")
        (work / "release.json").write_text(json.dumps(asdict(release)), "utf-8")
        _put(work, home / name)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if serve:
        _point(home, name)
    return release


def _origin(folder: Path) -> Origin:
    """Simulated if the file says so of itself, or if a recipe lies beside it: one mark can be lost."""
    try:
        metadata = pq.read_schema(folder / PARQUET).metadata or {}
    except (OSError, pa.ArrowException) as error:
        raise ReleaseError(f"{PARQUET}: expected a Parquet file, found {error}") from None
    marked = metadata.get(ORIGIN_KEY.encode()) == b"simulated"
    return "simulated" if marked or (folder / SIMULATION).exists() else "microdata"


def _put(work: Path, place: Path) -> None:
    try:
        work.rename(place)
    except OSError:
        # another process has built the same release meanwhile
        if not (place / "release.json").exists():
            raise


def _point(home: Path, name: str) -> None:
    with tempfile.NamedTemporaryFile("w", prefix=f".{POINTER}-", dir=home, delete=False) as temporary:
        temporary.write(name)
    os.chmod(temporary.name, 0o644)
    os.replace(temporary.name, home / POINTER)


def _write(survey: Survey, respondents: Path, work: Path, name: str, origin: Origin) -> Release:
    design = survey.study.design
    with duckdb.connect(str(work / DATABASE)) as connection:
        try:
            connection.read_parquet(str(respondents)).create_view("source")
            found = {row[0] for row in connection.execute("DESCRIBE source").fetchall()}
        except duckdb.Error as error:
            raise ReleaseError(f"{respondents.name}: expected a Parquet file, found {error}") from None
        parts = [f"{_column(design.weight, found, '1.0')}::DOUBLE AS {WEIGHT}"]
        parts += [f"{_column(design.stratum, found, quoted('all'))}::VARCHAR AS {STRATUM}"]
        if design.psu is not None:
            parts.append(f"{_column(design.psu, found, 'NULL')}::VARCHAR AS {PSU}")
        columns: dict[str, str] = {}
        for variable in survey.variables:
            columns[variable.id] = _enum([s.code for s in variable.segments])
        for question in survey.questions:
            for item in question.item_ids:
                kind = "DOUBLE" if question.kind == "number" else _enum(question.stored_codes)
                columns[column(question.id, item)] = kind
        missing = [v.id for v in survey.variables if v.id not in found]
        if missing:
            raise ReleaseError(f"{respondents.name}: expected the columns {', '.join(missing)}, found none")
        columns = {c: kind for c, kind in columns.items() if c in found}
        parts += [f'CAST("{c}" AS {kind}) AS "{c}"' for c, kind in columns.items()]
        try:
            connection.execute(f"CREATE TABLE respondents AS SELECT {', '.join(parts)} FROM source")
        except duckdb.ConversionException as error:
            raise ReleaseError(
                f"{respondents.name}: a code that the survey folder does not know: {error}"
            ) from None
        _check_design(connection, respondents.name, [STRATUM] + ([PSU] if design.psu is not None else []))
        target = quoted(str(work / PARQUET))
        connection.execute(f"COPY respondents TO {target} (FORMAT parquet, COMPRESSION zstd)")
        row = connection.execute("SELECT (SELECT count(*) FROM respondents), (SELECT count(*) FROM source)")
        written, expected = row.fetchall()[0]
        if written != expected or written == 0:
            raise ReleaseError(
                f"{respondents.name}: expected {expected} rows (at least one), wrote {written}"
            )
        unit = f"count(DISTINCT {PSU})" if design.psu is not None else "count(*)"
        strata = connection.execute(
            f"SELECT {STRATUM}, {unit} FROM respondents GROUP BY 1 ORDER BY 1"
        ).fetchall()
        return Release(
            id=name,
            survey=survey.study.id,
            origin=origin,
            n=written,
            strata=tuple(s for s, _ in strata),
            units=tuple(u for _, u in strata),
            clustered=design.psu is not None,
            columns=tuple(columns),
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            version=__version__,
        )


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


def _column(name: str | None, found: set[str], default: str) -> str:
    if name is None:
        return default
    if name not in found:
        raise ReleaseError(f"survey.yaml: design: expected a column of the data, found {name!r}")
    return f'"{name}"'


def quoted(text: str) -> str:
    """A SQL string literal, for data definitions, which take no bound values."""
    return "'" + text.replace("'", "''") + "'"


def _enum(codes: Sequence[str]) -> str:
    return "ENUM(" + ", ".join(quoted(c) for c in codes) + ")"


def _read_release(folder: Path) -> Release:
    try:
        stored = json.loads((folder / "release.json").read_text("utf-8"))
        content: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in stored.items()}
        return Release(**content)
    except (OSError, ValueError, TypeError) as error:
        raise ReleaseError(
            f"{folder}: expected a release, found {error}; run `python -m ens_dash build`"
        ) from None


def current(releases: Path, survey: str) -> str | None:
    """The id of the release in service, or None where there is none yet."""
    try:
        return (releases / survey / POINTER).read_text("utf-8").strip() or None
    except OSError:
        return None


class Store:
    """A release opened read-only. Thread-safe: each query runs on a cursor of its own."""

    def __init__(self, release: Release, survey: Survey, connection: duckdb.DuckDBPyConnection) -> None:
        self.release = release
        self.survey = survey
        self._connection = connection

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement with bound values. Column names in `sql` come from `release.columns`."""
        cursor = self._connection.cursor()
        try:
            return cursor.execute(sql, list(values)).fetchall()
        finally:
            cursor.close()

    def close(self) -> None:
        self._connection.close()


def open_store(releases: Path, survey: str, name: str | None = None) -> Store:
    """Open the release in service, or the one with the id `name`.

    Raises:
        ReleaseError: there is none, or it cannot be read; the message says why.
    """
    name = name or current(releases, survey)
    if name is None:
        raise ReleaseError(
            f"{releases / survey}: expected a release, found none; run `python -m ens_dash build`"
        )
    folder = releases / survey / name
    release = _read_release(folder)
    try:
        content = Survey.model_validate_json((folder / "survey.json").read_text("utf-8"))
        connection = duckdb.connect(str(folder / DATABASE), read_only=True, config=READ_ONLY)
        found = connection.execute("SELECT count(*) FROM respondents").fetchall()[0][0]
    except (OSError, ValueError, duckdb.Error) as error:
        raise ReleaseError(f"{folder}: the release cannot be read: {error}") from None
    if found != release.n:
        connection.close()
        raise ReleaseError(f"{folder}: expected {release.n} respondents, found {found}")
    return Store(release, content, connection)
