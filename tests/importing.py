"""Survey files and folders for tests of the import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
from click.testing import CliRunner, Result
from folders import made_folder, question, write_yaml

from ens_dash.cli import main

WITNESS = Path(__file__).parents[2] / "shared" / "witness"


def run(releases: Path, *arguments: object) -> Result:
    """A command as typed, with its releases in a folder of the test."""
    environment = {"ENS_DASH_RELEASES": str(releases), "COLUMNS": "400"}
    return CliRunner().invoke(main, [str(a) for a in arguments], env=environment)


def people(n: int = 60, **columns: Sequence[Any]) -> pd.DataFrame:
    """`n` respondents without a fault: id, weight, sex (F, H), age, use (oui, non, parfois), hours."""
    rows = pd.DataFrame(
        {
            "id": [f"p{i}" for i in range(n)],
            "poids": [0.5 + (i % 5) / 4 for i in range(n)],
            "sexe": ["F" if i % 2 else "H" for i in range(n)],
            "âge": [18 + i for i in range(n)],
            "Q1": [("oui", "non", "parfois")[i % 3] for i in range(n)],
            "Q2": [float(i % 7) for i in range(n)],
        }
    )
    return rows.assign(**columns)


MAPPING: dict[str, Any] = {
    "id": "id",
    "columns": [
        {"column": "sexe", "variable": "sex", "values": {"F": "female", "H": "male"}},
        {
            "column": "âge",
            "variable": "age",
            "ranges": [{"code": "young", "below": 40}, {"code": "old", "from": 40, "below": 90}],
        },
        {"column": "Q1", "question": "use"},
        {"column": "Q2", "question": "hours"},
    ],
}


def people_folder(
    place: Path,
    n: int = 60,
    mapping: Mapping[str, Any] | None = MAPPING,
    design: Mapping[str, str] | None = None,
    **hours: Any,
) -> Path:
    """The folder of `people`, without respondents of its own."""
    folder = made_folder(
        place,
        pd.DataFrame({"x": range(n)}),
        [
            question("use", "single", ["oui", "non", "parfois"], "oui"),
            question("hours", "number", [], "mean", **hours),
        ],
        {"sex": ["female", "male"], "age": ["young", "old"]},
        {"weight": "poids"} if design is None else design,
    )
    (folder / "respondents.parquet").unlink()
    if mapping is not None:
        write_yaml(folder / "mapping.yaml", mapping)
    return folder


def write_csv(rows: pd.DataFrame, path: Path, **options: Any) -> Path:
    rows.to_csv(path, index=False, **options)
    return path


def write_formats(rows: pd.DataFrame, place: Path) -> dict[str, Path]:
    """The same rows as .csv, as French Excel writes it, as .parquet, .sav and .dta."""
    place.mkdir(parents=True, exist_ok=True)
    # SPSS and Stata allow no points and few letters in names
    plain = rows.rename(columns=lambda name: name.replace(".", "_"))
    files = {
        "csv": write_csv(rows, place / "rows.csv"),
        "latin1": write_csv(rows, place / "latin1.csv", sep=";", decimal=",", encoding="cp1252"),
        "parquet": place / "rows.parquet",
        "sav": place / "rows.sav",
        "dta": place / "rows.dta",
    }
    rows.to_parquet(files["parquet"])
    pyreadstat.write_sav(plain, str(files["sav"]))
    pyreadstat.write_dta(plain, str(files["dta"]))
    return files
