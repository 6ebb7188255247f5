"""YAML written by hand where comments are needed: scalars that read back as the same text, safe comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import yaml

from ens_dash.survey.characters import clean

LONGEST_COMMENT = 300
PLAIN = re.compile(r"[a-z][a-z0-9_]*")
# Plain words that YAML reads as something else than text.
NOT_TEXT = frozenset("y n yes no on off true false null nan inf".split())


def scalar(text: str) -> str:
    """The text in double quotes: whatever it is, it reads back as it was, and as text."""
    written: str = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=float("inf"))
    return written.rstrip("\n")


def name(text: str) -> str:
    """An id, bare where YAML reads it as text."""
    return text if PLAIN.fullmatch(text) and text not in NOT_TEXT else scalar(text)


def words(text: str, lang: str) -> str:
    """A text in one language: `{fr: "…"}`."""
    return f"{{{lang}: {scalar(text)}}}"


def both(french: str, english: str) -> str:
    return f"{{fr: {scalar(french)}, en: {scalar(english)}}}"


def listed(texts: Iterable[str]) -> str:
    return "[" + ", ".join(map(scalar, texts)) + "]"


def mapped(values: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{scalar(a)}: {scalar(b)}" for a, b in values.items()) + "}"


def comment(text: str) -> str:
    """A comment of one line; nothing of the file can end it."""
    line = re.sub(r"\s+", " ", clean(text)).strip()
    return "# " + (line if len(line) <= LONGEST_COMMENT else line[: LONGEST_COMMENT - 1] + "…")
