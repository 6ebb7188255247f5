"""A card as an HTML table whose cells carry bars: accessible, light, printable, and without a script."""

from __future__ import annotations

import html

from ens_dash.estimate.figures import Figure
from ens_dash.render.card import Card, Part, Row
from ens_dash.render.sentence import title, value
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.view import filter_sentence


def table(card: Card, survey: Survey, words: Words) -> str:
    """The figures of a card, row by row, everybody's and (where they may be shown) the group's.

    Every number of a simulated group stands under a heading that says so, and repeats the word.
    """
    with_group = card.showing_group and not card.too_few and any(r.main.group for r in card.rows)
    with_interval = any(f.low is not None for f in card.figures) and not card.fictional
    head = [words("table.answer"), words(f"table.everybody_{card.whole_origin or 'published'}")]
    if with_group:
        people = filter_sentence(card.where, survey.variables, words)
        head.append(f"{people} – {words('origin.fictional').upper()}" if card.fictional else people)
    if with_interval:
        head.append(words("table.interval"))
    head.append(words("table.base"))
    body = []
    for row in card.rows:
        for part, label in _lines(card, row, survey, words):
            cells = [_cell(part.whole, words, "published")]
            if with_group:
                cells.append(_cell(part.group, words, "fictional" if card.fictional else "group"))
            if with_interval:
                cells.append(f"<td>{html.escape(_interval(part.figure, words))}</td>")
            cells.append(f"<td>{html.escape(_base(part, words))}</td>")
            body.append(f'<tr><th scope="row">{html.escape(label)}</th>{"".join(cells)}</tr>')
    columns = "".join(f'<th scope="col">{html.escape(h)}</th>' for h in head)
    return (
        f'<table class="bars"><caption>{html.escape(title(card, survey, words))}</caption>'
        f"<thead><tr>{columns}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def _lines(card: Card, row: Row, survey: Survey, words: Words) -> list[tuple[Part, str]]:
    question = card.question
    label = question.item_label(row.item, words.lang) if row.item else ""
    parts = list(row.answers)
    answers = "" if question.kind == "number" else None
    lines = [
        (p, _joined(label, question.answer_label(p.answer, words.lang) if answers is None else answers))
        for p in parts
    ]
    if row.beside is not None and question.beside is not None:
        other = survey.by_id[question.beside]
        lines.append((row.beside, _joined(label, other.answer_label(row.beside.answer, words.lang))))
    return lines


def _joined(label: str, answer: str) -> str:
    return f"{label} – {answer}" if label and answer else label or answer


def _cell(figure: Figure | None, words: Words, kind: str) -> str:
    shown = html.escape(value(figure, words))
    if figure is None or not figure.quotable or figure.est is None:
        return f"<td>{shown}</td>"
    if kind == "fictional":
        shown += f" {html.escape(words('figure.fictional'))}"
    if figure.unit == "mean":
        return f"<td>{shown}</td>"
    width = round(figure.est * 100, 1)
    return (
        f'<td><span class="bar {kind}" style="width:{width}%"></span><span class="number">{shown}</span></td>'
    )


def _interval(figure: Figure | None, words: Words) -> str:
    if figure is None or figure.low is None or figure.high is None or figure.origin == "simulated":
        return words("figure.none")
    if figure.unit == "mean":
        return f"{words.number(figure.low, 2)} – {words.number(figure.high, 2)}"
    return f"{words.percent(figure.low, 1)} – {words.percent(figure.high, 1)}"


def _base(part: Part, words: Words) -> str:
    bases = []
    for figure in (part.whole, part.group):
        if figure is not None:
            n = words.number(figure.n) if figure.n is not None else words("base.unknown")
            bases.append(f"{n} {words('figure.fictional')}" if figure.origin == "simulated" else n)
    return " / ".join(bases)
