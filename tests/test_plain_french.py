"""The first words of every page can be read by somebody who has left school at fourteen."""

from __future__ import annotations

import re

import pytest
import textstat

from ens_dash.render.first_page import INTRODUCTIONS
from ens_dash.survey.base import Lang
from ens_dash.survey.model import Survey
from ens_dash.text import Words

# Kandel and Moles (1958), Flesch for French: 60 to 70 is "standard", what a pupil of 13 to 14
# reads easily; above 70 is easy.
STANDARD = 60
LONGEST_SENTENCE = 30  # words
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý0-9«])")


def introductions(survey: Survey, words: Words) -> dict[str, str]:
    shown = {page.id: words.of(page.intro) for page in survey.pages}
    shown |= {path: words(key) for path, key in INTRODUCTIONS.items()}
    return shown


def meanings(survey: Survey, words: Words) -> dict[str, str]:
    return {words.of(g.term): words.of(g.meaning) for g in survey.glossary}


def sentences(text: str) -> list[str]:
    return SENTENCE_END.split(text)


def test_every_introduction_is_plain_french(survey: Survey, words: dict[Lang, Words]) -> None:
    textstat.set_lang("fr")
    scores = {k: textstat.flesch_reading_ease(t) for k, t in introductions(survey, words["fr"]).items()}
    assert len(scores) > len(survey.pages)
    assert {k: round(s) for k, s in scores.items() if s < STANDARD} == {}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_sentence_of_an_introduction_or_a_meaning_is_long(
    survey: Survey, words: dict[Lang, Words], lang: Lang
) -> None:
    long = [
        s
        for text in (introductions(survey, words[lang]) | meanings(survey, words[lang])).values()
        for s in sentences(text)
        if len(s.split()) > LONGEST_SENTENCE
    ]
    assert long == []


def test_the_measure_tells_an_officials_sentence_from_a_plain_one() -> None:
    textstat.set_lang("fr")
    heavy = (
        "La dématérialisation généralisée des procédures administratives sanitaires nécessite "
        "l’interopérabilité préalable des infrastructures informationnelles institutionnelles."
    )
    assert textstat.flesch_reading_ease(heavy) < STANDARD
    assert textstat.flesch_reading_ease("Le matin, il lit le journal. Le soir, il dort.") > STANDARD
