"""A briefing: chosen cards in their order, with the reader's own titles and notes, as one short text.

It lives in the URL, so that it can be sent as a link and nothing of it is kept on the server. The text is
compressed JSON in base64url; codes only, apart from what the reader wrote.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ens_dash.survey.characters import clean
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Survey

# an address of 4 kB goes through every server, browser and mail program; the filter needs some of it
LONGEST = 3400
MOST = 40
LONGEST_TITLE, LONGEST_NOTE = 160, 600
# what LONGEST characters can decompress to at the very most that is worth reading
_LARGEST = 64_000


class BriefingError(ValueError):
    """A briefing that cannot be held in an address; `limit` and `found` say by how much."""

    def __init__(self, limit: int, found: int) -> None:
        super().__init__(f"a briefing of {found} where {limit} is the most")
        self.limit, self.found = limit, found


@dataclass(frozen=True)
class Entry:
    """A card of a briefing. `fictional`: the reader ticked that its simulated figures are taken too.

    `title` empty: the card's own. `note`: what the reader wrote, plain text.
    """

    question: str
    where: Filter = Filter()
    fictional: bool = False
    title: str = ""
    note: str = ""


def encode(entries: Sequence[Entry]) -> str:
    """The entries as URL-safe text; empty for none.

    Raises:
        BriefingError: more than MOST cards, or a text of more than LONGEST characters.
    """
    if not entries:
        return ""
    if len(entries) > MOST:
        raise BriefingError(MOST, len(entries))
    rows = [
        [
            e.question,
            {name: list(codes) for name, codes in e.where.terms},
            int(e.fictional),
            e.title[:LONGEST_TITLE],
            e.note[:LONGEST_NOTE],
        ]
        for e in entries
    ]
    plain = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    text = base64.urlsafe_b64encode(packer.compress(plain) + packer.flush()).decode().rstrip("=")
    if len(text) > LONGEST:
        raise BriefingError(LONGEST, len(text))
    return text


def decode(text: str, survey: Survey) -> tuple[tuple[Entry, ...], bool]:
    """The entries of a text, and whether all of it was understood.

    What is not known (a question of another survey, a code that is gone) is left out, and so are characters
    that no file can hold; never an error: the text comes from an address that anybody may have written.
    """
    if not text:
        return (), True
    rows = _unpacked(text)
    if rows is None:
        return (), False
    entries, whole = [], len(rows) <= MOST
    for row in rows[:MOST]:
        entry, known = _entry(row, survey)
        whole = whole and known
        if entry is not None:
            entries.append(entry)
    return tuple(entries), whole


def _unpacked(text: str) -> list[Any] | None:
    if len(text) > LONGEST:
        return None
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj(-15)
        plain = unpacker.decompress(packed, _LARGEST)
        if not unpacker.eof:
            return None
        rows = json.loads(plain)
    except (ValueError, zlib.error, RecursionError):
        return None
    return rows if isinstance(rows, list) else None


def _entry(row: Any, survey: Survey) -> tuple[Entry | None, bool]:
    """The entry of a row, None where its question is not known; whether all of the row was."""
    match row:
        case [str(question), dict(terms), 0 | 1 as fictional, str(title), str(note)]:
            pass
        case _:
            return None, False
    if question not in survey.by_id:
        return None, False
    chosen: dict[str, list[str]] = {}
    known = True
    for name, codes in terms.items():
        variable = survey.variables_by_id.get(name)
        for code in codes if isinstance(codes, list) else [codes]:
            if variable is not None and isinstance(code, str) and variable.segment(code) is not None:
                chosen.setdefault(name, []).append(code)
            else:
                known = False
    entry = Entry(
        question,
        Filter.of(chosen, survey.variables),
        bool(fictional),
        clean(title)[:LONGEST_TITLE],
        clean(note)[:LONGEST_NOTE],
    )
    return entry, known
