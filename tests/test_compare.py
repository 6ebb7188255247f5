"""Differences of two domains against R, and identities."""

from __future__ import annotations

import numpy as np
import pytest
from witnesses.sums import assert_same, own_samples, own_segments, own_variable, plain_cell, witness

from ens_dash.estimate.cells import Frame
from ens_dash.estimate.compare import difference
from ens_dash.estimate.proportion import mean

SAMPLES = own_samples()
SEGMENTS = own_segments(SAMPLES["weighted"].data)
SIMPLE = Frame(units=np.array([500.0]), clustered=False)


@pytest.mark.parametrize("design", SAMPLES)
def test_disjoint_domains_equal_svyttest(design):
    sample = SAMPLES[design]
    rows = [row for row in witness("comparisons") if row["design"] == design]
    assert len(rows) == 28
    for row in rows:
        y = own_variable(sample.data, row["item"], row["answer"])
        in_a = SEGMENTS[row["a"]]
        in_b = ~in_a if row["b"] == "rest" else SEGMENTS[row["b"]]
        found = difference(sample.cell(y, in_a), sample.cell(y, in_b), sample.frame)
        assert_same(found, row, "difference low high t df p")


@pytest.mark.parametrize("design", SAMPLES)
def test_overlapping_domains_equal_the_linearised_contrast_of_r(design):
    sample = SAMPLES[design]
    rows = [row for row in witness("overlaps") if row["design"] == design]
    assert len(rows) == 14
    for row in rows:
        y = own_variable(sample.data, row["item"], row["answer"])
        in_a, in_b = SEGMENTS[row["a"]], SEGMENTS[row["b"]]
        parts = [sample.cell(y, inside) for inside in (in_a & ~in_b, in_b & ~in_a, in_a & in_b)]
        found = difference(parts[0], parts[1], sample.frame, both=parts[2])
        assert_same(found, row, "difference se low high t df p")
        assert found.n_a == int((in_a & ~np.isnan(y)).sum())
        assert found.n_b == int((in_b & ~np.isnan(y)).sum())


@pytest.mark.parametrize("design", SAMPLES)
def test_a_against_b_is_b_against_a_with_the_sign_turned(design):
    sample = SAMPLES[design]
    y = own_variable(sample.data, "use", "net_often")
    a, b = sample.cell(y, SEGMENTS["young"]), sample.cell(y, SEGMENTS["old"])
    one, other = difference(a, b, sample.frame), difference(b, a, sample.frame)
    assert (one.difference, one.t) == pytest.approx((-other.difference, -other.t), rel=1e-12)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low), rel=1e-12)
    assert (one.se, one.p) == pytest.approx((other.se, other.p), rel=1e-12)


def test_the_two_sides_are_the_domains_own_means():
    sample = SAMPLES["clustered"]
    y = own_variable(sample.data, "visits", "")
    in_a, in_b = SEGMENTS["female"], SEGMENTS["young"]
    parts = [sample.cell(y, inside) for inside in (in_a & ~in_b, in_b & ~in_a, in_a & in_b)]
    found = difference(parts[0], parts[1], sample.frame, both=parts[2])
    assert found.est_a == pytest.approx(mean(sample.cell(y, in_a), sample.frame).est, rel=1e-12)
    assert found.est_b == pytest.approx(mean(sample.cell(y, in_b), sample.frame).est, rel=1e-12)


def test_a_domain_against_itself_differs_by_nothing_and_has_no_test():
    nobody = plain_cell(0, 0)
    found = difference(nobody, nobody, SIMPLE, both=plain_cell(100, 30))
    assert (found.difference, found.se, found.p) == (0, None, None)


def test_an_empty_domain_gives_no_difference():
    found = difference(plain_cell(60, 20), plain_cell(0, 0), SIMPLE)
    assert (found.est_a, found.est_b, found.difference, found.p) == (pytest.approx(1 / 3), None, None, None)
    assert (found.n_a, found.n_b) == (60, 0)


def test_everybody_against_nobody_is_no_proof():
    found = difference(plain_cell(4, 4), plain_cell(3, 0), SIMPLE)
    assert (found.difference, found.p, found.low, found.df) == (1, None, None, 5)
