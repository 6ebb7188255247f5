"""The words of the interface: both languages whole, every key used and every used key there; numbers."""

from __future__ import annotations

import ast
import re
import string
from datetime import date
from functools import cache

import pytest
import yaml
from folders import DATA, ROOT

from ens_dash.text import load_words

TEXTS = sorted((DATA / "text").glob("*.yaml"))
NBSP, NARROW = "\u00a0", "\u202f"


def sources() -> list:
    return [
        ROOT / "app.py",
        *sorted((ROOT / "pages").glob("*.py")),
        *sorted((ROOT / "ens_dash").rglob("*.py")),
    ]


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    return tuple((p.relative_to(ROOT).as_posix(), ast.parse(p.read_text("utf-8"))) for p in sources())


def is_words(function: ast.expr) -> bool:
    """`words(…)`, `self.words(…)`, `words[lang](…)`, `site.words[lang](…)`."""
    if isinstance(function, ast.Subscript):
        function = function.value
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in ("words", "_words", "w")


def alternatives(node: ast.expr) -> list[ast.expr]:
    """Both branches of `a if x else b`."""
    return [*alternatives(node.body), *alternatives(node.orelse)] if isinstance(node, ast.IfExp) else [node]


def pattern(node: ast.JoinedStr) -> str:
    """An f-string as a regular expression: what is filled in can be anything."""
    parts = (re.escape(str(v.value)) if isinstance(v, ast.Constant) else ".+" for v in node.values)
    return "".join(parts)


def calls() -> list[tuple[str, ast.expr]]:
    found = []
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and is_words(node.func):
                found += [(f"{name}:{node.lineno}", key) for key in alternatives(node.args[0])]
    return found


@pytest.fixture(scope="module")
def keys(words) -> set[str]:
    return set(words["fr"].texts)


def test_both_languages_have_all_keys_and_none_is_empty(words):
    assert set(words["fr"].texts) == set(words["en"].texts)
    for lang in ("fr", "en"):
        assert not [k for k, text in words[lang].texts.items() if not text.strip()]


def test_both_languages_fill_in_the_same_values(words):
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    differ = [k for k in words["fr"].texts if names(words["fr"].texts[k]) != names(words["en"].texts[k])]
    assert differ == []


def test_no_key_stands_in_two_files():
    seen: dict[str, str] = {}
    for path in TEXTS:
        for key in load_leaves(yaml.safe_load(path.read_text("utf-8"))):
            assert key not in seen, f"{key}: in {seen.get(key)} and {path.name}"
            seen[key] = path.name


def load_leaves(node: object, path: str = "") -> list[str]:
    assert isinstance(node, dict), path
    if set(node) == {"fr", "en"}:
        return [path]
    return [leaf for k, child in node.items() for leaf in load_leaves(child, f"{path}.{k}".lstrip("."))]


def test_every_key_that_the_code_asks_for_is_there(keys):
    asked = calls()
    assert len(asked) > 50
    missing = [
        f"{place} {key.value}"
        for place, key in asked
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value not in keys
    ]
    assert missing == []


def test_every_key_that_the_code_puts_together_can_be_there(keys):
    missing = [
        f"{place} {pattern(key)}"
        for place, key in calls()
        if isinstance(key, ast.JoinedStr) and not any(re.fullmatch(pattern(key), k) for k in keys)
    ]
    assert missing == []


def test_every_key_is_used_by_the_code(keys):
    constants, patterns = set(), set()
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                constants.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                patterns.add(pattern(node))
    # an f-string with no words of its own would match everything
    useful = [re.compile(p) for p in patterns if re.match(r"[a-z_]+\\\.", p)]
    unused = sorted(k for k in keys - constants if not any(p.fullmatch(k) for p in useful))
    assert unused == []


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("a: {fr: x}", "a: expected `fr` and `en`"),
        ("a: {b: x}", "a.b: expected `fr:` and `en:`"),
        ("a: {fr: x, en: y, de: z}", "a: expected `fr` and `en`"),
    ],
)
def test_a_text_in_one_language_only_is_refused(tmp_path, broken, told):
    (tmp_path / "interface.yaml").write_text(broken, "utf-8")
    with pytest.raises(ValueError, match=re.escape(told)):
        load_words(tmp_path)


def test_an_unknown_key_is_an_error(words):
    with pytest.raises(KeyError):
        words["fr"]("no.such.key")


def test_numbers_are_written_as_each_language_writes_them(words):
    fr, en = words["fr"], words["en"]
    assert (fr.number(2100), en.number(2100)) == (f"2{NARROW}100", "2,100")
    assert (fr.number(0.8, 1), en.number(0.8, 1)) == ("0,8", "0.8")
    assert (fr.number(1234567.891, 2), en.number(1234567.891, 2)) == (
        f"1{NARROW}234{NARROW}567,89",
        "1,234,567.89",
    )


def test_percentages_are_proportions_times_a_hundred(words):
    fr, en = words["fr"], words["en"]
    assert (fr.percent(0.51), en.percent(0.51)) == (f"51{NBSP}%", "51%")
    assert (fr.percent(0.0765, 1), en.percent(0.0765, 1)) == (f"7,7{NBSP}%", "7.7%")
    assert (fr.percent(0), en.percent(1)) == (f"0{NBSP}%", "100%")


def test_every_printed_percentage_comes_back_whole(words, survey):
    for figure in survey.published:
        if figure.unit == "percent":
            assert words["en"].percent(figure.est) == f"{figure.value:g}%"


def test_dates_and_lists(words):
    fr, en = words["fr"], words["en"]
    start, end = date(2020, 7, 17), date(2020, 7, 30)
    assert (fr.days(start, end), en.days(start, end)) == ("17–30 juillet 2020", "17–30 July 2020")
    assert fr.days(start, date(2020, 8, 2)) == "17 juillet 2020 – 2 août 2020"
    assert (fr.month(start), en.month(start)) == ("juillet 2020", "July 2020")
    assert (fr.either("abc"), en.either("abc")) == ("a, b ou c", "a, b or c")
    assert (fr.both("ab"), en.both("ab")) == ("a et b", "a and b")
    assert fr.either([]) == ""


@pytest.mark.parametrize(
    ("value", "decimals", "french"),
    [(12.5, 0, "13"), (0.5, 0, "1"), (2.5, 0, "3"), (48.85, 1, "48,9"), (1.005, 2, "1,01"), (-0.5, 0, "-1")],
)
def test_a_half_is_rounded_up_as_in_a_spreadsheet(words, value, decimals, french):
    assert words["fr"].number(value, decimals) == french


def test_a_share_of_an_eighth_is_thirteen_percent_on_screen_as_in_a_slide(words):
    assert words["en"].percent(0.125) == "13%"
