"""A card -> a plotly figure, as a dictionary. The same figure is on screen and in files.

Simulated bars are thinner, hatched and in the warning colour; the word stands inside the plot and beside
each number, so that a cropped picture still says it.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from ens_dash.estimate.figures import Figure
from ens_dash.render.canvas import (
    BAR,
    LINE,
    MEAN_ROOM,
    ROOM,
    ROOM_FOR_WORD,
    THIN,
    Canvas,
    escape,
    percent_axis,
    traces,
)
from ens_dash.render.card import Card, Part, Row, in_pieces
from ens_dash.render.sentence import value
from ens_dash.render.style import Style, ink_on, template
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.view import filter_sentence

NEGATIVE_ROOM = 0.12
MARK = "◆"
WIDE_ENOUGH = 0.5  # a bar that holds its number and the word beside it
NUMBER_ROOM = 0.12  # a number beside a bar, on a phone
SMALLEST_INSIDE = 0.12  # a share whose number still fits inside its piece of a stacked bar on a phone


class Side(Enum):
    """Whose figure of a part is meant: everybody's, or the group's."""

    whole = "whole"
    group = "group"

    def __call__(self, part: Part | None) -> Figure | None:
        return getattr(part, self.value) if part is not None else None


def chart(card: Card, survey: Survey, words: Words, style: Style, *, labels: float = 0.0) -> dict[str, Any]:
    """The card's plotly figure: `{"data": […], "layout": {…}}`, its height in `layout.height` (pixels).

    `labels`: the share of the width (0-1) that is a column for the bars' labels; 0: they stand above.
    """
    canvas = Canvas(style)
    means = card.kind == "number"
    top = max((p.est or 0 for row in card.rows for p in _numbers(row)), default=1.0) if means else 1.0
    if any(row.against for row in card.rows):
        deepest = max(sum(_est(p) for p in row.against) for row in card.rows)
        canvas.left = -(deepest + NEGATIVE_ROOM) * top
    pieces = in_pieces(card)
    room = ROOM_FOR_WORD if (card.fictional or card.whole_only) and not pieces else ROOM
    right = (MEAN_ROOM if means else room) * top
    named = len(card.rows) > 1 or any(row.item for row in card.rows)
    axis = not (means or pieces or (card.kind == "single" and not named))
    if labels and named and not pieces:
        canvas.label_room = labels / (1 - labels) * (right - canvas.left)
    _key(canvas, card, survey, words)
    if pieces:
        _stack(canvas, card, words)
    else:
        for row in card.rows:
            _row(canvas, card, row, words, labelled=len(card.rows) > 1 or row.item is not None)
    layout: dict[str, Any] = {
        "template": {"layout": template(style)},
        "height": round(canvas.y) + 26,
        "annotations": canvas.annotations,
        "yaxis": {"range": [canvas.y, 0], "visible": False, "fixedrange": True},
        "xaxis": percent_axis(canvas.edge, right, style, words, labelled=axis),
    }
    return {"data": traces(canvas, style), "layout": layout}


def _numbers(row: Row) -> list[Any]:
    return [f for p in (row.main, row.beside) if p for f in (p.whole, p.group) if f is not None]


def _est(part: Part) -> float:
    figure = part.whole or part.group
    return figure.est if figure is not None and figure.est is not None else 0.0


def _key(canvas: Canvas, card: Card, survey: Survey, words: Words) -> None:
    """What the kinds of bars are, in words; first the warning, where something is fictional."""
    style, question = canvas.style, card.question
    if card.fictional:
        canvas.badge(words("origin.fictional"))
        people = filter_sentence(card.where, survey.variables, words)
        canvas.lines(f"▨ {people} ({words('figure.fictional')})", color=style.fictional, size=13)
    elif card.where and card.showing_group and not card.too_few:
        canvas.lines(f"┃ {words('figure.everybody')}", size=13)
    # solid bars, and so their key, are everybody's unless the group is real
    side = Side.group if _of_real_group(card) else Side.whole
    # under a filter a number of everybody's says so, here for all pieces of its colour
    whose = f", {words('figure.everybody')}" if card.fictional or card.whole_only else ""
    entries: list[tuple[str, str]] = []
    if card.rows and card.rows[0].beside:
        other = words.of(survey.by_id[question.beside].title) if question.beside else ""
        entries.append((style.beside, other))
        entries.append((style.whole, words.of(question.title)))
    rows_with = [row for row in card.rows if row.inner]
    if rows_with and rows_with[0].inner:
        inner, main = rows_with[0].inner.answer, card.question.headline
        one = rows_with[0] if len(card.rows) == 1 else None
        strong = question.answer_label(inner, words.lang)
        net = words("figure.net", net=question.answer_label(main, words.lang))
        entries.append((style.strong, f"{value(side(one.inner), words)} {strong}" if one else strong))
        entries.append((style.whole, f"{value(side(one.main), words)} {net}" if one else net))
    for i, part in enumerate(card.rows[0].against if card.rows else ()):
        colour = style.against if i == 0 else style.against_strong
        label = question.answer_label(part.answer, words.lang)
        entries.append((colour, f"{value(side(part), words)} {label}" if len(card.rows) == 1 else label))
    for colour, text in entries:
        # the pale bar is seen by its edge, and so is its sign
        ink, sign = (style.edge, "□") if colour == style.beside else (colour, "■")
        canvas.keyed(sign, ink, text + whose, size=13)
    canvas.y += 8 if entries else 0


def _row(canvas: Canvas, card: Card, row: Row, words: Words, labelled: bool) -> None:
    question = card.question
    if labelled:
        answer = question.answer_label(row.main.answer, words.lang)
        label = question.item_label(row.item, words.lang) if row.item else answer
        canvas.label(label[0].upper() + label[1:])
    group = row.main.group
    if _of_real_group(card):
        whole = row.main.whole
        mark = whole.est if whole is not None else None
        if group is None:
            # everybody's bar would be read as the group's
            beyond = 0.015 if mark is None or mark > 0.06 else mark + 0.02
            canvas.text(f"<b>{words('figure.none')}</b>", x=beyond, y=canvas.y + BAR / 2, anchor="middle")
            canvas.bar("whole", 0.0, BAR)
            canvas.y += BAR + 2
        else:
            _solid(canvas, card, row, Side.group, words, mark)
        if whole is not None and mark is not None:
            told = f"{words('figure.everybody')} {value(whole, words)}"
            canvas.marks.append((mark, canvas.y - BAR / 2 - 2, told))
    else:
        _solid(canvas, card, row, Side.whole, words)
        if group is not None:
            _fictional_group(canvas, row, group, words)
    canvas.below()


def _of_real_group(card: Card) -> bool:
    """Whether the solid bars are those of a group of real respondents."""
    return card.of_group and not card.fictional


def _fictional_group(canvas: Canvas, row: Row, group: Figure, words: Words) -> None:
    colour = canvas.style.fictional
    text = f"{value(group, words)} {words('figure.fictional')}"
    canvas.bar("fictional", group.est or 0, THIN, hover=text)
    shown = f"{text} {MARK}" if row.said else text
    _value_text(canvas, group, shown, THIN, bold=False, whisker=False, color=colour, size=13)
    canvas.y += THIN + 4


def _solid(canvas: Canvas, card: Card, row: Row, side: Side, words: Words, mark: float | None = None) -> None:
    """The bar of everybody or of a real group: its strongest part dark, the answers against to the left.

    `mark`: where everybody's mark stands, which the number keeps clear of."""
    style, middle = canvas.style, canvas.y + BAR / 2
    figure, beside, inner = side(row.main), side(row.beside), side(row.inner)
    if figure is None or figure.est is None:
        return
    if beside is not None:
        end = beside.est or 0
        canvas.bar("beside", end, BAR, hover=value(beside, words))
        told = _everybody(beside, card, words)
        canvas.text(told, x=end + 0.015, y=middle, anchor="middle", size=13, color=style.quiet)
    whisker = {} if card.fictional or beside else _whisker(figure)
    canvas.bar("whole", figure.est, BAR, hover=value(figure, words), **whisker)
    if inner is not None and inner.est:
        canvas.bar("strong", inner.est, BAR, hover=value(inner, words))
        canvas.text(value(inner, words), x=0.01, y=middle, anchor="middle", size=13, color=style.on_strong)
    start = 0.0
    for layer, part in zip(("against", "against_strong"), row.against, strict=False):
        negative = side(part)
        if negative is not None and negative.est:
            canvas.bar(layer, -negative.est, BAR, start=start, hover=value(negative, words))
            start -= negative.est
    text = _everybody(figure, card, words)
    if beside is not None:
        inside = figure.est > WIDE_ENOUGH
        x, ink = (0.01, style.on_whole) if inside else (figure.est + 0.015, style.text)
        canvas.text(f"<b>{text}</b>", x=x, y=middle, anchor="middle", color=ink)
    else:
        _value_text(canvas, figure, text, BAR, bold=True, whisker=bool(whisker), mark=mark)
    canvas.y += BAR + 2


