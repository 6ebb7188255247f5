"""What stands above and under a chart, as plain text: the same words on the page and drawn into a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ens_dash.render.card import Card, Said, in_pieces
from ens_dash.render.sentence import base_line, headline_interval, margin_hint, mark_line, source_line
from ens_dash.survey.model import Survey
from ens_dash.survey.report import Statement
from ens_dash.text import Words
from ens_dash.view import filter_sentence

# notes without which a figure is misread stand under the chart; the others are in the fold
ALWAYS_SHOWN = ("coverage", "footnote")


@dataclass(frozen=True)
class Line:
    """A line of text. `tag`: the word that stands before it, in the colour of the origin it names."""

    text: str
    tag: str = ""
    origin: Literal["", "published", "microdata", "fictional"] = ""


def asked(card: Card, words: Words) -> str:
    """The question in its own words, or the report's sentence where it prints none; says if translated."""
    question = card.question
    key = "card.wording" if question.wording_printed else "card.no_wording"
    lead = words(key, wording=words.of(question.wording))
    return f"{lead} {words('card.translation')}" if words.translated(question.wording) else lead


def told(said: Iterable[Said]) -> tuple[tuple[Said, ...], ...]:
    """The report's statements, those of one quotation on one question together."""
    found: dict[tuple[str | None, str, str], list[Said]] = {}
    for entry in said:
        key = entry.statement.question, entry.statement.quote, entry.closeness
        found.setdefault(key, []).append(entry)
    return tuple(map(tuple, found.values()))


def said_lead(entries: Sequence[Said], words: Words) -> str:
    """What introduces a quotation: whom the report speaks of, in its words, and how near the filter is."""
    first = entries[0].statement
    key = "said.all" if first.where is None else f"said.{entries[0].closeness}"
    groups = dict.fromkeys(
        e.statement.group_en if words.lang == "en" and e.statement.group_en else e.statement.group
        for e in entries
    )
    return words(key, group=words.both(groups))


def quoted(statement: Statement, words: Words) -> str:
    """The report's words in quotation marks; on an English page followed by our translation."""
    quote = words("quotation.quoted", text=statement.quote)
    if words.lang == words.original or statement.quote_en is None:
        return quote
    return f"{quote} {words('quotation.translated', text=statement.quote_en)}"


def why_hidden(card: Card, survey: Survey, words: Words) -> str:
    """Why a group's figures, or some of them, are not shown; empty where all are."""
    if card.too_few and card.showing_group:
        return words("card.too_few", people=filter_sentence(card.where, survey.variables, words))
    return words("card.some_hidden") if card.some_hidden and card.showing_group else ""


def under(card: Card, survey: Survey, words: Words) -> tuple[Line, ...]:
    """Origin, base and source; notes that are always shown; what a simulated figure or an interval is."""
    study = survey.study
    origin: Literal["published", "microdata"] = (
        "published" if card.whole_origin == "published" else "microdata"
    )
    source = source_line(card.question, survey, words, printed=origin == "published")
    tag = words(f"origin.{origin}").upper()
    lines = [Line(f"{base_line(card, survey, words)}. {source}", tag, origin)]
    if card.question.stimulus:
        lines.append(Line(words("card.after_stimulus")))
    lines += [Line(words.of(n.text)) for n in card.notes if n.kind in ALWAYS_SHOWN]
    if any(f.question == card.question.id and f.reading == "layout" for f in survey.published):
        lines.append(Line(words("card.layout")))
    if card.fictional:
        quote = words("figure.do_not_quote", n=words.number(card.group_n or 0))
        text = " ".join(filter(None, (quote, mark_line(card, words), margin_hint(card, words))))
        lines.append(Line(text, words("origin.fictional").upper(), "fictional"))
    elif _whiskers(card):
        lines.append(Line(words("interval.line" if study.quota_sample else "interval.line_plain")))
    elif headline_interval(card, words):
        # no interval is drawn: the first figure's is told
        lines.append(Line(headline_interval(card, words)))
    return tuple(lines)


def _whiskers(card: Card) -> bool:
    """Whether the chart draws intervals: not on a stacked bar, nor where another question is behind."""
    drawn = not in_pieces(card) and not any(r.beside for r in card.rows)
    return drawn and any(f.low is not None for f in card.figures)
