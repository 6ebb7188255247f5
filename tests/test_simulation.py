"""The simulated respondents: tables, figures, effects, and the committed file made again."""

from __future__ import annotations

import re
import shutil

import numpy as np
import pandas as pd
import pytest
from folders import SHIPPED
from pydantic import ValidationError
from sample_checks import gap_checks

from ens_dash.survey.simulation import (
    SimulationSettings,
    calibrate,
    read_settings,
    simulate,
    write_calibration,
    write_respondents,
)
from ens_dash.survey.simulation.answers import columns_of
from ens_dash.survey.simulation.checks import statement_checks
from ens_dash.survey.simulation.effects import latent_answer, probit_gap, solve
from ens_dash.survey.simulation.groups import Effect, effects_of, members, stated
from ens_dash.survey.simulation.noise import Streams, noise, normal_scores
from ens_dash.survey.simulation.population import shares_by_table
from ens_dash.survey.simulation.settings import Battery
from ens_dash.survey.simulation.tables import largest_remainder, rake, round_to_margins

pytest_plugins = ["sample_fixtures"]


# --- the committed file ---


def test_the_committed_respondents_are_what_simulation_yaml_gives(survey, settings, respondents, tmp_path):
    made = simulate(survey, settings)
    pd.testing.assert_frame_equal(made, respondents)
    write_respondents(tmp_path / "again.parquet", made)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "again.parquet"), respondents)


def test_calibrating_again_finds_the_committed_coefficients(survey, settings):
    again = calibrate(survey, settings.model_copy(update={"coefficients": {}}))
    assert again == settings


def test_another_seed_gives_other_respondents(survey, settings, respondents):
    other = simulate(survey, settings.model_copy(update={"seed": settings.seed + 1}))
    assert not other.equals(respondents)
    assert (other["ens_reaction"] != respondents["ens_reaction"]).mean() > 0.2


def test_columns_are_the_segments_and_every_item_with_a_figure(survey, settings, respondents):
    items = {c.name for c in columns_of(survey, settings)}
    counts = {"teleconsultation_count__before_crisis", "teleconsultation_count__since_crisis"}
    segments = [v.id for v in survey.variables]
    assert list(respondents)[: 2 + len(segments)] == ["id", "weight", *segments]
    assert set(respondents) == {"id", "weight", *segments} | items | counts
    assert respondents["id"].tolist() == list(range(1, survey.study.n + 1))
    assert (respondents["weight"] == 1).all()


def test_every_column_holds_stored_codes_only(survey, settings, respondents):
    for variable in survey.variables:
        assert set(respondents[variable.id]) <= {s.code for s in variable.segments}, variable.id
    for plan in columns_of(survey, settings):
        assert set(respondents[plan.name].dropna()) <= set(plan.codes), plan.name


def test_an_answer_is_missing_only_where_the_question_was_not_asked(settings, respondents):
    asked = {
        "first_use_in_crisis__teleconsultation": respondents["tools_used__teleconsultation"] == "yes",
        "teleconsultation_count__before_crisis": respondents["tools_used__teleconsultation"] == "yes",
        "teleconsultation_count__since_crisis": respondents["tools_used__teleconsultation"] == "yes",
        "crisis_satisfaction": respondents["new_tool_in_crisis"] == "yes",
        "crisis_satisfaction_teleconsultation": respondents["teleconsultation_count__since_crisis"]
        .gt(0)
        .fillna(False),
    }
    for name in respondents:
        expected = asked.get(name, pd.Series(True, index=respondents.index))
        assert (respondents[name].notna() == expected).all(), name


# --- answers that fit together ---


