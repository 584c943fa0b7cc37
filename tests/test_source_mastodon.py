from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from ingest.errors import AccessDenied, AccountGone, SourceUnavailable, UnexpectedPayload
from ingest.model import Account, Kind, Post, Status, Stream
from ingest.sources import mastodon
from tests.mastodon_server import AN, HOST, OPENED_AT, Server, account
from tests.walking import NOW, Memory

ACTS, RECEIVED = Stream.ACTS, Stream.RECEIVED
A_DAY = timedelta(days=1)


def day(number: float) -> datetime:
    return OPENED_AT + timedelta(days=number)


def walk(
    server: Server, memory: Memory | None = None, now: datetime = NOW, **more: object
) -> Memory:
    return (memory or Memory()).walk(mastodon, AN, server, now, **more)


def busy(count: int = 12) -> Server:
    server = Server()
    for number in range(count):
        server.add(number)
    return server


def asked_for(memory: Memory, part: str) -> int:
    return sum(part in str(url) for url in memory.asked)


def test_a_first_walk_lists_everything_and_proves_it_from_the_day_before_the_account() -> None:
    found = walk(busy())
    assert found.error is None
    assert len(found.posts) == 12
    for stream in (Stream.ACTS, Stream.RECEIVED):
        (span,) = found.new_spans[stream]
        assert (span.start_at, span.end_at) == (OPENED_AT - A_DAY, NOW)
        assert span.proof == "listing_to_end"


def test_the_home_server_is_found_by_webfinger() -> None:
    found = walk(busy())
    assert [url.host for url in found.asked[:2]] == ["voorbeeld.example", HOST]
    assert found.state is not None
    assert (found.state.native_id, found.state.host) == ("an@voorbeeld.example", HOST)


def test_links_are_followed_without_trusting_their_host() -> None:
    found = walk(busy())
    assert "behind-a-proxy.example" not in {url.host for url in found.asked}


def test_an_unchanged_account_costs_one_request() -> None:
    server = Server(page_size=40)
    for number in range(12):
        server.add(number)
    found = walk(server)
    walk(server, found, NOW + A_DAY)
    assert len(found.asked) == 1
    (span,) = found.new_spans[ACTS]
    assert span.end_at == NOW + A_DAY


def test_a_later_walk_stops_where_it_meets_what_is_stored() -> None:
    server = busy(40)
    found = walk(server, now=day(300))
    new = server.add(299)
    walk(server, found, day(301))
    assert server.url(new) in found.posts
    assert asked_for(found, "/statuses?") == 1
    (span,) = found.new_spans[ACTS]
    assert (span.start_at, span.end_at, span.proof) == (day(39), day(301), "overlap")


def test_the_listing_goes_on_as_far_back_as_threads_can_still_change() -> None:
    server = Server()
    for number in range(60):
        server.add(number * 0.5)
    found = walk(server, now=day(30))
    root = next(
        i for i in server.statuses if server.statuses[i]["created_at"] > day(10).isoformat()
    )
    server.add(30.5, "late vraag?", to=root, by="celia")
    walk(server, found, day(31))
    assert len(found.received) == 1
    assert asked_for(found, "/statuses?") == 12


def test_a_pinned_status_proves_no_overlap() -> None:
    server = Server(page_size=40)
    server.add(1, pinned=True)
    found = walk(server)
    for number in range(250, 280):
        server.add(number)
    walk(server, found, day(290))
    assert found.new_spans[ACTS][0].proof == "listing_to_end"


def test_a_backdated_status_proves_no_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    server = busy(30)
    found = walk(server, now=day(200))
    known = found.known()
    backdated = {
        uri: type(post)(post.created_at, post.reply_count, False, True, False)
        for uri, post in known.posts.items()
    }
    monkeypatch.setattr(found, "known", lambda: replace(known, posts=backdated))
    walk(server, found, day(201))
    assert asked_for(found, "/statuses?") == 7
    assert found.new_spans[ACTS][0].proof == "listing_to_end"


