"""The start page of a survey that has no lines of its own: its pages, and first figures of each (HTML)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from ens_dash.render.card import Card
from ens_dash.render.langs import marked, named, own
from ens_dash.render.sentence import base_line, value
from ens_dash.survey.model import Page, Survey
from ens_dash.text import Words

# questions of a page that are told with a figure
SHOWN = 4


def overview(
    survey: Survey, cards: Mapping[str, Sequence[Card]], words: Words, link: Callable[[str], str]
) -> str:
    """Each page with its questions, the first of them with a figure. `cards`: of each page, everybody's;
    `link`: the address of a page."""
    parts = [f"<h2>{escape(words('overview.title'))}</h2>"]
    parts += [_page(page, survey, cards.get(page.id, ()), words, link(page.id)) for page in survey.pages]
    return "".join(parts)


def _page(page: Page, survey: Survey, cards: Sequence[Card], words: Words, address: str) -> str:
    name, href = own(page.title, words), escape(address, quote=True)
    lines = "".join(f"<li>{_line(card, survey, words)}</li>" for card in cards[:SHOWN])
    left = len(cards) - SHOWN
    if left > 0:
        lines += f"<li>{escape(words('overview.more', n=words.number(left)))}</li>"
    origin = next((c.whole_origin for c in cards), None)
    tag = ""
    if origin in ("published", "microdata"):
        told = escape(words(f"origin.{origin}").upper())
        tag = f'<p class="source"><span class="tag {origin}">{told}</span></p>'
    return (
        f'<section class="overview"><h3><a href="{href}" target="_self">{name}</a></h3><ul>{lines}</ul>{tag}'
        "</section>"
    )


def _line(card: Card, survey: Survey, words: Words) -> str:
    """A question with its first figure, and on whom it is based."""
    title = own(card.question.title, words)
    row = next((r for r in card.rows if r.main.whole is not None and r.main.whole.quotable), None)
    if row is None:
        return title
    question = card.question
    answer = words("claim.named", text=question.answer_label(row.main.answer, words.lang))
    label = question.item_label(row.item, words.lang) if row.item else answer
    told = words(
        "overview.figure",
        value=value(row.main.whole, words),
        label=label if question.kind != "number" or row.item else words.of(question.reading),
        base=base_line(card, survey, words),
    )
    return f"{title}<br><b>{marked(told, named(question), words)}</b>"
