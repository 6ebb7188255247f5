"""What a briefing says, before any drawing: its slides' titles, quotations and speaker's notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from ens_dash.estimate.figures import Figure
from ens_dash.render.around import asked, said_lead, told, under, why_hidden
from ens_dash.render.card import Card
from ens_dash.render.datafile import file_name
from ens_dash.render.extract import Extract
from ens_dash.render.method import facts
from ens_dash.render.sentence import reading_note, title, value
from ens_dash.render.style import LIGHT, Style
from ens_dash.store import Release
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.view import filter_sentence


@dataclass(frozen=True, eq=False)
class Slide:
    """A finding: its card, its figures, and what the presenter wrote (`title` empty: the card's own)."""

    card: Card
    extract: Extract
    title: str = ""
    note: str = ""

    @property
    def fictional(self) -> bool:
        """Whether a simulated figure is drawn on it."""
        return self.card.fictional


@dataclass(frozen=True)
class Deck:
    """What all slides share. `day` is told on the cover and is the file's own date: the same slides of the
    same day give the same bytes. `stamp`: a text for programs that read the file again (render.stamp)."""

    survey: Survey
    release: Release
    words: Words
    permalink: str
    day: date
    stamp: str = ""
    style: Style = LIGHT

    @property
    def made(self) -> datetime:
        return datetime.combine(self.day, time())

    @property
    def mark(self) -> str:
        return self.words("origin.fictional").upper()


def deck_name(slides: Sequence[Slide], deck: Deck, extension: str) -> str:
    """`ens_dash_briefing_FICTIF_2020-07.pptx`."""
    fictional = [f for s in slides if s.fictional for f in s.extract.figures]
    return file_name("ens_dash_briefing", Filter(), fictional, deck.survey, deck.words, extension)


def heading(slide: Slide, deck: Deck) -> str:
    """The presenter's title, or the finding; over fictitious figures it says what they are."""
    if not slide.title.strip():
        return title(slide.card, deck.survey, deck.words)
    own = slide.title.strip()
    return deck.words("slides.own_title", title=own) if slide.fictional else own


def cover_lines(deck: Deck) -> list[str]:
    """Of which survey this is: who made it, whom it asked, what it cannot say."""
    words, study = deck.words, deck.survey.study
    told_of = {
        "pollster": study.pollster,
        "commissioner": words.of(study.commissioner),
        "mode": words.of(study.mode),
        "days": words.days(study.start, study.end),
    }
    quotas = words("slides.quotas", quotas=words.of(study.quotas)) if study.quotas else ""
    sample = {"n": words.number(study.n), "universe": words.of(study.universe), "quotas": quotas}
    found = [words("slides.facts", **told_of), words("slides.sample", **sample).strip()]
    return found + [words.of(t) for t in (study.coverage, study.since) if t is not None]


def fiction(slides: Sequence[Slide], deck: Deck) -> tuple[str, bool]:
    """How many slides are not to be quoted, and whether there are any; nothing to say of real answers."""
    words, n = deck.words, sum(s.fictional for s in slides)
    if n:
        return words("slides.some_fictional", n=words.number(n), total=words.number(len(slides))), True
    return words("slides.none_fictional") if deck.release.origin == "simulated" else "", False


def method_lines(slides: Sequence[Slide], deck: Deck) -> list[tuple[str, str]]:
    """How the survey was made, and what its figures cannot say: what names a fact (or nothing), the fact."""
    words, study = deck.words, deck.survey.study
    found = [
        (words("slides.fact", name=name, value="").rstrip(), fact)
        for name, fact in facts(deck.survey, deck.release.file, words).items()
    ]
    limits = [words("interval.line" if study.quota_sample else "interval.line_plain")]
    if study.coverage is not None:
        limits.append(words.of(study.coverage))
    if deck.release.origin == "simulated":
        limits.append(words("slides.printed"))
        fictional = any(s.fictional for s in slides)
        limits.append(words("slides.simulated" if fictional else "slides.none_fictional"))
    limits += [words.of(study.licence), words("footer.independent")]
    return found + [("", limit) for limit in limits]


def quotations(card: Card, words: Words) -> list[tuple[str, str]]:
    """The report's statements on the group: what introduces each, and the quotation."""
    found = []
    for entries in told(card.said):
        statement = entries[0].statement
        quote = words("quotation.quoted", text=statement.quote)
        if words.lang != words.original and statement.quote_en is not None:
            quote += f" {words('quotation.translated', text=statement.quote_en)}"
        found.append((said_lead(entries, words), f"{quote} {words('said.no_figure')}"))
    return found


def about_group(card: Card, deck: Deck) -> list[str]:
    """What must be said of the group before the report's words on it: that its figures are not there."""
    words = deck.words
    found = []
    if card.where and not card.showing_group:
        people = filter_sentence(card.where, deck.survey.variables, words)
        found.append(words("slides.whole_only", people=people))
    hidden = why_hidden(card, deck.survey, words)
    return [*found, hidden] if hidden else found


def notes(slide: Slide, deck: Deck) -> list[str]:
    """The speaker's notes: warning, wording, how to read, each figure with its interval, the report's words
    and notes in full, the permalink."""
    words, card = deck.words, slide.card
    found = [words("data.warning")] if slide.fictional else []
    found.append(words("slides.question", wording=asked(card, words)))
    found.append(reading_note(card, deck.survey, words))
    figures = figures_of(slide)
    found += [_figure_line(f, deck) for f in figures]
    if any(f.low is not None and f.origin != "simulated" for f in figures):
        found.append(words("interval.line" if deck.survey.study.quota_sample else "interval.line_plain"))
    found += about_group(card, deck)
    found += [f"{lead} {rest}" for lead, rest in quotations(card, words)]
    found += [line.text for line in under(card, deck.survey, words)]
    found += [words.of(n.text) for n in card.notes]
    if slide.note.strip():
        found.append(words("slides.value", label=words("slides.presenter"), value=slide.note.strip()))
    found.append(words("slides.permalink", permalink=slide.extract.permalink))
    found.append(words("slides.release_note", release=deck.release.id))
    return list(dict.fromkeys(found))


def figures_of(slide: Slide) -> list[Figure]:
    """The figures that are drawn on a slide, everybody's first."""
    card, question = slide.card, slide.card.question
    return [
        f
        for f in slide.extract.figures
        if f.quotable
        and (f.answer == question.headline or not question.items)
        and not (f.segment and card.whole_only)
    ]


def _figure_line(figure: Figure, deck: Deck) -> str:
    words, question = deck.words, deck.survey.by_id[figure.question]
    parts = [question.item_label(figure.item, words.lang)] if figure.item or figure.unit == "mean" else []
    if figure.unit != "mean" and not figure.item:
        parts.append(question.answer_label(figure.answer, words.lang))
    if figure.segment:
        where = Filter.parse(figure.segment, deck.survey.variables)
        parts.append(filter_sentence(where, deck.survey.variables, words))
    parts.append(words(f"data.origin.{figure.origin}"))
    label, shown = " – ".join(parts), value(figure, words)
    if figure.low is None or figure.high is None or figure.origin == "simulated":
        return words("slides.value", label=label, value=shown)
    if figure.unit == "mean":
        low, high = words.number(figure.low, 2), words.number(figure.high, 2)
    else:
        low, high = words.percent(figure.low, 1), words.percent(figure.high, 1)
    return words("slides.range", label=label, value=shown, low=low, high=high)