def test_the_crisis_answers_fit_together_person_by_person(respondents):
    r = respondents
    users = r[r["tools_used__teleconsultation"] == "yes"]
    first = users["first_use_in_crisis__teleconsultation"] == "yes"
    before = users["teleconsultation_count__before_crisis"]
    since = users["teleconsultation_count__since_crisis"]
    assert (first == (before == 0)).all()
    assert (since[first] >= 1).all()
    assert (users.loc[since >= 1, "new_tool_in_crisis"] == "yes").all()
    assert (len(users), int(first.sum()), int((since >= 1).sum())) == (563, 298, 478)
    satisfied = r["crisis_satisfaction"].isin(["very_satisfied", "rather_satisfied"])
    of_users = r["crisis_satisfaction_teleconsultation"]
    assert (satisfied[of_users.notna()] == (of_users.dropna() == "satisfied")).all()
    assert (r["new_tool_in_crisis"] == "yes").sum() == 1020
    assert (int(satisfied.sum()), int((r["crisis_satisfaction"] == "very_satisfied").sum())) == (898, 265)
    assert int((of_users == "satisfied").sum()) == 435


def test_who_uses_a_tool_knows_it(survey, respondents):
    for item in survey.by_id["tools_used"].item_ids:
        used = respondents[f"tools_used__{item}"] == "yes"
        assert (respondents.loc[used, f"tools_known__{item}"] == "yes").all()


def test_the_modules_print_the_same_answers_on_the_ens(respondents):
    assert (respondents["module_reception__ens"] == respondents["ens_reaction"]).all()
    to = {"rather_unfavourable": "unfavourable", "very_unfavourable": "unfavourable"}
    assert (respondents["module_intention__ens"] == respondents["ens_intention"].replace(to)).all()


def test_an_answer_without_a_printed_figure_is_not_split_off(survey, respondents):
    printed = survey.published_by_key
    assert ("module_reception", "dmp", "very_positive") not in printed
    assert set(respondents["module_reception__dmp"]) == {"rather_positive", "negative"}
    assert set(respondents["module_reception__apps"]) == {"very_positive", "rather_positive", "negative"}


# --- population ---


def test_every_margin_is_met_to_the_person(survey, respondents):
    for (variable, given), table in shares_by_table(survey.population).items():
        if given is None:
            codes = [s.code for s in survey.variables_by_id[variable].segments]
            shares = [table[None].get(code, 1 - sum(table[None].values())) for code in codes]
            found = respondents[variable].value_counts().reindex(codes, fill_value=0)
            assert np.abs(found.to_numpy() - np.array(shares) * len(respondents)).max() < 1.01, variable


@pytest.mark.parametrize(
    ("variable", "given", "people"),
    [
        ("sex", "age", 1),
        ("age", "region", 1),
        ("urban_unit", "region", 1),
        ("chronic_illness", "age", 1),
        ("ald", "age", 1),
        ("disability", "age", 1),
        # Two sources whose totals differ a little: 5.7 % in deserts, 28 % with children, CSP by age.
        ("medical_desert", "region", 2),
        ("occupation", "age", 4),
        ("children", "age", 8),
    ],
)
def test_conditional_shares_are_met(survey, respondents, variable, given, people):
    misses = []
    for given_code, shares in shares_by_table(survey.population)[variable, given].items():
        inside = respondents[respondents[given] == given_code]
        misses += [
            abs((inside[variable] == code).sum() - share * len(inside)) for code, share in shares.items()
        ]
    assert max(misses) <= people


def test_cells_that_the_census_leaves_empty_stay_empty(respondents):
    r = respondents
    assert ((r["occupation"] == "retired") & (r["age"] == "18-24")).sum() == 0
    assert ((r["urban_unit"] == "paris") & (r["region"] != "11")).sum() == 0
    assert ((r["area"] == "paris_region") == (r["region"] == "11")).all()
    assert set(r.loc[r["health_worker"] == "yes", "occupation"]) == {"csp_plus", "csp_minus"}


def test_health_flags_go_together(respondents):
    r = respondents
    ald = r["ald"] == "yes"
    chronic = r["chronic_illness"] == "yes"
    assert 0.75 < chronic[ald].mean() < 0.85
    assert (r["disability"] == "yes")[chronic].mean() > 2 * (r["disability"] == "yes").mean()
    never = (r["doctor_visits"] == "never").groupby(r["age"]).mean()
    assert 0.03 < never["18-24"] < 0.09
    assert never["65-plus"] < 0.03
    assert (r["health_worker"] == "yes").sum() == 84


