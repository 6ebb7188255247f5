"""A page whose server goes away and comes back, in the visitor's language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.conftest import Server
from browser.site import card, expect_url, open_page, pill, whom
from folders import DATA
from playwright.sync_api import Page, expect

from ens_dash.text import load_words

WORDS = load_words(DATA / "text")


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "releases")
    running.start()
    yield running
    running.stop()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_lost_connection_is_told_beside_the_figures_and_ends(
    own_server: Server, desktop: Page, lang: str
) -> None:
    words = WORDS[lang]  # type: ignore[index]
    open_page(desktop, f"{own_server.url}/risques?age=65-plus&lang={lang}")
    line = desktop.locator("#lost")
    expect(line).to_be_hidden()
    own_server.stop()
    expect(line).to_have_text(words("connection.away"), timeout=20_000)
    # long enough for Streamlit's own dialog, which would lie over the figures
    for _ in range(10):
        desktop.wait_for_timeout(1000)
        expect(desktop.get_by_role("dialog")).to_have_count(0)
    expect(line).to_be_visible()
    expect(card(desktop, "ens_risks").get_by_role("heading").first).to_be_visible()
    own_server.start()
    expect(line).to_have_text(words("connection.back"), timeout=30_000)
    expect(line).to_be_hidden(timeout=10_000)
    pill(desktop, "Femmes" if lang == "fr" else "Women").click()
    expect_url(desktop, "age=65-plus", "sex=female")
    expect(whom(desktop)).to_contain_text("65")
