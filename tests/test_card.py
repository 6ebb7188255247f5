"""Cards: what the report says stands on its own question, and nothing simulated claims anything."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest
from folders import DATA, SHIPPED, made_folder, question, witness_folder

from ens_dash.estimate.figures import figures, published_figures
from ens_dash.render.card import Card, in_pieces, make_card, statements_for
from ens_dash.render.chart import chart
from ens_dash.render.sentence import headline_interval, reading_note, value
from ens_dash.render.style import LIGHT
from ens_dash.site import with_beside
from ens_dash.store import build, open_store
from ens_dash.survey.filter import Filter
from ens_dash.survey.folder import read_survey
from ens_dash.survey.report import Statement
from ens_dash.text import load_words

SURVEY = read_survey(SHIPPED)
SAID_OF_A_GROUP = [s for s in SURVEY.statements if s.question and s.where]
QUESTIONS = [q.id for q in SURVEY.questions]


@pytest.fixture(scope="module")
def cards(store, survey):
    """The cards of all questions in a filter."""
    whole = figures(store, survey.questions, Filter())

    @cache
    def of(text: str, show_fictional: bool = True) -> dict[str, Card]:
        where = Filter.parse(text, survey.variables)
        group = figures(store, survey.questions, where) if where else None
        made = {}
        for q in survey.questions:
            shown = set(with_beside(survey, [q.id]))
            mine = [f for f in whole if f.question in shown]
            in_group = None if group is None else [f for f in group if f.question in shown]
            made[q.id] = make_card(survey, q, where, mine, in_group, show_fictional)
        return made

    return of


@pytest.fixture(scope="module")
def spoken(survey):
    """The cards of all questions in a filter, with the report's figures only: what it says needs no other."""
    whole = published_figures(survey, survey.questions)

    @cache
    def of(text: str) -> dict[str, Card]:
        where = Filter.parse(text, survey.variables)
        return {
            q.id: make_card(survey, q, where, [f for f in whole if f.question == q.id], (), True)
            for q in survey.questions
        }

    return of


def same_words(a: Statement, b: Statement) -> bool:
    """The report repeats itself; one sentence about one group is shown once."""
    return (a.quote, a.group) == (b.quote, b.group)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("statement", SAID_OF_A_GROUP, ids=lambda s: s.id)
def test_a_statement_is_shown_on_its_own_question_and_no_other(spoken, statement, question):
    said = spoken(statement.where)[question].said
    assert {s.statement.question for s in said} <= {question}
    if question == statement.question:
        assert any(same_words(s.statement, statement) and s.closeness == "same" for s in said)
    else:
        assert statement.id not in {s.statement.id for s in said}


@pytest.mark.parametrize("statement", SAID_OF_A_GROUP, ids=lambda s: s.id)
def test_the_mark_stands_on_the_items_of_the_statement_only(spoken, statement):
    card = spoken(statement.where)[statement.question]
    marked = {row.item for row in card.rows if row.said}
    said = [
        s
        for s in SURVEY.statements_on(statement.question)
        if s.where == statement.where and s.direction != "no difference"
    ]
    expected = {item for s in said for item in (s.items or card.question.item_ids)}
    assert marked == expected & {row.item for row in card.rows}
    assert marked


@pytest.mark.parametrize("statement", SAID_OF_A_GROUP, ids=lambda s: s.id)
def test_no_other_group_gets_the_mark(spoken, survey, statement):
    narrower = Filter.parse(statement.where, survey.variables)
    other = "doctor_visits" if "doctor_visits" not in narrower.codes else "ald"
    code = survey.variables_by_id[other].segments[0].code
    tried = [f"{statement.where}&{other}={code}"]
    for name, codes in narrower.terms:
        known = [s.code for s in survey.variables_by_id[name].segments]
        if len(codes) > 1:
            tried.append(narrower.with_codes(survey.variables, **{name: codes[:1]}).key)
        if len(codes) + 1 < len(known):
            more = next(c for c in known if c not in codes)
            tried.append(narrower.with_codes(survey.variables, **{name: (*codes, more)}).key)
    for text in tried:
        exact = {s.id for s in SAID_OF_A_GROUP if Filter.parse(s.where, survey.variables).key == text}
        card = spoken(text)[statement.question]
        marks = {row.said.id for row in card.rows if row.said}
        assert marks <= exact, text
        mine = [s for s in card.said if same_words(s.statement, statement)]
        assert all(s.closeness != "same" for s in mine) or statement.id in exact, text


