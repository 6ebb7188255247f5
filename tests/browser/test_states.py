"""URL <-> widget <-> back <-> reconnect <-> page link <-> language: the table of a session's states."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.conftest import Server
from browser.site import expect_pressed, expect_url, open_page, pill, whom
from playwright.sync_api import Page, expect


def test_a_click_on_a_filter_writes_the_address(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?lang=fr")
    pill(desktop, "65 et plus").click()
    expect_url(desktop, "age=65-plus", "lang=fr")
    expect(whom(desktop)).to_contain_text("Personnes de 65 ans et plus")
    pill(desktop, "Femmes").click()
    expect_url(desktop, "age=65-plus", "sex=female")
    expect(whom(desktop)).to_contain_text("Femmes de 65 ans et plus")


def test_a_second_click_takes_the_filter_away(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?age=65-plus&lang=fr")
    pill(desktop, "65 et plus").click()
    expect(whom(desktop)).to_contain_text("Ensemble des adultes")
    assert "age=" not in desktop.url


def test_back_and_forward_move_the_filter_with_the_address(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?lang=fr")
    pill(desktop, "65 et plus").click()
    expect(whom(desktop)).to_contain_text("65 ans")
    pill(desktop, "Femmes").click()
    expect(whom(desktop)).to_contain_text("Femmes")
    desktop.go_back()
    expect(whom(desktop)).to_contain_text("Personnes de 65 ans et plus")
    expect_pressed(desktop, "Femmes", pressed=False)
    expect_pressed(desktop, "65 et plus")
    desktop.go_forward()
    expect(whom(desktop)).to_contain_text("Femmes de 65 ans et plus")
    expect_pressed(desktop, "Femmes")


def test_a_link_to_another_page_keeps_the_filter_in_address_widget_and_figures(
    server: Server, desktop: Page
) -> None:
    open_page(desktop, f"{server.url}/risques?age=65-plus&lang=en")
    desktop.locator(".st-key-menu").get_by_text("Covid-19").click()
    expect_url(desktop, "/covid-19", "age=65-plus", "lang=en")
    expect(desktop.locator("h1")).to_contain_text("Covid-19")
    expect_pressed(desktop, "65 and over")
    expect(whom(desktop)).to_contain_text("People aged 65 and over")
    pill(desktop, "Women").click()
    expect_url(desktop, "/covid-19", "age=65-plus", "sex=female")
    desktop.locator(".st-key-menu").get_by_text("Risks").click()
    expect_pressed(desktop, "Women")
    expect(whom(desktop)).to_contain_text("Women aged 65 and over")


def test_back_over_a_page_change_returns_to_the_page_and_its_filter(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?age=65-plus&lang=fr")
    desktop.locator(".st-key-menu").get_by_text("Covid-19").click()
    expect(desktop.locator("h1")).to_contain_text("Covid-19")
    pill(desktop, "Femmes").click()
    expect(whom(desktop)).to_contain_text("Femmes")
    desktop.go_back()
    desktop.go_back()
    expect(desktop.locator("h1")).to_contain_text("Risques")
    expect(whom(desktop)).to_contain_text("Personnes de 65 ans et plus")
    expect_pressed(desktop, "65 et plus")
    expect_pressed(desktop, "Femmes", pressed=False)


def test_the_language_switch_keeps_page_and_filter(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?age=65-plus&lang=fr")
    pill(desktop, "Femmes").click()
    expect(whom(desktop)).to_contain_text("Femmes")
    desktop.get_by_role("link", name="EN", exact=True).click()
    expect_url(desktop, "/risques", "age=65-plus", "sex=female", "lang=en")
    expect(whom(desktop)).to_contain_text("Women aged 65 and over")
    expect_pressed(desktop, "Women")


def test_an_address_pasted_over_another_wins_over_the_widgets(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?age=65-plus&lang=fr")
    open_page(desktop, f"{server.url}/risques?sex=male&lang=fr")
    expect_pressed(desktop, "Hommes")
    expect_pressed(desktop, "65 et plus", pressed=False)
    expect(whom(desktop)).to_contain_text("Hommes")


def test_a_folded_filter_works_before_its_fold_is_opened_and_shows_when_it_is(
    server: Server, desktop: Page
) -> None:
    open_page(desktop, f"{server.url}/risques?ald=yes&lang=fr")
    expect(whom(desktop)).to_contain_text("ALD")
    assert desktop.get_by_test_id("stSidebar").get_by_text("Désert médical").count() == 0
    desktop.get_by_test_id("stSidebar").get_by_text("Santé, foyer, territoire").click()
    group = desktop.locator(".st-key-filter-ald")
    expect(group.get_by_role("button", name="En ALD", exact=True)).to_have_attribute("aria-pressed", "true")
    pill(desktop, "65 et plus").click()
    expect_url(desktop, "ald=yes", "age=65-plus")


def test_the_reset_clears_the_filter_and_keeps_the_page_and_language(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques?age=65-plus&ald=yes&lang=en")
    desktop.get_by_text("Clear the filter").click()
    expect(whom(desktop)).to_contain_text("All adults")
    expect_pressed(desktop, "65 and over", pressed=False)
    assert desktop.url.endswith("/risques?lang=en")


def test_without_a_language_in_the_address_the_browser_decides(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/risques")
    expect(desktop.locator("h1")).to_have_text("Risques, juillet 2020")


def test_the_chosen_question_and_breakdown_are_in_the_address_and_come_back(
    server: Server, desktop: Page
) -> None:
    open_page(desktop, f"{server.url}/comparer?q=ens_risks&by=sex&lang=fr")
    expect(desktop.locator("table.crosstab caption")).to_contain_text("par Sexe")
    desktop.locator(".st-key-compare-variable").get_by_role("combobox").click()
    desktop.get_by_role("option", name="Âge").click()
    expect_url(desktop, "q=ens_risks", "by=age")
    desktop.go_back()
    expect(desktop.locator("table.crosstab caption")).to_contain_text("par Sexe")


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "releases")
    running.start()
    yield running
    running.stop()


def test_after_a_lost_connection_the_filter_is_still_there(own_server: Server, desktop: Page) -> None:
    open_page(desktop, f"{own_server.url}/risques?lang=fr")
    pill(desktop, "65 et plus").click()
    expect(whom(desktop)).to_contain_text("65 ans")
    own_server.stop()
    own_server.start()
    pill(desktop, "Femmes").click(timeout=30_000)
    expect(whom(desktop)).to_contain_text("Femmes de 65 ans et plus", timeout=30_000)
    expect_url(desktop, "age=65-plus", "sex=female")
    expect_pressed(desktop, "65 et plus")


def test_while_the_connection_is_lost_nothing_can_be_clicked_and_then_all_is_as_it_was(
    own_server: Server, desktop: Page
) -> None:
    open_page(desktop, f"{own_server.url}/risques?age=65-plus&lang=fr")
    own_server.stop()
    expect(pill(desktop, "Femmes")).to_be_disabled()
    own_server.start()
    expect(pill(desktop, "Femmes")).to_be_enabled(timeout=30_000)
    expect_pressed(desktop, "65 et plus")
    expect(whom(desktop)).to_contain_text("Personnes de 65 ans et plus")
    expect_url(desktop, "age=65-plus", "lang=fr")


def test_the_first_visitor_without_a_release_waits_for_it_and_sees_the_page(
    tmp_path: Path, desktop: Page
) -> None:
    running = Server(tmp_path / "none-yet")
    running.start()
    try:
        open_page(desktop, f"{running.url}/risques?lang=fr")
        expect(whom(desktop)).to_contain_text("Ensemble des adultes")
    finally:
        running.stop()


def test_a_broken_release_gives_a_maintenance_page_with_the_reason(tmp_path: Path, desktop: Page) -> None:
    home = tmp_path / "releases" / "ens-2020"
    (home / "broken").mkdir(parents=True)
    (home / "broken" / "release.json").write_text("{", "utf-8")
    (home / "current").write_text("broken", "utf-8")
    running = Server(tmp_path / "releases")
    running.start()
    try:
        desktop.goto(f"{running.url}/risques?lang=fr")
        expect(desktop.locator("h1")).to_have_text("Site en maintenance")
        expect(desktop.get_by_test_id("stCode")).to_contain_text("expected a release")
        assert "Traceback" not in desktop.inner_text("body")
    finally:
        running.stop()
