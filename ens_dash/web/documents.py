"""Figures, comparisons, statements and the survey's entries as JSON, with all that goes with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ens_dash.estimate.comparisons import Comparison
from ens_dash.estimate.figures import Figure
from ens_dash.render.card import Closeness, statements_for
from ens_dash.render.datafile import LABELS, PRINTED, WHY, fictitious, file_rows, leaving, notes
from ens_dash.render.extract import base_text, wording
from ens_dash.render.permalink import permalink
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Question, Survey
from ens_dash.survey.report import Statement
from ens_dash.text import Words
from ens_dash.view import filter_sentence
from ens_dash.web.query import Ask, filter_codes

Document = dict[str, Any]


def envelope(ask: Ask) -> Document:
    """What stands at the head of every document: survey, release and language."""
    return {
        "survey": ask.survey.study.id,
        "release": ask.site.store.release.id,
        "lang": ask.view.lang,
    }


def group(where: Filter, survey: Survey, words: Words) -> Document:
    """A filter as codes, as an address has it, and in words."""
    return {
        "codes": filter_codes(where),
        "key": where.key,
        "text": filter_sentence(where, survey.variables, words),
    }


def link(ask: Ask, question: str | None = None, comparing: bool = False) -> str:
    return permalink(ask.view, ask.survey, ask.settings.public_url, question, comparing)


def warning(ask: Ask, simulated: bool) -> str | None:
    """What must be known of an answer: that figures in it are fictitious, or that such were left out."""
    if ask.withheld:
        return ask.words("compare.switched_off")
    return ask.words("data.warning") if simulated else None


def figures_document(ask: Ask, figures: tuple[Figure, ...]) -> Document:
    """The figures of a view; every one carries its base, origin, permalink and, if fictitious, a warning."""
    return envelope(ask) | {
        "filter": group(ask.view.where, ask.survey, ask.words),
        "by": ask.view.by,
        "permalink": link(ask),
        "warning": warning(ask, fictitious(figures)),
        "notes": notes(figures, ask.survey, ask.site.store.release, ask.words, ask.view.where),
        "figures": figure_documents(figures, ask),
    }


def figure_documents(figures: Sequence[Figure], ask: Ask) -> list[Document]:
    """Figures as they leave: nulls where a value is not known or must not be given, and why."""
    words = ask.words
    shared = {q: _of_question(ask.survey.by_id[q], ask) for q in dict.fromkeys(f.question for f in figures)}
    found = []
    for figure, row in zip(figures, file_rows(figures, ask.survey, words), strict=True):
        found.append(
            vars(leaving(figure))
            | {name: row[name] or None for name in (*LABELS, *PRINTED)}
            | shared[figure.question]
            | {
                "reason": row[WHY] or None,
                "warning": words("api.fictitious") if fictitious([figure]) else None,
            }
        )
    return found


def _of_question(question: Question, ask: Ask) -> Document:
    """What every figure of a question carries."""
    return {
        "base": base_text(question, ask.words),
        "notes": [ask.words.of(n.text) for n in ask.survey.notes_on(question.id)],
        "permalink": link(ask, question.id),
    }


def comparison_document(row: Comparison, figures: tuple[Figure | None, Figure | None], ask: Ask) -> Document:
    """One answer in group a and in group b (`figures`: the same as figures of their own).

    An estimate that is hidden as a figure is hidden here, and the difference with it. Of simulated
    figures there is no test and no interval.
    """
    words, result = ask.words, row.result
    question = ask.survey.by_id[row.question]
    a, b = (f is not None and f.quotable for f in figures)
    told = a and b
    tested = told and row.origin != "simulated"
    people = [
        filter_sentence(ask.view.where, ask.survey.variables, words),
        filter_sentence(ask.view.versus, ask.survey.variables, words)
        if ask.view.versus is not None
        else words("compare.the_rest"),
    ]
    hidden = [words("card.too_few", people=p) for p, shown in zip(people, (a, b), strict=True) if not shown]
    return {
        "question": row.question,
        "item": row.item,
        "answer": row.answer,
        "question_label": words.of(question.title),
        "item_label": question.item_label(row.item, words.lang) if row.item else None,
        "answer_label": question.answer_label(row.answer, words.lang),
        "a": row.a,
        "b": row.b,
        "est_a": result.est_a if a else None,
        "est_b": result.est_b if b else None,
        "difference": result.difference if told else None,
        "low": result.low if tested else None,
        "high": result.high if tested else None,
        "t": result.t if tested else None,
        "df": result.df if tested else None,
        "p": result.p if tested else None,
        "p_adjusted": row.p_adjusted if tested else None,
        "n_a": result.n_a,
        "n_b": result.n_b,
        "unit": row.unit,
        "origin": row.origin,
        "origin_label": words(f"data.origin.{row.origin}"),
        "base": base_text(question, words),
        "permalink": link(ask, row.question, comparing=True),
        "reason": " ".join(hidden) or None,
        "warning": words("api.fictitious") if row.origin == "simulated" else None,
    }


def survey_document(ask: Ask) -> Document:
    """How the survey was made, and what it can be asked."""
    survey, study, words, release = ask.survey, ask.survey.study, ask.words, ask.site.store.release
    optional = {
        name: words.of(text) if (text := getattr(study, name)) is not None else None
        for name in ("quotas", "margin", "coverage", "since")
    }
    return {
        "id": study.id,
        "title": words.of(study.title),
        "short_title": words.of(study.short_title),
        "report": study.report,
        "commissioner": words.of(study.commissioner),
        "pollster": study.pollster,
        "start": study.start.isoformat(),
        "end": study.end.isoformat(),
        "mode": words.of(study.mode),
        "universe": words.of(study.universe),
        "people": words.of(study.people),
        "n": study.n,
        "quota_sample": study.quota_sample,
        **optional,
        "citation": words.of(study.citation),
        "licence": words.of(study.licence),
        "release": release.id,
        "respondents": release.origin,
        "warning": words("compare.fictional") if ask.site.simulated else None,
        "themes": [{"id": t.id, "label": words.of(t.label)} for t in study.themes],
        "variables": [
            {
                "id": v.id,
                "label": words.of(v.label),
                "note": words.of(v.note) if v.note else None,
                "segments": [{"code": s.code, "label": words.of(s.label)} for s in v.segments],
            }
            for v in survey.variables
        ],
        "questions": len(survey.questions),
        "permalink": ask.settings.public_url + ask.view.only().url("methode"),
    }


def question_document(question: Question, ask: Ask) -> Document:
    """A question as asked, its items, answers and nets, and what must be known of it."""
    survey, words = ask.survey, ask.words
    page = next((p.id for p in survey.pages if question.id in p.questions), None)
    return {
        "id": question.id,
        "theme": question.theme,
        "page": page,
        "kind": question.kind,
        "title": words.of(question.title),
        "wording": wording(question, words),
        "wording_printed": question.wording_printed,
        "reading": words.of(question.reading),
        "heading": question.heading or None,
        "headline": question.headline,
        "items": [{"id": i.id, "label": words.of(i.label)} for i in question.items],
        "answers": [{"code": a.code, "label": words.of(a.label)} for a in question.answers],
        "nets": [{"code": n.code, "label": words.of(n.label), "of": list(n.of)} for n in question.nets],
        "base": base_text(question, words),
        "base_n": question.base.n if ask.site.simulated else None,
        "stimulus": words.of(survey.study.stimulus)
        if question.stimulus and survey.study.stimulus is not None
        else None,
        "notes": [{"kind": n.kind, "text": words.of(n.text)} for n in survey.notes_on(question.id)],
        "permalink": link(ask, question.id),
    }


def statement_documents(ask: Ask) -> list[Document]:
    """The report's words on groups: those that touch the filter, nearest first, or all of them."""
    asked = ask.view.questions
    chosen = [s for s in ask.survey.statements if not asked or s.question in asked]
    if not ask.view.where:
        return [_statement(s, None, ask) for s in chosen]
    return [_statement(s.statement, s.closeness, ask) for s in statements_for(chosen, ask.view.where)]


def _statement(statement: Statement, closeness: Closeness | None, ask: Ask) -> Document:
    untested = statement.untested
    return {
        "id": statement.id,
        "topic": statement.topic,
        "group": statement.group,
        "direction": statement.direction,
        "quote": statement.quote,
        "quote_lang": ask.survey.study.lang,
        "heading": statement.heading,
        "question": statement.question,
        "items": list(statement.items),
        "answer": statement.answer,
        "where": statement.where,
        "closeness": closeness,
        "untested": ask.words.of(untested) if untested is not None else None,
        "figure": None,
        "note": ask.words("said.no_figure"),
        "origin": "published",
    }


def questions_documents(questions: Iterable[Question], ask: Ask) -> list[Document]:
    return [question_document(q, ask) for q in questions]
