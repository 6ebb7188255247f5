"""The result of a check, for a person on a terminal and for a program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text as Line

from ens_dash.check.compare import INSIDE, Difference, Result
from ens_dash.check.said import Number, Row, Said
from ens_dash.estimate.reliability import Unit
from ens_dash.survey.filter import Filter, FilterError
from ens_dash.survey.model import MEAN, Survey
from ens_dash.text import Words
from ens_dash.view import filter_sentence

STATUS = {"same": 0, "changed": 1, "altered": 1, "not_ours": 2}
STYLES = {"same": "bold green", "changed": "bold yellow", "altered": "bold red", "not_ours": "bold red"}
LOUD = "bold yellow"
FINEST = 8
SHARES = ("est", "se", "low", "high")
# of what a file holds, text of anybody: no longer than that
LONGEST = 300
# a table on a terminal; --format json has every row
MOST_ROWS = 60


def status(results: Sequence[Result]) -> int:
    """The exit status: that of the worst file."""
    return max((STATUS[r.verdict] for r in results), default=0)


def told(name: str, result: Result, survey: Survey, words: Words) -> RenderableType:
    """What came of a file: the verdict, whose release it is, and what differs."""
    said = result.said
    lines: list[RenderableType] = [Line(_verdict(name, result, words), STYLES[result.verdict])]
    if said is not None:
        lines += [Line(fact) for fact in _facts(said, result, words)]
    if result.verdict == "not_ours" and result.reason is not None:
        lines.append(Line(words(f"check.why.{result.reason}", found=_plain(result.found))))
        return Group(*lines, "")
    if result.simulated:
        lines.append(Line(words("check.fictional"), LOUD))
    for inside in (True, False):
        found = [d for d in result.differences if (d.kind in INSIDE) == inside]
        if found:
            lines.append(_table(found, inside, survey, words))
    return Group(*lines, "")


def _verdict(name: str, result: Result, words: Words) -> str:
    key = result.verdict
    if key == "same" and result.said is not None and result.said.release not in ("", result.today):
        key = "same_other"  # type: ignore[assignment]
    if result.verdict == "same" and result.said is not None and result.said.picture and not result.drawn:
        key = f"{key}_unread"  # type: ignore[assignment]
    text = words(f"check.{key}", n=words.number(len(result.differences)))
    return words("check.line", file=_plain(name), verdict=text)


def _facts(said: Said, result: Result, words: Words) -> Iterator[str]:
    release = _plain(said.release) or words("check.unsaid")
    yield words("check.release", kind=said.kind.upper(), release=release, today=result.today)
    if said.permalink:
        yield words("check.permalink", permalink=_plain(said.permalink))
    if result.verdict == "not_ours":
        return
    n, hidden = words.number(result.compared), words.number(result.hidden)
    yield words("check.compared_hidden" if result.hidden else "check.compared", n=n, hidden=hidden)


def _table(found: Sequence[Difference], inside: bool, survey: Survey, words: Words) -> RenderableType:
    today = words("check.head.elsewhere" if inside else "check.head.today")
    title = words("check.inside" if inside else "check.against")
    table = Table(title=Line(title, "bold"), title_justify="left", box=box.SIMPLE_HEAD)
    heads = (words("check.head.figure"), words("check.head.what"), words("check.head.file"), today)
    for head in (*heads, words("check.head.why")):
        table.add_column(Line(head), overflow="fold")
    for d in found[:MOST_ROWS]:
        file, now = shown(d, words)
        cells = [_figure(d, survey, words), _what(d, words), file, now]
        why = words(f"check.change.{d.kind}")
        table.add_row(*(Line(_plain(c)) for c in (*cells, why)), style=LOUD if d.simulated else None)
    if len(found) <= MOST_ROWS:
        return table
    return Group(table, words("check.more", n=words.number(len(found) - MOST_ROWS)))


def _what(d: Difference, words: Words) -> str:
    return words(f"check.column.{'drawn' if d.kind == 'drawn' else d.column}")


def _figure(d: Difference, survey: Survey, words: Words) -> str:
    """The figure in words where today's survey has them; a simulated one is called fictitious."""
    text = d.label or (_named(d.row, survey, words) if d.row is not None else "")
    return words("check.fictitious", figure=text) if d.simulated else text


def _named(row: Row, survey: Survey, words: Words) -> str:
    question = survey.by_id.get(row.question)
    if question is None:
        parts = [row.question, row.item or "", row.answer, row.segment]
    else:
        parts = [row.question]
        parts += [question.item_label(row.item, words.lang)] if row.item else []
        parts += [question.answer_label(row.answer, words.lang)] if row.answer != MEAN else []
        parts.append(_people(row.segment, survey, words))
    return " · ".join(filter(None, parts))


def _people(segment: str, survey: Survey, words: Words) -> str:
    if not segment:
        return ""
    try:
        where = Filter.parse(segment, survey.variables)
    except FilterError:
        return segment
    return filter_sentence(where, survey.variables, words)


def shown(d: Difference, words: Words) -> tuple[str, str]:
    """The two values as a reader sees them, with as many decimals as it takes to tell them apart."""
    unit: Unit = "mean" if d.row is not None and d.row.answer == MEAN else "proportion"
    if d.column == "origin":
        return _origin(d.file, words), _origin(d.today, words)
    if d.column not in (*SHARES, "n", "n_eff", "deff", "df"):
        return str(d.file or ""), str(d.today or "")
    for decimals in range(FINEST + 1):
        file, today = (_value(v, d.column, unit, decimals, words) for v in (d.file, d.today))
        if file != today:
            return file, today
    return str(d.file), str(d.today)


def _value(value: Number, column: str, unit: Unit, decimals: int, words: Words) -> str:
    if value is None:
        return words("figure.none")
    if isinstance(value, str):
        return value
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    if column in SHARES and unit == "proportion":
        return words.percent(value, decimals)
    return words.number(value, max(decimals, 1) if column in SHARES else decimals)


def _origin(value: Number, words: Words) -> str:
    known = ("published", "simulated", "microdata")
    return words(f"cli.origin.{value}") if value in known else str(value or "")


def _plain(text: str) -> str:
    """One line of what may be anybody's text, without signs that would steer a terminal."""
    kept = "".join(c if c.isprintable() or c in "\u00a0\u202f" else " " for c in text)
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 1] + "…"


def document(name: str, result: Result) -> dict[str, Any]:
    """The same for a program: codes, and numbers in full."""
    said = result.said
    found: dict[str, Any] = {
        "file": name,
        "verdict": result.verdict,
        "reason": result.reason,
        "release_today": result.today,
        "compared": result.compared,
        "hidden": result.hidden,
        "drawing_read": result.drawn,
        "fictitious": result.simulated,
    }
    for field in ("kind", "survey", "release", "version", "permalink", "lang"):
        found[field] = (getattr(said, field) or None) if said is not None else None
    found["differences"] = [_difference(d) for d in result.differences]
    return found


def _difference(d: Difference) -> dict[str, Any]:
    row = d.row
    codes = {name: getattr(row, name, None) for name in ("question", "item", "answer", "segment", "origin")}
    return {
        "change": d.kind,
        "inside": d.kind in INSIDE,
        **codes,
        "label": d.label or None,
        "column": d.column,
        "file": _finite(d.file),
        "today": _finite(d.today),
        "origin_today": d.origin_today or None,
        "fictitious": d.simulated,
    }


def _finite(value: Number) -> Number:
    """JSON has no infinity."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    return value
