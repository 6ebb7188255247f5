"""Figures and comparisons as rows: the columns of the command line and of files, codes only.

Unlike a file for readers (`datafile`), the rows of the command line keep the interval of a simulated figure
and the estimate of a hidden one, for checking: `origin` and `reliability` stand on every row and say so.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Literal

from ens_dash.estimate.comparisons import Comparison
from ens_dash.estimate.figures import Figure
from ens_dash.estimate.reliability import SMALL_BASE, SMALLEST_BASE, Reliability

Format = Literal["csv", "json"]
COLUMNS = (
    "survey question item answer segment est se low high n n_eff deff df unit reliability origin".split()
)
COMPARED = (
    *("survey", "question", "item", "answer", "a", "b", "est_a", "est_b", "difference", "low", "high"),
    *("t", "df", "p", "p_adjusted", "n_a", "n_b", "unit", "origin", "reliability"),
)


def figure_row(figure: Figure, survey: str) -> dict[str, object]:
    """A figure as COLUMNS; None where a value is not known or the question has no item."""
    return _only(COLUMNS, {"survey": survey} | asdict(figure))


def figure_rows(figures: Iterable[Figure], survey: str) -> list[dict[str, object]]:
    """The rows of `figures`."""
    return [figure_row(f, survey) for f in figures]


def comparison_rows(rows: Iterable[Comparison], survey: str) -> list[dict[str, object]]:
    """The rows of `compare`; `p` and `p_adjusted` are None where there is no test."""
    return [
        _only(
            COMPARED,
            {"survey": survey, "reliability": comparison_reliability(r)} | asdict(r) | asdict(r.result),
        )
        for r in rows
    ]


def comparison_reliability(row: Comparison) -> Reliability:
    """Whether a difference may be shown, from the smaller of its two bases, and whether there is one.

    Under 30 respondents in a group it is hidden, under 100 it asks for caution, as for a figure. Silently
    too kind where weights or clusters make the effective base much smaller: only respondents are counted.
    """
    smaller = min(row.result.n_a, row.result.n_b)
    if smaller < SMALLEST_BASE or row.result.difference is None:
        return "hidden"
    return "caution" if smaller < SMALL_BASE else "shown"


def written(rows: Sequence[Mapping[str, object]], columns: Sequence[str], form: Format) -> str:
    """The rows as text: CSV with a header also where there is no row, or a JSON array of objects."""
    if form == "json":
        return json.dumps(list(rows), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([empty(row[c]) for c in columns] for row in rows)
    return out.getvalue()


def empty(value: object) -> object:
    """A value as a cell: one that is not known is empty."""
    return "" if value is None else value


def _only(columns: Sequence[str], row: Mapping[str, object]) -> dict[str, object]:
    return {c: row[c] for c in columns}
