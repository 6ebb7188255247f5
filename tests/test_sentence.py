"""Titles and notes: short, true to the intervals, and silent about what is simulated."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from folders import SHIPPED

from ens_dash.estimate.figures import figures
from ens_dash.render.card import make_card
from ens_dash.render.sentence import (
    TemplateError,
    base_line,
    fill,
    interval_note,
    margin_hint,
    reading_note,
    source_line,
    tied,
    title,
    value,
)
from ens_dash.site import Site, with_beside
from ens_dash.survey.base import LANGS
from ens_dash.survey.filter import Filter
from ens_dash.survey.folder import read_survey

LONGEST = 15
QUESTIONS = tuple(q.id for q in read_survey(SHIPPED).questions)
MAJORITY = re.compile(r"majorit", re.IGNORECASE)


@pytest.fixture(scope="module")
def card_of(store, survey):
    def make(question: str, text: str = "", show_fictional: bool = True):
        where = Filter.parse(text, survey.variables)
        asked = [survey.by_id[q] for q in with_beside(survey, [question])]
        whole = figures(store, asked, Filter())
        group = figures(store, asked, where) if where else None
        return make_card(survey, survey.by_id[question], where, whole, group, show_fictional)

    return make


def words_in(text: str) -> int:
    return sum(any(c.isalnum() for c in token) for token in text.split())


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_title_states_a_finding_in_15_words_or_fewer(card_of, survey, words, question, lang):
    found = title(card_of(question), survey, words[lang])
    assert words_in(found) <= LONGEST, found
    assert "2020" in found
    assert re.search(r"\d", found.replace("2020", "")), f"no figure in «{found}»"
    assert "{" not in found


@pytest.mark.parametrize("lang", LANGS)
def test_a_title_stays_short_in_every_segment(store, survey, words, lang):
    site = Site(store, words)
    for variable in survey.variables:
        for segment in variable.segments:
            where = Filter(((variable.id, (segment.code,)),))
            for card in site.cards(QUESTIONS, where, True):
                found = title(card, survey, words[lang])
                assert words_in(found) <= LONGEST, found


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_title_says_majority_only_where_the_interval_clears_one_half(
    card_of, survey, words, question, lang
):
    card = card_of(question)
    found = title(card, survey, words[lang])
    template = survey.by_id[question].finding.of(lang)
    assert not MAJORITY.search(template), "the word must come from the figure"
    if MAJORITY.search(found):
        shares = [int(n) / 100 for n in re.findall(r"(\d+)\s?%", found)]
        first = next(f for f in card.figures if f.question == question and f.est == shares[0])
        assert first.low > 0.5


def test_majority_follows_the_interval_and_not_the_estimate(card_of, survey, words):
    question = survey.by_id["outlook"]
    found = {f.key: f for f in card_of("outlook").figures}
    positive = found["outlook", None, "positive"]
    for low, majority in ((0.499, False), (0.5, False), (0.501, True), (None, False)):
        tried = {positive.key: replace(positive, low=low)}
        text = fill("{adults:positive} y voient du bien", question, tried, words["fr"])
        assert bool(MAJORITY.search(text)) is majority
        assert "51" in text


def test_51_percent_of_2100_is_no_majority(card_of, survey, words):
    assert not MAJORITY.search(title(card_of("outlook"), survey, words["fr"]))


@pytest.mark.parametrize("lang", LANGS)
def test_a_tie_is_not_ranked(card_of, survey, words, lang):
    found = title(card_of("ens_risks"), survey, words[lang])
    assert "54" in found and "53" in found
    assert re.search(r"non départagés|not ranked", found)
    clear = title(card_of("ens_benefits"), survey, words[lang])
    assert "59" in clear
    assert not re.search(r"non départagés|not ranked", clear)


def test_overlapping_intervals_are_a_tie_and_so_is_a_missing_one(card_of):
    one, other = [f for f in card_of("ens_risks").figures if f.question == "ens_risks"][:2]
    assert tied(one, other)
    apart = replace(other, low=one.high + 0.001, high=one.high + 0.01)
    assert not tied(one, apart)
    assert not tied(apart, one)
    assert tied(one, replace(apart, low=None, high=None))
    assert tied(one, one)


def test_several_level_items_are_counted(card_of, survey, words):
    question = survey.by_id["ens_risks"]
    level = {
        f.key: replace(f, est=0.5, low=0.48, high=0.52)
        for f in card_of("ens_risks").figures
        if f.question == question.id
    }
    assert "7" in fill("{top}", question, level, words["en"])


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_simulated_view_finds_nothing(card_of, survey, words, question, lang):
    card = card_of(question, "age=65-plus")
    found = title(card, survey, words[lang])
    label = survey.variables_by_id["age"].segment("65-plus").qualifier.of(lang)
    assert not re.search(r"\d", found.replace(label, "")), found
    assert not MAJORITY.search(found)
    assert re.search(r"exemple fictif|fictitious example", found)
    assert survey.by_id[question].title.of(lang) in found
    for said in (reading_note(card, survey, words[lang]),):
        start = "Exemple fictif, à ne pas citer" if lang == "fr" else "A fictitious example, not to be quoted"
        assert said.startswith(start)
        assert "95" not in said


@pytest.mark.parametrize("lang", LANGS)
def test_with_the_fictional_figures_off_the_title_says_it_is_the_report(card_of, survey, words, lang):
    card = card_of("system_risks", "age=65-plus", show_fictional=False)
    assert not card.fictional
    assert re.search(r"ce que dit le rapport|what the report says", title(card, survey, words[lang]))
    silent = title(card_of("ens_risks", "age=65-plus", show_fictional=False), survey, words[lang])
    assert "2020" in silent and not re.search(r"rapport|report|%", silent)
    assert margin_hint(card, words[lang]) == ""


def test_the_margin_of_a_simulated_view_is_that_of_as_many_real_respondents(card_of, words):
    hint = margin_hint(card_of("outlook", "age=65-plus"), words["fr"])
    assert "550" in hint
    assert "±4" in hint
    assert margin_hint(card_of("outlook"), words["fr"]) == ""


def test_a_finding_that_asks_for_a_figure_that_is_not_there_is_told(card_of, survey, words):
    found = {f.key: f for f in card_of("outlook").figures}
    with pytest.raises(TemplateError, match="outlook"):
        fill("{share:nope}", survey.by_id["outlook"], found, words["fr"])
    with pytest.raises(TemplateError, match="top"):
        fill("{top}", survey.by_id["outlook"], {}, words["fr"])


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_finding_of_the_survey_can_be_filled_in(card_of, survey, words, question):
    found = {f.key: f for f in card_of(question).figures}
    for lang in LANGS:
        fill(survey.by_id[question].finding.of(lang), survey.by_id[question], found, words[lang])


def test_the_base_is_given_where_the_report_prints_it_and_told_missing_where_not(card_of, survey, words):
    assert "563" in base_line(card_of("teleconsultation_count"), survey, words["fr"])
    without = base_line(card_of("first_use_in_crisis"), survey, words["fr"])
    assert not re.search(r"\d", without)
    assert "rapport" in without


def test_the_source_line_says_who_for_whom_how_and_when(card_of, survey, words):
    line = source_line(survey.by_id["outlook"], survey, words["fr"], printed=True)
    for part in ("OpinionWay", "inistère", "en ligne", "17–30 juillet 2020"):
        assert part in line


def test_the_interval_of_a_quota_sample_is_called_indicative(card_of, survey, words):
    figure = next(f for f in card_of("outlook").figures if f.answer == "positive")
    note = interval_note(figure, survey.study, words["fr"])
    assert "indicatif" in note.lower()
    assert "48,8" in note and "53,2" in note
    assert interval_note(replace(figure, origin="simulated"), survey.study, words["fr"]) == ""
    assert interval_note(replace(figure, low=None), survey.study, words["fr"]) == ""


def test_a_hidden_figure_is_written_as_a_dash(card_of, words):
    figure = card_of("outlook").figures[0]
    assert value(replace(figure, reliability="hidden"), words["fr"]) == words["fr"]("figure.none")
    assert value(None, words["fr"]) == words["fr"]("figure.none")
