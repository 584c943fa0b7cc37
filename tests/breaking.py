"""A small invented world on four platforms, and a collector of it that may be killed."""

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
from tests import wordpress_server as wordpress
from tests.bluesky_world import POST, World, key_at, reply_to
from tests.comment_feeds import Talk
from tests.feed_server import Blog, Item
from tests.invented import FormText
from tests.loopback import PATIENCE, Handler
from tests.mastodon_server import Server
from tests.wordpress_server import WordPress

NOW = (datetime(2024, 11, 1, 12, tzinfo=UTC), datetime(2024, 11, 4, 12, tzinfo=UTC))
HANGS_AFTER = 60.0  # seconds for a run of one second
WINDOW_BLOG, TALKED_BLOG = "blog.voorbeeld.example", "praat.voorbeeld.example"
HOSTS = (
    "public.api.bsky.app",
    "plc.directory",
    "pds.example",
    mastodon.HOST,
    mastodon.DOMAIN,
    "an.voorbeeld.example",
    WINDOW_BLOG,
    TALKED_BLOG,
)


def world(stage: int) -> Mapping[str, Handler]:
    """The servers' handlers as the world is at NOW[stage]: the second has new and lost items."""
    bluesky, server, archive = _bluesky(stage), _mastodon(stage), _blog(stage, "archive")
    window, site = _blog(stage, "none"), _site(stage)
    answers = dict.fromkeys(HOSTS[:3], bluesky._handle)
    return {
        **answers,
        mastodon.HOST: server,
        mastodon.DOMAIN: server,
        wordpress.HOST: lambda asked: (archive if asked.url.path == "/feed.xml" else site)(asked),
        WINDOW_BLOG: window,
        TALKED_BLOG: _talk(stage),
    }


def _bluesky(stage: int) -> World:
    there = World()
    posts = [there.add(f"post {n} vandaag?", NOW[0] - timedelta(days=9 * n + 1)) for n in range(24)]
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
    ids = [server.add(12 * n + 0.5, f"toet {n}") for n in range(24)]
    for n, status in enumerate(ids):
        if n % 4 == 0:
            asked = server.add(12 * n + 0.8, f"vraag {n}?", to=status, by="ben@elders.example")
            server.add(12 * n + 0.9, "zeker", to=asked)
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


def _site(stage: int) -> WordPress:
    """More posts than one page of its listing holds, and talk below some."""
    site, last = WordPress(), (NOW[0] - wordpress.START).days
    for number in range(1, 131):
        site.write(number, 2.3 * number)
    for number in range(2, 131, 9):
        at = 2.3 * number
        site.say(10 * number, number, at + 0.5, f"Wanneer {number}?", f"Bert {number}")
        site.answer(10 * number + 1, number, at + 1, "In mei.", parent=10 * number)
    if stage:
        site.write(131, last + 1).say(9_000, 130, last + 1.2).answer(9_001, 130, last + 1.5, "Ja.")
        site.comments.pop(1_281)
    return site


def _talk(stage: int) -> Talk:
    """Items that name feeds of their comments, in several documents."""
    there, last = Talk(window=2, pages=True), (NOW[0] - feeds.START).days
    there.write(*(24.0 * n for n in range(13)))
    for number in range(1, 14, 2):
        for again in range(1 + number % 3):
            at = 24.0 * (number - 1) + 1 + again
            asked = there.say(number, at, f"Wanneer {number}?", f"Bert {again}")
            there.answer(number, at + 0.3, "In mei.", parent=asked)
    if stage:
        there.write(last + 1)
        there.say(13, last + 1.2, "En nu?")
        there.answer(3, last + 1.5, "Nu weet ik het.", parent=there.comments[3][0].number)
    return there


def write_roster(data_dir: Path) -> None:
    """One person per account."""
    folder = data_dir / "rosters" / "voorbeeldstad"
    folder.mkdir(parents=True)
    accounts = (
        ("anna", "bluesky", "anna.voorbeeldstad.example"),
        ("an", "mastodon", "an@voorbeeld.example"),
        ("bea", "feeds", feeds.FEED),
        ("cas", "feeds", f"https://{WINDOW_BLOG}/feed.xml"),
        ("dirk", "wordpress", wordpress.SITE),
        ("els", "feeds", f"https://{TALKED_BLOG}/feed.xml"),
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
