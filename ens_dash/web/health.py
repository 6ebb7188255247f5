"""For whoever watches the process: /healthz says that it lives, /readyz that it can answer."""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ens_dash import __version__
from ens_dash.web.api import Serving
from ens_dash.web.problem import Problem, words_of


def routes(serving: Serving) -> list[Route]:
    """The two checks."""

    async def healthz(request: Request) -> Response:
        return _told(status="ok", version=__version__)

    async def readyz(request: Request) -> Response:
        query = request.scope["query_string"]
        try:
            site = await serving.get(query)
        except Problem as problem:
            return problem.response(words_of(serving.settings.data, query))
        return _told(status="ok", survey=site.survey.study.id, release=site.store.release.id)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


def _told(**members: str) -> Response:
    return Response(
        orjson.dumps(members), media_type="application/json", headers={"Cache-Control": "no-store"}
    )
