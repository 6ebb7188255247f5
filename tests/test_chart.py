"""The chart of every card: what is fictional says so beside each number, and nothing else is drawn."""

from __future__ import annotations

import re
from pathlib import Path

import plotly.graph_objects as go
import pytest

from ens_dash.render.chart import chart
from ens_dash.render.dots import Pair, dots
from ens_dash.render.sentence import mark_line
from ens_dash.render.style import LIGHT, ink_on
from ens_dash.site import Site, page_questions, with_beside
from ens_dash.store import Store
from ens_dash.survey.base import LANGS, Lang
from ens_dash.survey.filter import Filter
from ens_dash.text import Words

FILTERS = [
    "",
    "age=65-plus",
    "age=18-24&sex=female",
    "region=94",
    "digital_literacy=novice_or_overwhelmed",
    "ald=yes",
]
NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)[\s\u00a0\u202f]?(%?)")


@pytest.fixture(scope="module")
def site(store: Store, words: dict[Lang, Words]) -> Site:
    return Site(store, words)


def question_ids() -> list[str]:
    folder = Path(__file__).parents[1] / "data" / "ens-2020" / "questions"
    return sorted(
        re.findall(r"^- id: (\w+)$", "\n".join(p.read_text("utf-8") for p in folder.glob("*")), re.M)
    )


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("where", FILTERS)
@pytest.mark.parametrize("question", question_ids())
def test_every_number_in_a_plot_is_the_reports_or_says_it_is_fictitious(
    site: Site, question: str, where: str, lang: Lang
) -> None:
    survey, words = site.survey, site.words[lang]
    (card,) = site.cards((question,), Filter.parse(where, survey.variables), True)
    drawn = chart(card, survey, words, LIGHT)
    go.Figure(drawn)  # plotly itself accepts it
    ours = with_beside(survey, (question,))
    printed = {round(f.value, 1) for f in survey.published if f.question in ours}
    fictional = words("figure.fictional")
    labels = {words.of(i.label) for q in ours for i in survey.by_id[q].items}
    shown = 0
    for annotation in drawn["layout"]["annotations"]:
        text = re.sub(r"<[^>]*>", "", annotation["text"])
        if text in labels or fictional in text:
            continue
        for number, percent in NUMBER.findall(text):
            if percent or card.kind == "number":
                shown += 1
                assert float(number.replace(",", ".")) in printed, text
    assert shown > 0
    texts = " ".join(a["text"] for a in drawn["layout"]["annotations"])
    assert (words("origin.fictional").upper() in texts) == card.fictional
    hatched = [t for t in drawn["data"] if t["marker"].get("pattern")]
    assert bool(hatched) == card.fictional
    if card.fictional:
        assert not any("error_x" in t for t in drawn["data"])
        assert all(fictional in told for t in hatched for told in t["hovertext"])


@pytest.mark.parametrize("where", ["", "age=65-plus"])
def test_the_plot_is_tall_enough_for_all_that_stands_in_it(site: Site, where: str) -> None:
    for page in site.survey.pages:
        questions = page_questions(site.survey, page.id)
        for card in site.cards(questions, Filter.parse(where, site.survey.variables), True):
            drawn = chart(card, site.survey, site.words["fr"], LIGHT)
            lowest = max(
                a["y"] + 18 * (1 + a["text"].count("<br>")) * (a["yanchor"] == "top")
                for a in drawn["layout"]["annotations"]
            )
            assert lowest <= drawn["layout"]["yaxis"]["range"][0]


def test_a_survey_text_is_not_read_as_html_by_the_plot(site: Site) -> None:
    (card,) = site.cards(("ens_risks",), Filter(), True)
    item = card.question.items[0].model_copy(
        update={"label": card.question.items[0].label.model_copy(update={"fr": "<b>x</b> & y"})}
    )
    question = card.question.model_copy(update={"items": (item, *card.question.items[1:])})
    hostile = type(card)(**{**vars(card), "question": question})
    texts = [a["text"] for a in chart(hostile, site.survey, site.words["fr"], LIGHT)["layout"]["annotations"]]
    assert "&lt;b&gt;x&lt;/b&gt; &amp; y" in texts


@pytest.mark.parametrize(
    ("colour", "ink"), [("#0072B2", "#ffffff"), ("#8CC4E8", "#000000"), ("#CC79A7", "#000000")]
)
def test_the_ink_on_a_bar_is_the_one_that_reads_better(colour: str, ink: str) -> None:
    assert ink_on(colour) == ink


@pytest.mark.parametrize("lang", LANGS)
def test_the_dots_of_fictitious_groups_say_so_when_they_are_pointed_at(site: Site, lang: Lang) -> None:
    words, question = site.words[lang], site.survey.by_id["ens_risks"]
    whole = {f.key: f for f in site.figures(("ens_risks",), Filter())}
    group = site.figures(("ens_risks",), Filter.parse("age=65-plus", site.survey.variables))
    pairs = [Pair(whole[f.key], f, f, None) for f in group]
    everybody, *groups = dots(question, pairs, ("a", "b"), words, LIGHT)["data"]
    fictional = words("figure.fictional")
    assert len(groups) == 2
    assert all(fictional in told for trace in groups for told in trace["hovertext"])
    assert not any(fictional in told for told in everybody["hovertext"])


def test_the_mark_names_the_group_in_the_language_of_the_page(site: Site) -> None:
    where = Filter.parse("age=65-plus", site.survey.variables)
    (card,) = site.cards(("system_risks",), where, True)
    assert "plus âgés" in mark_line(card, site.words["fr"])
    assert "âgés" not in mark_line(card, site.words["en"])


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("question", question_ids())
@pytest.mark.parametrize(
    ("where", "shown"), [("age=65-plus", True), ("age=65-plus", False), ("region=94&age=18-24", True)]
)
def test_under_a_filter_every_number_of_everybodys_says_so_and_none_is_a_dash(
    site: Site, question: str, where: str, shown: bool, lang: Lang
) -> None:
    survey, words = site.survey, site.words[lang]
    (card,) = site.cards((question,), Filter.parse(where, survey.variables), shown)
    texts = [a["text"] for a in chart(card, survey, words, LIGHT)["layout"]["annotations"]]
    everybody, fictional = words("figure.everybody"), words("figure.fictional")
    marked = [t for t in texts if everybody in t]
    assert marked
    # inside a bar only the number stands; its colour's line in the key says whose it is
    colours = [t for t in texts if "■" in t]
    assert all(everybody in t for t in colours)
    for text in texts:
        if re.search(r"\d\s?%", text) and "■" not in text and everybody not in text and fictional not in text:
            assert colours, text
    if not any(f.est is None for row in card.rows for f in [row.main.whole] if f):
        assert not any(re.search(r"■</span> (<b>)?–", t) for t in texts)
