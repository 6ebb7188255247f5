"""The sitemap, the rules for crawlers, and the site's own mark."""

from __future__ import annotations

import struct
import xml.etree.ElementTree as ET
from io import BytesIO
from urllib.robotparser import RobotFileParser

import pytest
from PIL import Image
from sites import client, microdata_site

from ens_dash.paths import PAGES
from ens_dash.render.mark import BAR, BARS, GROUND, SIDE, ico, png, svg
from ens_dash.settings import Settings
from ens_dash.survey.base import LANGS
from ens_dash.web.discovery import LINK_READERS, SITEMAP, XHTML

SITE = "https://example.org"


@pytest.fixture(scope="module")
def shipped(releases, store):
    return client(Settings(releases=releases, public_url=SITE))


def locations(text: str) -> dict[str, dict[str, str]]:
    """Each address of a sitemap, with its alternates by language."""
    return {
        url.findtext(f"{{{SITEMAP}}}loc"): {
            link.attrib["hreflang"]: link.attrib["href"] for link in url.iter(f"{{{XHTML}}}link")
        }
        for url in ET.fromstring(text)
    }


def test_the_sitemap_has_each_page_in_each_language_with_the_others(shipped):
    answer = shipped.get("/sitemap.xml")
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    found = locations(answer.text)
    assert set(found) == {f"{SITE}/{page}?lang={lang}" for page in PAGES for lang in LANGS}
    for url, others in found.items():
        assert set(others) == {*LANGS, "x-default"}
        assert url in others.values()
        page = shipped.get(url.removeprefix(SITE), follow_redirects=False)
        assert page.status_code == 200
        # the page names itself and its other languages as the sitemap does
        assert f'<link rel="canonical" href="{url}">' in page.text
        for lang in LANGS:
            assert f'hreflang="{lang}" href="{others[lang]}"' in page.text
        assert shipped.get(others["x-default"].removeprefix(SITE)).status_code == 200


def test_the_sitemap_leaves_out_pages_that_the_survey_does_not_have(tmp_path):
    found = locations(client(microdata_site(tmp_path)).get("/sitemap.xml").text)
    assert "http://testserver/methode?lang=fr" in found
    assert not any("covid" in url for url in found)


def test_without_a_release_a_crawler_is_told_to_come_back(tmp_path):
    (tmp_path / "ens-2020").mkdir()
    (tmp_path / "ens-2020" / "current").write_text("nothing", "utf-8")
    answer = client(Settings(releases=tmp_path)).get("/sitemap.xml")
    assert answer.status_code == 503 and answer.headers["retry-after"] == "60"


@pytest.fixture(scope="module")
def rules(shipped) -> RobotFileParser:
    answer = shipped.get("/robots.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    found = RobotFileParser()
    found.parse(answer.text.splitlines())
    return found


def test_crawlers_may_read_pages_and_data_and_not_draw(rules):
    assert rules.site_maps() == [f"{SITE}/sitemap.xml"]
    for path in ("/", "/risques?lang=fr&age=65-plus", "/embed/ens_risks", "/api/v1/figures", "/assets/a.js"):
        assert rules.can_fetch("Googlebot", f"{SITE}{path}"), path
    for path in ("/api/v1/charts/ens_risks.png", "/api/v1/downloads/ens_risks.csv", "/api/v1/briefing.pptx"):
        assert not rules.can_fetch("Googlebot", f"{SITE}{path}"), path


def test_who_shows_a_posted_link_may_fetch_its_picture(rules, shipped):
    image = f"{SITE}/api/v1/charts/ens_risks.png?mode=report&lang=fr"
    assert image.partition("?")[0] in shipped.get("/risques?q=ens_risks&lang=fr").text
    for name in LINK_READERS:
        assert rules.can_fetch(name, image), name


def test_the_mark_is_the_same_three_bars_in_every_form(shipped):
    for path, kind, body in (
        ("/favicon.svg", "image/svg+xml", svg().encode()),
        ("/favicon.ico", "image/x-icon", ico()),
        ("/favicon.png", "image/png", png()),
    ):
        answer = shipped.get(path)
        assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, kind, body)
        again = shipped.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
    assert len(ET.fromstring(svg())) == 1 + len(BARS)


@pytest.mark.parametrize("form", [png, ico])
def test_the_picture_of_the_mark_is_read_by_others(form):
    image = Image.open(BytesIO(form())).convert("RGB")
    assert image.size == (SIDE, SIDE)
    colours = {f"#{r:02x}{g:02x}{b:02x}" for _, (r, g, b) in image.getcolors()}
    assert colours == {GROUND, BAR}
    left, top, right, bottom = BARS[0]
    white = tuple(bytes.fromhex(BAR[1:]))
    assert image.getpixel((left, top)) == image.getpixel((right - 1, bottom - 1)) == white
    assert image.getpixel((left - 1, top)) != white != image.getpixel((right, bottom))


def test_the_icon_file_says_where_its_picture_is():
    length, place = struct.unpack_from("<II", ico(), 14)
    assert ico()[place : place + length] == png()
