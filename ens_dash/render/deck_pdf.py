"""A briefing as a PDF: the same cover, findings and method as the slides, each page a picture of 16:9."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pypdf import PdfReader, PdfWriter

from ens_dash import __version__
from ens_dash.render.blocks import Block, block, heights, placed
from ens_dash.render.deck import Deck, Slide, cover_lines, fiction, heading, method_lines
from ens_dash.render.poster import HEIGHT, SIDE, WIDTH, Facts, Own, poster
from ens_dash.render.stamp import stamped_pdf
from ens_dash.render.style import template

TITLE, TEXT, SMALL = 30.0, 17.0, 12.5
# sheets that a text page may be laid out on before it is scaled to WIDTH: few lines get large letters
SHEETS = (0.7, 0.8, 0.9, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0)


def pages(slides: Sequence[Slide], deck: Deck) -> list[dict[str, Any]]:
    """Each page as a plotly figure of WIDTH : HEIGHT."""
    words, style = deck.words, deck.style
    cover = [(line, style.text) for line in cover_lines(deck)]
    cover.append((words("footer.independent"), style.text))
    warning, fictional = fiction(slides, deck)
    if warning:
        cover.append((warning, style.fictional if fictional else style.text))
    cover.append((words("slides.release", release=deck.release.id, day=words.day(deck.day)), style.quiet))
    name = words("slides.cover", title=words.of(deck.survey.study.title))
    method = [(f"{lead} {text}".strip(), style.text) for lead, text in method_lines(slides, deck)]
    findings = [_finding(slide, deck) for slide in slides]
    return [
        _text_page(name, cover, deck.permalink, deck),
        *findings,
        _text_page(words("slides.method"), method, "", deck),
    ]


def joined(documents: Sequence[bytes], deck: Deck) -> bytes:
    """One PDF of single pages, with its title and stamp."""
    writer = PdfWriter()
    for document in documents:
        writer.append(PdfReader(io.BytesIO(document)))
    out = io.BytesIO()
    writer.write(out)
    name = deck.words("slides.cover", title=deck.words.of(deck.survey.study.title))
    return stamped_pdf(out.getvalue(), deck.stamp, name)


def _finding(slide: Slide, deck: Deck) -> dict[str, Any]:
    words, note = deck.words, slide.note.strip()
    told = words("slides.value", label=words("slides.presenter"), value=note) if note else ""
    facts = Facts(slide.extract.permalink, deck.release.id, __version__)
    return poster(slide.card, deck.survey, words, deck.style, facts, Own(heading(slide, deck), told))


def _text_page(name: str, lines: Sequence[tuple[str, str]], link: str, deck: Deck) -> dict[str, Any]:
    """A page of paragraphs: each a text and its colour."""
    style = deck.style
    for times in SHEETS:
        width, height = WIDTH * times, HEIGHT * times
        inner = width - 2 * SIDE
        blocks: list[Block] = [block(name, TITLE, style.strong, inner, gap=14, bold=True)]
        blocks += [block(text, TEXT, color, inner, gap=8) for text, color in lines]
        if link:
            # capitals and digits without a space: wider than a sentence
            blocks.append(block(link, SMALL, style.quiet, inner * 0.8, gap=0))
        if heights(blocks) <= height - 2 * SIDE:
            break
    y, texts = 0.0, []
    for found in blocks:
        texts.append(placed(found, 1, "top", -y))
        y += found.height
    hidden = {"visible": False, "range": [0, 1], "fixedrange": True}
    layout = {
        "template": {"layout": template(style)},
        "width": width,
        "height": height,
        "margin": {"l": SIDE, "r": SIDE, "t": SIDE, "b": SIDE, "pad": 0},
        "paper_bgcolor": "#ffffff",
        "xaxis": hidden,
        "yaxis": hidden,
        "annotations": texts,
    }
    return {"data": [], "layout": layout}
