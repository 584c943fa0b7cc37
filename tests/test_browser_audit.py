"""The audit in a real browser: dropped, counted, ticked, taken along and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from dashboard.loopback import EDITABLE
from tests.audit_world import (
    ONLY_IN_CAMPAIGN,
    SECRET,
    asked,
    collected,
    public_batch,
    roster_files,
    x_archive,
)
from tests.browsing import (
    DESKTOP,
    PHONE,
    SMALL,
    WIDTH,
    Open,
    Site,
    check_accessibility,
    keep,
    resize,
    served,
    settle,
)
from tests.published_copy import build

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Path]]:
    """The app as a person starts it at home, and an archive on the desk."""
    folder = tmp_path_factory.mktemp("own")
    build(folder)
    roster_files(folder)
    collected(folder, public_batch(asked(date(2024, 12, 20), "vrager", "Wanneer opent het park?")))
    archive = tmp_path_factory.mktemp("desk") / "twitter.zip"
    archive.write_bytes(x_archive())
    with served(folder, **{EDITABLE: "1"}) as running:
        yield running, archive


def audited(visit: Open, own: tuple[Site, Path], size: tuple[int, int], scheme: str) -> Any:
    site, archive = own
    page = visit("/audit", size, scheme, site.address)
    page.get_by_role("combobox").first.fill("An Audit")
    page.keyboard.press("Enter")
    page.wait_for_selector(".st-key-audit-start button")
    page.set_input_files('[data-testid="stFileUploader"] input', str(archive))
    page.get_by_text("X (anaudit)").wait_for()
    settle(page)
    page.locator(".st-key-audit-start button").click()
    page.mouse.move(0, 0)  # what is pointed at changes its colour
    page.wait_for_selector(".st-key-audit-forget", timeout=120_000)
    settle(page)
    return page


def test_on_a_desk_the_audit_is_made_taken_and_forgotten(
    visit: Open, own: tuple[Site, Path], tmp_path: Path
) -> None:
    page = audited(visit, own, DESKTOP, "light")
    assert page.locator("h1").inner_text() == "An Audit"
    check_accessibility(page)
    keep(page, "audit-made-desktop", DESKTOP)
    box = page.locator('[data-testid="stCheckbox"]').first
    before = _events(page, tmp_path / "before.ics")
    box.click()
    page.wait_for_function("() => document.querySelector('[data-testid=stCheckbox] input').checked")
    settle(page)
    assert _events(page, tmp_path / "after.ics") == before - 1
    page.locator(".st-key-audit-forget button").click()
    page.get_by_text("Vergeten.").wait_for()
    assert ONLY_IN_CAMPAIGN not in page.content()
    _nothing_stayed(own[0])


def _events(page: Any, file: Path) -> int:
    with page.expect_download() as waiting:
        page.locator(".st-key-audit-ics button").click()
    waiting.value.save_as(file)
    return len(list(Calendar.from_ical(file.read_bytes()).walk("VEVENT")))


def _nothing_stayed(site: Site) -> None:
    """No file of the data folder, the log among them, holds a word or a name of the archive."""
    for path in site.log.parent.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert ONLY_IN_CAMPAIGN.encode() not in content, path
            assert SECRET.encode() not in content, path


@pytest.mark.parametrize(
    ("name", "size", "scheme"), [("dark", DESKTOP, "dark"), ("phone", PHONE, "light")]
)
def test_the_audit_is_seen_by_everybody(
    visit: Open, own: tuple[Site, Path], name: str, size: tuple[int, int], scheme: str
) -> None:
    page = audited(visit, own, size, scheme)
    check_accessibility(page)
    keep(page, f"audit-made-{name}", size)
    assert page.evaluate(WIDTH) <= size[0]
    resize(page, SMALL)
    settle(page)
    assert page.evaluate(WIDTH) <= SMALL[0]
