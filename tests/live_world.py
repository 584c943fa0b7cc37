"""An invented live stream on loopback, in both languages, and a store that listens to it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import libipld
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from ingest import roster
from ingest.demo import repo as writer
from ingest.http import Config, Http
from ingest.live import Heard, Kind, Listener
from ingest.live_store import Shelf
from ingest.store import Store
from tests.invented import FormText

ANNA = "did:plc:annaannaannaannaannaanna"
BERT = "did:plc:bertbertbertbertbertbert"
BEN = "did:plc:benbenbenbenbenbenbenben"
MIA = "did:plc:miamiamiamiamiamiamiamia"
POST = "app.bsky.feed.post"
START = datetime(2024, 11, 1, 12, 0, tzinfo=UTC)
NOW = START + timedelta(hours=2)
KEY = bytes(32)


def moment(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def micros(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


def key_at(minutes: float) -> str:
    return writer.tid(micros(moment(minutes)), 7)


def uri(did: str, minutes: float, collection: str = POST) -> str:
    return f"at://{did}/{collection}/{key_at(minutes)}"


def record(
    text: str, minutes: float, *, parent: str | None = None, names: Sequence[str] = (), **more: Any
) -> dict[str, Any]:
    """A post's record, with a reply's place and with mentions where given."""
    made: dict[str, Any] = {"$type": POST, "text": text}
    made["createdAt"] = moment(minutes).isoformat().replace("+00:00", "Z")
    if parent:
        made["reply"] = {"parent": {"uri": parent, "cid": "x"}, "root": {"uri": parent, "cid": "x"}}
    if names:
        made["facets"] = [
            {
                "index": {"byteStart": 0, "byteEnd": 2},
                "features": [{"$type": "app.bsky.richtext.facet#mention", "did": did}],
            }
            for did in names
        ]
    return made | more


@dataclass(frozen=True)
class Said:
    """Somebody's record at a minute; None: taken back."""

    did: str
    minutes: float
    record: dict[str, Any] | None
    key_minutes: float | None = None  # of the record, where it is an older one
    collection: str = POST

    @property
    def rkey(self) -> str:
        return key_at(self.minutes if self.key_minutes is None else self.key_minutes)

    def jetstream(self) -> bytes:
        """The same in JSON."""
        commit = {"rev": "3k", "collection": self.collection, "rkey": self.rkey}
        if self.record is None:
            commit["operation"] = "delete"
        else:
            commit |= {"operation": "create", "record": self.record, "cid": "bafy"}
        told = {"did": self.did, "time_us": micros(moment(self.minutes)), "kind": "commit"}
        return json.dumps(told | {"commit": commit}).encode()

    def firehose(self) -> bytes:
        """The same in DAG-CBOR."""
        path = f"{self.collection}/{self.rkey}"
        blocks = {} if self.record is None else {path: libipld.encode_dag_cbor(self.record)}
        repo = writer.write(self.did, blocks, writer.tid(micros(moment(self.minutes)), 1))
        link = writer.cid_of(blocks[path]) if blocks else None
        payload = {
            "seq": round(self.minutes * 10),
            "repo": self.did,
            "time": moment(self.minutes).isoformat().replace("+00:00", "Z"),
            "tooBig": False,
            "blocks": repo.car(),
            "ops": [{"action": "create" if blocks else "delete", "path": path, "cid": link}],
        }
        header = {"op": 1, "t": "#commit"}
        return bytes(libipld.encode_dag_cbor(header) + libipld.encode_dag_cbor(payload))


Line = Sequence[bytes | str]


@dataclass
class Streaming:
    """A server that sends one line of messages per connection, the last one held open."""

    lines: Sequence[Line]
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def _handle(self, connection: ServerConnection) -> None:
        number = len(self.asked)
        self.asked.append(connection.request.path if connection.request else "")
        try:
            for message in self.lines[min(number, len(self.lines) - 1)]:
                connection.send(message)
            if number >= len(self.lines) - 1:
                for _ in connection:
                    pass
        except ConnectionClosed:
            return

    @contextmanager
    def running(self) -> Iterator[Streaming]:
        with serve(self._handle, "127.0.0.1", 0, close_timeout=0.1) as server:
            host, port = server.socket.getsockname()
            self.url = f"ws://{host}:{port}"
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            yield self
            server.shutdown()
            thread.join(5)


@dataclass
class World:
    """A data folder with two collected accounts, and an AppView that knows everybody."""

    data_dir: Path
    hidden: frozenset[str] = frozenset()
    now: datetime = NOW
    notes: list[str] = field(default_factory=list)
    is_appview_down: bool = False
    shelf: Shelf = field(init=False)

    def __post_init__(self) -> None:
        folder = self.data_dir / "rosters" / "voorbeeldstad"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "people.csv").write_text(
            "person_id,name,is_invented\nanna,Anna,yes\nbert,Bert,yes\n"
        )
        (folder / "accounts.csv").write_text(
            "account_id,person_id,platform,handle\n"
            "anna-bluesky,anna,bluesky,anna.voorbeeldstad.example\n"
            "bert-bluesky,bert,bluesky,bert.voorbeeldstad.example\n"
        )
        config = Config(now=lambda: self.now, allow_private=True, backoff_seconds=0.0)
        people = roster.read(self.data_dir)
        self.shelf = Shelf(self.data_dir, people, FormText(), config, "jetstream test")

    def collected(self) -> World:
        """As after a first walk of both accounts."""
        with self.store() as store:
            at = store.next_moment(START - timedelta(days=1))
            shows = (True, True, True, False, True)
            rows = [
                (f"{name}-bluesky", "run", at, did, f"{name}.example", "pds", "active", None, None)
                for name, did in (("anna", ANNA), ("bert", BERT))
            ]
            store.insert("account_state", [(*row, *shows) for row in rows])
        return self

    def store(self) -> Store:
        from ingest.collect import KEY_FILE, STORE_FILE
        from ingest.rotation import settled_key

        path, key = self.data_dir / STORE_FILE, self.data_dir / KEY_FILE
        return Store(path, settled_key(path, key))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.store() as store:
            return store.rows(query)

    def listen(
        self,
        lines: Sequence[Line],
        kind: Kind = Kind.JETSTREAM,
        until: Callable[[Heard], bool] | None = None,
    ) -> tuple[Heard, Streaming]:
        """Hear all messages of all lines, then stop."""
        count = sum(len(line) for line in lines)
        until = until or (lambda heard: heard.message_count >= count)
        stop = threading.Event()
        transport = httpx.MockTransport(self._appview)
        with (
            Streaming(lines).running() as server,
            Http(self.shelf.config, transport=transport) as http,
        ):
            listener = Listener(self.shelf, kind, server.url, http, stop, self.notes.append)
            watch = threading.Thread(target=_stop_when, args=(listener, until, stop), daemon=True)
            watch.start()
            heard = listener.run()
            watch.join()
        return heard, server

    def _appview(self, request: httpx.Request) -> httpx.Response:
        if self.is_appview_down:
            return httpx.Response(503)
        label = [{"val": "!no-unauthenticated"}]
        profiles = [
            {"did": did, "labels": label if did in self.hidden else []}
            for did in request.url.params.get_list("actors")
        ]
        return httpx.Response(200, json={"profiles": profiles})


def _stop_when(listener: Listener, until: Callable[[Heard], bool], stop: threading.Event) -> None:
    give_up_at = time.monotonic() + 20
    while not until(listener.heard) and time.monotonic() < give_up_at:
        time.sleep(0.01)
    stop.set()
