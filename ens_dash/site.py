"""A release opened with its words: what every edge (ui, web, cli) asks for cards and figures.

Answers are kept by (question, filter, language) of one release; a new release is a new `Site`, so a page
never mixes two. `Opening` builds the first release in the background and follows what is on disk afterwards.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from ens_dash.estimate.comparisons import (
    CellKey,
    Comparison,
    association,
    compare,
    crosstab_tests,
    what_sets_apart,
)
from ens_dash.estimate.crosstab import RaoScott
from ens_dash.estimate.figures import Figure, figures, rest_figures
from ens_dash.estimate.sums import respondents
from ens_dash.paths import paths_of
from ens_dash.render.alternative import labels, short_alt
from ens_dash.render.bars import table
from ens_dash.render.card import Card, make_card
from ens_dash.render.card_html import details, foot, head
from ens_dash.render.chart import chart
from ens_dash.render.glossary import explained, terms_line
from ens_dash.render.overview import overview
from ens_dash.render.presented import presented
from ens_dash.render.share import share
from ens_dash.render.style import Style
from ens_dash.settings import Settings
from ens_dash.store import ReleaseError, Seen, Store, build, look, open_store
from ens_dash.survey.base import Lang
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Question, Survey
from ens_dash.survey.shown import as_shown
from ens_dash.surveys import surveys
from ens_dash.text import Words, load_words
from ens_dash.text.of_survey import survey_words
from ens_dash.view import DEFAULT_LANG, Notice, View, parse_query

KEPT = 2048
# of more surveys than these the one that was asked for longest ago is opened again
OPEN_SURVEYS = 24
# The folders of an absolute path; an address on the web is none.
SERVER_PATH = re.compile(r"(?<![\w/:.])/[^\s'\":,;]*/")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Drawn:
    """A card in one language: HTML above and below the chart, the plotly figure, and its text alternative."""

    head: str
    chart: dict[str, Any]
    alt: str
    foot: str


class Site:
    """Cards and figures of one open release, in both languages.

    `named`: addresses must name its survey, which is not the site's own.
    """

    def __init__(self, store: Store, words: dict[Lang, Words], named: bool = False) -> None:
        self.store = store
        self.survey = as_shown(store.survey, "simulated" if self.simulated else "microdata")
        self.words = survey_words(words, self.survey, simulated=self.simulated)
        self.named = named
        self.respondents = lru_cache(KEPT)(self._respondents)
        self._figures = lru_cache(KEPT)(self._read_figures)
        self._card = lru_cache(KEPT)(self._make_card)
        self.drawn = lru_cache(KEPT)(self._draw)
        self.share = lru_cache(KEPT)(self._share)
        self.compare = lru_cache(KEPT)(self._compare)
        self._rest = lru_cache(KEPT)(self._compare_with_rest)
        self.apart = lru_cache(KEPT)(self._apart)
        self.association = lru_cache(KEPT)(self._association)
        self.crosstab_tests = lru_cache(KEPT)(self._crosstab_tests)

    @property
    def simulated(self) -> bool:
        return self.store.release.origin == "simulated"

    def view(self, lang: Lang = DEFAULT_LANG) -> View:
        """Everybody, in a language: the view that all others of this site are made from."""
        return View(self.survey.study.id, lang=lang, named=self.named)

    def read(
        self, query: Mapping[str, Sequence[str]], default_lang: Lang = DEFAULT_LANG
    ) -> tuple[View, tuple[Notice, ...]]:
        """The view that an address asks for, and what was left out of it."""
        view, notices = parse_query(query, self.survey, default_lang, named=self.named)
        # of real answers there is nothing to switch off: old links may still say so
        return view if self.simulated else replace(view, mode=None), notices

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of all pages, in the order of the menu."""
        return paths_of(p.id for p in self.survey.pages)

    def keystone_figures(self) -> tuple[Figure, ...]:
        """Everybody's figures of the questions that the start page speaks of."""
        return self.figures(tuple(dict.fromkeys(k.question for k in self.survey.keystones)), Filter())

    def overview(self, view: View) -> str:
        """What stands on the start page of a survey without keystones (HTML)."""
        if self.survey.keystones:
            return ""
        words = self.words[view.lang]
        own = (p.id for p in self.survey.pages)
        pages = {page: self.cards(page_questions(self.survey, page), Filter(), False) for page in own}
        # relative, so that a prefix of the site does no harm
        return overview(self.survey, pages, words, lambda page: "." + view.url(page))

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

    def _draw(self, card: Card, view: View, style: Style) -> Drawn:
        words = self.words[view.lang]
        draw = presented if view.layout == "presentation" else chart
        glossary, question = self.survey.glossary, card.question.id
        above = explained(head(card, self.survey, words), glossary, words, question)
        below = foot(card, self.survey, view, words)
        if view.layout != "presentation":
            below += details(card, self.survey, self._against_rest(card), words)
        return Drawn(
            head=above + terms_line(labels(card, words), above, glossary, words, question),
            chart=draw(card, self.survey, words, style),
            alt=short_alt(card, self.survey, words),
            foot=explained(below, glossary, words, f"{question}-foot"),
        )

    def _share(self, card: Card, view: View, public_url: str) -> str:
        """The panel of a card that shares it (HTML)."""
        return share(card, self.survey, view, self.words, public_url, self.store.release.id)

    def bars(self, card: Card, lang: Lang) -> str:
        """The card's figures as bars in HTML, for a page without charts."""
        return table(card, self.survey, self.words[lang], compact=True)

    def _against_rest(self, card: Card) -> tuple[Comparison, ...]:
        """A real group's answers against the rest, asked for all questions of the page at once."""
        if not card.where or self.simulated:
            return ()
        question = card.question.id
        page = next((p.questions for p in self.survey.pages if question in p.questions), (question,))
        return tuple(c for c in self._rest(page, card.where) if c.question == question)

    def _compare_with_rest(self, questions: tuple[str, ...], where: Filter) -> tuple[Comparison, ...]:
        return compare(self.store, [self.survey.by_id[q] for q in questions], where)

    def rest(self, question: str, where: Filter) -> tuple[Figure, ...]:
        """The figures of a question among those who are not in a filter."""
        return rest_figures(self.store, [self.survey.by_id[question]], where)

    def _compare(self, question: str, a: Filter, b: Filter | None) -> tuple[Comparison, ...]:
        return compare(self.store, [self.survey.by_id[question]], a, b)

    def _crosstab_tests(
        self, question: str, by: str, where: Filter, lines: tuple[tuple[str | None, str], ...]
    ) -> dict[CellKey, Comparison]:
        return crosstab_tests(self.store, self.survey.by_id[question], by, where, lines)

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
    """The site of one survey: opens the release in service, and builds one where there is none.

    It follows what is on disk. A new pointer, or a release built again under its id, is opened at the
    next call; one that fails is tried again as soon as the pointer or its files change, and not before.
    What cannot be opened never replaces a site that is served.
    """

    def __init__(self, settings: Settings, survey: str = "") -> None:
        self.settings = settings
        self.survey = survey or settings.survey
        self._lock = threading.Lock()
        # what was seen on disk, and what came of it: one value, so that a reader never mixes two
        self._now: tuple[Seen | None, Opened] = (None, Opened("building"))
        self._building = False
        self._served: Seen | None = None

    def get(self) -> Opened:
        """The site as it is now; the first call without a release starts building one and returns at once.

        Called at every rerun: while nothing changes on disk it costs one small file read and a few stats.
        Never raises for what is on disk: the site is closed then, and says why.
        """
        seen, opened = self._now
        found = look(self.settings.releases, self.survey)
        if found == seen:
            return opened
        with self._lock:
            if not self._building and found != self._now[0]:
                self._now = (found, self._follow(found))
            return self._now[1]

    def _follow(self, found: Seen) -> Opened:
        served = self._now[1]
        if served.site is not None:
            # without a pointer, or told again to serve what is served: nothing to do
            same = self._served is not None and (found.id, found.files) == (
                self._served.id,
                self._served.files,
            )
            return served if same or found.id is None else self._open(found, served)
        if found.id is not None:
            return self._open(found, None)
        if found.wrong:
            return self._closed(ReleaseError(found.wrong))
        self._building = True
        threading.Thread(target=self._build, name="build-release", daemon=True).start()
        return Opened("building")

    def _open(self, found: Seen, served: Opened | None) -> Opened:
        try:
            words = load_words(self.settings.data / "text")
            store = open_store(self.settings.releases, self.survey, found.id)
            site = Site(store, words, named=self.survey != self.settings.survey)
        except Exception as error:  # whatever it is, a visitor gets a page that says so, and no traceback
            _log.warning("release %s cannot be opened", found.id, exc_info=True)
            return served or self._closed(error)
        self._served = found
        return Opened("open", site)

    def _build(self) -> None:
        try:
            build(self.settings.data / self.survey, self.settings.releases, named=self.survey)
            failed = None
        except Exception as error:  # as above
            _log.warning("%s cannot be built", self.survey, exc_info=True)
            failed = error
        with self._lock:
            found = look(self.settings.releases, self.survey)
            if found.id is not None:
                opened = self._open(found, None)
            else:
                none = ReleaseError(found.wrong or "the release was built and is not in service")
                opened = self._closed(failed or none)
            self._building = False
            self._now = (found, opened)

    def _closed(self, error: Exception) -> Opened:
        """The reason without the server's paths: the page that shows it is public."""
        reason = str(error).strip() or type(error).__name__
        for folder in (self.settings.releases, self.settings.data):
            for path in (folder.resolve(), folder):
                reason = reason.replace(f"{path}/", "")
        return Opened("closed", reason=SERVER_PATH.sub("", reason))


@lru_cache(OPEN_SURVEYS)
def opening(settings: Settings, survey: str = "") -> Opening:
    """The one opening of a survey in this process, shared by all sessions: the site's own, or one of those
    that it offers (`ens_dash.surveys`)."""
    return Opening(settings, survey)


def asked_opening(settings: Settings, asked: Sequence[str]) -> Opening:
    """The opening of the survey that an address asks for (its `survey`), or of the site's own."""
    survey = surveys(settings).chosen(asked)
    return opening(settings, "" if survey == settings.survey else survey)
