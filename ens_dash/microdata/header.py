"""Whether an SPSS or Stata file holds as many rows as its header says.

ReadStat reads as many rows as the header says and stops: a header that says fewer would lose respondents
without a word.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import IO, Any

import pyreadstat

from ens_dash.microdata.reading import INPUT, Reading

# Where an SPSS file has its number of cases: four bytes; -1 says that it is not known.
CASES_AT, UNKNOWN = 80, b"\xff\xff\xff\xff"
SIZES = {"int8": 1, "int16": 2, "int32": 4, "float": 4, "double": 8}
# A long text of Stata (strL) is kept elsewhere; its row has a reference of this size.
STRL, STRL_WIDTH = 8, 2046
HINT = "rows would be lost: the file is damaged; export it again"


class _Uncounted:
    """An SPSS file that does not say how many cases it has: a reader then reads to its end."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream

    def read(self, size: int | None = -1, /) -> bytes:
        start = self.stream.tell()
        block = self.stream.read(size)
        if start >= CASES_AT + 4 or start + len(block) <= CASES_AT:
            return block
        patched = bytearray(block)
        for i, byte in enumerate(UNKNOWN):
            if 0 <= CASES_AT + i - start < len(patched):
                patched[CASES_AT + i - start] = byte
        return bytes(patched)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self.stream.seek(offset, whence)

    def tell(self) -> int:
        return self.stream.tell()


def check_counts(reading: Reading, kind: str, meta: Any, n: int) -> None:
    """Raises FileErrors where the file holds more rows than the `n` that its header says and were read."""
    if meta.number_rows is None:
        return
    if kind == "sav":
        more = _more_cases(meta, n)
    else:
        more = _data_bytes(Path(INPUT)) > n * _stata_width(meta) + len(b"<data></data>")
    if more:
        raise reading.refused(f"{n:,} rows, as the file says", "more", HINT)


def _more_cases(meta: Any, n: int) -> bool:
    """Whether a reader that is not told the number of cases finds one behind the last."""
    with open(INPUT, "rb") as stream:
        try:
            values, _ = pyreadstat.read_sav(
                _Uncounted(stream),
                row_offset=n,
                row_limit=1,
                usecols=meta.column_names[:1],
                output_format="dict",
                disable_datetime_conversion=True,
                encoding="ISO-8859-1",
            )
        except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError):
            # what is behind the last case is no case
            return False
    return any(len(column) > 0 for column in values.values())


def _stata_width(meta: Any) -> int:
    width = 0
    for name in meta.column_names:
        kind = meta.readstat_variable_types[name]
        if kind == "string":
            stored = int(meta.variable_storage_width.get(name) or 0)
            width += STRL if stored > STRL_WIDTH or stored == 0 else stored
        else:
            width += SIZES[kind]
    return width


def _data_bytes(file: Path) -> int:
    """Bytes of the data of a Stata file with a map of its parts (Stata 13 and later); 0 before."""
    with file.open("rb") as stream:
        head = stream.read(100_000)
    start = head.find(b"<map>")
    if not head.startswith(b"<stata_dta>") or start < 0:
        return 0
    order = "<" if b"<byteorder>LSF" in head[:200] else ">"
    offsets = head[start + 5 : start + 5 + 14 * 8]
    if len(offsets) < 14 * 8:
        return 0
    places = struct.unpack(f"{order}14Q", offsets)
    # the tenth part is the data, the eleventh what follows it
    return int(places[10] - places[9])