def test_a_walk_cut_in_the_contexts_proves_acts_but_not_what_was_received() -> None:
    server = busy()
    root = server.add(100)
    server.add(101, "wanneer?", to=root, by="celia")
    server.failing = {"/context": 503}
    found = walk(server)
    assert isinstance(found.error, SourceUnavailable)
    assert found.new_spans[ACTS]
    assert not found.new_spans[RECEIVED]
    server.failing = {}
    walk(server, found, NOW + A_DAY)
    assert len(found.received) == 1
    assert found.new_spans[RECEIVED][0].start_at == OPENED_AT - A_DAY


def test_a_reply_belongs_to_its_thread_and_its_partner() -> None:
    server = Server()
    root = server.add(1, "Wie heeft een idee?")
    question = server.add(2, "Wanneer?", to=root, by="bert@burger.example")
    answer = server.add(3, "In mei.", to=question)
    found = walk(server)
    post = found.posts[server.url(answer)]
    assert post.kind is Kind.REPLY
    assert post.partner == "bert@burger.example"
    assert (post.parent_uri, post.root_uri) == (server.url(question), server.url(root))
    item = found.received[server.url(question)]
    assert (item.author, item.root_uri) == ("bert@burger.example", server.url(root))


def test_a_partner_whom_no_mention_names_is_looked_up_once() -> None:
    server = Server()
    first = server.add(1, by="celia")
    second = server.add(2, by="celia")
    server.add(3, to=first)
    server.add(4, to=second)
    found = walk(server)
    assert {post.partner for post in found.posts.values()} == {"celia@voorbeeld.example"}
    assert asked_for(found, f"/accounts/{account('celia')['id']}") == 1


def test_a_repeated_walk_says_nothing_else_about_a_reply_in_somebody_elses_thread() -> None:
    server = Server()
    top = server.add(1, by="celia")
    reply = server.add(2, to=top)
    found = walk(server)
    before = dict(found.posts)
    server.add(3)
    walk(server, found, NOW + A_DAY)
    assert found.posts[server.url(reply)] == before[server.url(reply)]


def test_a_new_reply_in_an_old_thread_is_put_where_it_belongs() -> None:
    server = busy()
    root = server.add(20)
    question = server.add(21, "en?", to=root, by="celia")
    found = walk(server, now=day(100))
    for number in range(60, 100):
        server.add(number)
    walk(server, found, day(101))
    answer = server.add(101.5, "ja", to=question)
    walk(server, found, day(102))
    assert found.posts[server.url(answer)].root_uri == server.url(root)


def test_walking_often_finds_the_same_as_walking_once() -> None:
    server = busy(30)
    often = Memory()
    for number in (30, 33, 61, 120):
        root = server.add(number - 2)
        question = server.add(number - 1.5, by="celia", to=root)
        walk(server, often, day(number))
        server.add(number + 0.5, to=question)
        server.add(number + 0.6, to=server.add(number + 0.4, by="dirk"))
    walk(server, often, day(130))
    once = walk(server, now=day(130))
    assert often.posts == once.posts
    assert often.received == once.received


def test_citizens_who_quarrel_below_a_post_are_not_received() -> None:
    server = Server()
    root = server.add(1)
    first = server.add(2, by="celia", to=root)
    server.add(3, by="dirk", to=first)
    found = walk(server)
    assert list(found.received) == [server.url(first)]


def test_contexts_are_asked_for_only_where_somebody_replied() -> None:
    server = busy()
    root = server.add(20)
    server.add(21, by="celia", to=root)
    found = walk(server)
    assert asked_for(found, "/context") == 1


def test_an_answered_thread_is_asked_for_once_with_its_answer() -> None:
    server = Server()
    root = server.add(1)
    question = server.add(2, by="celia", to=root)
    answer = server.add(3, to=question)
    server.add(4, by="celia", to=answer)
    found = walk(server)
    assert asked_for(found, "/context") == 1
    assert set(found.threads) == {server.url(root), server.url(answer)}


