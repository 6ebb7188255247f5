"""What is not there: a real 404 with a way back; what Streamlit serves is left to it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from folders import DATA
from sites import client, microdata_site
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from ens_dash.paths import PAGES
from ens_dash.settings import Settings
from ens_dash.survey.base import LANGS
from ens_dash.text import load_words
from ens_dash.web.lost import POLICY
from ens_dash.web.routes import routes

WORDS = load_words(DATA / "text")


@pytest.fixture(scope="module")
def settings(releases, store) -> Settings:
    return Settings(releases=releases)


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("open")
    await socket.close()


def whole(settings: Settings, prefix: str = "") -> TestClient:
    """Our routes before a server that answers everything, as Streamlit does."""
    streamlits = [WebSocketRoute("/_stcore/stream", _socket), Mount("/", PlainTextResponse("Streamlit's"))]
    return TestClient(Starlette(routes=[*routes(settings, prefix), *streamlits]))


@pytest.mark.parametrize("lang", LANGS)
def test_an_unknown_page_is_404_and_links_to_the_pages_in_the_readers_language(settings, lang):
    for address, accepted in ((f"/nothing?lang={lang}", "de"), ("/nothing", lang)):
        answer = whole(settings).get(address, headers={"Accept-Language": accepted})
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["vary"] == "Accept-Language"
        assert answer.headers["content-security-policy"] == POLICY
        assert f'<html lang="{lang}">' in answer.text
        assert WORDS[lang]("lost.title") in answer.text
        links = [unescape(a) for a in re.findall(r'href="(http://testserver/[^"]*)"', answer.text)]
        assert links == [f"http://testserver/{page}?lang={lang}" for page in PAGES]
        assert all(client(settings).get(link).status_code == 200 for link in links)


@pytest.mark.parametrize(
    "path",
    [
        "/risque",
        "/risques/more",
        "/index.html",
        "/manifest.json",
        "/wp-login.php",
        "/_stcorex/health",
        "/staticx/a.js",
        "/auth/other",
        "/a%0Ab",
        "/%F0%9F%98%80",
        "/a" * 500,
    ],
)
def test_a_path_that_is_no_page_is_404(settings, path):
    answer = whole(settings).get(path)
    assert answer.status_code == 404
    assert "Streamlit's" not in answer.text
    assert whole(settings).head(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/health",
        "/_stcore/host-config",
        "/_stcore/upload_file/a/b",
        "/_stcore/bidi-components/x/y.js",
        "/static/js/index.js",
        "/media/a.png",
        "/component/x/index.html",
        "/app/static/logo.png",
        "/auth/login",
        "/oauth2callback",
        "/risques/",
    ],
)
def test_what_streamlit_serves_is_left_to_it(settings, path):
    assert whole(settings).get(path).text == "Streamlit's"


def test_the_socket_is_left_to_streamlit(settings):
    with whole(settings).websocket_connect("/_stcore/stream") as socket:
        assert socket.receive_text() == "open"


def test_under_a_path_of_its_own_streamlit_keeps_it(settings):
    for prefix in ("tool/ens", "/tool/ens/"):
        served = whole(settings, prefix)
        assert served.get("/tool/ens/_stcore/health").text == "Streamlit's"
        assert served.get("/tool/ens").text == "Streamlit's"
        assert served.get("/tool/other").status_code == 404


def test_nothing_of_the_address_is_on_the_page(settings):
    answer = whole(settings).get("/%3Cscript%3Ealert(1)?x=%3Cscript%3E", headers={"Host": 'x"><script>'})
    assert answer.status_code == 404
    assert "<script" not in answer.text and "alert" not in answer.text


def test_pages_that_a_survey_does_not_have_are_not_linked(tmp_path):
    text = whole(microdata_site(tmp_path)).get("/nothing?lang=en").text
    assert "/methode?lang=en" in text and "/covid-19" not in text


def test_without_a_release_the_page_is_there_with_a_link_to_the_start(tmp_path):
    (tmp_path / "ens-2020").mkdir()
    (tmp_path / "ens-2020" / "current").write_text("nothing", "utf-8")
    answer = whole(Settings(releases=tmp_path)).get("/nothing?lang=en")
    assert answer.status_code == 404
    assert WORDS["en"]("lost.title") in answer.text
    assert 'href="http://testserver/?lang=en"' in answer.text


def test_without_texts_it_still_is_404(tmp_path):
    answer = whole(Settings(releases=tmp_path, data=tmp_path)).get("/nothing")
    assert answer.status_code == 404
    assert "404" in answer.text
