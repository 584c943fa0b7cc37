from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import httpx
import pytest

from ingest import roster
from ingest.collect import run
from ingest.errors import AccessDenied, AccountGone, SourceUnavailable, UnexpectedPayload
from ingest.http import Config
from ingest.model import Kind, Span, Stream
from ingest.sources import wordpress
from ingest.wordpress_api import ApiPost, Site, post_of
from ingest.wordpress_comments import named_in
from ingest.wordpress_home import site_of
from tests.feed_server import Blog
from tests.invented import FormText, bytes_of
from tests.walking import Handler, Memory
from tests.wordpress_server import AN, HOST, SITE, WordPress, day, uri

BERT = f"{HOST}/~bert bedenksel"


def until(number: float) -> datetime:
    """What a walk on that day knows: answers may come out of a cache."""
    return day(number) - timedelta(hours=1)


def walk(handler: Handler, memory: Memory | None = None, at: float = 100, **more: object) -> Memory:
    account = more.pop("account", AN)
    return (memory or Memory()).walk(wordpress, account, handler, day(at), **more)  # type: ignore[arg-type]


def site() -> WordPress:
    """Three posts; Bert asks below the second and is answered."""
    blog = WordPress().write(1, 1).write(2, 50).write(3, 90)
    return blog.say(10, 2, 51).answer(11, 2, 52, "In mei.", parent=10)


def spans(memory: Memory, stream: Stream = Stream.ACTS) -> list[Span]:
    return memory.new_spans[stream]


@pytest.mark.parametrize(
    ("status", "days", "is_restricted"),
    [
        ("closed", 5, True),
        ("open", 5, False),
        ("open", 500, False),
        ("closed", 500, None),
        ("", 5, None),
    ],
)
def test_comments_closed_long_after_a_post_may_have_closed_by_themselves(
    status: str, days: int, is_restricted: bool | None
) -> None:
    item = ApiPost(7, date_gmt=f"{day(1):%Y-%m-%dT%H:%M:%S}", comment_status=status)
    post = post_of(item, Site("an.example"), day(1 + days))
    assert post.is_restricted is is_restricted


def test_all_posts_and_comments_prove_the_days_since_the_first_post() -> None:
    found = walk(site())
    assert {uri(1), uri(2), uri(3), uri(2, 11)} == set(found.posts)
    assert spans(found) == [Span(Stream.ACTS, day(1), until(100), "listing_to_end")]
    assert spans(found, Stream.RECEIVED)[0].start_at == day(1)
    assert found.error is None


def test_an_answer_below_a_question_has_the_asker_as_its_partner() -> None:
    found = walk(site())
    answer, (question,) = found.posts[uri(2, 11)], found.received.values()
    assert (answer.kind, answer.partner, answer.parent_uri) == (Kind.REPLY, BERT, uri(2, 10))
    assert (question.author, question.parent_uri, question.root_uri) == (BERT, uri(2), uri(2))
    assert answer.root_uri == question.root_uri
    assert found.threads[uri(2)][0].reply_count == 2


def test_a_flat_comment_answers_the_asker_whom_it_names() -> None:
    found = walk(site().say(12, 3, 91).answer(13, 3, 92, "Dag Bert, dat duurt nog even."))
    answer = found.posts[uri(3, 13)]
    assert (answer.kind, answer.partner, answer.parent_uri) == (Kind.REPLY, BERT, uri(3, 12))
    assert answer.mention_names == ("Bert",)


def test_a_flat_comment_that_names_nobody_is_a_reply_to_nobody() -> None:
    found = walk(site().say(12, 3, 91).answer(13, 3, 92, "Dat duurt nog even."))
    post = found.posts[uri(3, 13)]
    assert (post.kind, post.partner, post.parent_uri) == (Kind.SELF_REPLY, None, uri(3))


