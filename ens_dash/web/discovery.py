"""For who looks for the site, or for its icon: /robots.txt, /sitemap.xml, and the site's own mark."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ens_dash.render.mark import ico, png, svg
from ens_dash.render.social import page_address
from ens_dash.site import Site
from ens_dash.survey.base import LANGS
from ens_dash.surveys import surveys
from ens_dash.web.address import site_address
from ens_dash.web.api import Serving
from ens_dash.web.caching import Kept
from ens_dash.web.problem import Problem, words_of
from ens_dash.web.query import Answer

# Every filter gives another file or picture, and a picture is drawn by a browser on the server: a crawler
# that tries them all would keep it busy for nothing. Everything in them stands on the pages.
CLOSED = ("/api/v1/charts/", "/api/v1/downloads/", "/api/v1/briefing.")
# They fetch the one picture of a link that somebody has posted, and obey this file when they do.
LINK_READERS = (
    *("Applebot", "Discordbot", "facebookexternalhit", "LinkedInBot", "Mastodon", "Slackbot-LinkExpanding"),
    *("Slack-ImgProxy", "TelegramBot", "Twitterbot", "WhatsApp"),
)
A_DAY = "public, max-age=86400"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def routes(serving: Serving) -> list[Route]:
    """The routes. /favicon.png is where Streamlit has its own mark."""
    return [
        Route("/robots.txt", _robots(serving)),
        Route("/sitemap.xml", _sitemap(serving)),
        Route("/favicon.svg", _icon("svg")),
        Route("/favicon.ico", _icon("ico")),
        Route("/favicon.png", _icon("png")),
    ]


def robots(base: str) -> str:
    """The rules for crawlers (RFC 9309), of a site at `base`."""
    readers = "\n".join(f"User-agent: {name}" for name in LINK_READERS)
    closed = "\n".join(f"Disallow: {path}" for path in CLOSED)
    return f"{readers}\nAllow: /\n\nUser-agent: *\n{closed}\nAllow: /\n\nSitemap: {base}/sitemap.xml\n"


def sitemap(sites: Iterable[Site], base: str) -> str:
    """Each page of each survey in each language, with its other languages; `x-default` lets the browser
    choose."""
    entries = []
    for view, page in [(site.view(), page) for site in sites for page in site.paths]:
        found: dict[str, str] = {lang: page_address(view, base, page, lang) for lang in LANGS}
        survey = f"?survey={view.survey}" if view.named else ""
        named = found | {"x-default": f"{base}/{page}{survey}"}
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{lang}" href="{escape(url)}"/>'
            for lang, url in named.items()
        )
        entries += [f"<url><loc>{escape(url)}</loc>{others}</url>" for url in found.values()]
    body = "\n".join(entries)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{SITEMAP}" xmlns:xhtml="{XHTML}">\n{body}\n'
        "</urlset>\n"
    )


def _robots(serving: Serving) -> Handler:
    async def serve(request: Request) -> Response:
        body = robots(site_address(request, serving.settings))
        return await _told(request, body, "text/plain; charset=utf-8")

    return serve


def _sitemap(serving: Serving) -> Handler:
    async def serve(request: Request) -> Response:
        try:
            sites = [await serving.get()]
        except Problem as problem:
            return problem.response(words_of(serving.settings.data, b""))
        for other in surveys(serving.settings).get()[1:]:
            # one that is closed, or not ready yet, is left out
            with suppress(Problem):
                if other.ready:
                    sites.append(await serving.get(f"survey={other.id}".encode()))
        body = sitemap(sites, site_address(request, serving.settings))
        return await _told(request, body, "application/xml; charset=utf-8")

    return serve


async def _told(request: Request, body: str, media_type: str) -> Response:
    return await Kept.of(Answer(body.encode("utf-8"), media_type), False).response(request)


@cache
def _mark(form: str) -> Kept:
    made: dict[str, tuple[bytes, str]] = {
        "svg": (svg().encode("ascii"), "image/svg+xml"),
        "ico": (ico(), "image/x-icon"),
        "png": (png(), "image/png"),
    }
    body, media_type = made[form]
    headers = {
        "Content-Type": media_type,
        "ETag": f'W/"{blake2b(body, digest_size=12).hexdigest()}"',
        "Cache-Control": A_DAY,
        "X-Content-Type-Options": "nosniff",
    }
    return Kept(body, headers)


def _icon(form: str) -> Handler:
    async def serve(request: Request) -> Response:
        return await _mark(form).response(request)

    return serve
