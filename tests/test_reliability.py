"""The rule that decides which figures may be shown."""

from __future__ import annotations

import numpy as np
import pytest
from witnesses.sums import plain_cell

from ens_dash.estimate.cells import Frame
from ens_dash.estimate.proportion import proportion
from ens_dash.estimate.reliability import reliability

CASES = [
    ("a large base and a narrow interval", (0.5, 0.48, 0.52, 2100, 2000, 2000), "shown"),
    ("n of 29", (0.5, 0.4, 0.6, 29, 29, 28), "hidden"),
    ("n of 30", (0.5, 0.4, 0.6, 30, 30, 29), "caution"),
    ("n_eff of 29.9", (0.5, 0.4, 0.6, 400, 29.9, 300), "hidden"),
    ("n of 99", (0.5, 0.4, 0.6, 99, 99, 98), "caution"),
    ("n of 100", (0.5, 0.4, 0.6, 100, 100, 99), "shown"),
    ("a width of 0.30", (0.5, 0.25, 0.55, 500, 500, 40), "hidden"),
    ("a width under 0.30", (0.5, 0.36, 0.65, 500, 500, 40), "shown"),
    ("a width over 130 % of the estimate", (0.06, 0.02, 0.12, 200, 200, 199), "hidden"),
    ("a width under 130 % of the estimate", (0.08, 0.04, 0.13, 200, 200, 199), "shown"),
    ("a narrow interval, however wide beside the estimate", (0.01, 0.002, 0.04, 300, 300, 299), "shown"),
    ("7 degrees of freedom", (0.5, 0.4, 0.6, 500, 500, 7), "caution"),
    ("8 degrees of freedom", (0.5, 0.4, 0.6, 500, 500, 8), "shown"),
    ("0 %", (0.0, 0.0, 0.03, 150, 150, 149), "caution"),
    ("0 %, wider than 0.05", (0.0, 0.0, 0.08, 45, 45, 44), "caution"),
    ("100 %", (1.0, 0.97, 1.0, 150, 150, 149), "caution"),
    ("no estimate", (None, None, None, 0, None, 0), "hidden"),
    ("no interval", (0.5, None, None, 200, 200, 0), "hidden"),
]


@pytest.mark.parametrize(("case", "figure", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_proportion_is_shown_by_the_nchs_rule(case, figure, expected):
    assert reliability(*figure, unit="proportion") == expected


@pytest.mark.parametrize(
    ("n", "n_eff", "expected"),
    [(29, 29, "hidden"), (200, 12, "hidden"), (60, 60, "caution"), (100, 90, "shown")],
)
def test_a_mean_follows_the_rules_on_the_base_only(n, n_eff, expected):
    assert reliability(2.4, 0.1, 4.7, n, n_eff, 3, unit="mean") == expected


def test_thirty_equal_weights_are_thirty_in_spite_of_rounding():
    frame = Frame(units=np.array([300.0]), clustered=False)
    found = [proportion(plain_cell(30, 15, weight=w), frame) for w in (0.1, 0.7, 1.3, 3.3)]
    assert any(one.n_eff < 30 for one in found)
    for one in found:
        assert reliability(one.est, 0.4, 0.6, one.n, one.n_eff, one.df) == "caution"
