"""What a survey is: frozen pydantic values, one class for each kind of entry in a survey folder.

Codes are used inside the program; texts only at the edge. A share is stored as printed (percent)
in `PublishedFigure.value` and handed out as a proportion (0-1) by `PublishedFigure.est`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import Field

from ens_dash.survey.base import Code, Frozen, Id, Lang, Respondents, Text
from ens_dash.survey.report import Note, PublishedFigure, Statement, Verbatim, WordedFigure
from ens_dash.survey.study import Study

Kind = Literal["single", "multiple", "scale", "number"]

NOT_CHOSEN = "no"
# in the metadata of a respondents' Parquet file: what made them
ORIGIN_KEY = "ens_dash.origin"
MEAN = "mean"


class Item(Frozen):
    """One of the things a question asks about. `label.fr` is as printed in the report."""

    id: Id
    label: Text
    short: Text | None = None


class Answer(Frozen):
    """An answer that a respondent can give, in the order of the questionnaire."""

    code: Code
    label: Text


class Net(Frozen):
    """A sum of answers, e.g. agree = strongly + rather. It is reported like an answer."""

    code: Code
    label: Text
    of: tuple[Code, ...] = Field(min_length=2)


class Base(Frozen):
    """Who was asked: in words, with their number, and as a condition on another question.

    `asked` is `question.item=answer` (or `question=answer`); None means everybody. `printed`: the report
    prints the number beside the figure; otherwise it is the size of the sample, from the method section.
    """

    text: Text
    n: int | None = Field(default=None, gt=0)
    printed: bool = True
    asked: str | None = None


class Question(Frozen):
    """A question as asked. `wording.fr` is exactly as printed; `wording.en` is our translation. Where the
    report does not print the question, `wording` is its sentence about the answers: `wording_printed: false`.

    `title` is a neutral noun phrase, `finding` a sentence with figures left open
    (see `ens_dash.render.sentence`), `reading` what a percentage is a percentage of.
    `headline` is the answer a chart sorts by. `stimulus`: asked after the presentation text. `beside`: a
    question with the same items whose figures are drawn beside these (known beside used). `least`, `most`:
    the numbers that can be answered to a `number` question, both included; an import tells what lies outside.
    """

    id: Id
    theme: Id
    kind: Kind
    title: Text
    wording: Text
    wording_printed: bool = True
    finding: Text | None = None
    reading: Text
    items: tuple[Item, ...] = ()
    answers: tuple[Answer, ...] = ()
    nets: tuple[Net, ...] = ()
    headline: Code
    least: float | None = None
    most: float | None = None
    beside: Id | None = None
    base: Base
    stimulus: bool = False
    heading: str = ""
    keywords: dict[Lang, tuple[str, ...]] = Field(default_factory=dict)

    @cached_property
    def item_ids(self) -> tuple[str | None, ...]:
        """The items' ids; a question without items has the single item None."""
        return tuple(item.id for item in self.items) or (None,)

    @cached_property
    def nets_by_code(self) -> dict[str, tuple[str, ...]]:
        """Every reportable answer -> the stored answers that it sums."""
        if self.kind == "number":
            return {MEAN: ()}
        return {a.code: (a.code,) for a in self.answers} | {n.code: n.of for n in self.nets}

    @cached_property
    def stored_codes(self) -> tuple[str, ...]:
        """What a respondent's column may hold (besides nothing: not asked, or no answer)."""
        codes = tuple(a.code for a in self.answers)
        if self.kind == "multiple" and NOT_CHOSEN not in codes:
            return (*codes, NOT_CHOSEN)
        return codes

    def item(self, item_id: str | None) -> Item | None:
        return next((i for i in self.items if i.id == item_id), None)

    def answer_label(self, code: str, lang: Lang) -> str:
        labels = {a.code: a.label for a in self.answers} | {n.code: n.label for n in self.nets}
        return labels[code].of(lang) if code in labels else code

    def item_label(self, item_id: str | None, lang: Lang) -> str:
        """The item's label as printed, or the question's title where it has no items."""
        item = self.item(item_id)
        return item.label.of(lang) if item else self.title.of(lang)


