"""An extract as a native chart of a slide: bars that whoever gets the file can edit, labels and all.

Everybody's bars are solid, simulated ones hatched in the colour that is used for nothing else; the name of a
series and the label of each of its bars say which it is. Bars, not a stack, for a `single` question too: of a
stack one series is one answer, and no series could say that it is fictitious.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_PATTERN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.slide import Slide as PptxSlide
from pptx.util import Pt

from ens_dash.render.card import Card
from ens_dash.render.extract import Extract, Grid, grid
from ens_dash.render.fit import LINE, cut, fitting, width
from ens_dash.render.numbers import number_format
from ens_dash.render.office import SafeChartData
from ens_dash.render.slide_parts import Box, rgb
from ens_dash.render.style import Style
from ens_dash.survey.characters import clean
from ens_dash.text import Words

MARK = "◆"
LARGEST, SMALLEST = 14.0, 8.0
# of the chart's width, for the labels of the bars: no more than they need
MOST_LABELS, LABEL_GAP = 0.46, 12
# the legend: its size, the part of the width up to which it stands on one line, the room around it and
# around the sign of each name; then the room below the lowest bar (points)
LEGEND, ONE_LINE, LEGEND_PAD, SIGN, FOOT = 12.0, 0.6, 12.0, 24.0, 6.0
# a bar's height in points; the room between two groups of them, in parts of a bar, and in percent of one
THICKEST, LEAST_GAP, WIDEST_GAP = 46.0, 0.45, 500
# a longest mean leaves this part of the plot for its label
MEAN_ROOM = 1.3
# the part of a row that its label may fill
ROW = 0.94


def drawn(extract: Extract, card: Card) -> Grid:
    """What the chart draws: the extract's grid, highest first, without columns that have no number to show.

    A label ends in ◆ where the report says so of exactly this group, and in a dash where a number that
    its row would have is hidden.
    """
    if card.whole_only:
        # what the card does not draw of the group, the slide does not either
        extract = replace(extract, figures=tuple(f for f in extract.figures if not f.segment))
    full = grid(extract)
    kept = [i for i in range(len(full.columns)) if any(row[i] is not None for row in full.values)]
    lines = list(zip(full.rows, full.values, strict=True))
    if full.unit != "mean":
        lines.sort(key=lambda line: -next((v for v in line[1] if v is not None), 0.0))
    said = {_label(card, i, extract.words) for i, row in enumerate(card.rows) if row.said is not None}
    nets = {net.label.of(extract.words.lang) for net in card.question.nets}
    rows = []
    for label, values in lines:
        named = extract.words("figure.net", net=label) if label in nets else label
        mark = f" {MARK}" if card.fictional and label in said else ""
        hidden = f" {extract.words('figure.none')}" if any(values[i] is None for i in kept) else ""
        rows.append(clean(f"{named[:1].upper()}{named[1:]}{mark}{hidden}"))
    return replace(
        full,
        rows=tuple(rows),
        columns=tuple(clean(full.columns[i]) for i in kept),
        fictional=tuple(full.fictional[i] for i in kept),
        values=tuple(tuple(values[i] for i in kept) for _, values in lines),
    )


def _label(card: Card, place: int, words: Words) -> str:
    row, question = card.rows[place], card.question
    if row.item or card.kind == "number":
        return question.item_label(row.item, words.lang)
    return question.answer_label(row.main.answer, words.lang)


def add_chart(
    slide: PptxSlide, box: Box, shown: Grid, card: Card, words: Words, style: Style, made: datetime, alt: str
) -> None:
    """Draw `shown`, which must hold a number, in the box. `alt`: the chart in words. `made`: the time that
    the chart's workbook is of."""
    legend_size, legend = _legend(shown, box.w)
    plot_height = box.h - legend - FOOT
    row_height = plot_height / len(shown.rows)
    size, labels, share = _labels(shown, box, row_height)
    data: Any = SafeChartData(number_format(words, shown.unit), made)
    data.categories = labels
    for i, name in enumerate(shown.columns):
        suffix = _suffix(shown.fictional[i], card, words)
        data.add_series(name, [row[i] for row in shown.values], number_format(words, shown.unit, suffix))
    frame: Any = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box.emu, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", alt)
    chart = frame.chart
    chart.font.size = Pt(size)
    chart.font.color.rgb = rgb(style.text)
    chart.has_title = False
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.TOP
    chart.legend.include_in_layout = False
    chart.legend.font.size = Pt(legend_size)
    _axes(chart, shown, style)
    plot = chart.plots[0]
    thick = min(row_height / (len(shown.columns) + LEAST_GAP), THICKEST)
    plot.overlap = 0
    plot.gap_width = min(round(100 * (row_height / thick - len(shown.columns))), WIDEST_GAP)
    for i, series in enumerate(plot.series):
        _ink(series.format, shown.fictional[i], i, style)
        _point_labels(
            series, shown, i, _suffix(shown.fictional[i], card, words), min(size, thick), words, style
        )
    _place(chart, {"x": share, "y": legend / box.h, "w": 0.995 - share, "h": plot_height / box.h})