def test_half_of_the_medical_desert_is_in_ile_de_france(respondents):
    desert = respondents[respondents["medical_desert"] == "yes"]
    assert 0.4 < (desert["region"] == "11").mean() < 0.6


# --- tables ---


def test_raking_meets_margins_and_keeps_zeros_and_odds_ratios():
    seed = np.array([[4.0, 1.0, 0.0], [2.0, 3.0, 5.0]])
    raked = rake(seed, [((0,), np.array([30.0, 70.0])), ((1,), np.array([40.0, 25.0, 35.0]))])
    assert raked.sum(1) == pytest.approx([30, 70])
    assert raked.sum(0) == pytest.approx([40, 25, 35])
    assert raked[0, 2] == 0
    odds = raked[0, 0] * raked[1, 1] / (raked[0, 1] * raked[1, 0])
    assert odds == pytest.approx(4 * 3 / (1 * 2))


def test_raking_says_when_zeros_forbid_the_margins():
    with pytest.raises(ValueError, match="raking did not reach"):
        rake(np.array([[1.0, 0.0], [1.0, 0.0]]), [((0,), np.array([5.0, 5.0])), ((1,), np.array([4.0, 6.0]))])


def test_rounding_keeps_both_margins_and_moves_no_cell_by_a_whole_person():
    generator = np.random.default_rng(7)
    for _ in range(300):
        shape = generator.integers(2, 9, 2)
        seed = generator.random(shape) * (generator.random(shape) > 0.3) + 1e-3 * np.eye(*shape)
        whole = np.floor(generator.random(shape) * 6 * (seed > 0)).astype(int)
        rows, columns = whole.sum(1), whole.sum(0)
        exact = (whole + np.zeros(shape)).astype(float)
        # Move fractions around a cycle: margins stay whole, cells do not.
        for _ in range(6):
            (a, b), (c, d) = generator.integers(0, shape[0], 2), generator.integers(0, shape[1], 2)
            room = min(exact[a, d], exact[b, c], 1) * generator.random()
            if a != b and c != d:
                exact[a, c] += room
                exact[b, d] += room
                exact[a, d] -= room
                exact[b, c] -= room
        rounded = round_to_margins(exact, rows, columns)
        assert (rounded.sum(1) == rows).all()
        assert (rounded.sum(0) == columns).all()
        assert np.abs(rounded - exact).max() < 1
        assert (rounded[exact == 0] == 0).all()


def test_rounding_mends_what_the_largest_fractions_leave_over():
    # The three largest fractions go to rows 0 and 1 and leave row 2 nothing but a full column.
    exact = np.array([[0.6, 0.4, 0.0], [0.4, 0.0, 0.6], [0.0, 0.6, 0.4]])
    ones = np.ones(3, dtype=np.int64)
    for order in ([0, 1, 2], [2, 0, 1], [1, 2, 0]):
        rounded = round_to_margins(exact[order], ones, ones)
        assert (rounded.sum(0) == 1).all()
        assert (rounded.sum(1) == 1).all()


def test_rounding_refuses_a_table_without_these_margins():
    with pytest.raises(ValueError, match="does not have the margins"):
        round_to_margins(np.ones((2, 2)), np.array([2, 2]), np.array([3, 1]))


def test_the_largest_remainders_get_the_people_left_over():
    assert largest_remainder([47.67, 52.33], 2100).tolist() == [1001, 1099]
    assert largest_remainder([1, 1, 1], 10).tolist() == [4, 3, 3]


# --- noise and effects ---


def test_items_of_a_battery_correlate_by_attitude_and_battery():
    streams = Streams(1, 40_000)
    battery = Battery(questions=("q",), attitude=0.1, battery=0.3, item=0.2)
    a, b, again = (noise(streams, name, item, battery) for name, item in [("a", "x"), ("b", "y"), ("c", "x")])
    other = noise(streams, "d", "z", Battery(attitude=-0.1))
    assert a.var() == pytest.approx(1, abs=0.03)
    assert np.corrcoef(a, b)[0, 1] == pytest.approx(0.4, abs=0.02)
    assert np.corrcoef(a, again)[0, 1] == pytest.approx(0.6, abs=0.02)
    assert np.corrcoef(a, other)[0, 1] == pytest.approx(-0.1, abs=0.02)


