"""The placeholders of a finding: figures that a text of the survey folder leaves open.

- `{share:ANSWER}` or `{share:ITEM.ANSWER}`: a percentage
- `{adults:ANSWER}` or `{adults:ITEM.ANSWER}`: a percentage of the adults, in words
- `{mean:ITEM}` or `{mean}`: the mean of a question that asks for a number
- `{top}`: the item named most

How they are filled in stands in `ens_dash.render.sentence`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ens_dash.survey.model import MEAN, Question

KINDS = ("share", "mean", "adults", "top")
PLACEHOLDER = re.compile(r"\{(" + "|".join(KINDS) + r")(?::([^}]*))?\}")
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")


@dataclass(frozen=True)
class WrongPlaceholder:
    """A placeholder that no figure can fill: as written, what was expected, what was found, what there is."""

    placeholder: str
    expected: str
    found: str
    known: tuple[str, ...]


def target(kind: str, argument: str) -> tuple[str | None, str]:
    """The item and the answer that a placeholder names. An item is None where the question has none."""
    if kind == "mean":
        return argument or None, MEAN
    item, _, answer = argument.rpartition(".")
    return item or None, answer


def wrong_placeholders(text: str, question: Question) -> Iterator[WrongPlaceholder]:
    """What in a text is in braces and names no figure of the question."""
    for braces in _BRACES.findall(text):
        found = PLACEHOLDER.fullmatch(braces)
        if found is None:
            kind = braces.strip("{}").partition(":")[0]
            yield WrongPlaceholder(braces, "a placeholder", kind, KINDS)
            continue
        kind, argument = found.group(1), found.group(2) or ""
        if kind == "top":
            if argument:
                yield WrongPlaceholder(braces, "{top} alone", argument, ())
            continue
        if (kind == "mean") != (question.kind == "number"):
            fitting = ("mean", "top") if question.kind == "number" else ("share", "adults", "top")
            expected = f"a placeholder for a question of kind {question.kind}"
            yield WrongPlaceholder(braces, expected, kind, fitting)
            continue
        item, answer = target(kind, argument)
        if item not in question.item_ids:
            known = _named(question.item_ids)
            expected = "an item of the question" if known else "no item: the question has none"
            yield WrongPlaceholder(braces, expected, item or "nothing", known)
        if answer not in question.nets_by_code:
            yield WrongPlaceholder(braces, "an answer of the question", answer, _named(question.nets_by_code))


def _named(ids: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(i for i in ids if i is not None)
