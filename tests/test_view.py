"""A view: one table of URL <-> view <-> SQL mask <-> sentence, and what a URL from the wild gets."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

import pytest
from folders import made_folder, question
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ens_dash.store import build, open_store
from ens_dash.survey.filter import RESERVED, Filter
from ens_dash.view import Notice, View, filter_sentence, notice_text, parse_query

NBSP = "\u00a0"

# URL, mask, values, sentence in French, sentence in English, respondents of the shipped release
TABLE = [
    (
        "/risques?lang=fr",
        "TRUE",
        (),
        "Ensemble des adultes de métropole",
        "All adults of metropolitan France",
        2100,
    ),
    (
        "/risques?age=65-plus&sex=female&lang=fr",
        '"age" IN (?) AND "sex" IN (?)',
        ("65-plus", "female"),
        "Femmes de 65 ans et plus",
        "Women aged 65 and over",
        313,
    ),
    (
        "/adoption?sex=male&lang=en",
        '"sex" IN (?)',
        ("male",),
        "Hommes",
        "Men",
        1001,
    ),
    (
        "/covid-19?age=18-24,25-34&lang=fr",
        '"age" IN (?, ?)',
        ("18-24", "25-34"),
        "Personnes de 18 à 24 ans ou de 25 à 34 ans",
        "People aged 18 to 24 or aged 25 to 34",
        527,
    ),
    (
        "/risques?region=11,94&ald=yes&lang=en",
        '"region" IN (?, ?) AND "ald" IN (?)',
        ("11", "94", "yes"),
        None,
        None,
        None,
    ),
]


def read(url: str, survey):
    return parse_query(parse_qs(urlsplit(url).query, keep_blank_values=True), survey)


@pytest.mark.parametrize(("url", "mask", "values", "french", "english", "n"), TABLE)
def test_url_view_mask_and_sentence_are_one(survey, words, store, url, mask, values, french, english, n):
    view, notices = read(url, survey)
    assert notices == ()
    assert view.url(urlsplit(url).path[1:]) == url
    assert view.where.mask() == (mask, values)
    assert view.lang == url[-2:]
    if french is not None:
        assert filter_sentence(view.where, survey.variables, words["fr"]) == french
        assert filter_sentence(view.where, survey.variables, words["en"]) == english
    if n is not None:
        assert store.query(f"SELECT count(*) FROM respondents WHERE {mask}", values) == [(n,)]


@pytest.mark.parametrize(
    "url",
    [
        "/comparer?age=65-plus&b.age=18-24&q=outlook&lang=fr",
        "/comparer?age=65-plus&b.age=18-24,25-34&b.sex=male&q=outlook,ens_risks&by=sex&mode=report&lang=en",
        "/comparer?by=region&lang=fr",
        "/?mode=fictional&lang=en",
    ],
)
def test_comparison_breakdown_and_mode_come_back_from_the_url(survey, url):
    view, notices = read(url, survey)
    assert notices == ()
    assert view.url(urlsplit(url).path[1:]) == url
    again, _ = parse_query({k: [v] for k, v in view.query().items()}, survey)
    assert again == view


def test_every_segment_has_a_url_and_a_sentence_in_both_languages(survey, words):
    sentences = {"fr": set(), "en": set()}
    for variable in survey.variables:
        for segment in variable.segments:
            where = Filter.of({variable.id: [segment.code]}, survey.variables)
            view = View(survey.study.id, where=where)
            assert read(view.url("risques"), survey) == (view, ())
            for lang, said in sentences.items():
                said.add(filter_sentence(where, survey.variables, words[lang]))
    segments = sum(len(v.segments) for v in survey.variables)
    # Île-de-France and the Paris region are the same people under two names
    assert len(sentences["fr"]) == len(sentences["en"]) == segments


def test_the_default_language_is_the_visitors_where_the_url_has_none(survey):
    assert parse_query({}, survey)[0].lang == "fr"
    assert parse_query({}, survey, "en")[0].lang == "en"
    assert parse_query({"lang": ["de"]}, survey, "en") == (
        View(survey.study.id, lang="en"),
        (Notice("code", "lang", "de"),),
    )


def test_the_mode_is_the_sites_own_unless_the_url_says_otherwise(survey):
    assert [parse_query({"mode": [m]}, survey)[0].fictional(True) for m in ("report", "fictional")] == [
        False,
        True,
    ]
    assert View("x").fictional(True)
    assert not View("x").fictional(False)


@pytest.mark.parametrize(
    ("query", "notices", "key"),
    [
        ({"utm_source": ["x"]}, (Notice("key", "utm_source", "x"),), ""),
        ({"age": ["65-plus,120"]}, (Notice("code", "age", "120"),), "age=65-plus"),
        ({"age": ["65-plus"], "b.age": ["x"]}, (Notice("code", "b.age", "x"),), "age=65-plus"),
        ({"b.foo": ["x"]}, (Notice("key", "b.foo", "x"),), ""),
        ({"b.lang": ["fr"]}, (Notice("key", "b.lang", "fr"),), ""),
        ({"by": ["foo"]}, (Notice("code", "by", "foo"),), ""),
        ({"mode": ["real"]}, (Notice("code", "mode", "real"),), ""),
        ({"q": ["outlook,nope"]}, (Notice("code", "q", "nope"),), ""),
        ({"AGE": ["65-plus"]}, (Notice("key", "AGE", "65-plus"),), ""),
        ({"age": ["65-plus", "18-24"]}, (), "age=18-24,65-plus"),
        ({"age": [""]}, (), ""),
        ({"survey": ["other"], "release": ["abc"]}, (Notice("code", "survey", "other"),), ""),
        ({"survey": ["ens-2020"]}, (), ""),
    ],
)
def test_what_nobody_knows_is_left_out_with_a_notice(survey, words, query, notices, key):
    view, found = parse_query(query, survey)
    assert found == notices
    assert view.where.key == key
    for notice in found:
        for lang in ("fr", "en"):
            assert notice.name in notice_text(notice, words[lang])


HOSTILE = [
    "'; DROP TABLE respondents; --",
    '" OR 1=1 --',
    "<script>alert(1)</script>",
    "\0",
    "a\rb\nc",
    '"unclosed',
    "{0.__class__}",
    "%s%n",
    "💥" * 50,
    "x" * 200_000,
    "../../etc/passwd",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_input_is_never_an_error(survey, words, value):
    query: Mapping[str, list[str]] = {name: [value] for name in ("age", "b.age", *RESERVED, value or "x")}
    view, notices = parse_query(query, survey)
    assert view.where == Filter()
    assert view.questions == ()
    assert notices
    for notice in notices:
        assert len(notice_text(notice, words["fr"])) < 250
    assert read(view.url("risques"), survey)[0] == view


NAMES = st.sampled_from(["age", "b.age", "sex", "q", "by", "mode", "lang", "release", "survey", "zzz", "b."])
VALUES = st.one_of(
    st.text(max_size=30), st.sampled_from(["65-plus", "65-plus,18-24", "female", '"', ",", "fr"])
)


@given(st.dictionaries(st.one_of(NAMES, st.text(max_size=8)), st.lists(VALUES, max_size=3), max_size=6))
@hypothesis_settings(max_examples=150)
def test_any_query_gives_a_view_that_its_own_url_gives_back(survey, query):
    view, _ = parse_query(query, survey)
    again, notices = read(view.url("risques"), survey)
    assert (again, notices) == (view, ())


def test_codes_with_commas_quotes_and_accents_survive_the_url(tmp_path):
    import pandas as pd

    codes = ["Etudiant, eleve", 'dit "oui"', "A & B", "été=1", "100 %+", "c#?/"]
    asked = [question("use", "single", ["yes", "no"], "yes")]
    rows = pd.DataFrame({"occup": codes, "use": ["yes"] * len(codes)})
    folder = made_folder(tmp_path / "made", rows, asked, {"occup": codes}, {})
    build(folder, tmp_path / "releases")
    store = open_store(tmp_path / "releases", "made")
    for code in codes:
        view = View("made", where=Filter.of({"occup": [code]}, store.survey.variables))
        url = view.url("risques")
        assert read(url, store.survey) == (view, ())
        assert not set('" #') & set(url.split("?", 1)[1])
        mask, values = view.where.mask()
        assert store.query(f"SELECT count(*) FROM respondents WHERE {mask}", values) == [(1,)]
    store.close()


def test_a_change_keeps_the_rest_of_the_view(survey):
    view, _ = read("/risques?age=65-plus&q=outlook&lang=fr", survey)
    assert view.url("risques", lang="en") == "/risques?age=65-plus&q=outlook&lang=en"
    assert view.url("risques", where=Filter()) == "/risques?q=outlook&lang=fr"
