"""Lighthouse on a page, as on a phone: its scores, and which of its audits cost points."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

from ens_dash.audit.tools import INSTALL, ToolError, Tools
from ens_dash.audited import Scores
from ens_dash.survey.base import Lang

CATEGORIES = {
    "accessibility": "accessibility",
    "seo": "seo",
    "best_practices": "best-practices",
    "performance": "performance",
}
FLAGS = "--headless=new --no-sandbox --disable-gpu"
# seconds: a page on the slow phone that Lighthouse plays, on a busy machine
PATIENCE = 240


def lighthouse(base: str, path: str, lang: Lang, tools: Tools) -> Scores:
    """The scores of a page.

    Raises:
        ToolError: Lighthouse or Node is not there, or it gives no result.
    """
    if tools.lighthouse is None or tools.node is None:
        raise ToolError(f"Lighthouse or Node is not installed: {INSTALL}")
    command = [tools.node, str(tools.lighthouse), f"{base}/{path}?lang={lang}", "--output=json", "--quiet"]
    command += [f"--only-categories={','.join(CATEGORIES.values())}", f"--chrome-flags={FLAGS}"]
    # it would else ask whether it may report errors, and wait
    command += ["--no-enable-error-reporting"]
    environment = os.environ | {"CHROME_PATH": tools.chromium}
    try:
        done = subprocess.run(command, capture_output=True, env=environment, timeout=PATIENCE, check=False)
        found: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise ToolError(f"Lighthouse gives no result for /{path}: {error}") from error
    return scores_of(found, path, lang)


def scores_of(found: dict[str, Any], path: str, lang: Lang) -> Scores:
    """The scores in a report of Lighthouse's.

    Raises:
        ToolError: it has none, and says why.
    """
    trouble = found.get("runtimeError", {}).get("message")
    scores = {name: found["categories"][key]["score"] for name, key in CATEGORIES.items()}
    if trouble or any(s is None for n, s in scores.items() if n != "performance"):
        raise ToolError(f"Lighthouse could not look at /{path}: {trouble or scores}")
    judged = [key for name, key in CATEGORIES.items() if name != "performance"]
    audits = {
        ref["id"]
        for key in judged
        for ref in found["categories"][key]["auditRefs"]
        if ref["weight"] > 0 and (found["audits"][ref["id"]]["score"] or 0) < 1
        if found["audits"][ref["id"]]["scoreDisplayMode"] in ("binary", "numeric", "metricSavings")
    }
    points = {name: round((score or 0) * 100) for name, score in scores.items()}
    return Scores(page=f"/{path}", lang=lang, **points, failed=tuple(sorted(audits)))
