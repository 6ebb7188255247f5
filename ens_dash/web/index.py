"""The HTML of the site's pages: Streamlit's own, with language, title and social card of what is asked for.

Streamlit serves one page for every path, in English and without a title. What is put into it here stands
before any script has run: for other sites that show a link, for search engines, for a screen reader.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ens_dash.paths import PAGES
from ens_dash.render.permalink import embed_address
from ens_dash.render.social import Social, of_card, page_address, tags
from ens_dash.settings import Settings
from ens_dash.site import Site, page_questions
from ens_dash.survey.base import LANGS, Lang
from ens_dash.text import Words
from ens_dash.view import DEFAULT_LANG, View, parse_query
from ens_dash.web.address import site_address
from ens_dash.web.api import Serving
from ens_dash.web.assets import asset, has_asset
from ens_dash.web.caching import Kept
from ens_dash.web.problem import Problem, words_of

# longer than any address that the site makes (a briefing has 4 kB); what is longer is not read
LONGEST_QUERY = 8192
START, OURS = "start.js", "ens_dash.js"
# What is replaced in Streamlit's index.html: each must stand in it exactly once.
HTML_TAG = '<html lang="en">'
TITLE = "<title>Streamlit</title>"
SCRIPT = "<script>\n      window.prerenderReady = false\n    </script>"
NO_SCRIPT = ("<noscript>", "</noscript>")
MODULE = '<script type="module" crossorigin src="./static/js/index.'
ROOT = '<div id="root"></div>'

_log = logging.getLogger(__name__)


class IndexShape(ValueError):
    """Streamlit's index.html is not as expected."""


@dataclass(frozen=True)
class Template:
    """Streamlit's index.html, cut where ours goes in."""

    before_lang: str
    before_head: str
    before_script: str
    before_no_script: str
    rest: str

    @classmethod
    def of(cls, index: str) -> Template:
        """Cut an index.html.

        Raises:
            IndexShape: it lacks a place, or has it twice, or in another order.
        """
        places = (HTML_TAG, TITLE, SCRIPT, MODULE, *NO_SCRIPT, ROOT)
        wrong = [place for place in places if index.count(place) != 1]
        if wrong:
            told = "; ".join(f"{place!r} ({index.count(place)} times)" for place in wrong)
            raise IndexShape(
                f"expected once each in Streamlit's index.html: {told}; see ens_dash/web/index.py"
            )
        if sorted(places, key=index.index) != list(places):
            raise IndexShape("the places in Streamlit's index.html are in another order; see web/index.py")
        before_lang, rest = index.split(HTML_TAG)
        before_head, rest = rest.split(TITLE)
        before_script, rest = rest.split(SCRIPT)
        before_no_script, rest = rest.split(NO_SCRIPT[0])
        return cls(before_lang, before_head, before_script, before_no_script, rest.split(NO_SCRIPT[1])[1])

    def filled(self, lang: Lang, title: str, head: str, no_script: str) -> str:
        """The page. `title` is plain text, `head` and `no_script` are HTML."""
        ours = f'\n    <script src=".{asset(OURS)}" defer></script>' if has_asset(OURS) else ""
        return (
            f'{self.before_lang}<html lang="{lang}">{self.before_head}<title>{escape(title)}</title>\n'
            f'    {head}{self.before_script}<script src=".{asset(START)}"></script>{ours}'
            f"{self.before_no_script}<noscript>{no_script}</noscript>{self.rest}"
        )


def streamlit_index() -> str:
    """Streamlit's own index.html, of the installed version."""
    spec = find_spec("streamlit")
    if spec is None or spec.origin is None:
        raise IndexShape("streamlit is not installed")
    return (Path(spec.origin).parent / "static" / "index.html").read_text("utf-8")


@cache
def _template() -> Template | None:
    try:
        return Template.of(streamlit_index())
    except IndexShape:
        _log.warning("pages are served without their own titles and social cards", exc_info=True)
        return None


def routes(serving: Serving) -> list[Route]:
    """A route for each page. Where Streamlit's index is not as expected there is none: it serves its own."""
    if _template() is None:
        return []
    return [Route(f"/{page}", _serve(page, serving)) for page in PAGES]