def test_an_old_thread_is_asked_for_again_only_when_its_count_changed() -> None:
    server = Server(page_size=40)
    root = server.add(1)
    server.add(2, by="celia", to=root)
    found = walk(server, now=day(100))
    walk(server, found, day(101))
    assert asked_for(found, "/context") == 0
    server.add(101.5, "nog iets?", by="dirk", to=root)
    walk(server, found, day(102))
    assert asked_for(found, "/context") == 1
    assert len(found.received) == 2


def test_a_young_thread_is_asked_for_each_time() -> None:
    server = Server(page_size=40)
    root = server.add(80)
    server.add(81, by="celia", to=root)
    found = walk(server, now=day(100))
    walk(server, found, day(101))
    assert asked_for(found, "/context") == 1


def test_a_cut_tree_is_marked_as_partial() -> None:
    server = Server(cap=3)
    root = server.add(1)
    for number in range(5):
        server.add(2 + number, by="celia", to=root)
    found = walk(server)
    thread, _ = found.threads[server.url(root)]
    assert (thread.reply_count, thread.is_partial) == (5, True)


def test_what_is_not_public_is_left_out_and_counted() -> None:
    server = busy(3)
    for visibility in ("private", "direct", "local"):
        server.add(5, "geheim", visibility=visibility)
    found = walk(server)
    assert not any("geheim" in post.text for post in found.posts.values())
    assert "statuses left out because they are not public: 3" in found.notes


def test_an_edit_is_seen() -> None:
    server = Server(page_size=40)
    status = server.add(1, "voor")
    found = walk(server)
    server.statuses[status] |= {"content": "<p>na</p>", "edited_at": day(2).isoformat()}
    walk(server, found, NOW + A_DAY)
    assert found.posts[server.url(status)].text == "na"


def test_a_status_that_the_server_no_longer_has_is_deleted() -> None:
    server = busy()
    server.page_size = 40
    gone = server.add(5.5)
    url = server.url(gone)
    found = walk(server)
    del server.statuses[gone]
    walk(server, found, NOW + A_DAY)
    assert found.posts[url].is_deleted
    assert sum(post.is_deleted for post in found.posts.values()) == 1


def test_a_status_missing_in_the_listing_but_still_there_is_not_deleted() -> None:
    server = busy()
    server.page_size = 40
    moved = server.add(5.5)
    found = walk(server)
    server.statuses[moved]["account"] = account("celia")
    walk(server, found, NOW + A_DAY)
    assert not any(post.is_deleted for post in found.posts.values())


def test_a_boost_is_a_repost() -> None:
    server = Server()
    other = server.add(1, "feest", by="celia")
    boost = server.add(2, "", reblog=server.statuses[other])
    found = walk(server)
    post = found.posts[server.url(boost)]
    assert (post.kind, post.text) == (Kind.REPOST, "")
    assert (post.parent_uri, post.partner) == (server.url(other), "celia@voorbeeld.example")


def test_a_moved_account_says_where_it_went_and_keeps_its_statuses() -> None:
    server = busy()
    server.owner["moved"] = account("an@elders.example")
    found = walk(server)
    assert found.state is not None
    assert (found.state.status, found.state.moved_to) == (Status.MOVED, "an@elders.example")
    assert len(found.posts) == 12
    assert "moved to another server; what is here stays" in found.notes


def test_a_suspended_account_is_not_silent_but_gone() -> None:
    server = busy()
    server.owner["suspended"] = True
    found = walk(server)
    assert isinstance(found.error, AccountGone)
    assert found.state is not None
    assert found.state.status is Status.SUSPENDED
    assert not found.spans
    assert "days are unknown until it is back" in str(found.error)
    assert "correct the handle" not in str(found.error)


@pytest.mark.parametrize(
    ("path", "status"), [("webfinger", 410), ("lookup", 410), ("statuses", 404)]
)
def test_an_account_that_its_server_hides_needs_no_other_handle(path: str, status: int) -> None:
    server = busy()
    server.failing[path] = status
    found = walk(server)
    assert isinstance(found.error, AccountGone)
    assert str(found.error).endswith(
        "→ days are unknown until it is back, what is stored stays; gone for good: set valid_to"
    )