def _suffix(fictional: bool, card: Card, words: Words) -> str:
    """What stands after a number, as on the screen: whose it is wherever that could be mistaken."""
    if fictional:
        return words("figure.fictional")
    return words("figure.everybody") if card.fictional or card.whole_only else ""


def _labels(shown: Grid, box: Box, row_height: float) -> tuple[float, list[str], float]:
    """The size of the bars' labels, the labels, cut where even the smallest is too high, and the share of
    the chart's width that they stand in."""
    most = box.w * MOST_LABELS
    size = min(fitting([label], (most, row_height * ROW), LARGEST, SMALLEST) for label in shown.rows)
    longest = max(width(label, size) for label in shown.rows)
    # a little more than the longest, so that a short label is not broken
    room = min(most, longest * 1.05 + 4)
    labels = [cut(label, size, (room, max(row_height * ROW, size * 1.3)), "") for label in shown.rows]
    return size, labels, (room + LABEL_GAP) / box.w


def _legend(shown: Grid, room: float) -> tuple[float, float]:
    """The size of the legend's letters and the height that is kept for it: a line, or one for each name."""
    size = LEGEND
    while size > SMALLEST and max(width(name, size) + SIGN for name in shown.columns) > room:
        size -= 0.5
    wide = sum(width(name, size) + SIGN for name in shown.columns)
    lines = 1 if wide <= room * ONE_LINE else len(shown.columns)
    return size, lines * size * LINE + LEGEND_PAD


def _axes(chart: Any, shown: Grid, style: Style) -> None:
    categories, values = chart.category_axis, chart.value_axis
    # a bar chart is drawn from below
    categories.reverse_order = True
    categories.format.line.color.rgb = rgb(style.quiet)
    categories.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    categories.has_major_gridlines = False
    categories.major_tick_mark = values.major_tick_mark = XL_TICK_MARK.NONE
    # no label may be left out where they stand close
    skip = parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="1"/>')
    categories._element.find("{*}noMultiLvlLbl").addprevious(skip)
    values.minimum_scale = 0
    if shown.unit == "proportion":
        values.maximum_scale, values.major_unit = 1, 0.25
        values.major_gridlines.format.line.color.rgb = rgb(style.grid)
    else:
        values.maximum_scale = MEAN_ROOM * max(v for row in shown.values for v in row if v is not None)
        values.has_major_gridlines = False
    values.format.line.fill.background()
    values.tick_label_position = XL_TICK_LABEL_POSITION.NONE


def _ink(form: Any, fictional: bool, place: int, style: Style) -> None:
    fill = form.fill
    if fictional:
        fill.patterned()
        fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
        fill.fore_color.rgb, fill.back_color.rgb = rgb(style.fictional), rgb(style.fictional_paper)
        form.line.color.rgb = rgb(style.fictional)
        return
    fill.solid()
    fill.fore_color.rgb = rgb(style.whole if place == 0 else style.group)


def _point_labels(
    series: Any, shown: Grid, place: int, suffix: str, size: float, words: Words, style: Style
) -> None:
    labels = series.data_labels
    labels.show_value = True
    labels.number_format = number_format(words, shown.unit, suffix)
    labels.number_format_is_linked = False
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size = Pt(max(round(size * 2) / 2, SMALLEST))
    labels.font.bold = place == 0
    # a word of a number is not broken off
    labels._element.txPr.bodyPr.set("wrap", "none")
    labels.font.color.rgb = rgb(style.fictional if shown.fictional[place] else style.text)


def _place(chart: Any, place: dict[str, float]) -> None:
    """Fix the plot, in parts of the chart: the labels get their share, whatever a program makes of them."""
    values = "".join(f'<c:{name} val="{value:.4f}"/>' for name, value in place.items())
    layout = parse_xml(
        f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/>'
        f'<c:xMode val="edge"/><c:yMode val="edge"/>{values}</c:manualLayout></c:layout>'
    )
    area = chart._chartSpace.chart.plotArea
    for old in area.findall("{*}layout"):
        area.remove(old)
    area.insert(0, layout)
