"""One card alone, on other sites: everything that a figure must not lose, and never a simulated one."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from folders import DATA
from sites import HOSTILE, client, microdata_site

from ens_dash.render.embed import FictionalError, Links, height_of, page, snippet
from ens_dash.render.permalink import embed_address
from ens_dash.render.style import LIGHT
from ens_dash.settings import Settings
from ens_dash.site import opening
from ens_dash.survey.base import LANGS
from ens_dash.survey.filter import Filter
from ens_dash.text import load_words
from ens_dash.view import View, parse_query
from ens_dash.web.caching import UNPINNED
from ens_dash.web.embed import POLICY
from ens_dash.web.query import LONGEST_QUERY

MOST_BYTES = 20_000
# groups: one variable, several, one that no respondent is in
FILTERS = ["age=65-plus", "ald=yes", "sex=female&age=18-24,25-34", "region=94&age=18-24&ald=yes"]
PERCENT = re.compile(r"\d+(?:[.,]\d+)?[\s\u00a0\u202f]?%")
WORDS = load_words(DATA / "text")


@pytest.fixture(scope="module")
def settings(releases) -> Settings:
    # the site shows fictional figures until told otherwise: an embed never does
    return Settings(releases=releases, show_fictional=True, public_url="https://example.org")


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


@pytest.fixture(scope="module")
def microdata(made_settings):
    return client(made_settings)


def table(text: str) -> str:
    """The table of figures, without its caption."""
    found = re.search(r"<table.*?</table>", text, re.DOTALL)
    assert found is not None
    return re.sub(r"<caption>.*?</caption>", "", found.group())


def shown(text: str) -> str:
    """The words of a page."""
    body = re.sub(r"<(style|script).*?</\1>", "", text[text.index("<body>") :], flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", body))


def quoted(text: str) -> set[str]:
    """Percentages in the report's own words on a group."""
    said = re.search(r'<div class="said">.*?</div>', text, re.DOTALL)
    return set(PERCENT.findall(shown("<body>" + said.group()))) if said else set()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("where", FILTERS)
def test_no_embed_has_a_simulated_number(shipped, site, where, lang):
    words = site.words[lang]
    for question in site.survey.by_id:
        plain = shipped.get(f"/embed/{question}?lang={lang}")
        filtered = shipped.get(f"/embed/{question}?{where}&lang={lang}")
        assert plain.status_code == filtered.status_code == 200
        # the figures are the very same, whoever is chosen
        assert table(filtered.text) == table(plain.text), question
        more = set(PERCENT.findall(shown(filtered.text))) - set(PERCENT.findall(shown(plain.text)))
        assert more <= quoted(filtered.text), question
        assert words("figure.fictional") not in shown(filtered.text).lower()
        assert words("embed.whole", people="").split(".")[1] in shown(filtered.text)


def test_a_page_of_a_card_with_simulated_figures_is_refused(site):
    where = Filter.parse("age=65-plus", site.survey.variables)
    card = site.cards(("ens_risks",), where, True)[0]
    assert card.fictional
    with pytest.raises(FictionalError):
        page(card, site.survey, site.words["fr"], Links("/", "/"))


@pytest.mark.parametrize("lang", LANGS)
def test_an_embed_has_title_wording_base_origin_interval_source_and_a_link_back(shipped, site, lang):
    words = site.words[lang]
    for question in site.survey.questions:
        text = shipped.get(f"/embed/{question.id}?lang={lang}").text
        told = shown(text)
        assert f'<html lang="{lang}">' in text
        for part in (
            words.of(question.wording),
            words.of(question.reading),
            words.of(question.base.text),
            words("origin.published").upper(),
            words("footer.independent"),
            "OpinionWay",
            "2020",
        ):
            assert part in told, (question.id, part)
        assert (words("table.interval") in table(text)) == (words("interval.line") in told)
        link = re.search(r'<a href="(https://example\.org/[^"]+)" target="_blank" rel="noopener">', text)
        assert link is not None and f"#{question.id}" in link.group(1)


def test_notes_that_are_always_shown_are_on_it(shipped, site):
    noted = [
        (q, n)
        for q in site.survey.by_id
        for n in site.survey.notes_on(q)
        if n.kind in ("coverage", "footnote")
    ]
    assert len(noted) > 4
    for question, note in noted:
        assert site.words["en"].of(note.text) in shown(shipped.get(f"/embed/{question}?lang=en").text)


