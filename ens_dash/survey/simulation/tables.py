"""Tables with given margins: raking, and rounding to whole people without breaking a margin."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# A margin: the axes that are kept, and the totals over the others (shape: those axes in order).
Margin = tuple[tuple[int, ...], Floats]

_CYCLES = 2000
_CLOSE = 1e-9


def rake(seed: Floats, margins: Sequence[Margin]) -> Floats:
    """Iterative proportional fitting (Deming and Stephan 1940).

    Zero cells of `seed` stay zero and its odds ratios are kept.

    Raises:
        ValueError: if the margins cannot be met, e.g. because zeros stand in the way.
    """
    table = seed.astype(np.float64)
    for _ in range(_CYCLES):
        for axes, target in margins:
            table *= np.divide(*_expanded(table, axes, target))
        if all(_distance(table, axes, target) < _CLOSE for axes, target in margins):
            return table
    worst = max(_distance(table, axes, target) for axes, target in margins)
    raise ValueError(f"raking did not reach the margins: {worst:.3g} people away after {_CYCLES} cycles")


def rake_towards(seed: Floats, margins: Sequence[Margin], cycles: int = 50) -> Floats:
    """Some cycles of raking to margins that need not agree with each other exactly."""
    table = seed.astype(np.float64)
    for _ in range(cycles):
        for axes, target in margins:
            table *= np.divide(*_expanded(table, axes, target))
    return table


def _others(table: Floats, axes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(i for i in range(table.ndim) if i not in axes)


def _expanded(table: Floats, axes: tuple[int, ...], target: Floats) -> tuple[Floats, Floats]:
    """Target and present totals in the table's shape; 0/1 where nothing is or can be there."""
    others = _others(table, axes)
    total = table.sum(axis=others, keepdims=True)
    wanted = np.expand_dims(target, others)
    empty = total <= 0
    return np.where(empty, 0.0, wanted), np.where(empty, 1.0, total)


def _distance(table: Floats, axes: tuple[int, ...], target: Floats) -> float:
    return float(np.abs(table.sum(axis=_others(table, axes)) - target).max())


def largest_remainder(shares: Sequence[float], n: int) -> Ints:
    """`n` people shared out in proportion; those left over go to the largest fractions, first come."""
    exact = np.asarray(shares, dtype=np.float64) / sum(shares) * n
    counts = np.floor(exact + _CLOSE).astype(np.int64)
    for i in np.argsort(-(exact - counts), kind="stable")[: n - int(counts.sum())]:
        counts[i] += 1
    return counts


def round_to_margins(table: Floats, rows: Ints, columns: Ints) -> Ints:
    """Round each cell up or down so that whole row and column totals are kept (controlled rounding).

    Larger fractions are rounded up first; where that leaves a row or column short, the choice is
    mended along an alternating path, which exists whenever the table meets the margins.

    Raises:
        ValueError: if the table does not have these margins.
    """
    if np.abs(table.sum(1) - rows).max() > 1e-6 or np.abs(table.sum(0) - columns).max() > 1e-6:
        raise ValueError("the table does not have the margins that it shall be rounded to")
    down = np.floor(table + 1e-7)
    fraction = table - down
    open_cells = fraction > 1e-7
    up = np.zeros(table.shape, dtype=bool)
    row_need = (rows - down.sum(1)).round().astype(int)
    column_need = (columns - down.sum(0)).round().astype(int)
    for cell in np.argsort(-fraction, axis=None, kind="stable"):
        r, c = divmod(int(cell), table.shape[1])
        if open_cells[r, c] and row_need[r] > 0 and column_need[c] > 0:
            up[r, c] = True
            row_need[r] -= 1
            column_need[c] -= 1
    for r in range(table.shape[0]):
        while row_need[r] > 0:
            column_need[_mend(up, open_cells, column_need, r)] -= 1
            row_need[r] -= 1
    return (down + up).astype(np.int64)


def _mend(up: NDArray[np.bool_], open_cells: NDArray[np.bool_], column_need: Ints, start: int) -> int:
    """Round one more cell of row `start` up, moving others, and return the column that gained."""
    came: dict[int, int] = {}
    left: dict[int, int] = {}
    queue = deque([start])
    while queue:
        r = queue.popleft()
        for c in np.flatnonzero(open_cells[r] & ~up[r]).tolist():
            if c in came:
                continue
            came[c] = r
            if column_need[c] > 0:
                end = c
                while True:
                    row = came[c]
                    up[row, c] = True
                    if row == start:
                        return int(end)
                    c = left[row]
                    up[row, c] = False
            for other in np.flatnonzero(up[:, c]).tolist():
                if other not in left and other != start:
                    left[other] = c
                    queue.append(other)
    raise ValueError("no rounding keeps these margins")
