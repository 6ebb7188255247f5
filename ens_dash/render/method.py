"""The tables of the method page, as HTML."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from ens_dash.render.langs import marked, own
from ens_dash.survey.base import Lang, Origin
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.verify import Verification


def html_table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], caption: str, first_lang: Lang | None = None
) -> str:
    """A plain table; the first cell of a row is its heading. Everything is escaped.

    `first_lang`: the language of the first cells, where it is not the page's.
    """
    lang = f' lang="{first_lang}"' if first_lang else ""
    top = "".join(f'<th scope="col">{html.escape(h)}</th>' for h in heads)
    body = ""
    for first, *others in rows:
        cells = "".join(f"<td>{html.escape(c)}</td>" for c in others)
        body += f'<tr><th scope="row"{lang}>{html.escape(first)}</th>{cells}</tr>'
    return (
        f'<table class="bars"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    )


def sections(survey: Survey, simulated: bool) -> tuple[str, ...]:
    """The sections of the method's page: those that there is something to say in."""
    told = {
        "survey": True,
        "published": bool(survey.published),
        "contradictions": any(n.kind == "contradiction" for n in survey.notes),
        "simulated": simulated,
        "reading": True,
    }
    return tuple(name for name, holds in told.items() if holds)


def paragraphs(text: str, survey: Survey, words: Words) -> str:
    """A text of the method, whose paragraphs are parted by an empty line."""
    study = survey.study
    texts = (study.people, study.commissioner, study.mode, study.universe)
    return "".join(f"<p>{marked(p, texts, words)}</p>" for p in text.strip().split("\n\n"))


def study_facts(survey: Survey, file: str, words: Words) -> str:
    """How the survey was made, as a list of terms; `file`: that its answers were imported from, or empty."""
    study = survey.study
    optional = [t for t in (study.quotas, study.margin) if t is not None]
    texts = (study.commissioner, study.mode, study.universe, study.citation, *optional)
    entries = (
        f"<dt>{html.escape(k)}</dt><dd>{marked(v, texts, words)}</dd>"
        for k, v in facts(survey, file, words).items()
    )
    return f'<dl class="facts">{"".join(entries)}</dl>'


def facts(survey: Survey, file: str, words: Words) -> dict[str, str]:
    """How the survey was made: the name of each fact that is known, and the fact."""
    study = survey.study
    known = {
        "title": study.report,
        "commissioner": words.of(study.commissioner),
        "pollster": study.pollster,
        "dates": words.days(study.start, study.end),
        "mode": words.of(study.mode),
        "universe": words.of(study.universe),
        "n": words.number(study.n),
        "quotas": words.of(study.quotas) if study.quotas else "",
        "standard": study.standard or "",
        "margin": words.of(study.margin) if study.margin else "",
        "file": file,
        "citation": words.of(study.citation),
    }
    return {words(f"method.facts.{name}"): fact for name, fact in known.items() if fact}


def margins(survey: Survey, words: Words) -> str:
    """The population margins with their sources."""
    columns = ("group", "given", "share", "source", "confidence")
    heads = [words(f"method.margins.{c}") for c in columns]
    rows = [
        (
            _segment(survey, m.variable, m.code, words),
            _segment(survey, m.given_variable, m.given_code, words) if m.given_variable else "",
            words.percent(m.share / 100, 1),
            f"{m.source} ({m.year})",
            words(f"method.margins.{m.confidence}"),
        )
        for m in survey.population
    ]
    return html_table(heads, rows, words("method.margins.title"))


def _segment(survey: Survey, variable: str, code: str | None, words: Words) -> str:
    known = survey.variables_by_id.get(variable)
    segment = known.segment(code or "") if known else None
    return (
        f"{words.of(known.label)} : {words.of(segment.label)}"
        if known and segment
        else f"{variable} : {code}"
    )


def glossary(survey: Survey, words: Words) -> str:
    entries = (f"<dt>{own(g.term, words)}</dt><dd>{own(g.meaning, words)}</dd>" for g in survey.glossary)
    return f'<dl class="facts">{"".join(entries)}</dl>'


def verification_table(found: Verification, survey: Survey, origin: Origin, words: Words) -> str:
    """What `verify` found: the figures, then the statements, then what no question can test."""
    figures = [
        (
            figure_label(survey, c.figure.question, c.figure.item, c.figure.answer, words),
            _number(c.figure.est, c.figure.unit == "mean", words),
            _number(c.recomputed, c.figure.unit == "mean", words),
        )
        for c in found.figures
    ]
    statements = [
        (
            f"« {c.statement.quote} » ({c.statement.group})",
            words(f"method.verify.{c.statement.direction}"),
            words(f"method.verify.{str(c.holds).lower()}"),
        )
        for c in found.statements
    ]
    untested = [
        (f"« {s.quote} » ({s.group})", words.of(s.untested) if s.untested else "") for s in found.untested
    ]
    titles = ("figure", "report", f"recomputed_{origin}", "statement", "direction", "holds", "untested")
    figure, report, recomputed, statement, direction, holds, why = (
        words(f"method.verify.{t}") for t in titles
    )
    return (
        html_table((figure, report, recomputed), figures, figure)
        + html_table((statement, direction, holds), statements, statement, words.original)
        + html_table((statement, why), untested, why, words.original)
    )


def _number(value: float | None, mean: bool, words: Words) -> str:
    if value is None:
        return words("figure.none")
    return words.number(value, 2) if mean else words.percent(value, 1)


def figure_label(survey: Survey, question_id: str, item: str | None, answer: str, words: Words) -> str:
    """Question, item and answer of a figure in words."""
    question = survey.by_id[question_id]
    parts = [words.of(question.title)]
    if item:
        parts.append(question.item_label(item, words.lang))
    if question.kind != "number":
        parts.append(question.answer_label(answer, words.lang))
    return " – ".join(parts)
