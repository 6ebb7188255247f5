"""URL <-> widget <-> session: which of them is right, and when.

The URL is the view. A widget's change is written to the URL at once (in its callback, before the script
runs), so on every rerun the widgets follow the URL: a link, the back button and a pasted address all win.
One case is the other way round: after a lost connection the browser hands its widgets to a new session
without calling any callback, so on a session's first run a widget that differs from the URL is a click
that has not been counted yet, and wins. Streamlit tells such a value only when the widget is drawn; on a
first run the widgets are therefore drawn with the URL as their default, and compared afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from ens_dash.survey.base import LANGS, Lang
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import SegmentVariable, Survey
from ens_dash.view import DEFAULT_LANG, Notice, View, parse_query

STARTED, PAGE = "started", "page"
# the widgets that follow the URL, by the beginning of their keys
FOLLOWING = ("filter.", "b.filter.", "switch.", "compare.")


def filter_key(variable: str, second: bool = False) -> str:
    """The key of a filter's widget in the session; `second` for the group compared with."""
    return f"{'b.' if second else ''}filter.{variable}"


def current_view(survey: Survey, page: str) -> tuple[View, tuple[Notice, ...]]:
    """The view of this run, from the URL; also what the URL held that nobody knows."""
    state = st.session_state
    # three values in turn: absent, then True on the first run, then False
    state[STARTED] = STARTED not in state
    if state.get(PAGE, page) != page:
        # a page's widgets are new in the browser: their old values must be sent again
        for key in [k for k in state if str(k).startswith(FOLLOWING)]:
            del state[key]
    state[PAGE] = page
    return parse_query(_query(), survey, browser_language())


def first_run() -> bool:
    """Whether this is the session's first run, on which a widget may know better than the URL."""
    return bool(st.session_state[STARTED])


def following(key: str, wanted: Any, default: str) -> dict[str, Any]:
    """The arguments that make a widget show what the URL says; `default` names its parameter for that."""
    if first_run():
        return {"key": key, default: wanted}
    if st.session_state.get(key) != wanted:
        st.session_state[key] = wanted
    return {"key": key}


def count_clicks(
    view: View, survey: Survey, chosen: Mapping[str, Iterable[str]], second: bool = False
) -> None:
    """On a first run, put what the drawn widgets say into the URL where it differs, and run again."""
    if not first_run():
        return
    before = (view.versus if second else view.where) or Filter()
    after = before.with_codes(survey.variables, **chosen)
    if after != before:
        write_url(replace(view, versus=after or None) if second else replace(view, where=after))
        st.rerun()


def _query() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def browser_language() -> Lang:
    """The language the browser asks for first among ours; French where it asks for neither."""
    accepted = (st.context.locale or "").lower()
    return next((lang for lang in LANGS if accepted.startswith(lang)), DEFAULT_LANG)


def write_url(view: View) -> None:
    """Make the address bar say the view."""
    st.query_params.from_dict(view.query())


def on_filter(survey: Survey, variable: SegmentVariable, second: bool = False) -> None:
    """A filter widget's callback: write its codes to the URL."""
    view, _ = parse_query(_query(), survey, browser_language())
    codes = st.session_state[filter_key(variable.id, second)] or []
    before = (view.versus if second else view.where) or Filter()
    after = before.with_codes(survey.variables, **{variable.id: codes})
    write_url(replace(view, versus=after or None) if second else replace(view, where=after))


def change_url(survey: Survey, **changes: Any) -> None:
    """A callback that replaces some fields of the view in the URL."""
    view, _ = parse_query(_query(), survey, browser_language())
    write_url(replace(view, **changes))
