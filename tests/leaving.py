"""Files of every kind that the site makes, without a browser: pictures are stamps on an empty page."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence

from pypdf import PdfWriter
from sites import API, client

from ens_dash.briefing import Entry
from ens_dash.export import extract_of, picture_of
from ens_dash.render.archive import archive
from ens_dash.render.slides import presentation
from ens_dash.render.spreadsheet import workbook
from ens_dash.render.stamp import PNG_BEGIN, stamped_pdf, stamped_png, stamped_svg
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.survey.filter import Filter
from ens_dash.view import View
from ens_dash.web.briefing import deck_of, slides_of

KINDS = ("png", "svg", "pdf", "csv", "xlsx", "zip", "json", "pptx")


def empty_png() -> bytes:
    """A PNG of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return PNG_BEGIN + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def empty_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 100)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def file_of(kind: str, site: Site, question: str, view: View, settings: Settings) -> bytes:
    """The file of one question in a view; `json` and `api_csv`: the API's figures, `pptx`: one slide."""
    if kind in ("png", "svg", "pdf"):
        picture = picture_of(site, question, view, settings)
        stamp, title = picture.stamp, picture.title
        if kind == "png":
            return stamped_png(empty_png(), stamp.text, title)
        if kind == "svg":
            return stamped_svg(b'<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>', stamp.text, title)
        return stamped_pdf(empty_pdf(), stamp.text, title)
    if kind in ("json", "api_csv"):
        query = {**view.query(), "q": question, "format": "json" if kind == "json" else "csv"}
        answer = client(settings).get(f"{API}/figures", params=query)
        assert answer.status_code == 200, answer.text
        return answer.content
    if kind == "pptx":
        entry = Entry(question, view.where, view.fictional(settings.show_fictional))
        return slides_file([entry], site, settings, view)
    extract = extract_of(site, question, view, settings)
    if kind == "csv":
        return extract.csv()
    return workbook(extract) if kind == "xlsx" else archive(extract)


def slides_file(entries: Sequence[Entry], site: Site, settings: Settings, view: View) -> bytes:
    slides = slides_of(entries, site, settings, view.lang)
    return presentation(slides, deck_of(slides, entries, site, settings, view.lang))


def view_of(site: Site, query: str = "", lang: str = "fr", **more: str | None) -> View:
    where = Filter.parse(query, site.survey.variables)
    return View(site.survey.study.id, where=where, lang=lang, **more)  # type: ignore[arg-type]
