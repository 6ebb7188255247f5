"""The interface's words as a survey speaks them.

The texts in data/text are for any survey. In their place stand, one over the other: texts for surveys of a
kind (data/text/variants), and the survey's own (words.yaml of its folder). In any of them a survey fills in
{survey_name}, {survey_month}… (`facts_of`).
"""

from __future__ import annotations

import logging
import string
from dataclasses import replace

from ens_dash.survey.base import LANGS, Lang
from ens_dash.survey.model import Survey
from ens_dash.text.words import Words, spaced

VOWELS = "aeiouyâàéèêîïôûh"
_log = logging.getLogger(__name__)


def survey_words(words: dict[Lang, Words], survey: Survey, *, simulated: bool) -> dict[Lang, Words]:
    """The words of a site that shows a survey; `simulated`: whether its respondents are. Given the words of
    a site already, the same again."""
    return {lang: _of(words[lang], survey, simulated) for lang in LANGS}


def kinds(survey: Survey, simulated: bool) -> tuple[str, ...]:
    """Which variants a survey takes: `real` answers, a `plain` sample without quotas, figures that stand
    `alone`, without a report that prints some or speaks of groups."""
    told = {
        "real": not simulated,
        "plain": not survey.study.quota_sample,
        "alone": not (survey.published or survey.statements or survey.worded),
    }
    return tuple(kind for kind, holds in told.items() if holds)


def facts_of(survey: Survey, words: Words) -> dict[str, str]:
    """What a survey fills in: its facts in words, ready to stand in a sentence."""
    study, month = survey.study, words.month(survey.study.start)
    facts = {
        "name": words.of(study.short_title),
        "month": month,
        "of_month": words(f"date.of_{'vowel' if month[0] in VOWELS else 'other'}", month=month),
        "people": words.of(study.people),
        "universe": words.of(study.universe),
        "commissioner": words.of(study.commissioner),
        "pollster": study.pollster,
        "mode": words.of(study.mode),
        "days": words.days(study.start, study.end),
        "n": words.number(study.n),
    }
    return {f"survey_{name}": text for name, text in facts.items()}


def _of(words: Words, survey: Survey, simulated: bool) -> Words:
    texts, given = dict(words.texts), facts_of(survey, words)
    texts["people.everybody"] = texts["people.everybody_of"]
    texts["site.name"] = "{survey_name}"
    for kind in kinds(survey, simulated):
        texts |= words.variants.get(kind, {})
    for own in survey.words:
        text = own.text.fr if words.lang == "fr" else own.text.en
        if text is None:
            continue
        if own.key not in texts or not fills(text) <= fills(words.texts[own.key]) | set(given):
            _log.warning("%s: words.yaml, %s: left out", survey.study.id, own.key)
            continue
        texts[own.key] = spaced(text) if words.lang == "fr" else text
    return replace(words, texts=texts, given=given, original=survey.study.lang)


def fills(text: str) -> set[str]:
    """The names that a text fills in; a brace that is not closed counts as a name that nobody fills in."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {text}
