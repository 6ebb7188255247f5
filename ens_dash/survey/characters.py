"""Characters that no XML file may hold, and that a browser does not draw."""

from __future__ import annotations

import unicodedata


def clean(text: str) -> str:
    """The text without control characters (lines and tabs stay), halves of a character and what is none."""
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(c for c in kept if ord(c) & 0xFFFE != 0xFFFE)
