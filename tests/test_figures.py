"""Figures of a release: where each comes from, and the same numbers as R through DuckDB."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from folders import items, made_folder, question, witness_folder
from witnesses.sums import assert_same, own_samples, own_segments, own_variable, sample_of, witness

from ens_dash.estimate.adjust import holm
from ens_dash.estimate.compare import difference
from ens_dash.estimate.comparisons import association, compare, crosstab_tests, what_sets_apart
from ens_dash.estimate.figures import figures, published_figures
from ens_dash.estimate.proportion import mean, proportion, published_interval
from ens_dash.store import build, open_store
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import MEAN

DESIGNS = {
    "clustered": {"weight": "weight", "stratum": "stratum", "psu": "psu"},
    "stratified": {"weight": "weight", "stratum": "stratum"},
    "weighted": {"weight": "weight"},
    "clusters_only": {"weight": "weight", "psu": "place"},
}
WHERE = {
    "all": "",
    "female": "sex=female",
    "male": "sex=male",
    "old": "age=65-plus",
    "young": "age=18-34",
    "coast": "coast=yes",
    "old_men_on_the_coast": "age=65-plus&sex=male&coast=yes",
}
SAMPLES = own_samples()


@pytest.fixture(scope="module")
def witnesses(tmp_path_factory):
    """R's small sample as a release, once for each of the four designs."""
    opened = {}
    for name, design in DESIGNS.items():
        place = tmp_path_factory.mktemp(name)
        build(witness_folder(place / "made", design), place / "releases")
        opened[name] = open_store(place / "releases", "made")
    yield opened
    for store in opened.values():
        store.close()


def where(store, text: str) -> Filter:
    return Filter.parse(text, store.survey.variables)


def by_key(found):
    return {f.key: f for f in found}


# --- origin ---


def test_everybody_gets_the_reports_own_figures(store, survey):
    found = figures(store, survey.questions, Filter())
    assert {f.origin for f in found} == {"published"}
    assert {f.key: f.est for f in found} == {k: p.est for k, p in survey.published_by_key.items()}
    assert len(found) == len(survey.published) == 123


def test_a_filter_on_a_simulated_survey_gives_simulated_figures_only(store, survey):
    for found in (
        figures(store, survey.questions, where(store, "age=65-plus")),
        figures(store, survey.questions, Filter(), by="sex"),
        figures(store, survey.questions, Filter(), origin="simulated"),
    ):
        assert found
        assert {f.origin for f in found} == {"simulated"}


def test_an_origin_that_the_release_does_not_have_gives_no_figure(store, survey):
    assert figures(store, survey.questions, Filter(), origin="microdata") == ()
    assert figures(store, survey.questions, where(store, "sex=male"), origin="published") == ()
    assert figures(store, survey.questions, Filter(), by="sex", origin="published") == ()


def test_real_respondents_give_microdata_for_everybody_too(witnesses):
    store = witnesses["clustered"]
    for text in ("", "sex=female"):
        assert {f.origin for f in figures(store, store.survey.questions, where(store, text))} == {"microdata"}
    assert figures(store, store.survey.questions, Filter(), origin="simulated") == ()


def test_no_figure_can_lose_its_origin(store, survey):
    figure = figures(store, [survey.by_id["outlook"]], where(store, "sex=male"))[0]
    assert figure.without_uncertainty().origin == "simulated"
    assert replace(figure, est=0.1).origin == "simulated"
    with pytest.raises(TypeError, match="origin"):
        type(figure)(**{k: v for k, v in vars(figure).items() if k != "origin"})


def test_a_published_figure_has_an_interval_where_its_base_is_known(survey):
    found = by_key(published_figures(survey, survey.questions))
    outlook = found["outlook", None, "positive"]
    assert (outlook.se, outlook.low, outlook.high) == published_interval(0.51, 2100)
    assert outlook.n == 2100
    unknown = found["first_use_in_crisis", "teleconsultation", "yes"]
    assert (unknown.est, unknown.n, unknown.low) == (0.53, None, None)
    count = found["teleconsultation_count", "before_crisis", MEAN]
    assert (count.est, count.unit, count.n, count.low) == (0.8, "mean", 563, None)