@pytest.mark.parametrize("lang", LANGS)
def test_an_embed_is_complete_in_itself_and_small(shipped, site, lang):
    for question in site.survey.by_id:
        for where in ["", *FILTERS]:
            answer = shipped.get(f"/embed/{question}?{where}{'&' if where else ''}lang={lang}")
            assert len(answer.content) <= MOST_BYTES
            assert not re.search(r"<script|<img|stylesheet|url\(|@import|src=", answer.text)
            assert not re.search(r"\son\w+=", answer.text)


def test_an_embed_may_be_framed_by_anyone_and_load_nothing_from_others(shipped):
    headers = shipped.get("/embed/ens_risks").headers
    assert headers["content-security-policy"] == POLICY
    assert "default-src 'none'" in POLICY and "frame-ancestors *" in POLICY
    assert "http" not in POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers["cache-control"] == UNPINNED
    assert "x-frame-options" not in headers
    assert "access-control-allow-origin" not in headers


def test_an_embed_is_kept_and_asked_for_again_by_its_etag(shipped, site):
    address = "/embed/ens_risks?age=65-plus"
    first = shipped.get(address)
    again = shipped.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert shipped.head(address).headers["etag"] == first.headers["etag"]
    pinned = shipped.get(f"{address}&release={site.store.release.id}")
    assert pinned.headers["cache-control"] == "public, max-age=86400"
    assert shipped.post(address).status_code == 405


def test_the_link_back_shows_what_the_embed_shows(shipped, site):
    text = shipped.get("/embed/ens_risks?age=65-plus&lang=en").text
    link = unescape(re.search(r'<a href="([^"]+)" target="_blank"', text).group(1))
    assert link.startswith("https://example.org/risques?")
    view, notices = parse_query(
        {k: [v] for k, v in (p.split("=") for p in link.partition("?")[2].partition("#")[0].split("&"))},
        site.survey,
    )
    assert (notices, view.where.codes, view.mode) == ((), {"age": ("65-plus",)}, "report")
    assert "mode=" not in shipped.get("/embed/ens_risks?lang=en").text


def test_without_a_public_address_links_begin_with_the_one_asked(settings):
    here = client(replace(settings, public_url=""), base_url="http://somewhere.test:81")
    assert 'href="http://somewhere.test:81/risques?' in here.get("/embed/ens_risks").text
    bad = here.get("/embed/ens_risks", headers={"Host": 'x"><script>'})
    assert "<script" not in bad.text and 'href="/risques?' in bad.text


@pytest.mark.parametrize("lang", LANGS)
def test_an_unknown_question_is_a_page_that_names_the_nearest(shipped, lang):
    answer = shipped.get(f"/embed/ens_risk?lang={lang}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == POLICY
    assert WORDS[lang]("api.problem.UnknownQuestion") in shown(answer.text)
    assert f'href="https://example.org/embed/ens_risks?lang={lang}"' in answer.text
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("path", ["/embed", "/embed/", "/embed/a/b", "/embed/ens_risks/"])
def test_there_is_no_page_of_the_dashboard_under_embed(shipped, path):
    assert shipped.get(path).status_code == 404


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("age=65", 400, "65-plus"),
        ("agee=65-plus", 400, "age"),
        ("age=", 400, "age"),
        ("lang=de", 400, "fr, en"),
        ("mode=fictional", 400, "interactive"),
        ("by=age", 400, "interactive"),
        ("interactive=yes", 400, "1"),
        ("interactive=1&interactive=1", 400, "1"),
        ("release=old", 404, "release"),
        ("age=" + "a" * LONGEST_QUERY, 414, ""),
    ],
)
def test_what_is_not_known_is_an_error_that_says_what_was_expected(shipped, query, status, said):
    answer = shipped.get(f"/embed/ens_risks?{query}")
    assert answer.status_code == status
    assert said in shown(answer.text)
    assert "<table" not in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/embed/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/embed/ens_risks?age=%3Cscript%3E",
        "/embed/x?%22%3E%3Cscript%3E=1",
    ],
)
def test_what_a_request_holds_is_never_markup(shipped, address):
    answer = shipped.get(address)
    assert answer.status_code in (400, 404)
    assert "<script" not in answer.text


def test_a_hostile_survey_stays_text(microdata):
    text = microdata.get("/embed/use?lang=en").text
    assert HOSTILE in shown(text)
    assert '<a href="http://example.org' not in text


def test_real_answers_show_the_groups_figures(microdata, made_settings):
    plain = microdata.get("/embed/use?lang=en").text
    group = microdata.get("/embed/use?kind=big&lang=en").text
    assert table(plain) != table(group)
    found = opening(made_settings).get().site
    where = Filter.parse("kind=big", found.survey.variables)
    for figure in found.figures(("use",), where):
        assert found.words["en"].percent(figure.est) in shown(group)
    assert WORDS["en"]("origin.microdata").upper() in shown(group)
    assert "mode=" not in group


