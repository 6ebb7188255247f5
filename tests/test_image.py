"""Pictures drawn by the system's Chromium: their size, their stamp, and what happens when it fails."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import psutil
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject
from sites import API, client

from ens_dash.export import picture_of
from ens_dash.render import image
from ens_dash.render.image import DrawingFailed, NoBrowser, Painter, TooManyWaiting
from ens_dash.render.stamp import stamped_pdf
from ens_dash.settings import Settings
from ens_dash.site import opening
from ens_dash.view import View


@pytest.fixture(scope="module")
def settings(releases) -> Settings:
    return Settings(releases=releases, public_url="https://ens.example")


@pytest.fixture(scope="module")
def picture(settings):
    site = opening(settings).get().site
    assert site is not None
    return picture_of(site, "ens_risks", View("ens-2020"), settings)


@pytest.fixture(scope="module")
def painter() -> Iterator[Painter]:
    found = Painter()
    yield found
    found.close()


@pytest.mark.browser
def test_each_format_has_its_size_title_and_stamp(picture):
    files = {form: picture.draw(form) for form in ("png", "svg", "pdf")}
    png = Image.open(io.BytesIO(files["png"]))
    png.load()
    assert png.size == (2400, 1350)
    svg = ElementTree.fromstring(files["svg"].decode())
    assert (svg.get("width"), svg.get("height")) == ("1200", "675")
    spaces = "{http://www.w3.org/2000/svg}"
    pdf = PdfReader(io.BytesIO(files["pdf"]))
    assert len(pdf.pages) == 1
    assert pdf.pages[0].mediabox.width == pytest.approx(900, abs=1)
    stamps = [
        png.text["ens_dash"],
        svg.find(f"{spaces}metadata").text,
        str(pdf.metadata["/ens_dash"]),
    ]
    titles = [png.text["Title"], svg.find(f"{spaces}title").text, pdf.metadata.title]
    assert stamps == [picture.stamp.text] * 3
    assert titles == [picture.title] * 3
    said = json.loads(stamps[0])
    assert said["permalink"] == "https://ens.example/risques?q=ens_risks&lang=fr#ens_risks"
    figures = {f[1]: f[4] for f in said["figures"] if f[2] == "yes"}
    assert sorted(figures.values(), reverse=True)[0] == 0.54


@pytest.mark.browser
def test_a_browser_that_dies_is_started_again(painter, picture):
    assert painter.draw(picture.figure, "svg").startswith(b"<svg")
    children = psutil.Process().children(recursive=True)
    mine = [p for p in children if "chrom" in p.name()]
    assert mine
    for process in mine:
        process.kill()
    assert painter.draw(picture.figure, "svg").startswith(b"<svg")


@pytest.mark.browser
def test_a_closed_painter_leaves_no_browser_and_no_file_behind(picture):
    before = {p.pid for p in psutil.Process().children(recursive=True)}
    painter = Painter()
    painter.draw(picture.figure, "svg")
    folder = Path(painter._folder.name)
    assert folder.is_dir()
    painter.close()
    assert not folder.exists()
    left = [p for p in psutil.Process().children(recursive=True) if p.pid not in before]
    assert [p for p in left if p.status() != psutil.STATUS_ZOMBIE] == []


@pytest.mark.browser
def test_many_at_once_are_drawn_one_after_the_other_and_all_alike(painter, picture):
    with ThreadPoolExecutor(6) as pool:
        drawn = list(pool.map(lambda _: painter.draw(picture.figure, "svg"), range(6)))
    assert len({len(svg) for svg in drawn}) == 1


def test_a_full_queue_refuses_and_says_so(picture, monkeypatch):
    painter = Painter()
    release, inside = threading.Event(), threading.Semaphore(0)

    async def slow(figure, form):
        inside.release()
        while not release.is_set():
            await image.asyncio.sleep(0.01)
        return b""

    monkeypatch.setattr(image, "browser", lambda: "/usr/bin/true")
    monkeypatch.setattr(painter, "_draw", slow)
    with ThreadPoolExecutor(image.WAITING) as pool:
        waiting = [pool.submit(painter.draw, {}, "png") for _ in range(image.WAITING)]
        for _ in waiting:
            assert inside.acquire(timeout=10)
        with pytest.raises(TooManyWaiting):
            painter.draw({}, "png")
        release.set()
    assert painter._waiting == 0
    painter.close()


def test_without_chromium_it_is_said_and_nothing_is_started(monkeypatch, picture):
    monkeypatch.setattr(image.shutil, "which", lambda name: None)
    with pytest.raises(NoBrowser, match="chromium"):
        Painter().draw(picture.figure, "png")


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [(NoBrowser("none"), 503, "NoPictures"), (TooManyWaiting("13"), 429, "TooManyWaiting")],
)
def test_what_cannot_be_drawn_is_a_problem_with_what_to_do(settings, monkeypatch, error, status, kind):
    class Failing:
        def draw(self, figure, form):
            raise error

    monkeypatch.setattr("ens_dash.web.charts.painter", Failing)
    answer = client(settings).get(f"{API}/charts/ens_risks.png?lang=en")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"].isdigit()
    assert answer.json()["type"].endswith(kind)


def test_an_error_of_the_browser_is_not_told_as_its_absence(settings, monkeypatch, picture, caplog):
    class Broken:
        def __init__(self, starts: bool) -> None:
            self.starts = starts

        async def open(self) -> None:
            if not self.starts:
                raise OSError("no display")

        async def calc_fig(self, figure, options) -> bytes:
            raise ValueError("a character that no SVG may hold")

        async def close(self) -> None:
            pass

    monkeypatch.setattr(image, "browser", lambda: "/usr/bin/true")
    for starts, expected in ((True, DrawingFailed), (False, NoBrowser)):
        monkeypatch.setattr("kaleido.Kaleido", lambda starts=starts, **options: Broken(starts))
        painter = Painter()
        with pytest.raises(expected):
            painter.draw(picture.figure, "png")
        painter.close()

    class Failing:
        def draw(self, figure, form):
            raise DrawingFailed("the browser fails: ValueError: secret")

    monkeypatch.setattr("ens_dash.web.charts.painter", Failing)
    answer = client(settings).get(f"{API}/charts/ens_risks.png?lang=en")
    assert answer.status_code == 500 and answer.json()["type"].endswith("Failed")
    assert "Chromium" not in answer.text and "secret" not in answer.text
    assert "secret" in caplog.text


def test_images_that_are_alike_are_kept_once_in_a_pdf():
    writer = PdfWriter()
    for _ in range(4):
        page = writer.add_blank_page(10, 10)
        hatch = StreamObject()
        hatch.set_data(bytes(range(256)) * 200)
        page[NameObject("/Hatch")] = writer._add_object(hatch)
    out = io.BytesIO()
    writer.write(out)
    stamped = stamped_pdf(out.getvalue(), "{}", "title")
    assert len(stamped) < len(out.getvalue()) / 3
    assert len(PdfReader(io.BytesIO(stamped)).pages) == 4


@pytest.mark.browser
def test_a_picture_of_the_api_is_shown_and_kept_by_release(settings):
    asked = client(settings)
    answer = asked.get(f"{API}/charts/outlook.svg?age=65-plus")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert 'inline; filename="outlook_65-plus_FICTIF_2020-07.svg"' in answer.headers["content-disposition"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    again = asked.get(
        f"{API}/charts/outlook.svg?age=65-plus", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304


def test_an_unknown_question_or_a_division_is_refused_with_what_is_known(settings):
    asked = client(settings)
    missing = asked.get(f"{API}/charts/ens_risk.png")
    assert missing.status_code == 404 and "ens_risks" in missing.json()["errors"][0]["nearest"]
    assert asked.get(f"{API}/charts/ens_risks.png?by=age").status_code == 400
