"""What an audit needs on the machine: Playwright, Chromium, and axe-core and Lighthouse from audit/."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from ens_dash.settings import ROOT

MODULES = ROOT / "audit" / "node_modules"
INSTALL = "`make audit` installs what is missing"


class ToolError(RuntimeError):
    """A tool is missing; the message says which, and how to get it."""


@dataclass(frozen=True)
class Tools:
    """Where the tools are. `lighthouse` and `node` are needed for Lighthouse only."""

    chromium: str
    axe: Path
    lighthouse: Path | None
    node: str | None

    def versions(self, chromium: str) -> dict[str, str]:
        """The version of each, with `chromium` as the browser told its own."""
        found = {"chromium": chromium, "axe-core": _package_version(self.axe.parent)}
        if self.lighthouse is not None:
            found["lighthouse"] = _package_version(self.lighthouse.parents[1])
        return found | {name: version(name) for name in ("playwright", "streamlit")}


def tools(modules: Path = MODULES) -> Tools:
    """Find the tools.

    Raises:
        ToolError: Playwright, Chromium or axe-core is not there.
    """
    if find_spec("playwright") is None:
        raise ToolError(f"Playwright is not installed: pip install -r requirements-dev.txt, or {INSTALL}")
    chromium = shutil.which("chromium")
    if chromium is None:
        raise ToolError("Chromium is not installed: apt-get install chromium, or the like")
    axe = modules / "axe-core" / "axe.min.js"
    if not axe.exists():
        raise ToolError(f"axe-core is not in {modules.parent.name}/{modules.name}: {INSTALL}")
    lighthouse = modules / "lighthouse" / "cli" / "index.js"
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    return Tools(chromium, axe, lighthouse if lighthouse.exists() else None, node)


@cache
def axe_source(path: Path) -> str:
    """axe-core, to be run in a page."""
    return path.read_text("utf-8")


def _package_version(folder: Path) -> str:
    return str(json.loads((folder / "package.json").read_text("utf-8"))["version"])
