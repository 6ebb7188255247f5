"""Contrast of the pages, from the values in their sheets: text 4.5:1, edges and marks 3:1, in both themes.

What a browser makes of it, Streamlit's own texts included, is measured in tests/browser/test_theme.py.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from colours import contrast

from ens_dash.render.theme import roles, theme_css

ROOT = Path(__file__).parents[1]
SHEETS = [*sorted((ROOT / "ens_dash/ui/css").glob("*.css")), ROOT / "ens_dash/render/first_page.css"]
THEMES = pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])
# what a text or an edge may stand on where its own rule names no ground
GROUNDS = ("ground", "panel", "raised")
PAPERS = (*GROUNDS, "said-paper", "fictional-note")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
BAR = re.compile(r"\.bar(?!s)\b")
USED = re.compile(r"var\(--([a-z-]+)\)")
# these part what is told apart by space and words too: no control and no figure is known by them
DECORATION = ("line",)
# a colour that is not a role: hexadecimal, a function, or a name
HARD = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?)\(|\b(?:white|black|gr[ae]y|red|green|blue)\b")


def declarations(sheet: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The rules of a sheet: selector -> property -> value."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    for selector, body in RULE.findall(text):
        pairs = (part.partition(":") for part in body.split(";") if ":" in part)
        yield selector.strip(), {name.strip(): value.strip() for name, _, value in pairs}


def used(value: str | None) -> list[str]:
    return USED.findall(value or "")


def texts() -> Iterator[tuple[str, str, str]]:
    """Every ink with each ground that it stands on: where it is said, ink, ground (roles)."""
    for sheet in SHEETS:
        for selector, rule in declarations(sheet):
            where = f"{sheet.name}: {selector}"
            own = used(rule.get("background")) or used(rule.get("background-color"))
            for ink in used(rule.get("color")):
                # inks of a filled thing are said together with it, or for a part of it
                grounds = own or (["fill"] if ink == "on-fill" else PAPERS)
                yield from ((where, ink, ground) for ground in grounds)
            if own and not rule.get("color") and own[0] not in ("whole", "group", "fictional"):
                # a block with a ground and no ink of its own: all that stands in it
                for ink in ("ink", "quiet", "accent", "figure"):
                    yield where, ink, own[0]


def edges() -> Iterator[tuple[str, str]]:
    """Every edge, ring and bar: where it is said, and its role."""
    for sheet in SHEETS:
        for selector, rule in declarations(sheet):
            for name, value in rule.items():
                bar = name == "background" and BAR.search(selector) is not None
                if bar or name.startswith(("border", "outline")):
                    for role in used(value):
                        if role not in DECORATION and not (bar and role.endswith("-paper")):
                            yield f"{sheet.name}: {selector}", role


def value(role: str, side: int) -> str:
    return roles()[role][side]


@THEMES
def test_every_text_can_be_read_on_what_it_stands_on(side: int) -> None:
    found = list(texts())
    assert len(found) > 100
    low = [
        (where, ink, ground, round(contrast(value(ink, side), value(ground, side)), 2))
        for where, ink, ground in found
        if contrast(value(ink, side), value(ground, side)) < 4.5
    ]
    assert not low


@THEMES
def test_every_edge_and_bar_can_be_seen(side: int) -> None:
    found = list(edges())
    assert len(found) > 15
    low = [
        (where, role, ground)
        for where, role in found
        for ground in GROUNDS
        if contrast(value(role, side), value(ground, side)) < 3
    ]
    assert not low


@THEMES
def test_the_ring_of_the_focus_can_be_seen_on_everything(side: int) -> None:
    assert "2px solid var(--focus)" in theme_css()
    for ground in PAPERS:
        assert contrast(value("focus", side), value(ground, side)) >= 3, ground
    # two pixels off: the ring stands on the page's ground, also around what is filled
    assert "outline-offset: 2px" in theme_css()


@THEMES
def test_hatching_can_be_seen(side: int) -> None:
    assert contrast(value("fictional", side), value("fictional-paper", side)) >= 3


def test_no_sheet_has_a_colour_that_is_not_a_role() -> None:
    for sheet in SHEETS:
        for selector, rule in declarations(sheet):
            for name, told in rule.items():
                if name not in ("content", "white-space", "font", "quotes"):
                    assert not HARD.search(told), f"{sheet.name}: {selector} {{ {name}: {told} }}"
            for name in USED.findall(" ".join(rule.values())):
                assert name in roles(), f"{sheet.name}: {selector}: --{name} is no role"


def test_every_role_is_used() -> None:
    told = "".join(sheet.read_text("utf-8") for sheet in SHEETS) + theme_css().partition("html {")[2]
    rest = (ROOT / "ens_dash/web/lost.py").read_text("utf-8")
    assert not [role for role in roles() if f"var(--{role})" not in told + rest]


def test_every_line_of_the_theme_is_read() -> None:
    block = (
        (ROOT / "ens_dash/render/theme.css").read_text("utf-8").partition(":root {")[2].partition("\n}")[0]
    )
    assert len(roles()) == len([line for line in block.splitlines() if line.strip()])
    css = theme_css()
    for name, (light, dark) in roles().items():
        assert css.count(f"--{name}:") == 3, "light, the system's dark, and both for browsers that can choose"
        assert f"--{name}:light-dark({light},{dark});" in css


def config() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"]
    return found


@pytest.mark.parametrize(("name", "side"), [("light", 0), ("dark", 1)])
def test_streamlit_has_the_sites_colours(name: str, side: int) -> None:
    same = {
        "primaryColor": "accent",
        "linkColor": "accent",
        "backgroundColor": "ground",
        "secondaryBackgroundColor": "panel",
        "textColor": "ink",
        "borderColor": "edge",
    }
    assert config()[name] == {option: value(role, side) for option, role in same.items()}
    for ground in ("ground", "panel"):
        assert contrast(value("edge", side), value(ground, side)) >= 3
        assert contrast(value("accent", side), value(ground, side)) >= 4.5


def test_streamlit_follows_the_system_only_where_both_themes_are_told() -> None:
    assert {"light", "dark"} <= set(config())
    assert "base" not in config()
