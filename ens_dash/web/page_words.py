"""Words that the page's scripts need, in the visitor's language: in a tag of its head.

`streamlit`: Streamlit's own texts and ours for them (web/static/words.js); `lost`: what is said while the
server is away (lost.js); `print`: what stands on paper only (print.js).
"""

from __future__ import annotations

import json
from html import escape

from ens_dash.text import Words

NAME = "page-words"
STREAMLIT = "streamlit."
LOST = ("away", "back", "forever")
PRINT = ("address",)


def replacements(words: Words) -> dict[str, str]:
    """Streamlit's text -> ours, where they differ; {…} in both stands for what Streamlit fills in."""
    theirs = [key.removeprefix(STREAMLIT) for key in words.texts if key.startswith(STREAMLIT)]
    table = {text: words(f"streamlit.{text}") for text in theirs}
    return {text: ours for text, ours in table.items() if text != ours}


def words_block(words: Words) -> str:
    """The words as a tag for the page's head: it runs nothing, so that no policy refuses it."""
    table = {
        "streamlit": replacements(words),
        "lost": {name: words(f"connection.{name}") for name in LOST},
        "print": {name: words(f"print.{name}") for name in PRINT},
    }
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    return f'<meta name="{NAME}" content="{escape(text)}">'
