"""A survey file into service: read safely, checked against its folder, built as a release, then pointed to.

Everything wrong is told at once. Until the last step nothing that is served has changed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ens_dash.imported import IMPORTED, ImportRecord, imported
from ens_dash.microdata.check_file import check_file
from ens_dash.microdata.check_sample import usual
from ens_dash.microdata.child import read_source
from ens_dash.microdata.errors import FileError
from ens_dash.microdata.sandbox import Limits
from ens_dash.microdata.source import ReadOptions
from ens_dash.microdata.work import importing
from ens_dash.release import PARQUET, Release, point
from ens_dash.respondents import connected
from ens_dash.store import Basis, ReleaseError, make_release, sound
from ens_dash.survey.folder import read_mapping, read_survey
from ens_dash.survey.mapping import FileReading, Mapping
from ens_dash.survey.model import Survey
from ens_dash.survey.study import LonelyPsu

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class Imported:
    """What an import has done: its release, what was allowed, what is only worth knowing."""

    release: Release
    survey: Survey
    allowed: tuple[FileError, ...]
    warnings: tuple[FileError, ...]
    record: ImportRecord


def import_file(
    file: Path,
    folder: Path,
    releases: Path,
    options: ReadOptions = ReadOptions(),
    allow: Sequence[str] = (),
    lonely_psu: LonelyPsu | None = None,
    progress: Progress | None = None,
    limits: Limits = Limits(),
) -> Imported:
    """Import a survey file into a survey folder's releases and put it in service.

    `options` overrule what the folder's mapping.yaml says of a .csv. `allow`: keys of `check_file.ALLOWED`.
    `limits`: of the child process that reads the file.

    Raises:
        SurveyErrors: the folder has errors.
        FileErrors: the file has errors that are not allowed; nothing has changed.
        ReleaseError: the release could not be written; the one in service is as it was.
    """
    told = progress or _silent
    survey, mapping = read_survey(folder), read_mapping(folder)
    home = releases / survey.study.id
    with importing(home) as work:
        try:
            source = read_source(file, work, _options(mapping, options), progress=told, limits=limits)
            told("compare", 0, None)
            with connected(work / "check.duckdb") as connection:
                checked = check_file(connection, source, folder, survey, mapping, allow, lonely_psu)
            told("write", 0, None)
            basis = Basis.imported(folder, survey, checked.source, checked.record)
            before = imported(releases, survey.study.id)
            release = make_release(basis, releases)
            _serve(releases, basis, release, work)
        except duckdb.Error as error:
            raise ReleaseError(f"{file.name}: the rows cannot be read: {error}") from None
        except RuntimeError as error:
            # what DuckDB makes of Ctrl-C
            if "interrupted" in str(error).lower():
                raise KeyboardInterrupt from None
            raise
    warnings = (*checked.warnings, *_replaced(before, checked.record))
    return Imported(release, basis.survey, checked.allowed, warnings, checked.record)


def _replaced(before: tuple[Path, ImportRecord] | None, now: ImportRecord) -> tuple[FileError, ...]:
    if before is None or before[1].sha256 == now.sha256:
        return ()
    found = f"another file in its place: {before[1].file}, {before[1].n} respondents, {before[1].day}"
    return (FileError("", "", "", "no import of this survey yet, or this file's", found),)


def _options(mapping: Mapping | None, options: ReadOptions) -> ReadOptions:
    """How to read the file: as the options say, else as the folder does.

    Where the folder says what is usual, the reader looks for itself: a file that is not so can then be
    told whole, and not only its first cell that does not read.
    """
    told = mapping.file if mapping is not None else FileReading()
    return ReadOptions(
        encoding=options.encoding or (None if usual("encoding", told.encoding) else told.encoding),
        separator=options.separator or (None if usual("separator", told.separator) else told.separator),
        decimal=options.decimal or (None if usual("decimal", told.decimal) else told.decimal),
        missing=options.missing if options.missing is not None else told.missing,
    )


def _serve(releases: Path, basis: Basis, release: Release, work: Path) -> None:
    """Put the release in service, once it has been opened and read to its end.

    Where the last step fails, what was imported before is put back: the next build must not take what was
    never served.
    """
    survey = basis.survey.study.id
    if sound(releases, survey, release.id) is None:
        raise ReleaseError(f"{release.id}: the release was written and cannot be read; import the file again")
    home = releases / survey
    ready, place, before = work / IMPORTED, home / IMPORTED, work / "before"
    _link(home / release.id / PARQUET, ready)
    ready.chmod(0o600)
    if place.exists():
        _link(place, before)
    os.replace(ready, place)
    try:
        point(home, release.id)
    except BaseException:
        if before.exists():
            os.replace(before, place)
        else:
            place.unlink()
        raise


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _silent(stage: str, done: int, total: int | None) -> None:
    pass