def test_an_account_suspended_later_is_gone_and_nothing_stored_is_lost() -> None:
    server = busy()
    found = walk(server)
    server.owner["suspended"] = True
    walk(server, found, NOW + A_DAY)
    assert isinstance(found.error, AccountGone)
    assert len(found.posts) == 12
    assert not any(post.is_deleted for post in found.posts.values())
    assert all(span.end_at == NOW for span in found.spans)


def test_an_unknown_account_is_gone() -> None:
    nobody = Account("niemand", "niemand", "mastodon", "niemand@voorbeeld.example")
    found = Memory().walk(mastodon, nobody, Server())
    assert isinstance(found.error, AccountGone)
    assert str(found.error).startswith("mastodon · niemand: niemand@voorbeeld.example is unknown")


@pytest.mark.parametrize(
    "handle", ["an", "@an", "https://voorbeeld.example/an", "a@b@c", "@", "a b@c"]
)
def test_a_handle_that_is_no_handle_is_named(handle: str) -> None:
    found = Memory().walk(mastodon, Account("an", "an", "mastodon", handle), Server())
    assert isinstance(found.error, AccountGone)
    assert not found.asked


@pytest.mark.parametrize("handle", ["@An@Voorbeeld.example", "https://voorbeeld.example/@an"])
def test_a_handle_may_be_written_as_people_write_it(handle: str) -> None:
    found = Memory().walk(mastodon, Account("an", "an", "mastodon", handle), busy())
    assert found.error is None
    assert len(found.posts) == 12


def test_an_empty_listing_of_an_account_that_counts_statuses_proves_nothing() -> None:
    server = Server()
    server.owner["statuses_count"] = 100
    found = walk(server)
    assert found.error is None
    assert not found.spans
    assert "the server counts 100 statuses and shows none: nothing proven" in found.notes


def test_an_account_without_statuses_is_known_to_be_silent() -> None:
    server = Server()
    server.owner["statuses_count"] = 0
    found = walk(server)
    assert found.new_spans[ACTS][0].start_at == OPENED_AT - A_DAY


def test_a_server_that_refuses_strangers_gives_acts_by_its_feed() -> None:
    server = busy()
    server.token, server.has_feed = "geheim", True
    found = walk(server)
    assert found.error is None
    assert len(found.posts) == 12
    assert found.state is not None
    assert not found.state.shows.replies
    assert not found.state.shows.received_under_own_posts
    (span,) = found.new_spans[ACTS]
    assert span.start_at == day(0)
    assert not found.new_spans[RECEIVED]
    assert any(f"winterslaap token set {HOST}" in note for note in found.notes)


def test_the_feed_and_the_api_name_a_status_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    server = busy()
    server.token, server.has_feed = "geheim", True
    found = walk(server)
    by_feed = set(found.posts)
    monkeypatch.setenv("WINTERSLAAP_TOKEN_SOCIAAL_VOORBEELD_EXAMPLE", "geheim")
    walk(server, found, NOW + A_DAY)
    assert set(found.posts) == by_feed
    assert found.state is not None
    assert found.state.shows.replies


def test_a_server_that_refuses_strangers_and_has_no_feed_denies_access() -> None:
    server = busy()
    server.token = "geheim"
    found = walk(server)
    assert isinstance(found.error, AccessDenied)
    assert f"winterslaap token set {HOST}" in str(found.error)


def test_a_token_is_never_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    server = busy()
    server.token = "het-echte"
    monkeypatch.setenv("WINTERSLAAP_TOKEN_SOCIAAL_VOORBEELD_EXAMPLE", "een-verkeerd-geheim")
    found = walk(server)
    assert isinstance(found.error, AccessDenied)
    assert "een-verkeerd-geheim" not in str(found.error)


