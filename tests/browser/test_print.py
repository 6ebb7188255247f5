"""A page on A4: what stands on it, and that no chart is cut."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from browser.conftest import Server
from browser.site import card, open_page, whom
from folders import DATA
from playwright.sync_api import Page
from pypdf import PdfReader

from ens_dash.paths import PAGES
from ens_dash.text import load_words

WORDS = load_words(DATA / "text")
# A4 at 96 dots an inch, without the margins of ui/css/print.css
PAPER = round((210 - 2 * 12) / 25.4 * 96)
BUTTONS = (
    "briefing.add",
    "share.title",
    "present.start",
    "light.bars",
    "filter.title",
    "nav.more",
    "data.download",
)


def printed(page: Page, folder: Path) -> str:
    """The words of the page's PDF."""
    file = folder / "page.pdf"
    page.pdf(path=file, format="A4", prefer_css_page_size=True, print_background=True)
    return squeezed(" ".join(sheet.extract_text() for sheet in PdfReader(file).pages))


def squeezed(text: str) -> str:
    """Without its spaces, ligatures and breaks inside words: a PDF has no spaces, only places."""
    return re.sub(r"[\s\u00ad\u2010]+", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("query", ["lang=fr&age=65-plus", "lang=en"])
def test_the_paper_has_the_pages_words_and_nothing_to_press(
    server: Server, desktop: Page, tmp_path: Path, path: str, query: str
) -> None:
    lang = query[5:7]
    words = WORDS[lang]  # type: ignore[index]
    open_page(desktop, f"{server.url}/{path}?{query}")
    wanted = [h for h in desktop.locator(".stMain h1, .stMain h2.card-title").all_inner_texts() if h]
    if path not in ("", "dossier") and whom(desktop).count():
        wanted.append(whom(desktop).inner_text())
    text = printed(desktop, tmp_path)
    for part in wanted:
        assert squeezed(part) in text
    assert squeezed(desktop.url) in text
    assert squeezed(words("print.address")).partition("{")[0] in text
    # an empty briefing says by its words which button fills it
    for key in BUTTONS if path != "dossier" else BUTTONS[1:]:
        assert squeezed(words(key)) not in text


def test_charts_fit_the_paper_and_keep_their_source(server: Server, desktop: Page, tmp_path: Path) -> None:
    open_page(desktop, f"{server.url}/risques?lang=fr&age=65-plus")
    desktop.set_viewport_size({"width": PAPER, "height": 1000})
    desktop.emulate_media(media="print")
    desktop.evaluate("dispatchEvent(new Event('beforeprint'))")
    boxes = desktop.evaluate(
        """() => [...document.querySelectorAll(".stPlotlyChart .main-svg")].map((s) => {
            const b = s.getBoundingClientRect();
            const card = s.closest('[class*="st-key-card_"]').getBoundingClientRect();
            const inside = b.left >= card.left - 1 && b.right <= card.right + 1 && b.bottom <= card.bottom;
            return [inside, b.width, b.height];
        })"""
    )
    assert len(boxes) >= 3 and all(
        inside and 300 < width <= PAPER and height > 100 for inside, width, height in boxes
    )
    assert desktop.locator("[data-testid=stSidebar]").is_hidden()
    desktop.evaluate("dispatchEvent(new Event('afterprint'))")
    assert desktop.locator(".main-svg[viewBox]").count() == 0
    source = squeezed(card(desktop, "ens_risks").locator(".source").inner_text())
    text = printed(desktop, tmp_path)
    assert source in text and "CHIFFRESFICTIFS" in text
