"""The client is polite, patient within bounds, and cannot be swamped."""

from __future__ import annotations

import gzip
import threading
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import RateLimited, SourceUnavailable, UnexpectedPayload, WinterslaapError
from ingest.http import Config, Http, place, user_agent
from ingest.pacing import Pacing, seconds_to_reset, seconds_to_retry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_URL = "https://council.example/feed"
_MIB = 1024 * 1024


class _Clock(threading.Event):
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000.0
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0.0)
        self.now += timeout or 0.0
        return self.is_set()


class _Pieces(httpx.SyncByteStream):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces, self.is_closed = pieces, False

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces

    def close(self) -> None:
        self.is_closed = True


def _client(
    handler: Callable[[httpx.Request], httpx.Response],
    clock: _Clock | None = None,
    on_wait: Callable[[str, float], None] | None = None,
    config: Config | None = None,
) -> Http:
    clock = clock or _Clock()
    return Http(
        config or Config(backoff_seconds=0.0),
        transport=httpx.MockTransport(handler),
        on_wait=on_wait,
        is_stopping=clock,
        pacing=Pacing(lambda: clock.now),
    )


def _answering(*replies: httpx.Response) -> Callable[[httpx.Request], httpx.Response]:
    rest = iter(replies)
    return lambda request: next(rest)


def _get(http: Http, url: str = _URL, **more: int) -> bytes:
    return http.get(url, source="feeds", account="anna-feed", **more).body


