"""A running app, a browser and what is asked of any page: shared by the tests that look."""

from __future__ import annotations

import ast
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dashboard.loopback import EDITABLE
from tests.published_copy import build

ROOT = Path(__file__).parents[1]
ARTEFACTS = Path(__file__).with_name("artefacts")
CHROMIUM = shutil.which("chromium")
DESKTOP, PHONE, SMALL = (1280, 900), (375, 812), (320, 800)
ZOOMED = (640, 450)  # what 1280 by 900 is at 200 %
AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    }
}
QUIET = """() => new Promise(done => {
  const finish = () => { watch.disconnect(); document.fonts.ready.then(done) };
  let timer = setTimeout(finish, 250);
  const again = () => { clearTimeout(timer); timer = setTimeout(finish, 250) };
  const watch = new MutationObserver(again);
  watch.observe(document.body, {childList: true, subtree: true});
  setTimeout(finish, 4000);
})"""
WIDTH = """() => Math.max(document.documentElement.scrollWidth,
  document.querySelector('[data-testid=stMain]').scrollWidth)"""

Open = Callable[..., Any]


@dataclass(frozen=True)
class Site:
    """A running app and where it logs."""

    address: str
    log: Path


def pages() -> list[str]:
    """The pages that app.py's navigation can name, the one at the root first."""
    found: dict[str, bool] = {}
    for node in ast.walk(ast.parse((ROOT / "app.py").read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.Page":
            [name] = [one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)]
            found[Path(str(name)).stem] = any(word.arg == "default" for word in node.keywords)
    return sorted(found, key=lambda name: (not found[name], name))


def address_of(name: str) -> str:
    """Where a page is."""
    return "/" if name == pages()[0] else f"/{name}"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(400):
        if process.poll() is not None:
            raise RuntimeError(f"the app stopped before it was seen: {log.read_text('utf-8')}")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the app did not come up in 40 seconds")


@contextmanager
def served(data_dir: Path, port: int = 0, **environment: str) -> Iterator[Site]:
    """The real app over a data folder; a Traceback in its log is an error."""
    port, log = port or free_port(), data_dir / "app.log"
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "dashboard.server", f"--port={port}"]
    values = os.environ | {"WINTERSLAAP_DATA": str(data_dir)} | environment
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command, cwd=ROOT, env=values, stdout=out, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            _wait(address, process, log)
            yield Site(address, log)
        finally:
            process.terminate()
            process.wait(20)
    text = log.read_text("utf-8")
    assert "Traceback" not in text, text


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One app over the invented copy, for all tests that only look; its owner looks."""
    folder = tmp_path_factory.mktemp("site")
    build(folder)
    with served(folder, **{EDITABLE: "1"}) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One chromium for the session."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def readers(browser: Any) -> Iterator[dict[str, Any]]:
    """A reader with light and one with dark pages; both ask for less motion."""
    found = {
        scheme: browser.new_context(color_scheme=scheme, locale="nl-BE", reduced_motion="reduce")
        for scheme in ("light", "dark")
    }
    yield found
    for reader in found.values():
        reader.close()


@pytest.fixture
def visit(site: Site, readers: dict[str, Any]) -> Iterator[Open]:
    """Opens a page and waits until it is painted; closes it after the test."""
    opened = []
    logged = site.log.stat().st_size

    def open_page(
        path: str = "/", size: tuple[int, int] = DESKTOP, scheme: str = "light",
        address: str = site.address,
    ) -> Any:  # fmt: skip
        page = readers[scheme].new_page()
        page.set_default_timeout(20_000)  # sooner than pytest's own, which would break the browser
        opened.append(page)
        resize(page, size)
        page.goto(address + path)
        settle(page)
        return page

    yield open_page
    for page in opened:
        page.close()
    new = site.log.read_bytes()[logged:].decode()
    assert "Traceback" not in new, new


def settle(page: Any) -> None:
    """Wait until the script has run and everything is painted."""
    page.wait_for_selector('[data-test-script-state="notRunning"]', timeout=20_000)
    page.wait_for_selector("h1", timeout=20_000)
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')")
    page.evaluate(QUIET)


def resize(page: Any, size: tuple[int, int]) -> None:
    """Another screen."""
    page.set_viewport_size({"width": size[0], "height": size[1]})


def keep(page: Any, name: str, size: tuple[int, int]) -> None:
    """The whole page as a picture under tests/artefacts."""
    ARTEFACTS.mkdir(exist_ok=True)
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    resize(page, (size[0], min(int(height) + 10, 8_000)))
    page.evaluate(QUIET)
    page.screenshot(path=str(ARTEFACTS / f"{name}.png"))
    resize(page, size)


def check_accessibility(page: Any) -> None:
    """No violation of WCAG 2.2 AA that axe-core can see."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=AXE)
    assert found.violations_count == 0, found.generate_report()
