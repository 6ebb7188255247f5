"""Questions and variables named like what the program's own SQL is made of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from folders import items, made_folder, question

from ens_dash.estimate import sums
from ens_dash.estimate.comparisons import association, compare, crosstab_tests
from ens_dash.estimate.figures import figures
from ens_dash.store import Store, build, open_store
from ens_dash.survey.filter import Filter

NAMES = (
    *("part", "which", "answer", "n", "w", "w2", "psu", "stratum", "weight", "y", "group", "select"),
    *("respondents", "source", "count", "sum", "case", "end"),
)
N = 90
DESIGNS = [{"weight": "Weight 1"}, {"weight": "Weight 1", "stratum": "Stratum 1", "psu": "Psu 1"}]


def survey(place: Path, names: dict[str, str], design: dict[str, str]) -> Store:
    """Three kinds of columns, called by `names`: single answers, numbers, a battery, segments."""
    random = np.random.default_rng(7)
    data = pd.DataFrame(
        {
            "Weight 1": np.exp(random.normal(0, 0.5, N)),
            "Stratum 1": [f"s{i % 3}" for i in range(N)],
            "Psu 1": [f"p{i % 15}" for i in range(N)],
            names["single"]: random.choice(["yes", "no", "perhaps"], N),
            names["number"]: random.integers(0, 9, N).astype(float),
            names["far"]: 1e8 + random.normal(0, 1, N),
            f"{names['battery']}__n": random.choice(["yes", "no"], N),
            names["variable"]: random.choice(["in", "a", "it's"], N),
            names["by"]: random.choice(["b", "both"], N),
        }
    )
    folder = made_folder(
        place / "made",
        data,
        [
            question(names["single"], "single", ["yes", "no", "perhaps"], "yes"),
            question(names["number"], "number", [], "mean"),
            question(names["far"], "number", [], "mean"),
            question(names["battery"], "scale", ["yes", "no"], "yes", items=items("n")),
        ],
        {names["variable"]: ["in", "a", "it's"], names["by"]: ["b", "both"]},
        design,
    )
    build(folder, place / "releases")
    return open_store(place / "releases", "made")


def numbers_of(store: Store, names: dict[str, str]) -> list[float | None]:
    """All that the estimators make of a survey, without its names."""
    asked = store.survey.questions
    some, other = (
        Filter.parse(f"{names[n]}={c}", store.survey.variables) for n, c in (("variable", "in"), ("by", "b"))
    )
    made = [
        *figures(store, asked, Filter()),
        *figures(store, asked, some, by=names["by"]),
        *figures(store, asked, Filter(), by=names["variable"]),
    ]
    found = [value for f in made for value in (f.est, f.se, f.low, f.high, f.deff, f.n)]
    tests = [row.result for row in (*compare(store, asked, some), *compare(store, asked, some, other))]
    for q in asked:
        item = q.item_ids[0]
        lines = [(item, answer) for answer in q.nets_by_code]
        tests += [c.result for c in crosstab_tests(store, q, names["variable"], other, lines).values()]
        table = association(store, q, item, names["variable"], Filter())
        found += [table.F, table.p] if table is not None else []
    return found + [value for t in tests for value in (t.difference, t.se, t.p, t.n_a)]


KINDS = ("single", "number", "far", "battery", "variable", "by")


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("design", DESIGNS)
def test_the_name_of_a_column_changes_no_figure(tmp_path, monkeypatch, design, many):
    if many:
        monkeypatch.setattr(sums, "MANY", 0)
        monkeypatch.setattr(sums, "MOST_SETS", 2)
    plain = {kind: f"my_{kind}" for kind in KINDS}
    store = survey(tmp_path / "plain", plain, design)
    expected = numbers_of(store, plain)
    store.close()
    assert len(expected) > 300
    assert sum(value is None for value in expected) < len(expected) / 10
    # each name in turn is that of a question, of a number, of a segment
    for turn in range(len(NAMES)):
        names = {kind: NAMES[(turn + 3 * i) % len(NAMES)] for i, kind in enumerate(KINDS)}
        store = survey(tmp_path / str(turn), names, design)
        found = numbers_of(store, names)
        assert [v is None for v in found] == [v is None for v in expected], names
        known = [(a, b) for a, b in zip(found, expected, strict=True) if b is not None]
        assert [a for a, _ in known] == pytest.approx([b for _, b in known], rel=1e-9, abs=1e-12), names
        store.close()
