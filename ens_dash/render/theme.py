"""The site's colours for the browser: what theme.css names, written so that the page follows its theme.

`light-dark()` takes the side of the element's own `color-scheme`, which Streamlit sets on what it draws: ours
cannot be dark where Streamlit's is light, whatever it made its choice by. Before Streamlit is there, and on
pages without it, the system counts. A browser without `light-dark()` (before 2024) follows the system.
Paper is always light.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

from ens_dash.render.style import DARK, LIGHT, Style

CSS = Path(__file__).with_name("theme.css")
ROLE = re.compile(
    r"^  --([a-z-]+): light-dark\((#[0-9a-f]{6}|rgb\([^)]*\)), (#[0-9a-f]{6}|rgb\([^)]*\))\);$", re.M
)
COMMENT, SPACE = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r"\s+")
# where a colour of charts stands: the ground is seen as gaps between bars, and white is an ink too
CHANNELS = {"ground": ("stroke",), "paper": ()}


@cache
def roles() -> dict[str, tuple[str, str]]:
    """The colours of theme.css: role -> (on a light ground, on a dark one)."""
    return {name: (light, dark) for name, light, dark in ROLE.findall(CSS.read_text("utf-8"))}


@cache
def theme_css() -> str:
    """The roles as custom properties on the root, and the rules that are the same on every page."""
    light = "".join(f"--{name}:{a};" for name, (a, _) in roles().items())
    dark = "".join(f"--{name}:{b};" for name, (_, b) in roles().items())
    both = "".join(f"--{name}:light-dark({a},{b});" for name, (a, b) in roles().items())
    rules = SPACE.sub(" ", COMMENT.sub("", CSS.read_text("utf-8").partition("\n}\n")[2])).strip()
    return (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        f"@supports (color:light-dark(#000,#fff)){{:root{{{both}}}}}{rules}"
    )


@cache
def chart_css() -> str:
    """What a chart was drawn with in one theme, shown in the theme that the page has now.

    The server draws a chart in the theme that the reader's page had; when the system changes theme while the
    page is open, or when a dark page is printed, Streamlit runs nothing. Plotly writes its colours into the
    elements' styles: each colour of a `Style` has one role, and is shown as that role's colour here.
    """
    rules = []
    for role, light, dark in pairs(LIGHT, DARK):
        for drawn in (light, dark):
            for channel in CHANNELS.get(role, ("fill", "stroke")):
                # as browsers write a colour that a script has set, as plotly's own HTML does, and hatching
                told = (
                    f'[style*="{channel}: {_rgb(drawn)}"],[style*="{channel}:{drawn}"],'
                    f'[{channel}="{_rgb(drawn)}"]'
                )
                shown = f"{channel}:light-dark({light},{dark})!important"
                rules.append(f".js-plotly-plot :is({told}){{{shown}}}")
    return f"@supports (color:light-dark(#000,#fff)){{{''.join(rules)}}}"


def pairs(light: Style, dark: Style) -> Iterator[tuple[str, str, str]]:
    """The colours of charts in two styles: role, light, dark; the answers of a stack are a role each."""
    for field in fields(Style):
        a, b = getattr(light, field.name), getattr(dark, field.name)
        if isinstance(a, tuple):
            yield from ((f"{field.name} {i}", *both) for i, both in enumerate(zip(a, b, strict=True)))
        else:
            yield field.name, a, b


def _rgb(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"
