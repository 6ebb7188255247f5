"""Streamlit's index.html, cut where ours goes in, and put together in the order that paints first.

Its font is not asked for before its scripts, and its stylesheet comes first: on a slow line the page's own
figures are painted while the scripts are still on their way.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path

from ens_dash.render.theme import chart_css, theme_css
from ens_dash.survey.base import Lang
from ens_dash.web.assets import page_asset

# What is replaced in Streamlit's index.html: each must be found in it exactly once, in this order.
HTML_TAG = re.escape('<html lang="en">')
ICON = re.escape('<link rel="shortcut icon" href="./favicon.png" />')
FONT = r'<link\s+rel="preload"\s+href="\./static/media/SourceSansVF-Upright[\w.-]+\.woff2"[^>]*>'
TITLE = re.escape("<title>Streamlit</title>")
SCRIPT = r"<script>\s+window\.prerenderReady = false\s+</script>"
MODULE = r'<script type="module" crossorigin src="\./static/js/index\.'
STYLE = r'<link rel="stylesheet" crossorigin href="\./static/css/index\.[\w-]+\.css">'
NO_SCRIPT = r"<noscript>.*?</noscript>"
ROOT = re.escape('<div id="root"></div>')
PLACES = (HTML_TAG, ICON, FONT, TITLE, SCRIPT, MODULE, STYLE, NO_SCRIPT, ROOT)

_log = logging.getLogger(__name__)


class IndexShape(ValueError):
    """Streamlit's index.html is not as expected."""


@dataclass(frozen=True)
class Template:
    """The parts of an index.html that stay as they are, and its stylesheet's tag."""

    before_lang: str
    before_icon: str
    before_font: str
    before_title: str
    before_script: str
    modules: str
    style: str
    before_no_script: str
    before_root: str
    rest: str

    @classmethod
    def of(cls, index: str) -> Template:
        """Cut an index.html.

        Raises:
            IndexShape: it lacks a place, or has it twice, or in another order.
        """
        found = [list(re.finditer(place, index, re.DOTALL)) for place in PLACES]
        wrong = [(place, len(f)) for place, f in zip(PLACES, found, strict=True) if len(f) != 1]
        if wrong:
            told = "; ".join(f"{place!r} ({n} times)" for place, n in wrong)
            raise IndexShape(f"expected once each in Streamlit's index.html: {told}; see web/template.py")
        spans = [f[0].span() for f in found]
        if sorted(spans) != spans:
            raise IndexShape("the places in Streamlit's index.html are in another order; see web/template.py")
        lang, icon, font, title, script, module, style, no_script, root = spans
        return cls(
            before_lang=index[: lang[0]],
            before_icon=index[lang[1] : icon[0]],
            before_font=index[icon[1] : font[0]],
            before_title=index[font[1] : title[0]],
            before_script=index[title[1] : script[0]],
            modules=index[module[0] : style[0]],
            style=index[slice(*style)],
            before_no_script=index[style[1] : no_script[0]],
            before_root=index[no_script[1] : root[0]],
            rest=index[root[1] :],
        )

    def filled(self, lang: Lang, title: str, head: str, first: str) -> str:
        """The page. `title` is plain text; `head`, and `first` (what is shown until Streamlit has drawn the
        page, and stays where there is no script) are HTML."""
        return (
            f'{self.before_lang}<html lang="{lang}">{self.before_icon}{_icons()}{_theme()}{self.before_font}'
            f"{self.before_title}<title>{escape(title)}</title>\n    {head}\n    {self.style}"
            f'{self.before_script}<script src=".{page_asset()}" defer></script>{self.modules}'
            f"{self.before_no_script}{self.before_root}"
            f'<div id="root">{first}</div>{self.rest}'
        )


def streamlit_index() -> str:
    """Streamlit's own index.html, of the installed version."""
    spec = find_spec("streamlit")
    if spec is None or spec.origin is None:
        raise IndexShape("streamlit is not installed")
    return (Path(spec.origin).parent / "static" / "index.html").read_text("utf-8")


@cache
def template() -> Template | None:
    """The template of the installed Streamlit; None, with a warning, where its page is not as expected."""
    try:
        return Template.of(streamlit_index())
    except IndexShape:
        _log.warning("pages are served without their own titles and social cards", exc_info=True)
        return None


def _theme() -> str:
    # before anything is painted, so that a dark page is never white first; the meta is for the time before it
    return (
        f'<meta name="color-scheme" content="light dark"><style>{theme_css()}</style>'
        f"<style>{chart_css()}</style>"
    )


def _icons() -> str:
    # for browsers that draw no SVG there; those that do take the one that fits any size
    return (
        '<link rel="icon" href="./favicon.ico" sizes="32x32">'
        '<link rel="icon" href="./favicon.svg" type="image/svg+xml">'
    )
