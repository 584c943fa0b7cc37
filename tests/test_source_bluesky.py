"""Bluesky: everything a person did and received, proven, and nothing claimed beyond that."""

from __future__ import annotations

import dataclasses
import json
import random
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.bluesky_items import Unreadable, moments, tid_moment
from ingest.errors import (
    AccessDenied,
    AccountGone,
    RateLimited,
    SourceError,
    SourceUnavailable,
    UnexpectedPayload,
)
from ingest.model import Account, Kind, Page, Stream
from ingest.sources import bluesky
from tests.bluesky_world import (
    ACCOUNT,
    ANNA,
    BEN,
    GATE,
    NOW,
    POST,
    REPOST,
    World,
    days,
    key_at,
    refused,
    reply_to,
    stamp,
)

SUMMER = datetime(2024, 6, 1, 9, 30, tzinfo=UTC)
BENS = f"at://{BEN}/{POST}/3kbenbenbenb2"
PDS, POSTS, THREAD = (
    "com.atproto.sync.getRepo",
    "app.bsky.feed.getPosts",
    "app.bsky.feed.getPostThread",
)


def quoting(uri: str, kind: str = "app.bsky.embed.record") -> dict[str, Any]:
    record: dict[str, Any] = {"uri": uri, "cid": "bafyreiquoted"}
    if kind.endswith("WithMedia"):
        record = {"$type": "app.bsky.embed.record", "record": record}
    return {"$type": kind, "record": record}


# ---------------------------------------------------------------- acts


def test_the_whole_history_takes_one_request_to_the_persons_server() -> None:
    world = World()
    for i in range(4_500):
        world.add(f"bericht {i}", SUMMER + days(i / 100))
    walked = world.walk(config={"since": None})
    assert world.calls[PDS] == 1
    assert len(walked.posts) == 4_500
    assert max(len(batch.posts) for batch in walked.batches) <= 2_000
    acts = next(span for span in walked.spans if span.stream is Stream.ACTS)
    assert (acts.start_at, acts.end_at, acts.proof) == (
        datetime(2023, 4, 30, tzinfo=UTC),
        NOW,
        "listing_to_end",
    )


def test_posts_replies_quotes_reposts_and_self_threads_are_told_apart() -> None:
    world = World()
    own = world.add("een bericht", SUMMER)
    kinds = {
        own: (Kind.POST, None, None),
        world.add("vervolg", SUMMER + days(1), reply=reply_to(own)): (Kind.SELF_REPLY, own, ANNA),
        world.add("antwoord", SUMMER + days(2), reply=reply_to(BENS, own)): (Kind.REPLY, BENS, BEN),
        world.add("kijk", SUMMER + days(3), embed=quoting(BENS)): (Kind.QUOTE, BENS, BEN),
        world.add(
            "kijk", SUMMER + days(4), embed=quoting(BENS, "app.bsky.embed.recordWithMedia")
        ): (Kind.QUOTE, BENS, BEN),
        world.add(
            "een lijst", SUMMER + days(5), embed=quoting(f"at://{BEN}/app.bsky.graph.list/x")
        ): (Kind.POST, None, None),
        world.add(
            "ja", SUMMER + days(6), reply=reply_to(BENS), embed=quoting(f"at://{ANNA}/{POST}/x")
        ): (Kind.REPLY, BENS, BEN),
        world.add("foto", SUMMER + days(7), embed={"$type": "app.bsky.embed.images"}): (
            Kind.POST,
            None,
            None,
        ),
    }
    repost = f"at://{ANNA}/{REPOST}/{key_at(SUMMER + days(8))}"
    world.records[repost.removeprefix(f"at://{ANNA}/")] = {
        "$type": REPOST,
        "subject": {"uri": BENS, "cid": "bafyreisubject"},
        "createdAt": stamp(SUMMER + days(8)),
    }
    kinds[repost] = (Kind.REPOST, BENS, BEN)
    world.records[f"app.bsky.feed.like/{key_at(SUMMER)}"] = {"subject": {"uri": BENS}}
    walked = world.walk()
    found = {uri: (p.kind, p.parent_uri, p.partner) for uri, p in walked.posts.items()}
    assert found == kinds
    answer = next(p for p in walked.posts.values() if p.text == "antwoord")
    assert answer.root_uri == own


