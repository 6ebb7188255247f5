"""«Puis-je l'écrire ?»: a claim put together by clicking, its link, both languages, a phone."""

from __future__ import annotations

import re

import pytest
from browser.conftest import Server
from browser.site import expect_pressed, expect_url, open_page, pill
from playwright.sync_api import Locator, Page, expect

DOUBLED = "doubled,teleconsultation_count,since_crisis,mean,teleconsultation_count,before_crisis,mean"
PREFERS = "prefers,public_management,-,positive,operator_trust,-,private_platform"


def choose(page: Page, name: str, option: str) -> None:
    """Choose an option of one of the page's selects, and wait until the page has followed: a list that is
    opened while its options are still being changed closes under the hand."""
    before = page.url
    box = page.locator(f".st-key-claim-{name}").get_by_role("combobox")
    box.click()
    # of a long list only what is in sight is there: its first word brings the option into sight
    box.press_sequentially(option.split()[0])
    # a space of the option may be one that does not break
    words = r"\s".join(map(re.escape, option.split()))
    page.get_by_role("option", name=re.compile(rf"^{words}$")).click()
    expect(page).not_to_have_url(before)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def expect_chosen(page: Page, name: str, option: str) -> None:
    """One of the page's selects shows an option."""
    expect(page.locator(f".st-key-claim-{name}").get_by_role("combobox")).to_have_value(option)


def expect_claim(page: Page, claim: str) -> None:
    """The address bar holds the claim, its commas as the browser writes them."""
    expect_url(page, f"claim={claim.replace(',', '%2C')}")


def answer(page: Page) -> Locator:
    return page.locator(".st-key-card_claim .verdict")


def printed(page: Page, position: int) -> Locator:
    return page.locator(".st-key-card_claim").get_by_test_id("stCode").nth(position)


