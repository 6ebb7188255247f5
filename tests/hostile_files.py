"""Survey files that are damaged, lie, or were made to harm: each with the words that its refusal must hold.

`HOSTILE` has them all. `write` makes the file at the path that it is given, whose name must end as `file`.
"""

from __future__ import annotations

import gzip
import io
import os
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat

from ens_dash.microdata.sandbox import Limits
from ens_dash.microdata.source import ReadOptions

SMALL = Limits(memory=600_000_000, cpu=20, wall=20.0, output=50_000_000, rows=1_000_000)


@dataclass(frozen=True)
class Hostile:
    """A file that must be refused. `words`: what the refusal must say, in any case of letters."""

    name: str
    file: str
    write: Callable[[Path], object]
    words: tuple[str, ...]
    limits: Limits = SMALL
    options: ReadOptions = ReadOptions()


def _bytes(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def table(n: int = 50) -> pd.DataFrame:
    rng = np.random.default_rng(7)
    return pd.DataFrame(
        {
            "id": np.arange(1.0, n + 1),
            "weight": rng.lognormal(0, 0.3, n),
            "q1": rng.integers(1, 5, n).astype(float),
            "town": ["Angoulême", "Nîmes"] * (n // 2),
        }
    )


def csv_lines(n: int = 50) -> list[bytes]:
    lines = table(n).to_csv(index=False, lineterminator="\n").encode()
    return lines.splitlines(keepends=True)


def _csv_with(changes: dict[int, bytes]) -> Callable[[Path], object]:
    """The table as CSV with lines (from 0, the header) replaced."""
    lines = csv_lines()
    for place, line in changes.items():
        lines[place] = line
    return _bytes(b"".join(lines))


def sav(path: Path, n: int = 50, **options: bool) -> bytes:
    pyreadstat.write_sav(table(n), path, **options)
    return path.read_bytes()


def dta(path: Path, n: int = 50, version: int = 15) -> bytes:
    pyreadstat.write_dta(table(n), path, version=version)
    return path.read_bytes()


def _changed(make: Callable[[Path], bytes], change: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(change(make(path)))


def _put(content: bytes, at: int, new: bytes) -> bytes:
    assert at >= 0
    return content[:at] + new + content[at + len(new) :]


def _cases(count: int) -> Callable[[bytes], bytes]:
    return lambda content: _put(content, 80, struct.pack("<i", count))


def _observations(count: int) -> Callable[[bytes], bytes]:
    return lambda content: _put(content, content.index(b"<N>") + 3, struct.pack("<Q", count))


def _same_names(write: Callable[..., object]) -> Callable[[Path], object]:
    return lambda path: write(pd.DataFrame({"Q1": [1.0, 2.0], "q1": [2.0, 1.0]}), path)


def _no_rows(write: Callable[..., object]) -> Callable[[Path], object]:
    return lambda path: write(table().iloc[:0], path)


def _no_columns(path: Path) -> None:
    head = b"$FL2" + b"@(#) SPSS DATA FILE".ljust(60) + struct.pack("<iiiii", 2, 0, 0, 0, 5)
    head += struct.pack("<d", 100.0) + b"01 Jan 2400:00:00" + b" " * 64 + b"\0" * 3
    path.write_bytes(head + struct.pack("<ii", 999, 0))


def _mess(content: bytes, start: int, end: int) -> bytes:
    noise = np.random.default_rng(3).integers(0, 256, end - start, dtype=np.uint8).tobytes()
    return content[:start] + noise + content[end:]


def _archive(names: tuple[str, ...]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return packed.getvalue()


def _parquet(columns: dict[str, object], **options: object) -> Callable[[Path], bytes]:
    def write(path: Path) -> bytes:
        pq.write_table(pa.table(columns), path, **options)
        return path.read_bytes()

    return write


def _varint(number: int) -> bytes:
    """A whole number as Parquet's footer has it: zigzag, seven bits a byte."""
    rest, found = number * 2, bytearray()
    while rest >= 128:
        found.append(rest & 127 | 128)
        rest >>= 7
    return bytes([*found, rest])


def lying_footer(content: bytes, true: int, said: int, times: int) -> bytes:
    """A Parquet file whose footer says `said` where it said `true` rows, so many times."""
    size = struct.unpack("<I", content[-8:-4])[0]
    footer = content[-8 - size : -8]
    assert footer.count(_varint(true)) >= 1
    footer = footer.replace(_varint(true), _varint(said), times)
    return content[: -8 - size] + footer + struct.pack("<I", len(footer)) + b"PAR1"


def _numbers(n: int) -> dict[str, object]:
    return {"id": np.arange(n), "q1": np.arange(n) % 4}


def _rows_bomb(path: Path) -> None:
    """A hundred million rows of one value, in a few kB."""
    piece = pa.table({"q": pa.array(np.zeros(1_000_000, np.int8))})
    with pq.ParquetWriter(path, piece.schema, compression="zstd") as writer:
        for _ in range(100):
            writer.write_table(piece)


def _size_bomb(path: Path) -> None:
    """Two thousand texts of a megabyte, each in a few bytes."""
    piece = pa.table({"q": pa.array([f"{i}" + "x" * 1_000_000 for i in range(100)])})
    with pq.ParquetWriter(path, piece.schema, compression="zstd", use_dictionary=False) as writer:
        for _ in range(20):
            writer.write_table(piece)


def _long_line(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"id,q1\n1,")
        for _ in range(100):
            file.write(b"x" * 1_000_000)
        file.write(b"\n2,3\n")


def _wide(path: Path) -> None:
    path.write_text(",".join(f"q{i}" for i in range(20_000)) + "\n" + ",".join("1" * 20_000) + "\n")


WHOLE = ("cut short or damaged",)
ROWS3 = {3: b"3,1,2\n", 7: b"7\n"}
GENERAL = (
    Hostile("unknown extension", "a.xyz", _bytes(b"id\n1\n"), (".sav", ".dta", ".csv", ".parquet", ".xyz")),
    Hostile("workbook by its name", "a.xlsx", _bytes(_archive(("xl/a",))), (".sav", ".xlsx")),
    Hostile("no extension", "a", _bytes(b"id\n1\n"), ("no extension",)),
    Hostile("folder", "a.csv", lambda path: path.mkdir(), ("folder",)),
    Hostile("nothing there", "a.csv", lambda path: None, ("none of this name",)),
    Hostile("pipe", "a.csv", lambda path: os.mkfifo(path), ("pipe",)),
)
CSV = (
    Hostile("empty", "a.csv", _bytes(b""), ("empty file",)),
    Hostile("blanks", "a.csv", _bytes(b" \n\n  \n"), ("blanks",)),
    Hostile("header only", "a.csv", _bytes(b"id,q1\n"), ("at least one respondent",)),
    Hostile("no header", "a.csv", _bytes(b"1,2,3\n2,2,1\n"), ("column names", "values")),
    Hostile(
        "no header but an address", "a.csv", _bytes(b"12,a@b.fr,Oui\n13,c@d.fr,Non\n"), ("column names",)
    ),
    Hostile(
        "no header in one cell",
        "a.csv",
        _bytes(b"12;a@b.fr\n13;c@d.fr\n"),
        ("column names",),
        options=ReadOptions(separator=","),
    ),
    Hostile(
        "blank lines and a bad row", "a.csv", _bytes(b"\r\n \r\nid,q1\r\n1,2\r\n2\r\n"), ("row 2", "line 5")
    ),
    Hostile("a name of ours", "a.csv", _bytes(b"id,file_row_number\n1,2\n"), ("file_row_number", "rename")),
    Hostile("another name of ours", "a.csv", _bytes(b"id,_ROW\n1,2\n"), ("_row", "rename")),
    Hostile("nameless column", "a.csv", _bytes(b"id,,q1\n1,2,3\n"), ("column 2", "name")),
    Hostile("same names", "a.csv", _bytes(b"id,q1,q1\n1,2,3\n"), ("q1", "one column of this name")),
    Hostile("names differ by case", "a.csv", _bytes(b"id,Q1,q1\n1,2,3\n"), ("Q1, q1", "capitals")),
    Hostile("too few cells", "a.csv", _csv_with(ROWS3), ("rows 3, 7", "lines 4, 8", "1 to 3 cells")),
    Hostile("too many cells", "a.csv", _csv_with({50: b"1,2,3,4,5\n"}), ("row 50", "line 51", "5 cells")),
    Hostile(
        "few and many", "a.csv", _csv_with({2: b"1\n", 4: b"1,2,3,4,5\n"}), ("row 2", "row 4", "2 error")
    ),
    Hostile("many bad rows", "a.csv", _csv_with(dict.fromkeys(range(1, 40), b"1\n")), ("34 more",)),
    Hostile("open quote", "a.csv", _csv_with({9: b'9,"1,2,Nice\n'}), ("row 9", "line 10", "quotation mark")),
    Hostile("after a quote", "a.csv", _csv_with({9: b'9,"1"x,2,Nice\n'}), ("row 9", "quotation mark")),
    Hostile("open quote in the header", "a.csv", _bytes(b'id,"q1\n1,2\n3,4\n'), ("open quotation mark",)),
    Hostile("NUL bytes", "a.csv", _csv_with({5: b"5,\x00,2,Nice\n"}), ("NUL", "line 6")),
    Hostile("NUL in a name", "a.csv", _csv_with({0: b"id,we\x00ight,q1,town\n"}), ("NUL", "line 1")),
    Hostile("control in a name", "a.csv", _csv_with({0: b"id,we\x07ight,q1,town\n"}), ("plain characters",)),
    Hostile("long name", "a.csv", _csv_with({0: b"id," + b"w" * 600 + b",q1,town\n"}), ("600 characters",)),
    Hostile("a line of 100 MB", "a.csv", _long_line, ("line 2", "100 million")),
    Hostile("20,000 columns", "a.csv", _wide, ("3,000 columns", "20,000", ".parquet")),
    Hostile("workbook", "a.csv", _bytes(_archive(("[Content_Types].xml", "xl/a.xml"))), ("excel", "csv")),
    Hostile("old workbook", "a.csv", _bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), ("excel",)),
    Hostile("archive", "a.csv", _bytes(_archive(("a.csv",))), ("zip archive", "unpack")),
    Hostile("gzip", "a.csv", _bytes(gzip.compress(b"id\n1\n")), ("gzip", "unpack")),
    Hostile("PDF", "a.csv", _bytes(b"%PDF-1.7\n"), ("pdf",)),
    Hostile("web page", "a.csv", _bytes(b"\n<!doctype html><html></html>"), ("web page",)),
    Hostile("SPSS as CSV", "a.csv", sav, ("an spss file", ".sav")),
    Hostile("row names", "a.csv", _bytes(b"id,q1\n1,1,2\n2,2,2\n"), ("rows 1, 2", "row.names")),
    Hostile("line for Excel", "a.csv", _bytes(b"sep=;\nid;q1\n1;2\n"), ("sep=",)),
    Hostile("UTF-16 without a mark", "a.csv", _bytes("id,q1\n1,2\n".encode("utf-16-le")), ("utf-16",)),
    Hostile("half of UTF-16", "a.csv", _bytes("id,q1\n1,2\n".encode("utf-16")[:-1]), ("utf-16",)),
    Hostile(
        "not the encoding told",
        "a.csv",
        _bytes("id,town\n1,Nîmes\n".encode("cp1252")),
        ("utf-8", "line 2", "cp1252"),
        options=ReadOptions(encoding="utf-8"),
    ),
    Hostile(
        "unknown encoding",
        "a.csv",
        _bytes(b"id\n1\n"),
        ("'klingon'",),
        options=ReadOptions(encoding="klingon"),
    ),
    Hostile(
        "not the separator told",
        "a.csv",
        _bytes(b"id;q1\n1;2\n"),
        ("separated by ','", "';'"),
        options=ReadOptions(separator=","),
    ),
)
SPSS = (
    Hostile("empty SPSS", "a.sav", _bytes(b""), ("empty file",)),
    Hostile("text as SPSS", "a.sav", _bytes(b"id,q1\n1,2\n"), ("spss", "something else")),
    Hostile("SPSS magic only", "a.sav", _bytes(b"$FL2"), WHOLE),
    Hostile("SPSS cut in its header", "a.sav", _changed(sav, lambda b: b[:100]), WHOLE),
    Hostile("SPSS cut in its dictionary", "a.sav", _changed(sav, lambda b: b[:300]), WHOLE),
    Hostile("SPSS cut in its data", "a.sav", _changed(sav, lambda b: b[:-700]), WHOLE),
    Hostile("SPSS cut in a row", "a.sav", _changed(sav, lambda b: b[:-13]), WHOLE),
    Hostile("SPSS says more rows", "a.sav", _changed(sav, _cases(60)), WHOLE),
    Hostile("SPSS says fewer rows", "a.sav", _changed(sav, _cases(40)), ("40 rows", "more")),
    Hostile("SPSS says 100 million", "a.sav", _changed(sav, _cases(10**8)), ("100,000,000",)),
    Hostile("SPSS says some million", "a.sav", _changed(sav, _cases(900_000)), WHOLE),
    Hostile("SPSS without rows", "a.sav", _no_rows(pyreadstat.write_sav), ("at least one respondent",)),
    Hostile("SPSS without columns", "a.sav", _no_columns, ("file",)),
    Hostile("SPSS names differ by case", "a.sav", _same_names(pyreadstat.write_sav), ("capitals",)),
    Hostile("noise in SPSS's dictionary", "a.sav", _changed(sav, lambda b: _mess(b, 176, 600)), WHOLE),
    Hostile("noise for SPSS", "a.sav", _bytes(_mess(b"$FL2" + b"\0" * 5000, 4, 5004)), WHOLE),
    Hostile(
        "compressed SPSS cut",
        "a.zsav",
        _changed(lambda path: sav(path, 500, compress=True), lambda b: b[: len(b) // 2]),
        WHOLE,
    ),
    Hostile(
        "noise in compressed SPSS",
        "a.zsav",
        _changed(lambda path: sav(path, 5000, compress=True), lambda b: _mess(b, 3000, 9000)),
        WHOLE,
    ),
)
STATA = (
    Hostile("text as Stata", "a.dta", _bytes(b"id,q1\n1,2\n"), ("stata", "something else")),
    Hostile("Stata magic only", "a.dta", _bytes(b"<stata_dta>"), WHOLE),
    Hostile("Stata cut in its header", "a.dta", _changed(dta, lambda b: b[:90]), WHOLE),
    Hostile("Stata cut in its data", "a.dta", _changed(dta, lambda b: b[: b.index(b"<data>") + 99]), WHOLE),
    Hostile("Stata says more rows", "a.dta", _changed(dta, _observations(60)), WHOLE),
    Hostile("Stata says fewer rows", "a.dta", _changed(dta, _observations(40)), WHOLE),
    Hostile("Stata says a milliard", "a.dta", _changed(dta, _observations(10**9)), ("1,000,000,000",)),
    Hostile("Stata says 2^63 rows", "a.dta", _changed(dta, _observations(2**63 - 1)), ("file",)),
    Hostile("Stata without rows", "a.dta", _no_rows(pyreadstat.write_dta), ("at least one respondent",)),
    Hostile("Stata names differ by case", "a.dta", _same_names(pyreadstat.write_dta), ("capitals",)),
    Hostile("noise in Stata's map", "a.dta", _changed(dta, lambda b: _mess(b, 160, 320)), ("file",)),
    Hostile(
        "old Stata cut", "a.dta", _changed(lambda path: dta(path, 50, 11), lambda b: b[: len(b) // 2]), WHOLE
    ),
    Hostile(
        "old Stata says fewer rows",
        "a.dta",
        _changed(lambda path: dta(path, 50, 11), lambda b: _put(b, 6, struct.pack("<i", 40))),
        ("file",),
    ),
)
PARQUET = (
    Hostile("text as Parquet", "a.parquet", _bytes(b"id,q1\n1,2\n"), ("parquet", "something else")),
    Hostile("Parquet magic only", "a.parquet", _bytes(b"PAR1"), WHOLE),
    Hostile(
        "Parquet cut", "a.parquet", _changed(_parquet(_numbers(5000)), lambda b: b[: len(b) // 2]), WHOLE
    ),
    Hostile(
        "Parquet without its end", "a.parquet", _changed(_parquet(_numbers(500)), lambda b: b[:-4]), WHOLE
    ),
    Hostile(
        "footer larger than the file",
        "a.parquet",
        _changed(_parquet(_numbers(500)), lambda b: b[:-8] + struct.pack("<I", 2**31) + b"PAR1"),
        WHOLE,
    ),
    Hostile(
        "noise in the footer",
        "a.parquet",
        _changed(_parquet(_numbers(500)), lambda b: _mess(b, len(b) - 300, len(b) - 8)),
        WHOLE,
    ),
    Hostile(
        "noise in the pages",
        "a.parquet",
        _changed(_parquet(_numbers(500), compression="none"), lambda b: _mess(b, 4, 900)),
        ("file",),
    ),
    Hostile(
        "footer says a milliard",
        "a.parquet",
        _changed(_parquet(_numbers(123_457)), lambda b: lying_footer(b, 123_457, 10**9, 1)),
        ("1,000,000,000",),
    ),
    Hostile(
        "footer says more everywhere",
        "a.parquet",
        _changed(_parquet(_numbers(123_457)), lambda b: lying_footer(b, 123_457, 900_000, 99)),
        ("file",),
    ),
    Hostile(
        "footer says fewer",
        "a.parquet",
        _changed(_parquet(_numbers(123_457)), lambda b: lying_footer(b, 123_457, 100_000, 1)),
        ("100,000",),
    ),
    Hostile("Parquet list", "a.parquet", _parquet({"id": [1], "q7": [[1, 2]]}), ("q7", "a list")),
    Hostile("Parquet structure", "a.parquet", _parquet({"id": [1], "q7": [{"a": 1}]}), ("q7", "structure")),
    Hostile(
        "Parquet map",
        "a.parquet",
        _parquet({"q7": pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int8()))}),
        ("q7", "a map"),
    ),
    Hostile("Parquet bytes", "a.parquet", _parquet({"id": [1], "face": [b"\xff\xd8"]}), ("face", "bytes")),
    Hostile("Parquet names differ by case", "a.parquet", _parquet({"Q1": [1], "q1": [2]}), ("capitals",)),
    Hostile("an address as a name", "a.parquet", _parquet({"id": [1], "a@b.fr": [1]}), ("column names",)),
    Hostile("Parquet with a name of ours", "a.parquet", _parquet({"_row": [1]}), ("_row", "rename")),
    Hostile("Parquet without rows", "a.parquet", _parquet(_numbers(0)), ("at least one respondent",)),
    Hostile("Parquet without columns", "a.parquet", _parquet({}), ("file",)),
    Hostile("encrypted Parquet", "a.parquet", _bytes(b"PARE" + b"\0" * 50 + b"PARE"), ("encrypted",)),
    Hostile("too many rows", "a.parquet", _rows_bomb, ("100,000,000", "1,000,000")),
    Hostile("a bomb", "a.parquet", _size_bomb, ("memory", "mb")),
)
HOSTILE = (*GENERAL, *CSV, *SPSS, *STATA, *PARQUET)
