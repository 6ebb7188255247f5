"""The native charts of a file against the figures that its stamp says it shows.

A chart is matched by its labels, so that two numbers that have changed places are found; a label that
somebody has worded anew is matched by its place. A chart that was taken out is no contradiction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ens_dash.check.said import Chart, Number, Row, Said, same
from ens_dash.check.view import asked_for
from ens_dash.estimate.figures import Figure
from ens_dash.export import extract_of
from ens_dash.render.extract import Extract, Grid, grid
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.survey.base import LANGS, Lang
from ens_dash.survey.filter import Filter, FilterError
from ens_dash.survey.model import MEAN, Question
from ens_dash.view import View

# what drawing adds to a label
SIGNS = " \u00a0\u202f◆–—-…."
SHORTEST = 12


@dataclass(frozen=True)
class Misdrawn:
    """A number that a chart draws and the stamp has not: its label in the chart, drawn, stamped."""

    label: str
    simulated: bool
    drawn: Number
    stamped: Number


def misdrawn(said: Said, site: Site, settings: Settings) -> Iterator[Misdrawn]:
    """Figures that a chart of the file draws otherwise than its stamp has them.

    Where today's survey has no such question or group any more there is nothing to match a chart by.
    """
    stamped = said.stamped if said.stamped is not None else said.rows
    expected = list(_expected(said, stamped, site, settings))
    if not expected:
        return
    for chart in said.charts:
        found = [list(_mismatches(chart, e)) for e in expected]
        yield from min(found, key=len)


def _expected(said: Said, stamped: Sequence[Row], site: Site, settings: Settings) -> Iterator[Grid]:
    view, _ = asked_for(said, site.survey)
    view = replace(view, lang=next((code for code in LANGS if code == said.lang), view.lang))
    if said.kind == "pptx":
        for entry in view.briefing:
            yield from _slide(entry.question, replace(view, where=entry.where), stamped, site, settings)
        return
    for question in dict.fromkeys(r.question for r in stamped):
        if question in site.survey.by_id:
            table = _grid(question, view, stamped, site, settings)
            if table is not None:
                yield table


def _slide(
    question: str, view: View, stamped: Sequence[Row], site: Site, settings: Settings
) -> Iterator[Grid]:
    """As `slide_chart.drawn` has it, for both: with the group's figures and, where they are not drawn,
    without."""
    view = replace(view, by=None)
    kept = [r for r in stamped if r.segment in ("", view.where.key)]
    for rows in (kept, [r for r in kept if not r.segment]):
        full = _grid(question, view, rows, site, settings)
        if full is None:
            continue
        columns = [i for i in range(len(full.columns)) if any(line[i] is not None for line in full.values)]
        lines = list(zip(full.rows, full.values, strict=True))
        if full.unit != "mean":
            lines.sort(key=lambda line: -next((v for v in line[1] if v is not None), 0.0))
        yield replace(
            full,
            rows=tuple(_named(label, question, view.lang, site) for label, _ in lines),
            columns=tuple(full.columns[i] for i in columns),
            fictional=tuple(full.fictional[i] for i in columns),
            values=tuple(tuple(values[i] for i in columns) for _, values in lines),
        )


def _named(label: str, question: str, lang: Lang, site: Site) -> str:
    """A sum of answers is called so on a slide."""
    nets = {net.label.of(lang) for net in site.survey.by_id[question].nets}
    return site.words[lang]("figure.net", net=label) if label in nets else label


def _grid(question: str, view: View, stamped: Sequence[Row], site: Site, settings: Settings) -> Grid | None:
    rows = [r for r in stamped if r.question == question]
    asked = site.survey.by_id[question]
    try:
        figures = tuple(_figure(r, asked) for r in rows)
        for row in rows:
            Filter.parse(row.segment, site.survey.variables)
    except (FilterError, ValueError):
        return None
    if not figures:
        return None
    extract: Extract = replace(extract_of(site, question, view, settings), figures=figures)
    return grid(extract)


def _figure(row: Row, question: Question) -> Figure:
    """A stamped figure as one to be drawn again.

    Raises:
        ValueError: its number is none, or its origin is not known.
    """
    est, n = row.numbers.get("est"), row.numbers.get("n")
    if isinstance(est, str) or isinstance(n, str) or row.item not in question.item_ids:
        raise ValueError(row.key)
    if row.origin not in ("published", "simulated", "microdata"):
        raise ValueError(row.origin)
    return Figure(
        question=row.question,
        item=row.item,
        answer=row.answer,
        segment=row.segment,
        est=est,
        se=None,
        low=None,
        high=None,
        n=None if n is None else int(n),
        n_eff=None,
        deff=None,
        df=None,
        unit="mean" if row.answer == MEAN else "proportion",
        reliability="hidden" if est is None else "shown",
        origin=row.origin,  # type: ignore[arg-type]
    )


def _mismatches(chart: Chart, table: Grid) -> Iterator[Misdrawn]:
    lines, columns = _places(chart.rows, table.rows), _places(chart.columns, table.columns)
    for label, line, values in zip(chart.rows, lines, chart.values, strict=True):
        for name, column, drawn in zip(chart.columns, columns, values, strict=True):
            if drawn is None:
                continue
            stamped = table.values[line][column] if line is not None and column is not None else None
            if not same(drawn, stamped):
                simulated = column is not None and table.fictional[column]
                yield Misdrawn(f"{label} – {name}", simulated, drawn, stamped)


def _places(found: Sequence[str], known: Sequence[str]) -> list[int | None]:
    """The place of each label among those that are known; of one that is not, its own place."""
    plain = [_plain(label) for label in known]
    places: list[int | None] = []
    for i, label in enumerate(map(_plain, found)):
        exact = [j for j, other in enumerate(plain) if other == label]
        # a long label is drawn cut
        begun = [j for j, other in enumerate(plain) if len(label) >= SHORTEST and other.startswith(label)]
        matches = exact or begun
        if len(matches) == 1:
            places.append(matches[0])
        else:
            places.append(i if i < len(known) and (not matches or i in matches) else None)
    return places


def _plain(label: str) -> str:
    return " ".join(label.split()).strip(SIGNS).casefold()
