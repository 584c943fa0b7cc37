"""The person page in depth in a real browser: each subject, downloads, reload and back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

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
PERSON = "/person?person=amber-stroobants&part="
PARTS = ("partners", "answers", "agenda", "attitude", "tone", "score", "accounts")
STATES = {part: PERSON + part for part in PARTS} | {
    "sender": "/person?person=dirk-zender&part=partners&lang=fr",
    "not-observable": "/person?person=elif-feedman&part=partners&lang=en",
    "unknown": "/person?person=hanne-onbekend&part=agenda",
    "few": "/person?person=ilse-zelden&part=attitude",
}
LOOKS = {"desktop": (DESKTOP, "light"), "phone": (PHONE, "light"), "small": (SMALL, "dark")}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("look", LOOKS)
def test_every_subject_is_seen_by_everybody(visit: Open, state: str, look: str) -> None:
    size, scheme = LOOKS[look]
    page = visit(STATES[state], size, scheme)
    assert page.locator('[data-testid="stException"]').count() == 0
    assert page.evaluate(WIDTH) <= size[0]
    assert all(page.locator("h2").nth(n).inner_text() for n in range(5))
    check_accessibility(page)
    keep(page, f"person-{state}-{look}", size)


def test_what_is_opened_is_accessible_too(visit: Open) -> None:
    page = visit(PERSON + "answers", DESKTOP, "dark")
    for summary in page.locator("summary").all():
        summary.click()
    settle(page)
    assert page.get_by_text("Kaplan-Meier").is_visible()
    check_accessibility(page)


def test_choosing_a_subject_stands_in_the_address_and_back_undoes_it(visit: Open) -> None:
    page = visit("/person?person=amber-stroobants")
    choice = page.locator(".st-key-address-part")
    choice.get_by_text("Toon", exact=True).click()
    page.wait_for_url(re.compile("part=tone"))
    settle(page)
    assert page.get_by_role("heading", name="Toon in en buiten verkiezingstijd").count() == 1
    page.reload()
    settle(page)
    assert page.get_by_role("heading", name="Toon in en buiten verkiezingstijd").count() == 1
    page.go_back()
    settle(page)
    assert page.get_by_role("heading", name="Hoe vaak dezelfde inwoners").count() == 1


def _taken(page: Any, key: str) -> Any:
    with page.expect_download() as waiting:
        page.locator(f".st-key-take-{key} button").click()
    return waiting.value


def test_numbers_and_picture_can_be_taken_along(visit: Open) -> None:
    page = visit(PERSON + "partners")
    csv = _taken(page, "partner_ladder-csv")
    assert csv.suggested_filename == "amber-stroobants_partner-ladder_2025-01-02-1.csv"
    lines = Path(csv.path()).read_text("utf-8-sig").splitlines()
    assert lines[0] == "person_id,once,two_to_four,five_or_more,partner_count,reason"
    assert lines[1] == "amber-stroobants,44,32,15,91,"
    svg = _taken(page, "partner_ladder-svg")
    drawn = Path(svg.path()).read_text("utf-8")
    assert drawn.startswith("<svg")
    assert "Met 91 inwoners is gepraat" in re.sub(r"</?t[^>]+>", " ", drawn).replace("met", "Met")
    assert "Bron: Winterslaap, kopie 2025-01-02-1" in drawn
    png = _taken(page, "partner_ladder-png")
    assert Path(png.path()).read_bytes().startswith(b"\x89PNG")
