"""The surveys that a site offers: a folder each in its data, or a release in service without one.

Only ids that are listed here ever become a path: what an address asks for is looked up, never joined.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from ens_dash.release import CONTENT, PARQUET, POINTER, look
from ens_dash.settings import Settings
from ens_dash.survey.base import Text
from ens_dash.survey.folder import STUDY
from ens_dash.survey.study import SURVEY_ID

# a folder that appears is seen after that many seconds at most; in between nothing is read
SECONDS = 2.0
NAME = re.compile(SURVEY_ID)
LONGEST_ID = 100


@dataclass(frozen=True)
class Offered:
    """A survey that an address may ask for. `ready`: there is a release in service, or what one is built
    from; the others say why they are closed, and are not offered by name."""

    id: str
    name: Text
    ready: bool


class Surveys:
    """The surveys of a setting; thread-safe: what two threads read at once is the same."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen: tuple[float, tuple[Offered, ...]] | None = None

    def get(self) -> tuple[Offered, ...]:
        """The surveys, the site's own first, then by id."""
        now = time.monotonic()
        if self._seen is None or now - self._seen[0] > SECONDS:
            self._seen = now, tuple(_listed(self._settings))
        return self._seen[1]

    def chosen(self, asked: Sequence[str]) -> str:
        """The id that an address asks for (its `survey`, of which the last counts) if there is such a
        survey; else the site's own."""
        own = self._settings.survey
        if not asked or asked[-1] in ("", own):
            return own
        return next((s.id for s in self.get() if s.id == asked[-1]), own)


@lru_cache(16)
def surveys(settings: Settings) -> Surveys:
    """The one list of these settings in this process."""
    return Surveys(settings)


def _listed(settings: Settings) -> Iterator[Offered]:
    folders = {path.parent.name for path in _found(settings.data, STUDY)}
    served = {path.parent.name for path in _found(settings.releases, POINTER)}
    others = sorted((folders | served) - {settings.survey})
    for name in (settings.survey, *others):
        folder = settings.data / name
        ready = name in served or (folder / PARQUET).exists()
        yield Offered(name, _name(name, folder / STUDY, settings.releases), ready)


def _found(place: Path, file: str) -> list[Path]:
    """The files of that name, each in a folder whose name can be a survey's id."""
    try:
        folders = [p for p in place.iterdir() if len(p.name) <= LONGEST_ID and NAME.fullmatch(p.name)]
    except OSError:
        return []
    return [p / file for p in folders if (p / file).is_file()]


def _name(survey: str, study: Path, releases: Path) -> Text:
    """What the survey is called: in its folder, else in its release, else its id."""
    release = look(releases, survey).id
    places = [study] if release is None else [study, releases / survey / release / CONTENT]
    for path in places:
        try:
            found = path.stat()
        except OSError:
            continue
        name = _read(path, found.st_mtime_ns, found.st_size)
        if name is not None:
            return name
    return Text(fr=survey, en=survey)


@lru_cache(256)
def _read(path: Path, changed: int, size: int) -> Text | None:
    # `changed` and `size` make a changed file another entry
    try:
        text = path.read_text("utf-8")
        content: Any = (
            yaml.load(text, Loader=yaml.CSafeLoader) if path.name == STUDY else json.loads(text)["study"]
        )
        return Text.model_validate(content["short_title"])
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError, ValidationError, RecursionError):
        # its opening tells what is wrong with it
        return None
