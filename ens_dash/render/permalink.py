"""The address under which a view, and a question in it, stands on the site: what every file carries."""

from __future__ import annotations

from dataclasses import replace

from ens_dash.survey.model import Survey
from ens_dash.view import View

COMPARE, DATA = "comparer", "donnees"


def permalink(
    view: View, survey: Survey, public_url: str, question: str | None = None, comparing: bool = False
) -> str:
    """The page that shows the view: absolute where `public_url` is known, otherwise beginning with a slash.

    One question is a place on its page; a division by segments and a comparison are on the page of
    comparisons (`comparing`: also one with the rest, which has no second group); several questions are in
    the table of all figures.
    """
    view = replace(view, layout=None, claim="", briefing=())
    if question is None and len(view.questions) == 1:
        question = view.questions[0]
    if comparing or (question is not None and (view.by is not None or view.versus is not None)):
        return public_url + replace(view, questions=() if question is None else (question,)).url(COMPARE)
    alone = replace(view, versus=None)
    if question is None:
        return public_url + alone.url(DATA, questions=())
    alone = replace(alone, questions=(question,))
    page = next((p.id for p in survey.pages if question in p.questions), None)
    if page is None:
        return public_url + alone.url(COMPARE)
    # named twice: a server never sees what stands after the #, and shows another site this card
    return f"{public_url}{alone.url(page)}#{question}"


def embed_address(view: View, public_url: str, question: str) -> str:
    """The page of one question alone, to be put into another site: its filter and language, nothing else."""
    return public_url + view.only(where=view.where).url(f"embed/{question}")
