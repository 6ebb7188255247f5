"""A file that left the site, brought back: as today, changed since, altered, or none of ours."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from folders import copy_of_shipped
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from leaving import KINDS, empty_pdf, empty_png, file_of, slides_file, view_of
from sites import API, client, microdata_site

from ens_dash.briefing import Entry
from ens_dash.check.compare import Difference
from ens_dash.check.file import check_content, check_file
from ens_dash.check.read import read
from ens_dash.check.said import MOST_BYTES, NotOurs
from ens_dash.cli import main
from ens_dash.export import picture_of
from ens_dash.render.stamp import stamped_pdf, stamped_png, stamped_svg
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.store import build, open_store
from ens_dash.survey.model import ORIGIN_KEY, Survey

GROUP = "age=65-plus&sex=female"
TABLES = ("csv", "xlsx", "zip", "json")


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


def changed_site(place: Path, words, change: Callable[[Path], None]) -> tuple[Site, Settings]:
    """The site of the shipped folder with something changed in it."""
    data = place / "data"
    data.mkdir()
    folder = copy_of_shipped(data)
    change(folder)
    settings = Settings(data=data, releases=place / "releases")
    release = build(folder, settings.releases)
    return Site(open_store(settings.releases, "ens-2020", release.id), words), settings


def replaced(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), "utf-8")

    return change


def rewritten(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A ZIP file with its members changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def edited_csv(content: bytes, change: Callable[[list[list[str]]], None]) -> bytes:
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    change(lines)
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(lines)
    return out.getvalue().encode("utf-8-sig")


def cell(lines: list[list[str]], row: int, name: str, value: str) -> None:
    lines[row][lines[0].index(name)] = value


def edited_workbook(content: bytes, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def kinds_of(differences: tuple[Difference, ...]) -> set[str]:
    return {d.kind for d in differences}


# --- the same ---


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("query", ["", GROUP, "region=94&age=18-24&ald=yes"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_today_has_todays_figures(site, settings, kind, query, lang):
    for question in ("ens_risks", "teleconsultation_count", "tools_used", "outlook"):
        content = file_of(kind, site, question, view_of(site, query, lang), settings)
        result = check_content(content, site, settings)
        assert (result.verdict, result.differences) == ("same", ())
        assert result.compared > 0 and result.said is not None
        assert (result.said.kind, result.said.lang) == (kind, lang)
        assert result.said.release == site.store.release.id
        numbered = [r for r in result.said.rows if r.segment and r.numbers["est"] is not None]
        assert result.simulated == bool(numbered)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "zip", "json", "api_csv"])
def test_a_divided_view_has_todays_figures(site, settings, kind):
    for query in ("", "sex=female", "age=65-plus,50-64"):
        content = file_of(kind, site, "outlook", view_of(site, query, by="age"), settings)
        result = check_content(content, site, settings)
        assert result.verdict == "same" and result.compared >= 6


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("query", ["", "kind=few", 'kind="other, big"&sex=male', "kind==1+1"])
def test_real_answers_with_hostile_texts_and_hidden_figures_have_todays_figures(
    made, made_settings, kind, query
):
    for question in ("use", "visits"):
        content = file_of(kind, made, question, view_of(made, query), made_settings)
        result = check_content(content, made, made_settings)
        assert (result.verdict, result.differences) == ("same", ())
        if query == "kind=few" and kind != "pptx":
            assert result.hidden > 0


def test_a_file_of_a_site_that_shows_fictitious_figures_can_be_checked_where_they_are_off(site, settings):
    content = file_of("csv", site, "ens_risks", view_of(site, GROUP), settings)
    off = replace(settings, show_fictional=False)
    assert check_content(content, site, off).verdict == "same"
    withheld = file_of("zip", site, "ens_risks", view_of(site, GROUP), off)
    assert check_content(withheld, site, settings).verdict == "same"


def test_a_csv_that_a_spreadsheet_saved_again_has_todays_figures(site, settings):
    content = file_of("csv", site, "ens_risks", view_of(site, GROUP), settings)
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    for line in lines[1:]:
        for i, text in enumerate(line):
            if re.fullmatch(r"\d+\.\d+", text):
                line[i] = f"{float(text):.15g}".replace(".", ",")
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(lines)
    for encoding in ("utf-8", "utf-16", "cp1252"):
        saved = out.getvalue().encode(encoding, "replace")
        assert check_content(saved, site, settings).verdict == "same", encoding


def test_the_rows_of_the_command_line_are_checked_too(releases, site, settings, tmp_path, monkeypatch):
    monkeypatch.setenv("ENS_DASH_RELEASES", str(shutil.copytree(releases, tmp_path / "releases")))
    few = ("--where", "region=94", "--where", "age=18-24")
    for more in ((), ("--where", "age=65-plus"), few, ("--origin", "simulated")):
        run = CliRunner().invoke(main, ["figures", "-q", "outlook", *more, "--format", "csv"])
        result = check_content(run.stdout.encode(), site, settings)
        assert result.verdict == "same", more
        assert result.said is not None and result.said.release == ""


def test_a_slide_may_be_taken_out_or_stand_in_another_place(site, settings):
    entries = [Entry("ens_risks"), Entry("outlook"), Entry("ens_risks", view_of(site, GROUP).where, True)]
    content = slides_file(entries, site, settings, view_of(site))
    assert check_content(content, site, settings).verdict == "same"
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    names = sorted(n for n in parts if n.startswith("ppt/charts/chart"))
    assert len(names) == 3
    turned = dict(zip(names, reversed([parts[n] for n in names]), strict=True))
    moved = rewritten(content, lambda name, data: turned.get(name, data))
    assert check_content(moved, site, settings).verdict == "same"


# --- changed since ---


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_that_was_corrected_is_told_old_and_new(site, settings, words, tmp_path, kind):
    content = file_of(kind, site, "outlook", view_of(site), settings)
    today, now = changed_site(
        tmp_path, words, replaced("published.csv", "outlook,,positive,51,", "outlook,,positive,52,")
    )
    result = check_content(content, today, now)
    assert result.verdict == "changed"
    found = [d for d in result.differences if d.column == "est"]
    assert [(d.kind, d.file, d.today) for d in found] == [("number", 0.51, 0.52)]
    assert found[0].row is not None and found[0].row.key == ("outlook", None, "positive", "")
    # the interval follows the figure, where the file has one
    assert {d.column for d in result.differences} == (
        {"est", "se", "low", "high"} if kind in TABLES else {"est"}
    )


def test_another_release_with_the_same_figures_is_the_same_and_says_so(site, settings, words, tmp_path):
    content = file_of("png", site, "outlook", view_of(site), settings)
    today, now = changed_site(
        tmp_path,
        words,
        replaced(
            "published.csv",
            "ens_risks,exclusion_unfamiliar,yes,54,",
            "ens_risks,exclusion_unfamiliar,yes,55,",
        ),
    )
    result = check_content(content, today, now)
    assert result.verdict == "same"
    assert result.said is not None and result.said.release != result.today


@pytest.mark.parametrize("kind", ["png", "csv", "xlsx"])
def test_a_base_that_changed_a_figure_and_a_question_that_are_gone_are_told(
    site, settings, words, tmp_path, kind
):
    files = {
        q: file_of(kind, site, q, view_of(site), settings) for q in ("outlook", "tools_used", "ens_intention")
    }

    def change(folder: Path) -> None:
        path = folder / "published.csv"
        lines = path.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("tools_used,teleconsultation,")]
        assert len(kept) == len(lines) - 1
        text = "".join(kept).replace("outlook,,negative,10,percent,2100", "outlook,,negative,10,percent,1999")
        path.write_text(text, "utf-8")

    today, now = changed_site(tmp_path, words, change)
    base = check_content(files["outlook"], today, now)
    assert ("number", "n", 2100.0, 1999) in [(d.kind, d.column, d.file, d.today) for d in base.differences]
    gone = check_content(files["tools_used"], today, now)
    assert gone.verdict == "changed"
    assert [(d.kind, d.row.item) for d in gone.differences if d.row] == [("gone", "teleconsultation")]
    assert check_content(files["ens_intention"], today, now).verdict == "same"


@pytest.mark.parametrize("kind", ["png", "csv", "xlsx", "json", "pptx"])
def test_a_simulated_file_beside_real_answers_has_another_origin(site, settings, words, tmp_path, kind):
    content = file_of(kind, site, "outlook", view_of(site, GROUP), settings)

    def really_asked(folder: Path) -> None:
        (folder / "simulation.yaml").unlink()
        path = folder / "respondents.parquet"
        table = pq.read_table(path)
        kept = {k: v for k, v in (table.schema.metadata or {}).items() if k != ORIGIN_KEY.encode()}
        pq.write_table(table.replace_schema_metadata(kept), path)

    today, now = changed_site(tmp_path, words, really_asked)
    result = check_content(content, today, now)
    assert result.verdict == "changed" and result.simulated
    found = {(d.file, d.today) for d in result.differences if d.kind == "origin"}
    assert ("simulated", "microdata") in found
    assert all(d.simulated for d in result.differences if d.row and d.row.segment)


@pytest.mark.parametrize("kind", ["svg", "csv", "zip"])
def test_a_question_and_a_group_that_are_gone_are_told(made, made_settings, kind):
    content = file_of(kind, made, "use", view_of(made, "sex=male"), made_settings)
    survey = made.survey
    without = fewer(survey, questions=tuple(q for q in survey.questions if q.id != "use"))
    other = Site(_Store(made.store, without), made.words)
    result = check_content(content, other, made_settings)
    assert result.verdict == "altered" and kinds_of(result.differences) == {"question_gone"}
    without = fewer(survey, variables=tuple(v for v in survey.variables if v.id != "sex"))
    result = check_content(content, Site(_Store(made.store, without), made.words), made_settings)
    assert kinds_of(result.differences) == {"group_gone"}


def fewer(survey: Survey, **left: object) -> Survey:
    # made anew: a copy would keep what was looked up already
    return Survey.model_validate(survey.model_dump() | left)


class _Store:
    """A release whose survey has lost something."""

    def __init__(self, store, survey) -> None:
        self.release, self.survey, self.query = store.release, survey, store.query


def test_a_figure_that_is_hidden_today_is_told(made, made_settings):
    content = file_of("csv", made, "use", view_of(made, "kind=few"), made_settings)
    lines = [line for line in content.decode("utf-8-sig").splitlines() if ",kind=few," in line]
    assert lines and all(",hidden," in line for line in lines)

    def show(rows: list[list[str]]) -> None:
        for i, row in enumerate(rows):
            if "kind=few" in row:
                cell(rows, i, "est", "0.5")

    result = check_content(edited_csv(content, show), made, made_settings)
    assert result.verdict == "altered"
    assert {(d.kind, d.file) for d in result.differences} == {("hidden", 0.5)}


# --- altered ---


@pytest.mark.parametrize(("name", "value"), [("est", "0.61"), ("n", "5000"), ("low", "0.5"), ("est", "many")])
def test_an_edited_number_of_a_csv_file_is_found(site, settings, name, value):
    content = file_of("csv", site, "ens_risks", view_of(site), settings)
    result = check_content(edited_csv(content, lambda rows: cell(rows, 3, name, value)), site, settings)
    assert result.verdict == "altered"
    [found] = result.differences
    assert (found.kind, found.column) == ("number", name)
    assert str(found.file) == value or float(found.file) == float(value)


@given(st.data())
@hypothesis_settings(max_examples=150)
def test_whatever_number_is_edited_is_found(site, settings, data):
    kind, query = data.draw(st.sampled_from(("csv", "zip", "xlsx"))), data.draw(st.sampled_from(("", GROUP)))
    content = file_of(kind, site, "ens_risks", view_of(site, query), settings)
    place = data.draw(st.integers(0, 30))
    factor = data.draw(st.floats(1.000001, 1e6) | st.floats(0, 0.999999) | st.just(-1.0))

    def edit(lines: list[list[str]]) -> None:
        names = ("est", "se", "low", "high", "n")
        cells = [
            (line, lines[0].index(name))
            for line in lines[1:]
            if len(line) == len(lines[0])
            for name in names
            if line[lines[0].index(name)]
        ]
        line, i = cells[place % len(cells)]
        line[i] = repr(float(line[i]) * factor)

    def edit_sheet(book: openpyxl.Workbook) -> None:
        sheet = book.worksheets[1]
        lines = [["" if c is None else str(c) for c in row] for row in sheet.iter_rows(values_only=True)]
        edited = [list(line) for line in lines]
        edit(edited)
        for r, (old, new) in enumerate(zip(lines, edited, strict=True), start=1):
            for c, (a, b) in enumerate(zip(old, new, strict=True), start=1):
                if a != b:
                    sheet.cell(r, c).value = float(b)

    if kind == "xlsx":
        edited = edited_workbook(content, edit_sheet)
    elif kind == "zip":
        edited = rewritten(content, lambda n, d: edited_csv(d, edit) if n == "data.csv" else d)
    else:
        edited = edited_csv(content, edit)
    assert check_content(edited, site, settings).verdict == "altered"


def test_a_fictitious_figure_that_is_said_to_be_the_reports_is_found(site, settings):
    for kind in ("csv", "json"):
        content = file_of(kind, site, "ens_risks", view_of(site, GROUP), settings)
        result = check_content(content.replace(b"simulated", b"published"), site, settings)
        assert result.verdict == "altered"
        assert {(d.column, d.today) for d in result.differences if d.kind == "origin"} == {
            ("origin", "simulated")
        }
        assert all(d.simulated for d in result.differences)


def test_a_row_that_was_taken_out_is_found(site, settings):
    content = file_of("csv", site, "ens_risks", view_of(site), settings)
    result = check_content(edited_csv(content, lambda rows: rows.pop(2)), site, settings)
    assert [(d.kind, d.file) for d in result.differences] == [("new", None)]
    divided = file_of("csv", site, "outlook", view_of(site, by="age"), settings)

    def without_a_group(rows: list[list[str]]) -> None:
        rows[:] = [r for r in rows if "age=65-plus" not in r]

    result = check_content(edited_csv(divided, without_a_group), site, settings)
    assert [d.row.segment for d in result.differences if d.row] == ["age=65-plus"] * 3


def test_a_file_without_any_row_is_not_as_it_left(site, settings, made, made_settings):
    def no_rows(rows: list[list[str]]) -> None:
        rows[:] = [rows[0], *rows[rows.index([]) :]]

    content = file_of("csv", site, "ens_risks", view_of(site), settings)
    result = check_content(edited_csv(content, no_rows), site, settings)
    assert result.verdict == "altered" and kinds_of(result.differences) == {"new"}
    assert len(result.differences) == 7
    asked = file_of("api_csv", made, "use", view_of(made, "sex=male"), made_settings)
    assert check_content(edited_csv(asked, no_rows), made, made_settings).verdict == "altered"
    # this one the site gives without a row: all of it is simulated and switched off
    withheld = file_of("api_csv", site, "ens_risks", view_of(site, GROUP, mode="report"), settings)
    result = check_content(withheld, site, settings)
    assert (result.verdict, result.compared) == ("same", 0)


@pytest.mark.parametrize("query", ["", "age=65-plus", "by=sex", "age=18-24&by=sex", "q=outlook,ens_risks"])
@pytest.mark.parametrize("form", ["json", "csv"])
def test_the_apis_answer_about_many_questions_has_todays_figures(site, settings, query, form):
    content = client(settings).get(f"{API}/figures?{query}&format={form}").content
    result = check_content(content, site, settings)
    assert (result.verdict, result.differences) == ("same", ()) and result.compared > 9


@pytest.mark.parametrize("kind", ["csv", "json", "zip"])
def test_an_address_of_another_view_than_the_figures_is_found(site, settings, kind):
    content = file_of(kind, site, "ens_risks", view_of(site, "age=65-plus"), settings)

    def readdress(name: str, data: bytes) -> bytes:
        return data.replace(b"?age=65-plus", b"?age=18-24")

    moved = rewritten(content, readdress) if kind == "zip" else readdress("", content)
    result = check_content(moved, site, settings)
    assert result.verdict == "altered" and "torn" in kinds_of(result.differences)


def test_a_workbook_whose_data_are_not_its_stamp_is_altered(site, settings):
    content = file_of("xlsx", site, "ens_risks", view_of(site, GROUP), settings)

    def edit(book: openpyxl.Workbook) -> None:
        heads = [c.value for c in book.worksheets[1][1]]
        book.worksheets[1].cell(3, heads.index("est") + 1).value = 0.99

    assert check_content(edited_workbook(content, lambda book: None), site, settings).verdict == "same"
    result = check_content(edited_workbook(content, edit), site, settings)
    assert result.verdict == "altered"
    assert {(d.kind, d.file) for d in result.differences} == {("stamp", 0.99), ("number", 0.99)}


@pytest.mark.parametrize("query", ["", GROUP])
def test_a_workbook_whose_chart_draws_something_else_is_altered(site, settings, query):
    content = file_of("xlsx", site, "ens_risks", view_of(site, query), settings)

    def edit(book: openpyxl.Workbook) -> None:
        book.worksheets[0]["B4"].value = 0.12

    result = check_content(edited_workbook(content, edit), site, settings)
    assert [(d.kind, d.file, d.today) for d in result.differences] == [("chart", 0.12, 0.54)]

    def swap(book: openpyxl.Workbook) -> None:
        sheet = book.worksheets[0]
        sheet["A4"].value, sheet["A8"].value = sheet["A8"].value, sheet["A4"].value

    result = check_content(edited_workbook(content, swap), site, settings)
    assert kinds_of(result.differences) == {"chart"}


def test_a_workbooks_missing_row_and_a_property_of_its_own_are_found(site, settings):
    content = file_of("xlsx", site, "ens_risks", view_of(site), settings)
    result = check_content(
        edited_workbook(content, lambda book: book.worksheets[1].delete_rows(2)), site, settings
    )
    assert kinds_of(result.differences) == {"missing", "new"}
    release = site.store.release.id.encode()
    renamed = rewritten(
        content,
        lambda name, data: (
            data.replace(b"<vt:lpwstr>" + release, b"<vt:lpwstr>0000000000") if "custom" in name else data
        ),
    )
    result = check_content(renamed, site, settings)
    assert result.verdict == "altered"
    assert [(d.kind, d.column, d.file) for d in result.differences] == [("torn", "release", "0000000000")]


def test_an_archive_whose_data_are_not_its_stamp_is_altered(site, settings):
    content = file_of("zip", site, "ens_risks", view_of(site), settings)

    def edit(name: str, data: bytes) -> bytes:
        if name != "data.csv":
            return data
        return edited_csv(data, lambda rows: cell(rows, 1, "est", "0.7"))

    result = check_content(rewritten(content, edit), site, settings)
    assert result.verdict == "altered" and kinds_of(result.differences) == {"stamp", "number"}


@pytest.mark.parametrize("query", ["", GROUP])
def test_a_slide_whose_chart_draws_something_else_is_altered(site, settings, query):
    entries = [Entry(q, view_of(site, query).where, True) for q in ("outlook", "ens_risks")]
    content = slides_file(entries, site, settings, view_of(site, lang="en"))

    def edit(name: str, data: bytes) -> bytes:
        return data.replace(b"<c:v>0.51</c:v>", b"<c:v>0.85</c:v>") if "charts/chart" in name else data

    result = check_content(rewritten(content, edit), site, settings)
    assert result.verdict == "altered"
    [found] = result.differences
    assert (found.kind, found.file, found.today) == ("chart", 0.85, 0.51)
    assert "positive" in found.label.casefold()


def test_two_labels_that_changed_places_on_a_slide_are_found(site, settings, survey):
    content = slides_file([Entry("outlook")], site, settings, view_of(site, lang="en"))
    a, b = (survey.by_id["outlook"].answer_label(code, "en").encode() for code in ("positive", "negative"))

    def swap(name: str, data: bytes) -> bytes:
        if "charts/chart" not in name:
            return data
        assert a in data and b in data
        return data.replace(a, b"\0").replace(b, a).replace(b"\0", b)

    result = check_content(rewritten(content, swap), site, settings)
    assert result.verdict == "altered" and kinds_of(result.differences) == {"chart"}


def test_a_stamp_of_todays_release_with_other_figures_is_altered(site, settings):
    picture = picture_of(site, "outlook", view_of(site), settings)
    figures = tuple((*f[:4], 0.9, *f[5:]) for f in picture.stamp.figures)
    content = stamped_png(empty_png(), replace(picture.stamp, figures=figures).text, "")
    assert check_content(content, site, settings).verdict == "altered"
    older = stamped_png(empty_png(), replace(picture.stamp, figures=figures, release="0" * 10).text, "")
    assert check_content(older, site, settings).verdict == "changed"


# --- not ours ---


def test_a_file_of_another_survey_says_which(site, settings, made, made_settings):
    for kind in KINDS:
        content = file_of(kind, made, "use", view_of(made), made_settings)
        result = check_content(content, site, settings)
        assert (result.verdict, result.reason, result.found) == ("not_ours", "other_survey", "made"), kind


def without_stamp() -> list[bytes]:
    book = io.BytesIO()
    openpyxl.Workbook().save(book)
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as file:
        file.writestr("a.txt", "a")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    return [empty_png(), empty_pdf(), svg, book.getvalue(), plain.getvalue(), b'{"a": 1}', b"[]"]


def test_a_file_without_a_stamp_is_not_ours(site, settings):
    for content in without_stamp():
        result = check_content(content, site, settings)
        assert (result.verdict, result.reason) == ("not_ours", "no_stamp"), content[:20]
    for content in (b"", b"hello", b"a,b\n1,2\n", b"\x00\xff" * 40, b"GIF89a"):
        assert check_content(content, site, settings).reason == "format", content[:20]


def test_a_file_cut_short_is_damaged(site, settings):
    for kind in ("png", "svg", "xlsx", "pptx", "zip", "json"):
        content = file_of(kind, site, "outlook", view_of(site), settings)
        result = check_content(content[: len(content) * 2 // 3], site, settings)
        assert (result.verdict, result.reason) == ("not_ours", "damaged"), kind


def test_a_stamp_that_another_program_packed_is_read(site, settings):
    content = file_of("png", site, "outlook", view_of(site), settings)
    stamp = picture_of(site, "outlook", view_of(site), settings).stamp.text.encode()
    for kind, rest in (
        (b"iTXt", b"\0\1\0\0\0" + zlib.compress(stamp)),
        (b"zTXt", b"\0\0" + zlib.compress(stamp)),
        (b"tEXt", b"\0" + stamp),
    ):
        body = kind + b"ens_dash" + rest
        chunk = (len(body) - 4).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
        plain = empty_png()
        assert check_content(plain[:33] + chunk + plain[33:], site, settings).verdict == "same"
    assert check_content(content, site, settings).verdict == "same"


# --- bombs, garbage ---


def test_bombs_are_refused_at_once(site, settings):
    stamp = b"<metadata id='ens_dash'>&z;</metadata>"
    laughs = b"".join(f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>".encode() for i in range(24))
    svg = b"<!DOCTYPE svg [<!ENTITY a 'ha'>" + laughs + b"]><svg>" + stamp + b"</svg>"
    assert check_content(svg, site, settings).reason == "damaged"
    outside = b'<!DOCTYPE svg [<!ENTITY z SYSTEM "file:///etc/passwd">]><svg>' + stamp + b"</svg>"
    assert check_content(outside, site, settings).reason == "damaged"
    assert check_content(svg.decode().encode("utf-16"), site, settings).verdict == "not_ours"
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        for i in range(4):
            file.writestr(f"data{i}.csv", bytes(30_000_000))
        file.writestr("data.csv", b"")
    assert len(bomb.getvalue()) < 200_000
    assert check_content(bomb.getvalue(), site, settings).reason == "too_large"
    packed = zlib.compress(b"{" * 100_000_000)
    body = b"zTXtens_dash\0\0" + packed
    chunk = (len(body) - 4).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
    plain = empty_png()
    assert check_content(plain[:33] + chunk + plain[33:], site, settings).reason == "damaged"
    assert check_content(b'{"figures": ' + b"[" * 500_000, site, settings).reason == "damaged"
    assert check_content(bytes(MOST_BYTES + 1), site, settings).reason == "too_large"


def test_entities_inside_an_office_file_are_refused(site, settings):
    for kind in ("xlsx", "pptx"):
        content = file_of(kind, site, "outlook", view_of(site), settings)
        evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'
        for part in ("custom.xml", "chart1.xml" if kind == "pptx" else "sheet1.xml"):
            changed = rewritten(content, lambda name, data: evil if name.endswith(part) else data)  # noqa: B023
            assert check_content(changed, site, settings).reason == "damaged", (kind, part)


def test_a_file_with_very_many_groups_is_refused(site, settings):
    picture = picture_of(site, "outlook", view_of(site), settings)
    row = picture.stamp.figures[0]
    many = tuple((*row[:3], f"age={i}", *row[4:]) for i in range(5000))
    content = stamped_svg(b"<svg></svg>", replace(picture.stamp, figures=many).text, "")
    assert check_content(content, site, settings).reason == "too_large"


@pytest.fixture(scope="module")
def whole_files(site, settings) -> dict[str, bytes]:
    kinds = (*KINDS, "api_csv")
    return {kind: file_of(kind, site, "outlook", view_of(site, GROUP), settings) for kind in kinds}


@given(data=st.data())
@hypothesis_settings(max_examples=400)
def test_no_bytes_at_all_raise_anything(whole_files, site, settings, data):
    content = bytearray(whole_files[data.draw(st.sampled_from(sorted(whole_files)))])
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        match data.draw(st.sampled_from(("flip", "cut", "insert", "double"))):
            case "flip":
                content[at] ^= 1 << data.draw(st.integers(0, 7))
            case "cut":
                del content[at : at + data.draw(st.integers(1, 400))]
            case "insert":
                content[at:at] = data.draw(st.binary(max_size=40))
            case _:
                content[at:at] = content[at : at + 200]
        if not content:
            break
    result = check_content(bytes(content), site, settings)
    assert result.verdict in ("same", "changed", "altered", "not_ours")
    assert (result.verdict == "not_ours") == (result.reason is not None)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIGURE = st.fixed_dictionaries(
    {
        name: VALUES | st.sampled_from(["outlook", "positive", "age=65-plus", "published", "", None, 0.51])
        for name in ("question", "item", "answer", "segment", "origin", "est", "n")
    }
)


@given(st.lists(FIGURE, max_size=4), VALUES | st.just("/x?q=outlook&by=age&lang=fr"))
@hypothesis_settings(max_examples=150)
def test_no_document_raises_anything(site, settings, figures, permalink):
    found = {"survey": "ens-2020", "release": "x", "permalink": permalink, "lang": "fr", "figures": figures}
    assert check_content(json.dumps(found).encode(), site, settings).verdict
    names = ["question", "item", "answer", "segment", "origin", "est", "n"]
    rows = [[f[name] for name in names] for f in figures]
    stamp = found | {"ens_dash": "1", "fields": names, "figures": rows}
    assert check_content(json.dumps({"stamp": json.dumps(stamp)}).encode(), site, settings).verdict


@given(
    st.binary(max_size=300),
    st.sampled_from([b"%PDF-1.7\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"<svg", b""]),
)
@hypothesis_settings(max_examples=300)
def test_garbage_that_begins_like_a_file_is_not_ours(words, rest, head):
    with pytest.raises(NotOurs):
        read(head + rest, words)


# --- on the command line ---


@pytest.fixture
def run(releases, tmp_path, monkeypatch) -> Callable[..., Result]:
    monkeypatch.setenv("ENS_DASH_RELEASES", str(shutil.copytree(releases, tmp_path / "own")))
    monkeypatch.delenv("COLUMNS", raising=False)

    def invoke(*arguments: object) -> Result:
        return CliRunner().invoke(main, ["check", *map(str, arguments)], catch_exceptions=False)

    return invoke


def written(place: Path, name: str, content: bytes) -> Path:
    (place / name).write_bytes(content)
    return place / name


def test_the_exit_status_is_that_of_the_worst_file(run, site, settings, tmp_path):
    good = file_of("csv", site, "ens_risks", view_of(site), settings)
    same = written(tmp_path, "chart.png", good)
    changed = written(tmp_path, "b.csv", edited_csv(good, lambda rows: cell(rows, 1, "est", "0.9")))
    other = written(tmp_path, "c.csv", b"hello")
    assert run(same).exit_code == 0
    assert run(same, changed).exit_code == 1
    assert run(changed, other, same).exit_code == 2
    missing = run(tmp_path / "no such file")
    assert missing.exit_code == 2 and "Traceback" not in missing.output
    assert run(tmp_path).exit_code == 2


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("fr", ("MODIFIÉ", "54\u00a0%", "90\u00a0%", "Aujourd’hui", "ne sont pas lus")),
        ("en", ("ALTERED", "54%", "90%", "Today", "not read")),
    ],
)
def test_old_and_new_stand_in_a_table_in_the_readers_language(run, site, settings, tmp_path, lang, told):
    good = file_of("csv", site, "ens_risks", view_of(site), settings)
    path = written(tmp_path, "a.csv", edited_csv(good, lambda rows: cell(rows, 1, "est", "0.9")))
    result = run(path, "--lang", lang)
    assert result.exit_code == 1
    for text in told:
        assert text in result.stdout


@pytest.mark.parametrize(("lang", "mark"), [("fr", "FICTIF"), ("en", "FICTITIOUS")])
def test_every_line_on_a_fictitious_figure_says_so(run, site, settings, tmp_path, lang, mark):
    good = file_of("csv", site, "ens_risks", view_of(site, GROUP), settings)

    def edit(rows: list[list[str]]) -> None:
        for i, row in enumerate(rows):
            if "simulated" in row:
                cell(rows, i, "est", "0.9")

    path = written(tmp_path, "a.csv", edited_csv(good, edit))
    lines = [line for line in run(path, "--lang", lang).stdout.splitlines() if "90" in line]
    assert len(lines) == 7
    assert all(mark in line for line in lines)
    same = run(written(tmp_path, "same.csv", good), "--lang", lang)
    assert same.exit_code == 0 and mark in same.stdout


def test_json_is_for_machines(run, site, settings, tmp_path):
    good = file_of("xlsx", site, "ens_risks", view_of(site, GROUP), settings)
    path, other = written(tmp_path, "a.xlsx", good), written(tmp_path, "b", b"\0")
    result = run(path, other, "--format", "json")
    first, second = json.loads(result.stdout)
    assert (first["verdict"], first["kind"], first["fictitious"]) == ("same", "xlsx", True)
    assert first["release"] == first["release_today"] and first["compared"] == 14
    assert (second["verdict"], second["reason"], second["differences"]) == ("not_ours", "format", [])
    assert result.stderr == ""


def test_a_name_or_a_text_of_a_file_cannot_steer_the_terminal(run, site, settings, tmp_path):
    picture = picture_of(site, "outlook", view_of(site), settings)
    stamp = replace(picture.stamp, survey="\x1b[31mother\x1b]8;;http://evil\x07\r\n")
    path = written(tmp_path, "a\x1b[2J.pdf", stamped_pdf(empty_pdf(), stamp.text, ""))
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", run(path).stdout)


def test_what_is_no_plain_file_is_not_read(site, settings):
    result = check_file(Path("/dev/zero"), site, settings)
    assert (result.verdict, result.reason) == ("not_ours", "unreadable")


# --- what is drawn ---


def svg_of(site, settings, question: str, view, change=lambda text: text) -> bytes:
    """An SVG with the texts of its figure, as a browser writes them."""
    picture = picture_of(site, question, view, settings)
    texts = [a["text"] for a in picture.figure["layout"]["annotations"]]
    lines = [
        "<text>"
        + re.sub(r"<br>", "</tspan><tspan>", re.sub(r"</?b>|</?span[^>]*>", "", f"<tspan>{t}</tspan>"))
        for t in texts
    ]
    body = "".join(change(line) + "</text>" for line in lines)
    empty = f'<svg xmlns="http://www.w3.org/2000/svg">{body}</svg>'.encode()
    return stamped_svg(empty, picture.stamp.text, picture.title)


@pytest.mark.parametrize("query", ["", GROUP, "region=94&age=18-24"])
def test_an_svg_with_another_text_is_altered(site, settings, query):
    view = view_of(site, query, "en")
    result = check_content(svg_of(site, settings, "ens_intention", view), site, settings)
    assert (result.verdict, result.differences, result.drawn) == ("same", (), True)
    for change in (lambda t: t.replace("77%", "78%"), lambda t: "<text>" if "77%" in t else t):
        edited = check_content(svg_of(site, settings, "ens_intention", view, change), site, settings)
        assert edited.verdict == "altered" and kinds_of(edited.differences) == {"drawn"}
        assert any("77%" in str(d.today) for d in edited.differences)
    own = check_content(
        svg_of(site, settings, "ens_intention", view).replace(b"</svg>", b"<text>99%</text></svg>"),
        site,
        settings,
    )
    assert [(d.kind, d.file, d.today) for d in own.differences] == [("drawn", "99%", "")]


@pytest.mark.parametrize("query", ["", GROUP, "region=94&age=18-24"])
def test_a_charts_json_with_another_bar_or_text_is_altered(site, settings, query):
    where = "&".join(filter(None, (query, "lang=en")))
    document = client(settings).get(f"{API}/charts/ens_risks.json?{where}").json()
    whole = check_content(json.dumps(document).encode(), site, settings)
    assert (whole.verdict, whole.differences, whole.drawn) == ("same", (), True)

    def checked(change: Callable[[dict], None]):
        edited = json.loads(json.dumps(document))
        change(edited["figure"])
        return check_content(json.dumps(edited).encode(), site, settings)

    def longer(figure: dict) -> None:
        figure["data"][0]["x"][0] *= 1 + 1e-6

    def as_saved_again(figure: dict) -> None:
        figure["data"][0]["x"][0] *= 1 + 1e-12

    def reworded(figure: dict) -> None:
        figure["layout"]["annotations"][-1]["text"] = "mine"

    for change in (longer, reworded, dict.clear):
        result = checked(change)
        assert result.verdict == "altered" and kinds_of(result.differences) == {"drawn"}
    assert checked(as_saved_again).verdict == "same"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_of_a_picture_that_is_not_read_the_verdict_says_so(run, words, site, settings, tmp_path, lang):
    for kind, unread in (("png", True), ("pdf", True), ("csv", False), ("xlsx", False)):
        path = written(tmp_path, f"a.{kind}", file_of(kind, site, "ens_risks", view_of(site), settings))
        told = " ".join(run(path, "--lang", lang).output.split())
        assert (" ".join(words[lang]("check.same_unread").split()) in told) == unread, kind
