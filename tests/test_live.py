"""A live stream on loopback that cuts, repeats, reorders and lies: what is stored stays true."""

from __future__ import annotations

import dataclasses
import random
import threading
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from ingest import live, live_socket
from ingest.errors import AccessDenied, StoreError, UnexpectedPayload
from ingest.live import Kind
from tests.live_world import ANNA, BEN, BERT, MIA, NOW, Said, World, moment, record, uri

RECEIVED = (
    "select account_id, item_key, asker_key, root_key, is_mention, is_question, indexed_at "
    "from received order by all"
)
POSTS = "select account_id, uri, kind, text, is_deleted from post order by all"
SPANS = "select account_id, start_at, end_at from span where stream = 'mentions' order by all"
TALK = [
    Said(MIA, 0, record("goedemorgen", 0)),
    Said(ANNA, 1, record("Nieuws", 1)),
    Said(BEN, 2, record("Wanneer?", 2, parent=uri(ANNA, 1))),
    Said(ANNA, 3, record("In mei", 3, parent=uri(BEN, 2))),
    Said(MIA, 4, record("Wat vindt @bert?", 4, names=[BERT])),
    Said(BEN, 5, record("Hou op", 5, parent=uri(MIA, 4))),
    Said(BERT, 6, record("Ik kijk ernaar @anna", 6, names=[ANNA])),
    Said(MIA, 7, record("dank", 7)),
]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(live_socket, "_FIRST_WAIT", 0.01)
    monkeypatch.setattr(live, "_SOON", 0.05)
    return World(tmp_path).collected()


def messages(kind: Kind, talk: list[Said] = TALK) -> list[bytes]:
    return [said.jetstream() if kind is Kind.JETSTREAM else said.firehose() for said in talk]


def naive(minutes: float) -> Any:
    return moment(minutes).replace(tzinfo=None)


both = pytest.mark.parametrize("kind", list(Kind))


@both
def test_replies_mentions_and_own_posts_are_stored(world: World, kind: Kind) -> None:
    heard, _ = world.listen([messages(kind)], kind)
    with world.store() as store:
        key = store.keys.item
        received = store.rows("select account_id, item_key, is_mention, is_question from received")
    assert set(received) == {
        ("anna-bluesky", key(uri(BEN, 2)), False, True),
        ("bert-bluesky", key(uri(MIA, 4)), True, True),
        ("anna-bluesky", key(uri(BERT, 6)), True, False),
    }
    assert [row[1:] for row in world.rows(POSTS)] == [
        (uri(ANNA, 1), "post", "Nieuws", False),
        (uri(ANNA, 3), "reply", "In mei", False),
        (uri(BERT, 6), "post", "@… kijk ernaar @…", False),
    ]
    assert (heard.received_count, heard.post_count, heard.hole_count) == (3, 3, 0)


@both
def test_mentions_are_proven_from_the_first_message_to_the_last(world: World, kind: Kind) -> None:
    world.listen([messages(kind)], kind)
    proven = [(name, naive(0), naive(7)) for name in ("anna-bluesky", "bert-bluesky")]
    assert world.rows(SPANS) == proven
    assert world.rows("select distinct stream, proof from span") == [
        ("mentions", "unbroken_stream")
    ]


@both
@pytest.mark.parametrize("seed", range(3))
def test_cut_repeated_and_reordered_messages_leave_the_same_rows(
    world: World, tmp_path: Path, kind: Kind, seed: int
) -> None:
    calm = World(tmp_path / "calm").collected()
    calm.listen([messages(kind)], kind)
    chance, told = random.Random(seed), messages(kind)
    lines: list[list[bytes]] = []
    for _ in range(4):
        line = [*told[: chance.randint(1, len(told))], *chance.sample(told, 3)]
        middle = line[1:]
        chance.shuffle(middle)
        lines.append([line[0], *middle])
    heard, server = world.listen([*lines, told], kind)
    assert heard.connection_count == 5
    keyless = RECEIVED.replace("item_key, asker_key, root_key, ", "")
    assert world.rows(POSTS) == calm.rows(POSTS)
    assert world.rows(keyless) == calm.rows(keyless)
    assert world.rows(SPANS) == calm.rows(SPANS)
    assert "cursor=" not in server.asked[0]
    assert all("cursor=" in path for path in server.asked[1:])


