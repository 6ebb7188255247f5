"""A file of figures for readers: what it says of each, and the notes that leave with it."""

from __future__ import annotations

import csv
import io

import pytest

from ens_dash.estimate.figures import Figure, figures, published_figures
from ens_dash.render.datafile import COLUMNS, LABELS, PRINTED, csv_file, file_name, notes
from ens_dash.survey.filter import Filter


@pytest.fixture(scope="module")
def everybody(survey) -> tuple[Figure, ...]:
    return published_figures(survey, survey.questions)


def in_group(store, where: str, *questions: str) -> tuple[Figure, ...]:
    survey = store.survey
    return figures(store, [survey.by_id[q] for q in questions], Filter.parse(where, survey.variables))


def parts(content: bytes) -> tuple[list[dict[str, str]], list[str]]:
    """The rows of a file and the notes that follow the empty line."""
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    end = lines.index([])
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:end]], [n for (n,) in lines[end + 1 :]]


def test_a_published_figure_leaves_with_its_place_its_words_and_how_they_were_read(store, words, everybody):
    rows, _ = parts(csv_file(everybody, store.survey, store.release, words["fr"]))
    assert list(rows[0]) == [*COLUMNS, *LABELS, *PRINTED, "reason"]
    assert len(rows) == len(store.survey.published)
    printed = {(f.question, f.item or "", f.answer): f for f in store.survey.published}
    for row in rows:
        figure = printed[row["question"], row["item"], row["answer"]]
        expected = tuple("'" + t if t.startswith("+") else t for t in (figure.heading, figure.words))
        assert (row["heading"], row["words"], row["reading"]) == (*expected, figure.reading)
    assert {row["reading"] for row in rows} == {"label", "text", "layout"}


def test_a_simulated_figure_borrows_no_words_of_the_report(store, words):
    shown = in_group(store, "sex=female", "outlook")
    rows, _ = parts(csv_file(shown, store.survey, store.release, words["fr"]))
    assert len(rows) == 3
    for row in rows:
        assert row["origin"] == "simulated"
        assert [row[name] for name in (*PRINTED, "low", "high", "se")] == [""] * 6


def test_the_surveys_notes_on_the_questions_leave_with_them_each_once(store, words, everybody):
    for lang in ("fr", "en"):
        _, said = parts(csv_file(everybody, store.survey, store.release, words[lang]))
        for note in store.survey.notes:
            assert said.count(words[lang].of(note.text)) == 1, note.id


def test_a_note_on_another_question_stays(store, words, survey):
    shown = published_figures(survey, [survey.by_id["outlook"]])
    said = notes(shown, survey, store.release, words["en"])
    here = [words["en"].of(n.text) for n in survey.notes if n in survey.notes_on("outlook")]
    elsewhere = [words["en"].of(n.text) for n in survey.notes if n not in survey.notes_on("outlook")]
    assert here and elsewhere
    assert [text for text in said if text in here] == here
    assert not set(elsewhere) & set(said)


def test_the_filter_is_said_in_words(store, words, survey):
    where = "age=65-plus&sex=female"
    shown = in_group(store, where, "outlook")
    for said in (
        notes(shown, survey, store.release, words["fr"]),
        notes((), survey, store.release, words["fr"], Filter.parse(where, survey.variables)),
    ):
        told = [n for n in said if n.startswith("Filtre")]
        assert len(told) == 1
        assert told[0].startswith("Filtre\u00a0: Femmes de 65 ans et plus (")
    assert not [
        n for n in notes(shown, survey, store.release, words["fr"], where=Filter()) if n.startswith("Filtre")
    ]


def test_without_a_filter_none_is_named(store, words, everybody):
    said = notes(everybody, store.survey, store.release, words["en"])
    assert not [n for n in said if n.startswith("Filter")]
    assert not [n for n in said if "FICTITIOUS" in n]


def test_a_warning_comes_first_where_a_figure_is_simulated(store, words, everybody):
    shown = (*everybody, *in_group(store, "sex=male", "outlook"))
    assert notes(shown, store.survey, store.release, words["en"])[0] == words["en"]("data.warning")


@pytest.mark.parametrize(("quotas", "key"), [(True, "interval.line"), (False, "interval.line_plain")])
def test_the_line_on_intervals_is_that_of_the_sample(store, words, everybody, quotas, key):
    study = store.survey.study.model_copy(update={"quota_sample": quotas})
    survey = store.survey.model_copy(update={"study": study})
    said = notes(everybody, survey, store.release, words["en"])
    lines = {words["en"]("interval.line"), words["en"]("interval.line_plain")}
    assert [n for n in said if n in lines] == [words["en"](key)]


def test_a_hidden_figure_makes_no_file_fictitious_and_says_why_it_has_no_number(store, words, everybody):
    hidden = in_group(store, "region=94&age=18-24", "ens_intention")
    assert hidden and not any(f.quotable for f in hidden)
    shown, en = (*everybody, *hidden), words["en"]
    rows, told = parts(csv_file(shown, store.survey, store.release, en))
    reason = en("card.too_few", people="People aged 18 to 24, in Corsica")
    mine = [row for row in rows if row["segment"]]
    assert len(mine) == len(hidden)
    for row in mine:
        assert (row["origin"], row["reliability"], row["est"]) == ("simulated", "hidden", "")
        assert row["reason"] == reason
    assert all(row["reason"] == "" for row in rows if not row["segment"])
    assert told.count(reason) == 1 and en("data.warning") not in told
    named = [file_name("x", Filter(), f, store.survey, en, "csv") for f in (shown, hidden)]
    assert named == ["x_2020-07.csv"] * 2
    beside = (*shown, *in_group(store, "age=65-plus", "ens_intention"))
    assert file_name("x", Filter(), beside, store.survey, en, "csv") == "x_FICTITIOUS_2020-07.csv"
