"""One card alone, as a page to be put into another: bars in HTML, everything that a figure must not lose.

A simulated figure is never on it. With a filter on a simulated survey it has the report's figures, the
report's words on the group, and a sentence that says whose the figures are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from html import escape
from math import ceil
from pathlib import Path
from textwrap import wrap
from typing import Any

from ens_dash.render.around import ALWAYS_SHOWN, under, why_hidden
from ens_dash.render.bars import answers_alike, has_intervals, table
from ens_dash.render.card import Card
from ens_dash.render.card_html import said, wording
from ens_dash.render.langs import about, marked, named
from ens_dash.render.sentence import title
from ens_dash.survey.base import LANGS, Text
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.view import filter_sentence

CSS = Path(__file__).with_name("embed.css")
# What `height_of` counts with, for 320 pixels of width: letters in a line, of the small print, and
# in the first column; pixels of a line, of one of the small print, around a row, and of what every card has.
LETTERS, SMALL_LETTERS, LABEL_LETTERS = 36, 42, 11
LINE, SMALL_LINE, ROW, AROUND = 22, 19, 8, 520


class FictionalError(ValueError):
    """A card with simulated figures was to be embedded."""


@dataclass(frozen=True)
class Links:
    """Addresses: of the card on the site, and of the page in its other form (interactive, or bars)."""

    permalink: str
    other: str


@dataclass(frozen=True)
class Drawing:
    """What the interactive form loads: the plotly figure, its text alternative, and addresses: of the script
    that makes place for the chart, of plotly.js, and of the font of the site's charts (empty: none)."""

    figure: dict[str, Any]
    alt: str
    script: str
    plotly: str
    font: str = ""


def page(card: Card, survey: Survey, words: Words, links: Links, drawing: Drawing | None = None) -> str:
    """The page. Without `drawing` it needs no script; with it the bars stay until the chart is drawn.

    Raises:
        FictionalError: the card was made with simulated figures shown.
    """
    if card.fictional or any(f.origin == "simulated" for f in card.figures):
        raise FictionalError(f"{card.question.id}: simulated figures do not leave in an embed")
    heading = title(card, survey, words)
    parts = [
        f"<h1>{marked(heading, named(card.question), words)}</h1>",
        f'<p class="asked">{wording(card, words)}</p>',
        *(f'<p class="note">{escape(text)}</p>' for text in whose(card, survey, words)),
        said(card, words) if card.where and survey.statements else "",
        _chart(card, survey, words, drawing),
        source(card, survey, words),
        _links(links, words, drawing is not None),
    ]
    name = f"{heading} – {words('site.name')}"
    head = f'<link rel="canonical" href="{escape(links.permalink)}">'
    return document(name, "".join(parts), words, head + (_scripts(drawing) if drawing is not None else ""))


def document(name: str, body: str, words: Words | None, head: str = "") -> str:
    """A page of its own around `body` (HTML), which is complete without anything else."""
    lang = words.lang if words is not None else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex"><link rel="icon" href="data:,">'
        f"<title>{escape(name)}</title><style>{_css()}</style>{head}</head>"
        f"<body><main>{body}</main></body></html>\n"
    )


def whose(card: Card, survey: Survey, words: Words) -> list[str]:
    """What must be said of the group: that the figures are everybody's, or why a number is not there."""
    hidden = why_hidden(card, survey, words)
    told = [hidden] if hidden else []
    if not card.whole_only:
        return told
    people = filter_sentence(card.where, survey.variables, words)
    if card.origin == "simulated":
        return [words("embed.whole", people=people)]
    return [*told, words("embed.everybody")]


