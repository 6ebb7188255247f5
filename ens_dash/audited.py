"""What `python -m ens_dash audit` found, as a file: a frozen value that the statement page reads.

The limits are here too, so that the program that measures and the page that tells judge alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from ens_dash.survey.base import Text

# under data/
RECORD, UPSTREAM = Path("accessibility") / "audit.json", Path("accessibility") / "upstream.yaml"
# bytes of answers on the wire, first visit: the start page (no charts), a page of charts
MOST_BYTES = {"start": 1_200_000, "charts": 2_400_000}
# seconds on the slow phone: the first figures, and all of a page of bars as Streamlit draws it
MOST_SECONDS = {"first_figures": 1.5, "all_light": 8.0}
# Lighthouse's scores, of 100
LEAST_SCORES = {"accessibility": 100, "seo": 100, "best_practices": 95}


class RecordError(ValueError):
    """The file is there and is no record; the message says what is wrong with it."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Finding(_Frozen):
    """One thing that is wrong: by which rule, of which element (a CSS selector), where it was seen.

    `seen`: the visits, as `path lang theme width` (and the layout where it is not the usual one).
    """

    rule: str
    selector: str
    why: str
    impact: str | None = None
    html: str = ""
    seen: tuple[str, ...]


class Upstream(_Frozen):
    """A finding that is not ours to mend: `whose` it is, their issue (None: none found), what was tried.

    `selector` is looked for in a finding's selector and in its HTML; `rule` is the rule's name.
    """

    rule: str
    selector: str
    whose: str
    issue: str | None
    what: Text
    tried: Text

    def covers(self, finding: Finding) -> bool:
        """Whether it is this finding."""
        return self.rule == finding.rule and (
            self.selector in finding.selector or self.selector in finding.html
        )


class Visits(_Frozen):
    """What was looked at: how many pages were opened, and every page, language, theme and width of them."""

    count: int
    pages: tuple[str, ...]
    langs: tuple[str, ...]
    themes: tuple[str, ...]
    widths: tuple[int, ...]


class Axe(_Frozen):
    """axe-core's violations, ours and upstream's; `undecided`: what it leaves to a person, by rule."""

    visits: Visits
    tags: tuple[str, ...]
    ours: tuple[Finding, ...]
    upstream: tuple[Finding, ...]
    undecided: dict[str, int]


class Layout(_Frozen):
    """What does not fit: the rules are scroll, cut, outside (a chart's text), target (too small to touch)."""

    visits: Visits
    findings: tuple[Finding, ...]

    def of(self, *rules: str) -> tuple[Finding, ...]:
        """The findings of some rules."""
        return tuple(f for f in self.findings if f.rule in rules)


class Step(_Frozen):
    """A step of the main task: what was to be done (a key of the texts), whether it could be, and how."""

    step: str
    done: bool
    told: str


class Walk(_Frozen):
    """The main task in one language by one means: `keyboard` or `tree` (the accessibility tree)."""

    means: str
    lang: str
    steps: tuple[Step, ...]

    @property
    def done(self) -> bool:
        """Whether every step was done; a walk that was not begun was not."""
        return bool(self.steps) and all(s.done for s in self.steps)


class Scores(_Frozen):
    """Lighthouse's scores of a page (0-100), and the names of the audits that cost points."""

    page: str
    lang: str
    accessibility: int
    seo: int
    best_practices: int
    performance: int
    failed: tuple[str, ...]

    def short(self) -> dict[str, int]:
        """The scores that are too low."""
        return {k: getattr(self, k) for k, least in LEAST_SCORES.items() if getattr(self, k) < least}


class Load(_Frozen):
    """Bytes on the wire of a first visit, by kind of page, and seconds on the slow phone (None: never)."""

    bytes: dict[str, int]
    seconds: dict[str, float | None]

    def over(self) -> dict[str, float | None]:
        """The figures that are over their limit."""
        heavy: dict[str, float | None] = {
            k: float(v) for k, v in self.bytes.items() if v > MOST_BYTES.get(k, v)
        }
        return heavy | {k: s for k, s in self.seconds.items() if s is None or s > MOST_SECONDS.get(k, s)}


class Record(_Frozen):
    """One audit. A part that was left out is None; `tools`: name -> version of what measured."""

    date: date
    program: str
    survey: str
    release: str
    tools: dict[str, str]
    axe: Axe | None = None
    layout: Layout | None = None
    walks: tuple[Walk, ...] | None = None
    lighthouse: tuple[Scores, ...] | None = None
    load: Load | None = None
    upstream: tuple[Upstream, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts that were left out."""
        return tuple(p for p in PARTS if getattr(self, p) is None)

    @property
    def failing(self) -> tuple[str, ...]:
        """The parts in which something of ours fails."""
        bad = {
            "axe": self.axe is not None and bool(self.axe.ours),
            "layout": self.layout is not None and bool(self.layout.findings),
            "walks": self.walks is not None and not all(w.done for w in self.walks),
            "lighthouse": any(s.short() for s in self.lighthouse or ()),
            "load": self.load is not None and bool(self.load.over()),
        }
        return tuple(p for p in PARTS if bad[p])


PARTS = ("axe", "layout", "walks", "lighthouse", "load")


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding for each rule and selector, with all the places where it was seen."""
    by_kind: dict[tuple[str, str], Finding] = {}
    for found in findings:
        key = (found.rule, found.selector)
        before = by_kind.get(key)
        seen = tuple(dict.fromkeys((*(before.seen if before else ()), *found.seen)))
        by_kind[key] = (before or found).model_copy(update={"seen": seen})
    return tuple(by_kind.values())


def read_record(data: Path) -> Record | None:
    """The record under a data folder; None where there is none.

    Raises:
        RecordError: a file that is no record.
    """
    path = data / RECORD
    if not path.exists():
        return None
    try:
        return Record.model_validate_json(path.read_bytes())
    except (ValidationError, OSError) as error:
        raise RecordError(f"{path.name}: {error}") from error


def written_record(record: Record) -> str:
    """The record as the text of a file; the same record gives the same text."""
    content: dict[str, Any] = record.model_dump(mode="json")
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
