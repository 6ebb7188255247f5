"""A card -> a picture that may go out alone: the chart with title, question, base, origin, source and
permalink drawn inside it, as one plotly figure of 16:9.

The layout is chosen in pixels of its own, as wide as the content needs, and the whole is then scaled to
WIDTH x HEIGHT: a chart of two bars gets large letters, one of seven small ones, and nothing is cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ens_dash.render.around import asked, quoted, said_lead, told, under, why_hidden
from ens_dash.render.blocks import Block, block, heights, placed
from ens_dash.render.canvas import escape
from ens_dash.render.card import Card
from ens_dash.render.chart import chart
from ens_dash.render.sentence import title
from ens_dash.render.style import Style
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.view import filter_sentence

WIDTH, HEIGHT = 1200, 675
# how wide the layout may be before it is scaled to WIDTH
NARROWEST, WIDEST, STEP = 864, 2400, 16
SIDE, AXIS, LABELS = 36, 26, 350
TITLE, TEXT, SMALL, ACROSS = 25, 14.5, 12.5, 62
QUOTATIONS = 2


@dataclass(frozen=True)
class Facts:
    """What a picture says besides its card: where it is found again, and of which release it is."""

    permalink: str
    release: str
    version: str


@dataclass(frozen=True)
class Own:
    """The title over a picture, and a presenter's note below it (empty: none)."""

    title: str
    note: str = ""


def poster(
    card: Card, survey: Survey, words: Words, style: Style, facts: Facts, own: Own | None = None
) -> dict[str, Any]:
    """The picture as a plotly figure; `layout.width` and `layout.height` are in its own pixels (16:9).

    Scaled by WIDTH / `layout.width` it is WIDTH x HEIGHT. `own`: what a presenter wrote.
    """
    own = own or Own(title(card, survey, words))
    for width in range(NARROWEST, WIDEST + 1, STEP):
        inner = width - 2 * SIDE
        drawn = chart(card, survey, words, style, labels=LABELS / inner)
        over = _over(card, survey, words, style, inner, own)
        below = _below(card, survey, words, style, facts, inner)
        needed = heights(over) + drawn["layout"]["height"] + heights(below) + 2 * SIDE * 0.7
        height = width * HEIGHT / WIDTH
        if needed <= height or width + STEP > WIDEST:
            return _laid_out(drawn, over, below, (width, max(height, needed)), _across(card, words, style))
    raise AssertionError("the last width is always taken")


def _over(card: Card, survey: Survey, words: Words, style: Style, inner: float, own: Own) -> list[Block]:
    blocks = [block(own.title, TITLE, style.text, inner, gap=8, bold=True)]
    reading = words.of(card.question.reading)
    blocks.append(block(f"{asked(card, words)} {reading}", TEXT, style.quiet, inner, gap=6))
    if card.where:
        people = filter_sentence(card.where, survey.variables, words)
        blocks.append(block(words("poster.filter", people=people), TEXT, style.text, inner, gap=6))
        said = _said(card, words) if survey.statements else []
        blocks += [block(text, TEXT, style.text, inner, gap=4) for text in said]
    hidden = why_hidden(card, survey, words)
    if hidden:
        blocks.append(block(hidden, TEXT, style.text, inner, gap=4))
    if own.note:
        blocks.append(block(own.note, TEXT, style.text, inner, gap=6))
    return blocks


def _said(card: Card, words: Words) -> list[str]:
    if not card.said:
        return [words("said.nothing")]
    return [
        f"{said_lead(entries, words)} {quoted(entries[0].statement, words)} {words('said.no_figure')}"
        for entries in told(card.said)[:QUOTATIONS]
    ]


def _below(card: Card, survey: Survey, words: Words, style: Style, facts: Facts, inner: float) -> list[Block]:
    blocks = []
    for line in under(card, survey, words):
        color = style.fictional if line.origin == "fictional" else style.quiet
        found = block(f"{line.tag}  {line.text}".strip(), SMALL, color, inner, gap=3)
        if line.tag:
            first = found.lines[0].replace(escape(line.tag), f"<b>{escape(line.tag)}</b>", 1)
            found = replace(found, lines=(first, *found.lines[1:]))
        blocks.append(found)
    site = f"{words('site.name')}. {words('footer.independent')} "
    site += words("footer.version", version=facts.version, release=facts.release)
    return [*blocks, *(block(text, SMALL, style.quiet, inner, gap=3) for text in (site, facts.permalink))]


def _across(card: Card, words: Words, style: Style) -> list[dict[str, Any]]:
    """The words that stand across a fictional plot, so that no part of it can go without them."""
    if not card.fictional:
        return []
    text = f"<b>{escape(words('origin.fictional').upper())}</b>"
    font = {"size": ACROSS, "color": style.fictional}
    place = {"x": 0.5, "y": 0.45, "xref": "paper", "yref": "paper", "xanchor": "center", "yanchor": "middle"}
    return [{"text": text, "showarrow": False, "textangle": -14, "opacity": 0.2, "font": font} | place]


def _laid_out(
    drawn: dict[str, Any],
    over: Sequence[Block],
    below: Sequence[Block],
    size: tuple[float, float],
    across: list[dict[str, Any]],
) -> dict[str, Any]:
    """The chart's own layout with room above and below it, where the texts stand."""
    width, height = size
    layout = drawn["layout"]
    plot = layout["height"] - AXIS
    edge = SIDE * 0.7
    spare = height - heights(over) - heights(below) - plot - AXIS - 2 * edge
    top = edge + heights(over) + max(spare, 0) / 3
    bottom = height - top - plot
    texts, y = [], edge
    for found in over:
        texts.append(placed(found, 1, "top", top - y))
        y += found.height
    y = height - edge - heights(below)
    for found in below:
        texts.append(placed(found, 0, "top", height - bottom - y))
        y += found.height
    margin = {"l": SIDE, "r": SIDE, "t": top, "b": bottom, "pad": 0}
    annotations = [*across, *layout["annotations"], *texts]
    changed = {"width": width, "height": height, "margin": margin, "paper_bgcolor": "#ffffff"}
    return drawn | {"layout": layout | changed | {"annotations": annotations}}
