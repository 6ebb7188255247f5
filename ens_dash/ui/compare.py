"""Comparer: a question by a segment variable, one group against another, or what sets a group apart."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

import streamlit as st

from ens_dash.estimate.comparisons import Comparison
from ens_dash.estimate.figures import Figure
from ens_dash.render.card import statements_for
from ens_dash.render.crosstab import crosstab
from ens_dash.render.dots import dots
from ens_dash.render.sentence import p_value, said_text
from ens_dash.render.style import LIGHT
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Question
from ens_dash.text import Words
from ens_dash.ui.filters import variables
from ens_dash.ui.question_card import plot
from ens_dash.ui.state import change_url, count_clicks, first_run, following
from ens_dash.view import View, filter_sentence

START = "ens_intention"
TOP = 15


def compare_page(site: Site, view: View, words: Words, settings: Settings) -> None:
    """The three comparisons; only the open one is run."""
    st.html(f'<p class="intro">{html.escape(words("compare.intro"))}</p>')
    question = _choose_question(site, view, words)
    allowed = not site.simulated or view.fictional(settings.show_fictional)
    labels = [words("compare.by"), words("compare.groups"), words("compare.apart")]
    default = labels[1] if view.versus else labels[0]
    by, groups, apart = st.tabs(labels, key="compare.tabs", default=default, on_change="rerun")
    if by.open:
        with by:
            _by(site, question, view, words, allowed)
    if groups.open:
        with groups:
            _groups(site, question, view, words, allowed)
    if apart.open:
        with apart:
            _apart(site, view, words)


def _choose_question(site: Site, view: View, words: Words) -> Question:
    survey = site.survey
    ids = [q.id for q in survey.questions]
    chosen = view.questions[0] if view.questions else START if START in ids else ids[0]
    labels = {q.id: words.of(q.title) for q in survey.questions}
    _select(words("compare.question"), labels, "compare.q", chosen, _set_question, site)
    question = survey.by_id[chosen]
    wording, reading = html.escape(words.of(question.wording)), html.escape(words.of(question.reading))
    st.html(f'<p class="wording">{wording} <b>{reading}</b></p>')
    return question


def _select(
    label: str, labels: dict[str, str], key: str, chosen: str, change: Callable[[Site], None], site: Site
) -> None:
    state = (
        {"key": key, "index": list(labels).index(chosen)} if first_run() else following(key, chosen, "index")
    )
    st.selectbox(label, list(labels), format_func=labels.__getitem__, on_change=change, args=(site,), **state)


def _set_question(site: Site) -> None:
    change_url(site.survey, questions=(st.session_state["compare.q"],))


def _set_by(site: Site) -> None:
    change_url(site.survey, by=st.session_state["compare.variable"])


def _by(site: Site, question: Question, view: View, words: Words, allowed: bool) -> None:
    survey = site.survey
    chosen = view.by or survey.variables[0].id
    labels = {v.id: words.of(v.label) for v in survey.variables}
    _select(words("compare.variable"), labels, "compare.variable", chosen, _set_by, site)
    if not allowed:
        st.html(f'<p class="note">{html.escape(words("compare.switched_off"))}</p>')
        return
    variable = survey.variables_by_id[chosen]
    whole = site.figures((question.id,), Filter())
    segments = site.figures((question.id,), view.where, chosen)
    tests, against = {}, {}
    if site.simulated:
        st.html(_warning(words))
    else:
        tests = {item: site.association(question.id, item, chosen, view.where) for item in question.item_ids}
        for segment in {f.segment for f in segments}:
            for row in site.compare(question.id, Filter.parse(segment, survey.variables), None):
                against[row.item, segment] = row
    st.html(crosstab(survey, question, variable, whole, segments, tests, against, words))


def _warning(words: Words) -> str:
    tag = html.escape(words("origin.fictional").upper())
    return (
        f'<p class="note fictional-note"><span class="tag fictional">{tag}</span> '
        f"{html.escape(words('compare.fictional'))}</p>"
    )


def _groups(site: Site, question: Question, view: View, words: Words, allowed: bool) -> None:
    survey = site.survey
    a = filter_sentence(view.where, survey.variables, words)
    st.html(f'<p class="whom">{html.escape(words("compare.group_a"))} <b>{html.escape(a)}</b></p>')
    with st.expander(words("compare.group_b"), key="fold.b"):
        chosen = variables(view.versus or Filter(), survey, words, second=True)
    count_clicks(view, survey, chosen, second=True)
    if not view.where:
        st.html(f'<p class="note">{html.escape(words("compare.choose"))}</p>')
        return
    b = filter_sentence(view.versus, survey.variables, words) if view.versus else words("compare.the_rest")
    st.html(f'<p class="whom">{html.escape(words("compare.and"))} <b>{html.escape(b)}</b></p>')
    if not allowed:
        st.html(f'<p class="note">{html.escape(words("compare.switched_off"))}</p>')
        return
    if site.simulated:
        st.html(_warning(words))
    rows = _pairs(site, question, view.where, view.versus)
    alt = words("compare.alt", question=words.of(question.title), a=a, b=b)
    plot(dots(survey, question, rows, (a, b), words, LIGHT), "compare.dots", alt)
    if not site.simulated:
        st.html(f'<p class="source">{html.escape(words("compare.tested"))}</p>')


Pair = tuple[Figure | None, Figure | None, Figure | None, Comparison | None]


def _pairs(site: Site, question: Question, a: Filter, b: Filter | None) -> Sequence[Pair]:
    whole = {f.key: f for f in site.figures((question.id,), Filter())}
    ours = {f.key: f for f in site.figures((question.id,), a)}
    others = site.rest(question.id, a) if b is None else site.figures((question.id,), b)
    theirs = {f.key: f for f in others}
    tests = (
        {} if site.simulated else {(c.question, c.item, c.answer): c for c in site.compare(question.id, a, b)}
    )
    single = question.kind == "single" and not question.items
    answers = list(question.nets_by_code) if single else [question.headline]
    keys = [(question.id, item, answer) for item in question.item_ids for answer in answers]
    return [
        (whole.get(k), ours.get(k), theirs.get(k), tests.get(k)) for k in keys if k in ours or k in theirs
    ]


def _apart(site: Site, view: View, words: Words) -> None:
    survey = site.survey
    if not view.where:
        st.html(f'<p class="note">{html.escape(words("compare.choose_one"))}</p>')
        return
    people = filter_sentence(view.where, survey.variables, words)
    if not site.simulated:
        rows = "".join(_apart_row(site, row, words) for row in site.apart(view.where)[:TOP])
        heads = "".join(
            f'<th scope="col">{html.escape(words(k))}</th>'
            for k in ("data.column.question", "compare.here", "compare.rest", "compare.p")
        )
        caption = html.escape(words("compare.apart_title", people=people))
        st.html(
            f'<table class="bars"><caption>{caption}</caption>'
            f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        )
        return
    said = statements_for([s for s in survey.statements if s.question], view.where)
    st.html(f"<h3>{html.escape(words('compare.said_title', people=people))}</h3>")
    if not said:
        st.html(f'<p class="said">{html.escape(words("said.nothing"))}</p>')
    for entry in said:
        subject = survey.by_id[entry.statement.question].title if entry.statement.question else None
        lead = f"<b>{html.escape(words.of(subject))}.</b> " if subject else ""
        quote = f'<q lang="fr" class="quote">{html.escape(entry.statement.quote)}</q>'
        st.html(f'<div class="said"><p>{lead}{html.escape(said_text(entry, words))} {quote}</p></div>')


def _apart_row(site: Site, row: Comparison, words: Words) -> str:
    question = site.survey.by_id[row.question]
    label = question.item_label(row.item, words.lang) if row.item else words.of(question.title)
    number = (lambda v: words.number(v, 1)) if row.unit == "mean" else words.percent
    a, b = (
        number(v) if v is not None else words("figure.none") for v in (row.result.est_a, row.result.est_b)
    )
    shown = p_value(row.p_adjusted or 0.0, words)
    cells = "".join(f"<td>{html.escape(c)}</td>" for c in (a, b, shown))
    return f'<tr><th scope="row">{html.escape(label)}</th>{cells}</tr>'
