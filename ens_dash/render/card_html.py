"""The words of a card as HTML: what stands above the chart, below it, and in the fold."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ens_dash.estimate.comparisons import Comparison
from ens_dash.render.alternative import figures_sentence
from ens_dash.render.around import asked, said_lead, told, under, why_hidden
from ens_dash.render.bars import table
from ens_dash.render.card import Card
from ens_dash.render.langs import about, marked, named
from ens_dash.render.sentence import reading_note, rest_note, title
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.view import View

# stands for what a sentence leaves open, where that is markup
NUL = "\0"


def head(card: Card, survey: Survey, words: Words) -> str:
    """Title, wording, what the report says of the group, and why a number is not shown."""
    question = card.question
    heading = marked(title(card, survey, words), named(question), words)
    parts = [
        f'<h2 class="card-title" id="{question.id}">{heading}</h2>',
        f'<p class="wording">{wording(card, words)}</p>',
    ]
    if card.where and survey.statements:
        parts.append(said(card, words))
    hidden = why_hidden(card, survey, words)
    if hidden:
        parts.append(f'<p class="note">{escape(hidden)}</p>')
    return "".join(parts)


def wording(card: Card, words: Words) -> str:
    """The question as asked, and what its figures are a share of."""
    question = card.question
    told = marked(asked(card, words), (question.wording,), words)
    return f"{told} <b>{marked(words.of(question.reading), (question.reading,), words)}</b>"


def said(card: Card, words: Words) -> str:
    """The report's own words on the group and this question, or that it has none."""
    if not card.said:
        return f'<p class="said">{escape(words("said.nothing"))}</p>'
    parts = [
        f"<p><b>{escape(said_lead(entries, words))}</b> "
        f"{quotation(entries[0].statement.quote, entries[0].statement.quote_en, words)} "
        f"{escape(words('said.no_figure'))}</p>"
        for entries in told(card.said)
    ]
    return f'<div class="said">{"".join(parts)}</div>'


def quotation(text: str, translation: str | None, words: Words) -> str:
    """The report's or a citizen's words, in its language; in the other followed by our translation."""
    quote = f'<q lang="{words.original}" class="quote">{escape(text)}</q>'
    if words.lang == words.original or translation is None:
        return quote
    return f"{quote} {escape(words('quotation.translated', text=translation))}"


def foot(card: Card, survey: Survey, view: View, words: Words) -> str:
    """Origin, base and source; for a simulated view, what must be known of its figures."""
    lines = []
    for line in under(card, survey, words):
        tag = f'<span class="tag {line.origin}">{escape(line.tag)}</span> ' if line.tag else ""
        more = ""
        if line.origin == "fictional":
            method = escape(view.url("methode"), quote=True)
            more = f' <a href="{method}" target="_self">{escape(words("figure.how_made"))}</a>'
        lines.append(f"{tag}{marked(line.text, about(card, survey), words)}{more}")
    return f'<p class="source">{"<br>".join(lines)}</p>'


def _place(heading: str, words: Words) -> str:
    """The report's own heading, in its language, in a sentence of the page's."""
    before, after = words("source.place", heading=NUL).split(NUL)
    return f'{escape(before)}<span lang="{words.original}">{escape(heading)}</span>{escape(after)}'


def details(card: Card, survey: Survey, against_rest: Sequence[Comparison], words: Words) -> str:
    """What is folded under a card: the chart in a sentence and as a table (a chart points to both), reading
    note (with the test against the rest, for a real group), what the report says without a figure, the text
    shown before the question, notes."""
    question = escape(card.question.id)
    reading = f"{reading_note(card, survey, words)} {rest_note(card, against_rest, words)}".strip()
    parts = [
        f'<p class="say" id="say-{question}">'
        f"{marked(figures_sentence(card, words), named(card.question), words)}.</p>",
        table(card, survey, words),
        f'<p class="reading">{marked(reading, named(card.question), words)}</p>',
        f'<p class="quiet">{_place(card.question.heading, words)}</p>' if card.question.heading else "",
    ]
    if card.unnumbered:
        items = "".join(
            f"<li>{quotation(w.words, w.words_en, words)} {escape(words.of(w.note)) if w.note else ''}</li>"
            for w in card.unnumbered
        )
        parts.append(f"<h3>{escape(words('card.in_words'))}</h3><ul>{items}</ul>")
    if card.question.stimulus and survey.study.stimulus:
        text = escape(words.of(survey.study.stimulus)).replace("\n", "<br>")
        parts.append(f"<details><summary>{escape(words('card.stimulus'))}</summary><p>{text}</p></details>")
    if card.notes:
        items = "".join(f"<li>{marked(words.of(n.text), (n.text,), words)}</li>" for n in card.notes)
        parts.append(f"<h3>{escape(words('card.notes'))}</h3><ul>{items}</ul>")
    summary = escape(words("card.more", n=len(card.notes)))
    inside = "".join(parts)
    return f'<details class="data" id="data-{question}"><summary>{summary}</summary>{inside}</details>'
