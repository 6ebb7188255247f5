"""Colours of the charts in two themes, and the plotly template. One warning colour is for what is fictional.

Files, pictures and embeds are drawn in LIGHT, the screen in the reader's theme. The page around the charts
has its colours in theme.css, which names some of these again: a test holds them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

FONT = "Source Sans, Source Sans Pro, Helvetica, Arial, sans-serif"


@dataclass(frozen=True)
class Style:
    """The colours of one theme. `fictional` is used for simulated figures and for nothing else.

    Marks have 3:1 on the ground; `beside`, which is too pale for that, is drawn with an `edge`. `on_whole`
    and `on_strong` are the inks on those bars, 4.5:1. `answers` alternate dark and light, so that neighbours
    in a stack differ for every eye; black or white on each (`ink_on`) must be the same in all themes, and no
    colour may have two roles: render/theme.py tells a chart's roles by its colours.
    """

    ground: str = "#ffffff"
    text: str = "#1b2a41"
    quiet: str = "#4a5568"
    grid: str = "#e3e7ee"
    hover: str = "#f6f8fa"
    paper: str = "rgba(0,0,0,0)"
    whole: str = "#0072B2"
    on_whole: str = "#fbfdff"
    strong: str = "#00466E"
    on_strong: str = "#f2f8fc"
    group: str = "#00735C"
    against: str = "#8491A3"
    against_strong: str = "#556173"
    beside: str = "#CFE3F1"
    edge: str = "#4F7EA6"
    fictional: str = "#B34700"
    fictional_paper: str = "#FFE8D1"
    answers: tuple[str, ...] = ("#005FA3", "#5B9AC4", "#3F4B5C", "#C66C9E", "#00594A", "#8A96A6")


LIGHT = Style()
DARK = Style(
    ground="#121a26",
    text="#e6ebf3",
    quiet="#a9b4c4",
    grid="#2b3648",
    hover="#233046",
    whole="#4FA8E0",
    on_whole="#04182a",
    strong="#C6E6FB",
    on_strong="#06243a",
    group="#3DBE97",
    against="#7f8b9d",
    against_strong="#bcc6d3",
    beside="#223B54",
    edge="#7FA9CF",
    fictional="#FF9D5C",
    fictional_paper="#3D2614",
    answers=("#1F78BA", "#A8D3F2", "#66738A", "#E59AC4", "#1C7A63", "#B7C1CE"),
)


def template(style: Style) -> dict[str, Any]:
    """The layout that every figure shares, kept small: it is sent with each."""
    return {
        "font": {"family": FONT, "size": 14, "color": style.text},
        "paper_bgcolor": style.paper,
        "plot_bgcolor": style.paper,
        "showlegend": False,
        "barmode": "overlay",
        "dragmode": False,
        # one look for all labels: on the trace's own colour plotly would choose an ink for each
        "hoverlabel": {
            "font": {"size": 13, "color": style.text},
            "align": "left",
            "bgcolor": style.hover,
            "bordercolor": style.quiet,
        },
        "margin": {"l": 2, "r": 2, "t": 2, "b": 24, "pad": 0},
    }


def luminance(colour: str) -> float:
    """Relative luminance (0-1) of a colour `#rrggbb`, as WCAG 2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on a colour."""
    return "#000000" if luminance(colour) > 0.179 else "#ffffff"
