"""Requests and seconds per account, first and repeated, against the usual ways, in one run.

Bluesky's servers are those of the tests' network, on loopback; where this machine cannot
run them, the figure says what is missing. The other platforms: `bench.platforms`. minet
takes part where WINTERSLAAP_MINET names a Python that has it (`bench/minet_posts.py`).
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from bench.figure import Figure, seconds
from bench.platforms import platform_figures
from ingest.guard import GuardedTransport
from ingest.http import Config, Http
from ingest.model import Account, Batch, Known, KnownPost, Post, Span, Stream
from ingest.sources import bluesky
from tests.network.bluesky_network import POST, running
from tests.network.servers import NetworkMissing

if TYPE_CHECKING:
    from tests.network.bluesky_network import Network

POSTS, PAGE = 5_000, 100
OPENED = datetime(2023, 6, 1, tzinfo=UTC)
TEXT = "de raad keurt het plan voor het plein goed en wij gaan nu aan het werk met de straat"
MOST_REQUESTS, ROUNDS = 2, 2


@dataclass(frozen=True, slots=True)
class _Account:
    """A seeded account and where it lies."""

    network: Network
    did: str
    handle: str


def figures() -> list[Figure]:
    """Bluesky next to its author feed, the SDK and minet; then the other platforms."""
    try:
        with running() as network:
            account = _seeded(network)
            found = [*_side_by_side(account), _minet(account)]
    except NetworkMissing as missing:
        found = [Figure(f"collect: {missing}", float("nan"), "", "runs", is_reached=False)]
    return [*found, *platform_figures()]


def _seeded(network: Network) -> _Account:
    person = network.join("veelprater", OPENED)
    posts = (
        (OPENED + timedelta(hours=2 * i), {"text": f"Bericht {i}: {TEXT}", "langs": ["nl"]})
        for i in range(POSTS)
    )
    network.write_all(person, POST, posts)
    return _Account(network, person.did, person.handle)


def _side_by_side(account: _Account) -> list[Figure]:
    posts, spans = _walked(account)
    if len(posts) != POSTS or len(spans) != 1:
        raise RuntimeError(f"{len(posts)} of {POSTS} posts came")
    first, known = _cost(account, Known())
    again, _ = _cost(account, known)
    ways = {
        "ours": _walked,
        "getAuthorFeed, httpx": _paged,
        "getAuthorFeed, atproto SDK": _sdk_paged,
        "getRepo, atproto SDK": _sdk_repo,
        "the bare download": _downloaded,
    }
    taken = {name: float("inf") for name in ways}
    for _ in range(ROUNDS):  # in turns and the best of each: other work on the machine passes
        for name, way in ways.items():
            taken[name] = min(taken[name], seconds(lambda way=way: way(account)))
    ours = taken.pop("ours")
    what, aims = f"seconds for the acts of {POSTS:,} posts, from the handle on", (10, 10, 1, 0.5)
    pages = POSTS // PAGE
    return [
        Figure(
            f"requests for the acts of {POSTS:,} posts of one account",
            first,
            "requests",
            f"≤ {MOST_REQUESTS}",
            first <= MOST_REQUESTS,
            "getAuthorFeed",
            pages,
            pages / first,
        ),
        Figure(
            *("the same when nothing changed", again, "requests", "≤ 1", again <= 1),
            *("getAuthorFeed", 1, 1 / again),
        ),
        *_all_requests(account, known),
        *(
            Figure(
                what,
                ours,
                "s",
                f"≥ {aim}× faster",
                theirs / ours >= aim,
                *(name, theirs, theirs / ours),
            )
            for (name, theirs), aim in zip(taken.items(), aims, strict=True)
        ),
    ]


def _all_requests(account: _Account, known: Known) -> list[Figure]:
    """With handle, profile and the server's address; again, 25 accounts share a profile's."""
    aims = (("first", Known(), 5), ("again, alone", known, 2))
    rows = []
    for name, before, most in aims:
        asked: list[str] = []
        began = time.perf_counter()
        with Http(_config(account), transport=_Noting(asked)) as http:
            list(_batches(account, before, http))
        taken, count = time.perf_counter() - began, len(asked)
        what = f"Bluesky, {POSTS:,} posts, the acts, {name}"
        rows.append(Figure(what, count, "requests", f"≤ {most}", count <= most))
        rows.append(Figure(what, taken, "s", "≤ 5", taken <= 5))
    return rows


def _minet(account: _Account) -> Figure:
    """The whole feed by minet, which keeps nothing between two runs."""
    python, what = os.environ.get("WINTERSLAAP_MINET"), f"seconds for the acts of {POSTS:,} posts"
    if not python:
        return Figure("minet: not installed, skipped", float("nan"), "", "named", is_reached=True)
    script = Path(__file__).with_name("minet_posts.py")
    named = (account.network.pds_url, account.handle, f"geheim-{account.handle.partition('.')[0]}")
    answer = subprocess.run(  # noqa: S603 the command is this file's neighbour
        [python, str(script), *named], capture_output=True, text=True, check=False
    )
    if answer.returncode:
        why = (answer.stderr.strip().splitlines() or ["no word"])[-1]
        return Figure(f"minet failed: {why[:100]}", float("nan"), "", "runs", is_reached=False)
    theirs = json.loads(answer.stdout)
    if theirs["posts"] != POSTS:
        raise RuntimeError(f"minet gave {theirs['posts']} of {POSTS} posts")
    ours = seconds(lambda: _walked(account))
    ratio, peer = theirs["seconds"] / ours, f"minet, {theirs['requests']} requests"
    return Figure(what, ours, "s", "≥ 10× faster", ratio >= 10, peer, theirs["seconds"], ratio)


def _batches(account: _Account, known: Known, http: Http) -> Iterator[Batch]:
    """What the walk gives up to the proof of the acts."""
    watched = Account("veelprater", "veelprater", "bluesky", account.handle)
    for batch in bluesky.walk(watched, known, http, http.config):
        yield batch
        if any(span.stream is Stream.ACTS for span in batch.spans):
            return


def _config(account: _Account) -> Config:
    network = account.network
    return Config(appview_url=network.appview_url, plc_url=network.plc_url, allow_private=True)


def _walked(account: _Account) -> tuple[list[Post], list[Span]]:
    """All posts, their span: from the handle on, as a first run does it."""
    with Http(_config(account)) as http:
        batches = list(_batches(account, Known(), http))
    return [p for b in batches for p in b.posts], [s for b in batches for s in b.spans]


def _cost(account: _Account, known: Known) -> tuple[int, Known]:
    """Requests to the person's own server, and what is known afterwards."""
    asked: list[str] = []
    transport = _Noting(asked)
    with Http(_config(account), transport=transport) as http:
        batches = list(_batches(account, known, http))
    posts = {
        post.uri: KnownPost(post.created_at, None, post.is_pinned, False, post.is_deleted)
        for batch in batches
        for post in batch.posts
    }
    spans = tuple(span for batch in batches for span in batch.spans)
    cursors = {name: value for batch in batches for name, value in batch.cursors.items()}
    count = sum("com.atproto.sync." in path or "com.atproto.repo." in path for path in asked)
    return count, Known(posts=posts, cursors=cursors, spans=spans, created_at=OPENED)