def test_a_group_too_small_has_no_number_and_the_reason(microdata):
    few = microdata.get("/embed/use?kind=few&lang=en").text
    assert table(few) == table(microdata.get("/embed/use?lang=en").text)
    assert WORDS["en"]("embed.everybody") in shown(few)
    assert WORDS["en"]("card.too_few", people="").strip(": ")[:30] in shown(few)


def test_without_a_release_the_answer_is_a_page_that_says_when_to_come_back(tmp_path, monkeypatch):
    done = threading.Event()
    monkeypatch.setattr("ens_dash.site.build", lambda *folders, **options: done.wait(10))
    answer = client(Settings(releases=tmp_path)).get("/embed/ens_risks?lang=en")
    done.set()
    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert answer.headers["retry-after"] == "2"
    assert WORDS["en"]("api.problem.Building") in shown(answer.text)


def test_a_release_that_cannot_be_opened_is_told_on_a_page(tmp_path):
    (tmp_path / "ens-2020").mkdir()
    (tmp_path / "ens-2020" / "current").write_text("nothing", "utf-8")
    closed = client(Settings(releases=tmp_path)).get("/embed/ens_risks?lang=en")
    assert closed.status_code == 503
    assert WORDS["en"]("api.problem.Closed") in shown(closed.text)
    assert str(tmp_path) not in closed.text


@pytest.mark.parametrize("where", ["", "age=65-plus&"])
def test_the_interactive_form_has_the_charts_very_figure_and_the_bars(shipped, site, where):
    for question in site.survey.by_id:
        text = shipped.get(f"/embed/{question}?{where}interactive=1&lang=fr").text
        data = re.search(
            r'<script type="application/json" id="figure">(.*?)</script>', text, re.DOTALL
        ).group(1)
        view, _ = parse_query({"age": ["65-plus"]} if where else {}, site.survey)
        card = site.cards((question,), view.where, False)[0]
        drawn = site.drawn(card, View("ens-2020", where=view.where, lang="fr"), LIGHT)
        assert json.loads(data) == json.loads(json.dumps(drawn.chart))
        assert "<" not in data
        assert table(text) == table(shipped.get(f"/embed/{question}?{where}lang=fr").text)
        if where:
            assert WORDS["fr"]("figure.fictional") not in data.lower()


def test_the_interactive_form_loads_scripts_of_its_own_site_only(shipped):
    text = shipped.get("/embed/ens_risks?interactive=1").text
    scripts = re.findall(r'<script src="([^"]+)"', text)
    assert len(scripts) == 2
    for script in scripts:
        assert script.startswith("../assets/")
        assert shipped.get(script.removeprefix("..")).status_code == 200
    assert re.search(r'url\("\.\./static/media/SourceSansVF-Upright[\w.-]+\.woff2"\)', text)
    inline = re.findall(r"<script(?![^>]*(?:src=|application/json))", text)
    assert inline == []


class Frame(HTMLParser):
    """The attributes of a snippet's one element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_a_snippet_is_one_frame_with_a_title_that_loads_when_it_is_near():
    address = embed_address(View("s", lang="en"), "https://example.org", "ens_risks") + "&x=1"
    title = 'A "title" <b>&'
    [(tag, attributes)] = Frame(snippet(address, title, 640)).found
    assert tag == "iframe"
    assert attributes == {
        "src": address,
        "title": title,
        "width": "100%",
        "height": "640",
        "style": "border:0",
        "loading": "lazy",
    }


def test_the_address_of_an_embed_is_the_question_its_filter_and_language(site, shipped):
    view, _ = parse_query(
        {"age": ["65-plus"], "mode": ["fictional"], "by": ["sex"], "b.sex": ["male"], "q": ["ens_reaction"]},
        site.survey,
        "en",
    )
    address = embed_address(view, "https://example.org", "ens_risks")
    assert address == "https://example.org/embed/ens_risks?age=65-plus&lang=en"
    assert shipped.get(address.removeprefix("https://example.org")).status_code == 200


def test_more_rows_and_words_need_more_height(site):
    heights = {q: height_of(site.cards((q,), Filter(), False)[0]) for q in site.survey.by_id}
    assert heights["teleconsultation_count"] < heights["ens_risks"]
    assert all(400 <= h <= 2000 for h in heights.values())
    where = Filter.parse("age=65-plus", site.survey.variables)
    assert height_of(site.cards(("system_risks",), where, False)[0]) > heights["system_risks"]
