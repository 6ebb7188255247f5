"""What is looked at: every page, in both languages, light and dark, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ens_dash.audited import Visits
from ens_dash.paths import PAGES
from ens_dash.survey.base import LANGS, Lang

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
PHONE, DESK, NARROW = 390, 1280, 320
WIDTHS = (PHONE, DESK)
# a window of 1280 px at 200 % is 640 px wide, each of them two
ZOOMED, ZOOM = 640, 2
HEIGHTS = {NARROW: 640, PHONE: 844, ZOOMED: 450, DESK: 900}
# The group of the main task, a question about what people fear, and the page it stands on
GROUP = ("age", "65-plus")
PAGE, QUESTION = "risques", "ens_risks"
# kind -> path and query, `lang` aside
Kind = Literal["page", "lost", "embed", "filtered", "presentation", "light"]
SPECIAL: dict[Kind, tuple[str, str]] = {
    "lost": ("no-such-page", ""),
    "embed": (f"embed/{QUESTION}", ""),
    "presentation": (PAGE, "mode=presentation"),
    "light": (PAGE, "mode=light"),
    # the last: the filter that is opened there stays open for its visitor
    "filtered": (PAGE, f"{GROUP[0]}={GROUP[1]}"),
}
# drawn without Streamlit
PLAIN: tuple[Kind, ...] = ("lost", "embed")


@dataclass(frozen=True)
class Visit:
    """One page as one visitor sees it. `scale`: device pixels of a CSS pixel."""

    path: str
    query: str
    lang: Lang
    theme: Theme
    width: int
    kind: Kind = "page"
    scale: int = 1

    @property
    def address(self) -> str:
        """The address after the host."""
        return f"/{self.path}?" + "&".join(filter(None, (self.query, f"lang={self.lang}")))

    @property
    def name(self) -> str:
        """For a person: `/risques fr dark 390`."""
        kind = "" if self.kind == "page" else f" {self.kind}"
        return f"/{self.path} {self.lang} {self.theme} {self.width}{kind}"


def axe_visits() -> Iterator[Visit]:
    """Every page, and every other kind of page, in every language, theme and width."""
    for theme in THEMES:
        for width in WIDTHS:
            for lang in LANGS:
                yield from (Visit(path, "", lang, theme, width) for path in PAGES)
                for kind, (path, query) in SPECIAL.items():
                    yield Visit(path, query, lang, theme, width, kind)


def layout_visits() -> Iterator[Visit]:
    """Every page in both languages at 320 and 390 px, and at 200 % zoom, in one theme: it moves nothing."""
    for width in (NARROW, PHONE, ZOOMED):
        scale = ZOOM if width == ZOOMED else 1
        for lang in LANGS:
            yield from (Visit(path, "", lang, "light", width, scale=scale) for path in PAGES)
            for kind, (path, query) in SPECIAL.items():
                yield Visit(path, query, lang, "light", width, kind, scale)


def told(visits: Sequence[Visit]) -> Visits:
    """What was looked at, for the record."""

    def all_of(values: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(values))

    return Visits(
        count=len(visits),
        pages=all_of(f"/{v.path}" + ("" if v.kind == "page" else f" {v.kind}") for v in visits),
        langs=all_of(v.lang for v in visits),
        themes=all_of(v.theme for v in visits),
        widths=tuple(dict.fromkeys(v.width for v in visits)),
    )
