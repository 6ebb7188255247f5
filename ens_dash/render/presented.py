"""A card's chart for a room: beside its labels, in letters as large as one screen has room for."""

from __future__ import annotations

from typing import Any

from ens_dash.render.card import Card
from ens_dash.render.chart import chart
from ens_dash.render.style import Style
from ens_dash.survey.model import Survey
from ens_dash.text import Words

# The server does not know the screen: what a chart may take of 900 pixels of height, beside its words.
ROOM = 540
LARGEST = 1.9
LABELS = 0.42


def presented(card: Card, survey: Survey, words: Words, style: Style) -> dict[str, Any]:
    """The card's plotly figure, magnified until it is ROOM pixels high, LARGEST times at most."""
    drawn = chart(card, survey, words, style, labels=LABELS)
    return magnified(drawn, min(max(ROOM / drawn["layout"]["height"], 1.0), LARGEST))


def magnified(drawn: dict[str, Any], times: float) -> dict[str, Any]:
    """A chart with everything that is measured in pixels larger; a new figure, the old one is left alone."""
    layout = drawn["layout"]
    axis = layout["xaxis"]
    changed = {
        "height": round(layout["height"] * times),
        "annotations": [
            a | {"y": a["y"] * times, "font": a["font"] | {"size": a["font"]["size"] * times}}
            for a in layout["annotations"]
        ],
        "yaxis": layout["yaxis"] | {"range": [bound * times for bound in layout["yaxis"]["range"]]},
        "xaxis": axis | {"tickfont": axis["tickfont"] | {"size": axis["tickfont"]["size"] * times}},
        "margin": {"l": 2, "r": 2, "t": 2, "b": 24 * times, "pad": 0},
    }
    return {"data": [_trace(trace, times) for trace in drawn["data"]], "layout": layout | changed}


def _trace(trace: dict[str, Any], times: float) -> dict[str, Any]:
    found = trace | {"y": [y * times for y in trace["y"]]}
    if trace["type"] == "bar":
        return found | {"width": [width * times for width in trace["width"]]}
    return found | {"marker": trace["marker"] | {"size": trace["marker"]["size"] * times}}
