"""The pieces of a slide: the empty deck, titles, boxes of text that hold their words, notes, the footer.

Sizes are points: a slide of 16:9 is 960 x 540 of them.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pptx
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.presentation import Presentation
from pptx.slide import Slide as PptxSlide
from pptx.util import Length, Pt

from ens_dash.render.fit import BETWEEN, LINE, cut, fitting, height, width
from ens_dash.survey.base import Lang
from ens_dash.survey.characters import clean

WIDTH, HEIGHT, SIDE = 960.0, 540.0, 36.0
INNER = WIDTH - 2 * SIDE
FONT = "Arial"
# what a program writes between languages of a text, for its spelling and for who has it read aloud
LANGUAGES: dict[Lang, str] = {"fr": "fr-FR", "en": "en-GB"}
_LAYOUT = "Title Only"
_PAD = 6.0


@dataclass(frozen=True)
class Box:
    """A place on a slide: left, top, width and height in points."""

    x: float
    y: float
    w: float
    h: float

    @property
    def emu(self) -> tuple[Length, Length, Length, Length]:
        return Pt(self.x), Pt(self.y), Pt(self.w), Pt(self.h)


@dataclass(frozen=True)
class Text:
    """A paragraph: `lead` stands before `text` in bold and in `color`, of which the rest is where
    `all_colored`."""

    text: str
    lead: str = ""
    color: str = ""
    all_colored: bool = False
    link: str = ""

    @property
    def plain(self) -> str:
        return f"{self.lead} {self.text}".strip()


def new_deck() -> Presentation:
    """A deck of 16:9 without slides."""
    return pptx.Presentation(io.BytesIO(_template()))


@cache
def _template() -> bytes:
    """python-pptx's own empty deck, made as wide as 16:9, with the one layout that is used and our font."""
    deck = pptx.Presentation()
    scale = Pt(WIDTH) / deck.slide_width
    deck.slide_width, deck.slide_height = Pt(WIDTH), Pt(HEIGHT)
    for layout in list(deck.slide_layouts):
        if layout.name != _LAYOUT:
            deck.slide_layouts.remove(layout)
    for shape in (*deck.slide_master.shapes, *deck.slide_layouts[0].shapes):
        if shape.element.xpath(".//a:xfrm"):
            shape.left, shape.width = round(shape.left * scale), round(shape.width * scale)
    theme = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = theme.blob.replace(b'typeface="Calibri"', f'typeface="{FONT}"'.encode())
    package = deck.part.package
    for key, relation in list(package._rels.items()):
        # a picture of somebody else's slide, and the program that made it
        if relation.reltype in (RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES):
            package._rels.pop(key)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def add_slide(deck: Presentation, title: str, color: str, lang: Lang, box: Box, largest: float) -> PptxSlide:
    """A slide with its title: a real one, so that it stands in the outline and is read aloud first."""
    slide: PptxSlide = deck.slides.add_slide(deck.slide_layouts[0])
    shape = slide.shapes.title
    assert shape is not None, "the layout has a title"
    shape.left, shape.top, shape.width, shape.height = box.emu
    title = clean(title)
    size = fitting([title], (box.w, box.h), largest, 13, bold=True)
    shown = cut(title, size, (box.w, box.h), "", bold=True)
    frame = _frame(shape, MSO_ANCHOR.BOTTOM)
    _write(frame.paragraphs[0], Text("", lead=shown, color=color), size, color, lang)
    return slide


def text_box(
    slide: PptxSlide,
    box: Box,
    texts: Sequence[Text],
    lang: Lang,
    color: str,
    sizes: tuple[float, float],
    *,
    fill: str = "",
    more: str = "",
    center: bool = False,
) -> Any:
    """Paragraphs in a box, at the largest of `sizes` (largest, smallest) at which they stand in it.

    What does not even at the smallest is cut, and ends in `more`. `fill`: the colour of the box, which then
    has a margin.
    """
    pad = _PAD if fill else 0.0
    room = (box.w - 2 * pad, box.h - 2 * pad)
    texts = [_cleaned(t) for t in texts]
    size = fitting([t.plain for t in texts], room, *sizes)
    texts = _held(texts, size, room, more)
    shape = slide.shapes.add_textbox(*box.emu)
    if fill:
        shape.fill.solid()
        shape.fill.fore_color.rgb = rgb(fill)
    frame = _frame(shape, MSO_ANCHOR.TOP, pad)
    for i, text in enumerate(texts):
        paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        _write(paragraph, text, size, color, lang)
        if i:
            paragraph.space_before = Pt(size * BETWEEN)
        if center:
            paragraph.alignment = PP_ALIGN.CENTER
    return shape


