"""The answers on remote consultation and the crisis, which must fit together person by person.

Who first used it in the crisis had used it 0 times before, and since then at least once; whoever has
used it since then used a tool in the crisis; satisfaction is asked of those, and the share of
satisfied users of remote consultation is the same answer among them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ens_dash.survey.simulation.effects import ranks
from ens_dash.survey.simulation.figures import Column
from ens_dash.survey.simulation.groups import Mask
from ens_dash.survey.simulation.noise import Streams, noise
from ens_dash.survey.simulation.settings import ItemRef, SimulationSettings
from ens_dash.survey.simulation.tables import Floats

Answers = dict[str, NDArray[np.object_]]


def users_since(settings: SimulationSettings) -> int:
    """How many have used remote consultation since the crisis began."""
    crisis = settings.crisis
    return sum(crisis.since_counts_first[1:]) + sum(crisis.since_counts_other[1:])


def crisis_answers(
    plans: Mapping[str, Column], settings: SimulationSettings, streams: Streams, users: Mask
) -> Answers:
    """All columns of `settings.crisis` but the use itself; None where a question was not asked.

    Raises:
        ValueError: if the counts of simulation.yaml and the published figures do not fit together.
    """
    crisis = settings.crisis

    def latent(ref: ItemRef) -> Floats:
        return noise(streams, ref.column, ref.item or ref.question, settings.battery_of(ref.question))

    _expect("users of remote consultation", int(users.sum()), sum(crisis.before_counts))
    _expect("first users", plans[crisis.first_use.column].counts[0], crisis.before_counts[0])
    first = top(latent(crisis.first_use), users, crisis.before_counts[0])
    others = users & ~first
    before = by_rank(latent(crisis.before), others, (0, *crisis.before_counts[1:]))
    before[first] = 0
    since = by_rank(latent(crisis.since), first, crisis.since_counts_first)
    later = by_rank(latent(crisis.since), others, crisis.since_counts_other)
    since[others] = later[others]

    tried = plans[crisis.new_tool.column]
    since_users = np.array([value is not None and value > 0 for value in since])
    eager = np.where(since_users, np.inf, latent(crisis.new_tool))
    new_tool = top(eager, np.ones(users.size, dtype=bool), tried.counts[0])
    satisfaction, of_users = _satisfaction(
        plans[crisis.satisfaction.column],
        plans[crisis.satisfaction_of_users.column],
        latent(crisis.satisfaction),
        new_tool,
        since_users,
    )
    return {
        crisis.first_use.column: _either(plans[crisis.first_use.column], first, users),
        crisis.before.column: before,
        crisis.since.column: since,
        crisis.new_tool.column: _either(tried, new_tool, np.ones(users.size, dtype=bool)),
        crisis.satisfaction.column: satisfaction,
        crisis.satisfaction_of_users.column: of_users,
    }


def top(latent: Floats, among: Mask, count: int) -> Mask:
    """The `count` highest of a group."""
    place = ranks(np.where(among, latent, -np.inf))
    return (place < count) & among


def by_rank(latent: Floats, among: Mask, counts: tuple[int, ...]) -> NDArray[np.object_]:
    """Numbers of times 0, 1, 2 … for a group, the more the higher; None outside it.

    Raises:
        ValueError: if the counts do not add up to the group.
    """
    _expect("people in the distribution of times", int(among.sum()), sum(counts))
    values = np.full(latent.size, None, dtype=object)
    people = np.flatnonzero(among)
    ordered = people[np.argsort(latent[people], kind="stable")]
    values[ordered] = np.repeat(np.arange(len(counts)), counts).tolist()
    return values


def _satisfaction(
    all_users: Column, of_users: Column, latent: Floats, base: Mask, since_users: Mask
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Satisfaction of the whole base, with its printed share among users of remote consultation."""
    _expect("base of satisfaction", int(base.sum()), all_users.base_n)
    _expect("users of remote consultation since the crisis", int(since_users.sum()), of_users.base_n)
    very, rather, _ = all_users.counts
    satisfied_users = of_users.counts[0]
    satisfied = top(latent, base & since_users, satisfied_users)
    satisfied |= top(latent, base & ~since_users, very + rather - satisfied_users)
    most = top(latent, base, very)
    if (most & ~satisfied).any():
        raise ValueError("some of the very satisfied are not among the satisfied")
    answer = np.full(latent.size, None, dtype=object)
    for mask, code in zip((base, satisfied, most), reversed(all_users.codes), strict=True):
        answer[mask] = code
    return answer, _either(of_users, satisfied & since_users, since_users)


def _either(plan: Column, chosen: Mask, base: Mask) -> NDArray[np.object_]:
    answer = np.full(chosen.size, None, dtype=object)
    answer[base] = plan.codes[1]
    answer[chosen] = plan.codes[0]
    return answer


def _expect(what: str, found: int, expected: int) -> None:
    if found != expected:
        raise ValueError(f"{what}: expected {expected}, found {found}")
