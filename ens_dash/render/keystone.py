"""A keystone of the start page: the sentence with its figures, and where they are from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from ens_dash.estimate.figures import Figure
from ens_dash.render.langs import marked
from ens_dash.render.sentence import TemplateError, fill
from ens_dash.survey.model import Keystone, Survey
from ens_dash.text import Words

# what leads in a keystone's text
BOLD = re.compile(r"\*\*(.+?)\*\*")


def keystone_text(keystone: Keystone, survey: Survey, words: Words, figures: Iterable[Figure]) -> str:
    """The sentence as HTML; empty where a figure that it names is not there, or must not be shown.

    `figures`: everybody's, of its question at least.
    """
    question = survey.by_id[keystone.question]
    known = {f.key: f for f in figures if f.quotable}
    try:
        text = escape(fill(words.of(keystone.text), question, known, words))
    except TemplateError:
        return ""
    return BOLD.sub(r"<b>\1</b>", text)


def keystone_source(keystone: Keystone, survey: Survey, words: Words, figures: Iterable[Figure]) -> str:
    """Origin and base, as HTML."""
    question = survey.by_id[keystone.question]
    mine = [f for f in figures if f.question == question.id]
    real = any(f.origin == "microdata" for f in mine)
    origin = "microdata" if real else "published"
    n = max((f.n or 0 for f in mine), default=0) if real else question.base.n
    text = words.of(question.base.text)
    if n:
        text = words("base.printed", people=text, n=words.number(n))
    told = marked(text, (question.base.text,), words)
    tag = escape(words(f"origin.{origin}").upper())
    return f'<p class="source"><span class="tag {origin}">{tag}</span> {told}</p>'
