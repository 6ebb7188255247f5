"""A survey folder: the shipped one is clean and in the report's words; a broken one tells all at once."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from folders import ROOT, SHIPPED, copy_of_shipped

from ens_dash.survey.base import LANGS
from ens_dash.survey.errors import FolderError, SurveyErrors
from ens_dash.survey.folder import read_survey
from ens_dash.survey.references import nearest

REPORT = ROOT.parent / "shared" / "source" / "report.txt"
with_the_report = pytest.mark.skipif(
    not REPORT.exists(), reason="../shared/source/report.txt is absent: the report is not in the project"
)

# The table of what the report publishes: question -> items, and the answers that have a figure.
IDS = {
    "tools_known": "online_appointment online_results dmp teleconsultation",
    "tools_used": "online_appointment online_results dmp teleconsultation",
    "new_tool_in_crisis": "",
    "first_use_in_crisis": "teleconsultation online_appointment email_or_sms",
    "teleconsultation_count": "before_crisis since_crisis",
    "crisis_satisfaction": "",
    "crisis_satisfaction_teleconsultation": "",
    "digital_literacy": "",
    "outlook": "",
    "advantages": "time_saving easier_communication modernise_health better_follow_up",
    "opportunities": "professionals_exchange_data patient_stores_data access_to_care personalised_treatment",
    "system_risks": "excludes_patients widens_inequalities data_appropriation degrades_relationship",
    "challenges": "simple_access efficient_transmission access_for_all human_relations patient_as_actor",
    "governance": "state_guarantor public_coordination include_private_sector patient_as_actor",
    "ens_reaction": "",
    "ens_intention": "",
    "ens_benefits": (
        "data_sharing health_event_space secure_storage patient_managed_access "
        "secure_exchanges simpler_app_access"
    ),
    "ens_risks": (
        "exclusion_unfamiliar exclusion_no_internet insecure_storage insecure_exchanges "
        "non_medical_transfer virtual_relationship professionals_reluctance"
    ),
    "public_management": "",
    "operator_trust": "",
    "safeguards": "define_access_rights refuse_or_close temporary_code",
    "module_reception": "ens dmp messaging agenda apps",
    "module_intention": "ens dmp messaging agenda apps",
    "dmp_default_access": "useful normal reassuring",
    "dmp_choose_access": "",
    "messaging_reasons": (
        "prescription_or_results doctor_contacts_me appointments_and_certificates administrative_documents"
    ),
    "proactive_contact": "gp",
    "app_data_consent": "",
}


# --- the shipped folder ---


def test_the_shipped_folder_is_clean(survey):
    assert survey.study.id == "ens-2020"
    assert (survey.study.n, survey.study.start.isoformat(), survey.study.end.isoformat()) == (
        2100,
        "2020-07-17",
        "2020-07-30",
    )


def test_it_has_every_question_and_item_of_the_report(survey):
    found = {q.id: {i.id for i in q.items} for q in survey.questions}
    assert found == {q: set(items.split()) for q, items in IDS.items()}


def test_every_question_has_a_figure_and_stands_on_one_page(survey):
    assert {f.question for f in survey.published} == set(IDS)
    on_pages = [q for page in survey.pages for q in page.questions]
    assert sorted(on_pages) == sorted(IDS)


def test_every_text_is_in_both_languages(survey):
    def texts(value: object) -> Iterator[object]:
        if hasattr(value, "fr"):
            yield value
        elif hasattr(value, "model_fields_set"):
            for name in type(value).model_fields:
                yield from texts(getattr(value, name))
        elif isinstance(value, tuple):
            for one in value:
                yield from texts(one)

    found = list(texts(survey.questions)) + list(texts(survey.variables)) + list(texts(survey.notes))
    assert len(found) > 400
    assert not [t for t in found if not (t.fr and t.en)]


def test_nets_are_the_sum_of_their_printed_parts_within_rounding(survey):
    checked = 0
    for figure in survey.published:
        parts = survey.by_id[figure.question].nets_by_code[figure.answer]
        printed = [survey.published_by_key.get((figure.question, figure.item, p)) for p in parts]
        if len(parts) > 1 and all(printed):
            assert abs(sum(p.value for p in printed) - figure.value) <= 1
            checked += 1
    assert checked == 5


def test_every_statement_is_tested_or_says_why_not(survey):
    assert len(survey.statements) == 65
    for s in survey.statements:
        assert (s.question is None) == (s.untested is not None), s.id
        assert s.question is None or s.where or s.direction == "no difference", s.id


def test_every_share_of_the_population_has_its_source(survey):
    assert len(survey.population) > 200
    assert not [p for p in survey.population if not (p.source and p.year and p.population)]


# --- the report's words ---


@cache
def report() -> str:
    return flat(REPORT.read_text("utf-8"))


def flat(text: str) -> str:
    """Letters and signs only: the text layer breaks lines, hyphenates and sets bullets anywhere."""
    return re.sub(r"[\s\-\u00ad\u00a0\u202f•]+", "", text)


def printed(text: str) -> bool:
    """Whether the report's text holds these words; a ligature that its text layer lost is one sign there."""
    lost = re.sub(r"ffi|ffl|ff|fi|fl", "\x00", flat(text))
    pattern = re.escape(lost).replace(re.escape("\x00"), "(?:ffi|ffl|ff|fi|fl|\ufffd)")
    return flat(text) in report() or re.search(pattern, report()) is not None