@pytest.mark.parametrize(
    ("text", "closeness"),
    [
        ("age=50-64,65-plus", "same"),
        ("age=65-plus", "wider"),
        ("age=50-64,65-plus&sex=female", "wider"),
        ("age=35-49,50-64", "part"),
        ("age=18-24", None),
        ("sex=female", None),
    ],
)
def test_how_near_a_filter_is_to_the_group_that_the_report_speaks_of(survey, text, closeness):
    over_50 = [s for s in survey.statements if s.id == "S35"]
    said = statements_for(over_50, Filter.parse(text, survey.variables))
    assert [s.closeness for s in said] == ([closeness] if closeness else [])


def test_the_oldest_are_marked_on_exclusion_and_inequality_of_the_system_only(spoken):
    made = spoken("age=65-plus")
    marked = {row.item for row in made["system_risks"].rows if row.said}
    assert marked == {"excludes_patients", "widens_inequalities"}
    assert not made["ens_risks"].said
    assert not any(row.said for row in made["ens_risks"].rows)


def test_no_statement_is_shown_without_a_filter_nor_where_nothing_tests_it(spoken, survey):
    assert not any(card.said for card in spoken("").values())
    untested = {s.id for s in survey.statements if s.question is None}
    shown = {s.statement.id for text in ("age=65-plus", "chronic_illness=yes", "sex=female")
             for card in spoken(text).values() for s in card.said}  # fmt: skip
    assert untested
    assert not shown & untested


def test_no_difference_is_said_of_every_group_and_marks_none(spoken):
    for text in ("sex=female", "age=18-24&area=province"):
        card = spoken(text)["advantages"]
        assert {s.statement.direction for s in card.said} == {"no difference"}
        assert not any(row.said for row in card.rows)


@pytest.mark.parametrize("question", QUESTIONS)
def test_for_everybody_only_the_reports_figures_are_on_a_card(cards, question):
    card = cards("")[question]
    assert (card.origin, card.whole_origin, card.fictional) == ("published", "published", False)
    assert {f.origin for f in card.figures} == {"published"}
    assert all(row.main.group is None for row in card.rows)
    assert card.rows


@pytest.mark.parametrize("question", QUESTIONS)
def test_in_a_filter_the_reports_figure_stays_beside_the_fictional_one(cards, question):
    card = cards("age=65-plus")[question]
    assert card.fictional
    for row in card.rows:
        parts = [p for p in (row.main, row.inner, *row.against, row.beside) if p is not None]
        for part in parts:
            assert part.whole is not None, "a fictional figure stands where the report has none"
            assert part.whole.origin == "published"
            assert part.group is None or part.group.origin == "simulated"


@pytest.mark.parametrize("question", QUESTIONS)
def test_switched_off_no_fictional_figure_is_on_a_card(cards, question):
    card = cards("age=65-plus", show_fictional=False)[question]
    assert not card.fictional
    assert {f.origin for f in card.figures} == {"published"}
    assert all(row.main.group is None for row in card.rows)
    # what the report says, and its mark, need no fictional figure
    assert card.said == cards("age=65-plus")[question].said


