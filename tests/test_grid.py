"""Two hundred views, each in every rendering: the same numbers, origin, base and permalink everywhere.

What a picture says is read from its figure, which is what the browser draws; of every tenth view the SVG is
drawn for real and read.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from html import unescape
from itertools import product
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import pptx
import pytest
from folders import SHIPPED
from sites import API, client

from ens_dash.briefing import Entry, encode
from ens_dash.estimate.figures import Figure
from ens_dash.export import card_of, extract_of, picture_of
from ens_dash.render.alternative import alt_text
from ens_dash.render.bars import table
from ens_dash.render.card import Card
from ens_dash.render.deck import figures_of
from ens_dash.render.sentence import reading_note, value
from ens_dash.render.slides import presentation
from ens_dash.settings import Settings
from ens_dash.site import opening
from ens_dash.survey.folder import read_survey
from ens_dash.text import Words
from ens_dash.view import View, parse_query
from ens_dash.web.briefing import deck_of, slides_of

FILTERS = ("", "age=65-plus", "age=18-24,25-34&sex=female", "region=94&age=18-24&ald=yes")
REPORT = tuple(f"{where}&mode=report" for where in FILTERS[1:3])
QUESTIONS = tuple(q.id for q in read_survey(SHIPPED).questions)
# four filters and two of the report only, of 28 questions, the languages in turn; then more in the other one
GRID = [
    (question, query, ("fr", "en")[i % 2])
    for i, (question, query) in enumerate(product(QUESTIONS, FILTERS + REPORT))
]
GRID += [(question, query, "en" if lang == "fr" else "fr") for question, query, lang in GRID[:32]]
MARK = {"fr": "CHIFFRES FICTIFS", "en": "FICTITIOUS FIGURES"}
NAMED = {"fr": "FICTIF", "en": "FICTITIOUS"}
Key = tuple[str, str | None, str, str]
Shown = tuple[float | None, int | None, str]


def test_there_are_two_hundred_views():
    assert len(GRID) == len(set(GRID)) == 200


@pytest.fixture(scope="module")
def settings(releases) -> Settings:
    return Settings(releases=releases, public_url="https://ens.example")


@pytest.fixture(scope="module")
def site(settings):
    found = opening(settings).get().site
    assert found is not None
    return found


@pytest.fixture(scope="module")
def asked(settings):
    return client(settings)


def view_of(query: str, lang: str, site) -> View:
    pairs: dict[str, list[str]] = {"lang": [lang]}
    for name, text in parse_qsl(query):
        pairs.setdefault(name, []).append(text)
    view, notices = parse_query(pairs, site.survey)
    assert notices == ()
    return view


def key(row) -> Key:
    return row["question"], row["item"] or None, row["answer"], row["segment"] or ""


def shown(row) -> Shown:
    n = row["n"]
    est = row["est"]
    number = None if est in (None, "") else float(f"{float(est):.12g}")
    return number, None if n in (None, "") else int(float(n)), row["origin"]


def plain(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def numbers(card: Card, words: Words) -> list[str]:
    """The numbers that must be read in a chart: everybody's, and the group's of the headline answer."""
    figures: list[Figure | None] = []
    for row in card.rows:
        figures += [row.main.whole, row.main.group]
        figures += [part.whole for part in (row.inner, row.beside) if part is not None]
    return [plain(value(f, words)) for f in figures if f is not None and f.quotable]


@pytest.mark.parametrize(("question", "query", "lang"), GRID)
def test_a_view_is_the_same_in_every_rendering(site, settings, asked, question, query, lang):
    view, words = view_of(query, lang, site), site.words[lang]
    card = card_of(site, question, view, settings)
    extract = extract_of(site, question, view, settings)
    link = extract.permalink
    asked_for = "&".join(filter(None, (query, f"lang={lang}")))

    # the API: everybody's, then the group's
    api: dict[Key, Shown] = {}
    for one in (f"lang={lang}", asked_for):
        answer = asked.get(f"{API}/figures?q={question}&{one}").json()
        api |= {key(f): shown(f) for f in answer["figures"]}
    if "mode=report" in query:
        assert all(origin == "published" for _, _, origin in api.values())
    simulated = {k for k, (est, _, origin) in api.items() if origin == "simulated" and est is not None}

    # CSV, ZIP and XLSX
    csv_file = asked.get(f"{API}/downloads/{question}.csv?{asked_for}")
    lines = list(csv.reader(io.StringIO(csv_file.content.decode("utf-8-sig"))))
    data = lines[: lines.index([])]
    assert {key(r): shown(r) for r in (dict(zip(data[0], line, strict=True)) for line in data[1:])} == api
    assert link in csv_file.text
    with zipfile.ZipFile(
        io.BytesIO(asked.get(f"{API}/downloads/{question}.zip?{asked_for}").content)
    ) as packed:
        assert packed.read("data.csv") == csv_file.content
        assert json.loads(packed.read("metadata.json"))["permalink"] == link
    xlsx = asked.get(f"{API}/downloads/{question}.xlsx?{asked_for}")
    sheet = list(openpyxl.load_workbook(io.BytesIO(xlsx.content)).worksheets[1].iter_rows(values_only=True))
    cells = [dict(zip(sheet[0], line, strict=True)) for line in sheet[1:]]
    assert {key(c): shown(c) for c in cells} == api

    # the picture, and what it says of itself
    picture = picture_of(site, question, view, settings)
    said = [plain(a["text"]) for a in picture.figure["layout"]["annotations"]]
    together = " | ".join(said)
    for number in numbers(card, words):
        assert number in together
    assert link.replace(" ", "") in together.replace(" ", "")
    stamp = json.loads(picture.stamp.text)
    assert stamp["permalink"] == link and stamp["release"] == site.store.release.id
    stamped = {(q, i, a, s): (e, n, o) for q, i, a, s, e, n, o in stamp["figures"] if q == question}
    assert {k: shown(dict(est=e, n=n, origin=o)) for k, (e, n, o) in stamped.items()} == api

    # slides: the native chart's own numbers
    mode = view.mode or ("fictional" if view.where else None)
    entry = Entry(question, view.where, fictional=mode == "fictional")
    slides = slides_of([entry], site, settings, lang)
    deck = deck_of(slides, [entry], site, settings, lang)
    opened = pptx.Presentation(io.BytesIO(presentation(slides, deck)))
    page = opened.slides[1]
    values = [v for s in page.shapes if s.has_chart for one in s.chart.plots[0].series for v in one.values]
    drawn = [f.est for f in figures_of(slides[0])]
    assert Counter(round(v, 12) for v in values if v is not None) == Counter(round(e, 12) for e in drawn)
    assert {f.key: None for f in figures_of(slides[0])}.keys() <= {f.key for f in extract.figures}
    notes = page.notes_slide.notes_text_frame.text
    assert link in notes

    # table, sentence, alternative text
    html = plain(table(card, site.survey, words))
    for row in card.rows:
        for part in row.answers:
            for figure in (part.whole, part.group):
                if figure is not None and figure.quotable:
                    assert plain(value(figure, words)) in html
    first = next((r for r in card.rows if card.about(r.main) is not None), None)
    if first is not None:
        assert plain(value(card.about(first.main), words)) in plain(reading_note(card, site.survey, words))
    alt = plain(alt_text(card, site.survey, words))
    for row in card.rows:
        assert plain(value(row.main.whole, words)) in alt

    # the embed: the report's figures only
    where = "&".join(filter(None, (query.replace("&mode=report", ""), f"lang={lang}")))
    embed = asked.get(f"/embed/{question}?{where}")
    assert embed.status_code == 200
    national = site.cards((question,), view.where, False)[0]
    for row in national.rows:
        assert plain(value(row.main.whole, words)) in plain(embed.text)

    # what is fictitious says so, everywhere that it is
    names = [r.headers["content-disposition"] for r in (csv_file, xlsx)] + [picture.extract.file_name("svg")]
    if simulated:
        assert all(NAMED[lang] in name for name in names)
        assert MARK[lang] in csv_file.text
        across = [a["text"] for a in picture.figure["layout"]["annotations"] if a.get("textangle")]
        assert bool(across) == card.fictional
        assert MARK[lang] not in plain(embed.text)
        if card.fictional:
            assert MARK[lang] in together and MARK[lang] in html.upper()
            on_slide = " ".join(s.text_frame.text for s in page.shapes if s.has_text_frame)
            assert MARK[lang] in on_slide
    else:
        assert not any(NAMED[lang] in name for name in names)
        assert MARK[lang] not in together and MARK[lang] not in csv_file.text
    for cell in cells:
        assert bool(cell["reason"]) == (cell["est"] is None)


@pytest.mark.browser
@pytest.mark.parametrize(("question", "query", "lang"), GRID[::10])
def test_a_drawn_svg_holds_the_texts_of_its_figure(site, settings, question, query, lang):
    view = view_of(query, lang, site)
    picture = picture_of(site, question, view, settings)
    svg = picture.draw("svg").decode()
    body = svg[svg.index("</metadata>") :]
    written = Counter(plain(t) for t in re.findall(r"<text[^>]*>(.*?)</text>", body, re.DOTALL))
    for annotation in picture.figure["layout"]["annotations"]:
        text = plain(annotation["text"])
        assert written[text] >= 1, text
    assert urlsplit(picture.extract.permalink).netloc == "ens.example"


def test_two_requests_of_a_view_give_the_same_bytes(asked):
    for form in ("csv", "xlsx", "zip"):
        address = f"{API}/downloads/ens_risks.{form}?age=65-plus&lang=fr"
        assert asked.get(address).content == asked.get(address).content
    tray = encode([Entry("ens_risks")])
    address = f"{API}/briefing.pptx?briefing={tray}&lang=fr"
    assert asked.get(address).content == asked.get(address).content
