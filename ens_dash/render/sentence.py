"""Figures as sentences: titles, base and source lines, reading notes, what the report says.

A finding is a template of the survey folder with its figures left open:

- `{share:ANSWER}` or `{share:ITEM.ANSWER}`: 51 %
- `{mean:ITEM}`: 0,8
- `{adults:ANSWER}` or `{adults:ITEM.ANSWER}`: «une majorité d’adultes (61 %)» only where the interval lies
  above one half, otherwise «51 % des adultes»
- `{top}`: the item named most, with its figure; two items whose intervals overlap are said to be level

Only published and imported figures find anything. A simulated view has a neutral title.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ens_dash.estimate.comparisons import Comparison
from ens_dash.estimate.figures import Figure
from ens_dash.render.card import Card, Said
from ens_dash.survey.model import MEAN, Question, Study, Survey
from ens_dash.text import Words
from ens_dash.view import filter_sentence

# under this corrected p a difference is said to be more than chance
CHANCE = 0.05
# the parts of a report that have a name in data/text
PARTS = ("1", "2", "summary")
LONGEST_TITLE = 15  # words
PLACEHOLDER = re.compile(r"\{(share|mean|adults|top)(?::([^}]*))?\}")


class TemplateError(ValueError):
    """A finding that asks for a figure that the question does not have."""


def fill(
    template: str, question: Question, figures: Mapping[tuple[str, str | None, str], Figure], words: Words
) -> str:
    """A finding with its figures filled in.

    Raises:
        TemplateError: a placeholder that names no figure of the question.
    """

    def replace(found: re.Match[str]) -> str:
        kind, argument = found.group(1), found.group(2) or ""
        if kind == "top":
            return _top(question, figures, words)
        item, answer = _target(kind, argument)
        figure = figures.get((question.id, item, answer))
        if figure is None or figure.est is None:
            raise TemplateError(f"{question.id}: no figure for {found.group(0)}")
        if kind == "mean":
            return words.number(figure.est, 1)
        if kind == "share":
            return words.percent(figure.est)
        if figure.low is not None and figure.low > 0.5:
            return words("finding.majority", share=words.percent(figure.est))
        return words("finding.adults", share=words.percent(figure.est))

    return PLACEHOLDER.sub(replace, template)


def _target(kind: str, argument: str) -> tuple[str | None, str]:
    if kind == "mean":
        return argument or None, MEAN
    item, _, answer = argument.rpartition(".")
    return item or None, answer


def _top(question: Question, figures: Mapping[tuple[str, str | None, str], Figure], words: Words) -> str:
    found = [figures.get((question.id, item, question.headline)) for item in question.item_ids]
    ranked = sorted((f for f in found if f is not None and f.est is not None), key=lambda f: -(f.est or 0))
    if not ranked:
        raise TemplateError(f"{question.id}: no figure for {{top}}")
    level = [f for f in ranked if tied(ranked[0], f)]
    named = [f"{_short(question, f, words)} ({_value(f, words)})" for f in level[:2]]
    if len(level) == 1:
        return named[0]
    if len(level) == 2:
        return words("finding.level", items=words.both(named))
    return words("finding.many_level", items=words.both(named), n=len(level))


def tied(a: Figure, b: Figure) -> bool:
    """Whether two figures of a question cannot be ranked: their intervals overlap, or one has none."""
    if a is b:
        return True
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return True
    return a.low <= b.high and b.low <= a.high


def _short(question: Question, figure: Figure, words: Words) -> str:
    item = question.item(figure.item)
    return words.of(item.short or item.label) if item else words.of(question.title)


def _value(figure: Figure, words: Words) -> str:
    if figure.est is None:
        return words("figure.none")
    return words.number(figure.est, 1) if figure.unit == "mean" else words.percent(figure.est)


def value(figure: Figure | None, words: Words) -> str:
    """The number as a reader sees it: «51 %», «0,8», or a dash where it is hidden."""
    return _value(figure, words) if figure is not None and figure.quotable else words("figure.none")


def title(card: Card, survey: Survey, words: Words) -> str:
    """The card's title: a finding of published or imported figures, or a neutral one.

    A finding whose figures are missing or hidden falls back to the question's neutral title.
    """
    question = card.question
    dated = words.month(survey.study.start).capitalize()
    if card.where and card.origin == "simulated":
        people = filter_sentence(card.where, survey.variables, words)
        subject = words.of(question.title)
        if not card.fictional:
            return words("title.report", subject=subject)
        long = words("title.fictional", subject=subject, people=people[0].lower() + people[1:])
        return long if word_count(long) <= LONGEST_TITLE else words("title.fictional_group", subject=subject)
    figures = {f.key: f for f in card.figures if f.quotable}
    people = filter_sentence(card.where, survey.variables, words) if card.where else ""
    where = words("title.where", people=people) if people else ""
    try:
        if question.finding is None:
            raise TemplateError("no finding")
        found = fill(words.of(question.finding), question, figures, words)
        return words("title.finding", month=dated, where=where, finding=found[0].lower() + found[1:])
    except TemplateError:
        return words("title.neutral", month=dated, where=where, subject=words.of(question.title))


def word_count(text: str) -> int:
    """The words of a text: what stands between spaces and holds a letter or a digit."""
    return sum(any(c.isalnum() for c in part) for part in text.split())


def base_line(card: Card, survey: Survey, words: Words) -> str:
    """Who was asked, with the number where the report prints one."""
    base = card.question.base
    if card.whole_origin == "microdata":
        n = max((r.main.whole.n or 0 for r in card.rows if r.main.whole), default=0)
        return words("base.printed", people=words.of(base.text), n=words.number(n))
    if base.n is None:
        return words("base.not_printed", people=words.of(base.text))
    return words("base.printed", people=words.of(base.text), n=words.number(base.n))


def source_line(card: Card, survey: Survey, words: Words) -> str:
    """Pollster, commissioner, mode, dates, part of the report: what must stand under every chart."""
    study = survey.study
    part = next((f.part for f in survey.published if f.question == card.question.id), None)
    return words(
        "source.line",
        pollster=study.pollster,
        commissioner=words.of(study.commissioner),
        days=words.days(study.start, study.end),
        place=words(f"source.part_{part}") if part in PARTS else "",
    ).strip()


def interval_note(figure: Figure, study: Study, words: Words) -> str:
    """The interval in words; empty for a figure that has none, and for every simulated one."""
    if figure.origin == "simulated" or figure.low is None or figure.high is None:
        return ""
    if figure.unit == "mean":
        low, high = words.number(figure.low, 2), words.number(figure.high, 2)
    else:
        low, high = words.percent(figure.low, 1), words.percent(figure.high, 1)
    key = "interval.indicative" if study.quota_sample else "interval.plain"
    return words(key, low=low, high=high)


def reading_note(card: Card, survey: Survey, words: Words) -> str:
    """«Lecture : …»: the first row in a sentence, with base and indicative interval."""
    row = next((r for r in card.rows if r.main.figure is not None), None)
    if row is None or row.main.figure is None:
        return ""
    question, figure = card.question, row.main.figure
    label = question.item_label(row.item, words.lang) if row.item else words.of(question.title)
    text = words(
        "reading.line" if figure.unit == "proportion" else "reading.mean",
        value=value(figure, words),
        answer=question.answer_label(row.main.answer, words.lang),
        label=label,
        people=filter_sentence(card.where if row.main.group else type(card.where)(), survey.variables, words),
        n=words.number(figure.n) if figure.n is not None else words("base.unknown"),
    )
    if figure.origin == "simulated":
        return f"{text} {words('reading.fictional')}"
    return f"{text} {interval_note(figure, survey.study, words)}".strip()


def rest_note(card: Card, against_rest: Sequence[Comparison], words: Words) -> str:
    """Whether the reading note's figure differs from the rest by more than chance; real figures only."""
    row = next((r for r in card.rows if r.main.group is not None), None)
    if row is None:
        return ""
    found = [c for c in against_rest if (c.item, c.answer) == (row.item, row.main.answer)]
    if not found or found[0].result.difference is None or found[0].p_adjusted is None:
        return ""
    gap, p = found[0].result.difference, found[0].p_adjusted
    shown = words.number(abs(gap), 1) if found[0].unit == "mean" else words.number(abs(gap) * 100, 1)
    key = "rest.more" if p < CHANCE and gap > 0 else "rest.less" if p < CHANCE else "rest.chance"
    return words(key, gap=shown, p=p_value(p, words))


