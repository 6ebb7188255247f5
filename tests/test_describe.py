"""A survey file becomes a drafted folder: what each column becomes, what is left out, what is guessed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
import yaml
from click.testing import CliRunner, Result
from folders import ROOT

from ens_dash.cli import main
from ens_dash.microdata.describe import describe
from ens_dash.microdata.draft import write_draft
from ens_dash.microdata.errors import FileErrors
from ens_dash.microdata.groups import parted
from ens_dash.microdata.guess import Chosen
from ens_dash.microdata.missing_codes import special
from ens_dash.microdata.naming import slug, title_of, unique_id
from ens_dash.microdata.plan import Plan
from ens_dash.microdata.source import FileColumn, MultipleSet, SourceFile
from ens_dash.microdata.yamltext import comment, scalar
from ens_dash.survey.folder import read_mapping, read_survey
from ens_dash.survey.mapping import Mapping
from ens_dash.survey.model import Survey

TODAY = date(2026, 3, 1)
N = 200
YES_NO = (("1", "Oui"), ("2", "Non"))
AGREE = (("1", "Tout à fait"), ("2", "Plutôt"), ("3", "Plutôt pas"), ("4", "Pas du tout"))


def cycle(values: Sequence[Any], n: int = N) -> list[Any]:
    return [values[i % len(values)] for i in range(n)]


def source(place: Path, data: dict[str, list[Any]], **about: Any) -> SourceFile:
    """A file as read; `about[column]` overrides what is known of a column, other keys the file's own."""
    place.mkdir(parents=True, exist_ok=True)
    rows = place / "rows.parquet"
    table = pa.table(data)
    pq.write_table(table, rows)
    columns = []
    for field in table.schema:
        text = pa.types.is_string(field.type) or pa.types.is_null(field.type)
        day = pa.types.is_date(field.type) or pa.types.is_timestamp(field.type)
        storage = "text" if text else "date" if day else "number"
        base = FileColumn(field.name, storage, numeric=storage == "number")  # type: ignore[arg-type]
        columns.append(replace(base, **about.pop(field.name, {})))
    values: dict[str, Any] = {"name": "file.sav", "format": "sav", "sha256": "0" * 64, **about}
    return SourceFile(rows=rows, n=table.num_rows, columns=tuple(columns), **values)


def drafted(file: SourceFile, place: Path, chosen: Chosen | None = None) -> tuple[Plan, Survey, Mapping]:
    plan = describe(file, chosen or Chosen(), "made", "fr")
    write_draft(plan, place / "draft", TODAY)
    mapping = read_mapping(place / "draft")
    assert mapping is not None
    return plan, read_survey(place / "draft"), mapping


def made(place: Path, data: dict[str, list[Any]], **about: Any) -> tuple[Plan, Survey, Mapping]:
    """A draft of some columns beside a segment and a question that are always there."""
    chosen = about.pop("chosen", None)
    n = len(next(iter(data.values())))
    rest = {"sexe": cycle(["Femme", "Homme"], n), "avis": cycle(["bien", "mal", "moyen"], n)}
    return drafted(source(place, {**rest, **data}, **about), place, chosen)


def left_out(plan: Plan) -> dict[str, str]:
    return {c.column: c.why for c in plan.left_out}


def codes(survey: Survey, question: str) -> list[str]:
    return [a.code for a in survey.by_id[question].answers]


# --- names ---


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("trav.imp", "trav_imp"),
        ("Âge révolu", "age_revolu"),
        ("1a", "q1a"),
        ("_x_", "x"),
        ("œuvre", "oeuvre"),
        ("年齢", ""),
        ("A" * 90, "a" * 60),
    ],
)
def test_a_column_name_becomes_an_id(name, expected):
    assert slug(name) == expected


def test_ids_are_unique_and_none_is_reserved():
    used: set[str] = set()
    names = ["Q.1", "q_1", "q-1", "年", "齢", "lang", "x" * 70, "x" * 71]
    found = [unique_id(name, used, "question", ("lang",)) for name in names]
    assert found[:6] == ["q_1", "q_1_2", "q_1_3", "question", "question_2", "lang_2"]
    assert len(set(found)) == len(found)
    assert max(map(len, found)) == 60


def test_a_title_is_the_label_without_its_number_cut_at_a_word():
    assert title_of("Q12. Regardez-vous la télévision ?") == "Regardez-vous la télévision ?"
    cut = title_of("mot " * 40)
    assert cut.endswith("mot…")
    assert len(cut) <= 80


# --- the policy of missing values ---


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        *(
            (text, "missing")
            for text in ("Refus", "(Refusé)", "9. Sans réponse", "NO ANSWER", "n/a", "Refused")
        ),
        *(
            (text, "missing")
            for text in ("Not applicable", "Non concerné", "Prefer not to say", "Inap.", "NR")
        ),
        *((text, "missing") for text in ("Ne souhaite pas répondre (ne pas citer)", "Question non posée")),
        *(
            (text, "unknown")
            for text in ("Ne sait pas", "NSP", "Don’t know", "don't know", "Sans opinion", "DK")
        ),
        *((text, "unknown") for text in ("NSP ou NVPR", "Ne sait pas / Refus", "Je ne sais pas", "NSP/NR")),
        *((text, None) for text in ("Refus de soins", "Non", "Rejet", "Je sais", "Aucun", "Autre", "0", "")),
        *((text, None) for text in ("Ne sait pas lire", "Sans emploi", "Non réponse à appel d’offres")),
    ],
)
def test_a_label_says_whether_it_is_an_answer(label, expected):
    assert special(label) == expected


def test_declared_missing_codes_and_refusals_are_missing_and_do_not_know_stays(tmp_path):
    labels = (("1", "Oui"), ("2", "Non"), ("8", "Ne sait pas"), ("9", "Refus"), ("97", "Hors champ"))
    _, survey, mapping = made(
        tmp_path,
        {"q": cycle([1.0, 2.0, 8.0, 9.0, 97.0, 99.0, None])},
        q={
            "label": "Allez-vous au cinéma ?",
            "labels": labels,
            "missing": ("97",),
            "missing_ranges": ((98, 99),),
        },
    )
    assert codes(survey, "q") == ["1", "2", "8"]
    use = next(u for u in mapping.columns if u.column == "q")
    assert set(use.missing) == {"9", "97", "99"}
    written = (tmp_path / "draft/questions/questions.yaml").read_text("utf-8")
    assert "# 8 (Ne sait pas) stays an answer; to leave it out" in written
    assert survey.by_id["q"].base.text.fr == "Répondants ayant répondu à cette question"
    assert survey.by_id["avis"].base.text.fr == "Ensemble des répondants"


def test_a_code_for_do_not_know_never_counts_in_a_mean(tmp_path):
    _, survey, mapping = made(
        tmp_path,
        {"heures": [*range(N - 2), 998, 999]},
        heures={"labels": (("998", "Ne sait pas"), ("999", "Refus"))},
    )
    assert survey.by_id["heures"].kind == "number"
    assert set(next(u for u in mapping.columns if u.column == "heures").missing) == {"998", "999"}


