"""A briefing as a file: the text in its address -> slides, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ens_dash.briefing import Entry
from ens_dash.export import card_of, extract_of
from ens_dash.render.deck import Deck, Slide, deck_name, figures_of
from ens_dash.render.deck_pdf import joined, pages
from ens_dash.render.slides import presentation
from ens_dash.render.stamp import make_stamp
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.survey.base import Lang
from ens_dash.web.charts import PDF, draw
from ens_dash.web.problem import Fault, Problem
from ens_dash.web.query import BRIEFING, Answer, Ask

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
PAGE = "dossier"


def briefing_pptx(ask: Ask) -> Answer:
    """The slides of a briefing.

    Raises:
        Problem: there is no card in it.
    """
    slides, deck = _asked(ask)
    return Answer(presentation(slides, deck), PPTX, deck_name(slides, deck, "pptx"))


def briefing_pdf(ask: Ask) -> Answer:
    """The same as a PDF, each page drawn as a picture.

    Raises:
        Problem: there is no card in it, or pictures cannot be drawn now.
    """
    slides, deck = _asked(ask)
    drawn = [draw(page, "pdf", ask.words) for page in pages(slides, deck)]
    return Answer(joined(drawn, deck), PDF, deck_name(slides, deck, "pdf"))


def _asked(ask: Ask) -> tuple[list[Slide], Deck]:
    entries = ask.view.briefing
    if not entries:
        words = ask.words
        fault = Fault(BRIEFING, "", words("api.expected.briefing"))
        raise Problem("BadRequest", words("api.detail.errors", n=1), [fault])
    lang = ask.view.lang
    slides = slides_of(entries, ask.site, ask.settings, lang)
    return slides, deck_of(slides, entries, ask.site, ask.settings, lang)


def slides_of(entries: Sequence[Entry], site: Site, settings: Settings, lang: Lang) -> list[Slide]:
    """Each entry's card and figures; simulated ones only where its reader ticked them."""
    found = []
    for entry in entries:
        mode = None
        if entry.where and site.simulated:
            # what a visitor sees anyway is not named: the card's permalink is the page's own
            named = "fictional" if entry.fictional else "report"
            mode = None if entry.fictional == settings.show_fictional else named
        view = site.view(lang).only(where=entry.where, mode=mode)
        card = card_of(site, entry.question, view, settings)
        extract = extract_of(site, entry.question, view, settings)
        found.append(Slide(card, extract, entry.title, entry.note))
    return found


def deck_of(
    slides: Sequence[Slide], entries: Sequence[Entry], site: Site, settings: Settings, lang: Lang
) -> Deck:
    """What the slides share; the file is of the day of its release, so that it is the same at every call."""
    survey, release = site.survey, site.store.release
    link = settings.public_url + site.view(lang).only(briefing=tuple(entries)).url(PAGE)
    figures = dict.fromkeys(f for slide in slides for f in figures_of(slide))
    stamp = make_stamp(figures, survey.study.id, release, link, lang)
    day = date.fromisoformat(release.built[:10])
    return Deck(survey, release, site.words[lang], link, day, stamp.text)
