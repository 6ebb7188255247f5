"""What other sites show of a link: title, description and image of one card, never a simulated figure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from urllib.parse import quote, urlencode

from ens_dash.render.alternative import alt_text
from ens_dash.render.around import quoted, said_lead, told
from ens_dash.render.card import Card
from ens_dash.render.sentence import base_line, source_line, title
from ens_dash.survey.base import LANGS, Lang
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.view import View, filter_sentence

# pixels of the image that /api/v1/charts gives
WIDTH, HEIGHT = 2400, 1350
LOCALES: dict[Lang, str] = {"fr": "fr_FR", "en": "en_GB"}


@dataclass(frozen=True)
class Social:
    """What a link shows: all plain text."""

    title: str
    description: str
    image: str = ""
    alt: str = ""


def of_card(card: Card, survey: Survey, view: View, words: Words, base: str) -> Social:
    """A card's. It must have been made without simulated figures.

    Raises:
        ValueError: a simulated figure is on the card.
    """
    if card.fictional or any(f.origin == "simulated" for f in card.figures):
        raise ValueError(f"{card.question.id}: simulated figures do not leave in a social card")
    parts = []
    if card.whole_only:
        if card.origin == "simulated":
            people = filter_sentence(card.where, survey.variables, words)
            parts.append(words("social.whole", people=people))
        if survey.statements:
            parts.append(_said(card, words))
    printed = card.whole_origin == "published"
    parts += [
        f"{base_line(card, survey, words)}.",
        source_line(card.question, survey, words, printed=printed),
    ]
    return Social(
        title=title(card, survey, words),
        description=" ".join(parts),
        image=image_address(card, view, base, simulated=card.origin == "simulated" or printed),
        alt=alt_text(card, survey, words),
    )


def image_address(card: Card, view: View, base: str, simulated: bool) -> str:
    """The card's chart as an image, with the report's figures only where others would be simulated."""
    only = view.only(where=card.where, mode="report" if simulated else None)
    query = urlencode(only.query(), quote_via=quote, safe=",")
    return f"{base}/api/v1/charts/{quote(card.question.id)}.png?{query}"


def _said(card: Card, words: Words) -> str:
    """The nearest of the report's statements on the group, in its words; a link's card holds no more."""
    if not card.said:
        return words("said.nothing")
    entries = told(card.said)[0]
    quote = quoted(entries[0].statement, words)
    return f"{said_lead(entries, words)} {quote} {words('said.no_figure')}"


def tags(social: Social, words: Words, address: str, other: dict[Lang, str], link: str) -> str:
    """The tags of a page's head. `address`: the page's own; `other`: the same page in each language;
    `link`: where a shared link leads, with the claim or the briefing that it holds."""
    named = [("name", "description", social.description)]
    named += [
        ("property", "og:type", "website"),
        ("property", "og:site_name", words("site.name")),
        ("property", "og:locale", LOCALES[words.lang]),
        *(("property", "og:locale:alternate", LOCALES[lang]) for lang in LANGS if lang != words.lang),
        ("property", "og:url", link),
        ("property", "og:title", social.title),
        ("property", "og:description", social.description),
    ]
    if social.image:
        named += [
            ("property", "og:image", social.image),
            ("property", "og:image:type", "image/png"),
            ("property", "og:image:width", str(WIDTH)),
            ("property", "og:image:height", str(HEIGHT)),
            ("property", "og:image:alt", social.alt),
            ("name", "twitter:image", social.image),
            ("name", "twitter:image:alt", social.alt),
        ]
    named += [
        ("name", "twitter:card", "summary_large_image" if social.image else "summary"),
        ("name", "twitter:title", social.title),
        ("name", "twitter:description", social.description),
    ]
    lines = [f'<meta {kind}="{key}" content="{escape(value)}">' for kind, key, value in named]
    lines.append(f'<link rel="canonical" href="{escape(address)}">')
    lines += [f'<link rel="alternate" hreflang="{lang}" href="{escape(url)}">' for lang, url in other.items()]
    return "\n    ".join(lines)


def page_address(view: View, base: str, page: str, lang: Lang | None = None) -> str:
    """A page's address with what decides what it shows, and without how: no layout, briefing, or claim."""
    kept = replace(view, layout=None, claim="", briefing=(), mode=None, lang=lang or view.lang)
    return base + kept.url(page)


def shared_address(view: View, base: str, page: str) -> str:
    """Where a shared link leads: all that it holds but the layout and the mode."""
    return base + replace(view, layout=None, mode=None).url(page)
