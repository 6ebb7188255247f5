"""The pages and the links between them. Links carry the view, so that a filter is never lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import cache, partial
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from ens_dash.paths import FIXED, PAGES, START, paths_of
from ens_dash.render.langs import own
from ens_dash.render.theme import theme_css
from ens_dash.settings import ROOT, Settings
from ens_dash.site import asked_opening
from ens_dash.survey.base import LANGS
from ens_dash.survey.model import Page, Survey
from ens_dash.survey.pages import PATH
from ens_dash.text import Words
from ens_dash.view import View

COMPARE = "comparer"
# pages of questions that stand in the menu's line; the others are folded
IN_LINE = 6
MORE = ("ecrire", "donnees", "methode", "accessibilite")
BRIEFING = "dossier"
RUN_PAGES = "pages"
CSS = Path(__file__).with_name("css")
# in the order in which one overrides another
SHEETS = ("layout", "phone", "print")


def all_pages(draw: Callable[[str], None]) -> list[StreamlitPage]:
    """Streamlit's page objects of this run: those of the survey that the address asks for, in the order of
    the menu; `link` finds them in the session. `draw` draws the page of a path that has no file."""
    made = {path: _page(path, draw) for path in _paths()}
    st.session_state[RUN_PAGES] = made
    return list(made.values())


def _paths() -> tuple[str, ...]:
    """The paths of the survey; of one that is not open yet, those that can be waited on."""
    opened = asked_opening(Settings.from_environment(), st.query_params.get_all("survey")).get()
    if opened.site is not None:
        return opened.site.paths
    here = urlsplit(st.context.url or "").path.rpartition("/")[2]
    own = [path for path in PAGES if path not in (START, *FIXED)]
    return paths_of(dict.fromkeys([*own, *([here] if PATH.fullmatch(here) and here not in FIXED else [])]))


def _page(path: str, draw: Callable[[str], None]) -> StreamlitPage:
    source = ROOT / "pages" / PAGES[path] if path in PAGES else partial(draw, path)
    return st.Page(source, title=path or "essentiel", url_path=path or None, default=not path)


def link(path: str, label: str, view: View, **changes: object) -> None:
    """A link to a page that keeps the view, with some of its fields changed."""
    st.page_link(st.session_state[RUN_PAGES][path], label=label, query_params=view.query(**changes))


def header(survey: Survey, view: View, words: Words, current: str) -> None:
    """The site's name, the menu (folded on a phone) and the language switch.

    A fold is a <details> that shows its neighbour by CSS: the links are there once, for all widths.
    """
    with st.container(key="header", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(
            _style(words) + f'<span class="brand">{own(survey.study.short_title, words)}</span>',
            width="content",
        )
        with st.container(key="menu", horizontal=True, gap="small", width="stretch"):
            link(START, words("page.start.menu"), view)
            for page in survey.pages[:IN_LINE]:
                _page_link(page, survey, view, words)
            link(COMPARE, words(f"page.{COMPARE}.menu"), view)
            count = len(view.briefing)
            link(BRIEFING, words("briefing.menu", n=count) if count else words("page.dossier.menu"), view)
            st.html(_fold("more", words("nav.more"), current), width="content")
            with st.container(key="more", width="content"):
                for page in survey.pages[IN_LINE:]:
                    _page_link(page, survey, view, words)
                for path in MORE:
                    link(path, words(f"page.{path}.menu"), view)
        st.html(_fold("menu", words("nav.menu"), current) + _languages(view, words, current), width="content")


def _page_link(page: Page, survey: Survey, view: View, words: Words) -> None:
    label = survey.menu_label(page)
    foreign = words.foreign(label)
    # web/static/words.js gives the link the language that its key tells
    with st.container(key=f"menu_{page.id}_lang_{foreign}", width="content") if foreign else nullcontext():
        link(page.id, words.of(label), view)


@cache
def _css() -> str:
    return theme_css() + "".join((CSS / f"{name}.css").read_text("utf-8") for name in SHEETS)


def _style(words: Words) -> str:
    # the button that opens the filter on a phone is Streamlit's own: only CSS can give it a word
    label = f'[data-testid="stExpandSidebarButton"]::after {{ content: "{words("filter.open")}"; }}'
    return f"<style>{_css()}{label}</style>"


def _fold(name: str, label: str, current: str) -> str:
    # the page in the markup makes a new element of it on every page, closed again
    summary = f"<summary>{escape(label)}</summary>"
    return f'<details class="fold-{name}" id="fold-{name}-{current}">{summary}</details>'


def _languages(view: View, words: Words, current: str) -> str:
    # a plain link reloads the page, which is how <html lang> and the first paint follow the language
    parts = []
    for lang in LANGS:
        name = words(f"language.name_{lang}")
        if lang == view.lang:
            parts.append(f'<span lang="{lang}" aria-current="true" title="{name}">{lang.upper()}</span>')
        else:
            url = escape(view.url(current, lang=lang), quote=True)
            parts.append(f'<a href="{url}" lang="{lang}" hreflang="{lang}" title="{name}">{lang.upper()}</a>')
    return f'<nav class="languages" aria-label="{escape(words("language.label"))}">{" | ".join(parts)}</nav>'
