"""A WebSocket to a live stream: guarded as every request is, opened again when it breaks.

The stream's servers end connections all the time; each opening asks from the cursor
on. Addresses are judged as `ingest.guard` judges them, no redirect is followed and no
proxy asked.
"""

from __future__ import annotations

import random
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from websockets.exceptions import (
    ConnectionClosed,
    InvalidStatus,
    InvalidURI,
    WebSocketException,
)
from websockets.sync.client import ClientConnection, connect

from ingest import guard
from ingest.errors import AccessDenied, SourceError, UnexpectedPayload
from ingest.http import Config, place, user_agent
from ingest.pacing import seconds_to_retry

SOURCE = "live"
_HTTP = {"ws": "http", "wss": "https"}
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_QUEUE = 8  # messages that wait to be read; then the server has to


class Broken(Exception):
    """The connection ended or never came to be, and may be tried again."""

    def __init__(self, happened: str, *, wait: float = 0.0, is_too_large: bool = False) -> None:
        super().__init__(happened)
        self.wait, self.is_too_large = wait, is_too_large


@contextmanager
def connected(url: str, config: Config, max_bytes: int) -> Iterator[ClientConnection]:
    """An open connection; Broken when it ends, a SourceError if it never can be."""
    parsed = httpx.URL(url)
    try:
        guard.check_url(
            parsed.copy_with(scheme=_HTTP.get(parsed.scheme, "none")),
            is_private_allowed=config.allow_private,
        )
        with _opened(parsed, config, max_bytes) as connection:
            yield connection
    except guard.AddressRefused as error:
        raise _denied(parsed, f"is {error}") from error
    except InvalidURI as error:
        raise _denied(parsed, "is no address of a stream") from error
    except InvalidStatus as error:
        raise _judged(parsed, error) from error
    except ConnectionClosed as error:
        is_too_large = error.sent is not None and error.sent.code == 1009
        happened = "sent a message that is too large" if is_too_large else "closed the connection"
        raise Broken(f"{place(parsed)} {happened}", is_too_large=is_too_large) from error
    except ssl.SSLCertVerificationError as error:
        raise Broken(f"the certificate of {place(parsed)} is not valid") from error
    except (OSError, WebSocketException) as error:
        raise Broken(f"{place(parsed)} could not be reached") from error


@contextmanager
def _opened(url: httpx.URL, config: Config, max_bytes: int) -> Iterator[ClientConnection]:
    is_secure = url.scheme == "wss"
    port = url.port or (443 if is_secure else 80)
    seconds = config.timeout_seconds
    sock = guard.open_socket(url.host, port, seconds, is_private_allowed=config.allow_private)
    with (
        sock,
        connect(
            str(url),
            sock=sock,
            ssl=httpx.create_ssl_context() if is_secure else None,
            proxy=None,
            user_agent_header=user_agent(config.contact),
            open_timeout=seconds,
            ping_timeout=seconds,
            close_timeout=1,
            max_size=max_bytes,
            max_queue=_QUEUE,
        ) as connection,
    ):
        yield connection


def _denied(url: httpx.URL, happened: str) -> AccessDenied:
    return AccessDenied(
        SOURCE, url.host, f"{place(url)} {happened}", "correct the stream's address"
    )


def _judged(url: httpx.URL, error: InvalidStatus) -> Broken | SourceError:
    """What a refusal by HTTP means."""
    status = error.response.status_code
    happened = f"{place(url)} answered {status}"
    if status == 429 or status >= 500:
        headers = httpx.Headers(list(error.response.headers.raw_items()))
        return Broken(happened, wait=seconds_to_retry(headers) or 0.0)
    if status in {401, 403}:
        return _denied(url, f"answered {status}")
    return UnexpectedPayload(SOURCE, url.host, happened, "correct the stream's address")


class Patience:
    """How long to wait before the next attempt: doubled, with a share of chance."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._wait = _FIRST_WAIT

    def reset(self) -> None:
        """Something came."""
        self._wait = _FIRST_WAIT

    def take(self, asked: float = 0.0) -> float:
        """Wait, or until there is a stop; the seconds that were meant."""
        seconds = max(asked, self._wait * random.uniform(0.5, 1.0))  # noqa: S311 no secret
        self._wait = min(2 * self._wait, _LONGEST_WAIT)
        self._stop.wait(seconds)
        return seconds
