"""What a claim is decided from, and what comes of it: values and the rule of ranking. No text.

The claim itself is `ens_dash.survey.claim`; `ens_dash.estimate.claim` decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ens_dash.estimate.comparisons import Comparison
from ens_dash.estimate.figures import Figure
from ens_dash.survey.claim import Claim, Key
from ens_dash.survey.model import Question, Survey

Answer = Literal["yes", "words", "no"]
Nearness = Literal["exact", "about", "nearly", "over"]
Condition = Literal["stimulus", "some_people", "small_base", "layout"]
Reason = Literal[
    # no
    "simulated", "no_figure", "hidden", "mean", "no_interval", "other_no_interval", "reaches_above",
    "reaches_below", "not_more", "not_less", "differs", "far", "tie", "not_first", "incomplete", "alone",
    "not_headline", "two_questions", "degrees", "not_comparable", "part", "same", "reversed", "named_more",
    "named_less", "one_survey", "ratio", "hindsight", "no_group", "chance", "opposite", "rest_hidden",
    "untested",
    # yes, or yes with these words
    "printed", "printed_no_base", "estimated", "beyond", "near", "ranked", "ranked_items", "chosen",
    "differs_from_rest",
]  # fmt: skip

HALF = 0.5
# a corrected p under this is more than chance
LEVEL = 0.05
# «about» and «nearly» go no further than this from the figure
NEAR = 0.03
# «just over» goes as far as rounding to a tenth does
ROUNDING = 0.05
# half a printed percent: within it the figure is the fraction, as far as can be seen
EXACT = 0.005
# half a printed tenth of a mean
MEAN_ROUNDING = 0.05
TWICE = 2.0
# sums of binary fractions miss a decimal by less than this
SAME = 1e-9


@dataclass(frozen=True)
class Evidence:
    """What a claim is decided from, all in the claim's group (or everybody's).

    `simulated`: the group has no real figures; `figures` are then everybody's, and only for words.
    `whole`: everybody's figures, also where there is a group.
    `rest`, `tests`: the figures of those not in the group, and the Holm-corrected tests against them.
    """

    figures: Mapping[Key, Figure]
    whole: Mapping[Key, Figure]
    grouped: bool = False
    simulated: bool = False
    rest: Mapping[Key, Figure] = field(default_factory=dict)
    tests: Mapping[Key, Comparison] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """The answer to a claim, and the figures that it stands on. A hidden figure is never among them.

    `figure`, `other`: those of the claim; on a rank, `other` is the next or the one above. `level`: those
    tied with it. `offered`: the figure that answers what the claim was after. `ratio`: first to second
    figure, with the range that rounding or the intervals leave. `rest`: the others' figure. `among`: on a
    rank, how many have a figure, and of how many.
    """

    claim: Claim
    answer: Answer
    reason: Reason
    figure: Figure | None = None
    other: Figure | None = None
    nearness: Nearness | None = None
    level: tuple[Figure, ...] = ()
    offered: Figure | None = None
    rest: Figure | None = None
    test: Comparison | None = None
    ratio: tuple[float, float, float] | None = None
    among: tuple[int, int] | None = None
    conditions: tuple[Condition, ...] = ()


def quotable(figure: Figure | None) -> Figure | None:
    return figure if figure is not None and figure.quotable else None


def apart(a: Figure, b: Figure) -> bool:
    """Whether two figures can be ranked: both have an interval, and these do not overlap."""
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return False
    return a.low > b.high or b.low > a.high


def asked_everybody(question: Question, n: int | None, survey: Survey) -> bool:
    """Whether all respondents were asked, as far as the survey's entries tell. `n`: everybody's base.

    A question with a condition was not; one without was where its base, or for want of one `n`, is the size
    of the sample. False where nothing tells, e.g. a base without a number and some without an answer.
    """
    if question.base.asked is not None:
        return False
    return (question.base.n or n) == survey.study.n