def _headers(**headers: str) -> Mapping[str, str]:
    return httpx.Headers({name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("status", [200, 204, 304, 400, 401, 403, 404, 410, 451])
def test_the_source_judges_every_status_below_500(status: int) -> None:
    http = _client(_answering(httpx.Response(status, headers={"ETag": '"x"'})))
    reply = http.get(_URL, source="feeds", account="a")
    assert (reply.status, reply.headers["etag"], reply.url) == (status, '"x"', _URL)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_in_trouble_is_asked_again(status: int) -> None:
    http = _client(_answering(httpx.Response(status), httpx.Response(status), httpx.Response(200)))
    assert _get(http) == b""
    assert http.usage["anna-feed"].request_count == 3


def test_a_server_that_stays_in_trouble_is_told_in_one_line() -> None:
    http = _client(lambda request: httpx.Response(503))
    with pytest.raises(SourceUnavailable) as caught:
        _get(http, f"{_URL}?token=s3cret")
    assert (
        str(caught.value)
        == "feeds · anna-feed: council.example/feed answered 503 → try again later"
    )
    assert http.usage["anna-feed"].request_count == 4


def test_a_time_out_is_tried_again_and_then_told() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("secret detail", request=request)

    http = _client(handler)
    with pytest.raises(SourceUnavailable, match=r"council\.example/feed did not answer in time"):
        _get(http)
    assert http.usage["anna-feed"].request_count == 4


def test_429_waits_as_long_as_the_server_says() -> None:
    waits: list[tuple[str, float]] = []
    clock = _Clock()
    http = _client(
        _answering(httpx.Response(429, headers={"Retry-After": "236"}), httpx.Response(200)),
        clock,
        on_wait=lambda host, seconds: waits.append((host, seconds)),
    )
    _get(http)
    assert clock.waits == [236.0]
    assert waits == [("council.example", 236.0)]
    assert http.usage["anna-feed"].waited_seconds == 236.0


def test_a_429_without_retry_after_waits_for_the_reset() -> None:
    """Mastodon sends an ISO moment and no Retry-After."""
    clock = _Clock()
    headers = {
        "Date": "Sat, 21 Nov 2026 19:55:16 GMT",
        "X-RateLimit-Limit": "300",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": "2026-11-21T20:00:15.000Z",
    }
    http = _client(_answering(httpx.Response(429, headers=headers), httpx.Response(200)), clock)
    _get(http)
    assert clock.waits == [299.0]


def test_a_server_that_asks_for_hours_is_left_alone_at_once() -> None:
    clock = _Clock()
    http = _client(lambda request: httpx.Response(429, headers={"Retry-After": "7200"}), clock)
    with pytest.raises(RateLimited, match=r"asks to wait 7200 s, .* → collect again after") as told:
        _get(http)
    assert clock.waits == []
    soon = datetime.now(UTC) + timedelta(seconds=7200)
    assert abs((told.value.retry_at - soon).total_seconds()) < 60


def test_patience_with_429_ends() -> None:
    http = _client(lambda request: httpx.Response(429, headers={"Retry-After": "0"}))
    with pytest.raises(RateLimited):
        _get(http)
    assert http.usage["anna-feed"].request_count == 4


def test_an_empty_allowance_is_waited_out_before_the_next_request() -> None:
    clock = _Clock()
    now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    headers = {
        "Date": format_datetime(now, usegmt=True),
        "RateLimit-Limit": "3000",
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": str(int(now.timestamp()) + 120),
    }
    http = _client(lambda request: httpx.Response(200, headers=headers), clock)
    _get(http)
    assert clock.waits == []
    _get(http)
    assert clock.waits == [120.0]
    _get(http, "https://elsewhere.example/")
    assert clock.waits == [120.0], "another host has its own allowance"


def test_the_last_tenth_of_an_allowance_is_spread_over_the_time_that_is_left() -> None:
    clock = _Clock()
    headers = {"RateLimit-Limit": "3000", "RateLimit-Remaining": "99", "RateLimit-Reset": "200"}
    http = _client(lambda request: httpx.Response(200, headers=headers), clock)
    _get(http)
    _get(http)
    assert clock.waits == [2.0]


def test_a_stop_ends_a_wait_and_every_later_request() -> None:
    clock = _Clock()
    clock.set()
    http = _client(lambda request: httpx.Response(200), clock)
    with pytest.raises(SourceUnavailable, match="being stopped"):
        _get(http)
    assert http.usage["anna-feed"].request_count == 0


def test_permanent_redirects_are_reported_and_temporary_ones_followed() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        to = {"/feed": (301, "/new"), "/new": (308, "https://www.council.example/rss")}
        if request.url.path in to:
            status, location = to[request.url.path]
            return httpx.Response(status, headers={"Location": location})
        return httpx.Response(200, content=b"feed")

    reply = _client(handler).get(_URL, source="feeds", account="a")
    assert (reply.body, reply.moved_to) == (b"feed", "https://www.council.example/rss")

    def temporary(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/feed":
            return httpx.Response(302, headers={"Location": "/login"})
        return httpx.Response(200)

    reply = _client(temporary).get(_URL, source="feeds", account="a")
    assert (reply.url, reply.moved_to) == ("https://council.example/login", None)


def test_a_token_is_not_carried_to_another_host() -> None:
    seen: list[str | None] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("authorization"))
        if request.url.host == "council.example":
            return httpx.Response(302, headers={"Location": "https://other.example/"})
        return httpx.Response(200)

    token = {"Authorization": "Bearer s3cret"}
    _client(handler).get(_URL, headers=token, source="mastodon", account="a")
    assert seen == ["Bearer s3cret", None]


def test_a_circle_of_redirects_ends() -> None:
    http = _client(lambda request: httpx.Response(302, headers={"Location": "/feed"}))
    with pytest.raises(UnexpectedPayload, match="too many redirects"):
        _get(http)


def test_200_megabytes_are_refused_when_announced_and_when_not() -> None:
    announced = httpx.Response(
        200, headers={"Content-Length": "200000000"}, stream=_Pieces(iter([b"x"]))
    )
    with pytest.raises(UnexpectedPayload, match="larger than 64 MiB"):
        _get(_client(_answering(announced)))
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(3200):
            sent += 65_536
            yield bytes(65_536)

    stream = _Pieces(endless())
    with pytest.raises(UnexpectedPayload, match="larger than 1 MiB → check the address"):
        _get(_client(_answering(httpx.Response(200, stream=stream))), max_bytes=_MIB)
    assert sent <= _MIB + 65_536
    assert stream.is_closed


def test_a_gzip_bomb_never_unfolds_in_memory() -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(_MIB)) for _ in range(300)) + packer.flush()
    assert len(bomb) < _MIB
    stream = _Pieces(iter([bomb]))
    response = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=stream)
    http = _client(_answering(response))
    tracemalloc.start()
    with pytest.raises(UnexpectedPayload, match="larger than 8 MiB"):
        _get(http, max_bytes=8 * _MIB)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40 * _MIB


@pytest.mark.parametrize("packing", ["br", "gzip, gzip", "zstd"])
def test_packings_that_were_not_asked_for_are_refused(packing: str) -> None:
    stream = _Pieces(iter([b"xx"]))
    response = httpx.Response(200, headers={"Content-Encoding": packing}, stream=stream)
    with pytest.raises(UnexpectedPayload, match="which was not asked for"):
        _get(_client(_answering(response)))


