"""Figures as a CSV file: codes and labels, origin on every row, notes under the data.

A simulated figure leaves with no interval, and its file with a name that says FICTIF.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ens_dash.estimate.figures import Figure
from ens_dash.render.rows import COLUMNS as COLUMNS
from ens_dash.render.rows import empty, figure_row
from ens_dash.store import Release
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.view import filter_sentence

LABELS = ("question_label", "item_label", "answer_label", "segment_label", "origin_label")
# of a figure that the report prints: where it stands, in which words, how the label was read
PRINTED = ("heading", "words", "reading")
# every column of a file, in order; `reason`: why a row has no number
WHY = "reason"
HEADS = (*COLUMNS, *LABELS, *PRINTED, WHY)
# a file's name has a limit (255 bytes on most systems), a filter has none
NAMED_CODES, LONGEST_CODE = 6, 20
# a spreadsheet runs a cell that begins with one of these
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def fictitious(figures: Iterable[Figure]) -> bool:
    """Whether a number of simulated respondents is among the figures: the one rule by which a file is called
    fictitious. A hidden figure has no number, and says why instead."""
    return any(f.origin == "simulated" and f.quotable for f in figures)


def leaving(figure: Figure) -> Figure:
    """The figure as a file or an answer gives it: a simulated one without interval, a hidden one empty."""
    kept = figure.without_uncertainty() if figure.origin == "simulated" else figure
    return kept if kept.quotable else _hidden(kept)


def file_rows(figures: Iterable[Figure], survey: Survey, words: Words) -> list[dict[str, object]]:
    """What every file holds, one figure a row, by the names of HEADS; what is not known is empty."""
    found = []
    for figure in map(leaving, figures):
        codes = {name: empty(value) for name, value in figure_row(figure, survey.study.id).items()}
        why = {WHY: reason(figure, survey, words)}
        found.append(codes | labels(figure, survey, words) | _printed(figure, survey) | why)
    return found


def reason(figure: Figure, survey: Survey, words: Words) -> str:
    """Why a figure has no number, in words; empty where it has one."""
    return "" if figure.quotable else _too_few(figure.segment, survey, words)


def _too_few(segment: str, survey: Survey, words: Words) -> str:
    people = filter_sentence(Filter.parse(segment, survey.variables), survey.variables, words)
    return words("card.too_few", people=people)


def reasons(figures: Iterable[Figure], survey: Survey, words: Words) -> list[str]:
    """Why figures have no number, once for each group that lacks some."""
    hidden = dict.fromkeys(f.segment for f in figures if not f.quotable)
    return [_too_few(segment, survey, words) for segment in hidden]


def csv_file(
    figures: Sequence[Figure],
    survey: Survey,
    release: Release,
    words: Words,
    more: Iterable[str] = (),
    where: Filter | None = None,
) -> bytes:
    """UTF-8 with a byte-order mark, so that a spreadsheet reads the accents; notes follow the data, then
    `more` of them. `where`: as in `notes`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADS)
    for row in file_rows(figures, survey, words):
        writer.writerow([safe(v) for v in row.values()])
    writer.writerow([])
    for note in (*notes(figures, survey, release, words, where), *more):
        writer.writerow([safe(note)])
    return out.getvalue().encode("utf-8-sig")


def notes(
    figures: Iterable[Figure], survey: Survey, release: Release, words: Words, where: Filter | None = None
) -> list[str]:
    """What must go with the numbers wherever they go, in words: origin, filter, why there is no number,
    source, base, interval, and the survey's notes on the questions that the figures are about.

    `where` is the reader's filter; left out, the groups that the figures themselves are about are named.
    """
    figures, study = list(figures), survey.study
    found = [words("data.warning")] if fictitious(figures) else []
    segments = dict.fromkeys(f.segment for f in figures if f.segment)
    groups = [Filter.parse(s, survey.variables) for s in segments] if where is None else [where]
    people = [filter_sentence(g, survey.variables, words) for g in groups if g]
    if people:
        found.append(words("datafile.people", people=" / ".join(people)))
    found += reasons(figures, survey, words)
    interval = words("interval.line" if study.quota_sample else "interval.line_plain")
    found += [words.of(study.citation), words.of(study.universe), interval]
    if study.coverage:
        found.append(words.of(study.coverage))
    asked = {f.question for f in figures}
    beside = {n.id for question in asked for n in survey.notes_on(question)}
    found += [words.of(n.text) for n in survey.notes if n.id in beside]
    return [*found, words("footer.version", version=release.version, release=release.id)]


def file_name(
    stem: str, where: Filter, figures: Iterable[Figure], survey: Survey, words: Words, extension: str
) -> str:
    """`ens_risks_65-plus_FICTIF_2020-07.csv`; of many codes the first, and how many more there are."""
    codes = [code[:LONGEST_CODE] for _, codes in where.terms for code in codes]
    parts = [stem, *codes[:NAMED_CODES]]
    if len(codes) > NAMED_CODES:
        parts.append(f"+{len(codes) - NAMED_CODES}")
    if fictitious(figures):
        parts.append(words("file.fictional"))
    parts.append(f"{survey.study.start:%Y-%m}")
    return (
        "_".join("".join(c if c.isalnum() or c in "-_+" else "-" for c in p) for p in parts) + f".{extension}"
    )


def safe(value: object) -> object:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _hidden(figure: Figure) -> Figure:
    return replace(figure, est=None, se=None, low=None, high=None, n_eff=None, deff=None, df=None)


def labels(figure: Figure, survey: Survey, words: Words) -> dict[str, str]:
    """The texts beside a figure's codes, by the names of LABELS."""
    question = survey.by_id[figure.question]
    where = Filter.parse(figure.segment, survey.variables)
    found = (
        words.of(question.title),
        question.item_label(figure.item, words.lang) if figure.item else "",
        question.answer_label(figure.answer, words.lang),
        filter_sentence(where, survey.variables, words),
        words(f"data.origin.{figure.origin}"),
    )
    return dict(zip(LABELS, found, strict=True))


def _printed(figure: Figure, survey: Survey) -> dict[str, str]:
    """What the report prints of the figure, by the names of PRINTED; empty for one that it does not print."""
    printed = survey.published_by_key.get(figure.key) if figure.origin == "published" else None
    found = (printed.heading, printed.words, printed.reading) if printed else ("",) * len(PRINTED)
    return dict(zip(PRINTED, found, strict=True))
