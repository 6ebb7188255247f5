"""Answers in the coding that a client takes; Streamlit's frontend compressed, its sockets left."""

from __future__ import annotations

import gzip

import brotli
import pytest
from sites import client
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from ens_dash.settings import Settings
from ens_dash.web import compression
from ens_dash.web.compression import (
    CODINGS,
    FOREVER,
    SMALLEST,
    CompressedFrontend,
    Packed,
    chosen,
    pack,
    streamlit_files,
    worth_packing,
)
from ens_dash.web.template import streamlit_index, template

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.fixture(scope="module")
def shipped(releases, store):
    return client(Settings(releases=releases))


async def _echo(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(await socket.receive_text())
    await socket.close()


@pytest.fixture
def frontend() -> TestClient:
    """The middleware before a server that says that it was asked."""
    routes = [
        WebSocketRoute("/static/socket", _echo),
        Mount("/", PlainTextResponse("Streamlit's", headers={"X-From": "streamlit"})),
    ]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(CompressedFrontend)]))


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("", None),
        ("identity", None),
        ("gzip;q=0", None),
        ("GZIP; q=0.5", "gzip"),
        ("*", "br"),
        ("*;q=0", None),
        ("br;q=0, *", "gzip"),
        ("gzip;q=0, br;q=0, *", None),
        ("br;q=much", None),
        ("br;q=much, gzip", "gzip"),
    ],
)
def test_accept_encoding_is_read_as_the_standard_has_it(accepted, expected):
    assert chosen(accepted) == expected


@pytest.mark.parametrize("coding", CODINGS)
def test_a_coding_gives_the_bytes_back_and_is_the_same_everywhere(coding):
    body = b"a line of text, and again\n" * 200
    packed = pack(body, coding)
    assert UNPACK[coding](packed) == body and packed == pack(body, coding)
    assert len(packed) < len(body) / 5


def test_a_file_is_read_and_packed_once_for_each_coding():
    asked: list[str] = []

    def read() -> bytes:
        asked.append("read")
        return b"x" * 5000

    file = Packed("text/css", read)
    for coding in (*CODINGS, *CODINGS):
        assert UNPACK[coding](file.body(coding)) == b"x" * 5000
    assert len(asked) == len(CODINGS)


@pytest.mark.parametrize("coding", CODINGS)
def test_all_that_a_page_of_streamlit_loads_is_compressed_and_kept_for_ever(frontend, coding):
    page = template()
    assert page is not None
    named = [a for a in streamlit_files() if f'".{a}"' in page.modules + page.style]
    assert len(named) > 40
    for address in named:
        answer = frontend.get(address, headers={"Accept-Encoding": coding})
        assert (answer.status_code, answer.headers["content-encoding"]) == (200, coding)
        assert answer.headers["cache-control"] == FOREVER
        assert answer.headers["vary"] == "Accept-Encoding"
        kind = "text/css" if address.endswith(".css") else "text/javascript"
        assert answer.headers["content-type"].startswith(kind)
        plain = frontend.get(address, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.content == answer.content


def test_a_head_request_has_the_headers_of_the_file(frontend):
    address = next(a for a in streamlit_files() if a.endswith(".css"))
    whole, head = frontend.get(address), frontend.head(address)
    assert head.headers == whole.headers


def test_a_picture_a_part_and_another_method_are_left_to_streamlit(frontend):
    script = next(a for a in streamlit_files() if a.endswith(".js"))
    font = next(a for a in streamlit_files() if a.endswith(".woff2"))
    for answer in (
        frontend.get(font),
        frontend.get(script, headers={"Range": "bytes=0-9"}),
        frontend.post(script),
        frontend.get("/"),
        frontend.get("/_stcore/health"),
        frontend.get("/media/x.css"),
    ):
        assert answer.headers["x-from"] == "streamlit"


@pytest.mark.parametrize(
    "path", ["/static/js/old.0000.js", "/static/", "/static/../index.html", "/static/%2e%2e/index.html"]
)
def test_a_file_that_streamlit_does_not_have_is_not_found(frontend, path):
    answer = frontend.get(path)
    # a client that cleans the path itself asks for another one
    if answer.request.url.path.startswith("/static/"):
        assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
    else:
        assert answer.headers["x-from"] == "streamlit"


def test_a_socket_passes_by(frontend):
    with frontend.websocket_connect("/static/socket") as socket:
        socket.send_text("hello")
        assert socket.receive_text() == "hello"


@pytest.mark.parametrize(
    "address",
    [
        "/risques?lang=fr",
        "/embed/ens_risks?lang=fr",
        "/api/v1/figures?q=ens_risks",
        "/api/v1/figures?q=ens_risks&format=csv",
        "/api/v1/openapi.json",
        "/sitemap.xml",
    ],
)
def test_texts_made_for_a_request_are_compressed(shipped, address):
    plain = shipped.get(address, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers and len(plain.content) > SMALLEST
    for coding in CODINGS:
        answer = shipped.get(address, headers={"Accept-Encoding": coding})
        assert answer.headers["content-encoding"] == coding
        assert "Accept-Encoding" in answer.headers["vary"] and "Accept-Encoding" in plain.headers["vary"]
        assert int(answer.headers["content-length"]) < len(plain.content) / 2
        assert answer.content == plain.content
        # a tag says what is said, whatever the coding
        assert answer.headers["etag"] == plain.headers["etag"]
        head = shipped.head(address, headers={"Accept-Encoding": coding})
        assert head.headers["content-length"] == answer.headers["content-length"]


@pytest.mark.parametrize(
    ("media_type", "size", "expected"),
    [
        ("text/html; charset=utf-8", 1000, True),
        ("image/svg+xml", 1000, True),
        ("application/json", SMALLEST - 1, False),
        ("image/png", 100_000, False),
        ("application/zip", 100_000, False),
        ("application/pdf", 100_000, False),
    ],
)
def test_what_would_not_get_smaller_is_sent_as_it_is(media_type, size, expected):
    assert worth_packing(media_type, size) is expected


def test_an_answer_is_compressed_once(shipped, monkeypatch):
    packed = []
    monkeypatch.setattr(
        "ens_dash.web.caching.pack", lambda *given: packed.append(given) or compression.pack(*given)
    )
    for _ in range(3):
        assert shipped.get("/api/v1/figures?q=ens_intention").status_code == 200
    assert len(packed) == 1


def test_without_streamlit_there_is_nothing_to_compress(monkeypatch):
    monkeypatch.setattr(compression, "find_spec", lambda name: None)
    assert streamlit_files.__wrapped__() == {}
    assert "static/js/index." in streamlit_index()
