"""An extract as a workbook: a native chart, the data with codes and labels, the notes.

Texts are written as texts, whatever they begin with: nothing of a survey becomes a formula or a link.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import xlsxwriter
import xlsxwriter.worksheet

from ens_dash.render.datafile import COLUMNS, HEADS, WHY, file_rows
from ens_dash.render.extract import Extract, Grid, grid
from ens_dash.render.fit import line_count, width
from ens_dash.render.numbers import number_format
from ens_dash.render.pieces import LONGEST_PROPERTY, in_pieces
from ens_dash.render.stamp import KEY, stamp_of
from ens_dash.render.style import LIGHT
from ens_dash.text import Words

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
LONGEST_SHEET_NAME = 31
HEAD, FIRST = 2, 3
# a cell's letters and lines (points), the pixels of a point, and how wide one of a column's letters is
CELL, ROW_POINTS, PIXELS, LETTER = 11.0, 15.0, 96 / 72, 7.0
# widths of columns, in letters of the sheet
LABEL_WIDE, NUMBER_WIDE, WHY_WIDE, NAME_WIDE, NOTE_WIDE = 60, 24, 60, 34, 110
# the chart: its width, what stands over and under its bars, a bar, the room between rows, the least height
CHART_WIDE, AROUND, BAR, BETWEEN, LEAST_PIXELS = 1000, 130, 17, 11, 320
# its letters (points), and the part of its width that the labels of the bars may take
CHART_LETTERS, MOST_LABELS = 9, 0.56
# up to so many rows the chart stands under its table, and beside a longer one: both go on one page
MOST_UNDER = 20


def workbook(extract: Extract) -> bytes:
    """The bytes of an .xlsx file; the same extract gives the same bytes.

    A number is written with 16 digits, as the format's own programs keep 15 to 17 of them.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    _properties(book, extract)
    _chart(book, extract)
    _data(book, extract)
    _notes(book, extract)
    book.close()
    return out.getvalue()


def sheet_name(extract: Extract, kind: str) -> str:
    """`Données – CHIFFRES FICTIFS`."""
    words = extract.words
    name = words(f"extract.sheet_{kind}")
    return f"{name} – {extract.mark}"[:LONGEST_SHEET_NAME] if extract.fictional else name


def marked_title(extract: Extract) -> str:
    """The card's title; with simulated figures it begins with the words that say so."""
    title = f"{extract.mark} – {extract.title}" if extract.fictional else extract.title
    return title[:LONGEST_PROPERTY]


def _properties(book: xlsxwriter.Workbook, extract: Extract) -> None:
    book.set_properties(
        {
            "title": marked_title(extract),
            "subject": extract.words.of(extract.survey.study.title),
            "keywords": extract.mark,
            "comments": f"{extract.permalink} ({extract.release.id})",
            "created": datetime.fromisoformat(extract.release.built).replace(tzinfo=None),
        }
    )
    values = {
        "permalink": extract.permalink,
        "release": extract.release.id,
        "survey": extract.survey.study.id,
        "origins": " ".join(sorted({f.origin for f in extract.figures})) or "none",
        KEY: stamp_of(extract).text,
    }
    for name, text in values.items():
        # an address with many segments stands in several: `permalink`, `permalink_2`…
        for piece, part in in_pieces(name, text).items():
            book.set_custom_property(piece, part, "text")


