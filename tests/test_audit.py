"""The audit without a browser: what is visited, whose a finding is, the record, the page that tells it."""

from __future__ import annotations

import json
import re
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from folders import DATA, ROOT
from sites import client

from ens_dash import __version__
from ens_dash.audit.axe import parted, plain
from ens_dash.audit.lighthouse import scores_of
from ens_dash.audit.plan import SPECIAL, THEMES, Visit, axe_visits, layout_visits
from ens_dash.audit.plan import told as told_visits
from ens_dash.audit.task import Task, attempted, even
from ens_dash.audit.tools import ToolError, tools
from ens_dash.audit.upstream import read_upstream
from ens_dash.audited import (
    MOST_SECONDS,
    PARTS,
    RECORD,
    UPSTREAM,
    Axe,
    Finding,
    Layout,
    Load,
    Record,
    RecordError,
    Scores,
    Step,
    Upstream,
    Walk,
    merged,
    read_record,
    written_record,
)
from ens_dash.cli import main
from ens_dash.paths import PAGES
from ens_dash.render.accessibility import Running, faults, results, statement
from ens_dash.settings import Settings
from ens_dash.statement import told
from ens_dash.survey.base import LANGS, Text

NOW = Running(__version__, "abc", "")
NUMBER = re.compile(r"\d+(?:[.,\u202f]\d+)*")


def finding(rule: str = "color-contrast", selector: str = ".chip", seen: str = "/ fr light 390") -> Finding:
    return Finding(rule=rule, selector=selector, why="Contrast of 3.9", html="<b>x</b>", seen=(seen,))


THEIRS = Upstream(
    rule="region",
    selector="stApp",
    whose="Streamlit",
    issue="https://example.org/1",
    what=Text(fr="Un défaut d’exemple.", en="An example of a fault."),
    tried=Text(fr="rien", en="nothing"),
)


def record(**changes: Any) -> Record:
    """A record in which everything was measured and holds."""
    visits = told_visits(tuple(axe_visits()))
    whole: dict[str, Any] = {
        "date": date(2026, 3, 14),
        "program": __version__,
        "survey": "ens-2020",
        "release": "abc",
        "tools": {"chromium": "151.0", "axe-core": "4.77"},
        "axe": Axe(visits=visits, tags=("wcag2a",), ours=(), upstream=(), undecided={}),
        "layout": Layout(visits=told_visits(tuple(layout_visits())), findings=()),
        "walks": tuple(
            Walk(means=means, lang=lang, steps=(Step(step="filter", done=True, told="7 stops"),))
            for means in ("keyboard", "tree")
            for lang in LANGS
        ),
        "lighthouse": (
            Scores(
                page="/", lang="fr", accessibility=100, seo=100, best_practices=96, performance=50, failed=()
            ),
        ),
        "load": Load(
            bytes={"start": 1_110_000, "charts": 2_220_000}, seconds={"first_figures": 1.4, "all_light": 7.3}
        ),
    }
    return Record(**(whole | changes))


def page(found: Record | None, words, running: Running = NOW, lang: str = "en") -> str:
    return statement(found, running, words[lang])


def test_every_page_language_theme_and_width_is_looked_at():
    visits = set(axe_visits())
    assert len(visits) == (len(PAGES) + len(SPECIAL)) * len(LANGS) * len(THEMES) * 2
    for path in PAGES:
        for lang in LANGS:
            for theme in THEMES:
                for width in (390, 1280):
                    assert Visit(path, "", lang, theme, width) in visits
    narrow = {(v.path, v.lang, v.width, v.scale) for v in layout_visits()}
    assert {
        (p, lang, w, s) for p in PAGES for lang in LANGS for w, s in ((320, 1), (390, 1), (640, 2))
    } <= narrow


def test_what_is_not_named_as_upstreams_is_ours():
    mine, theirs, other = finding(), finding("region", "div.stApp"), finding("region", "main")
    assert parted((mine, theirs, other), (THEIRS,)) == ((mine, other), (theirs,))
    assert parted((mine, theirs, other), ()) == ((mine, theirs, other), ())


