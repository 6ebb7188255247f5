"""Group A against group B, as a dot plot: the report's figure solid, fictional groups hollow and labelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ens_dash.estimate.comparisons import Comparison
from ens_dash.estimate.figures import Figure
from ens_dash.render.canvas import MEAN_ROOM, ROOM, Canvas, error_bars, escape, percent_axis
from ens_dash.render.crosstab import line_label
from ens_dash.render.sentence import CHANCE, value
from ens_dash.render.style import Style, template
from ens_dash.survey.model import Question
from ens_dash.text import Words

ROW = 22


@dataclass(frozen=True)
class Pair:
    """One line of the comparison: everybody's figure, group A's, group B's, and their test (real answers)."""

    whole: Figure | None
    a: Figure | None
    b: Figure | None
    test: Comparison | None

    @property
    def line(self) -> tuple[str | None, str]:
        """Item and answer."""
        figure = self.whole or self.a or self.b
        return (figure.item, figure.answer) if figure is not None else (None, "")

    @property
    def beyond_chance(self) -> bool:
        return self.test is not None and self.test.p_adjusted is not None and self.test.p_adjusted < CHANCE


def told(figure: Figure | None, words: Words) -> str:
    """The number as it is read, a fictitious one with its word."""
    simulated = figure is not None and figure.origin == "simulated"
    return f"{value(figure, words)} {words('figure.fictional')}" if simulated else value(figure, words)


def pair_rows(question: Question, pairs: Sequence[Pair], words: Words) -> list[tuple[str, ...]]:
    """The plot in words: each line's label and its three figures, the fictitious ones saying so."""
    return [
        (line_label(question, *p.line, words), told(p.whole, words), told(p.a, words), told(p.b, words))
        for p in pairs
    ]


def dots(
    question: Question, pairs: Sequence[Pair], names: tuple[str, str], words: Words, style: Style
) -> dict[str, Any]:
    """The plotly figure. Simulated dots have no whisker and no test; the word stands in the plot and beside
    each number."""
    fictional = any(f is not None and f.origin == "simulated" for pair in pairs for f in (pair.a, pair.b))
    means = question.kind == "number"
    canvas = Canvas(style)
    looks = _looks(style, fictional)
    _key(canvas, pairs, names, fictional, words)
    estimates = [f.est or 0 for p in pairs for f in (p.whole, p.a, p.b) if f is not None]
    largest = max(estimates, default=1.0) if means else 1.0
    points: dict[str, list[tuple[float, float, Figure]]] = {key: [] for key in looks}
    for pair in pairs:
        label = line_label(question, *pair.line, words)
        canvas.lines(label[0].upper() + label[1:] + (" *" if pair.beyond_chance and not fictional else ""))
        for key, figure in (("whole", pair.whole), ("a", pair.a), ("b", pair.b)):
            if figure is None or not figure.quotable or figure.est is None:
                continue
            simulated = figure.origin == "simulated"
            middle = canvas.y + ROW / 2
            points[key].append((figure.est, middle, figure))
            end = figure.est if simulated or figure.high is None else figure.high
            ink = style.fictional if simulated else style.text
            x = end + 0.03 * largest
            canvas.text(escape(told(figure, words)), x=x, y=middle, anchor="middle", size=13, color=ink)
            canvas.y += ROW
        canvas.y += 10
    return {
        "data": [_trace(found, looks[key], style, words) for key, found in points.items() if found],
        "layout": {
            "template": {"layout": template(style)},
            "height": round(canvas.y) + 26,
            "annotations": canvas.annotations,
            "yaxis": {"range": [canvas.y, 0], "visible": False, "fixedrange": True},
            "xaxis": percent_axis(
                0, (MEAN_ROOM if means else ROOM) * largest, style, words, labelled=not means
            ),
        },
    }


def _looks(style: Style, fictional: bool) -> dict[str, dict[str, Any]]:
    if fictional:
        hollow = {"color": style.fictional, "line": {"width": 2}}
        return {
            "whole": {"symbol": "circle", "size": 11, "color": style.whole},
            "a": {"symbol": "diamond-open", "size": 12} | hollow,
            "b": {"symbol": "square-open", "size": 11} | hollow,
        }
    return {
        "whole": {"symbol": "circle", "size": 11, "color": style.quiet},
        "a": {"symbol": "diamond", "size": 12, "color": style.whole},
        "b": {"symbol": "square", "size": 11, "color": style.group},
    }


def _key(
    canvas: Canvas, pairs: Sequence[Pair], names: tuple[str, str], fictional: bool, words: Words
) -> None:
    style = canvas.style
    if fictional:
        canvas.badge(words("origin.fictional"))
        for sign, name in zip(("◇", "□"), names, strict=True):
            canvas.lines(f"{sign} {name} ({words('figure.fictional')})", color=style.fictional, size=13)
    else:
        canvas.lines(f"◆ {names[0]}", color=style.whole, size=13)
        canvas.lines(f"■ {names[1]}", color=style.group, size=13)
    origin = next((p.whole.origin for p in pairs if p.whole is not None), None)
    if origin is not None:
        ink = style.whole if fictional else style.quiet
        canvas.lines(f"● {words(f'table.everybody_{origin}')}", color=ink, size=13)
    canvas.y += 6


def _trace(
    points: Sequence[tuple[float, float, Figure]], marker: dict[str, Any], style: Style, words: Words
) -> dict[str, Any]:
    def reach(bound: float | None, est: float, figure: Figure) -> float:
        return 0.0 if bound is None or figure.origin == "simulated" else abs(bound - est)

    high = [reach(f.high, est, f) for est, _, f in points]
    low = [reach(f.low, est, f) for est, _, f in points]
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers",
        "x": [est for est, _, _ in points],
        "y": [y for _, y, _ in points],
        "hovertext": [told(f, words) for _, _, f in points],
        "hoverinfo": "text",
        "marker": marker,
    }
    return trace | error_bars(low, high, style)
