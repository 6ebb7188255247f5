"""The page as plain HTML before Streamlit starts: whole, small, and never a simulated figure."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape, unescape
from html.parser import HTMLParser

import pytest
from folders import DATA, text, write_yaml
from sites import HOSTILE, client, microdata_site

from ens_dash.paths import PAGES
from ens_dash.render.embed import FictionalError
from ens_dash.render.first_page import INTRODUCTIONS, Sheet, first_page
from ens_dash.render.keystone import keystone_text
from ens_dash.render.sentence import title
from ens_dash.settings import Settings
from ens_dash.site import opening, page_questions
from ens_dash.store import build
from ens_dash.survey.base import LANGS
from ens_dash.survey.filter import Filter
from ens_dash.text import load_words
from ens_dash.view import View, filter_sentence

MOST_BYTES = 60_000
FILTERS = ["age=65-plus", "ald=yes", "sex=female&age=18-24,25-34", "region=94&age=18-24&ald=yes"]
PERCENT = re.compile(r"\d+(?:[.,]\d+)?[\s\u00a0\u202f]?%")
WORDS = load_words(DATA / "text")
VOID = {"link", "meta", "br", "img"}


@pytest.fixture(scope="module")
def settings(releases, store) -> Settings:
    # the site shows fictional figures until told otherwise: this page never does
    return Settings(releases=releases, show_fictional=True, public_url="https://example.org")


@pytest.fixture(scope="module")
def shipped(settings):
    return client(settings)


@pytest.fixture(scope="module")
def site(settings):
    found = opening(settings).get().site
    assert found is not None
    return found


@pytest.fixture(scope="module")
def made_settings(tmp_path_factory) -> Settings:
    """Real answers, and a page of their questions."""
    settings = microdata_site(tmp_path_factory.mktemp("site"))
    page = {
        "id": "risques",
        "theme": "theme",
        "title": text("A page"),
        "intro": text("What is on it"),
        "questions": ["use", "visits"],
    }
    write_yaml(settings.survey_folder / "pages.yaml", {"pages": [page], "keystones": []})
    build(settings.survey_folder, settings.releases)
    return settings


def first(text: str) -> str:
    """What is inside the element that Streamlit draws into."""
    return text.split('<div id="root">')[1].rsplit("</div>", 1)[0]


def shown(text: str) -> str:
    """The words of the page."""
    body = re.sub(r"<(style|noscript).*?</\1>", "", first(text), flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", body))


def tables(text: str) -> list[str]:
    found = re.findall(r'<table class="bars">.*?</table>', text, re.DOTALL)
    return [re.sub(r"<caption>.*?</caption>", "", t) for t in found]


class Balance(HTMLParser):
    """Which elements are open when a text ends, and which were closed wrongly; headings and ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_whole_small_and_links_to_the_others(shipped, site, page, lang):
    text = shipped.get(f"/{page}?lang={lang}&age=65-plus").text
    assert len(text.encode()) <= MOST_BYTES
    found = Balance(first(text))
    assert found.open == [] and len(found.ids) == len(set(found.ids))
    assert found.headings[0] == 1 and found.headings.count(1) == 1 and set(found.headings) <= {1, 2}
    assert not re.search(r"<script|\son\w+=|<img|url\(|@import", first(text))
    links = [unescape(a) for a in re.findall(r'<a href="\.(/[^"]*)"', first(text))]
    # a filter is never lost on the way
    assert {f"/{p}?age=65-plus&lang={lang}" for p in PAGES} <= set(links)
    assert {f"/{page}?age=65-plus&lang={other}" for other in LANGS} <= set(links)
    words = site.words[lang]
    for part in ("footer.independent", "site.name"):
        assert words(part) in shown(text)
    assert words.of(site.survey.study.citation) in shown(text)


