"""What the shipped respondents are measured on: figures, gaps, and signs of a bad sample.

Each function returns what it found; the ranges that it must lie in are the tests' business.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from ens_dash.survey.model import MEAN, Survey, column
from ens_dash.survey.report import PublishedFigure
from ens_dash.survey.simulation import SimulationSettings
from ens_dash.survey.simulation.answers import columns_of, derived_columns
from ens_dash.survey.simulation.checks import MIN_SEGMENT, above, chi_square_p
from ens_dash.survey.simulation.effects import probit_gap
from ens_dash.survey.simulation.figures import Column
from ens_dash.survey.simulation.groups import effects_of, stated


@dataclass(frozen=True)
class Recomputed:
    """A published figure and the same from respondents, in its unit (percent or mean), with their base."""

    figure: PublishedFigure
    found: float
    n: int

    @property
    def within_rounding(self) -> bool:
        """Half a point for a percentage printed whole, half a tenth for a mean with one decimal."""
        rounding = 0.5 if self.figure.unit == "percent" else 0.05
        return abs(self.found - self.figure.value) <= rounding + 1e-9


@dataclass(frozen=True)
class GapCheck:
    """A built-in effect: its gap in probits in the wanted direction, mean and at each cut."""

    mean: float
    by_cut: tuple[float, ...]


def recomputed(survey: Survey, frame: pd.DataFrame) -> tuple[Recomputed, ...]:
    """Every published figure against the respondents, each on its own base; by pandas, not by the store."""
    found = []
    for f in survey.published:
        answers = frame[column(f.question, f.item)].dropna()
        if f.answer == MEAN:
            value = float(answers.astype(float).mean())
        else:
            value = 100 * float(answers.isin(survey.by_id[f.question].nets_by_code[f.answer]).mean())
        found.append(Recomputed(f, value, len(answers)))
    return tuple(found)


def gap_checks(survey: Survey, settings: SimulationSettings, frame: pd.DataFrame) -> tuple[GapCheck, ...]:
    """Every effect as it came out, in the direction of its statement."""
    plans = columns_of(survey, settings)
    said = stated(survey, plans)
    found = []
    for plan in plans:
        for e in effects_of(plan.name, said, frame, survey.variables):
            gaps = tuple(e.sign * probit_gap(above(frame, plan, t), e.mask) for t in e.tops)
            found.append(GapCheck(float(np.mean(gaps)), gaps))
    return tuple(found)


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
