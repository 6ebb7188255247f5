"""Whether an SPSS file holds as many cases as its header says.

ReadStat reads as many as the header says and stops: a header that says fewer would lose respondents
without a word. (Of a Stata file it looks whether the data end there, of both whether there are as many.)
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, Any

import pyreadstat

from ens_dash.microdata.reading import INPUT, Reading

# Where an SPSS file has its number of cases: four bytes; -1 says that it is not known.
CASES_AT, UNKNOWN = 80, b"\xff\xff\xff\xff"
# From this format on, that of Stata 14, texts are UTF-8.
STATA_UTF8 = 118
HINT = "rows would be lost: the file is damaged; export it again"


class _Uncounted:
    """An SPSS file that does not say how many cases it has: a reader then reads to its end."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream

    def read(self, size: int | None = -1, /) -> bytes:
        start = self.stream.tell()
        block = self.stream.read(-1 if size is None else size)
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


def stata_release(file: Path) -> int:
    """The number of a Stata file's format; 0 where it cannot be seen."""
    with file.open("rb") as stream:
        head = stream.read(200)
    told = re.search(rb"<release>(\d{3})</release>", head)
    if told:
        return int(told.group(1))
    return head[0] if head and not head.startswith(b"<") else 0


def check_cases(reading: Reading, meta: Any, n: int) -> None:
    """Raises FileErrors where the file holds more cases than the `n` that its header says and were read."""
    if meta.number_rows is not None and _more_cases(meta, n):
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
