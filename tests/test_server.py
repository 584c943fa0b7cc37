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
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from dashboard import overview_table, server, shell
from dashboard.statics import SHIPPED, Packed, packed
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


def _ask(path: str, **headers: str) -> httpx.Response:
    behind = [Mount("/", StaticFiles(directory=SHIPPED))]
    packing = [Middleware(Packed)]
    app = Starlette(routes=[*shell.routes(), *behind], middleware=packing)

    async def ask() -> httpx.Response:
        line = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=line, base_url="http://localhost") as reader:
            return await reader.get(path, headers={"Accept-Encoding": "identity"} | headers)

    with ThreadPoolExecutor(1) as apart:  # a browser of other tests may have a loop in this thread
        return apart.submit(lambda: asyncio.run(ask())).result()


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


def test_scripts_and_styles_are_packed_once_for_who_can_unpack() -> None:
    shipped = re.findall(r'"\./(static/(?:js|css)/[^"]+)"', shell.INDEX.read_text("utf-8"))
    packed.cache_clear()
    for name in shipped:
        plain, small = _ask(f"/{name}"), _ask(f"/{name}", **{"Accept-Encoding": "br, gzip"})
        assert "content-encoding" not in plain.headers
        assert small.headers["content-encoding"] == "gzip"
        assert small.headers["vary"] == "Accept-Encoding"
        assert "immutable" in small.headers["cache-control"]
        assert small.content == plain.content
        kind = small.headers["content-type"]
        assert kind.startswith("text/css" if name.endswith("css") else "text/javascript")
    assert packed.cache_info().misses == len(shipped)
    _ask(f"/{shipped[0]}", **{"Accept-Encoding": "gzip"})
    assert packed.cache_info().misses == len(shipped)


@pytest.mark.parametrize(
    "path", ["/static/js/gone.123.js", "/static/js/../../index.html", "/static/js/%2e%2e/x.js"]
)
def test_what_is_not_shipped_is_left_to_streamlit(path: str) -> None:
    assert "content-encoding" not in _ask(path, **{"Accept-Encoding": "gzip"}).headers


def test_part_of_a_file_is_not_packed() -> None:
    [name] = [file.name for file in (SHIPPED / "static/css").glob("index.*.css")]
    answer = _ask(f"/static/css/{name}", Range="bytes=0-9", **{"Accept-Encoding": "gzip"})
    assert answer.status_code == 206
    assert len(answer.content) == 10


def test_the_font_of_the_titles_has_every_letter_of_our_words() -> None:
    pytest.importorskip("brotli")
    reading = pytest.importorskip("fontTools.ttLib")
    answer = _ask("/fonts/titles.woff2")
    assert answer.content[:4] == b"wOF2"
    assert len(answer.content) < 50_000
    letters = set(reading.TTFont(BytesIO(answer.content)).getBestCmap())
    texts = "".join(
        (ROOT / "dashboard/words" / f"{lang}.po").read_text("utf-8") for lang in LOCALES
    )
    assert {sign for sign in texts if sign.isalpha() and ord(sign) not in letters} == set()


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


def test_the_newest_copy_is_read_while_the_server_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WINTERSLAAP_DATA", str(tmp_path))
    overview_table.cells.cache_clear()
    server.warm()
    assert overview_table.cells.cache_info().currsize == 0
    path = build(tmp_path)
    server.warm()
    assert overview_table.cells.cache_info().currsize == len(LOCALES)
    path.with_name("broken.duckdb").write_bytes(b"no database " * 1_000)
    path.with_name("latest").write_text("broken.duckdb", "utf-8")
    server.warm()
    assert overview_table.cells.cache_info().currsize == len(LOCALES)


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