def p_value(p: float, words: Words) -> str:
    """A p-value as it is printed: «= 0,012» or «< 0,001»."""
    return words("compare.p_small") if p < 0.001 else f"= {words.number(p, 3)}"


def said_text(entry: Said, words: Words) -> str:
    """What introduces a statement: of whom the report speaks, when that is not quite the filter."""
    return words(f"said.{entry.closeness}", group=entry.statement.group)


def margin_hint(card: Card, words: Words) -> str:
    """What the margin would be on as many real respondents: all that a simulated view says of precision."""
    if not card.fictional or not card.group_n:
        return ""
    points = 100 * 1.96 * (0.25 / card.group_n) ** 0.5
    return words("figure.no_margin", n=words.number(card.group_n), points=words.number(points))


def alt_text(card: Card, survey: Survey, words: Words) -> str:
    """The chart in a sentence, written from its figures, for those who do not see it."""
    question = card.question
    parts = []
    for row in card.rows:
        label = (
            question.item_label(row.item, words.lang)
            if row.item
            else question.answer_label(row.main.answer, words.lang)
        )
        text = f"{label} {value(row.main.whole or row.main.group, words)}"
        if row.main.group is not None and row.main.whole is not None:
            word = words("figure.fictional") if card.fictional else words("figure.this_group")
            text += f" ({value(row.main.group, words)} {word})"
        parts.append(text)
    return words("chart.alt", title=title(card, survey, words), figures="; ".join(parts))
