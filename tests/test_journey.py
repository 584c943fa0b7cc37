"""The whole way a newcomer goes: the demo, its pages, and what a browser shows of them."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from ingest.demo.council import council

ROOT = Path(__file__).parent.parent
ARTEFACTS = Path(__file__).with_name("artefacts")
WINTERSLAAP = Path(sys.executable).with_name("winterslaap")
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder that `winterslaap demo --no-serve` filled, and what it printed."""
    folder = tmp_path_factory.mktemp("journey") / "demo"
    command = [WINTERSLAAP, "demo", "--no-serve", "--data", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


@pytest.fixture(scope="module")
def published(demo: tuple[Path, str]) -> duckdb.DuckDBPyConnection:
    folder = demo[0] / "published"
    return duckdb.connect(str(folder / (folder / "latest").read_text().strip()), read_only=True)


def test_the_window_holds_both_local_elections(published: duckdb.DuckDBPyConnection) -> None:
    window = published.sql("select window_from_on::text, window_to_on::text from run").fetchall()
    assert window == [("2018-01-01", "2025-01-01")]


def test_the_table_shows_everybody_and_says_they_are_invented(
    demo: tuple[Path, str], published: duckdb.DuckDBPyConnection
) -> None:
    printed = re.sub(r"[^\w]+", "", demo[1])
    names = [name for (name,) in published.sql("select name from person").fetchall()]
    assert len(names) >= 20
    missing = [name for name in names if name.split()[0] not in printed]
    assert missing == []
    assert published.sql("select count(*) from person where not is_invented").fetchall() == [(0,)]


def test_every_known_question_is_answered_or_not_as_it_was(
    published: duckdb.DuckDBPyConnection,
) -> None:
    counted = published.sql(
        "select sum(denominator) from metric where metric = 'answer_rate'"
    ).fetchall()[0][0]
    assert 500 < counted <= len(council().questions())


def test_each_persons_page_opens_and_names_them(
    demo: tuple[Path, str],
    published: duckdb.DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WINTERSLAAP_DATA", str(demo[0]))
    for person_id, name in published.sql("select person_id, name from person").fetchall():
        page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        page.query_params["person"] = person_id
        page.switch_page("dashboard/pages/person.py").run()
        assert not page.exception, (person_id, page.exception)
        assert name in [title.value for title in page.title]


@pytest.fixture(scope="module")
def address(demo: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("log") / "serve.log"
    command = [WINTERSLAAP, "serve", "--port", str(port), "--data", demo[0]]
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        found = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{found}/_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield found
        process.terminate()
        process.wait(30)
    assert "Traceback" not in log.read_text("utf-8")


@pytest.mark.browser
def test_a_browser_finds_the_winter_sleeper_from_the_overview(address: str, browser: Any) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="nl-BE")
    _show(page, f"{address}/", "journey-overview")
    assert page.get_by_role("heading", level=1).inner_text().endswith("?")
    _show(page, f"{address}/person?person=karel-karton", "journey-person")
    assert page.get_by_role("heading", level=1).inner_text() == "Karel Karton"
    assert "14 oktober 2018" in page.inner_text("main")
    page.reload()
    page.get_by_role("heading", name="Karel Karton").wait_for()
    page.close()


def _show(page: Any, address: str, name: str) -> None:
    page.goto(address)
    page.locator("[data-test-script-state='notRunning']").first.wait_for(timeout=60_000)
    page.wait_for_timeout(1_000)
    page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)
