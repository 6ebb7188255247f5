"""Sharing a card: what is copied, what is downloaded, and that it works where the server draws nothing."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.conftest import Server
from browser.site import card, expect_url, open_page
from PIL import Image
from playwright.sync_api import Download, Page, expect

FILTERED = "/risques?age=65-plus&lang=fr"


@pytest.fixture(scope="module")
def without_chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("releases"), environment={"PATH": "/nonexistent"})
    running.start()
    yield running
    running.stop()


def panel(page: Page, question: str) -> object:
    found = card(page, question).locator(".share")
    found.locator("summary").click()
    expect(found.get_by_role("link", name="PNG").first).to_be_visible()
    return found


def downloaded(page: Page, question: str, name: str, which: int = 0) -> tuple[str, bytes]:
    with page.expect_download(timeout=40_000) as waiting:
        panel_link(page, question, name, which).click()
    found: Download = waiting.value
    return found.suggested_filename, Path(found.path()).read_bytes()


def panel_link(page: Page, question: str, name: str, which: int):
    return card(page, question).locator(".share").get_by_role("link", name=name, exact=True).nth(which)


def copied(page: Page, question: str, heading: str) -> str:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    row = card(page, question).locator(".copy").filter(has=page.locator("b", has_text=heading)).first
    row.get_by_role("button").click()
    expect(row.get_by_role("button")).to_have_text("Copié ✓")
    return str(page.evaluate("navigator.clipboard.readText()"))


def stamp(image: bytes) -> dict[str, object]:
    found = Image.open(io.BytesIO(image))
    found.load()
    return json.loads(found.text["ens_dash"])


def test_a_picture_drawn_in_the_browser_is_the_servers_and_says_what_it_is(server: Server, desktop: Page):
    asked = []
    desktop.on("request", lambda request: asked.append(request.url))
    open_page(desktop, server.url + FILTERED)
    panel(desktop, "ens_risks")
    name, image = downloaded(desktop, "ens_risks", "PNG")
    assert name == "ens_risks_65-plus_FICTIF_2020-07.png"
    assert Image.open(io.BytesIO(image)).size == (2400, 1350)
    assert any("/charts/ens_risks.json" in url for url in asked)
    assert not any("/charts/ens_risks.png" in url for url in asked)
    said = stamp(image)
    assert said["permalink"] == f"{server.url}/risques?age=65-plus&q=ens_risks&lang=fr#ens_risks"
    assert any("simulated" in figure for figure in said["figures"])
    name, svg = downloaded(desktop, "ens_risks", "SVG")
    assert name == "ens_risks_65-plus_FICTIF_2020-07.svg"
    text = svg.decode()
    for written in ("CHIFFRES FICTIFS", "54 % ensemble", "2 100", server.url):
        assert written in text.replace("\xa0", " ").replace("\u202f", " ")
    answer = desktop.request.get(f"{server.url}/api/v1/charts/ens_risks.svg?age=65-plus&lang=fr")
    shown = [re.findall(r"<text[^>]*>(.*?)</text>", s.replace(server.url, "")) for s in (text, answer.text())]
    assert [re.sub("<[^>]+>", "", t) for t in shown[0]] == [re.sub("<[^>]+>", "", t) for t in shown[1]]


def test_the_picture_without_fictitious_figures_has_none(server: Server, desktop: Page):
    open_page(desktop, server.url + FILTERED)
    panel(desktop, "ens_risks")
    name, image = downloaded(desktop, "ens_risks", "PNG", which=1)
    assert name == "ens_risks_2020-07.png"
    assert "simulated" not in json.dumps(stamp(image))


def test_the_server_draws_where_the_browser_cannot_load_the_script(server: Server, desktop: Page):
    desktop.route("**/assets/plotly*", lambda route: route.abort())
    open_page(desktop, f"{server.url}/risques?lang=fr")
    panel(desktop, "ens_risks")
    name, image = downloaded(desktop, "ens_risks", "PNG")
    assert name == "ens_risks_2020-07.png"
    assert Image.open(io.BytesIO(image)).size == (2400, 1350)
    name, document = downloaded(desktop, "ens_risks", "PDF")
    assert name == "ens_risks_2020-07.pdf" and document.startswith(b"%PDF")


def test_without_chromium_the_server_says_so_and_the_browser_draws(without_chromium: Server, desktop: Page):
    answer = desktop.request.get(f"{without_chromium.url}/api/v1/charts/ens_risks.png?lang=en")
    assert answer.status == 503
    problem = answer.json()
    assert "Chromium" in problem["detail"] and problem["type"].endswith("NoPictures")
    open_page(desktop, f"{without_chromium.url}/risques?lang=fr")
    panel(desktop, "ens_risks")
    panel_link(desktop, "ens_risks", "PDF", 0).click()
    expect(card(desktop, "ens_risks").locator(".share [role=status]")).to_contain_text("Chromium")
    _, image = downloaded(desktop, "ens_risks", "PNG")
    assert Image.open(io.BytesIO(image)).size == (2400, 1350)


def test_links_sentences_and_references_are_copied_with_the_sites_address(server: Server, desktop: Page):
    open_page(desktop, f"{server.url}/risques?lang=fr")
    panel(desktop, "ens_risks")
    link = f"{server.url}/risques?q=ens_risks&lang=fr#ens_risks"
    assert copied(desktop, "ens_risks", "Lien") == link
    sentence = copied(desktop, "ens_risks", "Phrase pour un article")
    for part in (link, "54 %", "2 100", "OpinionWay", "17–30 juillet 2020"):
        assert part in sentence.replace("\xa0", " ").replace("\u202f", " ")
    assert "@techreport{ens-2020:ens_risks," in copied(desktop, "ens_risks", "BibTeX")
    assert link in copied(desktop, "ens_risks", "Référence (anglais)")
    frame = copied(desktop, "ens_risks", "Code pour intégrer")
    assert f'<iframe src="{server.url}/embed/ens_risks?lang=fr"' in frame


def test_no_citation_of_a_fictitious_card_holds_a_fictitious_figure(server: Server, desktop: Page):
    open_page(desktop, f"{server.url}{FILTERED}")
    panel(desktop, "system_risks")
    for heading in ("Phrase pour un article", "Référence (français)", "BibTeX", "Code pour intégrer"):
        assert not re.search(r"\d\s*%", copied(desktop, "system_risks", heading).replace("100%", ""))
    assert "plus âgés" in copied(desktop, "system_risks", "Phrase pour un article")


def test_a_link_to_a_card_leads_to_the_card(server: Server, desktop: Page):
    open_page(desktop, f"{server.url}/risques?q=ens_risks&lang=fr#ens_risks")
    heading = desktop.locator("h2#ens_risks")
    expect(heading).to_be_in_viewport()
    desktop.wait_for_timeout(1500)
    expect(heading).to_be_in_viewport()
    expect_url(desktop, "#ens_risks")


def test_the_panel_fits_a_phone(server: Server, phone: Page):
    open_page(phone, f"{server.url}{FILTERED}")
    panel(phone, "ens_risks")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
