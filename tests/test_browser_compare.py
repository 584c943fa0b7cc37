"""Compare in a real browser: what it looks like, reload and back, desk and phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browsing import (
    DESKTOP,
    PHONE,
    SMALL,
    WIDTH,
    Open,
    check_accessibility,
    keep,
    settle,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
TWO = "/compare?people=bram-de-winter.amber-stroobants"
STATES = {
    "compare-two": TWO,
    "compare-talk": "/compare?what=talk&by=municipality",
    "compare-acts-fr": "/compare?what=acts&lang=fr",
    "compare-nobody": "/compare?party=groen-dorp&municipality=proefdorp&comparable=1",
}


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize(
    ("look", "size", "scheme"),
    [("desktop", DESKTOP, "light"), ("phone", PHONE, "light"), ("small", SMALL, "dark")],
)
def test_every_state_is_seen_by_everybody(
    visit: Open, name: str, look: str, size: tuple[int, int], scheme: str
) -> None:
    page = visit(STATES[name], size, scheme)
    assert page.locator('[data-testid="stException"]').count() == 0
    assert page.evaluate(WIDTH) <= size[0]
    check_accessibility(page)
    keep(page, f"{name}-{look}", size)


@pytest.mark.parametrize("name", ["compare", "funnel", "side-bram-de-winter"])
def test_one_picture_for_a_desk_and_another_for_a_phone(visit: Open, name: str) -> None:
    for size, seen, hidden in ((DESKTOP, "wide", "narrow"), (PHONE, "narrow", "wide")):
        page = visit(TWO, size)
        assert page.locator(f".st-key-{seen}-{name} :is(canvas, svg)").first.is_visible()
        assert not page.locator(f".st-key-{hidden}-{name}").is_visible()


def test_a_shared_address_shows_the_same_after_a_reload(visit: Open) -> None:
    page = visit("/compare?party=lijst-duin&comparable=1&what=talk&sort=name&lang=fr")
    for _ in range(2):
        assert "Lijst Duin" in page.locator(".st-key-address-party").inner_html()
        assert page.locator(".st-key-address-comparable input").is_checked()
        assert page.locator("h2").first.inner_text().startswith("Quelle part des messages")
        page.reload()
        settle(page)
    for part in ("party=lijst-duin", "comparable=1", "what=talk", "sort=name"):
        assert part in page.url


def test_the_back_button_undoes_a_choice(visit: Open) -> None:
    page = visit("/compare")
    page.get_by_role("radio", name="Gesprek").or_(
        page.get_by_role("button", name="Gesprek", exact=True)
    ).click()
    page.wait_for_url(re.compile("what=talk"))
    settle(page)
    assert page.locator("h2").first.inner_text().startswith("Welk deel van de eigen berichten")
    page.go_back()
    page.wait_for_url(re.compile("/compare$"))
    settle(page)
    assert page.locator("h2").first.inner_text().startswith("Hoeveel van hun vragen")


def test_two_people_chosen_stand_side_by_side(visit: Open) -> None:
    page = visit("/compare?people=bram-de-winter")
    box = page.get_by_label("Wie zet je naast elkaar?")
    box.click()
    box.type("amber")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"people=bram-de-winter\.amber-stroobants"))
    settle(page)
    headers = page.locator("h2").all_inner_texts()
    assert headers.index("Bram De Winter") < headers.index("Amber Stroobants")
    page.go_back()
    page.wait_for_url(re.compile("people=bram-de-winter$"))
    settle(page)
    assert "Amber Stroobants" not in page.locator("h2").all_inner_texts()


def test_what_can_be_taken_along_is_the_table_and_the_picture(visit: Open) -> None:
    page = visit("/compare")
    places = page.locator(".st-key-take-compare-answer_rate button")
    kinds = [re.findall("CSV|SVG|PNG", one) for one in places.all_inner_texts()]
    assert kinds == [["CSV"], ["SVG"], ["PNG"]]
    with page.expect_download() as waiting:
        places.first.click()
    text = Path(waiting.value.path()).read_text("utf-8-sig")
    assert text.startswith("Naam,")
    assert "Amber Stroobants,82%" in text
