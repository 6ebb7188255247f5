"""How a card is cited: a sentence for an article, a reference in each language, BibTeX.

A simulated figure is never in a citation: of a fictional card the report's own words on the group are
cited, or that it has none.
"""

from __future__ import annotations

from dataclasses import dataclass

from ens_dash import __version__
from ens_dash.render.around import quoted, said_lead, told
from ens_dash.render.card import Card
from ens_dash.render.sentence import base_line, source_line, title
from ens_dash.survey.base import Lang
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.view import filter_sentence

# what TeX reads as something else than the sign
TEX = str.maketrans(
    {c: f"\\{c}" for c in "&%$#_{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
)


@dataclass(frozen=True)
class Citation:
    """`sentence` is in the page's language; a reference in each; BibTeX holds the original title."""

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
        bibtex=_bibtex(card, survey, words["fr"], link, release),
    )


def _sentence(card: Card, survey: Survey, words: Words, link: str) -> str:
    printed = card.whole_origin == "published"
    source = source_line(card.question, survey, words, printed=printed)
    if not card.fictional:
        found, base = title(card, survey, words), base_line(card, survey, words)
        return words("citation.sentence", finding=found, base=base, source=source, link=link)
    people = filter_sentence(card.where, survey.variables, words)
    said = " ".join(
        f"{said_lead(entries, words)} {quoted(entries[0].statement, words)}" for entries in told(card)
    )
    key = "citation.words" if said else "citation.silent"
    subject = words.of(card.question.title)
    return words(key, people=people, subject=subject, said=said, source=source, link=link)


def _reference(card: Card, survey: Survey, words: Words, link: str, release: str) -> str:
    return words(
        "citation.reference",
        citation=words.of(survey.study.citation),
        subject=words.of(card.question.title),
        site=words("site.name"),
        version=__version__,
        release=release,
        link=link,
    )


def _bibtex(card: Card, survey: Survey, words: Words, link: str, release: str) -> str:
    study = survey.study
    fields = {
        "title": f"{{{words.of(study.title).translate(TEX)}}}",
        "author": f"{{{study.pollster.translate(TEX)}}}",
        "institution": f"{{{words.of(study.commissioner).translate(TEX)}}}",
        "year": str(study.end.year),
        "month": str(study.end.month),
        "note": f"{words.of(card.question.title)}. ens_dash {__version__}, {release}".translate(TEX),
        "url": link,
    }
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@techreport{{{study.id}:{card.question.id},\n{body}\n}}"
