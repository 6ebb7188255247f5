"""What is measured on simulated respondents: figures, statements, and signs of a bad sample.

Each function returns what it found; the ranges that it must lie in are the tests' business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from ens_dash.survey.model import MEAN, Survey, column
from ens_dash.survey.simulation.answers import columns_of, derived_columns
from ens_dash.survey.simulation.effects import probit_gap
from ens_dash.survey.simulation.figures import Column
from ens_dash.survey.simulation.groups import Mask, effects_of, members, stated
from ens_dash.survey.simulation.settings import SimulationSettings
from ens_dash.survey.simulation.tables import Floats

POINTS = 1.0
MIN_SEGMENT = 30


@dataclass(frozen=True)
class FigureCheck:
    """A published figure and the same computed from respondents, in its unit (percent or mean)."""

    question: str
    item: str | None
    answer: str
    unit: str
    published: float
    found: float
    n: int

    @property
    def difference(self) -> float:
        return self.found - self.published

    @property
    def within_rounding(self) -> bool:
        """Half a point for a percentage printed whole, half a tenth for a mean with one decimal."""
        return abs(self.difference) <= (0.5 if self.unit == "percent" else 0.05) + 1e-9


@dataclass(frozen=True)
class StatementCheck:
    """A statement on one cut: shares of the group and of the rest in percent, and the difference in
    points. `expected` is +1 where the group shall have more of `answer`."""

    statement: str
    column: str
    answer: str
    where: str
    expected: int
    group: float
    rest: float
    n_group: int

    @property
    def difference(self) -> float:
        return self.group - self.rest

    @property
    def holds(self) -> bool:
        return self.difference * self.expected >= POINTS


@dataclass(frozen=True)
class GapCheck:
    """A built-in effect: its gap in probits in the wanted direction, mean and at each cut."""

    column: str
    where: str
    n_group: int
    mean: float
    by_cut: tuple[float, ...]


@dataclass(frozen=True)
class NoDifference:
    """The smallest Holm-adjusted p of a «no difference» statement, over items and segments."""

    statement: str
    tests: int
    smallest_p: float
    column: str
    segment: str


def figure_checks(survey: Survey, frame: pd.DataFrame) -> tuple[FigureCheck, ...]:
    """Every published figure against the respondents, each on its own base."""
    found = []
    for f in survey.published:
        answers = frame[column(f.question, f.item)].dropna()
        if f.answer == MEAN:
            value = float(answers.astype(float).mean())
        else:
            value = 100 * float(answers.isin(survey.by_id[f.question].nets_by_code[f.answer]).mean())
        found.append(FigureCheck(f.question, f.item, f.answer, f.unit, f.value, value, len(answers)))
    return tuple(found)


def statement_checks(
    survey: Survey, settings: SimulationSettings, frame: pd.DataFrame
) -> tuple[StatementCheck, ...]:
    """Every testable statement on each published cut of its items: for a statement with an answer,
    that cut and what is printed for its complement."""
    plans = {plan.name: plan for plan in columns_of(survey, settings)}
    found = []
    for s in stated(survey, tuple(plans.values())):
        group = members(frame, s.where, survey.variables)
        plan = plans[s.column]
        for cut in (c for c in plan.cuts if c.top in s.tops):
            above = _above(frame, plan, cut.top)
            chosen = above if cut.sign > 0 else ~above
            shares = (100 * float(chosen[group].mean()), 100 * float(chosen[~group].mean()))
            found.append(
                StatementCheck(
                    s.statement, s.column, cut.answer, s.where, s.sign * cut.sign, *shares, int(group.sum())
                )
            )
    return tuple(found)


def gap_checks(survey: Survey, settings: SimulationSettings, frame: pd.DataFrame) -> tuple[GapCheck, ...]:
    """Every effect as it came out, in the direction of its statement."""
    plans = columns_of(survey, settings)
    said = stated(survey, plans)
    found = []
    for plan in plans:
        for e in effects_of(plan.name, said, frame, survey.variables):
            gaps = tuple(e.sign * probit_gap(_above(frame, plan, t), e.mask) for t in e.tops)
            found.append(GapCheck(plan.name, e.where, int(e.mask.sum()), float(np.mean(gaps)), gaps))
    return tuple(found)


def no_difference_checks(
    survey: Survey, settings: SimulationSettings, frame: pd.DataFrame
) -> tuple[NoDifference, ...]:
    """«No difference»: a chi-square test of each item in each segment of 30 or more, Holm over all."""
    plans = columns_of(survey, settings)
    groups = tuple(segments_of(survey, frame))
    found = []
    for s in survey.statements:
        if s.question is None or s.direction != "no difference":
            continue
        items = [p for p in plans if p.question == s.question and (not s.items or p.item in s.items)]
        tests = [
            (p.name, segment, chi_square_p(frame[p.name], pd.Series(mask)))
            for p in items
            for segment, mask in groups
        ]
        adjusted = holm([p for _, _, p in tests])
        at = int(np.argmin(adjusted))
        found.append(NoDifference(s.id, len(tests), float(adjusted[at]), *tests[at][:2]))
    return tuple(found)


def segments_of(survey: Survey, frame: pd.DataFrame) -> Iterable[tuple[str, Mask]]:
    """Every segment of 30 or more respondents with a rest of 30 or more."""
    for variable in survey.variables:
        for segment in variable.segments:
            mask = (frame[variable.id] == segment.code).to_numpy()
            if min(mask.sum(), (~mask).sum()) >= MIN_SEGMENT:
                yield f"{variable.id}={segment.code}", mask


def silent_columns(survey: Survey, settings: SimulationSettings) -> tuple[Column, ...]:
    """Columns on which the report says nothing of any group, and which follow from no other column."""
    plans = columns_of(survey, settings)
    spoken = {s.question for s in survey.statements if s.question and s.direction == "no difference"}
    named = {s.column for s in stated(survey, plans)}
    derived = derived_columns({p.name: p for p in plans}, settings)
    return tuple(
        p for p in plans if p.name not in named and p.name not in derived and p.question not in spoken
    )


def silent_p_values(survey: Survey, settings: SimulationSettings, frame: pd.DataFrame) -> pd.DataFrame:
    """A chi-square test of each silent column by each segment variable: `column`, `variable`, `p`.

    Segments under 30 are left out of the table, for whom chi-square is no good approximation.
    """
    rows = []
    for plan in silent_columns(survey, settings):
        for variable in survey.variables:
            sizes = frame[variable.id].value_counts()
            kept = frame[variable.id].isin(sizes.index[sizes >= MIN_SEGMENT])
            p = chi_square_p(frame.loc[kept, plan.name], frame.loc[kept, variable.id])
            rows.append((plan.name, variable.id, p))
    return pd.DataFrame(rows, columns=["column", "variable", "p"])


def chi_square_p(answers: pd.Series, groups: pd.Series) -> float:
    """Pearson's chi-square of independence, without continuity correction; the missing left out."""
    rows, row_names = pd.factorize(answers)
    columns, column_names = pd.factorize(groups)
    known = (rows >= 0) & (columns >= 0)
    shape = (len(row_names), len(column_names))
    flat = np.bincount(rows[known] * shape[1] + columns[known], minlength=shape[0] * shape[1])
    return float(stats.chi2_contingency(flat.reshape(shape), correction=False).pvalue)


