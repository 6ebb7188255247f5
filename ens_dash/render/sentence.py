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
from ens_dash.render.card import Card
from ens_dash.survey.finding import PLACEHOLDER, target
from ens_dash.survey.model import Question, Survey
from ens_dash.survey.study import Study
from ens_dash.text import Words
from ens_dash.text.words import NBSP
from ens_dash.view import filter_sentence

# under this corrected p a difference is said to be more than chance
CHANCE = 0.05
LONGEST_TITLE = 15  # words


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
        item, answer = target(kind, argument)
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
    """The card's title: a finding of published or imported figures, or a neutral one; 15 words at most.

    A finding whose figures are missing or hidden falls back to the question's neutral title, and a title
    that the group's name makes too long to "the chosen group", which the page names above.
    """
    question = card.question
    subject = words.of(question.title)
    month = words.month(survey.study.start).capitalize()
    people = filter_sentence(card.where, survey.variables, words) if card.where else ""
    if card.fictional:
        named = words("title.fictional", subject=subject, people=people[0].lower() + people[1:])
        return _shortest(named, words("title.fictional_group", subject=subject))
    if card.whole_only:
        return words("title.report" if card.said else "title.neutral", month=month, subject=subject, where="")
    where = words("title.where", people=people) if people else ""
    neutral = words("title.neutral", month=month, where=where, subject=subject)
    chosen = words("title.group", month=month, subject=subject)
    figures = {f.key: f for f in card.figures if f.quotable}
    try:
        if question.finding is None:
            raise TemplateError("no finding")
        found = fill(words.of(question.finding), question, figures, words)
        found = words("title.finding", month=month, where=where, finding=found[0].lower() + found[1:])
    except TemplateError:
        return _shortest(neutral, chosen)
    return _shortest(found, neutral, chosen) if people else found


def _shortest(*titles: str) -> str:
    """The first title that is short enough, or the last."""
    return next((t for t in titles if word_count(t) <= LONGEST_TITLE), titles[-1])


def word_count(text: str) -> int:
    """The words of a text: what stands between spaces and holds a letter or a digit."""
    return sum(any(c.isalnum() for c in part) for part in text.split())


def base_line(card: Card, survey: Survey, words: Words) -> str:
    """Who was asked, with their number where it is known; for a real group, its own number too."""
    base = card.question.base
    people = words.of(base.text)
    if card.whole_origin != "microdata":
        if base.n is None:
            return words("base.not_printed", people=people)
        return words("base.printed" if base.printed else "base.sample", people=people, n=words.number(base.n))
    n = max((r.main.whole.n or 0 for r in card.rows if r.main.whole), default=0)
    line = words("base.printed", people=people, n=words.number(n))
    if card.where and not card.whole_only and card.group_n:
        group = filter_sentence(card.where, survey.variables, words)
        line += f". {words('base.printed', people=group, n=words.number(card.group_n))}"
    return line


def source_line(question: Question, survey: Survey, words: Words, *, printed: bool) -> str:
    """Pollster, commissioner, dates, part of the report (if printed): what must stand under a chart."""
    study = survey.study
    part = next((f.part for f in survey.published if f.question == question.id and printed), None)
    return words(
        "source.line",
        pollster=study.pollster,
        commissioner=words.of(study.commissioner),
        days=words.days(study.start, study.end),
        mode=words.of(study.mode),
        place=_place(part, words),
    ).strip()


def _place(part: str | None, words: Words) -> str:
    """The part of the report: its number, or its summary; another has no name in the words."""
    if part is not None and part.isdecimal():
        return words("source.part", part=part)
    return words("source.summary") if part == "summary" else ""


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


def headline_interval(card: Card, words: Words) -> str:
    """The interval of the card's first figure in a line that names it; empty where it has none."""
    row = next((r for r in card.rows if card.about(r.main) is not None), None)
    figure = card.about(row.main) if row is not None else None
    if (
        row is None
        or figure is None
        or figure.low is None
        or figure.high is None
        or figure.origin == "simulated"
    ):
        return ""
    question = card.question
    answer = question.answer_label(row.main.answer, words.lang)
    label = question.item_label(row.item, words.lang) if row.item else answer
    digits = 2 if figure.unit == "mean" else 1
    shown = [
        words.number(b, digits) if figure.unit == "mean" else words.percent(b, digits)
        for b in (figure.low, figure.high)
    ]
    return words("interval.named", label=label, value=value(figure, words), low=shown[0], high=shown[1])


def reading_note(card: Card, survey: Survey, words: Words) -> str:
    """«Lecture : …»: the first row in a sentence, with its base, and the indicative interval.

    Of a simulated figure the sentence begins and ends with what it is, so that no half of it can be quoted.
    """
    row = next((r for r in card.rows if card.about(r.main) is not None), None)
    figure = card.about(row.main) if row is not None else None
    if row is None or figure is None:
        return ""
    question = card.question
    parts = {
        "value": value(figure, words),
        "answer": question.answer_label(row.main.answer, words.lang),
        "label": question.item_label(row.item, words.lang) if row.item else words.of(question.title),
    }
    kind = "mean" if figure.unit == "mean" else "line"
    if figure.origin == "simulated":
        people = filter_sentence(card.where, survey.variables, words)
        return words(f"reading.fictional_{kind}", **parts, people=people, n=words.number(figure.n or 0))
    text = words(f"reading.{kind}", **parts, base=base_line(card, survey, words))
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
    unit = words("rest.points") if found[0].unit == "proportion" else ""
    return words(key, gap=f"{shown} {unit}".strip(), p=p_value(p, words))


def p_value(p: float, words: Words) -> str:
    """A p-value as it is printed: «= 0,012» or «< 0,001»."""
    return words("compare.p_small") if p < 0.001 else f"= {words.number(p, 3)}"


def mark_line(card: Card, words: Words) -> str:
    """What ◆ stands for: the report's own name of the group, and that it gives no figure."""
    said = [r.said for r in card.rows if r.said is not None]
    if words.lang == "en":
        names = [f"“{s.group_en or s.group}”" for s in said]
    else:
        names = [f"«{NBSP}{s.group}{NBSP}»" for s in said]
    return words("figure.mark", groups=words.both(dict.fromkeys(names))) if names else ""


def margin_hint(card: Card, words: Words) -> str:
    """What the margin would be on as many real respondents: all that a simulated view says of precision."""
    if not card.fictional or not card.group_n or card.kind == "number":
        return ""
    points = 100 * 1.96 * (0.25 / card.group_n) ** 0.5
    return words("figure.no_margin", n=words.number(card.group_n), points=words.number(points))