@pytest.mark.parametrize("method", ["beta", "xlogit", "mean"])
def test_the_method_of_the_interval_is_that_asked_for(store, survey, method):
    asked = [survey.by_id["outlook"]]
    printed = by_key(figures(store, asked, Filter(), method=method))["outlook", None, "negative"]
    same = sample_of(pd.DataFrame({"w": np.ones(2100)}), "w")
    y = np.repeat([1.0, 0.0], [210, 1890])
    expected = proportion(same.cell(y, np.ones(2100, dtype=bool)), same.frame, method=method)
    assert (printed.low, printed.high) == pytest.approx((expected.low, expected.high), rel=1e-9)
    drawn = by_key(figures(store, asked, Filter(), origin="simulated", method=method))
    again = drawn["outlook", None, "negative"]
    assert (again.low, again.high) == pytest.approx((expected.low, expected.high), rel=1e-9)


# --- the same as R ---


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("method", ["beta", "xlogit", "mean"])
def test_proportions_through_duckdb_equal_r(witnesses, design, method):
    store = witnesses[design]
    rows = [r for r in witness("intervals") if (r["design"], r["method"]) == (design, method)]
    assert len(rows) == 42
    for segment, text in WHERE.items():
        found = by_key(figures(store, store.survey.questions, where(store, text), method=method))
        for row in (r for r in rows if r["segment"] == segment):
            figure = found[row["item"], None, row["answer"]]
            assert_same(figure, row, "n est n_eff df")
            if row["n"] and row["df"] > 0:
                assert_same(figure, row, "se")
            if 0 < row["est"] < 1:
                assert_same(figure, row, "deff low high")


@pytest.mark.parametrize("design", DESIGNS)
def test_means_through_duckdb_equal_r(witnesses, design):
    store = witnesses[design]
    rows = [r for r in witness("means") if r["design"] == design]
    assert len(rows) == len(WHERE)
    for row in rows:
        found = by_key(figures(store, store.survey.questions, where(store, WHERE[row["segment"]])))
        assert_same(found["visits", None, MEAN], row, "n est se low high deff df")


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("name", ["comparisons", "overlaps"])
def test_differences_through_duckdb_equal_r_also_where_groups_overlap(witnesses, design, name):
    store = witnesses[design]
    rows = [r for r in witness(name) if r["design"] == design]
    assert len(rows) >= 10
    for pair in {(r["a"], r["b"]) for r in rows}:
        a, b = where(store, WHERE[pair[0]]), None if pair[1] == "rest" else where(store, WHERE[pair[1]])
        found = {(c.question, c.answer): c for c in compare(store, store.survey.questions, a, b)}
        for row in (r for r in rows if (r["a"], r["b"]) == pair):
            mine = found[row["item"], row["answer"]]
            assert mine.origin == "microdata"
            if np.isnan(row["t"]) or row["t"] == 0:
                continue
            assert_same(mine.result, row, "difference low high t df p")


@pytest.mark.parametrize("design", DESIGNS)
def test_crosstabs_through_duckdb_equal_r(witnesses, design):
    store = witnesses[design]
    rows = [r for r in witness("crosstabs") if r["design"] == design and r["item"] in ("use", "rare")]
    tested = 0
    for row in rows:
        text = WHERE[row["segment"]]
        asked = store.survey.by_id[row["item"]]
        found = association(store, asked, None, row["rows"], where(store, text))
        if found is not None and not np.isnan(row["F"]):
            assert_same(found, row, "F ndf ddf p pearson")
            tested += 1
    assert tested > 8


# --- a bigger survey ---

N, STRATA = 6_000, 12
BATTERY = [f"i{n}" for n in range(70)]
LEVELS = ("low", "middle", "high")


@pytest.fixture(scope="module")
def bigger(tmp_path_factory):
    """Uneven weights, PSUs that start again in each stratum, missing answers, over 60 columns."""
    random = np.random.default_rng(20200717)
    data = pd.DataFrame(
        {
            "w": np.exp(random.normal(0, 0.7, N)),
            "s": random.integers(0, STRATA, N),
            "p": random.integers(0, 15, N),
            "region": random.choice(["north", "south", "east"], N, p=[0.5, 0.45, 0.05]),
            "sex": random.choice(["female", "male"], N),
            "visits": np.where(random.random(N) < 0.2, np.nan, random.poisson(3, N)),
        }
    )
    pull = random.normal(0, 1, (STRATA, 15))[data["s"], data["p"]]
    columns = {}
    for name in BATTERY:
        latent = pull + random.normal(0, 1, N)
        answers = np.array(LEVELS, dtype=object)[np.searchsorted([-0.3, 0.9], latent)]
        columns[f"battery__{name}"] = np.where(random.random(N) < 0.1, None, answers)
    data = pd.concat([data, pd.DataFrame(columns)], axis=1).astype({"s": str, "p": str})
    place = tmp_path_factory.mktemp("bigger")
    net = [{"code": "some", "label": {"fr": "some", "en": "some"}, "of": ["middle", "high"]}]
    folder = made_folder(
        place / "made",
        data,
        [
            question("battery", "scale", LEVELS, "some", items=items(*BATTERY), nets=net),
            question("visits", "number", [], "mean"),
        ],
        {"region": ["north", "south", "east"], "sex": ["female", "male"]},
        {"weight": "w", "stratum": "s", "psu": "p"},
    )
    build(folder, place / "releases")
    store = open_store(place / "releases", "made")
    yield store, sample_of(data, "w", "s", "p")
    store.close()


