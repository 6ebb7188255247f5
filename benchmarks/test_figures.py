"""How long the figures of one page take, from the release to values ready to be drawn: `make bench`.

Measured on the page with the most questions, so the others take less. The release is built once, in a folder
of its own; figures are asked of the store each time, past what a site keeps.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from ens_dash.estimate.figures import figures
from ens_dash.settings import Settings
from ens_dash.site import page_questions, with_beside
from ens_dash.store import Store, build, open_store
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Question

pytestmark = pytest.mark.bench


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("releases")


@pytest.fixture(scope="module")
def store(releases: Path) -> Store:
    settings = Settings()
    build(settings.survey_folder, releases)
    return open_store(releases, settings.survey)


@pytest.fixture(scope="module")
def questions(store: Store) -> tuple[Question, ...]:
    """The questions of the longest page, with those drawn beside them."""
    pages = [with_beside(store.survey, page_questions(store.survey, p.id)) for p in store.survey.pages]
    return tuple(store.survey.by_id[q] for q in max(pages, key=len))


def test_published_figures_of_a_page(
    benchmark: BenchmarkFixture, store: Store, questions: tuple[Question, ...]
) -> None:
    found = benchmark(figures, store, questions, Filter())
    assert found
    assert {f.origin for f in found} == {"published"}


def test_figures_of_a_page_in_a_filter(
    benchmark: BenchmarkFixture, store: Store, questions: tuple[Question, ...]
) -> None:
    where = Filter.parse("age=65-plus&sex=female", store.survey.variables)
    found = benchmark(figures, store, questions, where)
    assert {f.question for f in found} == {q.id for q in questions}
    assert {f.origin for f in found} == {"simulated"}


def test_figures_of_a_page_by_a_variable(
    benchmark: BenchmarkFixture, store: Store, questions: tuple[Question, ...]
) -> None:
    found = benchmark(figures, store, questions, Filter(), by="age")
    assert len({f.segment for f in found}) == len(store.survey.variables_by_id["age"].segments)


def test_build_of_a_release(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    folder = Settings().survey_folder
    fresh = iter(range(100))

    def build_anew() -> None:
        build(folder, tmp_path / str(next(fresh)))

    benchmark.pedantic(build_anew, rounds=5)
    assert (tmp_path / "0" / folder.name / "current").exists()


def test_start_with_a_release(benchmark: BenchmarkFixture, store: Store, releases: Path) -> None:
    benchmark(lambda: open_store(releases, store.survey.study.id).close())
