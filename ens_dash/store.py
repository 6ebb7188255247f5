"""The store: build a release of the DuckDB file, open it read-only, one cursor a query.

Everything is written under a temporary name and checked before it gets its own (`ens_dash.release`);
how respondents are read stands in `ens_dash.respondents`. A release that is there already is opened and
read to the end before it is trusted; a broken one is built again under its id.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ens_dash import __version__
from ens_dash.imported import (
    RECORD_KEY,
    ImportRecord,
    as_imported,
    design_of,
    imported,
    mapping_digest,
    metadata,
)
from ens_dash.release import (
    CONTENT,
    DATABASE,
    DESCRIPTION,
    PARQUET,
    SIMULATION,
    Release,
    ReleaseError,
    Seen,
    current,
    look,
    point,
    put,
    read_release,
    release_id,
    write_release,
)
from ens_dash.respondents import PSU, STRATUM, WEIGHT, Source, as_imported_columns, write_table
from ens_dash.survey.base import Origin
from ens_dash.survey.folder import read_survey
from ens_dash.survey.mapping import FILE as MAPPING
from ens_dash.survey.model import ORIGIN_KEY, Survey

__all__ = [
    "PARQUET",
    "PSU",
    "SIMULATION",
    "STRATUM",
    "WEIGHT",
    "Release",
    "ReleaseError",
    "Seen",
    "Store",
    "build",
    "current",
    "has_release",
    "look",
    "open_store",
    "release_id",
]

READ_ONLY: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
}


@dataclass(frozen=True)
class Basis:
    """What a release is made of: the survey as it will be read, its respondents, and the release's id.

    `reading`: the survey with the design's columns where the source has them. `record`: of an import.
    """

    id: str
    survey: Survey
    reading: Survey
    source: Source
    origin: Origin
    record: ImportRecord | None = None

    @classmethod
    def imported(cls, folder: Path, survey: Survey, source: Source, record: ImportRecord) -> Basis:
        """Of imported respondents, whose columns are those that an import makes."""
        mine = as_imported(survey, record)
        name = release_id(folder, record.key)
        return cls(name, mine, as_imported_columns(mine), source, "microdata", record)


def basis_of(folder: Path, releases: Path, survey: Survey) -> Basis:
    """What a release of the folder is made of today: the imported respondents, else the folder's own.

    Raises:
        ReleaseError: the imported respondents cannot be read, or are of another mapping.yaml or design.
    """
    found = imported(releases, survey.study.id)
    if found is None:
        respondents = folder / PARQUET
        origin = _origin(folder) if respondents.exists() else "microdata"
        return Basis(release_id(folder), survey, survey, Source.of(respondents), origin)
    path, record = found
    if record.mapping != mapping_digest(folder):
        raise ReleaseError(
            f"{folder / MAPPING}: it has changed since {record.file} was imported with it; "
            "import the file again"
        )
    if record.design != design_of(survey):
        raise ReleaseError(
            f"{folder}: the weight, stratum or PSU in survey.yaml has changed since {record.file} was "
            "imported; import the file again"
        )
    return Basis.imported(folder, survey, Source.of(path), record)


def has_release(folder: Path, releases: Path, survey: Survey) -> bool:
    """Whether there is a release, sound or not, of what the folder of this survey holds now."""
    return (releases / survey.study.id / basis_of(folder, releases, survey).id / DESCRIPTION).exists()


def build(folder: Path, releases: Path, *, serve: bool = True, named: str | None = None) -> Release:
    """Build a release of a survey folder and put it in service; the old one stays until then.

    Without `serve` the release is built, where it is not there yet or is broken, and the one in service
    stays. `named`: the id that the survey must have, where the release is looked for under it afterwards.

    Raises:
        SurveyErrors: the folder has errors; nothing was written.
        ReleaseError: the respondents do not fit the folder; nothing was put in service.
    """
    survey = read_survey(folder, named)
    basis = basis_of(folder, releases, survey)
    if basis.record is None and not (folder / PARQUET).exists():
        raise ReleaseError(
            f"{folder / PARQUET}: expected the respondents, found no file; "
            "run `python -m ens_dash simulate`, or `python -m ens_dash import` with a survey file"
        )
    release = make_release(basis, releases)
    if serve:
        point(releases / survey.study.id, release.id)
    return release


def make_release(basis: Basis, releases: Path) -> Release:
    """The release of a basis: the one that is there, if it is sound, else written whole under its name.

    Raises:
        ReleaseError: the respondents do not fit the survey; nothing is left of the attempt.
    """
    home, survey = releases / basis.survey.study.id, basis.survey.study.id
    release = sound(releases, survey, basis.id)
    if release is not None:
        return release
    home.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".building-", dir=home))
    try:
        release = _write(basis, work, _database(home / basis.id))
        (work / CONTENT).write_text(basis.survey.model_dump_json(), "utf-8")
        write_release(work, release)
        put(work, home / basis.id, lambda: sound(releases, survey, basis.id) is not None)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return release


def sound(releases: Path, survey: str, name: str) -> Release | None:
    """The release of this id if it opens and all of it can be read, else None."""
    if not (releases / survey / name).exists():
        return None
    try:
        store = open_store(releases, survey, name)
    except ReleaseError:
        return None
    try:
        # the hash needs every block of the file, and DuckDB checks each as it reads it
        store.query("SELECT bit_xor(hash(_row)) FROM respondents AS _row")
        rows = pq.read_metadata(releases / survey / name / PARQUET).num_rows
        return store.release if rows == store.release.n else None
    except (OSError, duckdb.Error, pa.ArrowException):
        return None
    finally:
        store.close()


def _database(place: Path) -> str:
    if not place.exists():
        return DATABASE
    return f"{Path(DATABASE).stem}-{secrets.token_hex(4)}{Path(DATABASE).suffix}"


def _origin(folder: Path) -> Origin:
    """Simulated if the file says so of itself, or if a recipe lies beside it: one mark can be lost."""
    try:
        metadata = pq.read_schema(folder / PARQUET).metadata or {}
    except (OSError, pa.ArrowException) as error:
        raise ReleaseError(f"{PARQUET}: expected a Parquet file, found {error}") from None
    marked = metadata.get(ORIGIN_KEY.encode()) == b"simulated"
    return "simulated" if marked or (folder / SIMULATION).exists() else "microdata"


def _write(basis: Basis, work: Path, database: str) -> Release:
    record = basis.record
    about: dict[str, str] = {ORIGIN_KEY: basis.origin}
    if record is not None:
        about[RECORD_KEY] = metadata(record)
    absent = record.absent if record is not None else ()
    table = write_table(basis.reading, basis.source, work / database, work / PARQUET, about, absent)
    return Release(
        id=basis.id,
        survey=basis.survey.study.id,
        origin=basis.origin,
        n=table.n,
        strata=table.strata,
        units=table.units,
        clustered=basis.survey.study.design.psu is not None,
        columns=table.columns,
        built=datetime.now(UTC).isoformat(timespec="seconds"),
        version=__version__,
        database=database,
        file=record.file if record is not None else "",
    )


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
    release = read_release(folder)
    try:
        content = Survey.model_validate_json((folder / CONTENT).read_bytes())
        connection = duckdb.connect(str(folder / release.database), read_only=True, config=READ_ONLY)
    except (OSError, ValueError, duckdb.Error) as error:
        raise _unreadable(folder, error) from None
    try:
        found = connection.execute("SELECT count(*) FROM respondents").fetchall()[0][0]
        if found != release.n:
            raise ReleaseError(f"{folder}: expected {release.n} respondents, found {found}")
    except duckdb.Error as error:
        connection.close()
        raise _unreadable(folder, error) from None
    except ReleaseError:
        connection.close()
        raise
    return Store(release, content, connection)


def _unreadable(folder: Path, error: Exception) -> ReleaseError:
    return ReleaseError(f"{folder}: the release cannot be read: {error}; run `python -m ens_dash build`")
