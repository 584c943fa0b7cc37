"""The comments below a feed's items: whose they are, and when none can be missing."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import duckdb
import httpx
import pytest

from ingest import feedheard, roster
from ingest.collect import run
from ingest.errors import SourceUnavailable
from ingest.http import Config
from ingest.model import Kind, Post, Received, Span, Stream
from ingest.sources import feeds
from tests.comment_feeds import AUTHOR, AUTHOR_URL, Comment, Talk
from tests.feed_server import AN, FEED, SITE, day
from tests.invented import FormText, bytes_of
from tests.test_source_feeds import until
from tests.walking import Handler, Memory

HOST = "an.voorbeeld.example"
BERT = f"{HOST}/~bert bedenksel"


def walk(handler: Handler, memory: Memory | None = None, at: float = 100) -> Memory:
    return (memory or Memory()).walk(feeds, AN, handler, day(at))


def uri(post: int, comment: int | None = None) -> str:
    return f"{SITE}/?p={post}" + (f"#comment-{comment}" if comment else "")


def asked(memory: Memory) -> list[str]:
    return [url.path for url in memory.asked]


def talk() -> Talk:
    """Three items; Bert asks below the second and is answered."""
    there = Talk().write(1, 50, 90)
    question = there.say(2, 51, "Wanneer?")
    there.answer(2, 52, "In mei.", parent=question)
    return there


def of(memory: Memory, post: int, comment: int) -> Post:
    return memory.posts[uri(post, comment)]


def question(memory: Memory, post: int, comment: int) -> Received:
    return memory.received[uri(post, comment)]


def shows(memory: Memory) -> tuple[bool, bool]:
    assert memory.state is not None
    return memory.state.shows.replies, memory.state.shows.received_under_own_posts


def test_an_answer_below_a_question_has_the_asker_as_its_partner() -> None:
    found = walk(talk())
    answer, asked_for = of(found, 2, 2), question(found, 2, 1)
    assert (answer.kind, answer.partner, answer.parent_uri) == (Kind.REPLY, BERT, uri(2, 1))
    assert (asked_for.author, asked_for.text, asked_for.parent_uri) == (BERT, "Wanneer?", uri(2))
    assert answer.root_uri == asked_for.root_uri == uri(2)
    assert found.threads[uri(2)][0].reply_count == 2


def test_a_feed_all_of_whose_comments_are_here_shows_both_directions() -> None:
    found = walk(talk())
    assert shows(found) == (True, True)
    assert found.new_spans[Stream.RECEIVED] == [
        Span(Stream.RECEIVED, day(1), until(100), "listing_to_end")
    ]


def test_below_items_that_have_left_the_feed_comments_may_be_missing() -> None:
    there = talk()
    there.is_complete = False
    found = walk(there)
    assert shows(found) == (False, False)
    assert question(found, 2, 1).text == "Wanneer?", "below this item nothing is missing"
    there = talk()
    found = walk(there)
    del there.posts[1]
    assert shows(walk(there, found, 101)) == (False, False)


def test_a_feed_that_never_showed_a_comment_may_have_them_elsewhere() -> None:
    found = walk(Talk().write(1, 50))
    assert shows(found) == (False, False)
    assert not found.new_spans[Stream.RECEIVED]


def test_items_without_comments_are_not_asked_about() -> None:
    assert asked(walk(talk())) == ["/feed.xml", "/2/comments.xml"]


def test_an_unchanged_old_item_is_not_asked_about_again() -> None:
    there = talk()
    found = walk(there)
    walk(there, found, 101)
    assert asked(found) == ["/feed.xml"]
    assert shows(found) == (True, True)
    assert found.new_spans[Stream.RECEIVED][0].end_at == until(101)


def test_a_young_item_is_asked_about_again_with_its_etag() -> None:
    there = talk()
    there.say(3, 95, "En nu?")
    found = walk(there)
    posts, received = dict(found.posts), dict(found.received)
    walk(there, found, 101)
    assert asked(found) == ["/feed.xml", "/3/comments.xml"]
    assert not any(batch.received for batch in found.batches)
    assert (found.posts, found.received) == (posts, received)
    assert shows(found) == (True, True)


def test_an_old_item_with_another_count_is_asked_about_again() -> None:
    there = talk()
    found = walk(there)
    there.say(1, 100.5, "Nog een vraag?")
    walk(there, found, 101)
    assert asked(found) == ["/feed.xml", "/1/comments.xml"]
    assert question(found, 1, 3).text == "Nog een vraag?"


def test_of_a_window_of_comments_no_question_counts_and_no_word_is_kept() -> None:
    there = talk()
    there.window = 1
    found = walk(there)
    assert of(found, 2, 2).text == ""
    assert (of(found, 2, 2).kind, of(found, 2, 2).parent_uri) == (Kind.REPLY, uri(2, 1))
    assert shows(found) == (False, False)
    assert not found.new_spans[Stream.RECEIVED]
    assert found.threads[uri(2)][0].is_partial
    assert "items whose comments are not all shown: 1" in found.notes
    there.answer(2, 53, "Ook in juni.")
    assert of(walk(there, found, 101), 2, 3).partner is None
    assert shows(walk(there, found, 102)) == (False, False)
    assert asked(found) == ["/feed.xml"]


def test_a_comment_that_is_counted_and_not_shown_may_be_the_answer() -> None:
    there = talk()
    there.hides = 1
    found = walk(there)
    assert question(found, 2, 1).text == ""
    assert shows(found) == (False, False)


def test_a_feed_of_comments_is_followed_to_its_older_ones() -> None:
    there = talk()
    there.window, there.pages = 1, True
    found = walk(there)
    assert of(found, 2, 2).partner == BERT
    assert shows(found) == (True, True)


def test_without_a_count_nobody_knows_whether_these_are_all() -> None:
    there = talk()
    there.has_counts = False
    found = walk(there)
    assert asked(found).count("/2/comments.xml") == 1
    assert shows(found) == (False, False)
    assert question(found, 2, 1).text == ""


def test_a_name_alone_is_nobodys_and_may_have_answered() -> None:
    there = talk()
    there.say(3, 91, "Hoe?", "Fien")
    there.say(3, 92, "Zo.", AUTHOR)
    there.say(3, 93, "En dan?", "Gust")
    found = walk(there)
    assert uri(3, 4) not in found.posts
    assert uri(3, 4) not in found.received
    assert question(found, 3, 3).text == ""
    assert question(found, 3, 5).text == "En dan?"


def test_the_authors_address_under_another_name_is_nobodys() -> None:
    there = talk()
    there.say(3, 91, "Mooi.", "Fien", url=AUTHOR_URL)
    found = walk(there)
    assert uri(3, 3) not in found.posts
    assert uri(3, 3) not in found.received


def test_a_feed_that_tells_names_only_shows_who_asks_and_counts_no_question() -> None:
    there = talk()
    there.tells_author = False
    there.say(3, 91, "Hoe?", "Fien")
    found = walk(there)
    assert question(found, 3, 3).text == ""
    assert question(found, 2, 1).author == BERT
    assert question(found, 2, 1).text == ""
    assert shows(found) == (False, False)
    assert any("names only" in note for note in found.notes)


def test_comments_in_wordpress_rss_tell_their_parent_in_the_text() -> None:
    there = talk()
    there.is_rss = True
    there.say(2, 53, "Ik ook!", "Fien", parent=1)
    found = walk(there)
    assert question(found, 2, 1).parent_uri == uri(2)
    assert uri(2, 3) not in found.received, "citizens among themselves"
    assert not any("Bert" in post.text for post in found.posts.values())


@pytest.mark.parametrize("name", ["", "Anoniem", "Anonymous"])
def test_visitors_without_a_name_are_each_somebody_else(name: str) -> None:
    there = talk()
    there.say(3, 91, "Hoe?", name)
    there.say(3, 92, "Waar?", name)
    authors = {item.author for item in walk(there).received.values()}
    assert authors == {BERT, f"{HOST}/#{uri(3, 3)}", f"{HOST}/#{uri(3, 4)}"}


def test_what_is_asked_below_an_answer_is_received() -> None:
    there = talk()
    there.say(2, 53, "Zeker?", parent=2)
    there.answer(3, 95, "Nog iets.", parent=there.answer(3, 94, "Welkom."))
    found = walk(there)
    assert question(found, 2, 3).parent_uri == uri(2, 2)
    assert (of(found, 3, 5).kind, of(found, 3, 5).parent_uri) == (Kind.SELF_REPLY, uri(3, 4))


def test_a_flat_comment_that_names_the_asker_is_an_answer_without_the_name() -> None:
    there = talk()
    there.say(3, 91, "Hoe?", "Fien Verzonnen")
    there.answer(3, 92, "Dag Fien, zo.")
    answer = of(walk(there), 3, 4)
    assert (answer.kind, answer.partner) == (Kind.REPLY, f"{HOST}/~fien verzonnen")
    assert answer.mention_names == ("Fien",)


def test_an_own_comment_that_is_taken_back_is_deleted() -> None:
    there = talk()
    found = walk(there)
    del there.comments[2][1]
    walk(there, found, 101)
    assert of(found, 2, 2).is_deleted


@pytest.mark.parametrize("status", [403, 404, 410])
def test_comments_that_cannot_be_read_leave_the_acts(status: int) -> None:
    there = talk()
    there.say(3, 91, "Hoe?", "Fien")
    there.failing = {"/2/": status}
    found = walk(there)
    assert found.error is None
    assert found.new_spans[Stream.ACTS]
    assert shows(found) == (False, False)
    told = f"comments of 1 items cannot be read: {HOST}/2/comments.xml"
    assert any(note.startswith(told) for note in found.notes)


def test_a_walk_cut_among_the_comments_proves_nothing_and_is_taken_up_again() -> None:
    there = talk()
    there.failing = {"/2/": 500}
    found = walk(there)
    assert isinstance(found.error, SourceUnavailable)
    assert not found.spans
    assert not found.cursors
    there.failing = {}
    assert shows(walk(there, found)) == (True, True)


def test_comments_out_of_a_cache_are_known_only_until_they_were_cached() -> None:
    there = talk()

    def handler(request: httpx.Request) -> httpx.Response:
        reply = there(request)
        if "comments" in request.url.path:
            reply.headers["age"] = str(5 * 3600)
        return reply

    found = walk(handler)
    ends = {span.end_at for stream in found.new_spans.values() for span in stream}
    assert ends == {day(100) - timedelta(hours=5)}


def test_an_item_with_more_comments_than_are_read_is_never_taken_for_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feedheard, "MOST_COMMENTS", 9)
    there = Talk(window=20).write(1)
    for number in range(10):
        there.say(1, 2 + number, "Ja")
    found = walk(there)
    assert len(found.received) == 9
    assert found.threads[uri(1)][0].is_partial


@pytest.mark.parametrize("start", ["<p>" + " " * 500_000, "<a " + 'href="#comment-1 ' * 50_000])
def test_hostile_words_of_a_comment_are_read_in_bounded_time(start: str) -> None:
    there = talk()
    there.say(3, 91, start, "Fien")
    began = time.process_time()
    assert question(walk(there), 3, 3).author == f"{HOST}/~fien"
    assert time.process_time() - began < 20


def test_a_walk_cut_before_the_comments_were_asked_for_proves_nothing() -> None:
    there = talk()
    there.is_complete = False

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.params.get("page"):
            return httpx.Response(500)
        older = '<link rel="next" href="?page=2"/></feed>'
        return httpx.Response(200, text=there(request).text.replace("</feed>", older))

    found = walk(handler)
    assert isinstance(found.error, SourceUnavailable)
    assert not found.spans


def test_of_two_comments_of_one_moment_the_lower_one_came_first() -> None:
    there = talk()
    there.answer(3, 91, "Fien, zo.")
    there.comments[3].append(Comment(9, 91, "Hoe?", "Fien"))
    assert of(walk(there), 3, 3).partner == f"{HOST}/~fien"


def test_a_repeated_walk_says_nothing_new() -> None:
    there = talk()
    there.has_etag = False
    there.answer(3, 96, "Zo.", parent=there.say(3, 95, "En nu?"))
    found = walk(there)
    posts, received = dict(found.posts), dict(found.received)
    walk(there, found, 100.5)
    assert (found.posts, found.received) == (posts, received)


def test_a_post_at_the_moment_of_a_stored_comment_is_a_post_of_its_own() -> None:
    there = talk()
    found = walk(there)
    there.write(52)
    assert uri(4) in walk(there, found, 101).posts


@pytest.mark.parametrize("is_rss", [False, True])
def test_a_talk_is_collected_into_the_store_twice_without_a_name_of_a_visitor(
    tmp_path: Path, is_rss: bool
) -> None:
    there = talk()
    there.is_rss = is_rss
    asked_for = there.say(
        3, 95, "Dag An, waarom niet?", "Fien Verzonnen", url="https://fien.example"
    )
    there.answer(3, 96, "Fien Verzonnen, daarom. Vraag het aan Bert Bedenksel!", parent=asked_for)
    there.say(3, 97, "Bert Bedenksel hier.")
    rows = collect(tmp_path, there, 100)
    assert rows == collect(tmp_path, there, 100.2)
    assert len([row for row in rows if row[0] == "received"]) == 3
    kept = bytes_of(tmp_path).lower()
    for word in (b"bert", b"bedenksel", b"fien", b"verzonnen", b"geheim@", b"waarom"):
        assert word not in kept, word


def collect(data_dir: Path, there: Talk, at: float) -> list[tuple[object, ...]]:
    """Collect into a store, and what it holds then: rows without their run."""
    folder = data_dir / "rosters" / "voorbeeldstad"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "people.csv").write_text("person_id,name,is_invented\nan,An Voorbeeld,yes\n")
    accounts = f"account_id,person_id,platform,handle\nan-blog,an,feeds,{FEED}\n"
    (folder / "accounts.csv").write_text(accounts)
    report = run(
        data_dir,
        roster.read(data_dir),
        Config(now=lambda: day(at)),
        text_step=FormText(),
        transport=httpx.MockTransport(there),
    )
    assert report.status in {"complete", "unchanged"}, report.message
    with duckdb.connect(str(data_dir / "winterslaap.duckdb"), read_only=True) as con:
        return con.execute(
            "select uri, kind, text from post union all "
            "select 'received', is_question::text, null from received order by all"
        ).fetchall()