def test_contexts_that_are_refused_leave_the_acts() -> None:
    server = busy()
    server.add(21, by="celia", to=server.add(20))
    server.failing = {"/context": 401}
    found = walk(server)
    assert found.error is None
    assert found.new_spans[ACTS]
    assert not found.new_spans[RECEIVED]
    assert found.state is not None
    assert not found.state.shows.received_under_own_posts


def test_nothing_older_than_since_is_asked_for() -> None:
    server = busy(60)
    found = walk(server, since=date(2024, 2, 20))
    assert {post.created_at >= day(50) for post in found.posts.values() if post.created_at} == {
        True
    }
    assert asked_for(found, "/statuses?") == 3
    assert found.new_spans[ACTS][0].start_at == day(50)


def test_a_walk_without_since_fills_in_what_since_left_out() -> None:
    server = busy(60)
    found = walk(server, since=date(2024, 2, 20))
    walk(server, found, NOW + A_DAY)
    assert len(found.posts) == 60
    assert found.new_spans[ACTS][0].start_at == OPENED_AT - A_DAY


@pytest.mark.parametrize("body", [b"<html>hallo</html>", b"{}", b"[", b"", b"null", b"[" * 100_000])
def test_a_listing_that_is_none_is_one_clear_line(body: bytes) -> None:
    server = busy()

    def handler(request: httpx.Request) -> httpx.Response:
        is_listing = request.url.path.endswith("/statuses")
        return httpx.Response(200, content=body) if is_listing else server(request)

    found = Memory().walk(mastodon, AN, handler)
    assert isinstance(found.error, UnexpectedPayload)
    assert "\n" not in str(found.error)
    assert not found.spans


def test_a_server_that_names_the_same_next_page_for_ever_is_not_followed() -> None:
    server = busy()

    def handler(request: httpx.Request) -> httpx.Response:
        reply = server(request)
        if "link" in reply.headers:
            reply.headers["link"] = f'<https://{HOST}/x?max_id=1704067200001>; rel="next"'
        return reply

    found = Memory().walk(mastodon, AN, handler)
    assert isinstance(found.error, UnexpectedPayload) or len(found.asked) < 10


def test_a_full_page_without_a_link_header_is_not_taken_for_the_last() -> None:
    server = busy(70)
    server.page_size = 40

    def handler(request: httpx.Request) -> httpx.Response:
        reply = server(request)
        reply.headers.pop("link", None)
        return reply

    found = Memory().walk(mastodon, AN, handler)
    assert len(found.posts) == 70


def test_webfinger_over_http_is_only_for_loopback() -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(404)

    for handle in ("an@127.0.0.1:8080", "an@an.localhost:8080", "an@voorbeeld.example"):
        Memory().walk(
            mastodon, Account("an", "an", "mastodon", handle), handler, allow_private=True
        )
    assert [url.split(":")[0] for url in asked if "webfinger" in url] == ["http", "http", "https"]


def test_a_status_without_an_author_is_quarantined_and_the_rest_is_kept() -> None:
    server = busy(3)
    broken = server.add(4)
    listing = server._listing

    def without_author(request: httpx.Request) -> httpx.Response:
        page = listing(request).json()
        return httpx.Response(
            200,
            json=[
                {k: v for k, v in s.items() if s["id"] != broken or k != "visibility"} for s in page
            ],
        )

    server._listing = without_author  # type: ignore[method-assign]
    found = walk(server)
    assert len(found.posts) == 3
    assert sum(len(batch.quarantined) for batch in found.batches) == 1


def test_a_very_long_text_with_emoji_from_right_to_left_comes_whole() -> None:
    server = Server()
    text = "שלום 🌳 " * 20_000
    status = server.add(1, text)
    found = walk(server)
    assert found.posts[server.url(status)].text == text.strip()


def test_a_future_date_is_capped_at_the_fetch() -> None:
    server = Server()
    status = server.add(5_000)
    found = walk(server)
    post = found.posts[server.url(status)]
    assert post.indexed_at == NOW
    assert post.created_at == day(5_000)


