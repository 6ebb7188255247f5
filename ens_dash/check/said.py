"""What a file of ours says of itself, as values: its stamp, its own figures, its charts."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ens_dash.render.stamp import KEY

Kind = Literal["png", "svg", "pdf", "csv", "json", "xlsx", "pptx", "zip"]
# why a file cannot be compared; the keys of texts
Reason = Literal["damaged", "format", "no_stamp", "other_survey", "too_large", "unreadable"]
NUMBERS = ("est", "se", "low", "high", "n", "n_eff", "deff", "df")
STAMPED = ("est", "n")
# a number that is read; None: an empty cell; a text: a cell that holds no number
Number = float | str | None

# a CSV file that a spreadsheet has saved keeps 15 digits of 17, and sums may be added up in another order;
# nothing that a reader could see is that small
RELATIVE = 1e-9
# what no file of ours comes near: bytes, bytes of one member, and of all, when unpacked; members, figures,
# groups, charts, lines of a chart
MOST_BYTES, MOST_MEMBER, MOST_UNPACKED = 64_000_000, 24_000_000, 64_000_000
MOST_MEMBERS, MOST_FIGURES, MOST_GROUPS, MOST_CHARTS, MOST_LINES = 4000, 20_000, 400, 100, 2000
LONGEST_STAMP = 8_000_000


class NotOurs(Exception):
    """A file that cannot be compared: `reason`, and where it helps what was found."""

    def __init__(self, reason: Reason, found: str = "") -> None:
        super().__init__(f"{reason} {found}".strip())
        self.reason, self.found = reason, found


@dataclass(frozen=True)
class Row:
    """A figure as a file has it. `numbers`: those of NUMBERS that this kind of file holds. `hidden`: the file
    calls it so; a row of the command line has its number all the same."""

    question: str
    item: str | None
    answer: str
    segment: str
    origin: str
    numbers: Mapping[str, Number] = field(hash=False)
    hidden: bool = False

    @property
    def key(self) -> tuple[str, str | None, str, str]:
        return self.question, self.item, self.answer, self.segment


@dataclass(frozen=True)
class Chart:
    """What a native chart draws, or the table that one is drawn from: labels, series, a line a label."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[Number, ...], ...]


@dataclass(frozen=True)
class Said:
    """What a file says of itself. `rows`: its own figures where it holds data, otherwise those of its stamp.
    `stamped`: those of the stamp where the file holds data besides. `release` empty: it does not say."""

    kind: Kind
    survey: str
    rows: tuple[Row, ...]
    release: str = ""
    permalink: str = ""
    lang: str = ""
    version: str = ""
    stamped: tuple[Row, ...] | None = None
    charts: tuple[Chart, ...] = ()
    # what stands in two places of the file and is not the same: name, in one, in the other
    torn: tuple[tuple[str, str, str], ...] = ()
    # what a picture draws, as far as it can be read: a plotly figure, or the texts of an SVG
    figure: Mapping[str, Any] | None = field(default=None, hash=False, compare=False)
    texts: tuple[str, ...] | None = field(default=None, compare=False)

    @property
    def picture(self) -> bool:
        """Whether it is drawn: its figures are those of its stamp."""
        return self.kind in ("png", "svg", "pdf") or self.figure is not None


def read_stamp(text: str, kind: Kind) -> Said:
    """The stamp in a file without data of its own.

    Raises:
        NotOurs: it is damaged.
    """
    if len(text) > LONGEST_STAMP:
        raise NotOurs("too_large")
    return stamp_of(parsed(text), kind)


def stamp_of(found: Any, kind: Kind) -> Said:
    """The stamp of a parsed JSON document (`render.stamp.Stamp.document`)."""
    try:
        fields = [_text(name) for name in found["fields"]]
        rows = [row_of(dict(zip(fields, values, strict=True)), STAMPED) for values in found["figures"]]
        return Said(
            kind,
            _text(found["survey"]),
            limited(rows),
            release=_text(found["release"]),
            permalink=_text(found["permalink"]),
            lang=_text(found["lang"]),
            version=_text(found[KEY]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NotOurs("damaged") from error


def parsed(text: str | bytes) -> Any:
    """JSON, whatever the bytes are."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotOurs("damaged") from error


def row_of(values: Mapping[str, Any], numbers: Iterable[str] = NUMBERS) -> Row:
    """A figure of a mapping of columns.

    Raises:
        KeyError, TypeError: a column is missing, or holds no text where one belongs.
    """
    return Row(
        question=_text(values["question"]),
        item=_text(values["item"]) if values["item"] not in (None, "") else None,
        answer=_text(values["answer"]),
        segment=_text(values["segment"] or ""),
        origin=_text(values["origin"]),
        numbers={name: number(values[name]) for name in numbers if name in values},
        hidden=values.get("reliability") == "hidden",
    )


def number(value: Any) -> Number:
    """A cell as a number; a decimal comma is one too: a spreadsheet may have saved the file again."""
    if value is None or value == "":
        return None
    try:
        return float(value.replace(",", ".")) if isinstance(value, str) else float(value)
    except (TypeError, ValueError, OverflowError):
        return str(value)[:40]


def same(a: Number, b: Number) -> bool:
    """Whether two numbers are the same to RELATIVE; two that are not known are."""
    if isinstance(a, str) or isinstance(b, str) or a is None or b is None:
        return a is None and b is None
    return math.isclose(a, b, rel_tol=RELATIVE, abs_tol=0.0)


def limited(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows, if there are no more of them, nor of groups, than a file of ours could have."""
    found = tuple(rows)
    if len(found) > MOST_FIGURES or len({r.segment for r in found}) > MOST_GROUPS:
        raise NotOurs("too_large")
    return found


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected a text, found {type(value).__name__}")
    return value
