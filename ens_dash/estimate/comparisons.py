"""Comparisons over the respondents of a release: two groups, a crosstab, what sets a group apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isnan

import numpy as np

from ens_dash.estimate.adjust import benjamini_hochberg, holm
from ens_dash.estimate.cells import Cell, merge
from ens_dash.estimate.compare import Difference, difference
from ens_dash.estimate.crosstab import RaoScott, rao_scott
from ens_dash.estimate.figures import REST, unprinted_simulation
from ens_dash.estimate.reliability import SMALLEST_BASE, Unit
from ens_dash.estimate.sums import Parts, answer_sums, frame_of, number_cells
from ens_dash.store import Store
from ens_dash.survey.base import Origin
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import MEAN, Question, column


@dataclass(frozen=True)
class Comparison:
    """One answer in group a against group b. Proportions (0-1) or means; `p_adjusted` is Holm's over the
    answers of the question, or Benjamini-Hochberg's in `what_sets_apart`. None: not defined."""

    question: str
    item: str | None
    answer: str
    a: str
    b: str
    unit: Unit
    origin: Origin
    result: Difference
    p_adjusted: float | None = None

    @property
    def reliable(self) -> bool:
        """Whether both bases are large enough to be shown."""
        return min(self.result.n_a, self.result.n_b) >= SMALLEST_BASE


def compare(
    store: Store, questions: Sequence[Question], a: Filter, b: Filter | None = None
) -> tuple[Comparison, ...]:
    """Every answer of the questions in group a against group b, or against the rest of the sample.

    Groups that overlap are handled: those in both count in both. p is corrected within each question.
    """
    found: list[Comparison] = []
    for _, rows in _differences(store, questions, a, b):
        adjusted = holm([row.result.p for row in rows])
        found += [_adjust(row, p) for row, p in zip(rows, adjusted, strict=True)]
    return tuple(found)


def what_sets_apart(store: Store, questions: Sequence[Question], a: Filter) -> tuple[Comparison, ...]:
    """All figures of the group against the rest, most certain first (Benjamini-Hochberg)."""
    rows = [row for _, found in _differences(store, questions, a, None) for row in found if row.reliable]
    adjusted = benjamini_hochberg([row.result.p for row in rows])
    ranked = [_adjust(row, p) for row, p in zip(rows, adjusted, strict=True)]
    ranked = [row for row in ranked if row.p_adjusted is not None]
    return tuple(sorted(ranked, key=lambda r: (r.p_adjusted, -abs(r.result.t or 0))))


CellKey = tuple[str | None, str, str]  # item, answer, segment's code


def crosstab_tests(
    store: Store,
    question: Question,
    by: str,
    where: Filter,
    lines: Sequence[tuple[str | None, str]],
) -> dict[CellKey, Comparison]:
    """Each segment of `by` against the rest *of the filter*, for the table's lines (item, answer).

    p is corrected by Holm over all cells of the table. A segment without a rest has no test.
    """
    codes = tuple(s.code for s in store.survey.variables_by_id[by].segments)
    parts = Parts.by(where, by, codes)
    names = {column(question.id, item) for item, _ in lines}
    number = question.kind == "number"
    coded = {c: question.stored_codes for c in names if not number}
    sums = answer_sums(store, list(coded), parts, coded)
    numbers = number_cells(store, list(names) if number else [], parts)
    frame = frame_of(store)
    unit: Unit = "mean" if number else "proportion"
    rows: dict[CellKey, Comparison] = {}
    for item, answer in lines:
        c = column(question.id, item)
        if c not in store.release.columns:
            continue
        chosen = question.nets_by_code[answer]
        cells = {p: numbers[c, p] if number else sums[c, p].cell(chosen) for p in codes}
        for code in codes:
            others = [cells[p] for p in codes if p != code]
            result = difference(cells[code], merge(others), frame)
            segment = where.with_codes(store.survey.variables, **{by: (code,)}).key
            rows[item, answer, code] = Comparison(
                question.id, item, answer, segment, REST, unit, store.release.origin, result
            )
    adjusted = holm([row.result.p for row in rows.values()])
    return {key: _adjust(row, p) for (key, row), p in zip(rows.items(), adjusted, strict=True)}


def association(
    store: Store, question: Question, item: str | None, by: str, where: Filter
) -> RaoScott | None:
    """The Rao-Scott test of a crosstab, question by segment variable; None for a number or no data."""
    name = column(question.id, item)
    codes = tuple(s.code for s in store.survey.variables_by_id[by].segments)
    if question.kind == "number" or name not in store.release.columns:
        return None
    sums = answer_sums(store, [name], Parts.by(where, by, codes), {name: question.stored_codes})
    groups = [sums[name, code] for code in codes]
    # one axis of groups for all rows of the table: a row's sums stand where its groups are, zero elsewhere
    stratum = np.concatenate([g.stratum for g in groups])
    psu = np.concatenate([g.psu for g in groups if g.psu is not None]) if store.release.clustered else None
    answers = len(question.stored_codes)
    tables = np.zeros((3, len(codes), answers, len(stratum)))
    start = 0
    for row, group in enumerate(groups):
        end = start + len(group.stratum)
        for layer, values in enumerate((group.n, group.w, group.w2)):
            tables[layer, row, :, start:end] = values.T
        start = end
    n, w, w2 = tables
    return rao_scott(stratum, n, w, w2, frame_of(store), psu)


def _differences(
    store: Store, questions: Sequence[Question], a: Filter, b: Filter | None
) -> list[tuple[Question, list[Comparison]]]:
    parts = Parts.against(a, b)
    frame = frame_of(store)
    columns = {column(q.id, item): q for q in questions for item in q.item_ids}
    coded = {c: q.stored_codes for c, q in columns.items() if q.kind != "number"}
    sums = answer_sums(store, list(coded), parts, coded)
    numbers = number_cells(store, [c for c in columns if c not in coded], parts)
    key_b = REST if b is None else b.key
    found = []
    for question in questions:
        rows = []
        unit: Unit = "mean" if question.kind == "number" else "proportion"
        for item in question.item_ids:
            c = column(question.id, item)
            for answer, chosen in question.nets_by_code.items():
                if unprinted_simulation(store, question, item, answer):
                    continue
                cells: dict[str, Cell] = {}
                for part in parts.labels:
                    if (c, part) in sums:
                        cells[part] = sums[c, part].cell(chosen)
                    elif answer == MEAN and (c, part) in numbers:
                        cells[part] = numbers[c, part]
                if cells:
                    result = difference(cells["a"], cells["b"], frame, cells.get("both"))
                    rows.append(
                        Comparison(
                            question.id, item, answer, a.key, key_b, unit, store.release.origin, result
                        )
                    )
        found.append((question, rows))
    return found


def _adjust(row: Comparison, p: float) -> Comparison:
    return replace(row, p_adjusted=None if isnan(p) else float(p))