def test_a_new_question_moves_no_other_question(survey, settings, respondents):
    fewer = survey.model_copy(update={"published": survey.published[:-2]})
    dropped = {f.question for f in survey.published[-2:]}
    made = simulate(fewer, settings)
    assert not dropped & set(made)
    pd.testing.assert_frame_equal(made, respondents.drop(columns=list(dropped)))


def test_normal_scores_keep_the_order():
    values = np.random.default_rng(3).normal(2, 5, 60)
    scores = normal_scores(values)
    assert (np.argsort(scores) == np.argsort(values)).all()
    assert scores.mean() == pytest.approx(0, abs=1e-12)
    assert scores.std() == pytest.approx(1, abs=0.03)


def test_small_stated_groups_lose_their_luck_and_large_ones_keep_their_noise():
    values = np.random.default_rng(9).normal(0, 1, 1000)
    small, large = np.arange(1000) < 80, np.arange(1000) >= 500
    values[small] += 0.4
    effects = (Effect("small", small, 1, (1,)), Effect("large", large, 1, (1,)))
    latent = latent_answer(values, effects, {"small": 0.3, "large": -0.2}, small_group=300)
    assert latent[small].mean() == pytest.approx(0.3, abs=1e-12)
    assert (np.argsort(latent[small]) == np.argsort(values[small])).all()
    assert latent[large] == pytest.approx(values[large] - 0.2)
    assert (latent[~small & ~large] == values[~small & ~large]).all()


def test_a_gap_is_the_difference_of_two_probits():
    group = np.repeat([True, False], 1000)
    chosen = np.concatenate([np.arange(1000) < 700, np.arange(1000) < 400])
    assert probit_gap(chosen, group) == pytest.approx(0.5244005 + 0.2533471, abs=1e-6)


def test_coefficients_give_overlapping_groups_the_same_gap():
    generator = np.random.default_rng(5)
    values = generator.normal(size=2000)
    young = generator.random(2000) < 0.5
    busy = generator.random(2000) < np.where(young, 0.7, 0.2)
    effects = (Effect("young", young, 1, (1,)), Effect("busy", busy, 1, (1,)))
    found = solve(values, effects, (800, 1200), d=0.3, tolerance=0.03, small_group=300)
    chosen = np.zeros(2000, dtype=bool)
    chosen[np.argsort(-latent_answer(values, effects, found, 300), kind="stable")[:800]] = True
    assert probit_gap(chosen, young) == pytest.approx(0.3, abs=0.02)
    assert probit_gap(chosen, busy) == pytest.approx(0.3, abs=0.02)
    # Given directly, 0.3 each would pile up where the groups overlap.
    assert max(found.values()) < 0.27


def test_two_statements_on_the_same_people_are_one_effect(survey, settings, respondents):
    said = stated(survey, columns_of(survey, settings))
    effects = effects_of("digital_literacy", said, respondents, survey.variables)
    about = [s for s in said if s.column == "digital_literacy"]
    assert len(effects) < len(about)
    women = members(respondents, "sex=female", survey.variables)
    assert sum(bool((e.mask == women).all() or (e.mask == ~women).all()) for e in effects) == 1


def test_inactive_with_a_low_income_is_a_conjunction(survey, respondents):
    statement = next(s for s in survey.statements if s.id == "S28")
    mask = members(respondents, statement.where or "", survey.variables)
    inactive = respondents["occupation"].isin(["retired", "other_inactive"])
    low = respondents["income"].isin(["under-1000", "1000-1999"])
    assert (mask == (inactive & low)).all()


def test_contradicting_statements_are_refused(survey, settings):
    at = next(i for i, s in enumerate(survey.statements) if s.question == "ens_reaction")
    opposite = survey.statements[at].model_copy(update={"id": "X", "direction": "lower"})
    torn = survey.model_copy(update={"statements": (*survey.statements, opposite)})
    with pytest.raises(ValueError, match="X contradicts"):
        simulate(torn, settings)


