"""A question by a segment variable, as an HTML table with bars: a block an item, a row a segment."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from ens_dash.estimate.comparisons import CellKey, Comparison
from ens_dash.estimate.crosstab import RaoScott
from ens_dash.estimate.figures import Figure
from ens_dash.render.sentence import CHANCE, p_value, value
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Question, SegmentVariable, Survey
from ens_dash.text import Words


def crosstab(
    survey: Survey,
    question: Question,
    variable: SegmentVariable,
    whole: Sequence[Figure],
    segments: Sequence[Figure],
    tests: Mapping[str | None, RaoScott | None],
    against_rest: Mapping[CellKey, Comparison],
    words: Words,
) -> str:
    """The table. `tests` (Rao-Scott, by item) and `against_rest` (by item, answer and segment) are empty for
    simulated figures, which have no interval, test or mark."""
    fictional = any(f.origin == "simulated" for f in segments)
    columns = [words("table.group"), words("table.figure"), words("table.base")]
    if not fictional:
        columns.insert(2, words("table.interval"))
    heads = "".join(f'<th scope="col">{html.escape(c)}</th>' for c in columns)
    everybody = {f.key: f for f in whole}
    body, hidden = [], False
    for item, answer in lines(question, whole):
        printed = everybody.get((question.id, item, answer))
        mine = [f for f in segments if f.item == item and f.answer == answer]
        if not mine:
            continue
        body.append(_heading(line_label(question, item, answer, words), tests.get(item), len(columns), words))
        if printed is not None:
            body.append(_row(words(f"table.everybody_{printed.origin}"), printed, fictional, False, words))
        for figure in mine:
            code = Filter.parse(figure.segment, survey.variables).codes[variable.id][-1]
            segment = variable.segment(code)
            found = against_rest.get((item, answer, code))
            marked = found is not None and found.p_adjusted is not None and found.p_adjusted < CHANCE
            hidden = hidden or not figure.quotable
            body.append(_row(words.of(segment.label) if segment else code, figure, fictional, marked, words))
    month = words.month(survey.study.start).capitalize()
    title = words(
        "compare.by_title",
        month=month,
        question=words.of(question.title),
        variable=words.of(variable.label),
    )
    if fictional:
        title = words("title.by_fictional", title=title)
    note = f'<p class="note">{html.escape(words("card.some_hidden"))}</p>' if hidden else ""
    return (
        f'{note}<table class="bars crosstab"><caption>{html.escape(title)}</caption>'
        f"<thead><tr>{heads}</tr></thead>{''.join(body)}</table>"
    )


def lines(question: Question, whole: Sequence[Figure]) -> tuple[tuple[str | None, str], ...]:
    """The (item, answer) that a comparison has a line for: those with a figure for everybody.

    Of a question with items, the headline answer and the strongest part of it; of one without, all.
    """
    known = {(f.item, f.answer) for f in whole if f.question == question.id}
    if question.items:
        answers = [question.headline, *question.nets_by_code[question.headline][:1]]
    else:
        answers = list(question.nets_by_code)
    wanted = ((item, answer) for item in question.item_ids for answer in dict.fromkeys(answers))
    return tuple(line for line in wanted if line in known)


def line_label(question: Question, item: str | None, answer: str, words: Words) -> str:
    """Item and answer in words: the answer alone without an item, the item alone for its headline."""
    if item is None:
        return (
            words.of(question.title)
            if question.kind == "number"
            else question.answer_label(answer, words.lang)
        )
    label = question.item_label(item, words.lang)
    return label if answer == question.headline else f"{label} – {question.answer_label(answer, words.lang)}"


def _heading(label: str, test: RaoScott | None, width: int, words: Words) -> str:
    text = html.escape(label[0].upper() + label[1:])
    if test is not None and test.F is not None and test.p is not None:
        told = words(
            "compare.rao_scott",
            f=words.number(test.F, 2),
            p=p_value(test.p, words),
        )
        text += f' <span class="quiet">{html.escape(told)}</span>'
    return f'<tbody><tr><th scope="rowgroup" colspan="{width}">{text}</th></tr>'


def _row(label: str, figure: Figure, fictional: bool, marked: bool, words: Words) -> str:
    kind = (
        "published"
        if figure.origin == "published"
        else "fictional"
        if figure.origin == "simulated"
        else "group"
    )
    shown = html.escape(value(figure, words)) + (
        f" {words('figure.fictional')}" if kind == "fictional" else ""
    )
    shown += f' <abbr title="{html.escape(words("compare.marked"))}">*</abbr>' if marked else ""
    bar = ""
    if figure.quotable and figure.unit == "proportion" and figure.est is not None:
        bar = f'<span class="bar {kind}" style="width:{figure.est * 100:.1f}%"></span>'
    interval = ""
    if not fictional:
        known = figure.low is not None and figure.high is not None and figure.unit == "proportion"
        text = f"{words.percent(figure.low or 0)} – {words.percent(figure.high or 0)}" if known else ""
        interval = f"<td>{html.escape(text)}</td>"
    base = words.number(figure.n) if figure.n is not None else words("base.unknown")
    base += f" {words('figure.fictional')}" if kind == "fictional" else ""
    return (
        f'<tr><th scope="row">{html.escape(label)}</th><td>{bar}<span class="number">{shown}</span></td>'
        f"{interval}<td>{html.escape(base)}</td></tr>"
    )
