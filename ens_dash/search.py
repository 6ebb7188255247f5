"""Search over questions, items, answers, statements and synonyms, in both languages, without accents.

What the report mentions without a figure is found too, and says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ens_dash.survey.base import LANGS, Text
from ens_dash.survey.model import Question, Survey

Kind = Literal["question", "item", "statement", "worded"]
WORD = re.compile(r"\w+")
# words that carry no subject; what is left must all be found
STOP = frozenset(
    "a au aux avec c ce ces dans de des du d elle en est et il ils j je l la le les leur leurs ma mes mon n "
    "ne nous on ou par pas pour qu que qui s sa se ses son sur ta te tes ton tu un une vos votre vous y "
    "an and are as at be by can do for has how i in is it my of on or our the their they to us we what "
    "which who with your me no not".split()
)


@dataclass(frozen=True)
class Hit:
    """One thing found: the question it belongs to, what it is, its text, and whether it has a figure."""

    question: str
    kind: Kind
    text: Text
    score: float
    with_figure: bool = True


@dataclass(frozen=True)
class Entry:
    question: str
    kind: Kind
    text: Text
    with_figure: bool
    stems: frozenset[str]
    weight: float


def fold(text: str) -> str:
    """Lower case, no accents, straight apostrophes."""
    plain = unicodedata.normalize("NFD", text.lower().replace("œ", "oe").replace("’", "'"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def stems(text: str) -> frozenset[str]:
    """The words of a text that carry a subject, cut to a common beginning («pirater», «piratage»)."""
    found = WORD.findall(fold(text).replace("'", " "))
    meaningful = [w for w in found if w not in STOP] or found
    return frozenset(_stem(w) for w in meaningful)


def _stem(word: str) -> str:
    for ending in (
        "ements",
        "ement",
        "ations",
        "ation",
        "ages",
        "age",
        "ees",
        "ee",
        "ers",
        "er",
        "es",
        "s",
        "e",
        "x",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def index(survey: Survey) -> tuple[Entry, ...]:
    """Everything that can be found, prepared once a release."""
    return tuple(_entries(survey))


def _entries(survey: Survey) -> Iterator[Entry]:
    for question in survey.questions:
        keywords = " ".join(" ".join(question.keywords.get(lang, ())) for lang in LANGS)
        answers = " ".join(
            map(_all, (*(a.label for a in question.answers), *(n.label for n in question.nets)))
        )
        text = " ".join([_all(question.title), _all(question.wording), keywords, answers])
        yield Entry(question.id, "question", question.title, True, stems(text), 1.0)
        for item in question.items:
            printed = _has_figure(survey, question, item.id)
            context = " ".join([_all(item.label), _all(question.title)])
            yield Entry(question.id, "item", item.label, printed, stems(context), 1.2)
    for statement in survey.statements:
        if statement.question:
            words = stems(f"{statement.quote} {statement.group} {statement.topic}")
            yield Entry(statement.question, "statement", Text(fr=statement.quote), False, words, 0.6)
    for worded in survey.worded:
        note = _all(worded.note) if worded.note else ""
        yield Entry(
            worded.question, "worded", Text(fr=worded.words), False, stems(f"{worded.words} {note}"), 0.7
        )


def _all(text: Text) -> str:
    return " ".join(filter(None, (text.fr, text.en)))


def _has_figure(survey: Survey, question: Question, item: str) -> bool:
    return not survey.published or any(f.question == question.id and f.item == item for f in survey.published)


def search(entries: tuple[Entry, ...], text: str, limit: int = 8) -> list[Hit]:
    """The entries that hold all words of `text` (or begin with them), best first, one a text; where none
    holds them all, those that hold most."""
    wanted = stems(text)
    if not wanted:
        return []
    scored = []
    for entry in entries:
        found = sum(
            1 for w in wanted if any(s == w or (len(w) >= 4 and s.startswith(w)) for s in entry.stems)
        )
        if found:
            closeness = found / len(wanted) + 0.2 * found / max(len(entry.stems), 1)
            scored.append((found == len(wanted), closeness * entry.weight, entry))
    complete = any(all_found for all_found, _, _ in scored)
    scored = [s for s in scored if s[0] or not complete]
    scored.sort(key=lambda s: -s[1])
    hits, seen = [], set()
    for _, score, entry in scored:
        key = (entry.question, entry.text.of("fr"))
        if key not in seen:
            seen.add(key)
            hits.append(Hit(entry.question, entry.kind, entry.text, score, entry.with_figure))
    return hits[:limit]
