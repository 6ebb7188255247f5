"""A page as plain HTML: what is read before Streamlit has drawn it, without a script, and by search engines.

The figures are those of the embedded card: everybody's, or a group's where real people answered. A simulated
figure is never among them: nobody may find a fictitious figure in a search engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from ens_dash.estimate.figures import Figure
from ens_dash.estimate.reliability import SMALLEST_BASE
from ens_dash.render.bars import table
from ens_dash.render.card import Card
from ens_dash.render.card_html import said, wording
from ens_dash.render.embed import FictionalError, source, whose
from ens_dash.render.keystone import keystone_source, keystone_text
from ens_dash.render.langs import groups, marked, named, own
from ens_dash.render.method import paragraphs, sections, study_facts
from ens_dash.render.sentence import title
from ens_dash.survey.base import LANGS
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.view import View, filter_sentence

CSS = Path(__file__).with_name("first_page.css")
# the texts that introduce the pages that have no questions of their own
INTRODUCTIONS = {
    "comparer": "compare.intro",
    "ecrire": "claim.intro",
    "dossier": "briefing.intro",
    "donnees": "data.intro",
}
# a filter changes nothing on them
UNFILTERED = ("dossier", "accessibilite")
CURRENT = ' aria-current="page"'


@dataclass(frozen=True)
class Sheet:
    """What a page shows, before it is HTML. `n`: respondents of the release in the view's filter (None where
    they are simulated); `pages`: path -> name, as in the menu; `cards`: made without simulated figures;
    `figures`: everybody's, of the keystones' questions. `overview`: what stands on the start page in the
    place of keystones, `others`: the way to other surveys (both HTML). `file`: of imported answers."""

    page: str
    title: str
    view: View
    survey: Survey
    words: Words
    pages: Mapping[str, str]
    simulated: bool
    cards: Sequence[Card] = ()
    n: int | None = None
    figures: Sequence[Figure] = ()
    overview: str = ""
    others: str = ""
    file: str = ""


def first_page(sheet: Sheet, more: str = "") -> str:
    """The page, to be put into the element that Streamlit draws into; `more`: HTML after the figures.

    Raises:
        FictionalError: a card was made with simulated figures shown.
    """
    fictional = [c.question.id for c in sheet.cards if _has_simulated(c)]
    if fictional:
        raise FictionalError(f"{fictional}: simulated figures do not leave in a page's HTML")
    if sheet.page == "":
        body = _start(sheet)
    elif sheet.page == "methode":
        body = _heading(sheet.title) + _method(sheet)
    else:
        body = _heading(sheet.title) + whom(sheet) + _introduction(sheet) + _cards(sheet)
    return (
        f'<div id="first"><style>{_css()}</style>{_header(sheet)}<main>{body}{more}</main>'
        f"{_menu(sheet)}{_footer(sheet)}</div>"
    )


def message(title: str, text: str, more: str = "") -> str:
    """What stands there while there are no figures: two plain texts, and HTML after them."""
    told = f'<h1>{escape(title)}</h1><p role="status">{escape(text)}</p>'
    return f'<div id="first"><style>{_css()}</style><main>{told}{more}</main></div>'


def whom(sheet: Sheet) -> str:
    """The sentence that says whose answers are shown (HTML); none on a page that no filter changes."""
    if sheet.page in UNFILTERED:
        return ""
    survey, where, words = sheet.survey, sheet.view.where, sheet.words
    people = f"<b>{marked(filter_sentence(where, survey.variables, words), groups(survey), words)}</b>"
    month = words.month(survey.study.start)
    if not where:
        text = words("whom.everybody", people=people, month=month, n=words.number(survey.study.n))
    elif sheet.simulated or sheet.n is None:
        text = words("whom.switched_off", people=people, month=month)
    else:
        key = "whom.too_few" if sheet.n < SMALLEST_BASE else "whom.group"
        text = words(key, people=people, month=month, n=words.number(sheet.n))
    return f'<p class="who">{text}</p>'


def card(shown: Card, survey: Survey, words: Words) -> str:
    """One card: title, wording, the report's words on the group, bars, base and source."""
    notes = whose(shown, survey, words) if shown.origin != "simulated" else []
    heading = marked(title(shown, survey, words), named(shown.question), words)
    parts = [
        f'<h2 id="{escape(shown.question.id)}">{heading}</h2>',
        f'<p class="asked">{wording(shown, words)}</p>',
        said(shown, words) if shown.where and survey.statements else "",
        *(f'<p class="note">{escape(text)}</p>' for text in notes),
        table(shown, survey, words, compact=True),
        source(shown, survey, words, alone=False),
    ]
    return f"<section>{''.join(parts)}</section>"


