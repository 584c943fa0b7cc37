"""The collector is killed 50 times among servers in trouble, and the store is none the worse."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from ingest.store import Store
from tests import breaking
from tests.invented import SECRET, last_words
from tests.loopback import PATIENCE, TROUBLES, Servers, Troubles, serving

KILLS = 50
LONGEST = 90.0  # seconds until a process counts as hanging; it tells where before that
ROUNDS = 12  # so many runs among troubles; then the last one is left in peace
# A fresh process a try, forked from one that has loaded everything and touched nothing.
_FRESH = multiprocessing.get_context("forkserver")
_FRESH.set_forkserver_preload(
    [
        "tests.breaking",
        "ingest.sources.bluesky",
        "ingest.sources.feeds",
        "ingest.sources.mastodon",
        "ingest.sources.wordpress",
        "pandas",  # DuckDB looks for it
    ]
)
Span = tuple[str, str, datetime, datetime]
_TRUTH = """
select account_id, '{stream}', least(created_at, coalesce(indexed_at, created_at)), {key}
from {table}
qualify row_number() over (partition by account_id, {key} order by seen_at desc) = 1
"""
_ITEMS = " union all ".join(
    f"({_TRUTH.format(stream=stream, table=table, key=key)})"
    for stream, table, key in (("acts", "post", "post_key"), ("received", "received", "item_key"))
)


@dataclass
class Lives:
    """Stores that are collected into until they are whole, whatever happens meanwhile."""

    address: str
    servers: Servers
    lots: random.Random = field(default_factory=lambda: random.Random(365))
    kill_count: int = 0
    ended_count: int = 0

    def run(self, data_dir: Path, stage: int, request_count: int | None) -> int | None:
        """One process: its exit code, or None if it was killed soon after so many requests."""
        patience = 10.0 if request_count is None else PATIENCE
        arguments = (data_dir, self.address, stage, patience)
        process = _FRESH.Process(target=breaking.collect_and_exit, args=arguments)
        self.servers.asked.clear()
        process.start()
        if request_count is None:
            process.join(LONGEST)
        else:
            self._wait(process, request_count)
        is_running = process.is_alive()
        if is_running:
            process.kill()
        process.join(LONGEST)
        assert request_count is not None or not is_running, f"it ran for over {LONGEST:.0f} s"
        self.kill_count += is_running
        return None if is_running else process.exitcode

    def _wait(self, process: BaseProcess, request_count: int) -> None:
        """Until a moment after so many requests, or the process's own end."""
        ends_at = time.monotonic() + LONGEST
        while process.is_alive() and len(self.servers.asked) < request_count:
            assert time.monotonic() < ends_at, f"{request_count} requests took over {LONGEST:.0f} s"
            process.join(0.002)
        process.join(self.lots.uniform(0, 0.05))

    def live(self, data_dir: Path, stage: int, request_count: int) -> Iterator[int | None]:
        """Run after run, each killed at a random moment, until one comes to its end."""
        self.servers.handlers = breaking.world(stage)
        for number in range(ROUNDS):
            is_last = number == ROUNDS - 1 or self.kill_count >= KILLS
            self.servers.troubles.share = 0.0 if is_last else 0.1
            count = None if is_last else self.lots.randint(0, request_count)
            code = self.run(data_dir, stage, count)
            assert code in {None, 0, 3}, "the collector itself broke, and said where"
            yield code
            if code == 0:
                self.ended_count += 1
                return
        raise AssertionError("the run that was left in peace is not complete")


def new_store(path: Path) -> Path:
    path.mkdir()
    (path / "winterslaap.key").write_bytes(SECRET)
    breaking.write_roster(path)
    return path


def said(data_dir: Path) -> dict[str, list[tuple[Any, ...]]]:
    with Store(data_dir / "winterslaap.duckdb", SECRET) as store:
        return last_words(store)


def spans_and_items(data_dir: Path) -> tuple[list[Span], list[tuple[Any, ...]]]:
    """What the store claims to know, and what it holds."""
    path = data_dir / "winterslaap.duckdb"
    if not path.exists():
        return [], []
    with Store(path, SECRET) as store:
        spans = store.rows("select distinct account_id, stream, start_at, end_at from span")
        return spans, store.rows(_ITEMS)  # type: ignore[return-value]


def unseen(spans: list[Span], items: list[tuple[Any, ...]], all_items: Any) -> list[Any]:
    """Items inside a claimed span that the store does not hold."""
    held = {(account, key) for account, _, _, key in items}
    return [
        (account, stream, at)
        for account, stream, at, key in all_items
        if (account, key) not in held
        and any(
            (account, stream) == (of, in_stream) and start <= at < end
            for of, in_stream, start, end in spans
        )
    ]


@pytest.mark.timeout(400)
def test_killed_50_times_among_failing_servers_the_store_is_that_of_a_quiet_run(
    tmp_path: Path,
) -> None:
    servers = Servers(troubles=Troubles())
    with serving(servers) as address:
        lives = Lives(address, servers)
        quiet, words, items, requests = new_store(tmp_path / "quiet"), [], [], []
        for stage in (0, 1):
            servers.handlers = breaking.world(stage)
            assert lives.run(quiet, stage, None) == 0
            requests.append(len(servers.asked))
            words.append(said(quiet))
            items.append(spans_and_items(quiet)[1])
        number = 0
        while lives.kill_count < KILLS:
            number += 1
            data_dir = new_store(tmp_path / f"life-{number}")
            for stage in (0, 1):
                for _ in lives.live(data_dir, stage, requests[stage]):
                    assert unseen(*spans_and_items(data_dir), items[stage]) == []
                found = said(data_dir)
                for table in words[stage].keys() - {"span"}:
                    assert found[table] == words[stage][table], (table, stage, number)
            shutil.rmtree(data_dir)
    assert lives.kill_count >= KILLS
    assert set(servers.troubles.made) == set(TROUBLES)


def test_a_shuffled_feed_loses_no_item_and_proves_no_day_that_was_not_seen(tmp_path: Path) -> None:
    servers = Servers(breaking.world(1))
    with serving(servers) as address:
        quiet = new_store(tmp_path / "quiet")
        breaking.collect(quiet, address, 1, only=["feeds"])
        _, items = spans_and_items(quiet)
        servers.troubles = Troubles(1.0, (0, 0, 0, 0, 1), shuffles_feeds=True)
        for number in range(5):
            data_dir = new_store(tmp_path / f"life-{number}")
            for _ in range(2):
                breaking.collect(data_dir, address, 1, only=["feeds"])
                spans, held = spans_and_items(data_dir)
                assert unseen(spans, held, items) == []
            window = "cas-feeds"  # of an archive, what a shuffled page hides may be left for later
            assert of(window, held) == of(window, items)


def of(account: str, items: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(item for item in items if item[0] == account)
