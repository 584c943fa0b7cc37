"""What the server sends before any script has run: language, title, outline, other routes."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from dashboard import shell
from dashboard.words import LOCALES, words
from tests.browsing import DESKTOP, PHONE, Site, address_of, pages
from tests.published_copy import build

ROOT = Path(__file__).parents[1]
BESIDE = """
import sys
from pathlib import Path
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from dashboard.server import run
beside = Mount("/site", StaticFiles(directory=sys.argv[1], html=True))
run("127.0.0.1", int(sys.argv[2]), [beside])
"""


def _ask(path: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        app = httpx.ASGITransport(app=Starlette(routes=shell.routes()))
        async with httpx.AsyncClient(transport=app, base_url="http://localhost") as reader:
            return await reader.get(path)

    return asyncio.run(ask())


@pytest.mark.parametrize("lang", LOCALES)
def test_every_page_has_its_language_and_title_before_any_script(lang: str) -> None:
    t = words(lang)
    for name in pages():
        answer = _ask(f"{address_of(name)}?lang={lang}")
        assert re.search(r"<html[^>]*>", answer.text)[0] == f'<html lang="{lang}">'
        title = "Winterslaap" if name == "overview" else f"{t(f'nav.{name}')} · Winterslaap"
        assert re.findall(r"<title>(.*?)</title>", answer.text) == [title]
        assert "Streamlit app" not in answer.text
        assert answer.text.count('<main class="ws-shell"') == 1
        assert answer.headers["cache-control"] == "no-cache"


def test_without_a_language_or_with_an_unknown_one_it_is_dutch() -> None:
    for asked in ("/", "/?lang=", "/?lang=tlh", "/?lang=%22%3E%3Cscript%3E"):
        assert '<html lang="nl">' in _ask(asked).text


def test_the_scripts_and_styles_are_streamlits_own() -> None:
    links = re.compile(r'(?:src|href)="\./static/[^"]+"')
    original = links.findall(shell.INDEX.read_text("utf-8"))
    assert len(original) > 10
    assert links.findall(_ask("/person").text) == original


def test_a_page_of_another_make_is_served_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "index.html"
    other.write_text("<!doctype html><p>something else", "utf-8")
    monkeypatch.setattr(shell, "INDEX", other)
    shell.html.cache_clear()
    try:
        assert _ask("/").text == other.read_text("utf-8")
    finally:
        shell.html.cache_clear()


@pytest.mark.browser
@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_before_any_script_the_outline_is_seen_in_the_readers_language(
    browser: object, site: Site, size: tuple[int, int], scheme: str
) -> None:
    seen = browser.new_context(  # type: ignore[attr-defined]
        java_script_enabled=False, color_scheme=scheme,
        viewport={"width": size[0], "height": size[1]},
    )  # fmt: skip
    page = seen.new_page()
    page.goto(f"{site.address}/?lang=fr")
    assert page.locator("h1").inner_text() == words("fr")("overview.title")
    page.screenshot(path=str(ROOT / "tests" / "artefacts" / f"shell-{scheme}.png"))
    assert page.locator("html").get_attribute("lang") == "fr"
    seen.close()


def test_other_routes_stand_beside_the_dashboard(tmp_path: Path) -> None:
    build(tmp_path)
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("<!doctype html><p>a printed card", "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, "-c", BESIDE, str(site), str(port)],
        cwd=ROOT, env=os.environ | {"WINTERSLAAP_DATA": str(tmp_path)},
    ) as process:  # fmt: skip
        try:
            assert _read(port, "/_stcore/health") == "ok"
            assert _read(port, "/site/") == "<!doctype html><p>a printed card"
            assert '<html lang="en">' in _read(port, "/method?lang=en")
        finally:
            process.terminate()


def _read(port: int, path: str) -> str:
    for _ in range(400):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the app did not come up in 40 seconds")
