"""Search over everything that a survey folder says in words, in both languages, without accents: questions,
items, answers, synonyms, what the report says of groups or without a figure, quotations, notes, method.

What has no figure says so, and what belongs to no question has none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from ens_dash.survey.base import LANGS, Text
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Question, Survey
from ens_dash.survey.report import Statement

Kind = Literal["question", "item", "statement", "worded", "note", "method", "verbatim"]
WORD = re.compile(r"\w+")
# words that carry no subject; what is left must all be found
STOP = frozenset(
    "a au aux avec c ce ces dans de des du d elle en est et il ils j je l la le les leur leurs ma mes mon n "
    "ne nous on ou par pas pour qu que qui s sa se ses son sur ta te tes ton tu un une vos votre vous y "
    "an and are as at be by can do for has how i in is it my of on or our the their they to us we what "
    "which who with your me no not".split()
)
# cut from the end of a word, the longest first, where four letters or more are left
ENDINGS = "ements ement ations ation ages age ees ee ers er es s e x".split()
# figures come before words, and the report's words before ours
WEIGHTS: dict[Kind, float] = {
    "item": 1.2,
    "question": 1.0,
    "worded": 0.7,
    "statement": 0.6,
    "note": 0.5,
    "method": 0.5,
    "verbatim": 0.4,
}
# what a word is worth that stands around an entry (its question's title) and not in it
AROUND = 0.5
# a statement that a question measures comes before one that none does
UNTESTED = 0.9


@dataclass(frozen=True)
class Hit:
    """One thing found: what it is, its text, and whether it has a figure.

    `question` is the one it belongs to; None for what belongs to none: the method, a note on the whole
    survey, a quotation, a statement that no question measures. The last says why in `untested`. `theme` is
    a quotation's.
    """

    question: str | None
    kind: Kind
    text: Text
    score: float
    with_figure: bool = True
    theme: str | None = None
    untested: Text | None = None


@dataclass(frozen=True)
class Entry:
    """Something that can be found by the stems of its `own` words or, for less, of those `around` it."""

    question: str | None
    kind: Kind
    text: Text
    own: frozenset[str]
    around: frozenset[str] = frozenset()
    with_figure: bool = False
    theme: str | None = None
    untested: Text | None = None

    @property
    def weight(self) -> float:
        return WEIGHTS[self.kind] * (UNTESTED if self.untested else 1)

    def hit(self, score: float) -> Hit:
        return Hit(self.question, self.kind, self.text, score, self.with_figure, self.theme, self.untested)


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
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def index(survey: Survey) -> tuple[Entry, ...]:
    """Everything that can be found, prepared once a release."""
    return (*_questions(survey), *_report(survey), *_notes(survey))


def _questions(survey: Survey) -> Iterator[Entry]:
    for question in survey.questions:
        keywords = (word for lang in LANGS for word in question.keywords.get(lang, ()))
        answers = (*(a.label for a in question.answers), *(n.label for n in question.nets))
        yield Entry(
            question.id,
            "question",
            question.title,
            own=_stems(question.title, *keywords),
            around=_stems(question.wording, *answers),
            with_figure=True,
        )
        for item in question.items:
            yield Entry(
                question.id,
                "item",
                item.label,
                own=_stems(item.label, item.short),
                around=_stems(question.title),
                with_figure=_has_figure(survey, question, item.id),
            )


def _report(survey: Survey) -> Iterator[Entry]:
    """What the report says without an exact figure."""
    themes = {theme.id: theme.label for theme in survey.study.themes}
    for s in survey.statements:
        about = survey.by_id[s.question].title if s.question else s.untested
        yield Entry(
            s.question,
            "statement",
            Text(fr=s.quote, en=s.quote_en),
            # our labels of the group say in both languages what the report calls by many names
            own=_stems(s.quote, s.quote_en, s.group, s.group_en, s.topic, *_labels(survey, s)),
            around=_stems(about),
            untested=None if s.question else s.untested,
        )
    for w in survey.worded:
        question = survey.by_id[w.question]
        item = question.item(w.item)
        yield Entry(
            w.question,
            "worded",
            Text(fr=w.words, en=w.words_en),
            own=_stems(w.words, w.words_en, w.note),
            around=_stems(question.title, item.label if item else None),
        )
    for v in survey.verbatims:
        yield Entry(
            None,
            "verbatim",
            Text(fr=v.quote, en=v.quote_en),
            own=_stems(v.quote, v.quote_en),
            around=_stems(themes.get(v.theme)),
            theme=v.theme,
        )


def _notes(survey: Survey) -> Iterator[Entry]:
    """What we say beside the report: notes on questions, definitions, how the survey was made."""
    for note in survey.notes:
        about = [survey.by_id[question].title for question in note.questions]
        first = note.questions[0] if note.questions else None
        yield Entry(first, "note", note.text, own=_stems(note.text), around=_stems(*about))
    for variable in survey.variables:
        if variable.note:
            own = _stems(variable.note, variable.label)
            yield Entry(None, "note", variable.note, own=own)
    for entry in survey.glossary:
        yield Entry(
            None,
            "method",
            _joined(entry.term, entry.meaning),
            own=_stems(entry.term),
            around=_stems(entry.meaning),
        )
    study = survey.study
    for fact in (study.mode, study.universe, study.quotas, study.margin, study.coverage, study.since):
        if fact:
            yield Entry(None, "method", fact, own=_stems(fact))


def _labels(survey: Survey, statement: Statement) -> Iterator[Text | None]:
    """The labels of the groups that a statement is about, in both languages."""
    for name, codes in Filter.parse(statement.where or "", survey.variables).terms:
        variable = survey.variables_by_id[name]
        yield variable.label
        for segment in (s for s in variable.segments if s.code in codes):
            yield from (segment.label, segment.noun, segment.qualifier)


def _joined(term: Text, meaning: Text) -> Text:
    return Text(fr=f"{term.of('fr')} – {meaning.of('fr')}", en=f"{term.of('en')} – {meaning.of('en')}")


def _stems(*texts: Text | str | None) -> frozenset[str]:
    return stems(" ".join(_words(texts)))


def _words(texts: Iterable[Text | str | None]) -> Iterator[str]:
    for text in texts:
        if isinstance(text, Text):
            yield from filter(None, (text.fr, text.en))
        elif text:
            yield text


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
        own = {w for w in wanted if _holds(entry.own, w)}
        around = {w for w in wanted - own if _holds(entry.around, w)}
        if own or around:
            closeness = (len(own) + AROUND * len(around)) / len(wanted)
            # of two that hold as much, the shorter is more about it
            closeness += 0.2 * len(own) / max(len(entry.own), 1)
            scored.append((own | around == wanted, closeness * entry.weight, entry))
    complete = any(all_found for all_found, _, _ in scored)
    scored = [s for s in scored if s[0] or not complete]
    scored.sort(key=lambda s: -s[1])
    hits, seen = [], set()
    for _, score, entry in scored:
        key = (entry.question, entry.text.of("fr"))
        if key not in seen:
            seen.add(key)
            hits.append(entry.hit(score))
    return hits[:limit]


def _holds(found: frozenset[str], word: str) -> bool:
    return word in found or (len(word) >= 4 and any(s.startswith(word) for s in found))
