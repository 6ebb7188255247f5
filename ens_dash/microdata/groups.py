"""Columns that are one question: multiple-response sets, and grids of the same answers.

Only what has a shared stem and a number or a letter behind it is ever put together, or what the file
itself defines as a set.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from ens_dash.microdata.missing_codes import NO, YES, Values
from ens_dash.microdata.naming import one_line, plain
from ens_dash.microdata.source import FileColumn, MultipleSet

FEWEST = 3
# `Q7_1`, `q7.1`, `Q7[SQ001]`, `sport1`; and `Q7a`, where a number comes before the letter.
NUMBERED = re.compile(
    r"^(?P<stem>.*?)[\s_.\-\[(]*(?:(?<=[\d\s_.\-\[(])(?:SQ|[rcim]|item|opt))?(?P<number>\d+)[\])]?$",
    re.IGNORECASE,
)
LETTERED = re.compile(r"^(?P<stem>.*\d)[_.\-]?(?P<number>[a-z])$", re.IGNORECASE)
# A stem that a whole questionnaire shares: Q1, Q2, Q3 are three questions.
NO_STEM = frozenset(
    "q qu que quest question questions v var variable x y z c col column colonne champ field item s f".split()
)
CHOSEN = YES | frozenset(
    "cite citee cites mentionne mentionnee mentioned coche cochee checked selected selectionne selectionnee "
    "choisi choisie chosen quoted named concerne".split()
)
NOT_CHOSEN = NO | frozenset(
    (
        "unchecked,unselected,non cite,non citee,pas cite,pas citee,non mentionne,non mentionnee,"
        "not mentioned,non coche,not checked,non selectionne,not selected,not chosen,non choisi,not quoted,"
        "no mention,non concerne"
    ).split(",")
)


@dataclass(frozen=True)
class Group:
    """Columns that become one question. `chosen`: the values that mean "yes", by column, of a set of ticks
    (`kind` "multiple"). `items`: what each column asks about; `wording`: what they all ask. `guessed`: why
    they were put together, "" where the file says it."""

    stem: str
    kind: Literal["multiple", "single"]
    columns: tuple[str, ...]
    chosen: tuple[str, ...]
    items: tuple[str, ...]
    wording: str
    guessed: str


def groups_of(
    columns: Mapping[str, FileColumn],
    values: Mapping[str, Values],
    sets: Collection[MultipleSet],
    numbers: Collection[str],
) -> tuple[Group, ...]:
    """The groups among some columns. `numbers`: those of them that are amounts and no codes.

    A set of categories (first mention, second mention) stays apart: no column of it is one item.
    """
    found: list[Group] = []
    taken: set[str] = {c for s in sets if s.counted is None for c in s.columns}
    for one in sets:
        free = [c for c in one.columns if c in columns and c not in taken]
        names = tuple(c for c in free if values[c].filled)
        if one.counted is None or len(names) < 2:
            continue
        if not told_apart(names, values):
            continue
        chosen = tuple(one.counted for _ in names)
        found.append(_group(one.name.lstrip("$"), "multiple", names, chosen, columns, values, one.label, ""))
        taken |= set(names)
    for stem, alike in stems([c for c in columns if c not in taken and c not in numbers]).items():
        live = tuple(c for c in alike if values[c].filled and values[c].counted)
        if len(live) < FEWEST:
            continue
        guessed = f"one question, because the columns share the stem {stem} and "
        ticks = _ticks(live, values)
        if ticks is not None:
            why = guessed + "two values"
            found.append(_group(stem, "multiple", live, ticks, columns, values, "", why))
        elif _same_answers(live, values):
            found.append(_group(stem, "single", live, (), columns, values, "", guessed + "their answers"))
    return tuple(found)


def stems(names: Collection[str]) -> dict[str, list[str]]:
    """Stem -> the columns that share it, in the file's order."""
    found: dict[str, list[str]] = {}
    for name in names:
        match = NUMBERED.match(name) or LETTERED.match(name)
        stem = match.group("stem").rstrip(" _.-[(") if match else ""
        if stem and plain(stem) not in NO_STEM and re.search(r"[^\W\d_]", stem):
            found.setdefault(stem, []).append(name)
    return found


def numbers_of(names: Collection[str]) -> tuple[str, ...]:
    """What tells the columns of one stem apart: `1`, `2`, `a`."""
    matches = [NUMBERED.match(name) or LETTERED.match(name) for name in names]
    return tuple(m.group("number").lower() if m else "" for m in matches)


