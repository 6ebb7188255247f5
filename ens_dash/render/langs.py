"""Texts of a survey that has one language only, on a page in the other: marked with their language (HTML).

A screen reader then says them in their own voice. Where a survey has both languages nothing is marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from ens_dash.render.card import Card
from ens_dash.survey.base import Text
from ens_dash.survey.model import Question, Survey
from ens_dash.text import Words


def marked(sentence: str, parts: Iterable[Text], words: Words) -> str:
    """A sentence as HTML, in which those parts that are in another language than the page say so."""
    found = {words.of(part): lang for part in parts if (lang := words.foreign(part)) is not None}
    if not found:
        return escape(sentence)
    longest_first = sorted(found, key=len, reverse=True)
    pattern = re.compile("(" + "|".join(map(re.escape, longest_first)) + ")")
    return "".join(
        f'<span lang="{found[piece]}">{escape(piece)}</span>' if piece in found else escape(piece)
        for piece in pattern.split(sentence)
    )


def own(text: Text, words: Words) -> str:
    """A text of the survey alone, as HTML."""
    return marked(words.of(text), (text,), words)


def named(question: Question) -> tuple[Text, ...]:
    """What a sentence on a question may hold of it."""
    items = [text for i in question.items for text in (i.label, i.short) if text is not None]
    answers = [a.label for a in question.answers] + [n.label for n in question.nets]
    finding = () if question.finding is None else (question.finding,)
    return (question.title, question.reading, *finding, *items, *answers, question.base.text)


def about(card: Card, survey: Survey) -> tuple[Text, ...]:
    """What the lines under a chart may hold: who was asked, by whom and how, notes."""
    study = survey.study
    notes = (n.text for n in card.notes)
    return (
        card.question.base.text,
        study.commissioner,
        study.mode,
        study.people,
        *notes,
        *named(card.question),
    )


def groups(survey: Survey) -> tuple[Text, ...]:
    """What a sentence on a group may hold."""
    segments = [s for v in survey.variables for s in v.segments]
    texts = [t for s in segments for t in (s.label, s.noun, s.qualifier) if t is not None]
    return (*(v.label for v in survey.variables), *texts, survey.study.people)
