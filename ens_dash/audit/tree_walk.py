"""The main task by the accessibility tree alone: roles and names, as a screen reader has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ens_dash.audit.browser import open_visit, rest
from ens_dash.audit.plan import DESK, Visit
from ens_dash.audit.task import DOWNLOAD, FILE, Task, attempted, downloaded, even
from ens_dash.audit.tree import FOLD, PAUSE, Absent, Node, Tree, rows
from ens_dash.audited import Step, Walk
from ens_dash.survey.base import Lang

if TYPE_CHECKING:
    from playwright.sync_api import Page


# how a browser may call a named row of choices
SENTENCES = ("status", "paragraph")
GROUPS = ("toolbar", "group", "radiogroup")


def tree_walk(page: Page, base: str, lang: Lang, task: Task) -> Walk:
    """Do the task; a step that fails ends it."""
    open_visit(page, base, Visit("", "", lang, "light", DESK))
    tree = Tree(page)
    acts: tuple[tuple[str, Callable[[], str]], ...] = (
        ("filter", lambda: _filter(page, tree, task)),
        ("page", lambda: _page(page, tree, task)),
        ("read", lambda: _read(page, tree, task)),
        ("download", lambda: _download(page, tree, task)),
    )
    steps: list[Step] = []
    for name, act in acts:
        steps.append(attempted(name, act))
        if not steps[-1].done:
            break
    return Walk(means="tree", lang=lang, steps=tuple(steps))


def _filter(page: Page, tree: Tree, task: Task) -> str:
    group = tree.find(GROUPS, task.variable)
    choice = tree.find("button", task.segment, group, lambda n: n.within(group))
    tree.activate(choice)
    pressed = tree.find("button", task.segment, where=lambda n: n.states.get("pressed") in (True, "true"))
    rest(page)
    return f"{group.role} «{group.name}», {pressed.role} «{pressed.name}», pressed"


def _page(page: Page, tree: Tree, task: Task) -> str:
    tree.activate(tree.find("link", task.menu))
    title = tree.find("heading", task.title)
    rest(page)
    told = tree.find(SENTENCES, lambda _: True, where=lambda n: task.people in even(n.text))
    return f"{title.role} «{title.name}»; {told.role} «{told.text}»"


def _heading(tree: Tree, task: Task) -> Node:
    return tree.find("heading", lambda name: task.question in name)


def _read(page: Page, tree: Tree, task: Task) -> str:
    heading = _heading(tree, task)
    table = _table(tree, heading, task)
    if table is None:
        # no table beside the chart: the one in its fold
        tree.activate(tree.find(FOLD, lambda name: name.startswith(task.fold), heading))
        page.wait_for_timeout(PAUSE)
        rest(page)
        heading = _heading(tree, task)
        table = _table(tree, heading, task)
    if table is None:
        raise Absent(f"no table of «{heading.name}»")
    read = rows(table, tree.nodes())
    unread = [item for item in task.items if not any(item in row and "%" in row for row in read)]
    if unread:
        raise Absent(f"no row with a figure for «{unread[0]}»")
    return f"table «{table.name}», {len(task.items)} rows with a figure; the first: {read[1]}"


def _table(tree: Tree, heading: Node, task: Task) -> Node | None:
    """The first table after a heading that has a row for the first item."""
    nodes = tree.nodes()
    later = (n for n in nodes if n.role == "table" and n.place > heading.place)
    return next((t for t in later if any(task.items[0] in row for row in rows(t, nodes))), None)


def _download(page: Page, tree: Tree, task: Task) -> str:
    heading = _heading(tree, task)
    panel = tree.find(FOLD, task.share, heading)
    tree.activate(panel)
    link = tree.find("link", FILE.lower(), _heading(tree, task))
    with page.expect_download(timeout=DOWNLOAD) as waiting:
        tree.activate(link)
    return f"link «{link.name}»: {downloaded(waiting.value)}"
