"""Checks between the entries of a survey folder: every reference leads somewhere, nets add up."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from ens_dash.survey.base import LANGS, Text
from ens_dash.survey.claim import parse_claim
from ens_dash.survey.errors import FolderError
from ens_dash.survey.filter import RESERVED, Filter, FilterError
from ens_dash.survey.finding import wrong_placeholders
from ens_dash.survey.model import MEAN, Question, Survey, column

# A printed percentage is rounded: a net may differ from the sum of its printed parts by this much.
ROUNDING_POINTS = 1.0
# Of many known names a hint has the first of them.
HINTED = 20
# Where a list could not be read at all, this is what every reference to it is said to miss.
MISSES = {
    "questions/": ("a known question",),
    "survey.yaml": ("a known theme",),
    "segments.yaml": ("a segment variable", "a known variable"),
    "pages.yaml": ("a known page",),
}


def check_references(survey: Survey) -> list[FolderError]:
    """Every reference that leads nowhere, every duplicate id, every net that is not the sum of its parts."""
    checks: tuple[Callable[[Survey], Iterable[FolderError]], ...] = (
        _duplicates,
        _questions,
        _published,
        _references_to_questions,
        _statements,
        _pages,
        _claims,
    )
    return list(chain.from_iterable(check(survey) for check in checks))


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names the known words closest to `word`, or all of them where there are few."""
    known = list(known)
    close = difflib.get_close_matches(word, known, n=3)
    if close:
        return "did you mean " + " or ".join(close) + "?"
    return "known: " + ", ".join(known[:HINTED]) + (", …" if len(known) > HINTED else "") if known else ""


def unknown(file: str, entry: str, what: str, found: str, known: Iterable[str]) -> FolderError:
    """The error of a reference that leads nowhere, with the nearest names."""
    return FolderError(file, entry, f"a known {what}", repr(found), nearest(found, known))


def _repeated(file: str, what: str, ids: Iterable[str]) -> Iterator[FolderError]:
    for code, times in Counter(ids).items():
        if times > 1:
            yield FolderError(file, f"{what} {code}", "each once", f"{times} times", "rename or remove one")


def _duplicates(survey: Survey) -> Iterator[FolderError]:
    yield from _repeated("questions/", "question", (q.id for q in survey.questions))
    yield from _repeated("segments.yaml", "variable", (v.id for v in survey.variables))
    yield from _repeated(
        "questions/", "column", (column(q.id, i) for q in survey.questions for i in q.item_ids)
    )
    asked = {column(q.id, i): q.stored_codes for q in survey.questions for i in q.item_ids}
    for variable in survey.variables:
        codes = {s.code for s in variable.segments}
        if codes != set(asked.get(variable.id, codes)):
            hint = "they would be one column; rename one of them"
            told = f"variable {variable.id}"
            yield FolderError("segments.yaml", told, "the codes of the question of this id", "others", hint)
        if variable.id in RESERVED:
            yield FolderError(
                "segments.yaml",
                f"variable {variable.id}",
                "another id",
                repr(variable.id),
                "a URL uses this one",
            )
        segments = (f"{variable.id}={s.code}" for s in variable.segments)
        yield from _repeated("segments.yaml", "segment", segments)
    keys = (f"{column(f.question, f.item)}.{f.answer}" for f in survey.published)
    yield from _repeated("published.csv", "figure", keys)
    yield from _repeated("statements.csv", "statement", (s.id for s in survey.statements))
    yield from _repeated("pages.yaml", "page", (p.id for p in survey.pages))
    yield from _repeated("survey.yaml", "theme", (t.id for t in survey.study.themes))
    yield from _repeated("notes.yaml", "note", (n.id for n in survey.notes))
    for lang in LANGS:
        terms = (getattr(entry.term, lang) for entry in survey.glossary)
        yield from _repeated("glossary.yaml", f"term ({lang})", (t for t in terms if t))


def _questions(survey: Survey) -> Iterator[FolderError]:
    themes = [t.id for t in survey.study.themes]
    for q in survey.questions:
        file = f"questions/{q.theme}.yaml"
        if q.theme not in themes:
            yield unknown("questions/", f"{q.id}: theme", "theme", q.theme, themes)
        yield from _repeated(file, f"{q.id}: item", (i.id for i in q.items))
        answers = [a.code for a in q.answers]
        yield from _repeated(file, f"{q.id}: answer", chain(answers, (n.code for n in q.nets)))
        for net in q.nets:
            for part in set(net.of) - set(answers):
                yield unknown(file, f"{q.id}: net {net.code}", "answer of the question", part, answers)
        if q.kind != "number" and not answers:
            yield FolderError(file, f"{q.id}: answers", "at least one answer", "none", "or kind: number")
        if q.headline not in q.nets_by_code:
            yield unknown(file, f"{q.id}: headline", "answer or net", q.headline, q.nets_by_code)
        if q.beside is not None and q.beside not in survey.by_id:
            yield unknown(file, f"{q.id}: beside", "question", q.beside, survey.by_id)
        if q.base.asked is not None:
            yield from _condition(survey, file, q.id, q.base.asked)
        if q.finding is not None:
            yield from _placeholders(file, f"{q.id}: finding", q.finding, q)