@both
def test_a_second_session_goes_on_from_the_cursor_without_a_hole(world: World, kind: Kind) -> None:
    told = messages(kind)
    world.listen([told[:3]], kind)
    heard, server = world.listen([told[2:]], kind)
    cursor = int(server.asked[0].rpartition("cursor=")[2])
    overlap = live._SPEECH[kind].overlap
    last = round(moment(2).timestamp() * 1_000_000) if kind is Kind.JETSTREAM else 20
    assert cursor == max(0, last - overlap)
    assert heard.hole_count == 0
    assert ("anna-bluesky", naive(0), naive(7)) in world.rows(SPANS)
    assert len(world.rows(RECEIVED)) == 3


@both
def test_garbage_ends_what_is_proven_and_a_new_stretch_begins(world: World, kind: Kind) -> None:
    told = messages(kind)
    heard, _ = world.listen([[*told[:3], b"\xff rubbish", *told[3:]]], kind)
    assert (heard.garbage_count, heard.hole_count) == (1, 1)
    anna = {(start, end) for name, start, end in world.rows(SPANS) if name == "anna-bluesky"}
    assert anna == {(naive(0), naive(2)), (naive(3), naive(7))}
    assert len(world.rows(RECEIVED)) == 3


def test_a_cursor_that_jetstream_no_longer_keeps_is_a_hole(world: World) -> None:
    told = messages(Kind.JETSTREAM)
    world.listen([told[:3]])
    late = Said(MIA, 70, record("later", 70)).jetstream()
    heard, _ = world.listen([[late, Said(MIA, 75, record("nog later", 75)).jetstream()]])
    assert heard.hole_count == 1
    anna = {(start, end) for name, start, end in world.rows(SPANS) if name == "anna-bluesky"}
    assert anna == {(naive(0), naive(2)), (naive(70), naive(75))}


def test_an_account_new_in_the_roster_is_proven_from_its_first_session_on(world: World) -> None:
    bert = world.shelf.roster.accounts[1]
    accounts = world.shelf.roster.accounts
    object.__setattr__(world.shelf.roster, "accounts", accounts[:1])
    told = messages(Kind.JETSTREAM)
    world.listen([told[:3]])
    assert {name for name, _, _ in world.rows(SPANS)} == {"anna-bluesky"}
    object.__setattr__(world.shelf.roster, "accounts", (accounts[0], bert))
    world.listen([told[3:]])
    spans = world.rows(SPANS)
    assert ("bert-bluesky", naive(2), naive(7)) in spans
    assert ("anna-bluesky", naive(0), naive(7)) in spans


def test_who_asks_not_to_be_shown_is_left_out(tmp_path: Path, world: World) -> None:
    world.hidden = frozenset({MIA})
    heard, _ = world.listen([messages(Kind.JETSTREAM)])
    assert heard.left_out_count == 1
    assert len(world.rows(RECEIVED)) == 2


def test_while_nobody_tells_who_may_be_shown_nothing_is_stored_and_nothing_lost(
    world: World,
) -> None:
    world.is_appview_down = True
    told = messages(Kind.JETSTREAM)
    world.listen([told])
    assert world.rows(RECEIVED) == []
    assert world.rows("select * from cursor_position where name like 'live%'") == []
    assert any("heard again next time" in note for note in world.notes)
    world.is_appview_down = False
    world.listen([told])
    assert len(world.rows(RECEIVED)) == 3


def test_a_store_in_use_is_waited_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    put, tries = live.Shelf.put, []

    def busy(self: live.Shelf, *args: Any) -> Any:
        tries.append(1)
        if len(tries) < 4:
            raise StoreError("store · winterslaap.duckdb: in use by another process → wait")
        return put(self, *args)

    monkeypatch.setattr(live.Shelf, "put", busy)
    world.listen([messages(Kind.JETSTREAM)], until=lambda heard: heard.received_count == 3)
    assert len(tries) >= 4
    assert sum("in use" in note for note in world.notes) == 1
    assert len(world.rows(RECEIVED)) == 3


