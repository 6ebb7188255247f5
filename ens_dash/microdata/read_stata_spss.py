"""An SPSS or Stata file -> rows and labels, a piece at a time.

ReadStat reads it (`pyreadstat`). It skips to a row quickly, so a file is read in pieces of rows that fit
the memory, whatever its size. Values stay what they are: user-missing codes of SPSS are kept and named in
the description, system-missing is NULL. Stata's `.a` to `.z` are NULL, as among numbers there is no room
for them; the description says how many rows have each (`FileColumn.letters`).
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat

from ens_dash.microdata.errors import FileError, FileErrors
from ens_dash.microdata.header import STATA_UTF8, check_cases, stata_release
from ens_dash.microdata.reading import INPUT, ROWS, Reading, open_database, said, shown
from ens_dash.microdata.source import FileColumn, SourceFile
from ens_dash.microdata.stat_columns import (
    StatColumn,
    described,
    line,
    multiple_sets,
    stat_columns,
    without_letters,
)
from ens_dash.microdata.texts import read_texts
from ens_dash.respondents import quoted

if TYPE_CHECKING:
    import pandas as pd

# Values of one piece: numbers are arrays, of eight bytes a value, while it is read twice that.
PIECE = 8_000_000
# Bytes of its texts.
PIECE_TEXT = 100_000_000
# Tried in turn where the encoding that the file says, or is taken to have, does not fit its bytes.
FALLBACKS = ("WINDOWS-1252", "ISO-8859-1")
# In ReadStat's messages about it.
_ENCODING = ("encoding", "charset", "convert string", "character set")
_MEMORY = "memory"


def read_stata_spss(reading: Reading, kind: str) -> SourceFile:
    """Read the file `INPUT` of the working folder, and write its rows as `ROWS`.

    `kind`: "sav" or "dta". A text that is not in the encoding that the file says of itself makes it be read
    again as Windows-1252, or Latin-1; `found` says so. A Stata file before Stata 14 says none: it is UTF-8
    where all of it can be, as other programs write it.

    Raises:
        FileErrors: it is damaged, cut short, or not what it says it is.
    """
    told = reading.options.encoding
    problem: Exception | None = None
    own = None if kind == "sav" else "UTF-8"
    certain = told is not None or kind == "sav" or stata_release(Path(INPUT)) >= STATA_UTF8
    for encoding in (told,) if told else (own, *FALLBACKS):
        try:
            return _Statistical(reading, kind, encoding, certain and encoding in (own, told)).read()
        except UnicodeDecodeError as error:
            problem = error
        except pyreadstat.ReadstatError as error:
            if not any(word in str(error).lower() for word in _ENCODING):
                raise _refused(reading, kind, error) from None
            problem = error
        except pyreadstat.PyreadstatError as error:
            raise _refused(reading, kind, error) from None
    expected = f"texts in {told}" if told else "texts in the encoding that the file names"
    found = f"bytes that it does not have ({said(problem)})" if problem else "others"
    raise reading.refused(expected, found, "give its encoding, for example cp1252 or utf-8")


class _Statistical:
    """One attempt at a file, with one encoding (None: the one that it names itself). `certain`: it was told
    or is the file's own."""

    def __init__(self, reading: Reading, kind: str, encoding: str | None, certain: bool) -> None:
        self.reading, self.kind, self.encoding, self.certain = reading, kind, encoding, certain
        self.function: Callable[..., Any] = pyreadstat.read_sav if kind == "sav" else pyreadstat.read_dta

    def read(self) -> SourceFile:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            # as a dictionary: pandas takes a moment to start, and a damaged file mostly ends here
            _, meta = self._part(metadataonly=True, output_format="dict")
        same = [w for w in told if "is duplicated" in str(w.message)]
        self.reading.check_names(meta.column_names)
        if same:
            found = "; ".join(shown(str(w.message).partition(",")[0]) for w in same[:5])
            errors = [FileError("", "", "", "column names that differ", found, "rename all but one")]
            raise FileErrors(self.reading.name, errors)
        columns = stat_columns(meta, self.kind == "sav")
        if meta.number_rows is not None:
            self.reading.check_rows(meta.number_rows)
        n, letters = self._write(columns, meta)
        self.reading.check_rows(n)
        if self.kind == "sav":
            check_cases(self.reading, meta, n)
        numeric = self._numeric(columns, n)
        about = tuple(described(c, meta, c.name in numeric, letters[c.name]) for c in columns)
        return self._described(meta, about, n)

    def _part(self, **options: Any) -> tuple[pd.DataFrame, Any]:
        if self.encoding is not None:
            options["encoding"] = self.encoding
        options["user_missing"] = True
        # as a table: lists of Python's numbers take four times the memory, and as long again to convert
        found: tuple[pd.DataFrame, Any] = self.function(INPUT, disable_datetime_conversion=True, **options)
        return found

    def _pieces(self, columns: tuple[StatColumn, ...], meta: Any) -> Iterator[pd.DataFrame]:
        """The rows, a piece at a time; the last piece may be of no rows."""
        widths = sum(meta.variable_storage_width.get(c.name) or 0 for c in columns if c.kind == "text")
        rows = max(1, min(PIECE // len(columns), PIECE_TEXT // max(widths, 1)))
        total, start = meta.number_rows, 0
        while total is None or start < total:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                values, _ = self._part(row_offset=start, row_limit=rows)
            got = len(values)
            if total is not None and got != min(rows, total - start):
                raise self.reading.refused(f"{total:,} rows, as the file says", f"{start + got:,}", _WHOLE)
            yield values
            start += got
            self.reading.tell("read", start, total)
            if got < rows:
                return
            if total is None:
                self.reading.check_rows(start)

    def _write(self, columns: tuple[StatColumn, ...], meta: Any) -> tuple[int, dict[str, Counter[str]]]:
        """Write the rows; how many there are, and how often each letter of Stata occurs, by column."""
        schema = pa.schema([(c.name, c.type) for c in columns])
        n = 0
        letters: dict[str, Counter[str]] = {c.name: Counter() for c in columns}
        with pq.ParquetWriter(ROWS, schema, compression="lz4") as writer:
            for piece in self._pieces(columns, meta):
                if len(piece):
                    n += len(piece)
                    arrays = [c.values(without_letters(c, piece[c.name], letters[c.name])) for c in columns]
                    writer.write_table(pa.table(arrays, schema=schema))
        return n, letters

    def _numeric(self, columns: tuple[StatColumn, ...], n: int) -> frozenset[str]:
        self.reading.tell("check", n, n)
        texts = [c.name for c in columns if c.kind == "text"]
        numbers = frozenset(c.name for c in columns if c.kind in ("whole", "number"))
        if not texts:
            return numbers
        with open_database(self.reading.limits) as connection:
            source = f"read_parquet({quoted(ROWS)})"
            return numbers | read_texts(connection, source, texts, ".", ()).numeric

    def _described(self, meta: Any, columns: tuple[FileColumn, ...], n: int) -> SourceFile:
        return SourceFile(
            name=self.reading.name,
            format="sav" if self.kind == "sav" else "dta",
            sha256="",
            rows=Path(ROWS),
            n=n,
            columns=columns,
            label=line(meta.file_label or ""),
            sets=multiple_sets(meta) if self.kind == "sav" else (),
            encoding=(self.encoding or meta.file_encoding or "").lower(),
            found=() if self.certain else ("encoding",),
        )


_WHOLE = "the file is cut short or damaged: export it again"


def _refused(reading: Reading, kind: str, error: Exception) -> FileErrors:
    if _MEMORY in str(error).lower():
        raise MemoryError(str(error))
    name = "an SPSS file" if kind == "sav" else "a Stata file"
    return reading.refused(f"{name} that is whole", f"one that cannot be read ({said(error)})", _WHOLE)
