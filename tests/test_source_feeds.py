from __future__ import annotations

import gzip
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import httpx
import pytest

from ingest import roster
from ingest.collect import run
from ingest.errors import (
    AccessDenied,
    AccountGone,
    SourceError,
    SourceUnavailable,
    UnexpectedPayload,
)
from ingest.http import Config
from ingest.model import Account, Kind, Span, Stream
from ingest.sources import feeds
from ingest.status import status as status_of
from tests import recorded_pages
from tests.feed_server import AN, FEED, SITE, WORDPRESS, Blog, Item, day
from tests.invented import FormText
from tests.walking import NOW, Handler, Memory


def until(number: float) -> datetime:
    """What a feed fetched on that day is known until: it may come out of a cache."""
    return day(number) - timedelta(hours=1)


def walk(handler: Handler, memory: Memory | None = None, at: float = 100, **more: object) -> Memory:
    return (memory or Memory()).walk(feeds, AN, handler, day(at), **more)


def acts(memory: Memory) -> list[Span]:
    return memory.new_spans[Stream.ACTS]


def answering(body: bytes, **headers: str) -> Handler:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: httpx.Response(200, content=body, headers=named)


def test_a_feed_is_known_from_its_oldest_item_on() -> None:
    found = walk(Blog().write(*range(25)))
    assert len(found.posts) == 10
    assert acts(found) == [Span(Stream.ACTS, day(15), until(100), "listing_to_end")]
    assert {post.kind for post in found.posts.values()} == {Kind.POST}


def test_a_feed_shows_acts_and_nothing_else() -> None:
    found = walk(Blog().write(1))
    assert found.state is not None
    shows = found.state.shows
    assert (shows.acts, shows.replies, shows.full_history) == (True, False, False)
    assert not shows.received_under_own_posts
    assert not shows.received_mentions


def test_a_later_walk_that_meets_a_stored_item_proves_the_time_between() -> None:
    blog = Blog().write(*range(25))
    found = walk(blog)
    walk(blog.write(105), found, 110)
    (span,) = acts(found)
    assert (span.start_at, span.end_at, span.proof) == (day(16), until(110), "overlap")


def test_a_window_that_has_moved_on_leaves_a_hole() -> None:
    blog = Blog().write(*range(10))
    found = walk(blog, at=20)
    walk(blog.write(*range(30, 50)), found, 60)
    (span,) = acts(found)
    assert (span.start_at, span.proof) == (day(40), "listing_to_end")
    assert found.spans[0].end_at == until(20)
    assert any(note.startswith("hole between 2024-01-21 and 2024-02-10") for note in found.notes)


def test_an_unchanged_feed_costs_one_small_answer_and_extends_what_is_known() -> None:
    blog = Blog(has_etag=True).write(*range(5))
    found = walk(blog)
    walk(blog, found, 130)
    (span,) = acts(found)
    assert (span.end_at, span.proof) == (until(130), "unchanged")
    assert span.start_at <= day(100)
    assert len(found.asked) == 1
    assert not found.new_posts


def test_a_cached_feed_is_known_only_until_it_was_cached() -> None:
    blog = Blog().write(*range(5))
    found = walk(answering(blog.document(blog.items, 1, False), age=str(5 * 3600)))
    assert acts(found)[0].end_at == day(100) - timedelta(hours=5)


def test_a_feed_that_was_unchanged_and_then_changes_is_read_again() -> None:
    blog = Blog(has_etag=True).write(*range(5))
    found = walk(walk_twice := blog)
    walk(walk_twice, found, 130)
    walk(blog.write(131), found, 140)
    assert len(found.posts) == 6


def test_a_304_that_nobody_asked_for_is_not_taken_for_proof() -> None:
    found = walk(lambda _: httpx.Response(304))
    assert isinstance(found.error, UnexpectedPayload)
    assert not found.spans


def test_the_etag_of_a_document_that_broke_off_is_not_kept() -> None:
    whole = Blog(window=3).write(1, 2, 3).document(Blog().write(1, 2, 3).items, 1, False)
    found = walk(answering(whole[:-60], etag='"1"'))
    assert found.cursors["feed_etag"] == ""
    assert len(found.posts) == 3


