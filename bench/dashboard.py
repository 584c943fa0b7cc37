"""The pages at 300 and 3,000 people: first view, filters, twenty readers, memory and weight.

The server is the real one in a process of its own. First views, filters and weight are
seen by chromium; reruns are timed by websocket clients that speak Streamlit's own
protocol, from the request to "script finished".
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import zlib
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from bench.figure import Figure
from tests.published_copy import PEOPLE, build

ROOT = Path(__file__).parents[1]
SIZES = (300, 3_000)
CHOICES = ("groen-dorp", "lijst-duin", "", "samen-plein")
SESSIONS, THINK, TURNS = 20, 3.0, 6
FIRST_VIEW, WARM, FILTERED, P50, P95, WEIGHT = 2.5, 1.5, 0.25, 0.030, 0.080, 1.6e6
MEMORY = 10e6
TABLE = ".st-key-wide-people canvas"
FIRST = "document.querySelector('.st-key-wide-people [data-testid=glide-cell-1-0]')?.textContent"


@dataclass(frozen=True)
class Server:
    """A running app."""

    address: str
    process: int


def figures() -> list[Figure]:
    """All figures for every size; those of the browser only where there is one."""
    found = []
    chromium = shutil.which("chromium")
    for size in SIZES:
        with TemporaryDirectory() as folder:
            crowd(Path(folder), size)
            with _server(Path(folder)) as server:
                if chromium:
                    found += _seen(server, chromium, size)
                found += asyncio.run(_asked(server, size))
    return found


def crowd(data_dir: Path, size: int) -> None:
    """A published copy of that many invented people: the test copy, repeated."""
    path = build(data_dir)
    copies = size // len(PEOPLE)
    with duckdb.connect(str(path)) as con:
        columns: dict[str, set[str]] = {}
        for table, column in con.sql(
            "select table_name, column_name from duckdb_columns() where not internal"
        ).fetchall():
            columns.setdefault(table, set()).add(column)
        for table, names in columns.items():
            renamed = names & {"person_id", "account_id", "name"}
            if not renamed & {"person_id", "account_id"}:
                continue
            other = ", ".join(f"{one} || '-' || n as {one}" for one in sorted(renamed))
            con.execute(
                f"insert into {table} select t.* replace ({other}) "  # noqa: S608 names of ours
                f"from {table} t, range(1, {copies}) r(n)"
            )


@contextmanager
def _server(data_dir: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "dashboard.server", f"--port={port}"]
    environment = os.environ | {"WINTERSLAAP_DATA": str(data_dir)}
    with subprocess.Popen(  # noqa: S603 the command is made above
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health")
            yield Server(f"127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 loopback
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the app did not come up in 30 seconds")


def _seen(server: Server, chromium: str, size: int) -> list[Figure]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        frames: list[bytes] = []
        sent: list[float] = []
        network.on(
            "Network.webSocketFrameReceived",
            lambda one: frames.append(b64decode(one["response"]["payloadData"])),
        )
        network.on("Network.loadingFinished", lambda one: sent.append(one["encodedDataLength"]))
        cold = _view(page, server)
        weight = sum(sent) + sum(len(zlib.compress(frame)) for frame in frames)
        warm = sorted(_view(page, server) for _ in range(3))[1]
        filtered = sorted(_filter(page, name) for name in ("Groen", "Lijst", "Samen"))[1]
        browser.close()
    people = f"{size:,} people"
    return [
        _seconds(f"first view of a new server, {people}", cold, FIRST_VIEW),
        _seconds(f"view again, {people} (median of 3)", warm, WARM),
        _seconds(f"filter to painted, {people} (median of 3)", filtered, FILTERED),
        Figure(
            f"first view, as sent, {people}", weight / 1e6, "MB",
            f"≤ {WEIGHT / 1e6:g} MB", weight <= WEIGHT,
        ),
    ]  # fmt: skip


def _seconds(what: str, value: float, aim: float) -> Figure:
    return Figure(what, 1_000 * value, "ms", f"≤ {1_000 * aim:g} ms", value <= aim)


def _view(page: Any, server: Server) -> float:
    began = time.perf_counter()
    page.goto(f"http://{server.address}")
    page.wait_for_selector(TABLE, timeout=60_000)
    taken = time.perf_counter() - began
    page.wait_for_selector('[data-test-script-state="notRunning"]')
    page.wait_for_function(f"() => {FIRST}")
    return taken


def _filter(page: Any, name: str) -> float:
    before = page.evaluate(FIRST)
    page.locator(".st-key-address-party input").click()
    page.locator(".st-key-address-party input").fill(name)
    page.get_by_role("option").first.wait_for()
    began = time.perf_counter()
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => {FIRST} !== '{before}'", polling="raf")
    taken = time.perf_counter() - began
    page.wait_for_selector('[data-test-script-state="notRunning"]')
    return taken


async def _asked(server: Server, size: int) -> list[Figure]:
    people = f"{size:,} people"
    await _visit(server, turns=4, think=0.05, seed=1)
    spent = _cpu_seconds(server.process)
    alone = await _visit(server, turns=24, think=0.05, seed=0)
    spent = (_cpu_seconds(server.process) - spent) / (len(alone) + 1)
    before = _resident(server.process)
    gone = asyncio.Event()
    visits = [
        asyncio.create_task(_visit(server, TURNS, THINK, seed, gone)) for seed in range(SESSIONS)
    ]
    await asyncio.sleep(THINK * (TURNS + 1.5))
    held = (_resident(server.process) - before) / SESSIONS
    gone.set()
    together = sorted(one for times in await asyncio.gather(*visits) for one in times)
    alone.sort()
    crowd_of = f"{SESSIONS} sessions, {THINK:g} s to think, {people}"
    return [
        _seconds(f"processor time of a rerun, one session, {people} (mean)", spent, P50),
        _seconds(f"server time of a rerun, one session, {people} (p50)", _at(alone, 0.5), P50),
        _seconds(f"server time of a rerun, one session, {people} (p95)", _at(alone, 0.95), P95),
        _seconds(f"answer to a rerun, {crowd_of} (p50)", _at(together, 0.5), P50),
        _seconds(f"answer to a rerun, {crowd_of} (p95)", _at(together, 0.95), P95),
        Figure(
            f"memory per session, {people}", held / 1e6, "MB",
            f"≤ {MEMORY / 1e6:g} MB", held <= MEMORY,
        ),
    ]  # fmt: skip


def _at(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(share * len(times)))]


def _cpu_seconds(process: int) -> float:
    """User and system time so far: the same whatever else the machine does."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(process: int) -> int:
    for line in Path(f"/proc/{process}/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS"):
            return 1024 * int(line.split()[1])
    raise RuntimeError("no resident size of the server")


async def _visit(
    server: Server, turns: int, think: float, seed: int, gone: asyncio.Event | None = None
) -> list[float]:
    """Seconds from each filter's request to its finished script; the first view is not timed."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets.asyncio.client import connect

    dice, times = random.Random(seed), []  # noqa: S311 pauses of readers
    await asyncio.sleep(dice.random() * think)
    async with connect(
        f"ws://{server.address}/_stcore/stream", subprotocols=["streamlit"], max_size=None
    ) as line:
        for turn in range(turns + 1):
            message = BackMsg()
            message.rerun_script.query_string = f"party={CHOICES[(turn + seed) % len(CHOICES)]}"
            began = time.perf_counter()
            await line.send(message.SerializeToString())
            while True:
                answer = ForwardMsg.FromString(await line.recv())
                if answer.WhichOneof("type") == "script_finished":
                    break
            if turn:
                times.append(time.perf_counter() - began)
            await asyncio.sleep(think * (0.5 + dice.random()))
        if gone:
            await gone.wait()
    return times
