"""The press kit: everything there, nothing drawn twice, whatever happened on the way."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from folders import ROOT
from leaving import file_of

from ens_dash import presskit
from ens_dash.check.file import check_file
from ens_dash.cli import main
from ens_dash.export import Picture
from ens_dash.presskit import Made, Plan, page_names, write_kit
from ens_dash.render import image
from ens_dash.render.image import NoBrowser
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.survey.filter import Filter

FEW = ("outlook", "ens_risks", "teleconsultation_count", "ens_reaction")


@pytest.fixture
def settings(releases, tmp_path, monkeypatch) -> Settings:
    """Settings whose releases are a copy, also for the command line."""
    mine = Path(shutil.copytree(releases, tmp_path / "releases"))
    monkeypatch.setenv("ENS_DASH_RELEASES", str(mine))
    for name in ("ENS_DASH_DATA", "ENS_DASH_SURVEY", "ENS_DASH_PUBLIC_URL", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return Settings(releases=mine)


@pytest.fixture(scope="module")
def site(store, words) -> Site:
    return Site(store, words)


@pytest.fixture
def stamped(monkeypatch, site, settings) -> list[str]:
    """Pictures that are stamps on an empty page; the list of what was drawn."""
    drawn: list[str] = []

    def draw(picture: Picture, form: str) -> bytes:
        drawn.append(f"{picture.extract.words.lang}/{picture.extract.file_name(form)}")
        return file_of(form, site, picture.extract.question.id, picture.extract.view, settings)

    monkeypatch.setattr(Picture, "draw", draw)
    return drawn


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["export", *map(str, words)], catch_exceptions=False)


def asked(*questions: str) -> list[str]:
    return [word for q in questions for word in ("-q", q)]


def there(place: Path) -> dict[str, bytes]:
    return {str(p.relative_to(place)): p.read_bytes() for p in sorted(place.rglob("*")) if p.is_file()}


def times(place: Path) -> dict[str, tuple[int, int]]:
    found = {p: p.stat() for p in place.rglob("*.*") if p.suffix != ".html"}
    return {str(p.relative_to(place)): (s.st_mtime_ns, s.st_ino) for p, s in found.items()}


class Page(HTMLParser):
    """What a page links to, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.lang = ""
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append(tag)
        self.links += [found[n] for n in ("href", "src") if found.get(n)]
        if tag == "html":
            self.lang = found["lang"]

    def handle_data(self, data):
        self.words += data


def test_every_question_is_there_in_every_form_and_language(site, settings, stamped, survey, tmp_path):
    place = tmp_path / "kit"
    result = run("--all", "-o", place)
    assert (result.exit_code, result.stdout) == (0, "")
    found = there(place)
    for lang in ("fr", "en"):
        for question in survey.questions:
            for form in ("png", "svg", "csv"):
                path = place / lang / f"{question.id}_2020-07.{form}"
                checked = check_file(path, site, settings)
                assert checked.verdict == "same" and not checked.simulated
                assert checked.said is not None and checked.said.lang == lang
    assert len(found) == 2 * 3 * len(survey.questions) + 2
    assert len(stamped) == len(set(stamped)) == 2 * 2 * len(survey.questions)
    assert [line for line in result.stderr.splitlines() if line.startswith("outlook: 6 made")]


def test_the_pages_are_plain_and_whole(site, settings, stamped, survey, store, tmp_path):
    place = tmp_path / "kit"
    assert run("--all", "-o", place).exit_code == 0
    for name, lang, independent in (
        ("index.html", "fr", "Lecture indépendante"),
        ("index.en.html", "en", "An independent reading"),
    ):
        page = Page((place / name).read_text("utf-8"))
        assert page.lang == lang
        assert "script" not in page.tags
        for link in page.links:
            assert (place / link).is_file(), link
        files = {link for link in page.links if link.startswith(f"{lang}/")}
        assert len(files) == 3 * len(survey.questions)
        words = site.words[lang]
        study = survey.study
        for text in (independent, words.of(study.citation), words.of(study.licence), store.release.id):
            assert text in page.words
        for question in survey.questions:
            assert words.of(question.wording) in page.words
        assert "FICTI" not in page.words


def test_a_second_run_draws_nothing_and_changes_nothing(settings, stamped, tmp_path):
    place = tmp_path / "kit"
    run(*asked(*FEW), "-o", place)
    before, drawn = times(place), len(stamped)
    again = run(*asked(*FEW), "-o", place)
    assert times(place) == before and len(stamped) == drawn
    assert "0 file(s) made, 24 kept" in again.stderr


