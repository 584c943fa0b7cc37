"""An edition in a real browser: from disk, from a server, in light and dark, phone and paper."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from dashboard.edition import FOLDER
from dashboard.edition.build import Built
from dashboard.edition.site import LANGUAGES, PAGES
from tests.browsing import (
    ARTEFACTS,
    DESKTOP,
    PHONE,
    SMALL,
    check_accessibility,
    served,
    settle,
)
from tests.edition_made import FEW, ID
from tests.html_checker import CheckerMissing, messages
from tests.published_copy import build as publish

pytestmark = pytest.mark.browser
SHOWN = (*(f"nl/{page}.html" for page in PAGES), f"nl/{FEW[0]}.html", "index.html", "../index.html")
WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture
def look(readers: dict[str, Any]) -> Iterator[Any]:
    """Opens a file of an edition in a browser that tells every failed request."""
    opened: list[Any] = []

    def open_page(address: str, size: tuple[int, int] = DESKTOP, scheme: str = "light") -> Any:
        page, failed = readers[scheme].new_page(), list[str]()
        page.set_default_timeout(20_000)
        opened.append(page)
        page.on("requestfailed", lambda request: failed.append(request.url))
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(address)
        page.evaluate("document.fonts.ready")
        assert failed == [], address
        return page

    yield open_page
    for page in opened:
        page.close()


def _group(built: Built, kind: str = "municipality") -> str:
    path = next((built.path / "nl" / kind).glob("*.html"))
    return path.relative_to(built.path).as_posix()


def _keep(page: Any, name: str, size: tuple[int, int]) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), 6_000)
    page.set_viewport_size({"width": size[0], "height": height})
    page.screenshot(path=str(ARTEFACTS / f"edition-{name}.png"))


@pytest.mark.parametrize(
    ("size", "scheme", "kind"),
    [(DESKTOP, "light", "desktop"), (DESKTOP, "dark", "dark"), (PHONE, "light", "phone")],
)
def test_every_page_is_accessible_from_disk(
    size: tuple[int, int], scheme: str, kind: str, built: Built, look: Any
) -> None:
    for path in (*SHOWN, _group(built), _group(built, "party")):
        page = look((built.path / path).resolve().as_uri(), size, scheme)
        assert page.locator("h1").count() == 1
        check_accessibility(page)
        assert page.evaluate(WIDTH) <= size[0], path
        _keep(page, f"{Path(path).stem}-{kind}", size)


def test_nothing_scrolls_sideways_at_320_pixels(built: Built, look: Any) -> None:
    for path in (*SHOWN, _group(built)):
        page = look((built.path / path).resolve().as_uri(), SMALL)
        assert page.evaluate(WIDTH) <= SMALL[0], path


def test_pages_read_without_scripts(built: Built, browser: Any) -> None:
    reader = browser.new_context(java_script_enabled=False)
    page = reader.new_page()
    page.goto((built.path / "nl" / "index.html").as_uri())
    page.get_by_role("link", name=FEW[0]).click()
    assert page.locator("h1").inner_text()
    page.go_back()
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    reader.close()


def test_the_first_tab_leads_past_the_navigation(built: Built, look: Any) -> None:
    page = look((built.path / "nl" / "index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert page.locator(".skip").bounding_box()["x"] >= 0


def test_it_works_from_any_folder_of_a_server(built: Built, tmp_path: Path, look: Any) -> None:
    shutil.copytree(built.path.parent, tmp_path / "diep" / "in een map")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    handler.log_message = lambda *_: None  # type: ignore[attr-defined]
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/diep/in een map"
        page = look(f"{address}/{ID}/fr/index.html")
        page.get_by_role("link", name=FEW[1]).click()
        page.wait_for_url(f"**/fr/{FEW[1]}.html")
        assert page.evaluate("[...document.fonts].some(font => font.status === 'loaded')")
        page.get_by_role("link", name="Nederlands").click()
        page.wait_for_url(f"**/nl/{FEW[1]}.html")
        server.shutdown()


def test_on_paper_there_is_no_navigation_and_every_table_is_whole(built: Built, look: Any) -> None:
    page = look((built.path / _group(built)).as_uri())
    page.emulate_media(media="print")
    assert not page.locator("nav.pages").is_visible()
    assert page.locator("table thead").is_visible()
    ARTEFACTS.mkdir(exist_ok=True)
    page.pdf(path=str(ARTEFACTS / "edition-group-print.pdf"), format="A4")


def test_every_page_is_valid_html(built: Built) -> None:
    pages = sorted(built.path.parent.rglob("*.html"))
    assert len(pages) > 20 * len(LANGUAGES) // 3
    try:
        found = messages(pages)
    except CheckerMissing as error:
        pytest.skip(str(error))
    assert not [f"{one['url']}: {one['message']}" for one in found if one["type"] != "info"]


def test_the_dashboard_lists_editions_and_opens_their_cards(
    built: Built, edition_copy: Path, tmp_path: Path, readers: dict[str, Any]
) -> None:
    publish(tmp_path)
    shutil.copytree(built.path.parent, tmp_path / FOLDER)
    with served(tmp_path) as running:
        for scheme in ("dark", "light"):
            page = readers[scheme].new_page()
            page.set_default_timeout(30_000)
            page.goto(f"{running.address}/editions?lang=fr")
            settle(page)
            assert ID in page.locator("[data-testid=stMain]").inner_text()
            check_accessibility(page)
        page.get_by_role("link", name="English").click()
        page.wait_for_url(f"**/published/{ID}/en/index.html")
        page.get_by_role("link", name=FEW[0]).click()
        page.wait_for_url(f"**/en/{FEW[0]}.html")
        gone = page.goto(f"{running.address}/published/../previews.csv")
        assert "shown_on" not in gone.text()
        page.close()


def test_before_there_is_an_edition_the_page_says_how_to_make_one(visit: Any) -> None:
    page = visit("/editions?lang=nl")
    assert "winterslaap edition build" in page.locator("[data-testid=stMain]").inner_text()
    check_accessibility(page)
