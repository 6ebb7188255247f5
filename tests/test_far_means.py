"""Means far from zero beside their spread, held to exact arithmetic on the respondents themselves.

The formulas are the textbook's, over fractions: z centred in its stratum, by unit of the whole sample.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from math import sqrt

import numpy as np
import pandas as pd
import pytest
from folders import made_folder, question

from ens_dash.estimate.cells import Cell, merge
from ens_dash.estimate.comparisons import compare, crosstab_tests
from ens_dash.estimate.figures import figures
from ens_dash.estimate.proportion import mean
from ens_dash.estimate.sums import Parts, frame_of, number_cells
from ens_dash.store import build, open_store
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import MEAN

N = 240
DESIGNS = {
    "weighted": {"weight": "w"},
    "stratified": {"weight": "w", "stratum": "s"},
    "clustered": {"weight": "w", "stratum": "s", "psu": "p"},
    "clusters_only": {"weight": "w", "psu": "p"},
}
REL = 1e-9


def respondents() -> pd.DataFrame:
    random = np.random.default_rng(20210131)
    spread = random.normal(0, 1, N)
    data = pd.DataFrame(
        {
            "w": np.exp(random.normal(0, 0.6, N)),
            "s": [f"s{i % 4}" for i in range(N)],
            "p": [f"p{i % 24}" for i in range(N)],
            "sex": random.choice(["female", "male"], N),
            "age": random.choice(["young", "middle", "old"], N),
            "plain": random.integers(0, 9, N).astype(float),
            "year": random.choice([2020.0, 2021.0], N),
            "seconds": 1_595_000_000.0 + random.integers(0, 1_000_000, N),
            "minutes": 1_595_000_000.0 + random.integers(0, 3_600, N),
            "thousands": 1e4 + spread,
            "million": 1e6 + spread,
            "many": 1e8 + spread,
            "below": -1e8 + spread,
        }
    )
    # one mistyped number, in a segment of its own; and segments that lie far from each other
    data["typo"] = np.where(data.index == 3, 1e15, 1e4 + spread)
    data.loc[3, "age"] = "old"
    data["apart"] = np.where(data["sex"] == "male", 1e8, 10.0) + spread
    data.loc[random.random(N) < 0.1, ["million", "year"]] = np.nan
    return data


DATA = respondents()
NUMBERS = [c for c in DATA if c not in ("w", "s", "p", "sex", "age")]


@pytest.fixture(scope="module", params=DESIGNS)
def store(request, tmp_path_factory):
    place = tmp_path_factory.mktemp(request.param)
    folder = made_folder(
        place / "made",
        DATA,
        [question(name, "number", [], "mean") for name in NUMBERS],
        {"sex": ["female", "male"], "age": ["young", "middle", "old"]},
        DESIGNS[request.param],
    )
    build(folder, place / "releases")
    opened = open_store(place / "releases", "made")
    yield opened, DESIGNS[request.param]
    opened.close()


def exact_mean(name: str, inside: pd.Series) -> tuple[Fraction, Fraction]:
    """(mean, Σw) over those inside who answered."""
    rows = DATA[inside & DATA[name].notna()]
    weights = [Fraction(w) for w in rows["w"]]
    total = sum(weights, Fraction())
    return sum((w * Fraction(y) for w, y in zip(weights, rows[name], strict=True)), Fraction()) / total, total


def exact_variance(z: dict[int, Fraction], design: dict[str, str]) -> Fraction:
    """Σ_h n_h/(n_h - 1) Σ_j (z_hj - z̄_h)², with the units of the whole sample."""
    units: dict[str, dict[object, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for i, row in enumerate(DATA.itertuples()):
        units[row.s if "stratum" in design else ""][row.p if "psu" in design else i] += z.get(i, Fraction())
    v = Fraction()
    for found in units.values():
        n, middle = len(found), sum(found.values(), Fraction()) / len(found)
        v += Fraction(n, n - 1) * sum(((one - middle) ** 2 for one in found.values()), Fraction())
    return v


def scores(name: str, inside: pd.Series) -> dict[int, Fraction]:
    m, total = exact_mean(name, inside)
    rows = DATA[inside & DATA[name].notna()]
    # the share of a weight is rounded to 200 bits: fractions would grow without end, and nothing is lost
    places = 2**200
    return {
        i: Fraction(round(Fraction(w) * (Fraction(y) - m) / total * places), places)
        for i, w, y in zip(rows.index, rows["w"], rows[name], strict=True)
    }


def near(found: float | None, expected: Fraction | float, what: str) -> None:
    assert found is not None, what
    assert found == pytest.approx(float(expected), rel=REL, abs=0), what


def segments(store) -> dict[str, pd.Series]:
    everybody = pd.Series(True, index=DATA.index)
    return {"": everybody} | {
        f"{name}={code}": DATA[name] == code for name in ("sex", "age") for code in sorted(set(DATA[name]))
    }


def test_a_mean_far_from_zero_has_all_digits_of_its_standard_error(store):
    store, design = store
    made = {}
    for by in (None, "sex", "age"):
        for figure in figures(store, store.survey.questions, Filter(), by=by):
            made[figure.question, figure.segment] = figure
    for segment, inside in segments(store).items():
        for name in NUMBERS:
            figure, told = made[name, segment], f"{name} {segment}"
            m, total = exact_mean(name, inside)
            rows = DATA[inside & DATA[name].notna()]
            spread = sum(
                (Fraction(w) * (Fraction(y) - m) ** 2 for w, y in zip(rows["w"], rows[name], strict=True)),
                Fraction(),
            )
            v = exact_variance(scores(name, inside), design)
            near(figure.est, m, told)
            near(figure.se, sqrt(v), told)
            near(figure.deff, v / (spread / total / (len(rows) - 1)), told)
            assert figure.low < figure.est < figure.high, told


GROUPS = [("sex=male", None), ("age=old", None), ("sex=male", "age=young"), ("age=young", "age=middle")]


@pytest.mark.parametrize(("a", "b"), GROUPS)
def test_a_difference_of_means_far_from_zero_has_all_its_digits(store, a, b):
    store, design = store
    groups = segments(store)
    in_a = groups[a]
    in_b = ~in_a if b is None else groups[b]
    first = Filter.parse(a, store.survey.variables)
    second = None if b is None else Filter.parse(b, store.survey.variables)
    for row in compare(store, store.survey.questions, first, second):
        name = row.question
        z, minus = scores(name, in_a), scores(name, in_b)
        both = {i: z.get(i, Fraction()) - minus.get(i, Fraction()) for i in {*z, *minus}}
        gap = exact_mean(name, in_a)[0] - exact_mean(name, in_b)[0]
        near(row.result.se, sqrt(exact_variance(both, design)), name)
        near(row.result.difference, gap, name)
        near(row.result.t, float(gap) / row.result.se, name)


def test_segments_of_a_crosstab_have_the_digits_of_a_comparison(store):
    store, _ = store
    for name in NUMBERS:
        asked = store.survey.by_id[name]
        found = crosstab_tests(store, asked, "age", Filter(), [(None, MEAN)])
        for code in ("young", "middle", "old"):
            mine = Filter.parse(f"age={code}", store.survey.variables)
            expected = compare(store, [asked], mine)[0].result
            result = found[None, MEAN, code].result
            near(result.se, expected.se, name)
            near(result.difference, expected.difference, name)


def test_the_parts_of_a_far_mean_joined_are_the_whole(store):
    store, _ = store
    by = number_cells(store, NUMBERS, Parts.by(Filter(), "age", ("young", "middle", "old")))
    whole = figures(store, store.survey.questions, Filter())
    for figure in whole:
        cells = [by[figure.question, code] for code in ("young", "middle", "old")]
        joined = mean(merge(cells), frame_of(store))
        for value in ("est", "se", "low", "high", "deff"):
            near(getattr(joined, value), getattr(figure, value), f"{figure.question} {value}")


def test_a_number_that_is_the_same_for_all_has_no_spread(tmp_path):
    data = DATA.assign(same=1_595_000_000.7, **{"sex": "female"})
    for name, design in DESIGNS.items():
        folder = made_folder(
            tmp_path / name,
            data[["w", "s", "p", "sex", "same"]],
            [question("same", "number", [], "mean")],
            {"sex": ["female", "male"]},
            design,
        )
        build(folder, tmp_path / f"releases-{name}")
        store = open_store(tmp_path / f"releases-{name}", "made")
        found = figures(store, store.survey.questions, Filter())[0]
        assert (found.est, found.se, found.low, found.deff) == (
            pytest.approx(1_595_000_000.7),
            0,
            found.est,
            None,
        )
        nobody = figures(store, store.survey.questions, Filter.parse("sex=male", store.survey.variables))[0]
        assert (nobody.est, nobody.n) == (None, 0)
        store.close()


def test_a_number_near_zero_beside_its_spread_is_summed_once(store, monkeypatch):
    store, _ = store
    asked = []
    query = store.query
    monkeypatch.setattr(store, "query", lambda sql, values=(): asked.append(sql) or query(sql, values))
    figures(store, [store.survey.by_id["plain"]], Filter(), by="sex")
    assert len(asked) == 1
    figures(store, [store.survey.by_id["many"]], Filter(), by="sex")
    assert len(asked) == 3


def test_a_cell_moved_to_another_shift_has_the_sums_of_its_respondents():
    w, y = np.array([1.0, 0.5, 2.0, 1.5]), np.array([3.0, 4.0, 7.0, 1.0])

    def cell(shift: float) -> Cell:
        d = y - shift
        sums = (np.ones(4), w, w * d, w * d * d, w * w, w * w * d, w * w * d * d)
        return Cell(np.zeros(1, dtype=np.int64), *(np.array([one.sum()]) for one in sums), shift=shift)

    moved, expected = cell(0.0).shifted(4.25), cell(4.25)
    for name in ("n", "w", "wy", "wy2", "w2", "w2y", "w2y2"):
        assert getattr(moved, name) == pytest.approx(getattr(expected, name), rel=1e-12), name
    assert moved.shift == 4.25
    assert moved.shift + moved.centre == pytest.approx(cell(0.0).centre)
    assert moved.spread == pytest.approx(cell(0.0).spread)


def test_a_number_whose_square_is_beyond_floating_point_is_summed_all_the_same(tmp_path):
    data = pd.DataFrame({"sex": ["female", "male"] * 30, "huge": 1e160 + 1e150 * np.arange(60)})
    folder = made_folder(
        tmp_path / "made", data, [question("huge", "number", [], "mean")], {"sex": ["female", "male"]}, {}
    )
    build(folder, tmp_path / "releases")
    store = open_store(tmp_path / "releases", "made")
    found = figures(store, store.survey.questions, Filter())[0]
    assert found.est == pytest.approx(1e160)
    assert found.se == pytest.approx(1e150 * np.arange(60).std(ddof=1) / sqrt(60), rel=1e-5)
    store.close()
