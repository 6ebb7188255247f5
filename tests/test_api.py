"""The API over HTTP: the figures of the site, strict about what it is asked, with words for what is wrong."""

from __future__ import annotations

import csv
import io
import shutil
import threading
import zipfile
from dataclasses import replace
from itertools import product

import openpyxl
import pytest
from folders import DATA, SHIPPED
from sites import API, client, microdata_site
from starlette.routing import Mount

from ens_dash.estimate.figures import figures
from ens_dash.render.datafile import leaving
from ens_dash.settings import Settings
from ens_dash.site import opening
from ens_dash.store import build
from ens_dash.survey.filter import Filter
from ens_dash.web import api as web_api
from ens_dash.web.caching import Kept, Shelf, disposition
from ens_dash.web.query import LONGEST_QUERY, Answer
from ens_dash.web.routes import routes

UNCERTAINTY = ("se", "low", "high", "n_eff", "deff", "df")
TEST = ("low", "high", "t", "df", "p", "p_adjusted")
# questions of every kind, groups large, small and impossible
GRID = list(
    product(
        ["ens_reaction", "tools_used", "teleconsultation_count", "operator_trust", "ens_risks"],
        [
            "",
            "age=65-plus",
            "age=18-24,25-34&sex=female",
            "region=94",
            "region=94&age=18-24&ald=yes",
            "by=age",
            "by=region&sex=male",
            "age=65-plus&mode=report",
        ],
        ["fr", "en"],
    )
)


@pytest.fixture(scope="module")
def settings(releases) -> Settings:
    return Settings(releases=releases)


@pytest.fixture(scope="module")
def shipped(settings):
    return client(settings)


