"""The catalogues in data/text: French typography, texts alike in both languages, Streamlit's words."""

from __future__ import annotations

import gzip
import json
import re
from html import unescape
from importlib.util import find_spec
from pathlib import Path

import pytest
from folders import DATA

from ens_dash.text import Words, load_words
from ens_dash.web.page_words import STREAMLIT, replacements, words_block

NBSP, NARROW = "\u00a0", "\u202f"
FILLED = re.compile(r"\{\w+\}")
# Keys whose text is the same in French and English, and why.
SAME = {
    # one word in both languages
    r"page\.(adoption|covid-19)\.menu|nav\.menu": "a word alike",
    r"(search|compare|data\.column)\.question": "a word alike",
    r"extract\.(question|notes|source|base|sheet_notes)|table\.base": "a word alike",
    r"method\.(facts\.mode|margins\.source)": "a word alike",
    # languages are named in themselves
    r"language\.name_(fr|en)": "a language's own name",
    # letters and signs of the terminal's tables
    r"cli\.head\.(bases|p)|method\.facts\.dates": "a word or a sign alike",
    # names, signs, places to fill in
    r"share\.bibtex|figure\.none|streamlit\.streamlit run yourscript\.py": "a name or a sign",
}


@pytest.fixture(scope="module")
def words() -> dict[str, Words]:
    return load_words(DATA / "text")  # type: ignore[return-value]


def bare(text: str) -> str:
    """A text without what is filled in, numbers, codes and addresses: its words."""
    return re.sub(r"`[^`]*`|https?://\S+", "", FILLED.sub("", text))


def test_no_text_is_the_same_in_both_languages_without_a_reason(words):
    french, english = words["fr"].texts, words["en"].texts
    same = [
        key
        for key, text in french.items()
        if spaces(text) == spaces(english[key])
        and len(re.findall(r"[^\W\d_]{2,}", bare(text))) > 0
        and not any(re.fullmatch(pattern, key) for pattern in SAME)
    ]
    assert not [k for k in same if not one_word(french[k])]


def spaces(text: str) -> str:
    return text.replace(NBSP, " ").replace(NARROW, " ")


# Words that French and English write alike and that stand alone as a text.
ALIKE = {
    "adoption", "base", "menu", "question", "source", "notes", "note", "licence", "mode", "points",
    "messages",
    "association", "instant", "confidence", "article", "page", "code", "axe", "version", "date", "test",
}  # fmt: skip


def one_word(text: str) -> bool:
    return bare(text).strip(f" {NBSP}:.…").lower() in ALIKE


def test_french_texts_have_no_break_before_marks_and_a_curled_apostrophe(words):
    wrong = []
    for key, text in words["fr"].texts.items():
        if key.startswith(("cli.", "verify.")):
            continue
        said = re.sub(r"`[^`]*`|https?://\S+|\w+=\S+|\{\w+\}://", "", text)
        if re.search(r"(?<![\d:/]) [;?!»%](?!\w)| :(?= |$)|« ", said):
            wrong.append((key, "a space that breaks"))
        if re.search(r"[^\W\d_][?!»](?=\s|$)|[^\W\d_];(?=\s)", said):
            wrong.append((key, "no space before a mark"))
        if re.search(r"[^\W\d_]'[^\W\d_]", said):
            wrong.append((key, "a straight apostrophe"))
        if re.search(r'[“”]|(?<!=)"(?=\w)', said):
            wrong.append((key, "quotation marks"))
    assert wrong == []


def test_english_texts_have_no_french_marks(words):
    wrong = [k for k, t in words["en"].texts.items() if re.search(r"[«»]| [;?!](?=\s|$)|\d %", spaces(t))]
    assert wrong == []


def frontend() -> str:
    spec = find_spec("streamlit")
    assert spec is not None and spec.origin is not None
    scripts = (Path(spec.origin).parent / "static" / "static" / "js").glob("*.js")
    big = ("PlotlyChart", "DeckGl", "ECharts", "elk-", "cytoscape", "GraphViz", "katex", "StreamlitSyntax")
    return "\n".join(p.read_text("utf-8") for p in scripts if not p.name.startswith(big))


# Put together in the browser: the pieces that the frontend holds of them.
PIECES = {
    "Press Enter to apply": ("Press Enter to ", "`apply`"),
    "Press Enter to submit form": ("Press Enter to ", "`submit form`"),
    "Press Ctrl+Enter to apply": ("`Ctrl`", "+Enter to "),
    "Press ⌘+Enter to apply": ("`⌘`", "+Enter to "),
    "The page that you have requested does not seem to exist. Running the app's main page.": (
        "The page that you have requested does not seem to exist",
        ". Running the app's main page.",
    ),
    "You have requested page {page}, but no corresponding file was found in the app's pages/ directory. "
    "Running the app's main page.": (
        "You have requested page /",
        "no corresponding file was found in the app's",
    ),
    "Cannot connect to Streamlit (HTTP status: {status}).": (
        "Cannot connect to Streamlit (HTTP status: 403",
    ),
}
FROM_SERVER = "This app has encountered an error."
# React Aria's, in the browser's own language where the page has not told it ours
ARIA = {"Rejeter", "Dismiss"}


def test_canary_every_text_in_streamlits_table_is_one_that_its_frontend_can_show(words):
    text = frontend()
    missing = []
    for theirs in (k.removeprefix(STREAMLIT) for k in words["fr"].texts if k.startswith(STREAMLIT)):
        if theirs.startswith(FROM_SERVER) or theirs in ARIA:
            continue
        pieces = PIECES.get(theirs, tuple(p for p in FILLED.split(theirs) if len(p.strip()) > 1))
        missing += [(theirs, piece) for piece in pieces if piece not in text]
    assert missing == []


def test_canary_the_error_text_that_the_server_sends_is_the_one_in_the_table(words):
    from streamlit.elements.exception import _GENERIC_UNCAUGHT_EXCEPTION_TEXT

    assert STREAMLIT + str(_GENERIC_UNCAUGHT_EXCEPTION_TEXT) in words["fr"].texts


def test_the_page_gets_only_what_differs_and_nothing_that_ends_its_element(words):
    french, english = replacements(words["fr"]), replacements(words["en"])
    assert french["Help for {label}"] == f"Aide{NBSP}: {{label}}"
    assert "Skip to main content" in french and "Skip to main content" not in english
    block = words_block(Words("fr", words["fr"].texts | {"connection.back": '"></head><b>'}))
    assert block.count(">") == 1
    inside = json.loads(unescape(block[block.index('content="') + 9 : -2]))
    assert inside["lost"]["back"] == '"></head><b>'
    # what a first load pays for it, of 1.2 MB
    assert len(gzip.compress(block.encode())) < 3000
