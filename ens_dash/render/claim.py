"""A verdict in words: the claim, the answer, the reason, what must be said with it, both readings.

The sentence to print is `ens_dash.render.claim_sentence`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ens_dash.estimate.figures import Figure
from ens_dash.estimate.rank import rated
from ens_dash.estimate.verdict import Verdict
from ens_dash.render.card import Said
from ens_dash.render.sentence import p_value, value
from ens_dash.survey.base import Lang
from ens_dash.survey.claim import Claim, Key, LeftOut
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Survey
from ens_dash.survey.report import Note, WordedFigure
from ens_dash.text import Words
from ens_dash.view import filter_sentence

LONGEST_FOUND = 40


@dataclass(frozen=True)
class Readings:
    """Where the report disagrees with itself on a verdict's figures, and the other notes on them."""

    contradictions: tuple[Note, ...]
    worded: tuple[WordedFigure, ...]
    notes: tuple[Note, ...]


def named(key: Key, survey: Survey, lang: Lang, words: Words, *, of: bool = False) -> str:
    """A figure in quotation marks: its item where there are several, otherwise its answer; `of`: with the
    question's title."""
    question = survey.by_id[key[0]]
    by_item = len(question.item_ids) > 1 or question.kind == "number"
    item = question.item(key[1])
    if by_item and item is not None:
        text = words.of(item.label)
    elif question.kind == "number":
        text = words.of(question.title)
    else:
        text = question.answer_label(key[2], lang)
    if of:
        return words("claim.named_of", text=text, title=words.of(question.title))
    return words("claim.named", text=text)


def number_text(claim: Claim, words: Words) -> str:
    """The claim's number as it would be written: «60 %», «8 sur 10», «un tiers», «la moitié»."""
    if claim.form == "majority":
        return words("claim.half")
    if not claim.number:
        return ""
    if claim.form == "tenths":
        return words("claim.in_ten", n=claim.number)
    if claim.form == "fraction":
        return words(f"claim.fraction.{claim.number}.exact")
    return words.percent(claim.threshold)


def claim_text(claim: Claim, survey: Survey, where: Filter, words: Words) -> str:
    """What is claimed, of whom: «une majorité» : «Positif» (Regard sur le numérique en santé)."""
    other = claim.other or claim.subject
    text = words(
        f"claim.said.{claim.form}",
        number=number_text(claim, words),
        subject=_full(claim.subject, survey, words),
        other=_full(other, survey, words),
    )
    if not where:
        return text
    return words("claim.said.group", people=filter_sentence(where, survey.variables, words), claim=text)


def _full(key: Key, survey: Survey, words: Words) -> str:
    """The figure with its question, its item and, where it is not the headline, its answer."""
    question = survey.by_id[key[0]]
    text = named(key, survey, words.lang, words, of=True)
    if len(question.item_ids) > 1 and key[2] != question.headline:
        answer = words("claim.named", text=question.answer_label(key[2], words.lang))
        return f"{text}, {answer}"
    return text


def values(verdict: Verdict, survey: Survey, where: Filter, words: Words) -> dict[str, str]:
    """What the texts on a verdict may fill in; no number of a figure that the verdict does not hold."""
    claim, figure, other = verdict.claim, verdict.figure, verdict.other
    other_key = other.key if other else claim.other or claim.subject
    kind = "indicative" if survey.study.quota_sample else "plain"
    found = {
        "number": number_text(claim, words),
        "share": value(figure, words),
        "low": _bound(figure.low if figure else None, figure, words),
        "high": _bound(figure.high if figure else None, figure, words),
        "subject": named(claim.subject, survey, words.lang, words),
        "subject_of": named(claim.subject, survey, words.lang, words, of=True),
        "other": named(other_key, survey, words.lang, words),
        "other_of": named(other_key, survey, words.lang, words, of=True),
        "other_share": value(other, words),
        "rest_share": value(verdict.rest, words),
        "level": words.both(_with_share(f, survey, words) for f in verdict.level),
        "interval": words(f"claim.interval.{kind}"),
        "intervals": words(f"claim.interval.{kind}_many"),
        "month": words.month(survey.study.start),
        "people": filter_sentence(where, survey.variables, words),
        "answer": _answer(claim.subject, claim.subject[2], survey, words),
        "headline": _answer(claim.subject, survey.by_id[claim.subject[0]].headline, survey, words),
    }
    if verdict.among is not None and figure is not None:
        found["n"], found["offered"] = map(str, verdict.among)
        found["known"] = words(f"claim.known.{'printed' if figure.origin == 'published' else 'shown'}")
    if verdict.offered is not None:
        found["offered_share"] = value(verdict.offered, words)
        found["offered_of"] = named(verdict.offered.key, survey, words.lang, words, of=True)
    if verdict.ratio is not None:
        ratios = zip(("ratio", "ratio_low", "ratio_high"), verdict.ratio, strict=True)
        found |= {name: words.number(ratio, 1) for name, ratio in ratios}
    if verdict.test is not None:
        found |= _test(verdict, words)
    return found


