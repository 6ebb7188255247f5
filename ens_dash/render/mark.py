"""The site's own mark, three bars on the colour of its links: as SVG, and as a picture for old browsers."""

from __future__ import annotations

import struct
import zlib

from ens_dash.render.stamp import PNG_BEGIN

# on a square of 32: left, top, right, bottom of each bar, as the bars of a chart stand
SIDE = 32
BARS = ((6, 7, 26, 12), (6, 14, 20, 19), (6, 21, 14, 26))
GROUND, BAR = "#0b6b63", "#ffffff"


def svg() -> str:
    """The mark as an SVG document."""
    bars = "".join(
        f'<path fill="{BAR}" d="M{left} {top}h{right - left}v{bottom - top}h{left - right}z"/>'
        for left, top, right, bottom in BARS
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">'
        f'<rect width="{SIDE}" height="{SIDE}" rx="6" fill="{GROUND}"/>{bars}</svg>\n'
    )


def png() -> bytes:
    """The mark as a PNG of 32 by 32 pixels (two colours by palette; PNG 3, section 11)."""
    rows = b"".join(b"\0" + bytes(_inside(x, y) for x in range(SIDE)) for y in range(SIDE))
    palette = bytes.fromhex(GROUND[1:] + BAR[1:])
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return PNG_BEGIN + b"".join(_chunk(kind, data) for kind, data in chunks)


def ico() -> bytes:
    """The mark as an icon file that holds the PNG."""
    image = png()
    place = 6 + 16
    entry = struct.pack("<BBBBHHII", SIDE, SIDE, 0, 0, 1, 32, len(image), place)
    return struct.pack("<HHH", 0, 1, 1) + entry + image


def _inside(x: int, y: int) -> bool:
    return any(left <= x < right and top <= y < bottom for left, top, right, bottom in BARS)


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
