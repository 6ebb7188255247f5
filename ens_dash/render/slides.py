"""A briefing as a PowerPoint file of 16:9: a cover, one finding a slide, and how the figures were made.

Charts are native, so that they can be edited. What must not be parted from a number stands on its slide:
whose figure it is (in words, across the plot too where it is fictitious), base and source. Wording,
intervals, the report's words in full and the permalink are in the speaker's notes (render.deck).

The file's own properties (docProps/custom.xml) are `permalink`, `release`, `survey`, `origins` and the stamp,
under the name `ens_dash`; long ones stand in pieces of 255 characters: see `pieces.whole`.
"""

from __future__ import annotations

from collections.abc import Sequence

from pptx.presentation import Presentation
from pptx.slide import Slide as PptxSlide

from ens_dash.render.alternative import alt_text
from ens_dash.render.around import under
from ens_dash.render.card import Card
from ens_dash.render.deck import (
    Deck,
    Slide,
    about_group,
    cover_lines,
    fiction,
    heading,
    method_lines,
    notes,
    quotations,
)
from ens_dash.render.office import saved, set_custom_properties
from ens_dash.render.pieces import LONGEST_PROPERTY
from ens_dash.render.slide_chart import add_chart, drawn
from ens_dash.render.slide_parts import (
    HEIGHT,
    INNER,
    SIDE,
    Box,
    Text,
    across,
    add_slide,
    badge,
    footer,
    needed,
    new_deck,
    speak,
    text_box,
)
from ens_dash.render.stamp import KEY
from ens_dash.render.style import ink_on
from ens_dash.survey.characters import clean
from ens_dash.view import filter_sentence

AUTHOR = "ens_dash"
PANEL, GAP = 268.0, 16.0
TITLE = Box(SIDE, 16, INNER, 58)
BODY_TOP, FOOT_BOTTOM = 130.0, 510.0
FOOT_SIZES, PANEL_SIZES = (11.0, 7.0), (12.5, 7.0)
LEAST_FOOT, MOST_FOOT = 24.0, 96.0
# of the panel, for the presenter's note where the report's words stand above it
MOST_NOTE = 0.5
SAID, NOTE, PUBLISHED, PUBLISHED_INK = "#ECF5F4", "#F3F5F8", "#D9F2E6", "#0C4A37"
# an address that a program is sure to follow
LONGEST_LINK = 2000


def presentation(slides: Sequence[Slide], deck: Deck) -> bytes:
    """The bytes of a .pptx file."""
    made = new_deck()
    _cover(made, slides, deck)
    for number, slide in enumerate(slides, start=2):
        _finding(made, slide, number, deck)
    _method(made, slides, len(slides) + 2, deck)
    _properties(made, slides, deck)
    return saved(made)


def _properties(made: Presentation, slides: Sequence[Slide], deck: Deck) -> None:
    words, study = deck.words, deck.survey.study
    fictional = any(s.fictional for s in slides)
    name = words("slides.cover", title=words.of(study.title))
    core = made.core_properties
    core.title = (f"{deck.mark} – {name}" if fictional else name)[:LONGEST_PROPERTY]
    core.subject = words.of(study.title)[:LONGEST_PROPERTY]
    core.author = core.last_modified_by = AUTHOR
    core.keywords = " ".join(filter(None, (deck.mark if fictional else "", deck.release.id)))
    core.created = core.modified = deck.made
    core.revision = 1
    core.comments = ""
    # python-pptx has a limit of its own; the format has none
    [told_of] = core._element.findall("{*}description")
    told_of.text = f"{deck.permalink} ({deck.release.id})"
    origins = sorted({f.origin for s in slides for f in s.extract.figures if s.fictional or not f.segment})
    set_custom_properties(
        made,
        {
            "permalink": deck.permalink,
            "release": deck.release.id,
            "survey": study.id,
            "origins": " ".join(origins) or "none",
            KEY: clean(deck.stamp),
        },
    )


def _footer(slide: PptxSlide, number: int, deck: Deck) -> None:
    text = deck.words("slides.footer", source=deck.survey.study.report, release=deck.release.id)
    footer(slide, number, text, deck.style.quiet, deck.words.lang)


def _cover(made: Presentation, slides: Sequence[Slide], deck: Deck) -> None:
    """What this is, of which survey, who made it, and how many slides are not to be quoted."""
    words, study, style = deck.words, deck.survey.study, deck.style
    name = words("slides.cover", title=words.of(study.title))
    slide = add_slide(made, name, style.strong, words.lang, Box(SIDE, 40, INNER, 96), 36)
    texts = [Text(line) for line in cover_lines(deck)]
    texts.append(Text("", lead=words("footer.independent")))
    text_box(slide, Box(SIDE, 150, INNER, 190), texts, words.lang, style.text, (18, 10))
    warning, fictional = fiction(slides, deck)
    if fictional:
        box, paper = Box(SIDE, 356, INNER, 60), style.fictional_paper
        text = [Text("", lead=warning, color=style.fictional)]
        text_box(slide, box, text, words.lang, style.text, (18, 10), fill=paper)
    elif warning:
        text = [Text(warning)]
        text_box(slide, Box(SIDE, 356, INNER, 30), text, words.lang, style.text, (16, 10))
    release = Text(words("slides.release", release=deck.release.id, day=words.day(deck.day)))
    linked = deck.permalink.startswith("http") and len(deck.permalink) <= LONGEST_LINK
    link = Text(words("slides.online"), link=deck.permalink) if linked else Text(words("slides.in_notes"))
    text_box(slide, Box(SIDE, 434, INNER, 60), [release, link], words.lang, style.quiet, (13, 8))
    _footer(slide, 1, deck)
    speak(slide, [words("slides.permalink", permalink=deck.permalink)])


