"""The way from one survey of a site to another (HTML)."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from ens_dash.render.langs import own
from ens_dash.survey.base import Text
from ens_dash.text import Words
from ens_dash.view import View


def other_surveys(offered: Iterable[tuple[str, Text]], home: str, view: View, words: Words) -> str:
    """Links to the start pages of the other surveys, in the same language; empty where there is no other.

    `offered`: id and name of each survey of the site; `home`: the one that addresses need not name.
    """
    links = []
    for survey, name in offered:
        if survey != view.survey:
            address = View(survey, lang=view.lang, named=survey != home).url("")
            # plain and relative: another survey is another page, under whatever prefix the site stands
            links.append(f'<a href="{escape("." + address)}" target="_self">{own(name, words)}</a>')
    if not links:
        return ""
    label = escape(words("surveys.others"))
    items = "".join(f"<li>{link}</li>" for link in links)
    return f'<nav class="others" aria-label="{label}"><p>{label}</p><ul>{items}</ul></nav>'