def test_a_bigger_survey_through_duckdb_equals_the_estimators_on_its_rows(bigger):
    store, sample = bigger
    data = sample.data
    for text, inside in {
        "": np.ones(N, dtype=bool),
        "region=east&sex=female": (data["region"].eq("east") & data["sex"].eq("female")).to_numpy(),
    }.items():
        found = by_key(figures(store, store.survey.questions, where(store, text)))
        assert len(found) == 4 * len(BATTERY) + 1
        for name in (BATTERY[0], BATTERY[60], BATTERY[-1]):
            answers = data[f"battery__{name}"]
            for answer, chosen in {"low": ["low"], "some": ["middle", "high"]}.items():
                y = np.where(answers.isna(), np.nan, answers.isin(chosen).astype(float))
                expected = proportion(sample.cell(y, inside), sample.frame)
                same(found["battery", name, answer], expected)
        expected = mean(sample.cell(data["visits"].to_numpy(), inside), sample.frame)
        same(found["visits", None, MEAN], expected)


def same(figure, expected) -> None:
    for name in "est se low high n n_eff deff df".split():
        assert getattr(figure, name) == pytest.approx(getattr(expected, name), rel=1e-9), name


def test_overlapping_groups_of_a_bigger_survey_equal_the_estimators_on_its_rows(bigger):
    store, sample = bigger
    data = sample.data
    a, b = data["region"].eq("south").to_numpy(), data["sex"].eq("male").to_numpy()
    y = data["visits"].to_numpy()
    expected = difference(
        sample.cell(y, a & ~b), sample.cell(y, b & ~a), sample.frame, both=sample.cell(y, a & b)
    )
    rows = compare(
        store, [store.survey.by_id["visits"]], where(store, "region=south"), where(store, "sex=male")
    )
    for name in "est_a est_b difference se low high t df p n_a n_b".split():
        assert getattr(rows[0].result, name) == pytest.approx(getattr(expected, name), rel=1e-9), name
    swapped = compare(
        store, [store.survey.by_id["visits"]], where(store, "sex=male"), where(store, "region=south")
    )
    assert swapped[0].result.difference == pytest.approx(-expected.difference, rel=1e-9)


def test_a_group_against_itself_does_not_differ(bigger):
    store, _ = bigger
    south = where(store, "region=south")
    found = compare(store, [store.survey.by_id["visits"]], south, south)[0].result
    assert found.difference == 0
    assert (found.p, found.n_a) == (None, found.n_b)


# --- breakdown, missing answers, small groups ---


def test_a_breakdown_is_the_same_as_one_filter_a_segment(store, survey):
    asked = [survey.by_id["ens_risks"], survey.by_id["teleconsultation_count"]]
    among = where(store, "sex=female")
    found = figures(store, asked, among, by="age")
    assert len({f.segment for f in found}) == 5
    for code in ("18-24", "65-plus"):
        alone = figures(store, asked, where(store, f"sex=female&age={code}"))
        mine = tuple(f for f in found if f.segment == alone[0].segment)
        assert [f.key for f in mine] == [f.key for f in alone]
        for one, other in zip(mine, alone, strict=True):
            same(one, other)


def test_a_breakdown_by_a_filtered_variable_keeps_the_filters_segments(store, survey):
    found = figures(store, [survey.by_id["outlook"]], where(store, "age=18-24,65-plus"), by="age")
    assert [f.segment for f in found[::3]] == ["age=18-24", "age=65-plus"]
    assert sum(f.n for f in found[::3]) == 216 + 550


