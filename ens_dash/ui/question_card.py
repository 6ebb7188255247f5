"""The question card: words, chart, base and source, the rest on demand. All of it is rendered elsewhere."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from ens_dash.render.card import Card
from ens_dash.render.style import DARK, LIGHT, Style
from ens_dash.site import Site
from ens_dash.text import Words
from ens_dash.ui.briefing import add_button
from ens_dash.ui.state import change_url
from ens_dash.view import View

CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "responsive": True}


class Drawing(go.Figure):
    """A plotly figure that is already the dictionary to be sent.

    `st.plotly_chart` builds, validates and copies a dictionary at every rerun, which costs more than all
    the rest of a card; a figure it only asks for `to_dict`.
    """

    def __init__(self, drawing: dict[str, Any]) -> None:
        self._drawing = drawing

    def to_dict(self) -> dict[str, Any]:
        return self._drawing


def chart_style() -> Style:
    """The charts' colours in the theme of the reader's page, as the browser told it with this run.

    Known from a session's first run on: the browser chooses its theme before it asks for one. No run follows
    a change of theme; until the next, render/theme.py shows the charts in the new one.
    """
    return DARK if st.context.theme.type == "dark" else LIGHT


def plot(drawing: dict[str, Any], key: str, alt: str) -> None:
    """Put a chart on the page."""
    st.plotly_chart(Drawing(drawing), theme=None, config=CONFIG, key=key, alt=alt)


def light(view: View) -> bool:
    """Whether bars in HTML stand in the place of charts: asked for, or told by the visitor's device.

    A phone, or a browser that saves data, gets them until its reader asks for the charts: on a slow phone
    the charts' program takes many seconds to arrive.
    """
    if view.layout is not None:
        return view.layout == "light"
    headers = st.context.headers
    return headers.get("Save-Data", "").lower() == "on" or "Mobi" in headers.get("User-Agent", "")


def layout_button(site: Site, view: View, words: Words) -> None:
    """The way from bars to charts and back."""
    wanted, label = ("charts", "light.charts") if light(view) else ("light", "light.bars")
    st.button(
        words(label),
        key="layout",
        type="tertiary",
        on_click=change_url,
        args=(site,),
        kwargs={"layout": wanted},
    )


def question_card(site: Site, card: Card, view: View, words: Words, public_url: str) -> None:
    """Draw one card; `public_url` is the site's address in what leaves it."""
    question = card.question.id
    drawn = site.drawn(card, view, chart_style())
    with st.container(key=f"card_{question}", border=True):
        st.html(drawn.head)
        if light(view):
            st.html(f'<div class="light">{site.bars(card, view.lang)}</div>', width="stretch")
        else:
            plot(drawn.chart, f"chart_{question}", drawn.alt)
        st.html(drawn.foot + site.share(card, view, public_url))
        add_button(site, card, view, words)