def column(question: str, item: str | None) -> str:
    """The name of the column that holds the answers to one item of a question."""
    return question if item is None else f"{question}__{item}"


class Segment(Frozen):
    """A group of respondents: one code of a segment variable.

    `noun` («Femmes») or `qualifier` («de 65 ans et plus») lets a filter read as a sentence.
    """

    code: Code
    label: Text
    noun: Text | None = None
    qualifier: Text | None = None


class SegmentVariable(Frozen):
    """A way to divide respondents. `short`: offered first; the others are folded under `group`."""

    id: Id
    label: Text
    short: bool = False
    segments: tuple[Segment, ...] = Field(min_length=2)
    note: Text | None = None

    def segment(self, code: str) -> Segment | None:
        return next((s for s in self.segments if s.code == code), None)


class Page(Frozen):
    """A page: its path, its words and the questions on it, in order."""

    id: str
    title: Text
    intro: Text | None = None
    questions: tuple[Id, ...] = ()
    theme: Id | None = None


class Keystone(Frozen):
    """One of the figures that carry the story on the first page, and the page it leads to."""

    text: Text
    page: str
    question: Id


class GlossaryEntry(Frozen):
    """A word and what it means. `forms`: how it is written where it stands in a text, by language; there
    its first use opens the meaning. `only`: of which respondents it speaks; left out: of any."""

    term: Text
    meaning: Text
    forms: dict[Lang, tuple[str, ...]] = Field(default_factory=dict)
    only: Respondents | None = None


class OwnText(Frozen):
    """A text of the interface in the survey's own words: `key` is its key in data/text. It may fill in what
    the text there fills in, or less."""

    key: str
    text: Text


class ExampleClaim(Frozen):
    """Something that somebody might write, offered as an example: in words, as a claim's text
    (`ens_dash.survey.claim`) and, for a claim about a group, the filter in `where`."""

    text: Text
    claim: str
    where: str = ""


class PopulationShare(Frozen):
    """`share` percent of the people in `given_code` of `given_variable` (or of everybody) are in `code`."""

    variable: str
    code: str
    given_variable: str | None = None
    given_code: str | None = None
    share: float = Field(ge=0, le=100)
    year: str
    population: str
    source: str
    confidence: Literal["high", "medium", "low"]


class Survey(Frozen):
    """A whole survey folder, checked."""

    study: Study
    questions: tuple[Question, ...]
    variables: tuple[SegmentVariable, ...]
    published: tuple[PublishedFigure, ...] = ()
    worded: tuple[WordedFigure, ...] = ()
    statements: tuple[Statement, ...] = ()
    verbatims: tuple[Verbatim, ...] = ()
    notes: tuple[Note, ...] = ()
    pages: tuple[Page, ...] = ()
    keystones: tuple[Keystone, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()
    population: tuple[PopulationShare, ...] = ()
    claims: tuple[ExampleClaim, ...] = ()
    words: tuple[OwnText, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Question]:
        return {q.id: q for q in self.questions}

    @cached_property
    def variables_by_id(self) -> dict[str, SegmentVariable]:
        return {v.id: v for v in self.variables}

    @cached_property
    def published_by_key(self) -> dict[tuple[str, str | None, str], PublishedFigure]:
        return {(f.question, f.item, f.answer): f for f in self.published}

    def menu_label(self, page: Page) -> Text:
        """What a page is called in a menu: its theme, or its title where it has none."""
        return next((t.label for t in self.study.themes if t.id == page.theme), page.title)

    @cached_property
    def first_question(self) -> Question:
        """The question that stands for the survey where none is asked for: of the first keystone, else of
        the first page."""
        named = [k.question for k in self.keystones] + [q for p in self.pages for q in p.questions]
        return self.by_id[named[0]] if named else self.questions[0]

    def notes_on(self, question: str) -> tuple[Note, ...]:
        """The notes that belong beside a question, in the folder's order."""
        return tuple(n for n in self.notes if not n.questions or question in n.questions)

    def statements_on(self, question: str) -> tuple[Statement, ...]:
        return tuple(s for s in self.statements if s.question == question)
