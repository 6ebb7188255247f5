"""An extract as a workbook: a native chart, the data with codes and labels, the notes.

Texts are written as texts, whatever they begin with: nothing of a survey becomes a formula or a link.
"""

from __future__ import annotations

import io
from datetime import datetime

import xlsxwriter
import xlsxwriter.worksheet

from ens_dash.render.datafile import COLUMNS, LABELS, PRINTED, file_rows
from ens_dash.render.extract import Extract, grid
from ens_dash.render.pieces import LONGEST_PROPERTY, in_pieces
from ens_dash.render.stamp import KEY, stamp_of
from ens_dash.render.style import LIGHT

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
LONGEST_SHEET_NAME = 31
HEAD, FIRST = 2, 3
BAR_PIXELS, LEAST_PIXELS = 26, 320
PERCENT, PERCENT_1, MEAN_1 = "0%", "0.0%", "0.0"


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
    """The sheet one sees first: title, warning, the table that the chart is drawn from, the chart."""
    drawn = grid(extract)
    name = sheet_name(extract, "chart")
    sheet = book.add_worksheet(name)
    bold, warn = book.add_format({"bold": True}), book.add_format(_warning())
    heads = {
        fictional: book.add_format({"text_wrap": True, "bold": True} | (_warning() if fictional else {}))
        for fictional in (False, True)
    }
    written = PERCENT if drawn.unit == "proportion" else MEAN_1
    number = book.add_format({"num_format": written})
    sheet.write_string(0, 0, marked_title(extract), warn if extract.fictional else bold)
    if extract.warning():
        sheet.write_string(1, 0, extract.warning(), warn)
    _printable(sheet)
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, max(1, len(drawn.columns)), 24)
    sheet.set_row(HEAD, 32)
    for i, column in enumerate(drawn.columns):
        sheet.write_string(HEAD, i + 1, column, heads[drawn.fictional[i]])
    for r, (label, values) in enumerate(zip(drawn.rows, drawn.values, strict=True)):
        sheet.write_string(FIRST + r, 0, label)
        for i, value in enumerate(values):
            if value is not None:
                sheet.write_number(FIRST + r, i + 1, value, number)
    if not any(v is not None for values in drawn.values for v in values):
        return
    last = FIRST + len(drawn.rows) - 1
    chart = book.add_chart({"type": "bar"})
    for i in range(len(drawn.columns)):
        series = {
            # cells, not texts: a text that begins with "=" would be read as a formula
            "name": [name, HEAD, i + 1],
            "categories": [name, FIRST, 0, last, 0],
            "values": [name, FIRST, i + 1, last, i + 1],
            "data_labels": {"value": True, "num_format": written},
            "gap": 60,
            # a divided view has one bar a row, in the column of its origin
            "overlap": 100 if extract.view.by is not None else 0,
        }
        chart.add_series(series | _ink(drawn.fictional[i], i, len(drawn.columns)))
    title = marked_title(extract)
    chart.set_title({"name": f" {title}" if title.startswith("=") else title, "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True, "major_gridlines": {"visible": False}})
    scale = {"min": 0, "max": 1, "num_format": PERCENT} if drawn.unit == "proportion" else {"min": 0}
    lines = {"visible": True, "line": {"color": LIGHT.grid}}
    chart.set_x_axis({**scale, "label_position": "high", "major_gridlines": lines})
    chart.set_legend({"position": "bottom"})
    bars = sum(v is not None for values in drawn.values for v in values)
    chart.set_size({"width": 1000, "height": max(LEAST_PIXELS, 140 + BAR_PIXELS * bars)})
    sheet.insert_chart(last + 2, 0, chart, {"description": marked_title(extract)})


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
    """The rows of the CSV file, the mark before each that is simulated."""
    sheet = book.add_worksheet(sheet_name(extract, "data"))
    bold, warn = book.add_format({"bold": True}), book.add_format(_warning())
    formats = {f: book.add_format({"num_format": f}) for f in (PERCENT, PERCENT_1, MEAN_1)}
    for c, head in enumerate(("mark", *COLUMNS, *LABELS, *PRINTED)):
        sheet.write_string(0, c, head, bold)
    for r, row in enumerate(file_rows(extract.figures, extract.survey, extract.words), start=1):
        simulated = row["origin"] == "simulated"
        if simulated:
            sheet.write_string(r, 0, extract.mark, warn)
        for c, (column, value) in enumerate(row.items(), start=1):
            if isinstance(value, str) and value:
                sheet.write_string(r, c, value, warn if simulated and column == "origin_label" else None)
            elif isinstance(value, int | float):
                shown = _shown(column, str(row["unit"]))
                sheet.write_number(r, c, value, formats[shown] if shown else None)
    _printable(sheet)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 18 if extract.fictional else 6)
    sheet.set_column(1, len(COLUMNS), 12)
    sheet.set_column(len(COLUMNS) + 1, len(COLUMNS) + len(LABELS) + len(PRINTED), 30)


def _printable(sheet: xlsxwriter.worksheet.Worksheet) -> None:
    """One page wide: a chart cut in two loses its labels."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _shown(column: str, unit: str) -> str | None:
    if column == "est":
        return PERCENT if unit == "proportion" else MEAN_1
    return PERCENT_1 if column in ("low", "high") and unit == "proportion" else None


def _notes(book: xlsxwriter.Workbook, extract: Extract) -> None:
    sheet = book.add_worksheet(extract.words("extract.sheet_notes"))
    bold, wrap = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True})
    _printable(sheet)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 110)
    r = 0
    for name, value in extract.facts():
        sheet.write_string(r, 0, name, bold)
        sheet.write_string(r, 1, value, wrap)
        r += 1
    for note in extract.notes():
        sheet.write_string(r, 1, note, wrap)
        r += 1
