"""The demo's Bluesky: repositories as the specification has them, threads, errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import libipld
import pytest

from ingest import car
from ingest.demo import repo
from ingest.demo.bluesky import PDS_HOST
from ingest.demo.council import SEED, council
from ingest.demo.records import Records, did_of, key_of, uri_of
from ingest.demo.run import serve_council
from ingest.demo.world import Voice
from ingest.http import Http
from ingest.model import Kind
from tests.demo_visitor import COUNCIL, Visitor, voice_of

PDS = f"https://{PDS_HOST}/xrpc"
POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"


@pytest.fixture(scope="module")
def visitor() -> Iterator[Visitor]:
    with serve_council() as config, Http(config) as http:
        yield Visitor(http, config)


BLUESKY = [v for v in COUNCIL.accounts if v.platform == "bluesky" and v.status == "active"]


def test_a_tree_of_one_record_has_the_root_that_the_specification_names() -> None:
    cid = libipld.decode_multibase("bafyreie5cvv4h45feadgeuwhbcutmh6t2ceseocckahdoe6uat64zmz454")[1]
    root, nodes = repo.tree({"com.example.record/3jqfcqzm3fo2j": cid})
    assert repo.cid_text(root) == "bafyreibj4lsc3aqnrvphp5xmrnfoorvru4wynt6lwidqbm2623a6tatzdu"
    assert len(nodes) == 1


def test_an_empty_tree_has_the_root_that_the_specification_names() -> None:
    root, _ = repo.tree({})
    assert repo.cid_text(root) == "bafyreie5737gdxlw5i64vzichcalba3z2v5n6icifvx5xytvske7mr3hpm"


def test_a_key_stands_in_the_layer_that_the_specification_names() -> None:
    assert repo.depth(b"2653ae71") == 0
    assert repo.depth(b"blue") == 1
    assert repo.depth(b"app.bsky.feed.post/454397e440ec") == 4
    assert repo.depth(b"app.bsky.feed.post/9adeb165882c") == 8


def test_record_keys_sort_by_time() -> None:
    at = datetime(2025, 6, 12, 13, 6, 49, 955_000, tzinfo=UTC)
    micros = round(at.timestamp() * 1_000_000)
    assert repo.tid(micros, 0) == "3lrfyh6frps22"
    assert repo.tid(micros, 0) < repo.tid(micros, 1) < repo.tid(micros + 1, 0)


@pytest.mark.parametrize("voice", BLUESKY, ids=lambda v: v.voice_id)
def test_a_repository_read_back_holds_every_record_and_no_other(
    visitor: Visitor, voice: Voice
) -> None:
    body = visitor.get(f"{PDS}/com.atproto.sync.getRepo", did=did_of(voice)).body
    found = car.Repo(body)
    assert found.did == did_of(voice)
    records = Records(COUNCIL)
    entries = list(found.walk([POST, REPOST]))
    assert not any(isinstance(entry, car.Gap) for entry in entries)
    read = {e.key: found.block(e.cid) for e in entries if isinstance(e, car.Entry)}
    assert read == {key_of(item): records.record(item) for item in COUNCIL.items_of(voice.voice_id)}
    header, blocks = libipld.decode_car(body)
    assert header["roots"][0] in blocks


def test_a_current_since_gives_a_header_of_59_bytes(visitor: Visitor) -> None:
    did = did_of(BLUESKY[0])
    rev = visitor.json(f"{PDS}/com.atproto.sync.getLatestCommit", did=did)["rev"]
    reply = visitor.get(f"{PDS}/com.atproto.sync.getRepo", did=did, since=rev)
    assert (reply.status, len(reply.body)) == (200, 59)
    assert car.Repo(reply.body).is_header_only


def test_a_difference_and_the_earlier_repository_make_the_later_one() -> None:
    voice = voice_of("year_round", "bluesky")
    then = Records(council(SEED, int(datetime(2024, 6, 1, tzinfo=UTC).timestamp())))
    earlier, later = then.repo_of(voice), Records(COUNCIL).repo_of(voice)
    rebuilt = Records(COUNCIL).repo_of(voice, earlier.rev)
    assert rebuilt.root == earlier.root
    difference = libipld.decode_car(later.car(without=earlier.blocks))[1]
    assert difference.keys() == later.blocks.keys() - earlier.blocks.keys()
    assert 0 < len(difference) < len(later.blocks) / 2


def test_the_commit_names_the_last_revision(visitor: Visitor) -> None:
    for voice in BLUESKY:
        status = visitor.json(f"{PDS}/com.atproto.sync.getRepoStatus", did=did_of(voice))
        latest = visitor.json(f"{PDS}/com.atproto.sync.getLatestCommit", did=did_of(voice))
        assert status == {"did": did_of(voice), "active": True, "rev": latest["rev"]}


def test_who_declined_carries_the_label_and_is_served_all_the_same(visitor: Visitor) -> None:
    voice = voice_of("declined", "bluesky")
    profile = json.loads(visitor.appview("app.bsky.actor.getProfile", actor=voice.handle).body)
    assert [label["val"] for label in profile["labels"]] == ["!no-unauthenticated"]
    assert visitor.get(f"{PDS}/com.atproto.sync.getRepo", did=did_of(voice)).status == 200


@pytest.mark.parametrize(
    ("method", "params", "error"),
    [
        ("com.atproto.identity.resolveHandle", {"handle": "niemand.test"}, "InvalidRequest"),
        ("app.bsky.actor.getProfile", {"actor": "niemand.test"}, "InvalidRequest"),
        ("app.bsky.feed.getPostThread", {"uri": "at://did:plc:x/a/b"}, "NotFound"),
        ("app.bsky.feed.getPosts", {}, "InvalidRequest"),
    ],
)
def test_the_appview_names_its_errors(
    visitor: Visitor, method: str, params: dict[str, str], error: str
) -> None:
    reply = visitor.appview(method, **params)
    assert (reply.status, json.loads(reply.body)["error"]) == (400, error)


def test_an_unknown_repository_is_not_found(visitor: Visitor) -> None:
    reply = visitor.get(f"{PDS}/com.atproto.sync.getRepo", did="did:plc:nobody")
    assert (reply.status, json.loads(reply.body)["error"]) == (400, "RepoNotFound")


def test_a_post_counts_the_replies_that_its_thread_shows(visitor: Visitor) -> None:
    item = max(
        (i for i in COUNCIL.items if i.voice in BLUESKY), key=lambda i: len(COUNCIL.replies_to(i))
    )
    (post,) = json.loads(visitor.appview("app.bsky.feed.getPosts", uris=uri_of(item)).body)["posts"]
    thread = json.loads(visitor.appview("app.bsky.feed.getPostThread", uri=uri_of(item)).body)
    assert post["replyCount"] == len(thread["thread"]["replies"]) > 1
    assert post["record"]["text"] == item.text


def test_below_the_depth_asked_for_replies_are_absent(visitor: Visitor) -> None:
    item = next(i for i in COUNCIL.items if i.voice in BLUESKY and COUNCIL.replies_to(i))
    reply = visitor.appview("app.bsky.feed.getPostThread", uri=uri_of(item), depth="1")
    (first, *_) = json.loads(reply.body)["thread"]["replies"]
    assert "replies" not in first


def test_a_reply_shows_the_thread_above_it(visitor: Visitor) -> None:
    item = next(
        i for i in COUNCIL.items if i.voice in BLUESKY and i.kind is Kind.REPLY and i.parent
    )
    body = visitor.appview("app.bsky.feed.getPostThread", uri=uri_of(item)).body
    assert item.parent is not None
    assert json.loads(body)["thread"]["parent"]["post"]["uri"] == uri_of(item.parent)
