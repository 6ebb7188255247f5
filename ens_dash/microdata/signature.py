"""What a file is by its name, and what it is by its first bytes."""

from __future__ import annotations

from pathlib import PurePath

from ens_dash.microdata.errors import FileError
from ens_dash.microdata.source import Format

FORMATS: dict[str, Format] = {
    ".sav": "sav",
    ".zsav": "sav",
    ".dta": "dta",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
}
NAMES: dict[Format, str] = {
    "sav": "an SPSS file",
    "dta": "a Stata file",
    "csv": "a text file with separators",
    "parquet": "a Parquet file",
}
ASKED = "a survey file: .sav (SPSS), .dta (Stata), .csv or .parquet"
AS_CSV = "save it as CSV (UTF-8) in the program that made it"
UNPACK = "unpack it, and give the file inside"
# The first bytes of what is none of ours -> what it is, and the way out.
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (or another Office file)", AS_CSV),
    (b"\x1f\x8b", "a file compressed with gzip", UNPACK),
    (b"BZh", "a file compressed with bzip2", UNPACK),
    (b"\xfd7zXZ\x00", "a file compressed with xz", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", UNPACK),
    (b"\x28\xb5\x2f\xfd", "a file compressed with Zstandard", UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (b"%PDF-", "a PDF document", ""),
    (b"SQLite format 3\x00", "a SQLite database", "export the table as CSV"),
    (b"HEADER RECORD*******", "a SAS transport file", "export it as CSV"),
    (b"PARE", "an encrypted Parquet file", "export it without encryption"),
    (b"ARROW1", "an Arrow or Feather file", "write it as Parquet"),
    (b"RDX", "an R data file", "write the table with write.csv or haven::write_sav"),
    (b"{\\rtf", "a rich text document", AS_CSV),
    (b"<!DOCTYPE", "a web page", "download the file itself"),
    (b"<html", "a web page", "download the file itself"),
)
_STATA = b"<stata_dta>"
# Before Stata 13 the first byte is the format, the second the order of bytes.
_OLD_STATA = (102, 103, 104, 105, 108, 110, 111, 112, 113, 114, 115)


def named_format(name: str) -> Format | None:
    """The format that a file's extension says, in capitals or not."""
    return FORMATS.get(PurePath(name).suffix.lower())


def mismatch(head: bytes, expected: Format) -> FileError | None:
    """What is wrong with a file of `expected` by its name, whose first bytes (a few hundred) are `head`."""
    if not head:
        return FileError("", "", "", NAMES[expected], "an empty file (0 bytes)", "export it again")
    found = _known(head)
    if found == expected or (found is None and expected == "csv" and _other(head) is None):
        return None
    if found is not None:
        endings = ", ".join(end for end, kind in FORMATS.items() if kind == found)
        hint = f"give it the name that it has in its own program ({endings})"
        return FileError("", "", "", NAMES[expected], NAMES[found], hint)
    what, hint = _other(head) or (f"something else (it begins with {_shown(head)})", "export it again")
    return FileError("", "", "", NAMES[expected], what, hint)


def _known(head: bytes) -> Format | None:
    if head[:4] in (b"$FL2", b"$FL3"):
        return "sav"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(_STATA) or (len(head) > 3 and head[0] in _OLD_STATA and _old_stata(head)):
        return "dta"
    return None


def _old_stata(head: bytes) -> bool:
    # the fourth byte is padding and the third is 1: a text cannot begin so
    return head[1] in (1, 2) and head[2] == 1 and head[3] == 0


def _other(head: bytes) -> tuple[str, str] | None:
    if head.startswith(b"PK\x03\x04"):
        # an Office file is a ZIP archive whose first members have these names
        if any(name in head for name in (b"[Content_Types].xml", b"_rels/", b"xl/", b"docProps/")):
            return "an Excel workbook (or another Office file)", AS_CSV
        if b"mimetypeapplication/vnd.oasis" in head:
            return "a LibreOffice document", AS_CSV
        return "a ZIP archive", UNPACK
    start = head.lstrip()[:32]
    for magic, what, hint in _OTHERS:
        if head.startswith(magic) or (magic[:1] == b"<" and start.lower().startswith(magic.lower())):
            return what, hint
    return None


def _shown(head: bytes) -> str:
    text = head[:8].decode("ascii", "replace").replace("\ufffd", "?")
    return repr("".join(c if c.isprintable() else "?" for c in text))
