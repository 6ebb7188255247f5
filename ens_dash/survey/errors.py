"""Errors in a survey folder: collected, told all at once, each with its place and a way out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class FolderError:
    """One thing wrong in a survey folder: where, what was expected, what was found, what to do."""

    file: str
    entry: str
    expected: str
    found: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.file}, {self.entry}: expected {self.expected}, found {self.found}{hint}"


class SurveyErrors(Exception):
    """A survey folder that cannot be used; `errors` holds everything wrong in it."""

    def __init__(self, folder: str, errors: Iterable[FolderError]) -> None:
        self.folder = folder
        self.errors = tuple(errors)
        super().__init__(f"{len(self.errors)} error(s) in {folder}\n" + "\n".join(map(str, self.errors)))
