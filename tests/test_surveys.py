"""Several surveys on one site: each has its own pages, words and addresses, and none speaks of another."""

from __future__ import annotations

import io
import re
import shutil
import time
import zipfile
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from folders import DATA
from imported_site import imported_settings, traces
from second_survey import ID, NAME, N, add_second_survey
from sites import API, client

from ens_dash.briefing import Entry, encode
from ens_dash.paths import FIXED, PAGES, paths_of
from ens_dash.settings import Settings
from ens_dash.site import Opening, asked_opening, opening
from ens_dash.store import build
from ens_dash.survey.base import LANGS, Text
from ens_dash.survey.filter import Filter
from ens_dash.survey.folder import SurveyErrors, read_survey
from ens_dash.survey.pages import TAKEN
from ens_dash.surveys import Surveys
from ens_dash.text import load_words
from ens_dash.text.of_survey import fills, kinds, survey_words
from ens_dash.web.endpoints import ENDPOINTS
from ens_dash.web.routes import routes

OWN_PAGES = ("daily-life", "trust", "api-2")
# of the shipped survey, and of no other
STRANGE = re.compile(
    r"\bENS\b|ens-2020|opinionway|juillet 2020|july 2020|minist|métropol|metropol|covid|quota|rapport",
    re.IGNORECASE,
)
# an address that leads to a page or a file of the site, as it stands in HTML
ADDRESS = re.compile(r'(?:href|src|data-path|content)="((?:\.|https://example\.org)?/[^"]*)"')
# addresses that are the same for all surveys
SHARED = ("/assets/", "/static/", "/favicon", "/_stcore/")


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> Settings:
    """The shipped survey with imported answers, and the second one."""
    found = imported_settings(tmp_path_factory.mktemp("surveys"))
    build(found.data / ID, found.releases, named=ID)
    return found


@pytest.fixture(scope="module")
def site(settings):
    found = asked_opening(settings, [ID]).get().site
    assert found is not None
    return found


@pytest.fixture(scope="module")
def ens(settings):
    found = opening(settings).get().site
    assert found is not None
    return found


@pytest.fixture(scope="module")
def web(settings):
    return client(settings)


def without_others(page: str) -> str:
    """A page without the way to other surveys, which names them."""
    return re.sub(r'<nav class="others".*?</nav>', "", page, flags=re.DOTALL)


def without_sheets(page: str) -> str:
    """A page without styles: their classes are named for all surveys."""
    return re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)


# -- which surveys there are


def test_the_sites_own_survey_comes_first_and_what_is_no_survey_is_none(settings):
    found = Surveys(settings).get()
    assert [s.id for s in found] == ["ens-2020", ID]
    assert found[1].name == Text(en=NAME)
    assert found[0].name.fr == "Les Français et l’ENS"
    assert all(s.ready for s in found)


