"""The statement on accessibility, told from the record of the last audit: it has no figure of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from ens_dash.audited import LEAST_SCORES, MOST_BYTES, MOST_SECONDS, Record, Upstream, Visits
from ens_dash.render.method import html_table
from ens_dash.text import Words

UNTESTED = ("people", "rgaa", "browsers", "files")


@dataclass(frozen=True)
class Running:
    """What the site runs now, to be held against the record; `contact` as its operator gives it, or ""."""

    program: str
    release: str
    contact: str


@dataclass(frozen=True)
class Result:
    """A line of the results: what was checked, found and wanted, in words."""

    check: str
    found: str
    wanted: str
    holds: bool


@dataclass(frozen=True)
class Fault:
    """Something of ours that is wrong: in words, and as the tool that found it says it, in English."""

    text: str
    technical: str = ""


def statement(record: Record | None, running: Running, words: Words, readable: bool = True) -> str:
    """The page below its title (HTML). `record` None: there is none, or it is not `readable`."""
    parts = [_p(words("accessibility.intro")), _h2(words("accessibility.state.title"))]
    if record is None:
        parts.append(_p(words(f"accessibility.state.{'missing' if readable else 'unreadable'}")))
        parts.append(_p(words("accessibility.state.rgaa")))
    else:
        parts += [_p(line) for line in _state(record, running, words)]
        parts += [_h2(words("accessibility.results.title")), _results_table(record, words)]
        parts += [_h2(words("accessibility.faults.title")), _faults(record, words)]
    parts += [_h2(words("accessibility.untested.title"))]
    parts.append(_list(escape(words(f"accessibility.untested.{name}")) for name in UNTESTED))
    if record is not None:
        parts += [_h2(words("accessibility.how.title")), _how(record, words)]
    parts += [_h2(words("accessibility.report.title")), _p(words("accessibility.report.ask"))]
    parts.append(_contact(running.contact, words))
    return "".join(parts)


def results(record: Record, words: Words) -> tuple[Result, ...]:
    """What was measured, against what is wanted; parts that were left out are not there."""
    found: list[Result] = []

    def none(name: str, n: int, judged: bool = True) -> None:
        wanted = words.number(0) if judged else ""
        found.append(
            Result(words(f"accessibility.check.{name}"), words.number(n), wanted, not judged or n == 0)
        )

    if record.axe is not None:
        none("axe", len(record.axe.ours))
        none("upstream", len(record.axe.upstream), judged=False)
    if record.layout is not None:
        none("scroll", len(record.layout.of("scroll")))
        none("cut", len(record.layout.of("cut", "outside", "overlap")))
        none("target", len(record.layout.of("target")))
        none("unreached", len(record.layout.of("unreached")))
    for means in dict.fromkeys(w.means for w in record.walks or ()):
        walks = [w for w in record.walks or () if w.means == means]
        done, every = sum(w.done for w in walks), len(walks)
        told = words("accessibility.results.of", n=done, all=every)
        wanted = words("accessibility.results.of", n=every, all=every)
        found.append(Result(words(f"accessibility.check.{means}"), told, wanted, done == every))
    for name, least in LEAST_SCORES.items() if record.lighthouse else ():
        lowest = min(getattr(s, name) for s in record.lighthouse or ())
        wanted = words("accessibility.results.least", n=words.number(least))
        found.append(
            Result(words(f"accessibility.check.{name}"), words.number(lowest), wanted, lowest >= least)
        )
    return (*found, *_load(record, words))


def _load(record: Record, words: Words) -> Iterable[Result]:
    if record.load is None:
        return
    for name, size in record.load.bytes.items():
        told, most = (
            words("accessibility.results.megabytes", n=words.number(b / 1e6, 2))
            for b in (size, MOST_BYTES[name])
        )
        wanted = words("accessibility.results.most", n=most)
        yield Result(words(f"accessibility.check.{name}"), told, wanted, size <= MOST_BYTES[name])
    for name, seconds in record.load.seconds.items():
        told = words("accessibility.results.never")
        if seconds is not None:
            told = words("accessibility.results.seconds", n=words.number(seconds, 1))
        limit = words("accessibility.results.seconds", n=words.number(MOST_SECONDS[name], 1))
        wanted = words("accessibility.results.most", n=limit)
        holds = seconds is not None and seconds <= MOST_SECONDS[name]
        yield Result(words(f"accessibility.check.{name}"), told, wanted, holds)


def _state(record: Record, running: Running, words: Words) -> Iterable[str]:
    if record.program != running.program:
        yield words("accessibility.state.older", then=record.program, now=running.program)
    elif record.release != running.release:
        yield words("accessibility.state.other_release", then=record.release, now=running.release)
    failing = [words(f"accessibility.part.{p}") for p in record.failing]
    if failing:
        yield words("accessibility.state.failing", parts=words.both(failing))
    else:
        yield words("accessibility.state.passed")
    if record.missing:
        left_out = words.both(words(f"accessibility.part.{p}") for p in record.missing)
        yield words("accessibility.state.left_out", parts=left_out)
    if record.axe is not None and record.axe.upstream:
        yield words("accessibility.state.upstream", n=words.number(len(record.axe.upstream)))
    yield words("accessibility.state.rgaa")


def _results_table(record: Record, words: Words) -> str:
    heads = [words(f"accessibility.results.{name}") for name in ("check", "found", "wanted", "holds")]
    said = {True: words("accessibility.results.yes"), False: words("accessibility.results.no")}
    rows = [(r.check, r.found, r.wanted, said[r.holds] if r.wanted else "") for r in results(record, words)]
    return html_table(heads, rows, words("accessibility.results.title"))


def _faults(record: Record, words: Words) -> str:
    ours, theirs = list(faults(record, words)), _theirs(record)
    parts = []
    if not ours and not theirs:
        parts.append(_p(words("accessibility.faults.none")))
    if ours:
        parts.append(f"<h3>{escape(words('accessibility.faults.ours'))}</h3>")
        parts.append(_list(_fault(f) for f in ours))
    if theirs:
        parts.append(f"<h3>{escape(words('accessibility.faults.theirs'))}</h3>")
        parts.append(_list(_upstream(u, words) for u in theirs))
    if record.axe is not None and record.axe.undecided:
        n, rules = sum(record.axe.undecided.values()), ", ".join(record.axe.undecided)
        parts.append(_p(words("accessibility.faults.undecided", n=words.number(n), rules=rules)))
    return "".join(parts)


def faults(record: Record, words: Words) -> Iterable[Fault]:
    """Everything of ours that is wrong."""
    findings = (record.axe.ours if record.axe else ()) + (record.layout.findings if record.layout else ())
    for f in findings:
        n = words.number(len(f.seen))
        text = words("accessibility.faults.line", rule=f.rule, n=n, first=f.seen[0])
        yield Fault(text, f"{f.selector}: {f.why}")
    for walk in record.walks or ():
        for step in walk.steps:
            if not step.done:
                means, name = (
                    words(f"accessibility.means.{walk.means}"),
                    words(f"accessibility.step.{step.step}"),
                )
                lang = words(f"language.name_{walk.lang}")
                text = words("accessibility.faults.step", means=means, lang=lang, step=name)
                yield Fault(text, step.told)
    for scores in record.lighthouse or ():
        if scores.short():
            failed = ", ".join(scores.failed) or ", ".join(f"{k} {v}" for k, v in scores.short().items())
            yield Fault(words("accessibility.faults.score", page=scores.page), failed)
    for result in _load(record, words):
        if not result.holds:
            yield Fault(words("accessibility.faults.over", check=result.check, found=result.found))


def _fault(fault: Fault) -> str:
    technical = f' <code lang="en">{escape(fault.technical)}</code>' if fault.technical else ""
    return escape(fault.text) + technical


def _theirs(record: Record) -> list[Upstream]:
    """What is named as upstream's, of what the audit has seen."""
    seen = record.axe.upstream if record.axe is not None else ()
    return [u for u in record.upstream if any(u.covers(f) for f in seen)]