def test_repeating_a_walk_changes_nothing() -> None:
    server = busy()
    root = server.add(270)
    question = server.add(271, "wie?", by="celia", to=root)
    server.add(272, "ik", to=question)
    server.add(273, to=server.add(270.5, by="dirk"))
    found = walk(server)
    posts, received = dict(found.posts), dict(found.received)
    walk(server, found, NOW + A_DAY)
    walk(server, found, NOW + 2 * A_DAY)
    assert (found.posts, found.received) == (posts, received)


def test_moments_of_posts_are_in_utc() -> None:
    server = Server()
    status = server.add(1, created_at="2024-05-01T00:30:00+02:00")
    found = walk(server)
    post: Post = found.posts[server.url(status)]
    assert post.created_at == datetime(2024, 4, 30, 22, 30, tzinfo=UTC)


def test_a_status_that_was_pinned_since_proves_no_overlap() -> None:
    server = Server(page_size=40)
    status = server.add(1)
    found = walk(server)
    server.statuses[status]["pinned"] = True
    for number in range(250, 280):
        server.add(number)
    walk(server, found, day(290))
    assert found.new_spans[ACTS][0].proof == "listing_to_end"


def test_what_was_received_is_proven_from_the_last_time_it_was_asked_for() -> None:
    server = busy(60)
    found = walk(server, now=day(61))
    server.add(70.5, by="celia", to=server.add(70))
    server.failing = {"/context": 500}
    walk(server, found, day(71))
    server.failing = {}
    server.add(75)
    walk(server, found, day(80))
    assert found.new_spans[ACTS][0].start_at == day(70)
    (span,) = found.new_spans[RECEIVED]
    assert (span.start_at, span.end_at, span.proof) == (day(60), day(80), "overlap")


def test_the_public_boost_of_a_private_status_is_left_out() -> None:
    server = busy(2)
    private = server.add(1, "geheim", by="celia", visibility="private")
    server.add(2, "", reblog=server.statuses[private])
    assert len(walk(server).posts) == 2


def test_replies_that_answer_each_other_in_a_circle_come_to_an_end() -> None:
    server = Server()
    first, second = server.add(1), server.add(2)
    for one, other in ((first, second), (second, first)):
        author = server.owner["id"]
        server.statuses[one] |= {"in_reply_to_id": other, "in_reply_to_account_id": author}
        server.statuses[one]["replies_count"] = 0
    assert len(walk(server).posts) == 2


def test_webfinger_cannot_lead_a_token_to_an_open_line() -> None:
    server = busy()

    def handler(request: httpx.Request) -> httpx.Response:
        reply = server(request)
        if "webfinger" not in str(request.url):
            return reply
        return httpx.Response(200, content=reply.content.replace(b"https://", b"http://"))

    found = Memory().walk(mastodon, AN, handler)
    assert len(found.posts) == 12
    assert {(url.scheme, url.host) for url in found.asked[1:]} == {("https", HOST)}


def test_another_server_than_the_home_is_not_believed() -> None:
    server = busy()
    server.owner["acct"] = "an@elders.example"
    found = walk(server)
    assert isinstance(found.error, UnexpectedPayload)
    assert "is not the home of an@voorbeeld.example" in str(found.error)
    assert not found.posts


def test_a_server_without_lookup_is_asked_for_the_name() -> None:
    server = busy()

    def handler(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.endswith("/lookup"):
            return httpx.Response(404)
        if path == "/api/v1/accounts/an":
            return httpx.Response(200, json=server.owner)
        return server(request)

    found = Memory().walk(mastodon, AN, handler)
    assert found.error is None
    assert len(found.posts) == 12


def test_an_account_of_another_id_after_a_new_start_is_found_again() -> None:
    server = busy()
    found = walk(server)
    server.owner["id"] = "77"
    walk(server, found, NOW + A_DAY)
    assert found.error is None
    assert found.cursors["account_id"] == "77"
