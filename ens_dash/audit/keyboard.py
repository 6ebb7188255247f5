"""Going through a page by keys alone, and whether at each stop the focus can be seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPT = Path(__file__).with_name("focus.js")
# stops before a page is given up as a trap; the longest has about 200
MOST_STOPS = 400
# milliseconds
SETTLES = 300


class Lost(Exception):
    """What was looked for by keyboard was not reached; the message says how far it went."""


@dataclass(frozen=True)
class Stop:
    """What has the focus. `seen`: it can be seen that it has; `id` is the element's, for this page."""

    name: str
    tag: str
    role: str
    id: int
    card: str
    visible: bool
    shown: bool
    free: bool

    @property
    def seen(self) -> bool:
        """In the window, not under something else, and not looking as it does without the focus."""
        return self.visible and self.shown and self.free

    @property
    def told(self) -> str:
        """For a person: the element, and what is wrong with it."""
        wrong = {"no visible focus": self.visible, "outside the window": self.shown, "covered": self.free}
        said = ", ".join(name for name, right in wrong.items() if not right)
        return f"{self.tag} «{self.name}»" + (f" ({said})" if said else "")


def press(page: Page, key: str = "Tab") -> Stop | None:
    """Press a key; what has the focus then, None where nothing of the page has."""
    page.evaluate(f"{_script()}.before()")
    page.keyboard.press(key)
    found: dict[str, Any] | None = page.evaluate(f"{_script()}.after()")
    if found and not (found["visible"] and found["shown"]):
        # a frame that fades in, a window that scrolls
        page.wait_for_timeout(SETTLES)
        found = page.evaluate(f"{_script()}.after()")
    return Stop(**found) if found else None


def tab_to(page: Page, wanted: Callable[[Stop], bool], key: str = "Tab") -> list[Stop]:
    """Press Tab until the focus is on what is wanted, past the end of the page too; all the stops, the last
    of them it.

    Raises:
        Lost: a whole round has gone by, or MOST_STOPS.
    """
    stops: list[Stop] = []
    ids: set[int] = set()
    for _ in range(MOST_STOPS):
        stop = press(page, key)
        if stop is None:
            continue
        if stop.id in ids:
            break
        ids.add(stop.id)
        stops.append(stop)
        if wanted(stop):
            return stops
    last = stops[-1].told if stops else "nothing"
    raise Lost(f"not reached in {len(stops)} stops; the last was {last}")


@dataclass(frozen=True)
class Tour:
    """All the stops of a page, from its top until the focus leaves it. `left`: it does leave it."""

    stops: tuple[Stop, ...]
    left: bool

    @property
    def unseen(self) -> tuple[Stop, ...]:
        """The stops at which it cannot be seen where one is."""
        return tuple(s for s in self.stops if not s.seen)


def tour(page: Page) -> Tour:
    """Press Tab from the top of the page until the focus has left it, or comes back without leaving it."""
    stops: list[Stop] = []
    ids: set[int] = set()
    for _ in range(MOST_STOPS):
        stop = press(page)
        if stop is None or (stops and stop.id == stops[0].id):
            return Tour(tuple(stops), left=True)
        if stop.id in ids:
            return Tour(tuple(stops), left=False)
        ids.add(stop.id)
        stops.append(stop)
    return Tour(tuple(stops), left=False)


@cache
def _script() -> str:
    text = SCRIPT.read_text("utf-8")
    return text[text.index("({") :].strip()
