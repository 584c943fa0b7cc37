"""In a real browser: collecting from the page, a public address, old and broken copies, paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboard import running
from dashboard.loopback import EDITABLE
from tests.browsing import (
    ARTEFACTS,
    DESKTOP,
    PHONE,
    Open,
    Site,
    check_accessibility,
    keep,
    served,
    settle,
)
from tests.published_copy import build

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LOOKS = [("desktop", DESKTOP, "light"), ("dark", DESKTOP, "dark"), ("phone", PHONE, "light")]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Site]:
    """An app that is its reader's own, and one account that refuses at once."""
    answer = running.ask(
        tmp_path, "roster", "add", "--council=dorp", "--name=An Peeters",
        "--platform=feeds", "--handle=https://127.0.0.1:1/feed",
    )  # fmt: skip
    assert answer.is_well, answer.errors
    with served(tmp_path, **{EDITABLE: "1"}) as site:
        yield site


def _until_ended(page: Any) -> None:
    page.get_by_role("button", name="Start ophalen").wait_for(timeout=60_000)
    settle(page)


def test_a_run_is_begun_watched_across_a_reload_and_explained(visit: Open, home: Site) -> None:
    page = visit("/collect", address=home.address)
    page.get_by_role("button", name="Start ophalen").click()
    page.get_by_role("progressbar").wait_for()
    check_accessibility(page)
    keep(page, "collect-running", DESKTOP)
    page.reload()
    page.get_by_text("Laatste keer, begonnen op").or_(page.get_by_role("progressbar")).wait_for()
    _until_ended(page)
    assert page.get_by_text("1 account is niet volledig").is_visible()
    assert page.get_by_text("is a private address").is_visible()
    for look, size, scheme in LOOKS:
        seen = visit("/collect", size, scheme, home.address)
        check_accessibility(seen)
        keep(seen, f"collect-ended-{look}", size)


def test_what_is_missing_in_the_form_is_told(visit: Open, home: Site) -> None:
    page = visit("/collect", address=home.address)
    page.get_by_role("button", name="Toevoegen", exact=True).click()
    page.get_by_text("Er is niets toegevoegd").wait_for(timeout=60_000)
    settle(page)
    check_accessibility(page)
    keep(page, "collect-errors", DESKTOP)


def _shows_the_form(page: Any) -> bool:
    buttons = page.get_by_role("button", name="Toevoegen", exact=True)
    return bool(buttons.count() or page.get_by_role("button", name="Start ophalen").count())


def test_a_public_address_never_shows_the_page(visit: Open, tmp_path: Path) -> None:
    build(tmp_path)
    with served(tmp_path, **{EDITABLE: "0"}) as public:
        page = visit("/collect", address=public.address)
        assert not _shows_the_form(page)
        assert page.get_by_role("link", name="Verzamelen").count() == 0


def test_behind_a_name_of_its_own_the_page_is_not_shown(visit: Open, home: Site) -> None:
    address = home.address.replace("127.0.0.1", "winterslaap.localhost")
    page = visit("/collect", address=address)
    assert not _shows_the_form(page)
    assert _shows_the_form(visit("/collect", address=home.address))


@pytest.mark.parametrize(("look", "size", "scheme"), LOOKS)
def test_old_numbers_say_so_on_top(
    visit: Open, tmp_path: Path, look: str, size: tuple[int, int], scheme: str
) -> None:
    path = build(tmp_path, is_invented=False)
    with duckdb.connect(str(path)) as con:
        con.execute("update run set last_collected_at = '2025-01-02'")
    with served(tmp_path) as old:
        page = visit("/", size, scheme, old.address)
        assert "dagen oud" in page.locator(".ws-stale").inner_text()
        check_accessibility(page)
        keep(page, f"stale-{look}", size)


def test_a_broken_copy_is_explained(visit: Open, tmp_path: Path) -> None:
    build(tmp_path).write_bytes(b"no database " * 1_000)
    with served(tmp_path) as broken:
        page = visit("/person", address=broken.address)
        assert page.locator("h1").inner_text() == "De gepubliceerde kopie is niet te lezen"
        check_accessibility(page)
        keep(page, "broken-desktop", DESKTOP)


def test_on_paper_there_are_no_controls_and_nothing_is_cut_off(visit: Open) -> None:
    page = visit("/person?person=bram-de-winter")
    page.emulate_media(media="print")
    for control in (".st-key-language", "header", "[data-testid=stSelectbox]"):
        assert not page.locator(control).first.is_visible()
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("one => one.scrollHeight - one.clientHeight") <= 1
    assert page.locator("h1").is_visible()
    ARTEFACTS.mkdir(exist_ok=True)
    paper = page.pdf(path=str(ARTEFACTS / "person.pdf"), format="A4", print_background=True)
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") >= 2


def _chosen(page: Any) -> str:
    box = page.locator(".st-key-address-rule")
    return str(box.inner_text() + box.locator("input").input_value())


def test_another_rule_is_chosen_and_stays_in_the_address(visit: Open) -> None:
    page = visit("/method?rule=mean-arithmetic")
    assert "Gewoon gemiddelde" in _chosen(page)
    before = page.locator(".ws-finding").inner_text()
    page.get_by_label("Andere regel").click()
    page.get_by_role("option", name="Doorverwijzen telt als antwoord").click()
    page.wait_for_url(re.compile("rule=redirects-in"))
    settle(page)
    assert page.locator(".ws-finding").inner_text() != before
    page.reload()
    settle(page)
    assert "Doorverwijzen telt" in _chosen(page)


def test_with_the_keyboard_one_sees_where_one_is(visit: Open) -> None:
    page = visit("/about")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert width == "3px"
