"""The charts' colours: read by every eye, in both themes, and nothing but colours changes with the theme."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

import pytest
from colours import DEFICIENT, ciede2000, contrast, distance
from folders import DATA
from sites import API, client
from test_chart import question_ids

from ens_dash.render.chart import chart
from ens_dash.render.dots import Pair, dots
from ens_dash.render.presented import presented
from ens_dash.render.style import DARK, LIGHT, Style, ink_on
from ens_dash.render.theme import chart_css, pairs, roles
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.survey.filter import Filter
from ens_dash.view import View

STYLES = pytest.mark.parametrize("style", [LIGHT, DARK], ids=["light", "dark"])
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}\b")
# CIEDE2000: 1 is just noticed side by side; the bars compared are apart and small
APART = 10.0
# red-green deficiencies, 8 % of men; tritanopia is one in ten thousand and gets what it can (see below)
COMMON = ("protanopia", "deuteranopia")


@pytest.fixture(scope="module")
def site(store, words) -> Site:
    return Site(store, words)


@STYLES
def test_every_mark_of_a_chart_stands_out_from_the_ground(style: Style) -> None:
    marks = (style.whole, style.strong, style.group, style.against, style.against_strong, style.fictional)
    for colour in (*marks, style.edge, *style.answers):
        assert contrast(colour, style.ground) >= 3, colour
    # hatching on its paper, and the mark of everybody's figure across bars
    assert contrast(style.fictional, style.fictional_paper) >= 3


@STYLES
def test_every_text_of_a_chart_can_be_read(style: Style) -> None:
    on_ground = (style.text, style.quiet, style.whole, style.group, style.fictional)
    pairs_used = [(ink, style.ground) for ink in on_ground]
    pairs_used += [(ink_on(answer), answer) for answer in style.answers]
    pairs_used += [
        (style.on_whole, style.whole),
        (style.on_strong, style.strong),
        (style.text, style.beside),
        (style.text, style.hover),
        (style.fictional, style.fictional_paper),
    ]
    for ink, ground in pairs_used:
        assert contrast(ink, ground) >= 4.5, (ink, ground, round(contrast(ink, ground), 2))


def compared(style: Style) -> dict[tuple[str, str], tuple[str, str]]:
    """The colours that a reader compares in one chart."""
    found = {
        (a, b): (getattr(style, a), getattr(style, b))
        for a, b in (
            ("whole", "group"),
            ("whole", "fictional"),
            ("group", "fictional"),
            ("strong", "whole"),
            ("strong", "fictional"),
            ("whole", "against"),
            ("strong", "against"),
            ("against", "against_strong"),
            ("beside", "whole"),
        )
    }
    for i, (a, b) in enumerate(pairwise(style.answers)):
        found[f"answer {i}", f"answer {i + 1}"] = (a, b)
    return found


@STYLES
@pytest.mark.parametrize("eye", [None, *COMMON])
def test_colours_compared_differ_for_every_eye(style: Style, eye: str | None) -> None:
    for names, (a, b) in compared(style).items():
        assert distance(a, b, eye) >= APART, (names, eye, round(distance(a, b, eye), 1))


@STYLES
def test_what_a_tritanope_may_mistake_is_told_by_more_than_colour(style: Style) -> None:
    close = {names for names, (a, b) in compared(style).items() if distance(a, b, "tritanopia") < APART}
    # never two bars side by side: a dot is round, a square or a diamond, and the mark of everybody is a line
    assert close <= {("whole", "group")}


def test_the_simulations_leave_white_white() -> None:
    for matrix in DEFICIENT.values():
        for row in matrix:
            assert sum(row) == pytest.approx(1, abs=2e-6)


def test_the_distance_is_that_of_the_published_test_data() -> None:
    published = [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 3.1571, -77.2803), (50, 0, -82.7485), 2.8615),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 2.5, 0), (61, -5, 29), 22.8977),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ]
    for one, other, expected in published:
        assert ciede2000(one, other) == pytest.approx(expected, abs=5e-5)


def test_no_colour_has_two_roles() -> None:
    """Otherwise a chart drawn in one theme could not be shown in the other."""
    shown: dict[str, tuple[str, str]] = {}
    for role, light, dark in pairs(LIGHT, DARK):
        if role == "paper":
            continue
        for colour in (light, dark):
            assert shown.setdefault(colour.lower(), (light, dark)) == (light, dark), (role, colour)
    assert not {"#000000"} & set(shown), "black and white are inks on answers, and stay as they are"


def test_the_ink_on_an_answer_is_the_same_in_both_themes() -> None:
    for light, dark in zip(LIGHT.answers, DARK.answers, strict=True):
        assert ink_on(light) == ink_on(dark), (light, dark)


@pytest.mark.parametrize("where", ["", "age=65-plus"])
@pytest.mark.parametrize("question", question_ids())
def test_nothing_but_colours_changes_with_the_theme(site: Site, question: str, where: str) -> None:
    survey, words = site.survey, site.words["fr"]
    (card,) = site.cards((question,), Filter.parse(where, survey.variables), True)
    for draw in (chart, presented):
        light, dark = (draw(card, survey, words, style) for style in (LIGHT, DARK))
        assert by_role(dark, DARK) == by_role(light, LIGHT)
        # none is animated: who asks for less motion needs no other chart
        assert not {"transition", "updatemenus", "sliders"} & set(dark["layout"]) and "frames" not in dark
        assert not COLOUR.findall(re.sub("#(000000|ffffff)", "", by_role(dark, DARK)))


def test_a_comparison_too_changes_its_colours_only(site: Site) -> None:
    question = site.survey.by_id["ens_risks"]
    whole = site.figures((question.id,), Filter())
    group = site.figures((question.id,), Filter.parse("age=65-plus", site.survey.variables))
    found = [Pair(w, g, g, None) for w, g in zip(whole, group, strict=False)]
    light, dark = (dots(question, found, ("A", "B"), site.words["fr"], s) for s in (LIGHT, DARK))
    assert by_role(dark, DARK) == by_role(light, LIGHT)


def by_role(drawing: dict[str, Any], style: Style) -> str:
    """A chart as text, its colours replaced by their roles."""
    text = json.dumps(drawing, ensure_ascii=False)
    for role, light, dark in pairs(LIGHT, DARK):
        colour = light if style is LIGHT else dark
        # white is also an ink on answers
        if role not in ("paper", "ground"):
            text = text.replace(colour, f"<{role}>")
    ground = f'"color": "{style.ground}"}}'
    return text.replace(f'"width": 1.5, {ground}', '"width": 1.5, <ground>}')


def test_the_page_and_its_charts_have_the_same_colours() -> None:
    same = {
        "ground": "ground",
        "ink": "text",
        "quiet": "quiet",
        "whole": "whole",
        "group": "group",
        "fictional": "fictional",
        "fictional-paper": "fictional_paper",
    }
    for role, field in same.items():
        styles = (getattr(LIGHT, field).lower(), getattr(DARK, field).lower())
        assert roles()[role] == styles, role


def test_every_colour_of_a_chart_can_be_shown_in_the_other_theme() -> None:
    css = chart_css()
    for role, light, dark in pairs(LIGHT, DARK):
        if role != "paper":
            assert css.count(f"light-dark({light},{dark})") >= 2, role


@pytest.mark.parametrize("asked", ["light", "dark"])
def test_what_leaves_the_site_is_light_whatever_the_readers_theme(releases, store, asked: str) -> None:
    settings = Settings(data=DATA, releases=releases)
    reader = client(settings, headers={"Sec-CH-Prefers-Color-Scheme": asked})
    dark = {d.lower() for role, light, d in pairs(LIGHT, DARK) if d != light}
    dark |= {d for light, d in roles().values() if d != light}
    for address in (
        f"{API}/charts/ens_risks.json?lang=fr&age=65-plus",
        "/embed/ens_risks?lang=fr",
        "/embed/ens_risks?lang=fr&interactive=1",
    ):
        answer = reader.get(address)
        assert answer.status_code == 200, address
        found = {c.lower() for c in COLOUR.findall(answer.text)}
        assert found, address
        assert not found & dark, address
        assert "color-scheme" not in answer.text


def test_cards_are_drawn_once_a_theme(site: Site) -> None:
    (card,) = site.cards(("ens_risks",), Filter(), False)
    view = View("ens-2020", lang="fr")
    first = site.drawn(card, view, LIGHT)
    before = site.drawn.cache_info().misses
    assert site.drawn(card, view, LIGHT) is first
    assert site.drawn.cache_info().misses == before
    assert site.drawn(card, view, DARK).chart != first.chart
