"""Presentation: one card a screen in large type, left and right by keyboard, the filter within reach.

On a theme's page the cards are the page's; on the briefing's they are the reader's, each in its own group
until the filter is changed. The URL says which card is on: `q`.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from ens_dash.briefing import Entry
from ens_dash.site import Site, page_questions
from ens_dash.survey.filter import Filter
from ens_dash.text import Words
from ens_dash.ui.question_card import chart_style, plot
from ens_dash.ui.state import change_url
from ens_dash.view import View, filter_sentence

BRIEFING = "dossier"


def entries_of(site: Site, path: str, view: View) -> tuple[Entry, ...]:
    """The cards to present on a page, in order; none where it has none."""
    if path == BRIEFING:
        return view.briefing
    return tuple(Entry(question) for question in page_questions(site.survey, path))


def presentation(
    site: Site, path: str, entries: Sequence[Entry], view: View, words: Words, fictional: bool
) -> None:
    """One card. `fictional`: whether simulated figures are switched on."""
    at = place(entries, view)
    entry = entries[at]
    with st.container(key="presenting", horizontal=True, vertical_alignment="center", gap="small"):
        _move(site, words("present.before"), "Left", entries, at - 1, path)
        place_told = escape(words("present.place", at=at + 1, of=len(entries)))
        st.html(f'<p role="status">{place_told}</p>', width="content")
        _move(site, words("present.after"), "Right", entries, at + 1, path)
        people = filter_sentence(view.where, site.survey.variables, words)
        st.html(f'<p class="whom">{escape(people)}</p>', width="stretch")
        # a link to the page that is on would leave the address as it is
        leaving: dict[str, object] = {"layout": None, "questions": ()}
        if path == BRIEFING:
            # the cards brought their own groups and modes; the page has none
            leaving |= {"where": Filter(), "mode": None}
        st.button(
            words("present.leave"),
            key="present_leave",
            shortcut="Esc",
            on_click=change_url,
            args=(site,),
            kwargs=leaving,
        )
    card = site.cards((entry.question,), view.where, fictional)[0]
    drawn = site.drawn(card, view, chart_style())
    with st.container(key="presented"):
        if entry.title and view.where == entry.where:
            st.html(f'<p class="present-title">{escape(entry.title)}</p>')
        st.html(drawn.head)
        with st.container(key="present_wide"):
            plot(drawn.chart, f"present_{entry.question}", drawn.alt)
        # on a narrow screen the labels beside the bars have no room
        st.html(f'<div class="light present-narrow">{site.bars(card, view.lang)}</div>', width="stretch")
        st.html(drawn.foot)
        if entry.note and view.where == entry.where:
            st.html(f'<p class="present-note">{escape(entry.note)}</p>')


def place(entries: Sequence[Entry], view: View) -> int:
    """Which of the cards is on: that of the view's question, in the view's group if it is there twice."""
    wanted = view.questions[0] if view.questions else None
    same = [i for i, entry in enumerate(entries) if entry.question == wanted]
    exact = [i for i in same if entries[i].where == view.where]
    return (exact or same or [0])[0]


def _move(site: Site, label: str, key: str, entries: Sequence[Entry], to: int, path: str) -> None:
    there = 0 <= to < len(entries)
    changes: dict[str, object] = {}
    if there:
        changes["questions"] = (entries[to].question,)
        if path == BRIEFING:
            changes["where"] = entries[to].where
            changes["mode"] = "fictional" if entries[to].fictional else "report"
    st.button(
        label,
        key=f"present_{key}",
        shortcut=key,
        on_click=change_url,
        args=(site,),
        kwargs=changes,
        disabled=not there,
    )


def start_view(view: View, path: str) -> dict[str, object]:
    """What changes in the view when the presentation of a page begins."""
    changes: dict[str, object] = {"layout": "presentation"}
    if path == BRIEFING and view.briefing:
        first = view.briefing[0]
        mode = "fictional" if first.fictional else "report"
        changes |= {"questions": (first.question,), "where": first.where, "mode": mode}
    return changes


def start_button(site: Site, path: str, view: View, words: Words) -> None:
    """The button that begins the presentation of a page."""
    st.button(
        words("present.start"),
        key="present_start",
        type="tertiary",
        on_click=change_url,
        args=(site,),
        kwargs=start_view(view, path),
    )
