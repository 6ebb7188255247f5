"""Corrections for many tests against R's p.adjust."""

from __future__ import annotations

import numpy as np
import pytest
from witnesses.sums import witness

from ens_dash.estimate.adjust import benjamini_hochberg, holm


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_adjusted_p_values_equal_r(adjust):
    rows = witness("adjusted")
    found = adjust([row["p"] for row in rows])
    expected = np.array([row[adjust.__name__] for row in rows])
    assert np.isnan(expected).sum() == 2
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_a_test_that_was_not_made_counts_for_nothing(adjust):
    with_gap, without = adjust([0.01, None, 0.04]), adjust([0.01, 0.04])
    assert np.isnan(with_gap[1])
    np.testing.assert_array_equal(with_gap[[0, 2]], without)


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_nothing_in_nothing_out(adjust):
    assert adjust([]).shape == (0,)
    assert np.isnan(adjust([None, None])).all()


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_a_p_outside_0_to_1_is_refused(adjust):
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjust([0.2, 1.4])
