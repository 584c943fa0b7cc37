"""The council's Bluesky side: identifiers, records, posts as the AppView shows them."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import libipld

from ingest.demo import repo
from ingest.demo.clock import HOUR, midnight
from ingest.demo.council import Council
from ingest.demo.world import Item, Voice
from ingest.model import Kind

POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
DECLINED = "!no-unauthenticated"
INDEX_SECONDS = 2  # from writing to the AppView's index


def did_of(voice: Voice) -> str:
    """A DID that looks like PLC's and belongs to nobody."""
    digest = hashlib.sha256(f"voorbeeldstad:{voice.voice_id}".encode()).digest()
    return "did:plc:" + base64.b32encode(digest).decode().lower()[:24]


def moment_text(at: int, number: int = 0) -> str:
    """A moment as records write it, with milliseconds."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S}.{number % 1000:03d}Z"


def micros(item: Item) -> int:
    """When the server first saw an item, in microseconds; no two items of a voice share it."""
    return item.seen_at * 1_000_000 + item.number


def key_of(item: Item) -> str:
    """Collection and record key."""
    collection = REPOST if item.kind is Kind.REPOST else POST
    return f"{collection}/{repo.tid(micros(item), item.number)}"


def uri_of(item: Item) -> str:
    """The item's at:// address."""
    return f"at://{did_of(item.voice)}/{key_of(item)}"


