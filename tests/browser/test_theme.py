"""Both themes in a real browser: in step with Streamlit's, with what is already drawn, on paper; and the
focus, motion, a reader's own colours, and zoom."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from browser.conftest import Server
from browser.site import open_page
from colours import contrast
from playwright.sync_api import Browser, Page, expect

from ens_dash.briefing import Entry, encode
from ens_dash.paths import PAGES
from ens_dash.render.style import DARK, LIGHT
from ens_dash.render.theme import roles
from ens_dash.survey.filter import Filter

OTHER = {"light": "dark", "dark": "light"}
SIDE = {"light": 0, "dark": 1}
STYLES = {"light": LIGHT, "dark": DARK}
Opened = Callable[..., Page]

# the colours of page and charts as they are seen: property by property of what has one
SEEN = """() => {
  const of = (selector, property) =>
    [...new Set([...document.querySelectorAll(selector)].map((e) => getComputedStyle(e)[property]))]
      .filter((c) => !c.startsWith("url(")).sort();
  return {
    ground: of(".stApp", "backgroundColor"),
    page: of("html", "backgroundColor"),
    texts: of(".stMain h1, .stMain p, .stMain h2, .stMain summary", "color"),
    bars: of(".js-plotly-plot .bars .point path", "fill"),
    edges: of(".js-plotly-plot .bars .point path", "stroke"),
    letters: of(".js-plotly-plot text, .js-plotly-plot tspan", "fill"),
    hatching: of(".js-plotly-plot pattern *", "stroke").concat(of(".js-plotly-plot pattern *", "fill")),
  };
}"""


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Opened]:
    contexts = []

    def make(scheme: str, width: int = 1280, **options: object) -> Page:
        options = {"locale": "fr-FR", "color_scheme": scheme} | options
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield make
    for context in contexts:
        context.close()


def drawn(page: Page, url: str) -> None:
    open_page(page, url)
    expect(page.locator('.stApp[data-test-script-state="notRunning"]')).to_be_visible()
    expect(page.locator(".js-plotly-plot .bars .point path").first).to_be_attached()
    # Streamlit has put its own theme in the place of the one that it starts with
    page.wait_for_timeout(300)


def rgb(colour: str) -> str:
    return "rgb({}, {}, {})".format(*(int(colour[i : i + 2], 16) for i in (1, 3, 5)))


def hexadecimal(told: str) -> str:
    return "#{:02x}{:02x}{:02x}".format(*(int(n) for n in re.findall(r"\d+", told)[:3]))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_and_charts_follow_the_system_from_the_first_run_on(
    server: Server, opened: Opened, scheme
) -> None:
    page = opened(scheme)
    drawn(page, f"{server.url}/risques?lang=fr&mode=charts")
    found = page.evaluate(SEEN)
    assert found["ground"] == found["page"] == [rgb(roles()["ground"][SIDE[scheme]])]
    style = STYLES[scheme]
    # what the server wrote, not what the stylesheet makes of it
    written = page.evaluate(
        "() => [...document.querySelectorAll('.js-plotly-plot .bars .point path')].map((e) => e.style.fill)"
    )
    assert set(written) - {"none"} == {rgb(style.whole), rgb(style.strong)}
    assert set(found["bars"]) - {"none"} == set(written) - {"none"}


@pytest.mark.parametrize("how", ["address", "kept"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_our_colours_cannot_disagree_with_streamlits(server: Server, opened: Opened, scheme, how) -> None:
    """Streamlit may take another theme than the system's: what is ours takes it too."""
    page, theme = opened(scheme), OTHER[scheme]
    address = f"{server.url}/risques?lang=fr&mode=charts"
    if how == "kept":
        kept = json.dumps(f"localStorage['stActiveTheme-/risques-v2'] = JSON.stringify('{theme.title()}')")
        page.add_init_script(f"eval({kept})")
    else:
        address += f"&embed_options={theme}_theme"
    # our scripts wait for the page's text: a slow line is not to wait for a choice that few have made
    page.goto(address, wait_until="domcontentloaded")
    ground = rgb(roles()["ground"][SIDE[theme]])
    first = "() => getComputedStyle(document.querySelector('#first')).backgroundColor"
    if page.locator("#first").count():
        assert page.evaluate(first) == ground
    drawn(page, address)
    found = page.evaluate(SEEN)
    assert found["ground"] == found["page"] == [ground]
    assert set(found["bars"]) - {"none"} == {rgb(STYLES[theme].whole), rgb(STYLES[theme].strong)}
    assert rgb(roles()["ink"][SIDE[theme]]) in found["texts"]
    assert rgb(roles()["ink"][SIDE[scheme]]) not in found["texts"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_page_changes_with_the_system_as_if_loaded_again(
    server: Server, opened: Opened, scheme
) -> None:
    page, theme = opened(scheme), OTHER[scheme]
    address = f"{server.url}/adoption?lang=fr&age=65-plus&mode=charts"
    drawn(page, address)
    page.evaluate("() => { window.ours = document.querySelector('.js-plotly-plot') }")
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.wait_for_function(
        "g => getComputedStyle(document.querySelector('.stApp')).backgroundColor === g",
        arg=rgb(roles()["ground"][SIDE[theme]]),
    )
    page.wait_for_timeout(500)
    changed = page.evaluate(SEEN)
    # nothing was loaded or run again
    assert page.evaluate("() => window.ours.isConnected")
    drawn(page, address)
    assert changed == page.evaluate(SEEN)


def test_a_dark_page_prints_as_a_light_one(server: Server, opened: Opened) -> None:
    found = {}
    for scheme in ("light", "dark"):
        page = opened(scheme)
        drawn(page, f"{server.url}/adoption?lang=fr&age=65-plus&mode=charts")
        page.emulate_media(media="print", color_scheme=scheme)  # type: ignore[arg-type]
        page.wait_for_timeout(500)
        found[scheme] = page.evaluate(SEEN)
    assert found["dark"] == found["light"]
    assert found["dark"]["ground"] == ["rgb(255, 255, 255)"]


@pytest.mark.parametrize("path", ["risques", "", "dossier", "nowhere"])
def test_a_dark_page_is_dark_before_any_script_or_stylesheet(server: Server, opened: Opened, path) -> None:
    page = opened("dark", java_script_enabled=False)
    page.route("**/*.css", lambda route: route.abort())
    page.goto(f"{server.url}/{path}?lang=fr")
    assert page.locator('meta[name="color-scheme"]').get_attribute("content") == "light dark"
    pixels = page.screenshot(clip={"x": 0, "y": 0, "width": 4, "height": 4}, type="png")
    light = page.screenshot(clip={"x": 0, "y": 800, "width": 4, "height": 4}, type="png")
    page.emulate_media(color_scheme="light")
    assert pixels != page.screenshot(clip={"x": 0, "y": 0, "width": 4, "height": 4}, type="png")
    assert light != page.screenshot(clip={"x": 0, "y": 800, "width": 4, "height": 4}, type="png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "risques", "comparer", "ecrire", "dossier"])
def test_whatever_has_the_focus_shows_it(server: Server, opened: Opened, path, scheme) -> None:
    page = opened(scheme)
    # a card in the briefing, so that its page has its controls
    tray = encode((Entry("ens_risks", Filter()), Entry("system_risks", Filter())))
    open_page(page, f"{server.url}/{path}?lang=fr&age=65-plus&mode=charts&briefing={tray}")
    expect(page.locator('.stApp[data-test-script-state="notRunning"]')).to_be_visible()
    kinds = set()
    for _ in range(70):
        page.keyboard.press("Tab")
        page.wait_for_timeout(20)
        found = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
              // a hidden control is shown by what stands for it
              const shown = [e, e.nextElementSibling, e.parentElement].filter(Boolean)
                .map((x) => getComputedStyle(x)).find((x) => x.outlineStyle === "solid");
              const t = shown ?? s;
              return [e.tagName, e.outerHTML.slice(0, 160), t.outlineStyle, t.outlineWidth, t.outlineColor];
            }"""
        )
        tag, told, line, width, colour = found
        if tag == "BODY":
            break
        kinds.add(tag)
        assert (line, float(width.removesuffix("px")) >= 2) == ("solid", True), told
        for ground in ("ground", "panel", "raised"):
            assert contrast(hexadecimal(colour), roles()[ground][SIDE[scheme]]) >= 3, told
    assert {"A", "BUTTON"} <= kinds


def test_who_wants_less_motion_has_none(server: Server, opened: Opened) -> None:
    moving = """() => [...document.querySelectorAll("*")].filter((e) => {
      const s = getComputedStyle(e), most = (t) => Math.max(...t.split(",").map(parseFloat));
      return most(s.transitionDuration) > 0.01 || most(s.animationDuration) > 0.01;
    }).length"""
    page = opened("light", reduced_motion="reduce")
    open_page(page, f"{server.url}/risques?lang=fr&mode=charts")
    assert page.evaluate(moving) == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(moving) > 0, "the test sees what moves"


def test_bars_stay_bars_in_a_readers_own_colours(server: Server, opened: Opened) -> None:
    page = opened("light", forced_colors="active")
    open_page(page, f"{server.url}/risques?lang=fr&age=65-plus&mode=light")
    grounds = page.evaluate(
        """() => [...document.querySelectorAll(".light .bar")].filter((e) => e.offsetWidth).map((e) => {
          const s = getComputedStyle(e);
          return [e.className, s.backgroundColor, s.backgroundImage];
        })"""
    )
    assert {name for name, _, _ in grounds} >= {"bar published", "bar fictional"}
    canvas = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    for name, colour, image in grounds:
        if name == "bar published":
            assert colour != canvas and colour != "rgba(0, 0, 0, 0)"
        else:
            assert "repeating-linear-gradient" in image, "what is fictional stays hatched"


def test_what_is_chosen_is_marked_by_more_than_colour(server: Server, opened: Opened) -> None:
    page = opened("light")
    open_page(page, f"{server.url}/risques?lang=fr&age=65-plus")
    sign = "e => getComputedStyle(e.querySelector('p'), '::before').content"
    chosen = page.get_by_role("button", name="65 et plus", exact=True)
    assert "✓" in chosen.evaluate(sign)
    assert page.get_by_role("button", name="18–24", exact=True).evaluate(sign) == "none"


@pytest.mark.parametrize("path", [p for p in PAGES])
def test_at_200_percent_nothing_is_lost_at_the_sides(server: Server, opened: Opened, path) -> None:
    """1280 pixels magnified twice are 640."""
    page = opened("dark", 640)
    open_page(page, f"{server.url}/{path}?lang=fr&age=65-plus&mode=charts")
    wide = page.evaluate(
        """() => [...document.querySelectorAll(".stMain *")].filter((e) => {
          const r = e.getBoundingClientRect(), s = getComputedStyle(e);
          return r.width > 2 && r.height > 2 && s.visibility !== "hidden" && s.clipPath === "none"
            && (r.right > innerWidth + 1 || r.left < -1) && !e.closest("svg, [style*='clip']");
        }).map((e) => e.tagName + "." + e.className).slice(0, 5)"""
    )
    assert wide == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
