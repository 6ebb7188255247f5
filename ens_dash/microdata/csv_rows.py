"""Which rows of a text file do not have its header's cells, and why: read again, slowly, once it failed.

The database that reads the file stops at its first fault and knows lines only. A person wants all of them,
by respondent.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ens_dash.microdata.errors import NAMED_ROWS, FileError, row_list

# Characters of one cell. A cell that is longer is a quotation mark that nobody closed.
LONGEST_CELL = 1_000_000
OPEN_QUOTE = "a quotation mark that is not closed"


@dataclass
class _Fault:
    """One kind of fault: its rows (respondents from 1), the lines they start on, and what was found."""

    count: int = 0
    rows: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)

    def add(self, row: int, line: int, cells: int = 0) -> None:
        self.count += 1
        if len(self.rows) < NAMED_ROWS:
            self.rows.append(row)
            self.lines.append(line)
            self.cells.append(cells)

    @property
    def where(self) -> str:
        lines = ", ".join(map(str, self.lines))
        return f"{row_list(self.rows, self.count)} (line{'s' if len(self.lines) > 1 else ''} {lines})"


def bad_rows(lines: Iterable[str], separator: str, width: int, skipped: int = 0) -> Iterator[FileError]:
    """Every kind of fault of the rows under a header of `width` cells, each with its first few rows.

    `lines`: all lines of the file with their ends, the header the first with more than blanks on it.
    `skipped`: lines of the file before them. Yields nothing where all is well.
    """
    csv.field_size_limit(LONGEST_CELL)
    few, many, quotes = _Fault(), _Fault(), _Fault()
    reader = csv.reader(lines, delimiter=separator, strict=True)
    row, before = -1, skipped
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error:
            row += 1
            quotes.add(row, before + 1)
            before = reader.line_num
            continue
        start, before = before + 1, skipped + reader.line_num
        # lines of blanks before the header
        if row < 0 and len(cells) < 2 and not "".join(cells).strip():
            continue
        # a line with nothing on it is no row, but of one column it is an empty cell
        if not cells and width > 1:
            continue
        row += 1
        if row == 0 or max(len(cells), 1) == width:
            continue
        # a separator at the end of a row: the database passes over it too
        if len(cells) == width + 1 and not cells[-1]:
            continue
        (few if len(cells) < width else many).add(row, start, len(cells))
    expected = f"{width} cells, as in the header" if width > 1 else "one cell, as in the header"
    if few.count:
        hint = "a line break inside a cell, or a missing separator: quote the cell"
        yield FileError("", "", few.where, expected, _cells(few), hint)
    if many.count:
        hint = f"a cell with {_name(separator)} in it must be quoted"
        if many.count == row and set(many.cells) == {width + 1}:
            hint = "row names without a header? in R: write.csv(…, row.names = FALSE)"
        yield FileError("", "", many.where, expected, _cells(many), hint)
    if quotes.count:
        hint = "close it, and write a quotation mark inside a quoted cell twice"
        yield FileError("", "", quotes.where, "cells whose quotation marks are closed", OPEN_QUOTE, hint)


def _name(separator: str) -> str:
    return {"\t": "a tab", ",": "a comma", ";": "a semicolon"}.get(separator, repr(separator))


def _cells(fault: _Fault) -> str:
    low, high = min(fault.cells), max(fault.cells)
    if low == high:
        return f"{low} cell" + ("s" if low != 1 else "")
    return f"{low} to {high} cells"
