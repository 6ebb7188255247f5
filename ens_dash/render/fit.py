"""Text into a box: how many lines it takes, and the largest size at which it stands in it.

A slide's program may not shrink a text until somebody types in it, so the size is chosen here. Widths are
those of Helvetica and Arial, which every slide program has or replaces by letters as wide.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

# thousandths of the size; what is in none of them is as wide as a figure, or a capital
_WIDTHS = {
    222: "'ijl’",
    278: "!,./:;I[\\]ft |\u00a0\u202f",
    333: '()-`r{}“”*"',
    500: "Jcksvxyz^",
    556: "#$0123456789?L_abdeghnopqu«»–°",
    611: "FTZ+<=>~",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ▨◆■",
    833: "Mm",
    944: "W%œ",
    1015: "@—…",
}
_WIDTH = {letter: width / 1000 for width, letters in _WIDTHS.items() for letter in letters}
_OTHER, _WIDE = 0.722, 1.0
# bold letters are wider, and no two programs break lines alike
_BOLD, _SAFE = 1.09, 1.04
# of the size: a line, and what stands between two paragraphs
LINE, BETWEEN = 1.2, 0.25


@lru_cache(4096)
def _wide(letter: str) -> float:
    known = _WIDTH.get(letter)
    if known is None:
        known = _WIDTH.get(unicodedata.normalize("NFD", letter)[0])
    if known is None:
        known = _WIDE if unicodedata.east_asian_width(letter) in "WF" or ord(letter) > 0xFFFF else _OTHER
    return known


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is on one line, in the unit of `size` (points); never too little for Arial."""
    return sum(map(_wide, text)) * size * _SAFE * (_BOLD if bold else 1.0)


def line_count(text: str, size: float, room: float, *, bold: bool = False) -> int:
    """How many lines a text takes in `room` points of width; a word that is wider is broken."""
    found = 0
    for paragraph in text.split("\n"):
        found += 1
        used = 0.0
        # no-break spaces hold words together, other spaces do not
        for word in paragraph.split(" "):
            wide = width(word, size, bold=bold)
            gap = width(" ", size, bold=bold) if used else 0.0
            if used and used + gap + wide > room:
                found += 1
                used = gap = 0.0
            while wide > room:
                found += 1
                wide -= room
            used += gap + wide
    return found


def height(paragraphs: Sequence[str], size: float, room: float, *, bold: bool = False) -> float:
    """How high paragraphs stand, in points, with what is between them."""
    lines = sum(line_count(p, size, room, bold=bold) for p in paragraphs)
    return lines * size * LINE + (len(paragraphs) - 1) * size * BETWEEN


def fitting(
    paragraphs: Sequence[str],
    room: tuple[float, float],
    largest: float,
    smallest: float,
    *,
    bold: bool = False,
) -> float:
    """The largest size (points, in halves) at which paragraphs stand in `room` (width, height).

    `smallest` where they do not even then: `cut` shortens them.
    """
    size = largest
    while size > smallest and height(paragraphs, size, room[0], bold=bold) > room[1]:
        size -= 0.5
    return max(size, smallest)


def cut(text: str, size: float, room: tuple[float, float], more: str, *, bold: bool = False) -> str:
    """The text, or as much of it as stands in the box at this size with `more` after it."""
    if height([text], size, room[0], bold=bold) <= room[1]:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if height([f"{text[:middle]}… {more}".rstrip()], size, room[0], bold=bold) <= room[1]:
            low = middle
        else:
            high = middle - 1
    return f"{text[:low].rstrip()}… {more}".rstrip()
