"""The main task by Tab, Enter, Space and arrows alone, from the top of the start page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ens_dash.audit.browser import open_visit, rest
from ens_dash.audit.keyboard import Lost, Stop, press, tab_to, tour
from ens_dash.audit.plan import DESK, PAGE, QUESTION, Visit
from ens_dash.audit.task import DOWNLOAD, FILE, Task, attempted, downloaded, even
from ens_dash.audited import Step, Walk
from ens_dash.survey.base import Lang

if TYPE_CHECKING:
    from playwright.sync_api import Page

# arrows within a group of choices before it is given up
MOST_ARROWS = 30
# the address follows a choice
FOLLOWS = 15_000
PRESSED = "() => document.activeElement.getAttribute('aria-pressed') === 'true'"
TITLED = """(title) => {
  const heading = document.querySelector(".stMain h1");
  return heading?.innerText.replace(/\\s+/g, " ").trim().toLowerCase() === title;
}"""
READ = """(card) => [...document.querySelectorAll(`.st-key-card_${card} table tbody tr`)]
  .filter((row) => row.checkVisibility()).map((row) => row.innerText)"""


def keyboard_walk(page: Page, base: str, lang: Lang, task: Task) -> Walk:
    """Do the task; a step that fails ends it. At every stop the focus must be seen."""
    open_visit(page, base, Visit("", "", lang, "light", DESK))
    steps: list[Step] = []
    for name, act in _acts(page, base, task, lang):
        steps.append(attempted(name, act))
        if not steps[-1].done:
            break
    return Walk(means="keyboard", lang=lang, steps=tuple(steps))


def _acts(page: Page, base: str, task: Task, lang: Lang) -> Iterable[tuple[str, Callable[[], str]]]:
    yield "filter", lambda: _filter(page, task)
    yield "page", lambda: _page(page, task)
    yield "read", lambda: _read(page, task)
    yield "download", lambda: _download(page, task)
    yield "leave", lambda: _leave(page, base, lang)


def _filter(page: Page, task: Task) -> str:
    # a group of choices may be one stop, with arrows inside it, or a stop for each choice
    stops = tab_to(page, lambda s: s.role != "tab" and _in_group(page, task))
    for _ in range(MOST_ARROWS):
        if even(stops[-1].name) == task.segment:
            break
        stop = press(page, "ArrowRight")
        if stop is None:
            raise Lost("an arrow takes the focus away")
        stops.append(stop)
    else:
        raise Lost(f"no «{task.segment}» among the choices")
    page.keyboard.press("Space")
    page.wait_for_function(PRESSED, timeout=FOLLOWS)
    page.wait_for_url(re.compile(r"age=65-plus"), timeout=FOLLOWS)
    rest(page)
    return _told(stops)


def _in_group(page: Page, task: Task) -> bool:
    """Whether the focus is on a choice of the variable: the name of a group around it says so."""
    name = page.evaluate(
        """() => {
          const roles = '[role="toolbar"], [role="group"], [role="radiogroup"]';
          const group = document.activeElement.closest(roles);
          const ids = (group?.getAttribute("aria-labelledby") ?? "").split(" ");
          const labelled = ids.map((id) => document.getElementById(id)?.textContent).join(" ");
          return group?.getAttribute("aria-label") ?? labelled;
        }"""
    )
    return even(str(name)) == task.variable


def _page(page: Page, task: Task) -> str:
    stops = tab_to(page, lambda s: s.tag == "a" and even(s.name) == task.menu)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/{PAGE}\?.*age=65-plus"), timeout=FOLLOWS)
    page.wait_for_function(
        TITLED,
        arg=task.title,
        timeout=FOLLOWS,
    )
    rest(page)
    return _told(stops)


def _read(page: Page, task: Task) -> str:
    stops = tab_to(
        page, lambda s: s.card == QUESTION and s.tag == "summary" and even(s.name).startswith(task.fold)
    )
    page.keyboard.press("Enter")
    page.wait_for_function(f"(card) => ({READ})(card).length > 0", arg=QUESTION, timeout=FOLLOWS)
    rest(page)
    rows = [even(row) for row in page.evaluate(READ, QUESTION)]
    unread = [item for item in task.items if not any(item in row and "%" in row for row in rows)]
    if unread:
        raise Lost(f"no row with a figure for «{unread[0]}»")
    return f"{_told(stops)}; {len(task.items)} rows: {rows[0]}"


def _download(page: Page, task: Task) -> str:
    # the panel stands before the fold of the same card: back
    stops = tab_to(
        page, lambda s: s.card == QUESTION and s.tag == "summary" and even(s.name) == task.share, "Shift+Tab"
    )
    page.keyboard.press("Enter")
    stops += tab_to(page, lambda s: s.card == QUESTION and s.tag == "a" and s.name.strip() == FILE)
    with page.expect_download(timeout=DOWNLOAD) as waiting:
        page.keyboard.press("Enter")
    return f"{_told(stops)}; {downloaded(waiting.value)}"


def _leave(page: Page, base: str, lang: Lang) -> str:
    """The whole page of charts by Tab: nothing keeps the focus, and it is seen everywhere."""
    open_visit(page, base, Visit(PAGE, "", lang, "light", DESK))
    found = tour(page)
    if not found.left:
        raise Lost(f"the focus does not leave the page: {found.stops[-1].told}")
    return _told(found.stops)


def _told(stops: Iterable[Stop]) -> str:
    """How many stops.

    Raises:
        Lost: at some of them it cannot be seen where the focus is.
    """
    stops = tuple(stops)
    unseen = [s.told for s in stops if not s.seen]
    if unseen:
        raise Lost(f"{len(unseen)} of {len(stops)} stops not seen: " + "; ".join(unseen[:5]))
    return f"{len(stops)} stops"
