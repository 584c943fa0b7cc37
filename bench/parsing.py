"""Pages read per second: repositories, statuses and feeds, next to the usual tools.

The same job means for a repository: every post in the order of its key, with its address,
its typed fields, the moments of its claim and of its key, whether it is a post, a reply, a
quote or part of an own thread, and whose it answers. Ours checks each block against its
hash beside that; the SDK does not, and its blocks no longer can be. For statuses it means
the library's own objects of a page that came, for feeds feedparser's, without a network.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import libipld

from bench import peers
from bench.figure import Figure
from ingest.demo import repo as writer
from ingest.errors import AccessDenied
from ingest.http import Config
from ingest.model import Account, Known, Page
from ingest.sources import bluesky, feeds, mastodon
from tests import recorded_pages
from tests.bluesky_world import ACCOUNT, World

FIXTURES = Path(__file__).parents[1] / "tests" / "fixtures"
RECORDS, PAGES, PER_PAGE, PER_FEED = 5_000, 40, 40, 200
DID = "did:plc:annaannaannaannaannaanna"
START = datetime(2023, 6, 1, tzinfo=UTC)
NOW = datetime(2025, 6, 1, tzinfo=UTC)
POST = "app.bsky.feed.post"
TEXT = "de raad keurt het plan voor het plein goed en wij gaan nu aan het werk met de straat"
FASTER, LONG, MOST_MEGABYTES = 3, 200_000, 200
ROUNDS = 3


def figures() -> list[Figure]:
    """Posts per CPU-second of each source against the library a user would take; memory."""
    ours, same, less = _repository_rates()
    return [
        _against("posts of a Bluesky repository", ours, "atproto SDK, the same job", same),
        Figure(
            *("read the same, per CPU-second", ours, "posts/s", "not slower", ours >= less),
            *("atproto SDK, models alone: no address, order or moment", less, ours / less),
        ),
        _against("Mastodon statuses", _statuses(), "Mastodon.py", _mastodon_py()),
        _feed_items(),
        _messages(),
        _memory(),
    ]


def _against(what: str, ours: float, peer: str, theirs: float) -> Figure:
    ratio, aim = ours / theirs, f"≥ {FASTER}× the peer"
    what = f"read {what}, per CPU-second"
    return Figure(what, ours, "posts/s", aim, ratio >= FASTER, peer, theirs, ratio)


def repository(count: int) -> bytes:
    """A repository file: of ten posts three are replies, one a quote and one names somebody."""
    records = {}
    for number in range(count):
        at = START + timedelta(seconds=300 * number)
        key = writer.tid(round(at.timestamp() * 1_000_000), 7)
        record = {"$type": POST, "text": f"{number}: {TEXT}", "langs": ["nl"]}
        record["createdAt"] = at.isoformat().replace("+00:00", "Z")
        other = f"at://did:plc:ben{number % 999:021d}/{POST}/{key}"
        place = {"uri": other, "cid": writer.cid_text(writer.cid_of(other.encode()))}
        if number % 10 in {0, 3, 6}:
            record["reply"] = {"root": place, "parent": place}
        elif number % 10 == 1:
            record["embed"] = {"$type": "app.bsky.embed.record", "record": place}
        elif number % 10 == 2:
            named = {"$type": "app.bsky.richtext.facet#mention", "did": other[5:37]}
            record["facets"] = [{"index": {"byteStart": 0, "byteEnd": 2}, "features": [named]}]
        records[f"{POST}/{key}"] = libipld.encode_dag_cbor(record)
    return writer.write(DID, records, writer.tid(1_750_000_000_000_000, 1)).car()


def _repository_rates() -> tuple[float, float, float]:
    """Ours and the SDK's, in turns: other work on the machine slows all of them."""
    ways = (_car, _sdk, _sdk_models)
    rounds = [[way() for way in ways] for _ in range(ROUNDS)]
    ours, same, less = (max(rates) for rates in zip(*rounds, strict=True))
    return ours, same, less


def _car() -> float:
    account = Account("anna-bluesky", "anna", "bluesky", DID)
    page = Page("repo", "https://pds.example", repository(RECORDS), NOW, {"did": DID})
    return _rate(RECORDS, lambda: len(bluesky.parse(page, account).posts))


def _sdk() -> float:
    body = repository(RECORDS)
    return _rate(RECORDS, lambda: len(peers.sdk_posts(body, DID)))


def _sdk_models() -> float:
    body = repository(RECORDS)
    return _rate(RECORDS, lambda: len(peers.sdk_models(body)))


def _listing() -> tuple[Page, Account]:
    """A recorded page, grown to the size that servers give."""
    path = FIXTURES / "mastodon" / "mastodon_statuses.page.json"
    page, account = recorded_pages.read(path)
    recorded = json.loads(page.body)
    found = []
    for number in range(PER_PAGE):
        status = json.loads(json.dumps(recorded[number % len(recorded)]))
        status["id"] = str(112_000_000_000_000_000 + number)
        status["uri"] = status["uri"].rpartition("/")[0] + f"/{status['id']}"
        found.append(status)
    body = json.dumps(found).encode()
    return Page(page.kind, page.url, body, page.fetched_at, page.context), account