def needed(texts: Sequence[Text], room: float, size: float, *, filled: bool = False) -> float:
    """How high a box of these paragraphs is at a size."""
    pad = _PAD if filled else 0.0
    return height([clean(t.plain) for t in texts], size, room - 2 * pad) + 2 * pad + 2


def badge(slide: PptxSlide, x: float, y: float, text: str, ink: str, paper: str, lang: Lang) -> float:
    """A word on a coloured ground; returns where the next may begin."""
    size, high = 13.0, 22.0
    wide = width(text, size, bold=True) + 16
    shape = slide.shapes.add_shape(MSO_SHAPE.ROUNDED_RECTANGLE, Pt(x), Pt(y), Pt(wide), Pt(high))
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb(paper)
    shape.line.fill.background()
    shape.shadow.inherit = False
    frame = _frame(shape, MSO_ANCHOR.MIDDLE)
    frame.word_wrap = False
    _write(frame.paragraphs[0], Text("", lead=text, color=ink), size, ink, lang)
    frame.paragraphs[0].alignment = PP_ALIGN.CENTER
    return x + wide + 8


def across(slide: PptxSlide, box: Box, text: str, color: str, lang: Lang) -> None:
    """Words across a place, seen through: no part of it can be cut out without some of them."""
    size = fitting([text], (box.w * 0.95, 60), 44, 16, bold=True)
    high = size * LINE * 1.2
    place = Box(box.x, box.y + (box.h - high) / 2, box.w, high)
    shape = text_box(slide, place, [Text("", lead=text, color=color)], lang, color, (size, size), center=True)
    shape.rotation = -14
    for solid in shape._element.iter("{*}srgbClr"):
        solid.append(parse_xml(f'<a:alpha {nsdecls("a")} val="30000"/>'))


def footer(slide: PptxSlide, number: int, text: str, color: str, lang: Lang) -> None:
    """Source and release, and the slide's number: a field, so that it follows where the slide is moved to."""
    text_box(slide, Box(SIDE, 516, INNER - 60, 14), [Text(text)], lang, color, (9, 6))
    shape = slide.shapes.add_textbox(Pt(WIDTH - SIDE - 50), Pt(516), Pt(50), Pt(14))
    shape.name = "Slide Number"
    paragraph = _frame(shape, MSO_ANCHOR.TOP).paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT
    ink = f'<a:solidFill><a:srgbClr val="{color.lstrip("#").upper()}"/></a:solidFill>'
    field = (
        f'<a:fld {nsdecls("a")} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">'
        f'<a:rPr lang="{LANGUAGES[lang]}" sz="900">{ink}</a:rPr><a:t>{number}</a:t></a:fld>'
    )
    paragraph._p.insert(len(paragraph._p.findall("{*}pPr")), parse_xml(field))


def speak(slide: PptxSlide, paragraphs: Sequence[str]) -> None:
    """The speaker's notes."""
    frame = slide.notes_slide.notes_text_frame
    assert frame is not None, "the notes' own template has a place for text"
    frame.text = "\n".join(clean(p) for p in paragraphs if p)


def rgb(colour: str) -> RGBColor:
    red, green, blue = bytes.fromhex(colour.lstrip("#"))
    return RGBColor(red, green, blue)  # type: ignore[no-untyped-call]


def _cleaned(text: Text) -> Text:
    return replace(text, text=clean(text.text), lead=clean(text.lead))


def _held(texts: Sequence[Text], size: float, room: tuple[float, float], more: str) -> list[Text]:
    """The paragraphs that stand in the room, the last of them cut where it does not whole."""
    kept: list[Text] = []
    left = room[1]
    for text in texts:
        needs = height([text.plain], size, room[0])
        if needs <= left:
            kept.append(text)
            left -= needs + size * BETWEEN
            continue
        if left >= size * LINE:
            shown = cut(text.plain, size, (room[0], left), more)
            rest = shown.removeprefix(text.lead).lstrip() if shown.startswith(text.lead) else ""
            kept.append(replace(text, text=rest))
        break
    return kept


def _frame(shape: Any, anchor: MSO_ANCHOR, pad: float = 0.0) -> Any:
    frame = shape.text_frame
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = anchor
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Pt(pad)
    return frame


def _write(paragraph: Any, text: Text, size: float, color: str, lang: Lang) -> None:
    paragraph.alignment = PP_ALIGN.LEFT
    paragraph.line_spacing = 1.0
    for part, bold in ((text.lead, True), (text.text, False)):
        if not part:
            continue
        run = paragraph.add_run()
        run.text = part if bold or not text.lead else f" {part}"
        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = rgb(text.color if text.color and (bold or text.all_colored) else color)
        run._r.get_or_add_rPr().set("lang", LANGUAGES[lang])
        if text.link and not bold:
            run.hyperlink.address = text.link