@pytest.mark.parametrize("paging", ["next", "archive", "wordpress"])
def test_what_the_publisher_keeps_is_read_to_its_end(paging: str) -> None:
    found = walk(Blog(paging=paging).write(*range(35)))
    assert len(found.posts) == 35
    assert acts(found) == [Span(Stream.ACTS, day(0), until(100), "listing_to_end")]
    assert found.state is not None
    assert found.state.shows.full_history


@pytest.mark.parametrize("paging", ["next", "archive", "wordpress"])
def test_a_history_that_was_read_is_not_read_again(paging: str) -> None:
    blog = Blog(paging=paging).write(*range(35))
    found = walk(blog)
    walk(blog.write(101), found, 110)
    assert len(found.asked) == 1
    assert len(found.posts) == 36


@pytest.mark.parametrize("paging", ["next", "archive", "wordpress"])
def test_a_hole_is_filled_from_older_documents(paging: str) -> None:
    blog = Blog(paging=paging).write(*range(35))
    found = walk(blog, at=40)
    walk(blog.write(*range(50, 75)), found, 80)
    assert len(found.posts) == 60
    assert len(found.asked) == 3
    assert acts(found)[0].proof == "overlap"
    assert acts(found)[0].start_at < day(35)


def test_a_json_feed_is_followed_to_its_older_pages() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params.get("page", 1))
        items = [
            {"id": f"{SITE}/{n}", "content_text": "Tekst", "date_published": day(n).isoformat()}
            for n in range(40 - 10 * page, 50 - 10 * page)[::-1]
        ]
        older = {"next_url": f"?page={page + 1}"} if page < 4 else {}
        told = {"version": "https://jsonfeed.org/version/1.1", "title": "An", "items": items}
        return httpx.Response(200, json=told | older)

    found = walk(handler)
    assert len(found.posts) == 40
    assert len(found.asked) == 4
    assert acts(found) == [Span(Stream.ACTS, day(0), until(100), "listing_to_end")]


def test_an_archive_that_repeats_the_current_items_is_followed_to_older_ones() -> None:
    blog = Blog(paging="archive").write(*range(25))

    def handler(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("page", 1))
        shown = blog.items[:10] if number < 3 else blog.items[10:]
        return httpx.Response(200, content=blog.document(shown, number, has_more=number < 3))

    found = walk(handler)
    assert len(found.asked) == 3
    assert len(found.posts) == 25
    assert acts(found)[0].start_at == day(0)


def test_a_wordpress_that_ignores_the_page_number_has_only_a_window() -> None:
    page = Blog(window=10, paging="wordpress").write(*range(10))
    found = walk(answering(page.document(page.items, 1, False)))
    assert len(found.asked) == 2
    assert found.cursors["feed_history"] == "window"


def test_a_broken_chain_of_archives_leaves_what_was_reached_and_is_tried_again() -> None:
    blog = Blog(paging="archive", has_etag=True, failing={"page=3": 404}).write(*range(45))
    found = walk(blog)
    assert found.error is None
    assert acts(found)[0].start_at == day(25)
    assert any("older items cannot be read" in note for note in found.notes)
    blog.failing = {}
    walk(blog, found, 101)
    assert len(found.posts) == 45
    assert acts(found)[0].start_at == day(0)


def test_a_walk_cut_in_the_archives_proves_what_it_reached_and_moves_no_cursor() -> None:
    found = walk(Blog(paging="next", failing={"page=3": 500}).write(*range(45)))
    assert isinstance(found.error, SourceUnavailable)
    assert acts(found)[0].start_at == day(25)
    assert not found.cursors


def test_archives_that_lead_in_a_circle_come_to_an_end() -> None:
    blog = Blog(paging="next").write(*range(35))

    def handler(request: httpx.Request) -> httpx.Response:
        reply = blog(request)
        return httpx.Response(200, content=reply.content.replace(b"page=3", b"page=2"))

    found = walk(handler)
    assert len(found.asked) == 2
    assert any("circle" in note for note in found.notes)


