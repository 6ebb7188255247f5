"""Whether a claim may be written: decided from figures, their intervals and tests alone. No text.

A form that gives a threshold («more than half») needs the whole interval beyond it. A simulated figure
decides nothing. The thresholds and their reasons are in docs/method.md.
"""

from __future__ import annotations

from dataclasses import replace

from ens_dash.estimate.figures import Figure
from ens_dash.estimate.rank import first, two
from ens_dash.estimate.verdict import (
    EXACT,
    HALF,
    LEVEL,
    NEAR,
    ROUNDING,
    SAME,
    Condition,
    Evidence,
    Nearness,
    Verdict,
    asked_everybody,
    quotable,
)
from ens_dash.survey.claim import FRACTIONS, GROUP, NUMBERS, TWO, Claim, Form, Key
from ens_dash.survey.model import Survey


def decide(claim: Claim, survey: Survey, evidence: Evidence) -> Verdict:
    """The verdict on a claim. A yes that holds only under a condition becomes «yes, with these words».

    Raises KeyError for a question that the survey does not have.
    """
    question = survey.by_id[claim.subject[0]]
    figure = evidence.figures.get(claim.subject)
    if evidence.simulated:
        return Verdict(claim, "no", "simulated", quotable(figure))
    if claim.form == "risen":
        found = Verdict(claim, "no", "one_survey", quotable(figure))
    elif claim.form in GROUP and not evidence.grouped:
        found = Verdict(claim, "no", "no_group", quotable(figure))
    elif figure is None:
        found = Verdict(claim, "no", "no_figure")
    elif not figure.quotable:
        return Verdict(claim, "no", "hidden")
    elif claim.form in TWO:
        found = two(claim, survey, figure, evidence)
    elif claim.form in GROUP:
        found = _against_rest(claim, figure, evidence)
    elif figure.unit == "mean":
        found = Verdict(claim, "no", "mean", figure)
    elif claim.form == "first":
        found = first(claim, question, figure, evidence.figures)
    else:
        found = _share(claim, figure)
    conditions = _conditions(found, survey, evidence)
    answer = "words" if found.answer == "yes" and set(conditions) - {"layout"} else found.answer
    return replace(found, answer=answer, conditions=conditions)


def writable(claim: Claim, survey: Survey, evidence: Evidence) -> tuple[Verdict, ...]:
    """The forms of a share that may be written of the claim's figure: the percentage, then the fractions
    that come near, the nearest first, then the majority.

    A percentage is clearer than N in 10, or than a fraction that it is merely under or over: those are for a
    claim that asks for them.
    """
    figure = evidence.figures.get(claim.subject)
    if evidence.simulated or figure is None or not figure.quotable or figure.est is None:
        return ()
    if figure.unit == "mean":
        return ()
    forms: tuple[Form, ...] = ("tenths", "fraction") if claim.form == "tenths" else ("fraction",)
    near_to = [Claim(form, claim.subject, number) for form in forms for number in NUMBERS[form]]
    near_to.sort(key=lambda c: abs(c.threshold - (figure.est or 0)))
    percent = Claim("percent", claim.subject, str(round(figure.est * 100)))
    tried = [percent, *near_to, Claim("majority", claim.subject)]
    found = [v for c in tried if (v := decide(c, survey, evidence)).answer != "no"]
    # «more than three quarters (80 %)» tells less than «80 %»
    return tuple(v for v in found if v.nearness not in ("nearly", "over") or v.claim.form == claim.form)


def nearest_number(form: Form, est: float | None) -> str:
    """The number of a form that comes nearest to a proportion; empty for a form without one."""
    known = NUMBERS.get(form, ())
    if not known:
        return ""
    at = HALF if est is None else est
    if form in ("more_than", "less_than"):
        step = int(at * 20 + SAME) * 5 if form == "more_than" else -int(-at * 20 - SAME - 1) * 5
        return str(min(max(step, 5), 95))
    key: Key = ("", None, "")
    return min(known, key=lambda number: abs(Claim(form, key, number).threshold - at))