def test_a_statement_on_an_answer_in_the_middle_is_refused(survey, settings):
    at = next(i for i, s in enumerate(survey.statements) if s.question == "ens_intention")
    middle = survey.statements[at].model_copy(update={"id": "X", "answer": "rather_favourable"})
    with pytest.raises(ValueError, match="rather_favourable is no cut"):
        simulate(survey.model_copy(update={"statements": (middle,)}), settings)


def test_a_new_statement_asks_for_a_new_calibration(survey, settings):
    new = next(s for s in survey.statements if s.question == "outlook").model_copy(
        update={"id": "X", "where": "sex=female"}
    )
    with pytest.raises(KeyError, match="calibrate again"):
        simulate(survey.model_copy(update={"statements": (*survey.statements, new)}), settings)


def test_without_statements_nothing_differs(survey, settings):
    silent = survey.model_copy(update={"statements": ()})
    made = simulate(silent, settings)
    checks = statement_checks(survey, settings, made)
    assert np.mean([c.difference * c.expected for c in checks]) == pytest.approx(0, abs=1.5)
    assert not gap_checks(silent, settings, made)


# --- figures ---


def test_figures_that_whole_people_cannot_meet_are_refused(survey, settings):
    wrong = tuple(
        f.model_copy(update={"value": 70.0})
        if (f.question, f.answer) == ("ens_intention", "favourable")
        else f
        for f in survey.published
    )
    with pytest.raises(ValueError, match="ens_intention"):
        simulate(survey.model_copy(update={"published": wrong}), settings)


def test_a_printed_base_is_the_count_of_the_answer_it_rests_on(survey, settings):
    plans = {p.name: p for p in columns_of(survey, settings)}
    assert plans["tools_used__teleconsultation"].count("yes") == 563
    assert plans["new_tool_in_crisis"].count("yes") == 1020
    assert plans["first_use_in_crisis__teleconsultation"].counts == (298, 265)


def test_only_answers_at_an_end_are_cuts(survey, settings):
    plans = {p.name: p for p in columns_of(survey, settings)}
    cuts = {c.answer: (c.top, c.sign) for c in plans["ens_intention"].cuts}
    assert cuts == {
        "favourable": (2, 1),
        "unfavourable": (2, -1),
        "very_favourable": (1, 1),
        "very_unfavourable": (3, -1),
    }


# --- settings ---


def test_calibration_is_written_back_and_the_comments_stay(settings, tmp_path):
    path = tmp_path / "simulation.yaml"
    shutil.copy(SHIPPED / "simulation.yaml", path)
    before = path.read_text("utf-8")
    write_calibration(path, settings)
    assert path.read_text("utf-8") == before
    rejected = ({"seed": 2020, "reason": "S40: p = 0.01"}, {"seed": 2021, "reason": "S41: p = 0.02"})
    moved = SimulationSettings.model_validate(
        settings.model_dump()
        | {"seed": 2022, "rejected_seeds": rejected, "coefficients": {"a": {"b=c": 0.5}}}
    )
    for _ in range(2):
        write_calibration(path, moved)
        assert read_settings(path) == moved
    comments = [re.findall(r"#.*", text) for text in (before, path.read_text("utf-8"))]
    assert comments[0] == comments[1]


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"before_counts": (297, 151, 68, 30, 11, 6)}, "exactly those whose first time"),
        ({"since_counts_first": (1, 149, 80, 40, 18, 10)}, "has used it since"),
    ],
)
def test_crisis_counts_that_do_not_fit_are_refused(settings, counts, message):
    with pytest.raises(ValidationError, match=message):
        SimulationSettings.model_validate(
            settings.model_dump() | {"crisis": settings.crisis.model_dump() | counts}
        )


def test_noise_shares_above_one_are_refused():
    with pytest.raises(ValidationError, match="more than 1"):
        Battery(attitude=-0.5, battery=0.4, item=0.2)
