"""The recipe of a simulation, `simulation.yaml`: the choices that no report can give.

Figures come from `published.csv` and effects from `statements.csv`; here are the seed, the size of
an effect, how respondents are drawn and how alike their answers are, and the coefficients that
`calibrate` found. Every value stands in the file with the reason for it. The recipe is part of the
survey folder and checked with it, whether or not anything is simulated.
"""

from __future__ import annotations

from pydantic import Field, model_validator

from ens_dash.survey.base import Code, Frozen, Id
from ens_dash.survey.model import column

# coefficients: column -> group, as a filter -> shift of the latent answer
Coefficients = dict[str, dict[str, float]]


class Rejected(Frozen):
    """A seed that was tried and left, with the reason."""

    seed: int
    reason: str


class Step(Frozen):
    """One variable drawn with exact counts, given variables that are drawn already.

    `given` are the variables whose table with this one is held. `match` are those of them whose
    table with this one is itself a margin; the others give its shape only. `stand_ins` replaces
    codes where a source has other classes. `health` is the share of the score's variance that is
    the health latent: within each cell those with the highest score get the first codes; None
    draws at random. `only` is a filter: nobody outside has any code but the last.
    """

    variable: Id
    given: tuple[Id, ...] = ()
    match: tuple[Id, ...] = ()
    stand_ins: dict[Id, dict[Code, Code]] = Field(default_factory=dict)
    health: float | None = Field(default=None, ge=0, le=1)
    only: str | None = None


class Derived(Frozen):
    """A variable that follows from another: `codes` of `source`, and `otherwise` for the rest."""

    variable: Id
    source: Id
    codes: dict[Code, Code]
    otherwise: Code


class PopulationPlan(Frozen):
    """How respondents are drawn. The health latent has mean 0 and variance 1 within each `health_given`
    group, and rises between the groups as the probit of the share with `health_flag`."""

    health_flag: Id
    health_given: Id
    steps: tuple[Step, ...]
    derived: tuple[Derived, ...] = ()


class Battery(Frozen):
    """Shares of the noise's variance, for the items of some questions.

    `attitude`: one general attitude for everything (negative: it lowers these answers);
    `battery`: one factor for these items; `item`: one for each item name, where the same thing is
    asked in several of the questions. What is left is each item's own.
    """

    questions: tuple[Id, ...] = ()
    attitude: float = Field(default=0, gt=-1, lt=1)
    battery: float = Field(default=0, ge=0, lt=1)
    item: float = Field(default=0, ge=0, lt=1)

    @model_validator(mode="after")
    def _something_left(self) -> Battery:
        if abs(self.attitude) + self.battery + self.item > 1:
            raise ValueError("the shares of attitude, battery and item add up to more than 1")
        return self


class ItemRef(Frozen):
    """An item of a question, or a question without items."""

    question: Id
    item: Id | None = None

    @property
    def column(self) -> str:
        return column(self.question, self.item)


class Copy(Frozen):
    """`target` is the same answer as `source`, asked once and printed under two questions."""

    target: ItemRef
    source: ItemRef


class Known(Frozen):
    """Who uses (`used`) a thing knows it (`known`)."""

    known: Id
    used: Id


class Crisis(Frozen):
    """The questions on remote consultation and the crisis, whose answers must fit together.

    The three lists are numbers of users by number of times, from 0 upwards: before, for all users;
    since, for those whose first time was in the crisis; since, for the others.
    """

    user: ItemRef
    first_use: ItemRef
    before: ItemRef
    since: ItemRef
    new_tool: ItemRef
    satisfaction: ItemRef
    satisfaction_of_users: ItemRef
    before_counts: tuple[int, ...]
    since_counts_first: tuple[int, ...]
    since_counts_other: tuple[int, ...]

    @model_validator(mode="after")
    def _fit_together(self) -> Crisis:
        firsts, others = sum(self.since_counts_first), sum(self.since_counts_other)
        if self.before_counts[0] != firsts or sum(self.before_counts[1:]) != others:
            raise ValueError("0 times before the crisis must be exactly those whose first time was in it")
        if self.since_counts_first[0]:
            raise ValueError("whoever first used it in the crisis has used it since")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        refs = (self.first_use, self.before, self.since, self.new_tool, self.satisfaction)
        return (*(r.column for r in refs), self.satisfaction_of_users.column)


class SimulationSettings(Frozen):
    """`d`: the gap that a statement means, in probits; `tolerance`: how far from it a calibrated gap
    may lie. `small_group`: below this size a stated group's noise is replaced by normal scores."""

    seed: int = Field(ge=0)
    rejected_seeds: tuple[Rejected, ...] = ()
    d: float = Field(gt=0)
    tolerance: float = Field(gt=0)
    small_group: int = Field(gt=0)
    population: PopulationPlan
    batteries: tuple[Battery, ...]
    default: Battery
    copies: tuple[Copy, ...] = ()
    known: tuple[Known, ...] = ()
    crisis: Crisis
    coefficients: Coefficients = Field(default_factory=dict)

    def battery_of(self, question: str) -> Battery:
        return next((b for b in self.batteries if question in b.questions), self.default)
