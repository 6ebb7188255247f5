"""A text file with separators -> rows of texts, and how it was written.

The file is looked at once as bytes, turned into UTF-8 where it is not, and read by DuckDB in strict mode
with every column as text: nothing is guessed of its values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from ens_dash.microdata import csv_look as look
from ens_dash.microdata.csv_rows import bad_rows
from ens_dash.microdata.errors import FileErrors
from ens_dash.microdata.reading import (
    INPUT,
    ROWS,
    TEXT,
    Reading,
    copy_options,
    open_database,
    said,
    watched,
)
from ens_dash.microdata.source import FileColumn, SourceFile
from ens_dash.microdata.texts import Texts, read_texts
from ens_dash.respondents import identifier, quoted

# Bytes of one line. A hundred columns of long open answers stay far below.
LONGEST_LINE = 2_000_000
HEAD = 1 << 20
# What fits the memory: a text takes some of it even where a column is empty.
MOST_COLUMNS = 3_000
# What an empty cell may be filled with: blanks that break, or do not.
BLANKS = " \t\u00a0\u202f"
_SEP_LINE = re.compile(r"\s*sep=.\s*\r?\n", re.IGNORECASE)


@dataclass(frozen=True)
class _Written:
    """How the file is written: what it was read with, and which of it was found out by looking. `skipped`:
    lines before the header that the text no longer has."""

    encoding: str
    separator: str
    header: tuple[str, ...]
    found: tuple[str, ...]
    accents: tuple[str, ...]
    skipped: int = 0


def read_csv(reading: Reading) -> SourceFile:
    """Read the file `INPUT` of the working folder, and write its rows as `ROWS`.

    Every column is text as written; an empty cell, quoted or not, is NULL, and so is one with nothing but
    blanks in it, as in an SPSS file. Lines of nothing but blanks before the header are passed over.

    Raises:
        FileErrors: what is wrong with it, rows counted from 1 at the first respondent.
    """
    file = Path(INPUT)
    reading.tell("look", 0, None)
    shape = look.look_at_bytes(file)
    with file.open("rb") as stream:
        head = stream.read(HEAD)
    encoding, told = _encoding(reading, head, shape)
    text, skipped = _as_text(reading, file, head, encoding, shape)
    written = replace(_written(reading, text, encoding, told), skipped=skipped)
    reading.check_names(written.header, MOST_COLUMNS)
    with open_database(reading.limits) as connection:
        n = _copy(connection, reading, text, written, shape.lines)
    reading.check_rows(n)
    reading.tell("check", n, n)
    with open_database(reading.limits, threads=2) as connection:
        texts = read_texts(
            connection,
            f"read_parquet({quoted(ROWS)})",
            written.header,
            reading.options.decimal,
            reading.options.missing,
        )
    return _described(written, texts, n, reading)


def _described(written: _Written, texts: Texts, n: int, reading: Reading) -> SourceFile:
    found = written.found
    found += ("decimal",) if reading.options.decimal is None else ()
    found += ("missing",) if reading.options.missing is None else ()
    return SourceFile(
        name=reading.name,
        format="csv",
        sha256="",
        rows=Path(ROWS),
        n=n,
        columns=tuple(FileColumn(c, "text", c in texts.numeric) for c in written.header),
        encoding=written.encoding,
        separator=written.separator,
        decimal=texts.decimal,
        missing=texts.missing,
        found=found,
        accents=written.accents,
    )


def _encoding(reading: Reading, head: bytes, shape: look.Bytes) -> tuple[str, bool]:
    """The encoding, and whether it was told. Raises FileErrors for bytes that no text has."""
    marked, asked = look.mark(head), reading.options.encoding
    wide = marked in ("utf-16", "utf-32") or (asked or "").lower().startswith(("utf-16", "utf-32"))
    if shape.nul_at and not wide:
        halves = head.count(0, 0, 1000) > len(head[:1000]) // 4
        hint = "UTF-16 without its mark: save it as UTF-8" if halves else "is it a text file? export it again"
        raise reading.refused("a text without NUL bytes", f"one in line {shape.nul_at}", hint)
    if shape.longest > LONGEST_LINE and not wide and not look.lone_returns(head):
        found = f"line {shape.longest_at} with {shape.longest / 1e6:,.0f} million"
        hint = "is a quotation mark not closed, or are the line ends lost?"
        raise reading.refused(f"lines of at most {LONGEST_LINE // 10**6} million bytes", found, hint)
    if asked is not None:
        try:
            "".encode(asked)
        except LookupError:
            raise reading.refused("an encoding that is known", repr(asked), "for example utf-8") from None
        return ("utf-8-sig" if asked.lower().replace("_", "-") in ("utf-8", "utf8") else asked), True
    if marked is not None:
        return marked, False
    if not shape.bad_at:
        return "utf-8", False
    return ("cp1252" if shape.windows else "latin-1"), False


def _as_text(reading: Reading, file: Path, head: bytes, encoding: str, shape: look.Bytes) -> tuple[Path, int]:
    """The file as UTF-8 with usual line ends and its header first: itself where it is that, else a copy.
    Also how many lines of blanks the copy has lost at its start."""
    returns = look.lone_returns(head) and encoding not in ("utf-16", "utf-32")
    blank = look.blank_lines(head.decode("utf-8-sig", "replace")) > 0
    if encoding in ("utf-8", "utf-8-sig") and not shape.bad_at and not returns and not blank:
        return file, 0
    copy, size, done, skipped = Path(TEXT), file.stat().st_size, 0, 0
    try:
        with copy.open("w", encoding="utf-8", newline="") as out:
            for piece in look.decoded(file, encoding):
                if done == 0:
                    # the database would take a blank line for the header
                    start = look.blank_lines(piece)
                    skipped = len(re.findall(r"\r\n|\n|\r", piece[:start]))
                    piece = piece[start:]
                piece = piece.replace("\0", "\ufffd")
                out.write(piece.replace("\r", "\n") if returns else piece)
                done = min(done + look.BLOCK, size)
                reading.tell("convert", done, size)
    except UnicodeError:
        line = f" (line {shape.bad_at})" if encoding.startswith("utf-8") and shape.bad_at else ""
        found = f"bytes that it does not have{line}"
        name = encoding.removesuffix("-sig")
        raise reading.refused(f"a text in {name}", found, "another encoding? cp1252 is common") from None
    wide = encoding in ("utf-16", "utf-32")
    longest = look.look_at_bytes(copy) if wide or returns else shape
    if longest.longest > LONGEST_LINE:
        at = longest.longest_at + (0 if longest is shape else skipped)
        found = f"line {at} with {longest.longest / 1e6:,.0f} million"
        raise reading.refused(f"lines of at most {LONGEST_LINE // 10**6} million bytes", found)
    return copy, skipped


def _written(reading: Reading, text: Path, encoding: str, told: bool) -> _Written:
    with text.open("rb") as stream:
        head = stream.read(HEAD)
    start = head.decode("utf-8-sig", "replace")
    if len(head) == HEAD:
        start = start[: start.rfind("\n") + 1] or start
    if not start.strip() or look.blank_lines(start):
        raise reading.refused("a header with column names", "nothing but blanks", "export it again")
    if _SEP_LINE.match(start):
        hint = "remove that line; the separator is found without it"
        raise reading.refused("a header with column names", "a line «sep=…» for Excel", hint)
    separator = reading.options.separator or look.separator(start)
    if len(separator) != 1 or separator in '"\r\n':
        raise reading.refused("a separator of one character", repr(separator), "for example ; or ,")
    rows = look.first_rows(start, separator)
    if not rows:
        hint = "close the quotation marks of the header"
        raise reading.refused("a header with column names", "one that has no end", hint)
    header = tuple(rows[0])
    if len(header) == 1:
        others = [c for c in look.SEPARATORS if c != separator and header[0].count(c) > 0]
        likely = look.separator(start)
        if likely in others:
            if look.no_header(header[0].split(likely)):
                raise reading.no_names()
            # not the name itself: where there is no header it is what a respondent answered
            found = f"one name, with {likely!r} in it"
            raise reading.refused(f"names separated by {separator!r}", found, f"is the separator {likely!r}?")
    if look.no_header(header):
        raise reading.no_names()
    found_out: tuple[str, ...] = () if told else ("encoding",)
    found_out += () if reading.options.separator else ("separator",)
    # pieces of the text as UTF-8: the copy was decoded already
    words = look.accents(look.decoded(text, "utf-8-sig"))
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    return _Written(name, separator, header, found_out, words)


def _copy(
    connection: duckdb.DuckDBPyConnection, reading: Reading, text: Path, written: _Written, lines: int
) -> int:
    """Write the rows; how many there are."""
    sql = _copy_sql(text.name, written)
    try:
        with watched(connection, reading.tell, "read", max(lines - 1, 1)):
            return int(connection.execute(sql).fetchall()[0][0])
    except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
        problem = error
    reading.tell("find faults", 0, None)
    errors = list(bad_rows(_lines(text), written.separator, len(written.header), written.skipped))
    if errors:
        raise FileErrors(reading.name, errors)
    # the rows are well: what is left is line ends of several kinds in one file
    other = Path(f"{TEXT}.new")
    with other.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(_lines(text, translate=True))
    other.replace(TEXT)
    try:
        return int(connection.execute(_copy_sql(TEXT, written)).fetchall()[0][0])
    except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
        problem = error
    raise reading.refused("a text file with separators", said(problem), "export it again as CSV (UTF-8)")


def _copy_sql(name: str, written: _Written) -> str:
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(written.header)))
    # not nullif: a text that is more than blanks stays as it is written
    names = ", ".join(
        f"CASE WHEN trim(c{i}, {quoted(BLANKS)}) <> '' THEN c{i} END AS {identifier(name)}"
        for i, name in enumerate(written.header)
    )
    return (
        f"COPY (SELECT {names} FROM read_csv({quoted(name)}, auto_detect = false, columns = {{{columns}}}, "
        f"delim = {quoted(written.separator)}, quote = '\"', escape = '\"', header = true, nullstr = '', "
        f"strict_mode = true, max_line_size = {LONGEST_LINE + 1})) "
        f"TO {quoted(ROWS)} ({copy_options(len(written.header))})"
    )


def _lines(text: Path, *, translate: bool = False) -> Iterator[str]:
    with text.open(encoding="utf-8-sig", newline=None if translate else "", errors="replace") as stream:
        yield from stream
