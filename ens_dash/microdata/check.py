"""What is wrong with the answers in a survey file, seen from the folder: by column, by code and by row.

One pass over the staged rows counts every kind of fault in every column; only what is faulty is asked
for again, for its codes and its first rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from ens_dash.microdata.columns import Use
from ens_dash.microdata.errors import NAMED_ROWS, FileError, row_list
from ens_dash.respondents import identifier, quoted
from ens_dash.survey.model import Survey, column

ROW = "_row"
# Codes that a column's folder does not know: more than this is another kind of column.
MOST_UNKNOWN = 50
# Of so many are the names told.
NAMED_CODES = 20
# A code is short, and is neither an e-mail address nor a telephone number.
LONGEST_CODE = 40
REACHES = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}|(?:\+|\b0)\d(?:[ .-]?\d){8,}\b")


@dataclass(frozen=True)
class Staged:
    """The staged rows as the view `staged` of a connection, numbered from 1 in the file's order."""

    connection: duckdb.DuckDBPyConnection
    n: int

    def one(self, sql: str) -> tuple[Any, ...]:
        return tuple(self.all(sql)[0])

    def all(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def rows(self, condition: str) -> tuple[str, int]:
        """Where a condition holds: the rows as text, and how many. ("", 0) where nowhere."""
        count, first = self.one(
            f"SELECT count(*), min({ROW}, {NAMED_ROWS}) FROM staged WHERE coalesce({condition}, false)"
        )
        return (row_list(first, count), count) if count else ("", 0)

    def fault(
        self, kind: str, name: str, condition: str, expected: str, found: str, hint: str = ""
    ) -> Iterator[FileError]:
        """The error of the rows in which a condition holds; none where it holds in none."""
        rows, count = self.rows(condition)
        if count:
            yield FileError(kind, name, rows, expected, found, hint)


def check_answers(staged: Staged, uses: Sequence[Use], survey: Survey) -> list[FileError]:
    """Unknown codes, values that are no number or out of range, columns without an answer, bases."""
    answered = [u for u in uses if u.what in ("question", "variable")]
    errors: list[FileError] = []
    for use, (given, kept) in zip(answered, _counts(staged, answered), strict=True):
        if not given:
            errors.append(FileError("empty-column", use.name, "", "at least one answer", "none"))
        elif kept < given:
            errors += _not_understood(staged, use, survey)
        errors += _outside(staged, use, survey)
    by_target = {u.target: u for u in answered}
    errors += _base_sizes(staged, answered, survey)
    for question in survey.questions:
        condition = question.base.asked
        if condition is not None:
            errors += _base(staged, by_target, survey, question.id, condition)
    return errors


def unknown_codes(staged: Staged, uses: Sequence[Use]) -> dict[str, tuple[str, ...]]:
    """Target -> the codes in the file that the folder does not know, most frequent first."""
    found = {}
    for use in uses:
        if use.codes is not None and not use.ranged:
            codes = tuple(str(code) for code, _, _ in _unknown(staged, use))
            if codes:
                found[use.target] = codes
    return found


def _counts(staged: Staged, uses: Sequence[Use]) -> Iterator[tuple[int, int]]:
    if not uses:
        return
    counts = ", ".join(f"count({u.given}), count({u.value})" for u in uses)
    row = staged.one(f"SELECT {counts} FROM staged")
    yield from zip(row[::2], row[1::2], strict=True)


def _unknown(staged: Staged, use: Use) -> list[tuple[Any, ...]]:
    """(code, rows, first rows) of each value that the folder does not know."""
    return staged.all(
        f"SELECT {use.given}, count(*), min({ROW}, {NAMED_ROWS}) FROM staged "
        f"WHERE {use.given} IS NOT NULL AND {use.value} IS NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    )


def _not_understood(staged: Staged, use: Use, survey: Survey) -> Iterator[FileError]:
    if use.number is not None:
        yield from staged.fault(
            "not-a-number",
            use.name,
            f"{use.given} IS NOT NULL AND {use.number} IS NULL",
            "a number",
            _examples(staged, use.given, f"{use.number} IS NULL"),
        )
        if use.ranged:
            yield from staged.fault(
                "out-of-range",
                use.name,
                f"{use.number} IS NOT NULL AND {use.value} IS NULL",
                f"a number in one of the ranges of {use.target}",
                _examples(staged, use.given, f"{use.number} IS NOT NULL AND {use.value} IS NULL"),
            )
        return
    known = ", ".join((use.codes or ())[:NAMED_CODES]) + (", …" if len(use.codes or ()) > NAMED_CODES else "")
    found = _unknown(staged, use)
    if len(found) > MOST_UNKNOWN:
        yield FileError(
            "",
            use.name,
            "",
            f"codes of {use.target} ({known})",
            f"{len(found)} others",
            "is it mapped to the right question? Text that people wrote cannot be imported",
        )
        return
    nets = {net.code for q in survey.questions if q.id == use.of for net in q.nets}
    for code, count, first in found:
        if str(code) in nets:
            hint = "it would be hidden behind the sum; rename one of them"
            yield FileError(
                "",
                use.name,
                row_list(first, count),
                f"a code of {use.target} ({known})",
                f"a sum, {code!r}",
                hint,
            )
            continue
        if private(str(code)):
            hint = "text that people wrote cannot be imported; is it mapped to the right question?"
            yield FileError(
                "",
                use.name,
                row_list(first, count),
                f"a code of {use.target} ({known})",
                shown(str(code)),
                hint,
            )
            continue
        yield FileError(
            "unknown-code",
            use.name,
            row_list(first, count),
            f"a code of {use.target} ({known})",
            repr(code),
            "write it into the folder, or into `missing` of mapping.yaml",
        )


def _examples(staged: Staged, given: str, condition: str) -> str:
    found = staged.all(
        f"SELECT {given}, count(*) FROM staged WHERE {given} IS NOT NULL AND ({condition}) "
        f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 4"
    )
    return _listed([str(value) for value, _ in found[:3]]) + (", …" if len(found) > 3 else "")


def _listed(values: Sequence[str]) -> str:
    return ", ".join(map(shown, values))


def private(code: str) -> bool:
    """Whether a value is too long for a code, or looks like a way to reach somebody."""
    return len(code) > LONGEST_CODE or bool(REACHES.search(code))


def shown(value: str) -> str:
    """A value as an error may print it: what people wrote is not repeated."""
    return f"a text of {len(value)} characters" if private(value) else repr(value)


def _outside(staged: Staged, use: Use, survey: Survey) -> Iterator[FileError]:
    question = survey.by_id.get(use.of)
    if use.what != "question" or question is None or question.kind != "number":
        return
    limits = []
    if question.least is not None:
        limits.append(f"{use.value} < {question.least!r}")
    if question.most is not None:
        limits.append(f"{use.value} > {question.most!r}")
    if limits:
        least = "any" if question.least is None else f"{question.least:g}"
        most = "any" if question.most is None else f"{question.most:g}"
        condition = " OR ".join(limits)
        expected = f"a number from {least} to {most}"
        found = _examples(staged, use.given, condition)
        yield from staged.fault("out-of-range", use.name, condition, expected, found)


def _base(
    staged: Staged, uses: dict[str, Use], survey: Survey, question: str, condition: str
) -> Iterator[FileError]:
    """Answers of people whom the folder says were not asked."""
    target, _, code = condition.partition("=")
    other, _, item = target.partition(".")
    asked = uses.get(column(other, item or None))
    if asked is None:
        return
    for mine in survey.by_id[question].item_ids:
        use = uses.get(column(question, mine))
        if use is not None:
            said = f"coalesce({asked.value}::VARCHAR = {quoted(code)}, false)"
            yield from staged.fault(
                "base",
                use.name,
                f"{use.given} IS NOT NULL AND NOT {said}",
                f"an answer only where {condition} (base of {question})",
                "answers of others",
                "correct `base` in the folder, if everybody was asked",
            )


def _base_sizes(staged: Staged, uses: Sequence[Use], survey: Survey) -> Iterator[FileError]:
    """Questions that another number of people answered than the folder says were asked."""
    asked = {q.id: q.base.n for q in survey.questions if q.base.n is not None}
    given = {q: [u.given for u in uses if u.what == "question" and u.of == q] for q in asked}
    given = {q: columns for q, columns in given.items() if columns}
    if not given:
        return
    counts = (f"count(*) FILTER (coalesce({', '.join(columns)}) IS NOT NULL)" for columns in given.values())
    for (question, columns), found in zip(
        given.items(), staged.one(f"SELECT {', '.join(counts)} FROM staged"), strict=True
    ):
        if found != asked[question]:
            names = ", ".join(u.name for u in uses if u.what == "question" and u.of == question)
            yield FileError(
                "base",
                names if len(columns) < 4 else f"{len(columns)} columns of {question}",
                "",
                f"{asked[question]} people who answered {question} (its base in the folder)",
                str(found),
                "correct `base.n` in the folder; figures have the file's own base in any case",
            )


def stage(connection: duckdb.DuckDBPyConnection, rows: str) -> Staged:
    """Make the view `staged` of a Parquet file, with row numbers."""
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW staged AS SELECT * EXCLUDE (file_row_number), "
        f"file_row_number + 1 AS {identifier(ROW)} FROM read_parquet({quoted(rows)}, file_row_number = true)"
    )
    return Staged(connection, int(connection.execute("SELECT count(*) FROM staged").fetchall()[0][0]))
