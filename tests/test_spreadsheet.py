"""A workbook, opened again: texts stay texts, the chart is native, fictitious figures say so everywhere."""

from __future__ import annotations

import io
import json
import re
import zipfile

import openpyxl
import pytest
from sites import API, HOSTILE, client, microdata_site

from ens_dash.render.pieces import whole
from ens_dash.render.spreadsheet import LONGEST_SHEET_NAME
from ens_dash.render.stamp import KEY
from ens_dash.settings import Settings

MARK = {"fr": "CHIFFRES FICTIFS", "en": "FICTITIOUS FIGURES"}


@pytest.fixture(scope="module")
def shipped(releases):
    return client(Settings(releases=releases))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return client(microdata_site(tmp_path_factory.mktemp("made")))


def opened(asked, path: str):
    answer = asked.get(f"{API}/downloads/{path}")
    assert answer.status_code == 200, answer.text
    return openpyxl.load_workbook(io.BytesIO(answer.content)), answer


def chart_title(content: bytes) -> str:
    chart = chart_xml(content)
    title = chart[chart.index("<c:title>") : chart.index("</c:title>")]
    return title[title.index("<a:t>") + 5 : title.index("</a:t>")]


def chart_xml(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return file.read("xl/charts/chart1.xml").decode()


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("query", ["age=65-plus", "by=age", "region=11&sex=female"])
def test_fictitious_figures_say_so_in_sheet_names_title_and_every_row(shipped, lang, query):
    book, answer = opened(shipped, f"ens_risks.xlsx?{query}&lang={lang}")
    chart, data, notes = book.worksheets
    assert all(s.title.endswith(MARK[lang]) and len(s.title) <= LONGEST_SHEET_NAME for s in (chart, data))
    assert chart_title(answer.content).startswith(MARK[lang])
    assert str(chart["A1"].value).startswith(MARK[lang])
    rows = list(data.iter_rows(values_only=True))
    heads = rows[0]
    simulated = [r for r in rows[1:] if r[heads.index("origin")] == "simulated"]
    assert simulated
    for row in simulated:
        assert row[0] == MARK[lang]
        assert all(row[heads.index(name)] is None for name in ("se", "low", "high", "n_eff", "deff", "df"))
    assert all(r[0] is None for r in rows[1:] if r[heads.index("origin")] != "simulated")
    assert any(MARK[lang] in str(cell.value) for line in notes.iter_rows() for cell in line)
    assert {"fr": "FICTIF", "en": "FICTITIOUS"}[lang] in answer.headers["content-disposition"]


def test_the_reports_figures_have_no_such_mark_and_their_interval(shipped):
    book, answer = opened(shipped, "ens_risks.xlsx")
    assert [s.title for s in book.worksheets] == ["Graphique", "Données", "Notes"]
    assert "FICTIF" not in answer.headers["content-disposition"]
    rows = list(book.worksheets[1].iter_rows(values_only=True))
    low = rows[0].index("low")
    assert all(isinstance(r[low], float) for r in rows[1:])


def test_the_chart_is_native_and_has_the_cards_title(shipped, survey):
    book, answer = opened(shipped, "ens_risks.xlsx?lang=en")
    [chart] = book.worksheets[0]._charts
    assert type(chart).__name__ == "BarChart"
    assert chart_title(answer.content) == book.worksheets[0]["A1"].value
    assert chart_title(answer.content).startswith("July 2020:")
    values = [c.value for c in book.worksheets[0]["B"][3:] if c.value is not None]
    assert values == sorted((f.est for f in survey.published if f.question == "ens_risks"), reverse=True)
    assert chart_xml(answer.content).count("<c:ser>") == 1


def test_a_divided_view_has_a_row_a_segment_and_a_column_an_origin(shipped, survey):
    book, _ = opened(shipped, "ens_reaction.xlsx?by=sex&lang=en")
    sheet = book.worksheets[0]
    assert [sheet.cell(3, c).value for c in (2, 3)] == ["report", "FICTITIOUS (simulated)"]
    question = survey.by_id["ens_reaction"]
    printed = [a for a in question.nets_by_code if ("ens_reaction", None, a) in survey.published_by_key]
    people = ("All adults of metropolitan France", "Women", "Men")
    rows = [tuple(cell.value for cell in line[:3]) for line in sheet.iter_rows(min_row=4, max_row=12)]
    assert [r[0] for r in rows] == [
        f"{question.answer_label(a, 'en')} – {p}" for a in printed for p in people
    ]
    for label, report, fictitious in rows:
        assert (report is None) == (fictitious is not None) == ("All adults" not in label)


def test_a_mean_is_not_written_as_a_percentage(shipped):
    book, _ = opened(shipped, "teleconsultation_count.xlsx")
    assert book.worksheets[0]["B4"].number_format == "0.0"
    assert book.worksheets[0]["B4"].value == pytest.approx(1.6, abs=1)


def test_a_text_that_begins_like_a_formula_stays_a_text(made):
    book, answer = opened(made, "use.xlsx?by=kind")
    hostile = []
    for sheet in book.worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.data_type != "f", cell.coordinate
                assert cell.hyperlink is None
                if isinstance(cell.value, str) and cell.value.startswith(("=", "+")):
                    hostile.append(cell.value)
    assert HOSTILE in hostile and "+1 hostile" in hostile
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        sheets = [file.read(n).decode() for n in file.namelist() if n.startswith("xl/worksheets/sheet")]
    assert not any("<f>" in sheet for sheet in sheets)
    # the chart refers to cells: no label is in a reference
    references = re.findall("<c:f>(.*?)</c:f>", chart_xml(answer.content))
    assert references and all(re.fullmatch(r"\S+!\$[A-Z]\$\d+(:\$[A-Z]\$\d+)?", r) for r in references)


def test_a_hidden_figure_is_an_empty_cell_and_no_bar(made):
    book, _ = opened(made, "use.xlsx?kind=few")
    rows = list(book.worksheets[1].iter_rows(values_only=True))
    heads = rows[0]
    hidden = [r for r in rows[1:] if r[heads.index("reliability")] == "hidden"]
    assert hidden
    assert all(r[heads.index(name)] is None for r in hidden for name in ("est", "low", "high", "se"))
    # everybody's bar, and none of the group's
    assert book.worksheets[0]["B4"].value is not None and book.worksheets[0]["C4"].value is None


@pytest.mark.parametrize(("lang", "why"), [("fr", "moins de 30 répondants"), ("en", "fewer than 30")])
def test_a_workbook_without_a_simulated_number_is_not_called_fictitious_and_says_why(shipped, lang, why):
    book, answer = opened(shipped, f"ens_intention.xlsx?region=94&age=18-24&lang={lang}")
    assert "FICTI" not in answer.headers["content-disposition"]
    assert "FICTI" not in chart_title(answer.content)
    assert chart_xml(answer.content).count("<c:ser>") == 1
    chart, data, notes = book.worksheets
    assert not any(MARK[lang] in sheet.title for sheet in book.worksheets)
    everything = [str(c.value) for s in (chart, notes) for line in s.iter_rows() for c in line if c.value]
    assert not any("FICTI" in text for text in everything)
    assert any(why in str(c.value) for line in notes.iter_rows() for c in line)
    for line in chart.iter_rows(min_row=4, max_row=9, values_only=True):
        assert line[1] is not None and line[2] is None and why in line[3]
    rows = list(data.iter_rows(values_only=True))
    hidden = [dict(zip(rows[0], r, strict=True)) for r in rows[1:] if r[rows[0].index("segment")]]
    assert hidden
    for row in hidden:
        assert (row["mark"], row["origin"], row["est"]) == (None, "simulated", None)
        assert why in row["reason"]


def test_rows_are_as_high_as_their_text_and_the_chart_has_room_for_every_row(shipped):
    book, answer = opened(shipped, "system_risks.xlsx?by=age")
    chart, _, notes = book.worksheets
    for r, line in enumerate(notes.iter_rows(values_only=True), start=1):
        # no program sets 120 letters of this column on a line
        assert (notes.row_dimensions[r].height or 15) >= 15 * -(-len(str(line[1])) // 120)
    assert '<c:tickLblSkip val="1"/>' in chart_xml(answer.content)
    end = next(r for r in range(4, 200) if chart.cell(r, 1).value is None)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        anchor = file.read("xl/drawings/drawing1.xml").decode()
    size = re.search(r"<xdr:from>.*?<xdr:row>(\d+)<.*?<xdr:to>.*?<xdr:row>(\d+)<", anchor, re.DOTALL)
    assert size is not None and end - 4 == 24
    height = sum(chart.row_dimensions[r + 1].height or 15 for r in range(int(size[1]), int(size[2])))
    assert height >= 24 * 15
    assert chart.sheet_properties.pageSetUpPr.fitToPage
    assert chart.page_setup.orientation == "landscape"
    assert [chart.page_setup.fitToWidth, chart.page_setup.fitToHeight] in ([None, None], [1, 1])


@pytest.mark.parametrize(("lang", "written"), [("fr", '0"\u00a0"%'), ("en", "0%")])
def test_a_percentage_is_written_as_the_language_does(shipped, lang, written):
    book, answer = opened(shipped, f"ens_risks.xlsx?lang={lang}")
    assert book.worksheets[0]["B4"].number_format == written
    heads = [c.value for c in book.worksheets[1][1]]
    assert book.worksheets[1].cell(2, heads.index("est") + 1).number_format == written
    assert written.replace('"', "&quot;") in chart_xml(answer.content)


def test_everybody_is_who_was_asked(shipped, survey):
    asked = {q.id: q.base.text.fr for q in survey.questions if q.base.n != survey.study.n}
    assert len(asked) >= 3
    for question, people in asked.items():
        book, _ = opened(shipped, f"{question}.xlsx")
        assert book.worksheets[0]["B3"].value == f"{people} – rapport"


def test_permalink_and_release_are_in_the_properties(shipped, store):
    book, _ = opened(shipped, "ens_risks.xlsx?age=65-plus&lang=en")
    custom = {p.name: p.value for p in book.custom_doc_props.props}
    stamp = json.loads(whole(KEY, custom))
    assert (stamp["survey"], stamp["release"]) == ("ens-2020", store.release.id)
    assert {name: value for name, value in custom.items() if not name.startswith(KEY)} == {
        "permalink": "/risques?age=65-plus&q=ens_risks&lang=en#ens_risks",
        "release": store.release.id,
        "survey": "ens-2020",
        "origins": "published simulated",
    }
    assert custom["permalink"] in book.properties.description
    assert book.properties.title.startswith(MARK["en"])


def test_a_permalink_that_is_too_long_for_a_property_stands_in_several(shipped, survey):
    every = "&".join(f"{v.id}={v.segments[0].code}" for v in survey.variables)
    book, _ = opened(shipped, f"ens_risks.xlsx?{every}&by=age&lang=en")
    parts = [p.value for p in book.custom_doc_props.props if p.name.startswith("permalink")]
    assert len(parts) > 1
    assert "".join(parts).startswith("/comparer?age=18-24&") and "".join(parts) in book.properties.description


def test_the_same_view_gives_the_same_bytes(releases):
    path = f"{API}/downloads/ens_risks.xlsx?age=65-plus"
    first, second = (client(Settings(releases=releases)).get(path) for _ in range(2))
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]


def test_switched_off_figures_are_not_in_the_file_nor_its_name(shipped):
    book, answer = opened(shipped, "ens_risks.xlsx?age=65-plus&mode=report&lang=en")
    assert "65-plus" not in answer.headers["content-disposition"]
    rows = list(book.worksheets[1].iter_rows(values_only=True))
    assert {r[rows[0].index("origin")] for r in rows[1:]} == {"published"}
    assert "hidden" in book.worksheets[0]["A2"].value
