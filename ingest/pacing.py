"""When a host may be asked again, as its own headers say.

Understood: `Retry-After` (seconds or a date), `RateLimit-*` (Bluesky: epoch
seconds; the IETF draft: seconds from now) and `X-RateLimit-*` (Mastodon: an ISO
moment). Moments are compared with the server's own `Date`, so that a wrong clock
on either side does not matter.
"""

from __future__ import annotations

import math
import threading
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LONGEST_SECONDS = 30 * 86_400.0  # whatever a header says, it is no longer than this
_NEAR_THE_LIMIT = 0.1  # share of the allowance below which requests are spread out
_UNTOLD_LIMIT = 100


class Pacing:
    """The next moment for each host; safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ready_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def seconds_until(self, host: str) -> float:
        """How long this host wants to be left alone, 0 if not at all."""
        with self._lock:
            return max(0.0, self._ready_at.get(host, 0.0) - self._clock())

    def note(self, host: str, headers: Mapping[str, str]) -> None:
        """Learn from an answer: wait out an empty allowance, stretch a small one."""
        remaining = _number(headers, "ratelimit-remaining", "x-ratelimit-remaining")
        reset = seconds_to_reset(headers)
        if remaining is None or reset is None:
            return
        limit = _number(headers, "ratelimit-limit", "x-ratelimit-limit") or _UNTOLD_LIMIT
        wait = reset / (remaining + 1) if remaining < limit * _NEAR_THE_LIMIT else 0.0
        self.hold(host, wait)

    def hold(self, host: str, seconds: float) -> None:
        """Leave a host alone from now on for so many seconds."""
        with self._lock:
            self._ready_at[host] = self._clock() + seconds


def seconds_to_retry(headers: Mapping[str, str]) -> float | None:
    """What a 429 or 503 asks us to wait; None if it does not say."""
    text = headers.get("retry-after", "").strip()
    if text.isdigit():
        return _bounded(float(text[:12]))
    moment = _http_date(text)
    if moment is not None:
        return _bounded((moment - _server_now(headers)).total_seconds())
    return seconds_to_reset(headers)


def seconds_to_reset(headers: Mapping[str, str]) -> float | None:
    """How long until the allowance is whole again; None if the answer does not say."""
    text = (headers.get("ratelimit-reset") or headers.get("x-ratelimit-reset") or "").strip()
    now = _server_now(headers)
    try:
        number = float(text)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return _bounded((moment - now).total_seconds())
    is_epoch = number > _LONGEST_SECONDS
    return _bounded(number - now.timestamp() if is_epoch else number)


def _bounded(seconds: float) -> float | None:
    return None if math.isnan(seconds) else min(max(seconds, 0.0), _LONGEST_SECONDS)


def _server_now(headers: Mapping[str, str]) -> datetime:
    return _http_date(headers.get("date", "")) or datetime.now(UTC)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _number(headers: Mapping[str, str], *names: str) -> int | None:
    for name in names:
        text = headers.get(name, "").strip()
        if text.isdigit():
            return int(text[:12])
    return None
