"""A briefing in an address: what goes in comes out, and what nobody knows is left out and told."""

from __future__ import annotations

import base64
import json
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ens_dash.briefing import LONGEST, LONGEST_NOTE, MOST, BriefingError, Entry, decode, encode
from ens_dash.survey.characters import clean
from ens_dash.survey.filter import Filter


def packed(rows: object) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain = json.dumps(rows).encode()
    return base64.urlsafe_b64encode(packer.compress(plain) + packer.flush()).decode().rstrip("=")


@given(data=st.data())
@hypothesis_settings(max_examples=100)
def test_a_briefing_comes_back_from_its_text(survey, data):
    segments = [(v.id, s.code) for v in survey.variables for s in v.segments]
    entries = data.draw(
        st.lists(
            st.builds(
                Entry,
                question=st.sampled_from([q.id for q in survey.questions]),
                where=st.lists(st.sampled_from(segments), max_size=3).map(
                    lambda chosen: Filter.of({name: [code] for name, code in chosen}, survey.variables)
                ),
                fictional=st.booleans(),
                title=st.text(max_size=20).map(clean),
                note=st.text(max_size=40).map(clean),
            ),
            max_size=8,
        )
    )
    assert decode(encode(entries), survey) == (tuple(entries), True)


def test_twenty_cards_with_notes_fit_in_four_kilobytes(survey):
    where = Filter.of({"age": ["65-plus"], "sex": ["female"]}, survey.variables)
    notes = [f"Point n° {i} : à dire en ouverture, puis comparer avec le reste du public." for i in range(20)]
    questions = [q.id for q in survey.questions][:20]
    entries = [Entry(q, where, note=n) for q, n in zip(questions, notes, strict=True)]
    assert len(encode(entries)) < LONGEST < 4096


@pytest.mark.parametrize(
    "text",
    ["x", "!!!", "A" * (LONGEST + 1), packed({"a": 1}), packed(1), packed([])[:-1] + "é", packed("x")[:3]],
)
def test_a_text_that_is_no_briefing_is_left_out_and_told(survey, text):
    assert decode(text, survey) == ((), False)


def test_a_text_that_would_fill_the_memory_is_refused(survey):
    bomb = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = bomb.compress(b"[" + b" " * 1_500_000) + bomb.flush()
    text = base64.urlsafe_b64encode(data).decode().rstrip("=")
    assert len(text) < LONGEST
    assert decode(text, survey) == ((), False)


def test_what_is_not_known_of_a_briefing_is_left_out_and_the_rest_kept(survey):
    good = ["outlook", {"age": ["65-plus"]}, 1, "", ""]
    kept = (Entry("outlook", Filter.of({"age": ["65-plus"]}, survey.variables), fictional=True),)
    for bad in (["gone", {}, 0, "", ""], ["outlook"], None, ["outlook", [], 0, "", ""], [1, {}, 0, "", ""]):
        assert decode(packed([good, bad]), survey) == (kept, False)
    for terms in ({"age": ["65-plus", "gone"]}, {"age": ["65-plus"], "gone": ["x"]}, {"age": ["65-plus", 3]}):
        assert decode(packed([["outlook", terms, 1, "", ""]]), survey) == (kept, False)


def test_too_many_cards_and_too_long_notes_are_refused_with_the_limit():
    with pytest.raises(BriefingError) as many:
        encode([Entry("outlook")] * (MOST + 1))
    assert (many.value.limit, many.value.found) == (MOST, MOST + 1)
    drawn = random.Random(1)
    words = [Entry("outlook", note=f"{drawn.getrandbits(1200):x}") for _ in range(30)]
    with pytest.raises(BriefingError) as long:
        encode(words)
    assert long.value.limit == LONGEST < long.value.found


def test_a_longer_note_is_cut_at_its_limit(survey):
    entries, _ = decode(encode([Entry("outlook", note="é" * (LONGEST_NOTE + 50))]), survey)
    assert len(entries[0].note) == LONGEST_NOTE


def test_half_a_character_from_the_wild_is_left_out_and_the_rest_can_be_written_again(survey):
    entries, whole = decode(packed([["outlook", {}, 0, "a\ud800b", "\udc00c"]]), survey)
    assert (entries, whole) == ((Entry("outlook", title="ab", note="c"),), True)
    assert decode(encode(entries), survey) == (entries, True)


def test_characters_that_no_file_can_hold_are_left_out(survey):
    hostile = "a\u0001b\u0000c\ufffe\U0001ffff\r\nd\te"
    entries, whole = decode(packed([["outlook", {}, 0, hostile, hostile]]), survey)
    assert (entries, whole) == ((Entry("outlook", title="abc\nd\te", note="abc\nd\te"),), True)
