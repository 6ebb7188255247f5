"""What a picture draws against what the site draws of the same figures today.

Of an SVG the texts, of a chart's JSON the whole plotly figure; never the shapes of an SVG, nor pixels. Only
where version and release are today's: of another one nobody knows how it drew.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import unescape
from itertools import islice
from typing import Any

from ens_dash import __version__
from ens_dash.check.said import RELATIVE, Said
from ens_dash.check.view import asked_for
from ens_dash.export import figure_of
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.survey.base import LANGS

# of a picture that somebody has drawn anew altogether: no more than that is told
MOST = 20
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Redrawn:
    """A part of a picture that is not drawn so today: where, in the file, today; empty: it is not there."""

    place: str
    file: str
    today: str


def readable(said: Said, site: Site) -> bool:
    """Whether what a picture draws can be read and compared."""
    there = said.figure is not None or bool(said.texts)
    view, _ = asked_for(said, site.survey)
    known = len(view.questions) == 1 and view.questions[0] in site.survey.by_id and said.lang in LANGS
    return there and known and said.release == site.store.release.id and said.version == __version__


def redrawn(said: Said, site: Site, settings: Settings) -> Iterator[Redrawn]:
    """Where the picture of a `readable` file is not the one that is drawn of its figures today."""
    today = _today(said, site, settings)
    if said.figure is not None:
        yield from (Redrawn(*d) for d in islice(_unlike(said.figure, today, "figure"), MOST))
    else:
        yield from islice(_other_texts(said.texts or (), today), MOST)


def _today(said: Said, site: Site, settings: Settings) -> Any:
    """The picture as JSON has it: of the file's figures, with the address that the file has."""
    view, _ = asked_for(said, site.survey)
    grouped = any(r.segment for r in said.rows)
    lang = next(code for code in LANGS if code == said.lang)
    view = replace(view, lang=lang, mode="fictional" if grouped else "report")
    figure = figure_of(site, view.questions[0], view, settings, said.permalink)
    return json.loads(json.dumps(figure))


def _unlike(found: Any, today: Any, place: str) -> Iterator[tuple[str, str, str]]:
    """Paths at which two JSON documents differ; numbers are the same to RELATIVE."""
    if isinstance(today, dict) and isinstance(found, Mapping):
        for key in dict.fromkeys((*today, *map(str, found))):
            if key not in found or key not in today:
                yield f"{place}.{key}", _short(found.get(key)), _short(today.get(key))
            else:
                yield from _unlike(found[key], today[key], f"{place}.{key}")
    elif isinstance(today, list) and isinstance(found, list) and len(today) == len(found):
        for i, (one, other) in enumerate(zip(found, today, strict=True)):
            yield from _unlike(one, other, f"{place}[{i}]")
    elif not _alike(found, today):
        yield place, _short(found), _short(today)


def _alike(a: Any, b: Any) -> bool:
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, int | float) and isinstance(b, int | float):
        try:
            return math.isclose(a, b, rel_tol=RELATIVE, abs_tol=RELATIVE)
        except OverflowError:
            return False
    return type(a) is type(b) and bool(a == b)


def _other_texts(texts: tuple[str, ...], today: Any) -> Iterator[Redrawn]:
    """Texts of the picture that are not in the SVG, and texts in it that are not the picture's."""
    layout = today["layout"]
    written = [a["text"] for a in layout["annotations"]]
    wanted = {_bare(_shown(text)): _shown(text) for text in written}
    may_be = {_bare(text) for text in layout["xaxis"].get("ticktext", ())}
    expected, found = Counter(_bare(_shown(t)) for t in written), Counter(_bare(t) for t in texts)
    named = {_bare(t): t for t in texts}
    for text, n in (expected - found).items():
        for _ in range(n):
            yield Redrawn("text", "", _short(wanted[text]))
    for text, n in (found - expected).items():
        if text and text not in may_be:
            for _ in range(n):
                yield Redrawn("text", _short(named[text]), "")


def _shown(text: str) -> str:
    """A text of plotly without its tags."""
    return unescape(TAG.sub(" ", text))


def _bare(text: str) -> str:
    """A text as far as it can be read from a drawing: lines and spaces are set by whoever draws."""
    return "".join(text.split()).replace("\u200b", "")


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return "" if value is None else " ".join(text.split())[:200]
