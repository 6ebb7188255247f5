"""What a column is for, by its name and its numbers: id, weight, stratum, PSU, replicate weights.

Every guess is told as one; what the person named counts first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ens_dash.microdata.naming import joined, plain, words_of
from ens_dash.microdata.profile import Profile

IDS = (
    "id ident identifiant respid idresp respondentid idrespondent caseid idcase idind indid idno idnum "
    "numero numquest noquest questid recordid responseid idreponse uuid respondent cle key idu "
    "idmen idindividu respondentserial serial seqn"
).split()
WEIGHTS = (
    "poids weight pond ponderation wgt wt wght poidsfinal poidsind finalweight redressement coefficient coef "
    "poidsnormalise weights pweight pwgt dweight pspwght anweight pwght wtssall perwt pondind pondf"
).split()
STRATA = "strate strates stratum strata strat stratification stratid sdmvstra".split()
PSUS = (
    "psu upm ppu ups grappe grappes cluster clusters clusterid uniteprimaire primarysamplingunit sdmvpsu "
    "pointdechute pointdenquete"
).split()
REPLICATES = re.compile(
    r"^((?:rep|repl|replicate|repw|repwt|repwgt|brr|bs|bsw|bootstrap|boot|btw|jk|jackknife|fay|w|wt|wgt|weight|"
    r"weights|poids|pond|pweight)(?:[_. ]?(?:rep|repl|w|wt|wgt|weight|poids|brr|bs|boot|jk))*)[_. ]?(\d+)$"
)
FEWEST_REPLICATES = 5
NEARLY_ALL = 0.95
# Body weights in kilograms are called `poids` too; they are numbers of this size.
BODY = (30.0, 250.0)


@dataclass(frozen=True)
class Chosen:
    """What the person named; None, or nothing: to be guessed."""

    id: str | None = None
    weight: str | None = None
    stratum: str | None = None
    psu: str | None = None
    segments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Roles:
    """The columns of the design. `guessed`: those of the roles that nobody named. `replicates`: stem ->
    columns. `spare`: what looks like another weight and is not taken."""

    id: str | None
    weight: str | None
    stratum: str | None
    psu: str | None
    guessed: tuple[str, ...]
    replicates: Mapping[str, tuple[str, ...]]
    spare: tuple[str, ...]

    @property
    def columns(self) -> frozenset[str]:
        """The columns that are no answers, replicate weights included."""
        repeated = [c for columns in self.replicates.values() for c in columns]
        named = [c for c in (self.id, self.weight, self.stratum, self.psu) if c is not None]
        return frozenset([*named, *repeated, *self.spare])


def roles_of(profiles: Mapping[str, Profile], n: int, chosen: Chosen) -> Roles:
    """The roles, those named first; a column has one role."""
    replicates = _replicates(profiles, {chosen.weight, *chosen.segments})
    repeated = {c for columns in replicates.values() for c in columns}
    taken = {c for c in (chosen.id, chosen.weight, chosen.stratum, chosen.psu, *chosen.segments) if c}
    free = [p for name, p in profiles.items() if name not in taken | repeated]
    ids = [p for p in _named(free, IDS) if p.distinct >= NEARLY_ALL * n and p.filled >= NEARLY_ALL * n]
    weights = [p for p in _named(free, WEIGHTS) if _is_weight(p, n)]
    strata = [p for p in _named(free, STRATA) if p.filled == n and 1 < p.distinct <= n / 2 and _pairs(p)]
    psus = [p for p in _named(free, PSUS) if p.filled == n and 1 < p.distinct < n]
    found: dict[str, str | None] = {}
    guessed: list[str] = []
    for role, named, options in (
        ("id", chosen.id, ids),
        ("weight", chosen.weight, weights),
        ("stratum", chosen.stratum, strata),
        ("psu", chosen.psu, psus),
    ):
        option = next((p.name for p in options if p.name not in found.values()), None)
        found[role] = named or option
        if named is None and option is not None:
            guessed.append(role)
    spare = tuple(p.name for p in weights if p.name != found["weight"])
    return Roles(
        id=found["id"],
        weight=found["weight"],
        stratum=found["stratum"],
        psu=found["psu"],
        guessed=tuple(guessed),
        replicates=replicates,
        spare=spare,
    )


def _named(profiles: Sequence[Profile], names: Sequence[str]) -> list[Profile]:
    """The columns with such a name: those that are called so first, then those with it among their words."""
    exact = [p for p in profiles if "".join(words_of(p.name)).strip("0123456789") in names]
    among = [p for p in profiles if p not in exact and joined(p.name) & set(names)]
    return exact + among


def _pairs(profile: Profile) -> bool:
    """Whether every value has two rows at least: a stratum of one has no variance."""
    return profile.counts is not None and min(profile.counts.values(), default=0) > 1


def _is_weight(profile: Profile, n: int) -> bool:
    if not profile.numeric or profile.low is None or profile.low < 0 or profile.column.labels:
        return False
    if profile.filled < NEARLY_ALL * n or profile.distinct < 2:
        return False
    label = plain(profile.column.label)
    if re.search(r"\b(?:kg|kilos?|kilogrammes?|kilograms?|corporel|body weight)\b", label):
        return False
    return not (BODY[0] <= profile.low and (profile.high or 0) <= BODY[1])


def _replicates(profiles: Mapping[str, Profile], kept: set[str | None]) -> dict[str, tuple[str, ...]]:
    """Stem -> at least five columns of positive numbers with a fraction, named like weights and numbered."""
    stems: dict[str, list[str]] = {}
    for name, profile in profiles.items():
        match = REPLICATES.match(plain(name))
        if match is None or name in kept or not profile.numeric or profile.column.labels:
            continue
        if profile.low is None or profile.low < 0 or profile.whole == profile.numbers:
            continue
        stems.setdefault(match.group(1), []).append(name)
    return {stem: tuple(names) for stem, names in stems.items() if len(names) >= FEWEST_REPLICATES}
