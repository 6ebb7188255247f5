"""The words of a card as HTML: what stands above the chart, below it, and in the fold."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ens_dash.estimate.comparisons import Comparison
from ens_dash.render.bars import table
from ens_dash.render.card import Card, Said
from ens_dash.render.sentence import (
    base_line,
    margin_hint,
    mark_line,
    reading_note,
    rest_note,
    source_line,
    title,
)
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.view import View, filter_sentence

# notes without which a figure is misread stand under the chart; the others are in the fold
ALWAYS_SHOWN = ("coverage", "footnote")


def head(card: Card, survey: Survey, words: Words) -> str:
    """Title, wording, what the report says of the group, and why a number is not shown."""
    question = card.question
    lead = words(
        "card.wording" if question.wording_printed else "card.no_wording", wording=words.of(question.wording)
    )
    ours = f' <span class="quiet">{escape(words("card.translation"))}</span>' if words.lang != "fr" else ""
    parts = [
        f'<h2 class="card-title" id="{question.id}">{escape(title(card, survey, words))}</h2>',
        f'<p class="wording">{escape(lead)}{ours} <b>{escape(words.of(question.reading))}</b></p>',
    ]
    if card.where:
        parts.append(said(card, words))
    if card.too_few and card.showing_group:
        people = filter_sentence(card.where, survey.variables, words)
        parts.append(f'<p class="note">{escape(words("card.too_few", people=people))}</p>')
    elif card.some_hidden and card.showing_group:
        parts.append(f'<p class="note">{escape(words("card.some_hidden"))}</p>')
    return "".join(parts)


def said(card: Card, words: Words) -> str:
    """The report's own words on the group and this question, or that it has none."""
    if not card.said:
        return f'<p class="said">{escape(words("said.nothing"))}</p>'
    told: dict[tuple[str, str], list[Said]] = {}
    for entry in card.said:
        told.setdefault((entry.statement.quote, entry.closeness), []).append(entry)
    parts = [
        f"<p><b>{said_lead(entries, words)}</b> "
        f"{quotation(entries[0].statement.quote, entries[0].statement.quote_en, words)} "
        f"{escape(words('said.no_figure'))}</p>"
        for entries in told.values()
    ]
    return f'<div class="said">{"".join(parts)}</div>'


def said_lead(entries: Sequence[Said], words: Words) -> str:
    """What introduces a quotation: whom the report speaks of, in its words, and how near the filter is."""
    first = entries[0].statement
    key = "said.all" if first.where is None else f"said.{entries[0].closeness}"
    groups = dict.fromkeys(
        e.statement.group_en if words.lang == "en" and e.statement.group_en else e.statement.group
        for e in entries
    )
    return escape(words(key, group=words.both(groups)))


def quotation(text: str, translation: str | None, words: Words) -> str:
    """The report's or a citizen's words, in French; on an English page followed by our translation."""
    quote = f'<q lang="fr" class="quote">{escape(text)}</q>'
    if words.lang == "fr" or translation is None:
        return quote
    return f"{quote} {escape(words('quotation.translated', text=translation))}"


def foot(card: Card, survey: Survey, view: View, words: Words) -> str:
    """Origin, base and source; for a simulated view, what must be known of its figures."""
    study = survey.study
    origin = "published" if card.whole_origin == "published" else "microdata"
    source = source_line(card.question, survey, words, printed=origin == "published")
    lines = [
        f'<span class="tag {origin}">{escape(words(f"origin.{origin}").upper())}</span> '
        f"{escape(base_line(card, survey, words))}. {escape(source)}"
    ]
    if card.question.stimulus:
        lines.append(escape(words("card.after_stimulus")))
    lines += [escape(words.of(n.text)) for n in card.notes if n.kind in ALWAYS_SHOWN]
    if any(f.question == card.question.id and f.reading == "layout" for f in survey.published):
        lines.append(escape(words("card.layout")))
    if card.fictional:
        method = escape(view.url("methode"), quote=True)
        mark = escape(mark_line(card, words))
        lines.append(
            f'<span class="tag fictional">{escape(words("origin.fictional").upper())}</span> '
            f"{escape(words('figure.do_not_quote', n=words.number(card.group_n or 0)))} {mark} "
            f"{escape(margin_hint(card, words))} "
            f'<a href="{method}" target="_self">{escape(words("figure.how_made"))}</a>'
        )
    elif _whiskers(card):
        lines.append(escape(words("interval.line" if study.quota_sample else "interval.line_plain")))
    return f'<p class="source">{"<br>".join(lines)}</p>'


def _whiskers(card: Card) -> bool:
    """Whether the chart draws intervals: not on a stacked bar, nor where another question is behind."""
    stacked = card.kind == "single" and not card.question.items and len(card.rows) > 1
    drawn = not stacked and not any(r.beside for r in card.rows)
    return drawn and any(f.low is not None for f in card.figures)


def details(card: Card, survey: Survey, against_rest: Sequence[Comparison], words: Words) -> str:
    """Reading note (with the test against the rest, for a real group), table, what the report says without
    a figure, the text shown before the question, notes."""
    place = words("source.place", heading=card.question.heading) if card.question.heading else ""
    reading = f"{reading_note(card, survey, words)} {rest_note(card, against_rest, words)}".strip()
    parts = [
        f'<p class="reading">{escape(reading)}</p>',
        table(card, survey, words),
        f'<p class="quiet">{escape(place)}</p>',
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
        items = "".join(f"<li>{escape(words.of(n.text))}</li>" for n in card.notes)
        parts.append(f"<h3>{escape(words('card.notes'))}</h3><ul>{items}</ul>")
    return "".join(parts)
