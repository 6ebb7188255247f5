"""The shipped survey with answers that pass for real, imported as a person would: the folder stays as it is,
its recipe and its simulated respondents in it. And the second survey beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from folders import ROOT
from second_survey import two_surveys

from ens_dash.settings import Settings

# what no page or file of real answers may hold, whatever its language
TRACES = ("simul", "fictif", "fictiv", "fictitious", "fictional")


def imported_settings(place: Path, lang: str = "en") -> Settings:
    data = two_surveys(place, lang)
    # other people than the folder's: an import refuses those, who answered nothing
    made_up = pd.read_parquet(data / "ens-2020" / "respondents.parquet")
    people = made_up.sample(len(made_up), replace=True, random_state=3)
    people["id"] = range(1, len(people) + 1)
    people["weight"] = np.random.default_rng(3).uniform(0.5, 2, len(people))
    people.to_csv(place / "answers.csv", index=False)
    settings = Settings(data=data, releases=place / "releases", public_url="https://example.org")
    folder = data / "ens-2020"
    command = [
        sys.executable,
        "-m",
        "ens_dash",
        "import",
        str(place / "answers.csv"),
        "--survey",
        str(folder),
    ]
    environment = os.environ | {"ENS_DASH_RELEASES": str(settings.releases), "ENS_DASH_DATA": str(data)}
    done = subprocess.run(
        [*command, "--allow", "unmapped,base"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "simulation.yaml").exists()
    return settings


def traces(text: str) -> list[str]:
    """The words of TRACES in a text, with what stands around them."""
    low = text.lower()
    return [low[max(0, low.index(w) - 60) : low.index(w) + 40] for w in TRACES if w in low]
