"""Comparer: a question by a segment variable, one group against another, or what sets a group apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape

import streamlit as st

from ens_dash.estimate.comparisons import CellKey, Comparison
from ens_dash.estimate.crosstab import RaoScott
from ens_dash.estimate.figures import Figure
from ens_dash.render.apart import apart_rows, statements_about
from ens_dash.render.card import Said, statements_by, statements_for
from ens_dash.render.crosstab import crosstab, lines
from ens_dash.render.dots import Pair, dots, pair_rows
from ens_dash.render.langs import own
from ens_dash.render.method import html_table
from ens_dash.render.sentence import source_line
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Question, Survey
from ens_dash.text import Words
from ens_dash.ui.filters import variables
from ens_dash.ui.question_card import chart_style, plot
from ens_dash.ui.state import Step, callback, count_clicks, edit_url, first_run, following
from ens_dash.view import View, filter_sentence

TOP = 15


def compare_page(site: Site, view: View, words: Words, settings: Settings) -> None:
    """The three comparisons; only the open one is run."""
    st.html(f'<p class="intro">{escape(words("compare.intro"))}</p>')
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
    chosen = view.questions[0] if view.questions else survey.first_question.id
    labels = {q.id: words.of(q.title) for q in survey.questions}
    _select(words("compare.question"), labels, "compare.q", chosen, _set_question, site)
    question = survey.by_id[chosen]
    wording, reading = own(question.wording, words), own(question.reading, words)
    st.html(f'<p class="wording">{wording} <b>{reading}</b></p>')
    return question


def _select(
    label: str, labels: dict[str, str], key: str, chosen: str, change: Callable[[Site], None], site: Site
) -> None:
    options = list(labels)
    state = {"key": key, "index": options.index(chosen)} if first_run() else following(key, chosen, "index")
    st.selectbox(label, options, format_func=labels.__getitem__, on_change=change, args=(site,), **state)


@callback
def _set_question(step: Step, site: Site) -> None:
    question = step(lambda: st.session_state["compare.q"])
    edit_url(step, site, lambda view: replace(view, questions=(question,)))


@callback
def _set_by(step: Step, site: Site) -> None:
    variable = step(lambda: st.session_state["compare.variable"])
    edit_url(step, site, lambda view: replace(view, by=variable))


def _by(site: Site, question: Question, view: View, words: Words, allowed: bool) -> None:
    survey = site.survey
    chosen = view.by or survey.variables[0].id
    labels = {v.id: words.of(v.label) for v in survey.variables}
    _select(words("compare.variable"), labels, "compare.variable", chosen, _set_by, site)
    if not allowed:
        _note(words("compare.switched_off"))
        return
    # a reader who looks at one age and asks "by age" wants all ages
    where = view.where.with_codes(survey.variables, **{chosen: ()})
    whole = site.figures((question.id,), Filter())
    segments = site.figures((question.id,), where, chosen)
    tests: dict[str | None, RaoScott | None] = {}
    against: dict[CellKey, Comparison] = {}
    if site.simulated:
        _warning(words)
    else:
        tests = {item: site.association(question.id, item, chosen, where) for item in question.item_ids}
        against = site.crosstab_tests(question.id, chosen, where, lines(question, whole))
    said = statements_by(survey.statements_on(question.id), chosen)
    _said(survey, said, words)
    variable = survey.variables_by_id[chosen]
    st.html(crosstab(survey, question, variable, whole, segments, tests, against, words))


def _note(text: str) -> None:
    st.html(f'<p class="note">{escape(text)}</p>')


def _said(survey: Survey, said: tuple[Said, ...], words: Words) -> None:
    """What a report says of the groups; nothing where there is no report."""
    text = statements_about(survey, said, words)
    if text:
        st.html(text)


def _warning(words: Words) -> None:
    tag = escape(words("origin.fictional").upper())
    st.html(
        f'<p class="note fictional-note"><span class="tag fictional">{tag}</span> '
        f"{escape(words('compare.fictional'))}</p>"
    )


def _groups(site: Site, question: Question, view: View, words: Words, allowed: bool) -> None:
    survey = site.survey
    a = filter_sentence(view.where, survey.variables, words)
    st.html(f'<p class="whom">{escape(words("compare.group_a"))} <b>{escape(a)}</b></p>')
    with st.expander(words("compare.group_b"), key="fold.b"):
        chosen = variables(view.versus or Filter(), site, words, second=True)
    count_clicks(view, site, chosen, second=True)
    if not view.where:
        _note(words("compare.choose"))
        return
    b = filter_sentence(view.versus, survey.variables, words) if view.versus else words("compare.the_rest")
    st.html(f'<p class="whom">{escape(words("compare.and"))} <b>{escape(b)}</b></p>')
    if not allowed:
        _note(words("compare.switched_off"))
        return
    if site.simulated:
        _warning(words)
    for group in filter(None, (view.where, view.versus)):
        said = statements_for(survey.statements_on(question.id), group)
        _said(survey, said, words)
    pairs = _pairs(site, question, view.where, view.versus)
    if any(f is not None and not f.quotable for pair in pairs for f in (pair.a, pair.b)):
        _note(words("card.some_hidden"))
    rows = pair_rows(question, pairs, words)
    figures = "; ".join(f"{label}: {', '.join(cells)}" for label, *cells in rows)
    alt = words("compare.alt", question=words.of(question.title), a=a, b=b, figures=figures)
    bases = [_base([p.a for p in pairs]), _base([p.b for p in pairs])]
    names = [f"{name}, {words.number(n)}" for name, n in zip((a, b), bases, strict=True)]
    plot(dots(question, pairs, (names[0], names[1]), words, chart_style()), "compare.dots", alt)
    source = source_line(question, survey, words, printed=site.simulated)
    tested = "" if site.simulated else f" {words('compare.tested')}"
    st.html(f'<p class="source">{escape(source)} {escape(words("interval.line"))}{escape(tested)}</p>')
    fold = st.expander(words("compare.table"), key="fold.pairs", on_change="rerun", type="compact")
    if fold.open:
        everybody = words(f"table.everybody_{'published' if site.simulated else 'microdata'}")
        title = words.of(question.title)
        caption = words("title.by_fictional", title=title) if site.simulated else title
        with fold:
            st.html(html_table((words("table.answer"), everybody, a, b), rows, caption))


def _base(figures: list[Figure | None]) -> int:
    """The largest base among a group's figures."""
    return max((f.n or 0 for f in figures if f is not None), default=0)


