"""Columns of a survey file as columns of the respondents' table: SQL over the staged rows, value by value.

A value goes through three steps. As text it is the file's own (`1`, not `1.0`). What stands for no answer
becomes NULL: an empty cell (unless `values` has a code for ""), the folder's `missing`, and codes that the
file declares as user-missing unless the folder knows them. What is left becomes a code of the folder, by
`values`, by `ranges`, or as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ens_dash.microdata.errors import FileError
from ens_dash.microdata.source import FileColumn, SourceFile
from ens_dash.microdata.valuetext import value_sql
from ens_dash.respondents import NUMBERS, PSU, STRATUM, WEIGHT, identifier, quoted
from ens_dash.survey.mapping import FILE as MAPPING
from ens_dash.survey.mapping import MappedColumn, Range
from ens_dash.survey.mapping import Mapping as Mapped
from ens_dash.survey.model import Survey, column
from ens_dash.survey.references import nearest

DESIGN_ROLES = (("weight", WEIGHT), ("stratum", STRATUM), ("psu", PSU))


@dataclass(frozen=True)
class Use:
    """One use of a file's column. All but `target` and `name` is SQL.

    `given`: the file's value as text, NULL where there is no answer. `value`: what is kept, NULL where the
    value is not understood. `of`: the question or variable. `codes`: what it may be; None for a number and
    for a text of the design. `ranged`: the value is the segment that a number lies in; `number` is that
    number.
    """

    target: str
    name: str
    what: Literal["question", "variable", "weight", "text"]
    given: str
    value: str
    codes: tuple[str, ...] | None = None
    number: str | None = None
    ranged: bool = False
    of: str = ""


def uses(
    survey: Survey, mapping: Mapped | None, source: SourceFile, types: Mapping[str, str]
) -> tuple[tuple[Use, ...], tuple[FileError, ...]]:
    """Every column that the folder asks for, as read from the file; also what is not there.

    `types`: the DuckDB types of the staged columns. Without a mapping a column is called like its target.
    """
    made: list[Use] = []
    errors: list[FileError] = []
    told: set[str] = set()
    for use in _mapped(survey, mapping):
        found = source.column(use.column or use.target)
        if found is None and use.column is None:
            continue
        told.add(use.target)
        if found is None:
            errors.append(_absent(str(use.column), _what(use), source))
        else:
            made.append(_use(survey, use, found, types[found.name], source, mapping))
    for role, target in DESIGN_ROLES:
        name = getattr(survey.study.design, role)
        found = source.column(name) if name is not None else None
        if found is not None:
            given = text_of(source, found.name, types, mapping)
            value = _number(found, types[found.name], source.decimal, given) if role == "weight" else given
            made.append(Use(target, found.name, "weight" if role == "weight" else "text", given, value))
        elif name is not None:
            errors.append(_absent(name, f"the design's {role} in survey.yaml", source))
    errors += _unmapped(survey, told)
    return tuple(made), tuple(errors)


def guessed_missing(mapping: Mapped | None, source: SourceFile) -> tuple[str, ...]:
    """The texts that stand for no answer by looking only, since nobody said which do."""
    return () if mapping is not None and mapping.file.missing is not None else source.missing


def _missing(mapping: Mapped | None, source: SourceFile, known: Sequence[str]) -> list[str]:
    """The texts that stand for no answer in a column. A guess gives way to a code that the folder knows."""
    told = mapping.file.missing if mapping is not None else None
    return list(told) if told is not None else [text for text in source.missing if text not in known]


def text_of(source: SourceFile, name: str, types: Mapping[str, str], mapping: Mapped | None) -> str:
    """SQL: a column's value as text, NULL where there is none."""
    found = next(c for c in source.columns if c.name == name)
    text = value_sql(name, types[name])
    return _no_answer(text, _missing(mapping, source, ()), _declared(found, types[name], ()))


def _mapped(survey: Survey, mapping: Mapped | None) -> Iterator[MappedColumn]:
    if mapping is not None:
        yield from mapping.columns
        return
    for variable in survey.variables:
        yield MappedColumn(variable=variable.id)
    for question in survey.questions:
        for item in question.item_ids:
            yield MappedColumn(question=question.id, item=item)


def _what(use: MappedColumn) -> str:
    if use.variable is not None:
        return f"the variable {use.variable}"
    return f"question {use.question}" + (f", item {use.item}" if use.item else "")


def _absent(name: str, what: str, source: SourceFile) -> FileError:
    hint = nearest(name, [c.name for c in source.columns])
    return FileError("", name, "", f"the column ({what})", "no column of this name", hint)


def _unmapped(survey: Survey, told: set[str]) -> Iterator[FileError]:
    """Questions and variables of the folder that no column of the file leads to."""
    hint = f"write the name of its column into {MAPPING}"
    for variable in survey.variables:
        if variable.id not in told:
            yield FileError("", variable.id, "", f"a column for the variable {variable.id}", "none", hint)
    for question in survey.questions:
        for item in question.item_ids:
            name = column(question.id, item)
            if name not in told:
                of = f", item {item}" if item is not None else ""
                yield FileError(
                    "unmapped", name, "", f"a column for question {question.id}{of}", "none", hint
                )


