"""Claims: text <-> claim, the table of decisions, and the sentences to print, for every figure there is."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from math import sqrt
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from folders import DATA, copy_of_shipped
from hypothesis import given
from hypothesis import strategies as st

from ens_dash.estimate.claim import decide, near, nearest_number, writable
from ens_dash.estimate.figures import Figure
from ens_dash.estimate.proportion import published_interval
from ens_dash.estimate.rank import two
from ens_dash.estimate.verdict import Evidence, Reason, apart
from ens_dash.render.card import statements_for
from ens_dash.render.claim import claim_text, condition_texts, quotable_statements, readings, reason_text
from ens_dash.render.claim_sentence import statement_sentence, to_print
from ens_dash.render.sentence import tied
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.store import build, open_store
from ens_dash.survey.base import LANGS
from ens_dash.survey.claim import (
    FORMS,
    GROUP,
    NUMBERS,
    TWO,
    Claim,
    complete,
    nearest_questions,
    parse_claim,
    with_question,
)
from ens_dash.survey.errors import SurveyErrors
from ens_dash.survey.filter import Filter
from ens_dash.survey.folder import read_survey
from ens_dash.survey.model import Question, Survey
from ens_dash.text import load_words
from ens_dash.ui.ecrire import evidence

SHIPPED = read_survey(DATA / "ens-2020")
KEYS = [(q.id, item, answer) for q in SHIPPED.questions for item in q.item_ids for answer in q.nets_by_code]
PRINTED = [(f.question, f.item, f.answer) for f in SHIPPED.published]
OUTLOOK = ("outlook", None, "positive")
DIGIT = re.compile(r"\d")
# fields of a claim that fit each other
CLAIMS = st.builds(
    lambda form, subject, number, other: Claim(
        form,
        subject,
        NUMBERS[form][number % len(NUMBERS[form])] if form in NUMBERS else "",
        other if form in TWO else None,
    ),
    st.sampled_from(FORMS),
    st.sampled_from(KEYS),
    st.integers(0, 100),
    st.sampled_from(KEYS),
)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def figure(est: float, n: int | None = 2100, key=OUTLOOK, **more) -> Figure:
    """A printed figure with its interval."""
    low = high = None
    if n is not None and more.get("unit") != "mean":
        _, low, high = published_interval(est, n)
    values = dict(se=None, n_eff=None, deff=None, df=None, unit="proportion", reliability="shown")
    return Figure(*key, "", est, low=low, high=high, n=n, origin="published", **(values | more))


def verdict_on(text: str, *figures: Figure, **more):
    claim, left = parse_claim(text, SHIPPED)
    assert claim is not None and not left
    found = {f.key: f for f in figures}
    return decide(claim, SHIPPED, Evidence(found, found, **more))


@pytest.fixture(scope="module")
def site(store, words) -> Site:
    return Site(store, words)


@pytest.fixture(scope="module")
def real(tmp_path_factory) -> Iterator[Site]:
    """The shipped survey with answers that pass for real: the simulated ones with weights, relabelled."""
    home = tmp_path_factory.mktemp("real")
    folder = copy_of_shipped(home)
    (folder / "simulation.yaml").unlink()
    people = pd.read_parquet(folder / "respondents.parquet")
    people["weight"] = np.random.default_rng(3).uniform(0.5, 2, len(people))
    people.attrs.clear()
    people.to_parquet(folder / "respondents.parquet")
    study = folder / "survey.yaml"
    study.write_text(study.read_text("utf-8") + "\ndesign: {weight: weight}\n", "utf-8")
    shutil.copytree(DATA / "text", home / "text")
    settings = Settings(data=home, releases=home / "releases")
    build(settings.survey_folder, settings.releases)
    opened = open_store(settings.releases, "ens-2020")
    yield Site(opened, load_words(home / "text"))
    opened.close()


# -- text


@given(CLAIMS)
def test_a_claim_comes_back_from_its_text(claim):
    assert parse_claim(claim.text, SHIPPED) == (claim, ())


@given(st.text() | st.builds(lambda head, tail: f"{head},{tail}", st.sampled_from(FORMS), st.text()))
def test_any_text_can_be_read(text):
    claim, left = parse_claim(text, SHIPPED)
    assert claim is not None or left or not text.strip(' ,"')
    if claim is not None:
        assert parse_claim(claim.text, SHIPPED) == (claim, ())


@pytest.mark.parametrize(
    ("text", "becomes", "left"),
    [
        ("", None, []),
        ("majority", None, ["question"]),
        ("majority,nothing,-,positive", None, ["question"]),
        ("majority,outlook", "majority,outlook,-,positive", []),
        ("greatest,outlook,-,positive", "majority,outlook,-,positive", ["form"]),
        ("majority,outlook,zz,positive", "majority,outlook,-,positive", ["item"]),
        ("majority,outlook,-,zz", "majority,outlook,-,positive", ["answer"]),
        ("tenths-12,outlook,-,positive", "tenths-5,outlook,-,positive", ["number"]),
        ("majority-3,outlook,-,positive", "majority,outlook,-,positive", ["number"]),
        ("majority,outlook,-,positive,outlook", "majority,outlook,-,positive", ["rest"]),
        ("prefers,outlook,-,positive", "prefers,outlook,-,positive,outlook,-,neutral", []),
        (
            "prefers,ens_risks,insecure_storage,yes",
            "prefers,ens_risks,insecure_storage,yes,ens_risks,insecure_exchanges,yes",
            [],
        ),
    ],
)
def test_what_is_unknown_in_a_claim_is_replaced_and_told(text, becomes, left):
    claim, found = parse_claim(text, SHIPPED)
    assert (claim.text if claim else None) == becomes
    assert [part.part for part in found] == left


def test_a_code_with_a_comma_survives_the_address():
    question = SHIPPED.by_id["outlook"]
    code = 'rather, "yes"'
    odd = question.answers[0].model_dump() | {"code": code}
    changed = question.model_dump() | {"answers": [odd, *question.answers[1:]], "headline": code}
    asked = Question.model_validate(changed)
    survey = Survey.model_construct(None, study=SHIPPED.study, questions=(asked,), variables=())
    claim = Claim("majority", ("outlook", None, code))
    assert parse_claim(claim.text, survey) == (claim, ())


# -- the table of decisions


@pytest.mark.parametrize(
    ("claim", "est", "n", "answer", "reason"),
    [
        ("percent-51", 0.51, 2100, "yes", "printed"),
        ("percent-52", 0.51, 2100, "no", "differs"),
        ("percent-53", 0.53, None, "yes", "printed_no_base"),
        ("majority", 0.51, 2100, "no", "reaches_below"),
        ("majority", 0.53, 2100, "yes", "beyond"),
        ("majority", 0.53, 563, "no", "reaches_below"),
        ("majority", 0.50, 2100, "no", "not_more"),
        ("majority", 0.49, 2100, "no", "not_more"),
        ("majority", 0.91, None, "no", "no_interval"),
        ("more_than-60", 0.61, 2100, "no", "reaches_below"),
        ("more_than-60", 0.63, 2100, "yes", "beyond"),
        ("more_than-60", 0.60, 2100, "no", "not_more"),
        ("less_than-40", 0.37, 2100, "yes", "beyond"),
        ("less_than-40", 0.39, 2100, "no", "reaches_above"),
        ("less_than-40", 0.41, 2100, "no", "not_less"),
        ("tenths-8", 0.80, 2100, "yes", "near"),
        ("tenths-5", 0.51, 2100, "words", "near"),
        ("tenths-8", 0.77, 2100, "words", "near"),
        ("tenths-8", 0.84, 2100, "words", "near"),
        ("tenths-8", 0.76, 2100, "no", "far"),
        ("tenths-7", 0.61, 2100, "no", "far"),
        ("tenths-6", 0.61, 2100, "words", "near"),
        ("fraction-quarter", 0.27, 2100, "words", "near"),
        ("fraction-third", 0.36, 2100, "words", "near"),
        ("fraction-third", 0.33, 2100, "yes", "near"),
        ("fraction-half", 0.60, 2100, "no", "far"),
        # half of 120 people is no more than about half
        ("fraction-half", 0.50, 120, "words", "near"),
        ("fraction-two_thirds", 0.68, 2100, "words", "near"),
        ("fraction-three_quarters", 0.77, 2100, "words", "near"),
        ("fraction-three_quarters", 0.77, None, "no", "no_interval"),
        ("risen", 0.51, 2100, "no", "one_survey"),
        ("more_than_rest", 0.51, 2100, "no", "no_group"),
    ],
)
def test_a_share_is_decided_by_its_interval(claim, est, n, answer, reason):
    found = verdict_on(f"{claim},outlook,-,positive", figure(est, n))
    assert (found.answer, found.reason) == (answer, reason)


@pytest.mark.parametrize(
    ("claim", "est", "nearness"),
    [
        ("tenths-8", 0.80, "exact"),
        ("tenths-5", 0.51, "about"),
        ("tenths-8", 0.77, "nearly"),
        ("tenths-8", 0.84, "over"),
        ("fraction-half", 0.49, "about"),
        ("fraction-quarter", 0.27, "over"),
        ("fraction-half", 0.47, "nearly"),
    ],
)
def test_a_fraction_says_on_which_side_the_figure_lies(claim, est, nearness):
    assert verdict_on(f"{claim},outlook,-,positive", figure(est)).nearness == nearness


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_reason_has_its_words(words, reason, lang):
    kinds = {
        "near": ["near_exact", "near_about", "near_nearly", "near_over"],
        "beyond": ["beyond_more", "beyond_less"],
        "ranked": ["ranked", "ranked_alone", "ranked_named", "ranked_net", "ranked_net_alone"],
        "alone": ["alone", "alone_items"],
        "incomplete": ["incomplete", "incomplete_items"],
        "hindsight": ["hindsight_rounded", "hindsight_interval"],
    }
    for kind in kinds.get(reason, [reason]):
        assert words[lang].texts[f"claim.reason.{kind}"]


def test_a_figure_that_is_not_there_a_mean_and_a_hidden_one_are_refused():
    assert verdict_on("majority,outlook,-,positive").reason == "no_figure"
    mean = figure(1.6, 563, ("teleconsultation_count", "since_crisis", "mean"), unit="mean")
    assert verdict_on("majority,teleconsultation_count,since_crisis,mean", mean).reason == "mean"
    hidden = verdict_on("percent-51,outlook,-,positive", figure(0.51, 25, reliability="hidden"))
    assert (hidden.answer, hidden.reason, hidden.figure) == ("no", "hidden", None)


def test_a_small_base_and_a_favourable_text_turn_a_yes_into_words():
    small = verdict_on("majority,outlook,-,positive", figure(0.80, 60, reliability="caution"))
    assert (small.answer, small.conditions) == ("words", ("small_base",))
    key = ("ens_intention", None, "favourable")
    told = verdict_on("majority,ens_intention,-,favourable", figure(0.77, key=key))
    assert (told.answer, told.conditions) == ("words", ("stimulus",))
    key = ("crisis_satisfaction", None, "satisfied")
    some = verdict_on("majority,crisis_satisfaction,-,satisfied", figure(0.88, 1020, key))
    assert (some.answer, some.conditions) == ("words", ("some_people",))


@given(st.floats(0.005, 0.995), st.integers(30, 5000), st.integers(1, 98))
def test_what_is_more_than_a_number_is_more_than_a_smaller_one_and_not_less(est, n, number):
    drawn = figure(est, n)
    more, less = (verdict_on(f"{w}_than-{number},outlook,-,positive", drawn) for w in ("more", "less"))
    assert {more.answer, less.answer} != {"yes"}
    if verdict_on(f"more_than-{number + 1},outlook,-,positive", drawn).answer == "yes":
        assert more.answer == "yes"
    assert (verdict_on("majority,outlook,-,positive", drawn).answer == "yes") == (
        verdict_on("more_than-50,outlook,-,positive", drawn).answer == "yes"
    )


@given(st.floats(0.005, 0.995), st.integers(30, 5000), st.sampled_from(["tenths", "fraction"]))
def test_a_fraction_that_may_be_written_is_true(est, n, form):
    drawn = figure(est, n)
    for number in NUMBERS[form]:
        claim = Claim(form, OUTLOOK, number)
        found, at = near(claim, est, drawn.low, drawn.high), claim.threshold
        if found == "nearly":
            assert drawn.high < at <= est + 0.03 + 1e-9
        elif found == "over":
            assert at < drawn.low and est - at <= 0.05 + 1e-9
        elif found == "about":
            assert drawn.low <= at <= drawn.high and abs(est - at) <= 0.03 + 1e-9
        elif found == "exact":
            assert round(abs(est - at), 6) <= 0.005


@given(st.floats(0.02, 0.9), st.floats(0.02, 0.9), st.integers(100, 5000))
def test_figures_that_are_ranked_differ_also_where_they_exclude_each_other(a, b, n):
    if a + b >= 0.98:
        return
    # of all dependences of two answers the one that makes their difference most uncertain (Kish 1965)
    z = abs(a - b) / sqrt((a + b - (a - b) ** 2) / (n - 1))
    if apart(figure(a, n), figure(b, n)):
        assert z > 1.96


def test_ranking_agrees_with_the_titles_of_the_cards(site):
    figures = site.figures(tuple(SHIPPED.by_id), Filter())
    pairs = [(a, b) for a, b in combinations(figures, 2) if a.question == b.question]
    assert len(pairs) > 250
    assert [(a.key, b.key) for a, b in pairs if tied(a, b) == apart(a, b)] == []


@given(st.floats(0, 1))
def test_the_number_proposed_is_near(est):
    assert abs(int(nearest_number("percent", est)) - est * 100) <= 0.5 + 1e-9
    assert abs(int(nearest_number("tenths", est)) / 10 - min(max(est, 0.1), 0.9)) <= 0.05 + 1e-9
    assert int(nearest_number("more_than", est)) <= max(est * 100 + 1e-6, 5)
    assert int(nearest_number("less_than", est)) >= min(est * 100 - 1e-6, 95)
    assert nearest_number("majority", est) == ""


# -- two figures, on the shipped survey


@pytest.mark.parametrize(
    ("text", "answer", "reason"),
    [
        ("first,ens_risks,exclusion_unfamiliar,yes", "no", "tie"),
        ("first,ens_risks,exclusion_no_internet,yes", "no", "tie"),
        ("first,ens_risks,insecure_storage,yes", "no", "not_first"),
        ("first,advantages,time_saving,yes", "yes", "ranked"),
        ("first,advantages,easier_communication,yes", "no", "not_first"),
        # the report gives a figure for two of the five challenges
        ("first,challenges,simple_access,yes", "no", "incomplete"),
        ("first,challenges,efficient_transmission,yes", "no", "not_first"),
        ("first,operator_trust,-,public_authorities", "words", "ranked"),
        ("first,outlook,-,positive", "yes", "ranked"),
        # a sum of answers, and an answer of the scale
        ("first,ens_intention,-,favourable", "words", "ranked"),
        ("first,ens_intention,-,very_favourable", "no", "not_first"),
        # the other answers have no figure, and cannot overtake
        ("first,app_data_consent,-,agree", "words", "ranked"),
        ("first,app_data_consent,-,strongly_agree", "no", "incomplete"),
        ("first,first_use_in_crisis,teleconsultation,yes", "no", "alone"),
        # each item was rated: only the headline is ranked, and never as «the first answer»
        ("first,opportunities,professionals_exchange_data,agree", "words", "ranked_items"),
        ("first,system_risks,excludes_patients,strongly_agree", "no", "not_headline"),
        ("first,proactive_contact,gp,desirable", "no", "alone"),
        ("first,teleconsultation_count,since_crisis,mean", "no", "mean"),
        ("prefers,public_management,-,positive,operator_trust,-,private_platform", "no", "two_questions"),
        ("prefers,tools_used,dmp,yes,tools_known,dmp,yes", "no", "two_questions"),
        ("prefers,operator_trust,-,public_authorities,operator_trust,-,private_platform", "words", "chosen"),
        ("prefers,operator_trust,-,private_platform,operator_trust,-,public_authorities", "no", "reversed"),
        ("prefers,outlook,-,positive,outlook,-,negative", "words", "chosen"),
        ("prefers,ens_risks,exclusion_unfamiliar,yes,ens_risks,exclusion_no_internet,yes", "no", "tie"),
        ("prefers,ens_benefits,data_sharing,yes,ens_benefits,secure_storage,yes", "no", "named_more"),
        ("prefers,ens_benefits,secure_storage,yes,ens_benefits,data_sharing,yes", "no", "named_less"),
        ("prefers,ens_intention,-,favourable,ens_intention,-,unfavourable", "no", "degrees"),
        ("prefers,ens_intention,-,favourable,ens_intention,-,very_favourable", "no", "part"),
        ("prefers,outlook,-,positive,outlook,-,positive", "no", "same"),
        ("prefers,governance,state_guarantor,agree,governance,patient_as_actor,disagree", "no", "no_figure"),
        (
            "prefers,governance,state_guarantor,agree,governance,patient_as_actor,strongly_agree",
            "no",
            "not_comparable",
        ),
        ("prefers,challenges,simple_access,yes,challenges,human_relations,yes", "no", "no_figure"),
        (
            "doubled,teleconsultation_count,since_crisis,mean,teleconsultation_count,before_crisis,mean",
            "no",
            "hindsight",
        ),
        (
            "doubled,teleconsultation_count,before_crisis,mean,teleconsultation_count,since_crisis,mean",
            "no",
            "ratio",
        ),
        ("doubled,tools_used,online_appointment,yes,tools_used,dmp,yes", "no", "one_survey"),
        ("risen,tools_used,teleconsultation,yes", "no", "one_survey"),
    ],
)  # fmt: skip
def test_two_figures_are_compared_only_where_people_compared_them(site, text, answer, reason):
    claim, left = parse_claim(text, SHIPPED)
    assert claim is not None and not left
    found = decide(claim, SHIPPED, evidence(site, claim, Filter()))
    assert (found.answer, found.reason) == (answer, reason)


def test_a_ratio_of_means_counts_what_rounding_or_the_interval_leaves():
    a, b = (("teleconsultation_count", i, "mean") for i in ("since_crisis", "before_crisis"))
    claim = Claim("doubled", a, other=b)

    def ratio(first: float, second: float, half: float | None):
        found = {k: figure(est, 563, k, unit="mean") for k, est in ((a, first), (b, second))}
        if half is not None:
            found = {k: replace(f, low=f.est - half, high=f.est + half) for k, f in found.items()}
        return two(claim, SHIPPED, found[a], Evidence(found, found))

    assert ratio(1.6, 0.8, None).ratio == pytest.approx((2.0, 1.55 / 0.85, 1.65 / 0.75))
    assert ratio(1.6, 0.8, None).reason == "hindsight"
    assert ratio(1.4, 0.8, None).reason == "ratio"
    assert ratio(1.6, 0.8, 0.6).reason == "ratio"
    assert ratio(1.6, 0.8, 0.2).reason == "hindsight"
    assert ratio(1.6, 0.02, None).reason == "not_comparable"


# -- the sentences


def told(site: Site, text: str, where: str = "", lang: str = "fr") -> tuple[str, str, str]:
    """The claim's answer, the reason, and what may be printed."""
    claim, left = parse_claim(text, site.survey)
    assert claim is not None and not left
    group = Filter.parse(where, site.survey.variables)
    found = evidence(site, claim, group)
    verdict = decide(claim, site.survey, found)
    words = site.words[lang]
    printed = " ".join(to_print(verdict, site.survey, group, found, words))
    return verdict.answer, plain(reason_text(verdict, site.survey, group, words)), plain(printed)


