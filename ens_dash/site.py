"""A release opened with its words: what every edge (ui, web, cli) asks for cards and figures.

Answers are kept by (question, filter, language) of one release; a new release is a new `Site`, so a page
never mixes two. `Opening` builds the first release in the background and follows the pointer afterwards.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from ens_dash.estimate.comparisons import Comparison, association, compare, what_sets_apart
from ens_dash.estimate.crosstab import RaoScott
from ens_dash.estimate.figures import Figure, figures, rest_figures
from ens_dash.estimate.sums import respondents
from ens_dash.render.card import Card, make_card
from ens_dash.render.card_html import details, foot, head
from ens_dash.render.chart import chart
from ens_dash.render.sentence import alt_text
from ens_dash.render.style import LIGHT
from ens_dash.settings import Settings
from ens_dash.store import ReleaseError, Store, build, current, open_store
from ens_dash.survey.base import Lang
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Question, Survey
from ens_dash.text import Words, load_words
from ens_dash.view import View

KEPT = 2048


@dataclass(frozen=True)
class Drawn:
    """A card in one language: HTML above and below the chart, the plotly figure, and its text alternative."""

    head: str
    chart: dict[str, Any]
    alt: str
    foot: str


class Site:
    """Cards and figures of one open release, in both languages."""

    def __init__(self, store: Store, words: dict[Lang, Words]) -> None:
        self.store = store
        self.words = words
        self.respondents = lru_cache(KEPT)(self._respondents)
        self._figures = lru_cache(KEPT)(self._read_figures)
        self._card = lru_cache(KEPT)(self._make_card)
        self.drawn = lru_cache(KEPT)(self._draw)
        self.compare = lru_cache(KEPT)(self._compare)
        self.apart = lru_cache(KEPT)(self._apart)
        self.association = lru_cache(KEPT)(self._association)

    @property
    def survey(self) -> Survey:
        return self.store.survey

    @property
    def simulated(self) -> bool:
        return self.store.release.origin == "simulated"

    def _respondents(self, where: Filter) -> int:
        """How many respondents of the release are in a filter."""
        return respondents(self.store, where)

    def figures(self, questions: tuple[str, ...], where: Filter, by: str | None = None) -> tuple[Figure, ...]:
        """The figures of some questions in a filter, all in one pass over the respondents."""
        return self._figures(questions, where, by)

    def cards(self, questions: tuple[str, ...], where: Filter, show_fictional: bool) -> list[Card]:
        """The cards of a page. One query for the whole page, cards kept one by one."""
        return [self._card(q, questions, where, show_fictional) for q in questions]

    def _read_figures(self, questions: tuple[str, ...], where: Filter, by: str | None) -> tuple[Figure, ...]:
        return figures(self.store, [self.survey.by_id[q] for q in questions], where, by)

    def _make_card(self, question: str, page: tuple[str, ...], where: Filter, show_fictional: bool) -> Card:
        asked = self.survey.by_id[question]
        wanted = with_beside(self.survey, page)
        whole = self.figures(wanted, Filter())
        group = self.figures(wanted, where) if where else None
        ours = {question, asked.beside}
        return make_card(
            self.survey,
            asked,
            where,
            [f for f in whole if f.question in ours],
            None if group is None else [f for f in group if f.question in ours],
            show_fictional,
        )

    def _draw(self, card: Card, view: View) -> Drawn:
        words = self.words[view.lang]
        return Drawn(
            head=head(card, self.survey, words),
            chart=chart(card, self.survey, words, LIGHT),
            alt=alt_text(card, self.survey, words),
            foot=foot(card, self.survey, view, words),
        )

    def details(self, card: Card, lang: Lang) -> str:
        """What is in a card's fold, made when it is opened."""
        real = bool(card.where) and not self.simulated
        tests = self.compare(card.question.id, card.where, None) if real else ()
        return details(card, self.survey, tests, self.words[lang])

    def rest(self, question: str, where: Filter) -> tuple[Figure, ...]:
        """The figures of a question among those who are not in a filter."""
        return rest_figures(self.store, [self.survey.by_id[question]], where)

    def _compare(self, question: str, a: Filter, b: Filter | None) -> tuple[Comparison, ...]:
        return compare(self.store, [self.survey.by_id[question]], a, b)

    def _apart(self, a: Filter) -> tuple[Comparison, ...]:
        return what_sets_apart(self.store, self.survey.questions, a)

    def _association(self, question: str, item: str | None, by: str, where: Filter) -> RaoScott | None:
        return association(self.store, self.survey.by_id[question], item, by, where)


def with_beside(survey: Survey, questions: Sequence[str]) -> tuple[str, ...]:
    """The questions and those drawn beside them, each once."""
    asked = [survey.by_id[q] for q in questions]
    beside = [q.beside for q in asked if q.beside is not None]
    return tuple(dict.fromkeys([*questions, *beside]))


def page_questions(survey: Survey, page: str) -> tuple[str, ...]:
    """The questions of a page that get a card of their own: one drawn beside another does not."""
    listed: tuple[str, ...] = next((p.questions for p in survey.pages if p.id == page), ())
    asked: list[Question] = [survey.by_id[q] for q in listed]
    beside = {q.beside for q in asked}
    return tuple(q.id for q in asked if q.id not in beside)


@dataclass(frozen=True)
class Opened:
    """What the opening of a site has come to: a site, still building, or the reason why not."""

    state: Literal["open", "building", "closed"]
    site: Site | None = None
    reason: str = ""


class Opening:
    """Opens the release in service, builds one where there is none, and moves to a new one when told."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._opened = Opened("closed")
        self._failed: str | None = None

    def get(self) -> Opened:
        """The site as it is now; the first call without a release starts building one and returns at once."""
        name = current(self.settings.releases, self.settings.survey)
        opened = self._opened
        if opened.site is not None and opened.site.store.release.id == name:
            return opened
        with self._lock:
            if self._opened.state == "building":
                return self._opened
            if name is not None and name != self._failed:
                self._open(name)
            elif name is None and self._failed != "build":
                self._opened = Opened("building")
                threading.Thread(target=self._build, name="build-release", daemon=True).start()
            return self._opened

    def _open(self, name: str) -> None:
        try:
            store = open_store(self.settings.releases, self.settings.survey)
            self._opened = Opened("open", Site(store, load_words(self.settings.data / "text")))
        except ReleaseError as error:
            # a broken release never replaces one that is being served
            self._failed = name
            if self._opened.site is None:
                self._opened = Opened("closed", reason=self._public(error))

    def _build(self) -> None:
        try:
            build(self.settings.survey_folder, self.settings.releases)
        except Exception as error:  # whatever it is, the operator is told and the site says it is closed
            self._failed = "build"
            self._opened = Opened("closed", reason=self._public(error))
        else:
            self._opened = Opened("closed")

    def _public(self, error: Exception) -> str:
        """The reason without the server's paths: the page that shows it is public."""
        reason = str(error) or type(error).__name__
        for folder in (self.settings.releases, self.settings.data):
            reason = reason.replace(f"{folder}/", "")
        return reason


@cache
def opening(settings: Settings) -> Opening:
    """The one opening of these settings in this process, shared by all sessions."""
    return Opening(settings)
