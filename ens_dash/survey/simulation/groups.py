"""Groups of respondents, and what the report's statements say of them, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ens_dash.survey.filter import Filter
from ens_dash.survey.model import SegmentVariable, Survey
from ens_dash.survey.report import Statement
from ens_dash.survey.simulation.figures import Column

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Stated:
    """What a statement means for one column: more or less of its first answers in a group.

    `sign` is +1 where the group shall give more of them; `tops` are the cuts it is tested on, each
    as the number of first answers above it.
    """

    statement: str
    column: str
    where: str
    sign: int
    tops: tuple[int, ...]


@dataclass(frozen=True)
class Effect:
    """A gap to build into a column: `sign` * d, group against rest, averaged over the cuts `tops`."""

    where: str
    mask: Mask
    sign: int
    tops: tuple[int, ...]


def members(frame: pd.DataFrame, where: str, variables: Sequence[SegmentVariable]) -> Mask:
    """Who matches a filter such as `age=50-64,65-plus&sex=female`.

    Raises:
        FilterError: if it names a variable or a code that the survey does not have.
    """
    mask = np.ones(len(frame), dtype=bool)
    for variable, codes in Filter.parse(where, variables).terms:
        mask &= frame[variable].isin(codes).to_numpy()
    return mask


def testable_statements(survey: Survey) -> tuple[Statement, ...]:
    """The statements of a difference between a group and the rest, in a question of the survey."""
    return tuple(
        s for s in survey.statements if s.question is not None and s.where and s.direction != "no difference"
    )


def stated(survey: Survey, columns: Sequence[Column]) -> tuple[Stated, ...]:
    """Every testable statement, once for each column that it is about.

    Raises:
        ValueError: if a statement's answer is no cut of its question (an answer in the middle).
    """
    by_question: dict[str, list[Column]] = {}
    for column in columns:
        by_question.setdefault(column.question, []).append(column)
    found = []
    for s in testable_statements(survey):
        for column in by_question.get(s.question or "", []):
            if s.items and column.item not in s.items:
                continue
            upward, tops = _cuts(s, column)
            sign = upward if s.direction == "higher" else -upward
            found.append(Stated(s.id, column.name, s.where or "", sign, tops))
    return tuple(found)


def _cuts(statement: Statement, column: Column) -> tuple[int, tuple[int, ...]]:
    if statement.answer is None:
        return 1, column.tops
    cut = next((c for c in column.cuts if c.answer == statement.answer), None)
    if cut is None:
        known = ", ".join(c.answer for c in column.cuts)
        raise ValueError(
            f"statement {statement.id}: {statement.answer} is no cut of {column.name} (cuts: {known})"
        )
    return cut.sign, (cut.top,)


def effects_of(
    column: str, statements: Sequence[Stated], frame: pd.DataFrame, variables: Sequence[SegmentVariable]
) -> tuple[Effect, ...]:
    """The gaps to build into one column; statements about the same people or their complement are one.

    Raises:
        ValueError: if two statements say the opposite of the same people.
    """
    effects: list[Effect] = []
    for s in (s for s in statements if s.column == column):
        mask = members(frame, s.where, variables)
        for i, known in enumerate(effects):
            same = bool((known.mask == mask).all())
            if same or bool((known.mask != mask).all()):
                if (known.sign == s.sign) != same:
                    raise ValueError(f"statement {s.statement} contradicts another on {column}, {s.where}")
                tops = tuple(sorted({*known.tops, *s.tops}))
                effects[i] = Effect(known.where, known.mask, known.sign, tops)
                break
        else:
            effects.append(Effect(s.where, mask, s.sign, s.tops))
    return tuple(effects)