def test_texts_among_numbers_are_missing_only_if_they_say_so(tmp_path):
    numbers = [str(i % 40) for i in range(N - 1)]
    _, survey, mapping = made(
        tmp_path, {"a": [*numbers, "NSP"], "b": [*numbers, "40 et plus"]}, format="csv", name="f.csv"
    )
    assert survey.by_id["a"].kind == "number"
    assert next(u for u in mapping.columns if u.column == "a").missing == ("NSP",)
    assert survey.by_id["b"].kind == "single"
    assert "40 et plus" in codes(survey, "b")


def test_the_files_missing_texts_are_no_values(tmp_path):
    _, survey, mapping = made(
        tmp_path,
        {"q": cycle(["Oui", "Non", "NA"]), "x": [*map(str, range(N - 1)), "NA"]},
        format="csv",
        name="f.csv",
        missing=("NA",),
        found=("missing",),
        separator=";",
        encoding="utf-8",
        chosen=Chosen(segments=("sexe",)),
    )
    assert codes(survey, "q") == ["Oui", "Non"]
    assert mapping.file.missing == ("NA",)
    assert (mapping.file.separator, mapping.file.encoding, mapping.file.decimal) == (";", "utf-8", ".")
    assert all(u.missing == () for u in mapping.columns)


def test_missing_codes_among_more_values_than_are_counted_are_counted_all_the_same(tmp_path):
    n = 3000
    revenu = [1000.0 + i for i in range(n - 2)] + [999999.0, -1.0]
    _, survey, mapping = made(
        tmp_path,
        {"revenu": revenu, "loyer": [400.5 + i % 2000 for i in range(n)]},
        revenu={"labels": (("999999", "Refus"),), "missing_ranges": ((-9.0, -1.0),)},
        chosen=Chosen(segments=("sexe",)),
    )
    assert set(next(u for u in mapping.columns if u.column == "revenu").missing) == {"-1", "999999"}
    assert survey.by_id["revenu"].base.text.fr == "Répondants ayant répondu à cette question"
    assert survey.by_id["loyer"].base.text.fr == "Ensemble des répondants"


# --- questions ---


def test_labels_become_wording_and_answers_in_the_files_order(tmp_path):
    labels = (("3", "Jamais"), ("1", "Souvent"), ("2", "Parfois"))
    _, survey, _ = made(
        tmp_path, {"Q.1": cycle([1.0, 2.0, 3.0])}, **{"Q.1": {"label": "Q1. Lisez-vous ?", "labels": labels}}
    )
    question = survey.by_id["q_1"]
    assert [(a.code, a.label.fr, a.label.en) for a in question.answers] == [
        ("3", "Jamais", None),
        ("1", "Souvent", None),
        ("2", "Parfois", None),
    ]
    assert (question.wording.fr, question.title.fr) == ("Q1. Lisez-vous ?", "Lisez-vous ?")
    assert question.reading.fr == "% des répondants"
    assert question.headline == "3"


def test_without_labels_answers_stand_by_number_or_alphabet_and_yes_first(tmp_path):
    _, survey, _ = made(
        tmp_path,
        {
            "a": cycle(["10", "9", "1"]),
            "b": cycle(["zèbre", "âne", "Chat"]),
            "c": cycle(["Non", "Ne sait pas", "Oui"]),
        },
    )
    assert codes(survey, "a") == ["1", "9", "10"]
    assert codes(survey, "b") == ["âne", "Chat", "zèbre"]
    assert codes(survey, "c") == ["Oui", "Non", "Ne sait pas"]
    assert survey.by_id["c"].headline == "Oui"


def test_a_value_without_a_label_is_kept_and_said(tmp_path):
    _, survey, _ = made(tmp_path, {"q": cycle([1.0, 2.0, 7.0])}, q={"labels": YES_NO})
    assert [(a.code, a.label.fr) for a in survey.by_id["q"].answers][-1] == ("7", "code 7 (non documenté)")


def test_a_scale_with_labels_at_its_ends_has_its_numbers_as_answers(tmp_path):
    labels = (("0", "Pas du tout"), ("10", "Tout à fait"))
    _, survey, _ = made(tmp_path, {"q": cycle([float(i) for i in range(11)])}, q={"labels": labels})
    assert survey.by_id["q"].kind == "single"
    assert [a.code for a in survey.by_id["q"].answers] == [str(i) for i in range(11)]
    assert {a.code: a.label.fr for a in survey.by_id["q"].answers}["5"] == "5"


def test_many_numbers_without_labels_are_a_number_and_few_are_codes(tmp_path):
    _, survey, _ = made(
        tmp_path,
        {
            "heures": cycle([float(i) for i in range(25)]),
            "code": cycle([1.0, 2.0]),
            "taux": cycle([0.5, 1.5, 2.25]),
        },
    )
    assert {q.id: q.kind for q in survey.questions if q.id != "avis"} == {
        "heures": "number",
        "code": "single",
        "taux": "number",
    }
    assert survey.by_id["heures"].reading.fr == "Moyenne des répondants"


