"""What one change of the filter costs the server, as a visitor makes it: `make bench`.

A real server, a real Chromium that clicks on age after age, and the CPU time of the server's process: the
target is 25 ms for a page of six cards. Filters are new to the server the first time round (nothing is
kept of them), known the second.
"""

from __future__ import annotations

import shutil
import time

import psutil
import pytest
from browser.conftest import ARGUMENTS, Server
from browser.site import open_page, pill
from playwright.sync_api import sync_playwright

pytestmark = pytest.mark.bench
AGES = ("18–24", "25–34", "35–49", "50–64")
PAUSE = 400  # ms: longer than a rerun takes


def cpu_seconds(server: Server) -> float:
    assert server.process is not None
    times = psutil.Process(server.process.pid).cpu_times()
    return float(times.user + times.system)


@pytest.mark.parametrize("path", ["covid-19", "adoption", "garde-fous"])
def test_cpu_of_a_change_of_filter(path: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    chromium = shutil.which("chromium")
    assert chromium, "this benchmark clicks in Chromium: apt-get install chromium"
    server = Server(tmp_path_factory.mktemp("releases"))
    server.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="fr-FR")
            open_page(page, f"{server.url}/{path}?lang=fr")
            cards = page.locator('[class*="st-key-card_"]').count()
            # what a process does once, on its first filter ever, is not a change of filter
            for _ in range(2):
                pill(page, "65 et plus").click()
                page.wait_for_timeout(2 * PAUSE)
            page.wait_for_timeout(2000)
            before = cpu_seconds(server)
            time.sleep(3)
            idle = (cpu_seconds(server) - before) / 3
            # two clicks on each of four ages: eight filters, each new to the server the first time round
            for name, rounds in (("new filters", 1), ("known filters", 3)):
                started, before = time.monotonic(), cpu_seconds(server)
                for label in AGES * 2 * rounds:
                    pill(page, label).click()
                    page.wait_for_timeout(PAUSE)
                spent = cpu_seconds(server) - before - idle * (time.monotonic() - started)
                each = 1000 * spent / (8 * rounds)
                print(f"\n/{path}, {cards} cards, {name}: {each:.1f} ms of CPU a change")
            browser.close()
    finally:
        server.stop()
