"""URL <-> widget <-> session: which of them is right, and when.

The URL is the view. A widget's change is written to the URL at once (in its callback, before the script
runs), so on every rerun the widgets follow the URL: a link, the back button and a pasted address all win.
One case is the other way round: after a lost connection the browser hands its widgets to a new session
without calling any callback, so on a session's first run a widget that differs from the URL is a click
that has not been counted yet, and wins. Streamlit tells such a value only when the widget is drawn; on a
first run the widgets are therefore drawn with the URL as their default, and compared afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx

from ens_dash.site import Site
from ens_dash.survey.base import LANGS, Lang
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import SegmentVariable
from ens_dash.view import DEFAULT_LANG, Notice, View

T = TypeVar("T")
P = ParamSpec("P")
STARTED, PAGE = "started", "page"
# the addresses that a visit wrote one after the other, after the one that it found
WRITTEN, REMEMBERED = "written", 8
# the widgets that follow the URL, by the beginning of their keys
FOLLOWING = ("filter.", "b.filter.", "switch.", "compare.", "claim.", "briefing.")


def _at_once(action: Callable[[], T]) -> T:
    return action()


def filter_key(variable: str, second: bool = False) -> str:
    """The key of a filter's widget in the session; `second` for the group compared with."""
    return f"{'b.' if second else ''}filter.{variable}"


def current_view(site: Site, page: str) -> tuple[View, tuple[Notice, ...]]:
    """The view of this run, from the URL; also what the URL held that nobody knows."""
    state = st.session_state
    # three values in turn: absent, then True on the first run, then False
    state[STARTED] = STARTED not in state
    if state.get(PAGE, page) != page:
        # a page's widgets are new in the browser: their old values must be sent again
        for key in [k for k in state if str(k).startswith(FOLLOWING)]:
            del state[key]
    state[PAGE] = page
    latest = _latest()
    if latest != _query():
        # this run was asked for before the browser knew the address that was written last
        st.query_params.from_dict(latest)
    elif state.get(WRITTEN, [None])[-1] != latest:
        # a link or the back button: what was written before is no later than this
        state.pop(WRITTEN, None)
    return site.read(latest, browser_language())


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


def count_clicks(view: View, site: Site, chosen: Mapping[str, Iterable[str]], second: bool = False) -> None:
    """On a first run, put what the drawn widgets say into the URL where it differs, and run again."""
    if not first_run():
        return
    before = (view.versus if second else view.where) or Filter()
    after = before.with_codes(site.survey.variables, **chosen)
    if after != before:
        write_url(replace(view, versus=after or None) if second else replace(view, where=after))
        st.rerun()


def _query() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def browser_language() -> Lang:
    """The language the browser asks for first among ours; French where it asks for neither."""
    accepted = (st.context.locale or "").lower()
    return next((lang for lang in LANGS if accepted.startswith(lang)), DEFAULT_LANG)


def language(asked: Sequence[str]) -> Lang:
    """The language of an address (its `lang`, of which the last counts), else the browser's."""
    return next((lang for lang in LANGS if asked[-1:] == [lang]), None) or browser_language()


class Step(Protocol):
    """Does something with the session to its end, though another click waits."""

    def __call__(self, action: Callable[[], T]) -> T: ...


def callback(change: Callable[Concatenate[Step, P], None]) -> Callable[P, None]:
    """A widget's callback that a second click cannot stop halfway.

    At every access to the session Streamlit may raise RerunException for a click that waits, and what the
    callback had not done yet would never be done. So each access is a `step`, done again when it was
    stopped; the click that waits has its turn after the last one.
    """

    @wraps(change)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        waiting: list[RerunException] = []

        def step(action: Callable[[], T]) -> T:
            while True:
                try:
                    return action()
                except RerunException as click:
                    waiting.append(click)

        change(step, *args, **kwargs)
        if waiting:
            raise waiting[-1]

    return run


def write_url(view: View, step: Step = _at_once) -> None:
    """Make the address bar say the view.

    Raises:
        BriefingError: the briefing does not fit in an address; the URL is as it was.
    """
    wanted = view.query()
    before = step(lambda: st.session_state.get(WRITTEN)) or [_query()]
    written = [*before, {name: [value] for name, value in wanted.items()}]
    step(lambda: st.session_state.__setitem__(WRITTEN, written[-REMEMBERED:]))
    step(lambda: st.query_params.from_dict(wanted))


def _latest() -> dict[str, list[str]]:
    """The address that counts.

    A browser that is quicker than its address bar (a text that is left by a click on a button) tells an
    address from before the change it was told of: then that change counts, or it would be lost. Only the
    back button really goes back to one.
    """
    told, written = _query(), st.session_state.get(WRITTEN, [])
    run = get_script_run_ctx()
    if run is not None and run.is_history_navigation:
        return told
    return written[-1] if told in written else told


@callback
def on_filter(step: Step, site: Site, variable: SegmentVariable, second: bool = False) -> None:
    """A filter widget's callback: write its codes to the URL."""
    codes = step(lambda: st.session_state[filter_key(variable.id, second)]) or []

    def edit(view: View) -> View:
        before = (view.versus if second else view.where) or Filter()
        after = before.with_codes(site.survey.variables, **{variable.id: codes})
        return replace(view, versus=after or None) if second else replace(view, where=after)

    edit_url(step, site, edit)


@callback
def change_url(step: Step, /, site: Site, **changes: Any) -> None:
    """A callback that replaces some fields of the view in the URL."""
    edit_url(step, site, lambda view: replace(view, **changes))


def edit_url(step: Step, site: Site, edit: Callable[[View], View]) -> None:
    """Replace the view in the URL by what `edit` makes of it.

    Raises:
        BriefingError: the briefing does not fit in an address; the URL is as it was.
    """
    view, _ = site.read(step(_latest), step(browser_language))
    write_url(edit(view), step)