def test_flattening_undoes_lines_and_hyphens_and_nothing_else():
    assert flat("l’ap-\nprentissage •  des") == "l’apprentissagedes"
    assert flat("53 %") != flat("54 %")


@with_the_report
def test_words_that_the_report_does_not_print_are_seen():
    assert not printed("53% des utilisateurs de la téléconsultation l'ont utilisée pour la 2ème fois")
    assert not printed("99% connaissent")


@with_the_report
@pytest.mark.parametrize("list_of", ["published", "worded"])
def test_every_figure_carries_words_that_the_report_prints(survey, list_of):
    entries = getattr(survey, list_of)
    assert entries
    missing = [(e.question, e.item, e.words) for e in entries if not printed(e.words)]
    assert missing == []


@with_the_report
def test_every_published_number_stands_in_its_words(survey):
    def number(value: float) -> str:
        return f"{value:g}".replace(".", ",")

    missing = [f for f in survey.published if number(f.value) not in f.words and f.reading != "layout"]
    assert [(f.question, f.item, f.answer) for f in missing] == []


@with_the_report
@pytest.mark.parametrize("list_of", ["statements", "verbatims"])
def test_every_quotation_is_the_reports(survey, list_of):
    entries = getattr(survey, list_of)
    assert len(entries) > 30
    assert [e.quote for e in entries if not printed(e.quote)] == []


@with_the_report
def test_every_wording_and_label_is_as_printed(survey):
    missing = []
    for q in survey.questions:
        texts = [q.wording.fr, *(i.label.fr for i in q.items)]
        # a label that begins a line of a chart may stand inside a sentence of the report, and the reverse
        missing += [
            (q.id, t)
            for t in texts
            if not any(printed(v) for v in (t, t[0].lower() + t[1:], t[0].upper() + t[1:]))
        ]
    assert missing == []


@with_the_report
def test_the_presentation_of_the_ens_is_the_reports(survey):
    assert printed(survey.study.stimulus.fr)


# --- a broken folder ---


def errors_of(folder: Path) -> tuple[FolderError, ...]:
    with pytest.raises(SurveyErrors) as caught:
        read_survey(folder)
    return caught.value.errors


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1), "utf-8")


