"""What a draft will hold: questions, segments, uses of columns, what is left out, and every guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ens_dash.microdata.guess import Roles
from ens_dash.microdata.segments import Cut
from ens_dash.microdata.source import SourceFile
from ens_dash.survey.base import Lang
from ens_dash.survey.mapping import LeftOut, MappedColumn
from ens_dash.survey.model import Kind


@dataclass(frozen=True)
class Use:
    """A column's entry in mapping.yaml, with what is said of it beside it."""

    column: MappedColumn
    remarks: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return str(self.column.column)


@dataclass(frozen=True)
class DraftQuestion:
    """A question: `answers` and `items` are (code or id, label). `complete`: every row has an answer."""

    id: str
    kind: Kind
    title: str
    wording: str
    answers: tuple[tuple[str, str], ...]
    headline: str
    complete: bool
    items: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    theme: str = ""


@dataclass(frozen=True)
class DraftVariable:
    """A segment variable: its segments are the (code, label) of a column's answers, or `cuts` of numbers."""

    id: str
    label: str
    segments: tuple[tuple[str, str], ...] = ()
    cuts: tuple[Cut, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guess:
    """Something that was guessed, for a person to look at."""

    what: str
    why: str


@dataclass(frozen=True)
class Plan:
    """Everything that a draft says. `themes`: (id, label); `days`: first and last day of interviews as
    far as a column tells, with its name."""

    source: SourceFile
    survey_id: str
    lang: Lang
    roles: Roles
    questions: tuple[DraftQuestion, ...]
    variables: tuple[DraftVariable, ...]
    uses: tuple[Use, ...]
    left_out: tuple[LeftOut, ...]
    themes: tuple[tuple[str, str], ...]
    guesses: tuple[Guess, ...]
    days: tuple[str, str, str] | None = None


@dataclass
class Draft:
    """A plan while it is being made."""

    source: SourceFile
    lang: Lang
    used: set[str] = field(default_factory=set)
    questions: list[DraftQuestion] = field(default_factory=list)
    variables: list[DraftVariable] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    guesses: list[Guess] = field(default_factory=list)

    def left(self, order: Sequence[str]) -> tuple[LeftOut, ...]:
        return tuple(LeftOut(column=c, why=self.left_out[c]) for c in order if c in self.left_out)