class _Noting(GuardedTransport):
    """The collector's own transport, with the paths it was asked for."""

    def __init__(self, asked: list[str]) -> None:
        super().__init__(is_private_allowed=True)
        self._asked = asked

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass it on."""
        self._asked.append(request.url.path)
        return super().handle_request(request)


def _paged(account: _Account) -> int:
    """The author feed to its end, as most scripts do it; the number of its requests."""
    params, count, items = {"actor": account.did, "limit": str(PAGE)}, 0, []
    url = f"{account.network.appview_url}/xrpc/app.bsky.feed.getAuthorFeed"
    with httpx.Client(timeout=60) as client:
        while True:
            answer = client.get(url, params=params).raise_for_status().json()
            count += 1
            items += answer["feed"]
            if not answer.get("cursor"):
                break
            params["cursor"] = answer["cursor"]
    if len(items) != POSTS:
        raise RuntimeError(f"the author feed gave {len(items)} of {POSTS} posts")
    return count


def _sdk_paged(account: _Account) -> None:
    from atproto import Client

    client, cursor, items = Client(f"{account.network.appview_url}/xrpc"), None, []
    while True:
        answer = client.app.bsky.feed.get_author_feed(
            {"actor": account.did, "limit": PAGE, "cursor": cursor}
        )
        items += answer.feed
        cursor = answer.cursor
        if not cursor:
            break
    if len(items) != POSTS:
        raise RuntimeError(f"the SDK's author feed gave {len(items)} of {POSTS} posts")


def _sdk_repo(account: _Account) -> None:
    """The same way by the SDK: handle, profile, server, file, its records as models."""
    from atproto import CAR, Client, IdResolver, models

    appview = Client(f"{account.network.appview_url}/xrpc")
    did = appview.com.atproto.identity.resolve_handle({"handle": account.handle}).did
    appview.app.bsky.actor.get_profile({"actor": did})
    document = IdResolver(plc_url=account.network.plc_url).did.ensure_resolve(did)
    client = Client(f"{document.get_pds_endpoint()}/xrpc")
    car = CAR.from_bytes(client.com.atproto.sync.get_repo({"did": account.did}))
    posts = [
        models.get_or_create(block, strict=False)
        for block in car.blocks.values()
        if block.get("$type") == POST
    ]
    if len(posts) != POSTS:
        raise RuntimeError(f"the SDK's repository gave {len(posts)} of {POSTS} posts")


def _downloaded(account: _Account) -> None:
    """The file and nothing else: what the server and the wire take."""
    url = f"{account.network.pds_url}/xrpc/com.atproto.sync.getRepo"
    httpx.get(url, params={"did": account.did}, timeout=60).raise_for_status()