class Records:
    """Everything of the council on Bluesky, ready to be served."""

    def __init__(self, council: Council) -> None:
        self.council = council
        everybody = (*council.accounts, *council.known, *council.citizens)
        self.voices = {did_of(v): v for v in everybody if v.platform == "bluesky"}
        self.handles = {voice.handle: did for did, voice in self.voices.items()}
        self._records: dict[int, dict[str, Any]] = {}
        self._refs: dict[int, dict[str, str]] = {}
        self._repos: dict[tuple[str, str], repo.Repo] = {}

    @cached_property
    def posts(self) -> dict[str, Item]:
        """Posts, replies and quotes by uri."""
        return {
            uri_of(item): item
            for item in self.council.items
            if item.voice.platform == "bluesky" and item.kind is not Kind.REPOST
        }

    @cached_property
    def counts(self) -> Counter[tuple[int, Kind]]:
        """How often each item was quoted or reposted."""
        return Counter(
            (item.parent.number, item.kind)
            for item in self.council.items
            if item.parent and item.kind in (Kind.QUOTE, Kind.REPOST)
        )

    def find(self, actor: str) -> Voice | None:
        """Whose DID or handle this is."""
        return self.voices.get(self.handles.get(actor.lower(), actor))

    def ref(self, item: Item) -> dict[str, str]:
        """A strong reference: uri and CID."""
        if item.number not in self._refs:
            cid = repo.cid_of(libipld.encode_dag_cbor(self.record(item)))
            self._refs[item.number] = {"cid": repo.cid_text(cid), "uri": uri_of(item)}
        return self._refs[item.number]

    def record(self, item: Item) -> dict[str, Any]:
        """The record as its author's repository holds it."""
        if item.number not in self._records:
            self._records[item.number] = self._record(item)
        return self._records[item.number]

    def _record(self, item: Item) -> dict[str, Any]:
        created = moment_text(item.at, item.number)
        parent = item.parent
        if item.kind is Kind.REPOST and parent:
            return {"$type": REPOST, "subject": self.ref(parent), "createdAt": created}
        # a quarter of the French posts carry the wrong language, as in real life
        lang = "nl" if item.lang == "fr" and item.number % 4 == 0 else item.lang
        record: dict[str, Any] = {
            "$type": POST,
            "text": item.text,
            "langs": [lang],
            "createdAt": created,
        }
        if item.kind is Kind.QUOTE and parent:
            record["embed"] = {"$type": "app.bsky.embed.record", "record": self.ref(parent)}
        elif parent:
            record["reply"] = {"root": self.ref(item.root), "parent": self.ref(parent)}
        if item.mentions:
            record["facets"] = [_facet(item.text, voice) for voice in item.mentions]
        return record

    def repo_of(self, voice: Voice, until_rev: str = "") -> repo.Repo:
        """A voice's repository today, or as it stood at an earlier revision."""
        did = did_of(voice)
        if (did, until_rev) not in self._repos:
            entries = {"app.bsky.actor.profile/self": libipld.encode_dag_cbor(_profile(voice))}
            rev = repo.tid(_opened_at(voice) * 1_000_000, 0)
            for item in self.council.items_of(voice.voice_id):
                key = key_of(item)
                item_rev = key.partition("/")[2]
                if not until_rev or item_rev <= until_rev:
                    entries[key] = libipld.encode_dag_cbor(self.record(item))
                    rev = max(rev, item_rev)
            self._repos[did, until_rev] = repo.write(did, entries, rev)
        return self._repos[did, until_rev]

    def author(self, voice: Voice) -> dict[str, Any]:
        """A voice as the AppView shows it beside a post."""
        return {
            "did": did_of(voice),
            "handle": voice.handle,
            "displayName": voice.name,
            "associated": {"activitySubscription": {"allowSubscriptions": "followers"}},
            "labels": _labels(voice),
            "createdAt": moment_text(_opened_at(voice)),
        }

    def profile(self, voice: Voice) -> dict[str, Any]:
        """A voice as getProfile shows it."""
        items = self.council.items_of(voice.voice_id)
        return self.author(voice) | {
            "description": "Verzonnen account uit Voorbeeldstad",
            "indexedAt": moment_text(_opened_at(voice) + INDEX_SECONDS),
            "followersCount": 11,
            "followsCount": 0,
            "postsCount": sum(item.kind is not Kind.REPOST for item in items),
        }

    def view(self, item: Item) -> dict[str, Any]:
        """A post as the AppView shows it."""
        shown: dict[str, Any] = {
            **self.ref(item),
            "author": self.author(item.voice),
            "record": self.record(item),
            "bookmarkCount": 0,
            "replyCount": len(self.council.replies_to(item)),
            "repostCount": self.counts[item.number, Kind.REPOST],
            "likeCount": 0,
            "quoteCount": self.counts[item.number, Kind.QUOTE],
            "indexedAt": moment_text(item.seen_at + INDEX_SECONDS),
            "labels": [],
        }
        if item.kind is Kind.QUOTE and item.parent:
            quoted = self.view(item.parent)
            shown["embed"] = {
                "$type": "app.bsky.embed.record#view",
                "record": {
                    "$type": "app.bsky.embed.record#viewRecord",
                    "uri": quoted["uri"],
                    "cid": quoted["cid"],
                    "author": quoted["author"],
                    "value": quoted["record"],
                    "labels": [],
                    "embeds": [],
                    "indexedAt": quoted["indexedAt"],
                },
            }
        return shown

    def thread(self, item: Item, depth: int, parent_height: int) -> dict[str, Any]:
        """A thread: replies down to `depth` (below it `replies` is absent), parents up."""
        node: dict[str, Any] = {
            "$type": "app.bsky.feed.defs#threadViewPost",
            "post": self.view(item),
            "threadContext": {},
        }
        if depth > 0:
            node["replies"] = [
                self.thread(child, depth - 1, 0) for child in self.council.replies_to(item)
            ]
        if parent_height > 0 and item.parent and item.kind in (Kind.REPLY, Kind.SELF_REPLY):
            node["parent"] = self.thread(item.parent, 0, parent_height - 1)
        return node


def _opened_at(voice: Voice) -> int:
    return midnight(voice.opened_on) + 8 * HOUR


def _labels(voice: Voice) -> list[dict[str, Any]]:
    if voice.status != "declined":
        return []
    did = did_of(voice)
    uri = f"at://{did}/app.bsky.actor.profile/self"
    opened = moment_text(_opened_at(voice))
    return [{"src": did, "uri": uri, "val": DECLINED, "cts": opened}]


def _profile(voice: Voice) -> dict[str, Any]:
    profile: dict[str, Any] = {
        "$type": "app.bsky.actor.profile",
        "displayName": voice.name,
        "description": "Verzonnen account uit Voorbeeldstad",
    }
    if voice.status == "declined":
        labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": DECLINED}]}
        profile["labels"] = labels
    return profile


def _facet(text: str, voice: Voice) -> dict[str, Any]:
    """Where a name stands in the text, in UTF-8 bytes."""
    name = f"@{voice.handle}".encode()
    start = text.encode().find(name)
    return {
        "index": {"byteStart": start, "byteEnd": start + len(name)},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": did_of(voice)}],
    }
