"""Figures, comparisons, checks and errors as tables in a terminal.

A simulated figure is called fictitious in the title and on its row; its interval and test are left to
csv and json, which are for checking.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text as Line

from ens_dash.estimate.comparisons import Comparison
from ens_dash.estimate.figures import Figure
from ens_dash.estimate.reliability import Unit
from ens_dash.render.rows import comparison_reliability
from ens_dash.render.sentence import p_value, value
from ens_dash.survey.base import Origin
from ens_dash.survey.errors import FolderError
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Survey
from ens_dash.survey.report import PublishedFigure
from ens_dash.text import Words
from ens_dash.verify import CutCheck, StatementCheck, Verification
from ens_dash.view import filter_sentence

LOUD = "bold yellow"
NARROW = 12


def figures_table(figures: Sequence[Figure], survey: Survey, title: str, words: Words) -> RenderableType:
    """A row a figure, with its base, indicative interval and origin; a sentence where there is none. `title`
    says among whom."""
    if not figures:
        return _nothing(title, survey, words)
    simulated = any(f.origin == "simulated" for f in figures)
    divided = len({f.segment for f in figures}) > 1
    heads = ["question", "item", "answer", "segment", "value", "interval", "base", "origin"]
    left_out = ([] if divided else ["segment"]) + (["interval"] if simulated else [])
    heads = [h for h in heads if h not in left_out]
    table = _table(_heads(heads, words), _title(title, survey, simulated, words))
    for figure in figures:
        question = survey.by_id[figure.question]
        cells = {
            "question": figure.question,
            "item": question.item_label(figure.item, words.lang),
            "answer": "" if figure.unit == "mean" else question.answer_label(figure.answer, words.lang),
            "segment": _people(figure.segment, survey, words),
            "value": _value(figure, words),
            "interval": _interval(figure, words),
            "base": _number(figure.n, words),
            "origin": _origin(figure.origin, words),
        }
        _add(table, [cells[h] for h in heads], figure.origin == "simulated")
    notes = [words("cli.note.simulated")] if simulated else [words("cli.note.interval")]
    if any(not f.quotable for f in figures):
        notes.append(words("cli.note.hidden", sign=words("figure.none")))
    if any(f.reliability == "caution" for f in figures):
        notes.append(words("cli.note.caution", sign=words("cli.caution")))
    return Group(table, *notes)


def comparison_table(rows: Sequence[Comparison], survey: Survey, title: str, words: Words) -> RenderableType:
    """A row an answer: group A, group B, difference; on real figures its interval and corrected p.

    Nothing is shown of a group under 30, and a group under 100 is marked.
    """
    if not rows:
        return _nothing(title, survey, words)
    reliabilities = [comparison_reliability(row) for row in rows]
    simulated = any(r.origin == "simulated" for r in rows)
    tested = ["interval", "p"] if not simulated else []
    heads = ["question", "item", "answer", "a", "b", "difference", *tested, "bases", "origin"]
    table = _table(_heads(heads, words), _title(title, survey, simulated, words))
    for row, reliability in zip(rows, reliabilities, strict=True):
        question, result, unit = survey.by_id[row.question], row.result, row.unit
        shown = reliability != "hidden"
        caution = f" {words('cli.caution')}" if reliability == "caution" else ""
        cells = [
            row.question,
            question.item_label(row.item, words.lang),
            question.answer_label(row.answer, words.lang) if unit == "proportion" else "",
            _level(result.est_a if shown else None, unit, words),
            _level(result.est_b if shown else None, unit, words),
            _difference(result.difference if shown else None, unit, words) + caution,
        ]
        if not simulated:
            low, high = (result.low, result.high) if shown else (None, None)
            cells.append(f"{_difference(low, unit, words)} ; {_difference(high, unit, words)}")
            cells.append(_p(row.p_adjusted if shown else None, words))
        cells.append(f"{_number(result.n_a, words)} / {_number(result.n_b, words)}")
        _add(table, [*cells, _origin(row.origin, words)], simulated)
    notes = [words("cli.note.simulated")] if simulated else [words("cli.note.test")]
    if "hidden" in reliabilities:
        notes.append(words("cli.note.small_group", sign=words("figure.none")))
    if "caution" in reliabilities:
        notes.append(words("cli.note.caution_group", sign=words("cli.caution")))
    return Group(table, *notes)


def verification_tables(found: Verification, survey: Survey, words: Words) -> RenderableType:
    """Every figure, every statement on every cut, and what cannot be tested; last, a line that sums up.

    What was computed from simulated respondents is called fictitious in titles, headers and cells.
    """
    simulated = found.origin == "simulated"
    made = "_fictional" if simulated else ""
    recomputed, difference = f"recomputed{made}", f"difference{made}"
    heads = ["question", "item", "answer", "report", recomputed, difference, "base", "holds"]
    figures = _table(_heads(heads, words), words(f"cli.verify.figures{made}"))
    for check in found.figures:
        printed, unit = check.figure, _unit(check.figure)
        cells = [printed.question, printed.item or "", printed.answer, _level(printed.est, unit, words)]
        computed = _level(check.recomputed, unit, words, 2), _difference(check.difference, unit, words, 2)
        cells += [_marked(text, simulated, words) for text in computed]
        _add(figures, [*cells, _number(check.n, words), _holds(check.holds, words)], False)
    heads = [
        "statement",
        "group",
        "direction",
        "question",
        "item",
        "answer",
        "expected",
        difference,
        "holds",
    ]
    statements = _table(_heads(heads, words), words(f"cli.verify.statements{made}"))
    for said in found.statements:
        for cells in _statement_rows(said, simulated, words):
            _add(statements, cells, False)
    untested = _table(_heads(["statement", "group", "why"], words), words("cli.verify.untested"))
    for statement in found.untested:
        why = words.of(statement.untested) if statement.untested else ""
        _add(untested, [statement.id, statement.group, why], False)
    style = "bold green" if found.holds else "bold red"
    summary = Line(words("cli.verify.summary", **found.counts()), style)
    warning = [Line(words("cli.verify.fictional"), LOUD)] if simulated else []
    return Group(figures, "", statements, "", untested, "", *warning, summary)


def errors_table(errors: Iterable[FolderError], heads: Sequence[str]) -> Table:
    """A row an error: where, which entry, what was expected and found, what to do."""
    table = _table(heads, None)
    for e in errors:
        _add(table, [e.file, e.entry, e.expected, e.found, e.hint], False)
    return table


def _statement_rows(said: StatementCheck, simulated: bool, words: Words) -> Iterable[list[str]]:
    statement = said.statement
    head = [statement.id, statement.group, words(f"cli.direction.{statement.direction}")]
    question = statement.question or ""
    if statement.direction == "no difference":
        found = words("cli.verify.smallest_p", tests=said.tests, p=_p(said.smallest_p, words))
        yield [*head, question, "", "", "", _marked(found, simulated, words), _holds(said.holds, words)]
        return
    if not said.cuts:
        yield [*head, question, "", "", "", words("figure.none"), _holds(False, words)]
    for cut in said.cuts:
        yield [*head, question, *_cut_cells(cut, simulated, words)]


def _cut_cells(cut: CutCheck, simulated: bool, words: Words) -> list[str]:
    found = _marked(_difference(cut.difference, cut.unit, words), simulated, words)
    return [
        cut.item or "",
        cut.answer,
        words(f"cli.direction.{cut.expected}"),
        found,
        _holds(cut.holds, words),
    ]


def _heads(names: Iterable[str], words: Words) -> list[str]:
    return [words(f"cli.head.{name}") for name in names]


def _table(heads: Sequence[str], title: str | None) -> Table:
    table = Table(title=Line(title, "bold") if title else None, title_justify="left", box=box.SIMPLE_HEAD)
    for head in heads:
        # on a narrow terminal words are broken before a table is cut
        table.add_column(Line(head), overflow="fold", min_width=min(len(head), NARROW))
    return table


def _add(table: Table, cells: Sequence[str], loud: bool) -> None:
    table.add_row(*(Line(cell) for cell in cells), style=LOUD if loud else None)


def _title(title: str, survey: Survey, simulated: bool, words: Words) -> str:
    named = words(
        "cli.title",
        survey=words.of(survey.study.short_title),
        month=words.month(survey.study.start),
        title=title,
    )
    return f"{words('cli.fictional')}\n{named}" if simulated else named


def _marked(text: str, simulated: bool, words: Words) -> str:
    return f"{text} {words('figure.fictional')}" if simulated else text


def _nothing(title: str, survey: Survey, words: Words) -> RenderableType:
    return Group(Line(_title(title, survey, False, words), "bold"), words("cli.no_row"))


def _origin(origin: Origin, words: Words) -> str:
    return words(f"cli.origin.{origin}")


def _people(segment: str, survey: Survey, words: Words) -> str:
    return filter_sentence(Filter.parse(segment, survey.variables), survey.variables, words)


def _value(figure: Figure, words: Words) -> str:
    shown = value(figure, words)
    return f"{shown} {words('cli.caution')}" if figure.reliability == "caution" else shown


def _interval(figure: Figure, words: Words) -> str:
    if not figure.quotable or figure.low is None or figure.high is None:
        return ""
    return " – ".join(_level(bound, figure.unit, words, 1) for bound in (figure.low, figure.high))


def _level(est: float | None, unit: Unit, words: Words, decimals: int = 0) -> str:
    if est is None:
        return words("figure.none")
    return words.number(est, max(decimals, 1)) if unit == "mean" else words.percent(est, decimals)


def _difference(difference: float | None, unit: Unit, words: Words, decimals: int = 1) -> str:
    """Points for proportions, the number for means, with its sign."""
    if difference is None:
        return words("figure.none")
    amount = difference * 100 if unit == "proportion" else difference
    text = words.number(abs(amount), max(decimals, 1))
    return f"{'−' if amount < 0 else '+'}{text}"


def _p(p: float | None, words: Words) -> str:
    return words("figure.none") if p is None else p_value(p, words)


def _number(n: int | None, words: Words) -> str:
    return words("figure.none") if n is None else words.number(n)


def _holds(holds: bool, words: Words) -> str:
    return words("cli.holds.yes" if holds else "cli.holds.no")


def _unit(figure: PublishedFigure) -> Unit:
    return "mean" if figure.unit == "mean" else "proportion"
