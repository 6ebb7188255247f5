"""The glossary where a word stands: first uses become buttons, everything else stays as it was."""

from __future__ import annotations

import re
from html import unescape

import pytest

from ens_dash.render.glossary import explained, terms_line
from ens_dash.survey.base import LANGS, Lang
from ens_dash.survey.model import Survey
from ens_dash.text import Words

TAG = re.compile(r"<[^>]+>")
MEANINGS = re.compile(r"<div popover.*?</div>")


def buttons(markup: str) -> list[str]:
    return [unescape(t) for t in re.findall(r'<button [^>]*class="term"[^>]*>(.*?)</button>', markup)]


def test_the_first_use_of_a_term_opens_its_meaning_and_the_second_is_plain(
    survey: Survey, words: dict[Lang, Words]
) -> None:
    marked = explained("<p>Le DMP, puis le DMP.</p>", survey.glossary, words["fr"], "q")
    assert buttons(marked) == ["DMP"]
    target = re.search(r'popovertarget="([^"]+)"', marked)
    assert target is not None
    assert marked.count(f'id="{target.group(1)}"') == 1
    assert "Dossier de santé en ligne" in marked


def test_nothing_but_buttons_and_meanings_is_added(survey: Survey, words: dict[Lang, Words]) -> None:
    before = "<p>Une marge d’erreur &amp; l’ENS pour les CSP+.</p><p>En ALD.</p>"
    marked = explained(before, survey.glossary, words["fr"], "q")
    assert buttons(marked) == ["marge d’erreur", "ENS", "CSP+", "ALD"]
    without = re.sub(r"</?button[^>]*>", "", MEANINGS.sub("", marked))
    assert without == before


def test_a_term_inside_another_word_or_a_tag_is_left_alone(survey: Survey, words: dict[Lang, Words]) -> None:
    before = '<p title="ENS">HALDE, SENS, fictifss <a href="?x=ALD">ALD</a></p><h2>ENS</h2><th>x</th>'
    assert explained(before, survey.glossary, words["fr"], "q") == before


def test_tables_and_headings_get_no_button_but_what_follows_them_does(
    survey: Survey, words: dict[Lang, Words]
) -> None:
    before = "<h2>ENS</h2><table><tr><th>DMP</th></tr></table><p>ENS</p>"
    marked = explained(before, survey.glossary, words["fr"], "q")
    assert marked.startswith("<h2>ENS</h2><table><tr><th>DMP</th></tr></table><p><button")
    assert buttons(marked) == ["ENS"]


def test_terms_of_labels_are_named_once_and_not_where_they_are_buttons_already(
    survey: Survey, words: dict[Lang, Words]
) -> None:
    glossary, fr = survey.glossary, words["fr"]
    head = explained("<p>L’ENS</p>", glossary, fr, "q")
    line = terms_line(["ENS et DMP", "DMP"], head, glossary, fr, "q")
    assert buttons(line) == ["DMP"]
    assert terms_line(["ENS"], head, glossary, fr, "q") == ""
    assert terms_line(["rien"], head, glossary, fr, "q") == ""


def test_a_survey_without_a_glossary_keeps_its_words(words: dict[Lang, Words]) -> None:
    assert explained("<p>ENS</p>", (), words["fr"], "q") == "<p>ENS</p>"
    assert terms_line(["ENS"], "", (), words["fr"], "q") == ""


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("term", ["DMP", "ALD", "CSP+", "CSP−"])
def test_the_words_that_are_not_everybodys_have_their_form(survey: Survey, lang: Lang, term: str) -> None:
    assert any(term in entry.forms.get(lang, ()) for entry in survey.glossary)


def test_every_form_belongs_to_one_term_only(survey: Survey) -> None:
    for lang in LANGS:
        forms = [form for entry in survey.glossary for form in entry.forms.get(lang, ())]
        assert len(forms) == len(set(forms))
