"""A citation names its source and never holds a simulated figure; the panel's links are what they say."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sites import API, client, microdata_site

from ens_dash.export import card_of
from ens_dash.render.citation import Citation, cite
from ens_dash.render.sentence import title
from ens_dash.settings import Settings
from ens_dash.site import Site, opening
from ens_dash.survey.filter import Filter
from ens_dash.view import View

LINK = "https://ens.example/risques?q=ens_risks&lang=fr#ens_risks"


@pytest.fixture(scope="module")
def settings(releases) -> Settings:
    return Settings(releases=releases)


@pytest.fixture(scope="module")
def site(settings) -> Site:
    found = opening(settings).get().site
    assert found is not None
    return found


def cited(site: Site, settings: Settings, question: str, view: View) -> Citation:
    card = card_of(site, question, view, settings)
    return cite(card, site.survey, site.words, view.lang, LINK, site.store.release.id)


def texts(found: Citation) -> list[str]:
    return [found.sentence, *found.reference.values(), found.bibtex]


def test_every_citation_holds_source_and_link(site, settings):
    for lang in ("fr", "en"):
        for question in site.survey.questions:
            found = cited(site, settings, question.id, View("ens-2020", lang=lang))
            assert LINK in found.sentence and "OpinionWay" in found.sentence
            for text in found.reference.values():
                assert LINK in text and site.store.release.id in text and "OpinionWay" in text
            assert LINK in found.bibtex


def test_the_sentence_of_a_national_figure_is_the_cards_finding_with_its_base(site, settings):
    view = View("ens-2020")
    found = cited(site, settings, "outlook", view).sentence
    card = card_of(site, "outlook", view, settings)
    assert title(card, site.survey, site.words["fr"]) in found
    assert "2 100" in found.replace("\u202f", " ").replace("\xa0", " ")


def test_no_citation_holds_a_simulated_figure(site, settings):
    tried = 0
    for codes in ({"age": ["65-plus"]}, {"digital_literacy": ["expert_or_confirmed"]}, {"region": ["94"]}):
        for lang in ("fr", "en"):
            where = Filter.of(codes, site.survey.variables)
            view = View("ens-2020", where=where, lang=lang)
            for question in site.survey.questions:
                card = card_of(site, question.id, view, settings)
                found = cited(site, settings, question.id, view)
                # the report's statements hold no figure: a percentage would be a simulated one
                if card.fictional:
                    tried += 1
                    assert not re.search(r"\d\s*%", found.sentence)
                quoted = [s.statement.quote for s in card.said]
                assert not quoted or not card.fictional or any(q in found.sentence for q in quoted)
    assert tried > 100


def test_bibtex_escapes_what_tex_would_read(tmp_path_factory):
    settings = microdata_site(tmp_path_factory.mktemp("made"))
    site = opening(settings).get().site
    assert site is not None
    found = cited(site, settings, "use", View("made"))
    fields = re.findall(r"^  (\w+) = \{?(.*?)\}?,?$", found.bibtex, re.MULTILINE)
    assert [name for name, _ in fields] == ["title", "author", "institution", "year", "month", "note", "url"]
    for name, value in fields:
        if name != "url":
            assert not re.search(r"(?<!\\)[&%$#_]", value)
    assert found.bibtex.count("{") == found.bibtex.count("}")


@pytest.mark.parametrize("query", [{}, {"age": ["65-plus"]}])
def test_every_link_of_the_panel_is_answered(site, settings, query):
    where = Filter.of(query, site.survey.variables)
    view = View("ens-2020", where=where, lang="en")
    panel = site.share(card_of(site, "ens_risks", view, settings), view, "")
    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', panel)]
    assert len(links) == (10 if where else 7)
    asked = client(settings)
    for link in links:
        if link.startswith("/ecrire"):
            assert "claim=majority,ens_risks,exclusion_unfamiliar,yes" in link
        elif link.partition("?")[0].endswith(("csv", "xlsx", "zip")):
            assert asked.get(link).status_code == 200
        else:
            assert link.startswith(f"{API}/charts/ens_risks.")
            assert asked.get(re.sub(r"\.\w+\?", ".json?", link)).status_code == 200
    (frame,) = re.findall(r"&lt;iframe src=&quot;([^ ]+)&quot;", panel)
    address = unescape(unescape(frame))
    assert address.startswith("/embed/ens_risks?") and asked.get(address).status_code == 200


def test_hostile_labels_do_not_leave_their_place_in_the_panel(tmp_path_factory):
    settings = microdata_site(tmp_path_factory.mktemp("made"))
    site = opening(settings).get().site
    assert site is not None
    for question in ("use", "visits"):
        panel = site.share(card_of(site, question, View("made"), settings), View("made"), "")
        allowed = {"details", "summary", "p", "a", "div", "b", "pre", "button"}
        assert set(re.findall(r"<(\w+)", panel)) <= allowed


def test_the_panel_of_a_fictional_card_cites_a_page_without_fictitious_figures(site, settings):
    view = View("ens-2020", where=Filter.of({"age": ["65-plus"]}, site.survey.variables))
    panel = unescape(site.share(card_of(site, "ens_risks", view, settings), view, "https://ens.example"))
    blocks = re.findall(r"<b>(.*?)</b><pre[^>]*>(.*?)</pre>", panel, re.DOTALL)
    shown = {name: text for name, text in blocks}
    assert shown.pop("Lien (il montre aussi les chiffres fictifs)").startswith(
        "https://ens.example/risques?age"
    )
    for name, text in shown.items():
        if "intégrer" not in name:
            assert "mode=report" in text, name
    for name in ("Référence (français)", "BibTeX"):
        assert "Personnes de 65 ans et plus" in shown[name] and "sans chiffre publié" in shown[name]


def test_the_sentence_says_what_the_question_was_asked_after_and_the_interval(site, settings):
    told = cited(site, settings, "safeguards", View("ens-2020")).sentence
    assert "présentation favorable" in told
    assert "48,8\u00a0%" in cited(site, settings, "outlook", View("ens-2020")).sentence


def test_no_sentence_of_a_group_is_a_bare_title(site, settings):
    for codes in ({"region": ["94"], "age": ["18-24"]}, {"age": ["65-plus"]}):
        where = Filter.of(codes, site.survey.variables)
        for question in site.survey.questions:
            told = cited(site, settings, question.id, View("ens-2020", where=where)).sentence
            assert "ne publie aucun chiffre pour ce groupe" in told