def _chart(book: xlsxwriter.Workbook, extract: Extract) -> None:
    """The sheet one sees first: title, warning, the table that the chart is drawn from, the chart.

    A column without a head says why a number is missing; no text stands among the numbers, where a program
    would draw it as a nought.
    """
    drawn = grid(extract)
    name = sheet_name(extract, "chart")
    sheet = book.add_worksheet(name)
    bold, warn = book.add_format({"bold": True}), book.add_format(_warning())
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    heads = {
        fictional: book.add_format({"text_wrap": True, "bold": True} | (_warning() if fictional else {}))
        for fictional in (False, True)
    }
    written = number_format(extract.words, drawn.unit)
    number = book.add_format({"num_format": written, "valign": "top"})
    sheet.write_string(0, 0, marked_title(extract), warn if extract.fictional else bold)
    if extract.warning():
        sheet.write_string(1, 0, extract.warning(), warn)
    columns = len(drawn.columns)
    hidden = any(drawn.reasons)
    sheet.set_column(0, 0, LABEL_WIDE)
    sheet.set_column(1, max(1, columns), NUMBER_WIDE)
    if hidden:
        sheet.set_column(columns + 1, columns + 1, WHY_WIDE)
    high = max([_lines(column, NUMBER_WIDE) for column in drawn.columns], default=1)
    sheet.set_row(HEAD, ROW_POINTS * max(high, 2))
    for i, column in enumerate(drawn.columns):
        sheet.write_string(HEAD, i + 1, column, heads[drawn.fictional[i]])
    below = 0.0
    for r, (label, values) in enumerate(zip(drawn.rows, drawn.values, strict=True)):
        why = drawn.reasons[r]
        lines = max(_lines(label, LABEL_WIDE), _lines(why, WHY_WIDE))
        below += ROW_POINTS * lines * PIXELS
        sheet.set_row(FIRST + r, ROW_POINTS * lines)
        sheet.write_string(FIRST + r, 0, label, wrap)
        for i, value in enumerate(values):
            if value is not None:
                sheet.write_number(FIRST + r, i + 1, value, number)
        if why:
            sheet.write_string(FIRST + r, columns + 1, why, wrap)
    last = FIRST + len(drawn.rows) - 1
    table = LETTER * (LABEL_WIDE + NUMBER_WIDE * max(1, columns) + (WHY_WIDE if hidden else 0))
    if not any(v is not None for values in drawn.values for v in values):
        _printable(sheet)
        return
    chart, tall = _bars(book, extract, drawn, name, written)
    beside = len(drawn.rows) > MOST_UNDER
    place = (HEAD, max(1, columns) + (2 if hidden else 1)) if beside else (last + 2, 0)
    sheet.insert_chart(*place, chart, {"description": marked_title(extract), "object_position": 3})
    over = ROW_POINTS * PIXELS * (HEAD + 3)
    wide = table + CHART_WIDE if beside else max(table, CHART_WIDE)
    whole = over + max(below, tall) if beside else over + below + tall
    _printable(sheet, one_page=True, landscape=wide >= whole)


def _bars(
    book: xlsxwriter.Workbook, extract: Extract, drawn: Grid, name: str, written: str
) -> tuple[Any, int]:
    """The native chart of a table in the sheet `name`, and its height in pixels: every row has its room and
    its label. A column without a number is no series."""
    last = FIRST + len(drawn.rows) - 1
    chart = book.add_chart({"type": "bar"})
    letters = {"size": CHART_LETTERS}
    shown = [i for i in range(len(drawn.columns)) if any(row[i] is not None for row in drawn.values)]
    divided = extract.view.by is not None
    for i in shown:
        series = {
            # cells, not texts: a text that begins with "=" would be read as a formula
            "name": [name, HEAD, i + 1],
            "categories": [name, FIRST, 0, last, 0],
            "values": [name, FIRST, i + 1, last, i + 1],
            "data_labels": {"value": True, "num_format": written, "font": letters},
            "gap": 60,
            # a divided view has one bar a row, in the column of its origin
            "overlap": 100 if divided else 0,
        }
        chart.add_series(series | _ink(drawn.fictional[i], i, len(drawn.columns)))
    title = marked_title(extract)
    chart.set_title({"name": f" {title}" if title.startswith("=") else title, "name_font": {"size": 12}})
    # a label for every row, however many there are
    chart.set_y_axis(
        {"reverse": True, "major_gridlines": {"visible": False}, "num_font": letters, "interval_unit": 1}
    )
    scale = {"min": 0, "max": 1, "num_format": written} if drawn.unit == "proportion" else {"min": 0}
    lines = {"visible": True, "line": {"color": LIGHT.grid}}
    chart.set_x_axis({**scale, "label_position": "high", "major_gridlines": lines, "num_font": letters})
    chart.set_legend({"position": "bottom", "font": letters})
    longest = max(width(label, CHART_LETTERS) for label in drawn.rows) * PIXELS * 1.1
    share = min(longest / CHART_WIDE + 0.02, MOST_LABELS)
    room = share * CHART_WIDE / PIXELS
    text = max(line_count(label, CHART_LETTERS, room) for label in drawn.rows) * CHART_LETTERS * PIXELS * 1.3
    row = max(BAR * (1 if divided else len(shown)), text) + BETWEEN
    tall = max(LEAST_PIXELS, round(AROUND + row * len(drawn.rows)))
    top, foot = 66 / tall, 40 / tall
    plot = {"x": share, "y": top, "width": 0.96 - share, "height": 1 - top - foot}
    chart.set_plotarea({"layout": plot})
    chart.set_size({"width": CHART_WIDE, "height": tall})
    return chart, tall


