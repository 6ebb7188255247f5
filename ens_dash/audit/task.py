"""The main task in words: filter to 65 and over, read what they fear, download the chart."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ens_dash.audit.plan import GROUP, PAGE, QUESTION
from ens_dash.audited import Step
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.view import filter_sentence

if TYPE_CHECKING:
    from playwright.sync_api import Download

# milliseconds: the picture is drawn on the way
DOWNLOAD = 30_000
FILE = "PNG"
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Task:
    """What the page calls the things that the task needs, in one language. `items`: what people may fear."""

    variable: str
    segment: str
    people: str
    menu: str
    title: str
    question: str
    items: tuple[str, ...]
    share: str
    fold: str

    @classmethod
    def of(cls, survey: Survey, words: Words) -> Task:
        """The task on the site's survey.

        Raises:
            ValueError: the survey has no such page, question or group.
        """
        page = next((p for p in survey.pages if p.id == PAGE), None)
        variable = survey.variables_by_id.get(GROUP[0])
        segment = variable.segment(GROUP[1]) if variable is not None else None
        question = survey.by_id.get(QUESTION)
        if page is None or variable is None or segment is None or question is None:
            raise ValueError(f"{survey.study.id}: no page {PAGE}, question {QUESTION} or group {GROUP}")
        where = Filter.of({GROUP[0]: [GROUP[1]]}, survey.variables)
        items = [question.item_label(i.id, words.lang) for i in question.items] or [
            question.answer_label(a.code, words.lang) for a in question.answers
        ]
        return cls(
            variable=even(words.of(variable.label)),
            segment=even(words.of(segment.label)),
            people=even(filter_sentence(where, survey.variables, words)),
            menu=even(words.of(survey.menu_label(page))),
            title=even(words.of(page.title)),
            question=even(words.of(question.title)),
            items=tuple(even(i) for i in items),
            share=even(words("share.title")),
            # its number changes with the card
            fold=even(words("card.more", n=0)).partition("0")[0],
        )


def even(text: str) -> str:
    """A text with plain single spaces and in small letters, to be compared."""
    return re.sub(r"\s+", " ", text).strip().lower()


def attempted(name: str, attempt: Callable[[], str]) -> Step:
    """A step, done if `attempt` returns how, and not done, with the reason, if it raises."""
    try:
        return Step(step=name, done=True, told=attempt())
    except Exception as error:
        # whatever stops it would stop a visitor: a time that runs out, an element that is not there
        reason = " ".join(str(error).split())
        return Step(step=name, done=False, told=f"{type(error).__name__}: {reason[:300]}")


def downloaded(download: Download) -> str:
    """The name and size of a picture that has come.

    Raises:
        ValueError: it is none.
    """
    content = Path(download.path()).read_bytes()
    if not content.startswith(PNG):
        raise ValueError(f"{download.suggested_filename}: no PNG")
    return f"{download.suggested_filename}, {len(content)} bytes"
