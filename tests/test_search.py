"""Search: questions, items, statements and synonyms in both languages; what has no figure says so."""

from __future__ import annotations

import pytest

from ens_dash.search import fold, index, search, stems


@pytest.fixture(scope="module")
def entries(survey):
    return index(survey)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("mon espace santé", "ens_intention"),
        ("Mon Espace Sante", "ens_reaction"),
        ("piratage", "ens_risks"),
        ("pirater", "ens_risks"),
        ("hacking", "ens_risks"),
        ("qui voit mes données", "safeguards"),
        ("who sees my data", "safeguards"),
        ("rdv en ligne", "tools_used"),
        ("téléconsultation", "teleconsultation_count"),
        ("teleconsultation", "first_use_in_crisis"),
        ("TELECONSULTATION", "first_use_in_crisis"),
        ("lockdown", "new_tool_in_crisis"),
        ("gain de temps", "advantages"),
        ("digital divide", "system_risks"),
        ("déserts médicaux", "tools_used"),
    ],
)
def test_what_people_type_leads_to_its_question(entries, text, question):
    assert question in {hit.question for hit in search(entries, text)}


@pytest.mark.parametrize("text", ["mon espace santé", "piratage", "qui voit mes données"])
def test_the_first_find_of_a_synonym_has_a_figure(entries, text):
    assert search(entries, text)[0].with_figure


def test_a_mention_without_a_figure_is_found_and_says_so(entries):
    hits = search(entries, "consentement recherche")
    mention = [hit for hit in hits if hit.kind == "worded"]
    assert [hit.question for hit in mention] == ["app_data_consent"]
    assert "recherche" in mention[0].text.of("fr")
    assert not mention[0].with_figure


def test_an_item_that_the_report_names_without_a_figure_says_so(entries, survey):
    items = {(h.question, h.text.of("fr")): h.with_figure for h in search(entries, "accès aux soins", 20)}
    printed = {(f.question, f.item) for f in survey.published}
    checked = 0
    for question in survey.questions:
        for item in question.items:
            if (question.id, item.label.of("fr")) in items:
                has_figure = (question.id, item.id) in printed
                assert items[question.id, item.label.of("fr")] is has_figure
                checked += 1
    assert checked >= 3
    assert False in items.values()


def test_every_question_and_item_is_found_by_its_own_words_in_both_languages(survey, entries):
    for question in survey.questions:
        for lang in ("fr", "en"):
            hits = search(entries, question.title.of(lang), 30)
            assert question.id in {h.question for h in hits}, question.id
            for item in question.items:
                hits = search(entries, item.label.of(lang), 30)
                assert question.id in {h.question for h in hits}, (question.id, item.id, lang)


def test_every_statement_with_a_question_is_found_by_its_words(survey, entries):
    for statement in survey.statements:
        if statement.question:
            hits = search(entries, statement.quote, 40)
            assert (statement.question, statement.quote) in {(h.question, h.text.fr) for h in hits}


@pytest.mark.parametrize("text", ["", "   ", "zzzzqqq", "'\"; --", "\0", "(((", "💥"])
def test_nothing_sensible_finds_nothing_and_is_no_error(entries, text):
    assert search(entries, text) == []


def test_a_text_is_found_once_a_question_and_no_more_than_asked_for(entries):
    hits = search(entries, "santé", 5)
    assert len(hits) == 5
    hits = search(entries, "santé", 500)
    keys = [(h.question, h.text.fr) for h in hits]
    assert len(keys) == len(set(keys))


def test_folding_and_stems():
    assert fold("L’Œuvre d’ÉTÉ") == "l'oeuvre d'ete"
    assert stems("les données piratées") == stems("la donnée, pirater")
    assert stems("the data") == stems("data")
