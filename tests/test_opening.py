"""A running site follows what is on disk: it opens, recovers, never loses what it serves, never raises."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
import yaml
from folders import DATA, ROOT, made_folder, question

from ens_dash import site as module
from ens_dash.settings import Settings
from ens_dash.site import Opened, Opening, Site
from ens_dash.store import build
from ens_dash.survey.filter import Filter

ROWS: dict[str, list[object]] = {"sex": ["female", "male", "male"], "use": ["yes", None, "no"]}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    data = tmp_path / "srv" / "data"
    asked = [question("use", "single", ["yes", "no"], "yes")]
    made_folder(data / "made", pd.DataFrame(ROWS), asked, {"sex": ["female", "male"]}, {})
    shutil.copytree(DATA / "text", data / "text")
    return Settings(data=data, releases=tmp_path / "srv" / "releases", survey="made")


def built(settings: Settings) -> Path:
    """The place of the release that is in service now."""
    return settings.releases / "made" / build(settings.survey_folder, settings.releases).id


def change(settings: Settings, remark: str = "another") -> None:
    (settings.survey_folder / "notes.yaml").write_text(f"notes: [] # {remark}\n", "utf-8")


def settled(opening: Opening) -> Opened:
    """What a visitor gets in the end: the waiting page is no end."""
    for _ in range(200):
        opened = opening.get()
        if opened.state != "building":
            return opened
        time.sleep(0.05)
    raise AssertionError("the site waits for ever")


def closed_reason(opening: Opening, settings: Settings) -> str:
    """Why the site is closed. A reason is never empty: without one a visitor would be told to wait."""
    opened = settled(opening)
    assert (opened.state, opened.site) == ("closed", None)
    assert opened.reason
    assert str(settings.releases.parent) not in opened.reason
    assert "/srv/" not in opened.reason
    return opened.reason


def people(site: Site | None) -> int:
    assert site is not None
    return site.respondents(Filter())


def test_without_a_release_one_is_built_while_visitors_wait(settings):
    opening = Opening(settings)
    assert opening.get().state == "building"
    opened = settled(opening)
    assert opened.state == "open"
    assert people(opened.site) == 3


def test_many_first_visitors_get_the_same_site_and_none_an_error(settings):
    built(settings)
    opening = Opening(settings)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: opening.get(), range(32)))
    assert {o.state for o in found} == {"open"}
    assert len({id(o.site) for o in found}) == 1


def test_a_new_release_is_opened_at_the_next_call(settings):
    built(settings)
    opening = Opening(settings)
    first = opening.get().site
    change(settings)
    place = built(settings)
    second = opening.get().site
    assert first is not second
    assert second is not None and second.store.release.id == place.name


def test_building_what_is_served_keeps_the_site_and_all_that_it_keeps(settings):
    built(settings)
    opening = Opening(settings)
    first = opening.get().site
    built(settings)
    assert opening.get().site is first


BREAKS = [
    ("release.json", b"[]"),
    ("release.json", b"{"),
    ("release.json", b"\xff\xfe"),
    ("survey.json", b"{"),
    ("survey.json", b"\xff\xfe"),
    ("respondents.duckdb", b"garbage"),
    ("respondents.duckdb", b""),
]


@pytest.mark.parametrize(("file", "content"), BREAKS)
def test_a_site_closed_by_a_broken_release_opens_when_it_is_built_again(settings, file, content):
    place = built(settings)
    (place / file).write_bytes(content)
    opening = Opening(settings)
    closed_reason(opening, settings)
    assert built(settings) == place
    opened = opening.get()
    assert opened.state == "open"
    assert people(opened.site) == 3


def test_a_file_put_back_in_its_place_is_enough(settings):
    place = built(settings)
    whole = (place / "respondents.duckdb").read_bytes()
    (place / "respondents.duckdb").write_bytes(b"garbage")
    opening = Opening(settings)
    closed_reason(opening, settings)
    (place / "respondents.duckdb").write_bytes(whole)
    assert people(opening.get().site) == 3


@pytest.mark.parametrize(("file", "content"), BREAKS[:4])
def test_a_broken_release_never_replaces_one_that_is_served(settings, file, content):
    built(settings)
    opening = Opening(settings)
    served = opening.get()
    change(settings)
    place = built(settings)
    (place / file).write_bytes(content)
    assert opening.get() is served
    assert people(served.site) == 3
    assert built(settings) == place
    site = opening.get().site
    assert site is not None and site.store.release.id == place.name
    assert people(site) == 3


def test_what_is_served_stays_when_pointer_or_release_are_gone(settings):
    place = built(settings)
    opening = Opening(settings)
    served = opening.get()
    (settings.releases / "made" / "current").write_bytes(b"\xff\xfe")
    assert opening.get() is served
    (settings.releases / "made" / "current").unlink()
    assert opening.get() is served
    shutil.rmtree(place)
    assert opening.get() is served
    assert people(served.site) == 3
    built(settings)
    assert people(opening.get().site) == 3


def test_a_release_built_again_under_a_site_that_serves_it_is_the_one_that_is_read(settings):
    place = built(settings)
    opening = Opening(settings)
    first = opening.get().site
    (place / "survey.json").write_bytes(b"{")
    built(settings)
    second = opening.get().site
    assert first is not None and second is not None and first is not second
    assert second.store.query("SELECT path FROM duckdb_databases() WHERE NOT internal") != first.store.query(
        "SELECT path FROM duckdb_databases() WHERE NOT internal"
    )


def test_a_broken_release_is_tried_once_and_not_at_every_call(settings, monkeypatch):
    place = built(settings)
    (place / "release.json").write_text("{", "utf-8")
    tried = []
    opened = module.open_store
    monkeypatch.setattr(module, "open_store", lambda *where: tried.append(where) or opened(*where))
    opening = Opening(settings)
    for _ in range(5):
        closed_reason(opening, settings)
    assert len(tried) == 1


def test_a_failed_build_is_told_and_a_release_built_later_is_opened(settings):
    survey = settings.survey_folder / "survey.yaml"
    text = survey.read_text("utf-8")
    survey.write_text(text.replace("n: 3", "n: many"), "utf-8")
    opening = Opening(settings)
    assert "survey.yaml" in closed_reason(opening, settings)
    assert opening.get().state == "closed"
    survey.write_text(text, "utf-8")
    built(settings)
    assert opening.get().state == "open"


def test_a_folder_with_another_name_than_its_survey_is_told_and_no_endless_wait(settings):
    survey = settings.survey_folder / "survey.yaml"
    content = yaml.safe_load(survey.read_text("utf-8"))
    survey.write_text(yaml.safe_dump(content | {"id": "hdv-2003"}), "utf-8")
    reason = closed_reason(Opening(settings), settings)
    for part in ("survey.yaml", "'made', the folder's name", "'hdv-2003'", "`id: made`", "ENS_DASH_SURVEY"):
        assert part in reason
    assert not settings.releases.exists()
    # the folder's own id counts where the folder is named, as by the command line's --survey
    assert build(settings.survey_folder, settings.releases).survey == "hdv-2003"


def test_a_survey_that_is_not_there_is_told(settings):
    absent = Settings(data=settings.data, releases=settings.releases, survey="absent")
    assert "survey.yaml" in closed_reason(Opening(absent), settings)


@pytest.mark.parametrize("pointer", [b"\xff\xfe", b"../../elsewhere", b"a\0b", b"a" * 300])
def test_a_pointer_that_cannot_be_read_closes_the_site_until_it_can(settings, pointer):
    place = built(settings)
    (settings.releases / "made" / "current").write_bytes(pointer)
    opening = Opening(settings)
    assert "expected the id of a release" in closed_reason(opening, settings)
    (settings.releases / "made" / "current").write_text(place.name, "utf-8")
    assert opening.get().state == "open"


def test_a_pointer_that_is_a_folder_closes_the_site(settings):
    (settings.releases / "made" / "current").mkdir(parents=True)
    closed_reason(Opening(settings), settings)


def test_releases_that_cannot_be_written_close_the_site(settings):
    settings.releases.write_text("a file where a folder should be", "utf-8")
    closed_reason(Opening(settings), settings)


@pytest.mark.parametrize("content", [b"a: {fr: only}\n", b"- 1\n", b"a: [\n", b"\xff\xfe"])
def test_words_that_cannot_be_read_close_the_site(settings, content):
    built(settings)
    (settings.data / "text" / "interface.yaml").write_bytes(content)
    opening = Opening(settings)
    closed_reason(opening, settings)
    shutil.copy(DATA / "text" / "interface.yaml", settings.data / "text")
    built(settings)
    assert opening.get().state == "open"


def test_a_reason_has_no_path_of_the_server(settings, monkeypatch):
    built(settings)

    def fail(*where: object) -> None:
        raise OSError(
            f"no {settings.data}/text, no '/opt/secret/place/file.so' (see https://example.org/a/b)"
        )

    monkeypatch.setattr(module, "open_store", fail)
    assert closed_reason(Opening(settings), settings) == "no text, no 'file.so' (see https://example.org/a/b)"


def test_the_app_starts_on_a_broken_release(settings, monkeypatch):
    import app

    # would set aside all that the other tests have made, for good
    monkeypatch.setattr(app.gc, "freeze", lambda: None)
    place = built(settings)
    (place / "release.json").write_text("[]", "utf-8")
    monkeypatch.setitem(os.environ, "ENS_DASH_DATA", str(settings.data))
    monkeypatch.setitem(os.environ, "ENS_DASH_RELEASES", str(settings.releases))
    monkeypatch.setitem(os.environ, "ENS_DASH_SURVEY", "made")
    assert Path(app.__file__).parent == ROOT

    async def start() -> None:
        async with app.lifespan(app.app):
            pass

    asyncio.run(start())
    assert module.opening(Settings.from_environment()).get().state == "closed"


def test_a_call_without_change_on_disk_is_cheap(settings):
    built(settings)
    opening = Opening(settings)
    opening.get()
    start = time.perf_counter()
    for _ in range(200):
        opening.get()
    # a few stats; opening the release takes more than ten times as long
    assert (time.perf_counter() - start) / 200 < 0.002
