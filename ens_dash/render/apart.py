"""What sets a group apart: the figures ranked, of real answers; the report's words, of simulated ones."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ens_dash.estimate.comparisons import Comparison
from ens_dash.render.around import said_lead, told
from ens_dash.render.card import Said
from ens_dash.render.card_html import quotation
from ens_dash.render.method import figure_label
from ens_dash.render.sentence import p_value
from ens_dash.survey.model import Survey
from ens_dash.text import Words


def apart_rows(survey: Survey, found: Sequence[Comparison], words: Words) -> list[tuple[str, ...]]:
    """Label, the group's figure, the rest's, their bases, corrected p: one row a comparison."""
    rows = []
    for row in found:
        result = row.result
        shown = []
        for est in (result.est_a, result.est_b):
            if est is None:
                shown.append(words("figure.none"))
            else:
                shown.append(words.number(est, 1) if row.unit == "mean" else words.percent(est))
        bases = f"{words.number(result.n_a)} / {words.number(result.n_b)}"
        label = figure_label(survey, row.question, row.item, row.answer, words)
        rows.append((label, *shown, bases, p_value(row.p_adjusted or 0.0, words)))
    return rows


def statements_about(survey: Survey, said: Sequence[Said], words: Words) -> str:
    """All that the report says of the group, as HTML; what no question measures says so."""
    if not survey.statements:
        return ""
    if not said:
        return f'<p class="said">{escape(words("said.nothing"))}</p>'
    parts = []
    for entries in told(said):
        statement = entries[0].statement
        subject = (
            f"<b>{escape(words.of(survey.by_id[statement.question].title))}.</b> "
            if statement.question
            else ""
        )
        end = "" if statement.question else f" {escape(words('compare.untested'))}"
        quote = quotation(statement.quote, statement.quote_en, words)
        parts.append(
            f'<div class="said"><p>{subject}{escape(said_lead(entries, words))} {quote}{end}</p></div>'
        )
    return "".join(parts)
