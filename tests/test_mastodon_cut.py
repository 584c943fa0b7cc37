"""A first walk of a Mastodon account that is cut goes on where it was, and ends up the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import httpx
import pytest

from ingest.errors import SourceUnavailable
from ingest.model import Kind, Stream
from ingest.sources import mastodon
from tests.mastodon_server import AN, OPENED_AT, Server
from tests.walking import NOW, Memory

DAYS = 12
Handler = Callable[[httpx.Request], httpx.Response]


def day(number: float) -> datetime:
    return OPENED_AT + timedelta(days=number)


def lively(cap: int = 60) -> Server:
    """Threads, questions, answers and replies elsewhere, over several pages."""
    server = Server(page_size=3, cap=cap)
    other = server.add(0.1, "een vraagstuk", by="dirk")
    for number in range(DAYS):
        root = server.add(number)
        if number % 2 == 0:
            question = server.add(number + 0.2, "waarom?", to=root, by="celia")
            server.add(number + 3.3, "daarom", to=question)  # its root is on another page
        if number % 3 == 0:
            second = server.add(number + 0.4, "verder", to=root)
            server.add(number + 2.5, "en nog", to=second)
        if number % 4 == 0:
            server.add(number + 0.6, "mee eens", to=other)
    return server


def failing_after(server: Server, count: int) -> Handler:
    """The server, in trouble after so many answers."""
    left = [count]

    def answer(request: httpx.Request) -> httpx.Response:
        left[0] -= 1
        return server(request) if left[0] >= 0 else httpx.Response(500)

    return answer


def walk(server: Handler, memory: Memory | None = None, now: datetime = NOW) -> Memory:
    return (memory or Memory()).walk(mastodon, AN, server, now)


def told(memory: Memory) -> object:
    """What the store would hold at last."""
    threads = {uri: thread for uri, (thread, _) in memory.threads.items()}
    return memory.posts, memory.received, threads, memory.cursors


def listings(memory: Memory) -> list[str]:
    return [str(url) for url in memory.asked if url.path.endswith("/statuses")]


UNDISTURBED = walk(lively())


@pytest.mark.parametrize("count", range(2, len(UNDISTURBED.asked)))
def test_wherever_it_is_cut_it_ends_up_as_if_it_never_was(count: int) -> None:
    server = lively()
    found = walk(failing_after(server, count))
    assert isinstance(found.error, SourceUnavailable)
    assert not found.new_spans[Stream.RECEIVED]
    walk(server, found)
    assert found.error is None
    assert {**found.cursors, "cut": ""} == {**UNDISTURBED.cursors, "cut": ""}
    assert told(found)[:3] == told(UNDISTURBED)[:3]
    for stream in (Stream.ACTS, Stream.RECEIVED):
        assert found.new_spans[stream] == UNDISTURBED.new_spans[stream]


def test_cut_again_and_again_it_comes_to_its_end() -> None:
    server, found = lively(), Memory()
    for _ in range(60):
        walk(failing_after(server, 5), found)
        if found.error is None:
            break
    assert told(found)[:3] == told(UNDISTURBED)[:3]
    assert not found.cursors["cut"]


def test_what_is_stored_is_not_listed_again() -> None:
    server = lively()
    first = walk(failing_after(server, 7))
    listed = listings(first)[:-2]  # the last one failed twice
    assert len(listed) > 2
    walk(server, first)
    assert set(listings(first)) & set(listed) == {
        listed[0]
    }  # what is new, until something stored is met


def test_cut_in_the_contexts_nothing_old_is_listed_again_and_no_context_asked_twice() -> None:
    server = lively()
    whole = len(UNDISTURBED.asked)
    first = walk(failing_after(server, whole - 3))
    asked = {url for url in first.asked[:-2] if url.path.endswith("/context")}
    walk(server, first)
    assert len(listings(first)) == 1
    assert not asked.intersection(first.asked)


def test_a_walk_that_was_cut_proves_nothing_until_it_is_whole() -> None:
    found = walk(failing_after(lively(), 5))
    assert found.posts
    assert not found.spans


def test_replies_under_young_items_are_found_also_where_they_were_listed_before_the_cut() -> None:
    server = lively()
    found = walk(failing_after(server, 8), now=day(16))
    young = next(i for i, s in server.statuses.items() if s["created_at"] == day(9).isoformat())
    server.add(16.5, "en dit dan?", to=young, by="emma")
    walk(server, found, day(17))
    whole = walk(server, now=day(17))
    assert found.received == whole.received
    assert found.posts == whole.posts


def test_what_came_since_the_cut_is_listed_first() -> None:
    server = lively()
    found = walk(failing_after(server, 8), now=day(100))
    new = [server.add(200 + number) for number in range(8)]
    walk(server, found, day(300))
    assert {server.url(one) for one in new} <= set(found.posts)
    assert found.posts == walk(server, now=day(300)).posts


def test_a_thread_that_anonymous_visitors_see_cut_is_put_right_by_listing_again() -> None:
    server = Server(page_size=5, cap=20)
    last = root = server.add(0, "een lang verhaal")
    for number in range(40):
        last = server.add(1 + number / 100, "vervolg", to=last)
    found = walk(failing_after(server, 6))
    walk(server, found)
    parts = [post for post in found.posts.values() if post.kind is Kind.SELF_REPLY]
    assert {post.root_uri for post in parts} == {server.url(root)}
    assert found.posts == walk(server).posts


def test_the_mark_of_another_account_is_not_followed() -> None:
    server = lively()
    found = walk(failing_after(server, 8))
    found.cursors["cut"] = found.cursors["cut"].replace(server.owner["id"], "999")
    walk(server, found)
    assert len(listings(found)) == len(listings(UNDISTURBED))
    for damaged in ("", "{", '{"account_id":1}', "null"):
        found.cursors["cut"] = damaged
        assert walk(server, found).error is None


def test_what_since_left_out_is_listed_from_there_on() -> None:
    server = lively()
    memory = Memory().walk(mastodon, AN, server, NOW, since=date(2024, 1, 10))
    walk(server, memory)
    assert memory.posts == UNDISTURBED.posts
    assert memory.new_spans[Stream.ACTS] == UNDISTURBED.new_spans[Stream.ACTS]
    assert len(listings(memory)) < len(listings(UNDISTURBED))


def test_a_small_account_leaves_no_mark() -> None:
    server = Server(page_size=40)
    server.add(1)
    assert "cut" not in walk(server).cursors
