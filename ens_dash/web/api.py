"""The API as Starlette routes: the site asked for at each request, answers kept, errors as problems."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from ens_dash.paths import PAGES
from ens_dash.settings import Settings
from ens_dash.site import OPEN_SURVEYS, Site, asked_opening
from ens_dash.store import current, look
from ens_dash.surveys import surveys
from ens_dash.web.caching import READING, Kept, OpenToReaders, Shelf
from ens_dash.web.endpoints import ENDPOINTS
from ens_dash.web.openapi import BASE
from ens_dash.web.problem import Problem, words_of
from ens_dash.web.query import LONGEST_QUERY, Ask, Endpoint, read

MOUNTED, VERSION = "/api", BASE.removeprefix("/api")
RETRY_BUILDING, RETRY_CLOSED = 2, 60


class Serving:
    """The sites in service, one a survey, without leaving the event loop while a release is the same."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._sites: OrderedDict[str, Site] = OrderedDict()

    @property
    def paths(self) -> frozenset[str]:
        """Every path that is known to be a page, of one survey or another."""
        # a copy: another thread may open one meanwhile
        return frozenset(PAGES).union(*(site.paths for site in list(self._sites.values())))

    def survey(self, query: bytes = b"") -> str:
        """The id of the survey that a query asks for, of those there are; the site's own for any other."""
        asked = parse_qs(query[:LONGEST_QUERY].decode("latin-1")).get("survey", [])
        return surveys(self.settings).chosen(asked)

    def named(self, query: bytes) -> str:
        """The same where an address must name it; empty for the site's own."""
        survey = self.survey(query)
        return "" if survey == self.settings.survey else survey

    def releases(self) -> tuple[str, ...]:
        """Every survey with its release in service: what an answer about all of them holds for."""
        found = ((s.id, look(self.settings.releases, s.id).id) for s in surveys(self.settings).get())
        return tuple(f"{survey}={release}" for survey, release in found)

    async def get(self, query: bytes = b"") -> Site:
        """The site of the survey that a query asks for. An unknown one gets the site's own: who reads a query
        strictly tells it.

        Raises:
            Problem: there is none yet, or it cannot be opened; `query` tells in which language to say so.
        """
        survey = self.survey(query)
        site = self._sites.get(survey)
        if site is not None and site.store.release.id == current(self.settings.releases, survey):
            return site
        # opening a release reads files and may wait for another thread that does
        opened = await run_in_threadpool(asked_opening(self.settings, [survey]).get)
        self._sites.pop(survey, None)
        if opened.site is None:
            raise self._problem(opened.reason, query)
        self._sites[survey] = opened.site
        while len(self._sites) > OPEN_SURVEYS:
            self._sites.popitem(last=False)
        return opened.site

    def _problem(self, reason: str, query: bytes) -> Problem:
        seconds = RETRY_CLOSED if reason else RETRY_BUILDING
        words = words_of(self.settings.data, query)
        told = words("api.detail.building", seconds=seconds) if words is not None else ""
        detail = f"{reason} {told}".strip()
        return Problem("Closed" if reason else "Building", detail, headers={"Retry-After": str(seconds)})


def mount(settings: Settings) -> Mount:
    """Everything under /api: also what is not there, which would otherwise get a page of the dashboard."""
    serving, shelf = Serving(settings), Shelf()
    routes = [Route(VERSION + e.path, _serve(e, serving, shelf), methods=["GET"]) for e in ENDPOINTS]
    app = Starlette(
        routes=routes,
        exception_handlers={
            Problem: _problem(settings),
            HTTPException: _not_served(settings),
            Exception: _failed(settings),
        },
    )
    app.router.redirect_slashes = False
    mounted = Mount(MOUNTED, app=OpenToReaders(app))
    # Starlette's own pattern stops at a line end, and such a path would be a page of the dashboard
    mounted.path_regex = re.compile(mounted.path_regex.pattern, re.DOTALL)
    return mounted


def _serve(endpoint: Endpoint, serving: Serving, shelf: Shelf) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        query = request.scope["query_string"]
        site = await serving.get(query)
        key = (site.store.release.id, request.scope["path"], query.decode("latin-1"))
        if endpoint.schema == "Surveys":
            key = (*key, *serving.releases())
        kept = shelf.get(key)
        if kept is None:
            kept = await run_in_threadpool(_make, endpoint, site, serving.settings, request)
            shelf.put(key, kept)
        return await kept.response(request)

    return serve


def _make(endpoint: Endpoint, site: Site, settings: Settings, request: Request) -> Kept:
    ask: Ask = read(endpoint, site, settings, request.path_params, request.scope["query_string"])
    return Kept.of(endpoint.answer(ask), ask.pinned)


Handler = Callable[[Request, Exception], Response]


def _problem(settings: Settings) -> Handler:
    def handle(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return error.response(words_of(settings.data, request.scope["query_string"]))

    return handle


def _not_served(settings: Settings) -> Handler:
    """No such address, or a method that would write."""

    def handle(request: Request, error: Exception) -> Response:
        words = words_of(settings.data, request.scope["query_string"])
        if getattr(error, "status_code", 404) == 405:
            detail = words("api.detail.method") if words is not None else READING
            return Problem("MethodNotAllowed", detail, headers={"Allow": READING}).response(words)
        paths = ", ".join(BASE + e.path for e in ENDPOINTS)
        detail = words("api.detail.not_found", paths=paths) if words is not None else paths
        return Problem("NotFound", detail).response(words)

    return handle


def _failed(settings: Settings) -> Handler:
    """Whatever it was: told without its words, which are for the server's log (the error is raised again)."""

    def handle(request: Request, error: Exception) -> Response:
        words = words_of(settings.data, request.scope["query_string"])
        return Problem("Failed", words("api.detail.failed") if words is not None else "").response(words)

    return handle
