"""A CSV file of a survey folder -> rows that pydantic can check, each with its place."""

from __future__ import annotations

import csv
import types
import typing
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from ens_dash.survey import base
from ens_dash.survey.errors import FolderError
from ens_dash.survey.references import nearest

LIST_SEPARATOR = "|"


def load_rows(
    path: Path, name: str, kind: type[BaseModel], errors: list[FolderError]
) -> list[tuple[str, Any]]:
    """The rows of a file as entries of `kind`, each with its line; none where there is no file.

    A cell of a list is split at `|`; a text in two languages stands in two columns, `_fr` and `_en`.
    A column that is unknown, missing or there twice is told once, not on every row.
    """
    if not path.exists():
        return []
    lists, texts = _list_fields(kind), _text_fields(kind)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            wrong = list(_wrong_header(name, reader.fieldnames or (), kind, texts))
            if wrong:
                errors += wrong
                return []
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
    except OSError as error:
        errors.append(FolderError(name, "file", "a file that can be read", error.strerror or str(error)))
    except csv.Error as error:
        errors.append(FolderError(name, "file", "CSV", str(error), "quote cells that hold commas or quotes"))
    return []


def _wrong_header(
    name: str, header: Sequence[str], kind: type[BaseModel], texts: set[str]
) -> Iterator[FolderError]:
    if not header:
        return
    known = [f for f in kind.model_fields if f not in texts]
    known += [f"{f}_{lang}" for f in sorted(texts) for lang in base.LANGS]
    unknown = [column for column in header if column not in known]
    for column in unknown:
        close = nearest(column, known)
        hint = close if close.startswith("known") else f"{close} known: {', '.join(known)}"
        yield FolderError(name, f"column {column}", "a known column", repr(column), hint)
    for column, times in Counter(header).items():
        if times > 1:
            yield FolderError(name, f"column {column}", "each column once", f"{times} times")
    required = [f for f, field in kind.model_fields.items() if field.is_required() and f not in texts]
    for column in required:
        # an unknown column is this one, misspelt
        if column not in header and not unknown:
            yield FolderError(name, f"column {column}", "the column", "nothing", "add it to the first line")


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
