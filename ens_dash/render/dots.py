"""Group A against group B, as a dot plot: the report's figure solid, fictional groups hollow and labelled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ens_dash.estimate.comparisons import Comparison
from ens_dash.estimate.figures import Figure
from ens_dash.render.canvas import ROOM, Canvas, escape
from ens_dash.render.sentence import CHANCE
from ens_dash.render.style import Style, template
from ens_dash.survey.model import Question, Survey
from ens_dash.text import Words

ROW = 22


def dots(
    survey: Survey,
    question: Question,
    rows: Sequence[tuple[Figure | None, Figure | None, Figure | None, Comparison | None]],
    names: tuple[str, str],
    words: Words,
    style: Style,
) -> dict[str, Any]:
    """The plotly figure. Each row: everybody's figure, group A's, group B's, and their comparison.

    Simulated rows have no whisker and no test; the word stands in the plot and beside each number.
    """
    fictional = any(f is not None and f.origin == "simulated" for _, a, b, _ in rows for f in (a, b))
    means = question.kind == "number"
    canvas = Canvas(style)
    suffix = f" {words('figure.fictional')}" if fictional else ""
    if fictional:
        canvas.badge(words("origin.fictional"))
    colours = (style.fictional, style.fictional) if fictional else (style.whole, style.group)
    symbols = ("diamond-open", "square-open") if fictional else ("diamond", "square")
    signs = ("◇", "□") if fictional else ("◆", "■")
    for sign, name, colour in zip(signs, names, colours, strict=True):
        canvas.lines(f"{sign} {name}" + (f" ({suffix.strip()})" if suffix else ""), color=colour, size=13)
    origin = next((whole.origin for whole, *_ in rows if whole is not None), None)
    if origin is not None:
        canvas.lines(
            f"● {words(f'table.everybody_{origin}')}",
            color=style.whole if fictional else style.quiet,
            size=13,
        )
    canvas.y += 6
    points: dict[str, dict[str, list[Any]]] = {
        k: {"x": [], "y": [], "low": [], "high": [], "text": []} for k in ("whole", "a", "b")
    }
    largest = (
        max((f.est or 0 for row in rows for f in row[:3] if f is not None), default=1.0) if means else 1.0
    )
    for whole, a, b, comparison in rows:
        first = a or b or whole
        if first is None:
            continue
        label = (
            question.item_label(first.item, words.lang)
            if first.item
            else question.answer_label(first.answer, words.lang)
        )
        marked = (
            comparison is not None and comparison.p_adjusted is not None and comparison.p_adjusted < CHANCE
        )
        canvas.lines(label[0].upper() + label[1:] + (" *" if marked and not fictional else ""))
        for key, figure in (("whole", whole), ("a", a), ("b", b)):
            if figure is None or not figure.quotable or figure.est is None:
                continue
            text = words.number(figure.est, 1) if means else words.percent(figure.est)
            simulated = figure.origin == "simulated"
            text += suffix if simulated else ""
            spot = points[key]
            spot["x"].append(figure.est)
            spot["y"].append(canvas.y + ROW / 2)
            spot["text"].append(text)
            spot["low"].append(0 if simulated or figure.low is None else figure.est - figure.low)
            spot["high"].append(0 if simulated or figure.high is None else figure.high - figure.est)
            end = figure.est if simulated or figure.high is None else figure.high
            colour = style.fictional if simulated else style.text
            canvas.text(
                escape(text),
                x=end + 0.03 * largest,
                y=canvas.y + ROW / 2,
                anchor="middle",
                size=13,
                color=colour,
            )
            canvas.y += ROW
        canvas.y += 10
    look = {
        "whole": {"symbol": "circle", "size": 11, "color": style.whole if fictional else style.quiet},
        "a": {"symbol": symbols[0], "size": 12, "color": colours[0], "line": {"width": 2}},
        "b": {"symbol": symbols[1], "size": 11, "color": colours[1], "line": {"width": 2}},
    }
    return {
        "data": [_trace(points[key], look[key], style) for key in points if points[key]["x"]],
        "layout": {
            "template": {"layout": template(style)},
            "height": round(canvas.y) + 26,
            "annotations": canvas.annotations,
            "yaxis": {"range": [canvas.y, 0], "visible": False, "fixedrange": True},
            "xaxis": {
                "range": [0, ROOM * largest],
                "fixedrange": True,
                "zeroline": False,
                "gridcolor": style.grid,
                "showticklabels": not means,
                "tickfont": {"size": 12, "color": style.quiet},
                "tickvals": [0, 0.25, 0.5, 0.75, 1],
                "ticktext": [words.percent(t) for t in (0, 0.25, 0.5, 0.75, 1)],
            },
        },
    }


def _trace(points: dict[str, list[Any]], marker: dict[str, Any], style: Style) -> dict[str, Any]:
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers",
        "x": points["x"],
        "y": points["y"],
        "hovertext": points["text"],
        "hoverinfo": "text",
        "marker": marker,
    }
    if any(points["high"]):
        trace["error_x"] = {
            "type": "data",
            "symmetric": False,
            "array": points["high"],
            "arrayminus": points["low"],
            "color": style.text,
            "thickness": 1.2,
            "width": 3,
        }
    return trace
