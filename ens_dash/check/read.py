"""A file's bytes -> what it says of itself, by its content and whatever its name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from ens_dash.check.office import read_pptx, read_xlsx
from ens_dash.check.package import Members
from ens_dash.check.pictures import read_pdf, read_png, read_svg
from ens_dash.check.said import MOST_BYTES, NotOurs, Said
from ens_dash.check.tables import decoded, header_of, read_csv, read_json, read_zip
from ens_dash.render.archive import DATA
from ens_dash.render.stamp import PNG_BEGIN
from ens_dash.survey.base import Lang
from ens_dash.text import Words

WORKBOOK, DECK = "xl/workbook.xml", "ppt/presentation.xml"
# an SVG may begin with a declaration and comments, a PDF with a few bytes of something else
HEAD = 1024


def read(content: bytes, words: Mapping[Lang, Words]) -> Said:
    """What the bytes of a file say of themselves. `words`: of both languages; notes are read by them.

    Pixels, and what is drawn or written as words for people, are not read.

    Raises:
        NotOurs: it is no file of ours, is damaged or is too large. Nothing else, whatever the bytes.
    """
    if len(content) > MOST_BYTES:
        raise NotOurs("too_large")
    try:
        return _read(content, words)
    except NotOurs:
        raise
    except (MemoryError, RecursionError, Exception) as error:
        # readers of foreign formats raise what they like
        raise NotOurs("damaged") from error


def _read(content: bytes, words: Mapping[Lang, Words]) -> Said:
    head = content[:HEAD]
    if content.startswith(PNG_BEGIN):
        return read_png(content)
    if b"%PDF-" in head:
        return read_pdf(content)
    if content.startswith(b"PK"):
        return _archive(content, words)
    marked_up = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    if marked_up and b"<svg" in content and b"<html" not in head.lower():
        return read_svg(content)
    text = decoded(content)
    if text is None:
        raise NotOurs("format")
    if text.lstrip().startswith(("{", "[")):
        return read_json(text)
    if header_of(text) is not None:
        return read_csv(text, words)
    raise NotOurs("format")


def _archive(content: bytes, words: Mapping[Lang, Words]) -> Said:
    try:
        opened = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, EOFError) as error:
        raise NotOurs("damaged") from error
    with opened:
        members = Members(opened)
        if WORKBOOK in members.names:
            return read_xlsx(content, members)
        if DECK in members.names:
            return read_pptx(members)
        if DATA in members.names:
            return read_zip(members, words)
    raise NotOurs("no_stamp")
