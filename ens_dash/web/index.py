"""The HTML of the site's pages: Streamlit's own, with what is asked for in it before any script has run.

Streamlit serves one empty page for every path, in English and without a title. Put into it are language,
title and social card, for other sites that show a link, for search engines, for a screen reader; and the
page's figures, for a slow phone and for readers without JavaScript (render/first_page.py).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from hashlib import blake2b
from html import escape
from typing import Any
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from ens_dash.paths import FIXED, START, paths_of
from ens_dash.render.first_page import Sheet, first_page, message
from ens_dash.render.others import other_surveys
from ens_dash.render.permalink import embed_address
from ens_dash.render.social import of_card, page_address, shared_address, tags
from ens_dash.settings import DEFAULT_SURVEY, Settings
from ens_dash.site import Site, page_questions
from ens_dash.statement import told
from ens_dash.survey.base import LANGS, Lang
from ens_dash.survey.claim import parse_claim
from ens_dash.survey.model import Survey
from ens_dash.survey.pages import PATH, TAKEN
from ens_dash.surveys import surveys
from ens_dash.text import Words
from ens_dash.view import DEFAULT_LANG, View
from ens_dash.web.address import site_address
from ens_dash.web.api import RETRY_BUILDING, Serving
from ens_dash.web.caching import Kept, Shelf
from ens_dash.web.page_words import words_block
from ens_dash.web.problem import STATUS, Problem, words_of
from ens_dash.web.template import streamlit_index, template

# longer than any address that the site makes (a briefing has 4 kB); what is longer is not read
LONGEST_QUERY = 8192
NEGOTIATED = "Accept-Language"
STATEMENT = "accessibilite"


Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def routes(serving: Serving, absent: Handler) -> list[Route]:
    """Routes for all pages; `absent` answers for one that the survey asked for does not have. Where
    Streamlit's index is not as expected there is none: it serves its own."""
    if template() is None:
        return []
    shelf = Shelf()
    # which pages there are depends on the survey, which stands in the query
    return [Route("/", _serve(serving, shelf, absent)), Page("/{page}", _serve(serving, shelf, absent))]


