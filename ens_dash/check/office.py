"""Office files: the stamp in their properties, a workbook's data sheet, the native charts."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

from openpyxl import load_workbook

from ens_dash.check.package import Members, inside, safe_xml
from ens_dash.check.said import (
    MOST_CHARTS,
    MOST_FIGURES,
    MOST_LINES,
    Chart,
    NotOurs,
    Number,
    Row,
    Said,
    number,
    read_stamp,
    row_of,
)
from ens_dash.check.tables import NEEDED, torn, with_data
from ens_dash.render.pieces import whole
from ens_dash.render.stamp import KEY

CUSTOM = "docProps/custom.xml"
NAMES = ("survey", "release", "permalink")
MOST_COLUMNS = 64


def read_xlsx(content: bytes, members: Members) -> Said:
    """The rows of the data sheet as they stand, and the table that the chart is drawn from."""
    stamp, properties = _stamp(members, "xlsx")
    for name in members.names:
        if name.endswith((".xml", ".rels")):
            # what openpyxl reads is known to declare nothing
            safe_xml(members.read(name))
    charts: list[Chart] = []
    data: list[Row] | None = None
    for sheet in _sheets(content):
        rows = _data(sheet)
        if rows is not None and data is None:
            data = rows
        elif rows is None:
            charts += _table(sheet)
    told = torn([(properties, NAMES)], stamp)
    if data is None:
        raise NotOurs("damaged")
    found = with_data(stamp, data, told)
    return _with_charts(found, charts)


def read_pptx(members: Members) -> Said:
    """The stamp, and what each native chart draws."""
    stamp, properties = _stamp(members, "pptx")
    names = members.matching(r"ppt/charts/chart\d*\.xml")
    charts = [_chart(members.xml(name)) for name in names]
    found = with_data(stamp, stamp.rows, torn([(properties, NAMES)], stamp))
    return _with_charts(found, charts)


def _with_charts(said: Said, charts: Sequence[Chart]) -> Said:
    if len(charts) > MOST_CHARTS or any(len(c.rows) > MOST_LINES for c in charts):
        raise NotOurs("too_large")
    return replace(said, charts=tuple(charts))


def _stamp(members: Members, kind: Any) -> tuple[Said, dict[str, str]]:
    if CUSTOM not in members.names:
        raise NotOurs("no_stamp")
    found = {
        element.get("name", ""): "".join(element.itertext())
        for element in inside(members.xml(CUSTOM), "property")
    }
    text = whole(KEY, found)
    if not text:
        raise NotOurs("no_stamp")
    return read_stamp(text, kind), {name: whole(name, found) for name in NAMES}


def _sheets(content: bytes) -> Iterator[list[tuple[Any, ...]]]:
    """The cells of each sheet, without its empty rows."""
    with warnings.catch_warnings():
        # of what it does not keep, and we do not read
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                lines = sheet.iter_rows(max_row=MOST_FIGURES, max_col=MOST_COLUMNS, values_only=True)
                yield [line for line in lines if len(line) > 1 and any(c is not None for c in line)]
        finally:
            book.close()


def _data(lines: list[tuple[Any, ...]]) -> list[Row] | None:
    """The figures of a sheet whose first row has the names of our columns."""
    heads = [str(cell) for cell in lines[0]] if lines else []
    if not set(NEEDED) <= set(heads):
        return None
    found = []
    for line in lines[1:]:
        values = dict(zip(heads, line, strict=False))
        if values["question"] is None and values["answer"] is None:
            continue
        try:
            # a spreadsheet may take a code for a number
            texts = {n: _code(values[n]) for n in ("question", "answer", "segment", "item", "origin")}
            found.append(row_of(values | texts))
        except (KeyError, TypeError) as error:
            raise NotOurs("damaged") from error
    return found


def _code(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _table(lines: list[tuple[Any, ...]]) -> list[Chart]:
    """The table that a chart is drawn from: a line that names its columns, then a label and numbers."""
    head = next((i for i, line in enumerate(lines) if line[0] is None and isinstance(line[1], str)), None)
    if head is None:
        return []
    names = lines[head]
    columns = [i for i, cell in enumerate(names) if i > 0 and cell is not None]
    kept = [line for line in lines[head + 1 :] if isinstance(line[0], str)]
    values = tuple(tuple(number(line[i]) if i < len(line) else None for i in columns) for line in kept)
    return [Chart(tuple(str(line[0]) for line in kept), tuple(str(names[i]) for i in columns), values)]


def _chart(root: ElementTree.Element) -> Chart:
    """Categories and series of a chart, from what it keeps of its workbook: that is what is drawn."""
    labels: dict[int, str] = {}
    names: list[str] = []
    columns: list[dict[int, str]] = []
    for series in inside(root, "ser"):
        names.append("".join(v.text or "" for tx in inside(series, "tx") for v in inside(tx, "v")))
        labels |= _points(series, "cat")
        columns.append(_points(series, "val"))
    places = sorted(labels.keys() | {i for column in columns for i in column})
    values: list[tuple[Number, ...]] = [tuple(number(c.get(i)) for c in columns) for i in places]
    return Chart(tuple(labels.get(i, "") for i in places), tuple(names), tuple(values))


def _points(series: ElementTree.Element, name: str) -> dict[int, str]:
    found = {}
    for part in inside(series, name):
        for point in inside(part, "pt"):
            index = point.get("idx", "")
            if index.isdecimal() and int(index) < MOST_FIGURES:
                found[int(index)] = "".join(v.text or "" for v in inside(point, "v"))
    return found
