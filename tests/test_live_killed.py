"""The listener is killed at random moments while a stream plays, and nothing is lost or claimed."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from ingest import live, live_socket
from ingest.collect import STORE_FILE
from ingest.http import Http
from ingest.live import Kind, Listener
from ingest.live_store import Shelf
from tests.invented import last_words
from tests.live_world import ANNA, BEN, BERT, MIA, Said, World, micros, moment, record, uri

KILLS, MESSAGES = 8, 400
MOVES = 2  # cursors at which it was found killed, and more
LONGEST = 60.0  # seconds until a process counts as hanging
# A fresh process a try, forked from one that has loaded everything and touched nothing.
_FRESH = multiprocessing.get_context("forkserver")
_FRESH.set_forkserver_preload(["tests.test_live_killed", "pandas"])


def talk() -> list[Said]:
    """Forty minutes of a town, ten messages a minute; three in five about nobody watched."""
    lots, said = random.Random(365), []
    asked: list[str] = []
    for number in range(MESSAGES):
        at = number / 10
        what = lots.randrange(10)
        if what == 0:
            said.append(Said(ANNA, at, record(f"nieuws {number}", at)))
        elif what == 1:
            said.append(Said(lots.choice([BEN, MIA]), at, record("Wanneer?", at, parent=OWN)))
            asked.append(uri(said[-1].did, at))
        elif what == 2:
            said.append(Said(MIA, at, record(f"En @bert? {number}", at, names=[BERT])))
        elif what == 3 and asked:
            said.append(Said(ANNA, at, record("In mei", at, parent=lots.choice(asked))))
        else:
            said.append(Said(MIA, at, record(f"weer {number}", at)))
    return said


OWN = uri(ANNA, -1)


@dataclass
class Stream:
    """Plays a talk from the cursor that is asked for on; now and then it hangs up."""

    kind: Kind
    said: Sequence[Said]
    lots: random.Random
    is_fickle: bool = True

    def __post_init__(self) -> None:
        self.told = [(self.cursor(one), self._message(one)) for one in self.said]

    def cursor(self, one: Said) -> int:
        is_clocked = self.kind is Kind.JETSTREAM
        return micros(moment(one.minutes)) if is_clocked else round(one.minutes * 10)

    def _message(self, one: Said) -> bytes:
        return one.jetstream() if self.kind is Kind.JETSTREAM else one.firehose()

    def play(self, connection: ServerConnection) -> None:
        path = connection.request.path if connection.request else ""
        begin = int(parse_qs(urlsplit(path).query).get("cursor", ["-1"])[0])
        most = self.lots.randint(50, 300) if self.is_fickle else MESSAGES
        waiting = [message for cursor, message in self.told if cursor > begin]
        try:
            for number, message in enumerate(waiting[:most]):
                connection.send(message)
                if number % 2 == 0:
                    time.sleep(0.004)
            if len(waiting) <= most:
                for _ in connection:
                    pass
        except ConnectionClosed:
            return

    @contextmanager
    def running(self) -> Iterator[str]:
        with serve(self.play, "127.0.0.1", 0, close_timeout=0.1) as server:
            host, port = server.socket.getsockname()
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            yield f"ws://{host}:{port}"
            server.shutdown()
            thread.join(5)


def listen(data_dir: Path, url: str, kind: Kind, last: int | None) -> None:
    """A process of its own: it ends when the message with that cursor is stored, else never."""
    live._SOON, live._SELDOM, live._PROVE_EVERY, live.MOST_WAITING = 0.1, 0.1, 0.2, 20
    live_socket._FIRST_WAIT = 0.01
    for step in ("_append", "_move"):  # so that kills fall between the steps of a writing too
        setattr(Shelf, step, _slow(getattr(Shelf, step)))
    world, stop = World(data_dir), threading.Event()
    setattr(Shelf, "put", _stopping(Shelf.put, stop, last))  # noqa: B010 mypy knows no other way
    transport = httpx.MockTransport(world._appview)
    with Http(world.shelf.config, transport=transport) as http:
        Listener(world.shelf, kind, url, http, stop).run()
    sys.exit(0)


def _slow(step: Callable[..., Any]) -> Callable[..., Any]:
    def later(*arguments: Any) -> Any:
        time.sleep(0.03)
        return step(*arguments)

    return later


def _stopping(put: Callable[..., Any], stop: threading.Event, last: int | None) -> Any:
    def stored(*arguments: Any) -> Any:
        added, place = put(*arguments), arguments[-1]
        if last is not None and place is not None and place.cursor >= last:
            stop.set()
        return added

    return stored


def run(
    data_dir: Path, url: str, stream: Stream, writes: int | None = None, more: float = 0.0
) -> bool:
    """Whether it was killed after so many writings and a moment; None: it is left in peace."""
    last = stream.told[-1][0] if writes is None else None
    process = _FRESH.Process(target=listen, args=(data_dir, url, stream.kind, last))
    process.start()
    if writes is None:
        process.join(LONGEST)
    else:
        _await_writings(process, data_dir / STORE_FILE, writes)
        process.join(more)
    is_running = process.is_alive()
    if is_running:
        process.kill()
    process.join(LONGEST)
    assert writes is not None or not is_running, f"it ran for over {LONGEST:.0f} s"
    assert is_running or process.exitcode == 0
    return is_running


def _await_writings(process: BaseProcess, store: Path, count: int) -> None:
    seen, ends_at = {store.stat().st_mtime_ns}, time.monotonic() + LONGEST
    while len(seen) <= count and process.is_alive() and time.monotonic() < ends_at:
        process.join(0.002)
        seen.add(store.stat().st_mtime_ns)


def held(world: World) -> dict[str, Any]:
    with world.store() as store:
        said = last_words(store)
        spans = store.rows(
            "select account_id, start_at, max(end_at) from span group by all order by all"
        )
    return {"posts": said["post"], "received": said["received"], "spans": spans}


def keys(world: World) -> set[Any]:
    found = world.rows("select account_id, item_key from received")
    return {*found, *world.rows("select account_id, post_key from post")}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("kind", list(Kind))
def test_a_listener_killed_again_and_again_holds_what_an_undisturbed_one_holds(
    tmp_path: Path, kind: Kind
) -> None:
    said, lots = talk(), random.Random(7)
    quiet = World(tmp_path / "quiet").collected()
    shutil.copytree(quiet.data_dir, tmp_path / "killed")  # the same key
    world = World(tmp_path / "killed")
    calm, stream = Stream(kind, said, lots, is_fickle=False), Stream(kind, said, lots)
    with calm.running() as url:
        run(quiet.data_dir, url, calm)
    due = cursors_of(quiet, calm)
    kill_count, seen = 0, set[int]()
    with stream.running() as url:
        for life in range(4 * KILLS):  # a slow machine needs more of them
            if kill_count >= KILLS and len(seen) > MOVES:
                break
            writes, more = lots.randint(0, 3 + life // KILLS), lots.uniform(0, 0.3)
            kill_count += run(world.data_dir, url, stream, writes, more)
            place = world.shelf.place()
            if place is not None:
                seen.add(place.cursor)
                missing = {key for key, cursor in due.items() if cursor <= place.cursor}
                assert not missing - keys(world), "the cursor is ahead of the rows"
                ends = world.rows("select max(end_at) from span where stream = 'mentions'")
                assert ends[0][0] is None or ends[0][0] <= place.at.replace(tzinfo=None)
        run(world.data_dir, url, stream)
    assert held(world) == held(quiet)
    assert kill_count >= KILLS
    assert len(seen) > MOVES, "it was killed on its way"


def cursors_of(quiet: World, stream: Stream) -> dict[Any, int]:
    """What has to be stored, by the cursor of the message that told it."""
    with quiet.store() as store:
        places = {store.keys.item(uri(one.did, one.minutes)): one for one in stream.said}
    return {(name, key): stream.cursor(places[key]) for name, key in keys(quiet)}
