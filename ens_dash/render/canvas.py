"""What a chart is drawn on: bars and texts at pixel heights, turned into plotly traces at the end.

The server does not know the reader's width, so one layout serves all screens: labels stand above their bars
and wrap, vertical positions are in pixels, and the figure's height follows from what is in it. A picture's
width is known, and has a column for the labels.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ens_dash.render.style import Style
from ens_dash.text import Words

# as many letters of 14 px as a chart on a screen of 320 px has room for
WRAP = 40
INDENT = "\u2003"  # under a text that a sign stands before
LINE, BAR, THIN, GAP = 18, 22, 13, 16
ROOM = 1.34  # the axis reaches past 100 %, so that the number beside a full bar is not cut
ROOM_FOR_WORD = 1.5  # and that the word for everybody behind it is not cut on a screen of 320 px
MEAN_ROOM = 1.6  # the longest mean fills its bar, and its text stands beside it
LAYERS = ("beside", "whole", "strong", "against", "against_strong", "fictional")


@dataclass
class Canvas:
    """Bars and texts at pixel heights, growing downwards from y = 0."""

    style: Style
    y: float = 0.0
    bars: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    marks: list[tuple[float, float, str]] = field(default_factory=list)
    left: float = 0.0
    label_room: float = 0.0
    _bottom: float = 0.0

    @property
    def edge(self) -> float:
        """Where texts begin: the axis' left end, before the labels' column where there is one."""
        return self.left - self.label_room

    def text(
        self, text: str, *, x: float = 0.0, y: float | None = None, anchor: str = "top", **font: Any
    ) -> None:
        """A text with its left edge at x (in axis units); `y` None: at the current height."""
        self.annotations.append(
            {
                "x": x,
                "y": self.y if y is None else y,
                "text": text,
                "showarrow": False,
                "xanchor": "left",
                "yanchor": anchor,
                "align": "left",
                "font": {"size": 14, "color": self.style.text} | font,
            }
        )

    def lines(self, text: str, **font: Any) -> None:
        """A wrapped text at the left edge; moves down below it."""
        self.y += LINE * self._wrapped(text, **font) + 2

    def label(self, text: str) -> None:
        """The name of the bars that follow: above them, or in the labels' column beside them."""
        if not self.label_room:
            self.lines(text)
        else:
            self._bottom = self.y + LINE * self._wrapped(text)

    def keyed(self, sign: str, ink: str, text: str, lead: str = "", **font: Any) -> None:
        """What a colour stands for: its sign, a bold `lead`, a wrapped text; moves down below."""
        wrapped = textwrap.wrap(f"{lead} {text}".strip(), WRAP - len(INDENT)) or [""]
        lines = [escape(line) for line in wrapped]
        if lead:
            lines[0] = f"<b>{escape(lead)}</b>{lines[0].removeprefix(escape(lead))}"
        lines[0] = f'<span style="color:{ink}">{sign}</span> {lines[0]}'
        self.text(f"<br>{INDENT}".join(lines), x=self.edge, **font)
        self.y += LINE * len(lines)

    def below(self) -> None:
        """Move down below the bars and their label."""
        self.y = max(self.y, self._bottom) + GAP

    def _wrapped(self, text: str, **font: Any) -> int:
        wrapped = textwrap.wrap(text, WRAP) or [""]
        self.text("<br>".join(map(escape, wrapped)), x=self.edge, **font)
        return len(wrapped)

    def badge(self, text: str) -> None:
        """A warning inside the plot, so that a cropped picture still carries it."""
        self.text(f"<b>{escape(text.upper())}</b>", x=self.edge, color=self.style.fictional)
        self.annotations[-1] |= {"bgcolor": self.style.fictional_paper, "borderpad": 4}
        self.y += LINE + 12

    def bar(
        self, layer: str, width: float, height: float, *, start: float = 0.0, hover: str = "", **more: Any
    ) -> None:
        """A bar of a layer (one plotly trace) at the current height; it does not move down."""
        traced = self.bars.setdefault(
            layer, {k: [] for k in ("x", "y", "width", "base", "text", "low", "high")}
        )
        traced["x"].append(width)
        traced["y"].append(self.y + height / 2)
        traced["width"].append(height)
        traced["base"].append(start)
        traced["text"].append(hover)
        traced["low"].append(more.get("low", 0.0))
        traced["high"].append(more.get("high", 0.0))


def escape(text: str) -> str:
    """Plotly reads a little HTML in its texts: what comes from a survey must not be any."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def traces(canvas: Canvas, style: Style) -> list[dict[str, Any]]:
    """The plotly traces, one a layer, those drawn over others last; simulated bars are hatched."""
    layers = sorted(canvas.bars, key=lambda k: LAYERS.index(k) if k in LAYERS else len(LAYERS))
    found = []
    for layer in layers:
        bars = canvas.bars[layer]
        colour = layer.partition(":")[2]
        marker: dict[str, Any] = {"color": colour or getattr(style, layer)}
        if layer == "beside":
            marker["line"] = {"width": 1, "color": style.edge}
        elif colour:
            # a gap between the answers of a stack, for whom their colours do not part
            marker["line"] = {"width": 1.5, "color": style.ground}
        elif layer == "fictional":
            marker = {
                "color": style.fictional_paper,
                "line": {"width": 1, "color": style.fictional},
                "pattern": {
                    "shape": "/",
                    "fgcolor": style.fictional,
                    "bgcolor": style.fictional_paper,
                    "size": 7,
                    "solidity": 0.35,
                },
            }
        trace: dict[str, Any] = {
            "type": "bar",
            "orientation": "h",
            "x": bars["x"],
            "y": bars["y"],
            "width": bars["width"],
            "base": bars["base"],
            "hovertext": bars["text"],
            "hoverinfo": "text",
            "textposition": "none",
            "marker": marker,
        }
        found.append(trace | error_bars(bars["low"], bars["high"], style))
    if canvas.marks:
        found.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [m[0] for m in canvas.marks],
                "y": [m[1] for m in canvas.marks],
                "hovertext": [m[2] for m in canvas.marks],
                "hoverinfo": "text",
                "marker": {
                    "symbol": "line-ns-open",
                    "color": style.text,
                    # plotly draws this symbol 1.4 times its size
                    "size": round((BAR + 4) / 1.4, 1),
                    "line": {"width": 3, "color": style.text},
                },
            }
        )
    return found


def error_bars(low: Sequence[float], high: Sequence[float], style: Style) -> dict[str, Any]:
    """Whiskers of a trace; none where no point has any."""
    if not any(high):
        return {}
    bars = {"type": "data", "symmetric": False, "array": list(high), "arrayminus": list(low)}
    return {"error_x": bars | {"color": style.text, "thickness": 1.4, "width": 4}}


def percent_axis(left: float, right: float, style: Style, words: Words, *, labelled: bool) -> dict[str, Any]:
    """The horizontal axis in shares (0-1); without labels for means and stacked bars."""
    ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
    return {
        "range": [left, right],
        "fixedrange": True,
        "zeroline": False,
        "gridcolor": style.grid,
        "showgrid": labelled,
        "showticklabels": labelled,
        "tickfont": {"size": 12, "color": style.quiet},
        "tickvals": list(ticks),
        "ticktext": [words.percent(t) for t in ticks],
    }