def test_an_archive_document_is_known_no_later_than_its_last_item() -> None:
    blog = Blog(is_archive=True, paging="archive", has_etag=True).write(*range(25))
    found = walk(blog)
    assert len(found.posts) == 25
    assert acts(found) == [Span(Stream.ACTS, day(0), day(24), "listing_to_end")]
    assert any(f"put {FEED} into accounts.csv" in note for note in found.notes)
    walk(blog, found, 130)
    assert {span.end_at for span in found.spans} == {day(24)}, "unchanged proves nothing either"


def test_a_feed_that_says_it_is_complete_needs_no_order() -> None:
    blog = Blog(is_complete=True)
    blog.items = [Item(f"{SITE}/{n}", day(n)) for n in (5, 40, 2, 33, 7, 21)]
    assert acts(walk(blog)) == [Span(Stream.ACTS, day(2), until(100), "listing_to_end")]


def test_a_sticky_item_on_top_does_not_stretch_what_is_known() -> None:
    blog = Blog().write(*range(50, 60))
    blog.items[0] = Item(f"{SITE}/welkom", day(-3_000))
    found = walk(blog)
    assert found.posts[f"{SITE}/welkom"].is_pinned
    assert acts(found)[0].start_at == day(50)


def test_a_sticky_item_proves_no_overlap() -> None:
    sticky = Item(f"{SITE}/welkom", day(12))
    blog = Blog().write(*range(10, 20))
    blog.items.insert(7, sticky)
    found = walk(blog, at=21)
    blog.write(*range(40, 60)).items.insert(0, sticky)
    walk(blog, found, 61)
    assert acts(found)[0].proof == "listing_to_end"
    assert acts(found)[0].start_at == day(51)


def test_a_feed_with_the_oldest_item_first_is_read_alike() -> None:
    blog = Blog().write(*range(10))
    blog.items.reverse()
    assert acts(walk(blog))[0].start_at == day(0)


def test_a_feed_that_time_does_not_order_proves_nothing() -> None:
    blog = Blog()
    blog.items = [Item(f"{SITE}/{n}", day(n)) for n in (5, 40, 2, 33, 7, 21, 1, 50)]
    found = walk(blog)
    assert len(found.posts) == 8
    assert not acts(found)
    assert any(note.startswith("no day is proven") for note in found.notes)


def test_an_item_without_a_date_hides_only_the_time_it_may_belong_to() -> None:
    blog = Blog().write(10, 20, 30, 40)
    blog.items.insert(2, Item(f"{SITE}/zonder", None))
    found = walk(blog)
    assert found.posts[f"{SITE}/zonder"].created_at is None
    assert [(s.start_at, s.end_at) for s in acts(found)] == [
        (day(10), day(20)),
        (day(30), until(100)),
    ]


def test_a_feed_without_dates_proves_nothing() -> None:
    blog = Blog()
    blog.items = [Item(f"{SITE}/{n}", None) for n in range(4)]
    found = walk(blog)
    assert len(found.posts) == 4
    assert not acts(found)


def test_an_empty_feed_proves_nothing_and_loses_nothing() -> None:
    blog = Blog().write(1, 2)
    found = walk(blog)
    blog.items.clear()
    walk(blog, found, 110)
    assert found.error is None
    assert len(found.posts) == 2
    assert not acts(found)


def test_an_item_that_comes_again_with_a_new_date_keeps_its_first() -> None:
    blog = Blog().write(1, 2, 3)
    found = walk(blog)
    blog.items[2].at = day(99)
    blog.items = [blog.items[2], *blog.items[:2]]
    walk(blog, found, 110)
    assert found.posts[f"{SITE}/1"].created_at == day(1)


def test_changed_guids_make_no_second_items() -> None:
    blog = Blog().write(*range(5))
    found = walk(blog)
    for item in blog.items:
        item.guid = item.guid.replace("https://", "http://")
    walk(blog.write(101), found, 110)
    assert len(found.posts) == 6
    assert "items known under another guid: 5" in found.notes


