"""A claim: what somebody wants to write about a figure, as codes. Claim <-> the compact text of an address.

`majority,outlook,-,positive`: the form, then question, item and answer of the figure; a form with a number
has it after a hyphen (`tenths-8,…`), one about two figures names the second after the first. An item
is `-` where the question has none. Codes are written as in a filter: one that holds a comma stands in
double quotes. Whether a claim may be written is decided in `ens_dash.estimate.claim`.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from ens_dash.survey.filter import join_codes, split_codes
from ens_dash.survey.model import Question, Survey

Form = Literal[
    "percent",
    "majority",
    "tenths",
    "fraction",
    "more_than",
    "less_than",
    "first",
    "prefers",
    "more_than_rest",
    "less_than_rest",
    "doubled",
    "risen",
]
FORMS: tuple[Form, ...] = get_args(Form)
FRACTIONS: Mapping[str, float] = {
    "quarter": 1 / 4,
    "third": 1 / 3,
    "half": 1 / 2,
    "two_thirds": 2 / 3,
    "three_quarters": 3 / 4,
}
# the numbers that a form can have, as written
NUMBERS: Mapping[Form, tuple[str, ...]] = {
    "percent": tuple(map(str, range(101))),
    "tenths": tuple(map(str, range(1, 10))),
    "fraction": tuple(FRACTIONS),
    "more_than": tuple(map(str, range(1, 100))),
    "less_than": tuple(map(str, range(1, 100))),
}
# forms about two figures
TWO: tuple[Form, ...] = ("prefers", "doubled")
# forms that set a group against the rest
GROUP: tuple[Form, ...] = ("more_than_rest", "less_than_rest")
DEFAULT: Form = "majority"
NO_ITEM = "-"
# of the questions whose names come near to an unknown one
NEAREST, LONGEST = 3, 40

Key = tuple[str, str | None, str]


@dataclass(frozen=True)
class Claim:
    """What is claimed of the figure `subject` (question, item, answer), among the people of a filter.

    `number`: one of NUMBERS where the form has one, empty otherwise. `other`: the second figure of a form
    of TWO, None otherwise.
    """

    form: Form
    subject: Key
    number: str = ""
    other: Key | None = None

    @property
    def threshold(self) -> float:
        """The number as a proportion (0-1). Raises ValueError for a form without one."""
        if self.form == "fraction":
            return FRACTIONS[self.number]
        return int(self.number) / (10 if self.form == "tenths" else 100)

    @property
    def text(self) -> str:
        """The claim as it stands in an address."""
        head = f"{self.form}-{self.number}" if self.number else self.form
        keys = [self.subject, *([self.other] if self.other else [])]
        return join_codes([head, *(part for q, item, a in keys for part in (q, item or NO_ITEM, a))])


@dataclass(frozen=True)
class LeftOut:
    """A part of a claim's text that was not known, and what it should have been; something usual stands in
    its place."""

    part: Literal["form", "number", "question", "item", "answer", "rest"]
    found: str
    known: tuple[str, ...] = ()


def parse_claim(text: str, survey: Survey) -> tuple[Claim | None, tuple[LeftOut, ...]]:
    """Read a claim's text; also what of it was left out. None for no text, and for no known question.

    What is missing or unknown is filled in: the form `majority`, a number in the middle, a question's first
    item and headline answer, and as second figure the next one of the same question.
    """
    parts = split_codes(text)
    if not parts:
        return None, ()
    left: list[LeftOut] = []
    name, _, number = parts[0].partition("-")
    form = next((f for f in FORMS if f == name), None)
    if form is None:
        left.append(LeftOut("form", name, FORMS))
        form = DEFAULT
    subject = _key(parts[1:4], survey, left)
    if subject is None:
        return None, tuple(left)
    other = _key(parts[4:7], survey, left) if form in TWO and parts[4:] else None
    rest = parts[7:] if form in TWO else parts[4:]
    if rest:
        left.append(LeftOut("rest", join_codes(rest)))
    known = NUMBERS.get(form, ())
    if number and number not in known:
        left.append(LeftOut("number", number, known))
    return complete(form, subject, survey, number, other), tuple(left)


def nearest_questions(unknown: LeftOut) -> list[str]:
    """The known questions whose names come nearest to an unknown one, however far; none for no name."""
    if not unknown.found:
        return []
    return difflib.get_close_matches(unknown.found[:LONGEST], unknown.known, n=NEAREST, cutoff=0.0)


def with_question(text: str, key: Key, survey: Survey) -> str:
    """A claim's text with a known figure in the place of the first one whose question is not known."""
    parts = split_codes(text)
    at = 4 if len(parts) > 1 and parts[1] in survey.by_id else 1
    name, item, answer = key
    return join_codes([*(parts or [DEFAULT])[:at], name, item or NO_ITEM, answer, *parts[at + 3 :]])


def complete(form: Form, subject: Key, survey: Survey, number: str = "", other: Key | None = None) -> Claim:
    """A whole claim of a form: what the form does not have is dropped, what it lacks is filled in."""
    known = NUMBERS.get(form, ())
    if number not in known:
        number = known[len(known) // 2] if known else ""
    if form not in TWO:
        other = None
    elif other is None:
        other = _next(survey.by_id[subject[0]], subject)
    return Claim(form, subject, number, other)


def _key(parts: Sequence[str], survey: Survey, left: list[LeftOut]) -> Key | None:
    name, item, answer = (*parts, "", "", "")[:3]
    question = survey.by_id.get(name)
    if question is None:
        left.append(LeftOut("question", name, tuple(survey.by_id)))
        return None
    wanted = None if item in (NO_ITEM, "") else item
    if wanted not in question.item_ids:
        if item:
            left.append(LeftOut("item", item, tuple(i or NO_ITEM for i in question.item_ids)))
        wanted = question.item_ids[0]
    if answer not in question.nets_by_code:
        if answer:
            left.append(LeftOut("answer", answer, tuple(question.nets_by_code)))
        answer = question.headline
    return question.id, wanted, answer


def _next(question: Question, key: Key) -> Key:
    """The figure after this one: the next item where there are several, otherwise the next answer."""
    _, item, answer = key
    items, answers = question.item_ids, tuple(question.nets_by_code)
    if len(items) > 1:
        return question.id, items[(items.index(item) + 1) % len(items)], answer
    return question.id, item, answers[(answers.index(answer) + 1) % len(answers)]
