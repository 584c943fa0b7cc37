"""Messages of both live streams become the same events, and rubbish becomes nothing else."""

from __future__ import annotations

import json

import libipld
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.live_events import (
    Garbage,
    Reader,
    Refusal,
    Watched,
    read_firehose,
    read_jetstream,
)
from ingest.live_items import Found, sort_in
from ingest.model import Kind
from tests.live_world import ANNA, BEN, BERT, MIA, NOW, Said, moment, record, uri

WATCHED = Watched({ANNA, BERT})
ACCOUNTS = {ANNA: "anna", BERT: "bert"}


def found(said: Said, is_firehose: bool) -> dict[str, Found]:
    read = read_firehose if is_firehose else read_jetstream
    event = read(said.firehose() if is_firehose else said.jetstream(), WATCHED)
    assert event is not None
    assert event.at == moment(said.minutes)
    items: dict[str, Found] = {}
    sort_in(event, ACCOUNTS, items, NOW)
    return items


both = pytest.mark.parametrize("is_firehose", [False, True])


@both
def test_a_reply_is_received_by_the_author_of_its_parent(is_firehose: bool) -> None:
    items = found(Said(BEN, 2, record("Wanneer?", 2, parent=uri(ANNA, 1))), is_firehose)
    (item,) = items["anna"].received.values()
    assert (item.author, item.parent_uri, item.is_mention) == (BEN, uri(ANNA, 1), False)
    assert (item.created_at, item.indexed_at) == (moment(2), moment(2))
    assert list(items) == ["anna"]


@both
def test_a_mention_elsewhere_is_received_as_a_mention_by_all_who_are_named(
    is_firehose: bool,
) -> None:
    said = Said(BEN, 2, record("@anna @bert @mia?", 2, names=[ANNA, BERT, MIA]))
    items = found(said, is_firehose)
    assert {name: len(found.received) for name, found in items.items()} == {"anna": 1, "bert": 1}
    assert all(i.is_mention for f in items.values() for i in f.received.values())
    assert all(i.parent_uri is None for f in items.values() for i in f.received.values())


@both
def test_a_reply_to_one_that_names_another_is_received_by_both(is_firehose: bool) -> None:
    said = Said(BEN, 2, record("en @bert?", 2, parent=uri(ANNA, 1), names=[BERT]))
    items = found(said, is_firehose)
    told = {name: next(iter(f.received.values())).is_mention for name, f in items.items()}
    assert told == {"anna": False, "bert": True}


@both
def test_a_mention_inside_somebody_elses_thread_keeps_its_parent(is_firehose: bool) -> None:
    items = found(Said(BEN, 2, record("@anna", 2, parent=uri(MIA, 1), names=[ANNA])), is_firehose)
    (item,) = items["anna"].received.values()
    assert (item.parent_uri, item.is_mention) == (uri(MIA, 1), True)


@both
def test_quarrels_among_citizens_and_quotes_are_not_received(is_firehose: bool) -> None:
    reply = record("nee", 2, parent=uri(MIA, 1))
    reply["reply"]["root"]["uri"] = uri(ANNA, 0)
    assert found(Said(BEN, 2, reply), is_firehose) == {}
    embed = {"$type": "app.bsky.embed.record", "record": {"uri": uri(ANNA, 1), "cid": "x"}}
    assert found(Said(BEN, 2, record("kijk", 2, embed=embed)), is_firehose) == {}


@both
def test_own_items_come_with_their_kind_and_naming_oneself_is_no_mention(
    is_firehose: bool,
) -> None:
    items = found(Said(ANNA, 2, record("ik @anna", 2, names=[ANNA])), is_firehose)
    assert [post.kind for post in items["anna"].posts.values()] == [Kind.POST]
    assert not items["anna"].received
    items = found(Said(ANNA, 3, record("ja", 3, parent=uri(BERT, 1))), is_firehose)
    assert [post.kind for post in items["anna"].posts.values()] == [Kind.REPLY]
    assert len(items["bert"].received) == 1


@both
def test_an_own_item_taken_back_is_a_deletion(is_firehose: bool) -> None:
    items = found(Said(ANNA, 9, None, key_minutes=1), is_firehose)
    (gone,) = items["anna"].posts.values()
    assert (gone.uri, gone.is_deleted) == (uri(ANNA, 1), True)


