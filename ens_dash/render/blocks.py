"""Wrapped lines of text on a picture whose width is known, and where they stand on it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ens_dash.render.canvas import escape

# a letter's mean width in parts of its size, for the widest font a machine may fall back to
REGULAR, BOLD = 0.54, 0.62
LINE = 1.3  # a line's height, in parts of a letter's size


@dataclass(frozen=True)
class Block:
    """Wrapped lines of one size (pixels), and the room below them."""

    lines: tuple[str, ...]
    size: float
    color: str
    gap: float

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LINE + self.gap


def block(text: str, size: float, color: str, inner: float, *, gap: float, bold: bool = False) -> Block:
    """A text wrapped to `inner` pixels; plotly's markup in it is plain text."""
    fits = max(int(inner / (size * (BOLD if bold else REGULAR))), 20)
    lines = [escape(line) for line in textwrap.wrap(text, fits, break_on_hyphens=False)] or [""]
    if bold:
        lines = [f"<b>{line}</b>" for line in lines]
    return Block(tuple(lines), size, color, gap)


def heights(blocks: Sequence[Block]) -> float:
    """How high some blocks are, one below the other."""
    return sum(block.height for block in blocks)


def placed(found: Block, y: int, anchor: Literal["top"], shift: float) -> dict[str, Any]:
    """An annotation at the left edge, `shift` pixels above the plot's top (y = 1) or bottom (y = 0)."""
    return {
        "text": "<br>".join(found.lines),
        "x": 0,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": anchor,
        "align": "left",
        "yshift": shift,
        "showarrow": False,
        "font": {"size": found.size, "color": found.color},
    }
