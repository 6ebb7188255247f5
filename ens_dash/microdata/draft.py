"""A plan -> the survey folder: survey.yaml, segments.yaml, questions/THEME.yaml, mapping.yaml.

Nothing of a respondent is written but the different answers of a column. What was guessed stands as
`# guess: …`, what a person must write as `# write: …`, what to look at as `# look: …`.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ens_dash.microdata.errors import FileError, FileErrors
from ens_dash.microdata.plan import DraftQuestion, DraftVariable, Plan, Use
from ens_dash.microdata.segments import SHORT, noun_of
from ens_dash.microdata.yamltext import both, comment, listed, mapped, name, scalar, words
from ens_dash.survey.base import Lang
from ens_dash.survey.folder import read_survey

TO_WRITE: dict[Lang, str] = {"fr": "à compléter", "en": "to be completed"}
PEOPLE: dict[Lang, str] = {"fr": "répondants", "en": "respondents"}
READING: dict[Lang, str] = {"fr": "% des répondants", "en": "% of respondents"}
MEAN_READING: dict[Lang, str] = {"fr": "Moyenne des répondants", "en": "Mean of respondents"}
EVERYBODY: dict[Lang, str] = {"fr": "Ensemble des répondants", "en": "All respondents"}
ANSWERED: dict[Lang, str] = {
    "fr": "Répondants ayant répondu à cette question",
    "en": "Respondents who answered this question",
}
ORDERS = (
    "Answers stand in the file's order of labels; where the file has none, by number or by alphabet, yes",
    'before no, and "don\'t know" last. Titles and wording are the labels of the columns, or their names.',
)
POLICY = (
    "Missing: what the file declares as missing, and refused, no answer, not asked, not applicable.",
    '"Don\'t know" stays an answer, except in a column of numbers; to make it missing, remove it from the',
    "answers of its question and write its value under `missing` here.",
)


def check_place(place: Path) -> None:
    """Raises FileErrors where a draft would overwrite something."""
    if place.is_symlink() or (place.exists() and not (place.is_dir() and not any(place.iterdir()))):
        what = "files in it" if place.is_dir() else "a file"
        hint = "name another folder; nothing is overwritten"
        raise FileErrors(str(place), [FileError("", "", "", "a folder that is new or empty", what, hint)])


def write_draft(plan: Plan, place: Path, today: date) -> int:
    """Write the folder whole or not at all; returns how many things are left to write.

    Raises:
        FileErrors: the place is not empty.
        SurveyErrors: the draft does not read back, which is an error of this program.
    """
    check_place(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    work = place.parent / f".{place.name}-{secrets.token_hex(4)}"
    texts = {
        "survey.yaml": _survey(plan, today),
        "segments.yaml": _segments(plan),
        "mapping.yaml": _mapping(plan),
    }
    for theme, label in plan.themes:
        texts[f"questions/{theme}.yaml"] = _questions(plan, theme, label)
    to_write = 0
    try:
        (work / "questions").mkdir(parents=True)
        for file, lines in texts.items():
            text = "\n".join(lines) + "\n"
            to_write += text.count("# write: ")
            (work / file).write_text(text, "utf-8")
        read_survey(work)
        check_place(place)
        os.replace(work, place)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return to_write


def _survey(plan: Plan, today: date) -> Iterator[str]:
    source, lang, roles = plan.source, plan.lang, plan.roles
    blank = words(TO_WRITE[lang], lang)
    label = source.label.strip() or Path(source.name).stem
    guess = "the file's own label" if source.label.strip() else "the file's name"
    yield comment(f"Drafted from {source.name}. What follows `write:` is for a person; check guesses.")
    if source.simulated:
        yield comment("look: the file says that its respondents were simulated.")
    yield f"id: {scalar(plan.survey_id)}"
    yield f"title: {words(label, lang)}  # guess: {guess}"
    yield f"short_title: {words(label[:40].rstrip(), lang)}  # guess: {guess}"
    yield f"report: {scalar(source.name)}  # write: the publication that these figures belong to"
    yield f"commissioner: {blank}  # write: who ordered the survey"
    yield f"pollster: {scalar(TO_WRITE[lang])}  # write: who made it"
    if plan.days is not None:
        first, last, column = plan.days
        yield f"start: {first}  {comment(f'guess: the first day in column {column}')}"
        yield f"end: {last}  {comment(f'guess: the last day in column {column}')}"
    else:
        for field, which in (("start", "first"), ("end", "last")):
            yield f"{field}: {today.isoformat()}  # write: the {which} day of interviews (now: today)"
    yield f"mode: {blank}  # write: how people were asked"
    yield f"universe: {blank}  # write: whom the survey stands for"
    yield f"people: {words(PEOPLE[lang], lang)}  # write: the same in two or three words"
    yield f"n: {source.n}"
    yield f"citation: {blank}  # write: how to cite the survey"
    yield f"licence: {blank}  # write: under what terms its figures may be used"
    yield "# quota_sample: true  # write: remove the first # where respondents were chosen by quotas"
    design = {"weight": roles.weight, "stratum": roles.stratum, "psu": roles.psu}
    given = [(role, column) for role, column in design.items() if column is not None]
    yield "design:" if given else "design: {}  # no weight was named or found: everybody counts the same"
    for role, column in given:
        yield f"  {role}: {scalar(column)}" + ("  # guess: by its name" if role in roles.guessed else "")
    yield "themes:"
    if len(plan.themes) > 1:
        yield "# guess: parts in the order of the file"
    for theme, text in plan.themes:
        yield f"- {{id: {name(theme)}, label: {words(text, lang)}}}"


def _segments(plan: Plan) -> Iterator[str]:
    yield comment("The ways to divide respondents. A filter reads as a sentence with `noun` and `qualifier`,")
    yield comment("which a person may add: noun: {fr: Femmes}, qualifier: {fr: de 65 ans et plus}.")
    yield "variables:" if plan.variables else "variables: []  # write: a way to divide respondents"
    for position, variable in enumerate(plan.variables):
        yield from _variable(variable, plan.lang, position < SHORT)


def _variable(variable: DraftVariable, lang: Lang, short: bool) -> Iterator[str]:
    for remark in variable.remarks:
        yield comment(remark)
    yield f"- id: {name(variable.id)}"
    yield f"  label: {words(variable.label, lang)}"
    if short:
        yield "  short: true"
    yield "  segments:"
    for code, label in variable.segments:
        noun = noun_of(label)
        more = f", noun: {both(*noun)}" if noun else ""
        yield f"  - {{code: {scalar(code)}, label: {words(label, lang)}{more}}}"
    for cut in variable.cuts:
        more = f", qualifier: {both(*cut.qualifier)}" if cut.qualifier else ""
        yield f"  - {{code: {scalar(cut.code)}, label: {both(*cut.label)}{more}}}"


def _questions(plan: Plan, theme: str, label: str) -> Iterator[str]:
    yield comment(label)
    for line in ORDERS:
        yield comment(line)
    yield "questions:"
    for question in plan.questions:
        if question.theme == theme:
            yield from _question(question, plan.lang)


def _question(question: DraftQuestion, lang: Lang) -> Iterator[str]:
    for remark in question.remarks:
        yield comment(remark)
    number = question.kind == "number"
    yield f"- id: {name(question.id)}"
    yield f"  theme: {name(question.theme)}"
    yield f"  kind: {question.kind}"
    yield f"  title: {words(question.title, lang)}"
    yield f"  wording: {words(question.wording, lang)}"
    yield f"  reading: {words((MEAN_READING if number else READING)[lang], lang)}"
    if question.items:
        yield "  items:"
        for item, label in question.items:
            yield f"  - {{id: {name(item)}, label: {words(label, lang)}}}"
    if question.answers:
        yield "  answers:"
        for code, label in question.answers:
            yield f"  - {{code: {scalar(code)}, label: {words(label, lang)}}}"
    yield f"  headline: {scalar(question.headline)}"
    yield f"  base: {{text: {words((EVERYBODY if question.complete else ANSWERED)[lang], lang)}}}"


def _mapping(plan: Plan) -> Iterator[str]:
    source, roles = plan.source, plan.roles
    yield comment(f"Which column of {source.name} is what; a value that is not listed stands for itself.")
    for line in POLICY:
        yield comment(line)
    yield from _file(plan)
    if roles.id is not None:
        yield f"id: {scalar(roles.id)}" + ("  # guess: by its name" if "id" in roles.guessed else "")
    yield "columns:" if plan.uses else "columns: []"
    for use in plan.uses:
        yield from _use(use)
    yield "# Not imported, and why. A column may be moved to `columns` where the reason does not hold."
    yield "left_out:" if plan.left_out else "left_out: []"
    for column in plan.left_out:
        yield f"- {{column: {scalar(column.column)}, why: {scalar(column.why)}}}"


def _file(plan: Plan) -> Iterator[str]:
    source = plan.source
    if source.format != "csv":
        return
    yield "file:"
    for field in ("encoding", "separator", "decimal"):
        found = "  # guess: found by looking" if field in source.found else ""
        yield f"  {field}: {scalar(getattr(source, field))}{found}"
    yield f"  missing: {listed(source.missing)}" + (
        "  # guess: found by looking" if "missing" in source.found else ""
    )


def _use(use: Use) -> Iterator[str]:
    for remark in use.remarks:
        yield comment(remark)
    column = use.column
    target = (
        f"variable: {name(column.variable)}"
        if column.variable
        else f"question: {name(column.question or '')}"
    )
    if column.item is not None:
        target += f", item: {name(column.item)}"
    line = f"- {{column: {scalar(use.name)}, {target}"
    if column.values:
        line += f", values: {mapped(column.values)}"
    if column.missing:
        line += f", missing: {listed(column.missing)}"
    if not column.ranges:
        yield line + "}"
        return
    yield line + ","
    yield "   ranges: ["
    for span in column.ranges:
        ends = "".join(
            f", {key}: {end:.15g}"
            for key, end in (("from", span.from_), ("below", span.below))
            if end is not None
        )
        yield f"     {{code: {scalar(span.code)}{ends}}},"
    yield "   ]}"
