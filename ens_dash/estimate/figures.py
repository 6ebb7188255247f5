"""The figures of a view: the one place where a number gets its origin.

For everybody, on a simulated survey, a figure is the report's own, with its indicative interval; in a
segment it is simulated. On an imported survey every figure is microdata. Nothing downstream computes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ens_dash.estimate.cells import Cell, Frame
from ens_dash.estimate.proportion import Estimate, Method, mean, proportion, published_interval
from ens_dash.estimate.reliability import Reliability, Unit, reliability
from ens_dash.estimate.sums import AnswerSums, Parts, answer_sums, frame_of, number_cells
from ens_dash.store import Store
from ens_dash.survey.base import Origin
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import MEAN, Question, Survey, column
from ens_dash.survey.report import PublishedFigure

# the segment of those who are not in a filter
REST = "rest"


@dataclass(frozen=True)
class Figure:
    """One number, with all that must never be parted from it.

    `est` is a proportion (0-1) or a mean, as `unit` says; `segment` the key of the filter, empty for
    everybody; `n` the unweighted base (None where the report prints none); None: not known.
    """

    question: str
    item: str | None
    answer: str
    segment: str
    est: float | None
    se: float | None
    low: float | None
    high: float | None
    n: int | None
    n_eff: float | None
    deff: float | None
    df: int | None
    unit: Unit
    reliability: Reliability
    origin: Origin

    @property
    def key(self) -> tuple[str, str | None, str]:
        return self.question, self.item, self.answer

    @property
    def quotable(self) -> bool:
        """Whether the number may be shown at all."""
        return self.est is not None and self.reliability != "hidden"

    def without_uncertainty(self) -> Figure:
        """The same figure with no interval: what a file or a page gives of a simulated one."""
        return replace(self, se=None, low=None, high=None, n_eff=None, deff=None, df=None)


def published_figures(
    survey: Survey, questions: Iterable[Question], method: Method = "beta"
) -> tuple[Figure, ...]:
    """What the report prints of these questions, in their order, with indicative intervals.

    A percentage whose base is not known, and a mean, have no interval.
    """
    found = []
    for question in questions:
        for item in question.item_ids:
            for answer in question.nets_by_code:
                printed = survey.published_by_key.get((question.id, item, answer))
                if printed is None:
                    continue
                found.append(_published(printed, printed.base_n or question.base.n, method))
    return tuple(found)


def sample_figures(
    store: Store,
    questions: Sequence[Question],
    parts: Parts,
    segments: dict[str, str],
    method: Method = "beta",
) -> tuple[Figure, ...]:
    """Figures computed from the release's respondents, part by part; `segments` names each part's filter.

    A simulated figure exists only where the report prints one for everybody: nothing else was built in.
    """
    frame = frame_of(store)
    columns = {column(q.id, item): q for q in questions for item in q.item_ids}
    coded = {c: q for c, q in columns.items() if q.kind != "number"}
    sums = answer_sums(store, list(coded), parts, {c: q.stored_codes for c, q in coded.items()})
    numbers = number_cells(store, [c for c in columns if c not in coded], parts)
    found: list[Figure] = []
    for part, segment in segments.items():
        for question in questions:
            for item in question.item_ids:
                c = column(question.id, item)
                answers = _estimates(question, sums.get((c, part)), numbers.get((c, part)), frame, method)
                for answer, estimate in answers:
                    if unprinted_simulation(store, question, item, answer):
                        continue
                    found.append(_figure(question, item, answer, segment, estimate, store.release.origin))
    return tuple(found)


def unprinted_simulation(store: Store, question: Question, item: str | None, answer: str) -> bool:
    """Whether a figure would be simulated where the report prints none to simulate."""
    printed = (question.id, item, answer) in store.survey.published_by_key
    return store.release.origin == "simulated" and not printed


def _published(printed: PublishedFigure, n: int | None, method: Method) -> Figure:
    unit: Unit = "mean" if printed.unit == "mean" else "proportion"
    se: float | None = None
    low: float | None = None
    high: float | None = None
    if unit == "proportion" and n is not None:
        se, low, high = published_interval(printed.est, n, method)
    return Figure(
        question=printed.question,
        item=printed.item,
        answer=printed.answer,
        segment="",
        est=printed.est,
        se=se,
        low=low,
        high=high,
        n=n,
        n_eff=None,
        deff=None,
        df=None,
        unit=unit,
        reliability="shown",
        origin="published",
    )


def _estimates(
    question: Question, sums: AnswerSums | None, number: Cell | None, frame: Frame, method: Method
) -> Iterator[tuple[str, Estimate]]:
    if sums is not None:
        for answer, parts in question.nets_by_code.items():
            yield answer, proportion(sums.cell(parts), frame, method=method)
    if number is not None:
        yield MEAN, mean(number, frame)


def _figure(
    question: Question, item: str | None, answer: str, segment: str, estimate: Estimate, origin: Origin
) -> Figure:
    unit: Unit = "mean" if question.kind == "number" else "proportion"
    e = estimate
    return Figure(
        question=question.id,
        item=item,
        answer=answer,
        segment=segment,
        est=e.est,
        se=e.se,
        low=e.low,
        high=e.high,
        n=e.n,
        n_eff=e.n_eff,
        deff=e.deff,
        df=e.df,
        unit=unit,
        reliability=reliability(e.est, e.low, e.high, e.n, e.n_eff, e.df, unit),
        origin=origin,
    )


def rest_figures(store: Store, questions: Sequence[Question], where: Filter) -> tuple[Figure, ...]:
    """The figures of everybody who is not in the filter; their segment is "rest"."""
    return sample_figures(store, questions, Parts.against(where, None), {"b": REST})


def figures(
    store: Store,
    questions: Sequence[Question],
    where: Filter,
    by: str | None = None,
    origin: Origin | None = None,
    method: Method = "beta",
) -> tuple[Figure, ...]:
    """The figures of some questions among the respondents of a filter, or for each segment of `by`.

    `origin` asks for one kind of figure; left out, it is the report's own for everybody on a simulated
    survey, and the respondents' otherwise. An origin that the release does not have gives no figure.
    """
    survey = store.survey
    real = store.release.origin
    if origin is None:
        origin = "published" if real == "simulated" and not where and by is None else real
    if origin == "published":
        return published_figures(survey, questions, method) if not where and by is None else ()
    if origin != real:
        return ()
    if by is None:
        return sample_figures(store, questions, Parts.of(where), {"in": where.key}, method)
    codes = [s.code for s in survey.variables_by_id[by].segments]
    if by in where.codes:
        codes = [c for c in codes if c in where.codes[by]]
    segments = {c: where.with_codes(survey.variables, **{by: (c,)}).key for c in codes}
    return sample_figures(store, questions, Parts.by(where, by, codes), segments, method)
