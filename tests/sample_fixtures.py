"""The shipped simulation, for the tests that name this module in `pytest_plugins`."""

from __future__ import annotations

import pandas as pd
import pytest
from folders import SHIPPED

from ens_dash.survey.simulation import SimulationSettings, read_settings


@pytest.fixture(scope="session")
def settings() -> SimulationSettings:
    return read_settings(SHIPPED / "simulation.yaml")


@pytest.fixture(scope="session")
def respondents() -> pd.DataFrame:
    return pd.read_parquet(SHIPPED / "respondents.parquet")
