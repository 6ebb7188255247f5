"""Columns of SPSS and Stata files: types, dates, labels and user-missing codes in our terms."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ens_dash.microdata.source import FileColumn, MultipleSet, Storage
from ens_dash.microdata.valuetext import number_text
from ens_dash.survey.characters import clean

Kind = Literal["whole", "number", "text", "date", "time"]
# Seconds from 1582-10-14, where SPSS counts from, and days from 1960-01-01, where Stata does, to 1970-01-01.
SPSS_SECONDS, STATA_DAYS = 12_219_379_200, 3_653
DAY = 86_400
_SPSS_DATES = ("DATE", "ADATE", "EDATE", "JDATE", "SDATE", "QYR", "MOYR", "WKYR")
_SPSS_TIMES = ("DATETIME", "YMDHMS")
_WHOLE = ("int8", "int16", "int32")
# Days from 1970 of 0001-01-01 and 9999-12-31: what a date of the database's readers can be.
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896
_STORAGE: dict[Kind, Storage] = {
    "whole": "number",
    "number": "number",
    "text": "text",
    "date": "date",
    "time": "date",
}
_LARGEST = sys.float_info.max


@dataclass(frozen=True)
class StatColumn:
    """A column as it is read: `kind` of its values, and the file's `origin` and `unit` of a date: a raw
    value v is (v / `unit`) days after `origin`, counted in days from 1970-01-01."""

    name: str
    kind: Kind
    origin: float = 0.0
    unit: float = 1.0

    @property
    def type(self) -> pa.DataType:
        kinds = {
            "whole": pa.int64(),
            "number": pa.float64(),
            "text": pa.string(),
            "date": pa.date32(),
            "time": pa.timestamp("us"),
        }
        return kinds[self.kind]

    def values(self, raw: Any) -> pa.Array:
        """A column of raw values (a pandas Series, NaN where missing) as it is written.

        Texts lose their trailing blanks, which these formats fill up with, and an empty one is NULL. A date
        outside the years 1 to 9999, which a user-missing code may be, is NULL too.
        """
        if self.kind == "text":
            texts = pc.utf8_rtrim(pa.array(raw, pa.string(), from_pandas=True), characters=" \0")
            return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
        if self.kind == "whole":
            return pa.array(raw, pa.int64(), from_pandas=True)
        numbers = pa.array(raw, pa.float64(), from_pandas=True)
        if self.kind == "number":
            return numbers
        days = numbers.to_numpy(zero_copy_only=False) / self.unit + self.origin
        away = ~((days >= _FIRST_DAY) & (days < _LAST_DAY + 1))
        days = np.where(away, 0.0, days)
        if self.kind == "date":
            return pa.array(np.floor(days).astype(np.int32), pa.date32(), mask=away)
        return pa.array(np.round(days * DAY * 1e6).astype(np.int64), pa.timestamp("us"), mask=away)


def stat_columns(meta: Any, spss: bool) -> tuple[StatColumn, ...]:
    """The columns of a file, by pyreadstat's `meta`, in the file's order."""
    columns = []
    for name in meta.column_names:
        kind, shape = meta.readstat_variable_types[name], meta.original_variable_types.get(name) or ""
        if kind == "string":
            columns.append(StatColumn(name, "text"))
        elif spss:
            columns.append(_spss(name, shape))
        else:
            columns.append(_stata(name, shape, kind))
    return tuple(columns)


def _spss(name: str, shape: str) -> StatColumn:
    word = shape.rstrip("0123456789.").upper()
    origin = -SPSS_SECONDS / DAY
    if word in _SPSS_DATES:
        return StatColumn(name, "date", origin, DAY)
    if word in _SPSS_TIMES:
        return StatColumn(name, "time", origin, DAY)
    return StatColumn(name, "number")


def _stata(name: str, shape: str, kind: str) -> StatColumn:
    word = shape.replace("%-", "%")
    if word.startswith(("%td", "%d")):
        return StatColumn(name, "date", -STATA_DAYS, 1.0)
    if word.startswith(("%tc", "%tC")):
        return StatColumn(name, "time", -STATA_DAYS, DAY * 1000.0)
    return StatColumn(name, "whole" if kind in _WHOLE else "number")


def without_letters(column: StatColumn, raw: Any, counts: Counter[str]) -> Any:
    """A column of raw values (a pandas Series) without Stata's missing letters; `counts` gets them."""
    if column.kind == "text" or raw.dtype != object:
        return raw
    lettered = raw.map(lambda value: isinstance(value, str))
    counts.update(raw[lettered])
    return raw.mask(lettered, np.nan).astype(float)


def described(column: StatColumn, meta: Any, numeric: bool, letters: Mapping[str, int]) -> FileColumn:
    """What the file says of a column. `letters`: how many rows have each of Stata's missing letters."""
    missing, ranges = _missing(meta.missing_ranges.get(column.name) or ())
    measure = meta.variable_measure.get(column.name) or ""
    said = meta.variable_value_labels.get(column.name) or {}
    return FileColumn(
        name=column.name,
        storage=_STORAGE[column.kind],
        numeric=numeric,
        label=line(meta.column_names_to_labels.get(column.name) or ""),
        labels=_labels(said, column),
        missing=missing,
        missing_ranges=ranges,
        measure=measure if measure in ("nominal", "ordinal", "scale") else "",
        letters=tuple((f".{a}", line(str(said.get(a) or "")), n) for a, n in sorted(letters.items())),
    )


def line(text: str) -> str:
    """A label on one line, without characters that cannot be shown."""
    return " ".join(clean(text).split())


def value_text(value: Any) -> str:
    """A value of a label or a missing code as text, as the rows have it."""
    if isinstance(value, str):
        return value.rstrip(" \0")
    return number_text(value)


def _labels(labels: Mapping[Any, str], column: StatColumn) -> tuple[tuple[str, str], ...]:
    """Labels of values that can occur: Stata's .a to .z are missing in the rows, and so have none."""
    of_text = column.kind == "text"
    texts = {value_text(v): line(label) for v, label in labels.items() if isinstance(v, str) == of_text}
    return tuple(texts.items())


def _missing(given: Sequence[Any]) -> tuple[tuple[str, ...], tuple[tuple[float, float], ...]]:
    single: list[str] = []
    ranges: list[tuple[float, float]] = []
    for entry in given:
        low, high = (entry["lo"], entry["hi"]) if isinstance(entry, dict) else (entry, entry)
        if low == high:
            single.append(value_text(low))
        elif isinstance(low, int | float) and isinstance(high, int | float):
            # LOWEST and HIGHEST are the ends of what a number can be
            ranges.append((max(float(low), -_LARGEST), min(float(high), _LARGEST)))
    return tuple(single), tuple(ranges)


def multiple_sets(meta: Any) -> tuple[MultipleSet, ...]:
    """SPSS's multiple-response sets.

    Left out are one that names a column that is not there, and a dichotomous one whose counted value is not
    a whole number above -1: ReadStat does not tell it."""
    names = {name.lower(): name for name in meta.column_names}
    sets = []
    for name, given in (meta.mr_sets or {}).items():
        columns = [names.get(c.lower()) for c in given["variable_list"]]
        counted = given["counted_value"] if given["is_dichotomy"] else None
        if not columns or None in columns or (given["is_dichotomy"] and counted is None):
            continue
        sets.append(
            MultipleSet(
                name=line(name),
                label=line(given["label"] or ""),
                columns=tuple(c for c in columns if c is not None),
                counted=None if counted is None else value_text(counted),
            )
        )
    return tuple(sets)
