"""Whether the respondents of a release give back the report: its figures, and what it says of groups.

Pure: figures and differences come from `ens_dash.estimate`, nothing is computed twice, nothing printed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ens_dash.estimate.adjust import holm
from ens_dash.estimate.comparisons import Comparison, compare
from ens_dash.estimate.figures import figures
from ens_dash.estimate.reliability import Unit
from ens_dash.store import Store
from ens_dash.survey.base import Origin
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Question, Survey
from ens_dash.survey.report import PublishedFigure, Statement

# What a printed number stands for: half a point around a percentage, half a tenth around a mean.
HALF_A_POINT, HALF_A_TENTH = 0.005, 0.05
# The least difference that shows a direction: a point (0-1); for a mean, any.
SMALLEST_DIFFERENCE = 0.01
SIGNIFICANT = 0.05
FLOAT_ERROR = 1e-9

Expected = Literal["higher", "lower"]
OPPOSITE: dict[Expected, Expected] = {"higher": "lower", "lower": "higher"}


@dataclass(frozen=True)
class FigureCheck:
    """A printed figure and the same from the respondents (proportion 0-1 or mean; None: not there).

    `n` is the respondents' base, to be compared with the base that the report prints, where it does.
    """

    figure: PublishedFigure
    recomputed: float | None
    n: int | None

    @property
    def difference(self) -> float | None:
        """Recomputed minus printed, proportion (0-1) or mean."""
        return None if self.recomputed is None else self.recomputed - self.figure.est

    @property
    def holds(self) -> bool:
        """Whether it is within the report's rounding, on the base that the report prints."""
        rounding = HALF_A_POINT if self.figure.unit == "percent" else HALF_A_TENTH
        close = self.difference is not None and abs(self.difference) <= rounding + FLOAT_ERROR
        return close and self.figure.base_n in (None, self.n)


@dataclass(frozen=True)
class CutCheck:
    """A statement on one published answer of one item.

    `expected` is the direction for this answer: a statement of more favourable answers expects fewer
    unfavourable ones. `difference` is the group minus the rest (0-1, or of means).
    """

    item: str | None
    answer: str
    expected: Expected
    unit: Unit
    difference: float | None
    n_group: int
    n_rest: int

    @property
    def holds(self) -> bool:
        """Whether the difference is at least a point in its direction (of means: any)."""
        if self.difference is None:
            return False
        shown = self.difference if self.expected == "higher" else -self.difference
        return shown > 0 if self.unit == "mean" else shown >= SMALLEST_DIFFERENCE - FLOAT_ERROR


@dataclass(frozen=True)
class StatementCheck:
    """A statement of the report and what the respondents show.

    Of a difference: `cuts`, each of which must hold. Of no difference: `tests`, the number of tests made,
    and `smallest_p`, the smallest of their p-values after Holm's correction, which must not be under .05.
    """

    statement: Statement
    cuts: tuple[CutCheck, ...] = ()
    tests: int = 0
    smallest_p: float | None = None

    @property
    def holds(self) -> bool:
        """Whether it holds. A statement on which nothing could be tested does not."""
        if self.statement.direction == "no difference":
            return self.smallest_p is not None and self.smallest_p >= SIGNIFICANT
        return bool(self.cuts) and all(cut.holds for cut in self.cuts)


@dataclass(frozen=True)
class Verification:
    """All checks. `untested` are the statements that no question can test; each says why. `origin` is that
    of the respondents: simulated ones show how they were made and nothing else."""

    origin: Origin
    figures: tuple[FigureCheck, ...]
    statements: tuple[StatementCheck, ...]
    untested: tuple[Statement, ...]

    @property
    def holds(self) -> bool:
        return all(f.holds for f in self.figures) and all(s.holds for s in self.statements)

    def counts(self) -> dict[str, int]:
        """What the method page and the command line say in a line."""
        return {
            "figures": len(self.figures),
            "figures_right": sum(check.holds for check in self.figures),
            "statements": len(self.statements),
            "statements_holding": sum(check.holds for check in self.statements),
            "untested": len(self.untested),
        }


