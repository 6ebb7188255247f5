"""The stamp in a picture: PNG, SVG, PDF; of an SVG the texts too. Nothing else that is drawn is read."""

from __future__ import annotations

import io
import logging
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

from pypdf import PdfReader

from ens_dash.check.package import inside, safe_xml
from ens_dash.check.said import LONGEST_STAMP, MOST_LINES, NotOurs, Said, read_stamp
from ens_dash.render.stamp import KEY, PNG_BEGIN


def read_png(content: bytes) -> Said:
    """Every chunk's checksum is compared, so that half a picture is not taken for one."""
    found = None
    for kind, data in _chunks(content):
        if kind in (b"iTXt", b"tEXt", b"zTXt"):
            keyword, _, rest = data.partition(b"\0")
            if keyword == KEY.encode():
                found = _text_of(kind, rest)
    if found is None:
        raise NotOurs("no_stamp")
    return read_stamp(found, "png")


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(PNG_BEGIN)
    while place + 12 <= len(content):
        (size,) = struct.unpack_from(">I", content, place)
        body = content[place + 4 : place + 8 + size]
        checksum = content[place + 8 + size : place + 12 + size]
        if len(checksum) < 4 or struct.unpack(">I", checksum)[0] != zlib.crc32(body):
            raise NotOurs("damaged")
        yield body[:4], body[4:]
        if body[:4] == b"IEND":
            return
        place += 12 + size
    raise NotOurs("damaged")


def _text_of(kind: bytes, rest: bytes) -> str:
    """The text of a chunk after its keyword (PNG 3, section 11.3.3): as written, or as a program that saved
    the picture again may have packed it."""
    try:
        if kind == b"tEXt":
            return rest.decode("latin-1")
        if kind == b"zTXt":
            return _unpacked(rest[1:]).decode("latin-1")
        packed, _, _ = rest[0], rest[1], rest[2]
        _, _, text = rest[2:].split(b"\0", 2)
        return (_unpacked(text) if packed else text).decode("utf-8")
    except (IndexError, ValueError, zlib.error) as error:
        raise NotOurs("damaged") from error


def _unpacked(data: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    found = unpacker.decompress(data, LONGEST_STAMP)
    if not unpacker.eof:
        raise NotOurs("damaged")
    return found


def read_svg(content: bytes) -> Said:
    root = safe_xml(content)
    for element in inside(root, "metadata"):
        if element.get("id") == KEY:
            said = read_stamp("".join(element.itertext()), "svg")
            return replace(said, texts=_texts(root))
    raise NotOurs("no_stamp")


def _texts(root: ElementTree.Element) -> tuple[str, ...]:
    """The texts that an SVG draws; none where a program has made shapes of its letters."""
    found = tuple(text for element in inside(root, "text") if (text := "".join(element.itertext())).strip())
    if len(found) > MOST_LINES:
        raise NotOurs("too_large")
    return found


def read_pdf(content: bytes) -> Said:
    # it tells of everything that it mends, and a damaged file is told of by us
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        information = PdfReader(io.BytesIO(content)).metadata
        found = None if information is None else information.get(f"/{KEY}")
        text = None if found is None else str(found)
    finally:
        logger.setLevel(level)
    if text is None:
        raise NotOurs("no_stamp")
    return read_stamp(text, "pdf")
