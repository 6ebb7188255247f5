"""How a card is cited: a sentence for an article, a reference in each language, BibTeX.

A simulated figure is never in a citation: of a fictional card the report's own words on the group are
cited, or that it has none.
"""

from __future__ import annotations

from dataclasses import dataclass

from ens_dash import __version__
from ens_dash.render.around import quoted, said_lead, told
from ens_dash.render.card import Card
from ens_dash.render.sentence import base_line, headline_interval, source_line, title
from ens_dash.survey.base import Lang
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.view import filter_sentence

# what TeX reads as something else than the sign
TEX = str.maketrans(
    {c: f"\\{c}" for c in "&%$#_{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
)

# BibTeX's own names of the months
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


@dataclass(frozen=True)
class Citation:
    """`sentence` and BibTeX's note are in the page's language; a reference in each."""

    sentence: str
    reference: dict[Lang, str]
    bibtex: str


def cite(
    card: Card, survey: Survey, words: dict[Lang, Words], lang: Lang, link: str, release: str
) -> Citation:
    """The citations of a card that stands at `link` in a release."""
    return Citation(
        sentence=_sentence(card, survey, words[lang], link),
        reference={code: _reference(card, survey, found, link, release) for code, found in words.items()},
        bibtex=_bibtex(card, survey, words, lang, link, release),
    )


def _sentence(card: Card, survey: Survey, words: Words, link: str) -> str:
    question = card.question
    source = source_line(question, survey, words, printed=card.whole_origin == "published")
    if not card.fictional and not card.whole_only:
        notes = [words("citation.stimulus")] if question.stimulus else []
        notes += filter(None, [headline_interval(card, words)])
        more = "".join(f"{note} " for note in notes)
        found, base = title(card, survey, words), base_line(card, survey, words)
        return words("citation.sentence", finding=found, base=base, more=more, source=source, link=link)
    said = " ".join(
        f"{said_lead(entries, words)} {quoted(entries[0].statement, words)}" for entries in told(card.said)
    )
    key = "citation.words" if said else "citation.silent"
    if card.origin != "simulated":
        key = "citation.hidden"
    subject, people = words.of(question.title), filter_sentence(card.where, survey.variables, words)
    return words(key, people=people, subject=subject, said=said, source=source, link=link)


def _reference(card: Card, survey: Survey, words: Words, link: str, release: str) -> str:
    return words(
        "citation.reference",
        citation=words.of(survey.study.citation),
        subject=_subject(card, survey, words),
        site=words("site.name"),
        version=__version__,
        release=release,
        link=link,
    )


def _subject(card: Card, survey: Survey, words: Words) -> str:
    """The question, and the group that was looked at: a reference must not pass for everybody's."""
    subject = words.of(card.question.title)
    if not card.where:
        return subject
    people = filter_sentence(card.where, survey.variables, words)
    key = "citation.unpublished" if card.origin == "simulated" else "citation.group"
    return words(key, subject=subject, people=people)


def _bibtex(card: Card, survey: Survey, words: dict[Lang, Words], lang: Lang, link: str, release: str) -> str:
    study, original = survey.study, words[survey.study.lang]
    commissioner = original.of(study.commissioner)
    note = words[lang]("citation.note", subject=_subject(card, survey, words[lang]))
    fields = {
        "title": f"{{{{{original.of(study.title).translate(TEX)}}}}}",
        "author": f"{{{{{study.pollster.translate(TEX)}}}}}",
        "institution": f"{{{{{(commissioner[:1].upper() + commissioner[1:]).translate(TEX)}}}}}",
        "year": f"{{{study.end.year}}}",
        "month": MONTHS[study.end.month - 1],
        "note": f"{{{f'{note} ens_dash {__version__}, {release}'.translate(TEX)}}}",
        "url": f"{{{link}}}",
    }
    body = ",\n".join(f"  {name} = {value}" for name, value in fields.items())
    return f"@techreport{{{study.id}:{card.question.id},\n{body}\n}}"