def test_a_claim_is_built_by_clicking_and_its_link_gives_it_back(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/ecrire?lang=fr")
    choose(desktop, "question", "Regard sur le numérique en santé")
    expect_claim(desktop, "majority,outlook,-,positive")
    expect(answer(desktop)).to_have_text("Non")
    expect(desktop.locator(".reason")).to_contain_text(re.compile("48,8.%.*descend à la moitié"))
    choose(desktop, "form", "N sur 10")
    expect_claim(desktop, "tenths-5,outlook,-,positive")
    expect(answer(desktop)).to_have_text("Oui, avec ces mots")
    expect(printed(desktop, 0)).to_contain_text("Environ 5 personnes sur 10")
    expect(printed(desktop, 1)).to_contain_text("About 5 in 10 adults of metropolitan France")
    choose(desktop, "number_tenths", "8 sur 10")
    expect(answer(desktop)).to_have_text("Non")
    url, reason = desktop.url, desktop.locator(".reason").inner_text()
    open_page(desktop, url)
    expect(answer(desktop)).to_have_text("Non")
    expect(desktop.locator(".reason")).to_have_text(reason)
    expect_chosen(desktop, "number_tenths", "8 sur 10")
    expect_chosen(desktop, "question", "Regard sur le numérique en santé")


def test_back_moves_the_claim_and_its_widgets(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/ecrire?claim=majority,outlook,-,positive&lang=fr")
    choose(desktop, "answer", "Négatif")
    expect_claim(desktop, "majority,outlook,-,negative")
    expect(desktop.locator(".claimed")).to_contain_text("Négatif")
    desktop.go_back()
    expect(desktop.locator(".claimed")).to_contain_text("Positif")
    expect_chosen(desktop, "answer", "Positif")


def test_a_typed_number_goes_into_the_address(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/ecrire?claim=more_than-60,app_data_consent,-,agree&lang=en")
    expect(answer(desktop)).to_have_text("No")
    box = desktop.locator(".st-key-claim-number_more_than input")
    box.fill("55")
    box.press("Enter")
    expect_claim(desktop, "more_than-55,app_data_consent")
    expect(answer(desktop)).to_have_text("Yes, with these words")
    expect(printed(desktop, 0)).to_contain_text("61% of adults of metropolitan France")


def test_a_second_figure_is_asked_for_and_may_be_of_another_question(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/ecrire?claim=majority,public_management,-,positive&lang=fr")
    expect(answer(desktop)).to_have_text("Oui, avec ces mots")
    choose(desktop, "form", "préfèrent A à B")
    choose(desktop, "other_question", "Confiance : public ou privé")
    choose(desktop, "other_answer", "Plus confiance en une plateforme privée")
    expect_claim(desktop, PREFERS)
    expect(answer(desktop)).to_have_text("Non")
    for share in ("80", "38", "9"):
        expect(desktop.locator(".reason")).to_contain_text(re.compile(rf"\b{share}.%"))
    expect(desktop.locator(".readings").first).to_contain_text("Ce sont deux questions")


@pytest.mark.parametrize(("lang", "told", "first"), [("fr", "Non", "Parmi les"), ("en", "No", "Among")])
def test_both_languages_print_both_sentences_their_own_first(
    server: Server, desktop: Page, lang: str, told: str, first: str
) -> None:
    open_page(desktop, f"{server.url}/ecrire?claim={DOUBLED}&lang={lang}")
    expect(answer(desktop)).to_contain_text(told)
    expect(printed(desktop, 0)).to_contain_text(first)
    expect(printed(desktop, 0)).to_contain_text("563")
    expect(printed(desktop, 0)).to_contain_text("Source")
    expect(desktop.locator(".st-key-card_claim").get_by_test_id("stCode")).to_have_count(2)


def test_the_filter_makes_it_a_claim_about_a_simulated_group_and_that_is_no(
    server: Server, desktop: Page
) -> None:
    open_page(desktop, f"{server.url}/ecrire?claim=majority,tools_used,online_appointment,yes&lang=fr")
    expect(answer(desktop)).to_have_text("Oui")
    pill(desktop, "Experts, confirmés").click()
    expect(answer(desktop)).to_have_text("Non")
    expect_claim(desktop, "majority,tools_used")
    expect_url(desktop, "digital_literacy=expert_or_confirmed")
    expect(desktop.locator(".reason")).to_contain_text("pas un résultat de l’enquête")
    expect(printed(desktop, 0)).to_contain_text("Le rapport écrit")
    # the figure for everybody is the only one on the page
    shares = set(re.findall(r"(\d+)\s%", printed(desktop, 2).inner_text().replace("\xa0", " ")))
    assert "70" in shares


def test_an_example_is_a_link_that_brings_its_claim_and_group(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/ecrire?lang=fr")
    desktop.get_by_role("link", name="Les plus à l’aise avec le numérique").click()
    expect_url(desktop, "claim=more_than_rest,tools_used,teleconsultation,yes", "digital_literacy=")
    expect(answer(desktop)).to_have_text("Non")
    expect_pressed(desktop, "Experts, confirmés")


def test_what_the_address_holds_and_nobody_knows_is_told(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/ecrire?claim=tenths-44,outlook,-,<b>x</b>&lang=fr")
    notices = desktop.locator(".stMain p.notice")
    expect(notices).to_have_count(2)
    expect(notices.first).to_contain_text("<b>x</b>")
    expect(desktop.locator(".claimed")).to_contain_text("Positif")


@pytest.mark.parametrize(
    "claim", ["tenths-8,outlok,-,positive", "prefers,tools_used,dmp,yes,outlok,-,positive"]
)
def test_an_unknown_question_has_no_verdict_but_its_nearest_questions(
    server: Server, desktop: Page, claim: str
) -> None:
    open_page(desktop, f"{server.url}/ecrire?claim={claim}&lang=fr")
    notice = desktop.locator(".stMain p.notice")
    expect(notice).to_contain_text("outlok")
    expect(notice).not_to_contain_text("remplacé")
    expect(answer(desktop)).to_have_count(0)
    expect_chosen(desktop, "question", "")
    desktop.get_by_role("link", name="Regard sur le numérique en santé").click()
    expect_url(desktop, f"claim={claim.replace('outlok', 'outlook')}")
    expect(answer(desktop)).to_have_text("Non")


def test_after_an_unknown_question_one_is_chosen(server: Server, desktop: Page) -> None:
    open_page(desktop, f"{server.url}/ecrire?claim=tenths-5,zz,-,positive&lang=fr")
    expect(answer(desktop)).to_have_count(0)
    choose(desktop, "question", "Regard sur le numérique en santé")
    expect_claim(desktop, "tenths-5,outlook,-,positive")
    expect(answer(desktop)).to_have_text("Oui, avec ces mots")
    expect_chosen(desktop, "question", "Regard sur le numérique en santé")


@pytest.mark.parametrize("claim", ["", DOUBLED, PREFERS, "first,ens_risks,exclusion_unfamiliar,yes"])
def test_nothing_on_the_page_is_wider_than_a_phone(server: Server, phone: Page, claim: str) -> None:
    open_page(phone, f"{server.url}/ecrire?claim={claim}&age=65-plus&lang=fr")
    expect(answer(phone)).to_be_visible()
    wide = phone.evaluate(
        """() => {
            const main = document.querySelector('[data-testid="stMain"]');
            const cut = [...main.querySelectorAll('p, h1, h2, h3, li, pre, code, a')]
                .filter(e => e.getBoundingClientRect().right > window.innerWidth + 1 && e.checkVisibility());
            return [main.scrollWidth - main.clientWidth, cut.slice(0, 5).map(e => e.textContent)];
        }"""
    )
    assert wide == [0, []]