def test_a_release_in_service_is_a_survey_without_a_folder(settings, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(DATA / "ens-2020", data / "ens-2020")
    found = Surveys(Settings(data=data, releases=settings.releases)).get()
    assert [(s.id, s.name.en) for s in found][1:] == [(ID, NAME)]


def test_a_folder_without_respondents_is_known_and_not_offered(tmp_path):
    add_second_survey(tmp_path)
    (tmp_path / ID / "respondents.parquet").unlink()
    found = Surveys(Settings(data=tmp_path, releases=tmp_path / "releases")).get()
    assert [(s.id, s.ready) for s in found] == [("ens-2020", False), (ID, False)]


@pytest.mark.parametrize(
    "asked", ["../ens-2020", "text", "..", "ens-2020/../trust-2024", "nobody", "", "TRUST-2024", "a" * 500]
)
def test_an_id_that_is_not_listed_never_becomes_a_path(settings, web, asked):
    assert Surveys(settings).chosen([asked]) == "ens-2020"
    answer = web.get("/", params={"survey": asked, "lang": "en"})
    assert answer.status_code == 200 and "The French and the ENS" in answer.text


def test_the_api_refuses_an_unknown_survey_and_names_those_there_are(web):
    for path in (f"{API}/figures", f"{API}/charts/ens_risks.json", f"{API}/downloads/ens_risks.csv"):
        answer = web.get(path, params={"survey": "trust-2023", "lang": "en"})
        assert answer.status_code == 404, path
        (fault,) = answer.json()["errors"]
        assert fault["parameter"] == "survey" and ID in fault["expected"] and "ens-2020" in fault["expected"]
    assert web.get("/embed/ens_risks", params={"survey": "trust-2023"}).status_code == 404


def test_a_folder_with_errors_closes_its_own_survey_only(tmp_path):
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    add_second_survey(data)
    (data / ID / "segments.yaml").write_text("variables: 3", "utf-8")
    settings = Settings(data=data, releases=tmp_path / "releases")
    build(data / "ens-2020", settings.releases)
    broken = Opening(settings, ID)
    while broken.get().state == "building":
        time.sleep(0.02)
    assert broken.get().state == "closed" and "segments.yaml" in broken.get().reason
    web = client(settings)
    web.get(f"/?survey={ID}&lang=en")
    while web.get(f"{API}/questions?survey={ID}").json()["type"].endswith("/Building"):
        time.sleep(0.02)
    assert web.get(f"{API}/questions?survey={ID}").json()["type"].endswith("/Closed")
    assert web.get(f"/?survey={ID}&lang=en").status_code == 503
    assert web.get("/?lang=en").status_code == 200
    assert web.get("/sitemap.xml").status_code == 200


# -- its pages


def test_a_survey_without_page_text_has_a_page_a_theme(site):
    assert site.paths == ("", *OWN_PAGES, *FIXED)
    assert [p.questions for p in site.survey.pages][1:] == [("trusted",), ("machines",)]
    assert site.survey.pages[0].intro is None


def test_the_paths_of_the_shipped_survey_are_those_that_have_files(ens):
    assert ens.paths == tuple(PAGES)
    assert set(FIXED) <= set(PAGES)


def test_no_path_of_a_survey_can_be_one_of_the_sites_own(settings):
    first = {route.path.split("/")[1].split(".")[0] for route in routes(settings)}
    assert {part for part in first if part and not part.startswith("{")} <= TAKEN
    assert set(FIXED) <= TAKEN


@pytest.mark.parametrize("path", ["methode", "api", "Große", "a/b"])
def test_a_page_whose_path_is_taken_or_no_path_is_an_error(tmp_path, path):
    folder = add_second_survey(tmp_path)
    page = f'pages:\n- {{id: "{path}", title: {{en: x}}, questions: [bicycle]}}\n'
    (folder / "pages.yaml").write_text(page, "utf-8")
    with pytest.raises(SurveyErrors) as error:
        read_survey(folder)
    assert [e.file for e in error.value.errors] == ["pages.yaml"]


@pytest.mark.parametrize("lang", LANGS)
def test_every_page_of_the_second_survey_is_there_and_no_page_of_the_first(web, site, lang):
    for page in site.paths:
        answer = web.get(f"/{page}?survey={ID}&lang={lang}")
        assert answer.status_code == 200, page
        assert f'<html lang="{lang}">' in answer.text
    for page in set(PAGES) - {"", *FIXED}:
        answer = web.get(f"/{page}?survey={ID}&lang={lang}")
        assert answer.status_code == 404
        assert f"/trust?survey={ID}&amp;lang={lang}" in answer.text
    for page in OWN_PAGES:
        assert web.get(f"/{page}?lang={lang}").status_code == 404


def test_a_page_without_a_language_is_led_to_the_same_survey(web):
    answer = web.get(f"/trust?survey={ID}", headers={"Accept-Language": "fr"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, f"?survey={ID}&lang=fr")


def test_the_start_page_shows_the_pages_with_figures_base_and_origin(web, site):
    text = unescape(web.get(f"/?survey={ID}&lang=en").text)
    for page in site.survey.pages:
        assert f'href="./{page.id}?survey={ID}&lang=en"' in text
    (figure,) = [f for f in site.figures(("machines",), Filter()) if f.answer == "yes"]
    assert f"{site.words['en'].percent(figure.est)}, “Yes, I have” (All respondents: {N})" in text
    assert "FIGURES OF THE SURVEY" in text


def test_the_sitemap_has_the_pages_of_all_surveys(web, site, ens):
    found = re.findall("<loc>(.*?)</loc>", web.get("/sitemap.xml").text)
    mine = [unescape(url) for url in found if f"survey={ID}" in url]
    wanted = [f"https://example.org/{p}?survey={ID}&lang={lang}" for p in site.paths for lang in LANGS]
    assert mine == wanted
    assert len(found) == len(wanted) + len(ens.paths) * len(LANGS)


def test_the_api_lists_all_surveys_each_with_its_own_page_of_the_method(web):
    found = web.get(f"{API}/surveys?lang=en").json()["surveys"]
    assert [s["id"] for s in found] == ["ens-2020", ID]
    assert found[1]["permalink"] == f"https://example.org/methode?survey={ID}&lang=en"
    assert found[0]["permalink"] == "https://example.org/methode?lang=en"
    asked = web.get(f"{API}/questions?survey={ID}").json()
    assert asked["survey"] == ID and len(asked["questions"]) == 5


# -- its addresses


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("where", ["", "gender=w", "gender=w&b.age=65-plus&by=age&q=trusted"])
def test_every_address_on_its_pages_names_the_survey(web, site, lang, where):
    for page in site.paths:
        text = without_others(web.get(f"/{page}?survey={ID}&lang={lang}&{where}").text)
        found = [unescape(url) for url in ADDRESS.findall(text)]
        asked = [url for url in found if not urlsplit(url).path.lstrip(".").startswith(SHARED)]
        assert len(asked) > 10, page
        assert [url for url in asked if parse_qs(urlsplit(url).query).get("survey") != [ID]] == []


def test_no_address_on_the_pages_of_the_sites_own_survey_names_one(web, ens):
    for page in ens.paths:
        text = without_others(web.get(f"/{page}?lang=fr&age=65-plus").text)
        assert "survey=" not in text, page


def test_the_panel_that_shares_a_card_names_the_survey_in_every_address(site):
    view = site.view("en").only(where=Filter.of({"gender": ["w"]}, site.survey.variables))
    for question in site.survey.by_id:
        (card,) = site.cards((question,), view.where, False)
        panel = unescape(unescape(site.share(card, view, "https://example.org")))
        addresses = re.findall(r"https://example\.org/[^\s\"<})]*|(?<=\")/[a-z][^\"]*", panel)
        assert len(addresses) > 8
        assert [a for a in addresses if f"survey={ID}" not in a] == []


def test_files_lead_back_to_the_survey(web):
    answer = web.get(f"{API}/downloads/trusted.csv?survey={ID}&lang=en&gender=w")
    assert f"https://example.org/trust?survey={ID}&gender=w&q=trusted&lang=en#trusted" in answer.text
    document = web.get(f"{API}/figures?survey={ID}&lang=en&q=trusted").json()
    assert {f["permalink"].split("#")[0] for f in document["figures"]} == {
        f"https://example.org/trust?survey={ID}&q=trusted&lang=en"
    }
    assert {f["origin"] for f in document["figures"]} == {"microdata"}


# -- what is said


def _texts(web, survey: str, question: str, where: str, lang: str):
    """Everything that the server has to say of a survey beside its pages: name -> text."""
    named = f"survey={survey}&lang={lang}"
    asked = f"{named}&{where}" if where else named
    briefing = encode([Entry(question), Entry(question, title="Mine", note="A note")])
    for endpoint in ENDPOINTS:
        path = API + endpoint.path.format(question=question)
        if path.endswith((".png", ".svg", ".pdf")):
            # drawn by a browser: the figure that is drawn, and the file's stamp, are in chart_json
            continue
        query = named if endpoint.path in ("/surveys", "/openapi.json") else asked
        if "briefing" in endpoint.path:
            query = f"{named}&briefing={briefing}"
        elif (not where and endpoint.group) or endpoint.path.startswith("/questions"):
            query = named if not endpoint.group else f"{named}&{where}"
        if endpoint.group and not where:
            continue
        answer = web.get(f"{path}?{query}")
        assert answer.status_code == 200, (path, query, answer.text[:300])
        yield endpoint.path, _unpacked(answer.content) + answer.headers.get("content-disposition", "")
    for path in (f"/embed/{question}", f"/embed/{question}?interactive=1"):
        answer = web.get(f"{path}{'&' if '?' in path else '?'}{asked}")
        assert answer.status_code == 200
        yield path, without_sheets(answer.text)


def _unpacked(content: bytes) -> str:
    """The text of a file; of a ZIP, an Office file too, that of all files in it."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8")
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    return "\n".join(_unpacked(p) for n, p in parts.items() if not n.endswith((".jpeg", ".png", ".bin")))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("where", ["", "gender=w", "age=18-39,65-plus&gender=m"])
def test_nothing_of_the_first_survey_stands_on_a_page_of_the_second(web, site, lang, where):
    for page in site.paths:
        text = without_sheets(without_others(web.get(f"/{page}?survey={ID}&lang={lang}&{where}").text))
        if page == "accessibilite":
            # the statement tells of an audit of another release: that of the site's own survey
            text = text.split("<main>")[0]
        # the program is called ens_dash
        shown = unescape(text).replace("ens_dash", "")
        assert STRANGE.findall(shown) == [], page
        assert NAME in shown


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("where", ["", "gender=w"])
def test_nothing_of_the_first_survey_stands_in_a_file_of_the_second(web, lang, where):
    for question in ("bicycle", "trusted", "hours"):
        for name, text in _texts(web, ID, question, where, lang):
            if name in ("/surveys", "/openapi.json"):
                # they name all surveys of the site
                continue
            # names of the program's own, and of what another survey may have
            told = re.sub(r"ens_dash|rapports?\b", "", text, flags=re.IGNORECASE)
            assert STRANGE.findall(told) == [], name


def test_traces_are_found_where_there_are_some(releases):
    simulated = client(Settings(releases=releases))
    assert traces(without_sheets(simulated.get("/methode?lang=fr").text))
    assert traces(simulated.get(f"{API}/figures?lang=en&age=65-plus").text)


@pytest.mark.parametrize("survey", ["ens-2020", ID])
@pytest.mark.parametrize("lang", LANGS)
def test_no_page_of_real_answers_speaks_of_other_ones(web, site, ens, survey, lang):
    shown = ens if survey == "ens-2020" else site
    group = "age=65-plus&mode=fictional" if survey == "ens-2020" else "gender=w"
    for page in shown.paths:
        for where in ("", group, f"{group}&b.age=18-24,40-64&by=age"):
            text = web.get(f"/{page}?survey={survey}&lang={lang}&{where}").text
            if page == "accessibilite":
                continue
            assert traces(without_sheets(text)) == [], (page, where)


@pytest.mark.parametrize("survey", ["ens-2020", ID])
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("grouped", [False, True])
def test_no_file_of_real_answers_speaks_of_other_ones(web, survey, lang, grouped):
    questions = (
        ("ens_risks", "outlook", "teleconsultation_count") if survey == "ens-2020" else ("trusted", "hours")
    )
    group = "age=65-plus" if survey == "ens-2020" else "gender=w"
    for question in questions:
        for name, text in _texts(web, survey, question, group if grouped else "", lang):
            assert traces(text) == [], (question, name)


@pytest.mark.parametrize("survey", ["ens-2020", ID])
def test_every_card_figure_and_export_of_an_imported_survey_says_where_it_is_from(web, site, ens, survey):
    shown = ens if survey == "ens-2020" else site
    group = "age=65-plus" if survey == "ens-2020" else "gender=w"
    for where in ("", group):
        document = web.get(f"{API}/figures?survey={survey}&lang=fr&{where}").json()
        assert {f["origin"] for f in document["figures"]} == {"microdata"}
        assert {f["origin_label"] for f in document["figures"]} == {
            shown.words["fr"]("data.origin.microdata")
        }
        for page in shown.survey.pages:
            text = web.get(f"/{page.id}?survey={survey}&lang=fr&{where}").text
            tags = re.findall(r'<span class="tag ?(?:[a-z]+)?">(.*?)</span>', text)
            assert tags and {unescape(t) for t in tags} == {"CHIFFRES DE L’ENQUÊTE"}, page.id
    start = web.get(f"/?survey={survey}&lang=fr").text
    assert "tag microdata" in start and "tag published" not in start


# -- one language only


def test_texts_in_one_language_say_so_on_a_page_in_the_other(web):
    text = web.get(f"/trust?survey={ID}&lang=fr&gender=w").text
    for words in ("How much do you trust these people?", "% of those asked", "My neighbours", "Women"):
        assert re.search(rf'<span lang="en">{re.escape(words)}[^<]*</span>', text), words
    assert '<h1><span lang="en">' not in web.get(f"/trust?survey={ID}&lang=en").text
    assert "(our translation)" not in web.get(f"/trust?survey={ID}&lang=en").text
    both = without_others(web.get("/risques?lang=fr").text)
    assert 'lang="en"' not in re.sub(r"<(a|link|html)[^>]*>|<!--.*?-->", "", both, flags=re.DOTALL)


# -- words


@pytest.fixture(scope="module")
def plain():
    return load_words(DATA / "text")


def test_variants_stand_in_the_place_of_known_texts_and_fill_in_no_more(plain):
    for lang in LANGS:
        assert set(plain[lang].variants) == {"real", "plain", "alone"}
        for kind, texts in plain[lang].variants.items():
            for key, text in texts.items():
                assert key in plain[lang].texts, (kind, key)
                given = {f for f in fills(text) if f.startswith("survey_")}
                assert fills(text) - given <= fills(plain[lang].texts[key]), (kind, key)


def test_the_shipped_surveys_own_words_are_all_taken(plain):
    survey = read_survey(DATA / "ens-2020")
    assert len(survey.words) > 20
    for lang in LANGS:
        taken = survey_words(plain, survey, simulated=True)[lang]
        for own in survey.words:
            text = own.text.of(lang)
            assert taken.texts[own.key].split() == taken.of(Text(**{lang: text})).split(), own.key


def test_words_that_nobody_knows_or_that_fill_in_more_are_left_out(plain, survey):
    entries = [
        {"key": "no.such.key", "text": {"fr": "x", "en": "x"}},
        {"key": "nav.more", "text": {"fr": "{secret}", "en": "{"}},
        {"key": "nav.menu", "text": {"fr": "{survey_name}"}},
    ]
    found = survey_words(plain, survey.changed(words=entries), simulated=True)
    assert "no.such.key" not in found["fr"].texts
    assert found["fr"]("nav.more") == plain["fr"]("nav.more")
    assert (found["fr"]("nav.menu"), found["en"]("nav.menu")) == ("Les Français et l’ENS", "Menu")


def test_the_words_of_a_site_stay_as_they_are_when_given_again(site):
    assert survey_words(site.words, site.survey, simulated=False) == site.words


def test_a_name_with_braces_is_shown_as_it_is(plain, survey):
    named = survey.changed(study=survey.study.changed(short_title={"fr": "{n} {", "en": "{n} {"}))
    assert survey_words(plain, named, simulated=True)["fr"]("site.name") == "{n} {"


def test_which_words_a_survey_takes_follows_from_what_it_is(site, ens):
    assert kinds(site.survey, simulated=False) == ("real", "plain", "alone")
    assert kinds(ens.survey, simulated=True) == ()
    assert kinds(ens.survey, simulated=False) == ("real",)


def test_paths_are_in_the_order_of_the_menu():
    assert paths_of(["a", "b"]) == ("", "a", "b", *FIXED)
