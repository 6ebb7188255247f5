"""A proportion or a mean of a domain: estimate, standard error, interval, effective base, design effect."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import Literal

import numpy as np
from scipy.special import betaincinv, expit, stdtrit

from ens_dash.estimate.cells import Cell, Frame, answer_cell, degrees_of_freedom, variance

Method = Literal["beta", "xlogit", "mean"]

# Sums of the same weights taken in another order differ by this much at most.
SAME = 1e-13


@dataclass(frozen=True)
class Estimate:
    """A figure and how far it can be trusted. None where the value is not defined.

    est: proportion (0-1) or mean, in the unit of y. se: its standard error. low, high: the interval.
    n: respondents in the base, unweighted. n_eff: Kish's effective base (Σw)²/Σw². deff: variance over
    that of a simple random sample of n, as R's `deff="replace"`. df: degrees of freedom, units minus strata
    present in the domain. With df < 1 there is no se, no deff and no interval.
    """

    est: float | None
    se: float | None
    low: float | None
    high: float | None
    n: int
    n_eff: float | None
    deff: float | None
    df: int


def t_quantile(level: float, df: float) -> float:
    """The t value that leaves (1 - level)/2 above it. Raises ValueError for a level outside 0-1."""
    if not 0 < level < 1:
        raise ValueError(f"level: expected a number between 0 and 1 such as 0.95, found {level}")
    return float(-stdtrit(df, (1 - level) / 2))


def beta_interval(p: float, n_star: float, level: float) -> tuple[float, float]:
    """Clopper-Pearson bounds of p for an effective number n_star of respondents (Korn & Graubard 1998)."""
    tail = (1 - level) / 2
    hits, misses = n_star * p, n_star * (1 - p)
    low = float(betaincinv(hits, misses + 1, tail)) if p > 0 else 0.0
    high = float(betaincinv(hits + 1, misses, 1 - tail)) if p < 1 else 1.0
    return low, high


def proportion(cell: Cell, frame: Frame, method: Method = "beta", level: float = 0.95) -> Estimate:
    """The proportion (0-1) of y = 1 in a domain.

    Intervals as R's `svyciprop`: "beta" (Korn-Graubard: n* = p(1 - p)/V · (t_{n-1}/t_df)², not capped at n;
    at p = 0 or 1, where R has none, n* = n), "xlogit" (on the logit scale; none at 0 and 1), "mean"
    (± t·se; it can leave 0-1 and has no width at 0 and 1). Where all PSUs agree on a p between 0 and 1 the
    variance is 0, which says nothing: "beta" and "xlogit" then give no interval.

    Raises LonelyUnit; ValueError for another method, a level outside 0-1, or a y that is not of 0 and 1.
    """
    if method not in ("beta", "xlogit", "mean"):
        raise ValueError(f"method: expected beta, xlogit or mean, found {method!r}")
    p = mean_of(cell)
    n, df = cell.respondents, degrees_of_freedom([cell], frame)
    if p is None:
        return _without_error(None, cell, df)
    if not -SAME <= p <= 1 + SAME:
        raise ValueError(f"proportion: expected sums of a variable of 0 and 1, found a mean of {p:g}")
    p = 0.0 if p <= SAME else 1.0 if p >= 1 - SAME else p
    v = _variance(cell, frame) * (0 < p < 1)
    if df < 1:
        return _without_error(p, cell, df)
    se, t = sqrt(v), t_quantile(level, df)
    low: float | None = None
    high: float | None = None
    if method == "mean":
        low, high = p - t * se, p + t * se
    elif method == "beta" and not 0 < p < 1:
        low, high = beta_interval(p, n, level)
    elif method == "beta" and v > 0:
        n_star = p * (1 - p) / v * (t_quantile(level, n - 1) / t) ** 2
        low, high = beta_interval(p, n_star, level)
    elif method == "xlogit" and v > 0 and 0 < p < 1:
        logit, reach = log(p / (1 - p)), t * se / (p * (1 - p))
        low, high = float(expit(logit - reach)), float(expit(logit + reach))
    deff = v / (p * (1 - p) / (n - 1)) if 0 < p < 1 else None
    return Estimate(p, se, low, high, n, kish(cell), deff, df)


def mean(cell: Cell, frame: Frame, level: float = 0.95) -> Estimate:
    """The mean of y in a domain, in the unit of y, with the interval ± t_df·se.

    Raises LonelyUnit; ValueError for a level outside 0-1.
    """
    m = mean_of(cell)
    n, df = cell.respondents, degrees_of_freedom([cell], frame)
    if m is None or df < 1:
        return _without_error(m, cell, df)
    v, spread = _variance(cell, frame), cell.spread
    se, t = sqrt(v), t_quantile(level, df)
    deff = v / (spread / (n - 1)) if v > 0 and spread > 0 else None
    return Estimate(m, se, m - t * se, m + t * se, n, kish(cell), deff, df)


def kish(cell: Cell) -> float | None:
    """Kish's effective base (Σw)²/Σw²; None for an empty cell."""
    squares = float(cell.w2.sum())
    return cell.weight**2 / squares if squares > 0 else None


def published_interval(
    p: float, n: int, method: Method = "beta", level: float = 0.95
) -> tuple[float | None, float | None, float | None]:
    """(se, low, high): the indicative interval of a printed proportion p (0-1) on n respondents.

    Computed as if drawn at random with equal weights: se = √(p(1 - p)/(n - 1)), df = n - 1; methods as for
    `proportion`.
    Silently too narrow for a sample with uneven weights, and says nothing of the bias of a quota sample nor
    of the rounding of the printed figure. All None for n = 1. Raises ValueError for p outside 0-1, n under 1.
    """
    if not 0 <= p <= 1 or n < 1:
        raise ValueError(f"published_interval: expected p in 0-1 and n of 1 or more, found p = {p}, n = {n}")
    if n == 1:
        return None, None, None
    if method != "beta":
        counts = np.array([[p * n, n - p * n]])
        cell = answer_cell([0], counts, counts, counts, [True, False])
        estimate = proportion(cell, Frame(np.array([float(n)]), clustered=False), method, level)
        return estimate.se, estimate.low, estimate.high
    low, high = beta_interval(p, n - 1 if 0 < p < 1 else n, level)
    return sqrt(p * (1 - p) / (n - 1)), low, high


def mean_of(cell: Cell) -> float | None:
    """The proportion or mean of y; None for an empty cell."""
    return None if cell.centre is None else cell.shift + cell.centre


def _variance(cell: Cell, frame: Frame) -> float:
    return variance([(cell, 1 / cell.weight, (cell.centre or 0.0) / cell.weight)], frame)


def _without_error(est: float | None, cell: Cell, df: int) -> Estimate:
    return Estimate(est, None, None, None, cell.respondents, kish(cell), None, df)
