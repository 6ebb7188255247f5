"""A card as an HTML table whose cells carry bars: accessible, light, printable, and without a script."""

from __future__ import annotations

import html

from ens_dash.estimate.figures import Figure
from ens_dash.render.card import Card, Part, Row
from ens_dash.render.langs import marked, named
from ens_dash.render.sentence import title, value
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.view import filter_sentence

# Columns of bars are marked: they must be equally wide, or their bars could not be compared.
BARS = ' class="with-bar"'


def table(card: Card, survey: Survey, words: Words, compact: bool = False) -> str:
    """The figures of a card, row by row, everybody's and (where they may be shown) the group's.

    Every number of a simulated group stands under a heading that says so, and repeats the word.

    `compact`: for narrow places that tell the base in a line of their own. Items stand above their rows, and
    what all rows have the same is left out: the base, and the answer.
    """
    groups = [_group(card, row, survey, words, compact) for row in card.rows]
    lines = [line for _, found in groups for line in found]
    with_label = any(label for _, label in lines)
    with_group = card.showing_group and not card.too_few and any(r.main.group for r in card.rows)
    with_interval = has_intervals(card)
    with_base = not compact or len({_base(part, words) for part, _ in lines}) > 1
    head = [("", words("table.answer"))] if with_label else []
    head.append((BARS, words(f"table.everybody_{card.whole_origin or 'published'}")))
    if with_group:
        people = filter_sentence(card.where, survey.variables, words)
        told = f"{people} – {words('origin.fictional').upper()}" if card.fictional else people
        head.append((BARS, told))
    if with_interval:
        head.append(("", words("table.interval")))
    if with_base:
        head.append(("", words("table.base")))
    body = []
    texts = named(card.question)
    for heading, found in groups:
        rows = []
        for part, label in found:
            cells = [f'<th scope="row">{marked(label, texts, words)}</th>'] if with_label else []
            cells.append(_cell(part.whole, words, "published"))
            if with_group:
                cells.append(_cell(part.group, words, "fictional" if card.fictional else "group"))
            if with_interval:
                cells.append(f"<td>{html.escape(_interval(card.about(part), words, compact))}</td>")
            if with_base:
                cells.append(f"<td>{html.escape(_base(part, words))}</td>")
            rows.append(f"<tr>{''.join(cells)}</tr>")
        if heading:
            over = f'<tr><th scope="rowgroup" colspan="{len(head)}">{marked(heading, texts, words)}</th></tr>'
            body.append(f"<tbody>{over}{''.join(rows)}</tbody>")
        else:
            body += rows
    columns = "".join(f'<th scope="col"{kind}>{html.escape(text)}</th>' for kind, text in head)
    inner = "".join(body) if any(h for h, _ in groups) else f"<tbody>{''.join(body)}</tbody>"
    return (
        f'<table class="bars"><caption>{marked(title(card, survey, words), texts, words)}</caption>'
        f"<thead><tr>{columns}</tr></thead>{inner}</table>"
    )


def has_intervals(card: Card) -> bool:
    """Whether the table has a column of intervals."""
    return any(f.low is not None for f in card.figures) and not card.fictional


def _group(
    card: Card, row: Row, survey: Survey, words: Words, compact: bool
) -> tuple[str, list[tuple[Part, str]]]:
    """The rows of an item with their labels, and in a compact table what stands above them."""
    question = card.question
    item = question.item_label(row.item, words.lang) if row.item else ""
    unsaid = question.kind == "number" or (compact and answers_alike(card))
    found = [(p, "" if unsaid else question.answer_label(p.answer, words.lang)) for p in row.answers]
    if row.beside is not None and question.beside is not None:
        other = survey.by_id[question.beside]
        found.append((row.beside, other.answer_label(row.beside.answer, words.lang)))
    if compact:
        return item, found
    return "", [(part, _joined(item, label)) for part, label in found]


def answers_alike(card: Card) -> bool:
    """Whether the rows differ by their item only: all tell the same answer."""
    answers = {p.answer for row in card.rows for p in row.answers}
    return len(answers) == 1 and all(row.item and row.beside is None for row in card.rows)


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
        f'<td{BARS}><span class="bar {kind}" style="width:{width}%"></span>'
        f'<span class="number">{shown}</span></td>'
    )


def _interval(figure: Figure | None, words: Words, compact: bool) -> str:
    if figure is None or figure.low is None or figure.high is None or figure.origin == "simulated":
        return words("figure.none")
    if figure.unit == "mean":
        return f"{words.number(figure.low, 2)} – {words.number(figure.high, 2)}"
    if compact:
        return f"{words.number(figure.low * 100, 1)}–{words.percent(figure.high, 1)}"
    return f"{words.percent(figure.low, 1)} – {words.percent(figure.high, 1)}"


def _base(part: Part, words: Words) -> str:
    bases = []
    for figure in (part.whole, part.group):
        if figure is not None:
            n = words.number(figure.n) if figure.n is not None else words("base.unknown")
            bases.append(f"{n} {words('figure.fictional')}" if figure.origin == "simulated" else n)
    return " / ".join(bases)
