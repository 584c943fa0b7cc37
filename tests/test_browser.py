"""What people see: the real app in a real browser, on desktop and phone, light and dark."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.published_copy import build

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
ROOT = Path(__file__).parents[1]
ARTEFACTS = Path(__file__).with_name("artefacts")
CHROMIUM = shutil.which("chromium")
PAGES = {
    "overview": "/",
    "person": "/person?person=bram-de-winter",
    "person-unknown": "/person?person=hanne-onbekend",
    "coverage": "/coverage",
    "method": "/method",
}
DESKTOP, PHONE, SMALL = (1280, 900), (390, 844), (320, 800)
AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    }
}


@dataclass(frozen=True)
class Site:
    """A running app and where it logs."""

    address: str
    log: Path


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError("the app stopped before it could be seen")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the app did not come up in 30 seconds")


def _serve(data_dir: Path, log: Path) -> Iterator[Site]:
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"),
               "--server.port", str(port), "--server.address", "127.0.0.1"]  # fmt: skip
    environment = os.environ | {"WINTERSLAAP_DATA": str(data_dir)}
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            _wait(address, process)
            yield Site(address, log)
        finally:
            process.terminate()
            process.wait(20)
    text = log.read_text("utf-8")
    assert "Traceback" not in text, text


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    build(folder)
    yield from _serve(folder, folder / "app.log")


@pytest.fixture(scope="module")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("empty")
    yield from _serve(folder, folder / "app.log")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


Open = Callable[..., Any]


@pytest.fixture
def visit(site: Site, browser: Any) -> Iterator[Open]:
    contexts = []

    def open_page(
        path: str = "/", size: tuple[int, int] = DESKTOP, scheme: str = "light",
        address: str = site.address,
    ) -> Any:  # fmt: skip
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            locale="nl-BE",
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(address + path)
        settle(page)
        return page

    yield open_page
    for context in contexts:
        context.close()


def settle(page: Any) -> None:
    """Wait until the script has run and everything is painted."""
    page.wait_for_selector('[data-test-script-state="notRunning"]', timeout=60_000)
    page.wait_for_selector("h1")
    page.wait_for_timeout(900)


def keep(page: Any, name: str, size: tuple[int, int]) -> None:
    """The whole page as a picture under tests/artefacts."""
    ARTEFACTS.mkdir(exist_ok=True)
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": size[0], "height": min(int(height) + 10, 8_000)})
    page.wait_for_timeout(700)
    page.screenshot(path=str(ARTEFACTS / f"{name}.png"))


def check_accessibility(page: Any) -> None:
    """No violation of WCAG 2.2 AA that axe-core can see."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=AXE)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("look", "size", "scheme"),
    [("desktop", DESKTOP, "light"), ("dark", DESKTOP, "dark"), ("phone", PHONE, "light")],
)
def test_the_page_is_seen_and_has_no_accessibility_violation(
    visit: Open, name: str, look: str, size: tuple[int, int], scheme: str
) -> None:
    page = visit(PAGES[name], size, scheme)
    assert page.locator("h1").count() == 1
    assert page.locator('[data-testid="stException"]').count() == 0
    check_accessibility(page)
    keep(page, f"{name}-{look}", size)


@pytest.mark.parametrize("name", PAGES)
def test_on_a_small_phone_nothing_scrolls_sideways(visit: Open, name: str) -> None:
    page = visit(PAGES[name], SMALL)
    wide = page.evaluate(
        "[document.documentElement.scrollWidth,"
        " document.querySelector('[data-testid=stMain]').scrollWidth]"
    )
    assert max(wide) <= 320
    check_accessibility(page)
    keep(page, f"{name}-320", SMALL)


def test_one_picture_for_a_desk_and_another_for_a_phone(visit: Open) -> None:
    for size, seen, hidden in ((DESKTOP, "wide", "narrow"), (PHONE, "narrow", "wide")):
        page = visit(PAGES["person"], size)
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
    assert page.locator("text=Groen & Dorp").count() > 0
    page.locator('input[type="text"], input:not([type])').last.fill("dirk")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q=dirk"))
    assert "party=groen-dorp" in page.url


def test_the_first_visitor_is_told_what_to_do(visit: Open, empty_site: Site, browser: Any) -> None:
    page = visit("/", DESKTOP, "light", empty_site.address)
    assert page.locator("h1").inner_text() == "Nog niets gepubliceerd"
    assert "winterslaap demo" in page.locator("code").first.inner_text()
    keep(page, "empty-desktop", DESKTOP)


def test_a_new_copy_shows_without_a_restart(site: Site, browser: Any, tmp_path: Path) -> None:
    build(tmp_path, name="one")
    for running in _serve(tmp_path, tmp_path / "app.log"):
        page = browser.new_page()
        page.goto(running.address)
        settle(page)
        assert page.locator(".ws-invented").count() == 1
        build(tmp_path, name="two", is_invented=False)
        page.reload()
        settle(page)
        assert page.locator(".ws-invented").count() == 0
        page.close()
