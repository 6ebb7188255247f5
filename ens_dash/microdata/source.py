"""What a survey file says of itself, and where its rows are once they have been read safely.

The file is parsed by a child process (`ens_dash.microdata.child`), which writes its rows as a Parquet
file of plain columns under the file's own names, in the file's order, and this description beside it.
Nothing is recoded on the way: a value is the file's own, a missing one is NULL, and user-missing codes
are kept as values and named in the description.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Format = Literal["sav", "dta", "csv", "parquet"]
# How a column's values are held in the rows: text of a .csv is always "text", whatever it looks like.
Storage = Literal["number", "text", "date", "boolean"]


@dataclass(frozen=True)
class ReadOptions:
    """How a .csv is to be read; None: found out by looking. Other formats say all of it themselves.

    `missing`: texts that stand for no answer (besides the empty one).
    """

    encoding: str | None = None
    separator: str | None = None
    decimal: str | None = None
    missing: tuple[str, ...] | None = None


@dataclass(frozen=True)
class FileColumn:
    """A column of the file. `labels`: its value labels, each value as text (`1`, not `1.0`) with its
    label, in the file's order. `missing` and `missing_ranges` (both ends belong to it): the codes that the
    file declares as user-missing. `measure`: SPSS's level, "nominal", "ordinal", "scale" or "".
    `numeric`: whether every value that is there reads as a number, under the file's decimal mark. `letters`:
    of Stata's missing values `.a` to `.z`, each that occurs, with its label and its rows; they are NULL.
    """

    name: str
    storage: Storage
    numeric: bool
    label: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    missing_ranges: tuple[tuple[float, float], ...] = ()
    measure: str = ""
    letters: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True)
class MultipleSet:
    """A multiple-response set that an SPSS file defines. `counted`: the value that means "chosen" in a
    dichotomous set; None in a set of categories (first mention, second mention, …)."""

    name: str
    label: str
    columns: tuple[str, ...]
    counted: str | None


@dataclass(frozen=True)
class SourceFile:
    """The file as read. `rows`: the Parquet file with its rows; `n`: how many; `sha256`: of the file.

    Of a .csv: `encoding`, `separator`, `decimal` and `missing` are those that it was read with, and `found`
    names those of them that were found out by looking rather than told. `accents`: up to three pieces of
    text with letters outside ASCII, as they read in that encoding, for a person to judge.
    `simulated`: the file says that its respondents were simulated by this program.
    """

    name: str
    format: Format
    sha256: str
    rows: Path
    n: int
    columns: tuple[FileColumn, ...]
    label: str = ""
    sets: tuple[MultipleSet, ...] = ()
    encoding: str = ""
    separator: str = ""
    decimal: str = "."
    missing: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    accents: tuple[str, ...] = ()
    simulated: bool = False

    def column(self, name: str) -> FileColumn | None:
        return next((c for c in self.columns if c.name == name), None)
