"""From printed percentages to whole numbers of respondents by stored answer.

Answers of a question are ordered from the first to the last. A *cut* is a published answer or net
that is all answers before, or all after, some point: «favourable», «very favourable» or «very
unfavourable», but not «rather favourable». Counts are taken between cuts whose share is printed, so
an answer that no printed figure separates is not separated: its people carry the last answer of
their run (a `rather_positive` then means "positive, how much is not printed").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ens_dash.survey.model import Question, Survey, column

# A printed percentage stands for all that rounds to it.
ROUNDING_POINTS = 0.5


@dataclass(frozen=True)
class Cut:
    """A published answer or net: all answers before `top` (sign +1), or all after it (sign -1)."""

    answer: str
    top: int
    sign: int


@dataclass(frozen=True)
class Column:
    """One column of answers: stored codes in order, how many of each on a base of `base_n`."""

    question: str
    item: str | None
    codes: tuple[str, ...]
    counts: tuple[int, ...]
    base_n: int
    asked: str | None
    cuts: tuple[Cut, ...]

    @property
    def name(self) -> str:
        return column(self.question, self.item)

    @property
    def tops(self) -> tuple[int, ...]:
        """The distinct points at which the answers are cut."""
        return tuple(sorted({cut.top for cut in self.cuts}))

    def count(self, code: str) -> int:
        return self.counts[self.codes.index(code)]


def plan_columns(survey: Survey, bases: Mapping[str, int]) -> tuple[Column, ...]:
    """A plan for every item with a published percentage, in the order of the questions.

    `bases` gives the base of a column that the report does not print. Where a question is asked of
    those who gave an answer to another one and its base is printed, that base is the count of the
    answer (563 of 2,100, printed as 27 %).

    Raises:
        ValueError: if whole people cannot meet a printed figure, or a base is not known.
    """
    fixed = {_target(q.base.asked): q.base.n for q in survey.questions if q.base.asked and q.base.n}
    plans: dict[str, Column] = {}
    waiting = [(q, item) for q in survey.questions if q.kind != "number" for item in q.item_ids]
    for question, item in sorted(waiting, key=lambda w: w[0].base.asked is not None):
        printed = _printed(survey, question, item)
        if printed:
            name = column(question.id, item)
            base = bases.get(name) or _base(survey, question, plans)
            plans[name] = _plan(question, item, printed, base, fixed)
    order = [column(q.id, item) for q in survey.questions for item in q.item_ids]
    return tuple(plans[name] for name in order if name in plans)


def _target(asked: str) -> tuple[str, str]:
    """`question.item=answer` -> column, answer."""
    reference, _, answer = asked.partition("=")
    question, _, item = reference.partition(".")
    return column(question, item or None), answer


def _printed(survey: Survey, question: Question, item: str | None) -> dict[str, float]:
    return {
        f.answer: f.value
        for f in survey.published
        if (f.question, f.item, f.unit) == (question.id, item, "percent")
    }


def _base(survey: Survey, question: Question, plans: Mapping[str, Column]) -> int:
    if question.base.n is not None:
        return question.base.n
    if question.base.asked is None:
        return survey.study.n
    name, answer = _target(question.base.asked)
    if name not in plans:
        raise ValueError(f"{question.id}: its base rests on {name}, which has no published figure")
    return plans[name].count(answer)


def _plan(
    question: Question,
    item: str | None,
    printed: Mapping[str, float],
    base: int,
    fixed: Mapping[tuple[str, str], int | None],
) -> Column:
    codes, nets = question.stored_codes, question.nets_by_code
    name = column(question.id, item)
    reached = {0: 0, len(codes): base}
    for top in range(1, len(codes)):
        given = fixed.get((name, codes[0])) if top == 1 else None
        count = given if given is not None else _count_above(codes, nets, printed, top, base)
        if count is not None:
            reached[top] = count
    counts, above = [0] * len(codes), 0
    for top in sorted(reached)[1:]:
        counts[top - 1] = reached[top] - above
        above = reached[top]
    cuts = tuple(cut for code in printed if (cut := _cut(codes, nets[code], code)) is not None)
    plan = Column(question.id, item, codes, tuple(counts), base, question.base.asked, cuts)
    _check(plan, nets, printed)
    return plan


def _count_above(
    codes: tuple[str, ...],
    nets: Mapping[str, tuple[str, ...]],
    printed: Mapping[str, float],
    top: int,
    base: int,
) -> int | None:
    """People above a point, from the figure printed for them, for the others, or answer by answer."""
    first, last = set(codes[:top]), set(codes[top:])
    for answer, value in printed.items():
        if set(nets[answer]) == first:
            return round(base * value / 100)
    for answer, value in printed.items():
        if set(nets[answer]) == last:
            return base - round(base * value / 100)
    if first <= printed.keys():
        return round(base * sum(printed[code] for code in first) / 100)
    return None


def _cut(codes: tuple[str, ...], parts: tuple[str, ...], answer: str) -> Cut | None:
    chosen = [code in parts for code in codes]
    top = chosen.count(True)
    if chosen == [True] * top + [False] * (len(codes) - top):
        return Cut(answer, top, 1)
    if chosen == [False] * (len(codes) - top) + [True] * top:
        return Cut(answer, len(codes) - top, -1)
    return None


def _check(plan: Column, nets: Mapping[str, tuple[str, ...]], printed: Mapping[str, float]) -> None:
    if min(plan.counts) < 0:
        raise ValueError(f"{plan.name}: its printed figures leave fewer than nobody for an answer")
    for answer, value in printed.items():
        found = 100 * sum(plan.count(code) for code in nets[answer]) / plan.base_n
        if abs(found - value) > ROUNDING_POINTS:
            raise ValueError(
                f"{plan.name}, {answer}: printed {value:g} %, {found:.2f} % of {plan.base_n} in whole people"
            )
