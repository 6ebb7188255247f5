"""The plotly.js that draws the charts on screen, for what is drawn elsewhere: embeds and files.

Streamlit has a plotly.js of its own inside its frontend, and the plotly package ships another; their versions
differ. A chart must look the same wherever it is drawn, so Streamlit's is cut out of its bundle, in memory.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

BUNDLE = "static/static/js/PlotlyChart.*.js"
# The module that the bundler wrapped around plotly.js: `(exports, module, _) => { (…)(); return … }`.
HEAD = re.compile(r"\w+\(\(\((\w+),(\w+),(\w+)\)=>\{(?=\(function\(\w+,\w+\)\{typeof \2==`object`)")
TAIL = "return window.Plotly="
END = re.compile(r"return window\.Plotly=(\w+),\1\}\)(?=\}\)\))")
VERSIONS = (
    re.compile(r'"src/version\.js"\(\w+\)\{\w+\.version=`([\d.]+)`'),
    re.compile(r"^\W*plotly\.js v([\d.]+)"),
)

_log = logging.getLogger(__name__)


class BundleShape(ValueError):
    """Streamlit's bundle is not built as this module expects."""


@dataclass(frozen=True)
class PlotlyJs:
    """A script that sets `window.Plotly`. `on_screen`: whether it is the one that draws the site's charts."""

    version: str
    script: str
    on_screen: bool


def plotly_js() -> PlotlyJs:
    """The plotly.js of the screen; that of the plotly package where Streamlit's cannot be cut out."""
    try:
        return from_streamlit()
    except (BundleShape, OSError):
        _log.warning(
            "charts in embeds and files are drawn by another plotly.js than on screen", exc_info=True
        )
        return from_package()


def from_streamlit() -> PlotlyJs:
    """The plotly.js inside Streamlit's frontend.

    Raises:
        BundleShape: the bundle is not there once, or is built in another way.
    """
    found = sorted(_folder("streamlit").glob(BUNDLE))
    if len(found) != 1:
        raise BundleShape(f"expected one {BUNDLE} in streamlit, found {len(found)}")
    return cut(found[0].read_text("utf-8"))


def cut(bundle: str) -> PlotlyJs:
    """The plotly.js of a bundle, as a script of its own.

    Raises:
        BundleShape: what stands around plotly.js is not what is expected.
    """
    heads, tails = list(HEAD.finditer(bundle)), list(END.finditer(bundle))
    if len(heads) != 1 or len(tails) != 1 or bundle.count(TAIL) != 1:
        raise BundleShape(
            f"expected plotly.js once as a module inside Streamlit's bundle, found {len(heads)} beginnings "
            f"and {len(tails)} ends; see ens_dash/render/plotlyjs.py"
        )
    head, body = heads[0], bundle[heads[0].end() : tails[0].end()]
    exports, module, third = head.groups()
    script = f"(({exports},{module},{third})=>{{{body}}})({{}},{{exports:{{}}}},{{}});\n"
    return PlotlyJs(_version(body), script, on_screen=True)


def from_package() -> PlotlyJs:
    """The plotly.js that the installed plotly package ships."""
    script = (_folder("plotly") / "package_data" / "plotly.min.js").read_text("utf-8")
    return PlotlyJs(_version(script), script, on_screen=False)


def _version(script: str) -> str:
    for pattern in VERSIONS:
        found = pattern.search(script)
        if found is not None:
            return found.group(1)
    raise BundleShape("plotly.js does not say its version where it is looked for")


@cache
def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise BundleShape(f"{package} is not installed")
    return Path(spec.origin).parent
