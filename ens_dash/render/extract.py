"""A question in a view, made ready to leave the site: its figures, and all that must go with them.

A CSV file, a workbook and an archive are made of one `Extract`, so that none holds what another lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ens_dash.estimate.figures import Figure
from ens_dash.render.datafile import csv_file, fictitious, file_name, notes, reason
from ens_dash.store import Release
from ens_dash.survey.base import Origin
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import MEAN, Question, Survey
from ens_dash.text import Words
from ens_dash.view import View, filter_sentence


@dataclass(frozen=True)
class Extract:
    """One question's figures: everybody's, then those of the view's group or segments where they may be
    shown. `withheld`: the view asks for simulated figures and they are switched off."""

    question: Question
    view: View
    figures: tuple[Figure, ...]
    withheld: bool
    title: str
    permalink: str
    survey: Survey
    release: Release
    words: Words

    @property
    def fictional(self) -> bool:
        """Whether a simulated number is in it."""
        return fictitious(self.figures)

    @property
    def mark(self) -> str:
        """CHIFFRES FICTIFS where a simulated figure is in it, otherwise empty."""
        return self.words("origin.fictional").upper() if self.fictional else ""

    @property
    def about(self) -> Filter:
        """Whom the figures are about, besides everybody."""
        return Filter() if self.withheld else self.view.where

    def csv(self) -> bytes:
        """The data, the notes of every file, then the facts that are not among them."""
        said = self._every_note()
        more = [f"{name}: {value}" for name, value in self.facts() if value not in said]
        return csv_file(self.figures, self.survey, self.release, self.words, more, self.about)

    def notes(self) -> list[str]:
        """The notes of every file that are not among the facts: universe, interval, coverage, version."""
        told = {value for _, value in self.facts()}
        return [note for note in self._every_note() if note not in told]

    def _every_note(self) -> list[str]:
        return notes(self.figures, self.survey, self.release, self.words, self.about)

    def warning(self) -> str:
        """What must be known before a figure is used; empty where all were printed or really answered."""
        if self.fictional:
            return self.words("data.warning")
        return self.words("compare.switched_off") if self.withheld else ""

    def facts(self) -> Iterator[tuple[str, str]]:
        """What the file is about, line by line: a name and a text. The last is the permalink."""
        words, study, question = self.words, self.survey.study, self.question
        yield words("extract.title"), self.title
        yield words("extract.question"), wording(question, words)
        yield words("extract.reading"), words.of(question.reading)
        yield words("extract.base"), base_text(question, words)
        yield words("extract.filter"), filter_sentence(self.about, self.survey.variables, words)
        if self.view.by is not None and not self.withheld:
            yield words("extract.by"), words.of(self.survey.variables_by_id[self.view.by].label)
        if self.warning():
            yield words("extract.warning"), self.warning()
        for note in self.survey.notes_on(question.id):
            yield words("extract.note"), words.of(note.text)
        yield words("extract.source"), words.of(study.citation)
        yield words("extract.licence"), words.of(study.licence)
        yield words("extract.release"), self.release.id
        yield words("extract.permalink"), self.permalink

    def file_name(self, extension: str) -> str:
        """`ens_risks_65-plus_FICTIF_2020-07.xlsx`."""
        by = None if self.withheld else self.view.by
        stem = f"{self.question.id}_by-{by}" if by else self.question.id
        return file_name(stem, self.about, self.figures, self.survey, self.words, extension)


def wording(question: Question, words: Words) -> str:
    """The question as asked, and whether it is our translation, or that the report does not print it."""
    key = "card.wording" if question.wording_printed else "card.no_wording"
    asked = words(key, wording=words.of(question.wording))
    return f"{asked} {words('card.translation')}" if words.translated(question.wording) else asked


def base_text(question: Question, words: Words) -> str:
    """Who was asked, with the number that a report prints. Of real answers each figure has its own."""
    people = words.of(question.base.text)
    if question.base.n is None:
        return words("base.not_printed", people=people)
    return words("base.of_question", people=people, n=words.number(question.base.n))


@dataclass(frozen=True)
class Grid:
    """What a chart of an extract draws: a row a label, a column a series. None: hidden, or no such bar.

    `reasons`: of each row why numbers are hidden, empty where none is.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    fictional: tuple[bool, ...]
    values: tuple[tuple[float | None, ...], ...]
    unit: str
    reasons: tuple[str, ...]


