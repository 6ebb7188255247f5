"""What an answer says to caches and to other sites: ETag, Cache-Control by release, CORS for reading."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import blake2b
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ens_dash.web.compression import FAST, Coding, chosen, pack, worth_packing
from ens_dash.web.query import Answer

# An address without a release answers with the one in service, which may change; with one it cannot, but a
# setting of the site can, so that it is not kept for ever.
UNPINNED, PINNED = "public, max-age=300", "public, max-age=86400"
DRAWING_ONLY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
READING = "GET, HEAD, OPTIONS"
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Content-Disposition, Retry-After",
}
PREFLIGHT = {
    "Allow": READING,
    "Access-Control-Allow-Methods": READING,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


@dataclass(frozen=True)
class Kept:
    """An answer as it is sent: its bytes and headers. `packed`: its codings, made when first asked for."""

    body: bytes
    headers: dict[str, str]
    packed: dict[Coding, bytes] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, answer: Answer, pinned: bool) -> Kept:
        # weak: a server in between may compress the bytes, and they still say the same
        etag = f'W/"{blake2b(answer.body, digest_size=12).hexdigest()}"'
        headers = {
            "Content-Type": answer.media_type,
            "ETag": etag,
            "Cache-Control": PINNED if pinned else UNPINNED,
            "X-Content-Type-Options": "nosniff",
        }
        if answer.file is not None:
            headers["Content-Disposition"] = disposition(answer.file, answer.inline)
        if answer.inline:
            # an SVG opened by itself is a document: it may draw, and nothing else
            headers["Content-Security-Policy"] = DRAWING_ONLY
        return cls(answer.body, headers)

    async def response(self, request: Request) -> Response:
        """The answer in the coding that the client takes, or 304 where the client has it already."""
        headers = self.headers | {"Vary": self.varies}
        if self.matches(request.headers.get("if-none-match")):
            kept = ("ETag", "Cache-Control", "Vary")
            return Response(status_code=304, headers={k: headers[k] for k in kept})
        coding = chosen(request.headers.get("accept-encoding", ""))
        if coding is None or not worth_packing(headers["Content-Type"], len(self.body)):
            return Response(self.body, headers=headers)
        if coding not in self.packed:
            self.packed[coding] = await run_in_threadpool(pack, self.body, coding, FAST)
        return Response(self.packed[coding], headers=headers | {"Content-Encoding": coding})

    @property
    def varies(self) -> str:
        """The request's headers that the answer depends on."""
        own = self.headers.get("Vary")
        return f"{own}, Accept-Encoding" if own else "Accept-Encoding"

    def matches(self, condition: str | None) -> bool:
        """Whether an If-None-Match names this answer; compared weakly, as RFC 9110 has it (13.1.2)."""
        if condition is None:
            return False
        mine = self.headers["ETag"].removeprefix("W/")
        named = [tag.strip() for tag in condition.split(",")]
        return "*" in named or mine in [tag.removeprefix("W/") for tag in named]


def disposition(file: str, inline: bool = False) -> str:
    """Content-Disposition with a name that old clients can read, and the name itself (RFC 6266)."""
    plain = file.encode("ascii", "replace").decode().replace("?", "-").replace('"', "-")
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(file)}"


class Shelf:
    """Answers kept by request, those used last, up to a number of bytes. For one thread: the event loop's."""

    def __init__(self, most_bytes: int = 32_000_000) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._kept: OrderedDict[tuple[str, ...], Kept] = OrderedDict()

    def get(self, key: tuple[str, ...]) -> Kept | None:
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
        return kept

    def put(self, key: tuple[str, ...], kept: Kept) -> None:
        """Keep an answer, and let go of those that were not asked for longest."""
        before = self._kept.pop(key, None)
        self._kept[key] = kept
        self.bytes += _size(key, kept) - (_size(key, before) if before is not None else 0)
        while self.bytes > self.most_bytes:
            oldest, gone = self._kept.popitem(last=False)
            self.bytes -= _size(oldest, gone)


def _size(key: tuple[str, ...], kept: Kept) -> int:
    # what Python needs around an entry counts too: many small answers are not small; both codings of a text
    # are together smaller than the text
    packed = worth_packing(kept.headers.get("Content-Type", ""), len(kept.body))
    return len(kept.body) * (2 if packed else 1) + sum(map(len, key)) + 1000


class OpenToReaders:
    """Lets pages of any site read the answers: there is nothing private, and nothing can be written."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=CORS | PREFLIGHT)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(CORS)
            await send(message)

        await self.app(scope, receive, with_headers)
