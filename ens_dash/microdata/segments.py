"""Ways to divide respondents: which columns, and the cut points of columns of numbers."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import duckdb

from ens_dash.microdata.missing_codes import Values
from ens_dash.microdata.naming import joined, plain, words_of
from ens_dash.microdata.profile import Profile, number_sql, text_sql
from ens_dash.microdata.source import SourceFile
from ens_dash.respondents import quoted
from ens_dash.survey.mapping import Range

FEWEST, MOST_GUESSED = 2, 15
SHORT = 4
LONGEST_LABEL = 60
OLDEST = 120
ADULTS = 15
# What people are divided by, in this order; each by the words of a name or of a short label.
SUBJECTS: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (subject, frozenset(names.split()))
    for subject, names in (
        ("sex", "sexe sex genre gender"),
        ("age", "age ages trancheage agecat agegroup classeage agerec ager"),
        ("region", "region regions reg nuts nuts1 nuts2 zeat uda territoire bundesland province"),
        (
            "education",
            "diplome nivetud etudes education educ degree nivdip niveaudiplome niveauetudes edlevel",
        ),
        (
            "occupation",
            "csp pcs profession occupation occup emploi job activite statutemploi employment cspi",
        ),
        ("income", "revenu revenus income salaire earnings niveauvie"),
        ("urban", "urbain urbanisation urban rural tailleagglo agglo agglomeration tuu habitat urbanity"),
        ("family", "couple matrimonial marital foyer menage household enfants children situationfamiliale"),
    )
)
AGE = frozenset("age ages".split())
# code, from, below, words for the label and for the qualifier, French and English
AGES: tuple[tuple[str, int | None, int | None, tuple[str, str], tuple[str, str]], ...] = (
    ("under-30", None, 30, ("Moins de 30 ans", "Under 30"), ("de moins de 30 ans", "aged under 30")),
    ("30-49", 30, 50, ("30–49", "30–49"), ("de 30 à 49 ans", "aged 30 to 49")),
    ("50-64", 50, 65, ("50–64", "50–64"), ("de 50 à 64 ans", "aged 50 to 64")),
    ("65-plus", 65, None, ("65 et plus", "65 and over"), ("de 65 ans et plus", "aged 65 and over")),
)
WOMEN = frozenset("femme femmes female females woman women feminin".split())
MEN = frozenset("homme hommes male males man men masculin".split())


@dataclass(frozen=True)
class Cut:
    """A segment of numbers: its range, its label and (of ages) its qualifier, in French and English."""

    range: Range
    label: tuple[str, str]
    qualifier: tuple[str, str] | None = None

    @property
    def code(self) -> str:
        return self.range.code


def guess_segments(
    profiles: Mapping[str, Profile], values: Mapping[str, Values], numbers: Collection[str], n: int
) -> tuple[str, ...]:
    """The columns that divide people, one a subject, by names first and then by labels; where none is
    found, the first column with two to fifteen answers (of two columns and more).

    `numbers`: those of the columns that are amounts; `n`: respondents, most of whom a column must divide.
    """
    found: list[str] = []
    for subject, names in SUBJECTS:
        fits = [
            p
            for p in profiles.values()
            if p.name not in found
            and values[p.name].filled * 2 > n
            and _divides(p, values[p.name], p.name in numbers, subject)
        ]
        option = next((p for p in fits if joined(p.name) & names), None)
        if option is None and subject == "sex":
            option = next((p for p in fits if _sexes(values[p.name])), None)
        if option is None:
            option = next((p for p in fits if len(p.column.label) <= LONGEST_LABEL and _said(p, names)), None)
        if option is not None:
            found.append(option.name)
    if len(found) == len(profiles):
        # a survey of nothing but segments has no question
        found = found[:-1]
    if not found and len(profiles) > 1:
        plain_ones = [p for p in profiles.values() if _divides(p, values[p.name], p.name in numbers, "")]
        found = [p.name for p in plain_ones[:1]]
    return tuple(found)


def _sexes(values: Values) -> bool:
    """Whether the answers are women and men, and nothing that contradicts it."""
    return len({noun for code, label in values.answers if (noun := noun_of(label or code))}) == 2


def _said(profile: Profile, names: Collection[str]) -> bool:
    return bool(joined(profile.column.label) & set(names))


def _divides(profile: Profile, values: Values, number: bool, subject: str) -> bool:
    if number:
        return subject == "income" or (subject == "age" and is_age(profile, values))
    return values.distinct >= FEWEST and len(values.answers) <= MOST_GUESSED


def is_age(profile: Profile, values: Values) -> bool:
    """Whether a column of numbers is an age in years, by its name or label and its values."""
    if not (AGE & set(words_of(profile.name)) or AGE & set(words_of(profile.column.label))):
        return False
    numbers = _present(profile, values)
    if numbers is None:
        return profile.low is not None and profile.low >= 0 and (profile.high or 0) <= OLDEST
    return bool(numbers) and min(numbers) >= 0 and max(numbers) <= OLDEST


def _present(profile: Profile, values: Values) -> list[float] | None:
    """The numbers that occur, without those that are no answer; None where they are too many to list."""
    if profile.counts is None:
        return None
    gone = {*values.missing, *values.unknown, *profile.texts}
    found = []
    for code in profile.counts:
        if code not in gone:
            try:
                found.append(float(code.strip().replace(",", ".")))
            except ValueError:
                continue
    return found


def cuts_of(
    connection: duckdb.DuckDBPyConnection, source: SourceFile, profile: Profile, values: Values
) -> tuple[Cut, ...]:
    """The cut points of a column of numbers: ages at 30, 50 and 65, others at rounded quartiles. Ranges
    without a respondent are left out; fewer than two ranges: nothing to divide by."""
    number = number_sql(profile.column, source.missing, source.decimal)
    gone = ", ".join(map(quoted, [*values.missing, *values.unknown]))
    answered = f"{text_sql(profile.column, source.missing)} NOT IN ({gone})" if gone else "TRUE"
    rows = f"(SELECT ({number}) AS x FROM source WHERE ({number}) IS NOT NULL AND {answered})"
    quarters = ", ".join(f"quantile_cont(x, {q})" for q in (0.25, 0.5, 0.75))
    low, high, *quartiles = connection.execute(f"SELECT min(x), max(x), {quarters} FROM {rows}").fetchall()[0]
    if low is None or low == high:
        return ()
    if is_age(profile, values):
        cuts = _ages(low)
    else:
        cuts = _quartiles(low, high, quartiles, profile.whole == profile.numbers)
    tests = ", ".join(f"count(*) FILTER ({_inside(cut.range)})" for cut in cuts)
    counts = connection.execute(f"SELECT {tests} FROM {rows}").fetchall()[0]
    return tuple(cut for cut, n in zip(cuts, counts, strict=True) if n)


def _inside(span: Range) -> str:
    parts = [f"x >= {span.from_!r}"] if span.from_ is not None else []
    parts += [f"x < {span.below!r}"] if span.below is not None else []
    return " AND ".join(parts) or "TRUE"


def _ages(low: float) -> list[Cut]:
    cuts = []
    for code, start, below, label, qualifier in AGES:
        if start is None and ADULTS <= low < 30:
            youngest = math.floor(low)
            label = (f"{youngest}–29", f"{youngest}–29")
            qualifier = (f"de {youngest} à 29 ans", f"aged {youngest} to 29")
        cuts.append(Cut(_range(code, start, below), label, qualifier))
    return cuts


def _range(code: str, start: float | None, below: float | None) -> Range:
    return Range.model_validate({"code": code, "from": start, "below": below})


def _quartiles(low: float, high: float, quartiles: list[float], whole: bool) -> list[Cut]:
    spread = (quartiles[2] - quartiles[0]) or (high - low)
    step = 10.0 ** math.floor(math.log10(spread / 2))
    if whole:
        step = max(step, 1.0)
    points = sorted({round(round(q / step) * step, 10) for q in quartiles})
    points = [p for p in points if low < p <= high]
    if not points:
        # more than three quarters have one value: they, and the others
        points = [quartiles[1]] if low < quartiles[1] else [math.floor(quartiles[1]) + 1.0]
    ends: list[float | None] = [None, *points, None]
    return [_span(start, below, whole) for start, below in itertools.pairwise(ends)]


def _span(start: float | None, below: float | None, whole: bool) -> Cut:
    if start is None:
        b = below or 0.0
        return Cut(_range(f"under-{b:.15g}", None, below), (f"Moins de {_fr(b)}", f"Under {_en(b)}"))
    if below is None:
        return Cut(
            _range(f"{start:.15g}-plus", start, None), (f"{_fr(start)} et plus", f"{_en(start)} and over")
        )
    if whole:
        last = below - 1
        if last == start:
            return Cut(_range(f"{start:.15g}", start, below), (_fr(start), _en(start)))
        label = (f"{_fr(start)} à {_fr(last)}", f"{_en(start)} to {_en(last)}")
        return Cut(_range(f"{start:.15g}-{last:.15g}", start, below), label)
    label = (f"{_fr(start)} à moins de {_fr(below)}", f"{_en(start)} to under {_en(below)}")
    return Cut(_range(f"{start:.15g}-under-{below:.15g}", start, below), label)


def _en(number: float) -> str:
    text = f"{number:,.10f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


def _fr(number: float) -> str:
    return _en(number).replace(",", "\u202f").replace(".", ",")


def noun_of(label: str) -> tuple[str, str] | None:
    """«Femmes», «Hommes» for a label that says so; nothing is made up for others."""
    word = re.sub(r"\W+", " ", plain(label)).strip()
    word = re.sub(r"^(?:une?|an?|les?|la) ", "", word)
    if word in WOMEN:
        return ("Femmes", "Women")
    return ("Hommes", "Men") if word in MEN else None
