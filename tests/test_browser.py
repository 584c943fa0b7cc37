"""What people do in a real browser: choose, share, reload, go back, change language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browsing import (
    DESKTOP,
    PHONE,
    Open,
    address_of,
    check_accessibility,
    keep,
    pages,
    served,
    settle,
)
from tests.published_copy import build

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PERSON = "/person?person=bram-de-winter"


def test_one_picture_for_a_desk_and_another_for_a_phone(visit: Open) -> None:
    for size, seen, hidden in ((DESKTOP, "wide", "narrow"), (PHONE, "narrow", "wide")):
        page = visit(PERSON, size)
        assert page.locator(f".st-key-{seen}-timeline canvas, .st-key-{seen}-timeline svg").count()
        assert page.locator(f".st-key-{seen}-timeline").is_visible()
        assert not page.locator(f".st-key-{hidden}-timeline").is_visible()


def test_a_ticked_row_opens_the_person_and_back_returns(visit: Open) -> None:
    page = visit("/?party=samen-plein")
    box = page.locator(".st-key-people-wide canvas").first.bounding_box()
    page.mouse.click(box["x"] + 17, box["y"] + 38 + 19)  # the tick box of the first row
    page.wait_for_url(re.compile(r"/person\?.*person=amber-stroobants"))
    settle(page)
    assert page.locator("h1").inner_text() == "Amber Stroobants"
    page.go_back()
    page.wait_for_url(re.compile(r"/\?.*party=samen-plein"))
    settle(page)
    assert page.locator("h1").inner_text() == "Wie praat het hele jaar met inwoners?"


def test_a_shared_address_shows_the_same_after_a_reload(visit: Open) -> None:
    page = visit("/person?person=dirk-zender&year=2021&lang=fr")
    assert page.locator("h1").inner_text() == "Dirk Zender"
    page.reload()
    settle(page)
    assert page.locator("h1").inner_text() == "Dirk Zender"
    assert "person=dirk-zender" in page.url
    assert "year=2021" in page.url
    assert page.evaluate("document.documentElement.lang") == "fr"


def test_the_back_button_undoes_a_choice(visit: Open) -> None:
    page = visit("/person?person=dirk-zender")
    page.get_by_role("radio", name="2020").or_(page.get_by_role("button", name="2020")).click()
    page.wait_for_url(re.compile("year=2020"))
    settle(page)
    page.go_back()
    page.wait_for_url(re.compile(r"person=dirk-zender$"))
    settle(page)
    chosen = page.locator(".st-key-address-year").inner_html()
    assert re.search(
        r'aria-(checked|pressed|selected)="true"[^>]*>(?:(?!</(label|button)).)*2024', chosen
    )


def test_the_language_stays_when_the_page_changes(visit: Open) -> None:
    page = visit("/?lang=fr")
    assert page.evaluate("document.documentElement.lang") == "fr"
    page.get_by_role("link", name="Couverture").click()
    page.wait_for_url(re.compile("/coverage"))
    settle(page)
    assert page.locator("h1").inner_text().startswith("Ce que nous savons")
    assert "lang=fr" in page.url


def test_choosing_a_language_changes_every_word(visit: Open) -> None:
    page = visit("/")
    switch = page.locator(".st-key-language")
    switch.get_by_text("EN", exact=True).click()
    page.wait_for_url(re.compile("lang=en"))
    settle(page)
    assert page.locator("h1").inner_text() == "Who talks with citizens all year?"
    assert page.evaluate("document.documentElement.lang") == "en"


def test_a_filter_stands_in_the_address(visit: Open) -> None:
    page = visit("/?party=groen-dorp")
    page.wait_for_function(
        "() => document.querySelector('input[aria-label=Lijst]')?.value === 'Groen & Dorp'"
    )
    page.get_by_label("Zoek").fill("dirk")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q=dirk"))
    assert "party=groen-dorp" in page.url


def test_the_first_visitor_is_told_what_to_do_on_every_page(visit: Open, tmp_path: Path) -> None:
    with served(tmp_path) as empty:
        page = visit("/", DESKTOP, "light", empty.address)
        assert page.locator("h1").inner_text() == "Nog niets gepubliceerd"
        assert "winterslaap demo" in page.locator("code").first.inner_text()
        check_accessibility(page)
        keep(page, "empty-desktop", DESKTOP)
        for name in pages():
            page.goto(empty.address + address_of(name))
            settle(page)
            assert page.locator('[data-testid="stException"]').count() == 0, name


def test_a_new_copy_shows_without_a_restart(visit: Open, tmp_path: Path) -> None:
    build(tmp_path, name="one")
    with served(tmp_path) as running:
        page = visit("/", address=running.address)
        assert page.locator(".ws-invented").count() == 1
        build(tmp_path, name="two", is_invented=False)
        page.reload()
        settle(page)
        assert page.locator(".ws-invented").count() == 0


def test_a_trial_is_never_shown_and_a_copy_with_other_choices_says_so(
    visit: Open, tmp_path: Path
) -> None:
    import duckdb

    trial = build(tmp_path / "aside", name="trial", is_invented=False)
    (tmp_path / "trials").mkdir()
    trial.rename(tmp_path / "trials" / trial.name)
    (tmp_path / "trials" / "latest").write_text(trial.name, "utf-8")
    path = build(tmp_path, name="one")
    with duckdb.connect(str(path)) as con:
        con.execute("update param set value = '7' where name = 'answer_window_days'")
    with served(tmp_path) as running:
        page = visit("/", address=running.address)
        told = page.locator(".ws-invented").all_inner_texts()
    assert any("answer_window_days is 7 in plaats van 14" in text for text in told)
    assert any("erzonnen" in text for text in told), "the trial is not of invented people"


def test_what_is_typed_and_ticked_is_there_after_reload_and_undone_by_back(visit: Open) -> None:
    page = visit("/?municipality=voorbeeldstad")
    people = page.locator(".st-key-wide-people canvas").first
    page.get_by_text("Alleen vergelijkbaar").click()
    page.wait_for_url(re.compile("comparable=1"))
    page.reload()
    settle(page)
    assert page.get_by_role("switch").or_(page.get_by_role("checkbox")).first.is_checked()
    assert people.count() == 1
    page.go_back()
    page.wait_for_url(re.compile("municipality=voorbeeldstad$"))
    settle(page)
    assert not page.get_by_role("switch").or_(page.get_by_role("checkbox")).first.is_checked()


def test_the_table_can_be_taken_along_as_csv(visit: Open) -> None:
    page = visit("/?party=groen-dorp")
    with page.expect_download() as waiting:
        page.locator(".st-key-take-overview-csv button").click()
    text = Path(waiting.value.path()).read_text("utf-8-sig")
    lines = text.splitlines()
    assert lines[0].startswith("Naam,Gemeente,Lijst,Functie,Score")
    assert [line.split(",")[0] for line in lines[1:4]] == [
        "Dirk Zender", "Femke Nieuw", "Ilse Zelden",
    ]  # fmt: skip
    assert waiting.value.suggested_filename.endswith(".csv")
