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
from ens_dash.text import Words, load_words

# the same examples at every run, nothing left in the folder
hypothesis_settings.register_profile("project", derandomize=True, database=None, deadline=None)
hypothesis_settings.load_profile("project")


@pytest.fixture(scope="session")
def survey() -> Survey:
    return read_survey(SHIPPED)


@pytest.fixture(scope="session")
def words() -> dict[Lang, Words]:
    return load_words(DATA / "text")


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
