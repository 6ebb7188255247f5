"""Corrections of p-values for many tests, as R's `p.adjust`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ens_dash.estimate.cells import Floats, Ints, Mask


def holm(p: Sequence[float | None] | Floats) -> Floats:
    """Holm's adjusted p-values: none of them under α keeps the chance of *any* false finding under α.

    p: shape (M,), in any order; a test that was not made is None or NaN, comes back as NaN and does not count
    among the M. Raises ValueError for a p outside 0-1.
    """
    values, made = _values(p)
    order = np.argsort(values[made], kind="stable")
    count = int(made.sum())
    stepped = values[made][order] * (count - np.arange(count))
    return _placed(made, order, np.minimum(1.0, np.maximum.accumulate(stepped)))


def benjamini_hochberg(p: Sequence[float | None] | Floats) -> Floats:
    """Benjamini & Hochberg's adjusted p-values: those under α hold at most a share α of false findings.

    p and what comes back as for `holm`. The share holds for independent or positively dependent tests.
    """
    values, made = _values(p)
    order = np.argsort(-values[made], kind="stable")
    count = int(made.sum())
    stepped = values[made][order] * (count / (count - np.arange(count)))
    return _placed(made, order, np.minimum(1.0, np.minimum.accumulate(stepped)))


def _values(p: Sequence[float | None] | Floats) -> tuple[Floats, Mask]:
    values: Floats = np.array(p, dtype=np.float64).reshape(-1)
    made: Mask = ~np.isnan(values)
    if ((values[made] < 0) | (values[made] > 1)).any():
        raise ValueError(f"p-values: expected numbers between 0 and 1, found {values[made].tolist()}")
    return values, made


def _placed(made: Mask, order: Ints, adjusted: Floats) -> Floats:
    among = np.empty(len(order))
    among[order] = adjusted
    everywhere: Floats = np.full(len(made), np.nan)
    everywhere[made] = among
    return everywhere
