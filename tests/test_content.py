"""The words of the shipped survey against its own figures."""

from __future__ import annotations

import re

import pytest

from ens_dash.estimate.figures import published_figures
from ens_dash.render.sentence import fill
from ens_dash.survey.base import LANGS, Lang
from ens_dash.survey.model import Survey
from ens_dash.text import Words

PERCENT = re.compile(r"(\d+)[\s\u00a0\u202f]?%")


@pytest.mark.parametrize("lang", LANGS)
def test_every_percentage_in_a_page_introduction_is_printed_for_one_of_its_questions(
    survey: Survey, lang: Lang
) -> None:
    for page in survey.pages:
        printed = {round(f.value) for f in survey.published if f.question in page.questions}
        quoted = {int(n) for n in PERCENT.findall(page.intro.of(lang))}
        assert quoted <= printed, page.id


@pytest.mark.parametrize("lang", LANGS)
def test_every_line_of_the_first_page_fills_in_from_the_report(
    survey: Survey, words: dict[Lang, Words], lang: Lang
) -> None:
    filled = []
    for keystone in survey.keystones:
        question = survey.by_id[keystone.question]
        figures = {f.key: f for f in published_figures(survey, [question])}
        filled.append(fill(words[lang].of(keystone.text), question, figures, words[lang]))
    shares = [PERCENT.findall(text) for text in filled]
    assert shares == [["70", "27"], ["49"], ["77", "26"], ["54", "53"], ["89"]]


def test_a_single_choice_question_whose_answers_are_all_printed_adds_up_to_a_hundred(survey: Survey) -> None:
    checked = 0
    for question in survey.questions:
        if question.kind != "single":
            continue
        for item in question.item_ids:
            keys = [(question.id, item, a.code) for a in question.answers]
            values = [survey.published_by_key[k].value for k in keys if k in survey.published_by_key]
            if len(values) == len(keys):
                checked += 1
                assert sum(values) == pytest.approx(100, abs=1), question.id
    assert checked >= 3


def test_every_page_question_and_theme_is_reachable(survey: Survey) -> None:
    on_pages = [q for page in survey.pages for q in page.questions]
    assert sorted(on_pages) == sorted(survey.by_id)
    assert {page.theme for page in survey.pages} == {theme.id for theme in survey.study.themes}
