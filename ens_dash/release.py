"""A release as files: its place, its id, what `release.json` says of it, the pointer to the one in service.

A release is a folder `<releases>/<survey>/<id>/` with the respondents twice (DuckDB and Parquet), the
survey folder as it was (`survey.json`) and `release.json`; the file `current` beside it names the
release in service. The id is a digest of all that went in, so the same input gives the same release.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter

from ens_dash import __version__
from ens_dash.survey.base import Origin
from ens_dash.survey.folder import is_stray

POINTER = "current"
DATABASE = "respondents.duckdb"
PARQUET = "respondents.parquet"
CONTENT = "survey.json"
DESCRIPTION = "release.json"
# A folder that holds this file has respondents made by a program, and only such a folder has.
SIMULATION = "simulation.yaml"
# Part of every id: raise it with every change of what is written into a release.
STORE_FORMAT = "4"
# A pointer is read as part of a path.
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
# Two processes that replace one broken release meet at most this often.
ATTEMPTS = 3


class ReleaseError(Exception):
    """A release that cannot be built or read: the message says what, where and what to do."""


@dataclass(frozen=True)
class Release:
    """What a release is: `origin` is that of its respondents; `units` the respondents of each stratum
    of the whole sample (PSUs where there are any), in the order of the strata's sorted names.

    `database`: its DuckDB file. One built in the place of a broken one has a name of its own, since
    DuckDB hands a process that has a path open the old file again. `file`: the name of the survey file that
    the respondents were imported from; empty where they were not."""

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
    database: str = DATABASE
    file: str = ""


_RELEASE = TypeAdapter(Release)


@dataclass(frozen=True)
class Seen:
    """What is on disk of the release in service: its id (None without a pointer), the marks of its files
    and of the pointer, and why the pointer cannot be read. Another value: it may be worth another try."""

    id: str | None
    files: tuple[tuple[int, ...], ...] = ()
    pointer: tuple[int, ...] = ()
    wrong: str = ""


def release_id(folder: Path, imported: str = "") -> str:
    """A digest of the files of the survey folder, of the store's format and of the program's version.

    Files of an editor or a system (`is_stray`) are no part of it. `imported`: what tells imported
    respondents from others; those that lie in the folder are no part of it then.
    """
    digest = hashlib.sha256(f"{__version__}\0{STORE_FORMAT}\0{imported}".encode())
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder)
        if any(map(is_stray, name.parts)) or (imported and name.as_posix() == PARQUET):
            continue
        digest.update(f"\0{name.as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def write_release(folder: Path, release: Release) -> None:
    (folder / DESCRIPTION).write_text(json.dumps(asdict(release)), "utf-8")


def read_release(folder: Path) -> Release:
    """What `release.json` says.

    Raises:
        ReleaseError: it cannot be read, or is that of another release.
    """
    try:
        release = _RELEASE.validate_json((folder / DESCRIPTION).read_bytes())
    except (OSError, ValueError) as error:
        raise ReleaseError(
            f"{folder}: expected a release, found {error}; run `python -m ens_dash build`"
        ) from None
    if (release.survey, release.id) != (folder.parent.name, folder.name):
        raise ReleaseError(
            f"{folder}: expected the release of this name, found that of {release.survey}/{release.id}; "
            "run `python -m ens_dash build`"
        )
    return release


def current(releases: Path, survey: str) -> str | None:
    """The id of the release in service, or None where there is none yet.

    Raises:
        ReleaseError: the pointer cannot be read, or holds something else than an id.
    """
    path = releases / survey / POINTER
    try:
        name = path.read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(
            f"{path}: expected the id of a release, found {error}; run `python -m ens_dash build`"
        ) from None
    if name and not NAME.fullmatch(name):
        raise ReleaseError(
            f"{path}: expected the id of a release, found {name[:40]!r}; run `python -m ens_dash build`"
        )
    return name or None


def look(releases: Path, survey: str) -> Seen:
    """What is on disk of the release in service: one small file read and a few stats, nothing opened."""
    home = releases / survey
    try:
        name, wrong = current(releases, survey), ""
    except ReleaseError as error:
        name, wrong = None, str(error)
    if name is None:
        return Seen(None, (), _mark(home / POINTER), wrong)
    place = home / name
    files = (place, place / DESCRIPTION, place / CONTENT, place / DATABASE)
    return Seen(name, tuple(map(_mark, files)), _mark(home / POINTER))


def _mark(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_mtime_ns, found.st_size


def point(home: Path, name: str) -> None:
    """Put the release `name` in service."""
    with tempfile.NamedTemporaryFile("w", prefix=f".{POINTER}-", dir=home, delete=False) as temporary:
        temporary.write(name)
    os.chmod(temporary.name, 0o644)
    os.replace(temporary.name, home / POINTER)


def put(work: Path, place: Path, sound: Callable[[], bool]) -> None:
    """Give a finished release its name; a broken one of that name is moved away first and then deleted.

    A sound one is left alone: another process has built the same release meanwhile. Between the two
    renamings there is no release for a moment; what a reader has open stays readable.
    """
    for attempt in range(ATTEMPTS):
        try:
            work.rename(place)
            return
        except OSError:
            if not place.exists() or attempt == ATTEMPTS - 1:
                raise
        if sound():
            return
        with tempfile.TemporaryDirectory(prefix=".broken-", dir=place.parent) as away:
            broken = Path(away) / place.name
            try:
                place.rename(broken)
                work.rename(place)
                return
            except OSError:
                # another process was quicker
                continue
            except BaseException:
                if broken.exists() and not place.exists():
                    shutil.move(broken, place)
                raise