def test_mentions_are_found_by_bytes_and_names_as_they_stand() -> None:
    text = "Ärger 🚆: @ben.example en @Zoë schrijven mail@voorbeeld.example"
    start = text.encode().index(b"@ben")
    mention = {"$type": "app.bsky.richtext.facet#mention", "did": BEN}
    facets = [
        {"index": {"byteStart": start, "byteEnd": start + 12}, "features": [mention]},
        {"index": {"byteStart": -3, "byteEnd": 9_999}, "features": [{**mention, "did": "did:x:y"}]},
        {"index": None, "features": [mention]},
        "rommel",
    ]
    world = World()
    uri = world.add(text, SUMMER, facets=facets, langs=["nl", "de", 7])
    post = world.walk().posts[uri]
    assert post.mentions == (BEN, "did:x:y")
    assert post.mention_names == ("@ben.example", "@Zoë")
    assert post.langs == ("nl", "de")


def test_a_gate_that_limits_who_may_reply_marks_the_post() -> None:
    world = World()
    closed = world.add("enkel voor volgers", SUMMER)
    hiding = world.add("een antwoord verborgen", SUMMER + days(1))
    for uri, rule in ((closed, {"allow": []}), (hiding, {"hiddenReplies": [BENS]})):
        world.records[f"{GATE}/{uri.rpartition('/')[2]}"] = {"post": uri, **rule}
    world.profile["pinnedPost"] = {"uri": hiding, "cid": "bafyreipin"}
    posts = world.walk().posts
    assert (posts[closed].is_restricted, posts[hiding].is_restricted) == (True, False)
    assert (posts[closed].is_pinned, posts[hiding].is_pinned) == (False, True)


def test_moments_of_a_claim_and_of_the_key() -> None:
    world = World()
    imported = world.add("van vroeger", SUMMER, created="2010-05-06T07:08:09.000Z")
    ahead = world.add("klok loopt voor", SUMMER, created=stamp(NOW + days(400)), rkey=key_at(NOW))
    zoneless = world.add("zonder zone", SUMMER + days(1), created="2024-06-02T09:30:00")
    plain = world.add("eigen sleutel", SUMMER, rkey="welkom")
    old_key = world.add("oude sleutel", SUMMER, rkey=key_at(datetime(2015, 1, 1, tzinfo=UTC)))
    both_old = world.add("alles oud", datetime(2012, 1, 1, tzinfo=UTC))
    posts = world.walk().posts
    opening = datetime(2023, 4, 30, tzinfo=UTC)
    found = {
        uri: (posts[uri].created_at, posts[uri].indexed_at)
        for uri in (imported, ahead, zoneless, plain, old_key, both_old)
    }
    assert found == {
        imported: (datetime(2010, 5, 6, 7, 8, 9, tzinfo=UTC), SUMMER),
        ahead: (NOW, NOW),
        zoneless: (datetime(2024, 6, 2, 9, 30, tzinfo=UTC), SUMMER + days(1)),
        plain: (SUMMER, None),
        old_key: (SUMMER, None),
        both_old: (datetime(2012, 1, 1, tzinfo=UTC), opening),
    }


