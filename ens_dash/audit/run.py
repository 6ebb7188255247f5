"""The whole audit, part by part, into a record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson

from ens_dash.audit.axe import TAGS, axe, parted, unfold
from ens_dash.audit.browser import Visitors, chromium, context_of, open_visit
from ens_dash.audit.keyboard_walk import keyboard_walk
from ens_dash.audit.layout import layout
from ens_dash.audit.lighthouse import lighthouse
from ens_dash.audit.load import load
from ens_dash.audit.plan import DESK, Visit, axe_visits, layout_visits, told
from ens_dash.audit.task import Task
from ens_dash.audit.tools import Tools
from ens_dash.audit.tree_walk import tree_walk
from ens_dash.audited import PARTS, Axe, Finding, Layout, Record, Scores, Upstream, Walk, merged
from ens_dash.paths import PAGES
from ens_dash.survey.base import Lang

if TYPE_CHECKING:
    from playwright.sync_api import APIRequestContext, Browser

UNREACHED = "unreached"
LIGHTHOUSE_LANG: Lang = "fr"
Report = Callable[[str], None]


class NoSite(RuntimeError):
    """Nothing of ours answers at the address."""


@dataclass(frozen=True)
class Plan:
    """Where, by what, which parts; `tasks`: the main task in each language."""

    base: str
    tools: Tools
    tasks: dict[Lang, Task]
    upstream: tuple[Upstream, ...]
    parts: Sequence[str] = PARTS


def audit(plan: Plan, today: date, report: Report) -> Record:
    """Run the parts; `report` is called with a line before each visit.

    Raises:
        NoSite: no site with a release in service answers there.
        ToolError: a tool gives no result.
    """
    with chromium(plan.tools) as browser:
        context = browser.new_context()
        served = _served(context.request, plan.base)
        context.close()
        found: dict[str, Any] = {}
        if "axe" in plan.parts:
            found["axe"] = axe_part(browser, plan, tuple(axe_visits()), report)
        if "layout" in plan.parts:
            found["layout"] = layout_part(browser, plan, tuple(layout_visits()), report)
        if "walks" in plan.parts:
            found["walks"] = walks_part(browser, plan, report)
        if "load" in plan.parts:
            report("load")
            found["load"] = load(browser, plan.base)
        version = browser.version
    if "lighthouse" in plan.parts:
        found["lighthouse"] = _lighthouse(plan, report)
    return Record(date=today, **served, tools=plan.tools.versions(version), upstream=plan.upstream, **found)


def axe_part(browser: Browser, plan: Plan, visits: Sequence[Visit], report: Report) -> Axe:
    """axe-core on every visit."""
    undecided: dict[str, int] = {}

    def look(page: Any, visit: Visit) -> tuple[Finding, ...]:
        findings, unsure = axe(page, visit, plan.tools)
        for rule, n in unsure.items():
            undecided[rule] = undecided.get(rule, 0) + n
        return findings

    found = _visited(browser, plan.base, visits, look, report)
    ours, theirs = parted(merged(found), plan.upstream)
    return Axe(
        visits=told(visits), tags=TAGS, ours=ours, upstream=theirs, undecided=dict(sorted(undecided.items()))
    )


def layout_part(browser: Browser, plan: Plan, visits: Sequence[Visit], report: Report) -> Layout:
    """What does not fit, on every visit."""
    found = _visited(browser, plan.base, visits, layout, report)
    ours, _ = parted(merged(found), plan.upstream)
    return Layout(visits=told(visits), findings=ours)


def walks_part(browser: Browser, plan: Plan, report: Report) -> tuple[Walk, ...]:
    """The main task by both means in every language, each by a new visitor."""
    walks = []
    for lang, task in plan.tasks.items():
        for walk in (keyboard_walk, tree_walk):
            report(f"{walk.__name__} {lang}")
            context = context_of(browser, Visit("", "", lang, "light", DESK))
            walks.append(walk(context.new_page(), plan.base, lang, task))
            context.close()
    return tuple(walks)


def _visited(
    browser: Browser,
    base: str,
    visits: Iterable[Visit],
    look: Callable[[Any, Visit], tuple[Finding, ...]],
    report: Report,
) -> list[Finding]:
    """What `look` finds on every visit; a page that does not come is a finding."""
    from playwright.sync_api import Error

    visitors = Visitors(browser)
    found: list[Finding] = []
    for visit in visits:
        report(visit.name)
        page = visitors.page(visit)
        try:
            open_visit(page, base, visit)
            unfold(page, visit)
            found += look(page, visit)
        except Error as error:
            why = " ".join(str(error).split())[:300]
            found.append(Finding(rule=UNREACHED, selector=visit.address, why=why, seen=(visit.name,)))
    visitors.close()
    return found


def _lighthouse(plan: Plan, report: Report) -> tuple[Scores, ...]:
    scores = []
    for path in PAGES:
        report(f"lighthouse /{path}")
        scores.append(lighthouse(plan.base, path, LIGHTHOUSE_LANG, plan.tools))
    return tuple(scores)


def _served(request: APIRequestContext, base: str) -> dict[str, str]:
    """The program's version, and the survey and release in service."""
    from playwright.sync_api import Error

    try:
        health, ready = request.get(f"{base}/healthz"), request.get(f"{base}/readyz")
        version = orjson.loads(health.body())["version"]
        release = orjson.loads(ready.body())
        return {"program": version, "survey": release["survey"], "release": release["release"]}
    except (Error, ValueError, KeyError) as error:
        raise NoSite(f"no site of this program answers at {base}: start it (make run)") from error