def grid(extract: Extract) -> Grid:
    """The headline answer of each item, highest first; all answers where the question has no items.

    A column for everybody and one for the group. Where the view is divided, a row for each segment (more
    hatched columns could not be told apart) and a column for each origin. A column that has no number is not
    called fictitious.
    """
    found = {(f.item, f.answer, f.segment): f for f in extract.figures}
    people = {s: _people(s, extract) for s in dict.fromkeys(f.segment for f in extract.figures)}
    origins = {f.segment: f.origin for f in extract.figures}
    numbered = {(f.segment, f.origin) for f in extract.figures if f.quotable}
    keys = _keys(extract, found, tuple(people))

    def est(key: Key, segment: str) -> float | None:
        figure = found.get((*key, segment))
        return figure.est if figure is not None and figure.quotable else None

    def why(key: Key, segments: Iterable[str]) -> str:
        figures = [f for s in segments if (f := found.get((*key, s))) is not None]
        return " ".join(filter(None, (reason(f, extract.survey, extract.words) for f in figures)))

    if extract.view.by is None:
        rows = [_label(key, extract) for key in keys]
        named = {s: (s, origins[s]) in numbered for s in people}
        columns = [
            f"{text} – {_origin(origins[s], extract)}" if named[s] else text for s, text in people.items()
        ]
        fictional = [named[s] and origins[s] == "simulated" for s in people]
        reasons = [why(key, people) for key in keys]
        values = [tuple(est(key, s) for s in people) for key in keys]
    else:
        every = tuple(o for o in dict.fromkeys(origins.values()) if any(o == of for _, of in numbered))
        reasons = [why(key, (s,)) for key in keys for s in people]
        rows = [f"{_label(key, extract)} – {people[s]}" for key in keys for s in people]
        columns = [_origin(o, extract) for o in every]
        fictional = [o == "simulated" for o in every]
        values = [
            tuple(est(key, s) if origins[s] == o else None for o in every) for key in keys for s in people
        ]
    unit = next((f.unit for f in extract.figures), "proportion")
    return Grid(tuple(rows), tuple(columns), tuple(fictional), tuple(values), unit, tuple(reasons))


Key = tuple[str | None, str]


def _keys(
    extract: Extract, found: Mapping[tuple[str | None, str, str], Figure], segments: Sequence[str]
) -> list[Key]:
    """Item and answer of each bar that has a figure, by everybody's figure where there are items."""
    question = extract.question
    answers: list[Key] = [(None, answer) for answer in question.nets_by_code]
    items: list[Key] = [(item, question.headline) for item in question.item_ids]
    keys = [k for k in (items if question.items else answers) if any((*k, s) in found for s in segments)]

    def height(key: Key) -> float:
        return next((f.est or 0.0 for s in segments if (f := found.get((*key, s)))), 0.0)

    return sorted(keys, key=lambda k: -height(k)) if question.items else keys


def _label(key: Key, extract: Extract) -> str:
    item, answer = key
    if item or answer == MEAN:
        return extract.question.item_label(item, extract.words.lang)
    return extract.question.answer_label(answer, extract.words.lang)


def _people(segment: str, extract: Extract) -> str:
    """Whose figures a column or a row has; everybody is who was asked, not everybody of the survey."""
    base = extract.question.base
    if not segment and base.n != extract.survey.study.n:
        return extract.words.of(base.text)
    variables = extract.survey.variables
    return filter_sentence(Filter.parse(segment, variables), variables, extract.words)


def _origin(origin: Origin, extract: Extract) -> str:
    return extract.words(f"data.origin.{origin}")
