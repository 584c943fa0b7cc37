"""The real source against the real servers: every count exact, on a seeded history.

Needs Node 20 and PostgreSQL; the first run installs npm packages, which takes
minutes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ingest.errors import AccessDenied, AccountGone
from ingest.http import Config, Http
from ingest.model import Account, Kind, Known, KnownPost, Status, Stream
from ingest.sources import bluesky
from tests.network.bluesky_network import POST

if TYPE_CHECKING:
    from tests.network.bluesky_network import Network, Person

pytestmark = [pytest.mark.bluesky_network, pytest.mark.timeout(1_800)]

OPENED = datetime(2024, 1, 1, 9, tzinfo=UTC)
FEBRUARY = datetime(2024, 2, 5, 18, 30, tzinfo=UTC)
HIDDEN = {
    "$type": "com.atproto.label.defs#selfLabels",
    "values": [{"val": "!no-unauthenticated"}],
}
Ref = dict[str, str]


@dataclass
class Seeded:
    """What was written, as the source must find it."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    received: dict[str, str] = field(default_factory=dict)  # item → asker's DID
    partial: set[str] = field(default_factory=set)
    refs: dict[str, Ref] = field(default_factory=dict)


@dataclass
class Seeder:
    """An invented alderman's half year, written through the servers' own doors."""

    network: Network
    an: Person
    bert: Person
    citizens: list[Person]
    leaver: Person
    seeded: Seeded = field(default_factory=Seeded)

    def own(self, ref: Ref, kind: Kind) -> Ref:
        self.seeded.kinds[ref["uri"]] = kind
        return ref

    def asked(self, who: Person, ref: Ref) -> Ref:
        self.seeded.received[ref["uri"]] = who.did
        return ref

    def talks(self, posts: list[Ref]) -> None:
        """Question, answer, thanks; a quarrel among citizens; an unanswered question."""
        one, two, _ = self.citizens
        n, an, root, at = self.network, self.an, posts[0], FEBRUARY
        question = self.asked(one, n.reply(one, "Komt er een fietspad?", at + hours(2), root))
        n.reply(two, "Hou op over dat fietspad", at + hours(3), question, root)
        answer = self.own(n.reply(an, "In mei!", at + hours(4), question, root), Kind.REPLY)
        self.asked(one, n.reply(one, "Dank u", at + hours(5), answer, root))
        self.asked(two, n.reply(two, "En de bus?", at + days(8), posts[1]))
        theirs = n.post(one, "De straat ligt open", at + days(9))
        visit = self.own(n.reply(an, "Ik kom kijken", at + days(10), theirs), Kind.REPLY)
        self.asked(one, n.reply(one, "Graag", at + days(11), visit, theirs))

    def deep(self, root: Ref) -> None:
        """A conversation of twenty-four turns."""
        parent = root
        for turn in range(12):
            at = FEBRUARY + days(15) + hours(turn)
            asked = self.network.reply(self.citizens[0], f"vraag {turn}", at, parent, root)
            self.asked(self.citizens[0], asked)
            later = at + timedelta(minutes=20)
            reply = self.network.reply(self.an, f"antwoord {turn}", later, asked, root)
            parent = self.own(reply, Kind.REPLY)

    def kinds(self, posts: list[Ref], other: Ref) -> None:
        """Self-thread, quote, repost, mention, import of an older post."""
        n, an, at = self.network, self.an, FEBRUARY + days(80)
        head = self.own(n.post(an, "Drie dingen. 1/2", at), Kind.POST)
        self.own(n.reply(an, "2/2", at + hours(1), head), Kind.SELF_REPLY)
        embed = {"$type": "app.bsky.embed.record", "record": other}
        self.own(n.post(an, "Helemaal mee eens", at + days(1), embed=embed), Kind.QUOTE)
        repost = n.write(an, "app.bsky.feed.repost", at + days(2), {"subject": other})
        self.own(repost, Kind.REPOST)
        text, name = "Zó 🚲: dank aan @burger1.test", "@burger1.test"
        start = text.encode().index(name.encode())
        mention = {"$type": "app.bsky.richtext.facet#mention", "did": self.citizens[0].did}
        facet = {
            "index": {"byteStart": start, "byteEnd": start + len(name)},
            "features": [mention],
        }
        thanks = n.post(an, text, at + days(3), facets=[facet], langs=["nl"])
        self.seeded.refs["mention"] = self.own(thanks, Kind.POST)
        imported = n.post(an, "Van vroeger", at + days(4), createdAt="2015-03-01T10:00:00Z")
        self.seeded.refs["imported"] = self.own(imported, Kind.POST)

    def limits(self, posts: list[Ref]) -> None:
        """A deleted post, a gate, a block, a replier who left."""
        n, an = self.network, self.an
        one, two, three = self.citizens
        gone = n.post(an, "Dit had ik niet moeten zeggen", FEBRUARY + days(60))
        n.reply(two, "Waarom niet?", FEBRUARY + days(61), gone)
        n.delete(an, gone)
        gated = posts[4]
        self.asked(one, n.reply(one, "Nog net", FEBRUARY + days(29), gated))
        rkey = gated["uri"].rpartition("/")[2]
        gate = {"post": gated["uri"], "allow": [], "createdAt": OPENED.isoformat()}
        n.put(an, "app.bsky.feed.threadgate", rkey, gate)
        n.reply(two, "Te laat", FEBRUARY + days(30), gated)
        self.seeded.refs["gated"] = gated
        blocked = n.reply(three, "Prutser", FEBRUARY + days(36), posts[5])
        calm = n.reply(an, "Rustig", FEBRUARY + days(36) + hours(1), blocked, posts[5])
        self.own(calm, Kind.REPLY)
        n.wait()
        n.write(three, "app.bsky.graph.block", FEBRUARY + days(37), {"subject": an.did})
        n.reply(self.leaver, "Ik ga weg", FEBRUARY + days(43), posts[6])
        n.wait()
        n.deactivate(self.leaver)
        self.seeded.partial |= {posts[5]["uri"], posts[6]["uri"]}


