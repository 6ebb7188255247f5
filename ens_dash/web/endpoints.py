"""The table of the API: one row an address, with its parameters and what answers it.

The routes and the OpenAPI document are both made from ENDPOINTS, so that neither has what the other lacks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson

from ens_dash.estimate.figures import Figure
from ens_dash.export import extract_of
from ens_dash.render.archive import archive
from ens_dash.render.datafile import csv_file, file_name, notes
from ens_dash.render.extract import Extract
from ens_dash.render.spreadsheet import workbook
from ens_dash.site import asked_opening
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Question
from ens_dash.surveys import surveys as offers
from ens_dash.web.briefing import PPTX, briefing_pdf, briefing_pptx
from ens_dash.web.charts import PDF, PNG, SVG, chart_json, chart_pdf, chart_png, chart_svg
from ens_dash.web.documents import (
    comparison_document,
    envelope,
    figures_document,
    group,
    link,
    question_document,
    questions_documents,
    statement_documents,
    survey_document,
    warning,
)
from ens_dash.web.openapi import document
from ens_dash.web.query import BRIEFING, VERSUS, WHERE, Answer, Ask, Endpoint
from ens_dash.web.tables import table

JSON, CSV = "application/json", "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
COMMON = ("lang", "survey", "release")


def _json(found: Any) -> Answer:
    return Answer(orjson.dumps(found), JSON)


def surveys(ask: Ask) -> Answer:
    """All surveys of the site that are open, the site's own first."""
    return _json(envelope(ask) | {"surveys": [survey_document(each) for each in _of_each_survey(ask)]})


def _of_each_survey(ask: Ask) -> Iterator[Ask]:
    """The same request, asked of each survey."""
    for offered in offers(ask.settings).get():
        if offered.id == ask.survey.study.id:
            yield ask
        elif offered.ready:
            site = asked_opening(ask.settings, [offered.id]).get().site
            if site is not None:
                yield replace(ask, site=site, view=site.view(ask.view.lang))


def questions(ask: Ask) -> Answer:
    return _json(envelope(ask) | {"questions": questions_documents(ask.survey.questions, ask)})


def question(ask: Ask) -> Answer:
    return _json(envelope(ask) | {"question": question_document(_the(ask), ask)})


def figures(ask: Ask) -> Answer:
    """JSON or CSV; simulated figures that are switched off are left out, and the warning says so."""
    found: tuple[Figure, ...] = ()
    if not ask.withheld:
        found = ask.site.figures(ask.questions, ask.view.where, ask.view.by)
    if ask.form == "json":
        return _json(figures_document(ask, found))
    about = Filter() if ask.withheld else ask.view.where
    more = [ask.words("compare.switched_off")] if ask.withheld else []
    more.append(f"{ask.words('extract.permalink')}: {link(ask)}")
    body = csv_file(found, ask.survey, ask.site.store.release, ask.words, more, about)
    return Answer(body, CSV, file_name("ens_dash", about, found, ask.survey, ask.words, "csv"))


def compare(ask: Ask) -> Answer:
    """Group against group, each question corrected for its own answers; JSON or CSV."""
    site, view, words = ask.site, ask.view, ask.words
    rows = []
    asked_for = () if ask.withheld else ask.questions
    a = {f.key: f for f in site.figures(asked_for, view.where)}
    b: dict[tuple[str, str | None, str], Figure] = {}
    if view.versus is not None:
        b = {f.key: f for f in site.figures(asked_for, view.versus)}
    for asked in asked_for:
        if view.versus is None:
            b = {f.key: f for f in site.rest(asked, view.where)}
        for row in site.compare(asked, view.where, view.versus):
            key = row.question, row.item, row.answer
            rows.append(comparison_document(row, (a.get(key), b.get(key)), ask))
    told = warning(ask, False)
    if rows and site.simulated:
        told = words("api.untested")
    permalink = link(ask, comparing=True)
    if ask.form == "csv":
        figures = (*a.values(), *b.values()) if rows else ()
        said = [told or "", *notes(figures, ask.survey, site.store.release, words, view.where)]
        body = table(rows, "Comparison", [*said, f"{words('extract.permalink')}: {permalink}"])
        name = file_name("ens_dash_compare", view.where, figures, ask.survey, words, "csv")
        return Answer(body, CSV, name)
    return _json(
        envelope(ask)
        | {
            "a": group(view.where, ask.survey, words),
            "b": group(view.versus, ask.survey, words)
            if view.versus is not None
            else {"codes": {}, "key": "rest", "text": words("compare.the_rest")},
            "correction": None if site.simulated else "holm",
            "permalink": permalink,
            "warning": told,
            "comparisons": rows,
        }
    )