def test_eighty_percent_do_not_prefer_the_state(site):
    answer, reason, printed = told(
        site, "prefers,public_management,-,positive,operator_trust,-,private_platform"
    )
    assert answer == "no"
    for share in ("80 %", "38 %", "9 %"):
        assert share in reason and share in printed
    claim, _ = parse_claim("prefers,public_management,-,positive,operator_trust,-,private_platform", SHIPPED)
    verdict = decide(claim, SHIPPED, evidence(site, claim, Filter()))
    assert "management_not_trust" in {n.id for n in readings(verdict, SHIPPED).contradictions}


def test_a_choice_is_offered_only_where_the_survey_says_that_the_two_are_confused(site):
    claim, _ = parse_claim("prefers,tools_used,dmp,yes,outlook,-,negative", SHIPPED)
    verdict = decide(claim, SHIPPED, evidence(site, claim, Filter()))
    assert (verdict.reason, verdict.offered) == ("two_questions", None)


def test_fifty_one_percent_are_no_majority_and_about_half(site):
    answer, reason, printed = told(site, "majority,outlook,-,positive")
    assert answer == "no" and "48,8 %" in reason and "la moitié" in reason
    assert "majorité" not in printed
    assert printed.startswith("51 % des adultes de France métropolitaine ayant participé")
    answer, _, printed = told(site, "tenths-5,outlook,-,positive", lang="en")
    assert answer == "words"
    assert printed.startswith(
        "About 5 in 10 adults of metropolitan France surveyed online in July 2020 (51%)"
    )
    assert told(site, "fraction-half,outlook,-,positive")[2].startswith(
        "Environ la moitié (51 %) des adultes"
    )