@pytest.fixture(scope="module")
def made_settings(tmp_path_factory) -> Settings:
    return microdata_site(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def made(made_settings):
    return client(made_settings)


def get(client, path: str, status: int = 200):
    answer = client.get(API + path)
    assert answer.status_code == status, answer.text
    return answer.json()


def problem(client, path: str, status: int):
    answer = client.get(API + path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    found = answer.json()
    assert found["status"] == status
    assert found["type"].startswith("/api/v1/openapi.json#/components/responses/")
    assert found["title"] and found["detail"]
    return found


def test_everybodys_figures_are_the_reports_own(shipped, survey):
    found = get(shipped, "/figures?lang=en")
    assert found["warning"] is None
    assert len(found["figures"]) == len(survey.published)
    for figure in found["figures"]:
        printed = survey.published_by_key[figure["question"], figure["item"], figure["answer"]]
        assert (figure["est"], figure["origin"], figure["warning"]) == (printed.est, "published", None)
        assert figure["words"] == printed.words
        assert figure["base"] and figure["permalink"].startswith("/")


def test_a_simulated_figure_has_a_warning_and_nothing_that_looks_like_precision(shipped, store):
    found = get(shipped, "/figures?age=65-plus&lang=en")
    assert "FICTITIOUS" in found["warning"]
    assert found["filter"] == {
        "codes": {"age": ["65-plus"]},
        "key": "age=65-plus",
        "text": "People aged 65 and over",
    }
    where = Filter.parse("age=65-plus", store.survey.variables)
    expected = {f.key: f for f in figures(store, store.survey.questions, where)}
    assert len(found["figures"]) == len(expected) > 100
    for figure in found["figures"]:
        same = expected[figure["question"], figure["item"], figure["answer"]]
        assert figure["origin"] == "simulated" and "FICTITIOUS" in figure["warning"]
        assert all(figure[name] is None for name in UNCERTAINTY)
        assert figure["n"] == same.n
        assert figure["est"] == (same.est if same.quotable else None)


def test_a_hidden_figure_has_no_number_and_a_reason(made):
    found = get(made, "/figures?q=use&kind=few&lang=en")["figures"]
    assert found
    for figure in found:
        assert figure["reliability"] == "hidden"
        assert figure["est"] is None and all(figure[name] is None for name in UNCERTAINTY)
        assert "fewer than 30" in figure["reason"]
    assert all(f["reason"] is None for f in get(made, "/figures?q=use&kind=big")["figures"])


def test_a_real_figure_keeps_its_interval(made):
    for figure in get(made, "/figures?q=use&kind=big")["figures"]:
        assert figure["origin"] == "microdata" and figure["warning"] is None
        assert figure["low"] < figure["est"] < figure["high"]


def test_switched_off_fictitious_figures_are_left_out_and_said_to_be(shipped):
    for query in ("age=65-plus&mode=report", "by=age&mode=report"):
        found = get(shipped, f"/figures?{query}&lang=en")
        assert found["figures"] == [] and "hidden" in found["warning"]
    assert get(shipped, "/compare?age=65-plus&mode=report")["comparisons"] == []


def test_the_operators_switch_counts_where_the_request_says_nothing(settings):
    quiet = client(replace(settings, show_fictional=False))
    assert get(quiet, "/figures?age=65-plus")["figures"] == []
    assert get(quiet, "/figures?age=65-plus&mode=fictional")["figures"]


def test_by_gives_a_figure_for_each_segment(shipped):
    found = get(shipped, "/figures?q=ens_reaction&by=sex")["figures"]
    assert {f["segment"] for f in found} == {"sex=female", "sex=male"}
    assert {f["permalink"] for f in found} == {"/comparer?q=ens_reaction&by=sex&lang=fr"}


def test_questions_may_be_listed_or_repeated(shipped):
    listed = shipped.get(f"{API}/figures?q=ens_risks,outlook").json()
    repeated = shipped.get(f"{API}/figures?q=ens_risks&q=outlook").json()
    assert listed == repeated
    assert {f["question"] for f in listed["figures"]} == {"ens_risks", "outlook"}


def test_links_are_absolute_where_the_site_knows_its_address(settings):
    found = get(client(replace(settings, public_url="https://ens.example")), "/figures?q=ens_risks")
    assert found["permalink"] == "https://ens.example/risques?q=ens_risks&lang=fr#ens_risks"
    assert found["figures"][0]["permalink"] == found["permalink"]


def test_the_public_address_is_read_from_the_environment():
    read = Settings.from_environment({"ENS_DASH_PUBLIC_URL": " https://ens.example/ "})
    assert read.public_url == "https://ens.example"
    assert Settings.from_environment({}).public_url == ""


def test_a_comparison_of_simulated_groups_is_not_tested(shipped):
    found = get(shipped, "/compare?q=ens_reaction&age=65-plus&lang=en")
    assert "no test" in found["warning"] and found["correction"] is None
    assert found["b"]["key"] == "rest"
    assert found["comparisons"]
    for row in found["comparisons"]:
        assert row["origin"] == "simulated" and "FICTITIOUS" in row["warning"]
        assert all(row[name] is None for name in TEST)
        assert row["difference"] == pytest.approx(row["est_a"] - row["est_b"])


def test_a_comparison_of_real_groups_is_the_sites_own(made, made_settings):
    site = opening(made_settings).get().site
    where = Filter.parse("kind=big", site.survey.variables)
    expected = {c.answer: c for c in site.compare("use", where, None)}
    found = get(made, "/compare?q=use&kind=big")
    assert found["correction"] == "holm" and found["warning"] is None
    assert [r["answer"] for r in found["comparisons"]] == list(expected)
    for row in found["comparisons"]:
        same = expected[row["answer"]]
        assert (row["p"], row["p_adjusted"]) == (same.result.p, same.p_adjusted)
        assert row["difference"] == same.result.difference and row["low"] == same.result.low
        assert row["p"] is not None


def test_a_comparison_takes_a_second_group(made):
    found = get(made, "/compare?q=use&kind=big&b.sex=male")
    assert (found["a"]["key"], found["b"]["key"]) == ("kind=big", "sex=male")
    assert found["permalink"] == "/comparer?kind=big&b.sex=male&q=use&lang=fr"


def test_a_comparison_does_not_tell_what_a_figure_hides(made):
    for query in ("kind=few&b.kind=big", "kind=big&b.kind=few"):
        for row in get(made, f"/compare?q=use&{query}&lang=en")["comparisons"]:
            hidden = "est_a" if query.startswith("kind=few") else "est_b"
            assert row[hidden] is None and row["difference"] is None
            assert all(row[name] is None for name in TEST)
            assert "fewer than 30" in row["reason"]


def test_a_comparison_needs_a_group(shipped):
    told = problem(shipped, "/compare?q=ens_risks&lang=en", 400)
    assert told["errors"][0]["expected"] == "a filter, for example age=65-plus"


def test_statements_are_the_reports_words(shipped, survey):
    every = get(shipped, "/statements")["statements"]
    assert [s["quote"] for s in every] == [s.quote for s in survey.statements]
    assert {s["figure"] for s in every} == {None}
    near = get(shipped, "/statements?q=ens_intention&age=65-plus")["statements"]
    assert {s["question"] for s in near} <= {"ens_intention"}
    assert all(s["closeness"] in ("same", "wider", "part") for s in near)


def test_questions_come_with_wording_answers_base_and_notes(shipped, survey):
    found = get(shipped, "/questions?lang=en")["questions"]
    assert [q["id"] for q in found] == [q.id for q in survey.questions]
    one = get(shipped, "/questions/ens_reaction?lang=en")["question"]
    assert one in found
    assert one["wording"] and one["base"] and one["notes"] and one["stimulus"]
    assert {n["code"] for n in one["nets"]} <= set(survey.by_id["ens_reaction"].nets_by_code)


def test_the_survey_tells_what_can_be_filtered(shipped, survey):
    [found] = get(shipped, "/surveys")["surveys"]
    assert found["id"] == "ens-2020" and found["respondents"] == "simulated" and found["warning"]
    assert {v["id"]: [s["code"] for s in v["segments"]] for v in found["variables"]} == {
        v.id: [s.code for s in v.segments] for v in survey.variables
    }


@pytest.mark.parametrize(
    ("path", "parameter", "near"),
    [
        ("/figures?agee=65-plus", "agee", "age"),
        ("/figures?age=65", "age", "65-plus"),
        ("/figures?by=ages", "by", "age"),
        ("/figures?lang=de", "lang", None),
        ("/figures?mode=all", "mode", None),
        ("/figures?format=xml", "format", None),
        ("/figures?age=", "age", None),
        ("/figures?age=65-plus,,18-24", "age", None),
        ("/figures?age=65-plus%00", "age", "65-plus"),
        ("/figures?lang=fr&lang=fr", "lang", None),
        ("/figures?b.age=65-plus", "b.age", "age"),
        ("/statements?by=age", "by", None),
        ("/downloads/ens_risks.csv?q=ens_risks", "q", None),
        ("/surveys?age=65-plus", "age", None),
    ],
)
def test_what_is_not_known_is_an_error_that_says_what_was_expected(shipped, path, parameter, near):
    told = problem(shipped, path, 400)
    assert told["type"].endswith("/BadRequest")
    errors = [e for e in told["errors"] if e["parameter"] == parameter]
    assert errors and all(e["expected"] for e in errors)
    assert near is None or any(near in e["nearest"] for e in errors)


def test_everything_wrong_is_told_at_once(shipped):
    told = problem(shipped, "/figures?age=65&sex=woman&by=x&q=outloook&lang=en", 400)
    assert [e["parameter"] for e in told["errors"]] == ["age", "sex", "by", "q"]


@pytest.mark.parametrize(
    "path",
    [
        "/figures?q=ens_risk",
        "/questions/ens_risk",
        "/downloads/ens_risk.csv",
        "/downloads/ens_risk.xlsx",
        "/downloads/ens_risk.zip",
        "/compare?q=ens_risk&age=65-plus",
    ],
)
def test_an_unknown_question_is_not_found_and_gets_the_nearest_ids(shipped, path):
    told = problem(shipped, path, 404)
    assert told["type"].endswith("/UnknownQuestion")
    assert told["errors"][0]["nearest"][0] == "ens_risks"


@pytest.mark.parametrize("path", ["/nope", "/", "/downloads/ens_risks.pdf", "/questions/", "/a%0Ab"])
def test_what_is_not_there_is_a_problem_too(shipped, path):
    assert problem(shipped, path, 404)["type"].endswith("/NotFound")


def test_another_release_or_survey_is_not_found(shipped, store):
    release = store.release.id
    assert problem(shipped, "/figures?release=0000000000", 404)["errors"][0]["nearest"] == [release]
    assert problem(shipped, "/figures?survey=other", 404)["errors"][0]["nearest"] == ["ens-2020"]
    assert get(shipped, f"/figures?q=ens_risks&release={release}&survey=ens-2020")["release"] == release


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_the_api_can_only_be_read(shipped, method):
    answer = shipped.request(method, f"{API}/figures")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.json()["type"].endswith("/MethodNotAllowed")


def test_too_long_a_query_is_told_the_limit(shipped):
    told = problem(shipped, f"/figures?lang=en&age={'x' * LONGEST_QUERY}", 414)
    assert f"{LONGEST_QUERY} bytes" in told["detail"]


def test_an_answer_that_has_not_changed_is_not_sent_again(shipped):
    first = shipped.get(f"{API}/figures?q=ens_risks")
    etag = first.headers["etag"]
    for condition in (etag, etag.removeprefix("W/"), f'"x", {etag}', "*"):
        again = shipped.get(f"{API}/figures?q=ens_risks", headers={"If-None-Match": condition})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    other = shipped.get(f"{API}/figures?q=ens_risks", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


def test_an_address_with_its_release_may_be_kept_longer(shipped, store):
    assert shipped.get(f"{API}/surveys").headers["cache-control"] == "public, max-age=300"
    pinned = shipped.get(f"{API}/surveys?release={store.release.id}")
    assert pinned.headers["cache-control"] == "public, max-age=86400"


def test_any_page_may_read_the_answers(shipped):
    for path in ("/surveys", "/nope", "/figures?age=65"):
        assert shipped.get(API + path).headers["access-control-allow-origin"] == "*"
    asked = {"Origin": "https://paper.example", "Access-Control-Request-Method": "GET"}
    allowed = shipped.options(f"{API}/figures", headers=asked)
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


def test_head_has_the_headers_of_get(shipped):
    path = f"{API}/figures?q=ens_risks"
    head, whole = shipped.head(path), shipped.get(path)
    assert head.status_code == 200
    assert {k: head.headers[k] for k in ("etag", "content-length")} == {
        k: whole.headers[k] for k in ("etag", "content-length")
    }


def test_csv_figures_come_with_a_name_a_mark_and_notes(shipped):
    answer = shipped.get(f"{API}/figures?q=ens_risks&age=65-plus&format=csv")
    assert answer.content.startswith(b"\xef\xbb\xbfsurvey,question,")
    assert "ens_dash_65-plus_FICTIF_2020-07.csv" in answer.headers["content-disposition"]
    assert "CHIFFRES FICTIFS" in answer.text
    assert "/risques?age=65-plus&q=ens_risks&lang=fr#ens_risks" in answer.text


@pytest.mark.parametrize(("question", "query", "lang"), GRID)
def test_a_figure_is_the_same_in_every_format(shipped, question, query, lang):
    query = "&".join(filter(None, (query, f"lang={lang}")))
    answer = get(shipped, f"/figures?q={question}&{query}")
    permalink = answer["figures"][0]["permalink"] if answer["figures"] else answer["permalink"]
    asked = {key(f): f for f in answer["figures"]}
    files = {
        form: shipped.get(f"{API}/downloads/{question}.{form}?{query}") for form in ("csv", "xlsx", "zip")
    }
    rows = csv_rows(files["csv"].content)
    with zipfile.ZipFile(io.BytesIO(files["zip"].content)) as archive:
        assert archive.read("data.csv") == files["csv"].content
        assert permalink in archive.read("metadata.json").decode()
        assert permalink in archive.read("readme.md").decode()
    assert permalink in files["csv"].text
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"].content))
    assert permalink in book.properties.description
    sheet = list(book.worksheets[1].iter_rows(values_only=True))
    cells = [dict(zip(sheet[0], line, strict=True)) for line in sheet[1:]]
    assert [key(r) for r in cells] == [key(r) for r in rows]
    simulated = {key(r) for r in rows if r["origin"] == "simulated"}
    assert {k for k, f in asked.items() if f["origin"] == "simulated"} == simulated
    # a file holds everybody's figures beside the group's
    assert set(asked) <= {key(r) for r in rows}
    assert all(r["segment"] == "" for r in rows if key(r) not in asked)
    for row, cell in zip(rows, cells, strict=True):
        for name in ("est", "n", *UNCERTAINTY):
            written = float(row[name]) if row[name] else None
            # a workbook's own format keeps 16 digits
            assert cell[name] == (None if written is None else pytest.approx(written, rel=1e-15))
            if key(row) in asked:
                assert asked[key(row)][name] == written
        for name in ("origin", "reliability", "unit", "segment_label", "answer_label"):
            assert (cell[name] or "") == row[name]
            if key(row) in asked:
                assert asked[key(row)][name] == row[name]
        if row["origin"] == "simulated":
            assert all(row[name] == "" for name in UNCERTAINTY)


def key(row) -> tuple[str, ...]:
    return tuple(row[name] or "" for name in ("question", "item", "answer", "segment"))


def csv_rows(content: bytes) -> list[dict[str, str]]:
    """The data of a CSV file: the notes follow an empty line."""
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    data = lines[: lines.index([])]
    return [dict(zip(data[0], line, strict=True)) for line in data[1:]]


def test_a_code_with_a_comma_is_asked_for_in_quotes(made):
    found = get(made, '/figures?q=use&kind="other, big"')
    assert found["filter"]["codes"] == {"kind": ["other, big"]}
    assert problem(made, "/figures?q=use&kind=other, big", 400)["errors"]


def test_while_the_data_are_being_built_the_client_is_told_to_come_back(tmp_path, monkeypatch):
    settings = Settings(releases=tmp_path / "none")
    done = threading.Event()
    monkeypatch.setattr("ens_dash.site.build", lambda *folders, **options: done.wait(10))
    waiting = client(settings)
    for path in (f"{API}/figures?lang=en", "/readyz?lang=en"):
        answer = waiting.get(path)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "2"
        assert answer.json()["type"].endswith("/Building")
        assert "2 seconds" in answer.json()["detail"]
    assert waiting.get("/healthz").json()["status"] == "ok"
    done.set()


def test_a_release_that_cannot_be_opened_is_told_with_its_reason(tmp_path):
    releases = tmp_path / "releases"
    (releases / "ens-2020").mkdir(parents=True)
    (releases / "ens-2020" / "current").write_text("broken")
    closed = client(Settings(releases=releases)).get(f"{API}/surveys?lang=en")
    assert closed.status_code == 503 and closed.headers["retry-after"] == "60"
    assert closed.json()["type"].endswith("/Closed")
    assert str(tmp_path) not in closed.text


def test_a_new_release_is_served_at_once_and_kept_answers_are_not(tmp_path):
    data = tmp_path / "data"
    shutil.copytree(SHIPPED, data / "ens-2020")
    (data / "text").symlink_to(DATA / "text")
    settings = Settings(data=data, releases=tmp_path / "releases")
    before = build(settings.survey_folder, settings.releases).id
    asked = client(settings)
    assert get(asked, "/surveys")["release"] == before
    survey_file = data / "ens-2020" / "survey.yaml"
    survey_file.write_text(survey_file.read_text("utf-8").replace("OpinionWay", "AnotherName"), "utf-8")
    after = build(settings.survey_folder, settings.releases).id
    assert after != before
    assert get(asked, "/surveys")["release"] == after
    assert get(asked, "/surveys")["surveys"][0]["pollster"] == "AnotherName"


def test_ready_says_which_release_is_served(shipped, store):
    assert shipped.get("/readyz").json() == {
        "status": "ok",
        "survey": "ens-2020",
        "release": store.release.id,
    }


def test_an_error_of_ours_is_a_problem_without_its_words(settings, monkeypatch):
    def fail(*args):
        raise RuntimeError("secret")

    broken = client(settings, raise_server_exceptions=False)
    monkeypatch.setattr(web_api, "_make", fail)
    answer = broken.get(f"{API}/figures?lang=en")
    assert answer.status_code == 500 and answer.json()["type"].endswith("/Failed")
    assert "secret" not in answer.text


def test_these_are_all_the_routes_beside_the_dashboard(settings):
    beside = ["/assets/{name}", "/embed", "/embed/{question:path}"]
    found = ["/robots.txt", "/sitemap.xml", "/favicon.svg", "/favicon.ico", "/favicon.png"]
    pages = ["/", "/{page}"]
    # the last is for what none of them, and nothing of Streamlit's, matches
    expected = ["/healthz", "/readyz", "/api", *beside, *found, *pages, "/{path:path}"]
    assert [r.path for r in routes(settings)] == expected
    assert isinstance(routes(settings)[2], Mount)


def test_kept_answers_do_not_outgrow_their_shelf():
    shelf = Shelf(most_bytes=10_000)
    answers = [Kept.of(Answer(bytes(2_000), "x/y"), False) for _ in range(10)]
    for i, answer in enumerate(answers):
        shelf.put((str(i),), answer)
        shelf.put((str(i),), answer)
        assert shelf.bytes <= 10_000
    assert shelf.get(("9",)) is answers[9]
    assert shelf.get(("0",)) is None


def test_a_files_name_survives_old_and_new_clients():
    told = disposition('réponse_"x".csv')
    assert told.startswith('attachment; filename="r-ponse_-x-.csv"')
    assert told.endswith("filename*=UTF-8''r%C3%A9ponse_%22x%22.csv")


def test_what_leaves_is_what_the_page_of_all_figures_gives(store):
    where = Filter.parse("age=65-plus", store.survey.variables)
    for figure in figures(store, store.survey.questions, where):
        kept = leaving(figure)
        assert kept.low is None and kept.se is None
        assert (kept.est is None) == (not figure.quotable)


def test_without_any_text_an_error_is_told_all_the_same(tmp_path):
    (tmp_path / "data" / "text").mkdir(parents=True)
    settings = Settings(data=tmp_path / "data", releases=tmp_path / "none", survey="none")
    answer = client(settings).get(f"{API}/surveys")
    assert answer.status_code == 503
    assert answer.headers["retry-after"].isdigit()


@pytest.mark.parametrize(
    ("path", "members", "name"),
    [
        ("/compare?q=ens_reaction&age=65-plus", "comparisons", "ens_dash_compare_65-plus_FICTIF_2020-07.csv"),
        ("/compare?age=65-plus&mode=report", "comparisons", "ens_dash_compare_65-plus_2020-07.csv"),
        ("/statements?age=65-plus", "statements", "ens_dash_statements_65-plus_2020-07.csv"),
    ],
)
def test_comparisons_and_statements_come_as_csv_with_the_same_rows(shipped, path, members, name):
    wanted = get(shipped, path)[members]
    answer = shipped.get(f"{API}{path}&format=csv")
    assert name in answer.headers["content-disposition"]
    rows = csv_rows(answer.content)
    assert len(rows) == len(wanted)
    for row, found in zip(rows, wanted, strict=True):
        assert set(row) == set(found)
        for member, text in row.items():
            value = found[member]
            if isinstance(value, float):
                assert float(text) == value
            elif not isinstance(value, list):
                assert text.removeprefix("'") == ("" if value is None else str(value))
    assert get(shipped, path)["permalink"] in answer.text
    if "FICTIF" in name:
        assert all(row["origin"] == "simulated" and row["warning"] for row in rows)