@pytest.mark.parametrize(
    "created",
    [
        *(..., None, 17, "gisteren", "", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z"),
        *("1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00"),
    ],
)
def test_a_moment_out_of_all_sense_is_set_aside_with_its_reason(created: Any) -> None:
    world = World()
    good = world.add("goed", SUMMER)
    bad = world.add("slecht", SUMMER + days(1), created=created)
    walked = world.walk()
    assert walked.error is None
    assert set(walked.posts) == {good}
    assert walked.bad[bad].startswith("its moment is")


@pytest.mark.parametrize(
    ("more", "field"),
    [({"text": 5}, "text"), ({"reply": {"root": {"uri": BENS}}}, "reply"), ({"text": ...}, "")],
)
def test_an_item_without_what_it_needs_is_set_aside(more: dict[str, Any], field: str) -> None:
    world = World()
    record = {"createdAt": stamp(SUMMER), "text": "x", **more}
    record = {k: v for k, v in record.items() if v is not ...}
    world.records[f"{POST}/{key_at(SUMMER)}"] = record
    walked = world.walk()
    (bad,) = (bad for batch in walked.batches for bad in batch.quarantined)
    assert bad.field == field
    assert "x" not in bad.reason.split()


def test_texts_of_any_script_and_length_come_through() -> None:
    world = World()
    texts = ["👩‍👩‍👧 🏳️‍🌈", "مرحبا بكم في المدينة", "a" * 100_000, "", "nul\x00teken"]
    for i, text in enumerate(texts):
        world.add(text, SUMMER + days(i))
    assert [post.text for post in world.walk().posts.values()] == texts


def test_nothing_older_than_since_is_given_or_proven() -> None:
    world = World()
    world.add("oud", SUMMER)
    new = world.add("nieuw", SUMMER + days(40))
    walked = world.walk(config={"since": date(2024, 7, 1)})
    assert set(walked.posts) == {new}
    assert {span.start_at for span in walked.spans} == {datetime(2024, 7, 1, tzinfo=UTC)}


def test_a_run_that_reaches_further_back_lists_the_whole_again() -> None:
    """Else days that were left out would look like silence."""
    world = World()
    old = world.add("oud", SUMMER)
    world.answer("vraag", SUMMER + days(1), old)
    world.add("nieuw", SUMMER + days(40))
    short = world.walk(config={"since": date(2024, 7, 1)})
    again = world.walk(short.known, config={"since": date(2024, 8, 1)})
    assert {span.proof for span in again.spans} == {"unchanged", "listing_to_end"}
    assert min(span.start_at for span in again.spans) == datetime(2024, 8, 1, tzinfo=UTC)
    whole = world.walk(again.known)
    assert old in whole.posts
    assert len(whole.received) == 1
    assert [span.start_at for span in whole.spans] == [datetime(2023, 4, 30, tzinfo=UTC)] * 2


def test_coverage_begins_at_the_oldest_item_if_nobody_tells_the_opening() -> None:
    world = World(opened_at=None)
    world.add("geïmporteerd", SUMMER, created="2010-01-01T00:00:00Z")
    world.add("eerste", SUMMER + days(3))
    spans = world.walk().spans
    assert [span.start_at for span in spans] == [SUMMER + days(3)] * 2


def test_an_account_without_posts_is_known_to_be_silent() -> None:
    walked = World().walk()
    assert walked.error is None
    assert [span.stream for span in walked.spans] == [Stream.ACTS, Stream.RECEIVED]


# ---------------------------------------------------------------- again


def test_an_unchanged_account_costs_one_request_for_its_acts() -> None:
    world = World()
    world.add("bericht", SUMMER)
    first = world.walk()
    again = world.walk(first.known)
    assert world.calls[PDS] == 1
    assert not again.posts
    acts = next(span for span in again.spans if span.stream is Stream.ACTS)
    assert (acts.end_at, acts.proof) == (NOW, "unchanged")


def test_the_handle_is_resolved_once() -> None:
    world = World()
    first = world.walk()
    world.walk(first.known)
    assert world.calls["com.atproto.identity.resolveHandle"] == 0
    corrected = Account("anna-bluesky", "anna", "bluesky", "other.example")
    assert isinstance(world.walk(first.known, account=corrected).error, AccountGone)
    assert world.calls["com.atproto.identity.resolveHandle"] == 1


def test_a_difference_gives_new_changed_and_deleted_items() -> None:
    world = World()
    uris = [world.add(f"bericht {i}", SUMMER + days(i / 10)) for i in range(300)]
    first = world.walk()
    changed, gone = uris[100], uris[200]
    world.records[changed.removeprefix(f"at://{ANNA}/")]["text"] = "verbeterd"
    del world.records[gone.removeprefix(f"at://{ANNA}/")]
    new = world.add("nieuw", SUMMER + days(90))
    again = world.walk(first.known)
    assert set(again.posts) == {changed, gone, new}
    assert again.posts[gone].is_deleted
    assert again.posts[gone].created_at == first.posts[gone].created_at
    assert again.posts[changed].text == "verbeterd"
    assert world.calls[PDS] == 1
    assert [span.proof for span in again.spans if span.stream is Stream.ACTS] == ["overlap"]


@given(seed=st.integers(0, 10_000))
@settings(max_examples=40)
def test_after_any_changes_the_store_holds_exactly_what_is_public(seed: int) -> None:
    chance = random.Random(seed)
    world = World(understands_since=chance.random() < 0.8)
    known = None
    for step in range(4):
        for _ in range(chance.choice((0, 1, 30))):
            world.add("bericht", SUMMER + days(chance.random() * 100 + step * 10))
        for key in [key for key in world.records if chance.random() < 0.1]:
            del world.records[key]
        walked = world.walk(known)
        assert walked.error is None
        known = walked.known
        live = {uri for uri, post in known.posts.items() if not post.is_deleted}
        assert live == {f"at://{ANNA}/{key}" for key in world.records}
        assert world.calls[PDS] <= 2


def test_a_server_that_cannot_tell_differences_is_listed_whole() -> None:
    world = World()
    world.add("bericht", SUMMER)
    first = world.walk()
    world.add("nog een", SUMMER + days(1))
    world.moods[PDS] = lambda request: (
        refused(400, "InvalidRequest") if "since" in request.url.params else None
    )
    again = world.walk(first.known)
    assert (again.error, len(again.posts)) == (None, 2)
    assert [span.proof for span in again.spans][:1] == ["listing_to_end"]


def test_a_repository_put_back_to_an_older_state_is_listed_whole() -> None:
    world = World()
    kept = world.add("bericht", SUMMER)
    lost = world.add("nog een", SUMMER + days(1))
    world.commit()
    first = world.walk()
    del world.records[lost.removeprefix(f"at://{ANNA}/")]
    world._revs.clear()
    again = world.walk(first.known)
    assert world.calls[PDS] == 2
    assert [uri for uri, post in again.posts.items() if post.is_deleted] == [lost]
    assert kept in again.posts


def test_replies_restricted_later_are_noticed() -> None:
    world = World()
    uris = [world.add(f"bericht {i}", SUMMER + days(i)) for i in range(50)]
    first = world.walk()
    world.records[f"{GATE}/{uris[3].rpartition('/')[2]}"] = {"post": uris[3], "allow": []}
    assert world.walk(first.known).posts[uris[3]].is_restricted


def test_a_whole_listing_follows_after_four_weeks_of_differences() -> None:
    world = World()
    world.add("bericht", SUMMER)
    known = world.walk().known
    world.add("nog een", SUMMER + days(1))
    late = NOW + days(29)
    again = world.walk(known, config={"now": lambda: late})
    assert [span.proof for span in again.spans if span.stream is Stream.ACTS] == ["listing_to_end"]


# ---------------------------------------------------------------- who


@pytest.mark.parametrize(
    ("method", "error", "status", "says"),
    [
        ("app.bsky.actor.getProfile", "AccountDeactivated", "deactivated", "deactivated"),
        ("app.bsky.actor.getProfile", "AccountTakedown", "suspended", "suspended"),
        ("app.bsky.actor.getProfile", "InvalidRequest", "gone", "no such account"),
        (PDS, "RepoDeactivated", "deactivated", "deactivated"),
        (PDS, "RepoTakendown", "suspended", "suspended"),
        (PDS, "RepoNotFound", "gone", "no such account"),
    ],
)
def test_a_closed_account_is_no_silence(method: str, error: str, status: str, says: str) -> None:
    world = World()
    world.add("bericht", SUMMER)
    world.moods[method] = lambda request: refused(400, error)
    walked = world.walk()
    assert isinstance(walked.error, AccountGone)
    assert says in str(walked.error)
    assert walked.status == status
    assert not walked.spans


def test_an_unknown_handle_is_told_with_what_to_do() -> None:
    account = Account("ben", "ben", "bluesky", "nobody.example")
    walked = World().walk(account=account)
    assert str(walked.error) == (
        "bluesky · ben: there is no such account: nobody.example → "
        "correct the handle in accounts.csv, or end the account with valid_to"
    )


def test_who_asks_not_to_be_shown_is_left_alone() -> None:
    world = World()
    world.add("bericht", SUMMER)
    world.profile["labels"] = [{"val": "!no-unauthenticated", "src": ANNA}]
    walked = world.walk()
    assert isinstance(walked.error, AccessDenied)
    assert "asks not to be shown" in str(walked.error)
    assert (walked.status, walked.posts, walked.spans) == ("declined", {}, [])
    assert world.calls[PDS] == 0


def test_a_label_taken_back_no_longer_counts() -> None:
    world = World()
    world.profile["labels"] = [{"val": "!no-unauthenticated", "neg": True}]
    assert world.walk().status == "active"


def test_a_did_in_the_roster_needs_no_resolving() -> None:
    world = World()
    world.add("bericht", SUMMER)
    walked = world.walk(account=Account("anna", "anna", "bluesky", ANNA))
    assert len(walked.posts) == 1
    assert world.calls["com.atproto.identity.resolveHandle"] == 0


def test_an_account_on_its_own_domain_is_found_through_it() -> None:
    world = World(did="did:web:anna.example")
    world.add("bericht", SUMMER)
    assert len(world.walk().posts) == 1
    assert "https://anna.example/.well-known/did.json" in map(str, world.asked)


def test_an_account_that_moved_to_another_server_is_followed() -> None:
    world = World()
    world.add("bericht", SUMMER)
    known = world.walk().known
    world.home = "https://new-pds.example"
    world.add("op de nieuwe server", SUMMER + days(1))
    walked = world.walk(known)
    assert [post.text for post in walked.posts.values()] == ["bericht", "op de nieuwe server"]
    assert walked.spans[0].proof == "listing_to_end"
    states = [batch.state for batch in walked.batches if batch.state]
    assert states[-1].host == "new-pds.example"
    assert (world.calls["plc"], world.calls[PDS]) == (1, 2)
    world.walk(walked.known)
    assert (world.calls["plc"], world.calls[PDS]) == (0, 1)


@pytest.mark.parametrize("mood", [httpx.Response(503), refused(400, "RepoDeactivated")])
def test_a_server_that_fails_and_is_still_the_accounts_own_is_looked_up_once(
    mood: httpx.Response,
) -> None:
    world = World()
    world.add("bericht", SUMMER)
    known = world.walk().known
    world.moods[PDS] = lambda _: mood
    walked = world.walk(known)
    assert isinstance(walked.error, SourceUnavailable | AccountGone)
    assert (world.calls["plc"], walked.spans, walked.posts) == (1, [], {})


def test_an_old_server_that_goes_on_answering_is_left_within_a_day() -> None:
    world = World()
    world.add("bericht", SUMMER)
    known = world.walk().known
    frozen = world.commit().car(set(world.commit().blocks))
    old, world.home = world.home, "https://new-pds.example"
    world.add("op de nieuwe server", SUMMER + days(1))
    world.moods[PDS] = lambda request: (
        httpx.Response(200, content=frozen) if str(request.url).startswith(old) else None
    )
    soon = world.walk(known, config={"now": lambda: NOW + days(0.9)})
    assert (world.calls["plc"], len(soon.posts)) == (0, 0)
    assert {span.end_at for span in soon.spans} == {NOW}, "nothing is claimed of days since then"
    later = world.walk(soon.known, config={"now": lambda: NOW + days(1)})
    assert (world.calls["plc"], len(later.posts)) == (1, 2)
    assert {span.end_at for span in later.spans} == {NOW + days(1)}


def test_a_profile_that_the_run_asked_for_is_not_asked_again_while_it_is_fresh() -> None:
    world = World()
    world.add("bericht", SUMMER)
    known = world.walk().known
    shown = {"did": ANNA, "handle": ACCOUNT.handle, "labels": []}
    page = Page("profile", "", json.dumps(shown).encode(), NOW, {"did": ANNA})
    world.walk(dataclasses.replace(known, profile=page))
    assert world.calls["app.bsky.actor.getProfile"] == 0
    label = {"labels": [{"val": "!no-unauthenticated"}]}
    hidden = dataclasses.replace(page, body=json.dumps(shown | label).encode())
    declined = world.walk(dataclasses.replace(known, profile=hidden))
    assert (declined.status, world.calls[PDS]) == ("declined", 0)
    for stale in (
        dataclasses.replace(page, fetched_at=NOW - days(0.1)),
        dataclasses.replace(page, context={"did": BEN}),
    ):
        world.walk(dataclasses.replace(known, profile=stale))
        assert world.calls["app.bsky.actor.getProfile"] == 1


def test_a_changed_handle_is_noted_and_the_account_still_read() -> None:
    world = World()
    known = world.walk().known
    world.handle = "anna-nieuw.example"
    walked = world.walk(known)
    assert walked.error is None
    assert walked.notes == ["the account is called anna-nieuw.example now: correct accounts.csv"]


def test_a_server_without_encryption_is_not_asked() -> None:
    walked = World(home="http://pds.example").walk()
    assert isinstance(walked.error, UnexpectedPayload)
    assert "names no server" in str(walked.error)


def test_a_server_at_a_private_address_is_not_asked() -> None:
    walked = World(home="https://169.254.169.254").walk()
    assert isinstance(walked.error, AccessDenied)


# ---------------------------------------------------------------- received


def test_received_are_the_items_whose_parent_is_the_persons_own() -> None:
    world = World()
    root = world.add("wat vindt u?", SUMMER)
    asked = world.answer("en de bus?", SUMMER + days(1), root)
    mine = world.add("komt", SUMMER + days(2), reply=reply_to(asked, root))
    again = world.answer("wanneer?", SUMMER + days(3), mine, root=root)
    world.answer("ruzie onder burgers", SUMMER + days(3), asked, root=root, did="did:plc:carl")
    walked = world.walk()
    assert set(walked.received) == {asked, again}
    item = walked.received[again]
    assert (item.author, item.text, item.parent_uri, item.root_uri) == (
        BEN,
        "wanneer?",
        mine,
        root,
    )
    assert (item.created_at, item.indexed_at, item.is_mention) == (
        SUMMER + days(3),
        SUMMER + days(3),
        False,
    )
    assert {uri: t.is_partial for uri, t in walked.threads.items()} == {root: False, mine: False}
    assert world.calls[THREAD] == 1, "the tree of the root holds the other"


def test_replies_to_a_reply_under_somebody_elses_post_are_received_too() -> None:
    world = World()
    mine = world.add("ik kom kijken", SUMMER, reply=reply_to(BENS))
    thanks = world.answer("dank u", SUMMER + days(1), mine, root=BENS)
    assert set(world.walk().received) == {thanks}


def test_only_posts_with_replies_are_asked_for_25_counts_at_a_time() -> None:
    world = World()
    uris = [world.add(f"bericht {i}", SUMMER + days(i)) for i in range(60)]
    world.answer("vraag?", SUMMER + days(70), uris[30])
    walked = world.walk()
    assert (world.calls[POSTS], world.calls[THREAD]) == (3, 1)
    assert set(walked.threads) == {uris[30]}


def test_deep_trees_are_followed_to_their_end() -> None:
    world = World(depth_limit=6)
    parent = root = world.add("lang gesprek", SUMMER)
    expected = set()
    for i in range(1, 40, 2):
        asked = world.answer(f"vraag {i}", SUMMER + days(i), parent, root=root)
        parent = world.add(f"antwoord {i}", SUMMER + days(i + 1), reply=reply_to(asked, root))
        expected.add(asked)
    walked = world.walk()
    assert set(walked.received) == expected
    assert not any(thread.is_partial for thread in walked.threads.values())
    assert world.calls[THREAD] <= 8


def test_a_tree_that_hides_replies_is_partly_known() -> None:
    world = World()
    root = world.add("bericht", SUMMER)
    shown = world.answer("zichtbaar", SUMMER + days(1), root)
    world.hidden_by_block.add(world.answer("geblokkeerd", SUMMER + days(2), root, did="did:plc:x"))
    walked = world.walk()
    assert set(walked.received) == {shown}
    assert walked.threads[root].is_partial
    assert walked.threads[root].reply_count == 2


def test_blocked_and_vanished_nodes_and_rubbish_are_passed_over() -> None:
    world = World()
    root = world.add("bericht", SUMMER)
    world.answer("vraag", SUMMER + days(1), root)
    good = world._node(root, 5)
    good["replies"] += [
        {"$type": "app.bsky.feed.defs#blockedPost", "uri": BENS, "blocked": True},
        {"$type": "app.bsky.feed.defs#notFoundPost", "uri": BENS, "notFound": True},
        {"$type": "app.bsky.feed.defs#somethingNew"},
        {"post": None},
        {"post": {"author": 5, "record": {"reply": []}}},
        None,
        "rommel",
    ]
    world.moods[THREAD] = lambda request: httpx.Response(200, json={"thread": good})
    walked = world.walk()
    assert walked.error is None
    assert len(walked.received) == 1


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={"thread": {"$type": "app.bsky.feed.defs#notFoundPost"}}),
        refused(400, "NotFound"),
    ],
)
def test_a_post_that_vanished_meanwhile_is_partly_known(answer: httpx.Response) -> None:
    world = World()
    root = world.add("bericht", SUMMER)
    world.answer("vraag", SUMMER + days(1), root)
    world.moods[THREAD] = lambda request: answer
    walked = world.walk()
    assert walked.error is None
    assert walked.threads[root].is_partial