def _everybody(figure: Figure, card: Card, words: Words) -> str:
    """The number, and that it is everybody's where the page is about a group."""
    everybody = card.fictional or card.whole_only
    return value(figure, words) + (f" {words('figure.everybody')}" if everybody else "")


def _whisker(figure: Figure) -> dict[str, float]:
    if figure.est is None or figure.low is None or figure.high is None or figure.origin == "simulated":
        return {}
    return {"low": figure.est - figure.low, "high": figure.high - figure.est}


def _value_text(
    canvas: Canvas,
    figure: Figure,
    text: str,
    height: float,
    *,
    bold: bool,
    whisker: bool = True,
    mark: float | None = None,
    **font: Any,
) -> None:
    end = figure.high if whisker and figure.high is not None else figure.est
    if mark is not None and figure.unit != "mean" and 0 < mark - (end or 0) < NUMBER_ROOM:
        end = mark
    shown = f"<b>{escape(text)}</b>" if bold else escape(text)
    canvas.text(shown, x=(end or 0) + 0.015, y=canvas.y + height / 2, anchor="middle", **font)


def _stack(canvas: Canvas, card: Card, words: Words) -> None:
    """One stacked bar (two where a group is drawn), then a line an answer with its number."""
    colours = canvas.style.answers
    for group, height in ((False, 34), (True, 20)):
        figures = [r.main.group if group else r.main.whole for r in card.rows]
        start = 0.0
        for i, figure in enumerate(figures):
            if figure is None or figure.est is None:
                continue
            colour, width = colours[i], figure.est * ROOM
            simulated = figure.origin == "simulated"
            layer = "fictional" if simulated else f"answer:{colour}"
            told = (
                f"{value(figure, words)} {words('figure.fictional')}" if simulated else value(figure, words)
            )
            canvas.bar(layer, width, height, start=start, hover=told)
            if figure.est >= SMALLEST_INSIDE and not simulated:
                x, y = start + 0.015, canvas.y + height / 2
                canvas.text(f"<b>{value(figure, words)}</b>", x=x, y=y, anchor="middle", color=ink_on(colour))
            start += width
        canvas.y += height + 6 if any(figures) else 0
    canvas.y += 6
    for i, row in enumerate(card.rows):
        _answer_line(canvas, card, row, colours[i], words)
    canvas.y += 4


def _answer_line(canvas: Canvas, card: Card, row: Row, colour: str, words: Words) -> None:
    whole, group = row.main.whole, row.main.group
    label = card.question.answer_label(row.main.answer, words.lang)
    number = value(whole or group, words)
    if card.fictional or card.whole_only:
        label += f", {words('figure.everybody')}"
    canvas.keyed("■", colour, label, lead=number)
    canvas.y += 2
    if whole is not None and group is not None:
        simulated = group.origin == "simulated"
        word = words("figure.fictional" if simulated else "figure.this_group")
        mark = f" {MARK}" if row.said and simulated else ""
        ink = canvas.style.fictional if simulated else canvas.style.group
        canvas.text(f"    {value(group, words)} {word}{mark}", size=13, color=ink)
        canvas.y += LINE + 2
