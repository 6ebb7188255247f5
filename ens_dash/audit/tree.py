"""The browser's own accessibility tree: what a screen reader is given, and what it can set off."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ens_dash.audit.task import even

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

# milliseconds between looks, and looks
PAUSE, LOOKS = 150, 100
# Playwright's get_by_role knows no role of a <summary>; the browser does
FOLD = "DisclosureTriangle"
# a line of a text that is in the tree already
PIECE = "InlineTextBox"


class Absent(Exception):
    """The tree has no such thing; the message says what was looked for."""


@dataclass(frozen=True)
class Node:
    """One thing in the tree. `text` is all that is said of it and in it; `place` its place in the reading
    order; `states` what it says of itself (pressed, expanded, level)."""

    role: str
    name: str
    text: str
    place: int
    states: dict[str, Any]
    backend: int
    inside: tuple[str, ...]

    def within(self, node: Node) -> bool:
        """Whether it is a part of another."""
        return str(node.place) in self.inside


class Tree:
    """The tree of a page. Roles and names are all there is: no selector, no place on the screen."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("Accessibility.enable")

    def nodes(self) -> list[Node]:
        """Everything that is not left out for readers, in reading order."""
        found: list[dict[str, Any]] = self._session.send("Accessibility.getFullAXTree")["nodes"]
        by_id = {n["nodeId"]: n for n in found}
        result: list[Node] = []

        def read(node: dict[str, Any], inside: tuple[str, ...]) -> str:
            own = not node.get("ignored", False) and node["role"]["value"] != PIECE
            place = len(result)
            if own:
                result.append(_node(node, place, inside))
            around = (*inside, str(place)) if own else inside
            said = [read(by_id[c], around) for c in node.get("childIds", ()) if c in by_id]
            name = str(node.get("name", {}).get("value", "")) if own else ""
            text = " ".join(filter(None, said)) or name
            if own:
                result[place] = _node(node, place, inside, text)
            return text

        read(found[0], ())
        return result

    def find(
        self,
        role: str | tuple[str, ...],
        name: str | Callable[[str], bool],
        after: Node | None = None,
        where: Callable[[Node], bool] = lambda n: True,
    ) -> Node:
        """The first thing of a role and a name (compared without regard to capitals and kinds of space),
        after another in reading order; waited for.

        Raises:
            Absent: it does not come.
        """
        right = (lambda n: n == name) if isinstance(name, str) else name
        roles = (role,) if isinstance(role, str) else role
        for _ in range(LOOKS):
            for node in self.nodes():
                later = after is None or node.place > after.place
                if node.role in roles and later and right(even(node.name)) and where(node):
                    return node
            self._page.wait_for_timeout(PAUSE)
        raise Absent(f"no {' or '.join(roles)} named {name if isinstance(name, str) else 'as wanted'}")

    def activate(self, node: Node) -> None:
        """What a screen reader does with a thing: its own action, wherever it is on the screen."""
        resolved = self._session.send("DOM.resolveNode", {"backendNodeId": node.backend})
        self._session.send(
            "Runtime.callFunctionOn",
            {
                "objectId": resolved["object"]["objectId"],
                "functionDeclaration": "function () { this.click(); }",
                "userGesture": True,
            },
        )


def _node(found: dict[str, Any], place: int, inside: tuple[str, ...], text: str = "") -> Node:
    states = {p["name"]: p["value"].get("value") for p in found.get("properties", ())}
    return Node(
        role=str(found.get("role", {}).get("value", "")),
        name=str(found.get("name", {}).get("value", "")),
        text=text,
        place=place,
        states=states,
        backend=int(found.get("backendDOMNodeId", 0)),
        inside=inside,
    )


def rows(table: Node, nodes: Iterable[Node]) -> list[str]:
    """The rows of a table, as read."""
    return [even(n.text) for n in nodes if n.role == "row" and n.within(table)]