@pytest.mark.parametrize("question", QUESTIONS)
def test_under_30_respondents_nothing_of_the_group_is_shown(cards, question):
    card = cards("health_worker=yes&medical_desert=yes")[question]
    assert card.too_few
    assert not card.fictional
    assert {f.origin for f in card.figures} == {"published"}
    assert all(row.main.group is None for row in card.rows)


def test_real_microdata_are_never_called_fictional(tmp_path):
    build(witness_folder(tmp_path / "made", {"weight": "weight"}), tmp_path / "releases")
    store = open_store(tmp_path / "releases", "made")
    survey = store.survey
    where = Filter.parse("sex=female", survey.variables)
    for q in survey.questions:
        whole, group = figures(store, [q], Filter()), figures(store, [q], where)
        card = make_card(survey, q, where, whole, group, show_fictional=False)
        assert (card.origin, card.fictional, card.showing_group) == ("microdata", False, True)
        headline = next(f for f in group if f.answer == q.headline)
        drawn = [row.main.group for row in card.rows if row.main.group is not None]
        assert all(f.low is not None for f in drawn)
        assert bool(drawn) is headline.quotable
    store.close()


@pytest.fixture
def rare_answer(tmp_path):
    """A card of women, of whom hardly one gave the first of five answers."""
    codes = ["rare", *(f"c{i}" for i in range(4))]
    people = pd.DataFrame(
        {
            "sex": ["female", "male"] * 100,
            "use": ["rare"] * 3 + ["rare", "c1"] * 20 + [codes[1 + i % 4] for i in range(157)],
        }
    )
    asked = question("use", "single", codes, "rare")
    folder = made_folder(tmp_path / "made", people, [asked], {"sex": ["female", "male"]}, {})
    build(folder, tmp_path / "releases")
    store = open_store(tmp_path / "releases", "made")
    women, q = Filter.parse("sex=female", store.survey.variables), store.survey.questions[0]
    whole, group = figures(store, [q], Filter()), figures(store, [q], women)
    return store.survey, make_card(store.survey, q, women, whole, group, show_fictional=False)


def test_a_question_of_many_answers_is_not_hidden_for_the_rarest_of_them(rare_answer):
    _, card = rare_answer
    assert (card.too_few, card.some_hidden) == (False, True)
    assert [row.main.group is None for row in card.rows] == [True, False, False, False, False]
    assert not in_pieces(card)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_everybodys_figure_never_stands_in_the_place_of_a_hidden_one(rare_answer, lang):
    survey, card = rare_answer
    words = load_words(DATA / "text")[lang]
    rare = card.rows[0]
    assert card.about(rare.main) is None
    everybody = value(rare.main.whole, words)
    drawn = chart(card, survey, words, LIGHT)
    assert not any(everybody in a["text"] for a in drawn["layout"]["annotations"])
    assert any(words("figure.none") in a["text"] for a in drawn["layout"]["annotations"])
    assert everybody not in reading_note(card, survey, words) + headline_interval(card, words)


@pytest.mark.parametrize(
    ("answers", "nets", "cut"), [(3, False, True), (6, False, True), (7, False, False), (3, True, False)]
)
def test_a_bar_is_cut_into_few_answers_of_which_each_counts_once(tmp_path, answers, nets, cut):
    codes = [f"c{i}" for i in range(answers)]
    people = pd.DataFrame({"sex": ["female", "male"] * 210, "use": [codes[i % answers] for i in range(420)]})
    net = [{"code": "both", "label": {"fr": "les deux"}, "of": codes[:2]}] if nets else []
    asked = question("use", "single", codes, codes[0], nets=net)
    folder = made_folder(tmp_path / "made", people, [asked], {"sex": ["female", "male"]}, {})
    build(folder, tmp_path / "releases")
    store = open_store(tmp_path / "releases", "made")
    whole = figures(store, store.survey.questions, Filter())
    card = make_card(store.survey, store.survey.questions[0], Filter(), whole, None, show_fictional=False)
    assert in_pieces(card) is cut
