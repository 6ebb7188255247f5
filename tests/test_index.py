"""The HTML of the pages: Streamlit's own, with language, title and social card; no simulated figure in it."""

from __future__ import annotations

import re
import threading
from dataclasses import fields, replace
from html import unescape
from importlib.metadata import version

import pytest
from folders import DATA
from sites import HOSTILE, client, microdata_site

from ens_dash.briefing import Entry, encode
from ens_dash.paths import PAGES
from ens_dash.render.alternative import alt_text
from ens_dash.render.sentence import title
from ens_dash.render.social import of_card
from ens_dash.settings import Settings
from ens_dash.site import opening, page_questions
from ens_dash.survey.base import LANGS
from ens_dash.survey.filter import Filter
from ens_dash.text import load_words
from ens_dash.view import View
from ens_dash.web import template
from ens_dash.web.endpoints import ENDPOINTS
from ens_dash.web.index import LONGEST_QUERY, language
from ens_dash.web.query import read
from ens_dash.web.template import PLACES, IndexShape, Template, streamlit_index

SITE = "https://example.org"
FILTERS = ["age=65-plus", "ald=yes", "sex=female&age=18-24,25-34", "region=94&age=18-24&ald=yes"]
PERCENT = re.compile(r"\d+(?:[.,]\d+)?[\s\u00a0\u202f]?%")
WORDS = load_words(DATA / "text")


@pytest.fixture(scope="module")
def settings(releases) -> Settings:
    return Settings(releases=releases, show_fictional=True, public_url=SITE)


@pytest.fixture(scope="module")
def shipped(settings):
    return client(settings)


@pytest.fixture(scope="module")
def site(settings, store):
    found = opening(settings).get().site
    assert found is not None
    return found


@pytest.fixture(scope="module")
def made_settings(tmp_path_factory) -> Settings:
    return microdata_site(tmp_path_factory.mktemp("site"))


def tags(text: str) -> dict[str, str]:
    """The contents of a page's meta tags, by name or property."""
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', text)
    return {name: unescape(value) for name, value in found}


def titled(text: str) -> str:
    return unescape(re.search(r"<title>(.*?)</title>", text).group(1))


def cut(place: str, text: str) -> str:
    """An index without what a pattern finds in it."""
    return re.sub(place, "", text, flags=re.DOTALL)


def test_canary_streamlits_index_has_the_places_where_ours_goes_in():
    assert version("streamlit") == "1.67.0", "another streamlit: read its index.html, then change this line"
    made = Template.of(streamlit_index())
    # what is not ours is left as it is
    for part in fields(made):
        assert getattr(made, part.name) in streamlit_index()
    assert 'name="viewport"' in made.before_icon
    assert made.modules.startswith('<script type="module"') and made.modules.count("modulepreload") > 30
    assert made.style.startswith('<link rel="stylesheet"')
    assert made.rest.split() == ["</body>", "</html>"]


@pytest.mark.parametrize("place", PLACES)
def test_an_index_that_lacks_a_place_is_told_by_its_name(place):
    with pytest.raises(IndexShape) as found:
        Template.of(cut(place, streamlit_index()))
    assert repr(place) in str(found.value) and "0 times" in str(found.value)
    with pytest.raises(IndexShape, match="2 times"):
        Template.of(streamlit_index() + re.search(place, streamlit_index(), re.DOTALL).group())


def test_an_index_in_another_order_is_told():
    title = "<title>Streamlit</title>"
    text = streamlit_index().replace(title, "").replace("</head>", title + "</head>")
    with pytest.raises(IndexShape, match="another order"):
        Template.of(text)


def test_with_another_streamlit_its_own_page_is_served(settings, monkeypatch, caplog):
    template.template.cache_clear()
    monkeypatch.setattr(template, "streamlit_index", lambda: "<html></html>")
    try:
        assert client(settings).get("/risques").status_code == 404  # left to Streamlit
        assert client(settings).get("/risques").text == "Not Found"
        assert "served without their own titles" in caplog.text
    finally:
        template.template.cache_clear()


def test_the_stylesheet_comes_before_the_scripts_and_no_font_is_asked_for_early(shipped):
    text = shipped.get("/risques?lang=fr").text
    assert text.index('rel="stylesheet"') < text.index("<script")
    assert 'as="font"' not in text and "favicon.png" not in text
    for icon in re.findall(r'<link rel="icon" href="\.([^"]+)"', text):
        assert shipped.get(icon).status_code == 200