@both
def test_an_item_that_cannot_be_read_is_set_aside_for_whom_it_names(is_firehose: bool) -> None:
    said = Said(BEN, 2, record("?", 2, parent=uri(ANNA, 1), createdAt="gisteren"))
    items = found(said, is_firehose)
    assert not items["anna"].received
    assert [bad.field for bad in items["anna"].bad.values()] == ["createdAt"]


@both
def test_a_message_about_strangers_only_moves_the_cursor(is_firehose: bool) -> None:
    said = Said(BEN, 2, record("mooi weer", 2, names=[MIA]))
    event = (read_firehose if is_firehose else read_jetstream)(
        said.firehose() if is_firehose else said.jetstream(), WATCHED
    )
    assert event is not None
    assert (event.ops, event.is_hole) == ((), False)


def frame(header: object, payload: object) -> bytes:
    return bytes(libipld.encode_dag_cbor(header) + libipld.encode_dag_cbor(payload))


def test_the_firehose_tells_holes_and_its_end() -> None:
    info = read_firehose(frame({"op": 1, "t": "#info"}, {"name": "OutdatedCursor"}), WATCHED)
    assert info is not None
    assert info.is_hole
    too_big = {"seq": 7, "repo": BEN, "time": "2024-11-01T12:00:00Z", "tooBig": True}
    event = read_firehose(frame({"op": 1, "t": "#commit"}, too_big), WATCHED)
    assert event is not None
    assert (event.is_hole, event.cursor) == (True, 7)
    with pytest.raises(Refusal, match="FutureCursor"):
        read_firehose(frame({"op": -1}, {"error": "FutureCursor"}), WATCHED)
    assert read_firehose(frame({"op": 1, "t": "#later"}, {}), WATCHED) is None


JETSTREAM_RUBBISH = [
    b"",
    b"\xff\xfe",
    b"[]",
    b'{"did":1}',
    json.dumps({"did": BEN, "time_us": 0, "kind": "commit"}).encode(),
    json.dumps({"did": BEN, "time_us": 2**60, "kind": "commit"}).encode(),
    Said(ANNA, 1, record("x", 1)).jetstream()[:-9],
    Said(ANNA, 1, record("x", 1)).jetstream().replace(b'"record": {', b'"record": 7, "x": {'),
    Said("nobody", 1, record("x", 1, names=[ANNA])).jetstream(),
]
_GOOD = Said(ANNA, 1, record("woorden", 1)).firehose()
FIREHOSE_RUBBISH = [
    b"",
    b"\xa0",
    frame([], {}),
    frame({"op": 1, "t": "#commit"}, {"seq": 1, "repo": ANNA, "time": "x"}),
    frame({"op": 1, "t": "#commit"}, {"seq": 1, "repo": ANNA, "time": "2024-11-01T12:00:00Z"}),
    _GOOD[:-30],
    _GOOD.replace(b"woorden", b"woordem"),  # differs from its hash
]


@pytest.mark.parametrize("message", JETSTREAM_RUBBISH)
def test_what_jetstream_never_sends_is_garbage(message: bytes) -> None:
    with pytest.raises(Garbage):
        read_jetstream(message, WATCHED)


@pytest.mark.parametrize("message", FIREHOSE_RUBBISH)
def test_what_is_no_frame_is_garbage(message: bytes) -> None:
    with pytest.raises(Garbage):
        read_firehose(message, WATCHED)


@given(data=st.data(), is_firehose=st.booleans())
def test_no_damage_ends_in_anything_but_garbage(data: st.DataObject, is_firehose: bool) -> None:
    said = Said(BEN, 2, record("Wanneer?", 2, parent=uri(ANNA, 1), names=[BERT]))
    body = bytearray(said.firehose() if is_firehose else said.jetstream())
    read: Reader = read_firehose if is_firehose else read_jetstream
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at] = data.draw(st.integers(0, 255))
    try:
        event = read(bytes(body), WATCHED)
    except (Garbage, Refusal):
        return
    if event is not None:
        sort_in(event, ACCOUNTS, {}, NOW)


@given(st.binary(max_size=200), st.booleans())
def test_no_bytes_end_in_anything_but_garbage(body: bytes, is_firehose: bool) -> None:
    read: Reader = read_firehose if is_firehose else read_jetstream
    try:
        read(body, WATCHED)
    except (Garbage, Refusal):
        return


def test_dids_of_other_kinds_are_watched_too() -> None:
    watched = Watched({"did:web:anna.example"})
    assert watched.is_in(b'{"did":"did:web:anna.example"}')
    assert not watched.is_in(b'{"did":"did:web:bert.example"}')
