"""Figures as a CSV file: codes and labels, origin on every row, notes above the data's end.

A simulated figure leaves with no interval, and its file with a name that says FICTIF.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

from ens_dash.estimate.figures import Figure
from ens_dash.store import Release
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.view import filter_sentence

COLUMNS = (
    "survey question item answer segment est se low high n n_eff deff df unit reliability origin".split()
)
LABELS = ("question_label", "item_label", "answer_label", "segment_label", "origin_label")
# a spreadsheet runs a cell that begins with one of these
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def figure_row(figure: Figure, survey: str) -> dict[str, object]:
    """A figure as the columns of the command line and of files; a value that is not known is empty."""
    row = {"survey": survey} | asdict(figure)
    return {c: "" if row[c] is None else row[c] for c in COLUMNS}


def csv_file(figures: Sequence[Figure], survey: Survey, release: Release, words: Words) -> bytes:
    """UTF-8 with a byte-order mark, so that a spreadsheet reads the accents; notes follow the data."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*COLUMNS, *LABELS])
    for figure in figures:
        kept = figure.without_uncertainty() if figure.origin == "simulated" else figure
        if not kept.quotable:
            kept = _hidden(kept)
        row = figure_row(kept, survey.study.id)
        writer.writerow([safe(v) for v in (*row.values(), *_labels(kept, survey, words))])
    writer.writerow([])
    for note in notes(figures, survey, release, words):
        writer.writerow([safe(note)])
    return out.getvalue().encode("utf-8-sig")


def notes(figures: Iterable[Figure], survey: Survey, release: Release, words: Words) -> list[str]:
    """Source, base, interval and origin, in words: what must go with the numbers wherever they go."""
    study = survey.study
    found = [words.of(study.citation), words.of(study.universe), words("interval.line")]
    if any(f.origin == "simulated" for f in figures):
        found.insert(0, words("data.warning"))
    if study.coverage:
        found.append(words.of(study.coverage))
    return [*found, words("footer.version", version=release.version, release=release.id)]


def file_name(
    stem: str, where: Filter, figures: Iterable[Figure], survey: Survey, words: Words, extension: str
) -> str:
    """`ens_risks_65-plus_FICTIF_2020-07.csv`."""
    parts = [stem, *(code for _, codes in where.terms for code in codes)]
    if any(f.origin == "simulated" for f in figures):
        parts.append(words("file.fictional"))
    parts.append(f"{survey.study.start:%Y-%m}")
    return (
        "_".join("".join(c if c.isalnum() or c in "-_" else "-" for c in p) for p in parts) + f".{extension}"
    )


def safe(value: object) -> object:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _hidden(figure: Figure) -> Figure:
    return replace(figure, est=None, se=None, low=None, high=None, n_eff=None, deff=None, df=None)


def _labels(figure: Figure, survey: Survey, words: Words) -> list[str]:
    question = survey.by_id[figure.question]
    where = Filter.parse(figure.segment, survey.variables)
    return [
        words.of(question.title),
        question.item_label(figure.item, words.lang) if figure.item else "",
        question.answer_label(figure.answer, words.lang),
        filter_sentence(where, survey.variables, words),
        words(f"data.origin.{figure.origin}"),
    ]
