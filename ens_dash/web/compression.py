"""Answers in the coding that a client takes: Brotli, else gzip, else as they are.

What never changes is compressed well, once, when it is first asked for, and kept: our own assets, and
Streamlit's frontend, which its server would send as it is. What is made for a request is compressed fast.
"""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, get_args

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

Coding = Literal["br", "gzip"]
CODINGS: tuple[Coding, ...] = get_args(Coding)  # the first that a client takes is sent
# Levels for what is kept, and for what is made at each request. Plotly's 4.7 MB: Brotli 9 takes 0.4 s and
# gives 1.18 MB; 10 takes 4 s for 1.08 MB; gzip 9 gives 1.42 MB.
BEST: dict[Coding, int] = {"br": 9, "gzip": 9}
FAST: dict[Coding, int] = {"br": 5, "gzip": 6}
# below it headers weigh as much as what is won
SMALLEST = 500
TEXT_TYPES = ("text/", "application/json", "application/problem+json", "application/xml", "image/svg+xml")

STREAMLITS = "/static/"
FOREVER = "public, max-age=31536000, immutable"
FRONTEND_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


def chosen(accepted: str) -> Coding | None:
    """The coding to answer with, from an Accept-Encoding header (RFC 9110, 12.5.3); None: as it is."""
    allowed: dict[str, bool] = {}
    for part in accepted.lower().split(","):
        coding, _, parameters = part.partition(";")
        weight = parameters.replace(" ", "").removeprefix("q=")
        try:
            allowed[coding.strip()] = not weight or float(weight) > 0
        except ValueError:
            allowed[coding.strip()] = False
    rest = allowed.get("*", False)
    return next((c for c in CODINGS if allowed.get(c, rest)), None)


def pack(body: bytes, coding: Coding, levels: dict[Coding, int] = BEST) -> bytes:
    """The bytes in a coding; equal bytes give equal bytes."""
    if coding == "br":
        return bytes(brotli.compress(body, quality=levels["br"]))
    return gzip.compress(body, levels["gzip"], mtime=0)


def worth_packing(media_type: str, size: int) -> bool:
    """Whether an answer gets smaller by it: text does, pictures and archives do not."""
    return size >= SMALLEST and media_type.startswith(TEXT_TYPES)


class Packed:
    """A file whose bytes never change: each coding is made when it is first asked for, then kept.

    `read` gives the bytes as they are, which are not kept: few clients ask for them. `made`: codings that
    are there already.
    """

    def __init__(
        self, media_type: str, read: Callable[[], bytes], made: Mapping[Coding, bytes] | None = None
    ) -> None:
        self.media_type = media_type
        self._read = read
        self._kept: dict[Coding, bytes] = dict(made or {})
        self._lock = threading.Lock()

    def body(self, coding: Coding | None) -> bytes:
        if coding is None:
            return self._read()
        with self._lock:
            if coding not in self._kept:
                self._kept[coding] = pack(self._read(), coding)
            return self._kept[coding]

    def response(self, accepted: str) -> Response:
        """The file for a client with this Accept-Encoding header, to be kept for ever."""
        coding = chosen(accepted)
        headers = {
            "Content-Type": self.media_type,
            "Cache-Control": FOREVER,
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if coding is not None:
            headers["Content-Encoding"] = coding
        return Response(self.body(coding), headers=headers)


@cache
def streamlit_files() -> dict[str, Packed | None]:
    """Streamlit's frontend by path, None for pictures and fonts; all have a digest in their names."""
    spec = find_spec("streamlit")
    if spec is None or spec.origin is None:
        return {}
    folder = Path(spec.origin).parent / "static"
    found: dict[str, Packed | None] = {}
    for path in sorted(p for p in (folder / "static").rglob("*") if p.is_file()):
        media_type = FRONTEND_TYPES.get(path.suffix)
        packed = Packed(media_type, path.read_bytes) if media_type is not None else None
        found[f"/{path.relative_to(folder).as_posix()}"] = packed
    return found


class CompressedFrontend:
    """Middleware: answers for the texts of Streamlit's frontend. Everything else, sockets too, passes by.

    Streamlit refuses routes under /static, compresses nothing there, and answers for a file that it does not
    have (one of another version) with its page. How much memory this may take is bounded by what is
    installed: about 6 MB a coding if every file were asked for.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        # a request never becomes a path: it names one of the files, or none
        known = streamlit_files()
        found, headers = known.get(path), Headers(scope=scope)
        if path.startswith(STREAMLITS) and path not in known:
            await Response("404\n", 404, {"Cache-Control": "no-store"}, "text/plain")(scope, receive, send)
        elif found is None or "range" in headers:
            # a part of a file is a part of its plain bytes
            await self.app(scope, receive, send)
        else:
            response = await run_in_threadpool(found.response, headers.get("accept-encoding", ""))
            await response(scope, receive, send)
