"""A webhook is posted to as politely as pages are fetched, and its address stays a secret."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest

from ingest.errors import (
    AccessDenied,
    RateLimited,
    SourceUnavailable,
    UnexpectedPayload,
    WinterslaapError,
)
from ingest.http import Config, Http

SECRET = "T0K3N-in-the-path"
URL = f"https://hooks.example/services/{SECRET}?key={SECRET}"
BODY = json.dumps({"text": "één vraag"}).encode()
Answer = Callable[[httpx.Request], httpx.Response]


def post(answer: Answer, url: str = URL, **options: object) -> None:
    config = Config(backoff_seconds=0.0, max_wait_seconds=0.0, **options)  # type: ignore[arg-type]
    with Http(config, transport=httpx.MockTransport(answer)) as http:
        http.post(url, BODY, source="alerts", account="webhook")


def test_the_body_arrives_as_json_with_an_honest_name() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(204)

    post(answer)
    (request,) = seen
    assert (request.method, str(request.url), request.content) == ("POST", URL, BODY)
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"].startswith("Winterslaap/")


def test_a_server_that_fails_is_asked_again() -> None:
    answers = iter([httpx.Response(500), httpx.Response(502), httpx.Response(200)])
    post(lambda _: next(answers))
    assert next(answers, None) is None


def refused(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no route")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda _: httpx.Response(500), SourceUnavailable),
        (lambda _: httpx.Response(429, headers={"Retry-After": "60"}), RateLimited),
        (lambda _: httpx.Response(404), UnexpectedPayload),
        (
            lambda _: httpx.Response(302, headers={"Location": "https://x.example"}),
            UnexpectedPayload,
        ),
        (refused, SourceUnavailable),
    ],
)
def test_what_goes_wrong_is_told_without_the_address(
    answer: Answer, error: type[WinterslaapError], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    with pytest.raises(error) as told:
        post(answer)
    assert "hooks.example" in str(told.value)
    assert SECRET not in f"{told.value}{told.value!r}{caplog.text}"


@pytest.mark.parametrize(
    "url", [f"http://127.0.0.1/{SECRET}", f"http://localhost/{SECRET}", f"file:///{SECRET}", SECRET]
)
def test_a_private_address_is_refused_unless_allowed(url: str) -> None:
    with pytest.raises(WinterslaapError, match="→ correct the webhook's address") as told:
        post(lambda _: httpx.Response(200), url)
    assert SECRET not in str(told.value)
    assert isinstance(told.value, AccessDenied | UnexpectedPayload)
    if url.startswith("http:"):
        post(lambda _: httpx.Response(200), url, allow_private=True)
