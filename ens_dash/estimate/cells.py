"""Sufficient sums of a variable over a part of the sample, and the variance of what is made of them.

A `Cell` knows a part of the sample only by a few sums a group, so that one pass over the respondents is
enough for every figure. A group is a stratum where the design has no primary sampling unit (PSU),
otherwise a PSU. The variance is Taylor's linearisation with PSUs drawn with replacement, as R's
`survey::svyrecvar` computes it: units of the sample that lie outside a domain count with zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ens_dash.survey.study import LonelyPsu

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

# A variance under this share of the terms it was subtracted from is rounding, not variance.
ROUNDING = 1e-14


class LonelyUnit(ValueError):
    """A stratum that holds respondents has a single unit in the whole sample: it has no variance.

    `stratum` is its index in `Frame.units`. The cure is to join it with a like stratum before import, or to
    say in the design what it counts as (`Frame.lonely`).
    """

    def __init__(self, stratum: int) -> None:
        self.stratum = stratum
        super().__init__(
            f"stratum {stratum}: expected at least 2 units in the sample, found 1; "
            "join it with a similar stratum"
        )


@dataclass(frozen=True, eq=False)
class Frame:
    """The design of the whole sample.

    units: shape (H,), for each stratum the number of units in the *whole* sample: PSUs, or respondents
        where there are none. A design without strata has H = 1.
    clustered: True where a group of a `Cell` is a PSU, False where it is a stratum.
    lonely: what a stratum with a single unit adds to a variance, as R's option `survey.lonely.psu`:
        "certainty" nothing, "adjust" the square of its z, uncentred; None raises LonelyUnit.

    Silently wrong if the units are counted inside a domain or among those who answered only: standard
    errors then come out as if the domain had been a design of its own.
    """

    units: Floats
    clustered: bool
    lonely: LonelyPsu | None = None

    def __post_init__(self) -> None:
        units = np.asarray(self.units, dtype=np.float64)
        if units.ndim != 1 or units.size == 0 or units.min() < 1:
            raise ValueError(f"Frame.units: expected one count of 1 or more a stratum, found {self.units!r}")
        object.__setattr__(self, "units", units)


@dataclass(frozen=True, eq=False)
class Cell:
    """Sums of one variable y over the respondents of a part of the sample, missing answers left out.

    All arrays have one entry a group, shape (G,); G = 0 is an empty part.

    stratum: index of the group's stratum in `Frame.units`.
    n: respondents. w: Σw. wy: Σwy. wy2: Σwy², which only the design effect of a mean needs. w2: Σw².
        w2y: Σw²y. w2y2: Σw²y². For y of 0 and 1 (a proportion) wy2 equals wy, and w2y2 equals w2y.
    psu: code of the PSU, for a clustered design only. Codes need be unique inside a stratum only, and a
        PSU may occur more than once, in one cell or in several: its sums are added.
    shift: y in these sums is the variable less this constant, near its mean where the mean is far from zero
        beside the spread: unshifted, Σz² would be the difference of two sums that are almost the same.

    Weights are above zero: a respondent of weight zero would still count in n and in the degrees of
    freedom. Raises ValueError where the arrays differ in length.
    """

    stratum: Ints
    n: Floats
    w: Floats
    wy: Floats
    wy2: Floats
    w2: Floats
    w2y: Floats
    w2y2: Floats
    psu: Ints | None = None
    shift: float = 0.0

    def __post_init__(self) -> None:
        size = len(self.stratum)
        sums = (self.n, self.w, self.wy, self.wy2, self.w2, self.w2y, self.w2y2)
        found = {len(one) for one in sums} | ({len(self.psu)} if self.psu is not None else set())
        if found - {size}:
            raise ValueError(f"Cell: expected arrays of {size} groups, found {sorted(found)}")

    @property
    def respondents(self) -> int:
        """Unweighted number of respondents."""
        return round(float(self.n.sum()))

    @property
    def weight(self) -> float:
        """Σw."""
        return float(self.w.sum())

    @property
    def centre(self) -> float | None:
        """The mean of the variable less `shift`; None for an empty cell."""
        return float(self.wy.sum()) / self.weight if self.respondents else None

    @property
    def spread(self) -> float:
        """The weighted variance of the variable, Σw(y - mean)²/Σw. ZeroDivisionError for an empty cell."""
        centre = float(self.wy.sum()) / self.weight
        return float(self.wy2.sum()) / self.weight - centre * centre

    def shifted(self, to: float) -> Cell:
        """The same cell with another `shift`; far from the mean, digits of the spread are lost."""
        d = self.shift - to
        if d == 0:
            return self
        return replace(
            self,
            wy=self.wy + d * self.w,
            wy2=self.wy2 + 2 * d * self.wy + d * d * self.w,
            w2y=self.w2y + d * self.w2,
            w2y2=self.w2y2 + 2 * d * self.w2y + d * d * self.w2,
            shift=to,
        )


def answer_cell(
    stratum: ArrayLike,
    n: ArrayLike,
    w: ArrayLike,
    w2: ArrayLike,
    chosen: ArrayLike,
    psu: ArrayLike | None = None,
) -> Cell:
    """The cell of y = 1 for the chosen answers, 0 for the others; a net is several chosen answers.

    stratum, psu: shape (G,). n, w, w2: respondents, Σw and Σw² by group and answer, shape (G, A).
    chosen: booleans over the answers, shape (A,). The base is everybody in the table: leave out the
    columns of missing answers, or they count as "not chosen". Raises ValueError on other shapes.
    """
    strata = np.asarray(stratum, dtype=np.int64)
    mask: Mask = np.asarray(chosen, dtype=np.bool_)
    shape = (len(strata), len(mask))
    tables: list[Floats] = [np.asarray(one, dtype=np.float64) for one in (n, w, w2)]
    for table in tables:
        if table.shape != shape:
            raise ValueError(f"answer_cell: expected tables of shape {shape}, found {table.shape}")
    base: list[Floats] = [table.sum(axis=1) for table in tables]
    wy: Floats = tables[1][:, mask].sum(axis=1)
    w2y: Floats = tables[2][:, mask].sum(axis=1)
    codes = None if psu is None else np.asarray(psu, dtype=np.int64)
    return Cell(strata, base[0], base[1], wy, wy, base[2], w2y, w2y, codes)


def merge(cells: Iterable[Cell]) -> Cell:
    """The cell of all respondents of `cells`, which must have no respondent in common.

    Where their shifts differ, it has the mean of these.
    Silently wrong where they overlap. Raises ValueError for no cell at all, and where only some have PSUs.
    """
    parts = list(cells)
    if not parts:
        raise ValueError("merge: expected at least one cell, found none")
    if len({part.shift for part in parts}) > 1:
        weight = sum(part.weight for part in parts)
        middle = sum(part.weight / weight * part.shift for part in parts) if weight > 0 else 0.0
        parts = [part.shifted(middle) for part in parts]
    return _side_by_side(parts)


def _side_by_side(parts: Sequence[Cell]) -> Cell:
    """The groups of all cells, each with its sums as they are; the shift is that of the first."""
    if len(parts) == 1:
        return parts[0]
    psus = [part.psu for part in parts if part.psu is not None]
    if psus and len(psus) != len(parts):
        raise ValueError(f"merge: expected PSUs in all {len(parts)} cells or in none, found {len(psus)}")
    return Cell(
        np.concatenate([part.stratum for part in parts]),
        np.concatenate([part.n for part in parts]),
        np.concatenate([part.w for part in parts]),
        np.concatenate([part.wy for part in parts]),
        np.concatenate([part.wy2 for part in parts]),
        np.concatenate([part.w2 for part in parts]),
        np.concatenate([part.w2y for part in parts]),
        np.concatenate([part.w2y2 for part in parts]),
        np.concatenate(psus) if psus else None,
        parts[0].shift,
    )


def units_of(stratum: Ints, psu: Ints) -> tuple[Ints, Ints]:
    """The PSUs found: (stratum of each PSU, shape (J,); index of its PSU for each group, shape (G,))."""
    if not len(stratum):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    lowest = int(psu.min())
    span = int(psu.max()) - lowest + 1
    keys, index = np.unique(stratum * span + (psu - lowest), return_inverse=True)
    return keys // span, index.astype(np.int64, copy=False)


def scale_of(stratum: Ints, found: Floats, frame: Frame) -> tuple[Floats, Floats]:
    """For each stratum, of shape (H,): n_h / (n_h - 1), 0 for those that hold nobody here; and 1/n_h, by
    which the square of the stratum's sum is taken off.

    A stratum with one unit has 0 or, under "adjust", 1 and nothing taken off (R's `survey:::onestrat`).
    stratum: the strata that hold somebody. found: units found in each stratum, shape (H,).
    Raises LonelyUnit for a stratum with one unit where the frame does not say what it counts as, ValueError
    where more units are found than the frame has.
    """
    units = frame.units
    over = np.flatnonzero(found > units)
    if over.size:
        h = int(over[0])
        raise ValueError(f"stratum {h}: the frame has {units[h]:g} units, the cells hold {found[h]:g}")
    scale = np.zeros(len(units))
    scale[stratum] = 1.0
    alone = units < 2
    lonely = np.flatnonzero((scale > 0) & alone)
    if lonely.size and frame.lonely is None:
        raise LonelyUnit(int(lonely[0]))
    lone = 1.0 if frame.lonely == "adjust" else 0.0
    scale = np.where(scale > 0, np.where(alone, lone, units / np.maximum(units - 1, 1)), 0.0)
    return scale, np.where(alone, 0.0, 1.0 / units)


def degrees_of_freedom(cells: Sequence[Cell], frame: Frame) -> int:
    """Units minus strata that hold a respondent of the cells, as R's `degf` of the subset design.

    The cells must have no respondent in common. 0 where they are empty.
    """
    whole = _side_by_side(cells)
    here = whole.n > 0
    strata = len(np.unique(whole.stratum[here]))
    if not frame.clustered:
        return whole.respondents - strata
    return len(units_of(whole.stratum[here], codes_of(whole)[here])[0]) - strata


def variance(parts: Sequence[tuple[Cell, float, float]], frame: Frame) -> float:
    """Variance of the sum over all respondents of z = w(αy - γ); each part is (cell, α, γ), y as the cell has
    it, less its `shift`.

    V = Σ_h n_h/(n_h - 1) · (Σ_j z_hj² - (Σ_j z_hj)²/n_h), with z summed by unit j of stratum h and n_h the
    units of the whole sample. The parts must have no respondent in common. Raises LonelyUnit.

    Σz² is a difference of sums of w²y² and w²y: where the mean of y is 10⁴ times its spread, half of the
    digits are gone. `Cell.shift` is for that. It does not help where the strata lie that far apart.
    """
    # α and γ stand for y as its own cell has it: shifts need not be the same
    whole = _side_by_side([cell for cell, _, _ in parts])
    alpha = np.concatenate([np.full(len(cell.stratum), a) for cell, a, _ in parts])
    gamma = np.concatenate([np.full(len(cell.stratum), g) for cell, _, g in parts])
    strata = len(frame.units)
    z = alpha * whole.wy - gamma * whole.w
    if frame.clustered:
        stratum, index = units_of(whole.stratum, codes_of(whole))
        by_unit = np.bincount(index, z, len(stratum))
        squares = np.bincount(stratum, by_unit**2, strata)
        size = np.bincount(index, np.abs(alpha * whole.wy) + np.abs(gamma) * whole.w, len(stratum))
        terms = np.bincount(stratum, size**2, strata)
        found: Floats = np.bincount(stratum, minlength=strata).astype(np.float64)
    else:
        stratum = whole.stratum
        own, cross, flat = alpha**2 * whole.w2y2, 2 * alpha * gamma * whole.w2y, gamma**2 * whole.w2
        squares = np.bincount(stratum, own - cross + flat, strata)
        terms = np.bincount(stratum, own + np.abs(cross) + flat, strata)
        found = np.bincount(stratum, whole.n, strata).astype(np.float64)
    scale, centred = scale_of(whole.stratum[whole.n > 0], found, frame)
    sums = np.bincount(whole.stratum, z, strata)
    value = float((scale * (squares - sums**2 * centred)).sum())
    return value if value > ROUNDING * float((scale * terms).sum()) else 0.0


def codes_of(cell: Cell) -> Ints:
    """The PSU codes of a cell of a clustered design. Raises ValueError where it has none."""
    if cell.psu is None:
        raise ValueError("the frame is clustered: expected a PSU code for each group, found none")
    return cell.psu
