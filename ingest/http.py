"""The polite client: the only code that sends requests, waits and tries again.

Per host it follows the rate-limit headers; time-outs, 5xx and 429 are tried
again; no answer may be larger or take longer than the configuration says, also
once unpacked; every hop of a redirect goes through `ingest.guard`. Errors name
host and path, never a query or a header: tokens live there.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib import metadata
from typing import TYPE_CHECKING, NoReturn

import httpx
import stamina
import stamina.instrumentation

from ingest import guard
from ingest.body import BadPacking, BrokenOff, TooLarge, read_body
from ingest.errors import AccessDenied, RateLimited, SourceUnavailable, UnexpectedPayload
from ingest.pacing import Pacing, seconds_to_retry
from ingest.request import Caller, Transient, retry, target_of, why
from ingest.request import place as place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_MAX_HOPS = 5
_PATIENCE = "try again later"
_WEBHOOK_BYTES = 1024 * 1024  # of a webhook's answer, which nobody reads


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Where and how a collection asks; one for all its accounts."""

    appview_url: str = "https://public.api.bsky.app"
    plc_url: str = "https://plc.directory"
    allow_private: bool = False  # loopback and private addresses: demo and tests
    contact: str = ""  # mail or web address, sent with every request
    max_bytes: int = 64 * 1024 * 1024  # of one answer, packed and unpacked
    timeout_seconds: float = 30.0  # without a byte
    total_seconds: float = 300.0  # for one answer
    max_wait_seconds: float = 900.0  # for one request, on a server's wish
    attempt_count: int = 4
    backoff_seconds: float = 0.5  # before the second attempt, then doubled
    since: date | None = None  # leave out what is older
    now: Callable[[], datetime] = _utc_now
    host_map: Mapping[str, str] = field(default_factory=dict)  # host → origin: the demo's names


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, whole and unpacked."""

    status: int
    headers: Mapping[str, str]  # names in any case
    body: bytes
    url: str  # after redirects
    moved_to: str | None = None  # where only permanent redirects led


@dataclass(slots=True)
class Usage:
    """What an account has cost so far."""

    request_count: int = 0
    waited_seconds: float = 0.0


class Http:
    """Gets pages for all sources; one object serves many threads."""

    def __init__(
        self,
        config: Config,
        *,
        transport: httpx.BaseTransport | None = None,
        on_wait: Callable[[str, float], None] | None = None,
        is_stopping: threading.Event | None = None,
        max_requests: int | None = None,
        pacing: Pacing | None = None,
    ) -> None:
        self.config = config
        self.usage: dict[str, Usage] = defaultdict(Usage)
        self.is_stopping = is_stopping or threading.Event()
        self._max_requests = max_requests
        self._on_wait = on_wait
        self._pacing = pacing or Pacing()
        # Its default hook would print a line per retry into the progress bar.
        stamina.instrumentation.set_on_retry_hooks(())
        for name in (
            "httpx",
            "httpcore",
        ):  # they log whole addresses and headers: tokens live there
            logging.getLogger(name).setLevel(logging.WARNING)
        self._client = httpx.Client(
            transport=transport or guard.GuardedTransport(is_private_allowed=config.allow_private),
            headers={"User-Agent": user_agent(config.contact), "Accept-Encoding": "gzip"},
            timeout=config.timeout_seconds,
            follow_redirects=False,
            trust_env=False,  # a proxy would look names up where the guard cannot see it
        )

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def __enter__(self) -> Http:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        source: str,
        account: str,
        max_bytes: int | None = None,
    ) -> Reply:
        """The answer to one request, for the caller to judge by its status below 500.

        Raises SourceUnavailable, RateLimited, AccessDenied (a private address) and
        UnexpectedPayload (too large, badly packed); never returns 429, 5xx or a
        redirect.
        """
        caller = Caller(source, account, max_bytes or self.config.max_bytes)
        target = target_of(url, params, caller)
        return self._patiently(
            lambda: self._follow(target, dict(headers or {}), caller), target.host, caller
        )

    def post(self, url: str, content: bytes, *, source: str, account: str) -> None:
        """Send JSON to a webhook, again where that fails; no redirect is followed.

        Raises as `get` does, and UnexpectedPayload for any answer but a success. The
        address is a secret: of it only the host is ever told.
        """
        caller = Caller(source, account, _WEBHOOK_BYTES, "correct the webhook's address", True)
        target, headers = target_of(url, None, caller), {"Content-Type": "application/json"}

        reply = self._patiently(
            lambda: self._ask(target, headers, caller, content), target.host, caller
        )
        if not 200 <= reply.status < 300:
            happened = f"{target.host} answered {reply.status}"
            raise UnexpectedPayload(source, account, happened, caller.bad_address)

    def _patiently(self, ask: Callable[[], Reply], host: str, caller: Caller) -> Reply:
        """What `ask` gives, tried again while that may help."""
        try:
            for attempt in stamina.retry_context(
                on=retry,
                attempts=self.config.attempt_count,
                timeout=None,
                wait_initial=self.config.backoff_seconds,
                wait_jitter=self.config.backoff_seconds,
                wait_max=10.0,
            ):
                with attempt:
                    return ask()
        except Transient as error:
            if error.busy_seconds is not None:
                self._give_up(host, error.busy_seconds, caller)
            raise SourceUnavailable(caller.source, caller.account, str(error), _PATIENCE) from error
        raise AssertionError("stamina always tries at least once")

    def _follow(self, url: httpx.URL, headers: dict[str, str], caller: Caller) -> Reply:
        moved_to, is_permanent = None, True
        for _ in range(_MAX_HOPS + 1):
            reply = self._ask(url, headers, caller)
            location = reply.headers.get("location")
            if reply.status not in {301, 302, 303, 307, 308} or not location:
                return Reply(reply.status, reply.headers, reply.body, str(url), moved_to)
            target = self._join(url, location, caller)
            if target.host != url.host:
                headers = {k: v for k, v in headers.items() if k.lower() != "authorization"}
            is_permanent = is_permanent and reply.status in {301, 308}
            moved_to = str(target) if is_permanent else moved_to
            url = target
        happened = f"{caller.place(url)}: too many redirects"
        raise UnexpectedPayload(caller.source, caller.account, happened, caller.bad_address)

    def _join(self, url: httpx.URL, location: str, caller: Caller) -> httpx.URL:
        try:
            return url.join(location)
        except (httpx.InvalidURL, ValueError) as error:
            happened = f"{caller.place(url)} leads nowhere"
            raise UnexpectedPayload(
                caller.source, caller.account, happened, caller.bad_address
            ) from error

    def _ask(
        self,
        url: httpx.URL,
        headers: Mapping[str, str],
        caller: Caller,
        content: bytes | None = None,
    ) -> Reply:
        """One request: a GET or, with content, a POST."""
        shown = caller.place(url)
        try:
            guard.check_url(url, is_private_allowed=self.config.allow_private)
            self._wait(url.host, caller)
            self._count(caller)
            with (
                guard.time_limit(self.config.total_seconds),
                self._client.stream(
                    "GET" if content is None else "POST",
                    self._origin(url),
                    headers={**headers, "Host": url.netloc.decode()},
                    content=content,
                ) as response,
            ):
                self._pacing.note(url.host, response.headers)
                self._judge(url.host, shown, response)
                body = self._read(shown, response, caller)
                return Reply(response.status_code, response.headers, body, str(url))
        except guard.AddressRefused as error:
            raise AccessDenied(
                caller.source, caller.account, f"{shown} is {error}", caller.bad_address
            ) from error
        except httpx.TimeoutException as error:
            raise Transient(f"{shown} did not answer in time") from error
        except httpx.TransportError as error:
            raise Transient(f"{shown} could not be reached ({why(error)})") from error

    def _count(self, caller: Caller) -> None:
        """Count a request; the last one that is allowed stops the run."""
        self.usage[caller.account].request_count += 1
        asked = sum(usage.request_count for usage in list(self.usage.values()))
        if self._max_requests is not None and asked >= self._max_requests:
            self.is_stopping.set()

    def _origin(self, url: httpx.URL) -> httpx.URL:
        """The address to connect to: that of `host_map` for an invented host."""
        if (mapped := self.config.host_map.get(url.host)) is None:
            return url
        origin = httpx.URL(mapped)
        return url.copy_with(scheme=origin.scheme, host=origin.host, port=origin.port)

    def _judge(self, host: str, shown: str, response: httpx.Response) -> None:
        status = response.status_code
        asked = seconds_to_retry(response.headers)
        if status == 429 or (status == 503 and asked):
            seconds = max(1.0, asked if asked is not None else 60.0)
            self._pacing.hold(host, seconds)  # the next attempt waits for it
            raise Transient(f"{shown} answered {status}", seconds)
        if status >= 500 or status == 408:
            raise Transient(f"{shown} answered {status}")

    def _wait(self, host: str, caller: Caller) -> None:
        seconds = self._pacing.seconds_until(host)
        if self.is_stopping.is_set() or seconds > self.config.max_wait_seconds:
            self._give_up(host, seconds, caller)
        if seconds <= 0:
            return
        if self._on_wait:
            self._on_wait(host, seconds)
        self.usage[caller.account].waited_seconds += seconds
        if self.is_stopping.wait(seconds):
            self._give_up(host, seconds, caller)

    def _give_up(self, host: str, seconds: float, caller: Caller) -> NoReturn:
        if self.is_stopping.is_set():
            happened, todo = "the run is being stopped", "collect again, it goes on from here"
            raise SourceUnavailable(caller.source, caller.account, happened, todo)
        retry_at = _utc_now() + timedelta(seconds=seconds)
        happened = f"{host} asks to wait {seconds:.0f} s, longer than this run may"
        todo = f"collect again after {retry_at:%Y-%m-%d %H:%M} UTC"
        raise RateLimited(caller.source, caller.account, happened, todo, retry_at)

    def _read(self, shown: str, response: httpx.Response, caller: Caller) -> bytes:
        limit = caller.max_bytes
        try:
            return read_body(response, limit)
        except TooLarge as error:
            happened = f"{shown} is larger than {limit / 1_048_576:g} MiB"
            todo = "check the address; if it is right, raise the size limit"
            raise UnexpectedPayload(caller.source, caller.account, happened, todo) from error
        except BadPacking as error:
            happened = f"{shown}: {error}"
            raise UnexpectedPayload(caller.source, caller.account, happened, _PATIENCE) from error
        except BrokenOff as error:
            raise Transient(f"the answer of {shown} broke off") from error


def user_agent(contact: str) -> str:
    """Who is asking, honestly."""
    try:
        version = metadata.version("winterslaap")
    except metadata.PackageNotFoundError:
        version = "0"
    return f"Winterslaap/{version} (+{contact})" if contact else f"Winterslaap/{version}"