def test_many_questions_are_cut_into_parts_in_file_order(tmp_path):
    names = [f"sujet{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(61)]
    plan, survey, _ = made(tmp_path, {name: cycle(["a", "b"]) for name in names})
    assert [t.id for t in survey.study.themes] == ["part_1", "part_2", "part_3"]
    assert [q.id for q in survey.questions] == ["avis", *names]
    assert any(g.what == "themes" for g in plan.guesses)


# --- groups ---


def test_dichotomous_columns_with_a_stem_become_one_question(tmp_path):
    data = {f"Q7_{i}": cycle([1.0, 2.0, 2.0][: i + 1]) for i in (1, 2)} | {"Q7_3": [2.0] * N}
    about = {
        f"Q7_{i}": {"label": f"Vos loisirs : {t}", "labels": YES_NO}
        for i, t in ((1, "lire"), (2, "rire"), (3, "dormir"))
    }
    plan, survey, mapping = made(tmp_path, data, **about)
    question = survey.by_id["q7"]
    assert (question.kind, codes(survey, "q7"), question.headline) == ("multiple", ["yes"], "yes")
    assert [(i.id, i.label.fr) for i in question.items] == [
        ("item_1", "lire"),
        ("item_2", "rire"),
        ("item_3", "dormir"),
    ]
    assert question.wording.fr == "Vos loisirs"
    uses = {u.column: u for u in mapping.columns}
    assert uses["Q7_2"].values == {"1": "yes", "2": "no"}
    assert uses["Q7_3"].item == "item_3"
    assert any(g.what == "q7" for g in plan.guesses)


def test_columns_without_a_stem_or_with_a_stem_of_a_whole_questionnaire_stay_apart(tmp_path):
    names = ["cuisine", "cinema", "sport", "Q1", "Q2", "Q3", "v101", "v102", "v103", "q_1", "q_2", "q_4"]
    _, survey, _ = made(tmp_path, {name: cycle(["Oui", "Non"]) for name in names})
    assert all(not q.items for q in survey.questions)
    assert len(survey.questions) == len(names) + 1


def test_two_values_that_say_nothing_of_a_choice_are_not_a_set(tmp_path):
    data = {f"enfant_{i}": cycle(["fille", "garçon"]) for i in (1, 2, 3)}
    data |= {f"code_{i}": cycle([1.0, 2.0]) for i in (1, 2, 3)}
    data |= {f"genre_{i}": cycle([0.0, 1.0]) for i in (1, 2, 3)}
    labels = {"labels": (("0", "fille"), ("1", "garçon"))}
    _, survey, _ = made(tmp_path, data, **{f"genre_{i}": labels for i in (1, 2, 3)})
    assert all(not q.items for q in survey.questions)


def test_ticks_whose_item_stands_in_the_value_label(tmp_path):
    about = {
        f"media_{i}": {"label": "Médias", "labels": (("0", "Non cité"), ("1", t))}
        for i, t in ((1, "Radio"), (2, "Presse"), (3, "Télévision"))
    }
    _, survey, mapping = made(tmp_path, {f"media_{i}": cycle([0.0, 1.0]) for i in (1, 2, 3)}, **about)
    assert [i.label.fr for i in survey.by_id["media"].items] == ["Radio", "Presse", "Télévision"]
    assert next(u for u in mapping.columns if u.column == "media_1").values == {"0": "no", "1": "yes"}


def test_a_set_that_the_file_defines_is_no_guess(tmp_path):
    columns = ("lire", "rire")
    plan, survey, mapping = made(
        tmp_path,
        {"lire": cycle([1.0, 0.0]), "rire": cycle([0.0, 1.0, 1.0])},
        lire={"label": "Lire"},
        rire={"label": "Rire"},
        sets=(MultipleSet("$loisirs", "Vos loisirs ?", columns, "1"),),
    )
    question = survey.by_id["loisirs"]
    assert (question.kind, [i.id for i in question.items]) == ("multiple", ["lire", "rire"])
    assert question.wording.fr == "Vos loisirs ?"
    assert not any(g.what == "loisirs" for g in plan.guesses)
    assert next(u for u in mapping.columns if u.column == "rire").values == {"0": "no", "1": "yes"}


def test_a_set_where_only_the_chosen_value_is_written_is_left_out(tmp_path):
    plan, survey, _ = made(
        tmp_path,
        {"l1": cycle([1.0, None]), "l2": cycle([None, 1.0])},
        sets=(MultipleSet("$l", "Loisirs", ("l1", "l2"), "1"),),
    )
    assert "who did not choose" in left_out(plan)["l1"]
    assert [q.id for q in survey.questions] == ["avis"]


def test_a_set_of_mentions_stays_apart_and_says_so(tmp_path):
    names = ("m_1", "m_2", "m_3")
    _, survey, _ = made(
        tmp_path,
        {name: cycle([1.0, 2.0, 3.0, 4.0]) for name in names},
        **{name: {"labels": AGREE} for name in names},
        sets=(MultipleSet("$m", "Marques citées", names, None),),
    )
    assert [q.id for q in survey.questions if not q.items] == ["avis", *names]
    assert "# a mention of the file's set $m" in (tmp_path / "draft/questions/questions.yaml").read_text(
        "utf-8"
    )


def test_a_grid_of_the_same_answers_becomes_one_question(tmp_path):
    about = {f"q5{s}": {"label": f"Êtes-vous d’accord ? - {s}", "labels": AGREE} for s in "abc"}
    _, survey, mapping = made(tmp_path, {f"q5{s}": cycle([1.0, 2.0, 3.0]) for s in "abc"}, **about)
    question = survey.by_id["q5"]
    assert (question.kind, codes(survey, "q5")) == ("single", ["1", "2", "3", "4"])
    assert [(i.id, i.label.fr) for i in question.items] == [("item_a", "a"), ("item_b", "b"), ("item_c", "c")]
    assert question.wording.fr == "Êtes-vous d’accord ?"
    assert {u.item for u in mapping.columns if u.question == "q5"} == {"item_a", "item_b", "item_c"}


def test_a_segment_that_is_asked_for_leaves_its_group(tmp_path):
    data = {f"Q7_{i}": cycle(["Oui", "Non"]) for i in (1, 2, 3, 4)}
    _, survey, _ = made(tmp_path, data, chosen=Chosen(segments=("Q7_2",)))
    assert [v.id for v in survey.variables] == ["q7_2"]
    assert [i.id for i in survey.by_id["q7"].items] == ["item_1", "item_3", "item_4"]


@pytest.mark.parametrize(
    ("labels", "shared", "items"),
    [
        (["Q : a", "Q : b"], "Q", ["a", "b"]),
        (["Vous - la radio", "Vous - la télé"], "Vous", ["la radio", "la télé"]),
        (
            ["[Radio] Écoutez-vous cela ?", "[Télé] Écoutez-vous cela ?"],
            "Écoutez-vous cela ?",
            ["Radio", "Télé"],
        ),
        (["un", "deux"], "", ["un", "deux"]),
        (["même", "même"], "même", ["même", "même"]),
        (["", "x"], "", ["", "x"]),
    ],
)
def test_labels_of_a_group_are_parted_at_a_mark(labels, shared, items):
    assert parted(labels) == (shared, items)


def test_a_grid_with_a_code_that_has_no_label_in_one_column_is_still_one_question(tmp_path):
    data = {"q5a": cycle([1.0, 2.0, 3.0]), "q5b": cycle([1.0, 4.0, 7.0]), "q5c": cycle([2.0, 3.0])}
    _, survey, _ = made(tmp_path, data, **{c: {"labels": AGREE} for c in data})
    assert codes(survey, "q5") == ["1", "2", "3", "4", "7"]


def test_a_grid_of_texts_takes_the_widest_answers(tmp_path):
    data = {
        "Q5[SQ001]": cycle(["A", "B", "C"]),
        "Q5[SQ002]": cycle(["A", "B"]),
        "Q5[SQ003]": cycle(["B", "C"]),
    }
    _, survey, mapping = made(tmp_path, data)
    assert codes(survey, "q5") == ["A", "B", "C"]
    assert {u.item for u in mapping.columns if u.question == "q5"} == {"item_001", "item_002", "item_003"}


def test_ticks_without_a_value_for_not_chosen_say_why_they_are_left_out(tmp_path):
    plan, _, _ = made(tmp_path, {f"q7_{i}": cycle(["Oui", None]) for i in (1, 2, 3)})
    assert "100 rows without: who did not choose" in left_out(plan)["q7_1"]


# --- segments ---


def test_segments_that_are_asked_for_and_ages_with_cut_points(tmp_path):
    _, survey, mapping = made(
        tmp_path, {"age": cycle([*range(18, 98)])}, chosen=Chosen(segments=("sexe", "age"))
    )
    sex, age = survey.variables
    assert [(s.code, s.noun.fr) for s in sex.segments if s.noun] == [("Femme", "Femmes"), ("Homme", "Hommes")]
    assert [s.code for s in age.segments] == ["under-30", "30-49", "50-64", "65-plus"]
    assert age.segments[0].label.fr == "18–29"
    assert age.segments[3].qualifier is not None
    assert age.segments[3].qualifier.en == "aged 65 and over"
    ranges = next(u for u in mapping.columns if u.variable == "age").ranges
    assert [(r.from_, r.below) for r in ranges] == [(None, 30), (30, 50), (50, 65), (65, None)]
    assert sex.short and age.short


def test_ages_of_children_and_an_empty_range(tmp_path):
    _, survey, _ = made(tmp_path, {"age": cycle([*range(3, 48)])}, chosen=Chosen(segments=("age",)))
    assert [(s.code, s.label.fr) for s in survey.variables[0].segments] == [
        ("under-30", "Moins de 30 ans"),
        ("30-49", "30–49"),
    ]


def test_a_code_for_no_answer_does_not_make_an_age_something_else(tmp_path):
    ages = [*cycle([*range(18, 98)], N - 1), 999]
    _, survey, mapping = made(
        tmp_path, {"age": ages}, age={"labels": (("999", "Refus"),)}, chosen=Chosen(segments=("age",))
    )
    assert [s.code for s in survey.variables[0].segments][-1] == "65-plus"
    assert mapping.columns[0].missing == ("999",)


def test_other_numbers_are_cut_at_rounded_quartiles(tmp_path):
    random.seed(1)
    revenu = [random.randint(600, 9000) for _ in range(N)]
    _, survey, mapping = made(tmp_path, {"revenu": revenu}, chosen=Chosen(segments=("revenu",)))
    segments, ranges = survey.variables[0].segments, mapping.columns[0].ranges
    points = [r.from_ for r in ranges[1:]]
    assert len(segments) == 4
    assert all(p is not None and p % 1000 == 0 for p in points)
    for span in ranges:
        inside = [x for x in revenu if (span.from_ or 0) <= x < (span.below or 1e9)]
        assert 0.1 * N < len(inside) < 0.5 * N
    assert segments[0].code == f"under-{points[0]:.0f}"


def test_segments_are_guessed_by_names_and_labels_and_said_to_be_guesses(tmp_path):
    plan, survey, _ = drafted(
        source(
            tmp_path,
            {
                "s1": cycle([1.0, 2.0]),
                "REGION": cycle([*"abcdefg"]),
                "age_cat": cycle(["jeune", "vieux"]),
                "avis": cycle(["bien", "mal"]),
            },
            s1={"label": "Sexe du répondant", "labels": (("1", "Homme"), ("2", "Femme"))},
        ),
        tmp_path,
    )
    assert [v.id for v in survey.variables] == ["s1", "age_cat", "region"]
    assert [q.id for q in survey.questions] == ["avis"]
    assert {"segment s1", "segment age_cat", "segment region"} <= {g.what for g in plan.guesses}
    assert "# guess: a segment" in (tmp_path / "draft/segments.yaml").read_text("utf-8")


def test_women_and_men_are_the_sexes_whatever_their_column_is_called(tmp_path):
    file = source(
        tmp_path,
        {"a1": cycle([*"xyz"]), "s1": cycle([1.0, 2.0]), "b1": cycle([*"uv"])},
        s1={"label": "Êtes-vous ?", "labels": (("1", "Un homme"), ("2", "Une femme"))},
    )
    _, survey, _ = drafted(file, tmp_path)
    assert [v.id for v in survey.variables] == ["s1"]
    assert [s.noun.fr for s in survey.variables[0].segments if s.noun] == ["Hommes", "Femmes"]


def test_a_survey_keeps_a_question_where_every_column_could_divide(tmp_path):
    file = source(tmp_path, {"sexe": cycle(["F", "H"]), "region": cycle([*"abc"])})
    _, survey, _ = drafted(file, tmp_path)
    assert ([v.id for v in survey.variables], [q.id for q in survey.questions]) == (["sexe"], ["region"])


def test_where_no_name_helps_the_first_column_with_few_answers_divides(tmp_path):
    _, survey, _ = drafted(source(tmp_path, {"a": cycle([*"xyz"]), "b": cycle([*"uv"])}), tmp_path)
    assert ([v.id for v in survey.variables], [q.id for q in survey.questions]) == (["a"], ["b"])


def test_a_segment_may_not_have_a_name_that_an_address_uses(tmp_path):
    _, survey, mapping = made(tmp_path, {"Mode": cycle(["web", "tél."])}, chosen=Chosen(segments=("Mode",)))
    assert survey.variables[0].id == "mode_2"
    assert mapping.columns[0].column == "Mode"


# --- the design ---


def test_id_weight_stratum_and_psu_are_guessed_by_name_and_said_to_be_guesses(tmp_path):
    random.seed(2)
    plan, survey, mapping = made(
        tmp_path,
        {
            "ID_RESP": [*range(N)],
            "POIDS": [random.uniform(0.2, 4) for _ in range(N)],
            "strate": cycle(["nord", "sud"]),
            "grappe": [i // 10 for i in range(N)],
        },
    )
    assert mapping.id == "ID_RESP"
    design = survey.study.design
    assert (design.weight, design.stratum, design.psu) == ("POIDS", "strate", "grappe")
    assert plan.roles.guessed == ("id", "weight", "stratum", "psu")
    assert (tmp_path / "draft/survey.yaml").read_text("utf-8").count("# guess: by its name") == 3


def test_body_weight_is_no_survey_weight(tmp_path):
    _, survey, _ = made(tmp_path, {"poids": [45.5 + i % 60 for i in range(N)]})
    assert survey.study.design.weight is None
    assert survey.by_id["poids"].kind == "number"


def test_replicate_weights_are_left_out_and_said_to_be_unsupported(tmp_path):
    random.seed(3)
    weights = {f"rep_w{i}": [random.uniform(0.5, 2) for _ in range(N)] for i in range(1, 7)}
    plan, survey, _ = made(tmp_path, {"weight": [random.uniform(0.5, 2) for _ in range(N)], **weights})
    assert survey.study.design.weight == "weight"
    assert all(left_out(plan)[c].startswith("replicate weights are not supported") for c in weights)


def test_days_of_interviews_come_from_a_date_column_else_they_are_to_be_written(tmp_path):
    days = [date(2025, 5, 2) + timedelta(days=i % 9) for i in range(N)]
    plan, survey, _ = made(tmp_path / "a", {"interview": days})
    assert (survey.study.start, survey.study.end) == (date(2025, 5, 2), date(2025, 5, 10))
    assert left_out(plan)["interview"] == "a date or time"
    _, survey, _ = made(tmp_path / "b", {"q": cycle([*"ab"])})
    assert survey.study.start == TODAY
    assert "# write: the first day" in (tmp_path / "b/draft/survey.yaml").read_text("utf-8")


# --- what is left out ---


def people(n: int = N) -> list[str]:
    first = "Marie Jean Pierre Anne Paul Claire Luc Nadia".split()
    last = "Martin Bernard Thomas Petit Durand Leroy Moreau".split()
    return [f"{first[i % 8]} {last[i % 7]}" for i in range(n)]


ADVERSARIAL: dict[str, tuple[list[Any], str]] = {
    "q5": ([f"personne{i % 30}@exemple.fr" for i in range(N)], "e-mail"),
    "one_mail": (["rien"] * (N - 50) + ["voir jean@exemple.org"] * 50, "e-mail"),
    "contact": ([33600000000 + 7919 * i for i in range(N)], "telephone"),
    "ligne_directe": ([600000000.0 + 7919 * i for i in range(N)], "telephone"),
    "q8": (cycle([f"06 12 34 56 {i:02d}" for i in range(40)]), "telephone"),
    "q9": (cycle([f"+33612345{i:03d}" for i in range(40)]), "telephone"),
    "qui": (people(), "people's names"),
    "prenom": (cycle(["Alix", "Bo", "Cy"]), "name"),
    "Nom": (cycle(["Untel", "Unetelle"]), "name"),
    "ne_le": (cycle([f"{d:02d}/03/1964" for d in range(1, 29)]), "date"),
    "jour": (cycle([19640301 + d for d in range(28)]), "date"),
    "jour_fr": (cycle([(d + 1) * 1000000 + 31964 for d in range(28)]), "date"),
    "ddn": (cycle([23000.0 + i for i in range(150)]), "birth"),
    "annee_naissance": (cycle([float(y) for y in range(1940, 2005)]), "year of birth"),
    "ip": (cycle([f"10.0.0.{i}" for i in range(30)]), "IP address"),
    "adr": (cycle([f"192.168.1.{i}" for i in range(9)]), "IP address"),
    "code_postal": (cycle([f"{75001 + i}" for i in range(20)]), "postcode"),
    "lieu": (cycle([f"0{1000 + 7 * i}" for i in range(30)]), "postcode"),
    "rue_x": (cycle([f"{i} rue des Lilas" for i in range(2, 30)]), "address"),
    "site": (cycle(["https://exemple.fr/a", "https://exemple.fr/b"]), "web"),
    "verbatim": (cycle([f"c’est bien n° {i}" for i in range(60)]), "free text"),
    "autre": ([f"une réponse très personnelle {i}" for i in range(30)] + [None] * (N - 30), "free text"),
    "long": (cycle(["a" * 300, "b", "c"]), "free text"),
    "rang": ([*range(1, N + 1)], "running number"),
    "dossier": ([7000001 + 13 * i for i in range(N)], "identification number"),
    "villes": (cycle([f"Ville {i}" for i in range(150)]), "free text"),
    "vide": ([None] * N, "empty"),
    "fixe": (["toujours"] * N, "one value only"),
    "heure": (cycle([f"{h:02d}:30" for h in range(8, 20)]), "time"),
    "enqueteur": (cycle([f"E{i}" for i in range(25)]), "interviewer"),
}


@pytest.fixture(scope="module")
def adversarial(tmp_path_factory) -> tuple[Plan, Survey, Path]:
    place = tmp_path_factory.mktemp("adversarial")
    data = {name: values for name, (values, _) in ADVERSARIAL.items()}
    data["enq"] = cycle([1.0, 2.0, 3.0])
    data["revenu"] = [1200 + (i * 37) % 4000 for i in range(N)]
    data["telephone"] = cycle(["Oui", "Non"])
    data["pays_naissance"] = cycle(["France", "Italie", "Maroc"])
    labels = (("1", "Jean Dupont"), ("2", "Marie Petit"), ("3", "Paul Leroy"))
    plan, survey, _ = made(place, data, enq={"labels": labels}, revenu={"label": "Revenu mensuel"})
    return plan, survey, place / "draft"


@pytest.mark.parametrize("column", ADVERSARIAL)
def test_a_column_that_may_tell_who_somebody_is_is_left_out(adversarial, column):
    plan, _, _ = adversarial
    assert ADVERSARIAL[column][1] in left_out(plan).get(column, "kept")


def test_names_in_value_labels_are_left_out(adversarial):
    assert "names" in left_out(adversarial[0])["enq"]


def test_what_tells_of_nobody_is_kept(adversarial):
    plan, survey, _ = adversarial
    assert {"revenu", "telephone", "pays_naissance", "sexe", "avis"}.isdisjoint(left_out(plan))
    assert {"telephone", "pays_naissance"} <= {q.id for q in survey.questions}
    assert any(g.what == "telephone" for g in plan.guesses)


def test_no_value_of_a_column_that_is_left_out_stands_in_the_folder(adversarial):
    _, _, folder = adversarial
    written = "".join(p.read_text("utf-8") for p in folder.rglob("*.yaml"))
    for name, (values, _) in ADVERSARIAL.items():
        for value in {str(v) for v in values if v is not None and len(str(v)) > 5}:
            assert value not in written, name


def test_a_text_of_more_values_than_are_counted_is_judged_over_all_rows(tmp_path):
    n = 3000
    mails = [f"mot {i % 1500}" for i in range(n - 1)] + ["jean@exemple.fr"]
    plan, _, _ = made(tmp_path, {"mots": mails, "texte_bref": [f"a{i % 1400}" for i in range(n)]})
    assert left_out(plan)["mots"] == "an e-mail address, by its values (1 rows)"
    assert "texte_bref" in left_out(plan)


def test_rare_answers_of_a_text_are_pointed_at(tmp_path):
    made(tmp_path, {"q": [*cycle(["a", "b"], N - 1), "la boulangère"]})
    assert "# look: 1 answers of fewer than 3 people" in (
        tmp_path / "draft/questions/questions.yaml"
    ).read_text("utf-8")


SENTENCE = "non car mon mari Paul Durand est malade"


@pytest.mark.parametrize(
    ("rare", "why"),
    [
        ([SENTENCE], "free text"),
        ([SENTENCE, SENTENCE], "free text"),
        (["a" * 41], "free text"),
        (["Dr Leroy"], "names"),
        (["mme X"], "names"),
        (["chez M. Petit"], "names"),
    ],
)
def test_a_rare_answer_that_somebody_wrote_leaves_its_column_out(rare, why, tmp_path):
    answers = [*cycle(["oui", "non"], N - len(rare)), *rare]
    plan, _, _ = made(tmp_path, {"q": answers, "nombre": [*cycle(["1", "2"], N - 1), rare[0]]})
    assert why in left_out(plan)["q"]
    assert why in left_out(plan)["nombre"]
    written = "".join(p.read_text("utf-8") for p in (tmp_path / "draft").rglob("*.yaml"))
    assert rare[0] not in written


@pytest.mark.parametrize(
    "answers",
    [
        ["Non, pas du tout"] * 3,
        ["la boulangère"],
        ["12 345 678"],
        ["Pr non"],
        ["Ne souhaite pas répondre"],
        ["Je ne sais pas"],
    ],
)
def test_an_answer_that_is_shared_short_or_none_stays(answers, tmp_path):
    plan, _, _ = made(tmp_path, {"q": [*cycle(["oui", "non"], N - len(answers)), *answers]})
    assert "q" not in left_out(plan)


def test_a_rare_answer_that_many_gave_to_another_question_stays(tmp_path):
    scale = ["Tout à fait d’accord", "Plutôt d’accord", "Pas du tout d’accord"]
    rare = [*cycle(scale[:2], N - 1), scale[2]]
    plan, _, _ = made(tmp_path, {"q1": cycle(scale), "q2": rare})
    assert not {"q1", "q2"} & {*left_out(plan)}


def test_a_rare_answer_with_a_label_stays_and_one_without_does_not(tmp_path):
    labels = {"labels": ((SENTENCE, "Autre"), ("oui", "Oui"))}
    texts = [*cycle(["oui"], N - 1), SENTENCE]
    plan, _, _ = made(tmp_path, {"q": texts, "r": [*texts[:-1], "Mme Petit"]}, q=labels, r=labels)
    assert "q" not in left_out(plan)
    assert "names" in left_out(plan)["r"]


def test_numbers_with_decimals_that_nearly_everybody_has_for_himself_are_left_out(tmp_path):
    place = [48.0 + i / 977 for i in range(N)]
    data = {
        "y": place,
        "x": [str(v).replace(".", ",") for v in place],
        "montant": [1200 + (i * 37) % 4001 for i in range(N)],
        "taille": cycle([1.5 + i / 100 for i in range(40)]),
        "pond": [0.5 + i / 311 for i in range(N)],
    }
    plan, survey, _ = made(tmp_path, data, decimal=",", x={"numeric": True})
    assert "decimals" in left_out(plan)["y"] and "decimals" in left_out(plan)["x"]
    assert {"montant", "taille"} <= {q.id for q in survey.questions}
    assert plan.roles.weight == "pond"
    few, _, _ = made(tmp_path / "few", {"y": place[:49]})
    assert "y" not in left_out(few)


def test_an_amount_with_decimals_may_divide_where_it_is_asked_for(tmp_path):
    data = {"revenu": [1200.5 + 7.25 * i for i in range(N)]}
    plan, survey, _ = made(tmp_path, data, chosen=Chosen(segments=("revenu",)))
    assert [v.id for v in survey.variables] == ["revenu"] and "revenu" not in left_out(plan)
    with pytest.raises(FileErrors, match="a place on a map"):
        made(tmp_path / "no", {"latitude": data["revenu"]}, chosen=Chosen(segments=("latitude",)))


def test_a_name_that_reaches_somebody_is_written_nowhere(tmp_path):
    for name in ("paul.durand@exemple.fr", "0612345678"):
        with pytest.raises(FileErrors) as refusal:
            made(tmp_path / name, {name: cycle(["a", "b"])})
        assert name not in str(refusal.value)
        assert not (tmp_path / name / "draft").exists()


# --- errors ---


def test_all_that_was_named_wrongly_is_told_at_once(tmp_path):
    file = source(tmp_path, {"poids": cycle([0.5, 1.5]), "sexe": cycle(["F", "H"]), "q": cycle([*"ab"])})
    with pytest.raises(FileErrors) as told:
        describe(file, Chosen(id="ident", weight="poid", segments=("poids", "sexe", "sexe")), "made", "fr")
    assert [e.column for e in told.value.errors] == ["ident", "poid", "sexe"]
    assert told.value.errors[1].hint == "did you mean poids?"
    with pytest.raises(FileErrors, match="one role"):
        describe(file, Chosen(weight="poids", segments=("poids",)), "made", "fr")


def test_a_segment_that_may_not_be_published_and_a_weight_of_texts_are_refused(tmp_path):
    file = source(tmp_path, {"q5": ADVERSARIAL["q5"][0], "w": cycle(["a", "b"]), "q": cycle([*"ab"])})
    with pytest.raises(FileErrors) as told:
        describe(file, Chosen(weight="w", segments=("q5",)), "made", "fr")
    assert [(e.column, e.expected) for e in told.value.errors] == [
        ("w", "numbers for --weight"),
        ("q5", "a column for --segment"),
    ]


def test_a_stratum_may_divide_respondents_too(tmp_path):
    _, survey, _ = made(
        tmp_path,
        {"region": cycle(["nord", "sud"])},
        chosen=Chosen(stratum="region", segments=("region",)),
    )
    assert survey.study.design.stratum == "region"
    assert [v.id for v in survey.variables] == ["region"]


def test_a_file_without_a_question_is_told(tmp_path):
    with pytest.raises(FileErrors, match="a column for a question"):
        describe(source(tmp_path, {"vide": [None, None], "fixe": ["a", "a"]}), Chosen(), "made", "fr")


def test_nothing_is_overwritten(tmp_path):
    file = source(tmp_path, {"a": cycle([*"xyz"]), "b": cycle([*"uv"])})
    plan = describe(file, Chosen(), "made", "fr")
    place = tmp_path / "draft"
    place.mkdir()
    write_draft(plan, place, TODAY)
    before = {p: p.read_bytes() for p in place.rglob("*.yaml")}
    with pytest.raises(FileErrors, match="new or empty"):
        write_draft(plan, place, TODAY)
    assert {p: p.read_bytes() for p in place.rglob("*.yaml")} == before
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


# --- YAML ---

EVIL = [
    *("no", "yes", "1", "1.0", "1e5", "~", "null", "2020-01-01", ": #", "- a", "{a: b}", "&x", "*x", "!!str"),
    *("à la fin ", " devant", "“guillemets”", "l'un \"l'autre\"", "a\u00a0b", "\u2028", "\u0085", "😀"),
    *("tab\tici", "\\n", "x" * 200),
    *("%", "@", "`", "a\nb", "\ufeff", "0x1F", "0o7", "1_000", ".inf", "=", "<<"),
]  # fmt: skip


@pytest.mark.parametrize("text", EVIL)
def test_any_text_reads_back_as_it_was(text):
    assert yaml.safe_load(f"{{code: {scalar(text)}, {scalar(text)}: 1}}")["code"] == text
    assert yaml.load(f"- {scalar(text)}", yaml.CSafeLoader) == [text]


def test_codes_that_yaml_would_read_otherwise_are_the_files_own_values(tmp_path):
    plan, survey, mapping = made(
        tmp_path, {"q": cycle(EVIL, 5 * len(EVIL)), "r": cycle(["Refus", "no", "~"], 5 * len(EVIL))}
    )
    assert sorted(codes(survey, "q")) == sorted(EVIL), left_out(plan)
    assert codes(survey, "r") == ["no", "~"]
    assert next(u for u in mapping.columns if u.column == "r").missing == ("Refus",)


def test_nothing_of_a_file_ends_a_comment(tmp_path):
    evil = "fin\nid: pris\u2028n: 1\r\x85x"
    assert "\n" not in comment(evil)
    _, survey, mapping = made(
        tmp_path,
        {evil: cycle([1.0, 2.0])},
        **{evil: {"label": evil, "labels": (("1", evil), ("2", "Non"))}},
        name=evil,
        label=evil,
    )
    assert mapping.columns[-1].column == evil
    assert survey.study.id == "made"


def test_a_draft_is_the_same_each_time(tmp_path):
    for name in "ab":
        made(tmp_path / name, {"q": cycle([*"zyx"]), "age": cycle([*range(18, 90)])})
    files = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a/draft").rglob("*.yaml"))
    assert len(files) == 4
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


# --- the command, from files ---

HDV = ROOT.parent / "shared" / "witness" / "hdv2003.csv"
HDV_OPTIONS = (
    "--id",
    "id",
    "--weight",
    "poids",
    "--segment",
    "sexe",
    "--segment",
    "age",
    "--segment",
    "occup",
)


def run(*words: object) -> Result:
    # wide enough that no message is broken, however long the test's own paths are
    wide = {"COLUMNS": "600"}
    return CliRunner().invoke(main, ["describe", *(str(w) for w in words)], env=wide, catch_exceptions=False)


def survey_data(n: int = 120) -> tuple[pd.DataFrame, dict[str, Any]]:
    """A small survey, and what its SPSS or Stata file says of it."""
    random.seed(4)
    data = pd.DataFrame(
        {
            "ident": range(1, n + 1),
            "pond": [round(random.uniform(0.3, 3), 4) for _ in range(n)],
            "sexe": cycle([1.0, 2.0], n),
            "age": [float(18 + i % 70) for i in range(n)],
            "q1": cycle([1.0, 2.0, 3.0, 8.0, 99.0], n),
            "q2_1": cycle([0.0, 1.0], n),
            "q2_2": cycle([0.0, 0.0, 1.0], n),
            "q2_3": cycle([1.0, 1.0, 0.0], n),
            "mail": [f"p{i}@exemple.fr" for i in range(n)],
        }
    )
    about = {
        "column_labels": [
            "",
            "",
            "Sexe",
            "Âge",
            "Allez-vous au théâtre ?",
            "Lu : presse",
            "Lu : roman",
            "Lu : BD",
            "",
        ],
        "variable_value_labels": {
            "sexe": {1: "Homme", 2: "Femme"},
            "q1": {1: "Souvent", 2: "Parfois", 3: "Jamais", 8: "Ne sait pas", 99: "Refus"},
            **{f"q2_{i}": {0: "Non", 1: "Oui"} for i in (1, 2, 3)},
        },
    }
    return data, about


def read_back(place: Path) -> tuple[Survey, Mapping]:
    mapping = read_mapping(place)
    assert mapping is not None
    return read_survey(place), mapping


def test_the_missing_letters_of_stata_are_told_in_the_draft_and_at_the_terminal(tmp_path):
    n = 60
    data = pd.DataFrame(
        {
            "sexe": cycle([1.0, 2.0], n),
            "q1": [*cycle([1, 2], n - 7), *["d"] * 5, *["r"] * 2],
            "h": [*cycle(range(30), n - 1), "d"],
            **{f"g_{i}": [*cycle([1, 2, 3], n - i), *["d"] * i] for i in (1, 2, 3)},
        }
    )
    letters = {"d": "Ne sait pas", "r": "Refus"}
    pyreadstat.write_dta(
        data,
        tmp_path / "a.dta",
        missing_user_values={c: ["d", "r"] for c in data.columns[1:]},
        variable_value_labels={
            "sexe": {1: "Homme", 2: "Femme"},
            "q1": {1: "Oui", 2: "Non", **letters},
            **{f"g_{i}": {1: "Bien", 2: "Mal", 3: "Moyen", **letters} for i in (1, 2, 3)},
        },
    )
    result = run(tmp_path / "a.dta", "-o", tmp_path / "draft")
    assert result.exit_code == 0, result.stderr
    questions = (tmp_path / "draft/questions/questions.yaml").read_text("utf-8")
    mapping = (tmp_path / "draft/mapping.yaml").read_text("utf-8")
    for told in (questions, mapping):
        assert "# look: 5 respondents have Stata's .d (Ne sait pas): no answer" in told
        assert "# look: 2 respondents have Stata's .r (Refus): no answer" in told
        assert "# look: 1 respondent has Stata's .d: no answer" in told
    assert "# look: 3 respondents have Stata's .d (Ne sait pas): no answer" in mapping
    assert "missing letters count as no answer" in result.stderr
    assert any("q1" in line and "Ne sait pas" in line and "5" in line for line in result.stderr.splitlines())


def test_a_missing_code_is_written_as_an_import_reads_it(tmp_path):
    data = pd.DataFrame({"sexe": cycle([1.0, 2.0]), "h": [*map(float, range(N - 3)), 1e16, 1e16, 2.0**53]})
    file = tmp_path / "a.sav"
    pyreadstat.write_sav(data, file, missing_ranges={"h": [1e16, 2.0**53]})
    assert run(file, "-o", tmp_path / "draft").exit_code == 0
    _, mapping = read_back(tmp_path / "draft")
    assert set(next(u for u in mapping.columns if u.column == "h").missing) == {"1e+16", "9007199254740992.0"}


@pytest.mark.parametrize("form", ["sav", "dta"])
def test_a_file_of_spss_or_stata_becomes_a_folder(tmp_path, form):
    data, about = survey_data()
    file = tmp_path / f"enquete.{form}"
    if form == "sav":
        pyreadstat.write_sav(data, file, missing_ranges={"q1": [{"lo": 90, "hi": 99}]}, **about)
    else:
        pyreadstat.write_dta(data, file, **about)
    place = tmp_path / "Mon Enquête"
    result = run(file, "-o", place)
    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    survey, mapping = read_back(place)
    assert survey.study.id == "mon-enquete"
    assert (mapping.id, survey.study.design.weight) == ("ident", "pond")
    assert [v.id for v in survey.variables] == ["sexe", "age"]
    assert [(s.code, s.noun.en) for s in survey.variables[0].segments if s.noun] == [
        ("1", "Men"),
        ("2", "Women"),
    ]
    assert [(q.id, q.kind) for q in survey.questions] == [("q1", "single"), ("q2", "multiple")]
    assert survey.by_id["q1"].wording.fr == "Allez-vous au théâtre ?"
    assert codes(survey, "q1") == ["1", "2", "3", "8"]
    uses = {u.column: u for u in mapping.columns}
    assert uses["q1"].missing == ("99",)
    assert uses["q2_2"].values == {"0": "no", "1": "yes"}
    assert [i.label.fr for i in survey.by_id["q2"].items] == ["presse", "roman", "BD"]
    assert [c.column for c in mapping.left_out] == ["mail"]
    assert "python -m ens_dash import" in result.stderr
    assert "an e-mail address" in result.stderr
    assert "@" not in "".join(p.read_text("utf-8") for p in place.rglob("*.yaml"))


def test_a_csv_of_latin_1_with_decimal_commas_becomes_a_folder(tmp_path):
    data, _ = survey_data()
    data["avis"] = cycle(["très bien", "à revoir", "mal"], len(data))
    file = tmp_path / "enquete.csv"
    data.to_csv(file, sep=";", decimal=",", index=False, encoding="latin-1")
    result = run(
        file,
        "-o",
        tmp_path / "d",
        "--encoding",
        "latin-1",
        "--separator",
        ";",
        "--decimal",
        ",",
        "--survey-id",
        "vague-2",
    )
    assert result.exit_code == 0, result.stderr
    survey, mapping = read_back(tmp_path / "d")
    assert survey.study.id == "vague-2"
    assert survey.study.design.weight == "pond"
    assert sorted(codes(survey, "avis")) == ["mal", "très bien", "à revoir"]
    assert (mapping.file.separator, mapping.file.decimal) == (";", ",")
    assert survey.by_id["q2"].items[0].label.fr == "q2_1"
    assert {u.column: u.values for u in mapping.columns}["q2_1"] == {"0": "no", "1": "yes"}
    assert codes(survey, "q1") == ["1", "2", "3", "8", "99"]


def test_pieces_of_text_that_show_an_encoding_are_said_and_not_written(tmp_path):
    rows = [f"{i};{'FH'[i % 2]};{'bien mal'.split()[i % 2]};Zoé Éluère {i}" for i in range(60)]
    (tmp_path / "f.csv").write_bytes("\n".join(["n;sexe;avis;qui", *rows]).encode("cp1252"))
    result = run(tmp_path / "f.csv", "-o", tmp_path / "d")
    assert result.exit_code == 0, result.stderr
    assert "Éluère" in result.stderr
    assert "Éluère" not in "".join(p.read_text("utf-8") for p in (tmp_path / "d").rglob("*.yaml"))


def test_texts_of_our_own_are_in_the_language_that_is_asked_for(tmp_path):
    data, about = survey_data()
    pyreadstat.write_sav(data, tmp_path / "f.sav", **about)
    result = run(tmp_path / "f.sav", "-o", tmp_path / "d", "--lang", "en")
    assert result.exit_code == 0, result.stderr
    survey, _ = read_back(tmp_path / "d")
    assert (survey.study.commissioner.en, survey.study.commissioner.fr) == ("to be completed", None)
    assert survey.by_id["q2"].answers[0].label.en == "Yes"
    assert survey.by_id["q1"].base.text.en == "Respondents who answered this question"


@pytest.mark.parametrize("form", ["sav", "dta", "csv", "parquet"])
def test_what_is_drafted_from_a_file_can_be_imported_with_it(tmp_path, monkeypatch, form):
    monkeypatch.setenv("ENS_DASH_RELEASES", str(tmp_path / "releases"))
    data, about = survey_data()
    file = tmp_path / f"f.{form}"
    if form == "sav":
        pyreadstat.write_sav(data, file, **about)
    elif form == "dta":
        pyreadstat.write_dta(data, file, **about)
    elif form == "csv":
        data.to_csv(file, sep=";", decimal=",", index=False)
    else:
        data.to_parquet(file)
    assert run(file, "-o", tmp_path / "d").exit_code == 0
    words = ["import", str(file), "--survey", str(tmp_path / "d")]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    assert "120 respondents" in result.stdout
    words = ["figures", "--survey", str(tmp_path / "d"), "-q", "q2", "--format", "csv"]
    rows = CliRunner().invoke(main, words, catch_exceptions=False).stdout.splitlines()
    weights = data["pond"]
    expected = [(weights * data[f"q2_{i}"]).sum() / weights.sum() for i in (1, 2, 3)]
    head = rows[0].split(",").index("est")
    assert [float(row.split(",")[head]) for row in rows[1:]] == pytest.approx(expected, rel=1e-9)


def test_what_is_typed_wrongly_is_told_and_nothing_is_written(tmp_path):
    data, about = survey_data()
    pyreadstat.write_sav(data, tmp_path / "f.sav", **about)
    result = run(
        tmp_path / "f.sav", "-o", tmp_path / "d", "--weight", "pon", "--psu", "grap", "--segment", "mail"
    )
    assert result.exit_code == 2
    for word in ("2 error(s)", "did you mean pond?", "grap", "nothing has changed"):
        assert word in result.stderr
    result = run(tmp_path / "f.sav", "-o", tmp_path / "d", "--segment", "mail")
    assert (result.exit_code, "e-mail" in result.stderr) == (2, True)
    result = run(tmp_path / "f.sav", "-o", tmp_path / "d", "--survey-id", "Ça")
    assert (result.exit_code, "ca" in result.stderr) == (2, True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["f.sav"]
    (tmp_path / "d").mkdir()
    (tmp_path / "d/x").write_text("x")
    result = run(tmp_path / "f.sav", "-o", tmp_path / "d")
    assert (result.exit_code, "nothing is overwritten" in result.stderr) == (2, True)


@pytest.mark.skipif(
    not HDV.exists(), reason="../shared/witness/hdv2003.csv may not be committed to the project"
)
def test_a_real_survey_becomes_a_folder(tmp_path):
    result = run(HDV, "-o", tmp_path / "hdv", *HDV_OPTIONS)
    assert result.exit_code == 0, result.stderr
    survey, mapping = read_back(tmp_path / "hdv")
    assert (survey.study.n, survey.study.design.weight, mapping.id) == (2000, "poids", "id")
    assert [v.id for v in survey.variables] == ["sexe", "age", "occup"]
    assert "Etudiant, eleve" in {s.code for s in survey.variables[2].segments}
    kinds = {q.id: q.kind for q in survey.questions}
    assert len(kinds) == 15
    assert (kinds["heures_tv"], kinds["freres_soeurs"]) == ("number", "number")
    assert {"cinema", "hard_rock", "trav_imp", "cuisine", "clso", "relig"} <= kinds.keys()
    assert codes(survey, "hard_rock") == ["Oui", "Non"]
    assert codes(survey, "clso") == ["Oui", "Non", "Ne sait pas"]
    assert not any(q.items for q in survey.questions)
    assert (mapping.left_out, mapping.file.missing) == ((), ("NA",))
