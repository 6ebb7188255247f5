"""A survey folder -> a `Survey`, or every error in it at once.

A folder holds YAML for what a person writes in prose and CSV for what is a list of figures or
quotations. Each entry is checked by itself with pydantic, and so is the recipe of a simulation where
there is one; then the references between the entries that could be read (`ens_dash.survey.references`).
What refers to an entry that could not be read is not told: it would hide the error that is there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ens_dash.survey import model, report
from ens_dash.survey.csvfile import load_rows
from ens_dash.survey.errors import FolderError, SurveyErrors
from ens_dash.survey.mapping import FILE as MAPPING
from ens_dash.survey.mapping import Mapping, check_mapping
from ens_dash.survey.pages import path_errors, theme_pages
from ens_dash.survey.recipe import SimulationSettings
from ens_dash.survey.recipe_references import FILE as RECIPE
from ens_dash.survey.recipe_references import check_recipe
from ens_dash.survey.references import MISSES, check_references
from ens_dash.survey.study import Study, Theme
from ens_dash.survey.yamlfile import load_lists, load_yaml

Entry = TypeVar("Entry", bound=BaseModel)

STUDY, SEGMENTS, QUESTIONS = "survey.yaml", "segments.yaml", "questions/"
# file -> survey field, which is the key at its top -> class of an entry
YAML_LISTS: dict[str, dict[str, type[BaseModel]]] = {
    SEGMENTS: {"variables": model.SegmentVariable},
    "notes.yaml": {"notes": report.Note},
    "glossary.yaml": {"glossary": model.GlossaryEntry},
    "pages.yaml": {"pages": model.Page, "keystones": model.Keystone},
    "claims.yaml": {"claims": model.ExampleClaim},
    "words.yaml": {"words": model.OwnText},
}
CSV_LISTS: dict[str, tuple[str, type[BaseModel]]] = {
    "published": ("published.csv", report.PublishedFigure),
    "worded": ("worded.csv", report.WordedFigure),
    "statements": ("statements.csv", report.Statement),
    "verbatims": ("verbatims.csv", report.Verbatim),
    "population": ("population.csv", model.PopulationShare),
}
ID = re.compile(r"\bid:\s*[\"']?([a-z][a-z0-9_-]*)")


def is_stray(name: str) -> bool:
    """Whether a file or folder of this name was left by an editor or a system: no part of the survey."""
    return name.startswith(".") or name.endswith(("~", ".swp"))


def read_survey(folder: Path, named: str | None = None) -> model.Survey:
    """Read and check a survey folder.

    `named`: the id that the survey must have, which is the name that a site looks for its folder and its
    releases under. Without it a folder may have any name.

    Raises:
        SurveyErrors: with everything that is wrong, in the order of the files.
    """
    errors: list[FolderError] = []
    study, themes = _read_study(folder, named, errors)
    parts: dict[str, tuple[Any, ...]] = {"questions": _read_questions(folder, errors)}
    for name, kinds in YAML_LISTS.items():
        lists = _yaml_lists(folder, name, tuple(kinds), errors)
        for key, kind in kinds.items():
            parts[key] = _entries(name, lists.get(key, []), kind, errors)
    for field, (name, kind) in CSV_LISTS.items():
        parts[field] = _entries(name, load_rows(folder / name, name, kind, errors), kind, errors)
    recipe = _read_one(folder, RECIPE, "the simulation", SimulationSettings, errors)
    mapping = _read_one(folder, MAPPING, "the mapping", Mapping, errors)
    # where there is no study, its themes are all that the references need of it
    partial: dict[str, Any] = {"themes": themes}
    known = study or Study.model_construct(None, **partial)
    survey = model.Survey.model_construct(None, study=known, **parts)
    broken = {QUESTIONS if e.file.startswith(QUESTIONS) else e.file for e in errors}
    empty = {STUDY: not themes, QUESTIONS: not survey.questions, SEGMENTS: not survey.variables}
    empty["pages.yaml"] = not survey.pages
    if not survey.pages and "pages.yaml" not in broken:
        survey = survey.model_copy(update={"pages": theme_pages(themes, survey.questions)})
    missed = {expected for name in broken if empty.get(name) for expected in MISSES[name]}
    unread = _unread_ids(folder, errors)
    errors += path_errors(survey.pages)
    between = check_references(survey)
    if recipe is not None:
        between += check_recipe(survey, recipe)
    if mapping is not None:
        between += check_mapping(survey, mapping)
    errors += [e for e in between if e.found not in unread and e.expected not in missed]
    if errors:
        raise SurveyErrors(str(folder), errors)
    return survey


def _unread_ids(folder: Path, errors: Sequence[FolderError]) -> set[str]:
    """The ids written in a file that has errors, quoted: what refers to them is not a second error."""
    paths = [folder / name for name in {e.file for e in errors if e.file.endswith(".yaml")}]
    texts = (path.read_text("utf-8", errors="replace") for path in paths if path.is_file())
    return {repr(found) for text in texts for found in ID.findall(text)}


def _read_study(
    folder: Path, named: str | None, errors: list[FolderError]
) -> tuple[Study | None, tuple[Theme, ...]]:
    """The study, and the themes also where there is another error in it."""
    if not _required(folder, STUDY, errors):
        return None, ()
    told = len(errors)
    content = load_yaml(folder / STUDY, STUDY, errors)
    if content is None and len(errors) > told:
        return None, ()
    written = content.get("id") if isinstance(content, dict) else None
    if named is not None and isinstance(written, str) and written != named:
        hint = f"write `id: {named}`, or name the folder {written} and set ENS_DASH_SURVEY to it"
        errors.append(FolderError(STUDY, "id", f"{named!r}, the folder's name", repr(written), hint))
    found = _entries(STUDY, [("the survey", content)], Study, errors)
    if found:
        return found[0], found[0].themes
    raw = content.get("themes") if isinstance(content, dict) else None
    entries = [("theme", theme) for theme in raw] if isinstance(raw, list) else []
    return None, _entries(STUDY, entries, Theme, [])


def _read_questions(folder: Path, errors: list[FolderError]) -> tuple[model.Question, ...]:
    files = sorted(p for p in (folder / "questions").glob("*.yaml") if not is_stray(p.name))
    told = len(errors)
    questions: list[model.Question] = []
    for path in files:
        name = f"{QUESTIONS}{path.name}"
        lists = _yaml_lists(folder, name, ("questions",), errors)
        questions += _entries(name, lists.get("questions", []), model.Question, errors)
    if not files:
        errors.append(FolderError(QUESTIONS, "folder", "at least one .yaml file", "none", "one file a theme"))
    elif not questions and len(errors) == told:
        errors.append(FolderError(QUESTIONS, "questions", "at least one question", "none"))
    return tuple(questions)


def read_mapping(folder: Path) -> Mapping | None:
    """The mapping of a survey file's columns, or None where the folder has none.

    Raises:
        SurveyErrors: it cannot be read. That it leads somewhere is checked by `read_survey`.
    """
    errors: list[FolderError] = []
    found = _read_one(folder, MAPPING, "the mapping", Mapping, errors)
    if errors:
        raise SurveyErrors(str(folder), errors)
    return found


def _read_one(
    folder: Path, name: str, place: str, kind: type[Entry], errors: list[FolderError]
) -> Entry | None:
    """A file that is one entry; None where there is none, or where it has errors."""
    if not (folder / name).exists():
        return None
    told = len(errors)
    content = load_yaml(folder / name, name, errors)
    if content is None and len(errors) > told:
        return None
    found = _entries(name, [(place, content)], kind, errors)
    return found[0] if found else None


def _required(folder: Path, name: str, errors: list[FolderError]) -> bool:
    if (folder / name).exists():
        return True
    errors.append(FolderError(name, "file", "the file", "nothing", f"create {name} in the folder"))
    return False


def _yaml_lists(
    folder: Path, name: str, keys: Sequence[str], errors: list[FolderError]
) -> dict[str, list[tuple[str, Any]]]:
    """The entries under each key, each with its place."""
    if name == SEGMENTS:
        _required(folder, name, errors)
    if not (folder / name).exists():
        return {}
    lists = load_lists(folder / name, name, keys, errors)
    return {
        key: [(f"{key}[{i}] {_name_of(entry)}".rstrip(), entry) for i, entry in enumerate(entries, 1)]
        for key, entries in lists.items()
    }


def _name_of(entry: Any) -> str:
    return str(entry.get("id", "")) if isinstance(entry, dict) else ""


def _entries(
    name: str, raw: list[tuple[str, Any]], kind: type[Entry], errors: list[FolderError]
) -> tuple[Entry, ...]:
    entries = []
    for place, content in raw:
        try:
            entries.append(kind.model_validate(content))
        except ValidationError as error:
            errors += [_pydantic_error(name, place, e, kind) for e in error.errors(include_url=False)]
    return tuple(entries)


def _pydantic_error(name: str, place: str, error: Any, kind: type[BaseModel]) -> FolderError:
    where = ".".join(str(part) for part in error["loc"])
    found = "nothing" if error["type"] == "missing" else repr(error["input"])[:80]
    hint = ""
    if error["type"] == "extra_forbidden":
        hint = "known fields: " + ", ".join(kind.model_fields)
    expected = error["msg"].removeprefix("Value error, ")
    return FolderError(name, f"{place}: {where}" if where else place, expected, found, hint)