def test_the_same_fault_on_two_pages_is_one_with_two_places():
    found = merged(
        [finding(seen="/ fr"), finding(seen="/risques fr"), finding("region"), finding(seen="/ fr")]
    )
    assert [(f.rule, f.seen) for f in found] == [
        ("color-contrast", ("/ fr", "/risques fr")),
        ("region", ("/ fr light 390",)),
    ]


def test_a_selector_is_told_without_what_a_program_made_up():
    long = '.st-key-card_a > .st-emotion-cache-718ru0.e1o5kn6k0 > .share[open=""] > .copy:nth-child(6) > pre'
    assert plain(long) == ".share .copy pre"
    assert plain("html") == "html"


def test_the_list_of_upstreams_faults_is_whole_and_names_real_addresses():
    for named in read_upstream(DATA):
        assert named.issue is None or re.fullmatch(
            r"https://github\.com/[\w.-]+/[\w.-]+/(issues|pull)/\d+", named.issue
        )
        assert named.tried.fr and named.tried.en


def test_an_entry_of_upstream_that_lacks_what_was_tried_is_refused(tmp_path: Path):
    (tmp_path / UPSTREAM).parent.mkdir()
    entry = THEIRS.model_dump()
    del entry["tried"]
    (tmp_path / UPSTREAM).write_text(yaml.safe_dump([entry]), "utf-8")
    with pytest.raises(RecordError, match="tried"):
        read_upstream(tmp_path)


def test_a_record_is_read_as_it_was_written(tmp_path: Path):
    assert read_record(tmp_path) is None
    (tmp_path / RECORD).parent.mkdir()
    whole = record(axe=record().axe.model_copy(update={"ours": (finding(),)}), upstream=(THEIRS,))
    (tmp_path / RECORD).write_text(written_record(whole), "utf-8")
    assert read_record(tmp_path) == whole
    (tmp_path / RECORD).write_text('{"date": 1}', "utf-8")
    with pytest.raises(RecordError):
        read_record(tmp_path)