def statements(ask: Ask) -> Answer:
    """The report's words on groups; JSON or CSV."""
    found, where = statement_documents(ask), ask.view.where
    if ask.form == "csv":
        said = notes((), ask.survey, ask.site.store.release, ask.words, where)
        body = table(found, "Statement", [*said, f"{ask.words('extract.permalink')}: {link(ask)}"])
        name = file_name("ens_dash_statements", where, (), ask.survey, ask.words, "csv")
        return Answer(body, CSV, name)
    about = group(where, ask.survey, ask.words)
    return _json(envelope(ask) | {"filter": about, "permalink": link(ask), "statements": found})


def openapi(ask: Ask) -> Answer:
    return _json(document(ENDPOINTS, ask))


def csv_download(ask: Ask) -> Answer:
    extract = make_extract(ask)
    return Answer(extract.csv(), CSV, extract.file_name("csv"))


def xlsx_download(ask: Ask) -> Answer:
    extract = make_extract(ask)
    return Answer(workbook(extract), XLSX, extract.file_name("xlsx"))


def zip_download(ask: Ask) -> Answer:
    extract = make_extract(ask)
    return Answer(archive(extract), ZIP, extract.file_name("zip"))


def make_extract(ask: Ask) -> Extract:
    return extract_of(ask.site, _the(ask).id, ask.view, ask.settings)


def _the(ask: Ask) -> Question:
    if ask.question is None:
        raise ValueError("an address without a question asked for one")
    return ask.question


FILE = (WHERE, "by", "mode", *COMMON)
CHART = (WHERE, "mode", *COMMON)
ENDPOINTS = (
    Endpoint("/surveys", "surveys", COMMON, (JSON,), "Surveys", surveys),
    Endpoint("/questions", "questions", COMMON, (JSON,), "Questions", questions),
    Endpoint("/questions/{question}", "question", COMMON, (JSON,), "OneQuestion", question),
    Endpoint("/figures", "figures", ("q", *FILE, "format"), (JSON, CSV), "Figures", figures),
    Endpoint(
        "/compare",
        "compare",
        ("q", WHERE, VERSUS, "mode", *COMMON, "format"),
        (JSON, CSV),
        "Comparisons",
        compare,
        True,
    ),
    Endpoint(
        "/statements", "statements", ("q", WHERE, *COMMON, "format"), (JSON, CSV), "Statements", statements
    ),
    Endpoint("/downloads/{question}.csv", "csv", FILE, (CSV,), None, csv_download),
    Endpoint("/downloads/{question}.xlsx", "xlsx", FILE, (XLSX,), None, xlsx_download),
    Endpoint("/downloads/{question}.zip", "zip", FILE, (ZIP,), None, zip_download),
    Endpoint("/charts/{question}.json", "chart_json", CHART, (JSON,), None, chart_json),
    Endpoint("/charts/{question}.png", "chart_png", CHART, (PNG,), None, chart_png),
    Endpoint("/charts/{question}.svg", "chart_svg", CHART, (SVG,), None, chart_svg),
    Endpoint("/charts/{question}.pdf", "chart_pdf", CHART, (PDF,), None, chart_pdf),
    Endpoint("/briefing.pptx", "briefing_pptx", (BRIEFING, *COMMON), (PPTX,), None, briefing_pptx),
    Endpoint("/briefing.pdf", "briefing_pdf", (BRIEFING, *COMMON), (PDF,), None, briefing_pdf),
    Endpoint("/openapi.json", "openapi", COMMON, (JSON,), None, openapi),
)
