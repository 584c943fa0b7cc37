"""A small invented Bluesky in memory: AppView, PLC directory and one PDS behind httpx.

It answers what the real servers answered in the recorded samples, no more. Its
repositories are written by the demo's writer, which a test holds against a real
server's file.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import libipld

from ingest.demo import repo as writer
from ingest.http import Config, Http
from ingest.model import Account, Batch, Known, KnownPost, Span
from ingest.pacing import Pacing
from ingest.sources import bluesky

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2024, 11, 1, 12, 0, tzinfo=UTC)
ANNA = "did:plc:annaannaannaannaannaanna"
BEN = "did:plc:benbenbenbenbenbenbenben"
POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
GATE = "app.bsky.feed.threadgate"
ACCOUNT = Account("anna-bluesky", "anna", "bluesky", "anna.voorbeeldstad.example")


def key_at(moment: datetime, clock: int = 7) -> str:
    """A record key made at a moment."""
    return writer.tid(
        round((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1e6), clock
    )


def stamp(moment: datetime) -> str:
    """A moment as clients write it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def reply_to(parent: str, root: str | None = None) -> dict[str, Any]:
    """The `reply` of a record."""
    return {
        "parent": {"uri": parent, "cid": "bafyreiparent"},
        "root": {"uri": root or parent, "cid": "bafyreiroot"},
    }


@dataclass
class World:
    """One watched person, everybody's replies, and the servers' moods."""

    did: str = ANNA
    handle: str = ACCOUNT.handle
    records: dict[str, Any] = field(default_factory=dict)
    profile: dict[str, Any] = field(default_factory=dict)
    replies: dict[str, dict[str, Any]] = field(default_factory=dict)  # by uri: views
    opened_at: datetime | None = datetime(2023, 5, 1, tzinfo=UTC)
    home: str = "https://pds.example"
    depth_limit: int = 1000
    understands_since: bool = True
    moods: dict[str, Callable[[httpx.Request], httpx.Response | None]] = field(default_factory=dict)
    hidden_by_block: set[str] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)
    asked: list[httpx.URL] = field(default_factory=list)
    _revs: list[writer.Repo] = field(default_factory=list)

    def add(self, text: str, at: datetime, **more: Any) -> str:
        """A post of the person; its address."""
        rkey = more.pop("rkey", None) or key_at(at)
        created = more.pop("created", stamp(at))
        record = {"$type": POST, "text": text, "createdAt": created, **more}
        self.records[f"{POST}/{rkey}"] = {k: v for k, v in record.items() if v is not ...}
        return f"at://{self.did}/{POST}/{rkey}"

    def answer(self, text: str, at: datetime, parent: str, **more: Any) -> str:
        """A reply by somebody else; its address."""
        did = more.pop("did", BEN)
        author = more.pop("author", {"did": did, "handle": "ben.example", "labels": []})
        uri = f"at://{did}/{POST}/{key_at(at, 9 + len(self.replies))}"
        record = {
            "$type": POST,
            "text": text,
            "createdAt": stamp(at),
            "reply": reply_to(parent, more.pop("root", None)),
        }
        view = {"uri": uri, "cid": "bafyreiview", "author": author, "record": record}
        self.replies[uri] = {**view, "indexedAt": stamp(at), **more}
        return uri

    def commit(self) -> writer.Repo:
        """The repository as it is now; a new revision if it changed."""
        blocks = {key: libipld.encode_dag_cbor(value) for key, value in self.records.items()}
        rev = writer.tid(1_700_000_000_000_000 + len(self._revs) * 1_000_000, 1)
        repo = writer.write(self.did, blocks, rev)
        if not self._revs or set(repo.blocks) - {repo.root} != set(self._revs[-1].blocks) - {
            self._revs[-1].root
        }:
            self._revs.append(repo)
        return self._revs[-1]

    def client(self, config: Config | None = None) -> Http:
        """An Http whose only network is this world, and whose waits take no time."""
        config = config or Config(now=lambda: NOW, backoff_seconds=0.0)
        return Http(config, transport=httpx.MockTransport(self._handle), pacing=Pacing())

    def walk(self, known: Known | None = None, **more: Any) -> Walked:
        """What the source gives; an error is kept beside what came before it."""
        config = Config(**{"now": lambda: NOW, "backoff_seconds": 0.0, **more.pop("config", {})})
        account = more.pop("account", ACCOUNT)
        self.calls.clear()
        self.asked.clear()
        walked = Walked(known or Known())
        with self.client(config) as http:
            try:
                walked.batches.extend(bluesky.walk(account, walked.before, http, config))
            except Exception as error:
                walked.error = error
        return walked

    def _handle(self, request: httpx.Request) -> httpx.Response:
        method = request.url.path.rpartition("/")[2]
        name = "plc" if request.url.host == "plc.directory" else method
        self.calls[name] += 1
        self.asked.append(request.url)
        mood = self.moods.get(name)
        response = mood(request) if mood else None
        if response is not None:
            return response
        answer = getattr(self, f"_{name.replace('.', '_')}", None)
        if answer is None:
            return refused(404, "XRPCNotSupported")
        return answer(request.url.params, request)

    def _com_atproto_identity_resolveHandle(self, params: Any, _: Any) -> httpx.Response:
        if params["handle"] != self.handle:
            return refused(400, "InvalidRequest")
        return httpx.Response(200, json={"did": self.did})

    def _app_bsky_actor_getProfile(self, params: Any, _: Any) -> httpx.Response:
        if params["actor"] != self.did:
            return refused(400, "InvalidRequest")
        return httpx.Response(200, json=self._shown())

    def _app_bsky_actor_getProfiles(self, params: Any, _: Any) -> httpx.Response:
        mood = self.moods.get("app.bsky.actor.getProfile")
        is_listed = self.did in params.get_list("actors") and mood is None
        return httpx.Response(200, json={"profiles": [self._shown()] if is_listed else []})

    def _shown(self) -> dict[str, Any]:
        body: dict[str, Any] = {"did": self.did, "handle": self.handle, "labels": []}
        if self.opened_at:
            body["createdAt"] = stamp(self.opened_at)
        return {**body, **self.profile}

    def _plc(self, _: Any, request: httpx.Request) -> httpx.Response:
        if request.url.path != f"/{self.did}":
            return httpx.Response(404, json={"message": "DID not registered"})
        return self._did_json(_, request)

    def _did_json(self, _: Any, request: httpx.Request) -> httpx.Response:
        service = {
            "id": "#atproto_pds",
            "type": "AtprotoPersonalDataServer",
            "serviceEndpoint": self.home,
        }
        return httpx.Response(200, json={"id": self.did, "service": [service]})

    def _com_atproto_sync_getRepo(self, params: Any, request: httpx.Request) -> httpx.Response:
        if request.url.host != httpx.URL(self.home).host or params["did"] != self.did:
            return refused(400, "RepoNotFound")
        repo, since = self.commit(), params.get("since")
        without: set[bytes] = set()
        if since and self.understands_since:
            # a server drops what a change removes, so what comes back is new
            older = sum(old.rev <= since for old in self._revs)
            held = [set(old.blocks) for old in self._revs[max(older - 1, 0) :]]
            without = set.intersection(*held) if older else set()
        return httpx.Response(
            200,
            headers={"Content-Type": "application/vnd.ipld.car"},
            content=repo.car(without),
        )

    def _app_bsky_feed_getPosts(self, params: Any, _: Any) -> httpx.Response:
        uris = params.get_list("uris")
        if len(uris) > 25:
            return refused(400, "InvalidRequest")
        posts = [{"uri": u, "replyCount": self._count(u)} for u in uris if self._view(u)]
        return httpx.Response(200, json={"posts": posts})

    def _app_bsky_feed_getPostThread(self, params: Any, _: Any) -> httpx.Response:
        if not self._view(params["uri"]):
            return refused(400, "NotFound")
        depth = min(int(params["depth"]), self.depth_limit)
        return httpx.Response(200, json={"thread": self._node(params["uri"], depth)})

    def _children(self, uri: str) -> list[str]:
        own = {f"at://{self.did}/{k}": v for k, v in self.records.items() if k.startswith(POST)}
        everything = own | {u: view.get("record") for u, view in self.replies.items()}
        return sorted(u for u, record in everything.items() if _parent(record) == uri)

    def _count(self, uri: str) -> int:
        return len(self._children(uri))

    def _view(self, uri: str) -> dict[str, Any] | None:
        if uri in self.replies:
            return self.replies[uri]
        key = uri.removeprefix(f"at://{self.did}/")
        record = self.records.get(key)
        author = {"did": self.did, "handle": self.handle}
        return record and {"uri": uri, "author": author, "record": record}

    def _node(self, uri: str, depth: int) -> dict[str, Any]:
        view = self._view(uri)
        post = {**(view or {}), "replyCount": self._count(uri)}
        node = {"$type": "app.bsky.feed.defs#threadViewPost", "post": post}
        if depth == 0:
            return node
        shown = [u for u in self._children(uri) if u not in self.hidden_by_block]
        return {**node, "replies": [self._node(u, depth - 1) for u in shown]}


