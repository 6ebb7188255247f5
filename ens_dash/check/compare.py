"""What a file says of itself, compared with itself and with today's figures."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ens_dash.check.charts import misdrawn
from ens_dash.check.drawn import readable, redrawn
from ens_dash.check.said import MOST_GROUPS, NUMBERS, STAMPED, NotOurs, Number, Reason, Row, Said, same
from ens_dash.check.view import asked_for, segments_of
from ens_dash.estimate.figures import Figure, figures
from ens_dash.render.datafile import leaving
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.survey.filter import Filter, FilterError

Verdict = Literal["same", "changed", "altered", "not_ours"]
# the first nine are about today's release, the others about the file and itself
Change = Literal[
    "number",
    "origin",
    "gone",
    "question_gone",
    "group_gone",
    "new",
    "hidden",
    "shown",
    "drawn",
    "stamp",
    "chart",
    "missing",
    "torn",
]
Group = dict[tuple[str, str | None, str], Figure]
INSIDE: tuple[Change, ...] = ("stamp", "chart", "missing", "torn")


@dataclass(frozen=True)
class Difference:
    """`file`: what the file has; `today`: what today's figures have, or (kinds of INSIDE) what the file has
    in another place. `row` None: it is about the whole file."""

    kind: Change
    column: str
    file: Number
    today: Number
    row: Row | None = None
    origin_today: str = ""
    label: str = ""

    @property
    def simulated(self) -> bool:
        """Whether a number of it is that of a simulated figure."""
        return (self.row is not None and self.row.origin == "simulated") or self.origin_today == "simulated"


@dataclass(frozen=True)
class Result:
    """What came of one file. `reason`: why it could not be compared. `compared`: its figures; `hidden`: those
    of them without a number, in which there is nothing to compare. `drawn`: what is drawn was read too."""

    verdict: Verdict
    today: str
    said: Said | None = None
    reason: Reason | None = None
    found: str = ""
    differences: tuple[Difference, ...] = ()
    compared: int = 0
    hidden: int = 0
    drawn: bool = False

    @property
    def simulated(self) -> bool:
        """Whether a simulated number is in the file; one that is hidden is none."""
        rows = self.said.rows if self.said is not None else ()
        return any(r.origin == "simulated" and r.numbers.get("est") is not None for r in rows)


def not_ours(site: Site, error: NotOurs, said: Said | None = None) -> Result:
    """The result for a file that cannot be compared."""
    return Result("not_ours", site.store.release.id, said, error.reason, error.found)


def compare(said: Said, site: Site, settings: Settings) -> Result:
    """A file against itself, then against today's figures of the same view.

    `altered`: the file contradicts itself, or says that it is of today's release and has other numbers.
    """
    if said.survey and said.survey != site.survey.study.id:
        return not_ours(site, NotOurs("other_survey", said.survey), said)
    release = site.store.release.id
    inside = [*_torn(said, site), *_against_stamp(said), *_charts(said, site, settings)]
    differences = list(_against_today(said, site))
    drawn = readable(said, site) and not inside and not differences
    if drawn:
        differences = list(_redrawn(said, site, settings))
    if inside or (differences and said.release == release):
        verdict: Verdict = "altered"
    else:
        verdict = "changed" if differences else "same"
    hidden = sum(r.numbers.get("est") is None for r in said.rows)
    every = (*inside, *differences)
    return Result(verdict, release, said, None, "", every, len(said.rows), hidden, drawn)


def _torn(said: Said, site: Site) -> Iterator[Difference]:
    """What stands in two places and is not the same, and an address of another view than the figures."""
    for name, value, stamped in said.torn:
        yield Difference("torn", name, value, stamped)
    view, known = asked_for(said, site.survey)
    if not said.permalink or not known:
        return
    strange = [r for r in said.rows if r.segment not in segments_of(view, site.survey)]
    if strange:
        yield Difference("torn", "permalink", said.permalink, strange[0].segment, strange[0])
    lost = [q for q in view.questions if said.rows and not any(r.question == q for r in said.rows)]
    if lost and all(r.question in site.survey.by_id for r in said.rows):
        yield Difference("torn", "permalink", said.permalink, said.rows[0].question, said.rows[0])


def _against_stamp(said: Said) -> Iterator[Difference]:
    """The file's own data against its stamp: every figure of both."""
    if said.stamped is None or said.kind == "pptx":
        return
    mine, stamped = {r.key: r for r in said.rows}, {r.key: r for r in said.stamped}
    for key, row in mine.items():
        other = stamped.get(key)
        if other is None:
            yield Difference("stamp", "est", row.numbers.get("est"), None, row)
            continue
        if row.origin != other.origin:
            yield Difference("stamp", "origin", row.origin, other.origin, row, other.origin)
        for name in STAMPED:
            if not same(row.numbers.get(name), other.numbers.get(name)):
                yield Difference("stamp", name, row.numbers.get(name), other.numbers.get(name), row)
    for key, row in stamped.items():
        if key not in mine:
            yield Difference("missing", "est", None, row.numbers.get("est"), row)


