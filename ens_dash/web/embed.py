"""`/embed/QUESTION`: one card alone, for other sites. Read as strictly as the API, told as pages."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from html import escape
from urllib.parse import parse_qs, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ens_dash.render.embed import Drawing, Links, document, page
from ens_dash.render.permalink import embed_address, permalink
from ens_dash.render.style import LIGHT
from ens_dash.site import Site
from ens_dash.text import Words
from ens_dash.view import View
from ens_dash.web.address import site_address
from ens_dash.web.api import Serving
from ens_dash.web.assets import asset, plotly_asset
from ens_dash.web.caching import Kept, Shelf
from ens_dash.web.problem import STATUS, Fault, Problem, words_of
from ens_dash.web.query import WHERE, Answer, Ask, Endpoint, read
from ens_dash.web.template import streamlit_index

INTERACTIVE, ON = "interactive", "1"
HTML = "text/html; charset=utf-8"
FONT = re.compile(r'href="\./(static/media/SourceSansVF-Upright[\w.-]+\.woff2)"')
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline' 'self'; script-src 'self'; img-src data:; "
    "font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors *"
)
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "strict-origin-when-cross-origin"}


def routes(serving: Serving) -> list[Route]:
    """Everything under /embed: also what is not there, which would otherwise be a page of the dashboard."""
    shelf = Shelf()

    async def serve(request: Request) -> Response:
        query = request.scope["query_string"]
        base = site_address(request, serving.settings)
        try:
            site = await serving.get(query)
            key = (site.store.release.id, request.scope["path"], query.decode("latin-1"), base)
            kept = shelf.get(key)
            if kept is None:
                kept = await run_in_threadpool(_make, site, serving, request, base)
                shelf.put(key, kept)
        except Problem as problem:
            words = words_of(serving.settings.data, query)
            return _refused(problem, words, base, serving.named(query))
        return await kept.response(request)

    return [Route(path, serve) for path in ("/embed", "/embed/{question:path}")]


def _make(site: Site, serving: Serving, request: Request, base: str) -> Kept:
    query, interactive = _without_interactive(request.scope["query_string"])
    path = {"question": request.path_params.get("question", "")}
    ask = read(ENDPOINT, site, serving.settings, path, query)
    if interactive not in ([], [ON]):
        fault = Fault(INTERACTIVE, ",".join(interactive)[:80], ask.words("api.expected.code", known=ON))
        raise Problem("BadRequest", ask.words("api.detail.errors", n=1), [fault])
    body = embedded(ask, base, bool(interactive))
    kept = Kept.of(Answer(body.encode("utf-8"), HTML), ask.pinned)
    return Kept(kept.body, kept.headers | HEADERS)


def embedded(ask: Ask, base: str, interactive: bool) -> str:
    """The page of a checked request: without simulated figures, whatever the site's setting is."""
    assert ask.question is not None
    site, question = ask.site, ask.question.id
    view = ask.view.only(where=ask.view.where)
    card = site.cards((question,), view.where, False)[0]
    # the reader who follows the link sees what the article showed
    shown = replace(view, mode="report") if card.where and site.simulated else view
    own = embed_address(view, base, question)
    links = Links(
        permalink(shown, site.survey, base, question),
        own if interactive else f"{own}&{urlencode({INTERACTIVE: ON})}",
    )
    if not interactive:
        return page(card, site.survey, ask.words, links)
    drawn = site.drawn(card, view, LIGHT)
    # relative: the policy allows the scripts of the page's own site only, whatever its public address
    drawing = Drawing(drawn.chart, drawn.alt, f"..{asset('embed.js')}", f"..{plotly_asset()}", _font())
    return page(card, site.survey, ask.words, links, drawing)


@cache
def _font() -> str:
    """The font of the charts on screen, as Streamlit serves it; empty where its page does not name it."""
    found = FONT.search(streamlit_index())
    return f"../{found.group(1)}" if found is not None else ""


def _without_interactive(query: bytes) -> tuple[bytes, list[str]]:
    """The rest of a query, and the values of the one parameter that says how, not what."""
    begins = f"{INTERACTIVE}=".encode()
    parts = query.split(b"&")
    mine = [p for p in parts if p.startswith(begins)]
    values = parse_qs(b"&".join(mine).decode("latin-1"), keep_blank_values=True).get(INTERACTIVE, [])
    return b"&".join(p for p in parts if not p.startswith(begins)), values


def _refused(problem: Problem, words: Words | None, base: str, survey: str) -> Response:
    """What is wrong, as a page that may stand in an article: short, with a way to the site."""
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"} | HEADERS | problem.headers
    name = words(f"api.problem.{problem.kind}") if words is not None else problem.kind
    parts = [f"<h1>{escape(name)}</h1>"]
    for fault in problem.faults if words is not None else ():
        parts.append(_fault(fault, words, base, survey))
    if not problem.faults:
        parts.append(f"<p>{escape(problem.detail)}</p>")
    if words is not None:
        home = escape(base + _view(survey, words).url(""))
        link = f'<a href="{home}" target="_blank" rel="noopener">{escape(words("site.name"))}</a>'
        parts.append(f'<p class="links">{link}</p>')
    body = document(name, "".join(parts), words)
    return Response(body, STATUS[problem.kind], headers, HTML)


def _view(survey: str, words: Words) -> View:
    return View(survey, lang=words.lang, named=bool(survey))


def _fault(fault: Fault, words: Words | None, base: str, survey: str) -> str:
    if words is None:
        return ""
    found = f"{fault.parameter} = {fault.found}" if fault.parameter else fault.found
    parts = [f'<p class="note"><b>{escape(found)}</b>']
    if fault.nearest:
        near = [escape(n) for n in fault.nearest]
        if fault.parameter == "question":
            view = _view(survey, words)
            near = [
                f'<a href="{escape(embed_address(view, base, n))}">{escape(n)}</a>' for n in fault.nearest
            ]
        parts.append(f"<br>{escape(words('embed.nearest'))} {', '.join(near)}")
    parts.append(f"<br>{escape(words('embed.expected', expected=fault.expected))}</p>")
    return "".join(parts)


def _not_for_programs(ask: Ask) -> Answer:
    raise NotImplementedError("an embed is a page, made by `embedded`")


# the row that `read` checks a request against; it is in no table of the API
ENDPOINT = Endpoint(
    "/embed/{question}",
    "embed",
    (WHERE, "lang", "survey", "release", INTERACTIVE),
    (HTML,),
    None,
    _not_for_programs,
)