def _answer(key: Key, answer: str, survey: Survey, words: Words) -> str:
    return words("claim.named", text=survey.by_id[key[0]].answer_label(answer, words.lang))


def rank_key(verdict: Verdict, survey: Survey) -> str:
    """Which words tell of a rank: of an answer, of answers summed, of items chosen from a list."""
    question, answer = survey.by_id[verdict.claim.subject[0]], verdict.claim.subject[2]
    if question.items:
        return "ranked_items" if rated(question) else "ranked_named"
    key = "ranked_net" if len(question.nets_by_code[answer]) > 1 else "ranked"
    return key if verdict.other else f"{key}_alone"


def _test(verdict: Verdict, words: Words) -> dict[str, str]:
    test = verdict.test
    if test is None or test.result.difference is None or test.p_adjusted is None:
        return {}
    gap = abs(test.result.difference)
    shown = (
        words.number(gap, 1)
        if test.unit == "mean"
        else f"{words.number(gap * 100, 1)} {words('rest.points')}"
    )
    return {"gap": shown, "p": p_value(test.p_adjusted, words)}


def _bound(bound: float | None, figure: Figure | None, words: Words) -> str:
    if bound is None or figure is None:
        return words("figure.none")
    return words.number(bound, 2) if figure.unit == "mean" else words.percent(bound, 1)


def _with_share(figure: Figure, survey: Survey, words: Words) -> str:
    name = named(figure.key, survey, words.lang, words)
    return words("claim.with_share", name=name, share=value(figure, words))


def answer_text(verdict: Verdict, words: Words) -> str:
    return words(f"claim.verdict.{verdict.answer}")


def reason_text(verdict: Verdict, survey: Survey, where: Filter, words: Words) -> str:
    """Why: one sentence or two, with the figures that decide."""
    filled = values(verdict, survey, where, words)
    reason: str = verdict.reason
    if reason == "near":
        reason = f"near_{verdict.nearness}"
    elif reason == "beyond":
        reason = "beyond_less" if verdict.claim.form == "less_than" else "beyond_more"
    elif reason == "ranked":
        reason = rank_key(verdict, survey)
    elif reason in ("alone", "incomplete") and survey.by_id[verdict.claim.subject[0]].items:
        reason = f"{reason}_items"
    elif reason == "hindsight":
        plain = verdict.figure is None or verdict.figure.low is None
        reason = "hindsight_rounded" if plain else "hindsight_interval"
    text = words(f"claim.reason.{reason}", **filled)
    if verdict.offered is not None:
        text += f" {words('claim.reason.offered', **filled)}"
    return text


def condition_texts(verdict: Verdict, words: Words) -> tuple[str, ...]:
    """What must be said with the claim, where it may be written; of the figure's label in any case."""
    wanted = [c for c in verdict.conditions if verdict.answer != "no" or c == "layout"]
    return tuple(words(f"claim.condition.{c}") for c in wanted)


def readings(verdict: Verdict, survey: Survey) -> Readings:
    """The notes on the verdict's questions, and what the report says in words of exactly its figures.

    Notes on every question are left out: they stand on the page of the method.
    """
    claim = verdict.claim
    keys = [k for k in (claim.subject, claim.other) if k is not None]
    keys += [f.key for f in (verdict.offered,) if f is not None]
    questions = {key[0] for key in keys}
    notes = [n for n in survey.notes if questions & set(n.questions)]
    worded = [w for w in survey.worded if any(_speaks_of(w, key, survey) for key in keys)]
    return Readings(
        contradictions=tuple(n for n in notes if n.kind == "contradiction"),
        worded=tuple(worded),
        notes=tuple(n for n in notes if n.kind != "contradiction"),
    )


def _speaks_of(worded: WordedFigure, key: Key, survey: Survey) -> bool:
    question, item, answer = key
    if worded.question != question:
        return False
    headline = survey.by_id[question].headline
    return worded.item in (None, item) and (worded.answer or headline) == answer


def quotable_statements(said: Sequence[Said], claim: Claim) -> tuple[Said, ...]:
    """Those statements of the report that are about exactly the group, or every group, and the claim's
    item; one a quotation."""
    item = claim.subject[1]
    fitting = [
        s for s in said if s.closeness == "same" and (not s.statement.items or item in s.statement.items)
    ]
    return tuple({s.statement.quote: s for s in reversed(fitting)}.values())[::-1]


def left_out_text(left: LeftOut, words: Words) -> str:
    """What is told of a part of a claim's address that was not known (plain text, to be escaped)."""
    found = left.found if len(left.found) <= LONGEST_FOUND else left.found[: LONGEST_FOUND - 1] + "…"
    if left.part == "question":
        return words("claim.left_question", found=found) if found else words("claim.no_question")
    if left.part == "rest":
        return words("claim.left_rest", found=found)
    return words("claim.left_out", found=found, part=words(f"claim.part.{left.part}"))
