"""Effects as marginal probit gaps, and the coefficients that give them.

The gap of a group at a cut is probit(share in the group) - probit(share in the rest). It is
*marginal*: what a reader sees who compares the group with everybody else, other segments and all.
A statement asks for the same gap everywhere; since groups overlap (CSP+, under 50, Paris region),
the shifts of the latent answer that give these gaps are solved for, all of a column at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import ndtri

from ens_dash.survey.simulation.groups import Effect, Mask
from ens_dash.survey.simulation.noise import normal_scores
from ens_dash.survey.simulation.tables import Floats, Ints

_ROUNDS = 80
_DECIMALS = 4


def probit_gap(chosen: Mask, group: Mask) -> float:
    """probit(share of the group) - probit(share of the rest); 0 % and 100 % count as half a person."""

    def probit(part: Mask) -> float:
        n = max(part.size, 1)
        return float(ndtri(np.clip(part.sum() / n, 0.5 / n, 1 - 0.5 / n)))

    return probit(chosen[group]) - probit(chosen[~group])


def ranks(latent: Floats) -> Ints:
    """0 for the highest value; ties keep the order of the respondents."""
    place = np.empty(latent.size, dtype=np.int64)
    place[np.argsort(-latent, kind="stable")] = np.arange(latent.size)
    return place


def realised_gaps(latent: Floats, effects: Sequence[Effect], counts: Sequence[int]) -> list[dict[int, float]]:
    """For each effect, the gap at each of its cuts, if the latent is cut at these counts."""
    place = ranks(latent)
    above = np.cumsum(counts)
    return [{t: probit_gap(place < above[t - 1], e.mask) for t in e.tops} for e in effects]


def latent_answer(
    values: Floats, effects: Sequence[Effect], coefficients: Mapping[str, float], small_group: int
) -> Floats:
    """Noise of variance 1, and for each group its coefficient.

    In a stated group under `small_group` the sum gets normal scores, in its own order, about the
    group's mean shift and with the variance of its shifts and of the noise: a few dozen people's luck
    is taken out of the group's distribution, not out of who ranks where in it. Smaller groups come
    last; where they overlap, a second pass mends most of what a later one undid.

    Raises:
        KeyError: if an effect has no coefficient (the statements have changed: calibrate again).
    """
    shift = np.zeros_like(values)
    for effect in effects:
        if effect.where not in coefficients:
            raise KeyError(f"simulation.yaml has no coefficient for {effect.where}: calibrate again")
        shift += coefficients[effect.where] * effect.mask
    latent = values + shift
    small = [e.mask for e in effects if e.mask.sum() < small_group]
    for group in 2 * sorted(small, key=lambda mask: -int(mask.sum())):
        inside = shift[group]
        latent[group] = inside.mean() + np.sqrt(1 + inside.var()) * normal_scores(latent[group])
    return np.asarray(latent, dtype=np.float64)


def solve(
    values: Floats,
    effects: Sequence[Effect],
    counts: Sequence[int],
    *,
    d: float,
    tolerance: float,
    small_group: int,
) -> dict[str, float]:
    """Coefficients with which each effect's mean gap over its cuts comes nearest to sign * d.

    Newton's method with the slope of the linear model (share of group j in group k less its share in
    the rest of k); gaps move in steps of one person, so the best of the rounds is kept.

    Raises:
        ValueError: if the worst gap stays further than `tolerance` from d.
    """
    target = np.array([e.sign * d for e in effects])
    masks = np.array([e.mask for e in effects], dtype=np.float64)
    slope = np.array([masks[:, e.mask].mean(1) - masks[:, ~e.mask].mean(1) for e in effects])
    beta = np.round(np.linalg.solve(slope, target), _DECIMALS)
    best, smallest = beta, np.inf
    for round_number in range(_ROUNDS):
        named = {e.where: float(b) for e, b in zip(effects, beta, strict=True)}
        gaps = realised_gaps(latent_answer(values, effects, named, small_group), effects, counts)
        miss = target - np.array([np.mean(list(g.values())) for g in gaps])
        worst = float(np.abs(miss).max())
        if worst < smallest:
            best, smallest = beta, worst
        if worst < tolerance / 10:
            break
        step = 1.0 if round_number < _ROUNDS // 4 else 0.4
        beta = np.round(beta + step * np.linalg.solve(slope, miss), _DECIMALS)
    if smallest > tolerance:
        raise ValueError(f"a gap stays {smallest:.3f} from {d:g}, more than {tolerance:g}")
    return {e.where: float(b) for e, b in zip(effects, best, strict=True)}
