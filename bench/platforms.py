"""Requests and seconds for one account on each platform, first and repeated, no network.

Ours walks the source as `collect` does; the servers are those of the tests, in this
process, so that the seconds are the client's own work and the server's alike for both.
Mastodon.py is given `since_id` when it comes again: the least that its user can ask.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from bench import peers
from bench.figure import Figure
from ingest.model import Account
from ingest.sources import feeds, mastodon, wordpress
from tests import feed_server, mastodon_server, wordpress_server
from tests.walking import Handler, Memory

ITEMS, PAGE, WINDOW = 1_000, 40, 10


@dataclass(frozen=True, slots=True)
class _Cost:
    requests: int
    seconds: float


def platform_figures() -> list[Figure]:
    """A Mastodon account next to Mastodon.py, a blog's feed and a WordPress site."""
    server = mastodon_server.Server(page_size=PAGE)
    for number in range(ITEMS):
        server.add(number / 5, f"bericht {number}")
    blog = feed_server.Blog(paging="archive", window=WINDOW, has_etag=True)
    blog.items = [
        feed_server.Item(f"{feed_server.SITE}/{n}", feed_server.day(n)) for n in range(200, 0, -1)
    ]
    site = wordpress_server.WordPress()
    for number in range(1, 301):
        site.write(number, number / 2).say(1_000 + number, number, number / 2 + 0.1)
    theirs = _mastodon_py(server)
    return [
        *_rows(f"Mastodon, {ITEMS:,} posts", mastodon, mastodon_server.AN, server, 29, theirs),
        *_rows("a blog's feed, 200 posts in archives", feeds, feed_server.AN, blog, 22),
        *_rows(
            "WordPress, 300 posts and comments", wordpress, wordpress_server.AN, site, 15, most=3
        ),
    ]


def _rows(
    what: str,
    source: ModuleType,
    account: Account,
    handler: Handler,
    most_first: int,
    theirs: tuple[_Cost, _Cost] | None = None,
    most: int = 1,
) -> list[Figure]:
    """Requests and seconds of the first walk and of one when nothing changed."""
    memory = Memory()
    costs = [_walked(memory, source, account, handler) for _ in range(2)]
    rows = []
    for number, (time_of, limit) in enumerate((("first", most_first), ("again", most))):
        ours = costs[number]
        peer = theirs[number] if theirs else None
        rows.append(_row(f"{what}, {time_of}", ours.requests, "requests", f"≤ {limit}", limit))
        rows.append(_row(f"{what}, {time_of}", ours.seconds, "s", "≤ 5", 5.0))
        if peer:
            named = zip(rows[-2:], (peer.requests, peer.seconds), strict=True)
            rows[-2:] = [_beside(row, float(value)) for row, value in named]
    return rows


def _row(what: str, value: float, unit: str, aim: str, limit: float) -> Figure:
    return Figure(what, value, unit, aim, value <= limit)


def _beside(row: Figure, value: float) -> Figure:
    return Figure(
        *(row.what, row.value, row.unit, row.aim, row.is_reached),
        *("Mastodon.py", value, value / row.value),
    )


def _walked(memory: Memory, source: ModuleType, account: Account, handler: Handler) -> _Cost:
    began = time.perf_counter()
    memory.walk(source, account, handler)
    taken = time.perf_counter() - began
    if memory.error:
        raise memory.error
    return _Cost(len(memory.asked), taken)


def _mastodon_py(server: Handler) -> tuple[_Cost, _Cost]:
    """From the handle to all statuses; then only what is newer."""
    asked: list[str] = []
    client = peers.mastodon_client(f"https://{mastodon_server.HOST}", server, asked)
    last: list[str] = []

    def first() -> int:
        person = client.account_lookup("an")
        page = client.account_statuses(person.id, limit=PAGE)
        found = client.fetch_remaining(page)
        last.append(str(found[0].id))
        return len(found)

    def again() -> int:
        person = client.account_lookup("an")
        client.account_statuses(person.id, limit=PAGE, since_id=last[0])
        return ITEMS

    return _timed(first, asked), _timed(again, asked)


def _timed(way: Callable[[], int], asked: list[str]) -> _Cost:
    asked.clear()
    began = time.perf_counter()
    count = way()
    taken = time.perf_counter() - began
    if count != ITEMS:
        raise RuntimeError(f"{count} of {ITEMS} statuses came")
    return _Cost(len(asked), taken)
