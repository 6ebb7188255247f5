"""The press kit: every question as PNG, SVG and CSV in both languages, with a page about them.

A file is written under another name and then renamed, so that what has its name is whole. Started again, what
is there is read (the stamp of a picture, all of a CSV file) and made anew where it is not this release's.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ens_dash.check.read import read
from ens_dash.check.said import Kind, NotOurs, read_stamp
from ens_dash.export import Picture, card_of, picture_of
from ens_dash.render.alternative import alt_text
from ens_dash.render.extract import base_text, wording
from ens_dash.render.image import DrawingFailed, ImageFormat, NoBrowser
from ens_dash.render.kit_html import Entry, kit_page
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.survey.base import Lang
from ens_dash.survey.filter import Filter
from ens_dash.view import View

PICTURES: tuple[ImageFormat, ...] = ("png", "svg")
# of a file that is being written: a hidden one, so that nobody takes it for one of the kit
PART = ".part"


@dataclass(frozen=True)
class Plan:
    """What to export: questions, languages, among whom (simulated figures only if that was asked for), where
    to."""

    questions: tuple[str, ...]
    langs: tuple[Lang, ...]
    where: Filter
    place: Path


@dataclass
class Made:
    """What was done about a question: files made, kept as they were, missing."""

    question: str
    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def told(self) -> str:
        parts = (("made", self.made), ("kept", self.kept), ("missing", self.missing))
        return ", ".join(f"{len(names)} {word}" for word, names in parts if names)


@dataclass(frozen=True)
class Kit:
    """What came of an export. `reason`: why the `missing` pictures are."""

    index: str
    made: int
    kept: int
    missing: tuple[str, ...]
    reason: str


class _Pictures:
    """Draws until there is no browser to draw with; `reason`: why, or why one picture was not drawn."""

    def __init__(self) -> None:
        self.reason = ""
        self._gone = False

    def draw(self, picture: Picture, form: ImageFormat) -> bytes | None:
        if self._gone:
            return None
        try:
            return picture.draw(form)
        except NoBrowser as error:
            self.reason, self._gone = str(error), True
            return None
        except DrawingFailed as error:
            # the next one may be drawn all the same
            self.reason = str(error)
            return None


def write_kit(plan: Plan, site: Site, settings: Settings, report: Callable[[Made], None]) -> Kit:
    """Write what is not there yet, then the pages; `report` is called after each question.

    Raises:
        OSError: the folder cannot be written to; what is whole stays.
    """
    for folder in (plan.place, *(plan.place / lang for lang in plan.langs)):
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f".*{PART}"):
            left.unlink(missing_ok=True)
    pictures = _Pictures()
    entries: dict[Lang, list[Entry]] = {lang: [] for lang in plan.langs}
    done = []
    for question in plan.questions:
        made = Made(question)
        for lang in plan.langs:
            entries[lang].append(_entry(question, lang, plan, site, settings, pictures, made))
        done.append(made)
        report(made)
    pages = page_names(plan.langs)
    for lang in plan.langs:
        others = {code: name for code, name in pages.items() if code != lang}
        fictional = any(e.fictional for e in entries[lang])
        text = kit_page(
            entries[lang], site.survey, site.store.release, site.words, lang, others, plan.where, fictional
        )
        _write(plan.place / pages[lang], text.encode())
    missing = tuple(name for m in done for name in m.missing)
    made_n, kept = sum(len(m.made) for m in done), sum(len(m.kept) for m in done)
    return Kit(pages[plan.langs[0]], made_n, kept, missing, pictures.reason)


def page_names(langs: tuple[Lang, ...]) -> dict[Lang, str]:
    """`index.html` for the first language, `index.en.html` for another."""
    return {lang: "index.html" if i == 0 else f"index.{lang}.html" for i, lang in enumerate(langs)}


def view_of(plan: Plan, site: Site, lang: Lang) -> View:
    """The view of a plan: its simulated figures, where there are any, were asked for."""
    mode = "fictional" if plan.where and site.simulated else None
    return site.view(lang).only(where=plan.where, mode=mode)


def _entry(
    question: str, lang: Lang, plan: Plan, site: Site, settings: Settings, pictures: _Pictures, made: Made
) -> Entry:
    view = view_of(plan, site, lang)
    picture = picture_of(site, question, view, settings)
    extract, folder = picture.extract, plan.place / lang
    sizes: dict[str, int] = {}
    csv = folder / extract.file_name("csv")
    content = extract.csv()
    if _bytes(csv) == content:
        made.kept.append(csv.name)
    else:
        _write(csv, content)
        made.made.append(csv.name)
    sizes["csv"] = len(content)
    for form in PICTURES:
        path = folder / extract.file_name(form)
        found = _bytes(path)
        if found is not None and _is_current(found, picture, form, site):
            made.kept.append(path.name)
        else:
            found = pictures.draw(picture, form)
            if found is None:
                # one of another release would pass for this one's
                path.unlink(missing_ok=True)
                made.missing.append(f"{lang}/{path.name}")
                continue
            _write(path, found)
            made.made.append(path.name)
        sizes[form] = len(found)
    layout = picture.figure["layout"]
    return Entry(
        stem=f"{lang}/{extract.file_name('')}",
        sizes=sizes,
        title=extract.title,
        wording=wording(extract.question, extract.words),
        base=base_text(extract.question, extract.words),
        alt=alt_text(card_of(site, question, view, settings), site.survey, extract.words),
        permalink=extract.permalink,
        fictional=extract.fictional,
        shape=(int(layout["width"]), int(layout["height"])),
        question=question,
    )


def _is_current(content: bytes, picture: Picture, form: Kind, site: Site) -> bool:
    """Whether a picture that is there says of itself what a new one would."""
    try:
        return read(content, site.words) == read_stamp(picture.stamp.text, form)
    except NotOurs:
        return False


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}{PART}")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
