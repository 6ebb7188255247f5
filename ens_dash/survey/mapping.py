"""mapping.yaml: which column of a survey file is which question, item or segment variable, value by value.

Only an import reads it. A value that is not listed stands for itself: answer codes are the file's own
values unless the mapping says otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Literal

from pydantic import Field, model_validator

from ens_dash.survey.base import Code, Frozen, Id
from ens_dash.survey.errors import FolderError
from ens_dash.survey.model import Survey, column
from ens_dash.survey.references import unknown

FILE = "mapping.yaml"


class FileReading(Frozen):
    """How a .csv is read; what is left out is found out by looking, and an import then wants the usual
    (UTF-8, comma, point). `missing`: texts that stand for no answer in any column."""

    encoding: str | None = None
    separator: str | None = None
    decimal: Literal[".", ","] | None = None
    missing: tuple[str, ...] | None = None


class Range(Frozen):
    """A segment of a numeric column: from `from` (or the lowest) up to, but not with, `below`."""

    code: Code
    from_: float | None = Field(default=None, alias="from")
    below: float | None = None


class MappedColumn(Frozen):
    """One use of a column of the file: as an item of a question, or as a segment variable.

    `column` left empty: the column that is called as the respondents' file would call it (`question__item`,
    or the variable's id). `values`: value of the file -> code of the folder, where they differ; "" is an
    empty cell. `missing`: values that are no answer. `ranges`: for a segment variable of a numeric column,
    its cut points; they are the codes then.
    """

    column: str | None = None
    question: Id | None = None
    item: Id | None = None
    variable: Id | None = None
    values: dict[str, Code] = Field(default_factory=dict)
    missing: tuple[str, ...] = ()
    ranges: tuple[Range, ...] = ()

    @property
    def target(self) -> str:
        """The column of the respondents' table that it becomes."""
        return self.variable if self.variable is not None else column(str(self.question), self.item)

    @model_validator(mode="after")
    def _one_use(self) -> MappedColumn:
        if (self.question is None) == (self.variable is None):
            raise ValueError("either `question` (and `item`) or `variable`")
        if self.item is not None and self.question is None:
            raise ValueError("`item` with its `question`")
        if self.ranges and (self.values or self.variable is None):
            raise ValueError("`ranges` for a `variable` only, and without `values`")
        return self


class LeftOut(Frozen):
    """A column that must not be imported, and why. An import that finds it under another use refuses."""

    column: str
    why: str


class Mapping(Frozen):
    """mapping.yaml. `id`: the column that tells respondents apart; it is checked and not kept."""

    file: FileReading = FileReading()
    id: str | None = None
    columns: tuple[MappedColumn, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def check_mapping(survey: Survey, mapping: Mapping) -> Iterator[FolderError]:
    """What of the mapping leads nowhere in the folder, and what in it is said twice."""
    targets: Counter[str] = Counter()
    for use in mapping.columns:
        entry = f"columns: {use.column or use.target}"
        if use.variable is not None:
            targets[f"variable {use.variable}"] += 1
            variable = survey.variables_by_id.get(use.variable)
            if variable is None:
                yield unknown(FILE, entry, "variable", use.variable, survey.variables_by_id)
                continue
            codes = [s.code for s in variable.segments]
        else:
            question = survey.by_id.get(use.question or "")
            if question is None:
                yield unknown(FILE, entry, "question", str(use.question), survey.by_id)
                continue
            targets[f"question {use.question}" + (f", item {use.item}" if use.item else "")] += 1
            if use.item not in question.item_ids:
                known = [str(i) for i in question.item_ids]
                yield unknown(FILE, entry, "item", str(use.item), known)
            codes = list(question.stored_codes) if question.kind != "number" else []
            if question.kind == "number":
                codes = list(use.values.values())
        for code in [*use.values.values(), *(r.code for r in use.ranges)]:
            if code not in codes:
                yield unknown(FILE, entry, "code of the folder", code, codes)
        yield from _overlaps(entry, use.ranges)
    for target, times in targets.items():
        if times > 1:
            yield FolderError(FILE, target, "one column", f"{times} columns", "remove all but one")
    yield from _kept_apart(survey, mapping)


def _kept_apart(survey: Survey, mapping: Mapping) -> Iterator[FolderError]:
    """Columns that are used and must not be: left out, or the respondents' id."""
    used = {u.column or u.target for u in mapping.columns}
    if mapping.id is not None and mapping.id in used:
        hint = "an id tells who somebody is"
        yield FolderError(FILE, f"columns: {mapping.id}", "a column that is not the `id`", "the id", hint)
    design = survey.study.design
    used |= {name for name in (mapping.id, design.weight, design.stratum, design.psu) if name is not None}
    for name in sorted(used & {c.column for c in mapping.left_out}):
        hint = "remove it from `left_out` if it may be used, or do not use it"
        yield FolderError(FILE, f"left_out: {name}", "a column that is used nowhere", "it in both", hint)


def _overlaps(entry: str, ranges: tuple[Range, ...]) -> Iterator[FolderError]:
    low, high = float("-inf"), float("inf")
    spans = [
        (r.from_ if r.from_ is not None else low, r.below if r.below is not None else high, r.code)
        for r in ranges
    ]
    for start, end, code in spans:
        if start >= end:
            yield FolderError(FILE, f"{entry}: {code}", "`from` under `below`", f"{start:g} and {end:g}")
    for (_, end, one), (start, _, other) in zip(sorted(spans), sorted(spans)[1:], strict=False):
        if start < end:
            yield FolderError(FILE, f"{entry}: {other}", f"ranges that do not overlap ({one})", f"{start:g}")
