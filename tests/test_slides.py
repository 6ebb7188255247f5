"""A briefing as slides, opened again: its numbers, their origin in words, notes, what must not be there."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pptx
import pytest
from pptx.enum.dml import MSO_FILL
from pptx.util import Pt
from pypdf import PdfReader
from sites import API, HOSTILE, client, microdata_site
from test_briefing import packed

from ens_dash.briefing import LONGEST, MOST, Entry, encode
from ens_dash.render.deck import figures_of
from ens_dash.render.extract import grid
from ens_dash.render.fit import height
from ens_dash.render.pieces import whole
from ens_dash.render.slides import presentation
from ens_dash.render.stamp import KEY
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.store import open_store
from ens_dash.survey.filter import Filter
from ens_dash.text.words import NBSP
from ens_dash.web.briefing import deck_of, slides_of

MARK = {"fr": "CHIFFRES FICTIFS", "en": "FICTITIOUS FIGURES"}
REPORT = {"fr": "CHIFFRES DU RAPPORT", "en": "FIGURES OF THE REPORT"}
PERCENT = {"fr": f'0"{NBSP}"%', "en": "0%"}
OLD = "age=65-plus"


@pytest.fixture(scope="module")
def settings(releases) -> Settings:
    return Settings(releases=releases, public_url="https://example.org")


@pytest.fixture(scope="module")
def site(store, words) -> Site:
    return Site(store, words)


@pytest.fixture(scope="module")
def made_settings(tmp_path_factory) -> Settings:
    return microdata_site(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def made(made_settings, words):
    opened = open_store(made_settings.releases, "made")
    yield Site(opened, words)
    opened.close()


def where(site: Site, query: str) -> Filter:
    return Filter.parse(query, site.survey.variables)


def file_of(entries, site, settings, lang="fr", **changes) -> bytes:
    slides = slides_of(entries, site, settings, lang)
    return presentation(slides, replace(deck_of(slides, entries, site, settings, lang), **changes))


def opened(entries, site, settings, lang="fr"):
    return pptx.Presentation(io.BytesIO(file_of(entries, site, settings, lang)))


def shown(slide) -> str:
    """All the words on a slide, outside its chart."""
    return " ".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)


def charts(slide) -> list:
    return [s.chart for s in slide.shapes if s.has_chart]


def numbers(chart) -> list[float]:
    return [v for p in chart.plots for s in p.series for v in s.values if v is not None]


def notes(slide) -> str:
    return slide.notes_slide.notes_text_frame.text


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("query", ["", OLD, "age=65-plus&sex=female", "region=94&age=18-24&ald=yes"])
@pytest.mark.parametrize("ticked", [False, True])
def test_every_slide_draws_the_figures_of_its_extract_and_no_other(site, settings, lang, query, ticked):
    entries = [Entry(q.id, where(site, query), ticked) for q in site.survey.questions]
    slides = slides_of(entries, site, settings, lang)
    deck = opened(entries, site, settings, lang)
    assert len(deck.slides) == len(entries) + 2
    for slide, page in zip(slides, list(deck.slides)[1:-1], strict=True):
        [chart] = charts(page)
        drawn = [f.est for f in figures_of(slide)]
        assert sorted(numbers(chart)) == sorted(drawn) != []
        table = grid(slide.extract)
        columns = [c for c in zip(*table.values, strict=True) if any(v is not None for v in c)]
        if not slide.card.whole_only:
            assert sorted(numbers(chart)) == sorted(v for c in columns for v in c if v is not None)
        names = [s.name for s in chart.plots[0].series]
        assert [n for n in names if "FICTI" in n] == [
            n for n, f in zip(table.columns, table.fictional, strict=True) if f and slide.fictional
        ]


def test_bars_stand_highest_first_from_the_top(site, settings):
    deck = opened([Entry("ens_risks"), Entry("ens_intention")], site, settings)
    for slide in list(deck.slides)[1:-1]:
        [chart] = charts(slide)
        values = list(chart.plots[0].series[0].values)
        assert values == sorted(values, reverse=True)
        assert chart.category_axis.reverse_order
        assert (chart.value_axis.minimum_scale, chart.value_axis.maximum_scale) == (0, 1)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_ticked_slide_says_that_it_is_fictitious_everywhere(site, settings, lang):
    entries = [Entry("ens_risks", where(site, OLD), True, title="Mon titre"), Entry("ens_risks")]
    deck = opened(entries, site, settings, lang)
    cover, fictional, plain = list(deck.slides)[:3]
    [chart] = charts(fictional)
    report, simulated = chart.plots[0].series
    assert simulated.format.fill.type == MSO_FILL.PATTERNED
    assert str(simulated.format.fill.fore_color.rgb) == "B34700"
    assert report.format.fill.type == MSO_FILL.SOLID
    assert {"fr": "FICTIF", "en": "FICTITIOUS"}[lang] in simulated.name
    word = {"fr": "fictif", "en": "fictitious"}[lang]
    assert simulated.data_labels.number_format == f'{PERCENT[lang]}"{NBSP}{word}"'
    everybody = {"fr": "ensemble", "en": "all\xa0asked"}[lang]
    assert report.data_labels.number_format == f'{PERCENT[lang]}"{NBSP}{everybody}"'
    # in its title though it is the presenter's own, on a badge, across the plot, in the notes, on the cover
    title = fictional.shapes.title.text_frame.text
    assert word in title and title.endswith("Mon titre")
    [across] = [s for s in fictional.shapes if s.has_text_frame and s.text_frame.text == MARK[lang]]
    [frame] = [s for s in fictional.shapes if s.has_chart]
    assert across.rotation and frame.left <= across.left and across.top > frame.top
    assert {"fr": "ne les citez pas", "en": "do not quote"}[lang] in shown(fictional)
    assert REPORT[lang] in shown(fictional)
    assert MARK[lang] in notes(fictional)
    assert re.search(rf"{MARK[lang]}.*1 (sur|of) 2", shown(cover))
    assert MARK[lang] not in shown(plain) + notes(plain)
    assert len(charts(plain)[0].plots[0].series) == 1
    assert deck.core_properties.title.startswith(MARK[lang])


def test_what_is_not_ticked_has_no_simulated_figure_and_the_reports_words(site, settings):
    entry = Entry("system_risks", where(site, OLD))
    content = file_of([entry], site, settings)
    deck = pptx.Presentation(io.BytesIO(content))
    slide = deck.slides[1]
    [chart] = charts(slide)
    whole_figures = {f.est for f in site.figures(("system_risks",), Filter())}
    assert set(numbers(chart)) <= whole_figures
    assert len(chart.plots[0].series) == 1
    assert "ensemble" in shown(slide) and "Ensemble" in chart.plots[0].series[0].name
    said = [s.statement.quote for s in slides_of([entry], site, settings, "fr")[0].card.said]
    assert said and all(quote in notes(slide) for quote in said)
    assert said[0][:60] in shown(slide)
    assert MARK["fr"] not in " ".join(shown(s) + notes(s) for s in deck.slides)
    simulated = {f.est for f in site.figures(("system_risks",), entry.where)} - whole_figures
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for name in file.namelist():
            text = file.read(name).decode("latin-1")
            assert not [v for v in simulated if repr(v) in text], name
            if name.startswith("ppt/embeddings/"):
                cells = [
                    c.value
                    for sheet in openpyxl.load_workbook(io.BytesIO(file.read(name))).worksheets
                    for row in sheet.iter_rows()
                    for c in row
                ]
                assert not simulated & {c for c in cells if isinstance(c, float)}


def test_the_switch_of_the_site_does_not_tick_a_card(site, settings):
    for default in (True, False):
        setting = replace(settings, show_fictional=default)
        entries = [Entry("ens_risks", where(site, OLD), ticked) for ticked in (False, True)]
        plain, ticked = slides_of(entries, site, setting, "fr")
        assert (plain.fictional, ticked.fictional) == (False, True)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_slide_has_origin_base_source_and_release_and_its_notes_the_rest(site, settings, lang, survey):
    entries = [Entry(q.id, note="À dire") for q in survey.questions]
    deck = opened(entries, site, settings, lang)
    words = site.words[lang]
    for entry, slide in zip(entries, list(deck.slides)[1:-1], strict=True):
        question, text, told = survey.by_id[entry.question], shown(slide), notes(slide)
        assert REPORT[lang] in text
        assert words.of(question.base.text) in text and "OpinionWay" in text
        assert site.store.release.id in text and "À dire" in text
        assert words("slides.presenter") in text
        assert words.of(question.wording) in told
        assert "https://example.org/" in told and f"#{entry.question}" in told
        assert all(words.of(n.text) in told for n in survey.notes_on(question.id))
        for figure in site.figures((question.id,), Filter()):
            drawn = figure.answer == question.headline or not question.items
            if drawn and figure.low is not None:
                assert words.percent(figure.low, 1) in told and words.percent(figure.high, 1) in told


def test_a_chart_is_described_in_words(site, settings):
    deck = opened([Entry("ens_risks", where(site, OLD), True)], site, settings)
    [frame] = [s for s in deck.slides[1].shapes if s.has_chart]
    alt = frame._element.nvGraphicFramePr.cNvPr.get("descr")
    assert f"54{NBSP}%" in alt and "fictif" in alt


def test_a_mean_is_no_percentage(site, settings):
    deck = opened([Entry("teleconsultation_count")], site, settings)
    [chart] = charts(deck.slides[1])
    [series] = chart.plots[0].series
    assert series.data_labels.number_format == "0.0"
    assert set(series.values) == {f.est for f in site.figures(("teleconsultation_count",), Filter())}
    assert chart.value_axis.maximum_scale > max(series.values)


def test_titles_are_the_presenters_or_the_finding(site, settings):
    entries = [Entry("ens_reaction"), Entry("ens_reaction", title="Huit sur dix")]
    found, own = (s.shapes.title.text_frame.text for s in list(opened(entries, site, settings).slides)[1:-1])
    assert found.startswith("Juillet 2020 : ".replace(" :", f"{NBSP}:")) and "majorité" in found
    assert own == "Huit sur dix"


def test_every_text_stands_in_its_box(site, settings, survey):
    drawn = random.Random(1)
    every = Filter.of({v.id: [v.segments[-1].code] for v in survey.variables}, survey.variables)
    note = " ".join("anticonstitutionnellement"[: drawn.randint(1, 25)] for _ in range(300))[:600]
    entries = [
        Entry(q.id, group, ticked, title="Un titre " * 17, note=note)
        for q in survey.questions
        for group, ticked in ((Filter(), False), (every, False), (where(site, OLD), True))
    ]
    for lang in ("fr", "en"):
        slides = slides_of(entries, site, settings, lang)
        deck = deck_of(slides, entries[:1], site, settings, lang)
        for page in pptx.Presentation(io.BytesIO(presentation(slides, deck))).slides:
            for shape in page.shapes:
                assert shape.left >= 0 and shape.left + shape.width <= Pt(960) + 2
                assert shape.top >= 0 and shape.top + shape.height <= Pt(540) + 2
                if not shape.has_text_frame or shape.name == "Slide Number" or not shape.text_frame.text:
                    continue
                frame = shape.text_frame
                pad = frame.margin_left.pt if frame.word_wrap else 0
                runs = [r for p in frame.paragraphs for r in p.runs]
                size = max(r.font.size.pt for r in runs)
                bold = all(r.font.bold for r in runs) and len(frame.paragraphs) == 1
                room = shape.width.pt - 2 * pad if frame.word_wrap else 2000
                texts = [p.text for p in frame.paragraphs]
                assert height(texts, size, room, bold=bold) <= shape.height.pt - 2 * pad + 0.1, texts
                assert size >= 6


def test_a_note_too_long_for_its_slide_is_whole_in_the_notes(site, settings):
    note = "Une phrase de la note. " * 26
    slide = opened([Entry("advantages", where(site, OLD), note=note)], site, settings, "en").slides[1]
    assert note.strip() in notes(slide)


def test_cover_and_method_say_what_this_is_and_is_not(site, settings, survey):
    deck = opened([Entry("ens_risks")], site, settings)
    cover, method = deck.slides[0], deck.slides[2]
    words = site.words["fr"]
    assert words.of(survey.study.title) in shown(cover) and words("footer.independent") in shown(cover)
    assert words.days(survey.study.start, survey.study.end) in shown(cover)
    assert words.number(survey.study.n) in shown(cover)
    assert words("slides.none_fictional") in shown(cover) and words("slides.none_fictional") in shown(method)
    assert words("interval.line") in shown(method) and words.of(survey.study.quotas) in shown(method)
    ticked = opened([Entry("ens_risks", where(site, OLD), True)], site, settings)
    assert words("slides.simulated") in shown(ticked.slides[2])


def test_permalink_release_and_stamp_are_in_the_properties(site, settings):
    entries = [Entry("ens_risks", where(site, OLD), True, note=f"Note {i}") for i in range(20)]
    slides = slides_of(entries, site, settings, "fr")
    deck = deck_of(slides, entries, site, settings, "fr")
    content = presentation(slides, deck)
    properties = custom_properties(content)
    assert all(len(text) <= 255 for text in properties.values())
    assert whole("permalink", properties) == deck.permalink
    assert whole(KEY, properties) == deck.stamp
    assert '"ens_risks"' in deck.stamp and properties["release"] == site.store.release.id
    assert properties["origins"] == "published simulated"
    core = pptx.Presentation(io.BytesIO(content)).core_properties
    assert core.author == "ens_dash" and deck.permalink in core.comments and deck.release.id in core.keywords


def custom_properties(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        text = file.read("docProps/custom.xml").decode()
    found = re.findall(r'name="([^"]+)"><vt:lpwstr>(.*?)</vt:lpwstr>', text, re.DOTALL)
    return {
        name: value.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for name, value in found
    }


def test_the_same_slides_of_the_same_day_are_the_same_bytes(site, settings):
    entries = [Entry("ens_risks", where(site, OLD), True), Entry("outlook")]
    day = date(2026, 1, 2)
    first, second = (file_of(entries, site, settings, day=day) for _ in range(2))
    assert first == second != file_of(entries, site, settings, day=date(2026, 1, 3))


def test_nothing_of_the_empty_decks_author_is_left(site, settings):
    content = file_of([Entry("outlook")], site, settings)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert not [n for n in file.namelist() if "thumbnail" in n]
        everything = b"".join(file.read(n) for n in file.namelist())
        assert b"Calibri" not in file.read("ppt/theme/theme1.xml")
    assert b"Canny" not in everything and b"Macintosh" not in everything


def test_a_control_character_or_markup_in_a_title_does_no_harm(site, settings):
    hostile = "a\x00b\x1bc <b>&amp;</b> \ufffe=1+1"
    deck = opened([Entry("ens_risks", title=hostile, note=hostile)], site, settings)
    assert deck.slides[1].shapes.title.text_frame.text == "abc <b>&amp;</b> =1+1"
    assert "abc <b>&amp;</b> =1+1" in notes(deck.slides[1])


# real answers, hostile labels


def test_real_answers_have_intervals_and_no_fictitious_word(made, made_settings):
    entries = [Entry("use", where(made, "kind=big"), ticked) for ticked in (False, True)]
    deck = opened(entries, made, made_settings, "en")
    for slide in list(deck.slides)[1:-1]:
        [chart] = charts(slide)
        assert len(chart.plots[0].series) == 2
        assert "95% interval" in notes(slide)
        everything = shown(slide) + notes(slide) + " ".join(s.name for s in chart.plots[0].series)
        assert "fictitious" not in everything.lower()
        assert "FIGURES OF THE SURVEY" in shown(slide)
    assert "fictitious" not in shown(deck.slides[0]).lower()


def test_a_hidden_figure_is_not_in_the_file_and_the_reason_is(made, made_settings):
    content = file_of([Entry("use", where(made, "kind=few"))], made, made_settings, "en")
    slide = pptx.Presentation(io.BytesIO(content)).slides[1]
    hidden = [f for f in made.figures(("use",), where(made, "kind=few")) if not f.quotable]
    whole_figures = {f.est for f in made.figures(("use",), Filter())}
    assert hidden and all(f.est is not None and f.est not in whole_figures for f in hidden)
    [chart] = charts(slide)
    assert set(numbers(chart)) == whole_figures
    assert len(chart.plots[0].series) == 1
    assert "fewer than 30" in shown(slide) and "fewer than 30" in notes(slide)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for name in file.namelist():
            text = file.read(name).decode("latin-1")
            assert not [f for f in hidden if repr(f.est) in text], name


def test_a_label_that_begins_like_a_formula_stays_a_text(made, made_settings):
    content = file_of([Entry("use", where(made, "kind==1+1"), title="=1+1")], made, made_settings)
    slide = pptx.Presentation(io.BytesIO(content)).slides[1]
    [chart] = charts(slide)
    assert any(c.startswith("+1 hostile") for c in chart.plots[0].categories)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        [name] = [n for n in file.namelist() if n.startswith("ppt/embeddings/")]
        book = openpyxl.load_workbook(io.BytesIO(file.read(name)))
    cells = [cell for sheet in book.worksheets for line in sheet.iter_rows() for cell in line]
    assert any(str(c.value).startswith("+1 hostile") for c in cells)
    assert all(c.data_type != "f" and c.hyperlink is None for c in cells)
    asked = opened([Entry("use")], made, made_settings)
    assert HOSTILE in asked.slides[1].shapes.title.text_frame.text or HOSTILE in notes(asked.slides[1])


# over HTTP


@pytest.fixture(scope="module")
def shipped(settings):
    return client(settings)


def test_the_file_has_a_name_that_says_what_it_holds(shipped, site):
    plain = [Entry("ens_risks", where(site, OLD))]
    for entries, name in (
        (plain, "ens_dash_briefing_2020-07.pptx"),
        ([replace(plain[0], fictional=True)], "ens_dash_briefing_FICTIF_2020-07.pptx"),
    ):
        answer = shipped.get(f"{API}/briefing.pptx?briefing={encode(entries)}&lang=fr")
        assert answer.status_code == 200, answer.text
        assert f'filename="{name}"' in answer.headers["content-disposition"]
        assert len(pptx.Presentation(io.BytesIO(answer.content)).slides) == 3
        assert answer.headers["content-type"].endswith("presentationml.presentation")


def test_too_large_a_briefing_is_refused_with_what_is_allowed(shipped, site):
    many = packed([["outlook", {}, 0, "", ""]] * (MOST + 1))
    for text in (many, "A" * (LONGEST + 1)):
        answer = shipped.get(f"{API}/briefing.pptx?briefing={text}&lang=en")
        assert answer.status_code == 413
        [fault] = answer.json()["errors"]
        assert str(MOST) in fault["expected"] and str(LONGEST) in fault["expected"]


@pytest.mark.parametrize(
    "query", ["", "briefing=", "briefing=xyz", "briefing=!!", "briefing=a&briefing=b", "q=ens_risks"]
)
def test_what_is_no_briefing_is_refused_and_told(shipped, query):
    answer = shipped.get(f"{API}/briefing.pptx?{query}&lang=en")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["expected"]


def test_a_briefing_of_another_survey_is_refused_whole(shipped):
    text = packed([["outlook", {}, 0, "", ""], ["gone", {}, 0, "", ""]])
    answer = shipped.get(f"{API}/briefing.pptx?briefing={text}&lang=en")
    assert answer.status_code == 400
    assert "this survey" in answer.json()["errors"][0]["expected"]


@pytest.mark.browser
def test_the_same_briefing_comes_as_a_pdf_that_says_the_same(settings, site):
    where = Filter.of({"age": ["65-plus"]}, site.survey.variables)
    entries = [
        Entry("outlook", title="Pour commencer", note="À dire"),
        Entry("ens_risks", where, fictional=True),
    ]
    answer = client(settings).get(f"{API}/briefing.pdf?briefing={encode(entries)}&lang=fr")
    assert answer.status_code == 200
    assert "ens_dash_briefing_FICTIF_2020-07.pdf" in answer.headers["content-disposition"]
    found = PdfReader(io.BytesIO(answer.content))
    texts = [" ".join(page.extract_text().split()) for page in found.pages]
    assert len(texts) == len(entries) + 2
    assert "1 sur 2" in texts[0] and "CHIFFRES FICTIFS" in texts[0]
    assert "Pour commencer" in texts[1] and "À dire" in texts[1] and "51" in texts[1]
    assert "CHIFFRES FICTIFS" not in texts[1]
    assert "CHIFFRES FICTIFS" in texts[2] and "exemple fictif" in texts[2]
    assert "Méthode et limites" in texts[3]
    stamp = json.loads(str(found.metadata[f"/{KEY}"]))
    deck = deck_of(slides_of(entries, site, settings, "fr"), entries, site, settings, "fr")
    assert stamp == json.loads(deck.stamp)
