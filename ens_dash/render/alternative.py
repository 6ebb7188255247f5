"""A chart for those who do not see it: what it is, and its figures in a sentence."""

from __future__ import annotations

from ens_dash.render.card import Card
from ens_dash.render.sentence import title, value
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.text.words import NBSP


def labels(card: Card, words: Words) -> tuple[str, ...]:
    """The words in a card's chart, where nothing can be explained: what its rows are."""
    question = card.question
    rows = [question.item_label(r.item, words.lang) for r in card.rows if r.item]
    answers = [question.answer_label(p.answer, words.lang) for r in card.rows for p in r.answers]
    return tuple(dict.fromkeys([*rows, *answers]))


def short_alt(card: Card, survey: Survey, words: Words) -> str:
    """What the chart is, and where its figures are to be read, for those who do not see it on a page."""
    return words("chart.short_alt", title=title(card, survey, words))


def alt_text(card: Card, survey: Survey, words: Words) -> str:
    """The chart in a sentence with its title, for those who do not see it in a file or a picture."""
    return words("chart.alt", title=title(card, survey, words), figures=figures_sentence(card, words))


def figures_sentence(card: Card, words: Words) -> str:
    """All that a chart shows, written from its figures; no full stop at its end."""
    question = card.question
    parts = []
    for row in card.rows:
        answer = question.answer_label(row.main.answer, words.lang)
        label = question.item_label(row.item, words.lang) if row.item else answer
        text = f"{label} {value(row.main.whole or row.main.group, words)}"
        if card.whole_only:
            text += f" {words('figure.everybody')}"
        elif row.main.group is not None and row.main.whole is not None:
            word = words("figure.fictional") if card.fictional else words("figure.this_group")
            text += f" {words('figure.everybody')} ({value(row.main.group, words)} {word})"
        parts.append(text)
    between = f"{NBSP}; " if words.lang == "fr" else "; "
    return between.join(parts)
