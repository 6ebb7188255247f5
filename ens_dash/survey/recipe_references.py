"""Checks between a simulation's recipe and its survey: every variable, question and item is there.

The coefficients are left out: `calibrate` writes them anew, and must be able to run on old ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ens_dash.survey.errors import FolderError
from ens_dash.survey.filter import Filter, FilterError
from ens_dash.survey.model import Survey
from ens_dash.survey.recipe import Crisis, ItemRef, PopulationPlan, SimulationSettings
from ens_dash.survey.references import unknown

FILE = "simulation.yaml"


def check_recipe(survey: Survey, recipe: SimulationSettings) -> Iterator[FolderError]:
    """Every reference of the recipe that leads nowhere."""
    yield from _population(survey, recipe.population)
    batteries = (*recipe.batteries, recipe.default)
    questions = [("batteries", question) for battery in batteries for question in battery.questions]
    questions += [("known", q) for pair in recipe.known for q in (pair.known, pair.used)]
    for entry, question in questions:
        if question not in survey.by_id:
            yield unknown(FILE, entry, "question", question, survey.by_id)
    for copy in recipe.copies:
        yield from _item(survey, "copies", copy.target)
        yield from _item(survey, "copies", copy.source)
    for name in Crisis.model_fields:
        ref = getattr(recipe.crisis, name)
        if isinstance(ref, ItemRef):
            yield from _item(survey, f"crisis: {name}", ref)


def _item(survey: Survey, entry: str, ref: ItemRef) -> Iterator[FolderError]:
    question = survey.by_id.get(ref.question)
    if question is None:
        yield unknown(FILE, entry, "question", ref.question, survey.by_id)
    elif ref.item not in question.item_ids:
        known = [i.id for i in question.items]
        yield unknown(FILE, f"{entry}: {ref.question}", "item", str(ref.item), known)


def _population(survey: Survey, plan: PopulationPlan) -> Iterator[FolderError]:
    yield from _variables(survey, "population", (plan.health_flag, plan.health_given))
    for step in plan.steps:
        entry = f"population: {step.variable}"
        yield from _variables(survey, entry, (step.variable, *step.given, *step.match, *step.stand_ins))
        if step.only is not None:
            try:
                Filter.parse(step.only, survey.variables)
            except FilterError as error:
                yield FolderError(FILE, f"{entry}: only", error.expected, repr(error.found), error.hint)
    for derived in plan.derived:
        entry = f"population: {derived.variable}"
        yield from _variables(survey, entry, (derived.variable, derived.source))
        yield from _codes(survey, entry, derived.source, derived.codes)
        yield from _codes(survey, entry, derived.variable, (*derived.codes.values(), derived.otherwise))


def _variables(survey: Survey, entry: str, names: Iterable[str]) -> Iterator[FolderError]:
    for name in names:
        if name not in survey.variables_by_id:
            yield unknown(FILE, entry, "variable", name, survey.variables_by_id)


def _codes(survey: Survey, entry: str, variable: str, codes: Iterable[str]) -> Iterator[FolderError]:
    known = survey.variables_by_id.get(variable)
    if known is not None:
        for code in codes:
            if known.segment(code) is None:
                yield unknown(FILE, entry, f"code of {variable}", code, [s.code for s in known.segments])
