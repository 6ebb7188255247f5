"""The stamp: what a file says of itself for `check`, where no reader needs to see it.

JSON text: which survey and release, the permalink, and the figures in the file as they were shown. A PNG
holds it in a text chunk, an SVG in its metadata, a PDF in its document information, an Office file in its
properties, a ZIP file in its metadata.json. `ens_dash.check` reads it again.
"""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from ens_dash import __version__
from ens_dash.estimate.figures import Figure
from ens_dash.render.datafile import leaving
from ens_dash.render.extract import Extract
from ens_dash.store import Release
from ens_dash.survey.base import Lang

KEY = "ens_dash"
PNG_BEGIN, PNG_HEADER = b"\x89PNG\r\n\x1a\n", 25  # the signature, and the length of the first chunk
FIELDS = ("question", "item", "answer", "segment", "est", "n", "origin")


@dataclass(frozen=True)
class Stamp:
    """What a file says of itself. `figures`: FIELDS of each, a hidden one without a number."""

    survey: str
    release: str
    version: str
    permalink: str
    lang: Lang
    figures: tuple[tuple[Any, ...], ...]

    @property
    def document(self) -> dict[str, Any]:
        """The stamp as a JSON document."""
        named = {KEY: self.version, "survey": self.survey, "release": self.release}
        more = {"permalink": self.permalink, "lang": self.lang, "fields": FIELDS, "figures": self.figures}
        return named | more

    @property
    def text(self) -> str:
        """The stamp as JSON, in ASCII: some of the places it is written to hold nothing else."""
        return json.dumps(self.document, separators=(",", ":"))


def make_stamp(figures: Iterable[Figure], survey: str, release: Release, permalink: str, lang: Lang) -> Stamp:
    """The stamp of a file that shows these figures."""
    rows = tuple(tuple(getattr(leaving(f), name) for name in FIELDS) for f in figures)
    return Stamp(survey, release.id, __version__, permalink, lang, rows)


def stamp_of(extract: Extract, more: Iterable[Figure] = ()) -> Stamp:
    """The stamp of a file that is made of an extract, and shows `more` figures beside its own."""
    survey, lang = extract.survey.study.id, extract.words.lang
    return make_stamp((*extract.figures, *more), survey, extract.release, extract.permalink, lang)


def stamped_png(image: bytes, stamp: str, title: str) -> bytes:
    """The PNG with the stamp, and its title as image programs show it (iTXt chunks, PNG 3 section 11.3.3)."""
    end = len(PNG_BEGIN) + PNG_HEADER
    chunks = b"".join(_itxt(key, text) for key, text in (("Title", title), (KEY, stamp)))
    return image[:end] + chunks + image[end:]


def _itxt(keyword: str, text: str) -> bytes:
    data = keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode()
    body = b"iTXt" + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def stamped_svg(image: bytes, stamp: str, title: str) -> bytes:
    """The SVG with a title, for programs and screen readers, and the stamp in its metadata."""
    text = image.decode()
    end = text.index(">", text.index("<svg")) + 1
    added = f"<title>{escape(title)}</title><metadata id={KEY!r}>{escape(stamp)}</metadata>"
    return (text[:end] + added + text[end:]).encode()


def stamped_pdf(document: bytes, stamp: str, title: str) -> bytes:
    """The PDF with its title and the stamp in the document information.

    The browser writes the hatch of simulated bars as one image a bar: alike, they are kept once.
    """
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(document)))
    writer.compress_identical_objects()
    writer.add_metadata({"/Title": title, "/Creator": KEY})
    # a name of our own among the standard ones; pypdf types only those
    writer.add_metadata({NameObject(f"/{KEY}"): TextStringObject(stamp)})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
