"""Our own CSV: one row per public post, with the columns that data/README.md explains.

`account` is the roster's account_id, or platform and handle as `x:an_voorbeeld`, or the handle
alone. A retweet or boost is a `repost`, an answer to oneself a `self_reply`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from ingest.archives import table
from ingest.archives.container import Member, Opened
from ingest.archives.model import Found
from ingest.archives.x_items import native
from ingest.model import AccountState, Batch, Kind, Post, Quarantined, Shows

NAME, TITLE, IS_OWN, PLATFORM = "plain", "CSV of winterslaap", False, "other"
COLUMNS = (
    "uri",
    "account",
    "created_at",
    "kind",
    "in_reply_to_account",
    "in_reply_to_uri",
    "text",
    "lang",
)
TEMPLATE = (
    ",".join(COLUMNS) + "\n"
    "https://an.example/1,x:an_voorbeeld,2024-10-13T18:30:00+02:00,reply,een_burger,"
    'https://an.example/0,"Dank u, we kijken het na",nl\n'
)
MANDATORY = {"uri", "account", "created_at"}
BATCH = 2_000
SHOWS = Shows(
    acts=True,
    replies=True,
    received_under_own_posts=False,
    received_mentions=False,
    full_history=False,
)
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
_REWRITTEN = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")


def recognise(opened: Opened) -> Found | None:
    """A table whose header has our three mandatory columns."""
    members = [
        member
        for member in opened.ending(".csv", ".tsv", ".txt")
        if set(_names(table.header_of(member))) >= MANDATORY
    ]
    if not members:
        return None
    found = Found(NAME, TITLE, IS_OWN, PLATFORM, opened, shows=SHOWS)
    found.size = sum(member.size for member in members)
    found.details = {"members": tuple(members)}
    for member in members:
        _check_header(found, member)
    return found


def read(found: Found) -> Iterator[Batch]:
    """The rows of each account in batches, as they stand in the file."""
    members = found.details["members"]
    for member in members if isinstance(members, tuple) else ():
        order = _day_first(found, member)
        waiting: dict[str, tuple[list[Post], list[Quarantined]]] = {}
        for number, row in table.rows(member, found.problems):
            cells = {name.lower(): cell.strip() for name, cell in row.items()}
            posts, bad = waiting.setdefault(cells["account"], ([], []))
            try:
                posts.append(_post(cells, order))
            except _Wrong as wrong:
                found.problems.add(member.path, number, *wrong.args)
                bad.append(Quarantined(f"{member.path} {number}", str(wrong.args[0])))
            if len(posts) + len(bad) >= BATCH:
                yield _batch(found, cells["account"], posts, bad)
                del waiting[cells["account"]]
        for account, (posts, bad) in waiting.items():
            yield _batch(found, account, posts, bad)


class _Wrong(Exception):
    """A cell that cannot be read: column, what was found, what is expected."""


def _post(cells: Mapping[str, str], day_first: bool | None) -> Post:
    if not cells["uri"]:
        raise _Wrong("uri", "", "the post's address, the same in every file")
    if _REWRITTEN.fullmatch(cells["uri"]):
        raise _Wrong("uri", cells["uri"], "the whole address: a spreadsheet rounded this number")
    if not cells["account"]:
        raise _Wrong("account", "", "an account_id of the roster, or platform:handle")
    partner = _handle(cells.get("in_reply_to_account", ""))
    kind = _kind(cells, is_own=bool(partner) and partner == _handle(cells["account"]))
    lang = cells.get("lang", "").lower()[:2]
    return Post(
        uri=cells["uri"],
        created_at=_moment(cells["created_at"], day_first),
        kind=kind,
        text="" if kind is Kind.REPOST else cells.get("text", ""),
        parent_uri=cells.get("in_reply_to_uri") or None,
        partner=partner,
        langs=(lang,) if lang else (),
    )


def _handle(account: str) -> str | None:
    """The handle in `x:An_Voorbeeld` or `@An_Voorbeeld`, in lower case."""
    platform, colon, handle = account.partition(":")
    return native(handle if colon and platform.isalpha() and platform != "did" else account)


def _kind(cells: Mapping[str, str], *, is_own: bool) -> Kind:
    word = cells.get("kind", "").lower()
    if not word and is_own:
        return Kind.SELF_REPLY
    if not word:
        is_reply = cells.get("in_reply_to_account") or cells.get("in_reply_to_uri")
        return Kind.REPLY if is_reply else Kind.POST
    try:
        return Kind(word)
    except ValueError:
        known = ", ".join(Kind)
        raise _Wrong("kind", word, f"one of {known}, or nothing") from None


def _moment(cell: str, day_first: bool | None) -> datetime:
    expected = "a moment as 2024-10-13T18:30:00+02:00 (in a spreadsheet: format the column as text)"
    try:
        found = table.moment(cell, is_day_first=day_first)
    except (ValueError, OverflowError):
        raise _Wrong("created_at", cell, expected) from None
    if not _OLDEST <= found <= datetime.now(UTC):
        raise _Wrong("created_at", cell, "a moment between 1990 and now")
    return found


def _day_first(found: Found, member: Member) -> bool | None:
    """Whether dates as 01/02/2024 have the day first, by those in the file that tell."""
    told = set()
    for _, row in table.rows(member, type(found.problems)()):
        cells = {name.lower(): cell for name, cell in row.items()}
        told.add(table.day_first_of(cells["created_at"]))
    return next(iter(told - {None})) if len(told - {None}) == 1 else None


def _batch(found: Found, account: str, posts: list[Post], bad: list[Quarantined]) -> Batch:
    return Batch(posts=tuple(posts), quarantined=tuple(bad), state=_state(found, account))


def _state(found: Found, account: str) -> AccountState:
    platform, colon, handle = account.partition(":")
    if not colon or not platform.isalpha() or platform in {"did", "http", "https"}:
        return found.state(account, account)
    return found.state(account, handle, platform.lower())


def _names(header: tuple[str, ...]) -> list[str]:
    return [name.lower() for name in header]


def _check_header(found: Found, member: Member) -> None:
    names = _names(table.header_of(member))
    for name in dict.fromkeys(names):
        if name not in COLUMNS:
            found.problems.add(member.path, 1, name, "an unknown column", f"one of {COLUMNS}")
        elif names.count(name) > 1:
            found.problems.add(member.path, 1, name, "the column twice", "it once")
