"""What seldom happens, on the real servers: moves, own domains, hidden replies, live streams."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ingest import collect, roster
from ingest.collect import KEY_FILE, STORE_FILE
from ingest.http import Config, Http
from ingest.live import Heard, Kind, Listener
from ingest.live_store import Shelf
from ingest.store import Store
from tests.invented import FormText
from tests.test_bluesky_network import OPENED, Walked, days, hours, walk

if TYPE_CHECKING:
    from tests.network.bluesky_network import Network, Person

pytestmark = [pytest.mark.bluesky_network, pytest.mark.timeout(1_800)]
MARCH = datetime(2024, 3, 4, 18, 30, tzinfo=UTC)


def test_an_account_that_moved_is_listed_whole_on_its_new_server(bluesky_network: Network) -> None:
    n = bluesky_network
    mover = n.join("verhuizer", OPENED)
    old = [n.post(mover, f"voor de verhuis {i}", MARCH + hours(i)) for i in range(5)]
    first = walk(n, "verhuizer")
    assert len(first.posts) == 5
    n.move(mover)
    n.delete(mover, old[0])
    new = n.post(mover, "na de verhuis", MARCH + days(1))
    moved = walk(n, "verhuizer", first.known(), days(1.1))  # the old server goes on answering
    assert moved.error is None
    assert {uri for uri, post in moved.posts.items() if post.is_deleted} == {old[0]["uri"]}
    assert new["uri"] in moved.posts
    assert moved.spans[0].proof == "listing_to_end"
    again = walk(n, "verhuizer", after(first, moved), days(1.1))
    assert again.spans[0].proof == "unchanged"


def after(*walks: Walked) -> Any:
    """What is known after several walks."""
    last = Walked()
    for one in walks:
        last.posts |= one.posts
        last.threads |= one.threads
        last.spans += one.spans
        last.cursors |= one.cursors
    return last.known()


def test_an_account_on_its_own_domain_is_read_like_any_other(bluesky_network: Network) -> None:
    n = bluesky_network
    own = n.join_on_own_domain("eigenweb")
    assert own.did.startswith("did:web:localhost%3A")
    n.put(own, "app.bsky.actor.profile", "self", {"createdAt": OPENED.isoformat()})
    post = n.post(own, "op mijn eigen adres", MARCH)
    asker = n.join("vrager", OPENED)
    question = n.reply(asker, "Is dat moeilijk?", MARCH + hours(1), post)
    walked = walk(n, "eigenweb")
    assert walked.error is None
    assert set(walked.posts) == {post["uri"]}
    assert set(walked.received) == {question["uri"]}


def test_a_reply_that_the_person_hid_is_received_all_the_same(bluesky_network: Network) -> None:
    n = bluesky_network
    host, asker = n.join("verberger", OPENED), n.join("lastig", OPENED)
    post = n.post(host, "Stelling", MARCH)
    hidden = n.reply(asker, "En de rekening?", MARCH + hours(1), post)
    rkey = post["uri"].rpartition("/")[2]
    gate = {"post": post["uri"], "createdAt": OPENED.isoformat(), "hiddenReplies": [hidden["uri"]]}
    n.put(host, "app.bsky.feed.threadgate", rkey, gate)
    walked = walk(n, "verberger")
    assert set(walked.received) == {hidden["uri"]}
    assert not walked.posts[post["uri"]].is_restricted
    assert [thread.is_partial for thread in walked.threads.values()] == [False]


@pytest.fixture
def council(bluesky_network: Network, tmp_path: Path) -> Council:
    n = bluesky_network
    folder = tmp_path / "rosters" / "voorbeeldstad"
    folder.mkdir(parents=True)
    number = len(n.people)  # the network lives longer than one test
    names = (f"live-anna{number}", f"live-bert{number}")
    for name in names:
        n.join(name, OPENED)
        n.post(n.people[name], "eerste", MARCH)
    (folder / "people.csv").write_text(
        "person_id,name,is_invented\n" + "".join(f"{name},{name},yes\n" for name in names)
    )
    (folder / "accounts.csv").write_text(
        "account_id,person_id,platform,handle\n"
        + "".join(f"{name},{name},bluesky,{name}.test\n" for name in names)
    )
    n.wait()
    return Council(n, tmp_path, names)


class Council:
    """Two watched accounts on the real servers, collected, and who listens to them."""

    def __init__(self, network: Network, data_dir: Path, names: tuple[str, str]) -> None:
        self.network, self.data_dir = network, data_dir
        self.anna, self.bert = (network.people[name] for name in names)
        self.config = Config(
            appview_url=network.appview_url, plc_url=network.plc_url, allow_private=True
        )
        self.roster = roster.read(data_dir)
        report = self.collect()
        assert report.status == "complete", report.message

    def collect(self) -> Any:
        self.network.wait()
        return collect.run(self.data_dir, self.roster, self.config, text_step=FormText())

    @contextmanager
    def listening(self) -> Iterator[Heard]:
        """Somebody listens to the server's raw stream until everything written came."""
        url = self.network.pds_url.replace("http", "ws")
        shelf = Shelf(self.data_dir, self.roster, FormText(), self.config, "firehose pds")
        stop = threading.Event()
        with Http(self.config) as http:
            listener = Listener(shelf, Kind.FIREHOSE, url, http, stop)
            thread = threading.Thread(target=listener.run)
            thread.start()
            until(lambda: listener.heard.connection_count == 1)
            time.sleep(0.3)  # the server reads its own end before it sends what is new
            try:
                yield listener.heard
                self.network.wait()
                last = -1
                while last != listener.heard.message_count:
                    last = listener.heard.message_count
                    time.sleep(0.5)
            finally:
                stop.set()
                thread.join(30)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        key = (self.data_dir / KEY_FILE).read_bytes()
        with Store(self.data_dir / STORE_FILE, key) as store:
            return store.rows(query)

    def key(self, uri: str) -> int:
        key = (self.data_dir / KEY_FILE).read_bytes()
        with Store(self.data_dir / STORE_FILE, key) as store:
            return store.keys.item(uri)