def test_bare_guids_are_unique_only_within_their_feed() -> None:
    blog = Blog()
    blog.items = [Item("17", day(1))]
    body = blog.document(blog.items, 1, False).replace(b"<guid>", b'<guid isPermaLink="false">')
    other = Account("bert-blog", "bert", "feeds", "https://bert.voorbeeld.example/feed")
    uris = {*walk(answering(body)).posts, *Memory().walk(feeds, other, answering(body)).posts}
    assert uris == {f"{FEED}#17", "https://bert.voorbeeld.example/feed#17"}


def test_a_future_date_is_capped_at_the_fetch_and_stays_as_it_was() -> None:
    blog = Blog().write(1, 2, 5_000)
    found = walk(blog)
    assert found.posts[f"{SITE}/5000"].indexed_at == day(100)
    walk(blog, found, 110)
    assert found.posts[f"{SITE}/5000"].indexed_at is None
    assert max(span.end_at for span in found.spans) == until(110)


def test_items_older_than_since_are_left_out() -> None:
    blog = Blog(paging="next").write(*range(60))
    found = walk(blog, since=date(2024, 2, 10))
    assert len(found.posts) == 20
    assert len(found.asked) == 3
    assert acts(found)[0].start_at == datetime.fromisoformat("2024-02-10T00:00:00Z")
    walk(blog, found, 101)
    assert len(found.posts) == 60


def test_a_sticky_item_older_than_since_does_not_end_the_walk() -> None:
    blog = Blog(paging="next").write(*range(60))
    blog.items.insert(0, Item(f"{SITE}/welkom", day(-3_000)))
    found = walk(blog, since=date(2024, 2, 10))
    assert len(found.posts) == 20


def test_a_web_page_leads_to_the_feed_it_names() -> None:
    page = (
        b'<!doctype html><html><head><link rel="alternate" type="application/rss+xml" '
        b'title="Reacties" href="/comments.xml"><link rel="alternate" '
        b'type="application/rss+xml" href="feed.xml"></head><body>Welkom</body></html>'
    )
    blog = Blog().write(1, 2)

    def handler(request: httpx.Request) -> httpx.Response:
        is_page = request.url.path == "/"
        return httpx.Response(200, content=page) if is_page else blog(request)

    account = Account("an-blog", "an-voorbeeld", "feeds", "an.voorbeeld.example")
    found = Memory().walk(feeds, account, handler, day(100))
    assert len(found.posts) == 2
    found.walk(feeds, account, handler, day(101))
    assert [str(url) for url in found.asked] == [FEED]


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (httpx.Response(410), AccountGone, "answers 410"),
        (httpx.Response(404), AccountGone, "answers 404"),
        (httpx.Response(401), AccessDenied, "refuses visitors (401)"),
        (httpx.Response(403), AccessDenied, "refuses visitors (403)"),
        (httpx.Response(400), UnexpectedPayload, "answers 400"),
        (httpx.Response(503), SourceUnavailable, "503"),
        (httpx.Response(200, content=b""), UnexpectedPayload, "an empty answer"),
        (httpx.Response(200, content=b"<html><body>x"), UnexpectedPayload, "names no feed"),
        (httpx.Response(200, content=b"zomaar tekst"), UnexpectedPayload, "no feed"),
        (httpx.Response(200, content=b'{"version": 1}'), UnexpectedPayload, "JSON that is no feed"),
        (httpx.Response(200, content=b'{"a":' * 50_000), UnexpectedPayload, "JSON that is no feed"),
    ],
)
def test_what_is_no_feed_is_one_clear_line(
    answer: httpx.Response, error: type[SourceError], words: str
) -> None:
    blog = Blog().write(1, 2)
    found = walk(blog)
    walk(lambda _: httpx.Response(answer.status_code, content=answer.content), found, 110)
    assert isinstance(found.error, error)
    assert words in str(found.error)
    assert str(found.error).startswith("feeds · an-blog: ")
    assert "→" in str(found.error)
    assert "\n" not in str(found.error)
    assert len(found.posts) == 2
    assert not acts(found)


def test_a_feed_that_moved_for_good_says_where_to() -> None:
    blog = Blog().write(1, 2)
    new = "https://nieuw.voorbeeld.example/feed.xml"

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == "an.voorbeeld.example":
            return httpx.Response(301, headers={"location": new})
        return blog(request)

    found = walk(handler)
    assert len(found.posts) == 2
    assert f"the feed has moved for good → put {new} into accounts.csv" in found.notes
    assert found.state is not None
    assert found.state.moved_to == new


