"""What a calibration must show before its seed is kept: the statements hold, and no difference where the
report says none.

Each function returns what it found; what it must be is the calibration's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from ens_dash.survey.model import Survey
from ens_dash.survey.simulation.answers import columns_of
from ens_dash.survey.simulation.figures import Column
from ens_dash.survey.simulation.groups import Mask, members, stated
from ens_dash.survey.simulation.settings import SimulationSettings
from ens_dash.survey.simulation.tables import Floats

POINTS = 1.0
MIN_SEGMENT = 30


@dataclass(frozen=True)
class StatementCheck:
    """A statement on one cut: the group's share minus the rest's, in points. `expected` is +1 where the
    group shall have more of `answer`."""

    statement: str
    column: str
    answer: str
    expected: int
    difference: float

    @property
    def holds(self) -> bool:
        return self.difference * self.expected >= POINTS


@dataclass(frozen=True)
class NoDifference:
    """The smallest Holm-adjusted p of a «no difference» statement, over items and segments."""

    statement: str
    tests: int
    smallest_p: float
    column: str
    segment: str


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
            first = above(frame, plan, cut.top)
            chosen = first if cut.sign > 0 else ~first
            difference = 100 * float(chosen[group].mean() - chosen[~group].mean())
            found.append(StatementCheck(s.statement, s.column, cut.answer, s.sign * cut.sign, difference))
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


def above(frame: pd.DataFrame, plan: Column, top: int) -> Mask:
    """Who gave one of the first `top` answers of a column."""
    return np.asarray(frame[plan.name].isin(plan.codes[:top]), dtype=bool)
