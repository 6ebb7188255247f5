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
NUMBER = re.compile(r"\d+")


def translations(survey: Survey) -> list[tuple[str, str | None]]:
    """The report's French and our English, of all that it says in words only."""
    return [
        *((s.group, s.group_en) for s in survey.statements),
        *((s.quote, s.quote_en) for s in survey.statements),
        *((w.words, w.words_en) for w in survey.worded),
        *((v.quote, v.quote_en) for v in survey.verbatims),
    ]


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


def test_every_statement_worded_figure_and_verbatim_is_translated(survey: Survey) -> None:
    assert survey.statements and survey.worded and survey.verbatims
    assert [french for french, english in translations(survey) if not (english or "").strip()] == []


def test_the_same_french_has_the_same_english(survey: Survey) -> None:
    found: dict[str, set[str | None]] = {}
    for french, english in translations(survey):
        found.setdefault(french, set()).add(english)
    assert {french: english for french, english in found.items() if len(english) > 1} == {}


def test_a_translation_has_the_numbers_of_the_french_and_no_other(survey: Survey) -> None:
    for french, english in translations(survey):
        numbers = sorted(NUMBER.findall(french))
        added = ["50"] if "[sic" in (english or "") and "[sic" not in french else []
        assert sorted(NUMBER.findall(english or "")) == sorted(numbers + added), french
