"""Sites for tests of what leaves them: the shipped survey, and real answers with hostile texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from folders import DATA, made_folder, question, text, write_yaml
from starlette.applications import Starlette
from starlette.testclient import TestClient

from ens_dash.settings import Settings
from ens_dash.store import build
from ens_dash.web.routes import routes

HOSTILE = '=HYPERLINK("http://example.org","click")'
API = "/api/v1"


def client(settings: Settings, **options: Any) -> TestClient:
    """A client of the site's routes, without the dashboard."""
    return TestClient(Starlette(routes=routes(settings)), **options)


def microdata_site(place: Path) -> Settings:
    """A site of invented respondents that pass for real: a code with a comma, texts that begin like
    formulas, a group of 20 people and one whose interval is too wide."""
    data = place / "data"
    data.mkdir(parents=True)
    (data / "text").symlink_to(DATA / "text")
    rows = []
    for i in range(640):
        kind = "big" if i < 300 else "other, big" if i < 600 else "few" if i < 620 else "=1+1"
        rows.append(
            {
                "kind": kind,
                "sex": "female" if i % 2 else "male",
                "use": "yes" if i % 3 == 0 or (kind == "big" and i % 3 == 1) else "no",
                "visits": float(i % 7),
            }
        )
    folder = data / "made"
    made_folder(
        folder,
        pd.DataFrame(rows),
        [question("use", "single", ["yes", "no"], "yes"), question("visits", "number", [], "mean")],
        {"kind": ["big", "other, big", "few", "=1+1"], "sex": ["female", "male"]},
        {},
    )
    _make_hostile(folder)
    settings = Settings(data=data, releases=place / "releases", survey="made")
    build(settings.survey_folder, settings.releases)
    return settings


def _make_hostile(folder: Path) -> None:
    path = folder / "questions" / "theme.yaml"
    content = yaml.safe_load(path.read_text("utf-8"))
    content["questions"][0]["title"] = text(HOSTILE)
    content["questions"][0]["answers"][0]["label"] = text("+1 hostile")
    write_yaml(path, json.loads(json.dumps(content)))
