"""Everything wrong with a survey file, told at once: by column and by row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Of the rows with one and the same fault, so many are named.
NAMED_ROWS = 5


@dataclass(frozen=True)
class FileError:
    """One thing wrong with a file. `kind` is what `--allow` names ("" where it cannot be allowed);
    `rows` says where, counted from 1 at the first respondent ("" where the whole column is meant)."""

    kind: str
    column: str
    rows: str
    expected: str
    found: str
    hint: str = ""

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.column, self.rows) if part)
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where or 'file'}: expected {self.expected}, found {self.found}{hint}"


class FileErrors(Exception):
    """A survey file that cannot be used; `errors` holds everything wrong with it."""

    def __init__(self, file: str, errors: Iterable[FileError]) -> None:
        self.file = file
        self.errors = tuple(errors)
        super().__init__(f"{len(self.errors)} error(s) in {file}\n" + "\n".join(map(str, self.errors)))


def row_list(first: Sequence[int], count: int) -> str:
    """`rows 3, 17 and 120 more`: the first few row numbers of a fault that `count` rows have."""
    named = ", ".join(map(str, first[:NAMED_ROWS]))
    more = count - min(count, len(first), NAMED_ROWS)
    return ("row " if count == 1 else "rows ") + named + (f" and {more} more" if more else "")
