"""Appending to the store: pages of items become rows without a citizen in them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figure import Figure
from ingest.model import Account, Batch, Kind, Post, Received
from ingest.rows import TextStep
from ingest.store import Store
from ingest.walk import Walk
from metrics import text
from metrics.text import Features

ITEMS, PER_PAGE, ONE_BY_ONE = 40_000, 1_000, 400
AIM = 20_000
START = datetime(2024, 1, 1, tzinfo=UTC)
WORDS = ("de", "raad", "keurt", "een", "plan", "voor", "het", "plein", "goed", "en", "wij", "gaan")


class Unread:
    """Reads no text: what is left is the store's own work."""

    def read(
        self, texts: Sequence[str], *, langs: Sequence[str | None], direction: str
    ) -> list[Features]:
        """Empty features for each text."""
        del langs, direction
        return [Features()] * len(texts)

    def similarity_text(self, text: str) -> str:
        """The text itself."""
        return text


def figures() -> list[Figure]:
    """Rows a second through the collector's only door, without and with reading the texts."""
    with TemporaryDirectory() as folder:
        bare = _append(Path(folder) / "bare.duckdb", Unread(), ITEMS)
        read = _append(Path(folder) / "read.duckdb", text, ITEMS // 4)
        singly = _one_by_one(Path(folder) / "bare.duckdb")
    return [
        Figure(
            f"append {ITEMS:,} posts and replies, hashed, names hidden",
            bare,
            "rows/s",
            f"≥ {AIM:,} rows/s",
            bare >= AIM,
            "DuckDB's executemany of such rows, ready made",
            singly,
            bare / singly,
        ),
        Figure("the same with every text read", read, "rows/s", "—", is_reached=True),
    ]


def _append(path: Path, text_step: TextStep, count: int) -> float:
    account = Account("an-bluesky", "an", "bluesky", "an.example")
    with Store(path, bytes(32)) as store:
        walk = Walk(store, account, "run", text_step, now=lambda: START, language="nl")
        pages = [_page(first) for first in range(0, count // 2, PER_PAGE // 2)]
        began = time.perf_counter()
        for page in pages:
            walk.append(page)
        return count / (time.perf_counter() - began)


def _page(first: int) -> Batch:
    numbers = range(first, first + PER_PAGE // 2)
    return Batch(
        posts=tuple(_reply(number) for number in numbers),
        received=tuple(_question(number) for number in numbers),
    )


def _reply(number: int) -> Post:
    return Post(
        uri=f"at://did:plc:an/app.bsky.feed.post/{number}",
        created_at=START + timedelta(minutes=number),
        kind=Kind.REPLY,
        text=f"@burger{number % 500}.example {_words(number)}",
        parent_uri=f"at://did:plc:burger{number % 500}/app.bsky.feed.post/{number}",
        root_uri=f"at://did:plc:an/app.bsky.feed.post/{number // 9}",
        partner=f"did:plc:burger{number % 500}",
    )


def _question(number: int) -> Received:
    return Received(
        uri=f"at://did:plc:burger{number % 500}/app.bsky.feed.post/{number}",
        created_at=START + timedelta(minutes=number),
        author=f"did:plc:burger{number % 500}",
        text=f"Wanneer {_words(number)}?",
        parent_uri=f"at://did:plc:an/app.bsky.feed.post/{number // 9}",
        root_uri=f"at://did:plc:an/app.bsky.feed.post/{number // 9}",
    )


def _words(number: int) -> str:
    return " ".join(WORDS[(number * step) % len(WORDS)] for step in range(3, 21)) + f" {number}"


def _one_by_one(path: Path) -> float:
    """Finished rows of the store, written as the Python database interface does it."""
    with Store(path, bytes(32)) as store:
        rows = store.rows(f"select * from post limit {ONE_BY_ONE}")  # noqa: S608
        marks = ", ".join("?" * len(rows[0]))
        began = time.perf_counter()
        with store.transaction() as con:
            con.executemany(f"insert into post values ({marks})", rows)  # noqa: S608
        return len(rows) / (time.perf_counter() - began)
