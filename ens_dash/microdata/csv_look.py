"""How a text file with separators is written, found out by looking: encoding, lines, separator, header."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ens_dash.microdata.reading import reaches_somebody

SEPARATORS = (",", ";", "\t", "|")
# The marks at the start of a file that say its encoding; UTF-32's begins with UTF-16's.
MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Bytes that Windows-1252 gives no letter.
_NOT_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_ACCENTED = re.compile(r"[^\W\d_\x00-\x7f]")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
# A tab may be a separator, so that a line of tabs is a row of empty cells.
_BLANK_LINES = re.compile(r"(?:[ \u00a0\u202f]*(?:\r\n|\n|\r))+")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
BLOCK = 1 << 20
LOOKED_AT = 200
# So many words are shown, out of so many looked at.
ACCENTS = 3


@dataclass(frozen=True)
class Bytes:
    """What one pass over a file's bytes shows. `longest`: bytes of the longest line, which is line
    `longest_at`; `nul_at`: the line of the first NUL; `bad_at`: the line of the first bytes that are no
    UTF-8, 0 where there are none; `windows`: whether all could be Windows-1252."""

    lines: int
    longest: int
    longest_at: int
    nul_at: int
    bad_at: int
    windows: bool


def mark(head: bytes) -> str | None:
    """The encoding that a file says itself by its first bytes, as Python names it."""
    return next((name for magic, name in MARKS if head.startswith(magic)), None)


def look_at_bytes(file: Path) -> Bytes:
    """One pass over the file, in blocks. A line ends with a line feed (or a lone carriage return, where
    the file has no line feeds: then all of it counts as one line, see `lone_returns`)."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = longest = longest_at = nul_at = bad_at = 0
    open_line = 0
    windows = True
    with file.open("rb") as stream:
        while block := stream.read(BLOCK):
            if not nul_at and (place := block.find(b"\0")) >= 0:
                nul_at = lines + block.count(b"\n", 0, place) + 1
            if not bad_at:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError as error:
                    # the error's object is what was left of the block before and this one
                    bad_at = lines + error.object.count(b"\n", 0, error.start) + 1
            if bad_at:
                windows = windows and _NOT_WINDOWS.search(block) is None
            pieces = block.split(b"\n")
            sizes = [len(piece) for piece in pieces]
            sizes[0] += open_line
            widest = max(sizes)
            if widest > longest:
                longest, longest_at = widest, lines + sizes.index(widest) + 1
            lines += len(pieces) - 1
            open_line = sizes[-1]
    if not bad_at:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            bad_at = lines + 1
    return Bytes(lines + (open_line > 0), longest, longest_at, nul_at, bad_at, windows)


def lone_returns(head: bytes) -> bool:
    """Whether lines end with a carriage return alone, as on old Macs."""
    return b"\n" not in head and b"\r" in head


def decoded(file: Path, encoding: str) -> Iterator[str]:
    """The file's text in pieces, without a mark at its start. Raises UnicodeDecodeError."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with file.open("rb") as stream:
        while block := stream.read(BLOCK):
            yield decoder.decode(block)
        yield decoder.decode(b"", final=True)


def accents(pieces: Iterator[str]) -> tuple[str, ...]:
    """The first few different words with letters outside ASCII."""
    found: dict[str, None] = {}
    left = LOOKED_AT
    for piece in pieces:
        if piece.isascii():
            continue
        at = 0
        while left and (letter := _ACCENTED.search(piece, at)):
            left -= 1
            # the word around the letter; one at the edge of a piece may be cut
            around = _WORD.finditer(piece, max(letter.start() - 40, at), letter.start() + 40)
            word = next((w for w in around if w.end() > letter.start()), letter)
            if word.start() > 0 and word.end() < len(piece):
                found.setdefault(word.group())
            at = word.end()
            if len(found) == ACCENTS:
                return tuple(found)
        if not left:
            break
    return tuple(found)


def blank_lines(text: str) -> int:
    """How many characters the lines take that stand before the header with nothing but blanks on them."""
    found = _BLANK_LINES.match(text)
    return found.end() if found else 0


def separator(text: str) -> str:
    """The separator by which a file's first rows have the same number of cells, at least two.

    `text`: the beginning of the file, of whole lines if it was cut. The comma where none does: the file has
    one column. Where several do, the one with which most rows have as many cells as the header, then the
    one with most cells.
    """
    best, most = ",", (0.0, 0)
    for candidate in SEPARATORS:
        rows = first_rows(text, candidate)
        if not rows or len(rows[0]) < 2:
            continue
        header, body = len(rows[0]), rows[1:]
        same = sum(len(row) == header for row in body) / len(body) if body else 1.0
        # a separator that is in the header and never in the rows as often is in the header's words
        score = (round(same, 2), header)
        if same > 0.5 and score > most:
            best, most = candidate, score
    return best if most > (0.0, 0) else _commonest(text)


def _commonest(text: str) -> str:
    """Where rows and header never agree: what the first line has most of, so that the fault can be told."""
    counts = Counter({c: text.partition("\n")[0].count(c) for c in SEPARATORS})
    return counts.most_common(1)[0][0]


def first_rows(text: str, delimiter: str, most: int = LOOKED_AT) -> list[list[str]]:
    """The first rows as cells, empty lines left out; fewer where a quote is not closed in them."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if row:
                rows.append(row)
            if len(rows) == most:
                break
    except csv.Error:
        return rows
    return rows


def no_header(names: Sequence[str]) -> bool:
    """Whether a first row looks like values: every cell of it a number or empty, and not all empty, or one
    of them an e-mail address or a telephone number."""
    values = [name.strip() for name in names]
    numbers = [_NUMBER.fullmatch(value) is not None for value in values if value]
    return (bool(numbers) and all(numbers)) or any(map(reaches_somebody, values))
