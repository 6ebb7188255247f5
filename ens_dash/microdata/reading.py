"""What the readers of all formats share: what they are given, the names of columns, DuckDB under limits.

All of it runs in the child process, whose working folder is the one that the rows are written to. So the
names of files here are plain ones, which no reader takes for a pattern.
"""

from __future__ import annotations

import errno
import os
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from ens_dash.microdata.errors import FileError, FileErrors
from ens_dash.microdata.sandbox import NO_MEMORY, NO_SPACE, TOO_LARGE, Limits
from ens_dash.microdata.source import ReadOptions

# In the working folder: a link to the file, its text as UTF-8 where it was not, the rows.
INPUT, TEXT, ROWS, SPILL = "input", "text.csv", "rows.parquet", "spill"
LONGEST_NAME = 500
MOST_COLUMNS = 10_000
MANY_COLUMNS = 1_000
# Names of columns that an import has for itself.
OWN_NAMES = ("file_row_number", "_row")
_MAIL = re.compile(r"\W*[^@\s]+@[^@\s]+\.[A-Za-z]{2,}\W*")
_TELEPHONE = re.compile(r"\W*\d(?:[ .()/-]{0,2}\d){8,14}\W*")
# Of faults that many columns have, so many are told.
TOLD = 20

Tell = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class Reading:
    """A file to be read. `name`: as its owner knows it; `tell(stage, done, total)`: how far it has come."""

    name: str
    options: ReadOptions
    limits: Limits
    tell: Tell

    def refused(self, expected: str, found: str, hint: str = "", *, rows: str = "") -> FileErrors:
        """The one thing wrong with the file as a whole."""
        return FileErrors(self.name, [FileError("", "", rows, expected, found, hint)])

    def no_names(self) -> FileErrors:
        """The first row holds answers instead of names. None of it is told: it is somebody's."""
        found = "values, as of a respondent (numbers only, an e-mail address or a telephone number)"
        return self.refused("column names in the first line", found, "add a line with the names")

    def check_rows(self, n: int) -> None:
        """Raises FileErrors where the file has no respondents, or more than are read."""
        if n <= 0:
            raise self.refused("at least one respondent", "none", "export it again, with its data")
        if n > self.limits.rows:
            hint = "is it damaged? a file that says so and is small was not made by a survey"
            raise self.refused(f"at most {self.limits.rows:,} respondents", f"{n:,}", hint)

    def check_names(self, names: Sequence[str], most: int = MOST_COLUMNS) -> None:
        """Raises FileErrors with every column name that cannot be used, or where there are more than `most`
        columns. Nothing of the names is told where one is an e-mail address or a telephone number: then they
        are what a respondent answered."""
        if any(map(reaches_somebody, names)):
            raise self.no_names()
        errors = list(name_errors(names, most))
        if len(errors) > TOLD:
            more = f"{len(errors) - TOLD} more columns with such faults"
            errors = [*errors[:TOLD], FileError("", "", "", "column names that can be used", more)]
        if errors:
            raise FileErrors(self.name, errors)


def reaches_somebody(name: str) -> bool:
    """Whether a name is nothing but an e-mail address or a telephone number."""
    short = len(name) <= LONGEST_NAME
    return short and bool(_MAIL.fullmatch(name) or _TELEPHONE.fullmatch(name))


def name_errors(names: Sequence[str], most: int = MOST_COLUMNS) -> Iterator[FileError]:
    """Columns without a name, with one that cannot be shown or written in a file, or is taken.

    Names that differ by case only are one name to the database.
    """
    if not names:
        yield FileError("", "", "", "at least one column", "none", "export it again, with its data")
    if len(names) > most:
        hint = "remove columns" + ("" if most == MOST_COLUMNS else ", or save it as .sav, .dta or .parquet")
        yield FileError("", "", "", f"at most {most:,} columns", f"{len(names):,}", hint)
        return
    for place, name in enumerate(names, 1):
        if not name.strip():
            yield FileError("", f"column {place}", "", "a name", "none", "give every column a name")
        elif any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in name):
            hint = "a line break (after an open quotation mark?), a NUL or the like: give it a plain name"
            yield FileError("", shown(name), "", "a name of plain characters", ascii(name[:60]), hint)
        elif len(name) > LONGEST_NAME:
            found = f"one of {len(name):,} characters"
            yield FileError("", shown(name), "", f"a name of at most {LONGEST_NAME} characters", found)
        elif name.lower() in OWN_NAMES:
            found = "one that an import numbers the rows with"
            yield FileError("", shown(name), "", "another name", found, "rename the column")
    times = Counter(name.lower() for name in names)
    for key, count in times.items():
        if count > 1 and key.strip():
            same = [n for n in names if n.lower() == key]
            found = f"{count}: {', '.join(shown(n) for n in same[:5])}"
            hint = "names that differ by capitals only count as one: rename all but one"
            yield FileError("", shown(same[0]), "", "one column of this name", found, hint)


def shown(text: str, longest: int = 60) -> str:
    """A piece of a file for a message: on one line, cut."""
    plain = "".join(c if c.isprintable() else "\ufffd" for c in text)
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def open_database(limits: Limits, threads: int = 1) -> duckdb.DuckDBPyConnection:
    """DuckDB in memory, which may touch the files of this reading and no other, and load nothing.

    One thread for copying rows: with two, a million rows of 80 columns take as long, and three times the
    memory.
    """
    spill = min(limits.output, 4_000_000_000)
    connection = duckdb.connect(
        config={
            "threads": min(threads, os.cpu_count() or 1),
            # the rest is for the process itself: the limit of the system kills without a word
            "memory_limit": f"{limits.memory * 6 // 10}B",
            "temp_directory": SPILL,
            "max_temp_directory_size": f"{spill}B",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )
    connection.execute("SET allowed_paths = ?", [[INPUT, TEXT, ROWS]])
    connection.execute("SET enable_progress_bar = true")
    connection.execute("SET enable_progress_bar_print = false")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def copy_options(columns: int) -> str:
    """How DuckDB writes the rows: quickly, and of many columns with small dictionaries
    (each column takes its memory beforehand)."""
    small = ", DICTIONARY_SIZE_LIMIT 1000" if columns > MANY_COLUMNS else ""
    return f"FORMAT parquet, COMPRESSION lz4{small}"


@contextmanager
def watched(
    connection: duckdb.DuckDBPyConnection, tell: Tell, stage: str, total: int | None
) -> Iterator[None]:
    """While a long query runs, tell from time to time how far it has come."""
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.5):
            percent = connection.query_progress()
            if total and 0 <= percent <= 100:
                tell(stage, int(total * percent / 100), total)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def exhausted(error: Exception) -> int | None:
    """The exit status of a reader that came to a limit, where a library's error says that; else None."""
    text = str(error)
    if isinstance(error, MemoryError | duckdb.OutOfMemoryException) or "bad_alloc" in text:
        return NO_MEMORY
    number = getattr(error, "errno", None)
    if number == errno.EFBIG or "File too large" in text:
        return TOO_LARGE
    return NO_SPACE if number == errno.ENOSPC or "No space left" in text else None


def said(error: Exception) -> str:
    """The first line of a library's message, without its name for the kind of error and ours for the file."""
    line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    line = re.sub(r"^([A-Z][A-Za-z ]* Error: )?(\w+Exception: )?", "", line)
    return shown(re.sub(rf"(?i)(parquet )?file '{INPUT}'", "the file", line), 160)