def _conditions(found: Verdict, survey: Survey, evidence: Evidence) -> tuple[Condition, ...]:
    """What must be said with the claim's own figure."""
    figure = found.figure
    if figure is None:
        return ()
    question = survey.by_id[figure.question]
    conditions: list[Condition] = []
    if question.stimulus:
        conditions.append("stimulus")
    whole = evidence.whole.get(figure.key)
    if not asked_everybody(question, whole.n if whole else None, survey):
        conditions.append("some_people")
    if figure.reliability == "caution":
        conditions.append("small_base")
    printed = survey.published_by_key.get(figure.key)
    if figure.origin == "published" and printed is not None and printed.reading == "layout":
        conditions.append("layout")
    return tuple(conditions)


def _share(claim: Claim, figure: Figure) -> Verdict:
    est, low, high = figure.est, figure.low, figure.high
    assert est is not None  # a quotable figure has an estimate
    if claim.form == "percent":
        if round(est * 100) != int(claim.number):
            return Verdict(claim, "no", "differs", figure)
        if figure.origin == "published":
            return Verdict(claim, "yes", "printed" if low is not None else "printed_no_base", figure)
        return Verdict(claim, "yes", "estimated", figure)
    if low is None or high is None:
        return Verdict(claim, "no", "no_interval", figure)
    if claim.form == "less_than":
        if high < claim.threshold - SAME:
            return Verdict(claim, "yes", "beyond", figure)
        return Verdict(claim, "no", "reaches_above" if est < claim.threshold - SAME else "not_less", figure)
    if claim.form in ("majority", "more_than"):
        threshold = HALF if claim.form == "majority" else claim.threshold
        if low > threshold + SAME:
            return Verdict(claim, "yes", "beyond", figure)
        return Verdict(claim, "no", "reaches_below" if est > threshold + SAME else "not_more", figure)
    nearness = near(claim, est, low, high)
    if nearness is None:
        return Verdict(claim, "no", "far", figure)
    return Verdict(claim, "yes" if nearness == "exact" else "words", "near", figure, nearness=nearness)


def near(claim: Claim, est: float, low: float, high: float) -> Nearness | None:
    """How the fraction of a claim comes near to a proportion with its interval, or None where it does not.

    It must be the nearest of its kind (of tenths, or of the FRACTIONS). `exact`: within half a percent, and
    the interval reaches no further than `about` does.
    `about`: the interval holds it. `nearly` and `over`: the interval lies wholly below it, above it.
    """
    threshold = claim.threshold
    others = FRACTIONS.values() if claim.form == "fraction" else (n / 10 for n in range(1, 10))
    gap = est - threshold
    if abs(gap) > min(abs(est - other) for other in others) + SAME:
        return None
    if abs(gap) < EXACT - SAME:
        return "exact" if high - low <= 2 * NEAR + SAME else "about"
    if low <= threshold <= high:
        return "about" if abs(gap) <= NEAR + SAME else None
    if gap < 0:
        return "nearly" if -gap <= NEAR + SAME else None
    return "over" if gap <= ROUNDING + SAME else None


def _against_rest(claim: Claim, figure: Figure, evidence: Evidence) -> Verdict:
    test, rest = evidence.tests.get(claim.subject), evidence.rest.get(claim.subject)
    if test is None or rest is None or not rest.quotable or not test.reliable:
        return Verdict(claim, "no", "rest_hidden", figure)
    gap, p = test.result.difference, test.p_adjusted
    shown = Verdict(claim, "no", "untested", figure, rest=rest, test=test)
    if gap is None or p is None:
        return shown
    if p >= LEVEL:
        return replace(shown, reason="chance")
    if (gap > 0) != (claim.form == "more_than_rest"):
        return replace(shown, reason="opposite")
    return replace(shown, answer="yes", reason="differs_from_rest")
