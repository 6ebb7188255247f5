"""The interface's words, from data/text/, and numbers as each language writes them (Babel)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path

import yaml
from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from ens_dash.survey.base import LANGS, Lang, Text

LOCALES: Mapping[Lang, Locale] = {"fr": Locale("fr", "FR"), "en": Locale("en", "GB")}
NBSP = "\u00a0"
BEFORE_MARK = re.compile(r" (?=[:;?!%»])")
AFTER_OPENING = re.compile(r"« ")
VARIANTS = "variants"


# what a survey fills in, in any text: see of_survey.py
GIVEN = "{survey_"


@dataclass(frozen=True)
class Words:
    """The words of one language. `words("card.table")` gives the text of a key, its braces filled in.

    `given`: what a survey fills in, by name. `variants`: texts for surveys of some kind, by kind and key.
    `original`: the language that the survey was made in.
    """

    lang: Lang
    texts: Mapping[str, str]
    given: Mapping[str, str] = field(default_factory=dict)
    variants: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    original: Lang = "fr"

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of `key`.

        Raises:
            KeyError: a key that data/text/ does not hold; a test walks the code for them. Or a text that a
                survey fills in, where the words are of none.
        """
        text = self.texts[key]
        if GIVEN in text:
            return text.format(**{**self.given, **values})
        return text.format(**values) if values else text

    def of(self, text: Text) -> str:
        """A text of the survey, with the spaces of its language."""
        return spaced(text.of(self.lang)) if self.lang == "fr" else text.of(self.lang)

    def translated(self, text: Text) -> bool:
        """Whether `of` gives a translation of ours."""
        return self.lang != self.original and bool(text.fr and text.en)

    def foreign(self, text: Text) -> Lang | None:
        """The language of what `of` gives, where it has not been written in that of these words."""
        return None if (text.fr if self.lang == "fr" else text.en) else ("en" if self.lang == "fr" else "fr")

    def number(self, value: float, decimals: int = 0) -> str:
        """2 100 or 2,100; 0,8 or 0.8."""
        return _number(float(value), decimals, LOCALES[self.lang])

    def percent(self, proportion: float, decimals: int = 0) -> str:
        """A proportion (0-1) as a percentage: 51 % in French, 51% in English."""
        return self.number(proportion * 100, decimals) + (f"{NBSP}%" if self.lang == "fr" else "%")

    def day(self, day: date) -> str:
        return format_date(day, format="long", locale=LOCALES[self.lang])

    def month(self, day: date) -> str:
        return _month(day, LOCALES[self.lang])

    def days(self, start: date, end: date) -> str:
        """17–30 juillet 2020, or a single day."""
        if start == end:
            return self.day(start)
        if (start.year, start.month) == (end.year, end.month):
            return f"{start.day}–{self.day(end)}"
        return f"{self.day(start)} – {self.day(end)}"

    def either(self, parts: Iterable[str]) -> str:
        """«a, b ou c»."""
        return format_list(list(parts), style="or", locale=LOCALES[self.lang])

    def both(self, parts: Iterable[str]) -> str:
        """«a, b et c»."""
        return format_list(list(parts), style="standard", locale=LOCALES[self.lang])


@lru_cache(64)
def _month(day: date, locale: Locale) -> str:
    return format_date(day, format="LLLL y", locale=locale)


@lru_cache(4096)
def _number(value: float, decimals: int, locale: Locale) -> str:
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    # a half goes up, as in every spreadsheet: the shortest decimal that is this number, not its binary value
    exact = Decimal(repr(round(value, 12))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return format_decimal(exact, format=pattern, locale=locale)


def spaced(text: str) -> str:
    """French spaces that must not break: before : ; ? ! % », after «. Only for display."""
    return AFTER_OPENING.sub("«" + NBSP, BEFORE_MARK.sub(NBSP, text))


def load_words(folder: Path) -> dict[Lang, Words]:
    """Read data/text/*.yaml: nested keys, each leaf with `fr` and `en`; variants/*.yaml in the same way.

    Raises:
        ValueError: a leaf that lacks a language; the message names file and key.
    """
    texts = _read(sorted(folder.glob("*.yaml")))
    variants = {path.stem: _read([path]) for path in sorted((folder / VARIANTS).glob("*.yaml"))}
    return {
        lang: Words(lang, texts[lang], variants={kind: found[lang] for kind, found in variants.items()})
        for lang in LANGS
    }


def _read(paths: Iterable[Path]) -> dict[Lang, dict[str, str]]:
    texts: dict[Lang, dict[str, str]] = {lang: {} for lang in LANGS}
    for path in paths:
        _collect(path.name, (), yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader), texts)
    return texts


def _collect(file: str, path: tuple[str, ...], node: object, texts: dict[Lang, dict[str, str]]) -> None:
    if not isinstance(node, dict):
        raise ValueError(f"{file}: {'.'.join(path)}: expected `fr:` and `en:`, found {node!r}")
    if set(node) & set(LANGS):
        if set(node) != set(LANGS):
            raise ValueError(f"{file}: {'.'.join(path)}: expected `fr` and `en`, found {sorted(node)}")
        for lang in LANGS:
            text = str(node[lang])
            texts[lang][".".join(path)] = spaced(text) if lang == "fr" else text
        return
    for key, child in node.items():
        _collect(file, (*path, str(key)), child, texts)