def test_a_tie_is_told_with_both_figures(site):
    answer, reason, printed = told(site, "first,ens_risks,exclusion_unfamiliar,yes")
    assert answer == "no"
    assert "54 %" in reason and "53 %" in reason and "53 %" in printed and "À égalité" in printed


def test_doubled_is_told_as_what_people_reported(site):
    text = "doubled,teleconsultation_count,since_crisis,mean,teleconsultation_count,before_crisis,mean"
    answer, reason, printed = told(site, text)
    assert answer == "no" and "1,8 à 2,2" in reason and "« a doublé » ne peut pas s’écrire" in reason
    assert "doublé" not in printed and "déclaré" in printed
    assert printed.startswith("Parmi les utilisateurs de la téléconsultation") and "563 personnes" in printed
    claim, _ = parse_claim(text, SHIPPED)
    verdict = decide(claim, SHIPPED, evidence(site, claim, Filter()))
    assert "doubled" in {n.id for n in readings(verdict, SHIPPED).contradictions}


def every_claim(keys=tuple(PRINTED)) -> Iterator[Claim]:
    for key in keys:
        for form in FORMS:
            for number in NUMBERS.get(form, ("",))[:: 7 if form in NUMBERS else 1]:
                yield complete(form, key, SHIPPED, number)


