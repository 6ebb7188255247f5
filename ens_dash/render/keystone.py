"""A keystone of the start page: the sentence with its figures, and where they are from."""

from __future__ import annotations

import re
from html import escape

from ens_dash.estimate.figures import published_figures
from ens_dash.render.sentence import TemplateError, fill
from ens_dash.survey.model import Keystone, Survey
from ens_dash.text import Words

# what leads in a keystone's text
BOLD = re.compile(r"\*\*(.+?)\*\*")


def keystone_text(keystone: Keystone, survey: Survey, words: Words) -> str:
    """The sentence as HTML; empty where a figure that it names is not printed."""
    question = survey.by_id[keystone.question]
    figures = {f.key: f for f in published_figures(survey, [question])}
    try:
        text = escape(fill(words.of(keystone.text), question, figures, words))
    except TemplateError:
        return ""
    return BOLD.sub(r"<b>\1</b>", text)


def keystone_source(keystone: Keystone, survey: Survey, words: Words) -> str:
    """Origin and base, as HTML."""
    question = survey.by_id[keystone.question]
    tag = escape(words("origin.published").upper())
    text = words.of(question.base.text)
    if question.base.n:
        text = words("base.printed", people=text, n=words.number(question.base.n))
    return f'<p class="source"><span class="tag published">{tag}</span> {escape(text)}</p>'