@given(st.binary(max_size=5_000), st.integers(1, 700), st.integers(1, 3))
def test_packed_bodies_come_out_whole_however_they_are_cut(
    data: bytes, step: int, members: int
) -> None:
    packed = b"".join(gzip.compress(data) for _ in range(members))
    cut = [packed[i : i + step] for i in range(0, len(packed), step)]
    if members > 1:
        cut = [packed]
    response = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=_Pieces(iter(cut)))
    assert _get(_client(_answering(response))) == data * members


@given(st.binary(max_size=3_000), st.data())
def test_a_damaged_packed_body_is_an_error_of_ours_or_the_body(
    data: bytes, draw: st.DataObject
) -> None:
    packed = bytearray(gzip.compress(data))
    packed[draw.draw(st.integers(0, len(packed) - 1))] ^= draw.draw(st.integers(1, 255))
    packed = packed[: draw.draw(st.integers(0, len(packed)))]

    def handler(request: httpx.Request) -> httpx.Response:
        stream = _Pieces(iter([bytes(packed)]))
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=stream)

    try:
        body = _get(_client(handler))
    except WinterslaapError:
        return
    assert body in {data, b""}


def test_a_body_cut_short_is_asked_for_again_and_never_taken_for_whole() -> None:
    whole = gzip.compress(b"all of it" * 1000)

    def short(headers: dict[str, str], body: bytes) -> httpx.Response:
        return httpx.Response(200, headers=headers, stream=_Pieces(iter([body])))

    packed = {"Content-Encoding": "gzip"}
    sized = {"Content-Length": "1000"}
    http = _client(_answering(short(packed, whole[:-9]), short(sized, b"x"), short(packed, whole)))
    assert _get(http) == b"all of it" * 1000
    http = _client(lambda request: short(sized, b"x"))
    with pytest.raises(SourceUnavailable, match=r"the answer of council\.example/feed broke off"):
        _get(http)


def test_of_an_error_page_only_the_beginning_is_read() -> None:
    stream = _Pieces(iter([bytes(_MIB)] * 500))
    http = _client(_answering(httpx.Response(404, stream=stream)))
    reply = http.get(_URL, source="feeds", account="a")
    assert reply.status == 404
    assert len(reply.body) <= 2 * _MIB


@pytest.mark.parametrize("url", ["", "council", "http://[::1", "http://a:b:c/", "\x00"])
def test_what_is_no_address_is_told_as_such(url: str) -> None:
    with pytest.raises(WinterslaapError, match=r"correct the address in accounts\.csv"):
        _get(_client(lambda request: httpx.Response(200)), url)


def test_parameters_join_a_query_that_is_there() -> None:
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(200)

    _client(handler).get(f"{_URL}?a=1", params={"uris": ["x", "y"]}, source="bluesky", account="a")
    assert seen == [f"{_URL}?a=1&uris=x&uris=y"]


def test_the_client_says_who_it_is() -> None:
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["user-agent"])
        return httpx.Response(200)

    _get(_client(handler, config=Config(contact="mailto:desk@voorbeeld.example")))
    assert seen == [user_agent("mailto:desk@voorbeeld.example")]
    assert seen[0].startswith("Winterslaap/")
    assert seen[0].endswith(" (+mailto:desk@voorbeeld.example)")


def test_printed_places_hold_no_secrets() -> None:
    assert place("https://user:pw@x.example:8443/feed?token=1#frag") == "x.example:8443/feed"


def test_a_moment_in_the_past_means_no_wait() -> None:
    headers = _headers(RateLimit_Reset="1600000000", Date="Sat, 21 Nov 2026 12:00:00 GMT")
    assert seconds_to_reset(headers) == 0.0


def test_retry_after_may_be_a_date() -> None:
    headers = _headers(
        Retry_After="Sat, 21 Nov 2026 12:01:40 GMT", Date="Sat, 21 Nov 2026 12:00:00 GMT"
    )
    assert seconds_to_retry(headers) == 100.0


_text = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)


@given(
    st.dictionaries(
        st.sampled_from(
            ["retry-after", "ratelimit-reset", "x-ratelimit-reset", "ratelimit-remaining", "date"]
        ),
        _text
        | st.integers().map(str)
        | st.floats().map(str)
        | st.datetimes().map(lambda moment: moment.isoformat())
        | st.datetimes().map(format_datetime),
    )
)
def test_no_header_breaks_the_pacing(headers: dict[str, str]) -> None:
    pacing = Pacing(lambda: 0.0)
    pacing.note("x", httpx.Headers(headers))
    for seconds in (seconds_to_retry(httpx.Headers(headers)), pacing.seconds_until("x")):
        assert seconds is None or 0.0 <= seconds <= 30 * 86_400