@pytest.mark.parametrize("lang", LANGS)
def test_every_form_of_every_published_figure_has_a_verdict_in_words(site, lang):
    words, seen = site.words[lang], set()
    for claim in every_claim():
        found = evidence(site, claim, Filter())
        verdict = decide(claim, SHIPPED, found)
        seen.add((verdict.answer, verdict.reason))
        texts = [
            claim_text(claim, SHIPPED, Filter(), words),
            reason_text(verdict, SHIPPED, Filter(), words),
            *condition_texts(verdict, words),
            *to_print(verdict, SHIPPED, Filter(), found, words),
        ]
        assert all(text and not re.search(r"[{}]|None", text) for text in texts), claim.text
        if lang == "en":
            assert not [t for t in texts if "«" in t or "\u00a0:" in t], claim.text
    assert {answer for answer, _ in seen} == {"yes", "words", "no"}
    assert len(seen) > 20


@pytest.mark.parametrize("lang", LANGS)
def test_every_sentence_to_print_says_who_was_asked_on_what_base_and_after_what(site, lang):
    words = site.words[lang]
    for key in PRINTED:
        question = SHIPPED.by_id[key[0]]
        claim = Claim("risen" if question.kind == "number" else "majority", key)
        found = evidence(site, claim, Filter())
        (printed,) = to_print(decide(claim, SHIPPED, found), SHIPPED, Filter(), found, words)
        figure = found.figures[key]
        assert words.month(SHIPPED.study.start) in printed
        assert printed[0] == printed[0].upper()
        assert (words("claim.lead").strip()[1:] in printed) == question.stimulus
        base = words.of(question.base.text)
        everybody = question.base.n == SHIPPED.study.n
        assert (words.of(SHIPPED.study.people) in printed) == everybody
        assert everybody or base[1:] in printed
        assert (words.number(figure.n) in printed) if figure.n else ("publi" in printed)
        value = words.number(figure.est, 1) if figure.unit == "mean" else words.percent(figure.est)
        assert value in printed
        if figure.low is not None:
            assert words.percent(figure.low, 1) in printed


