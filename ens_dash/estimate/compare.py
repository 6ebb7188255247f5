"""The difference between two domains, and whether it is more than chance."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from scipy.special import stdtr

from ens_dash.estimate.cells import Cell, Frame, degrees_of_freedom, merge, variance
from ens_dash.estimate.proportion import mean_of, t_quantile


@dataclass(frozen=True)
class Difference:
    """What domain a has more than domain b. None where the value is not defined.

    est_a, est_b: proportions (0-1) or means. difference: est_a - est_b, in the same unit. se, low, high: its
    standard error and interval. t, df, p: the test that there is no difference, two-sided.
    n_a, n_b: respondents of each domain, those in both counted twice.
    """

    est_a: float | None
    est_b: float | None
    difference: float | None
    se: float | None
    low: float | None
    high: float | None
    t: float | None
    df: int
    p: float | None
    n_a: int
    n_b: int


def difference(a: Cell, b: Cell, frame: Frame, both: Cell | None = None, level: float = 0.95) -> Difference:
    """The linearised difference of two domains of one sample, as R's `svyttest` where they are disjoint.

    both: the respondents who are in the two domains; `a` then holds those in a only, `b` those in b only.
    Silently wrong where respondents in common stand in `a` and in `b` instead. df is units minus strata
    present in either domain, minus 1. Where the linearised variance is zero (both proportions are 0 or 1),
    or df < 1, there is no test and no interval: a zero there says that the sample cannot tell.

    Raises LonelyUnit; ValueError for a level outside 0-1.
    """
    whole_a = a if both is None else merge([a, both])
    whole_b = b if both is None else merge([b, both])
    cells = [a, b] if both is None else [a, b, both]
    df = degrees_of_freedom(cells, frame) - 1
    n_a, n_b = whole_a.respondents, whole_b.respondents
    p_a, p_b, centre_a, centre_b = mean_of(whole_a), mean_of(whole_b), whole_a.centre, whole_b.centre
    if p_a is None or p_b is None or centre_a is None or centre_b is None:
        return Difference(p_a, p_b, None, None, None, None, None, max(df, 0), None, n_a, n_b)
    share_a, share_b = 1 / whole_a.weight, 1 / whole_b.weight

    def less(cell: Cell) -> tuple[float, float]:
        # the means as y stands in a cell; the shifts first, since they may be large and close
        return whole_a.shift - cell.shift + centre_a, whole_b.shift - cell.shift + centre_b

    parts = [(a, share_a, less(a)[0] * share_a), (b, -share_b, -less(b)[1] * share_b)]
    if both is not None:
        in_a, in_b = less(both)
        parts.append((both, share_a - share_b, in_a * share_a - in_b * share_b))
    v, gap = variance(parts, frame), whole_a.shift - whole_b.shift + (centre_a - centre_b)
    if df < 1 or v == 0:
        return Difference(p_a, p_b, gap, None, None, None, None, max(df, 0), None, n_a, n_b)
    se = sqrt(v)
    reach, t = t_quantile(level, df) * se, gap / se
    p = 2 * float(stdtr(df, -abs(t)))
    return Difference(p_a, p_b, gap, se, gap - reach, gap + reach, t, df, p, n_a, n_b)
