"""A card: one question of one view, ready to be drawn, spoken or exported.

A card holds figures and the survey's own entries, no drawing and no HTML. What a reader sees of a
simulated view is decided here, once for every rendering: the report's figure is `whole`, the
segment's is `group`, and on simulated figures there is no interval, no test and no finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ens_dash.estimate.figures import Figure
from ens_dash.survey.base import Origin
from ens_dash.survey.filter import Filter, group_codes
from ens_dash.survey.model import MEAN, Question, Survey
from ens_dash.survey.report import Note, Statement, WordedFigure

Closeness = Literal["same", "wider", "part"]
# A bar is cut into as many answers as there are colours that can be told apart.
MOST_PIECES = 6


@dataclass(frozen=True)
class Part:
    """One answer: what everybody said, and what the group said (None where there is no filter)."""

    answer: str
    whole: Figure | None
    group: Figure | None


@dataclass(frozen=True)
class Row:
    """One item: its headline answer, the strongest part of it, the answers against, and a mark.

    `answers` are all answers and nets with a figure, in order, for the table. `beside` is the same
    item in the question drawn beside this one. `said` is what the report states of exactly this group on
    this item, without a figure.
    """

    item: str | None
    main: Part
    inner: Part | None
    against: tuple[Part, ...]
    beside: Part | None
    said: Statement | None
    answers: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Said:
    """A statement of the report that touches the filter.

    `same`: exactly the statement's group. `wider`: the filter is within the statement's group, and narrower.
    `part`: only some of the filtered people are in the statement's group.
    """

    statement: Statement
    closeness: Closeness


@dataclass(frozen=True, eq=False)
class Card:
    """A question in a view; cards are kept, and compared, by identity.

    `figures` are those the card is about: the group's where they are drawn, else everybody's.

    `origin` is that of the group's figures, or of everybody's where no filter is on.

    `showing_group`: whether the group's figures may be drawn (the switch for fictional figures is on, or
    they are real). `too_few`: the filter leaves too few respondents, and nothing of the group is shown;
    `some_hidden`: this is so of some rows only.
    """

    question: Question
    where: Filter
    figures: tuple[Figure, ...]
    rows: tuple[Row, ...]
    whole_origin: Origin | None
    origin: Origin | None
    showing_group: bool
    too_few: bool
    some_hidden: bool
    group_n: int | None
    said: tuple[Said, ...]
    unnumbered: tuple[WordedFigure, ...]
    notes: tuple[Note, ...]

    @property
    def of_group(self) -> bool:
        """Whether the card tells figures of a group."""
        return bool(self.where) and self.showing_group and not self.too_few

    def about(self, part: Part) -> Figure | None:
        """The figure that a part of this card is about: the group's, None where that is hidden, or
        everybody's. Everybody's in the place of a hidden one would be read as the group's."""
        return part.group if self.of_group else part.whole

    @property
    def fictional(self) -> bool:
        """Whether a simulated figure is on the card."""
        return self.showing_group and self.origin == "simulated" and not self.too_few

    @property
    def whole_only(self) -> bool:
        """Whether a filter is on and the group is not drawn: every number is everybody's, and says so."""
        return bool(self.where) and (self.too_few or not self.showing_group)

    @property
    def kind(self) -> str:
        return self.question.kind


def statements_for(statements: Iterable[Statement], where: Filter) -> tuple[Said, ...]:
    """The statements whose group touches the filter, those nearest to it first; one a quotation."""
    found: list[Said] = []
    seen: set[tuple[str | None, str, str]] = set()
    filtered = where.codes
    for statement in statements if where else ():
        closeness = _closeness(statement, filtered)
        group = statement.group if statement.where is not None else ""
        key = statement.question, statement.quote, group
        if closeness is not None and key not in seen:
            seen.add(key)
            found.append(Said(statement, closeness))
    order = {"same": 0, "wider": 1, "part": 2}
    return tuple(sorted(found, key=lambda s: (s.statement.where is None, order[s.closeness])))


def statements_by(statements: Iterable[Statement], variable: str) -> tuple[Said, ...]:
    """The statements about a segment of a variable, for a table that shows all its segments."""
    return tuple(Said(s, "same") for s in statements if s.where and variable in group_codes(s.where))


def _closeness(statement: Statement, filtered: dict[str, tuple[str, ...]]) -> Closeness | None:
    if statement.where is None:
        # said of every group alike
        return "same" if statement.direction == "no difference" else None
    group = group_codes(statement.where)
    if not all(name in filtered and codes & set(filtered[name]) for name, codes in group.items()):
        return None
    if not all(set(filtered[name]) <= codes for name, codes in group.items()):
        return "part"
    return "same" if group == {name: frozenset(codes) for name, codes in filtered.items()} else "wider"