def _lines(text: str, letters: float) -> int:
    """How many lines a text takes in a column; rather one too many, as each program has its own font."""
    return line_count(text, CELL, letters * LETTER / PIXELS * 0.92) if text else 1


def _ink(fictional: bool, place: int, of: int) -> dict[str, object]:
    """Hatched in the colour that is used for nothing else where the figures are simulated."""
    if fictional:
        hatch = {
            "pattern": "wide_upward_diagonal",
            "fg_color": LIGHT.fictional,
            "bg_color": LIGHT.fictional_paper,
        }
        return {"pattern": hatch, "border": {"color": LIGHT.fictional}}
    colours = LIGHT.answers if of > 1 else (LIGHT.whole,)
    return {"fill": {"color": colours[place % len(colours)]}}


def _warning() -> dict[str, object]:
    return {"bold": True, "font_color": LIGHT.fictional}


def _data(book: xlsxwriter.Workbook, extract: Extract) -> None:
    """The rows of the CSV file, the mark before each that has a simulated number."""
    sheet = book.add_worksheet(sheet_name(extract, "data"))
    bold, warn = book.add_format({"bold": True}), book.add_format(_warning())
    formats: dict[str, Any] = {}
    for c, head in enumerate(("mark", *HEADS)):
        sheet.write_string(0, c, head, bold)
    for r, row in enumerate(file_rows(extract.figures, extract.survey, extract.words), start=1):
        simulated = row["origin"] == "simulated"
        if simulated and not row[WHY]:
            sheet.write_string(r, 0, extract.mark, warn)
        for c, (column, value) in enumerate(row.items(), start=1):
            if isinstance(value, str) and value:
                sheet.write_string(r, c, value, warn if simulated and column == "origin_label" else None)
            elif isinstance(value, int | float):
                shown = _shown(column, str(row["unit"]), extract.words)
                if shown and shown not in formats:
                    formats[shown] = book.add_format({"num_format": shown})
                sheet.write_number(r, c, value, formats[shown] if shown else None)
    _printable(sheet)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 18 if extract.fictional else 6)
    sheet.set_column(1, len(COLUMNS), 12)
    sheet.set_column(len(COLUMNS) + 1, len(HEADS), 30)


def _printable(
    sheet: xlsxwriter.worksheet.Worksheet, *, one_page: bool = False, landscape: bool = True
) -> None:
    """One page wide, and one high where a chart would be cut in two."""
    if landscape:
        sheet.set_landscape()
    else:
        sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1 if one_page else 0)


def _shown(column: str, unit: str, words: Words) -> str | None:
    """The number format of a column, None for the program's own."""
    if column == "est":
        return number_format(words, unit)
    bounded = column in ("low", "high") and unit == "proportion"
    return number_format(words, unit, decimals=1) if bounded else None


def _notes(book: xlsxwriter.Workbook, extract: Extract) -> None:
    """The facts and the notes, each row as high as its text: no program that opens the file has to."""
    sheet = book.add_worksheet(extract.words("extract.sheet_notes"))
    bold = book.add_format({"bold": True, "valign": "top", "text_wrap": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    _printable(sheet)
    sheet.set_column(0, 0, NAME_WIDE)
    sheet.set_column(1, 1, NOTE_WIDE)
    told = [*extract.facts(), *(("", note) for note in extract.notes())]
    for r, (name, value) in enumerate(told):
        sheet.set_row(r, ROW_POINTS * max(_lines(name, NAME_WIDE), _lines(value, NOTE_WIDE)))
        if name:
            sheet.write_string(r, 0, name, bold)
        sheet.write_string(r, 1, value, wrap)