def test_the_words_of_a_claim_are_printed_only_where_it_may_be_written(site):
    words = site.words["fr"]
    for key in PRINTED:
        claim = Claim("majority", key)
        found = evidence(site, claim, Filter())
        verdict = decide(claim, SHIPPED, found)
        printed = " ".join(to_print(verdict, SHIPPED, Filter(), found, words))
        assert ("une majorité" in printed.lower()) == (verdict.answer != "no")


def test_what_a_figure_also_allows_may_be_written(site):
    for key in PRINTED:
        claim = Claim("majority", key)
        found = evidence(site, claim, Filter())
        others = writable(claim, SHIPPED, found)
        assert all(v.answer != "no" for v in others)
        if SHIPPED.by_id[key[0]].kind != "number":
            assert others[0].claim.form == "percent"


def test_items_that_were_rated_are_never_said_to_be_the_answer_given_most(site):
    ranked = 0
    for key in PRINTED:
        question = SHIPPED.by_id[key[0]]
        if question.kind != "scale" or not question.items:
            continue
        answer, reason, printed = told(site, Claim("first", key).text)
        assert "la plus donnée" not in printed and "la plus citée" not in printed
        assert answer == "no" or (answer == "words" and key[2] == question.headline)
        if answer == "words" or "notées" in printed:
            ranked += 1
            label = plain(question.answer_label(key[2], "fr"))
            assert f"c’est celle qui recueille la plus grande part de réponses « {label} »" in printed
            assert f"« {label} »" in reason
    assert ranked > 5