def test_old_threads_are_asked_again_only_when_their_count_changed() -> None:
    world = World()
    old = world.add("oud", SUMMER)
    young = world.add("jong", NOW - days(20))
    for parent in (old, young):
        world.answer("vraag", NOW - days(10), parent)
    first = world.walk()
    assert world.calls[THREAD] == 2
    again = world.walk(first.known)
    assert set(again.threads) == {young}
    late = world.answer("nog een vraag", NOW - days(1), old, did="did:plc:carl")
    third = world.walk(again.known)
    assert late in third.received
    assert set(third.threads) == {old, young}


def test_many_posts_are_counted_once_a_week_and_received_is_proven_up_to_then() -> None:
    world = World()
    for i in range(300):
        world.add(f"oud {i}", SUMMER + days(i / 10))
    recent = world.add("vandaag", NOW - days(1))
    first = world.walk()
    assert world.calls[POSTS] == 13
    world.answer("vraag?", NOW - days(0.5), recent)
    soon = NOW + days(2)
    again = world.walk(first.known, config={"now": lambda: soon})
    assert world.calls[POSTS] == 1
    assert len(again.received) == 1
    assert [span.stream for span in again.spans] == [Stream.ACTS]
    later = NOW + days(8)
    third = world.walk(again.known, config={"now": lambda: later})
    assert world.calls[POSTS] == 13
    assert [s.end_at for s in third.spans if s.stream is Stream.RECEIVED] == [later]