def told_apart(names: Collection[str], values: Mapping[str, Values]) -> bool:
    """Whether a column of a set of ticks has another value than the chosen one: where none has, who was not
    asked cannot be told from who did not choose."""
    return any(values[c].distinct > 1 for c in names)


def _codes(names: tuple[str, ...], values: Mapping[str, Values]) -> set[str]:
    return {code for c in names for code, _ in values[c].answers if code not in values[c].unknown}


def _ticks(names: tuple[str, ...], values: Mapping[str, Values]) -> tuple[str, ...] | None:
    """The value that means "chosen" in each column, or None where they are no ticks, or none can tell."""
    codes = _codes(names, values)
    if len(codes) != 2 or sum(values[c].distinct > 1 for c in names) < 2:
        return None
    labels = {code: {plain(values[c].labels.get(code, code)) for c in names} for code in codes}
    yes = [code for code in codes if labels[code] <= CHOSEN]
    no = [code for code in codes if labels[code] <= NOT_CHOSEN]
    if len(yes) == 1 and yes != no:
        return tuple(yes[0] for _ in names)
    if len(no) == 1 and yes != no:
        return tuple(next(iter(codes - set(no))) for _ in names)
    # without a label on 0 there is but one way to read it
    return tuple("1" for _ in names) if codes == {"0", "1"} and labels["0"] == {"0"} else None


def _same_answers(names: tuple[str, ...], values: Mapping[str, Values]) -> bool:
    """Whether all columns have the same answers, more than two of them."""
    answers = [values[c].answers for c in names]
    if any(values[c].labels for c in names):
        # a code without a label may stand in some of them
        named = [values[c].labels for c in names]
        return len(named[0]) > 2 and all(list(a.items()) == list(named[0].items()) for a in named)
    codes = [{code for code, _ in a} for a in answers]
    widest = max(codes, key=len)
    # a rare answer that nobody gives to some item is an answer all the same
    return len(widest) > 2 and all(len(c) > 1 and c <= widest for c in codes)


def _group(
    stem: str,
    kind: Literal["multiple", "single"],
    names: tuple[str, ...],
    chosen: tuple[str, ...],
    columns: Mapping[str, FileColumn],
    values: Mapping[str, Values],
    wording: str,
    guessed: str,
) -> Group:
    labels = [one_line(columns[c].label) for c in names]
    shared, items = parted(labels)
    if len(set(items)) < len(items) and chosen:
        # ticks whose item stands in the label of the chosen value: 1 = "television"
        items = [values[c].labels.get(code, "") for c, code in zip(names, chosen, strict=True)]
    if len(set(items)) < len(items) or not all(items):
        items = [label or name for label, name in zip(labels, names, strict=True)]
        if len(set(items)) < len(items):
            items = list(names)
    return Group(stem, kind, names, chosen, tuple(items), one_line(wording) or shared or stem, guessed)


def parted(labels: list[str]) -> tuple[str, list[str]]:
    """What the labels of a group have in common, and what is left of each; ("", the labels) without a
    mark (`:`, `-`, `?`, brackets) between the two."""
    if not all(labels) or len(set(labels)) < 2:
        return (labels[0] if labels and len(set(labels)) == 1 else ""), list(labels)
    before = re.match(r"^(.*(?:[:?…/|\]]| [-–—] ))\s*", _shared(labels))
    if before:
        rest = [label[before.end() :].strip() for label in labels]
        text = before.group(1).rstrip(" :-–—/|")
        return _unbracketed(text), [_unbracketed(r) for r in rest]
    reverse = _shared([label[::-1] for label in labels])[::-1]
    behind = re.search(r"(?:[:|\]]| [-–—] )\s*(.{10,})$", reverse)
    if behind:
        cut = len(reverse) - behind.start()
        rest = [label[: len(label) - cut].strip() for label in labels]
        return behind.group(1).strip(), [_unbracketed(r) for r in rest]
    return "", list(labels)


def _shared(labels: list[str]) -> str:
    """The beginning that all labels have in common."""
    low, high = min(labels), max(labels)
    same = (i for i, c in enumerate(low) if i >= len(high) or c != high[i])
    return low[: next(same, len(low))]


def _unbracketed(text: str) -> str:
    text = text.strip()
    if text.startswith("[") and "]" not in text[1:-1]:
        return text.strip("[] ")
    return text
