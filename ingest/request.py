"""What one request is about: who asks, where, and which failures are worth another attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from ingest.errors import UnexpectedPayload


class Transient(Exception):
    """Worth another attempt; `busy_seconds` if the host said when."""

    def __init__(self, happened: str, busy_seconds: float | None = None) -> None:
        super().__init__(happened)
        self.busy_seconds = busy_seconds


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf a request is made, and what may be told of it."""

    source: str
    account: str
    max_bytes: int
    bad_address: str = "correct the address in accounts.csv"
    is_path_secret: bool = False

    def place(self, url: httpx.URL) -> str:
        """What may be printed of an address."""
        return url.host if self.is_path_secret else place(url)


def place(url: httpx.URL | str) -> str:
    """Host and path of an address, without query, user or password: fit to print."""
    parsed = httpx.URL(url) if isinstance(url, str) else url
    port = f":{parsed.port}" if parsed.port else ""
    return f"{parsed.host}{port}{parsed.path}"[:200]


def target_of(url: str, params: Mapping[str, str | list[str]] | None, caller: Caller) -> httpx.URL:
    """The address with its parameters, or an UnexpectedPayload that says to correct it."""
    try:
        return httpx.URL(url).copy_merge_params(dict(params or {}))
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise UnexpectedPayload(
            caller.source, caller.account, "not a web address", caller.bad_address
        ) from error


def retry(error: Exception) -> bool | float:
    """For stamina: whether to try again, and after how many seconds if not by its own."""
    if isinstance(error, Transient):
        return True if error.busy_seconds is None else 0.0
    return False


def why(error: httpx.TransportError) -> str:
    """Why no answer came, in words."""
    words = {
        httpx.ConnectError: "no connection",
        httpx.RemoteProtocolError: "the answer broke off",
        httpx.ReadError: "the connection broke",
        httpx.UnsupportedProtocol: "not a web address",
    }
    if "certificate" in str(error).lower():
        return "its certificate is not valid"
    return words.get(type(error), type(error).__name__)
