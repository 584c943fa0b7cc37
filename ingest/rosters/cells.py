"""Days and accounts as other people write them, understood or named as not understood."""

from __future__ import annotations

import calendar
import re
from datetime import date
from urllib.parse import SplitResult, parse_qs, urlsplit

from ingest.roster_columns import HANDLES, normal_handle
from ingest.rosters.found import FoundAccount, Reading

_YOUTUBE = "https://www.youtube.com/feeds/videos.xml?channel_id="
_CHANNEL = re.compile(r"UC[\w-]{22}")
_ISO = re.compile(r"(\d{4})(?:-(\d\d?))?(?:-(\d\d?))?(?:[T ].*)?")
_EUROPEAN = re.compile(r"(\d\d?)[/.-](\d\d?)[/.-](\d{4})")
NO_SOURCE = {
    "twitter": ("twitter", "x.com"),
    "facebook": ("facebook", "fb.com"),
    "instagram": ("instagram",),
    "tiktok": ("tiktok",),
    "linkedin": ("linkedin",),
    "threads": ("threads.net", "threads.com"),
    "telegram": ("telegram", "t.me"),
}
KINDS = {
    "bluesky": "bluesky",
    "bsky": "bluesky",
    "mastodon": "mastodon",
    "fediverse": "mastodon",
    "activitypub": "mastodon",
    "feed": "feeds",
    "feeds": "feeds",
    "rss": "feeds",
    "atom": "feeds",
    "rss_url": "feeds",
    "youtube_id": "youtube",
    "youtube_channel": "youtube",
}


def day(text: object, reading: Reading, *, is_last: bool = False) -> date | None:
    """The day in a cell. A year or month alone is read so that it claims too little, and told.

    `2019` as a first day is 2019-12-31, as a last day 2019-01-01: no day counts that
    nobody vouched for. Days as 13/10/2024 are read as Europeans write them.
    """
    cell = str(text or "").strip()
    if not cell:
        return None
    iso, european = _ISO.fullmatch(cell), _EUROPEAN.fullmatch(cell)
    parts = iso.groups() if iso else (european.groups()[::-1] if european else None)
    try:
        if parts is None:
            raise ValueError(cell)
        year, month, number = (int(part) if part else None for part in parts)
        found = _whole_day(year or 0, month, number, is_last=is_last)
    except ValueError:
        reading.skip(f"a day that is none: {cell[:40]!r}")
        return None
    if number is None:
        reading.skip(f"a day of which only {cell[:7]} is told, read as {found}")
    return found


def _whole_day(year: int, month: int | None, number: int | None, *, is_last: bool) -> date:
    if not 1900 <= year <= 2100:
        raise ValueError(year)
    if month is None:
        return date(year, 1, 1) if is_last else date(year, 12, 31)
    if number is None:
        return date(year, month, 1 if is_last else calendar.monthrange(year, month)[1])
    return date(year, month, number)


def account(
    text: object,
    reading: Reading,
    *,
    kind: str = "",
    run_by: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> FoundAccount | None:
    """The account in a cell, by its address or its kind; None, counted, where there is none."""
    cell = str(text or "").strip()
    if not cell:
        return None
    named = _named(cell, kind.casefold().strip())
    if named is None:
        reading.skip(_why_not(cell, kind))
        return None
    platform, handle = named
    pattern, expected = HANDLES[platform]
    handle = normal_handle(platform, handle)
    if not pattern.fullmatch(handle):
        reading.skip(f"a {platform} account that is none ({handle[:60]!r}); expected {expected}")
        return None
    return FoundAccount(platform, handle, run_by, valid_from, valid_to)


def _named(cell: str, kind: str) -> tuple[str, str] | None:
    """Platform and handle."""
    platform = KINDS.get(kind)
    url = _split(cell)
    host, path = (url.hostname or "").removeprefix("www."), url.path.strip("/")
    if host.endswith("youtube.com") or platform == "youtube":
        channel = _CHANNEL.search(path) or _CHANNEL.search(
            parse_qs(url.query).get("channel_id", [""])[0]
        )
        channel = channel or _CHANNEL.fullmatch(cell)
        return ("feeds", _YOUTUBE + channel[0]) if channel else None
    if host == "bsky.app" and path.startswith("profile/"):
        return "bluesky", path.split("/")[1]
    if cell.startswith("did:"):
        return "bluesky", cell
    if re.fullmatch(r"@[\w.-]+@[\w.-]+", cell) or (platform == "mastodon" and "://" not in cell):
        return "mastodon", cell
    if platform == "mastodon":
        user = re.fullmatch(r"@([\w.-]+)|users/([\w.-]+)", path)
        return ("mastodon", f"{user[1] or user[2]}@{url.netloc}") if user else None
    if _without_source(host, kind):
        return None
    return (platform, cell) if platform else None


def _split(cell: str) -> SplitResult:
    """The parts of an address, with or without its https; empty ones of what is none."""
    try:
        return urlsplit(cell if "://" in cell else f"//{cell}")
    except ValueError:
        return urlsplit("")


def _without_source(host: str, kind: str) -> str | None:
    for name, hosts in NO_SOURCE.items():
        if (
            kind.startswith(name)
            or any(part in host for part in hosts if "." not in part)
            or (host in hosts)
        ):
            return name
    return None


def _why_not(cell: str, kind: str) -> str:
    host = (_split(cell).hostname or "").removeprefix("www.")
    name = _without_source(host, kind.casefold().strip())
    if name:
        return f"a {name} account: there is no source for it"
    if host.endswith("youtube.com") or "youtube" in kind.casefold():
        return "a YouTube name without its channel id (UC…)"
    return f"a link of the kind {kind[:40]!r}" if kind else f"a link to {host or 'somewhere'}"