def _charts(said: Said, site: Site, settings: Settings) -> Iterator[Difference]:
    for found in misdrawn(said, site, settings):
        origin = "simulated" if found.simulated else ""
        yield Difference("chart", "est", found.drawn, found.stamped, None, origin, found.label)


def _redrawn(said: Said, site: Site, settings: Settings) -> Iterator[Difference]:
    fictional = any(r.origin == "simulated" and r.numbers.get("est") is not None for r in said.rows)
    origin = "simulated" if fictional else ""
    for found in redrawn(said, site, settings):
        yield Difference("drawn", found.place, found.file, found.today, None, origin, found.place)


def _against_today(said: Said, site: Site) -> Iterator[Difference]:
    """Every figure of the file against today's, then today's figures that the file lacks."""
    survey = site.survey
    wheres: dict[str, Filter | None] = {}
    view, _ = asked_for(said, survey)
    told = dict.fromkeys(r.segment for r in said.rows)
    if view.by is not None and any(told):
        # groups that the address asks for, of which the file has no figure
        told |= dict.fromkeys(s for s in segments_of(view, survey) if s and s != view.where.key)
    if len(told) > MOST_GROUPS:
        raise NotOurs("too_large")
    for segment in told:
        try:
            wheres[segment] = Filter.parse(segment, survey.variables)
        except FilterError:
            wheres[segment] = None
    asked = tuple(q.id for q in survey.questions if any(r.question == q.id for r in said.rows))
    if not said.rows and not (site.simulated and (view.where or view.by)):
        # an answer without figures is right only where all of them are simulated and switched off
        asked = view.questions or tuple(survey.by_id)
        wheres = {view.where.key: view.where}
    groups = {s: _today(asked, where, site) for s, where in wheres.items() if where is not None}
    recomputed = _recomputed(said.rows, asked, site)
    for row in said.rows:
        if row.question not in survey.by_id:
            yield Difference("question_gone", "est", row.numbers.get("est"), None, row)
            continue
        group = groups.get(row.segment)
        if group is None:
            yield Difference("group_gone", "est", row.numbers.get("est"), None, row)
            continue
        figure = (recomputed if _is_recomputed(row, site) else group).get(row.key[:3])
        if figure is None:
            yield Difference("gone", "est", row.numbers.get("est"), None, row)
            continue
        yield from _differences(row, figure)
    for segment, group in groups.items():
        for figure in _lacking(segment, group, said, view.questions):
            n, est = figure.n, leaving(figure).est
            row = Row(*figure.key, segment, figure.origin, {"est": est, "n": n})
            yield Difference("new", "est", None, est, row, figure.origin)


def _today(asked: tuple[str, ...], where: Filter, site: Site) -> Group:
    return {f.key: f for f in site.figures(asked, where)}


def _is_recomputed(row: Row, site: Site) -> bool:
    """Whether a figure is everybody's, computed from simulated respondents: the command line gives it."""
    return row.origin == "simulated" and not row.segment and site.simulated


def _recomputed(rows: Sequence[Row], asked: tuple[str, ...], site: Site) -> Group:
    if not any(_is_recomputed(r, site) for r in rows):
        return {}
    questions = [site.survey.by_id[q] for q in asked]
    return {f.key: f for f in figures(site.store, questions, Filter(), origin="simulated")}


def _differences(row: Row, figure: Figure) -> Iterator[Difference]:
    """A figure of the file against the same one today; of one that is hidden nothing is compared."""
    est = row.numbers.get("est")
    if row.origin != figure.origin:
        yield Difference("origin", "origin", row.origin, figure.origin, row, figure.origin)
    if est is None or not figure.quotable:
        if est is not None and not (row.hidden and same(est, figure.est)):
            yield Difference("hidden", "est", est, None, row, figure.origin)
        elif figure.quotable:
            yield Difference("shown", "est", None, figure.est, row, figure.origin)
        return
    for name in NUMBERS:
        if name not in row.numbers:
            continue
        mine, today = row.numbers[name], getattr(figure, name)
        if figure.origin == "simulated" and name not in STAMPED and mine is None:
            # files leave out how uncertain an invented figure would be
            continue
        if not same(mine, today):
            yield Difference("number", name, mine, today, row, figure.origin)


def _lacking(segment: str, group: Group, said: Said, about: Collection[str]) -> Iterator[Figure]:
    """Today's figures of a question and a group that the file is about, and that it does not have."""
    there = {(r.question, r.segment) for r in said.rows}
    have = {r.key for r in said.rows}
    groups = {r.segment for r in said.rows}
    for key, figure in group.items():
        # a question that is only drawn beside another has one answer in the file; another slide's, none
        beside = bool(about) and figure.question not in about
        elsewhere = segment in groups and (figure.question, segment) not in there
        if (*key, segment) in have or beside or elsewhere:
            continue
        if said.kind != "pptx" or _on_slides(figure, said):
            yield figure


def _on_slides(figure: Figure, said: Said) -> bool:
    """Slides draw what may be quoted, of a question with items one answer an item (`deck.figures_of`)."""
    drawn = {r.answer for r in said.rows if r.question == figure.question and r.item is not None}
    return figure.quotable and (figure.item is None or figure.answer in drawn)