def _finding(made: Presentation, slide: Slide, number: int, deck: Deck) -> None:
    words, style, card = deck.words, deck.style, slide.card
    page = add_slide(made, heading(slide, deck), style.text, words.lang, TITLE, 26)
    reading = [Text(words.of(card.question.reading))]
    text_box(page, Box(SIDE, 76, INNER, 20), reading, words.lang, style.quiet, (13, 7))
    _badges(page, slide, deck)
    foot = [
        Text(line.text, line.tag, style.fictional if line.origin == "fictional" else PUBLISHED_INK)
        for line in under(card, deck.survey, words)
        # no interval is drawn: the notes have them
        if line.text not in (words("interval.line"), words("interval.line_plain"))
    ]
    high = min(max(needed(foot, INNER, 10), LEAST_FOOT), MOST_FOOT)
    more = words("slides.cut")
    place = Box(SIDE, FOOT_BOTTOM - high, INNER, high)
    text_box(page, place, foot, words.lang, style.quiet, FOOT_SIZES, more=more)
    body = Box(SIDE, BODY_TOP, INNER, FOOT_BOTTOM - high - 6 - BODY_TOP)
    beside = _panel(page, slide, body, deck)
    room = Box(body.x, body.y, INNER - (PANEL + GAP if beside else 0), body.h)
    shown = drawn(slide.extract, card)
    if shown.columns:
        alt = alt_text(card, deck.survey, words)
        add_chart(page, room, shown, card, words, style, deck.made, clean(alt))
    else:
        people = filter_sentence(card.where, deck.survey.variables, words)
        text_box(page, room, [Text(words("card.too_few", people=people))], words.lang, style.text, (16, 9))
    if slide.fictional:
        across(page, room, deck.mark, style.fictional, words.lang)
    _footer(page, number, deck)
    speak(page, notes(slide, deck))


def _badges(page: PptxSlide, slide: Slide, deck: Deck) -> None:
    """Whose figures the bars are, in words."""
    words, style, card = deck.words, deck.style, slide.card
    origin = "published" if card.whole_origin == "published" else "microdata"
    mark = words(f"origin.{origin}").upper()
    x = SIDE
    if slide.fictional:
        text = words("slides.solid", mark=mark)
    else:
        text = words("slides.whole", mark=mark) if card.whole_only else mark
    x = badge(page, x, 100, text, PUBLISHED_INK, PUBLISHED, words.lang)
    if slide.fictional:
        text = words("slides.do_not_quote", mark=words("slides.hatched", mark=deck.mark))
        badge(page, x, 100, text, ink_on(style.fictional), style.fictional, words.lang)


def _panel(page: PptxSlide, slide: Slide, body: Box, deck: Deck) -> bool:
    """Beside the chart: what the report says of the group, why a number is missing, the presenter's note.
    Returns whether there is any."""
    words, style = deck.words, deck.style
    said, note = _said(slide.card, deck), _note(slide, deck)
    x, size, more = body.x + INNER - PANEL, PANEL_SIZES[0], words("slides.cut")
    wants = needed(note, PANEL, size, filled=True) if note else 0.0
    most = body.h if not said else body.h * MOST_NOTE
    high = min(wants, most)
    if said:
        room = body.h - (high + 8 if note else 0)
        box = Box(x, body.y, PANEL, min(needed(said, PANEL, size, filled=True), room))
        text_box(page, box, said, words.lang, style.text, PANEL_SIZES, fill=SAID, more=more)
    if note:
        box = Box(x, body.y + body.h - high, PANEL, high)
        text_box(page, box, note, words.lang, style.text, PANEL_SIZES, fill=NOTE, more=more)
    return bool(said or note)


def _said(card: Card, deck: Deck) -> list[Text]:
    """The report's own words on the group, or that it has none; why a number is not shown."""
    words = deck.words
    found = [Text(text) for text in about_group(card, deck)]
    if card.where and deck.survey.statements:
        quoted = [Text(quotation, lead) for lead, quotation in quotations(card, words)]
        found += quoted or [Text(words("said.nothing"))]
    return found


def _note(slide: Slide, deck: Deck) -> list[Text]:
    note = slide.note.strip()
    if not note:
        return []
    return [Text("", lead=deck.words("slides.presenter"), color=deck.style.quiet), Text(note)]


def _method(made: Presentation, slides: Sequence[Slide], number: int, deck: Deck) -> None:
    """How the survey was made, and what its figures cannot say."""
    words, style = deck.words, deck.style
    slide = add_slide(made, words("slides.method"), style.strong, words.lang, TITLE, 26)
    texts = [Text(text, lead) for lead, text in method_lines(slides, deck)]
    text_box(slide, Box(SIDE, 84, INNER, HEIGHT - 84 - 40), texts, words.lang, style.text, (15, 7))
    _footer(slide, number, deck)
    speak(slide, [t.plain for t in texts])