def test_a_flat_question_that_may_have_been_answered_is_no_open_question() -> None:
    blog = site().say(12, 3, 91).answer(13, 3, 92, "Dat duurt nog even.")
    blog.say(14, 3, 93, name="Fien").say(15, 3, 91.5, name="Gust")
    found = walk(blog.answer(16, 3, 94, "Dag Gust, dat klopt."))
    texts = {item.uri: item.text for item in found.received.values()}
    assert texts[uri(3, 12)] == ""
    assert texts[uri(3, 14)] == "Wanneer?"
    assert texts[uri(3, 15)] == "Wanneer?"


def test_a_name_that_two_visitors_bear_names_neither() -> None:
    blog = site().say(12, 3, 91).say(13, 3, 91.5, name="Bert Tweede")
    found = walk(blog.answer(14, 3, 92, "Bert, dat duurt nog even."))
    assert found.posts[uri(3, 14)].kind is Kind.SELF_REPLY


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("Dag Jan, ja", "Jan Peeters", ["Jan"]),
        ("Beste Jan\nhet klopt", "jan", ["Jan"]),
        ("ja @jan dat klopt", "jan", ["jan"]),
        ("Zoals Jan Peeters al zei", "Jan Peeters", ["Jan Peeters"]),
        ("Jansen, neen", "Jan", []),
        ("Ik zag Jan lopen", "Jan", []),
        ("een bus, een trein", "Een burger", []),
        ("", "Jan", []),
        ("Dag ,", "", []),
    ],
)
def test_what_names_somebody(text: str, name: str, found: list[str]) -> None:
    assert named_in(text, name) == found


def test_visitors_without_a_name_are_each_somebody_else() -> None:
    found = walk(site().say(12, 3, 91, name="").say(13, 3, 91, name=""))
    assert {r.author for r in found.received.values()} == {BERT, f"{HOST}/#12", f"{HOST}/#13"}


def test_citizens_who_talk_among_themselves_are_not_received() -> None:
    found = walk(site().say(12, 2, 53, "Ik ook!", "Fien", parent=10))
    assert uri(2, 12) not in found.received


def test_a_visitor_with_the_authors_name_is_neither_the_author_nor_a_citizen() -> None:
    found = walk(site().say(12, 2, 53, "Ook in juni.", "An Voorbeeld", parent=10))
    assert uri(2, 12) not in found.received
    assert uri(2, 12) not in found.posts


def test_a_later_walk_asks_once_for_posts_and_once_for_comments() -> None:
    blog = site()
    found = walk(blog)
    walk(blog.write(4, 104), found, 110)
    assert len(found.asked) == 2
    (span,) = spans(found)
    assert (span.proof, span.end_at) == ("overlap", until(110))
    assert span.start_at == day(99) - timedelta(hours=1)
    assert {post.uri for post in found.new_posts} == {uri(3), uri(4)}


def test_a_walk_that_does_not_meet_the_newest_stored_post_lists_everything() -> None:
    blog = site()
    found = walk(blog)
    blog.posts.pop(3)
    walk(blog.write(4, 104), found, 110)
    assert found.posts[uri(3)].is_deleted
    assert not found.posts[uri(2)].is_deleted
    assert spans(found)[0].proof == "listing_to_end"


def test_deletions_and_edits_show_every_four_weeks() -> None:
    blog = site()
    found = walk(blog)
    blog.posts.pop(1)
    assert not walk(blog, found, 110).posts[uri(1)].is_deleted
    assert walk(blog, found, 129).posts[uri(1)].is_deleted


def test_a_site_that_suddenly_lists_nothing_has_deleted_nothing() -> None:
    blog = site()
    found = walk(blog)
    blog.posts.clear()
    walk(blog, found, 140)
    assert not any(post.is_deleted for post in found.posts.values())
    assert any("nothing is taken for deleted" in note for note in found.notes)


def test_an_own_comment_that_is_taken_back_is_deleted() -> None:
    blog = site().answer(12, 3, 95, "Welkom.").say(13, 3, 96)
    found = walk(blog)
    blog.comments.pop(12)
    assert walk(blog, found, 110).posts[uri(3, 12)].is_deleted


