"""Figures and comparisons as rows for scripts: CSV or JSON, codes only, numbers in full precision.

Unlike a file for readers (`datafile`), rows keep the interval of a simulated figure and the estimate of
a hidden one, for checking: `origin` and `reliability` stand on every row and say which they are.
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
from ens_dash.render.datafile import COLUMNS

Format = Literal["csv", "json"]
COMPARED = (
    *("survey", "question", "item", "answer", "a", "b", "est_a", "est_b", "difference", "low", "high"),
    *("t", "df", "p", "p_adjusted", "n_a", "n_b", "unit", "origin"),
)


def figure_rows(figures: Iterable[Figure], survey: str) -> list[dict[str, object]]:
    """The columns of `figures`; None where a value is not known or the question has no item."""
    return [_only(COLUMNS, {"survey": survey} | asdict(f)) for f in figures]


def comparison_rows(rows: Iterable[Comparison], survey: str) -> list[dict[str, object]]:
    """The columns of `compare`; `p` and `p_adjusted` are None where there is no test."""
    return [_only(COMPARED, {"survey": survey} | asdict(r) | asdict(r.result)) for r in rows]


def written(rows: Sequence[Mapping[str, object]], columns: Sequence[str], form: Format) -> str:
    """The rows as text: CSV with a header also where there is no row, or a JSON array of objects."""
    if form == "json":
        return json.dumps(list(rows), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(["" if row[c] is None else row[c] for c in columns] for row in rows)
    return out.getvalue()


def _only(columns: Sequence[str], row: Mapping[str, object]) -> dict[str, object]:
    return {c: row[c] for c in columns}
