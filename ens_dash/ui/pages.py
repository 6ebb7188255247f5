"""`show(page)`: the frame around every page (header, filter, notices, footer) and its body."""

from __future__ import annotations

import html
import time

import streamlit as st
import yaml

from ens_dash import __version__
from ens_dash.estimate.reliability import SMALLEST_BASE
from ens_dash.render.card_html import quotation
from ens_dash.render.glossary import explained
from ens_dash.render.langs import groups, marked, own
from ens_dash.render.others import other_surveys
from ens_dash.settings import Settings
from ens_dash.site import Opened, Site, asked_opening, page_questions
from ens_dash.survey.base import Lang
from ens_dash.survey.model import Page, Segment, SegmentVariable
from ens_dash.surveys import surveys
from ens_dash.text import Words, load_words
from ens_dash.ui.accessibility import accessibility_page
from ens_dash.ui.briefing import briefing_page
from ens_dash.ui.compare import compare_page
from ens_dash.ui.data_page import data_page
from ens_dash.ui.ecrire import claim_page
from ens_dash.ui.essentials import essentials
from ens_dash.ui.filters import sidebar
from ens_dash.ui.method import method_page
from ens_dash.ui.navigation import header, link
from ens_dash.ui.presentation import entries_of, presentation, start_button
from ens_dash.ui.question_card import layout_button, question_card
from ens_dash.ui.state import current_view, language
from ens_dash.view import View, filter_sentence, notice_text

BODIES = {
    "": essentials,
    "comparer": compare_page,
    "ecrire": claim_page,
    "donnees": data_page,
    "methode": method_page,
    "dossier": briefing_page,
    "accessibilite": accessibility_page,
}
# the filter of the page has no part in it
UNFILTERED = ("", "dossier", "accessibilite")
WAIT_SECONDS = 0.5


def show(path: str) -> None:
    """Draw one page of the site, or what stands in its place while there is none."""
    settings = Settings.from_environment()
    opened = asked_opening(settings, st.query_params.get_all("survey")).get()
    if opened.site is None:
        _closed(settings, opened)
        return
    site = opened.site
    view, notices = current_view(site, path)
    words = site.words[view.lang]
    page = next((p for p in site.survey.pages if p.id == path), None)
    title = (
        words.of(page.title)
        if page
        else words(f"page.{path or 'start'}.title" if path in BODIES else "page.absent")
    )
    st.set_page_config(page_title=f"{title} – {words('site.name')}", layout="wide")
    header(site.survey, view, words, path)
    results = _results(site, view, words, settings)
    sidebar(view, site, words, settings.show_fictional, results)
    presented = entries_of(site, path, view)
    if view.layout == "presentation" and presented:
        presentation(site, path, presented, view, words, view.fictional(settings.show_fictional))
        _footer(site, view, words, settings)
        return
    heading = own(page.title, words) if page else html.escape(title)
    parts = [f'<h1 class="page-title">{heading}</h1>'] if path else []
    parts += [f'<p class="notice" role="status">{html.escape(notice_text(n, words))}</p>' for n in notices]
    if path not in UNFILTERED:
        parts.append(_whom(site, path, view, words, settings))
    if page is not None and page.intro is not None:
        whose = f"<b>{html.escape(words('whom.intro'))}</b> " if view.where else ""
        parts.append(f'<p class="intro">{whose}{own(page.intro, words)}</p>')
    if parts:
        st.html(explained("".join(parts), site.survey.glossary, words, "page"))
    if presented:
        with st.container(key="ways", horizontal=True, gap="medium"):
            start_button(site, path, view, words)
            if page is not None:
                layout_button(site, view, words)
    if page is not None:
        _questions(site, page, view, words, settings)
    else:
        BODIES.get(path, _absent)(site, view, words, settings)
    _footer(site, view, words, settings)


def _absent(site: Site, view: View, words: Words, settings: Settings) -> None:
    """A page of the menu that this survey does not have."""
    link("", words("page.start.menu"), view)