BAD: dict[str, dict[str, Any]] = {
    "axe": {"axe": record().axe.model_copy(update={"ours": (finding(),)})},
    "layout": {"layout": record().layout.model_copy(update={"findings": (finding("scroll", "main"),)})},
    "walks": {
        "walks": (Walk(means="tree", lang="fr", steps=(Step(step="read", done=False, told="no table"),)),)
    },
    "lighthouse": {
        "lighthouse": (record().lighthouse[0].model_copy(update={"seo": 91, "failed": ("hreflang",)}),)
    },
    "load": {"load": Load(bytes={}, seconds={"all_light": 8.2})},
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("lang", LANGS)
def test_a_part_that_fails_is_said_to_fail_and_the_fault_is_told(words, part: str, lang: str):
    bad = record(**BAD[part])
    assert bad.failing == (part,)
    shown = page(bad, words, lang=lang)
    assert words[lang](f"accessibility.part.{part}") in shown
    assert words[lang]("accessibility.state.passed") not in shown
    assert len(list(faults(bad, words[lang]))) == 1
    assert sum(not r.holds for r in results(bad, words[lang])) == 1
    assert words[lang]("accessibility.faults.none") not in shown


def test_what_holds_is_said_to_hold_and_never_more(words):
    shown = page(record(), words)
    assert record().failing == () and all(r.holds for r in results(record(), words["en"]))
    assert words["en"]("accessibility.state.passed") in shown
    assert words["en"]("accessibility.faults.none") in shown
    # a program's checks are no conformance
    assert words["en"]("accessibility.state.rgaa") in shown


def test_a_time_that_never_came_and_a_walk_that_was_not_begun_do_not_hold(words):
    never = record(load=Load(bytes={}, seconds={name: None for name in MOST_SECONDS}))
    assert never.failing == ("load",)
    assert words["en"]("accessibility.results.never") in page(never, words)
    assert record(walks=(Walk(means="tree", lang="fr", steps=()),)).failing == ("walks",)


def test_a_part_that_was_left_out_is_said_to_be(words):
    part = record(lighthouse=None)
    assert part.missing == ("lighthouse",) and part.failing == ()
    shown = page(part, words)
    assert (
        words["en"]("accessibility.state.left_out", parts=words["en"]("accessibility.part.lighthouse"))
        in shown
    )
    assert words["en"]("accessibility.check.seo") not in shown


@pytest.mark.parametrize("lang", LANGS)
def test_every_number_on_the_page_is_the_records_or_of_a_fixed_text(words, lang: str):
    """The same page of two records that share no figure: what stays is the texts' own."""
    load = Load(bytes={"start": 330_000, "charts": 440_000}, seconds={"first_figures": 0.3, "all_light": 0.6})
    scores = record().lighthouse[0].model_copy(update={"best_practices": 98})
    other = record(load=load, lighthouse=(scores,), tools={"chromium": "9.9"}, date=date(2031, 12, 25))
    one, two = (page(r, words, lang=lang) for r in (record(), other))
    for text in ("1,11" if lang == "fr" else "1.11", "151.0", "4.77", "96", "2026", "14"):
        assert text in one and text not in re.sub(r"\d px", "", two), text
    for text in ("0,33" if lang == "fr" else "0.33", "9.9", "98", "2031"):
        assert text in two and text not in one, text
    code = (ROOT / "ens_dash" / "render" / "accessibility.py").read_text("utf-8")
    assert set(NUMBER.findall(re.sub(r'"""[^"]*"""|h\d', "", code))) <= {"0", "1", "2", "1e6", "6"}


@pytest.mark.parametrize("lang", LANGS)
def test_results_of_another_version_or_none_are_not_passed_off_as_todays(words, lang: str):
    old = page(record(program="0.0.1"), words, lang=lang)
    assert words[lang]("accessibility.state.older", then="0.0.1", now=__version__) in old
    other = page(record(release="xyz"), words, lang=lang)
    assert words[lang]("accessibility.state.other_release", then="xyz", now="abc") in other
    none = page(None, words, lang=lang)
    assert words[lang]("accessibility.state.missing") in none
    for claim in ("accessibility.state.passed", "accessibility.faults.none", "accessibility.results.title"):
        assert words[lang](claim) not in none


def test_a_record_that_cannot_be_read_is_said_to_be_so(words, tmp_path: Path):
    (tmp_path / RECORD).parent.mkdir()
    (tmp_path / RECORD).write_text("{", "utf-8")
    shown = told("abc", Settings(data=tmp_path), words["fr"])
    assert words["fr"]("accessibility.state.unreadable") in shown


def test_what_is_upstreams_is_told_with_its_issue_and_what_was_tried(words):
    seen = record().axe.model_copy(update={"upstream": (finding("region", "div.stApp"),)})
    shown = page(record(axe=seen, upstream=(THEIRS,)), words)
    for text in ("An example of a fault.", "Streamlit", 'href="https://example.org/1"', "nothing"):
        assert text in shown
    unknown = THEIRS.model_copy(update={"issue": None})
    assert words["en"]("accessibility.faults.no_issue") in page(record(axe=seen, upstream=(unknown,)), words)
    # what was not seen this time is not told
    assert "An example of a fault." not in page(record(upstream=(THEIRS,)), words)


def test_what_a_tool_says_in_english_is_marked_as_english(words):
    shown = page(record(axe=record().axe.model_copy(update={"ours": (finding(),)})), words, lang="fr")
    assert '<code lang="en">.chip: Contrast of 3.9</code>' in shown


def test_what_a_page_said_of_itself_is_told_as_text(words):
    nasty = finding(selector="<script>alert(1)</script>")
    shown = page(record(axe=record().axe.model_copy(update={"ours": (nasty,)})), words)
    assert "<script>" not in shown and "&lt;script&gt;" in shown


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("", "ENS_DASH_CONTACT"),
        ("a@example.org", 'href="mailto:a@example.org"'),
        ("https://example.org/form", 'href="https://example.org/form"'),
        ("the <desk>", "the &lt;desk&gt;"),
    ],
)
def test_whom_to_write_to_is_what_the_operator_says_and_no_invention(words, contact: str, shown: str):
    assert Settings.from_environment({"ENS_DASH_CONTACT": f" {contact} "}).contact == contact
    told_ = page(record(), words, Running(__version__, "abc", contact))
    assert shown in told_
    assert ("mailto:" in told_) == ("@" in contact)


