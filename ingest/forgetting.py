"""Citizens leave the store: those who ask, and all after the retention time.

A citizen's items are deleted, the replies to them lose the link to whom they answered,
and an entry keeps the next run from bringing them back. The hash of whoever asked stays
in that entry alone. Backups and copies elsewhere are not touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from ingest.atproto import Asker, Closed
from ingest.errors import Problem, RosterError, SourceError, StoreError
from ingest.http import Config, Http
from ingest.model import Account
from ingest.privacy import Keys
from ingest.store import Store

_DID = re.compile(r"did:(?:plc:[a-z0-9]+|web:[\w.:%-]+)")
_MASTODON = re.compile(
    r"(?:acct:)?@?(?P<user>[\w.-]+)@(?P<host>[\w.-]+(?::\d+)?)"
    r"|https?://(?P<site>[\w.-]+(?::\d+)?)/@(?P<name>[\w.-]+)/?",
    re.IGNORECASE,
)
_BLUESKY = re.compile(
    r"(?:https?://[\w.-]+/profile/|@)?(?P<handle>(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*)/?", re.IGNORECASE
)
_BLOG = re.compile(
    r"(?:https?://)?(?P<site>[\w.-]+\.[\w.-]+(?::\d+)?)/(?P<who>~.{1,200}|\d{1,12})", re.IGNORECASE
)
_ARCHIVED = re.compile(  # who is met in archives and tables alone
    r"(?P<platform>x|twitter|facebook|instagram|linkedin):(?P<name>.{1,200})"
    r"|https?://(?:www\.|mobile\.|m\.)?(?P<site>x|twitter|facebook|instagram)\.com/"
    r"(?P<path>[\w.]{1,80})/?",
    re.IGNORECASE,
)
_EXPECTED = (
    "someone.bsky.social, did:plc:…, someone@mastodon.example, blog.example/~Name, x:someone "
    "or facebook:Some One"
)
_OLD_CITIZEN = (
    "{key} is not null and coalesce(created_at, indexed_at, seen_at) < $at "
    "and {key} not in (select partner_key from known_key) "
    "and {key} not in (select partner_key from own_key)"
)
_OLD_ITEM, _OLD_REPLY = (_OLD_CITIZEN.format(key=key) for key in ("asker_key", "partner_key"))
_UNLINK = (
    "update post set partner_key = null, parent_key = null, "
    "root_key = case when root_key = parent_key then post_key else root_key end where "
)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What is, or would be, taken out of the store."""

    received_count: int  # rows of items that citizens wrote
    reply_count: int  # rows of the persons' own items that said whom they answered


def keys_of(handles: Iterable[str], keys: Keys, http: Http, config: Config) -> list[int]:
    """The hashes of these accounts by one store's key; see `accounts_of`."""
    return [keys.partner(*account) for account in accounts_of(handles, http, config)]


def accounts_of(handles: Iterable[str], http: Http, config: Config) -> list[tuple[str, str]]:
    """Platform and native id of these accounts; only a Bluesky handle has to be asked for.

    Raises RosterError for what is no handle, SourceError where Bluesky does not know it.
    Neither repeats the handle.
    """
    return [
        account
        for number, handle in enumerate(handles, start=1)
        for account in _accounts_of(number, handle.strip(), http, config)
    ]


def _accounts_of(number: int, handle: str, http: Http, config: Config) -> list[tuple[str, str]]:
    if found := _ARCHIVED.fullmatch(handle):
        platform = found["platform"] or found["site"]
        name = " ".join((found["name"] or found["path"]).removeprefix("@").split())
        platform = "x" if platform.lower() == "twitter" else platform.lower()
        return [(platform, one) for one in dict.fromkeys((name, name.lower(), name.casefold()))]
    if found := _BLOG.fullmatch(handle):  # the same visitor by the API and by a feed of comments
        who = " ".join(found["who"].removeprefix("~").split()).casefold()
        mark = "~" if found["who"].startswith("~") else ""
        name = f"{found['site'].lower()}/{mark}{who}"
        return [(platform, name) for platform in ("wordpress", "feeds")]
    return [_account_of(number, handle, http, config)]


def _account_of(number: int, handle: str, http: Http, config: Config) -> tuple[str, str]:
    if _DID.fullmatch(handle):
        return "bluesky", handle
    if found := _MASTODON.fullmatch(handle):
        user, host = found["user"] or found["name"], found["host"] or found["site"]
        return "mastodon", f"{user}@{host}".lower()
    if found := _BLUESKY.fullmatch(handle):
        asker = Asker("bluesky", Account(f"handle {number}", "", "bluesky", ""), http, config)
        try:
            return "bluesky", asker.did_of(found["handle"])
        except Closed as closed:
            todo = "give the account's DID instead: did:plc:…"
            raise SourceError("bluesky", f"handle {number}", str(closed), todo) from closed
    raise RosterError([Problem("forget", 0, f"handle {number}", "no handle", _EXPECTED)])


def forget(store: Store, keys: Iterable[int], now: datetime, *, is_dry: bool = False) -> Forgotten:
    """Delete what these citizens wrote and keep the next run from bringing it back.

    Raises StoreError, and deletes nothing, if one of them is in the roster.
    """
    wanted = sorted(set(keys))
    listed = store.rows(
        "select count(*) from (select partner_key from known_key union all "
        "select partner_key from own_key) where partner_key in (select unnest($1))",
        [wanted],
    )
    if listed[0][0]:
        raise StoreError("forget: that account is in the roster → take it off there first")
    found = Forgotten(
        _count(store, "received", "asker_key in (select unnest($keys))", {"keys": wanted}),
        _count(store, "post", "partner_key in (select unnest($keys))", {"keys": wanted}),
    )

    def erase(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("delete from received where asker_key in (select unnest(?))", [wanted])
        con.execute(_UNLINK + "partner_key in (select unnest(?))", [wanted])
        known = store.forgotten()
        store.insert("suppression", [(key, _naive(now)) for key in wanted if key not in known])

    if not is_dry:
        _erase(store, erase)
    return found


def forget_older(store: Store, before: datetime, *, is_dry: bool = False) -> Forgotten:
    """Delete what citizens wrote before a moment, and keep it from coming back.

    The persons' own posts stay; those that answered a citizen before that moment no
    longer say whom.
    """
    values: dict[str, object] = {"at": _naive(before)}
    found = Forgotten(
        _count(store, "received", _OLD_ITEM, values),
        _count(store, "post", _OLD_REPLY, values),
    )

    def erase(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("delete from received where " + _OLD_ITEM, values)  # noqa: S608
        con.execute(_UNLINK + _OLD_REPLY, values)
        store.keep_from(_naive(before))

    if not is_dry:
        _erase(store, erase)
    return found


def _count(store: Store, table: str, where: str, values: dict[str, object]) -> int:
    query = f"select count(*) from {table} where {where}"  # noqa: S608 (both are ours)
    return int(store.rows(query, values)[0][0])


def _erase(store: Store, erase: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
    """All of it or nothing; then the file is rewritten, by the next run if this one is killed."""
    with store.transaction() as con:
        erase(con)
        con.execute("insert into meta values ('erased_in', 'forget')")
    store.compact()


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