def test_replies_by_people_who_ask_not_to_be_shown_are_left_out_and_counted() -> None:
    world = World()
    root = world.add("bericht", SUMMER)
    labels = [{"val": "!no-unauthenticated"}]
    for i in range(2):
        world.answer("stil", SUMMER + days(i), root, author={"did": BEN, "labels": labels})
    walked = world.walk()
    assert not walked.received
    assert walked.notes == [
        "replies left out because their authors ask not to be shown to visitors: 2"
    ]


def test_a_received_item_with_an_impossible_moment_is_set_aside() -> None:
    world = World()
    root = world.add("bericht", SUMMER)
    uri = world.answer("vraag", SUMMER + days(1), root)
    world.replies[uri]["record"]["createdAt"] = "0001-01-01T00:00:00Z"
    walked = world.walk()
    assert (walked.received, list(walked.bad)) == ({}, [uri])


def test_citizens_are_not_in_the_text_of_a_quarantine_or_a_repr() -> None:
    world = World()
    root = world.add("bericht", SUMMER)
    world.answer("geheime tekst", SUMMER + days(1), root)
    walked = world.walk()
    assert "geheime tekst" not in repr(walked.batches)
    assert BEN not in repr([batch.received for batch in walked.batches])


# ---------------------------------------------------------------- broken servers

