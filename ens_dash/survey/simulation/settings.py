"""Reading `simulation.yaml` (`ens_dash.survey.recipe`), and writing back what `calibrate` found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from ens_dash.survey.recipe import (
    Battery,
    Coefficients,
    ItemRef,
    PopulationPlan,
    Rejected,
    SimulationSettings,
    Step,
)

__all__ = [
    "Battery",
    "Coefficients",
    "ItemRef",
    "PopulationPlan",
    "Rejected",
    "SimulationSettings",
    "Step",
    "read_settings",
    "write_calibration",
]

_COEFFICIENTS_KEY = "coefficients:"


def read_settings(path: Path) -> SimulationSettings:
    """Read simulation.yaml.

    Raises:
        pydantic.ValidationError: with everything that is wrong in it.
    """
    return SimulationSettings.model_validate(yaml.safe_load(path.read_text("utf-8")))


def write_calibration(path: Path, settings: SimulationSettings) -> None:
    """Write seed, rejected seeds and coefficients back, leaving the file's other lines and comments.

    `coefficients:` is the file's last key: all after it is replaced.

    Raises:
        ValueError: if the file lacks one of the three keys.
    """
    text = path.read_text("utf-8")
    head, found, _ = text.partition(f"\n{_COEFFICIENTS_KEY}")
    if not found:
        raise ValueError(f"{path.name}: expected the key `{_COEFFICIENTS_KEY}` as the last one")
    rejected = [r.model_dump() for r in settings.rejected_seeds]
    head = _replace(head, r"^seed: .*$", f"seed: {settings.seed}", path)
    block = "rejected_seeds:" + (" []\n" if not rejected else "\n" + _indent(rejected))
    head = _replace(head, r"^rejected_seeds:.*\n(?:[ -].*\n)*", block, path)
    path.write_text(f"{head}\n{_COEFFICIENTS_KEY}\n{_coefficient_lines(settings.coefficients)}", "utf-8")


def _replace(text: str, pattern: str, new: str, path: Path) -> str:
    replaced, times = re.subn(pattern, lambda _: new, text, count=1, flags=re.MULTILINE)
    if not times:
        raise ValueError(f"{path.name}: expected a line like `{pattern}`")
    return replaced


def _indent(entries: list[dict[str, object]]) -> str:
    text = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=1000)
    return "".join(f"  {line}\n" for line in text.splitlines())


def _coefficient_lines(coefficients: Mapping[str, Mapping[str, float]]) -> str:
    lines = []
    for name, groups in coefficients.items():
        lines.append(f"  {name}:\n")
        lines += [f"    {group}: {value:.4f}\n" for group, value in groups.items()]
    return "".join(lines)