def test_an_answer_of_part_of_the_people_does_not_rank_an_item(site):
    answer, reason, printed = told(site, "first,opportunities,professionals_exchange_data,strongly_agree")
    assert answer == "no" and "« D’accord »" in reason
    assert "Parmi les 4 propositions notées" in printed
    assert "la plus grande part de réponses « Tout à fait d’accord »" in printed
    english = told(site, "first,opportunities,professionals_exchange_data,strongly_agree", lang="en")[2]
    assert "Of the 4 items rated, it is the one with the largest share of “Strongly agree” answers" in english


def test_a_sum_of_answers_is_not_an_answer_that_was_given(site):
    for text in ("first,ens_intention,-,favourable", "first,app_data_consent,-,agree"):
        answer, reason, printed = told(site, text)
        assert answer == "words" and "somme de réponses" in reason and "la plus donnée" not in printed
    assert "C’est plus que « Défavorables » (23 %)." in told(site, "first,ens_intention,-,favourable")[2]
    assert "la réponse la plus donnée" in told(site, "first,outlook,-,positive")[2]
    assert "la réponse la plus citée" in told(site, "first,advantages,time_saving,yes")[2]


def test_where_not_all_items_are_printed_the_rank_is_among_those_that_are(site):
    answer, _, printed = told(site, "first,challenges,simple_access,yes")
    assert answer == "no"
    assert (
        "Parmi les 2 propositions dont le rapport imprime le chiffre, sur 5, c’est la plus citée" in printed
    )


def test_a_rival_without_an_interval_is_no_tie():
    keys = [("module_reception", item, "positive") for item in ("ens", "dmp")]
    found = verdict_on(Claim("first", keys[0]).text, figure(0.9, key=keys[0]), figure(0.8, None, keys[1]))
    assert (found.answer, found.reason, found.level) == ("no", "other_no_interval", ())
    both = verdict_on(
        Claim("prefers", keys[0], other=keys[1]).text, figure(0.9, key=keys[0]), figure(0.8, None, keys[1])
    )
    assert (both.answer, both.reason) == ("no", "other_no_interval")


def test_a_preference_may_be_written_only_of_two_answers_of_one_question(site):
    chosen = 0
    for question in SHIPPED.questions:
        keys = [key for key in PRINTED if key[0] == question.id]
        for a, b in [(a, b) for a in keys for b in keys if a != b]:
            claim = Claim("prefers", a, other=b)
            verdict = decide(claim, SHIPPED, evidence(site, claim, Filter()))
            if verdict.answer != "no":
                chosen += 1
                assert verdict.answer == "words" and question.kind == "single" and a[1] == b[1]
    assert chosen > 3


def test_more_often_is_offered_where_nobody_chose(site):
    pairs = {
        "prefers,ens_benefits,data_sharing,yes,ens_benefits,secure_storage,yes": "C’est plus souvent que «",
        "prefers,ens_benefits,secure_storage,yes,ens_benefits,data_sharing,yes": "C’est moins souvent que «",
        "prefers,governance,state_guarantor,agree,governance,include_private_sector,agree": (
            "Cette réponse est donnée plus souvent que pour l’item «"
        ),
        "prefers,ens_intention,-,favourable,ens_intention,-,unfavourable": "C’est plus souvent que «",
    }
    for text, offered in pairs.items():
        answer, reason, printed = told(site, text)
        assert answer == "no" and "personne n’a c" in reason and offered in printed


