"""Answers of the respondents: a latent for each column, cut by rank at whole numbers of people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ens_dash.survey.model import Survey, column
from ens_dash.survey.simulation.crisis import Answers, crisis_answers, users_since
from ens_dash.survey.simulation.effects import latent_answer, ranks
from ens_dash.survey.simulation.figures import Column, plan_columns
from ens_dash.survey.simulation.groups import Effect, effects_of, stated
from ens_dash.survey.simulation.noise import Streams, noise
from ens_dash.survey.simulation.population import draw_population
from ens_dash.survey.simulation.settings import Coefficients, SimulationSettings
from ens_dash.survey.simulation.tables import Floats

# plan, its noise, its effects -> group -> coefficient
CoefficientsOf = Callable[[Column, Floats, tuple[Effect, ...]], Mapping[str, float]]


def columns_of(survey: Survey, settings: SimulationSettings) -> tuple[Column, ...]:
    """The plan of every column with a published percentage."""
    return plan_columns(survey, {settings.crisis.satisfaction_of_users.column: users_since(settings)})


def stored_coefficients(coefficients: Coefficients) -> CoefficientsOf:
    """Those of simulation.yaml.

    Raises (when called): KeyError, if a column with effects has none.
    """

    def of(plan: Column, values: Floats, effects: tuple[Effect, ...]) -> Mapping[str, float]:
        if plan.name not in coefficients:
            raise KeyError(f"simulation.yaml has no coefficients for {plan.name}: calibrate again")
        return coefficients[plan.name]

    return of


def build(survey: Survey, settings: SimulationSettings, coefficients_of: CoefficientsOf) -> pd.DataFrame:
    """All respondents: `id`, `weight`, segments, then one column an item, in the survey's order."""
    streams = Streams(settings.seed, survey.study.n)
    segments = draw_population(survey, settings.population, streams)
    plans = {plan.name: plan for plan in columns_of(survey, settings)}
    said = stated(survey, tuple(plans.values()))
    answers: Answers = {}
    elsewhere = derived_columns(plans, settings)
    own = [plan for name, plan in plans.items() if name not in elsewhere]
    variables = set(survey.variables_by_id)
    # A question that is also a segment comes first: other effects are stated of its groups.
    for plan in sorted(own, key=lambda p: p.name not in variables):
        effects = effects_of(plan.name, said, segments, survey.variables)
        values = noise(streams, plan.name, _subject(plan, settings), settings.battery_of(plan.question))
        if effects:
            found = coefficients_of(plan, values, effects)
            values = latent_answer(values, effects, found, settings.small_group)
        answers[plan.name] = cut_by_rank(values, plan)
        if plan.name in variables:
            segments[plan.name] = answers[plan.name]
    answers |= _copied(survey, plans, settings, answers)
    answers |= _known(plans, settings, streams, answers)
    users = answers[settings.crisis.user.column] == plans[settings.crisis.user.column].codes[0]
    answers |= crisis_answers(plans, settings, streams, np.asarray(users, dtype=bool))
    return _assemble(survey, segments, answers)


def derived_columns(plans: Mapping[str, Column], settings: SimulationSettings) -> frozenset[str]:
    """Columns that are not drawn from a latent of their own alone, but follow from other columns."""
    questions = {k.known for k in settings.known}
    names = {name for name, plan in plans.items() if plan.question in questions}
    return frozenset(names | {c.target.column for c in settings.copies} | set(settings.crisis.columns))


def cut_by_rank(latent: Floats, plan: Column) -> NDArray[np.object_]:
    """The stored code of each respondent: the highest get the first answer, at the plan's counts.

    Raises:
        ValueError: if the plan's base is not everybody.
    """
    if plan.base_n != latent.size:
        raise ValueError(f"{plan.name}: its base is {plan.base_n} of {latent.size} respondents")
    by_place = np.repeat(np.array(plan.codes, dtype=object), plan.counts)
    return np.asarray(by_place[ranks(latent)], dtype=object)


def _subject(plan: Column, settings: SimulationSettings) -> str:
    """What the column asks about, so that the same thing asked twice shares its factor."""
    shown = (c.target.item for c in settings.copies if c.source.column == plan.name)
    return plan.item or next((item for item in shown if item), plan.question)


def _copied(
    survey: Survey, plans: Mapping[str, Column], settings: SimulationSettings, answers: Answers
) -> Answers:
    copied: Answers = {}
    for copy in settings.copies:
        source, target = copy.source.column, plans[copy.target.column]
        to = _translation(survey, copy.source.question, target.codes)
        copied[target.name] = np.array([to[code] for code in answers[source]], dtype=object)
    return copied


def _translation(survey: Survey, source: str, codes: Sequence[str]) -> dict[str, str]:
    """The source's answers in the target's codes: the same code, or the net that it is part of."""
    question = survey.by_id[source]
    to = {code: code for code in question.stored_codes if code in codes}
    for net in question.nets:
        if net.code in codes:
            to |= {part: net.code for part in net.of if part not in to}
    return to


def _known(
    plans: Mapping[str, Column], settings: SimulationSettings, streams: Streams, answers: Answers
) -> Answers:
    """Known: all who use it, and of the others those highest on a latent of their own."""
    known: Answers = {}
    for pair in settings.known:
        for plan in (p for p in plans.values() if p.question == pair.known):
            used = answers[column(pair.used, plan.item)] == plan.codes[0]
            latent = noise(streams, plan.name, plan.item or plan.question, settings.battery_of(pair.known))
            known[plan.name] = cut_by_rank(np.where(used, np.inf, latent), plan)
    return known


def _assemble(survey: Survey, segments: pd.DataFrame, answers: Answers) -> pd.DataFrame:
    n = len(segments)
    columns: dict[str, pd.Series] = {
        "id": pd.Series(np.arange(1, n + 1)),
        "weight": pd.Series(np.ones(n)),
    }
    for variable in survey.variables:
        columns[variable.id] = pd.Series(segments[variable.id], dtype="str")
    for question in survey.questions:
        for item in question.item_ids:
            name = column(question.id, item)
            if name in answers and name not in columns:
                values = answers[name]
                number = question.kind == "number"
                columns[name] = pd.Series(values, dtype="Int64") if number else pd.Series(values, dtype="str")
    return pd.DataFrame(columns)