def until(is_so: Any) -> None:
    give_up_at = time.monotonic() + 30
    while not is_so() and time.monotonic() < give_up_at:
        time.sleep(0.02)
    assert is_so()


def mention(who: Person) -> list[dict[str, Any]]:
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": who.did}
    return [{"index": {"byteStart": 0, "byteEnd": 5}, "features": [feature]}]


def test_the_raw_stream_gives_mentions_replies_and_own_items_exactly(council: Council) -> None:
    n = council.network
    anna, bert = council.anna, council.bert
    citizen, shy = n.join("live-burger", OPENED), n.join("live-stil", OPENED)
    hidden = {
        "$type": "com.atproto.label.defs#selfLabels",
        "values": [{"val": "!no-unauthenticated"}],
    }
    n.put(shy, "app.bsky.actor.profile", "self", {"labels": hidden})
    n.wait()
    now = datetime.now(UTC)
    with council.listening() as heard:
        post = n.post(anna, "Nieuws", now)
        reply = n.post(citizen, "Wanneer?", now, reply={"parent": post, "root": post})
        named = n.post(citizen, "@anna wat vindt u?", now, facets=mention(anna))
        quarrel = n.post(shy, "hou op", now, reply={"parent": reply, "root": post})
        n.post(shy, "@bert hallo", now, facets=mention(bert))
        answer = n.post(bert, "@anna ja", now, facets=mention(anna))
        gone = n.post(anna, "te snel", now + timedelta(seconds=1))
        n.delete(anna, gone)
    assert heard.hole_count == heard.garbage_count == 0
    assert (heard.received_count, heard.left_out_count) == (3, 1)
    received = council.rows("select account_id, item_key, is_mention from received")
    named_anna = anna.handle.removesuffix(".test")
    assert set(received) == {
        (named_anna, council.key(reply["uri"]), False),
        (named_anna, council.key(named["uri"]), True),
        (named_anna, council.key(answer["uri"]), True),
    }
    posts = {uri for (uri,) in council.rows("select uri from post where text <> 'eerste'")}
    assert posts == {post["uri"], answer["uri"]}
    assert council.key(quarrel["uri"]) not in {key for _, key, _ in received}


def test_what_happened_while_nobody_listened_comes_from_the_cursor(council: Council) -> None:
    n = council.network
    anna, citizen = council.anna, n.join("live-later", OPENED)
    n.wait()
    with council.listening():
        n.post(citizen, "@anna een", datetime.now(UTC), facets=mention(anna))
    n.post(citizen, "@anna twee", datetime.now(UTC), facets=mention(anna))
    n.wait()
    began = datetime.now(UTC).replace(tzinfo=None)
    with council.listening() as heard:
        n.post(citizen, "@anna drie", datetime.now(UTC), facets=mention(anna))
    assert (heard.received_count, heard.hole_count) == (2, 0)
    spans = council.rows(
        "select start_at, end_at from span where stream = 'mentions' and account_id like '%anna%'"
    )
    first = min(start for start, _ in spans)
    assert any(start == first and end > began for start, end in spans)


def test_a_walk_after_the_stream_adds_only_what_the_stream_could_not_tell(
    council: Council,
) -> None:
    n = council.network
    anna, citizen = council.anna, n.join("live-dubbel", OPENED)
    n.wait()
    with council.listening():
        now = datetime.now(UTC)
        post = n.post(anna, "Nieuws", now)
        n.post(citizen, "Wanneer?", now, reply={"parent": post, "root": post})
    assert council.rows("select count(*) from received") == [(1,)]
    council.collect()
    council.collect()
    assert council.rows("select count(distinct item_key) from received") == [(1,)]
    assert council.rows("select count(*) from received")[0][0] <= 2
    told = f"select is_restricted from post where uri = '{post['uri']}' order by seen_at"
    assert council.rows(told) == [(None,), (False,)]  # who may reply stands in a record of its own