def days(count: float) -> timedelta:
    return timedelta(days=count)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


@dataclass
class Walked:
    """What one walk gave."""

    posts: dict[str, Any] = field(default_factory=dict)
    received: dict[str, Any] = field(default_factory=dict)
    threads: dict[str, Any] = field(default_factory=dict)
    spans: list[Any] = field(default_factory=list)
    cursors: dict[str, str] = field(default_factory=dict)
    status: Status | None = None
    error: Exception | None = None
    request_count: int = 0

    def known(self) -> Known:
        posts = {
            uri: KnownPost(p.created_at, None, p.is_pinned, False, p.is_deleted)
            for uri, p in self.posts.items()
        }
        now = datetime.now(UTC)
        threads = {uri: (thread.reply_count, now) for uri, thread in self.threads.items()}
        return Known(
            posts, threads, cursors=self.cursors, spans=tuple(self.spans), created_at=OPENED
        )


def walk(
    network: Network, name: str, known: Known | None = None, later: timedelta = timedelta()
) -> Walked:
    network.wait()
    config = Config(
        appview_url=network.appview_url,
        plc_url=network.plc_url,
        allow_private=True,
        now=lambda: datetime.now(UTC) + later,
    )
    account, walked = Account(name, name, "bluesky", f"{name}.test"), Walked()
    with Http(config) as http:
        try:
            for batch in bluesky.walk(account, known or Known(), http, config):
                assert not batch.quarantined
                walked.posts |= {post.uri: post for post in batch.posts}
                walked.received |= {item.uri: item for item in batch.received}
                walked.threads |= {thread.root_uri: thread for thread in batch.threads}
                walked.spans += batch.spans
                walked.cursors |= batch.cursors
                walked.status = batch.state.status if batch.state else walked.status
        except (AccountGone, AccessDenied) as error:
            walked.error = error
        walked.request_count = http.usage[name].request_count
    return walked


@pytest.fixture(scope="module")
def seeded(bluesky_network: Network) -> Seeded:
    n = bluesky_network
    an, bert = n.join("anne", OPENED), n.join("bert", OPENED)
    citizens = [n.join(f"burger{i}", OPENED) for i in (1, 2, 3)]
    seeder = Seeder(n, an, bert, citizens, n.join("vertrekker", OPENED))
    posts = [n.post(an, f"Nieuws van week {i}", FEBRUARY + days(7 * i)) for i in range(10)]
    for post in posts:
        seeder.own(post, Kind.POST)
    other = n.post(bert, "De markt verhuist", FEBRUARY + days(1))
    seeder.talks(posts)
    seeder.deep(posts[2])
    seeder.kinds(posts, other)
    seeder.limits(posts)
    return seeder.seeded