def make_card(
    survey: Survey,
    question: Question,
    where: Filter,
    whole: Sequence[Figure],
    group: Sequence[Figure] | None,
    show_fictional: bool,
) -> Card:
    """The card of a question. `whole` are everybody's figures (also of the question drawn beside it),
    `group` those of the filter, None where no filter is on."""
    everybody = {f.key: f for f in whole}
    filtered = {f.key: f for f in group or ()}
    bases = [f.n for f in filtered.values() if f.question == question.id and f.n is not None]
    group_n = max(bases, default=None)
    origin = next((f.origin for f in filtered.values()), None) or next((f.origin for f in whole), None)
    # of two answers one tells the other
    several = _all_answers(question) and len(question.answers) > 2
    told = tuple(question.nets_by_code) if several else (question.headline,)
    mine = [f for f in filtered.values() if f.question == question.id and f.answer in told]
    too_few = group is not None and not any(f.quotable for f in mine)
    some_hidden = not too_few and any(not f.quotable for f in mine)
    showing = group is not None and (show_fictional or origin != "simulated")
    drawn = filtered if showing and not too_few else {}
    said = statements_for(survey.statements_on(question.id), where)
    rows = _rows(question, everybody, drawn, said)
    return Card(
        question=question,
        where=where,
        figures=tuple(drawn.values() if drawn else everybody.values()),
        rows=tuple(rows),
        whole_origin=next((f.origin for f in whole), None),
        origin=origin,
        showing_group=showing,
        too_few=too_few,
        some_hidden=some_hidden,
        group_n=group_n,
        said=said,
        unnumbered=tuple(w for w in survey.worded if w.question == question.id),
        notes=survey.notes_on(question.id),
    )


def _all_answers(question: Question) -> bool:
    """Whether a card has a row for each answer, and not one for each item."""
    return question.kind == "single" and not question.items


def in_pieces(card: Card) -> bool:
    """Whether the chart is one bar cut into answers: few, of which each counts once and none is hidden."""
    if not _all_answers(card.question) or not 1 < len(card.rows) <= MOST_PIECES:
        return False
    nets = {net.code for net in card.question.nets}
    group = [row.main.group for row in card.rows]
    return not any(row.main.answer in nets for row in card.rows) and (all(group) or not any(group))


def _rows(
    question: Question,
    everybody: dict[tuple[str, str | None, str], Figure],
    drawn: dict[tuple[str, str | None, str], Figure],
    said: Sequence[Said],
) -> list[Row]:
    def part(item: str | None, answer: str, asked: str = question.id) -> Part | None:
        whole = everybody.get((asked, item, answer))
        group = drawn.get((asked, item, answer))
        if group is not None and not group.quotable:
            group = None
        return Part(answer, whole, group) if whole or group else None

    rows = []
    if _all_answers(question):
        for answer in question.nets_by_code:
            found = part(None, answer)
            if found:
                rows.append(Row(None, found, None, (), None, _mark(said, None, answer, question), (found,)))
        return rows
    positive = question.nets_by_code[question.headline]
    strongest = positive[0] if len(positive) > 1 else None
    against = [a.code for a in question.answers if a.code not in positive] if question.kind == "scale" else []
    for item in question.item_ids:
        main = part(item, question.headline)
        if main is None:
            continue
        rows.append(
            Row(
                item=item,
                main=main,
                inner=part(item, strongest) if strongest else None,
                against=tuple(p for code in against if (p := part(item, code))),
                beside=part(item, question.headline, question.beside) if question.beside else None,
                said=_mark(said, item, question.headline, question),
                answers=tuple(p for code in question.nets_by_code if (p := part(item, code))),
            )
        )
    if question.kind == "number":
        return rows
    return sorted(rows, key=lambda r: -_height(r.main))


def _height(part: Part) -> float:
    figure = part.whole or part.group
    return figure.est if figure is not None and figure.est is not None else 0.0


def _mark(said: Sequence[Said], item: str | None, answer: str, question: Question) -> Statement | None:
    """The statement that speaks of exactly this group and this item and answer, if any."""
    for entry in said:
        statement = entry.statement
        about_item = not statement.items or item in statement.items
        about_answer = (statement.answer or question.headline) in (answer, MEAN)
        if (
            entry.closeness == "same"
            and about_item
            and about_answer
            and statement.direction != "no difference"
        ):
            return statement
    return None