def _upstream(named: Upstream, words: Words) -> str:
    what = escape(words("accessibility.faults.whose", what=words.of(named.what), whose=named.whose))
    issue = escape(words("accessibility.faults.no_issue"))
    if named.issue:
        url = escape(named.issue)
        issue = f'<a href="{url}">{escape(words("accessibility.faults.issue"))}</a> ({url}).'
    tried = escape(words("accessibility.faults.tried", tried=words.of(named.tried)))
    return f"{what} {issue} {tried} <code>{escape(named.rule)}</code>"


def _how(record: Record, words: Words) -> str:
    told = {
        "date": words.day(record.date),
        "program": record.program,
        "release": record.release,
        "tools": ", ".join(f"{name} {version}" for name, version in record.tools.items()),
        "axe": _visits(record.axe.visits, words) if record.axe else "",
        "layout": _visits(record.layout.visits, words) if record.layout else "",
    }
    entries = "".join(
        f"<dt>{escape(words(f'accessibility.how.{name}'))}</dt><dd>{escape(text)}</dd>"
        for name, text in told.items()
        if text
    )
    return f'<dl class="facts">{entries}</dl>{_p(words("accessibility.how.command"))}'


def _visits(visits: Visits, words: Words) -> str:
    return words(
        "accessibility.how.visits",
        count=words.number(visits.count),
        pages=words.number(len(visits.pages)),
        langs=words.both(words(f"language.name_{lang}") for lang in visits.langs),
        themes=words.both(words(f"accessibility.how.{theme}") for theme in visits.themes),
        widths=words.both(words.number(w) for w in visits.widths),
    )


def _contact(contact: str, words: Words) -> str:
    if not contact:
        return _p(words("accessibility.report.nobody"))
    shown = escape(contact)
    if contact.startswith(("https://", "http://")):
        shown = f'<a href="{shown}">{shown}</a>'
    elif "@" in contact:
        shown = f'<a href="mailto:{shown}">{shown}</a>'
    return f"<p>{escape(words('accessibility.report.contact'))} {shown}</p>"


def _h2(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def _p(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _list(items: Iterable[str] | Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
