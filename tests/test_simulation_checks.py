"""What the simulated respondents must show: figures, statements, and none of the signs of a bad sample."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sample_checks import (
    gap_checks,
    item_correlations,
    picks_nothing,
    rank_correlation,
    recomputed,
    same_answer_throughout,
    silent_columns,
    silent_p_values,
)
from scipy import stats

from ens_dash.survey.simulation import SimulationSettings, calibrate, groups, simulate
from ens_dash.survey.simulation.answers import columns_of
from ens_dash.survey.simulation.checks import holm, no_difference_checks, statement_checks

pytest_plugins = ["sample_fixtures"]

OTHER_SEEDS = (1, 7, 14)
# One seed in about twenty shows a difference on the advantages by chance; this is one.
SPOILT_SEED = 11


@pytest.fixture(scope="module", params=OTHER_SEEDS)
def another(request, survey, settings) -> tuple[SimulationSettings, pd.DataFrame]:
    tried = calibrate(survey, settings.model_copy(update={"seed": request.param, "coefficients": {}}))
    return tried, simulate(survey, tried)


def test_every_published_figure_is_met_within_its_rounding_on_its_base(survey, respondents):
    checks = recomputed(survey, respondents)
    assert len(checks) == len(survey.published)
    assert not [c for c in checks if not c.within_rounding]
    assert all(c.n == c.figure.base_n for c in checks if c.figure.base_n is not None)


def test_a_figure_off_by_a_point_is_seen(survey, respondents):
    moved = respondents.copy()
    moved.loc[moved.index[moved["outlook"] == "neutral"][:15], "outlook"] = "positive"
    missed = {c.figure for c in recomputed(survey, moved) if not c.within_rounding}
    assert {(f.question, f.answer) for f in missed} == {("outlook", "positive"), ("outlook", "neutral")}


def test_every_testable_statement_holds_on_each_cut(survey, settings, respondents):
    checks = statement_checks(survey, settings, respondents)
    assert {c.statement for c in checks} == {s.id for s in groups.testable_statements(survey)}
    assert not [c for c in checks if not c.holds]


def test_a_statement_that_does_not_hold_is_seen(survey, settings, respondents):
    shuffled = respondents.copy()
    shuffled["outlook"] = respondents["outlook"].sample(frac=1, random_state=1).to_numpy()
    failed = {c.statement for c in statement_checks(survey, settings, shuffled) if not c.holds}
    assert failed == {s.id for s in survey.statements if s.question == "outlook"}


def test_every_gap_is_d_within_the_tolerance(survey, settings, respondents):
    gaps = gap_checks(survey, settings, respondents)
    assert len(gaps) > 40
    assert max(abs(g.mean - settings.d) for g in gaps) <= settings.tolerance
    # One cut alone strays by chance; none strays out of the statement's direction.
    assert min(min(g.by_cut) for g in gaps) > 0.15


def test_no_difference_shows_none_after_holm(survey, settings, respondents):
    checks = no_difference_checks(survey, settings, respondents)
    assert [c.statement for c in checks] == ["S40", "S41"]
    assert min(c.smallest_p for c in checks) > 0.05
    assert min(c.tests for c in checks) > 4 * 40


def test_a_difference_where_there_shall_be_none_is_seen(survey, settings, respondents):
    spoilt = respondents.copy()
    spoilt.loc[spoilt["sex"] == "female", "advantages__time_saving"] = "yes"
    found = no_difference_checks(survey, settings, spoilt)
    assert max(c.smallest_p for c in found) < 1e-6
    assert {(c.column, c.segment.split("=")[0]) for c in found} == {("advantages__time_saving", "sex")}


def test_nothing_is_built_in_where_the_report_is_silent(survey, settings, respondents):
    p = silent_p_values(survey, settings, respondents)["p"]
    assert len(p) > 600
    assert 0.02 <= (p < 0.05).mean() <= 0.09
    # Tests of one battery are not independent, so wider than Kolmogorov's own bound.
    assert stats.kstest(p, "uniform").statistic < 0.08
    assert 0.45 < p.mean() < 0.55


def test_silent_columns_are_those_without_a_statement(survey, settings):
    silent = {p.name for p in silent_columns(survey, settings)}
    assert "ens_risks__exclusion_unfamiliar" in silent
    assert "system_risks__data_appropriation" in silent
    assert not {"system_risks__excludes_patients", "outlook", "digital_literacy"} & silent
    assert not {name for name in silent if name.startswith(("tools_", "advantages", "crisis", "new_tool"))}


def test_items_of_a_scale_correlate_as_in_surveys(survey, settings, respondents):
    rho = item_correlations(survey, settings, respondents).query("kind == 'scale'")["rho"]
    assert len(rho) > 20
    assert rho.min() >= 0.25
    assert rho.max() <= 0.42


def test_choices_of_a_list_hardly_correlate(survey, settings, respondents):
    found = item_correlations(survey, settings, respondents).query("kind == 'multiple'")
    by_question = found.groupby("question")["rho"].mean()
    assert len(by_question) == 7
    assert by_question.min() >= 0.09
    assert by_question.max() <= 0.13


def test_reaction_and_intention_go_together(survey, settings, respondents):
    plans = {p.name: p for p in columns_of(survey, settings)}
    rho = rank_correlation(respondents, plans["ens_reaction"], plans["ens_intention"])
    assert rho == pytest.approx(0.6, abs=0.05)


def test_some_give_the_same_answer_throughout_a_scale(survey, settings, respondents):
    found = same_answer_throughout(survey, settings, respondents)
    assert set(found) == {"opportunities", "system_risks", "governance"}
    assert all(0.15 <= share <= 0.21 for share in found.values()), found


def test_about_one_in_twenty_sees_none_of_the_risks(survey, settings, respondents):
    assert picks_nothing(survey, settings, respondents)["ens_risks"] == pytest.approx(0.05, abs=0.015)


def test_digital_literacy_carries_into_no_answer_but_through_statements(survey, settings, respondents):
    p = silent_p_values(survey, settings, respondents).query("variable == 'digital_literacy'")["p"]
    assert (p < 0.05).mean() < 0.15
    assert p.min() > 0.05 / len(p) / 10


def test_a_seed_that_chance_spoils_is_left_and_recorded(survey, settings):
    seen = []
    found = calibrate(
        survey, settings.model_copy(update={"seed": SPOILT_SEED}), report=lambda *pair: seen.append(pair)
    )
    assert found.seed == SPOILT_SEED + 1
    assert [r.seed for r in found.rejected_seeds] == [SPOILT_SEED]
    assert found.rejected_seeds[0].reason.startswith("S40: p = 0.0")
    assert [seed for seed, reason in seen if reason is None] == [SPOILT_SEED + 1]


def test_holm_is_r_s_p_adjust():
    # p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_the_core_holds_for_other_seeds(survey, another):
    tried, frame = another
    assert not [c for c in recomputed(survey, frame) if not c.within_rounding]
    assert not [c for c in statement_checks(survey, tried, frame) if not c.holds]
    gaps = gap_checks(survey, tried, frame)
    assert max(abs(g.mean - tried.d) for g in gaps) <= tried.tolerance
    p = silent_p_values(survey, tried, frame)["p"]
    assert 0.02 <= (p < 0.05).mean() <= 0.09
    multiple = item_correlations(survey, tried, frame).query("kind == 'multiple'")["rho"]
    assert np.mean(multiple) == pytest.approx(0.105, abs=0.02)