def test_the_scores_are_lighthouses_and_name_what_cost_points():
    def audit(score: float | None, mode: str = "binary") -> dict[str, Any]:
        return {"score": score, "scoreDisplayMode": mode}

    refs = [{"id": "a", "weight": 1}, {"id": "b", "weight": 3}, {"id": "c", "weight": 0}]
    found = {
        "categories": {
            key: {"score": 0.91, "auditRefs": refs}
            for key in ("accessibility", "seo", "best-practices", "performance")
        },
        "audits": {"a": audit(1), "b": audit(0), "c": audit(0)},
    }
    scores = scores_of(found, "risques", "fr")
    assert (scores.page, scores.accessibility, scores.failed) == ("/risques", 91, ("b",))
    assert scores.short() == {"accessibility": 91, "seo": 91, "best_practices": 91}
    found["runtimeError"] = {"message": "NO_FCP"}
    with pytest.raises(ToolError, match="NO_FCP"):
        scores_of(found, "risques", "fr")


def test_a_missing_tool_is_named_with_how_to_get_it(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("ens_dash.audit.tools.shutil.which", lambda name, path=None: f"/bin/{name}")
    with pytest.raises(ToolError, match="make audit"):
        tools(tmp_path)
    monkeypatch.setattr("ens_dash.audit.tools.find_spec", lambda name: None)
    with pytest.raises(ToolError, match=r"requirements-dev\.txt"):
        tools(tmp_path)
    monkeypatch.undo()
    monkeypatch.setattr("ens_dash.audit.tools.shutil.which", lambda name, path=None: None)
    with pytest.raises(ToolError, match="Chromium"):
        tools(tmp_path)


def test_the_command_says_what_is_missing_and_writes_nothing(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("ens_dash.audit.tools.find_spec", lambda name: None)
    done = CliRunner().invoke(main, ["audit", "-o", str(tmp_path / "audit.json")])
    assert done.exit_code == 2 and "requirements-dev.txt" in done.stderr
    assert not (tmp_path / "audit.json").exists()


def test_the_task_uses_the_words_of_the_page(survey, words):
    task = Task.of(survey, words["fr"])
    assert (task.segment, task.menu, task.variable) == ("65 et plus", "risques", "âge")
    assert len(task.items) == 7 and task.fold.startswith("tableau")
    assert even("A\u00a0B\u202f C\n") == "a b c"


def test_a_step_that_raises_is_not_done_and_says_why():
    def fail() -> str:
        raise ValueError("no  PNG")

    assert attempted("download", fail) == Step(step="download", done=False, told="ValueError: no PNG")
    assert attempted("download", lambda: "ok").done


def test_the_tools_are_pinned_and_the_lock_names_no_host():
    wanted = json.loads((ROOT / "audit" / "package.json").read_text("utf-8"))["dependencies"]
    lock = json.loads((ROOT / "audit" / "package-lock.json").read_text("utf-8"))["packages"]
    for name, version in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
        assert lock[f"node_modules/{name}"]["version"] == version
    assert not [name for name, entry in lock.items() if "resolved" in entry]
    assert all("integrity" in entry for name, entry in lock.items() if name)


def test_the_page_is_served_in_both_languages_and_follows_a_new_record(words, releases: Path, tmp_path: Path):
    data = tmp_path / "data"
    data.mkdir()
    for name in ("text", "ens-2020"):
        (data / name).symlink_to(DATA / name)
    visitor = client(Settings(data=data, releases=releases))
    for lang in LANGS:
        answer = visitor.get(f"/accessibilite?lang={lang}")
        assert answer.status_code == 200 and escape(words[lang]("accessibility.state.missing")) in answer.text
    (data / RECORD).parent.mkdir()
    (data / RECORD).write_text(written_record(record(program="0.0.1")), "utf-8")
    for lang in LANGS:
        shown = visitor.get(f"/accessibilite?lang={lang}").text
        assert escape(words[lang]("accessibility.state.older", then="0.0.1", now=__version__)) in shown
    assert "/accessibilite?" in visitor.get("/sitemap.xml").text
