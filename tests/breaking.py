"""A small invented world on three platforms, and a collector of it that may be killed."""

from __future__ import annotations

import faulthandler
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest import roster, walk
from ingest.collect import run
from ingest.http import Config
from tests import feed_server as feeds
from tests import mastodon_server as mastodon
from tests.bluesky_world import POST, World, key_at, reply_to
from tests.feed_server import Blog, Item
from tests.invented import FormText
from tests.loopback import PATIENCE, Handler
from tests.mastodon_server import Server

NOW = (datetime(2024, 11, 1, 12, tzinfo=UTC), datetime(2024, 11, 4, 12, tzinfo=UTC))
HANGS_AFTER = 60.0  # seconds for a run of one second
WINDOW_BLOG = "blog.voorbeeld.example"
HOSTS = (
    "public.api.bsky.app",
    "plc.directory",
    "pds.example",
    mastodon.HOST,
    mastodon.DOMAIN,
    "an.voorbeeld.example",
    WINDOW_BLOG,
)


def world(stage: int) -> Mapping[str, Handler]:
    """The servers' handlers as the world is at NOW[stage]: the second has new and lost items."""
    bluesky, server, archive = _bluesky(stage), _mastodon(stage), _blog(stage, "archive")
    window = _blog(stage, "none")

    answers = dict.fromkeys(HOSTS[:3], bluesky._handle)
    return {
        **answers,
        mastodon.HOST: server,
        mastodon.DOMAIN: server,
        "an.voorbeeld.example": archive,
        WINDOW_BLOG: window,
    }


def _bluesky(stage: int) -> World:
    there = World()
    posts = [there.add(f"post {n} vandaag?", NOW[0] - timedelta(days=9 * n + 1)) for n in range(40)]
    for n, post in enumerate(posts):
        for m in range(n % 3):
            at = NOW[0] - timedelta(days=9 * n + 1) + timedelta(hours=m + 1)
            asked = there.answer(f"wanneer {n} {m}?", at, post)
            if m:
                there.add("straks", at + timedelta(hours=1), reply=reply_to(asked, post))
    there.commit()
    if stage:
        there.add("nieuw", NOW[0] + timedelta(days=1))
        there.answer("en nu?", NOW[0] + timedelta(days=1), posts[2])
        del there.records[f"{POST}/{key_at(NOW[0] - timedelta(days=9 * 3 + 1))}"]
        there.commit()
    return there


def _mastodon(stage: int) -> Server:
    server = Server()
    ids = [server.add(7 * n + 0.5, f"toet {n}") for n in range(40)]
    for n, status in enumerate(ids):
        if n % 4 == 0:
            asked = server.add(7 * n + 0.8, f"vraag {n}?", to=status, by="ben@elders.example")
            server.add(7 * n + 0.9, "zeker", to=asked)
    if stage:
        later = (NOW[0] - mastodon.OPENED_AT).days + 1.0
        server.add(later, "nieuw")
        server.add(later, "nog een vraag?", to=ids[-1], by="cas@elders.example")
        del server.statuses[ids[-3]]
    return server


def _blog(stage: int, paging: str) -> Blog:
    blog = Blog(paging=paging, window=6)
    blog.items = [Item(f"{feeds.SITE}/{paging}/{n}", feeds.day(10 * n)) for n in range(29, -1, -1)]
    if stage:
        at = NOW[0] + timedelta(days=1)
        blog.items.insert(0, Item(f"{feeds.SITE}/{paging}/nieuw", at))
    return blog


def write_roster(data_dir: Path) -> None:
    """One person per account."""
    folder = data_dir / "rosters" / "voorbeeldstad"
    folder.mkdir(parents=True)
    accounts = (
        ("anna", "bluesky", "anna.voorbeeldstad.example"),
        ("an", "mastodon", "an@voorbeeld.example"),
        ("bea", "feeds", feeds.FEED),
        ("cas", "feeds", f"https://{WINDOW_BLOG}/feed.xml"),
    )
    (folder / "people.csv").write_text(
        "person_id,name,is_invented\n" + "".join(f"{name},{name},yes\n" for name, *_ in accounts)
    )
    (folder / "accounts.csv").write_text(
        "account_id,person_id,platform,handle\n"
        + "".join(f"{n}-{p},{n},{p},{handle}\n" for n, p, handle in accounts)
    )


def config_of(address: str, stage: int, timeout_seconds: float = PATIENCE) -> Config:
    """How the world at this address is collected."""
    return Config(
        allow_private=True,
        host_map=dict.fromkeys(HOSTS, address),
        now=lambda: NOW[stage],
        timeout_seconds=timeout_seconds,
        backoff_seconds=0.005,
    )


def collect(
    data_dir: Path,
    address: str,
    stage: int,
    only: Sequence[str] = (),
    timeout_seconds: float = PATIENCE,
) -> str:
    """Collect once; the run's status."""
    config = config_of(address, stage, timeout_seconds)
    people = roster.read(data_dir)
    return run(data_dir, people, config, text_step=FormText(), only=only).status


def collect_and_exit(data_dir: Path, address: str, stage: int, timeout_seconds: float) -> None:
    """A process of its own: exit code 0 when the run was complete, 3 when it was not.

    One that hangs tells where, and ends with 1.
    """
    faulthandler.dump_traceback_later(HANGS_AFTER, exit=True)
    walk.MOST_ITEMS = 3  # nearly every page is a transaction
    status = collect(data_dir, address, stage, timeout_seconds=timeout_seconds)
    sys.exit(0 if status == "complete" else 3)
