"""Survey folders for tests: a copy of the shipped one to break, and one made of invented respondents."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from ens_dash.survey.model import ORIGIN_KEY

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
SHIPPED = DATA / "ens-2020"
SAMPLE = Path(__file__).parent / "witnesses" / "sample.csv"


def copy_of_shipped(place: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, place / "ens-2020"))


def text(words: str) -> dict[str, str]:
    return {"fr": words, "en": words}


def question(name: str, kind: str, answers: Sequence[str], headline: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "theme": "theme",
        "kind": kind,
        "title": text(f"Title of {name}"),
        "wording": text(f"Wording of {name}?"),
        "reading": text("%"),
        "answers": [{"code": a, "label": text(a)} for a in answers],
        "headline": headline,
        "base": {"text": text("everybody")},
        **more,
    }


def items(*names: str) -> list[dict[str, Any]]:
    return [{"id": name, "label": text(name)} for name in names]


def made_folder(
    place: Path,
    respondents: pd.DataFrame,
    questions: Sequence[Mapping[str, Any]],
    variables: Mapping[str, Sequence[str]],
    design: Mapping[str, str],
    simulated: bool = False,
) -> Path:
    """A survey folder of invented respondents; without `simulated` it passes for real microdata."""
    (place / "questions").mkdir(parents=True)
    study = {
        "id": "made",
        "title": text("Made for a test"),
        "short_title": text("Made"),
        "report": "none",
        "commissioner": text("nobody"),
        "pollster": "nobody",
        "start": "2020-07-17",
        "end": "2020-07-30",
        "mode": text("none"),
        "universe": text("none"),
        "people": text("people"),
        "n": len(respondents),
        "citation": text("none"),
        "licence": text("none"),
        "design": dict(design),
        "themes": [{"id": "theme", "label": text("theme")}],
    }
    segments = [
        {"id": name, "label": text(name), "segments": [{"code": c, "label": text(c)} for c in codes]}
        for name, codes in variables.items()
    ]
    write_yaml(place / "survey.yaml", study)
    write_yaml(place / "segments.yaml", {"variables": segments})
    write_yaml(place / "questions" / "theme.yaml", {"questions": list(questions)})
    table = pa.Table.from_pandas(respondents, preserve_index=False)
    if simulated:
        table = table.replace_schema_metadata({**(table.schema.metadata or {}), ORIGIN_KEY: "simulated"})
    pq.write_table(table, place / "respondents.parquet")
    return place


def write_yaml(path: Path, content: Any) -> None:
    # JSON is YAML, and keeps a code such as "yes" a text
    path.write_text(yaml.safe_dump(json.loads(json.dumps(content)), allow_unicode=True), "utf-8")


def witness_folder(place: Path, design: Mapping[str, str]) -> Path:
    """The invented respondents on which R computed the witnesses, as a survey folder."""
    data = pd.read_csv(SAMPLE, dtype={"psu": str}, keep_default_na=False, na_values=[""])
    data["place"] = data["stratum"] + data["psu"]
    net = [{"code": "net_often", "label": text("often or always"), "of": ["often", "always"]}]
    return made_folder(
        place,
        data,
        [
            question("use", "single", ["never", "rarely", "often", "always"], "net_often", nets=net),
            question("rare", "single", ["yes", "no"], "yes"),
            question("visits", "number", [], "mean"),
        ],
        {
            "sex": ["female", "male"],
            "age": ["18-34", "35-49", "50-64", "65-plus"],
            "coast": ["yes", "no"],
        },
        design,
    )
