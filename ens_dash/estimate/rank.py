"""Claims about two figures or a rank: the first of several, one preferred to another, twice another.

Two figures of the same people are ranked where their intervals do not overlap: se(a - b) ≤ se(a) + se(b)
whatever their correlation, which a report does not print, so this is never too kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ens_dash.estimate.figures import Figure
from ens_dash.estimate.verdict import HALF, MEAN_ROUNDING, TWICE, Evidence, Reason, Verdict, apart, quotable
from ens_dash.survey.claim import Claim, Key
from ens_dash.survey.model import Question, Survey


def first(claim: Claim, question: Question, figure: Figure, figures: Mapping[Key, Figure]) -> Verdict:
    """Whether a figure is the highest of those it can be ranked among.

    Items that were rated one by one are ranked by the headline answer only, and «the first answer» is never
    said of them: nobody was asked which comes first. A sum of answers is not an answer that anybody gave.
    """
    keys, exclusive = _rivals(question, claim.subject)
    known = [f for key in keys if (f := quotable(figures.get(key))) is not None]
    missing = [key for key in keys if quotable(figures.get(key)) is None]
    if not keys or (question.items and not known):
        return Verdict(claim, "no", "alone", figure)
    if figure.low is None:
        return Verdict(claim, "no", "no_interval", figure)
    known.sort(key=lambda f: -(f.est or 0))
    ahead = [f for f in known if (f.est or 0) > (figure.est or 0) and apart(f, figure)]
    if ahead:
        return Verdict(claim, "no", "not_first", figure, ahead[0])
    level = tuple(f for f in known if f.low is not None and not apart(f, figure))
    if level:
        return Verdict(claim, "no", "tie", figure, level[0], level=level)
    bare = [f for f in known if f.low is None]
    if bare:
        return Verdict(claim, "no", "other_no_interval", figure, bare[0])
    ranked = Verdict(
        claim, "yes", "ranked", figure, known[0] if known else None, among=(len(known) + 1, len(keys) + 1)
    )
    # of answers that exclude each other, one given by more than half cannot be overtaken
    if missing and not (exclusive and figure.low > HALF):
        return replace(ranked, answer="no", reason="incomplete")
    if rated(question):
        if figure.answer != question.headline:
            return replace(ranked, answer="no", reason="not_headline")
        return replace(ranked, answer="words", reason="ranked_items")
    return replace(ranked, answer="words") if len(question.nets_by_code[figure.answer]) > 1 else ranked


def rated(question: Question) -> bool:
    """Whether each item had an answer of its own, as against items chosen from a list."""
    return bool(question.items) and question.kind != "multiple"


def _rivals(question: Question, subject: Key) -> tuple[list[Key], bool]:
    """The figures that a figure is ranked among, and whether they exclude each other."""
    _, item, answer = subject
    if question.items:
        return [(question.id, i, answer) for i in question.item_ids if i != item], False
    mine = set(question.nets_by_code[answer])
    # a sum of answers is ranked among sums and answers, a single answer among single answers
    rivals = [
        code
        for code, parts in question.nets_by_code.items()
        if not mine & set(parts) and (len(mine) > 1 or len(parts) == 1)
    ]
    return [(question.id, item, code) for code in rivals], True


def two(claim: Claim, survey: Survey, figure: Figure, evidence: Evidence) -> Verdict:
    assert claim.other is not None  # a form of two figures has both
    found = evidence.figures.get(claim.other)
    if claim.other == claim.subject:
        return Verdict(claim, "no", "same", figure)
    if found is None or not found.quotable:
        reason: Reason = "no_figure" if found is None else "hidden"
        return Verdict(claim, "no", reason, figure)
    if claim.form == "doubled":
        return _doubled(claim, figure, found)
    return _prefers(claim, survey, figure, found, evidence.figures)


def _prefers(claim: Claim, survey: Survey, a: Figure, b: Figure, figures: Mapping[Key, Figure]) -> Verdict:
    """A preference is a choice between the two: answers to one question that exclude each other.

    Where nobody chose it is no, whatever the figures; they may show that one was given more often.
    """
    question = survey.by_id[a.question]
    if a.question != b.question:
        offered = _choice(survey, a, b, figures)
        return Verdict(claim, "no", "two_questions", a, b, offered=offered)
    if a.unit == "mean":
        return Verdict(claim, "no", "mean", a, b)
    if a.item != b.item and a.answer != b.answer:
        return Verdict(claim, "no", "not_comparable", a, b)
    if a.item == b.item:
        if set(question.nets_by_code[a.answer]) & set(question.nets_by_code[b.answer]):
            return Verdict(claim, "no", "part", a, b)
        if question.kind != "single":
            return Verdict(claim, "no", "degrees", a, b)
    if not apart(a, b):
        if a.low is None:
            return Verdict(claim, "no", "no_interval", a, b)
        if b.low is None:
            return Verdict(claim, "no", "other_no_interval", a, b)
        return Verdict(claim, "no", "tie", a, b, level=(b,))
    less = (a.est or 0) < (b.est or 0)
    if a.item != b.item:
        return Verdict(claim, "no", "named_less" if less else "named_more", a, b)
    if less:
        return Verdict(claim, "no", "reversed", a, b)
    # nothing here knows whether a choice of answer is a preference: the two figures are given instead
    return Verdict(claim, "words", "chosen", a, b)


def _choice(survey: Survey, a: Figure, b: Figure, figures: Mapping[Key, Figure]) -> Figure | None:
    """What people said where they had to choose, for two questions that the survey warns not to confuse.

    That is: a contradiction is noted of both, and in one of them people chose one of several answers; its
    headline, unless the claim names it already.
    """
    both = {a.question, b.question}
    if not any(n.kind == "contradiction" and both <= set(n.questions) for n in survey.notes):
        return None
    for question in (survey.by_id[a.question], survey.by_id[b.question]):
        if question.kind == "single" and question.item_ids == (None,) and len(question.answers) > 2:
            found = quotable(figures.get((question.id, None, question.headline)))
            if found is not None and found.key not in (a.key, b.key):
                return found
    return None


def _doubled(claim: Claim, a: Figure, b: Figure) -> Verdict:
    """Two means that the same people gave at once can be divided; no change in time was measured.

    So «has doubled» is never written; where the ratio is about two, that is what can be written instead.
    """
    if a.question != b.question or a.unit != "mean" or b.unit != "mean":
        return Verdict(claim, "no", "one_survey", a, b)
    (low_a, high_a), (low_b, high_b) = _range(a), _range(b)
    if not a.est or not b.est or low_b <= 0:
        return Verdict(claim, "no", "not_comparable", a, b)
    ratio = a.est / b.est, low_a / high_b, high_a / low_b
    # a range that holds 1 as well as 2 tells nothing
    if ratio[1] <= 1 or not ratio[1] <= TWICE <= ratio[2]:
        return Verdict(claim, "no", "ratio", a, b, ratio=ratio)
    return Verdict(claim, "no", "hindsight", a, b, ratio=ratio)


def _range(figure: Figure) -> tuple[float, float]:
    """The mean's interval, or for want of one what its rounding leaves."""
    est = figure.est or 0.0
    if figure.low is None or figure.high is None:
        return est - MEAN_ROUNDING, est + MEAN_ROUNDING
    return figure.low, figure.high
