"""Names of columns as words, ids and titles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from ens_dash.survey.characters import clean

LONGEST_ID = 60
LONGEST_TITLE = 80
# So many words of a name in a row are looked up as one: date_de_naissance.
JOINED_WORDS = 4
NUMBERED = re.compile(r"^\s*\[?[A-Za-z]{0,3}\d+[A-Za-z]?(?:[._]\d+)*\]?\s*[.:)–-]\s+(?=\S)")


def plain(text: str) -> str:
    """Lower case, without accents."""
    folded = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE").replace("ß", "ss"))
    return "".join(c for c in folded if not unicodedata.combining(c)).lower()


def words_of(name: str) -> tuple[str, ...]:
    """The words of a column's name, and its numbers: `dateNaissance_2` is date, naissance, 2."""
    parted = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", name)
    return tuple(re.findall(r"[a-z]+|\d+", plain(parted)))


def joined(name: str) -> frozenset[str]:
    """Every run of up to four words of a name, written as one word."""
    parts = words_of(name)
    return frozenset(
        "".join(parts[i:j])
        for i in range(len(parts))
        for j in range(i + 1, min(i + JOINED_WORDS, len(parts)) + 1)
    )


def one_line(text: str) -> str:
    """The text without line breaks, runs of blanks and characters that no page shows; NBSPs stay."""
    return re.sub(r"[ \t\n\r\f\v\u0085\u2028\u2029]+", " ", clean(text)).strip(" ")


def slug(name: str) -> str:
    """The name as an id: lower case, `_` for all else, a letter first; "" where nothing is left of it."""
    text = re.sub(r"[^a-z0-9]+", "_", plain(name)).strip("_")
    if text and not text[0].isalpha():
        text = f"q{text}"
    return text[:LONGEST_ID].rstrip("_")


def unique_id(name: str, used: set[str], otherwise: str, reserved: Collection[str] = ()) -> str:
    """An id made of a name that is not yet `used` nor `reserved`; it is `used` afterwards."""
    base = slug(name) or otherwise
    found, number = base, 1
    while found in used or found in reserved:
        number += 1
        tail = f"_{number}"
        found = base[: LONGEST_ID - len(tail)].rstrip("_") + tail
    used.add(found)
    return found


def survey_id(name: str) -> str:
    """A folder's name as the id of a survey: letters, digits and `-`."""
    return re.sub(r"[^a-z0-9]+", "-", plain(name)).strip("-") or "survey"


def title_of(label: str) -> str:
    """The label without its number, up to 80 characters, cut at a word."""
    text = NUMBERED.sub("", one_line(label)) or one_line(label)
    if len(text) <= LONGEST_TITLE:
        return text
    cut = text[: LONGEST_TITLE - 1]
    head = cut.rpartition(" ")[0]
    return (head if len(head) > LONGEST_TITLE // 2 else cut).rstrip(" ,;:–-") + "…"
