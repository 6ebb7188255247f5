"""Malformed and hostile survey files: each ends in a clear error, and the release in service stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from folders import DATA
from hostile_files import HOSTILE, Hostile
from importing import people, people_folder, run, write_csv
from sites import API, client
from starlette.testclient import TestClient

from ens_dash.microdata.errors import FileErrors
from ens_dash.microdata.load import import_file
from ens_dash.settings import Settings

FIGURES = f"{API}/figures?q=use&lang=en"
Served = tuple[Path, Path, TestClient, str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A folder with a release in service: the folder, the releases, a client of the site, its answer."""
    place = tmp_path_factory.mktemp("served")
    folder = people_folder(place / "data" / "made")
    (place / "data" / "text").symlink_to(DATA / "text")
    import_file(write_csv(people(), place / "good.csv"), folder, place / "releases")
    settings = Settings(data=place / "data", releases=place / "releases", survey="made")
    with client(settings) as visitor:
        before = visitor.get(FIGURES)
        assert before.status_code == 200
        yield folder, place / "releases", visitor, before.text


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.name)
def test_a_malformed_file_is_told_and_what_is_served_stays(served: Served, tmp_path: Path, case: Hostile):
    folder, releases, visitor, before = served
    file = tmp_path / case.file
    case.write(file)
    home = releases / "made"
    files = sorted(p.relative_to(home) for p in home.rglob("*"))
    with pytest.raises(FileErrors) as caught:
        import_file(file, folder, releases, case.options, limits=case.limits)
    told = str(caught.value).lower()
    assert all(word.lower() in told for word in case.words), told
    assert sorted(p.relative_to(home) for p in home.rglob("*")) == files
    assert visitor.get(FIGURES).text == before


def test_there_are_forty_of_them_and_more():
    assert len({case.name for case in HOSTILE}) >= 40


@pytest.mark.parametrize("name", ["SPSS cut in its data", "workbook", "footer says a milliard"])
def test_the_command_ends_with_a_table_and_no_traceback(served: Served, tmp_path: Path, name: str):
    folder, releases, visitor, before = served
    case = next(c for c in HOSTILE if c.name == name)
    file = tmp_path / case.file
    case.write(file)
    done = run(releases, "import", file, "--survey", folder)
    assert done.exit_code == 2
    assert "error(s) in a." in done.stderr
    assert "nothing has changed" in done.stderr
    assert "Traceback" not in done.output
    assert visitor.get(FIGURES).text == before
