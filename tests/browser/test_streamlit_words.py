"""Not one word in the wrong language, Streamlit's own included: every page in both, with its folds open."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

import pytest
from browser.conftest import Server
from browser.site import open_page
from folders import DATA
from playwright.sync_api import Browser, Page, expect

from ens_dash.paths import PAGES
from ens_dash.text import load_words

WORDS = load_words(DATA / "text")
OTHER = {"fr": "en", "en": "fr"}
# Shares that the report prints beside other words, copied letter by letter.
WORDED = csv.DictReader((DATA / "ens-2020" / "worded.csv").read_text("utf-8").splitlines())
REPORT = {re.sub(r"[\s\u00a0\u202f]+", " ", text).strip() for row in WORDED for text in row.values() if text}
# Texts and names of the page, each with the language of the element that holds it.
SEEN = """() => {
  const found = [];
  const lang = (e) => e.closest("[lang]")?.lang ?? "";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let n = walker.nextNode(); n; n = walker.nextNode()) {
    const e = n.nodeType === Node.TEXT_NODE ? n.parentElement : n;
    if (e.closest("style, script, noscript, [data-testid=stIconMaterial], pre, .copy")) continue;
    if (n.nodeType === Node.TEXT_NODE)
      found.push([lang(e), n.data, Boolean(e.closest(".wording, .asked, q"))]);
    else for (const a of ["aria-label", "title", "placeholder", "alt", "aria-valuetext"])
      if (e.hasAttribute(a)) found.push([lang(e), e.getAttribute(a), false]);
  }
  return found.filter(([, t]) => t.trim());
}"""


def plain(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]+", " ", text).strip()


def only_in(lang: str) -> list[re.Pattern[str]]:
    """The texts of a catalogue that the other does not hold, as patterns; of English, Streamlit's too."""
    here, there = WORDS[lang].texts, WORDS[OTHER[lang]].texts  # type: ignore[index]
    of_the_page = {k for k in here if not k.startswith(("cli.", "api.", "extract."))}
    texts = {plain(here[k]) for k in of_the_page}
    others = {plain(text) for text in there.values()}
    if lang == "en":
        texts |= {k.removeprefix("streamlit.") for k in there if k.startswith("streamlit.")}
    worded = [t for t in texts - others if re.search(r"[^\W\d_]{3,}", re.sub(r"\{\w+\}", "", t))]
    return [re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(t))) for t in worded if not t.startswith("{")]


FOREIGN = {lang: only_in(OTHER[lang]) for lang in OTHER}
NUMBERS = {
    "fr": re.compile(r"\d%|\b\d\.\d+\s?%|\b\d,\d{3}\b(?! %)"),
    "en": re.compile(r"\d [%]|\b\d,\d{1,2}\b(?!\d)|\b\d \d{3}\b"),
}


def wrong(page: Page, lang: str) -> list[str]:
    """What stands on the page in the other language, outside elements that say they are in it."""
    seen = [(plain(text), quoted) for of, text, quoted in page.evaluate(SEEN) if of in (lang, "")]
    texts = {text for text, _ in seen}
    # the report's own wording, which words that are explained cut in pieces, stands as it is printed
    printed = REPORT | {text for text, quoted in seen if quoted}
    # React keeps a text with what is filled in as several: whole ones are compared
    foreign = [t for t in texts if any(p.fullmatch(t) for p in FOREIGN[lang])]
    # so does what else is quoted; an address is no text
    quoted = re.compile(r"^[^«]*»|«[^»]*(»|$)|^[^“]*”|“[^”]*(”|$)|https?://\S+|/\S+\?\S+")
    numbers = [t for t in texts - printed if NUMBERS[lang].search(quoted.sub("", t))]
    return sorted(foreign + numbers)


