"""What pages load besides themselves: our own scripts, and plotly.js, each under a name with its digest.

A name never means other bytes, so browsers keep what it names for ever. Bytes are compressed once, when they
are first asked for, and kept so (web/compression.py); Streamlit's own server would compress them at every
request.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from hashlib import blake2b
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ens_dash.render.plotlyjs import plotly_js
from ens_dash.web.compression import FRONTEND_TYPES, Packed, pack

PREFIX = "/assets/"
FOLDER = Path(__file__).parent / "static"
PLOTLY = "plotly"
# one file, so that a slow line is asked once; in this order, the first before Streamlit's own scripts
PAGE = "page.js"
PAGE_PARTS = (
    "start.js",
    "first.js",
    "words.js",
    "lost.js",
    "access.js",
    "sheet.js",
    "print.js",
    "ens_dash.js",
)


@dataclass(frozen=True)
class Asset:
    """A file as it is served. `name` holds a digest of its bytes."""

    name: str
    file: Packed

    @classmethod
    def of(cls, name: str, body: bytes) -> Asset:
        """An asset from the name it has at home (`x.js`) and its bytes."""
        stem, suffix = name.rsplit(".", 1)
        digest = blake2b(body, digest_size=8).hexdigest()
        # gzipped here: the bytes as they are would stay in memory, and few clients ask for them
        packed = pack(body, "gzip")
        file = Packed(FRONTEND_TYPES[f".{suffix}"], partial(gzip.decompress, packed), {"gzip": packed})
        return cls(f"{stem}.{digest}.{suffix}", file)

    @property
    def address(self) -> str:
        return PREFIX + self.name


def asset(name: str) -> str:
    """The address of one of our own files, from its name in `static/`.

    Raises:
        KeyError: there is no such file, or it is of a kind that is not served.
    """
    return _ours(name).address


def page_asset() -> str:
    """The address of the scripts that every page of the dashboard loads, in one file."""
    return _page().address


def plotly_asset() -> str:
    """The address of the plotly.js that also draws the charts on screen."""
    return _plotly().address


def serve(request: Request) -> Response:
    """An asset by its name; a name with an older digest leads to the present one.

    Not a coroutine: the first answer compresses, which takes a thread of its own.
    """
    wanted = request.path_params["name"]
    parts = wanted.split(".")
    # what a page asks for was named by `asset`: the digest is the last part but one
    plain = ".".join([*parts[:-2], parts[-1]]) if len(parts) > 2 else wanted
    try:
        found = _found(plain)
    except KeyError:
        return Response("404\n", 404, {"Cache-Control": "no-store"}, "text/plain")
    if found.name == wanted:
        return found.file.response(request.headers.get("accept-encoding", ""))
    # relative: the site may stand under a prefix
    return RedirectResponse(found.name, 307, {"Cache-Control": "no-store"})


def _found(name: str) -> Asset:
    if name == PAGE:
        return _page()
    return _plotly() if name.startswith(f"{PLOTLY}-") else _ours(name)


def routes() -> list[Route]:
    return [Route(PREFIX + "{name}", serve)]


def _names() -> dict[str, Path]:
    """Files that may be asked for, by name: a request never becomes a path."""
    return {p.name: p for p in FOLDER.iterdir() if p.suffix in FRONTEND_TYPES}


def _ours(name: str) -> Asset:
    path = _names()[name]
    seen = path.stat()
    return _read(path, seen.st_mtime_ns, seen.st_size)


@lru_cache(64)
def _read(path: Path, changed: int, size: int) -> Asset:
    # `changed` and `size` make a changed file another entry
    return Asset.of(path.name, path.read_bytes())


def _page() -> Asset:
    paths = [_names()[name] for name in PAGE_PARTS]
    return _joined(tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths))


@lru_cache(4)
def _joined(parts: tuple[tuple[Path, int, int], ...]) -> Asset:
    return Asset.of(PAGE, b"\n".join(path.read_bytes() for path, _, _ in parts))


@cache
def _plotly() -> Asset:
    found = plotly_js()
    return Asset.of(f"{PLOTLY}-{found.version}.js", found.script.encode("utf-8"))
