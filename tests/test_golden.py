"""The golden values of R's survey package on `apistrat` (strata = stype, weights = pw, no fpc).

R 4.2, survey 4.1.1: svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat), then
svyciprop(~I(comp.imp == "Yes"), method = "xlogit" | "beta"), whole sample and subset(api00 > 700).
The data are the package's; what stands here are counts by stratum (E, H, M) and answer, and the three
weights, from which the sufficient sums follow.
"""

from __future__ import annotations

import numpy as np
import pytest

from ens_dash.estimate.cells import Cell, Frame, answer_cell
from ens_dash.estimate.proportion import proportion

WEIGHTS = np.array([44.2099990844727, 15.1000003814697, 20.3600006103516])
FRAME = Frame(units=np.array([100, 50, 50]), clustered=False)
ALL = np.array([[25, 75], [33, 17], [26, 24]])
ABOVE_700 = np.array([[12, 34], [7, 8], [4, 8]])


def cell(counts: np.ndarray) -> Cell:
    weight = WEIGHTS[:, None]
    return answer_cell([0, 1, 2], counts, counts * weight, counts * weight**2, [False, True])


def test_the_whole_of_apistrat_equals_r() -> None:
    found = proportion(cell(ALL), FRAME, method="xlogit")
    assert found.est == pytest.approx(0.655649011944, abs=1e-12)
    assert found.se == pytest.approx(0.034212537982, abs=1e-12)
    assert found.df == 197
    assert (found.low, found.high) == pytest.approx((0.585435012432, 0.719665476086), abs=1e-12)
    beta = proportion(cell(ALL), FRAME, method="beta")
    assert (beta.low, beta.high) == pytest.approx((0.583996427158, 0.722432821201), abs=1e-12)


def test_a_domain_of_apistrat_equals_r() -> None:
    found = proportion(cell(ABOVE_700), FRAME)
    assert found.n == 73
    assert found.est == pytest.approx(0.713449497519, abs=1e-12)
    assert found.se == pytest.approx(0.055939042151, abs=1e-12)