def test_a_late_answer_below_an_old_post_is_read_with_its_question() -> None:
    blog = site().say(12, 1, 5, name="Fien Verzonnen")
    found = walk(blog)
    walk(blog.answer(13, 1, 105, "Fien, nu weet ik het."), found, 110)
    assert found.posts[uri(1, 13)].partner == f"{HOST}/~fien verzonnen"
    assert len(found.asked) == 3
    walk(blog, found, 111)
    assert len(found.asked) == 2
    assert not any(post.uri == uri(1, 13) for post in found.new_posts)


def test_a_question_that_is_approved_late_is_still_found() -> None:
    blog = site()
    found = walk(blog)
    walk(blog.say(12, 3, 92), found, 110)
    assert uri(3, 12) in found.received


@pytest.mark.parametrize("status", [401, 403, 404])
def test_comments_that_are_not_for_visitors_leave_posts_only(status: int) -> None:
    blog = site()
    blog.refuses = {"/comments": status}
    found = walk(blog)
    assert found.error is None
    assert found.state is not None
    shows = found.state.shows
    assert (shows.acts, shows.replies, shows.received_under_own_posts) == (True, False, False)
    assert spans(found)[0].start_at == day(1)
    assert not spans(found, Stream.RECEIVED)
    assert any("comments are not shown" in note for note in found.notes)


def test_a_site_that_never_showed_a_comment_may_have_them_elsewhere() -> None:
    found = walk(WordPress().write(1, 1, comment_status="closed"))
    assert found.state is not None
    assert not found.state.shows.received_under_own_posts
    assert not spans(found, Stream.RECEIVED)


def test_the_first_comment_ever_makes_the_whole_past_known() -> None:
    blog = WordPress().write(1, 1)
    found = walk(blog)
    walk(blog.say(12, 1, 105), found, 110)
    assert found.state is not None
    assert found.state.shows.received_under_own_posts
    assert spans(found, Stream.RECEIVED) == [
        Span(Stream.RECEIVED, day(1), until(110), "listing_to_end")
    ]


def test_a_site_that_hides_its_authors_shows_no_conversation() -> None:
    found = walk(WordPress().write(1, 1, author=0).say(12, 1, 2))
    assert found.state is not None
    assert not found.state.shows.replies
    assert not found.received


def test_one_authors_posts_on_a_shared_site() -> None:
    blog = replace(site().write(4, 95, author=7), author_page=1)
    blog.say(12, 4, 96).answer(13, 4, 97, "Mooi, collega.").answer(14, 4, 98, "Dag.", parent=12)
    an = replace(AN, handle=f"{SITE}/author/an/")
    found = walk(blog, account=an)
    assert uri(4) not in found.posts
    assert uri(4, 12) not in found.received
    assert (found.posts[uri(4, 13)].kind, found.posts[uri(4, 13)].partner) == (Kind.REPLY, None)
    assert found.posts[uri(4, 14)].partner == BERT
    assert found.state is not None
    assert found.state.native_id == f"{HOST}/1"


def test_an_author_is_found_by_the_name_in_the_address() -> None:
    found = walk(site().write(4, 95, author=7), account=replace(AN, handle=f"{SITE}/author/an/"))
    assert uri(4) not in found.posts
    assert uri(3) in found.posts


def test_an_author_who_cannot_be_told_is_followed_by_the_authors_feed() -> None:
    blog = site()
    blog.refuses = {"/users": 401}
    feed = Blog().write(1)
    blog.feed = feed.document(feed.items, 1, False)
    found = walk(blog, account=replace(AN, handle=f"{SITE}/author/an/"))
    assert str(found.asked[-1]) == f"{SITE}/author/an/feed/"
    assert len(found.posts) == 1


