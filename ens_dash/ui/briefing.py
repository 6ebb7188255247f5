"""The briefing: its page, and the control on each card that puts it there. It lives in the URL only.

Every change is tried on the address first. One that would not fit is refused and told, with what the reader
had written, and the address stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from urllib.parse import urlsplit

import streamlit as st

from ens_dash.briefing import LONGEST, LONGEST_NOTE, LONGEST_TITLE, MOST, BriefingError, Entry, encode
from ens_dash.render.card import Card
from ens_dash.render.sentence import title
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.survey.filter import Filter
from ens_dash.text import Words
from ens_dash.ui.state import Step, callback, edit_url, first_run, following
from ens_dash.view import View, filter_sentence

PATH, API = "dossier", "api/v1/briefing."
FILES = ("pptx", "pdf")
# in the session, dropped with the page's widgets: the change that was refused last
REFUSED = "briefing.refused"
FIELDS = ("title", "note", "fictional")
NOTE_HEIGHT = 96

Edit = Callable[[tuple[Entry, ...]], Iterable[Entry]]


@dataclass(frozen=True)
class Refused:
    """A change that would not fit: at which widget, what was written there, the limit and what was found."""

    key: str
    written: str
    limit: int
    found: int


def add_button(site: Site, card: Card, view: View, words: Words) -> None:
    """The control of a card: puts it into the briefing with its filter, or takes it out again."""
    question, where = card.question.id, card.where
    there = any((e.question, e.where) == (question, where) for e in view.briefing)
    key = f"add_{question}"
    st.button(
        words("briefing.added" if there else "briefing.add"),
        key=key,
        type="tertiary",
        on_click=_change,
        args=(site, key, partial(_toggled, question, where)),
    )
    _refusal(key, words)


def briefing_page(site: Site, view: View, words: Words, settings: Settings) -> None:
    """The cards chosen, in their order, to be titled and noted; and what can be made of them."""
    entries = view.briefing
    if not entries:
        st.html(f'<p class="note">{escape(words("briefing.empty"))}</p>')
        _refusal(PATH, words)
        return
    st.html(f'<p class="intro">{escape(words("briefing.intro"))}</p>')
    _leaving(site, view, words, settings)
    drawn = [_entry(site, i, entry, len(entries), words) for i, entry in enumerate(entries)]
    if first_run() and tuple(drawn) != entries:
        # what was written while the connection was lost, and nobody counted
        _change(site, PATH, lambda now: drawn)
        st.rerun()


def _leaving(site: Site, view: View, words: Words, settings: Settings) -> None:
    """How full the address is, the file, the link, and the way to empty it all."""
    used = len(encode(view.briefing)) / LONGEST
    room = {
        "cards": words.number(len(view.briefing)),
        "most": words.number(MOST),
        "used": words.percent(used),
    }
    st.progress(used, text=words("briefing.room", **room))
    only = view.only(briefing=view.briefing)
    links = "".join(_file(only, form, words) for form in FILES)
    with st.container(key="briefing_out", horizontal=True, vertical_alignment="center"):
        st.html(links, width="content")
        clear = words("briefing.clear")
        st.button(clear, key="clear", type="tertiary", on_click=_change, args=(site, PATH, _emptied))
    _refusal(PATH, words)
    st.html(f"<h2>{escape(words('briefing.link'))}</h2>")
    st.code(f"{settings.public_url or _here()}{only.url(PATH)}", language=None, wrap_lines=True)


def _file(view: View, form: str, words: Words) -> str:
    address, label = escape(view.url(API + form)), escape(words(f"briefing.{form}"))
    return f'<a class="button" href="{address}" target="_self" download>{label}</a> '


def _here() -> str:
    """Where the reader's browser found the site; empty where it does not say."""
    found = urlsplit(st.context.url or "")
    return f"{found.scheme}://{found.netloc}" if found.netloc else ""


