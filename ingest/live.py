"""Listens: replies to and mentions of the roster's accounts, from the moment it begins.

A walk finds replies under a person's own posts; who names the person elsewhere only a
live stream shows. Two kinds are understood: Jetstream's JSON and the CBOR frames of
`com.atproto.sync.subscribeRepos`. Mentions are proven from the first message of an
unbroken stream to its last: a message that cannot be read, a cursor that is too old or
a stream that left something out begin a new stretch.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import httpx
from websockets.sync.client import ClientConnection

from ingest.errors import SourceError, StoreError
from ingest.http import Http
from ingest.live_authors import Authors
from ingest.live_events import (
    Garbage,
    Reader,
    Refusal,
    Watched,
    read_firehose,
    read_jetstream,
)
from ingest.live_items import Found, sort_in
from ingest.live_socket import Broken, Patience, connected
from ingest.live_store import Shelf
from ingest.live_track import Track
from ingest.model import Account

JETSTREAM = "wss://jetstream2.us-east.bsky.network"
MOST_WAITING = 5_000  # items in memory; then nothing more is read until they are stored
_SOON, _SELDOM, _PROVE_EVERY = 5.0, 60.0, 3_600.0  # seconds


class Kind(StrEnum):
    """Which language a stream speaks."""

    JETSTREAM = "jetstream"
    FIREHOSE = "firehose"


@dataclass(frozen=True, slots=True)
class _Speech:
    """What is particular to one kind of stream."""

    path: str
    read: Reader
    overlap: int  # asked for again after a break: messages may have come in another order
    max_bytes: int


_SPEECH = {
    Kind.JETSTREAM: _Speech(
        "/subscribe?wantedCollections=app.bsky.feed.post&maxMessageSizeBytes=1000000",
        read_jetstream,
        5_000_000,
        1_048_576,
    ),
    Kind.FIREHOSE: _Speech(
        "/xrpc/com.atproto.sync.subscribeRepos", read_firehose, 100, 6 * 1_048_576
    ),
}


@dataclass(slots=True)
class Heard:
    """What came so far."""

    message_count: int = 0
    post_count: int = 0
    received_count: int = 0
    left_out_count: int = 0  # their authors ask not to be shown, or are not there
    garbage_count: int = 0
    hole_count: int = 0
    connection_count: int = 0


@dataclass(slots=True)
class Listener:
    """One session at one stream."""

    shelf: Shelf
    kind: Kind
    url: str
    http: Http
    stop: threading.Event
    on_note: Callable[[str], None] = lambda _: None
    heard: Heard = field(default_factory=Heard)
    _accounts: dict[str, Account] = field(default_factory=dict)  # by DID
    _found: dict[str, Found] = field(default_factory=dict)  # by account id, not stored yet
    _stored_at: float = 0.0
    _proven_at: float = 0.0
    _is_waiting: bool = False  # for the store

    def run(self) -> Heard:
        """Listen until there is a stop; what came is stored then."""
        self._accounts = self.shelf.accounts()
        ids = tuple(account.account_id for account in self._accounts.values())
        track = Track(ids, is_clocked=self.kind is Kind.JETSTREAM)
        place = self.shelf.place()
        if place is not None:
            track.resume(place)
        authors, patience = Authors(self.http, self._accounts.keys()), Patience(self.stop)
        self._stored_at = self._proven_at = time.monotonic()
        try:
            while not self.stop.is_set():
                wait = self._connection(track, authors, patience)
                if not self.stop.is_set():
                    patience.take(wait)
        finally:
            self._store(track, authors, is_last=True)
            self.heard.hole_count = track.hole_count
        return self.heard

    def _connection(self, track: Track, authors: Authors, patience: Patience) -> float:
        """One connection to its end; the seconds that the server asked to wait."""
        speech, config = _SPEECH[self.kind], self.shelf.config
        watched = Watched(self._accounts.keys())
        try:
            with connected(self._address(track), config, speech.max_bytes) as line:
                self.heard.connection_count += 1
                track.reconnect()
                while not self.stop.is_set():
                    if self._hear(line, watched, track):
                        patience.reset()
                    self._store_if_due(track, authors)
        except Broken as broken:
            if broken.is_too_large:
                track.skip()
            if not self.stop.is_set():
                self.on_note(f"{broken} → connecting again")
            return broken.wait
        except Refusal as refusal:
            if str(refusal) == "FutureCursor":
                track.skip()
            self.on_note(f"the stream ended: {refusal} → connecting again")
        return 0.0

    def _address(self, track: Track) -> str:
        """Where to connect, a little before the last message: some may have come out of order."""
        speech = _SPEECH[self.kind]
        address = httpx.URL(self.url.rstrip("/") + speech.path)
        if track.cursor is not None:
            cursor = max(0, track.cursor - speech.overlap)
            address = address.copy_merge_params({"cursor": str(cursor)})
        return str(address)

    def _hear(self, line: ClientConnection, watched: Watched, track: Track) -> bool:
        """Take one message, if there is one within a second."""
        try:
            message = line.recv(timeout=1.0, decode=False)
        except TimeoutError:
            return False
        self.heard.message_count += 1
        now = self.shelf.config.now()
        try:
            event = _SPEECH[self.kind].read(message, watched)
        except Garbage:
            self.heard.garbage_count += 1
            track.hole()
            return True
        if event is not None:
            track.take(event, now)
            ids = {did: account.account_id for did, account in self._accounts.items()}
            sort_in(event, ids, self._found, now)
        return True

    def _store_if_due(self, track: Track, authors: Authors) -> None:
        waited = time.monotonic() - self._stored_at
        if waited >= (_SOON if self._found else _SELDOM) or self._is_full():
            self._store(track, authors)
            while self._is_full() and not self.stop.wait(1.0):  # the server has to wait too
                self._store(track, authors)
            self._stored_at = time.monotonic()  # afterwards: a slow store may not have it all

    def _is_full(self) -> bool:
        return sum(map(len, self._found.values())) >= MOST_WAITING

    def _store(self, track: Track, authors: Authors, *, is_last: bool = False) -> None:
        """Put what came into the store; if that cannot be, it stays and is put there later."""
        now = time.monotonic()
        is_proving = is_last or now - self._proven_at >= _PROVE_EVERY
        stretches = track.stretches() if is_proving else track.ended
        try:
            found = self._shown(authors)
            added = self.shelf.put(found, self._accounts.values(), stretches, track.place())
        except (SourceError, StoreError) as error:
            if is_last or not self._is_waiting:
                later = "it is heard again next time" if is_last else "it is tried again"
                self.on_note(f"not stored yet, {later}: {error}")
            self._is_waiting = True
            return
        self._is_waiting = False
        self._found.clear()
        self.heard.post_count += added.post_count
        self.heard.received_count += added.received_count
        track.forget_ended()
        if is_proving:
            self._proven_at = now
            authors.forget()

    def _shown(self, authors: Authors) -> dict[str, Found]:
        """What came, without the items of those who ask not to be shown."""
        everybody = {
            item.author for found in self._found.values() for item in found.received.values()
        }
        shown = authors.shown(everybody)
        for found in self._found.values():
            hidden = [uri for uri, item in found.received.items() if item.author not in shown]
            self.heard.left_out_count += len(hidden)
            for uri in hidden:
                del found.received[uri]
        return {name: found for name, found in self._found.items() if len(found)}
