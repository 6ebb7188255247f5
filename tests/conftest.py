"""What many tests share: the survey, its words, and a release built from the shipped folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from folders import DATA, SHIPPED
from hypothesis import settings as hypothesis_settings

from ens_dash.store import Store, build, open_store
from ens_dash.survey.base import Lang
from ens_dash.survey.folder import read_survey
from ens_dash.survey.model import Survey
from ens_dash.survey.shown import as_shown
from ens_dash.text import Words, load_words
from ens_dash.text.of_survey import survey_words

# the same examples at every run, nothing left in the folder
hypothesis_settings.register_profile("project", derandomize=True, database=None, deadline=None)
hypothesis_settings.load_profile("project")


@pytest.fixture(scope="session")
def survey() -> Survey:
    """The shipped survey as its site shows it."""
    return as_shown(read_survey(SHIPPED), "simulated")


@pytest.fixture(scope="session")
def words(survey) -> dict[Lang, Words]:
    """The words of the shipped survey's site."""
    return survey_words(load_words(DATA / "text"), survey, simulated=True)


@pytest.fixture(scope="session")
def releases(tmp_path_factory) -> Path:
    """Where the shipped folder's release is built, once for all tests."""
    folder = tmp_path_factory.mktemp("releases")
    build(SHIPPED, folder)
    return folder


@pytest.fixture(scope="session")
def store(releases, survey) -> Iterator[Store]:
    opened = open_store(releases, survey.study.id)
    yield opened
    opened.close()