def test_those_not_asked_and_those_without_an_answer_are_in_no_base(store, survey, witnesses):
    found = by_key(figures(store, survey.questions, Filter(), origin="simulated"))
    assert found["teleconsultation_count", "before_crisis", MEAN].n == 563
    assert found["crisis_satisfaction", None, "satisfied"].n == 1020
    real = witnesses["weighted"]
    answered = SAMPLES["weighted"].data["use"].notna().sum()
    assert by_key(figures(real, real.survey.questions, Filter()))["use", None, "never"].n == answered < 331


def test_answers_add_up_to_one_and_nets_to_their_parts(bigger):
    store, _ = bigger
    found = by_key(figures(store, store.survey.questions, where(store, "region=south")))
    for name in BATTERY:
        low, middle, high, some = (found["battery", name, a].est for a in (*LEVELS, "some"))
        assert low + middle + high == pytest.approx(1)
        assert some == pytest.approx(middle + high)


def test_nothing_is_simulated_where_the_report_prints_no_figure(store, survey):
    asked = [survey.by_id["ens_reaction"]]
    simulated = figures(store, asked, Filter(), origin="simulated")
    assert [f.answer for f in simulated] == ["very_positive", "negative", "positive"]
    compared = compare(store, asked, where(store, "sex=male"))
    assert [c.answer for c in compared] == ["very_positive", "negative", "positive"]


def test_a_group_of_fewer_than_30_is_hidden(store, survey):
    few = figures(store, [survey.by_id["outlook"]], where(store, "health_worker=yes&medical_desert=yes"))
    assert {f.reliability for f in few} == {"hidden"}
    assert 0 < few[0].n < 30
    assert not any(f.quotable for f in few)


def test_an_empty_group_has_no_estimate_and_is_no_error(store, survey):
    nobody = where(store, "age=18-24&occupation=retired")
    found = figures(store, survey.questions, nobody)
    assert found
    assert {(f.est, f.n, f.reliability) for f in found} == {(None, 0, "hidden")}
    against = compare(store, [survey.by_id["outlook"]], nobody)
    assert {(c.result.difference, c.result.p, c.reliable) for c in against} == {(None, None, False)}


def test_an_item_without_a_column_has_no_figure(store, survey):
    found = figures(store, [survey.by_id["challenges"]], Filter(), origin="simulated")
    assert {f.item for f in found} == {"simple_access", "efficient_transmission"}


def test_what_sets_a_group_apart_ranks_all_figures_by_corrected_significance(witnesses):
    store = witnesses["weighted"]
    found = what_sets_apart(store, store.survey.questions, where(store, "age=65-plus"))
    answers = {a for q in store.survey.questions for a in q.nets_by_code}
    assert len({c.answer for c in found}) > len(store.survey.questions)
    assert {c.answer for c in found} <= answers
    p = [c.p_adjusted for c in found]
    assert p == sorted(p)
    assert own_segments(SAMPLES["weighted"].data)["old"].sum() > 30
    assert own_variable(SAMPLES["weighted"].data, "visits", MEAN).size == 331


# --- a crosstab is tested within its filter, cell by cell ---


def test_each_cell_of_a_crosstab_has_the_test_of_its_own_answer_against_the_rest_of_the_filter(witnesses):
    store = witnesses["weighted"]
    question = next(q for q in store.survey.questions if q.kind == "single" and len(q.answers) > 2)
    item = question.item_ids[0]
    lines = [(item, answer) for answer in question.nets_by_code]
    filtered = where(store, "sex=female")
    found = crosstab_tests(store, question, "age", filtered, lines)
    codes = [s.code for s in store.survey.variables_by_id["age"].segments]
    assert set(found) == {(item, answer, code) for _, answer in lines for code in codes}
    differences = set()
    for (_, answer, code), row in found.items():
        mine = filtered.with_codes(store.survey.variables, age=(code,))
        others = filtered.with_codes(store.survey.variables, age=tuple(c for c in codes if c != code))
        pairs = compare(store, [question], mine, others)
        expected = next(c.result for c in pairs if (c.item, c.answer) == (item, answer))
        assert row.result.difference == pytest.approx(expected.difference, rel=1e-12)
        assert row.result.p == pytest.approx(expected.p, rel=1e-12)
        differences.add(round(row.result.difference, 9))
    assert len(differences) > len(codes)
    adjusted = holm([row.result.p for row in found.values()])
    assert [row.p_adjusted for row in found.values()] == pytest.approx(list(adjusted))
