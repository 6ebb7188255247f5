"""Draw the respondents' segments: each variable with exact counts, given those drawn before it.

A step rakes a table of the variable by those given (`tables.rake`), rounds it to whole people with
its margins kept, and deals the codes out within each cell, at random or by a health latent. So the
links between variables that have no table with each other are those that the tables imply, and no
others: a limit to remember before reading anything into a filter on three variables at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from ens_dash.survey.model import PopulationShare, Survey
from ens_dash.survey.simulation.groups import members
from ens_dash.survey.simulation.noise import Streams
from ens_dash.survey.simulation.settings import PopulationPlan, Step
from ens_dash.survey.simulation.tables import (
    Floats,
    Ints,
    Margin,
    largest_remainder,
    rake,
    rake_towards,
    round_to_margins,
)

JOINT = "&"
# variable, given variable -> given code -> code -> share; the given variable of a margin is None
Shares = Mapping[tuple[str, str | None], Mapping[str | None, Mapping[str, float]]]


def shares_by_table(rows: Sequence[PopulationShare]) -> Shares:
    """The rows of population.csv as tables, shares as proportions."""
    tables: dict[tuple[str, str | None], dict[str | None, dict[str, float]]] = {}
    for row in rows:
        table = tables.setdefault((row.variable, row.given_variable), {})
        table.setdefault(row.given_code, {})[row.code] = row.share / 100
    return tables


def draw_population(survey: Survey, plan: PopulationPlan, streams: Streams) -> pd.DataFrame:
    """One row a respondent, one column of codes for each variable of the plan, in its order.

    Raises:
        ValueError: if population.csv lacks a table that a step needs, or its tables cannot be met.
    """
    shares = shares_by_table(survey.population)
    codes = {v.id: tuple(s.code for s in v.segments) for v in survey.variables}
    frame = pd.DataFrame(index=pd.RangeIndex(streams.n))
    for step in plan.steps:
        frame[step.variable] = _draw(frame, step, codes, shares, plan, survey, streams)
    for rule in plan.derived:
        frame[rule.variable] = frame[rule.source].map(rule.codes).fillna(rule.otherwise)
    return frame


def health_latent(frame: pd.DataFrame, plan: PopulationPlan, shares: Shares, streams: Streams) -> Floats:
    """Ill health, higher for worse: standard normal in each group, shifted by how ill the group is."""
    rates = shares[plan.health_flag, plan.health_given]
    shift = {code: ndtri(next(iter(by_code.values()))) for code, by_code in rates.items()}
    shifts = np.array([shift[code] for code in frame[plan.health_given]])
    return np.asarray(streams.normal("health") + shifts, dtype=np.float64)


def _draw(
    frame: pd.DataFrame,
    step: Step,
    codes: Mapping[str, tuple[str, ...]],
    shares: Shares,
    plan: PopulationPlan,
    survey: Survey,
    streams: Streams,
) -> NDArray[np.object_]:
    own = codes[step.variable]
    inside = np.ones(len(frame), dtype=bool)
    if step.only is not None:
        inside = members(frame, step.only, survey.variables)
    cells = list(product(*(codes[g] for g in step.given)))
    where = [inside & _cell(frame, step.given, cell) for cell in cells]
    rows = np.array([mask.sum() for mask in where], dtype=np.int64)
    seed = np.array([_row(step, cell, own, shares) for cell in cells])
    columns = _column_totals(step, own, seed, rows, shares, len(frame))
    columns[-1] -= len(frame) - int(inside.sum())
    counts = _whole_table(step, seed, rows, columns, codes, shares)
    score = _score(frame, step, plan, shares, streams)
    drawn = np.full(len(frame), own[-1], dtype=object)
    for mask, row in zip(where, counts, strict=True):
        people = np.flatnonzero(mask)
        ranked = people[np.argsort(-score[people], kind="stable")]
        drawn[ranked] = np.repeat(np.array(own, dtype=object), row)
    return drawn


def _cell(frame: pd.DataFrame, given: Sequence[str], cell: Sequence[str]) -> NDArray[np.bool_]:
    mask = np.ones(len(frame), dtype=bool)
    for variable, code in zip(given, cell, strict=True):
        mask &= (frame[variable] == code).to_numpy()
    return mask


def _row(step: Step, cell: Sequence[str], own: Sequence[str], shares: Shares) -> Floats:
    """The shape of a cell's row: the table for exactly this cell, or the product of the single ones.

    Only odds ratios matter, since the margins are raked afterwards; so P(given | own) does as well.
    """
    joint = shares.get((step.variable, JOINT.join(step.given)), {}) if len(step.given) > 1 else {}
    key = JOINT.join(
        step.stand_ins.get(v, {}).get(code, code) for v, code in zip(step.given, cell, strict=True)
    )
    if key in joint:
        return _complete(joint[key], own, step.variable)
    row = np.ones(len(own))
    for variable, code in zip(step.given, cell, strict=True):
        if (step.variable, variable) in shares:
            row *= _complete(shares[step.variable, variable][code], own, step.variable)
        elif (variable, step.variable) in shares:
            row *= np.array([shares[variable, step.variable][o][code] for o in own])
        else:
            raise ValueError(f"population.csv has no table of {step.variable} and {variable}")
    return row


def _complete(by_code: Mapping[str, float], own: Sequence[str], variable: str) -> Floats:
    """Shares in the order of the codes; a single missing one is what is left."""
    missing = [code for code in own if code not in by_code]
    if len(missing) > 1:
        raise ValueError(f"population.csv: {variable} lacks the codes {', '.join(missing)}")
    rest = 1 - sum(by_code.values())
    return np.array([by_code.get(code, rest) for code in own])


def _column_totals(step: Step, own: Sequence[str], seed: Floats, rows: Ints, shares: Shares, n: int) -> Ints:
    """Whole people by code: the variable's own margin, or what the table of its given one implies."""
    margin = shares.get((step.variable, None))
    if margin is not None:
        return largest_remainder(_complete(margin[None], own, step.variable).tolist(), n)
    return largest_remainder((rows[:, None] * seed).sum(0).tolist(), n)


def _whole_table(
    step: Step,
    seed: Floats,
    rows: Ints,
    columns: Ints,
    codes: Mapping[str, tuple[str, ...]],
    shares: Shares,
) -> Ints:
    own = codes[step.variable]
    if step.match and len(step.given) > 1:
        shape = tuple(len(codes[g]) for g in step.given)
        full = seed.reshape(*shape, len(own))
        people = rows.reshape(shape).astype(np.float64)
        last = full.ndim - 1
        margins: list[Margin] = [(tuple(range(last)), people)]
        for variable in step.match:
            axis = step.given.index(variable)
            size = people.sum(axis=tuple(i for i in range(last) if i != axis))
            table = shares[step.variable, variable]
            target = np.array([_complete(table[code], own, step.variable) for code in codes[variable]])
            margins.append(((axis, last), size[:, None] * target))
        seed = rake_towards(full, margins).reshape(seed.shape)
    exact = rake(seed, [((0,), rows.astype(np.float64)), ((1,), columns.astype(np.float64))])
    return round_to_margins(exact, rows, columns)


def _score(frame: pd.DataFrame, step: Step, plan: PopulationPlan, shares: Shares, streams: Streams) -> Floats:
    luck = streams.normal(f"segment:{step.variable}")
    if step.health is None:
        return luck
    latent = health_latent(frame, plan, shares, streams)
    return np.asarray(np.sqrt(step.health) * latent + np.sqrt(1 - step.health) * luck, dtype=np.float64)