def test_an_item_is_quoted_after_the_question(site):
    printed = told(site, "percent-90,opportunities,professionals_exchange_data,agree")[2]
    assert "ont répondu « D’accord » à la question « Êtes-vous" in printed
    assert "? »".replace(" ", " ") + ", pour l’item « aux médecins et" in printed
    for key in PRINTED:
        assert "à propos de" not in told(site, Claim("percent", key, "1").text)[2].split("(")[0]


@pytest.mark.parametrize("claim", ["more_than-60", "less_than-95"])
def test_a_threshold_is_not_printed_where_the_percentage_is_clearer(site, claim):
    answer, _, printed = told(site, f"{claim},opportunities,professionals_exchange_data,agree")
    assert answer == "yes" and printed.startswith("90 % des adultes")


def test_a_fraction_that_tells_less_than_the_percentage_is_not_offered(site):
    claim, _ = parse_claim("majority,public_management,-,positive", SHIPPED)
    offered = writable(claim, SHIPPED, evidence(site, claim, Filter()))
    assert [v.claim.form for v in offered] == ["percent", "majority"]
    asked = replace(claim, form="fraction", number="half")
    assert "fraction" in [v.claim.form for v in writable(asked, SHIPPED, evidence(site, asked, Filter()))]


def test_tenths_are_offered_only_to_whoever_asked_for_them(site):
    for form in FORMS:
        for key in PRINTED:
            claim = complete(form, key, SHIPPED)
            forms = [v.claim.form for v in writable(claim, SHIPPED, evidence(site, claim, Filter()))]
            assert forms[:1] in ([], ["percent"])
            assert "tenths" not in forms or form == "tenths"
    claim, _ = parse_claim("tenths-7,app_data_consent,-,agree", SHIPPED)
    assert "tenths" in [v.claim.form for v in writable(claim, SHIPPED, evidence(site, claim, Filter()))]


@pytest.mark.parametrize("lang", LANGS)
def test_a_quotation_ends_before_what_follows_it(site, lang):
    words = site.words[lang]
    for key in ("report_says", "asked_as", "not_asked_as", "more.question"):
        assert words(f"claim.{key}", quote="x", wording="x", translation="").endswith(".")


# -- an unknown question


@pytest.mark.parametrize(
    ("text", "nearest", "instead"),
    [
        ("tenths-8,outlok,-,positive", "outlook", "tenths-8,outlook,-,positive"),
        ("majority,zz", None, "majority,outlook,-,positive"),
        ("majority", None, "majority,outlook,-,positive"),
        (
            "prefers,outlook,-,neutral,outlok,-,x",
            "outlook",
            "prefers,outlook,-,neutral,outlook,-,positive",
        ),
    ],
)
def test_an_unknown_question_is_answered_with_the_nearest_ones(text, nearest, instead):
    _, left = parse_claim(text, SHIPPED)
    (unknown,) = [x for x in left if x.part == "question"]
    near_by = nearest_questions(unknown)
    assert bool(near_by) == bool(unknown.found) and (nearest is None or near_by[0] == nearest)
    assert with_question(text, OUTLOOK, SHIPPED) == instead


# -- simulated groups


GROUPS = ("age=65-plus", "digital_literacy=expert_or_confirmed", "sex=female&ald=yes", "region=94")


@pytest.mark.parametrize("where", GROUPS)
def test_a_simulated_figure_is_never_a_yes_and_never_a_number(site, where):
    group = Filter.parse(where, SHIPPED.variables)
    for claim in every_claim():
        found = evidence(site, claim, group)
        assert {f.origin for f in found.figures.values()} <= {"published"}
        verdict = decide(claim, SHIPPED, found)
        assert (verdict.answer, verdict.reason) == ("no", "simulated")
        assert not DIGIT.search(reason_text(verdict, SHIPPED, group, site.words["fr"]))
        assert not writable(claim, SHIPPED, found)


def test_the_report_s_own_statement_is_offered_for_a_simulated_group(site):
    group = Filter.parse("digital_literacy=expert_or_confirmed", SHIPPED.variables)
    claim, _ = parse_claim("more_than_rest,tools_used,teleconsultation,yes", SHIPPED)
    said = quotable_statements(statements_for(SHIPPED.statements_on("tools_used"), group), claim)
    assert said
    for lang in LANGS:
        for entry in said:
            text = statement_sentence(entry, site.words[lang])
            assert (entry.statement.quote if lang == "fr" else entry.statement.quote_en) in text
            assert entry.statement.heading in text
    answer, _, printed = told(site, claim.text, group.key)
    assert answer == "no" and printed.startswith("27 % des adultes de France métropolitaine")


# -- real groups


