"""`verify`: every figure and every statement, and that it would see those that do not hold."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from folders import copy_of_shipped

from ens_dash.store import build, open_store
from ens_dash.survey.base import Text
from ens_dash.survey.model import Answer, Base, Net, Question
from ens_dash.survey.report import PublishedFigure
from ens_dash.verify import CutCheck, FigureCheck, StatementCheck, Verification, side_of, verify


@pytest.fixture(scope="module")
def found(store) -> Verification:
    return verify(store)


@pytest.fixture
def spoilt(tmp_path) -> Callable[..., Verification]:
    """What `verify` finds after a change of the respondents."""

    def of(change: Callable[[pd.DataFrame], object]) -> Verification:
        folder = copy_of_shipped(tmp_path)
        path: Path = folder / "respondents.parquet"
        respondents = pd.read_parquet(path)
        change(respondents)
        respondents.to_parquet(path, index=False)
        build(folder, tmp_path / "releases")
        store = open_store(tmp_path / "releases", "ens-2020")
        try:
            return verify(store)
        finally:
            store.close()

    return of


def test_the_shipped_respondents_give_back_the_whole_report(found, survey):
    assert found.holds
    assert found.origin == "simulated"
    assert [c.figure for c in found.figures] == list(survey.published)
    tested = [s.id for s in survey.statements if s.question]
    assert [c.statement.id for c in found.statements] == tested
    assert [s.id for s in found.untested] == [s.id for s in survey.statements if s.question is None]
    assert found.counts() == {
        "figures": 123,
        "figures_right": 123,
        "statements": 45,
        "statements_holding": 45,
        "untested": 20,
    }


def test_it_takes_seconds(store):
    start = time.perf_counter()
    verify(store)
    assert time.perf_counter() - start < 5


def test_every_figure_is_on_the_base_that_the_report_prints(found):
    bases = {(c.figure.question, c.figure.item): c.n for c in found.figures}
    assert bases["crisis_satisfaction", None] == 1020
    assert bases["teleconsultation_count", "before_crisis"] == 563
    assert all(c.figure.base_n in (None, c.n) for c in found.figures)


def test_a_statement_is_tested_on_every_published_cut_of_its_items(found, survey):
    by_id = {c.statement.id: c for c in found.statements}
    tools = {(c.item, c.answer) for c in by_id["S06"].cuts}
    assert tools == {(item, "yes") for item in survey.by_id["tools_used"].item_ids}
    oldest = {(c.item, c.answer) for c in by_id["S42"].cuts}
    assert oldest == {
        (item, answer)
        for item in ("excludes_patients", "widens_inequalities")
        for answer in ("agree", "strongly_agree")
    }
    assert all(c.cuts for c in found.statements if c.statement.direction != "no difference")


def test_a_statement_that_names_its_answer_is_tested_on_that_one_only(found):
    for check in found.statements:
        if check.statement.answer:
            assert {c.answer for c in check.cuts} == {check.statement.answer}
            assert {c.expected for c in check.cuts} == {check.statement.direction}


def test_more_in_favour_means_fewer_against(found):
    by_id = {c.statement.id: c for c in found.statements}
    expected = {c.answer: c.expected for c in by_id["S54"].cuts}
    assert expected == {
        "very_favourable": "lower",
        "favourable": "lower",
        "unfavourable": "higher",
        "very_unfavourable": "higher",
    }


def test_no_difference_is_tested_over_all_items_and_segments(found, survey):
    segments = sum(len(v.segments) for v in survey.variables)
    for name in ("S40", "S41"):
        check = next(c for c in found.statements if c.statement.id == name)
        assert check.tests == 4 * (segments - 1)  # fewer than 30 live in Corsica
        assert check.smallest_p >= 0.05
        assert not check.cuts


# --- what does not hold is seen ---


def test_a_figure_off_by_more_than_the_rounding_is_seen(spoilt):
    def change(r: pd.DataFrame) -> None:
        r.loc[r.index[r["outlook"] == "neutral"][:15], "outlook"] = "positive"

    found = spoilt(change)
    missed = {(c.figure.question, c.figure.answer) for c in found.figures if not c.holds}
    assert missed == {("outlook", "positive"), ("outlook", "neutral")}
    assert not found.holds
    assert found.counts()["figures_right"] == 121


def test_a_statement_in_the_wrong_direction_is_seen(spoilt):
    def change(r: pd.DataFrame) -> None:
        r["outlook"] = r["outlook"].sample(frac=1, random_state=1).to_numpy()

    found = spoilt(change)
    assert all(c.holds for c in found.figures)
    failed = {c.statement.id for c in found.statements if not c.holds}
    assert failed == {"S12", "S13", "S39"}


def test_a_difference_where_the_report_says_none_is_seen(spoilt):
    def change(r: pd.DataFrame) -> None:
        women, men = r["sex"] == "female", r["sex"] == "male"
        yes, no = r["advantages__time_saving"] == "yes", r["advantages__time_saving"] == "no"
        r.loc[r.index[women & no][:100], "advantages__time_saving"] = "yes"
        r.loc[r.index[men & yes][:100], "advantages__time_saving"] = "no"

    found = spoilt(change)
    assert all(c.holds for c in found.figures)
    failed = {c.statement.id: c.smallest_p for c in found.statements if not c.holds}
    assert set(failed) == {"S40", "S41"}
    assert max(failed.values()) < 1e-6


def test_a_question_that_nobody_answered_is_a_figure_missed_and_no_error(spoilt):
    def change(r: pd.DataFrame) -> None:
        r["outlook"] = pd.Series(pd.NA, index=r.index, dtype="string")

    found = spoilt(change)
    missed = [c for c in found.figures if not c.holds]
    assert {c.figure.question for c in missed} == {"outlook"}
    assert {(c.recomputed, c.n, c.difference) for c in missed} == {(None, 0, None)}
    assert {c.statement.id for c in found.statements if not c.holds} == {"S12", "S13", "S39"}


# --- the rules ---


def printed(value: float, unit: str, base: int | None = None) -> PublishedFigure:
    return PublishedFigure(
        question="q", answer="a", value=value, unit=unit, base_n=base, part="1", heading="h", words="w"
    )


@pytest.mark.parametrize(
    ("value", "unit", "recomputed", "holds"),
    [
        (49, "percent", 0.485, True),
        (49, "percent", 0.495, True),
        (49, "percent", 0.4849, False),
        (49, "percent", 0.4951, False),
        (0.8, "mean", 0.75, True),
        (0.8, "mean", 0.851, False),
        (49, "percent", None, False),
    ],
)
def test_rounding_is_half_a_point_and_half_a_tenth(value, unit, recomputed, holds):
    assert FigureCheck(printed(value, unit), recomputed, 100).holds is holds


def test_another_base_than_the_printed_one_does_not_hold():
    assert FigureCheck(printed(50, "percent", 100), 0.5, 100).holds
    assert not FigureCheck(printed(50, "percent", 100), 0.5, 99).holds


@pytest.mark.parametrize(
    ("expected", "unit", "difference", "holds"),
    [
        ("higher", "proportion", 0.01, True),
        ("higher", "proportion", 0.0099, False),
        ("higher", "proportion", -0.2, False),
        ("lower", "proportion", -0.01, True),
        ("lower", "proportion", 0.2, False),
        ("higher", "mean", 0.001, True),
        ("higher", "mean", 0.0, False),
        ("higher", "proportion", None, False),
    ],
)
def test_a_direction_is_shown_by_a_point_or_by_any_difference_of_means(expected, unit, difference, holds):
    assert CutCheck(None, "a", expected, unit, difference, 100, 100).holds is holds


def test_a_statement_on_which_nothing_was_tested_does_not_hold(survey):
    different = next(s for s in survey.statements if s.id == "S06")
    none = next(s for s in survey.statements if s.id == "S40")
    assert not StatementCheck(different).holds
    assert not StatementCheck(none).holds
    assert not StatementCheck(none, tests=3, smallest_p=0.049).holds
    assert StatementCheck(none, tests=3, smallest_p=0.05).holds


def ordered(headline: str) -> Question:
    def text(t: str) -> Text:
        return Text(fr=t, en=t)

    answers = ("very_good", "good", "bad", "very_bad")
    nets = {"positive": answers[:2], "negative": answers[2:]}
    return Question(
        id="q",
        theme="t",
        kind="scale",
        title=text("t"),
        wording=text("w"),
        reading=text("r"),
        answers=tuple(Answer(code=a, label=text(a)) for a in answers),
        nets=tuple(Net(code=c, label=text(c), of=of) for c, of in nets.items()),
        headline=headline,
        base=Base(text=text("b")),
    )


@pytest.mark.parametrize(
    ("headline", "sides"),
    [
        ("positive", {"very_good": True, "positive": True, "negative": False, "very_bad": False}),
        ("negative", {"very_good": False, "positive": False, "negative": True, "very_bad": True}),
        ("good", {"good": True}),
    ],
)
def test_answers_in_the_middle_are_no_cut(headline, sides):
    question = ordered(headline)
    found = {a: side_of(question, a) for a in question.nets_by_code}
    assert {a: s for a, s in found.items() if s is not None} == sides
