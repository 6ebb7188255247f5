"""From a report that prints national figures to respondents that have them: a *simulation*.

The respondents are nobody. They have the margins of the adult population, every published figure on
its own base, and every statement of the report in its direction; where the report is silent nothing
is built in. What they say beyond that is chance, and finding it out finds nothing out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ens_dash.survey.model import ORIGIN_KEY, Survey
from ens_dash.survey.simulation.answers import build, stored_coefficients
from ens_dash.survey.simulation.checks import no_difference_checks, statement_checks
from ens_dash.survey.simulation.effects import solve
from ens_dash.survey.simulation.figures import Column
from ens_dash.survey.simulation.groups import Effect
from ens_dash.survey.simulation.settings import (
    Coefficients,
    Rejected,
    SimulationSettings,
    read_settings,
    write_calibration,
)
from ens_dash.survey.simulation.tables import Floats

__all__ = [
    "SimulationSettings",
    "calibrate",
    "read_settings",
    "simulate",
    "write_calibration",
    "write_respondents",
]

SIGNIFICANT = 0.05


def simulate(survey: Survey, settings: SimulationSettings) -> pd.DataFrame:
    """The respondents that the settings' seed and coefficients give, the same at every run.

    One row a respondent: `id` from 1, `weight` 1.0, the segment variables, then one column an item
    with the stored answer's code (missing where not asked) or a number of times (nullable integer).

    Raises:
        KeyError: if a statement's group has no coefficient: calibrate again.
        ValueError: if population, figures and settings do not fit together.
    """
    return build(survey, settings, stored_coefficients(settings.coefficients))


def calibrate(
    survey: Survey,
    settings: SimulationSettings,
    *,
    attempts: int = 20,
    report: Callable[[int, str | None], None] | None = None,
) -> SimulationSettings:
    """Solve for every coefficient, from the settings' seed on until a seed passes, and hand back the
    settings with seed, coefficients and the seeds left behind with the reason.

    A seed is left if a statement does not hold, or if «no difference» shows a significant one, which
    chance alone does about once in twenty. `report` is called with each seed and why it failed.

    Raises:
        ValueError: if no seed of `attempts` passes, which is not chance but a fault.
    """
    rejected = list(settings.rejected_seeds)
    for seed in range(settings.seed, settings.seed + attempts):
        tried, frame = _calibrated(survey, settings.model_copy(update={"seed": seed}))
        reason = _reason_to_reject(survey, tried, frame)
        if report is not None:
            report(seed, reason)
        if reason is None:
            return tried.model_copy(update={"rejected_seeds": tuple(rejected)})
        rejected.append(Rejected(seed=seed, reason=reason))
    raise ValueError(f"no seed of {attempts} passes; the last: {rejected[-1].reason}")


def write_respondents(path: Path, frame: pd.DataFrame) -> None:
    """Write the respondents as Parquet, marked as simulated inside the file itself.

    Compare what is read back, not the bytes: they differ by version.
    """
    table = pa.Table.from_pandas(frame, preserve_index=False)
    marked = table.replace_schema_metadata({**(table.schema.metadata or {}), ORIGIN_KEY: "simulated"})
    pq.write_table(marked, path, compression="zstd")


def _calibrated(survey: Survey, settings: SimulationSettings) -> tuple[SimulationSettings, pd.DataFrame]:
    found: Coefficients = {}

    def solved(plan: Column, values: Floats, effects: tuple[Effect, ...]) -> Mapping[str, float]:
        try:
            found[plan.name] = solve(
                values,
                effects,
                plan.counts,
                d=settings.d,
                tolerance=settings.tolerance,
                small_group=settings.small_group,
            )
        except ValueError as error:
            raise ValueError(f"{plan.name}: {error}") from error
        return found[plan.name]

    frame = build(survey, settings, solved)
    return settings.model_copy(update={"coefficients": found}), frame


def _reason_to_reject(survey: Survey, settings: SimulationSettings, frame: pd.DataFrame) -> str | None:
    for check in statement_checks(survey, settings, frame):
        if not check.holds:
            return f"{check.statement}: {check.difference:+.1f} points on {check.column}, {check.answer}"
    for none in no_difference_checks(survey, settings, frame):
        if none.smallest_p < SIGNIFICANT:
            return f"{none.statement}: p = {none.smallest_p:.3f} (Holm) on {none.column}, {none.segment}"
    return None
