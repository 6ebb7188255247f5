"""What the report says: its figures, its words on groups, what citizens say in it, where it needs a note."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from ens_dash.survey.base import Code, Frozen, Id, Respondents, Text

Direction = Literal["higher", "lower", "no difference"]


class PublishedFigure(Frozen):
    """A figure printed by the report. `reading: layout` where the label was read off the layout."""

    question: Id
    item: Id | None = None
    answer: Code
    value: float
    unit: Literal["percent", "mean"]
    base_n: int | None = Field(default=None, gt=0)
    part: str
    heading: str
    words: str
    reading: Literal["label", "text", "layout"] = "label"

    @property
    def est(self) -> float:
        """The proportion (0-1), or the mean."""
        return self.value / 100 if self.unit == "percent" else self.value


class WordedFigure(Frozen):
    """A figure that the report gives in words only («environ 1 utilisateur sur 4»), or an item it
    names without any. It is never turned into a percentage. `words` are the report's own French;
    `words_en` is our English translation of them."""

    question: Id
    item: Id | None = None
    answer: Code | None = None
    words: str
    words_en: str | None = None
    heading: str
    note: Text | None = None


class Statement(Frozen):
    """What the report says of a group, in its own words.

    `where` is a filter (`age=50-64,65-plus&sex=female`) that comes nearest to the words; `question`
    and `items` are what the statement is about (no items: all). Without a question nothing can test
    it, and `untested` says why. `group` and `quote` are in the report's own French; `group_en` and
    `quote_en` are our English translations of them.
    """

    id: str
    topic: str
    group: str
    group_en: str | None = None
    direction: Direction
    quote: str
    quote_en: str | None = None
    heading: str
    question: Id | None = None
    items: tuple[Id, ...] = ()
    answer: Code | None = None
    where: str | None = None
    untested: Text | None = None

    @model_validator(mode="after")
    def _tested_or_told_why(self) -> Statement:
        if self.question is None and self.untested is None:
            raise ValueError("give a `question`, or say in `untested` why no question can test it")
        return self


class Verbatim(Frozen):
    """What a citizen said: `quote` is the French as the report prints it, `quote_en` our English
    translation."""

    theme: Id
    quote: str
    quote_en: str | None = None
    heading: str


class Note(Frozen):
    """Something a reader must know beside a figure: a footnote of the report, a contradiction in it,
    a limit of the survey. An empty `questions` means every question. `only`: of which respondents it
    speaks; left out: of any."""

    id: Id
    kind: Literal["contradiction", "footnote", "coverage", "limit"]
    questions: tuple[Id, ...] = ()
    text: Text
    only: Respondents | None = None