def _entry(site: Site, place: int, entry: Entry, of: int, words: Words) -> Entry:
    """A card of the briefing; what its widgets say of it."""
    survey = site.survey
    asks = site.simulated and bool(entry.where)
    card = site.cards((entry.question,), entry.where, entry.fictional or not site.simulated)[0]
    found = title(card, survey, words)
    keys = {name: f"briefing.{name}.{place}" for name in FIELDS}
    with st.container(key=f"entry_{place}", border=True):
        people = filter_sentence(entry.where, survey.variables, words)
        st.html(
            f'<h2 class="card-title">{place + 1}. {escape(words.of(card.question.title))}</h2>'
            f'<p class="quiet">{escape(words("briefing.people", people=people))}</p>'
        )
        written = st.text_input(
            words("briefing.title"),
            placeholder=found,
            max_chars=LONGEST_TITLE,
            on_change=_write,
            args=(site, place, "title", keys["title"]),
            **following(keys["title"], entry.title, "value"),
        )
        _refusal(keys["title"], words)
        note = st.text_area(
            words("briefing.note"),
            max_chars=LONGEST_NOTE,
            height=NOTE_HEIGHT,
            on_change=_write,
            args=(site, place, "note", keys["note"]),
            **following(keys["note"], entry.note, "value"),
        )
        _refusal(keys["note"], words)
        ticked = entry.fictional
        if asks:
            ticked = st.checkbox(
                words("briefing.fictional"),
                help=words("briefing.fictional_help"),
                on_change=_write,
                args=(site, place, "fictional", keys["fictional"]),
                **following(keys["fictional"], entry.fictional, "value"),
            )
        _buttons(site, place, of, words)
    return replace(entry, title=written or "", note=note or "", fictional=ticked)


def _buttons(site: Site, place: int, of: int, words: Words) -> None:
    moves: tuple[tuple[str, Edit, bool], ...] = (
        ("up", partial(_moved, place, place - 1), place == 0),
        ("down", partial(_moved, place, place + 1), place == of - 1),
        ("remove", partial(_without, place), False),
    )
    with st.container(horizontal=True, gap="small"):
        for name, edit, off in moves:
            st.button(
                words(f"briefing.{name}"),
                key=f"{name}_{place}",
                type="tertiary",
                disabled=off,
                on_click=_change,
                args=(site, PATH, edit),
            )


def _toggled(question: str, where: Filter, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    kept = tuple(e for e in entries if (e.question, e.where) != (question, where))
    return kept if len(kept) < len(entries) else (*entries, Entry(question, where))


def _moved(place: int, to: int, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The entries with two of them changed over; as they are where there is no such place."""
    if not (0 <= place < len(entries) and 0 <= to < len(entries)):
        return entries
    moved = list(entries)
    moved[place], moved[to] = moved[to], moved[place]
    return tuple(moved)


def _emptied(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return ()


def _without(place: int, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return entries[:place] + entries[place + 1 :]


@callback
def _write(step: Step, site: Site, place: int, field: str, key: str) -> None:
    """The callback of an entry's widget: its value goes into the URL."""
    value = step(lambda: st.session_state[key])

    def edit(entries: tuple[Entry, ...]) -> Iterable[Entry]:
        # the same callback serves all fields: a title, a note, a tick
        return [replace(e, **{field: value}) if i == place else e for i, e in enumerate(entries)]

    _edit(step, site, key, edit, value if isinstance(value, str) else "")


@callback
def _change(step: Step, site: Site, key: str, edit: Edit) -> None:
    """The callback of a button that changes the briefing."""
    _edit(step, site, key, edit)


def _edit(step: Step, site: Site, key: str, edit: Edit, written: str = "") -> None:
    """Put a changed briefing into the URL, or leave the URL as it is and keep why."""
    refused = None
    try:
        edit_url(step, site, lambda view: replace(view, briefing=tuple(edit(view.briefing))))
    except BriefingError as error:
        refused = Refused(key, written, error.limit, error.found)
    step(lambda: st.session_state.__setitem__(REFUSED, refused))


def _refusal(key: str, words: Words) -> None:
    """Why the last change at a widget was refused, and what the reader had written there."""
    refused: Refused | None = st.session_state.get(REFUSED)
    if refused is None or refused.key != key:
        return
    many = refused.limit == MOST
    told = words(
        "briefing.too_many" if many else "briefing.too_long",
        limit=words.number(refused.limit),
        found=words.number(refused.found),
    )
    lost = f" {words('briefing.refused')}" if refused.written else ""
    st.html(f'<p class="notice" role="alert">{escape(told + lost)}</p>')
    if refused.written:
        st.code(refused.written, language=None, wrap_lines=True)
