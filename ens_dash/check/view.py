"""The view that a file says it shows: its permalink, read against today's survey."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

from ens_dash.check.said import Said
from ens_dash.survey.model import Survey
from ens_dash.view import View, parse_query


def asked_for(said: Said, survey: Survey) -> tuple[View, bool]:
    """The view of the permalink, and whether today's survey knows all of it; the rest is left out."""
    try:
        parts = urlsplit(said.permalink)
        query = parse_qs(parts.query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return View(survey.study.id), False
    view, notices = parse_query(query, survey)
    card = unquote(parts.fragment)
    if card in survey.by_id and not view.questions:
        view = replace(view, questions=(card,))
    return view, not notices


def segments_of(view: View, survey: Survey) -> set[str]:
    """The groups that a view can show: everybody, its own, its division, its briefing's."""
    found = {"", view.where.key, *(entry.where.key for entry in view.briefing)}
    if view.by is None:
        return found
    codes = [s.code for s in survey.variables_by_id[view.by].segments]
    if view.by in view.where.codes:
        codes = [c for c in codes if c in view.where.codes[view.by]]
    return found | {view.where.with_codes(survey.variables, **{view.by: (c,)}).key for c in codes}