def _serve(page: str, serving: Serving) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def serve(request: Request) -> Response:
        try:
            site = await serving.get()
        except Problem:
            site = None
        return await run_in_threadpool(_answer, page, site, serving.settings, request)

    return serve


def _answer(page: str, site: Site | None, settings: Settings, request: Request) -> Response:
    query = request.scope["query_string"]
    asked = parse_qs(query.decode("latin-1"), keep_blank_values=True) if len(query) <= LONGEST_QUERY else {}
    lang = language(asked.get("lang", []), request.headers.get("accept-language", ""))
    base = site_address(request, settings)
    if site is not None:
        body = filled(site, page, parse_query(asked, site.survey, lang)[0], base)
    else:
        body = general(words_of(settings.data, f"lang={lang}".encode()), lang)
    made = body.encode("utf-8")
    # a page follows the release and its query: a browser keeps it and asks whether it is still so
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "ETag": f'W/"{blake2b(made, digest_size=12).hexdigest()}"',
        "Cache-Control": "no-cache",
        "Vary": "Accept-Language",
        "X-Content-Type-Options": "nosniff",
    }
    kept = Kept(made, headers)
    answer = kept.response(request)
    answer.headers["Vary"] = headers["Vary"]
    return answer


def language(asked: list[str], accepted: str) -> Lang:
    """The language of the address, else what the browser prefers among ours, else French."""
    found = next((lang for lang in LANGS if asked[-1:] == [lang]), None)
    if found is not None:
        return found
    wanted: list[tuple[float, Lang]] = []
    for part in accepted.lower().split(",")[:40]:
        tag, _, weight = part.partition(";")
        lang = next((known for known in LANGS if tag.strip().split("-")[0] == known), None)
        try:
            quality = float(weight.replace(" ", "").removeprefix("q=") or 1)
        except ValueError:
            continue
        if lang is not None and quality > 0:
            wanted.append((-quality, lang))
    return min(wanted, key=lambda w: w[0])[1] if wanted else DEFAULT_LANG


def filled(site: Site, page: str, view: View, base: str) -> str:
    """A page of an open site."""
    words, survey = site.words[view.lang], site.survey
    question = shown_question(site, page, view)
    social = Social(words("site.name"), words("social.general"))
    if question is not None:
        card = site.cards((question,), view.where, False)[0]
        social = of_card(card, survey, view, words, base)
    address = page_address(view, base, page)
    other = {lang: page_address(view, base, page, lang) for lang in LANGS}
    return _fill(
        view.lang,
        f"{_title(site, page, words)} – {words('site.name')}",
        tags(social, words, address, other),
        _no_script(site, page, view, words),
    )


def general(words: Words | None, lang: Lang) -> str:
    """A page while no release is open: its language and general words."""
    if words is None:
        return _fill(lang, "ens_dash", "", "")
    about = f'<meta name="description" content="{escape(words("social.general"))}">'
    return _fill(lang, words("site.name"), about, f"<p>{escape(words('social.no_script_alone'))}</p>")


def shown_question(site: Site, page: str, view: View) -> str | None:
    """The question whose chart a link shows: the one asked for, else the page's first, else the site's."""
    if view.questions:
        return view.questions[0]
    survey = site.survey
    of_page = page_questions(survey, page)
    if of_page:
        return of_page[0]
    if survey.keystones:
        return survey.keystones[0].question
    return survey.questions[0].id if survey.questions else None


def _fill(lang: Lang, title: str, head: str, no_script: str) -> str:
    template = _template()
    if template is None:
        return streamlit_index()
    return template.filled(lang, title, head, no_script)


def _title(site: Site, page: str, words: Words) -> str:
    mine = next((p for p in site.survey.pages if p.id == page), None)
    if mine is not None:
        return words.of(mine.title)
    return words.texts.get(f"page.{page or 'start'}.title", words("page.absent"))


def _no_script(site: Site, page: str, view: View, words: Words) -> str:
    """What a reader without JavaScript gets: the page's questions, which can be read alone."""
    questions = page_questions(site.survey, page) or tuple(q.id for q in site.survey.questions)
    items = "".join(
        f'<li><a href="{escape(embed_address(view, ".", q))}">'
        f"{escape(words.of(site.survey.by_id[q].title))}</a></li>"
        for q in questions
    )
    return f"<p>{escape(words('social.no_script'))}</p><ul>{items}</ul>"
