"""Proportions and means against R, and what they owe to no reference."""

from __future__ import annotations

import math

import numpy as np
import pytest
from witnesses.sums import assert_same, own_samples, own_segments, own_variable, plain_cell, witness

from ens_dash.estimate.cells import Frame, LonelyUnit, answer_cell
from ens_dash.estimate.proportion import Estimate, mean, proportion, published_interval

SAMPLES = own_samples()
SEGMENTS = own_segments(SAMPLES["weighted"].data)
SIMPLE = Frame(units=np.array([500.0]), clustered=False)


def cell_of(row):
    sample = SAMPLES[row["design"]]
    y = own_variable(sample.data, row.get("item", "visits"), row.get("answer", ""))
    return sample.cell(y, SEGMENTS[row["segment"]]), sample.frame


@pytest.mark.parametrize("design", SAMPLES)
@pytest.mark.parametrize("method", ["beta", "xlogit", "mean"])
def test_a_domain_proportion_equals_r(design, method):
    rows = [row for row in witness("intervals") if (row["design"], row["method"]) == (design, method)]
    assert len(rows) == 42
    for row in rows:
        found = proportion(*cell_of(row), method=method)
        assert_same(found, row, "n est se n_eff deff df")
        if not (method == "beta" and found.est in (0, 1)):
            assert_same(found, row, "low high")


@pytest.mark.parametrize("design", SAMPLES)
def test_a_domain_mean_equals_r(design):
    rows = [row for row in witness("means") if row["design"] == design]
    assert len(rows) == 7
    for row in rows:
        assert_same(mean(*cell_of(row)), row, "n est se low high deff df")


@pytest.mark.parametrize("hits", [0, 40])
def test_at_0_and_100_percent_the_beta_interval_is_clopper_pearson_on_n(hits):
    found = proportion(plain_cell(40, hits), SIMPLE)
    far = 1 - 0.025 ** (1 / 40)
    expected = (0, far) if hits == 0 else (1 - far, 1)
    assert (found.low, found.high) == pytest.approx(expected, rel=1e-12)
    assert (found.se, found.deff) == (0, None)
    assert proportion(plain_cell(40, hits), SIMPLE, method="xlogit").low is None


def test_an_empty_domain_has_no_estimate():
    nobody = np.zeros((0, 2))
    cell = answer_cell([], nobody, nobody, nobody, [True, False])
    nothing = Estimate(None, None, None, None, 0, None, None, 0)
    assert proportion(cell, SIMPLE) == nothing
    assert mean(cell, SIMPLE) == nothing


def test_one_respondent_has_an_estimate_and_no_interval():
    assert proportion(plain_cell(1, 1), SIMPLE) == Estimate(1, None, None, None, 1, 1, None, 0)


def test_a_domain_of_one_psu_claims_no_precision():
    table = np.array([[30.0, 20.0]])
    cell = answer_cell([0], table, table, table, [True, False], psu=[7])
    found = proportion(cell, Frame(units=np.array([9.0]), clustered=True))
    assert (found.est, found.se, found.low, found.deff, found.df) == (0.6, None, None, None, 0)


def test_psus_that_all_agree_prove_nothing():
    table = np.full((5, 2), 10.0)
    cell = answer_cell([0] * 5, table, table, table, [True, False], psu=range(5))
    for method in ("beta", "xlogit"):
        found = proportion(cell, Frame(units=np.array([5.0]), clustered=True), method=method)
        assert (found.est, found.se, found.low, found.high) == (0.5, 0, None, None)


def test_multiplying_all_weights_changes_nothing():
    for factor in (1e-4, 3.7, 1e7):
        for method in ("beta", "xlogit", "mean"):
            one = proportion(plain_cell(200, 30), SIMPLE, method=method)
            other = proportion(plain_cell(200, 30, weight=factor), SIMPLE, method=method)
            for name in ("est", "se", "low", "high", "n_eff", "deff"):
                assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-12)


def test_all_chosen_is_exactly_100_percent_in_spite_of_rounding():
    w = np.array([[0.1, 0.2, 0.3, 0.7, 1.1, 0.9, 0.3, 0.1, 0.6]])
    ones = np.ones_like(w)
    cell = answer_cell([0], ones, w, w**2, [True] * 9)
    nudged = type(cell)(
        cell.stratum, cell.n, cell.w, cell.wy * (1 - 1e-15), cell.wy2, cell.w2, cell.w2y, cell.w2y2
    )
    assert proportion(nudged, SIMPLE).est == 1
    assert proportion(nudged, SIMPLE).high == 1


def test_a_proportion_and_its_complement_mirror_each_other():
    yes, no = proportion(plain_cell(80, 12), SIMPLE), proportion(plain_cell(80, 68), SIMPLE)
    assert (yes.low, yes.high) == pytest.approx((1 - no.high, 1 - no.low), rel=1e-12)


def test_equal_weights_without_design_are_a_simple_random_sample():
    found = proportion(plain_cell(500, 135), SIMPLE)
    se, low, high = published_interval(0.27, 500)
    assert found.deff == pytest.approx(1)
    assert (found.se, found.low, found.high) == pytest.approx((se, low, high), rel=1e-12)


def test_the_interval_of_a_printed_proportion_gives_the_reports_one_to_two_points():
    se, low, high = published_interval(0.77, 2100)
    assert se == pytest.approx(math.sqrt(0.77 * 0.23 / 2099))
    assert 0.01 < (high - low) / 2 < 0.02
    assert published_interval(0.0, 50)[:2] == (0, 0)
    assert published_interval(0.5, 1) == (None, None, None)


@pytest.mark.parametrize(("p", "n"), [(1.2, 10), (-0.1, 10), (0.5, 0)])
def test_a_printed_proportion_out_of_range_is_refused(p, n):
    with pytest.raises(ValueError, match="expected p in 0-1"):
        published_interval(p, n)


def test_a_mean_is_not_taken_for_a_proportion():
    cell = SAMPLES["weighted"].cell(SAMPLES["weighted"].data["visits"].to_numpy(dtype=float), SEGMENTS["all"])
    with pytest.raises(ValueError, match="variable of 0 and 1"):
        proportion(cell, SAMPLES["weighted"].frame)


def test_unknown_methods_and_levels_are_refused():
    with pytest.raises(ValueError, match="beta, xlogit or mean"):
        proportion(plain_cell(50, 10), SIMPLE, method="wald")
    with pytest.raises(ValueError, match="between 0 and 1"):
        proportion(plain_cell(50, 10), SIMPLE, level=95)


@pytest.mark.parametrize("chosen", [[True, False], [True, True], [False, False]])
def test_a_stratum_of_one_unit_is_named_whatever_the_answers(chosen):
    table = np.array([[3.0, 2.0], [1.0, 0.0]])
    cell = answer_cell([0, 1], table, table, table, chosen)
    with pytest.raises(LonelyUnit) as caught:
        proportion(cell, Frame(units=np.array([5.0, 1.0]), clustered=False))
    assert caught.value.stratum == 1
