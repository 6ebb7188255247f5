"""The segment filter: short variables first, the rest folded and not run until opened."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from html import escape

import streamlit as st

from ens_dash.site import Site
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import SegmentVariable
from ens_dash.text import Words
from ens_dash.ui.state import change_url, count_clicks, filter_key, following, on_filter
from ens_dash.view import View


def sidebar(view: View, site: Site, words: Words, default_fictional: bool, results: str) -> None:
    """The filter in the sidebar, with its reset and the switch for fictional figures.

    `results`: what the button says that leads back to the figures on a phone (web/static/sheet.js).
    """
    with st.sidebar:
        st.html(f'<h2 class="filter-title">{words("filter.title")}</h2>')
        chosen = variables(view.where, site, words)
        if view.where:
            cleared = {"where": Filter()}
            st.button(
                words("filter.reset"), on_click=change_url, args=(site,), kwargs=cleared, type="tertiary"
            )
        if site.simulated:
            _switch(view, site, words, default_fictional)
        with st.container(key="see"):
            st.html(f'<button type="button" data-see="">{escape(results)}</button>')
    count_clicks(view, site, chosen)


def variables(where: Filter, site: Site, words: Words, second: bool = False) -> dict[str, list[str]]:
    """The pills of every variable; those not short in a fold that runs only when it is open.

    Returns what the drawn widgets say (the folded ones are not drawn).
    """
    survey = site.survey
    short = [v for v in survey.variables if v.short]
    folded = [v for v in survey.variables if not v.short]
    chosen = _pills(short or survey.variables, where, site, words, second)
    if short and folded:
        # a label that changed would be another fold to Streamlit, and closed
        key = f"{'b.' if second else ''}fold.filter"
        fold = st.expander(words("filter.more"), key=key, on_change="rerun", type="compact")
        if fold.open:
            with fold:
                chosen |= _pills(folded, where, site, words, second)
    return chosen


def _pills(
    which: Iterable[SegmentVariable], where: Filter, site: Site, words: Words, second: bool
) -> dict[str, list[str]]:
    chosen = {}
    for variable in which:
        labels = {s.code: words.of(s.label) for s in variable.segments}
        codes = list(where.codes.get(variable.id, ()))
        foreign = words.foreign(variable.label)
        # web/static/words.js gives it the language that its key tells
        key = f"{'b_' if second else ''}{variable.id}_lang_{foreign}"
        with st.container(key=key) if foreign else nullcontext():
            chosen[variable.id] = st.pills(
                words.of(variable.label),
                list(labels),
                selection_mode="multi",
                format_func=labels.__getitem__,
                on_change=on_filter,
                args=(site, variable, second),
                help=words.of(variable.note) if variable.note else None,
                **following(filter_key(variable.id, second), codes, "default"),
            )
    return chosen


def _switch(view: View, site: Site, words: Words, default: bool) -> None:
    shown = view.fictional(default)
    mode = None if shown != default else ("report" if default else "fictional")
    st.checkbox(
        words("filter.fictional"),
        on_change=change_url,
        args=(site,),
        kwargs={"mode": mode},
        **following("switch.fictional", shown, "value"),
    )
