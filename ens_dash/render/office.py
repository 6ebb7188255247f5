"""What python-pptx leaves open of an Office file: properties without a limit, the same bytes every time, and
the workbook inside a chart, in which a text must stay a text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
from pptx.chart.data import ChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.presentation import Presentation

from ens_dash.render.pieces import in_pieces
from ens_dash.render.spreadsheet import OPTIONS

CUSTOM = "docProps/custom.xml"
# OLE's name for properties that a user defines
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_NAMESPACES = (
    'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"'
)


def set_custom_properties(deck: Presentation, values: Mapping[str, str]) -> None:
    """Give a deck that has none its own properties, long ones in pieces."""
    pieces = [piece for name, text in values.items() for piece in in_pieces(name, text).items()]
    body = "".join(
        f'<property fmtid="{_FORMAT_ID}" pid="{pid}" name="{escape(name)}">'
        f"<vt:lpwstr>{escape(text)}</vt:lpwstr></property>"
        for pid, (name, text) in enumerate(pieces, start=2)
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    blob = f"{head}<Properties {_NAMESPACES}>{body}</Properties>"
    package = deck.part.package
    part = Part(PackURI(f"/{CUSTOM}"), CONTENT_TYPE.OFC_CUSTOM_PROPERTIES, package, blob.encode())
    package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)


def saved(deck: Presentation) -> bytes:
    """The file's bytes; the same deck gives the same, whatever the time."""
    plain, out = io.BytesIO(), io.BytesIO()
    deck.save(plain)
    with zipfile.ZipFile(plain) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in made.namelist():
            # without a time of its own an entry is of 1980
            kept.writestr(zipfile.ZipInfo(name), made.read(name), zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()


class SafeChartData(ChartData):
    """A chart's data whose workbook takes no text for a formula or a link, and has no time of its own."""

    def __init__(self, number_format: str, made: datetime) -> None:
        super().__init__(number_format)  # type: ignore[no-untyped-call]
        self._made = made

    @property
    def _workbook_writer(self) -> CategoryWorkbookWriter:
        return _SafeWriter(self, self._made)


class _SafeWriter(CategoryWorkbookWriter):
    def __init__(self, data: SafeChartData, made: datetime) -> None:
        super().__init__(data)  # type: ignore[no-untyped-call]
        self._made = made

    @contextmanager
    def _open_worksheet(self, xlsx_file: io.BytesIO) -> Iterator[tuple[Any, Any]]:
        book = xlsxwriter.Workbook(xlsx_file, OPTIONS)
        book.set_properties({"created": self._made})
        yield book, book.add_worksheet()
        book.close()