@pytest.mark.parametrize("has_link", [True, False])
@pytest.mark.parametrize("is_pretty", [True, False])
def test_the_api_is_found_wherever_it_is(has_link: bool, is_pretty: bool) -> None:
    found = walk(replace(site(), has_link=has_link, is_pretty=is_pretty))
    assert len(found.posts) == 4
    assert set(found.posts) == set(walk(site()).posts)


def test_a_site_on_wordpress_com_is_asked_where_its_api_is() -> None:
    blog = site()

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == "an.wordpress.com":
            return httpx.Response(200, html="<html><head></head></html>")
        assert request.url.host == "public-api.wordpress.com"
        path = request.url.path.replace("/wp/v2/sites/an.wordpress.com/", "/wp-json/wp/v2/")
        return blog(httpx.Request("GET", request.url.copy_with(path=path)))

    found = walk(handler, account=replace(AN, handle="an.wordpress.com"))
    assert len(found.posts) == 4
    assert "https://an.wordpress.com/?p=1" in found.posts


def test_a_site_whose_api_is_closed_is_read_by_its_feed_from_then_on() -> None:
    blog = site()
    blog.refuses = {"/wp-json": 401, "rest_route": 401}
    feed = Blog().write(1, 2)
    blog.feed = feed.document(feed.items, 1, False)
    found = walk(blog)
    assert found.error is None
    assert found.state is not None
    assert not found.state.shows.replies
    assert any("posts only, from its feed" in note for note in found.notes)
    blog.refuses = {}
    walk(blog, found, 110)
    assert len(found.posts) == 2
    assert found.error is None


def test_an_api_that_is_closed_later_is_an_error_and_no_silence() -> None:
    blog = site()
    found = walk(blog)
    blog.refuses = {"/wp-json": 401, "rest_route": 401}
    walk(blog, found, 110)
    assert isinstance(found.error, AccessDenied)
    assert not any(spans(found, stream) for stream in Stream)


def test_an_api_that_has_moved_keeps_the_names_of_its_items() -> None:
    blog = site()
    found = walk(blog)
    walk(replace(blog, is_pretty=False), found, 110)
    assert found.error is None
    assert not any(post.is_deleted for post in found.posts.values())
    assert spans(found)[0].proof == "overlap"


def test_a_site_that_is_gone_is_no_silence() -> None:
    found = walk(lambda _: httpx.Response(410))
    assert isinstance(found.error, AccountGone)


def test_pages_without_totals_are_read_until_one_is_empty() -> None:
    blog = WordPress(has_totals=False)
    for number in range(250):
        blog.write(number + 1, number / 3)
    for number in range(150):
        blog.say(number + 1, 250, 84 + number / 50)
    found = walk(blog)
    assert (len(found.posts), len(found.received)) == (250, 150)
    assert spans(found)[0].start_at == day(0)


def test_posts_that_move_while_they_are_listed_are_listed_again() -> None:
    blog = WordPress()
    for number in range(150):
        blog.write(number + 1, number / 2)
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        reply = blog(request)
        asked.append(request.url.params.get("page", ""))
        if asked.count("1") == 1 and "posts" in request.url.path and len(asked) > 2:
            blog.posts.pop(150, None)
        return reply

    found = walk(handler)
    assert {uri(number) for number in range(1, 150)} <= set(found.posts)


def test_a_listing_that_never_stands_still_proves_nothing() -> None:
    blog = WordPress()
    for number in range(150):
        blog.write(number + 1, number / 2)

    def handler(request: httpx.Request) -> httpx.Response:
        reply = blog(request)
        reply.headers["x-wp-total"] = request.url.params.get("page", "")
        return reply

    found = walk(handler)
    assert not found.spans
    assert any("no day is proven" in note for note in found.notes)


def test_a_walk_that_is_cut_proves_nothing_and_moves_no_cursor() -> None:
    blog = site()
    blog.refuses = {"/comments": 500}
    found = walk(blog)
    assert isinstance(found.error, SourceUnavailable)
    assert uri(1) in found.posts
    assert not found.spans
    assert not found.cursors