@pytest.mark.parametrize(
    ("path", "accepted", "location"),
    [
        ("/risques", "en-GB,en;q=0.9", "?lang=en"),
        ("/", "", "?lang=fr"),
        ("/risques?age=65-plus&q=ens_risks", "fr", "?age=65-plus&q=ens_risks&lang=fr"),
        ("/risques?lang=&age=65-plus", "en", "?age=65-plus&lang=en"),
        (
            "/comparer?by=age&b.sex=male&mode=report,light",
            "de",
            "?by=age&b.sex=male&mode=report,light&lang=fr",
        ),
        ("/?q=%3Cscript%3E%0d%0aX:1", "en", "?q=%3Cscript%3E%0d%0aX:1&lang=en"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_address_without_a_language_leads_to_the_browsers(shipped, path, accepted, location, method):
    answer = shipped.request(method, path, headers={"Accept-Language": accepted}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, location)
    assert (answer.headers["vary"], answer.headers["cache-control"]) == ("Accept-Language", "no-store")
    followed = shipped.request(method, path, headers={"Accept-Language": accepted})
    assert followed.status_code == 200 and len(followed.history) == 1
    assert followed.url.path == path.partition("?")[0]


@pytest.mark.parametrize("path", ["/api/v1/surveys", "/embed/ens_risks", "/healthz", "/robots.txt"])
def test_what_is_no_page_is_answered_without_a_language(shipped, path):
    assert shipped.get(path, follow_redirects=False).status_code == 200


def test_a_language_that_is_not_known_is_no_reason_to_go_elsewhere(shipped):
    answer = shipped.get("/risques?lang=de", headers={"Accept-Language": "en"}, follow_redirects=False)
    assert answer.status_code == 200
    assert '<html lang="en">' in answer.text
    french = shipped.get("/risques?lang=de", headers={"Accept-Language": "fr"}, follow_redirects=False)
    assert '<html lang="fr">' in french.text


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_its_language_title_and_social_card(shipped, site, page, lang):
    answer = shipped.get(f"/{page}?lang={lang}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    text, words = answer.text, site.words[lang]
    assert text.count(f'<html lang="{lang}">') == 1
    name = titled(text)
    assert name.endswith(f" – {words('site.name')}") and len(name) > len(words("site.name")) + 5
    assert words("page.absent") not in name
    found = tags(text)
    assert found["twitter:card"] == "summary_large_image"
    assert found["og:image"].startswith(f"{SITE}/api/v1/charts/")
    assert found["og:url"] == f"{SITE}/{page}?lang={lang}"
    assert f'<link rel="canonical" href="{SITE}/{page}?lang={lang}">' in text
    assert f'hreflang="fr" href="{SITE}/{page}?lang=fr"' in text
    assert found["description"] == found["og:description"] == found["twitter:description"]
    assert found["og:title"] == found["twitter:title"]
    assert found["og:locale"] == {"fr": "fr_FR", "en": "en_GB"}[lang]


def test_the_titles_of_pages_differ(shipped):
    assert len({titled(shipped.get(f"/{page}?lang=fr").text) for page in PAGES}) == len(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_a_script_inside_it(shipped, page):
    text = shipped.get(f"/{page}").text
    scripts = re.findall(r"<script\b[^>]*>(.*?)</script>", text, re.DOTALL)
    assert scripts and set(scripts) == {""}
    assert not re.search(r"\son\w+=|javascript:", text)


def test_our_scripts_come_before_streamlits_and_are_there(shipped):
    text = shipped.get("/risques").text
    scripts = re.findall(r'<script[^>]*src="\.([^"]+)"', text)
    assert scripts[0].startswith("/assets/page.")
    assert scripts[-1].startswith("/static/js/index.")
    for script in scripts[:-1]:
        assert shipped.get(script).status_code == 200


def test_a_page_is_asked_for_again_by_its_etag_and_differs_by_language(shipped):
    first = shipped.get("/risques?lang=en")
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["vary"] == "Accept-Language, Accept-Encoding"
    again = shipped.get("/risques?lang=en", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["vary"]) == (304, b"", first.headers["vary"])
    french = shipped.get("/risques?lang=fr", headers={"If-None-Match": first.headers["etag"]})
    assert french.status_code == 200
    assert shipped.head("/risques?lang=en").headers["etag"] == first.headers["etag"]
    assert shipped.post("/risques").status_code == 405


@pytest.mark.parametrize(
    ("asked", "accepted", "expected"),
    [
        (["en"], "fr", "en"),
        (["de"], "en-GB,en;q=0.9", "en"),
        ([], "en-GB,en;q=0.9,fr;q=0.8", "en"),
        ([], "fr;q=0.5, en;q=0.9", "en"),
        ([], "de, fr;q=0.5, en;q=0.4", "fr"),
        ([], "en;q=0", "fr"),
        ([], "en;q=x, fr", "fr"),
        ([], "de", "fr"),
        ([], "", "fr"),
        (["fr", "en"], "", "en"),
        (["en", "de"], "", "fr"),
    ],
)
def test_the_language_is_that_of_the_address_then_the_browsers_then_french(asked, accepted, expected):
    assert language(asked, accepted) == expected


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("where", FILTERS)
def test_no_social_card_has_a_simulated_figure(shipped, site, where, lang):
    words = site.words[lang]
    group = Filter.parse(where, site.survey.variables)
    for question in site.survey.by_id:
        plain = tags(shipped.get(f"/risques?q={question}&lang={lang}").text)
        found = tags(shipped.get(f"/risques?q={question}&{where}&mode=fictional&lang={lang}").text)
        card = site.cards((question,), group, False)[0]
        assert found["og:title"] == title(card, site.survey, words)
        assert found["og:image:alt"] == alt_text(card, site.survey, words)
        quotes = " ".join(f"{s.statement.quote} {s.statement.quote_en}" for s in card.said)
        known = set(PERCENT.findall(" ".join(plain.values()) + quotes))
        assert set(PERCENT.findall(" ".join(found.values()))) <= known, question
        assert words("figure.fictional") not in " ".join(found.values()).lower()
        assert words("social.whole", people="").strip(" :") in found["og:description"]
        assert "mode=report" in found["og:image"] and "fictional" not in found["og:image"]
        if card.said:
            assert card.said[0].statement.quote[:30] in found["og:description"] or lang == "en"
        else:
            assert words("said.nothing") in found["og:description"]


def test_a_social_card_of_simulated_figures_is_refused(site):
    where = Filter.parse("age=65-plus", site.survey.variables)
    card = site.cards(("ens_risks",), where, True)[0]
    with pytest.raises(ValueError, match="simulated"):
        of_card(card, site.survey, View("ens-2020"), site.words["fr"], SITE)


def test_the_question_is_the_one_asked_for_else_the_pages_first(shipped, site):
    first = page_questions(site.survey, "risques")[0]
    assert f"/charts/{first}.png" in tags(shipped.get("/risques").text)["og:image"]
    assert "/charts/ens_risks.png" in tags(shipped.get("/risques?q=ens_risks").text)["og:image"]
    assert f"/charts/{first}.png" in tags(shipped.get("/risques?q=nothing").text)["og:image"]
    # with the question in it: other sites take this address for the page's
    assert "q=ens_risks" in tags(shipped.get("/risques?q=ens_risks").text)["og:url"]


def test_the_image_is_an_address_that_the_api_takes(shipped, site, settings):
    endpoint = next((e for e in ENDPOINTS if e.path == "/charts/{question}.png"), None)
    assert endpoint is not None
    for page in PAGES:
        image = tags(shipped.get(f"/{page}?age=65-plus&lang=en").text)["og:image"]
        path, _, query = image.removeprefix(SITE).partition("?")
        question = path.rsplit("/", 1)[1].removesuffix(".png")
        ask = read(endpoint, site, settings, {"question": question}, query.encode())
        assert (ask.view.mode, ask.view.lang, ask.view.where.codes) == ("report", "en", {"age": ("65-plus",)})


def test_real_answers_show_the_groups_figures(made_settings):
    made, found = client(made_settings), opening(made_settings).get().site
    where = Filter.parse("kind=big", found.survey.variables)
    card = found.cards(("use",), where, False)[0]
    shown = tags(made.get("/?q=use&kind=big&lang=en").text)
    assert shown["og:image:alt"] == alt_text(card, found.survey, found.words["en"])
    assert card.showing_group
    group = next(f for f in found.figures(("use",), where) if f.answer == "yes")
    assert found.words["en"].percent(group.est) in shown["og:image:alt"]
    assert HOSTILE in unescape(made.get("/?lang=en").text)
    assert '"http://example.org"' not in made.get("/?lang=en").text


@pytest.mark.parametrize(
    "query",
    [
        "q=%3Cscript%3E",
        "age=%22%3E%3Cscript%3E",
        "claim=%3Cscript%3Ealert(1)%3C/script%3E",
        "x=%00",
        "%FF=%FE",
    ],
)
def test_what_an_address_holds_is_never_markup(shipped, query):
    answer = shipped.get(f"/risques?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text and "alert(1)" not in answer.text


def test_an_address_too_long_gets_the_page_without_a_filter(shipped):
    plain = shipped.get("/risques?lang=fr")
    assert shipped.get("/risques?age=65-plus&x=" + "a" * LONGEST_QUERY).text == plain.text


def test_without_a_public_address_the_requests_own_is_used(settings):
    here = client(replace(settings, public_url=""), base_url="http://somewhere.test:81")
    assert tags(here.get("/risques").text)["og:url"] == "http://somewhere.test:81/risques?lang=fr"
    bad = here.get("/risques", headers={"Host": 'x"><script>'})
    assert tags(bad.text)["og:url"] == "/risques?lang=fr"
    assert "<script>" not in bad.text


def test_while_the_data_are_prepared_the_page_is_there_with_general_words(tmp_path, monkeypatch):
    done = threading.Event()
    monkeypatch.setattr("ens_dash.site.build", lambda *folders, **options: done.wait(10))
    answer = client(Settings(releases=tmp_path)).get("/risques?lang=en")
    done.set()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.headers["cache-control"] == "no-store" and "Accept-Language" in answer.headers["vary"]
    assert '<html lang="en">' in answer.text
    assert titled(answer.text) == f"{WORDS['en']('waiting.title')} – {WORDS['en']('site.name')}"
    assert tags(answer.text)["description"] == WORDS["en"]("social.general")
    assert "og:image" not in tags(answer.text)
    assert f"<h1>{WORDS['en']('waiting.title')}</h1>" in answer.text
    assert 'http-equiv="refresh" content="2"' in answer.text


@pytest.mark.parametrize(
    ("query", "accepted", "lang"),
    [("", "en-GB", "en"), ("", "de", "fr"), ("?lang=fr", "en-GB", "fr"), ("?lang=en", "fr", "en")],
)
def test_a_site_that_cannot_be_opened_says_so_in_the_visitors_language(tmp_path, query, accepted, lang):
    (tmp_path / "ens-2020").mkdir()
    (tmp_path / "ens-2020" / "current").write_text("nothing", "utf-8")
    here = client(Settings(releases=tmp_path))
    answer = here.get(f"/risques{query}", headers={"Accept-Language": accepted})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert f'<html lang="{lang}">' in answer.text
    assert titled(answer.text) == f"{WORDS[lang]('closed.title')} – {WORDS[lang]('site.name')}"
    assert WORDS[lang]("closed.short") in answer.text
    # where it is kept, and why it cannot be opened, is for who runs it
    assert str(tmp_path) not in answer.text and "refresh" not in answer.text


def test_without_a_script_the_pages_questions_can_be_read(shipped, site):
    text = shipped.get("/risques?age=65-plus&lang=en").text
    inside = text.split("<noscript>")[1].split("</noscript>")[0]
    links = [unescape(a) for a in re.findall(r'href="\.([^"]+)"', inside)]
    assert [a.split("/")[2].split("?")[0] for a in links] == list(page_questions(site.survey, "risques"))
    for link in links:
        assert shipped.get(link).status_code == 200


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_shared_claim_or_briefing_keeps_what_it_is_about(shipped, survey, lang):
    claim = f"/ecrire?claim=majority,outlook,-,positive&lang={lang}"
    tray = encode([Entry("ens_risks")])
    for address, question in ((claim, "outlook"), (f"/dossier?briefing={tray}&lang={lang}", "ens_risks")):
        text = unescape(shipped.get(address).text)
        assert re.search(rf'og:url" content="[^"]*{re.escape(address)}"', text)
        assert f"/charts/{question}.png" in text
        # the page's own name, not the finding of a chart
        assert "%" not in re.search(r'og:title" content="([^"]*)"', text).group(1)


def test_an_english_preview_quotes_the_report_before_its_translation(shipped):
    text = unescape(shipped.get("/risques?age=65-plus&lang=en").text)
    told = re.search(r'og:description" content="([^"]*)"', text).group(1)
    assert told.index("semblent davantage perçus") < told.index("our translation")