@dataclass
class Walked:
    """All that one walk gave, and what a store would know after it."""

    before: Known
    batches: list[Batch] = field(default_factory=list)
    error: Exception | None = None

    @property
    def posts(self) -> dict[str, Any]:
        return {post.uri: post for batch in self.batches for post in batch.posts}

    @property
    def received(self) -> dict[str, Any]:
        return {item.uri: item for batch in self.batches for item in batch.received}

    @property
    def threads(self) -> dict[str, Any]:
        return {thread.root_uri: thread for batch in self.batches for thread in batch.threads}

    @property
    def spans(self) -> list[Span]:
        return [span for batch in self.batches for span in batch.spans]

    @property
    def bad(self) -> dict[str, str]:
        return {bad.item: bad.reason for batch in self.batches for bad in batch.quarantined}

    @property
    def notes(self) -> list[str]:
        return [note for batch in self.batches for note in batch.notes]

    @property
    def status(self) -> str:
        states = [batch.state for batch in self.batches if batch.state]
        return str(states[-1].status) if states else ""

    @property
    def known(self) -> Known:
        posts = dict(self.before.posts)
        for post in self.posts.values():
            created = post.created_at
            posts[post.uri] = KnownPost(created, None, post.is_pinned, False, post.is_deleted)
        cursors = dict(self.before.cursors)
        for batch in self.batches:
            cursors.update(batch.cursors)
        threads = dict(self.before.threads)
        threads |= {uri: (t.reply_count, NOW) for uri, t in self.threads.items()}
        states = [batch.state for batch in self.batches if batch.state]
        opened_at = states[-1].created_at if states else self.before.created_at
        return Known(
            posts=posts,
            threads=threads,
            cursors=cursors,
            spans=(*self.before.spans, *self.spans),
            created_at=opened_at or self.before.created_at,
        )


def _parent(record: Any) -> Any:
    """The address that a record replies to, whatever the record is."""
    for name in ("reply", "parent", "uri"):
        record = record.get(name) if isinstance(record, dict) else None
    return record


def refused(status: int, error: str) -> httpx.Response:
    """A 4xx answer in XRPC's form."""
    return httpx.Response(status, content=json.dumps({"error": error, "message": "invented"}))


def days(count: float) -> timedelta:
    """So many days."""
    return timedelta(days=count)