class Page(Route):
    """A route for a path that may be a page of a survey, and for nothing else."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, found = super().matches(scope)
        page = found.get("path_params", {}).get("page", "")
        mine = PATH.fullmatch(page) is not None and (page in FIXED or page not in TAKEN)
        return (match, found) if mine else (Match.NONE, {})


def _serve(serving: Serving, shelf: Shelf, absent: Handler) -> Handler:
    async def serve(request: Request) -> Response:
        query: bytes = request.scope["query_string"]
        page: str = request.path_params.get("page", "")
        asked = _read(query)
        accepted = request.headers.get("accept-language", "")
        lang = language(asked.get("lang", []), accepted)
        without = not any(asked.get("lang", ())) and len(query) <= LONGEST_QUERY
        if without and page in serving.paths:
            return _with_language(query, lang)
        base = site_address(request, serving.settings)
        try:
            site = await serving.get(query)
        except Problem as problem:
            # which pages another survey has is not known before it is open
            own = serving.settings.survey == DEFAULT_SURVEY and not serving.named(query)
            if own and page not in serving.paths:
                return await absent(request)
            return _waiting(serving.settings, lang, problem)
        if page not in site.paths:
            return await absent(request)
        if without:
            return _with_language(query, lang)
        # `lang` too: an address may hold one that is not known, and the browser's stands for it
        release = site.store.release.id
        # of the page on accessibility the text may change while the site runs: after an audit
        statement = told(release, serving.settings, site.words[lang]) if page == STATEMENT else ""
        offered = tuple((s.id, s.name) for s in surveys(serving.settings).get() if s.ready)
        names = [f"{survey}={name.fr}={name.en}" for survey, name in offered]
        key = (release, page, query.decode("latin-1"), lang, base, statement, *names)
        kept = shelf.get(key)
        if kept is None:
            view, _ = site.read(asked, lang)
            others = other_surveys(offered, serving.settings.survey, view, site.words[lang])
            kept = _kept(await run_in_threadpool(filled, site, page, view, base, statement, others))
            if len(query) <= LONGEST_QUERY:
                shelf.put(key, kept)
        return await kept.response(request)

    return serve


def _read(query: bytes) -> dict[str, list[str]]:
    if len(query) > LONGEST_QUERY:
        return {}
    return parse_qs(query.decode("latin-1"), keep_blank_values=True)


def _with_language(query: bytes, lang: Lang) -> Response:
    """To the same address with a language in it: a link that is copied then says what its sender saw."""
    left = [p for p in query.decode("latin-1").split("&") if p and p.partition("=")[0] != "lang"]
    # only the query: whatever stands before it, a prefix too, stays as it is
    address = "?" + "&".join([*left, f"lang={lang}"])
    return RedirectResponse(address, 302, {"Cache-Control": "no-store", "Vary": NEGOTIATED})


def _kept(page: str) -> Kept:
    body = page.encode("utf-8")
    # a page follows the release and its query: a browser keeps it and asks whether it is still so
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "ETag": f'W/"{blake2b(body, digest_size=12).hexdigest()}"',
        "Cache-Control": "no-cache",
        "Vary": NEGOTIATED,
        "X-Content-Type-Options": "nosniff",
    }
    return Kept(body, headers)


def _waiting(settings: Settings, lang: Lang, problem: Problem) -> Response:
    """What stands in the place of a page while no release is open; Streamlit starts in it all the same, and
    draws the page once there is one."""
    words = words_of(settings.data, f"lang={lang}".encode())
    headers = {"Cache-Control": "no-store", "Vary": NEGOTIATED, "X-Content-Type-Options": "nosniff"}
    body = general(words, lang, problem.kind == "Closed")
    return HTMLResponse(body, STATUS[problem.kind], headers | problem.headers)


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


def filled(site: Site, page: str, view: View, base: str, statement: str = "", others: str = "") -> str:
    """A page of an open site; `statement`: what stands on the page on accessibility, `others`: the way to
    other surveys (both HTML)."""
    words, survey = site.words[view.lang], site.survey
    question = shown_question(site, page, view)
    card = site.cards((question,), view.where, False)[0]
    social = of_card(card, survey, view, words, base)
    if page and not page_questions(survey, page) and not view.questions:
        # the chart is the survey's, the page is about something else
        social = replace(social, title=page_title(page, survey, words))
    address = page_address(view, base, page)
    other = {lang: page_address(view, base, page, lang) for lang in LANGS}
    name = page_title(page, survey, words)
    no_script = f"<noscript>{_no_script(site, page, view, words)}</noscript>"
    # a presentation has one card on the screen, and needs its script to turn the page
    whole = view.layout != "presentation"
    sheet = _sheet(site, page, name, view, others)
    first = first_page(sheet, statement + no_script) if whole else no_script
    return _fill(
        view.lang,
        f"{name} – {words('site.name')}",
        tags(social, words, address, other, shared_address(view, base, page)) + words_block(words),
        first,
    )


def general(words: Words | None, lang: Lang, closed: bool = False) -> str:
    """A page while no release is open: its language and general words; `closed`: there is none to wait for.

    Why it is closed is not in it, as in no answer of the API: Streamlit's own page says it.
    """
    if words is None:
        return _fill(lang, "ens_dash", "", "")
    about = f'<meta name="description" content="{escape(words("social.general"))}">'
    alone = f"<noscript><p>{escape(words('social.no_script_alone'))}</p></noscript>"
    title, text = ("closed.title", "closed.short") if closed else ("waiting.title", "waiting.text")
    # one that is on its way can be waited for without a script too
    again = "" if closed else f'<noscript><meta http-equiv="refresh" content="{RETRY_BUILDING}"></noscript>'
    first = message(words(title), words(text), alone)
    name = f"{words(title)} – {words('site.name')}"
    return _fill(lang, name, about + again + words_block(words), first)


def site_pages(survey: Survey, words: Words) -> dict[str, str]:
    """The pages that a survey has: path -> name, as in the menu."""
    own = {p.id: words.of(survey.menu_label(p)) for p in survey.pages}
    return {
        page: own[page] if page in own else words(f"page.{page or 'start'}.menu") for page in paths_of(own)
    }


def page_title(page: str, survey: Survey, words: Words) -> str:
    """The title of a page that the survey has."""
    mine = next((p for p in survey.pages if p.id == page), None)
    if mine is not None:
        return words.of(mine.title)
    return words(f"page.{page or 'start'}.title")


def _sheet(site: Site, page: str, name: str, view: View, others: str) -> Sheet:
    words, survey, where = site.words[view.lang], site.survey, view.where
    cards = site.cards(page_questions(survey, page), where, False)
    n = site.respondents(where) if where and not site.simulated else None
    start = page == START
    return Sheet(
        page,
        name,
        view,
        survey,
        words,
        site_pages(survey, words),
        site.simulated,
        cards,
        n,
        figures=site.keystone_figures() if start else (),
        overview=site.overview(view) if start else "",
        others=others,
        file=site.store.release.file,
    )


def shown_question(site: Site, page: str, view: View) -> str:
    """The question whose chart a link shows: the one asked for, else the page's first, else the site's."""
    if view.questions:
        return view.questions[0]
    survey = site.survey
    claim, _ = parse_claim(view.claim, survey)
    if claim is not None:
        return claim.subject[0]
    if view.briefing:
        return view.briefing[0].question
    of_page = page_questions(survey, page)
    return of_page[0] if of_page else survey.first_question.id


def _fill(lang: Lang, title: str, head: str, first: str) -> str:
    found = template()
    if found is None:
        return streamlit_index()
    return found.filled(lang, title, head, first)


def _no_script(site: Site, page: str, view: View, words: Words) -> str:
    """What a reader without JavaScript gets: the page's questions, which can be read alone."""
    questions = page_questions(site.survey, page) or tuple(q.id for q in site.survey.questions)
    items = "".join(
        f'<li><a href="{escape(embed_address(view, ".", q))}">'
        f"{escape(words.of(site.survey.by_id[q].title))}</a></li>"
        for q in questions
    )
    return f"<p>{escape(words('social.no_script'))}</p><ul>{items}</ul>"