def snippet(address: str, title: str, height: int) -> str:
    """The HTML that puts the page at `address` into another; `height` in pixels."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="{height}" '
        'style="border:0" loading="lazy"></iframe>'
    )


def height_of(card: Card) -> int:
    """How many pixels of height let nothing be cut at 320 pixels of width, in either language.

    Counted from the letters of wording, report's words, labels and notes; what is the same on every card is
    one allowance. An estimate: a reader's larger letters are cut, and the frame scrolls then.
    """
    question = card.question
    pixels = AROUND + LINE * (_lines(question.wording, LETTERS) + _lines(question.reading, LETTERS))
    pixels += SMALL_LINE * _lines(question.base.text, SMALL_LETTERS)
    if question.stimulus:
        pixels += 2 * SMALL_LINE
    notes = [n.text for n in card.notes if n.kind in ALWAYS_SHOWN]
    pixels += sum(SMALL_LINE * _lines(text, SMALL_LETTERS) for text in notes)
    if card.where:
        pixels += 7 * LINE
        # an English page has the report's French and a translation
        quotes = {e.statement.quote: e.statement.quote_en or "" for e in card.said}
        pixels += sum(LINE * (len(wrap(f"{a} {b}", LETTERS)) + 2) for a, b in quotes.items())
    without_answer = answers_alike(card)
    for row in card.rows:
        item = question.item(row.item)
        if item is not None:
            pixels += ROW + LINE * _lines(item.label, LETTERS)
        for part in (*row.answers, *([row.beside] if row.beside else [])):
            labels = [question.answer_label(part.answer, lang) for lang in LANGS]
            pixels += ROW + LINE * max(1 if without_answer else len(wrap(x, LABEL_LETTERS)) for x in labels)
    return ceil(pixels / 10) * 10


def _lines(text: Text, letters: int) -> int:
    """Lines of a text in the longer language."""
    return max(len(wrap(text.of(lang), letters)) for lang in LANGS)


def _chart(card: Card, survey: Survey, words: Words, drawing: Drawing | None) -> str:
    bars = table(card, survey, words, compact=True)
    if drawing is None:
        return f'<div id="chart">{bars}</div>'
    # a browser ends a script at its first "</": no text of a figure may hold one
    data = json.dumps(drawing.figure, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    height = int(drawing.figure["layout"]["height"])
    return (
        f'<div id="chart" data-alt="{escape(drawing.alt)}" style="--height:{height}px">{bars}</div>'
        f'<script type="application/json" id="figure">{data}</script>'
    )


def _scripts(drawing: Drawing) -> str:
    # the first is not deferred: it makes the chart's place before anything is painted
    font = ""
    if drawing.font:
        # for the chart alone: other text would move when the font comes
        font = (
            '<style>@font-face{font-family:"Source Sans";font-weight:200 900;'
            f'src:url("{drawing.font}") format("woff2")}}</style>'
        )
    ours, plotly = escape(drawing.script), escape(drawing.plotly)
    return f'{font}<script src="{ours}"></script><script src="{plotly}" defer></script>'


def source(card: Card, survey: Survey, words: Words, alone: bool = True) -> str:
    """Origin, base and source, notes that are always shown, and what intervals are (HTML).

    `alone`: also whose site this is, where no foot of a page says so.
    """
    interval = words("interval.line" if survey.study.quota_sample else "interval.line_plain")
    lines = []
    for line in under(card, survey, words):
        tag = f'<span class="tag">{escape(line.tag)}</span> ' if line.tag else ""
        lines.append(f"{tag}{marked(line.text, about(card, survey), words)}")
    if has_intervals(card) and escape(interval) not in lines:
        lines.append(escape(interval))
    if alone:
        lines.append(escape(words("footer.independent")))
    return f'<p class="source">{"<br>".join(lines)}</p>'


def _links(links: Links, words: Words, interactive: bool) -> str:
    other = words("embed.bars" if interactive else "embed.interactive")
    return (
        f'<p class="links"><a href="{escape(links.permalink)}" target="_blank" rel="noopener">'
        f"{escape(words('site.name'))}</a>"
        f'<a class="more" href="{escape(links.other)}">{escape(other)}</a></p>'
    )


@cache
def _css() -> str:
    return CSS.read_text("utf-8").replace("\n", "")
