"""What the tests of the audit share: the tools from audit/, and visitors whose contexts are used again."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from ens_dash.audit.browser import Visitors
from ens_dash.audit.tools import ToolError, Tools, tools
from ens_dash.audited import Finding


@pytest.fixture(scope="session")
def audit_tools() -> Tools:
    """The tools; without them the tests fail in CI, and say elsewhere that they are not run."""
    try:
        return tools()
    except ToolError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def visitors(chromium: Browser) -> Iterator[Visitors]:
    made = Visitors(chromium)
    yield made
    made.close()


def told(findings: tuple[Finding, ...]) -> str:
    """Each finding on a line: rule, selector, page, reason."""
    lines = (f"{f.rule}  {f.selector}  {', '.join(f.seen)}\n    {f.why}\n    {f.html}" for f in findings)
    return "\n".join(lines)
