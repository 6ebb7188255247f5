"""Random numbers that depend on a seed and a name only, and the noise that answers share.

A new question or a changed order of questions moves no other question's numbers.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from ens_dash.survey.simulation.settings import Battery
from ens_dash.survey.simulation.tables import Floats


@dataclass(frozen=True)
class Streams:
    """Named streams of random numbers, for `n` respondents."""

    seed: int
    n: int

    def generator(self, name: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])

    def normal(self, name: str) -> Floats:
        """One standard normal number for each respondent."""
        return self.generator(name).standard_normal(self.n)


def noise(streams: Streams, column: str, item: str, battery: Battery) -> Floats:
    """Noise of variance 1 for one column: general attitude, the battery's factor, the item's, its own.

    It depends on no segment. Two items of a battery correlate by |attitude| + battery.
    """
    own = 1 - abs(battery.attitude) - battery.battery - battery.item
    total = np.sqrt(own) * streams.normal(f"own:{column}")
    if battery.attitude:
        loading = np.sign(battery.attitude) * np.sqrt(abs(battery.attitude))
        total = total + loading * streams.normal("attitude")
    name = "+".join(battery.questions)
    if battery.battery:
        total = total + np.sqrt(battery.battery) * streams.normal(f"battery:{name}")
    if battery.item:
        total = total + np.sqrt(battery.item) * streams.normal(f"item:{name}:{item}")
    return np.asarray(total, dtype=np.float64)


def normal_scores(values: Floats) -> Floats:
    """Normal scores in the order of the values: the probit of (rank - 1/2) / n (Hazen)."""
    scores = np.empty(values.size)
    scores[np.argsort(values, kind="stable")] = ndtri((np.arange(values.size) + 0.5) / values.size)
    return scores
