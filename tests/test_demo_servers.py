"""The demo's Mastodon and blogs; and the real sources read exactly what there was."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path

import feedparser
import pytest

from ingest import roster
from ingest.demo import prepare
from ingest.demo.clock import DAY, local_day
from ingest.demo.council import SHALLOW_ITEMS
from ingest.demo.feeds import guid_of
from ingest.demo.mastodon import Instance, status_id, url_of
from ingest.demo.people import BLOG_HOST, MASTODON_HOST
from ingest.demo.roster_files import write_roster
from ingest.demo.run import serve_council
from ingest.demo.world import Voice
from ingest.errors import RosterError, SourceError, SourceUnavailable
from ingest.http import Config, Http
from ingest.model import Account, Batch, Kind, Known, Post, Received
from tests.demo_visitor import COUNCIL, Visitor, shown_items, voice_of

MASTODON = f"https://{MASTODON_HOST}"


@pytest.fixture(scope="module")
def visitor() -> Iterator[Visitor]:
    with serve_council() as config, Http(config) as http:
        yield Visitor(http, config)


MASTODON_VOICES = [v for v in COUNCIL.accounts if v.platform == "mastodon" and v.status == "active"]


@pytest.mark.parametrize("voice", MASTODON_VOICES[:4], ids=lambda v: v.voice_id)
def test_following_the_link_header_gives_every_public_status_once(
    visitor: Visitor, voice: Voice
) -> None:
    owner = visitor.json(f"{MASTODON}/api/v1/accounts/lookup", acct=voice.user)
    url = f"{MASTODON}/api/v1/accounts/{owner['id']}/statuses?limit=40"
    seen: list[str] = []
    sizes = []
    while url:
        reply = visitor.get(url)
        page = json.loads(reply.body)
        seen += [status["id"] for status in page]
        sizes.append(len(page))
        link = reply.headers.get("link", "")
        url = link.partition("<")[2].partition(">")[0] if 'rel="next"' in link else ""
    assert seen == [status_id(item) for item in reversed(shown_items(voice))]
    assert 0 < min(sizes[:-2]) < 40, "posts for followers only make some pages short"
    assert sizes[-1] == 0


def test_web_finger_finds_the_account(visitor: Visitor) -> None:
    voice = MASTODON_VOICES[0]
    found = visitor.json(f"{MASTODON}/.well-known/webfinger", resource=f"acct:{voice.handle}")
    assert found["subject"] == f"acct:{voice.handle}"
    assert any(link["rel"] == "self" for link in found["links"])


def test_an_unknown_mastodon_account_is_not_found(visitor: Visitor) -> None:
    assert visitor.get(f"{MASTODON}/api/v1/accounts/lookup", acct="niemand").status == 404
    assert visitor.get(f"{MASTODON}/api/v1/statuses/1/context").status == 404


def test_a_suspended_account_says_so_and_lists_nothing(visitor: Visitor) -> None:
    voice = voice_of("suspended", "mastodon")
    owner = visitor.json(f"{MASTODON}/api/v1/accounts/lookup", acct=voice.user)
    assert owner["suspended"] is True
    assert visitor.json(f"{MASTODON}/api/v1/accounts/{owner['id']}/statuses") == []


def test_every_mastodon_answer_carries_rate_limit_headers(visitor: Visitor) -> None:
    headers = visitor.get(f"{MASTODON}/api/v1/accounts/lookup", acct="niemand").headers
    assert int(headers["x-ratelimit-remaining"]) > 0
    assert datetime.fromisoformat(headers["x-ratelimit-reset"]).tzinfo is not None


def test_posts_for_followers_only_are_nowhere() -> None:
    instance = Instance(COUNCIL)
    private = [item for item in COUNCIL.items if item.visibility == "private"]
    assert private
    assert not any(instance.public(status_id(item)) for item in private)


def test_a_context_is_cut_for_anonymous_callers() -> None:
    item = max(
        (i for i in COUNCIL.items if i.voice in MASTODON_VOICES),
        key=lambda i: len(COUNCIL.replies_to(i)),
    )
    whole = Instance(COUNCIL).context(item)["descendants"]
    cut = Instance(COUNCIL, max_descendants=3).context(item)["descendants"]
    assert len(whole) > 3
    assert cut == whole[:3]


def test_a_status_of_another_instance_keeps_its_own_address() -> None:
    item = next(
        i for i in COUNCIL.items if i.voice.platform == "mastodon" and i.voice.host == "elders.test"
    )
    status = Instance(COUNCIL).status(item)
    assert status["account"]["acct"] == item.voice.handle
    assert status["url"] == url_of(item)
    assert status["url"].startswith("https://elders.test/@")


def test_the_shallow_feed_shows_its_last_ten_items(visitor: Visitor) -> None:
    voice = voice_of("shallow_feed", "feeds")
    entries = feedparser.parse(visitor.get(voice.handle).body)["entries"]
    items = COUNCIL.items_of(voice.voice_id)[: -SHALLOW_ITEMS - 1 : -1]
    assert [entry["id"] for entry in entries] == [guid_of(item) for item in items]


def test_an_unchanged_feed_answers_304(visitor: Visitor) -> None:
    voice = voice_of("shallow_feed", "feeds")
    etag = visitor.get(voice.handle).headers["etag"]
    assert visitor.get(voice.handle, headers={"If-None-Match": etag}).status == 304


def test_the_archives_of_the_atom_feed_lead_back_to_its_first_post(visitor: Visitor) -> None:
    voice = voice_of("french_speaker", "feeds")
    url, seen = voice.handle, dict.fromkeys(list[str]())
    while url:
        document = feedparser.parse(visitor.get(url).body)
        assert not document["bozo"]
        seen |= dict.fromkeys(entry["id"] for entry in document["entries"])
        links = {link["rel"]: link["href"] for link in document["feed"]["links"]}
        url = links.get("prev-archive", "")
    assert list(seen) == [guid_of(i) for i in reversed(COUNCIL.items_of(voice.voice_id))]


def test_the_pages_of_the_wordpress_feed_and_its_interface_hold_the_same_posts(
    visitor: Visitor,
) -> None:
    voice = voice_of("blogger", "feeds")
    paged: list[str] = []
    number = 1
    while (reply := visitor.get(voice.handle, paged=str(number))).status == 200:
        paged += [entry["id"] for entry in feedparser.parse(reply.body)["entries"]]
        number += 1
    base = f"https://{BLOG_HOST}/{voice.user}/wp-json/wp/v2/posts"
    first = visitor.get(base, per_page="100", page="1")
    rest = [
        post["guid"]["rendered"]
        for page in range(1, int(first.headers["x-wp-totalpages"]) + 1)
        for post in visitor.json(base, per_page="100", page=str(page))
    ]
    expected = [guid_of(i) for i in reversed(COUNCIL.items_of(voice.voice_id))]
    assert paged == rest == expected
    assert int(first.headers["x-wp-total"]) == len(expected)
    assert visitor.get(base, page="999").status == 400


def test_the_front_page_names_the_feed(visitor: Visitor) -> None:
    voice = voice_of("blogger", "feeds")
    page = visitor.get(f"https://{BLOG_HOST}/{voice.user}/").body.decode()
    assert f'type="application/rss+xml" href="{voice.handle}"' in page


def test_without_the_map_the_invented_hosts_lead_nowhere(visitor: Visitor) -> None:
    config = Config(allow_private=True, attempt_count=1)
    with Http(config) as http, pytest.raises(SourceUnavailable):
        http.get(f"{MASTODON}/", source="demo", account="visitor")


def _walk(account: Account, visitor: Visitor) -> list[Batch]:
    """What a real source makes of an account; a refusal ends it."""
    source = import_module(f"ingest.sources.{account.platform}")
    batches = []
    try:
        for batch in source.walk(account, Known(), visitor.http, visitor.config):
            batches.append(batch)  # noqa: PERF402 - what came before an error counts
    except SourceError:
        pass
    return batches


def _acts(posts: dict[str, Post]) -> Counter[tuple[str, str]]:
    """How many acts of each kind fall on each local day, as METHOD §0.8 counts them."""
    counted: Counter[tuple[str, str]] = Counter()
    for post in posts.values():
        at = _at(post)
        if post.created_at and post.indexed_at and (post.indexed_at - post.created_at).days >= 1:
            continue
        word = {Kind.SELF_REPLY: "post"}.get(post.kind, str(post.kind))
        if post.kind is Kind.SELF_REPLY and at - _at(posts[post.parent_uri or ""]) <= DAY:
            word = "thread"
        counted[word, str(local_day(int(at)))] += 1
    return counted


def _at(post: Post) -> float:
    assert post.created_at is not None
    return post.created_at.timestamp()


@pytest.mark.local_days
@pytest.mark.parametrize("platform", ["bluesky", "mastodon", "feeds"])
def test_what_the_real_sources_read_is_what_there_was(
    platform: str, visitor: Visitor, tmp_path: Path
) -> None:
    write_roster(tmp_path)
    accounts = [a for a in roster.read(tmp_path).accounts if a.platform == platform]
    days = [day for day in COUNCIL.truth() if day.is_shown]
    assert accounts
    for account in accounts:
        batches = _walk(account, visitor)
        posts = {post.uri: post for batch in batches for post in batch.posts}
        received: dict[str, Received] = {
            item.uri: item for batch in batches for item in batch.received
        }
        expected: Counter[tuple[str, str]] = Counter()
        expected_received: Counter[str] = Counter()
        for day in days:
            if day.account_id == account.account_id:
                on = str(day.on_day)
                expected["post", on] += day.posts + day.crossposts
                expected["thread", on] += day.threads
                expected["reply", on] += day.replies
                expected["quote", on] += day.quotes
                expected["repost", on] += day.reposts
                expected_received[on] += day.received
        found = Counter(
            str(local_day(int(item.created_at.timestamp())))
            for item in received.values()
            if item.created_at and not item.is_mention
        )
        assert _acts(posts) == +expected, account.account_id
        assert found == +expected_received, account.account_id
        assert not any(batch.quarantined for batch in batches)


def test_prepare_writes_the_roster_and_serves_it(tmp_path: Path) -> None:
    with prepare(tmp_path) as config:
        found = roster.read(tmp_path)
        hosts = {a.handle.rpartition("@")[2] for a in found.accounts if a.platform == "mastodon"}
        assert hosts <= config.host_map.keys()
        assert config.now() == config.now()
        assert all(address.startswith("http://127.0.0.1:") for address in config.host_map.values())


def test_the_demo_stays_away_from_a_folder_with_a_real_council(tmp_path: Path) -> None:
    (tmp_path / "rosters" / "heist").mkdir(parents=True)
    with pytest.raises(RosterError, match="a folder of its own"), prepare(tmp_path):
        pass
    assert not (tmp_path / "rosters" / "voorbeeldstad").exists()
