"""The first thing a visitor's browser gets: a page's own HTML, and no error on the way to its figures."""

from __future__ import annotations

import re
import urllib.request

import pytest
from browser.conftest import Server
from browser.site import open_page
from playwright.sync_api import Page, Response, expect


@pytest.mark.parametrize("path", ["", "risques?age=65-plus&lang=en", "methode?lang=fr"])
def test_a_cold_link_meets_no_error(server: Server, desktop: Page, path: str) -> None:
    errors: list[str] = []
    answers: list[Response] = []
    desktop.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    desktop.on("pageerror", lambda e: errors.append(str(e)))
    desktop.on("response", lambda answer: answers.append(answer))
    open_page(desktop, f"{server.url}/{path}")
    assert [f"{a.status} {a.url}" for a in answers if a.status >= 400] == []
    assert errors == []
    assert desktop.evaluate("window.__streamlit.BACKEND_BASE_URL") == f"{server.url}/"


@pytest.mark.parametrize(("lang", "title"), [("fr", "Risques, juillet 2020"), ("en", "Risks, July 2020")])
def test_a_page_says_its_language_and_title_before_and_after_its_scripts(
    server: Server, desktop: Page, lang: str, title: str
) -> None:
    with urllib.request.urlopen(f"{server.url}/risques?lang={lang}") as answer:
        text = answer.read().decode()
    assert f'<html lang="{lang}">' in text
    assert re.search(rf"<title>{title} – ", text)
    open_page(desktop, f"{server.url}/risques?lang={lang}")
    expect(desktop).to_have_title(re.compile(title))
    expect(desktop.locator("html")).to_have_attribute("lang", lang)


def test_a_page_under_another_path_is_still_streamlits(server: Server) -> None:
    with urllib.request.urlopen(f"{server.url}/_stcore/health") as answer:
        assert answer.read() == b"ok"
