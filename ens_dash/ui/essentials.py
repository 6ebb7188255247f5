"""The first page: what this is, the thread in a few figures, and the search."""

from __future__ import annotations

import html

import streamlit as st

from ens_dash.render.card_html import quotation
from ens_dash.render.glossary import explained
from ens_dash.render.keystone import keystone_source, keystone_text
from ens_dash.render.langs import marked, own
from ens_dash.search import Hit, index, search
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.text import Words
from ens_dash.ui.navigation import link
from ens_dash.view import View, filter_sentence


def essentials(site: Site, view: View, words: Words, settings: Settings) -> None:
    """L'essentiel: on a phone, what the survey is stands before the first scroll."""
    study = site.survey.study
    lead = words(
        "start.lead",
        month=words.month(study.start),
        n=words.number(study.n),
        people=words.of(study.people),
        commissioner=words.of(study.commissioner),
        pollster=study.pollster,
        mode=words.of(study.mode),
    )
    told = marked(lead, (study.people, study.commissioner, study.mode), words)
    st.html(
        f'<h1 class="page-title">{own(study.title, words)}</h1><p class="lead">{told}</p>'
        + (f'<p class="quiet">{own(study.since, words)}</p>' if study.since else "")
    )
    if view.where:
        people = filter_sentence(view.where, site.survey.variables, words)
        n = words.number(site.respondents(view.where))
        st.html(f'<p class="note">{html.escape(words("start.filtered", people=people, n=n))}</p>')
    figures = site.keystone_figures()
    for i, keystone in enumerate(site.survey.keystones):
        text = keystone_text(keystone, site.survey, words, figures)
        if text:
            with st.container(key=f"keystone_{i}", border=True):
                source = keystone_source(keystone, site.survey, words, figures)
                said = f'<p class="keystone">{text}</p>{source}'
                st.html(explained(said, site.survey.glossary, words, f"keystone-{i}"))
                title = next(p.title for p in site.survey.pages if p.id == keystone.page)
                link(keystone.page, words("start.more", page=words.of(title)), view)
    pages = site.overview(view)
    if pages:
        st.html(pages)
    _search(site, view, words)


def _search(site: Site, view: View, words: Words) -> None:
    st.html(f"<h2>{html.escape(words('search.title'))}</h2>")
    text = st.text_input(
        words("search.label"),
        placeholder=words("search.placeholder"),
        key="search",
        label_visibility="collapsed",
    )
    if not text:
        return
    hits = search(site_index(site), text)
    if not hits:
        st.html(f'<p class="note" role="status">{html.escape(words("search.nothing", text=text[:80]))}</p>')
    for i, hit in enumerate(hits):
        with st.container(key=f"hit_{i}", border=True):
            st.html(_hit(site, hit, words))
            page = next(
                (p for p in site.survey.pages if hit.question in p.questions or hit.theme == p.theme), None
            )
            if page is not None:
                link(page.id, words("start.more", page=words.of(page.title)), view)


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={Site: lambda site: site.store.release.id})
def site_index(site: Site) -> tuple:  # type: ignore[type-arg]
    """The search index of a release, made once."""
    return index(site.survey)


def _hit(site: Site, hit: Hit, words: Words) -> str:
    quoted = hit.kind in ("statement", "worded", "verbatim")
    text = words.of(hit.text)
    shown = f"<b>{html.escape(text)}</b>"
    if quoted:
        shown = quotation(hit.text.fr or text, hit.text.en, words)
    kind = words(
        f"search.{hit.kind}"
        if hit.with_figure or hit.kind not in ("question", "item")
        else "search.no_figure"
    )
    told = [kind]
    if hit.question is not None:
        told.append(words.of(site.survey.by_id[hit.question].title))
    elif hit.untested:
        told.append(words("compare.untested"))
    return f'<p>{shown}<br><span class="quiet">{html.escape(" – ".join(told))}</span></p>'