def _closed(settings: Settings, opened: Opened) -> None:
    lang: Lang = language(st.query_params.get_all("lang"))
    try:
        words = load_words(settings.data / "text")[lang]
    except (OSError, ValueError, yaml.YAMLError):
        st.error("ens_dash: data/text cannot be read.")
        return
    title = words("closed.title" if opened.reason else "waiting.title")
    st.set_page_config(page_title=f"{title} – {words('site.name')}", layout="centered")
    if opened.reason:
        st.html(f"<h1>{words('closed.title')}</h1><p>{words('closed.text')}</p>")
        st.code(opened.reason, language=None, wrap_lines=True)
        return
    st.html(f'<h1>{words("waiting.title")}</h1><p role="status">{words("waiting.text")}</p>')
    time.sleep(WAIT_SECONDS)
    st.rerun()


def _whom(site: Site, path: str, view: View, words: Words, settings: Settings) -> str:
    survey = site.survey
    people = f"<b>{marked(filter_sentence(view.where, survey.variables, words), groups(survey), words)}</b>"
    month = words.month(survey.study.start)
    n, key = survey.study.n, "whom.everybody"
    if view.where:
        n = site.respondents(view.where)
        key = "whom.fictional" if site.simulated else "whom.group"
        if site.simulated and not view.fictional(settings.show_fictional):
            key = "whom.switched_off"
        elif n < SMALLEST_BASE:
            key = "whom.too_few"
    text = words(key, people=people, month=month, n=words.number(n))
    charts = len(page_questions(survey, path))
    told = f"announce.{key.removeprefix('whom.')}"
    announced = words(told, people=filter_sentence(view.where, survey.variables, words), n=words.number(n))
    if charts:
        announced += f", {words('announce.charts' if charts > 1 else 'announce.chart', n=charts)}"
    chips = "".join(
        f'<span class="chip">{marked(_chip(variable, segment, words), groups(survey), words)}</span>'
        for variable in survey.variables
        for segment in variable.segments
        if segment.code in view.where.codes.get(variable.id, ())
    )
    # what has changed is read out by web/static/access.js
    announce = html.escape(announced, quote=True)
    return f'<p class="whom" data-announce="{announce}">{text}</p><p class="chips">{chips}</p>'


def _results(site: Site, view: View, words: Words, settings: Settings) -> str:
    """The words of the button that leads from the filter to its figures: whose they are, how many people."""
    if not view.where:
        return words("filter.see", n=words.number(site.survey.study.n))
    n = site.respondents(view.where)
    if n < SMALLEST_BASE:
        return words("filter.see_too_few", n=words.number(n))
    if not site.simulated:
        return words("filter.see", n=words.number(n))
    key = "filter.see_fictional" if view.fictional(settings.show_fictional) else "filter.see_everybody"
    return words(key, n=words.number(n))


def _chip(variable: SegmentVariable, segment: Segment, words: Words) -> str:
    return words("people.other", variable=words.of(variable.label), codes=words.of(segment.label))


def _questions(site: Site, page: Page, view: View, words: Words, settings: Settings) -> None:
    questions = page_questions(site.survey, page.id)
    for card in site.cards(questions, view.where, view.fictional(settings.show_fictional)):
        question_card(site, card, view, words, settings.public_url)
    quotes = [v for v in site.survey.verbatims if v.theme == page.theme]
    if quotes:
        items = "".join(f"<li>{quotation(v.quote, v.quote_en, words)}</li>" for v in quotes)
        title, who = html.escape(words("verbatims.title")), html.escape(words("verbatims.who"))
        st.html(
            f'<section class="verbatims"><h2>{title}</h2><p class="quiet">{who}</p><ul>{items}</ul></section>'
        )


def _footer(site: Site, view: View, words: Words, settings: Settings) -> None:
    study, release = site.survey.study, site.store.release
    address = html.escape(view.url("accessibilite"), quote=True)
    independent = marked(words("footer.independent"), (study.commissioner,), words)
    offered = [(s.id, s.name) for s in surveys(settings).get() if s.ready]
    st.html(
        '<footer class="footer">'
        f"<p>{independent}</p>"
        f"<p>{own(study.citation, words)}</p>"
        f"<p>{own(study.licence, words)}</p>"
        f"<p>{html.escape(words('footer.version', version=__version__, release=release.id))}</p>"
        f'<p><a href="{address}" target="_self">{html.escape(words("page.accessibilite.menu"))}</a></p>'
        f"{other_surveys(offered, settings.survey, view, words)}"
        "</footer>"
    )
