"""Search: questions, items, statements and synonyms in both languages; what has no figure says so."""

from __future__ import annotations

import pytest

from ens_dash.search import fold, index, search, stems
from ens_dash.survey.base import LANGS
from ens_dash.survey.filter import Filter


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
        ("femmes", "digital_literacy"),
        ("women", "digital_literacy"),
        ("over 65", "ens_intention"),
        ("older people", "system_risks"),
        ("personnes âgées", "ens_intention"),
        ("chronic illness", "ens_reaction"),
        ("Paris region", "tools_used"),
        ("ateliers", "challenges"),
        ("workshops", "challenges"),
    ],
)
def test_what_people_type_leads_to_its_question(entries, text, question):
    assert question in {hit.question for hit in search(entries, text)}


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("solution alternative", "statement", "Proposer une solution alternative/parallèle"),
        ("spécialistes", "statement", "les spécialistes et les pharmaciens"),
        ("specialists", "statement", "les spécialistes et les pharmaciens"),
        ("parents", "statement", "les parents"),
        ("quotas", "method", "quotas de sexe"),
        ("ateliers", "method", "Première phase"),
        ("smartphone", "verbatim", "pas de smartphones"),
        ("older people", "note", "répondants les plus âgés"),
    ],
)
def test_what_belongs_to_no_question_is_found_too(entries, text, kind, part):
    found = [(h.kind, h.text.of("fr")) for h in search(entries, text)]
    assert any(k == kind and part in words for k, words in found)


def test_the_right_item_comes_first_by_its_own_words(entries, survey):
    item = survey.by_id["challenges"].item("access_for_all")
    for text in ("accès pour tous", "access for all", "accès à l’ensemble des usagers"):
        first = search(entries, text)[0]
        assert (first.question, first.kind, first.text) == ("challenges", "item", item.label), text


def test_an_entrys_own_words_weigh_more_than_the_title_of_its_question(entries):
    hits = search(entries, "risques", 50)
    own = [h.score for h in hits if h.kind == "question" and "Risques" in h.text.of("fr")]
    around = [h.score for h in hits if h.kind == "item" and "risque" not in h.text.of("fr").lower()]
    assert own and around
    assert min(own) > max(around)


def test_a_statement_is_found_by_the_labels_of_its_group_in_both_languages(survey, entries):
    for statement in survey.statements:
        for name, codes in Filter.parse(statement.where or "", survey.variables).terms:
            for code in codes:
                segment = survey.variables_by_id[name].segment(code)
                for lang in LANGS:
                    quotes = {h.text.fr for h in search(entries, segment.label.of(lang), 80)}
                    assert statement.quote in quotes, (statement.id, lang)


def test_a_statement_that_no_question_measures_says_so_and_why(survey, entries):
    untested = [s for s in survey.statements if s.question is None]
    assert len(untested) == 20
    for statement in untested:
        hit = next(h for h in search(entries, statement.quote, 80) if h.text.fr == statement.quote)
        if hit.question is None:
            assert hit.kind == "statement"
            assert hit.untested in {s.untested for s in untested if s.quote == statement.quote}
            assert not hit.with_figure
    tested = search(entries, "personnes âgées")[0]
    assert (tested.kind, tested.untested) == ("statement", None)
    assert tested.question


def test_what_the_report_says_is_found_by_its_translation_too(survey):
    one = {"quote_en": "xylophones", "group_en": "bassoonists"}
    translated = survey.model_copy(
        update={
            "statements": tuple(s.model_copy(update=one) for s in survey.statements[:1]),
            "worded": tuple(w.model_copy(update={"words_en": "glockenspiels"}) for w in survey.worded[:1]),
            "verbatims": tuple(v.model_copy(update={"quote_en": "harps"}) for v in survey.verbatims[:1]),
        }
    )
    made = index(translated)
    for text, kind, shown in (
        ("xylophone", "statement", "xylophones"),
        ("bassoonists", "statement", "xylophones"),
        ("glockenspiels", "worded", "glockenspiels"),
        ("harps", "verbatim", "harps"),
    ):
        assert [(h.kind, h.text.of("en")) for h in search(made, text)] == [(kind, shown)]


def test_every_note_is_found_and_leads_to_its_first_question(survey, entries):
    for note in survey.notes:
        for lang in LANGS:
            hits = [h for h in search(entries, note.text.of(lang), 80) if h.text == note.text]
            assert [(h.kind, h.question) for h in hits] == [
                ("note", note.questions[0] if note.questions else None)
            ], note.id


def test_every_quotation_is_found_and_leads_to_its_theme(survey, entries):
    for verbatim in survey.verbatims:
        hits = [h for h in search(entries, verbatim.quote, 80) if h.text.fr == verbatim.quote]
        assert [(h.kind, h.question, h.theme) for h in hits] == [("verbatim", None, verbatim.theme)]


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