def edit_row(path: Path, number: int, **cells: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[number].update(cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_a_folder_with_errors_of_all_kinds_tells_them_all_at_once(tmp_path):
    folder = copy_of_shipped(tmp_path)
    edit(folder / "survey.yaml", "n: 2100", "n: many")
    edit(folder / "survey.yaml", "quota_sample: true", "quota_sampel: true")
    edit(folder / "questions" / "risks.yaml", "kind: scale", "kind: scales")
    edit(folder / "questions" / "covid.yaml", "  headline: satisfied\n", "")
    edit(folder / "segments.yaml", '  - code: "18-24"', "  - cod: 18-24")
    edit_row(folder / "published.csv", 0, value="ninety")
    edit_row(folder / "published.csv", 1, unit="percents")
    edit_row(folder / "statements.csv", 5, direction="more")
    edit_row(folder / "population.csv", 0, share="140")
    (folder / "glossary.yaml").write_text("glossary: {a: 1}\n", "utf-8")
    (folder / "notes.yaml").write_text("notes:\n - id: [\n", "utf-8")
    (folder / "verbatims.csv").write_text("theme,quote,heading\nrisks,only two\n", "utf-8")
    (folder / "pages.yaml").write_bytes(b"pages: \xff\xfe\n")
    told = errors_of(folder)
    by_file = {e.file: [o for o in told if o.file == e.file] for e in told}
    assert set(by_file) == {
        "survey.yaml",
        "questions/risks.yaml",
        "questions/covid.yaml",
        "segments.yaml",
        "published.csv",
        "statements.csv",
        "population.csv",
        "glossary.yaml",
        "notes.yaml",
        "verbatims.csv",
        "pages.yaml",
    }
    for error in told:
        assert error.file and error.entry and error.expected and error.found, error
    assert any("n" in e.entry and "many" in e.found for e in by_file["survey.yaml"])
    assert any("quota_sampel" in e.entry and "quota_sample" in e.hint for e in by_file["survey.yaml"])
    assert any("system_risks" in e.entry and "'scales'" in e.found for e in by_file["questions/risks.yaml"])
    assert any("headline" in e.entry and e.found == "nothing" for e in by_file["questions/covid.yaml"])
    assert {e.entry.split(":")[0] for e in by_file["published.csv"]} == {"line 2", "line 3"}
    assert "YAML" in by_file["notes.yaml"][0].expected
    assert "3 cells" in by_file["verbatims.csv"][0].expected
    assert "UTF-8" in by_file["pages.yaml"][0].expected


def test_references_that_lead_nowhere_are_told_all_at_once_with_what_was_meant(tmp_path):
    folder = copy_of_shipped(tmp_path)
    edit_row(folder / "published.csv", 0, question="tools_knwon")
    edit_row(folder / "published.csv", 1, item="online_result")
    edit_row(folder / "published.csv", 2, answer="yess")
    edit_row(folder / "published.csv", 4, value="170")
    edit_row(folder / "statements.csv", 5, question="tool_used")
    edit_row(folder / "statements.csv", 7, where="disabilty=yes")
    edit_row(folder / "statements.csv", 8, where="ald=oui")
    edit_row(folder / "statements.csv", 9, where="")
    edit_row(folder / "statements.csv", 10, id="S06")
    edit_row(folder / "worded.csv", 0, question="tools")
    edit_row(folder / "verbatims.csv", 0, theme="covid19")
    edit(folder / "pages.yaml", "questions: [tools_known", "questions: [tools_unknown")
    edit(folder / "questions" / "risks.yaml", "of: [strongly_agree,", "of: [strongly_agreed,")
    edit(folder / "questions" / "covid.yaml", "asked: tools_used.teleconsultation=yes", "asked: tools.x=yes")
    edit(folder / "segments.yaml", "- id: sex", "- id: lang")
    told = {f"{e.file} {e.entry}": e for e in errors_of(folder)}
    expected = {
        "published.csv tools_knwon__online_appointment.yes": "tools_known",
        "published.csv tools_known__online_result.yes": "online_results",
        "published.csv tools_known__dmp.yess": "yes",
        "published.csv tools_used__online_appointment.yes": "",
        "statements.csv S06": "",
        "statements.csv statement S06": "",
        "statements.csv S08": "disability",
        "statements.csv S09": "yes",
        "statements.csv S10": "age=65-plus",
        "worded.csv 1 Français sur 3 déclare avoir déjà util": "tools_used",
        "pages.yaml adoption": "tools_known",
        "questions/risks.yaml system_risks: net agree": "strongly_agree",
        "questions/covid.yaml first_use_in_crisis: base.asked": "tools_used",
        "segments.yaml variable lang": "URL",
    }
    for place, hint in expected.items():
        assert place in told, (place, sorted(told))
        assert hint in told[place].hint, told[place]
    assert any(e.file == "verbatims.csv" and "covid" in e.hint for e in told.values())


def test_a_net_that_is_not_the_sum_of_its_parts_is_told(tmp_path):
    folder = copy_of_shipped(tmp_path)
    with (folder / "published.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    at = next(
        i for i, r in enumerate(rows) if (r["question"], r["answer"]) == ("ens_intention", "favourable")
    )
    edit_row(folder / "published.csv", at, value="87")
    told = errors_of(folder)
    assert [(e.expected, e.found) for e in told] == [("the sum of its parts, 77", "87")]


def test_what_refers_to_an_entry_that_cannot_be_read_is_no_second_error(tmp_path):
    folder = copy_of_shipped(tmp_path)
    edit(folder / "questions" / "covid.yaml", "headline: satisfied\n", "")
    edit(folder / "segments.yaml", "- id: sex\n  label: {", "- id: sex\n  lable: {")
    edit_row(folder / "published.csv", 0, question="tools_knwon")
    told = errors_of(folder)
    assert {e.file for e in told} == {"questions/covid.yaml", "segments.yaml", "published.csv"}
    assert [e.found for e in told if e.file == "published.csv"] == ["'tools_knwon'"]


def places(told: tuple[FolderError, ...]) -> set[tuple[str, str]]:
    return {(e.file, e.entry) for e in told}


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [("n: 2100", "n: many"), ("n: 2100", "n: ["), ("id: ens-2020", "id: ENS 2020"), ("themes:", "theme:")],
)
def test_an_error_in_the_study_hides_no_other_and_makes_none(tmp_path, old, new):
    folder = copy_of_shipped(tmp_path)
    edit(folder / "survey.yaml", old, new)
    edit_row(folder / "published.csv", 0, question="tools_knwon")
    edit(folder / "segments.yaml", "  short: true\n", "  shrot: true\n")
    told = errors_of(folder)
    assert {e.file for e in told} == {"survey.yaml", "published.csv", "segments.yaml"}
    assert [e.found for e in told if e.file == "published.csv"] == ["'tools_knwon'"]


@pytest.mark.parametrize("content", ["", "# nothing yet\n", "[]\n", "3\n"])
@pytest.mark.parametrize("name", ["survey.yaml", "simulation.yaml"])
def test_an_empty_file_that_must_hold_something_is_told(tmp_path, name, content):
    folder = copy_of_shipped(tmp_path)
    (folder / name).write_text(content, "utf-8")
    assert [e.file for e in errors_of(folder)] == [name]


def test_questions_of_which_there_are_none_are_told(tmp_path):
    folder = copy_of_shipped(tmp_path)
    for path in (folder / "questions").iterdir():
        path.write_text("questions: []\n", "utf-8")
    assert places(errors_of(folder)) == {("questions/", "questions")}


@pytest.mark.parametrize(
    ("name", "old", "new", "key"),
    [
        ("notes.yaml", "\nnotes:", "\nnote:", "note"),
        ("glossary.yaml", "glossary:", "glosary:", "glosary"),
        ("pages.yaml", "\npages:", "\npage:", "page"),
        ("pages.yaml", "\nkeystones:", "\nkeystone:", "keystone"),
        ("segments.yaml", "variables:", "variable:", "variable"),
        ("questions/covid.yaml", "questions:", "question:", "question"),
    ],
)
def test_a_key_that_no_file_has_is_told_once_and_is_the_only_error(tmp_path, name, old, new, key):
    folder = copy_of_shipped(tmp_path)
    edit(folder / name, old, new)
    told = errors_of(folder)
    assert places(told) == {(name, f"key {key}")}
    assert "did you mean" in told[0].hint and "known: " in told[0].hint


def test_a_key_too_many_is_told(tmp_path):
    folder = copy_of_shipped(tmp_path)
    append(folder / "notes.yaml", "extra: 1\n")
    assert [str(e) for e in errors_of(folder)] == [
        "notes.yaml, key extra: expected a known key, found 'extra' (known: notes)"
    ]


def test_a_list_without_its_key_is_told(tmp_path):
    folder = copy_of_shipped(tmp_path)
    (folder / "notes.yaml").write_text("- id: one\n", "utf-8")
    assert [(e.file, e.expected, e.found) for e in errors_of(folder)] == [
        ("notes.yaml", "`notes:` at its top", "list")
    ]


def test_a_file_with_two_lists_that_cannot_be_read_is_told_once(tmp_path):
    folder = copy_of_shipped(tmp_path)
    (folder / "pages.yaml").write_bytes(b"pages: \xff\n")
    assert [e.file for e in errors_of(folder)] == ["pages.yaml"]


def test_a_date_that_does_not_exist_is_told(tmp_path):
    folder = copy_of_shipped(tmp_path)
    edit(folder / "survey.yaml", "start: 2020-07-17", "start: 2020-13-45")
    assert {e.file for e in errors_of(folder)} == {"survey.yaml"}


def test_every_key_that_stands_twice_is_told_with_its_line(tmp_path):
    folder = copy_of_shipped(tmp_path)
    lines = (folder / "survey.yaml").read_text("utf-8").splitlines()
    first = next(i for i, line in enumerate(lines, 1) if line.startswith("n: "))
    append(folder / "survey.yaml", "n: 2000\nmode: {fr: a, en: b, fr: c}\n")
    told = errors_of(folder)
    last = len(lines) + 1
    assert places(told) == {
        ("survey.yaml", f"line {last}: n"),
        ("survey.yaml", f"line {last + 1}: mode"),
        ("survey.yaml", f"line {last + 1}: fr"),
    }
    assert f"first on line {first};" in told[0].hint or f"first on line {first};" in told[1].hint


def test_two_lists_under_the_same_key_are_told(tmp_path):
    folder = copy_of_shipped(tmp_path)
    append(folder / "questions" / "covid.yaml", "questions: []\n")
    told = errors_of(folder)
    assert [e.entry.split(": ")[1] for e in told] == ["questions"]


def test_a_study_that_ends_before_it_starts_is_told(tmp_path):
    folder = copy_of_shipped(tmp_path)
    edit(folder / "survey.yaml", "end: 2020-07-30", "end: 2020-07-16")
    told = errors_of(folder)
    assert [(e.file, "`start` that is not after `end`" in e.expected) for e in told] == [
        ("survey.yaml", True)
    ]


def test_notes_and_terms_and_themes_that_stand_twice_are_told(tmp_path):
    folder = copy_of_shipped(tmp_path)
    for name, key in (("notes.yaml", "notes"), ("glossary.yaml", "glossary"), ("survey.yaml", "themes")):
        content = yaml.safe_load((folder / name).read_text("utf-8"))
        content[key].append(content[key][0])
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    told = errors_of(folder)
    assert {(e.file, e.found) for e in told} == {
        ("notes.yaml", "2 times"),
        ("glossary.yaml", "2 times"),
        ("survey.yaml", "2 times"),
    }
    assert {e.entry.split()[0] for e in told} == {"note", "term", "theme"}


@pytest.mark.parametrize(
    ("placeholder", "found", "hint"),
    [
        ("{share:teleconsultation.yess}", "'yess'", "yes"),
        ("{share:teleconsultatoin.yes}", "'teleconsultatoin'", "teleconsultation"),
        ("{share:yes}", "'nothing'", "known: "),
        ("{adults:nope}", "'nope'", "yes"),
        ("{share}", "''", "yes"),
        ("{top:x}", "'x'", ""),
        ("{shares:x.yes}", "'shares'", "share"),
        ("{mean:teleconsultation}", "'mean'", "share"),
        ("{}", "''", "share"),
        ("{share:teleconsultation.yes", "''", "share"),
    ],
)
def test_a_placeholder_that_no_figure_can_fill_is_told(tmp_path, placeholder, found, hint):
    folder = copy_of_shipped(tmp_path)
    path = folder / "questions" / "adoption.yaml"
    content = yaml.safe_load(path.read_text("utf-8"))
    asked = next(q for q in content["questions"] if q["id"] == "tools_used")
    asked["finding"]["fr"] = f"Premier outil : {placeholder}"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    told = errors_of(folder)
    assert {(e.file, e.entry) for e in told} == {
        ("questions/adoption.yaml", f"tools_used: finding.fr: {placeholder if '}' in placeholder else '{'}")
    }
    assert found in {e.found for e in told}
    assert hint in " ".join(e.hint for e in told)


def test_a_placeholder_of_a_number_asks_for_its_mean(tmp_path):
    folder = copy_of_shipped(tmp_path)
    edit(folder / "questions" / "covid.yaml", "{mean:before_crisis}", "{share:before_crisis.mean}")
    edit(folder / "questions" / "covid.yaml", "{mean:since_crisis}", "{mean:since_crises}")
    assert {(e.found, e.hint) for e in errors_of(folder)} == {
        ("'share'", "known: mean, top"),
        ("'since_crises'", "did you mean since_crisis?"),
    }


def test_a_placeholder_of_a_keystone_is_checked_as_well(tmp_path):
    folder = copy_of_shipped(tmp_path)
    edit(folder / "pages.yaml", "{share:teleconsultation.yes}", "{share:teleconsultation.zz}")
    assert [(e.file, e.entry, e.found) for e in errors_of(folder)] == [
        ("pages.yaml", "keystone tools_used: text.fr: {share:teleconsultation.zz}", "'zz'")
    ]


def test_the_recipe_of_a_simulation_is_checked_with_the_folder(tmp_path):
    folder = copy_of_shipped(tmp_path)
    edit(folder / "simulation.yaml", "\nd: 0.30", "\nd: minus")
    edit(folder / "simulation.yaml", "small_group: 300", "small_group: 300\nbig_group: 3")
    edit_row(folder / "published.csv", 0, question="tools_knwon")
    told = errors_of(folder)
    assert {(e.file, e.found) for e in told} == {
        ("simulation.yaml", "'minus'"),
        ("simulation.yaml", "3"),
        ("published.csv", "'tools_knwon'"),
    }


def test_what_a_recipe_refers_to_must_be_in_the_survey(tmp_path):
    folder = copy_of_shipped(tmp_path)
    path = folder / "simulation.yaml"
    edit(path, "health_flag: chronic_illness", "health_flag: chronic_ilness")
    edit(path, "- {variable: sex, given: [age]}", "- {variable: sex, given: [ages]}")
    edit(path, 'only: "occupation=csp_plus', 'only: "occupation=csp_plu')
    edit(path, "otherwise: province", "otherwise: provence")
    edit(path, "questions: [advantages]", "questions: [advantage]")
    edit(path, "used: tools_used", "used: tool_used")
    edit(path, "item: since_crisis", "item: since")
    edit(path, "source: {question: ens_reaction}", "source: {question: ens_reactoin}")
    # what `calibrate` wrote is its own: it must be able to run on old coefficients
    edit(path, "\ncoefficients:\n", "\ncoefficients:\n  gone__item:\n    age=young: 0.1\n")
    told = errors_of(folder)
    assert {e.file for e in told} == {"simulation.yaml"}
    assert {e.found for e in told} == {
        "'chronic_ilness'",
        "'ages'",
        "'csp_plu'",
        "'provence'",
        "'advantage'",
        "'tool_used'",
        "'since'",
        "'ens_reactoin'",
    }


@pytest.mark.parametrize("name", ["published.csv", "verbatims.csv"])
def test_a_misspelt_column_of_a_csv_is_told_once(tmp_path, name):
    folder = copy_of_shipped(tmp_path)
    edit(folder / name, "heading", "headings")
    told = errors_of(folder)
    assert places(told) == {(name, "column headings")}
    assert len(told) == 1 and told[0].hint.startswith("did you mean heading")


def test_a_column_that_a_csv_lacks_or_has_twice_is_told_once(tmp_path):
    folder = copy_of_shipped(tmp_path)
    (folder / "verbatims.csv").write_text("theme,quote\nrisks,a\nrisks,b\n", "utf-8")
    edit(folder / "worded.csv", "heading", "heading,words")
    assert places(errors_of(folder)) == {("verbatims.csv", "column heading"), ("worded.csv", "column words")}


def test_a_hint_says_when_it_does_not_name_all():
    known = [f"question_{i:02}" for i in range(28)]
    assert nearest("xyz", known).endswith("question_19, …")
    assert nearest("xyz", known[:20]).endswith("question_19")
    assert nearest("xyz", []) == ""


def test_the_folder_of_a_site_must_have_its_surveys_name(tmp_path):
    folder = copy_of_shipped(tmp_path)
    assert read_survey(folder, "ens-2020").study.id == "ens-2020"
    edit_row(folder / "published.csv", 0, question="tools_knwon")
    with pytest.raises(SurveyErrors) as caught:
        read_survey(folder, "hdv")
    told = caught.value.errors
    assert places(told) == {("survey.yaml", "id"), ("published.csv", "tools_knwon__online_appointment.yes")}
    assert "name the folder ens-2020" in told[0].hint


def test_what_an_editor_leaves_beside_the_questions_is_not_read(tmp_path):
    folder = copy_of_shipped(tmp_path)
    (folder / "questions" / ".covid.yaml").write_text("question: [\n", "utf-8")
    read_survey(folder)


@pytest.mark.parametrize("name", ["survey.yaml", "segments.yaml"])
def test_a_missing_file_is_told_and_nothing_that_follows_from_it(tmp_path, name):
    folder = copy_of_shipped(tmp_path)
    (folder / name).unlink()
    assert [(e.file, e.found) for e in errors_of(folder)] == [(name, "nothing")]


def test_an_empty_folder_tells_all_that_is_missing(tmp_path):
    assert {e.file for e in errors_of(tmp_path)} == {"survey.yaml", "segments.yaml", "questions/"}


def test_yaml_cannot_run_anything(tmp_path):
    folder = copy_of_shipped(tmp_path)
    (folder / "notes.yaml").write_text("notes: !!python/object/apply:os.system ['touch owned']\n", "utf-8")
    assert [e.file for e in errors_of(folder)] == ["notes.yaml"]


def test_the_message_names_file_entry_expected_found_and_hint(tmp_path):
    folder = copy_of_shipped(tmp_path)
    edit_row(folder / "published.csv", 0, question="tools_knwon")
    with pytest.raises(SurveyErrors) as caught:
        read_survey(folder)
    text = str(caught.value)
    assert "1 error(s)" in text
    for part in ("published.csv", "tools_knwon__online_appointment", "expected", "found", "did you mean"):
        assert part in text


def test_lists_and_texts_of_csv_come_out_as_they_went_in(survey):
    by_id = {s.id: s for s in survey.statements}
    assert by_id["S42"].items == ("excludes_patients", "widens_inequalities")
    assert by_id["S06"].items == ()
    assert by_id["S01"].untested.fr and by_id["S01"].untested.en
    assert by_id["S06"].untested is None
    assert all(set(q.keywords) == set(LANGS) for q in survey.questions)
    assert yaml.safe_load((SHIPPED / "survey.yaml").read_text("utf-8"))["n"] == survey.study.n
