"""The main task by keyboard alone and by the accessibility tree alone; no page keeps or hides the focus."""

from __future__ import annotations

import pytest
from browser.audited import visitors
from browser.conftest import Server
from playwright.sync_api import Browser, Page

from ens_dash.audit.browser import Visitors, context_of, open_visit
from ens_dash.audit.keyboard import Lost, press, tab_to, tour
from ens_dash.audit.keyboard_walk import keyboard_walk
from ens_dash.audit.plan import DESK, Visit
from ens_dash.audit.task import Task
from ens_dash.audit.tree_walk import tree_walk
from ens_dash.paths import PAGES
from ens_dash.survey.base import LANGS, Lang
from ens_dash.survey.model import Survey
from ens_dash.text import Words

__all__ = ["visitors"]


@pytest.mark.parametrize("walk", [keyboard_walk, tree_walk], ids=lambda w: w.__name__)
@pytest.mark.parametrize("lang", LANGS)
def test_the_main_task_can_be_done(
    server: Server, chromium: Browser, survey: Survey, words: dict[Lang, Words], walk, lang: Lang
):
    context = context_of(chromium, Visit("", "", lang, "light", DESK))
    done = walk(context.new_page(), server.url, lang, Task.of(survey, words[lang]))
    context.close()
    assert done.done, "\n".join(f"{s.step}: {s.told}" for s in done.steps)
    assert len(done.steps) >= 4


@pytest.mark.parametrize("path", PAGES)
def test_no_page_keeps_the_focus_or_hides_it(server: Server, visitors: Visitors, path: str):
    visit = Visit(path, "", "fr", "light", DESK)
    page = visitors.page(visit)
    open_visit(page, server.url, visit)
    found = tour(page)
    assert found.left and len(found.stops) > 10
    assert [s.told for s in found.unseen] == []


def test_a_focus_that_cannot_be_seen_is_found(desktop: Page):
    desktop.set_content(
        '<button>seen</button><button style="outline: none" id="b">not seen</button>'
        '<a href="#" style="position: fixed; top: 90px">under</a>'
        '<div style="position: fixed; inset: 80px 0 0 0; background: white">over it</div>'
    )
    found = [press(desktop) for _ in range(3)]
    assert [s is not None and s.seen for s in found] == [True, False, False]
    assert found[1] is not None and "no visible focus" in found[1].told
    assert found[2] is not None and "covered" in found[2].told


def test_a_trap_is_found(desktop: Page):
    desktop.set_content(
        '<a href="#">first</a><button id="one">one</button><button id="two">two</button><a href="#">after</a>'
        "<script>two.addEventListener('keydown', (e) => { e.preventDefault(); one.focus(); })</script>"
    )
    assert not tour(desktop).left
    with pytest.raises(Lost, match="not reached"):
        tab_to(desktop, lambda s: s.name == "after")
