"""The Rao-Scott test against R, with empty cells, and where there is nothing to test."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency
from witnesses.sums import assert_same, own_samples, own_segments, witness

from ens_dash.estimate.cells import Frame, LonelyUnit
from ens_dash.estimate.crosstab import rao_scott

SAMPLES = own_samples()
SEGMENTS = own_segments(SAMPLES["weighted"].data)
SIMPLE = Frame(units=np.array([100.0]), clustered=False)


def codes(column: pd.Series, inside: np.ndarray, levels: list[str]) -> np.ndarray:
    found = pd.Categorical(column, categories=levels).codes.astype(np.int64)
    return np.where(inside, found, -1)


LEVELS = {
    "sex": ["male", "female"],
    "age": ["65-plus", "18-34", "50-64", "35-49"],
    "coast": ["no", "yes", "unknown"],
    "use": ["often", "never", "always", "rarely"],
    "rare": ["yes", "no"],
}


def table_of(row):
    sample = SAMPLES[row["design"]]
    inside = SEGMENTS[row["segment"]]
    rows, answers = LEVELS[row["rows"]], LEVELS[row["item"]]
    return sample.frame, sample.table(
        codes(sample.data[row["rows"]], inside, rows),
        codes(sample.data[row["item"]], inside, answers),
        (len(rows), len(answers)),
    )


@pytest.mark.parametrize("design", SAMPLES)
def test_the_rao_scott_test_equals_svychisq(design):
    rows = [row for row in witness("crosstabs") if row["design"] == design]
    assert len(rows) == 14
    empty_cells = 0
    for row in rows:
        frame, (stratum, psu, n, w, w2) = table_of(row)
        empty_cells += int((n.sum(axis=2) == 0).any())
        assert_same(rao_scott(stratum, n, w, w2, frame, psu), row, "F ndf ddf p pearson")
    assert empty_cells > 2


@pytest.mark.parametrize("design", SAMPLES)
def test_rows_and_answers_may_change_places(design):
    frame, (stratum, psu, n, w, w2) = table_of(
        {"design": design, "segment": "all", "rows": "age", "item": "use"}
    )
    one = rao_scott(stratum, n, w, w2, frame, psu)
    turned = [table.swapaxes(0, 1) for table in (n, w, w2)]
    other = rao_scott(stratum, *turned, frame, psu)
    assert (one.F, one.ndf, one.p) == pytest.approx((other.F, other.ndf, other.p), rel=1e-9)


def test_with_equal_weights_pearson_is_the_textbooks():
    n = np.array([[20.0, 30.0], [35.0, 15.0]])
    found = rao_scott([0], n[..., None], n[..., None], n[..., None], SIMPLE)
    assert found.pearson == pytest.approx(chi2_contingency(n, correction=False).statistic, rel=1e-12)
    assert found.n == 100


@pytest.mark.parametrize(
    "n",
    [
        [[5, 5], [0, 0]],
        [[5, 0], [5, 0]],
        [[0, 0], [0, 0]],
        [[9, 0, 0], [0, 9, 0], [0, 0, 9]],
    ],
)
def test_no_test_where_a_table_has_nothing_to_compare(n):
    table = np.array(n, dtype=float)[..., None]
    found = rao_scott([0], table, table, table, SIMPLE)
    assert (found.F, found.ndf, found.ddf, found.p) == (None, None, None, None)


def test_wrong_shapes_are_refused():
    table = np.ones((2, 2, 3))
    with pytest.raises(ValueError, match=r"3 groups|1 groups"):
        rao_scott([0], table, table, table, SIMPLE)
    with pytest.raises(ValueError, match="PSU code"):
        rao_scott([0, 0, 0], table, table, table, Frame(units=np.array([9.0]), clustered=True))


def test_a_stratum_of_one_unit_is_named():
    table = np.ones((2, 2, 2))
    with pytest.raises(LonelyUnit, match="stratum 1"):
        rao_scott([0, 1], table, table, table, Frame(units=np.array([9.0, 1.0]), clustered=True), [0, 1])