def _pairs(site: Site, question: Question, a: Filter, b: Filter | None) -> list[Pair]:
    whole = {f.key: f for f in site.figures((question.id,), Filter())}
    ours = {f.key: f for f in site.figures((question.id,), a)}
    others = site.rest(question.id, a) if b is None else site.figures((question.id,), b)
    theirs = {f.key: f for f in others}
    tested = () if site.simulated else site.compare(question.id, a, b)
    tests = {(c.question, c.item, c.answer): c for c in tested}
    keys = [(question.id, item, answer) for item, answer in lines(question, tuple(whole.values()))]
    return [Pair(whole.get(k), ours.get(k), theirs.get(k), tests.get(k)) for k in keys]


def _apart(site: Site, view: View, words: Words) -> None:
    survey = site.survey
    if not view.where:
        _note(words("compare.choose_one"))
        return
    people = filter_sentence(view.where, survey.variables, words)
    if site.simulated:
        st.html(f"<h2>{escape(words('compare.said_title', people=people))}</h2>")
        st.html(statements_about(survey, statements_for(survey.statements, view.where), words))
        return
    caption = words("compare.apart_title", people=people)
    keys = ("data.column.figure", "compare.here", "compare.rest", "table.base", "compare.p")
    heads = [words(key) for key in keys]
    rows = apart_rows(survey, site.apart(view.where), words)
    st.html(html_table(heads, rows[:TOP], caption))
    fold = st.expander(words("compare.all"), key="fold.apart", on_change="rerun", type="compact")
    if fold.open:
        with fold:
            st.html(html_table(heads, rows[TOP:], caption))
