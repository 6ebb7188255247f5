"""Files that hold their figures as data: CSV, the API's JSON, the ZIP of both."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ens_dash.check.package import Members
from ens_dash.check.said import NotOurs, Row, Said, limited, parsed, row_of, stamp_of
from ens_dash.render.archive import DATA, METADATA
from ens_dash.render.datafile import FORMULA
from ens_dash.render.stamp import KEY
from ens_dash.survey.base import Lang
from ens_dash.text import Words

# a spreadsheet that saves a file again may write either
SEPARATORS = (",", ";", "\t")
NEEDED = ("survey", "question", "item", "answer", "segment", "est", "n", "origin")
LONGEST_CELL = 1_000_000


def decoded(content: bytes) -> str | None:
    """Text, in the encodings that spreadsheets save in; None where there are other bytes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if b"\0" in content:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def header_of(text: str) -> tuple[str, list[str]] | None:
    """The separator and the names in the first line, where they are those of our files."""
    first = text.lstrip("\ufeff").split("\n", 1)[0].rstrip("\r")
    for separator in SEPARATORS:
        names = [name.strip().strip('"') for name in first.split(separator)]
        if set(NEEDED) <= set(names):
            return separator, names
    return None


def read_csv(text: str, words: Mapping[Lang, Words]) -> Said:
    """The figures as they stand in the rows; permalink and release from the notes below."""
    found = header_of(text)
    if found is None:
        raise NotOurs("format")
    separator, heads = found
    lines = list(_lines(text, separator))
    rows, surveys, notes = [], set(), []
    for place, cells in enumerate(lines[1:], start=1):
        if not any(cells):
            notes = [cell for line in lines[place:] for cell in line[:1]]
            break
        values = dict(zip(heads, cells, strict=False))
        if set(NEEDED) - set(values):
            raise NotOurs("damaged")
        surveys.add(values["survey"])
        rows.append(row_of(values | {"answer": unsafe(values["answer"])}))
    if len(surveys) > 1:
        raise NotOurs("damaged")
    told = _told(notes, words)
    survey = surveys.pop() if surveys else ""
    if not survey and not told.get("permalink"):
        raise NotOurs("no_stamp")
    return replace(Said("csv", survey, limited(rows)), **told)  # type: ignore[arg-type]


def _lines(text: str, separator: str) -> Iterator[list[str]]:
    limit = csv.field_size_limit(LONGEST_CELL)
    try:
        yield from csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=separator)
    except csv.Error as error:
        raise NotOurs("damaged") from error
    finally:
        csv.field_size_limit(limit)


def unsafe(text: str) -> str:
    """A text without the apostrophe that keeps spreadsheets from running it (`datafile.safe`)."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def _told(notes: Iterable[str], words: Mapping[Lang, Words]) -> dict[str, str]:
    """Permalink, language, version and release, from notes in either language."""
    found: dict[str, str] = {}
    patterns = [_pattern(w.texts["footer.version"]) for w in words.values()]
    labels = [f"{w('extract.permalink')}: " for w in words.values()]
    for note in notes:
        for label in labels:
            if note.startswith(label):
                found["permalink"] = note.removeprefix(label).strip()
                found["lang"] = lang_of(found["permalink"])
        for pattern in patterns:
            match = pattern.fullmatch(note.strip())
            if match:
                found |= match.groupdict()
    return found


def _pattern(template: str) -> re.Pattern[str]:
    """A text with holes, as something that reads it again."""
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>\\S+)", re.escape(template)))


def lang_of(permalink: str) -> str:
    try:
        return "".join(parse_qs(urlsplit(permalink).query).get("lang", [])[-1:])
    except ValueError:
        return ""


def read_json(text: str) -> Said:
    """The API's document of figures, or one that holds a stamp (a picture's)."""
    found = parsed(text)
    if not isinstance(found, dict):
        raise NotOurs("no_stamp")
    if isinstance(found.get("stamp"), str):
        figure = found.get("figure")
        said = stamp_of(parsed(found["stamp"]), "json")
        return replace(said, figure=figure if isinstance(figure, dict) else {})
    figures = found.get("figures")
    if not isinstance(figures, list) or not isinstance(found.get("survey"), str):
        raise NotOurs("no_stamp")
    try:
        rows = limited(row_of(values) for values in figures)
    except (KeyError, TypeError, AttributeError) as error:
        raise NotOurs("damaged") from error
    release, link, lang = (_text(found, name) for name in ("release", "permalink", "lang"))
    return Said("json", found["survey"], rows, release=release, permalink=link, lang=lang)


def read_zip(members: Members, words: Mapping[Lang, Words]) -> Said:
    """The rows of data.csv, what metadata.json says, and whether the two say the same."""
    text = decoded(members.read(DATA))
    if text is None or METADATA not in members.names:
        raise NotOurs("damaged" if text is None else "no_stamp")
    metadata = parsed(decoded(members.read(METADATA)) or "")
    if not isinstance(metadata, dict):
        raise NotOurs("damaged")
    data = read_csv(text, words)
    if KEY not in metadata:
        raise NotOurs("no_stamp")
    stamp = stamp_of(metadata[KEY], "zip")
    names = ("survey", "release", "permalink")
    return with_data(stamp, data.rows, torn([(vars(data), names), (metadata, names)], stamp))


def with_data(stamp: Said, rows: Sequence[Row], torn: Iterable[tuple[str, str, str]]) -> Said:
    """What a file with data says: its data, with its stamp beside them."""
    return replace(stamp, rows=limited(rows), stamped=stamp.rows, torn=tuple(torn))


def torn(
    told: Iterable[tuple[Mapping[str, Any], Sequence[str]]], stamp: Said
) -> Iterator[tuple[str, str, str]]:
    """What other places of a file say and its stamp does not."""
    for place, names in told:
        for name in names:
            value = place.get(name)
            if value and str(value) != getattr(stamp, name):
                yield name, str(value)[:400], getattr(stamp, name)


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""
