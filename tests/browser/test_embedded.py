"""An embedded card inside a page of another site, in a real browser, with scripts off and on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from browser.conftest import Server
from browser.site import open_page
from playwright.sync_api import Browser, BrowserContext, Frame, Page, Response, expect
from sites import client, microdata_site

from ens_dash.render.embed import height_of, snippet
from ens_dash.render.permalink import embed_address
from ens_dash.settings import Settings
from ens_dash.site import Site, opening
from ens_dash.survey.filter import Filter
from ens_dash.view import View

WIDTHS = (320, 400, 600, 900, 1200)
MOST_BYTES = 20_000
SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((e) => e.value)))
  .observe({ type: "layout-shift", buffered: true });
"""


class Foreign(BaseHTTPRequestHandler):
    """A site that holds one page, whatever is asked for."""

    def __init__(self, pages: dict[str, str], *args: Any) -> None:
        self.pages = pages
        super().__init__(*args)

    def do_GET(self) -> None:
        body = self.pages.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Newspaper:
    """Another site, on a port of its own, that puts frames into its articles."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), partial(Foreign, self.pages))
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def article(self, *frames: str, width: int) -> str:
        """The address of an article with some frames, in a column of a width in pixels."""
        path = f"/{len(self.pages)}"
        self.pages[path] = (
            '<!DOCTYPE html><meta name="viewport" content="width=device-width"><title>Article</title>'
            '<link rel="icon" href="data:,">'
            f"<style>body{{margin:0;width:{width}px}}iframe{{display:block}}</style>{''.join(frames)}"
        )
        return f"http://127.0.0.1:{self.http.server_address[1]}{path}"


@pytest.fixture(scope="module")
def newspaper() -> Iterator[Newspaper]:
    made = Newspaper()
    yield made
    made.http.shutdown()
    made.http.server_close()


@pytest.fixture(scope="module")
def site(server: Server) -> Site:
    found = opening(Settings(releases=server.releases)).get().site
    assert found is not None
    return found


def context(chromium: Browser, width: int, scripts: bool) -> BrowserContext:
    return chromium.new_context(
        viewport={"width": width, "height": 1000}, java_script_enabled=scripts, locale="fr-FR"
    )


def framed(page: Page) -> Frame:
    frame = page.frames[1]
    frame.wait_for_load_state("load")
    return frame


def card_frame(server: Server, site: Site, question: str, where: str = "", **more: str) -> str:
    """The snippet that the site gives for a card."""
    chosen = Filter.parse(where, site.survey.variables)
    view = View(site.survey.study.id, where=chosen, lang="en" if more.get("lang") == "en" else "fr")
    card = site.cards((question,), chosen, False)[0]
    address = embed_address(view, server.url, question) + more.get("with_", "")
    return snippet(address, "title", height_of(card))


@pytest.mark.parametrize("scripts", [False, True], ids=["scripts-off", "scripts-on"])
@pytest.mark.parametrize("width", WIDTHS)
def test_a_card_draws_in_a_page_of_another_site(
    server: Server, site: Site, newspaper: Newspaper, chromium: Browser, width: int, scripts: bool
) -> None:
    opened = context(chromium, width, scripts)
    opened.add_init_script(SHIFTS)
    page = opened.new_page()
    answers: list[Response] = []
    errors: list[str] = []
    page.on("response", lambda r: answers.append(r) if r.url.startswith(server.url) else None)
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.goto(newspaper.article(card_frame(server, site, "ens_risks", "age=65-plus"), width=width))
    frame = framed(page)
    bars = frame.locator(".bar")
    expect(bars).to_have_count(7)
    expect(bars.first).to_be_visible()
    expect(frame.locator("h1")).to_contain_text("Risques de l’ENS")
    # 54 % and 35 %: as long as they say
    lengths = [box["width"] for box in (b.bounding_box() for b in bars.all()) if box is not None]
    assert lengths[0] / lengths[-1] == pytest.approx(54 / 35, rel=0.02)
    assert frame.evaluate("document.documentElement.scrollWidth") <= width
    assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert sum(len(a.body()) for a in answers) <= MOST_BYTES
    assert all(a.status == 200 for a in answers) and answers
    assert errors == []
    if scripts:
        page.wait_for_timeout(300)
        assert frame.evaluate("window.shifts") == []
    opened.close()


def test_the_link_back_opens_the_card_on_the_site(
    server: Server, site: Site, newspaper: Newspaper, chromium: Browser
) -> None:
    opened = context(chromium, 600, True)
    page = opened.new_page()
    page.goto(newspaper.article(card_frame(server, site, "ens_risks", "age=65-plus"), width=600))
    with opened.expect_page() as found:
        framed(page).get_by_role("link", name="Les Français et l’ENS").click()
    there = found.value
    expect(there.locator(".footer")).to_be_visible(timeout=20_000)
    expect(there.locator("#ens_risks")).to_be_visible()
    assert "age=65-plus" in there.url and there.url.endswith("#ens_risks")
    assert there.evaluate("window.opener") is None
    opened.close()


@pytest.mark.parametrize("width", [320, 600, 1200])
def test_the_interactive_chart_takes_the_place_of_the_bars_and_nothing_moves(
    server: Server, site: Site, newspaper: Newspaper, chromium: Browser, width: int
) -> None:
    opened = context(chromium, width, True)
    opened.add_init_script(SHIFTS)
    page = opened.new_page()
    errors: list[str] = []
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.goto(newspaper.article(card_frame(server, site, "ens_risks", with_="&interactive=1"), width=width))
    frame = framed(page)
    expect(frame.locator("#chart.drawn .main-svg").first).to_be_visible()
    assert frame.locator(".barlayer .point").count() == 7
    assert frame.locator(".plot").get_attribute("aria-label")
    assert frame.evaluate("document.documentElement.scrollWidth") <= width
    page.wait_for_timeout(300)
    assert frame.evaluate("window.shifts") == []
    assert errors == []
    opened.close()


def test_the_interactive_chart_is_drawn_by_the_plotly_of_the_screen(
    server: Server, site: Site, desktop: Page
) -> None:
    open_page(desktop, f"{server.url}/risques?lang=fr")
    desktop.locator(".js-plotly-plot .main-svg").first.wait_for(state="attached")
    on_screen = desktop.evaluate("window.Plotly.version")
    desktop.goto(f"{server.url}/embed/ens_risks?interactive=1")
    expect(desktop.locator("#chart.drawn")).to_be_visible()
    assert desktop.evaluate("window.Plotly.version") == on_screen


def test_without_scripts_or_without_plotly_the_bars_stay(server: Server, chromium: Browser) -> None:
    off = context(chromium, 600, False)
    page = off.new_page()
    page.goto(f"{server.url}/embed/ens_risks?interactive=1")
    expect(page.locator(".bar").first).to_be_visible()
    assert page.evaluate(
        "document.getElementById('chart').scrollHeight <= document.getElementById('chart').clientHeight"
    )
    off.close()
    on = context(chromium, 600, True)
    page = on.new_page()
    page.route("**/plotly-*.js", lambda route: route.abort())
    page.goto(f"{server.url}/embed/ens_risks?interactive=1")
    expect(page.locator("html.scripted")).to_have_count(0)
    expect(page.locator(".bar").last).to_be_visible()
    expect(page.locator(".plot")).to_have_count(0)
    on.close()


@pytest.mark.parametrize(
    ("where", "lang"), [("", "fr"), ("", "en"), ("age=65-plus", "fr"), ("age=65-plus", "en")]
)
def test_no_card_is_cut_or_too_wide_at_320_pixels(
    server: Server, site: Site, newspaper: Newspaper, chromium: Browser, where: str, lang: str
) -> None:
    opened = context(chromium, 320, True)
    page = opened.new_page()
    frames = [
        card_frame(server, site, q, where, lang=lang).replace(' loading="lazy"', "")
        for q in site.survey.by_id
    ]
    page.goto(newspaper.article(*frames, width=320), wait_until="networkidle")
    found = {}
    for frame in page.frames[1:]:
        sizes = "[document.documentElement.scrollHeight, innerHeight, document.documentElement.scrollWidth]"
        found[frame.url] = frame.evaluate(sizes)
    assert len(found) == len(frames)
    cut = {url: size for url, size in found.items() if size[0] > size[1] or size[2] > 320}
    assert cut == {}
    opened.close()


@pytest.mark.parametrize("width", [320, 800])
def test_the_bars_of_everybody_and_of_a_real_group_have_one_scale(
    tmp_path: Path, chromium: Browser, width: int
) -> None:
    text = client(microdata_site(tmp_path)).get("/embed/use?kind=big&lang=en").text
    opened = context(chromium, width, False)
    page = opened.new_page()
    page.set_content(text)
    shares, lengths = [], []
    for bar in page.locator(".bar").all():
        box = bar.bounding_box()
        assert box is not None
        lengths.append(box["width"])
        shares.append(float((bar.get_attribute("style") or "").removeprefix("width:").removesuffix("%")))
    assert len(shares) == 4 and len(set(shares)) == 4
    assert lengths == pytest.approx([s * lengths[0] / shares[0] for s in shares], rel=0.03)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    opened.close()


def test_what_is_not_there_is_told_inside_the_frame(
    server: Server, newspaper: Newspaper, chromium: Browser
) -> None:
    opened = context(chromium, 320, False)
    page = opened.new_page()
    address = escape(f"{server.url}/embed/ens_risk?lang=fr")
    page.goto(newspaper.article(f'<iframe src="{address}" width="100%" height="600"></iframe>', width=320))
    frame = framed(page)
    expect(frame.get_by_role("link", name="ens_risks")).to_be_visible()
    assert frame.evaluate("document.documentElement.scrollWidth") <= 320
    frame.get_by_role("link", name="ens_risks").click()
    expect(framed(page).locator(".bar").first).to_be_visible()
    opened.close()
