"""How long a briefing takes as slides: `make bench`. The target is 2 s for 20, as the API makes them."""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from ens_dash.briefing import Entry
from ens_dash.render.slides import presentation
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.store import build, open_store
from ens_dash.survey.filter import Filter
from ens_dash.text import load_words
from ens_dash.web.briefing import deck_of, slides_of

pytestmark = pytest.mark.bench
SLIDES = 20


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    found = Settings(releases=tmp_path_factory.mktemp("releases"))
    build(found.survey_folder, found.releases)
    return found


def test_twenty_slides(benchmark: BenchmarkFixture, settings: Settings) -> None:
    """Figures and all: every round has a site that keeps nothing yet."""
    store, words = open_store(settings.releases, settings.survey), load_words(settings.data / "text")
    where = Filter.parse("age=65-plus&sex=female", store.survey.variables)
    questions = [q.id for q in store.survey.questions][:SLIDES]
    entries = [
        Entry(q, where if i % 2 else Filter(), fictional=i % 4 == 1, note="À dire en ouverture.")
        for i, q in enumerate(questions)
    ]

    def make() -> bytes:
        site = Site(store, words)
        slides = slides_of(entries, site, settings, "fr")
        return presentation(slides, deck_of(slides, entries, site, settings, "fr"))

    assert len(benchmark(make)) > 100_000
    store.close()