def _statuses() -> float:
    page, account = _listing()
    kept = len(mastodon.parse(page, account).posts)
    if kept < PER_PAGE // 2:
        raise RuntimeError(f"only {kept} of {PER_PAGE} statuses were read")

    def read() -> int:
        for _ in range(PAGES):
            mastodon.parse(page, account)
        return PAGES * PER_PAGE

    return _rate(PAGES * PER_PAGE, read)


def _mastodon_py() -> float:
    page, _ = _listing()
    told = page.context
    client = peers.mastodon_py(told["base"], page.body)

    def read() -> int:
        return sum(len(client.account_statuses(told["account_id"])) for _ in range(PAGES))

    return _rate(PAGES * PER_PAGE, read)


def _feed_items() -> Figure:
    """Ours reads with feedparser too; what it adds may not cost much."""
    import feedparser

    items = "".join(
        f"<item><title>Bericht {n}</title><link>https://blog.example/{n}</link>"
        f"<guid>https://blog.example/{n}</guid><description>&lt;p&gt;{TEXT}&lt;/p&gt;</description>"
        f"<pubDate>{(START + timedelta(days=n)).strftime('%a, %d %b %Y %H:%M:%S +0000')}</pubDate>"
        "</item>"
        for n in range(PER_FEED)
    )
    body = (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Blog</title>'
        f"<link>https://blog.example/</link>{items}</channel></rss>"
    ).encode()
    account = Account("anna-blog", "anna", "feeds", "https://blog.example/feed")
    page = Page("feed", "https://blog.example/feed", body, NOW, {"content_type": "text/xml"})
    ours = _rate(PER_FEED, lambda: len(feeds.parse(page, account).posts))
    bare = _rate(PER_FEED, lambda: len(feedparser.parse(body).entries))
    ratio, aim = ours / bare, "≥ 0.7× the peer, which it uses"
    what = "read feed items, per CPU-second"
    return Figure(what, ours, "posts/s", aim, ratio >= 0.7, "feedparser alone", bare, ratio)


def _messages() -> Figure:
    """Jetstream's messages, one in a hundred about somebody watched; all posts are ~50 a second."""
    from ingest.live_events import Watched, read_jetstream
    from ingest.live_items import Found, sort_in
    from tests.live_world import ANNA, BEN, MIA, Said, record

    told = [
        Said(
            BEN, n / 100, record(TEXT, n / 100, names=[ANNA] if n % 100 == 0 else [MIA])
        ).jetstream()
        for n in range(RECORDS)
    ]
    accounts = {ANNA: "anna", **{f"did:plc:{n:024d}": f"account-{n}" for n in range(300)}}
    watched = Watched(accounts.keys())

    def read() -> int:
        found: dict[str, Found] = {}
        for message in told:
            event = read_jetstream(message, watched)
            if event is not None:
                sort_in(event, accounts, found, NOW)
        return RECORDS if len(found["anna"]) == RECORDS // 100 else 0

    rate = _rate(RECORDS, read)
    what = "live messages sorted, 301 accounts watched, per CPU-second"
    return Figure(what, rate, "messages/s", "≥ 2,000", rate >= 2_000)


def _memory() -> Figure:
    """The most memory that processes of their own took for a very long history."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "repo.car"
        _apart(f"from bench.parsing import *; Path({str(file)!r}).write_bytes(repository({LONG}))")
        tell = "; from bench.figure import peak_megabytes; print(peak_megabytes())"
        ours = float(_apart(f"from bench.parsing import *; walk_long({str(file)!r})" + tell))
        whole = f"import libipld; car = libipld.decode_car(open({str(file)!r}, 'rb').read())"
        theirs = float(_apart(whole + tell))
    what = f"memory for the walk of a repository of {LONG:,} posts"
    aim = f"≤ {MOST_MEGABYTES} MB"
    is_reached = ours <= MOST_MEGABYTES
    return Figure(what, ours, "MB", aim, is_reached, "libipld.decode_car", theirs, theirs / ours)


def walk_long(file: str) -> None:
    """The source's own walk over a file that comes in pieces, up to its first count of replies."""
    world = World(did=DID)
    world.moods["com.atproto.sync.getRepo"] = lambda _: httpx.Response(200, content=_pieces(file))
    world.moods["app.bsky.feed.getPosts"] = lambda _: httpx.Response(401)
    config = Config(now=lambda: NOW)
    count = 0
    with world.client(config) as http, suppress(AccessDenied):
        for batch in bluesky.walk(ACCOUNT, Known(), http, config):
            count += len(batch.posts)
    if count != LONG:
        raise RuntimeError(f"{count} of {LONG} posts came")


def _pieces(file: str) -> Iterator[bytes]:
    with Path(file).open("rb") as opened:
        while piece := opened.read(65_536):
            yield piece


def _apart(code: str) -> str:
    """What a fresh process prints."""
    command, root = [sys.executable, "-c", code], Path(__file__).parents[1]
    answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)  # noqa: S603
    return answer.stdout


def _rate(count: int, read: Callable[[], int]) -> float:
    """Items per CPU-second, the best of three; RuntimeError if not all came.

    What stands in memory before is kept from the garbage collector: else a peer pays for
    the classes it imports, or we do for those of a peer.
    """
    best = float("inf")
    for _ in range(3):
        gc.collect()
        gc.freeze()
        began = time.process_time()
        found = read()
        best = min(best, time.process_time() - began)
        if found != count:
            raise RuntimeError(f"{found} of {count} items came")
    return count / best