@pytest.mark.parametrize("lang", LANGS)
def test_a_theme_page_has_each_of_its_cards_as_embedded(shipped, site, lang):
    words, survey = site.words[lang], site.survey
    for page in survey.pages:
        text = shipped.get(f"/{page.id}?lang={lang}").text
        told = shown(text)
        assert words.of(page.title) in told and words.of(page.intro) in told
        assert words("people.everybody") in told
        questions = page_questions(survey, page.id)
        assert re.findall(r'<h2 id="([^"]+)"', text) == list(questions)
        for question, table in zip(questions, tables(text), strict=True):
            card = site.cards((question,), Filter(), False)[0]
            assert title(card, survey, words) in told
            assert words.of(card.question.wording) in told
            assert words.of(card.question.base.text) in told
            assert tables(shipped.get(f"/embed/{question}?lang={lang}").text) == [table]
        assert words("origin.published").upper() in told


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("where", FILTERS)
def test_no_page_has_a_simulated_number(shipped, site, where, lang):
    words, survey, month = site.words[lang], site.survey, site.survey.study.start
    group = Filter.parse(where, survey.variables)
    for page in PAGES:
        plain = shipped.get(f"/{page}?lang={lang}").text
        for mode in ("", "&mode=fictional", "&mode=fictional,light"):
            text = shipped.get(f"/{page}?{where}{mode}&lang={lang}").text
            # the figures are the very same, whoever is chosen
            assert tables(text) == tables(plain)
            cards = site.cards(page_questions(survey, page), group, False)
            quotes = "".join(f"{e.statement.quote} {e.statement.quote_en}" for c in cards for e in c.said)
            known = set(PERCENT.findall(shown(plain) + quotes))
            assert set(PERCENT.findall(shown(text))) <= known, page
            assert 'class="bar fictional"' not in text
            assert words("origin.fictional").upper() not in shown(text)
        if page not in {p.id for p in survey.pages}:
            continue
        people = filter_sentence(group, survey.variables, words)
        told = words("whom.switched_off", people=f"<b>{escape(people)}</b>", month=words.month(month))
        assert told in text and words("whom.intro") in shown(text)
        for card in cards:
            assert all(escape(e.statement.quote) in text for e in card.said)
        if any(not c.said for c in cards):
            assert words("said.nothing") in shown(text)


def test_a_sheet_with_a_simulated_figure_is_refused(site):
    where = Filter.parse("age=65-plus", site.survey.variables)
    cards = site.cards(("ens_risks",), where, True)
    assert cards[0].fictional
    view = View("ens-2020", where=where)
    sheet = Sheet("risques", "x", view, site.survey, site.words["fr"], {}, True, cards)
    with pytest.raises(FictionalError, match="ens_risks"):
        first_page(sheet)
    first_page(replace(sheet, cards=site.cards(("ens_risks",), where, False)))


@pytest.mark.parametrize("lang", LANGS)
def test_the_start_page_has_its_keystones(shipped, site, lang):
    words, survey = site.words[lang], site.survey
    text = shipped.get(f"/?lang={lang}").text
    assert words.of(survey.study.title) in shown(text)
    assert len(survey.keystones) > 2
    for keystone in survey.keystones:
        assert keystone_text(keystone, survey, words, site.keystone_figures()) in first(text)
        assert f'href="./{keystone.page}?lang={lang}"' in first(text)
    assert words("embed.everybody") not in shown(text)
    assert words("embed.everybody") in shown(shipped.get(f"/?lang={lang}&age=65-plus").text)


@pytest.mark.parametrize("lang", LANGS)
def test_the_other_pages_have_their_introduction(shipped, site, lang):
    words = site.words[lang]
    for page, key in INTRODUCTIONS.items():
        assert words(key) in shown(shipped.get(f"/{page}?lang={lang}").text)
    told = shown(shipped.get(f"/methode?lang={lang}").text)
    assert words("method.simulated.title") in told and words("method.facts.pollster") in told


def test_a_presentation_has_none(shipped):
    assert 'id="first"' not in shipped.get("/risques?mode=presentation&lang=fr").text
    assert 'id="first"' in shipped.get("/risques?mode=light&lang=fr").text


def test_real_answers_show_the_groups_figures(made_settings):
    made, found = client(made_settings), opening(made_settings).get().site
    words = found.words["en"]
    plain, group = made.get("/risques?lang=en").text, made.get("/risques?kind=big&lang=en").text
    where = Filter.parse("kind=big", found.survey.variables)
    n = words.number(found.respondents(where))
    assert f"{n} people asked" in shown(group)
    assert tables(plain) != tables(group)
    for figure in found.figures(("use",), where):
        assert words.percent(figure.est) in shown(group)
    assert words("origin.microdata").upper() in shown(group)
    few = made.get("/risques?kind=few&lang=en").text
    assert tables(few) == tables(plain)
    assert words("embed.everybody") in shown(few)
    told = filter_sentence(Filter.parse("kind=few", found.survey.variables), found.survey.variables, words)
    assert told in shown(few)


def test_a_hostile_survey_stays_text(made_settings):
    text = client(made_settings).get("/risques?lang=en").text
    assert HOSTILE in shown(text)
    assert '<a href="http://example.org' not in text