def open_all(page: Page) -> None:
    """Folds, the note of a variable, and the list of the first selection."""
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.locator("summary").first.click()
    page.evaluate("document.querySelectorAll('details:not([open])').forEach((d) => (d.open = true))")
    expect(page.locator('.stApp[data-test-script-state="notRunning"]')).to_be_attached()
    page.locator('[data-testid="stSidebar"] button:has(svg)').first.hover()
    box = page.locator(".stMain").get_by_role("combobox").first
    if box.count():
        box.click()
        page.keyboard.type("zzzz")
        expect(page.get_by_role("listbox")).to_be_visible()


@pytest.fixture(params=["fr", "en"])
def visitor(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[tuple[Page, str]]:
    # the browser speaks the other language: nothing of the page may follow it
    locale = {"fr": "en-GB", "en": "fr-FR"}[request.param]
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale=locale)
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page, request.param
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_no_word_and_no_number_is_in_the_other_language(
    server: Server, visitor: tuple[Page, str], path: str
) -> None:
    page, lang = visitor
    open_page(page, f"{server.url}/{path}?lang={lang}&age=65-plus")
    assert wrong(page, lang) == []
    open_all(page)
    assert wrong(page, lang) == []


def test_canary_the_words_that_are_looked_for_are_there_without_our_table(
    server: Server, desktop: Page
) -> None:
    """The test above would find them."""
    desktop.add_init_script(
        """new MutationObserver(() => document.querySelector('meta[name="page-words"]')?.remove())
          .observe(document, { childList: true, subtree: true });"""
    )
    open_page(desktop, f"{server.url}/comparer?lang=fr&age=65-plus")
    found = wrong(desktop, "fr")
    for text in ("Skip to main content", "Sidebar", "Collapse sidebar", "Help for Âge", "Choose an option"):
        assert text in found


def test_words_are_replaced_before_they_are_painted_and_after_a_rerun(server: Server, desktop: Page) -> None:
    desktop.add_init_script(
        """window.seen = [];
        (function look() {
          for (const e of document.querySelectorAll("#root [aria-label], #root [placeholder]"))
            for (const a of ["aria-label", "placeholder"])
              if (/Sidebar|Help for|Choose an|sidebar$/.test(e.getAttribute(a) ?? ""))
                seen.push(e.getAttribute(a));
          requestAnimationFrame(look);
        })();"""
    )
    open_page(desktop, f"{server.url}/comparer?lang=fr")
    desktop.get_by_role("button", name="Femmes", exact=True).click()
    expect(desktop).to_have_url(re.compile("sex=female"))
    desktop.get_by_role("button", name="Fermer le filtre").click()
    expect(desktop.get_by_role("button", name="Ouvrir le filtre")).to_be_visible()
    assert desktop.evaluate("window.seen") == []


def test_the_sites_own_contents_are_left_alone(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?lang=fr")
    desktop.evaluate(
        "() => { const p = document.createElement('p'); p.id = 'mine'; p.textContent = 'Stop';"
        " document.querySelector('.stMain .stHtml').append(p); }"
    )
    desktop.wait_for_timeout(100)
    expect(desktop.locator("#mine")).to_have_text("Stop")


@pytest.mark.parametrize(("lang", "locale"), [("fr", "en-GB"), ("en", "fr-FR")])
def test_a_site_in_maintenance_says_so_in_the_language_of_the_address(
    tmp_path, chromium: Browser, lang: str, locale: str
) -> None:
    home = tmp_path / "releases" / "ens-2020"
    home.mkdir(parents=True)
    (home / "current").write_text("nothing", "utf-8")
    running = Server(tmp_path / "releases")
    running.start()
    context = chromium.new_context(locale=locale)
    try:
        page = context.new_page()
        answer = page.goto(f"{running.url}/risques?lang={lang}")
        assert answer is not None and answer.status == 503
        expect(page.locator(".stMain h1")).to_have_text(WORDS[lang]("closed.title"))  # type: ignore[index]
        expect(page.locator("#first")).to_have_count(0)
        expect(page.get_by_test_id("stCode")).to_contain_text("expected a release")
    finally:
        context.close()
        running.stop()