@pytest.mark.parametrize("harm", ["half", "empty", "another release", "another address", "lost"])
def test_what_is_not_whole_or_of_another_release_is_made_anew(site, settings, stamped, tmp_path, harm):
    place = tmp_path / "kit"
    run(*asked("outlook"), "-o", place)
    whole = there(place)
    for path in place.rglob("outlook*"):
        content = path.read_bytes()
        changed = {
            "half": content[: len(content) // 2],
            "empty": b"",
            "another release": content.replace(site.store.release.id.encode(), b"0123456789"),
            "another address": content.replace(b"q=outlook", b"q=ens_risk"),
            "lost": b"",
        }[harm]
        assert changed != content or path.suffix == ".pdf"
        path.write_bytes(changed)
        if harm == "lost":
            path.unlink()
    drawn = len(stamped)
    assert "6 file(s) made, 0 kept" in run(*asked("outlook"), "-o", place).stderr
    assert there(place) == whole and len(stamped) == drawn + 4


def test_leftovers_of_a_killed_run_are_cleared_away(settings, stamped, tmp_path):
    place = tmp_path / "kit"
    (place / "fr").mkdir(parents=True)
    (place / "fr" / ".outlook_2020-07.png.part").write_bytes(b"half")
    (place / "fr" / "mine.txt").write_text("mine", "utf-8")
    run(*asked("outlook"), "-o", place)
    assert not list(place.rglob("*.part")) and (place / "fr" / "mine.txt").exists()


def test_a_group_of_a_simulated_survey_is_only_taken_when_asked_for(settings, stamped, tmp_path):
    place = tmp_path / "kit"
    refused = run(*asked("outlook"), "--where", "age=65-plus", "-o", place)
    assert refused.exit_code == 2 and "--fictional" in refused.stderr
    assert not place.exists()
    taken = run(*asked("outlook"), "--where", "age=65-plus", "--fictional", "-o", place)
    assert taken.exit_code == 0
    names = {p.name for p in place.rglob("*.*") if p.suffix != ".html"}
    assert names == {
        f"outlook_65-plus_{mark}_2020-07.{form}"
        for mark in ("FICTIF", "FICTITIOUS")
        for form in ("png", "svg", "csv")
    }
    fr = Page((place / "index.html").read_text("utf-8"))
    assert "CHIFFRES FICTIFS" in fr.words.split("<h2>")[0] and "65 ans" in fr.words
    assert "FICTITIOUS FIGURES" in (place / "index.en.html").read_text("utf-8")


def test_one_language_has_one_page(settings, stamped, tmp_path):
    place = tmp_path / "kit"
    assert run(*asked("outlook"), "--lang", "en", "-o", place).exit_code == 0
    assert {p.name for p in place.glob("*.html")} == {"index.html"}
    assert not (place / "fr").exists()
    assert page_names(("fr", "en")) == {"fr": "index.html", "en": "index.en.html"}


def test_without_a_browser_the_tables_are_written_and_the_pictures_named(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(image, "BROWSERS", ("no-such-browser",))
    place = tmp_path / "kit"
    result = run(*asked("outlook", "ens_risks"), "-o", place)
    assert result.exit_code == 2 and "Traceback" not in result.output
    assert "8 picture(s) missing: none of no-such-browser is installed" in result.stderr
    assert "fr/outlook_2020-07.png" in result.stderr
    assert {p.suffix for p in place.rglob("*.*")} == {".csv", ".html"}
    assert len(list(place.rglob("*.csv"))) == 4
    page = Page((place / "index.html").read_text("utf-8"))
    assert "img" not in page.tags and "Image non dessinée" in page.words
    assert all((place / link).exists() for link in page.links)


def test_a_browser_that_does_not_start_is_tried_once(site, settings, tmp_path, monkeypatch):
    tried = []

    def fail(self: Picture, form: str) -> bytes:
        tried.append(form)
        raise NoBrowser("the browser fails")

    monkeypatch.setattr(Picture, "draw", fail)
    plan = Plan(FEW, ("fr", "en"), Filter(), tmp_path / "kit")
    told: list[Made] = []
    kit = write_kit(plan, site, settings, told.append)
    assert len(tried) == 1 and kit.reason == "the browser fails"
    assert len(kit.missing) == 16 and [m.question for m in told] == list(FEW)


def test_a_picture_of_another_release_is_not_left_where_none_can_be_drawn(
    site, settings, stamped, tmp_path, monkeypatch
):
    place = tmp_path / "kit"
    run(*asked("outlook"), "-o", place)
    old = place / "fr" / "outlook_2020-07.svg"
    old.write_bytes(old.read_bytes().replace(site.store.release.id.encode(), b"0123456789"))

    def fail(self: Picture, form: str) -> bytes:
        raise NoBrowser("none")

    monkeypatch.setattr(Picture, "draw", fail)
    result = run(*asked("outlook"), "-o", place)
    assert result.exit_code == 2 and "1 picture(s) missing" in result.stderr
    assert not old.exists() and (place / "fr" / "outlook_2020-07.png").exists()


def test_a_full_disk_and_a_place_that_cannot_be_written_are_told_in_a_line(
    settings, stamped, tmp_path, monkeypatch
):
    (tmp_path / "file").write_text("", "utf-8")
    result = run(*asked("outlook"), "-o", tmp_path / "file" / "kit")
    assert result.exit_code == 2
    assert len([line for line in result.stderr.splitlines() if line.startswith("error: ")]) == 1
    place = tmp_path / "kit"
    write = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.name.endswith(".svg.part"):
            write(path, content[:10])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    result = run(*asked("outlook"), "-o", place)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith("error: [Errno 28] No space left on device")
    assert set(there(place)) == {"fr/outlook_2020-07.csv", "fr/outlook_2020-07.png"}


@pytest.mark.parametrize("words", [("-o", "kit"), ("--all",), ("-q", "no_such", "-o", "kit")])
def test_what_was_typed_wrong_is_told(settings, words):
    result = run(*words)
    assert result.exit_code == 2 and "Traceback" not in result.output
    assert not Path("kit").exists()


def test_files_are_renamed_into_place_only_when_whole(settings, stamped, tmp_path, monkeypatch):
    seen = []
    move = os.replace

    def watch(source: Path, target: Path) -> None:
        seen.append((Path(source).name, Path(target).name))
        move(source, target)

    monkeypatch.setattr(presskit.os, "replace", watch)
    run(*asked("outlook"), "-o", tmp_path / "kit")
    assert len(seen) == 8 and all(a == f".{b}.part" for a, b in seen)


# --- a real browser, a real process ---


def started(place: Path, settings: Settings) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "ens_dash", "export", *asked(*FEW), "-o", str(place)]
    environment = os.environ | {"ENS_DASH_RELEASES": str(settings.releases)}
    return subprocess.Popen(
        words, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def wait_for(happened: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.005)


@pytest.mark.browser
def test_killed_in_the_middle_and_started_again_it_goes_on(site, settings, tmp_path):
    killed, straight = tmp_path / "killed", tmp_path / "straight"
    for pictures in (1, 5):
        process = started(killed, settings)
        wait_for(lambda n=pictures: len(list(killed.rglob("*_2020-07.png"))) >= n, 90)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        for path in killed.rglob("*_2020-07.*"):
            if not path.name.endswith(".part"):
                assert check_file(path, site, settings).verdict == "same"
    before = {n: t for n, t in times(killed).items() if not n.endswith(".part")}
    assert 0 < len(before) < 24
    process = started(killed, settings)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 0
    after = times(killed)
    assert {n: after[n] for n in before} == before, "what was there is not drawn again"
    counts = [int(n) for n in re.findall(r"(\d+) file\(s\) made, (\d+) kept", told)[0]]
    assert counts == [24 - len(before), len(before)]
    process = started(straight, settings)
    process.communicate(timeout=120)
    mine, theirs = there(killed), there(straight)
    assert mine.keys() == theirs.keys() and not [n for n in mine if n.endswith(".part")]
    for name, content in mine.items():
        if name.endswith((".csv", ".png")):
            assert content == theirs[name], name
        if not name.endswith(".html"):
            assert check_file(killed / name, site, settings).verdict == "same"


@pytest.mark.browser
def test_pictures_of_a_real_browser_are_checked(site, settings, tmp_path):
    place = tmp_path / "kit"
    fictional = ("--where", "age=65-plus", "--fictional", "--lang", "en")
    assert run(*asked("tools_used"), *fictional, "-o", place).exit_code == 0
    other = replace(settings, show_fictional=False)
    for form in ("png", "svg", "csv"):
        [path] = place.rglob(f"*.{form}")
        assert "FICTITIOUS" in path.name
        result = check_file(path, site, other)
        assert result.verdict == "same" and result.simulated