def test_every_act_is_found_with_its_kind(bluesky_network: Network, seeded: Seeded) -> None:
    walked = walk(bluesky_network, "anne")
    assert walked.error is None
    assert {uri: post.kind for uri, post in walked.posts.items()} == seeded.kinds
    assert Counter(post.kind.value for post in walked.posts.values()) == {
        "post": 13,
        "reply": 15,
        "self_reply": 1,
        "quote": 1,
        "repost": 1,
    }
    mention = walked.posts[seeded.refs["mention"]["uri"]]
    assert mention.mention_names == ("@burger1.test",)
    assert mention.mentions == (bluesky_network.people["burger1"].did,)
    restricted = {uri for uri, post in walked.posts.items() if post.is_restricted}
    assert restricted == {seeded.refs["gated"]["uri"]}
    imported = walked.posts[seeded.refs["imported"]["uri"]]
    assert imported.indexed_at - imported.created_at > days(365)


def test_every_item_received_is_found_with_its_moment(
    bluesky_network: Network, seeded: Seeded
) -> None:
    walked = walk(bluesky_network, "anne")
    assert {uri: item.author for uri, item in walked.received.items()} == seeded.received
    assert len(walked.received) == 17
    for item in walked.received.values():
        assert abs(item.indexed_at - item.created_at) < timedelta(seconds=1)
    partial = {uri for uri, thread in walked.threads.items() if thread.is_partial}
    assert partial == seeded.partial


def test_both_streams_are_proven_from_the_opening_on(
    bluesky_network: Network, seeded: Seeded
) -> None:
    walked = walk(bluesky_network, "anne")
    assert [(span.stream, span.proof) for span in walked.spans] == [
        (Stream.ACTS, "listing_to_end"),
        (Stream.RECEIVED, "listing_to_end"),
    ]
    assert {span.start_at for span in walked.spans} == {OPENED - days(1)}


def test_changes_come_as_a_difference_with_their_deletions(
    bluesky_network: Network, seeded: Seeded
) -> None:
    n = bluesky_network
    an = n.join("anne-twee", OPENED)
    posts = [n.post(an, f"bericht {i}", FEBRUARY + hours(i)) for i in range(120)]
    first = walk(n, "anne-twee")
    assert len(first.posts) == 120
    unchanged = walk(n, "anne-twee", first.known())
    assert not unchanged.posts
    assert [span.proof for span in unchanged.spans][:1] == ["unchanged"]
    new = n.post(an, "nog een", FEBRUARY + days(20))
    n.delete(an, posts[57])
    rkey = posts[80]["uri"].rpartition("/")[2]
    n.put(an, POST, rkey, {"text": "verbeterd", "createdAt": (FEBRUARY + hours(80)).isoformat()})
    changed = walk(n, "anne-twee", first.known())
    live = {uri for uri, post in changed.posts.items() if not post.is_deleted}
    gone = {uri for uri, post in changed.posts.items() if post.is_deleted}
    assert gone == {posts[57]["uri"]}
    assert {new["uri"], posts[80]["uri"]} <= live
    assert changed.posts[posts[80]["uri"]].text == "verbeterd"


def test_an_unchanged_account_costs_one_request_for_its_acts(
    bluesky_network: Network, seeded: Seeded
) -> None:
    first = walk(bluesky_network, "bert")
    again = walk(bluesky_network, "bert", first.known())
    profile, acts, counts = 1, 1, 1  # the server was looked up within a day
    assert again.request_count == profile + acts + counts


@pytest.mark.parametrize(
    ("name", "status", "error"),
    [
        ("stil", Status.DECLINED, AccessDenied),
        ("uit", Status.DEACTIVATED, AccountGone),
        ("weg", Status.SUSPENDED, AccountGone),
        ("geschorst", Status.SUSPENDED, AccountGone),
        ("niemand", None, AccountGone),
    ],
)
def test_closed_accounts_give_their_reason_and_no_span(
    bluesky_network: Network, name: str, status: Status | None, error: type[Exception]
) -> None:
    n = bluesky_network
    if name != "niemand":
        who = n.join(name, OPENED, **({"labels": HIDDEN} if name == "stil" else {}))
        n.post(who, "bericht", FEBRUARY)
        n.wait()
        close = {"uit": n.deactivate, "weg": n.take_down, "geschorst": n.suspend}.get(name)
        if close:
            close(who)
    walked = walk(n, name)
    assert isinstance(walked.error, error)
    assert "\n" not in str(walked.error)
    assert (walked.status, walked.posts, walked.spans) == (status, {}, [])
