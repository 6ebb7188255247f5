"""Which figures may be shown: the NCHS presentation standards, with the project's threshold of 100."""

from __future__ import annotations

from typing import Literal

Reliability = Literal["shown", "caution", "hidden"]
Unit = Literal["proportion", "mean"]

SMALLEST_BASE = 30
SMALL_BASE = 100
NARROW, WIDE = 0.05, 0.30
RELATIVE_WIDTH = 1.30
FEW_DF = 8
# (Σw)²/Σw² of equal weights misses n by a few roundings.
ROUNDING = 1e-9


def reliability(
    est: float | None,
    low: float | None,
    high: float | None,
    n: float,
    n_eff: float | None,
    df: float | None,
    unit: Unit = "proportion",
) -> Reliability:
    """Whether a figure is shown, shown with caution, or hidden.

    est, low, high: proportion (0-1) and its 95 % "beta" interval, or a mean, for which only the rules on n
    count. n: respondents; n_eff: Kish's effective base; df: degrees of freedom.

    Hidden: no estimate; n or n_eff under 30; no interval; interval width 0.30 or more; a width between 0.05
    and 0.30 that is over 130 % of est. Caution: n under 100; df under 8; 0 % and 100 %, whose width has
    nothing to be compared with. Source: Parker et al., National Center for Health Statistics Data
    Presentation Standards for Proportions, Vital and Health Statistics 2(175), 2017; the threshold of 100 is
    the project's. Silently too kind for an interval at a lower level or by method "mean".
    """
    if est is None or n_eff is None or min(n, n_eff) < SMALLEST_BASE - ROUNDING:
        return "hidden"
    caution = n < SMALL_BASE
    if unit == "mean":
        return "caution" if caution else "shown"
    if low is None or high is None or df is None:
        return "hidden"
    width, extreme = high - low, est in (0.0, 1.0)
    if width >= WIDE:
        return "hidden"
    if width > NARROW and not extreme and width > RELATIVE_WIDTH * est:
        return "hidden"
    return "caution" if caution or extreme or df < FEW_DF else "shown"
