"""The picture of a card: everything that must go with a figure is drawn inside it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sites import microdata_site

from ens_dash.export import Picture, card_of, picture_of
from ens_dash.render.around import asked, under
from ens_dash.render.poster import HEIGHT, WIDTH
from ens_dash.render.sentence import title, value
from ens_dash.settings import Settings
from ens_dash.site import Site, opening
from ens_dash.survey.filter import Filter
from ens_dash.view import View, filter_sentence

TEXT = re.compile(r"<(?!br)[^>]+>")


@pytest.fixture(scope="module")
def settings(releases) -> Settings:
    return Settings(releases=releases)


@pytest.fixture(scope="module")
def site(settings) -> Site:
    found = opening(settings).get().site
    assert found is not None
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Site, Settings]:
    settings = microdata_site(tmp_path_factory.mktemp("made"))
    found = opening(settings).get().site
    assert found is not None
    return found, settings


def drawn(picture: Picture) -> str:
    """All that is written in a picture, one text a line; wrapped lines joined."""
    texts = [a["text"] for a in picture.figure["layout"]["annotations"]]
    plain = [unescape(TEXT.sub("", text.replace("<br>", " "))) for text in texts]
    return "\n".join(" ".join(text.split()) for text in plain)


def squeezed(text: str) -> str:
    return " ".join(text.split())


def views(site: Site) -> list[View]:
    group = Filter.of({"age": ["65-plus"], "sex": ["female"]}, site.survey.variables)
    every = [(where, mode) for where in (Filter(), group) for mode in ("report", "fictional")]
    return [View(site.survey.study.id, where=w, mode=m, lang=lang) for w, m in every for lang in ("fr", "en")]


def test_every_picture_says_all_that_must_go_with_its_figures(site, settings):
    for view in views(site):
        for question in site.survey.questions:
            picture = picture_of(site, question.id, view, settings)
            card, words = card_of(site, question.id, view, settings), site.words[view.lang]
            said = drawn(picture)
            assert squeezed(title(card, site.survey, words)) in said
            assert squeezed(asked(card, words)) in said
            for line in under(card, site.survey, words):
                assert squeezed(f"{line.tag} {line.text}") in said
            # a long address stands on two lines
            assert picture.extract.permalink in said.replace(" ", "")
            assert site.store.release.id in said
            assert words("footer.independent") in said
            for row in card.rows:
                if row.main.whole is not None:
                    assert squeezed(value(row.main.whole, words)) in said
            if view.where:
                assert filter_sentence(view.where, site.survey.variables, words) in said


def test_a_fictional_picture_says_so_across_the_plot_and_in_its_name(site, settings):
    marks = {"fr": "CHIFFRES FICTIFS", "en": "FICTITIOUS FIGURES"}
    names = {"fr": "FICTIF", "en": "FICTITIOUS"}
    found = 0
    for view in views(site):
        for question in site.survey.questions:
            picture = picture_of(site, question.id, view, settings)
            card = card_of(site, question.id, view, settings)
            across = [a for a in picture.figure["layout"]["annotations"] if a.get("textangle")]
            if card.fictional:
                found += 1
                (one,) = across
                assert marks[view.lang] in one["text"]
                assert names[view.lang] in picture.extract.file_name("png")
                assert "simulated" in picture.stamp.text
            elif view.mode == "report" or not view.where:
                assert not across
                assert names[view.lang] not in picture.extract.file_name("png")
                assert marks[view.lang] not in drawn(picture)
                assert "simulated" not in picture.stamp.text
    assert found > 40


def test_every_picture_is_sixteen_by_nine_and_nothing_overlaps_its_edges(site, settings):
    for view in views(site):
        for question in site.survey.questions:
            layout = picture_of(site, question.id, view, settings).figure["layout"]
            assert layout["width"] * HEIGHT == layout["height"] * WIDTH
            margin = layout["margin"]
            plot = layout["height"] - margin["t"] - margin["b"]
            deepest, top = layout["yaxis"]["range"]
            assert plot == pytest.approx(deepest - top, abs=1)
            assert margin["t"] > 0 and margin["b"] > 0


def test_a_real_groups_picture_has_no_word_of_fiction_and_hides_what_is_hidden(made):
    site, settings = made
    for kind, shown in (("big", True), ("few", False)):
        where = Filter.of({"kind": [kind]}, site.survey.variables)
        picture = picture_of(site, "use", View("made", where=where), settings)
        said = drawn(picture)
        assert "FICTIF" not in said and "simulated" not in picture.stamp.text
        few = [f for f in picture.extract.figures if f.segment and not f.quotable]
        assert bool(few) is not shown
        if not shown:
            assert "moins de 30" in said
            hidden = [row for row in picture.stamp.figures if row[3]]
            assert hidden and all(row[4] is None for row in hidden)


def test_a_label_of_a_survey_is_text_in_a_picture_and_never_markup(made):
    site, settings = made
    picture = picture_of(site, "use", View("made"), settings)
    for annotation in picture.figure["layout"]["annotations"]:
        assert "<script" not in annotation["text"] and "<a " not in annotation["text"]