def _has_simulated(shown: Card) -> bool:
    return shown.fictional or any(f.origin == "simulated" for f in shown.figures)


def _heading(text: str) -> str:
    return f"<h1>{escape(text)}</h1>"


def _header(sheet: Sheet) -> str:
    words = sheet.words
    languages = "".join(
        f'<a href="{_link(sheet.view, sheet.page, lang=lang)}" lang="{lang}" hreflang="{lang}">'
        f"{escape(words(f'language.name_{lang}'))}</a>"
        for lang in LANGS
        if lang != words.lang
    )
    return f"<header><b>{own(sheet.survey.study.short_title, words)}</b>{languages}</header>"


def _menu(sheet: Sheet) -> str:
    """The pages; after the figures, which on a phone are what must be seen first."""
    links = "".join(
        f'<a href="{_link(sheet.view, path)}"{CURRENT if path == sheet.page else ""}>{escape(name)}</a>'
        for path, name in sheet.pages.items()
    )
    return f'<nav aria-label="{escape(sheet.words("nav.menu"))}">{links}</nav>'


def _link(view: View, path: str, **changes: object) -> str:
    # relative, so that a prefix of the site does no harm
    return escape("." + view.url(path, **changes))


def _start(sheet: Sheet) -> str:
    survey, words = sheet.survey, sheet.words
    study = survey.study
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
    parts = [f"<h1>{own(study.title, words)}</h1>", f'<p class="who">{told}</p>']
    if study.since:
        parts.append(f"<p>{own(study.since, words)}</p>")
    if sheet.view.where:
        parts.append(f'<p class="note">{escape(words("embed.everybody"))}</p>')
    for keystone in survey.keystones:
        text = keystone_text(keystone, survey, words, sheet.figures)
        if text:
            name = next(p.title for p in survey.pages if p.id == keystone.page)
            more = words("start.more", page=words.of(name))
            link = f'<p><a href="{_link(sheet.view, keystone.page)}">{escape(more)}</a></p>'
            told = keystone_source(keystone, survey, words, sheet.figures)
            parts.append(f'<section><p class="keystone">{text}</p>{told}{link}</section>')
    return "".join([*parts, sheet.overview])


def _introduction(sheet: Sheet) -> str:
    page = next((p for p in sheet.survey.pages if p.id == sheet.page), None)
    words = sheet.words
    if page is not None and page.intro is not None:
        whole = f"<b>{escape(words('whom.intro'))}</b> " if sheet.view.where else ""
        return f"<p>{whole}{own(page.intro, words)}</p>"
    key = INTRODUCTIONS.get(sheet.page)
    return f"<p>{escape(words(key))}</p>" if key is not None else ""


def _method(sheet: Sheet) -> str:
    parts = []
    for section in sections(sheet.survey, sheet.simulated):
        parts.append(f"<h2>{escape(sheet.words(f'method.{section}.title'))}</h2>")
        parts.append(paragraphs(sheet.words(f"method.{section}.text"), sheet.survey, sheet.words))
        if section == "survey":
            parts.append(study_facts(sheet.survey, sheet.file, sheet.words))
    return "".join(parts)


def _cards(sheet: Sheet) -> str:
    return "".join(card(shown, sheet.survey, sheet.words) for shown in sheet.cards)


def _footer(sheet: Sheet) -> str:
    study, words = sheet.survey.study, sheet.words
    lines = (words("footer.independent"), words.of(study.citation), words.of(study.licence))
    texts = (study.citation, study.licence, study.commissioner)
    told = "".join(f"<p>{marked(line, texts, words)}</p>" for line in lines)
    return f"<footer>{told}{sheet.others}</footer>"


@cache
def _css() -> str:
    return CSS.read_text("utf-8").replace("\n", "")