def test_an_answer_that_is_no_list_is_an_error() -> None:
    blog = site()

    def handler(request: httpx.Request) -> httpx.Response:
        is_list = "comments" in request.url.path
        return httpx.Response(200, text="<html>even geduld</html>") if is_list else blog(request)

    assert isinstance(walk(handler).error, UnexpectedPayload)


def test_what_is_older_than_wanted_is_left_out_and_fetched_once_it_is_wanted() -> None:
    blog = site()
    found = walk(blog, since=date(2024, 3, 1))
    assert set(found.posts) == {uri(3)}
    assert spans(found)[0].start_at == day(90)
    walk(blog, found, 101)
    assert uri(1) in found.posts


def test_cached_answers_are_known_only_until_they_were_cached() -> None:
    found = walk(replace(site(), headers={"age": str(5 * 3600)}))
    assert spans(found)[0].end_at == day(100) - timedelta(hours=5)


def test_a_repeated_walk_says_nothing_new() -> None:
    blog = site()
    found = walk(blog)
    posts, received = dict(found.posts), dict(found.received)
    walk(blog, found, 100.5)
    assert (found.posts, found.received) == (posts, received)


def test_no_avatar_or_address_of_a_visitor_is_asked_for() -> None:
    found = walk(site())
    fields = [url.params["_fields"] for url in found.asked if "_fields" in url.params]
    assert len(fields) == 3
    assert not any("avatar" in each or "url" in each for each in fields)


@pytest.mark.parametrize(
    ("root", "name"),
    [
        ("https://An.Voorbeeld.example/wp-json/", "an.voorbeeld.example"),
        ("https://an.voorbeeld.example/blog/wp-json/", "an.voorbeeld.example/blog"),
        ("https://an.voorbeeld.example/index.php?rest_route=/", "an.voorbeeld.example"),
        ("http://an.voorbeeld.example:8080/?rest_route=/", "an.voorbeeld.example:8080"),
        ("https://public-api.wordpress.com/wp/v2/sites/an.wordpress.com/", "an.wordpress.com"),
    ],
)
def test_a_site_is_its_host_and_folder(root: str, name: str) -> None:
    assert site_of(root).name == name


def collect(data_dir: Path, blog: WordPress, at: float) -> list[tuple[object, ...]]:
    """Collect into a store, and what it holds then: rows without their run."""
    folder = data_dir / "rosters" / "voorbeeldstad"
    folder.mkdir(parents=True, exist_ok=True)
    people = "person_id,name,is_invented\nan-voorbeeld,An Voorbeeld,yes\n"
    (folder / "people.csv").write_text(people)
    accounts = f"account_id,person_id,platform,handle\nan-site,an-voorbeeld,wordpress,{SITE}\n"
    (folder / "accounts.csv").write_text(accounts)
    report = run(
        data_dir,
        roster.read(data_dir),
        Config(now=lambda: day(at)),
        text_step=FormText(),
        transport=httpx.MockTransport(blog),
    )
    assert report.status == "complete", report.message
    with duckdb.connect(str(data_dir / "winterslaap.duckdb"), read_only=True) as con:
        return con.execute(
            "select uri, kind, text from post union all "
            "select 'received', is_question::text, null from received order by all"
        ).fetchall()


def test_a_site_is_collected_into_the_store_twice_without_a_name_of_a_visitor(
    tmp_path: Path,
) -> None:
    blog = site().answer(12, 2, 53, "Dag Bert, en bedankt, Bert Bedenksel!", parent=10)
    rows = collect(tmp_path, blog, 100)
    assert rows == collect(tmp_path, blog, 100.2)
    assert (uri(2, 12), "reply", "Dag @…, en bedankt, @…!") in rows
    assert ("received", "true", None) in rows
    kept = bytes_of(tmp_path).lower()
    assert b"bert" not in kept
    assert b"bedenksel" not in kept
