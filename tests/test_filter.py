"""A filter: text, codes, mask; quoting; errors that say what was expected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ens_dash.survey.base import Text
from ens_dash.survey.filter import (
    Filter,
    FilterError,
    group_codes,
    join_codes,
    quote_code,
    split_codes,
)
from ens_dash.survey.model import Segment, SegmentVariable

TRICKY = ("Etudiant, eleve", 'dit "oui"', "A & B", "x=y", " espace ", '"', "é", "plain", "a\nb", "'; --")
CODE = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=12).filter(str.strip)


def variable(name: str, codes: tuple[str, ...]) -> SegmentVariable:
    segments = tuple(Segment(code=c, label=Text(fr=c, en=c)) for c in codes)
    return SegmentVariable(id=name, label=Text(fr=name, en=name), segments=segments)


VARIABLES = (variable("age", ("18-24", "25-34", "65-plus")), variable("occup", TRICKY))


@pytest.mark.parametrize(
    ("text", "terms", "mask", "values"),
    [
        ("", (), "TRUE", ()),
        ("age=65-plus", (("age", ("65-plus",)),), '"age" IN (?)', ("65-plus",)),
        ("age=65-plus,18-24", (("age", ("18-24", "65-plus")),), '"age" IN (?, ?)', ("18-24", "65-plus")),
        (
            " age = 65-plus , 18-24 &",
            (("age", ("18-24", "65-plus")),),
            '"age" IN (?, ?)',
            ("18-24", "65-plus"),
        ),
        (
            'occup="Etudiant, eleve",plain&age=18-24',
            (("age", ("18-24",)), ("occup", ("Etudiant, eleve", "plain"))),
            '"age" IN (?) AND "occup" IN (?, ?)',
            ("18-24", "Etudiant, eleve", "plain"),
        ),
        ('occup="A & B"', (("occup", ("A & B",)),), '"occup" IN (?)', ("A & B",)),
        ("occup=x=y", (("occup", ("x=y",)),), '"occup" IN (?)', ("x=y",)),
    ],
)
def test_a_filter_is_read_and_becomes_a_mask(text, terms, mask, values):
    found = Filter.parse(text, VARIABLES)
    assert found.terms == terms
    assert found.mask() == (mask, values)
    assert Filter.parse(found.key, VARIABLES) == found
    assert bool(found) == bool(terms)


def test_the_order_of_writing_makes_no_difference():
    assert Filter.parse("occup=plain&age=65-plus,18-24", VARIABLES) == Filter.parse(
        "age=18-24,65-plus,18-24&occup=plain", VARIABLES
    )


@pytest.mark.parametrize(
    ("text", "expected", "found", "hint"),
    [
        ("ages=18-24", "a segment variable", "ages", "age, occup"),
        ("age=100", "a code of age", "100", "18-24, 25-34, 65-plus"),
        ("age", "VARIABLE=CODE", "age", "e.g."),
        ("age=", "a code of age", "nothing", "18-24"),
        ("age= , ", "a code of age", "nothing", "18-24"),
        ("occup=Etudiant, eleve", "a code of occup", "Etudiant", '"Etudiant, eleve"'),
    ],
)
def test_what_cannot_be_read_says_what_was_expected(text, expected, found, hint):
    with pytest.raises(FilterError) as caught:
        Filter.parse(text, VARIABLES)
    assert expected in caught.value.expected
    assert caught.value.found == found
    assert hint in caught.value.hint


@pytest.mark.parametrize("code", TRICKY)
def test_any_code_survives_writing_and_reading(code):
    assert split_codes(quote_code(code)) == [code]
    one = Filter.of({"occup": [code]}, VARIABLES)
    assert Filter.parse(one.key, VARIABLES) == one
    assert group_codes(one.key) == {"occup": {code}}


@given(st.lists(CODE, max_size=5))
def test_lists_of_any_codes_survive(codes):
    assert split_codes(join_codes(codes)) == codes


@given(st.text(max_size=60))
def test_any_text_can_be_split_without_an_error(text):
    assert all(split_codes(text))
    group_codes(text)


def test_plain_codes_are_not_quoted():
    assert join_codes(["65-plus", "18-24"]) == "65-plus,18-24"
    assert join_codes(["Etudiant, eleve", "b"]) == '"Etudiant, eleve",b'


def test_unknown_codes_are_left_out_only_where_they_are_told_elsewhere():
    assert Filter.of({"age": ["18-24", "x"], "other": ["y"]}, VARIABLES).key == "age=18-24"


def test_a_variable_is_replaced_or_dropped():
    both = Filter.parse("age=18-24&occup=plain", VARIABLES)
    assert both.with_codes(VARIABLES, age=["65-plus"]).key == "age=65-plus&occup=plain"
    assert both.with_codes(VARIABLES, age=[]).key == "occup=plain"


@pytest.mark.parametrize(
    ("inner", "outer", "inside"),
    [
        ("age=18-24&occup=plain", "age=18-24,25-34", True),
        ("age=18-24", "age=18-24&occup=plain", False),
        ("age=18-24,65-plus", "age=18-24,25-34", False),
        ("age=18-24", "", True),
        ("", "age=18-24", False),
    ],
)
def test_a_group_lies_inside_another_as_far_as_codes_tell(inner, outer, inside):
    assert Filter.parse(inner, VARIABLES).inside(Filter.parse(outer, VARIABLES)) is inside


@pytest.mark.parametrize("name", ["self", "variables", "chosen"])
def test_a_segment_variable_may_have_the_name_of_a_parameter(name):
    segments = tuple(Segment(code=code, label=Text(fr=code)) for code in ("a", "b"))
    variables = [SegmentVariable(id=name, label=Text(fr=name), segments=segments)]
    assert Filter().with_codes(variables, **{name: ("a",)}).key == f"{name}=a"