@pytest.mark.parametrize("where", ["age=65-plus", "sex=female", "digital_literacy=expert_or_confirmed"])
@pytest.mark.parametrize("form", GROUP)
def test_a_real_group_is_tested_against_the_rest(real, where, form):
    group = Filter.parse(where, real.survey.variables)
    answers = set()
    for question in ("tools_used", "system_risks", "ens_intention", "teleconsultation_count"):
        for test in real.compare(question, group, None):
            claim = Claim(form, (test.question, test.item, test.answer))
            found = evidence(real, claim, group)
            verdict = decide(claim, real.survey, found)
            mine, rest = found.figures[claim.subject], found.rest[claim.subject]
            shown = mine.quotable and rest.quotable and test.reliable
            sure = test.p_adjusted is not None and test.p_adjusted < 0.05
            right = (test.result.difference > 0) == (form == "more_than_rest")
            assert (verdict.answer != "no") == (shown and sure and right)
            answers.add(verdict.answer)
            for lang in LANGS:
                assert reason_text(verdict, real.survey, group, real.words[lang])
                to_print(verdict, real.survey, group, found, real.words[lang])
    assert "no" in answers


def test_a_real_difference_is_printed_with_group_rest_and_gap(real):
    where = "digital_literacy=expert_or_confirmed"
    answer, reason, printed = told(real, "more_than_rest,tools_used,teleconsultation,yes", where)
    assert answer == "yes" and "au-delà du hasard" in reason
    assert printed.startswith("Parmi les personnes à l’aise avec le numérique")
    assert "Dans le reste" in printed and "points" in printed


def test_a_hidden_figure_of_a_group_gives_no_number_at_all(real):
    group = Filter.parse("region=94", real.survey.variables)
    hidden = 0
    for claim in every_claim():
        found = evidence(real, claim, group)
        mine = found.figures.get(claim.subject)
        if mine is None or mine.quotable or claim.form == "risen":
            continue
        hidden += 1
        verdict = decide(claim, real.survey, found)
        assert (verdict.answer, verdict.reason, verdict.figure) == ("no", "hidden", None)
        assert not writable(claim, real.survey, found)
        for lang in LANGS:
            words = real.words[lang]
            assert to_print(verdict, real.survey, group, found, words) == ()
            # the threshold of 30 is the only number there is
            said = reason_text(verdict, real.survey, group, words).replace("30", "")
            assert not DIGIT.search(said)
    assert hidden > 200


def test_a_real_group_s_sentence_names_the_group_and_its_base(real):
    answer, _, printed = told(real, "majority,crisis_satisfaction,-,satisfied", "sex=female", "en")
    assert answer == "words"
    assert printed.startswith("Among women surveyed online in July 2020 (users of at least one tool")
    n = (
        evidence(
            real,
            Claim("majority", ("crisis_satisfaction", None, "satisfied")),
            Filter((("sex", ("female",)),)),
        )
        .figures["crisis_satisfaction", None, "satisfied"]
        .n
    )
    assert f"({n} people; indicative 95% interval" in printed


def test_where_the_entries_do_not_tell_who_was_asked_the_base_is_quoted(real):
    for where in ("", "sex=female"):
        printed = told(real, "percent-91,crisis_satisfaction_teleconsultation,-,satisfied", where)[2]
        assert "tilisateurs de la téléconsultation pendant la crise sanitaire" in printed


# -- the survey's examples


def test_the_shipped_examples_have_these_verdicts(site):
    found = []
    for example in SHIPPED.claims:
        claim, left = parse_claim(example.claim, SHIPPED)
        assert claim is not None and not left
        where = Filter.parse(example.where, SHIPPED.variables)
        found.append(decide(claim, SHIPPED, evidence(site, claim, where)).reason)
    assert found == [
        "two_questions",
        "reaches_below",
        "tie",
        "hindsight",
        "near",
        "ranked",
        "far",
        "simulated",
    ]


@pytest.mark.parametrize(
    ("entry", "place", "found"),
    [
        ("claim: 'majority,outlok,-,positive'", "claims[1]: claim", "'outlok'"),
        ("claim: 'most,outlook,-,positive'", "claims[1]: claim", "'most'"),
        ("claim: 'tenths-11,outlook,-,positive'", "claims[1]: claim", "'11'"),
        ("claim: ''", "claims[1]: claim", "nothing"),
        ("claim: 'majority,outlook', where: 'age=99'", "claims[1]: where", "'99'"),
    ],
)
def test_an_example_that_leads_nowhere_is_an_error_of_the_folder(tmp_path, entry, place, found):
    folder = copy_of_shipped(tmp_path)
    (folder / "claims.yaml").write_text(f"claims:\n- {{text: {{fr: x, en: x}}, {entry}}}\n", "utf-8")
    with pytest.raises(SurveyErrors) as caught:
        read_survey(folder)
    assert [(e.file, e.entry, e.found) for e in caught.value.errors] == [("claims.yaml", place, found)]