def verify(store: Store) -> Verification:
    """Check every published figure and every statement against the respondents of a release."""
    survey = store.survey
    tested = [s for s in survey.statements if s.question is not None]
    different = _differences(store, [s for s in tested if s.direction != "no difference"])
    level = {s.id: _no_difference(store, s) for s in tested if s.direction == "no difference"}
    checks = different | level
    return Verification(
        origin=store.release.origin,
        figures=_figures(store),
        statements=tuple(checks[s.id] for s in tested),
        untested=tuple(s for s in survey.statements if s.question is None),
    )


def _figures(store: Store) -> tuple[FigureCheck, ...]:
    survey = store.survey
    asked = _questions(survey, (f.question for f in survey.published))
    found = {f.key: f for f in figures(store, asked, Filter(), origin=store.release.origin)}
    checks = []
    for printed in survey.published:
        mine = found.get((printed.question, printed.item, printed.answer))
        checks.append(FigureCheck(printed, mine.est if mine else None, mine.n if mine else None))
    return tuple(checks)


def _differences(store: Store, statements: Sequence[Statement]) -> dict[str, StatementCheck]:
    """The statements that a group differs: one comparison a group, for all its questions."""
    survey = store.survey
    by_group: dict[Filter, list[Statement]] = defaultdict(list)
    for s in statements:
        by_group[Filter.parse(s.where or "", survey.variables)].append(s)
    checks = {}
    for group, said in by_group.items():
        asked = _questions(survey, (s.question for s in said if s.question))
        # a group that is everybody has no rest to differ from
        rows = compare(store, asked, group) if group else ()
        for s in said:
            cuts = [c for row in rows if (c := _cut(survey, s, row)) is not None]
            checks[s.id] = StatementCheck(s, cuts=tuple(cuts))
    return checks


def _cut(survey: Survey, statement: Statement, row: Comparison) -> CutCheck | None:
    """The check of a statement on one compared answer; None where the statement is not about it."""
    if row.question != statement.question or (statement.items and row.item not in statement.items):
        return None
    if (row.question, row.item, row.answer) not in survey.published_by_key:
        return None
    expected: Expected = "higher" if statement.direction == "higher" else "lower"
    if statement.answer is None:
        side = side_of(survey.by_id[row.question], row.answer)
        if side is None:
            return None
        expected = expected if side else OPPOSITE[expected]
    elif row.answer != statement.answer:
        return None
    result = row.result
    return CutCheck(row.item, row.answer, expected, row.unit, result.difference, result.n_a, result.n_b)


def side_of(question: Question, answer: str) -> bool | None:
    """Whether an answer cuts the question's ordered answers on the headline's side (True) or the other.

    None for an answer in the middle, such as «rather favourable»: more of it means neither more nor less.
    """
    if question.kind == "number" or answer == question.headline:
        return True
    codes = question.stored_codes
    chosen, headline = (set(question.nets_by_code[a]) for a in (answer, question.headline))
    first, last = chosen == set(codes[: len(chosen)]), chosen == set(codes[-len(chosen) :])
    if headline == set(codes[: len(headline)]):
        return first if first or last else None
    if headline == set(codes[-len(headline) :]):
        return last if first or last else None
    return None


def _no_difference(store: Store, statement: Statement) -> StatementCheck:
    """Holm over the headline figures of the items in each segment of 30 or more against the rest."""
    survey = store.survey
    question = survey.by_id[statement.question or ""]
    if statement.where:
        groups = [Filter.parse(statement.where, survey.variables)]
    else:
        pairs = ((v.id, s.code) for v in survey.variables for s in v.segments)
        groups = [Filter.of({name: [code]}, survey.variables) for name, code in pairs]
    p_values = [
        row.result.p
        for group in groups
        for row in compare(store, [question], group)
        if row.answer == question.headline
        and row.reliable
        and row.result.p is not None
        and (not statement.items or row.item in statement.items)
    ]
    smallest = min(holm(p_values), default=None)
    return StatementCheck(
        statement, tests=len(p_values), smallest_p=None if smallest is None else float(smallest)
    )


def _questions(survey: Survey, ids: Iterable[str]) -> list[Question]:
    return [survey.by_id[q] for q in dict.fromkeys(ids)]
