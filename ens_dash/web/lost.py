"""What is not there: 404, and a page with a way back. Streamlit would answer any path with its own page."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from ens_dash.render.embed import document
from ens_dash.render.theme import theme_css
from ens_dash.text import Words
from ens_dash.view import View
from ens_dash.web.address import site_address
from ens_dash.web.api import Serving
from ens_dash.web.index import LONGEST_QUERY, NEGOTIATED, language, site_pages
from ens_dash.web.problem import Problem, words_of

# What Streamlit answers itself: paths that begin so, and whole paths. Of its own files beside those under
# static/ nothing is needed: its icon is replaced, its index.html is ours, its manifest is for its builders.
STREAMLITS = ("_stcore/", "static/", "media/", "component/", "app/static/")
STREAMLITS_WHOLE = ("auth/login", "auth/logout", "oauth2callback")
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
# the sheet of a page for other sites is light
THEME = (
    f'<meta name="color-scheme" content="light dark"><style>{theme_css()}'
    "body{color:var(--ink);background:var(--ground)}a{color:var(--accent)}"
    "li a{display:inline-block;padding:.35rem 0}</style>"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Vary": NEGOTIATED,
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
}


class Lost(Route):
    """The last of our routes: every path that is neither a page nor Streamlit's.

    `prefix`: the path under which Streamlit was told to serve (server.baseUrlPath), which is its own too.
    """

    def __init__(self, serving: Serving, prefix: str = "") -> None:
        super().__init__("/{path:path}", lost(serving))
        self.serving = serving
        # Starlette's own pattern stops at a line end
        self.path_regex = re.compile(self.path_regex.pattern, re.DOTALL)
        self.prefix = prefix.strip("/")

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if scope["type"] != "http" or self.left_to_streamlit(path):
            return Match.NONE, {}
        return super().matches(scope)

    def left_to_streamlit(self, path: str) -> bool:
        """Whether Streamlit has an answer: its own paths, pages that no route took, and slashes to drop."""
        bare = path.strip("/")
        if self.prefix and f"{bare}/".startswith(f"{self.prefix}/"):
            return True
        whole = bare in self.serving.paths or bare in STREAMLITS_WHOLE
        return whole or path.startswith("//") or path.removeprefix("/").startswith(STREAMLITS)


def lost(serving: Serving) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """The answer for what is not there, with a way back to the pages of the survey that was asked for."""

    async def answer(request: Request) -> Response:
        query = request.scope["query_string"][:LONGEST_QUERY].decode("latin-1")
        lang = language(parse_qs(query).get("lang", []), request.headers.get("accept-language", ""))
        pages: Mapping[str, str] = {}
        survey = ""
        try:
            site = await serving.get(request.scope["query_string"])
        except Problem:
            words = words_of(serving.settings.data, f"lang={lang}".encode())
        else:
            words = site.words[lang]
            pages = site_pages(site.survey, words)
            survey = site.survey.study.id if site.named else ""
        body = lost_page(words, pages, site_address(request, serving.settings), survey)
        return Response(body, 404, HEADERS, "text/html; charset=utf-8")

    return answer


def lost_page(words: Words | None, pages: Mapping[str, str], base: str, survey: str = "") -> str:
    """The page. Nothing of the path that was asked for is on it. `words` None: the texts cannot be read.
    `survey`: the one that the addresses must name, if any."""
    if words is None:
        back = f'<p><a href="{escape(base)}/">{escape(base)}/</a></p>'
        return document("404", f"<h1>404</h1>{back}", None, THEME)
    view = View(survey, lang=words.lang, named=bool(survey))
    links = "".join(
        f'<li><a href="{escape(base + view.url(path))}">{escape(name)}</a></li>'
        for path, name in (pages or {"": words("site.name")}).items()
    )
    title = words("lost.title")
    body = f"<h1>{escape(title)}</h1><p>{escape(words('lost.text'))}</p><nav><ul>{links}</ul></nav>"
    return document(f"{title} – {words('site.name')}", body, words, THEME)
