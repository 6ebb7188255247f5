"""Association of two variables in a crosstab: the Rao-Scott test of a complex sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import fdtrc

from ens_dash.estimate.cells import Floats, Frame, Ints, scale_of, units_of


@dataclass(frozen=True)
class RaoScott:
    """The test that rows and answers are independent. F, ndf, ddf and p are None where there is no test.

    F: second-order corrected statistic on (ndf, ddf) degrees of freedom, which need not be whole numbers.
    p: its tail. pearson: Pearson's X² of the weighted table scaled to n respondents. n: respondents.
    """

    F: float | None
    ndf: float | None
    ddf: float | None
    p: float | None
    pearson: float | None
    n: int


def rao_scott(
    stratum: ArrayLike,
    n: ArrayLike,
    w: ArrayLike,
    w2: ArrayLike,
    frame: Frame,
    psu: ArrayLike | None = None,
) -> RaoScott:
    """Rao & Scott's second-order test (1984), as R's `svychisq(statistic="F")`.

    stratum, psu: one entry a group, shape (G,); psu for a clustered design only. n, w, w2: respondents, Σw
    and Σw² by row, answer and group, shape (R, A, G), those without a row or an answer left out. Rows and
    answers that nobody has are dropped; single empty cells stay. No test is given where fewer than two rows
    or answers remain, where df < 1, or where so many cells are empty that a matrix is singular (R stops).

    Silently wrong where a respondent stands in more than one cell (rows of a multiple-choice variable, nets
    beside their answers). Raises LonelyUnit; ValueError on other shapes or a clustered design without psu.
    """
    strata: Ints = np.asarray(stratum, dtype=np.int64)
    counts, weights, squares = (np.asarray(one, dtype=np.float64) for one in (n, w, w2))
    for table in (counts, weights, squares):
        if table.ndim != 3 or table.shape != (*counts.shape[:2], len(strata)):
            raise ValueError(
                f"rao_scott: expected tables (rows, answers, {len(strata)} groups), found {table.shape}"
            )
    respondents = round(float(counts.sum()))
    filled = counts.sum(axis=2) > 0
    rows, answers = np.flatnonzero(filled.any(axis=1)), np.flatnonzero(filled.any(axis=0))
    keep = np.ix_(rows, answers, np.arange(len(strata)))
    r, a = len(rows), len(answers)
    if r < 2 or a < 2:
        return RaoScott(None, None, None, None, None, respondents)
    flat_w, flat_w2 = weights[keep].reshape(r * a, -1), squares[keep].reshape(r * a, -1)
    share = flat_w.sum(axis=1) / flat_w.sum()
    pearson = _pearson(share.reshape(r, a), respondents)
    here = counts.sum(axis=(0, 1)) > 0
    codes = None if psu is None else np.asarray(psu, dtype=np.int64)
    v, df = _covariance(
        strata[here],
        flat_w[:, here],
        flat_w2[:, here],
        counts[:, :, here],
        share,
        frame,
        None if codes is None else codes[here],
    )
    nothing = RaoScott(None, None, None, None, pearson, respondents)
    if df < 1:
        return nothing
    contrast = np.kron(_centred(r), _centred(a))
    inverse = np.divide(1.0, share, out=np.zeros_like(share), where=share > 0)
    scaled = contrast * inverse[:, None]
    expected = contrast.T @ scaled / respondents
    if np.linalg.matrix_rank(expected) < len(expected):
        return nothing
    delta = np.linalg.solve(expected, scaled.T @ v @ scaled)
    trace, second = float(np.trace(delta)), float(np.trace(delta @ delta))
    if trace <= 0 or second <= 0:
        return nothing
    f, ndf = pearson / trace, trace**2 / second
    return RaoScott(f, ndf, ndf * df, float(fdtrc(ndf, ndf * df, f)), pearson, respondents)


def _pearson(share: Floats, n: int) -> float:
    independent = np.outer(share.sum(axis=1), share.sum(axis=0))
    return n * float(((share - independent) ** 2 / independent).sum())


def _centred(size: int) -> Floats:
    """A basis of the contrasts of `size` levels, shape (size, size - 1); any basis gives the same test."""
    centred: Floats = np.eye(size)[:, 1:] - 1 / size
    return centred


def _covariance(
    stratum: Ints, w: Floats, w2: Floats, n: Floats, share: Floats, frame: Frame, psu: Ints | None
) -> tuple[Floats, int]:
    """Covariance matrix of the C cell shares, shape (C, C), and df. w, w2 have shape (C, G)."""
    strata, total = len(frame.units), float(w.sum())
    z = (w - np.outer(share, w.sum(axis=0))) / total
    if frame.clustered:
        if psu is None:
            raise ValueError("the frame is clustered: expected a PSU code for each group, found none")
        of_unit, index = units_of(stratum, psu)
        by_unit = np.zeros((len(of_unit), len(share)))
        np.add.at(by_unit, index, z.T)
        found: Floats = np.bincount(of_unit, minlength=strata).astype(np.float64)
        scale, centred = scale_of(stratum, found, frame)
        squares = (by_unit * scale[of_unit][:, None]).T @ by_unit
        df = len(of_unit)
    else:
        found = np.bincount(stratum, n.sum(axis=(0, 1)), strata).astype(np.float64)
        scale, centred = scale_of(stratum, found, frame)
        scaled = w2 @ scale[stratum] / total**2
        cross = np.outer(share, scaled)
        squares = np.diag(scaled) - cross - cross.T + np.outer(share, share) * scaled.sum()
        df = round(float(found.sum()))
    sums = np.zeros((strata, len(share)))
    np.add.at(sums, stratum, z.T)
    v: Floats = squares - (sums * (scale * centred)[:, None]).T @ sums
    return v, df - len(np.unique(stratum))
