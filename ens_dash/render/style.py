"""Colours and the plotly template: Okabe-Ito, one warning colour kept for what is fictional."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

FONT = "Source Sans, Source Sans Pro, Helvetica, Arial, sans-serif"


@dataclass(frozen=True)
class Style:
    """The colours of one theme. `fictional` is used for simulated figures and for nothing else."""

    text: str = "#1b2a41"
    quiet: str = "#4a5568"
    grid: str = "#e3e7ee"
    paper: str = "rgba(0,0,0,0)"
    whole: str = "#0072B2"
    strong: str = "#00466E"
    group: str = "#00735C"
    against: str = "#A9B3C1"
    against_strong: str = "#6B7787"
    beside: str = "#CFE3F1"
    fictional: str = "#B34700"
    fictional_paper: str = "#FFE8D1"
    answers: tuple[str, ...] = ("#0072B2", "#8CC4E8", "#6B7787", "#CC79A7", "#A9B3C1", "#00735C")


LIGHT = Style()


def template(style: Style) -> dict[str, Any]:
    """The layout that every figure shares, kept small: it is sent with each."""
    return {
        "font": {"family": FONT, "size": 14, "color": style.text},
        "paper_bgcolor": style.paper,
        "plot_bgcolor": style.paper,
        "showlegend": False,
        "barmode": "overlay",
        "dragmode": False,
        "hoverlabel": {"font": {"size": 13}, "align": "left"},
        "margin": {"l": 2, "r": 2, "t": 2, "b": 24, "pad": 0},
    }


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on a colour (relative luminance of WCAG 2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if luminance > 0.179 else "#ffffff"