@pytest.mark.parametrize("status", [404, 410])
def test_a_feed_that_is_gone_ends_what_is_known_and_may_come_back(status: int) -> None:
    blog = Blog().write(1, 2)
    found = walk(blog)
    blog.failing = {"feed.xml": status}
    walk(blog, found, 110)
    assert isinstance(found.error, AccountGone)
    assert max(span.end_at for span in found.spans) == until(100)
    blog.failing = {}
    assert walk(blog.write(119), found, 120).error is None
    assert acts(found)[0].end_at == until(120)


def test_where_a_feed_has_moved_stands_in_the_status(tmp_path: Path) -> None:
    new = "https://nieuw.voorbeeld.example/feed.xml"
    blog = Blog().write(1, 2)

    def handler(request: httpx.Request) -> httpx.Response:
        moved = httpx.Response(301, headers={"location": new})
        return moved if request.url.host == "an.voorbeeld.example" else blog(request)

    folder = tmp_path / "rosters" / "voorbeeldstad"
    folder.mkdir(parents=True)
    (folder / "people.csv").write_text("person_id,name,is_invented\nan,An Voorbeeld,yes\n")
    accounts = f"account_id,person_id,platform,handle\nan-blog,an,feeds,{FEED}\n"
    (folder / "accounts.csv").write_text(accounts)
    people, config = roster.read(tmp_path), Config(now=lambda: day(100))
    transport = httpx.MockTransport(handler)
    report = run(tmp_path, people, config, text_step=FormText(), transport=transport)
    assert report.status == "complete"
    (told,) = status_of(tmp_path / "winterslaap.duckdb", people).accounts
    assert told.todo == f"put {new} into accounts.csv"
    with duckdb.connect(str(tmp_path / "winterslaap.duckdb"), read_only=True) as con:
        assert con.execute("select moved_to from account_state").fetchall() == [(new,)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32", "utf-7", "iso-8859-1"]
)
def test_a_document_that_declares_entities_is_refused_in_every_encoding(encoding: str) -> None:
    bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE rss [<!ENTITY a "aaaa">' + (
        '<!ENTITY b "&a;&a;&a;&a;">]><rss version="2.0"><channel><title>&b;</title></channel></rss>'
    )
    body = bomb.encode(encoding)
    if encoding == "utf-7":
        head, _, rest = bomb.partition("?>")
        body = f"{head}?>".encode() + rest.encode("utf-7").replace(b"<", b"+ADw-")
    found = walk(answering(body))
    assert isinstance(found.error, UnexpectedPayload)


def test_an_entity_that_only_the_http_charset_reveals_is_refused() -> None:
    body = b'+ADw-!DOCTYPE rss [+ADw-!ENTITY a "aaaa">]><rss version="2.0"><channel/></rss>'
    found = walk(answering(body, content_type="text/xml; charset=utf-7"))
    assert isinstance(found.error, UnexpectedPayload)
    assert "declares entities" in str(found.error)


def test_a_feed_larger_than_the_limit_is_refused() -> None:
    blog = Blog().write(1)
    body = blog.document(blog.items, 1, False).replace(b"Tekst", b"Tekst" * 5_000_000)
    found = walk(answering(body))
    assert isinstance(found.error, UnexpectedPayload)
    assert "larger than 20 MiB" in str(found.error)


def test_a_gzip_bomb_is_refused() -> None:
    body = gzip.compress(b"<rss>" + b" " * 50_000_000)
    found = walk(answering(body, content_encoding="gzip"))
    assert isinstance(found.error, UnexpectedPayload)
    assert "larger than 20 MiB" in str(found.error)


def test_a_text_of_a_hundred_thousand_characters_comes_whole() -> None:
    blog = Blog()
    blog.items = [Item(f"{SITE}/lang", day(1), "שלום 🌳 " * 12_500)]
    found = walk(blog)
    assert len(found.posts[f"{SITE}/lang"].text) > 80_000