def _placeholders(file: str, entry: str, text: Text, question: Question) -> Iterator[FolderError]:
    """A placeholder that no figure can fill would make a title neutral, or a text vanish, without a word."""
    for lang in LANGS:
        for wrong in wrong_placeholders(getattr(text, lang) or "", question):
            place = f"{entry}.{lang}: {wrong.placeholder}"
            hint = nearest(wrong.found, wrong.known)
            yield FolderError(file, place, wrong.expected, repr(wrong.found), hint)


def _condition(survey: Survey, file: str, question: str, condition: str) -> Iterator[FolderError]:
    target, _, code = condition.partition("=")
    other, _, item = target.partition(".")
    known = survey.by_id.get(other)
    if known is None:
        yield unknown(file, f"{question}: base.asked", "question", other, survey.by_id)
    elif (item or None) not in known.item_ids:
        yield unknown(file, f"{question}: base.asked", "item", item, [i.id for i in known.items])
    elif code not in known.stored_codes:
        yield unknown(file, f"{question}: base.asked", "answer", code, known.stored_codes)


def _published(survey: Survey) -> Iterator[FolderError]:
    printed = survey.published_by_key
    for f in survey.published:
        entry = f"{column(f.question, f.item)}.{f.answer}"
        question = survey.by_id.get(f.question)
        if question is None:
            yield unknown("published.csv", entry, "question", f.question, survey.by_id)
            continue
        if f.item not in question.item_ids:
            yield unknown("published.csv", entry, "item", str(f.item), map(str, question.item_ids))
        if f.answer not in question.nets_by_code:
            yield unknown("published.csv", entry, "answer", f.answer, question.nets_by_code)
        if (f.unit == "mean") != (f.answer == MEAN):
            yield FolderError("published.csv", entry, "unit mean with answer mean, percent else", f.unit)
        if f.unit == "percent" and not 0 <= f.value <= 100:
            yield FolderError("published.csv", entry, "a percentage from 0 to 100", str(f.value))
        parts = [printed.get((f.question, f.item, p)) for p in question.nets_by_code.get(f.answer, ())]
        if len(parts) > 1 and all(parts):
            total = sum(p.value for p in parts if p)
            if abs(total - f.value) > ROUNDING_POINTS:
                yield FolderError("published.csv", entry, f"the sum of its parts, {total:g}", f"{f.value:g}")


def _references_to_questions(survey: Survey) -> Iterator[FolderError]:
    for worded in survey.worded:
        question = survey.by_id.get(worded.question)
        if question is None:
            yield unknown("worded.csv", worded.words[:40], "question", worded.question, survey.by_id)
        elif worded.item is not None and worded.item not in question.item_ids:
            yield unknown(
                "worded.csv", worded.words[:40], "item", worded.item, [i.id for i in question.items]
            )
    for note in survey.notes:
        for missing in set(note.questions) - survey.by_id.keys():
            yield unknown("notes.yaml", note.id, "question", missing, survey.by_id)
    themes = [t.id for t in survey.study.themes]
    for verbatim in survey.verbatims:
        if verbatim.theme not in themes:
            yield unknown("verbatims.csv", verbatim.quote[:40], "theme", verbatim.theme, themes)


def _statements(survey: Survey) -> Iterator[FolderError]:
    for s in survey.statements:
        if s.question is not None:
            question = survey.by_id.get(s.question)
            if question is None:
                yield unknown("statements.csv", s.id, "question", s.question, survey.by_id)
                continue
            for item in set(s.items) - set(question.item_ids):
                yield unknown("statements.csv", s.id, "item", str(item), [i.id for i in question.items])
            if s.answer is not None and s.answer not in question.nets_by_code:
                yield unknown("statements.csv", s.id, "answer", s.answer, question.nets_by_code)
            if s.where is None and s.direction != "no difference":
                yield FolderError(
                    "statements.csv", s.id, "the group in `where`", "nothing", "e.g. age=65-plus"
                )
        if s.where is not None:
            try:
                Filter.parse(s.where, survey.variables)
            except FilterError as error:
                yield FolderError("statements.csv", s.id, error.expected, repr(error.found), error.hint)


def _pages(survey: Survey) -> Iterator[FolderError]:
    pages = [p.id for p in survey.pages]
    for page in survey.pages:
        for missing in [q for q in page.questions if q not in survey.by_id]:
            yield unknown("pages.yaml", page.id, "question", missing, survey.by_id)
    for keystone in survey.keystones:
        if keystone.page not in pages:
            yield unknown("pages.yaml", "keystones", "page", keystone.page, pages)
        if keystone.question not in survey.by_id:
            yield unknown("pages.yaml", "keystones", "question", keystone.question, survey.by_id)
        else:
            asked = survey.by_id[keystone.question]
            yield from _placeholders("pages.yaml", f"keystone {asked.id}: text", keystone.text, asked)


def _claims(survey: Survey) -> Iterator[FolderError]:
    for i, example in enumerate(survey.claims, 1):
        entry = f"claims[{i}]"
        claim, left = parse_claim(example.claim, survey)
        for part in left:
            yield FolderError(
                "claims.yaml",
                f"{entry}: claim",
                f"a known {part.part}" if part.part != "rest" else "nothing more",
                repr(part.found),
                nearest(part.found, part.known),
            )
        if claim is None and not left:
            yield FolderError("claims.yaml", f"{entry}: claim", "a claim", "nothing", "e.g. majority,ID")
        try:
            Filter.parse(example.where, survey.variables)
        except FilterError as error:
            yield FolderError("claims.yaml", f"{entry}: where", error.expected, repr(error.found), error.hint)