IDENTITY = ["com.atproto.identity.resolveHandle", "app.bsky.actor.getProfile", "plc"]
EVERYWHERE = [*IDENTITY, PDS, POSTS, THREAD]


def answering(status: int, **more: Any) -> Any:
    return lambda request: httpx.Response(status, **more)


def timing_out(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("", request=request)


def refusing(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("", request=request)


@pytest.mark.parametrize("method", EVERYWHERE)
@pytest.mark.parametrize(
    ("mood", "kinds"),
    [
        (answering(401), AccessDenied),
        (answering(403, text="<h1>Forbidden</h1>"), AccessDenied),
        (answering(404, text="<h1>Not Found</h1>"), (AccountGone, UnexpectedPayload)),
        (answering(410), (AccountGone, UnexpectedPayload)),
        (answering(429, headers={"Retry-After": "86400"}), RateLimited),
        (answering(500), SourceUnavailable),
        (answering(503), SourceUnavailable),
        (timing_out, SourceUnavailable),
        (refusing, SourceUnavailable),
        (answering(200, text="<!doctype html><p>Log in"), UnexpectedPayload),
        (answering(200, content=b'{"did": "did:plc:abc'), UnexpectedPayload),
        (answering(200, content=b""), UnexpectedPayload),
        (answering(200, content=b"[]"), UnexpectedPayload),
        (answering(200, content=b"[" * 100_000), UnexpectedPayload),
        (answering(204), UnexpectedPayload),
        (answering(302, headers={"Location": "http://10.0.0.1/"}), AccessDenied),
        (answering(200, headers={"Content-Length": "999999999"}), UnexpectedPayload),
    ],
)
def test_a_broken_server_gives_one_line_and_loses_nothing(
    method: str, mood: Any, kinds: type[Exception]
) -> None:
    world = World()
    root = world.add("bericht", SUMMER)
    world.answer("vraag", SUMMER + days(1), root)
    world.moods[method] = mood
    walked = world.walk()
    assert isinstance(walked.error, kinds)
    line = str(walked.error)
    assert line.startswith("bluesky · anna-bluesky: ")
    assert " → " in line
    assert "\n" not in line
    has_acts = method in {POSTS, THREAD}
    assert set(walked.posts) == ({root} if has_acts else set())
    assert [span.stream for span in walked.spans] == [Stream.ACTS] * has_acts
    again = World(records=world.records, replies=world.replies).walk(walked.known)
    assert again.error is None
    assert len(walked.known.posts | again.known.posts) == 1
    assert len(again.received) == 1


@pytest.mark.parametrize("cut", [1, 59, 100, 700])
def test_a_repository_cut_short_is_no_listing(cut: int) -> None:
    world = World()
    for i in range(30):
        world.add(f"bericht {i}", SUMMER + days(i))
    body = world.commit().car()
    world.moods[PDS] = answering(200, content=body[:-cut])
    walked = world.walk()
    assert isinstance(walked.error, UnexpectedPayload)
    assert "the repository file cannot be read: " in str(walked.error)
    assert not walked.spans


def test_a_repository_cut_between_two_blocks_is_no_listing() -> None:
    world = World()
    for i in range(30):
        world.add(f"bericht {i}", SUMMER + days(i))
    repo = world.commit()
    world.moods[PDS] = answering(200, content=repo.car([next(reversed(repo.blocks))]))
    walked = world.walk()
    assert isinstance(walked.error, UnexpectedPayload)
    assert not walked.spans


def test_somebody_elses_repository_is_refused() -> None:
    other = World(did="did:plc:somebodyelse")
    other.add("bericht", SUMMER)
    world = World()
    world.moods[PDS] = answering(200, content=other.commit().car())
    assert "belongs to another account" in str(world.walk().error)


def test_a_header_alone_is_no_answer_to_a_first_question() -> None:
    world = World()
    repo = world.commit()
    world.moods[PDS] = answering(200, content=repo.car(repo.blocks))
    walked = world.walk()
    assert "it is empty" in str(walked.error)
    assert not walked.spans


def test_a_cut_received_walk_keeps_the_threads_that_came() -> None:
    world = World()
    uris = [world.add(f"bericht {i}", SUMMER + days(i)) for i in range(10)]
    for uri in uris:
        world.answer("vraag", SUMMER + days(20), uri)
    left = iter(range(4))
    world.moods[THREAD] = lambda request: None if next(left, None) is not None else refused(400, "")
    walked = world.walk()
    assert isinstance(walked.error, UnexpectedPayload)
    assert len(walked.threads) == 4
    assert [span.stream for span in walked.spans] == [Stream.ACTS]
    again = World(records=world.records, replies=world.replies)
    assert len(again.walk(walked.known).threads) == 6


# ---------------------------------------------------------------- fuzz

_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(max_size=8)
    | st.sampled_from([ANNA, BENS]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)


def scrambled(value: Any, chance: random.Random, odd: Any) -> Any:
    """The value with some of its parts replaced by something odd."""
    if chance.random() < 0.05:
        return odd
    if isinstance(value, dict):
        return {k: scrambled(v, chance, odd) for k, v in value.items() if chance.random() > 0.03}
    if isinstance(value, list):
        return [scrambled(item, chance, odd) for item in value]
    return value


@given(odd=_json, seed=st.integers(0, 2**20))
@settings(max_examples=150)
def test_odd_records_and_answers_end_in_one_line_or_in_quarantine(odd: Any, seed: int) -> None:
    chance = random.Random(seed)
    world = World()
    root = world.add("bericht", SUMMER, langs=["nl"])
    asked = world.answer("vraag", SUMMER + days(1), root)
    world.add("antwoord", SUMMER + days(2), reply=reply_to(asked, root), embed=quoting(BENS))
    where = chance.choice(EVERYWHERE)
    if where == PDS:
        world.records = {
            key: odd_record
            for key, record in world.records.items()
            if isinstance(odd_record := scrambled(record, chance, odd), dict)
        }
        world.replies.clear()
    else:

        def mood(request: httpx.Request) -> httpx.Response:
            world.moods.pop(where)
            honest = world._handle(request).json()
            return httpx.Response(200, json=scrambled(honest, chance, odd))

        world.moods[where] = mood
    walked = world.walk()
    assert walked.error is None or isinstance(walked.error, SourceError)
    assert all(0 <= (t.reply_count or 0) < 2**31 for t in walked.threads.values())


@given(
    st.text(max_size=30)
    | st.datetimes().map(lambda moment: moment.isoformat())
    | st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
    st.text("234567abcdefghijklmnopqrstuvwxyz", min_size=13, max_size=13),
)
def test_no_moment_is_later_than_the_fetch(created: str, rkey: str) -> None:
    try:
        claimed, vouched = moments(created, f"at://{ANNA}/{POST}/{rkey}", NOW, None)
    except Unreadable:
        return
    assert claimed <= NOW
    assert vouched is None or vouched <= NOW


def test_a_key_made_by_the_clock_tells_its_moment() -> None:
    assert tid_moment("3lpv7xv332c2b") == datetime(2025, 5, 24, 3, 40, 59, 605000, tzinfo=UTC)
    assert tid_moment(key_at(SUMMER)) == SUMMER
    assert [tid_moment(key) for key in ("self", "", "3LPV7XV332C2B", "zzzzzzzzzzzzz")] == [None] * 4


def test_parse_gives_the_same_objects_from_a_recorded_page_as_the_walk() -> None:
    world = World()
    world.add("bericht", SUMMER)
    body = world.commit().car()
    page = Page("repo", "https://pds.example/", body, NOW, {"did": ANNA})
    assert bluesky.parse(page, ACCOUNT).posts == tuple(world.walk().posts.values())