@pytest.mark.parametrize("year", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0000-00-00"])
def test_impossible_years_stretch_nothing(year: str) -> None:
    blog = Blog().write(10, 20)
    extra = f"<dc:date xmlns:dc='http://purl.org/dc/elements/1.1/'>{year}</dc:date>"
    blog.items.append(Item(f"{SITE}/vreemd", None, extra=extra))
    found = walk(blog)
    assert len(found.posts) == 3
    assert [(s.start_at, s.end_at) for s in acts(found)] == [(day(10), until(100))]


def test_a_roster_that_names_another_feed_starts_afresh() -> None:
    blog = Blog(has_etag=True).write(1, 2)
    found = walk(blog)
    other = Account("an-blog", "an-voorbeeld", "feeds", f"{SITE}/feed.xml?new")
    found.walk(feeds, other, blog, NOW)
    assert found.new_posts


def test_the_generator_alone_makes_a_wordpress() -> None:
    blog = Blog(paging="wordpress").write(*range(12))
    assert WORDPRESS.encode() in blog.document(blog.items, 1, True)
    found = walk(blog)
    assert [url.params.get("paged") for url in found.asked] == [None, "2", "3"]


CHANNEL = "UCabcdefghijklmnopqrstuv"


@pytest.mark.parametrize(
    ("handle", "query"),
    [
        (CHANNEL, f"channel_id={CHANNEL}"),
        (f"https://www.youtube.com/channel/{CHANNEL}", f"channel_id={CHANNEL}"),
        (f"https://m.youtube.com/channel/{CHANNEL}/videos?view=0", f"channel_id={CHANNEL}"),
        (f"youtube.com/channel/{CHANNEL}", f"channel_id={CHANNEL}"),
        (
            "https://www.youtube.com/playlist?list=PLabcdefghijklmnop&si=x",
            "playlist_id=PLabcdefghijklmnop",
        ),
    ],
)
def test_a_youtube_channel_is_read_by_its_feed(handle: str, query: str) -> None:
    address = f"https://www.youtube.com/feeds/videos.xml?{query}"
    assert feeds.address_of(handle) == address
    blog, channel = Blog().write(1), Account("an-video", "an-voorbeeld", "feeds", handle)
    found = Memory().walk(feeds, channel, answering(blog.document(blog.items, 1, False)), day(9))
    assert [str(url) for url in found.asked] == [address]
    assert acts(found)


def test_a_channel_is_known_from_the_oldest_of_its_last_fifteen_videos_on() -> None:
    body = (recorded_pages.FIXTURES / "feeds" / "youtube_channel.xml").read_bytes()
    channel = Account("an-video", "an-voorbeeld", "feeds", "UCverzonnenverzonnenverz")
    found = Memory().walk(feeds, channel, answering(body), NOW)
    assert len(found.posts) == 15
    assert acts(found)[0].start_at == datetime.fromisoformat("2024-07-08T18:00:00Z")
    assert {(post.kind, post.reply_count) for post in found.posts.values()} == {(Kind.POST, None)}
    assert not found.received
    assert found.state is not None
    assert not found.state.shows.received_under_own_posts
    assert not found.state.shows.full_history


@pytest.mark.parametrize(
    "handle", ["https://www.youtube.com/@an", "https://voorbeeld.example/channel/UCx"]
)
def test_other_pages_are_asked_which_feed_they_have(handle: str) -> None:
    assert feeds.address_of(handle) == handle


@pytest.mark.parametrize(
    ("extra", "count"),
    [
        ('<s:comments xmlns:s="http://purl.org/rss/1.0/modules/slash/">3</s:comments>', 3),
        ('<t:total xmlns:t="http://purl.org/syndication/thread/1.0">4</t:total>', 4),
        ('<s:comments xmlns:s="http://purl.org/rss/1.0/modules/slash/">veel</s:comments>', None),
        ("", None),
    ],
)
def test_a_feed_may_count_the_comments_below_an_item(extra: str, count: int | None) -> None:
    blog = Blog().write(1)
    blog.items[0].extra = extra
    (post,) = walk(blog).posts.values()
    assert post.reply_count == count