def holm(p_values: Sequence[float]) -> Floats:
    """Holm's step-down adjusted p-values (Holm 1979)."""
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate((p.size - np.arange(p.size)) * p[order])
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum(stepped, 1)
    return adjusted


def item_correlations(survey: Survey, settings: SimulationSettings, frame: pd.DataFrame) -> pd.DataFrame:
    """Spearman correlations of the items of each question asked of all: `question`, `kind`, `rho`.

    Only items of which every answer is printed: a coarser one correlates less by construction.
    """
    rows = []
    for question, plans in _batteries(survey, settings).items():
        whole = [p for p in plans if len(p.tops) == len(p.codes) - 1]
        for a, b in combinations(whole, 2):
            rho = rank_correlation(frame, a, b)
            rows.append((question, survey.by_id[question].kind, a.name, b.name, rho))
    return pd.DataFrame(rows, columns=["question", "kind", "a", "b", "rho"])


def rank_correlation(frame: pd.DataFrame, a: Column, b: Column) -> float:
    """Spearman's rho of two columns, answers taken in order."""
    first, second = (pd.Categorical(frame[p.name], categories=p.codes).codes for p in (a, b))
    return float(stats.spearmanr(first, second).statistic)


def same_answer_throughout(
    survey: Survey, settings: SimulationSettings, frame: pd.DataFrame, items: int = 4
) -> dict[str, float]:
    """For each scale of `items` items: the share (0-1) who give the same answer to all of them."""
    return {
        question: float((frame[[p.name for p in plans]].nunique(axis=1) == 1).mean())
        for question, plans in _batteries(survey, settings).items()
        if survey.by_id[question].kind == "scale" and len(plans) == items
    }


def picks_nothing(survey: Survey, settings: SimulationSettings, frame: pd.DataFrame) -> dict[str, float]:
    """For each multiple-choice question: the share (0-1) who choose none of the items with a figure."""
    return {
        question: float((frame[[p.name for p in plans]] != plans[0].codes[0]).all(axis=1).mean())
        for question, plans in _batteries(survey, settings).items()
        if survey.by_id[question].kind == "multiple"
    }


def _batteries(survey: Survey, settings: SimulationSettings) -> dict[str, list[Column]]:
    found: dict[str, list[Column]] = {}
    for plan in columns_of(survey, settings):
        if plan.item is not None and plan.asked is None:
            found.setdefault(plan.question, []).append(plan)
    return {question: plans for question, plans in found.items() if len(plans) > 1}


def _above(frame: pd.DataFrame, plan: Column, top: int) -> Mask:
    return np.asarray(frame[plan.name].isin(plan.codes[:top]), dtype=bool)