def _use(
    survey: Survey,
    use: MappedColumn,
    found: FileColumn,
    kind: str,
    source: SourceFile,
    mapping: Mapped | None,
) -> Use:
    codes: tuple[str, ...] | None = None
    if use.variable is not None:
        codes = tuple(s.code for s in survey.variables_by_id[use.variable].segments)
    elif survey.by_id[str(use.question)].kind != "number":
        codes = survey.by_id[str(use.question)].stored_codes
    # a code that `values` makes of another value is not the file's own value of the same text
    own = () if use.ranges else tuple(c for c in codes or () if c not in use.values.values())
    known = (*use.values, *own)
    missing = [*_missing(mapping, source, known), *use.missing]
    raw = value_sql(found.name, kind)
    text = _whole(raw, [*known, *missing]) if kind == "VARCHAR" else raw
    given = _no_answer(text, missing, _declared(found, kind, known))
    if "" in use.values:
        # where only what was ticked is written, an empty cell is an answer; what is missing stays so
        given = f"CASE WHEN {raw} IS NULL THEN '' ELSE {given} END"
    what: Literal["question", "variable"] = "question" if use.variable is None else "variable"
    of = use.variable if use.variable is not None else str(use.question)
    recoded = _recoded(given, use.values)
    if codes is None or use.ranges:
        number = _number(found, "VARCHAR" if use.values else kind, source.decimal, recoded)
        value = _ranged(number, use.ranges) if use.ranges else number
        return Use(use.target, found.name, what, given, value, codes, number, bool(use.ranges), of)
    value = f"TRY_CAST({recoded} AS ENUM({', '.join(map(quoted, codes))}))"
    return Use(use.target, found.name, what, given, value, codes, of=of)


def _whole(text: str, known: Sequence[str]) -> str:
    """SQL: `1.0` as `1`, as a program writes codes that it held as floats, unless it is a known text."""
    whole = f"regexp_replace(trim({text}), '^(-?[0-9]+)[.,]0+$', '\\1')"
    if not known:
        return whole
    return (
        f"CASE WHEN {text} IN ({', '.join(map(quoted, dict.fromkeys(known)))}) THEN {text} ELSE {whole} END"
    )


def _no_answer(text: str, missing: Sequence[str], declared: str = "") -> str:
    listed = f"{text} IN ({', '.join(map(quoted, dict.fromkeys(missing)))})" if missing else ""
    condition = " OR ".join(filter(None, (listed, declared)))
    return f"CASE WHEN {condition} THEN NULL ELSE {text} END" if condition else text


def _declared(found: FileColumn, kind: str, known: Sequence[str]) -> str:
    """SQL: whether the file declares the value as user-missing and the folder does not know it."""
    name, parts = identifier(found.name), []
    codes = [code for code in found.missing if code not in known]
    if codes:
        parts.append(f"{value_sql(found.name, kind)} IN ({', '.join(map(quoted, codes))})")
    if found.missing_ranges and kind.partition("(")[0] in NUMBERS:
        spans = " OR ".join(f"{name} BETWEEN {low!r} AND {high!r}" for low, high in _finite(found))
        but = f" AND {value_sql(found.name, kind)} NOT IN ({', '.join(map(quoted, known))})" if known else ""
        parts.append(f"(({spans}){but})")
    return " OR ".join(parts)


def _finite(found: FileColumn) -> Iterator[tuple[float, float]]:
    for low, high in found.missing_ranges:
        yield max(low, -1.7e308), min(high, 1.7e308)


def _recoded(given: str, values: Mapping[str, str]) -> str:
    if not values:
        return given
    cases = " ".join(f"WHEN {quoted(value)} THEN {quoted(code)}" for value, code in values.items())
    return f"CASE {given} {cases} ELSE {given} END"


def _number(found: FileColumn, kind: str, decimal: str, given: str) -> str:
    """SQL: the value as a finite number, NULL where it is none. A number of the file is not read as text."""
    if kind.partition("(")[0] in NUMBERS:
        name = identifier(found.name)
        return f"CASE WHEN {given} IS NOT NULL AND isfinite({name}::DOUBLE) THEN {name}::DOUBLE END"
    text = f"replace({given}, {quoted(decimal)}, '.')" if decimal != "." else given
    # DuckDB reads 1_000 as a thousand; and a point beside decimal commas parts thousands
    other = "_" if decimal == "." else "_."
    plain = " AND ".join(f"NOT contains({given}, {quoted(mark)})" for mark in other)
    number = f"TRY_CAST(CASE WHEN {plain} THEN trim({text}) END AS DOUBLE)"
    return f"CASE WHEN isfinite({number}) THEN {number} END"


def _ranged(number: str, ranges: Sequence[Range]) -> str:
    cases = []
    for one in ranges:
        low = f"{number} >= {one.from_!r}" if one.from_ is not None else f"{number} IS NOT NULL"
        high = f" AND {number} < {one.below!r}" if one.below is not None else ""
        cases.append(f"WHEN {low}{high} THEN {quoted(one.code)}")
    return f"CASE {' '.join(cases)} END"
