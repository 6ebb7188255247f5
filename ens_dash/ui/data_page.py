"""Données: every figure in one searchable table with its origin, to be downloaded with its notes."""

from __future__ import annotations

import html

import streamlit as st

from ens_dash.estimate.figures import Figure
from ens_dash.render.datafile import csv_file, file_name
from ens_dash.render.method import figure_label, html_table
from ens_dash.render.sentence import value
from ens_dash.search import fold
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.survey.filter import Filter
from ens_dash.text import Words
from ens_dash.view import View, filter_sentence


def data_page(site: Site, view: View, words: Words, settings: Settings) -> None:
    """All national figures; with a filter, the group's too, under a heading that says what they are."""
    questions = tuple(q.id for q in site.survey.questions)
    whole = site.figures(questions, Filter())
    st.html(f'<p class="intro">{html.escape(words("data.intro"))}</p>')
    shown = list(whole)
    if view.where and (not site.simulated or view.fictional(settings.show_fictional)):
        # a fictitious row stands right under the report's own
        order = {f.key: i for i, f in enumerate(whole)}
        both = [*shown, *site.figures(questions, view.where)]
        shown = sorted(both, key=lambda f: order.get(f.key, len(order)))
        people = filter_sentence(view.where, site.survey.variables, words)
        if site.simulated:
            st.html(
                f'<p class="note fictional-note">{html.escape(words("data.fictional", people=people))}</p>'
            )
    text = st.text_input(words("data.search"), key="data.search")
    rows = [_row(site, f, words) for f in shown]
    if text:
        wanted = fold(text).split()
        rows = [r for r in rows if all(w in fold(" ".join(r)) for w in wanted)]
    columns = [words(f"data.column.{c}") for c in ("figure", "value", "base")]
    st.html(f'<p role="status">{html.escape(words("data.count", n=words.number(len(rows))))}</p>')
    name = file_name("ens_dash", view.where, shown, site.survey, words, "csv")
    st.download_button(
        words("data.download"),
        data=lambda: csv_file(shown, site.survey, site.store.release, words),
        file_name=name,
        mime="text/csv",
        on_click="ignore",
    )
    mixed = any(f.origin == "simulated" for f in shown)
    st.html(html_table(columns, rows, words("data.mixed" if mixed else "data.caption")))


def _row(site: Site, figure: Figure, words: Words) -> tuple[str, ...]:
    where = Filter.parse(figure.segment, site.survey.variables)
    shown = value(figure, words)
    if figure.origin == "simulated":
        shown = f"{shown} {words('figure.fictional')}"
    base = words("base.unknown") if figure.n is None else words.number(figure.n)
    label = figure_label(site.survey, figure.question, figure.item, figure.answer, words)
    if where:
        label = f"{label} – {filter_sentence(where, site.survey.variables, words)}"
    return label, shown, f"{base}, {words(f'data.origin.{figure.origin}')}"
