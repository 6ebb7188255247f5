"""How long a file of a million respondents takes into service, and what memory: `make bench`.

The import runs as a person runs it, `python -m ens_dash import`; its memory is that of the largest of its
processes. Then figures of one question are asked of the release.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyreadstat
import pytest
import yaml
from pytest_benchmark.fixture import BenchmarkFixture

from ens_dash.estimate.figures import figures
from ens_dash.settings import ROOT
from ens_dash.store import open_store
from ens_dash.survey.filter import Filter

pytestmark = pytest.mark.bench

RESPONDENTS, QUESTIONS, VARIABLES = 1_000_000, 70, 6
SECONDS, MEGABYTES = 60, 2048
CODES = [str(code) for code in range(1, 6)]


def text(words: str) -> dict[str, str]:
    return {"en": words}


def folder(place: Path) -> Path:
    """A survey of 70 questions and 6 variables of five answers each, with a weight."""
    made = place / "large"
    (made / "questions").mkdir(parents=True)
    study = {
        **{"id": "large", "report": "none", "pollster": "none", "start": "2024-01-01", "end": "2024-01-02"},
        **{k: text(k) for k in ("title", "short_title", "commissioner", "mode", "universe", "people")},
        **{k: text(k) for k in ("citation", "licence")},
        "n": RESPONDENTS,
        "design": {"weight": "w"},
        "themes": [{"id": "all", "label": text("all")}],
    }
    answers = [{"code": code, "label": text(code)} for code in CODES]
    words = {k: text("q") for k in ("title", "wording", "reading")}
    question = {"theme": "all", "kind": "single", **words, "answers": answers, "headline": "1"}
    question["base"] = {"text": text("all")}
    questions = [{"id": f"q{i}", **question} for i in range(QUESTIONS)]
    variables = [{"id": f"v{i}", "label": text("v"), "segments": answers} for i in range(VARIABLES)]
    for name, content in (
        ("survey.yaml", study),
        ("segments.yaml", {"variables": variables}),
        ("questions/all.yaml", {"questions": questions}),
    ):
        (made / name).write_text(yaml.safe_dump(content), "utf-8")
    return made


def rows() -> pd.DataFrame:
    random = np.random.default_rng(7)
    coded = random.integers(1, 6, (RESPONDENTS, QUESTIONS + VARIABLES)).astype(np.float64)
    coded[random.random(coded.shape) < 0.05] = np.nan
    names = [f"v{i}" for i in range(VARIABLES)] + [f"q{i}" for i in range(QUESTIONS)]
    made = pd.DataFrame(coded, columns=names)
    number = np.arange(RESPONDENTS)
    made["id"], made["stratum"], made["psu"] = number, number % 20, number % 400
    made["w"] = random.uniform(0.5, 1.5, RESPONDENTS)
    return made


@pytest.fixture(scope="module", params=["csv", "parquet", "sav", "dta"])
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("file") / f"large.{request.param}"
    made = rows()
    if request.param == "csv":
        duckdb.sql("SELECT * FROM made").write_csv(str(path))
    elif request.param == "parquet":
        made.to_parquet(path)
    else:
        getattr(pyreadstat, f"write_{request.param}")(made, str(path))
    return path


def test_a_million_respondents_are_imported(file: Path, tmp_path: Path, benchmark: BenchmarkFixture) -> None:
    made = folder(tmp_path)
    command = [sys.executable, "-m", "ens_dash", "import", str(file), "--survey", str(made)]
    environment = os.environ | {"ENS_DASH_RELEASES": str(tmp_path / "releases")}
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    assert done.returncode == 0, done.stderr
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"\n{file.name}, {file.stat().st_size / 1e6:.0f} MB: imported in {seconds:.1f} s (≤ {SECONDS}), "
        f"largest process so far {memory:.0f} MB (≤ {MEGABYTES})"
    )
    store = open_store(tmp_path / "releases", "large")
    among = Filter.parse("v1=1,2", store.survey.variables)
    found = benchmark(figures, store, store.survey.questions[:1], among)
    assert found[0].n > RESPONDENTS / 3
    store.close()