def test_memory_is_bounded_while_the_store_is_in_use(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_WAITING", 10)
    put, is_free = live.Shelf.put, []

    def busy(self: live.Shelf, *args: Any) -> Any:
        if not is_free:
            raise StoreError("in use")
        return put(self, *args)

    monkeypatch.setattr(live.Shelf, "put", busy)
    seen: list[int] = []

    def until(heard: live.Heard) -> bool:
        seen.append(heard.message_count)
        if len(seen) == 150:  # 1.5 s later it still has not read on
            assert heard.message_count <= 11
            is_free.append(True)
        return heard.received_count == 40

    asks = [Said(BEN, n / 10, record(f"vraag {n}?", 0, names=[ANNA])) for n in range(40)]
    world.listen([messages(Kind.JETSTREAM, asks)], until=until)
    assert len(world.rows(RECEIVED)) == 40


def test_a_message_that_is_too_large_is_passed_over(world: World) -> None:
    told = messages(Kind.JETSTREAM)
    huge = b'"' + b"x" * 1_100_000 + b'"'
    heard, server = world.listen(
        [[*told[:3], huge], told[3:]], until=lambda heard: heard.message_count >= 8
    )
    assert heard.hole_count == 1
    assert "cursor=" not in server.asked[1]
    anna = {(start, end) for name, start, end in world.rows(SPANS) if name == "anna-bluesky"}
    assert anna == {(naive(0), naive(2)), (naive(3), naive(7))}


def test_an_own_post_taken_back_loses_its_text(world: World) -> None:
    told = messages(Kind.JETSTREAM)
    world.listen([told])
    gone = Said(ANNA, 8, None, key_minutes=1).jetstream()
    never = Said(ANNA, 9, None, key_minutes=0.5).jetstream()
    world.listen([[gone, never]])
    rows = world.rows(f"select text, is_deleted from post where uri = '{uri(ANNA, 1)}'")
    assert set(rows) == {(None, False), (None, True)}
    assert world.rows(f"select * from post where uri = '{uri(ANNA, 0.5)}'") == []


def test_what_a_walk_stored_before_is_no_second_row(world: World) -> None:
    told = messages(Kind.JETSTREAM)
    world.listen([told])
    before = world.rows("select count(*) from received")
    heard, _ = world.listen([told])
    assert world.rows("select count(*) from received") == before
    assert heard.received_count == 0


def test_nothing_of_a_citizen_is_in_the_files(world: World) -> None:
    world.listen([messages(Kind.JETSTREAM)])
    for file in world.data_dir.glob("winterslaap*"):
        body = file.read_bytes()
        for word in (BEN, MIA, "Wanneer?", "goedemorgen"):
            assert word.encode() not in body, f"{word} in {file.name}"


def test_nobody_is_heard_before_a_first_walk(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="collect first"):
        World(tmp_path).listen([[]])


def test_who_declined_is_not_heard(world: World) -> None:
    with world.store() as store, store.transaction() as con:
        con.execute("update account_state set status = 'declined' where account_id like 'anna%'")
    world.listen([messages(Kind.JETSTREAM)])
    assert {name for name, *_ in world.rows(RECEIVED)} == {"bert-bluesky"}
    assert {name for name, *_ in world.rows(POSTS)} == {"bert-bluesky"}


@pytest.mark.parametrize("url", ["ws://127.0.0.1:9", "ws://localhost:9", "ws://10.0.0.8/x"])
def test_a_private_address_is_not_asked(world: World, url: str) -> None:
    config = dataclasses.replace(world.shelf.config, allow_private=False)
    with pytest.raises(AccessDenied), live_socket.connected(url, config, 1000):
        pass


@pytest.mark.parametrize("url", ["https://stream.example", "ftp://stream.example", "stream"])
def test_what_is_no_stream_is_refused(world: World, url: str) -> None:
    with pytest.raises(AccessDenied), live_socket.connected(url, world.shelf.config, 1000):
        pass


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (200, UnexpectedPayload),
        (401, AccessDenied),
        (404, UnexpectedPayload),
        (429, live_socket.Broken),
        (503, live_socket.Broken),
    ],
)
def test_a_refused_connection_is_told_in_one_line(
    world: World, status: int, error: type[Exception]
) -> None:
    def refuse(connection: ServerConnection, _: Request) -> Response:
        answer = connection.respond(HTTPStatus(status), "nee")
        answer.headers["Retry-After"] = "7"
        return answer

    with serve(lambda _: None, "127.0.0.1", 0, process_request=refuse) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        with pytest.raises(error) as raised, live_socket.connected(url, world.shelf.config, 1000):
            pass
        server.shutdown()
    assert "\n" not in str(raised.value)
    if isinstance(raised.value, live_socket.Broken):
        assert raised.value.wait == 7


def test_the_clock_of_a_server_ahead_proves_no_future(world: World) -> None:
    world.now = moment(5)
    world.listen([messages(Kind.JETSTREAM)])
    assert max(end for _, _, end in world.rows(SPANS)) == naive(5)
    assert NOW - moment(5) > timedelta(0)
