"""A survey folder -> a `Survey`, or every error in it at once.

A folder holds YAML for what a person writes in prose and CSV for what is a list of figures or
quotations. Each entry is checked by itself with pydantic, then the references between entries
by `ens_dash.survey.references`, so that one bad entry never hides another.
"""

from __future__ import annotations

import csv
import re
import types
import typing
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from ens_dash.survey import base, model, report
from ens_dash.survey.errors import FolderError, SurveyErrors
from ens_dash.survey.references import check_references

Entry = TypeVar("Entry", bound=BaseModel)

# survey field -> (file, key at its top, class of an entry)
YAML_LISTS: dict[str, tuple[str, str, type[BaseModel]]] = {
    "variables": ("segments.yaml", "variables", model.SegmentVariable),
    "notes": ("notes.yaml", "notes", report.Note),
    "glossary": ("glossary.yaml", "glossary", model.GlossaryEntry),
    "pages": ("pages.yaml", "pages", model.Page),
    "keystones": ("pages.yaml", "keystones", model.Keystone),
}
CSV_LISTS: dict[str, tuple[str, type[BaseModel]]] = {
    "published": ("published.csv", report.PublishedFigure),
    "worded": ("worded.csv", report.WordedFigure),
    "statements": ("statements.csv", report.Statement),
    "verbatims": ("verbatims.csv", report.Verbatim),
    "population": ("population.csv", model.PopulationShare),
}
REQUIRED = {"segments.yaml", "survey.yaml"}
LIST_SEPARATOR = "|"
ID = re.compile(r"\bid:\s*[\"']?([a-z][a-z0-9_]*)")


def read_survey(folder: Path) -> model.Survey:
    """Read and check a survey folder.

    Raises:
        SurveyErrors: with everything that is wrong, in the order of the files.
    """
    errors: list[FolderError] = []
    study = _read_study(folder, errors)
    parts: dict[str, tuple[Any, ...]] = {"questions": _read_questions(folder, errors)}
    for field, (name, key, kind) in YAML_LISTS.items():
        parts[field] = _entries(name, _yaml_list(folder, name, key, errors), kind, errors)
    for field, (name, kind) in CSV_LISTS.items():
        parts[field] = _entries(name, _csv_rows(folder, name, kind, errors), kind, errors)
    if study is None or not parts["questions"]:
        raise SurveyErrors(str(folder), errors)
    survey = model.Survey.model_construct(None, study=study, **parts)
    unread = _unread_ids(folder, errors)
    errors += [e for e in check_references(survey) if e.found not in unread]
    if errors:
        raise SurveyErrors(str(folder), errors)
    return survey


def _unread_ids(folder: Path, errors: list[FolderError]) -> set[str]:
    """The ids written in a file that has errors, quoted: what refers to them is not a second error."""
    files = {e.file for e in errors if e.file == "segments.yaml" or e.file.startswith("questions/")}
    paths = [folder / name for name in files if (folder / name).is_file()]
    texts = (path.read_text("utf-8", errors="replace") for path in paths)
    return {repr(found) for text in texts for found in ID.findall(text)}


def _read_study(folder: Path, errors: list[FolderError]) -> model.Study | None:
    content = _load_yaml(folder, "survey.yaml", errors)
    if content is None:
        return None
    found = _entries("survey.yaml", [("the survey", content)], model.Study, errors)
    return found[0] if found else None


def _read_questions(folder: Path, errors: list[FolderError]) -> tuple[model.Question, ...]:
    files = sorted((folder / "questions").glob("*.yaml"))
    if not files:
        errors.append(
            FolderError("questions/", "folder", "at least one .yaml file", "none", "one file a theme")
        )
    questions: list[model.Question] = []
    for path in files:
        name = f"questions/{path.name}"
        questions += _entries(name, _yaml_list(folder, name, "questions", errors), model.Question, errors)
    return tuple(questions)


def _load_yaml(folder: Path, name: str, errors: list[FolderError]) -> Any:
    path = folder / name
    if not path.exists():
        if name in REQUIRED:
            errors.append(FolderError(name, "file", "the file", "nothing", f"create {name} in the folder"))
        return None
    try:
        return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    except UnicodeDecodeError as error:
        errors.append(FolderError(name, f"byte {error.start}", "UTF-8 text", "other bytes", "save as UTF-8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "file"
        problem = getattr(error, "problem", None) or str(error)
        errors.append(FolderError(name, place, "YAML", str(problem), "check indentation, colons and quotes"))
    return None


def _yaml_list(folder: Path, name: str, key: str, errors: list[FolderError]) -> list[tuple[str, Any]]:
    content = _load_yaml(folder, name, errors)
    if content is None:
        return []
    entries = content.get(key) if isinstance(content, dict) else None
    if entries is None:
        return []
    if not isinstance(entries, list):
        errors.append(FolderError(name, key, "a list", type(entries).__name__, "begin each entry with `- `"))
        return []
    return [(f"{key}[{i}] {_name_of(entry)}".rstrip(), entry) for i, entry in enumerate(entries, 1)]


def _name_of(entry: Any) -> str:
    return str(entry.get("id", "")) if isinstance(entry, dict) else ""


def _csv_rows(
    folder: Path, name: str, kind: type[BaseModel], errors: list[FolderError]
) -> list[tuple[str, Any]]:
    path = folder / name
    if not path.exists():
        return []
    lists, texts = _list_fields(kind), _text_fields(kind)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            rows = []
            for raw in reader:
                place = f"line {reader.line_num}"
                if None in raw or None in raw.values():
                    width = len(reader.fieldnames or ())
                    errors.append(
                        FolderError(
                            name, place, f"{width} cells", "another number", "quote cells with commas"
                        )
                    )
                    continue
                rows.append((place, _from_cells(raw, lists, texts)))
            return rows
    except UnicodeDecodeError as error:
        errors.append(FolderError(name, f"byte {error.start}", "UTF-8 text", "other bytes", "save as UTF-8"))
    except csv.Error as error:
        errors.append(FolderError(name, "file", "CSV", str(error), "quote cells that hold commas or quotes"))
    return []


def _from_cells(raw: dict[str, str], lists: set[str], texts: set[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {k: v for k, v in raw.items() if v != "" and k not in lists}
    for field in lists & raw.keys():
        entry[field] = [part for part in raw[field].split(LIST_SEPARATOR) if part]
    for field in texts:
        languages = {lang: entry.pop(f"{field}_{lang}", None) for lang in base.LANGS}
        if any(languages.values()):
            entry[field] = languages
    return entry


def _list_fields(kind: type[BaseModel]) -> set[str]:
    return {k for k, f in kind.model_fields.items() if typing.get_origin(f.annotation) is tuple}


def _text_fields(kind: type[BaseModel]) -> set[str]:
    def is_text(annotation: Any) -> bool:
        if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
            return any(is_text(a) for a in typing.get_args(annotation))
        return annotation is base.Text

    return {k for k, f in kind.model_fields.items() if is_text(f.annotation)}


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
