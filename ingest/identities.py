"""Who is no citizen: the watched, their staff, and the known parties, media and organisations.

Partners in posts are ids (a DID, an acct), the roster has handles. Bluesky
handles are resolved through the AppView and remembered for a month; the profiles of
all accounts of a run are asked for together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from ingest.atproto import Asker, Closed, Refused
from ingest.errors import AccountGone, RateLimited, SourceError, SourceUnavailable
from ingest.http import Config, Http
from ingest.model import Account, Page, Status
from ingest.roster import Roster
from ingest.rows import NotCitizens
from ingest.store import Store

REMEMBERED = timedelta(days=30)
_PROFILES_A_CALL = 25
NO_ACCOUNT = ""  # cursor_position: what belongs to no account


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A handle whose account could not be found out in this run."""

    account: Account
    error: SourceError


def resolve(
    store: Store, roster: Roster, http: Http, config: Config, run_id: str
) -> list[Unresolved]:
    """Find the DIDs of all Bluesky handles in the roster that are not known or known too long.

    Gives back those of known_accounts.csv that could not be found: what is wrong with a
    watched account its own walk says. Where the network fails, the rest is left for the
    next run: old answers stay valid.
    """
    now = config.now().astimezone(UTC).replace(tzinfo=None)
    fresh = {
        name
        for name, seen in store.rows(
            "select name, max(seen_at) from cursor_position where account_id = ? group by name",
            [NO_ACCOUNT],
        )
        if seen > now - REMEMBERED
    }
    failed = []
    watched = {account.handle for account in roster.accounts}
    wanted = sorted(h for h in _bluesky_handles(roster) if _cursor(h) not in fresh)
    for number, handle in enumerate(wanted):
        if http.is_stopping.is_set():
            break
        asked = Account(f"known:{handle}", "", "bluesky", handle)
        try:
            did = Asker("bluesky", asked, http, config).did_of(handle)
        except (Closed, SourceError) as error:
            is_down = isinstance(error, SourceUnavailable | RateLimited)
            if not watched.issuperset(wanted[number:] if is_down else [handle]):
                failed.append(Unresolved(asked, _why(handle, error)))
            if is_down:
                break
            continue
        with store.transaction():
            at = store.next_moment(config.now())
            store.insert("cursor_position", [(NO_ACCOUNT, run_id, at, _cursor(handle), did)])
    return failed


def profiles(
    store: Store, accounts: Iterable[Account], http: Http, config: Config
) -> dict[str, Page]:
    """What the AppView shows of these accounts, by account id, 25 in a request.

    Who is not listed, new here or shown nowhere, is asked for alone by the own walk, which
    learns the reason. So is everybody where the AppView does not answer.
    """
    wanted = {account.account_id: account for account in accounts if account.platform == "bluesky"}
    by_did = {
        did: wanted[account_id]
        for account_id, did in store.rows(
            "select account_id, max_by(native_id, seen_at) from account_state "
            "group by account_id order by account_id"
        )
        if account_id in wanted and (did or "").startswith("did:")
    }
    found: dict[str, Page] = {}
    dids = list(by_did)
    for start in range(0, len(dids), _PROFILES_A_CALL):
        first = by_did[dids[start]]  # whose request it is
        try:
            ask = Asker("bluesky", first, http, config)
            found |= _profiles_of(ask, dids[start : start + _PROFILES_A_CALL])
        except (Refused, SourceError):
            break
    return {by_did[did].account_id: page for did, page in found.items()}


def _profiles_of(ask: Asker, dids: Sequence[str]) -> dict[str, Page]:
    reply = ask.appview("app.bsky.actor.getProfiles", {"actors": list(dids)})
    now, listed = ask.config.now(), ask.json(reply).get("profiles")
    return {
        profile["did"]: Page(
            "profile", reply.url, msgspec.json.encode(profile), now, {"did": profile["did"]}
        )
        for profile in (listed if isinstance(listed, list) else ())
        if isinstance(profile, dict) and profile.get("did") in dids
    }


def _why(handle: str, error: Closed | SourceError) -> SourceError:
    if isinstance(error, SourceError):
        return error
    todo = "leave it: it is asked for again in the next run"
    if error.status is Status.GONE:
        todo = "correct or remove it in known_accounts.csv"
    return AccountGone("bluesky", handle, str(error), todo)


def remember(store: Store, roster: Roster, now: datetime) -> NotCitizens:
    """Write down the keys of all who are no citizens, and give them for the rows to come."""
    known, own = set[tuple[int, str]](), set[tuple[str, int]]()
    dids = _last_values(store)
    native = dict(
        store.rows(
            "select account_id, max_by(native_id, seen_at) from account_state group by account_id"
        )
    )
    listed = {
        store.keys.partner(entry.platform, native_id): entry.class_
        for entry in roster.known_accounts
        if (native_id := _native_id(entry.platform, entry.handle, dids)) and entry.class_ != "own"
    }
    for entry in roster.known_accounts:
        native_id = _native_id(entry.platform, entry.handle, dids)
        if entry.class_ == "own" and entry.person_id and native_id:
            own.add((entry.person_id, store.keys.partner(entry.platform, native_id)))
    for account in roster.accounts:
        ids = {native.get(account.account_id), _native_id(account.platform, account.handle, dids)}
        for native_id in filter(None, ids):
            key = store.keys.partner(account.platform, native_id)
            listed[key] = "party" if account.run_by == "party" else "politician"
            own.add((account.person_id, key))
    known.update(listed.items())
    store.replace_known(sorted(known), sorted(own), now)
    return NotCitizens(
        names=frozenset(_names(store, roster)),
        keys=frozenset(listed) | {key for _, key in own},
        forgotten=store.forgotten(),
        kept_from=store.kept_from(),
    )


def _names(store: Store, roster: Roster) -> Iterable[str]:
    yield from (account.handle.lower() for account in roster.accounts)
    yield from (entry.handle.lower() for entry in roster.known_accounts)
    for (handle,) in store.rows(
        "select distinct handle from account_state where handle is not null"
    ):
        yield handle.removeprefix("@").lower()


def _bluesky_handles(roster: Roster) -> set[str]:
    rows = [(row.platform, row.handle) for row in roster.accounts]
    rows += [(row.platform, row.handle) for row in roster.known_accounts]
    return {handle for platform, handle in rows if platform == "bluesky" and handle[:4] != "did:"}


def _cursor(handle: str) -> str:
    return f"did of {handle}"


def _last_values(store: Store) -> dict[str, str]:
    return dict(
        store.rows(
            "select name, max_by(value, seen_at) from cursor_position where account_id = ? "
            "group by name",
            [NO_ACCOUNT],
        )
    )


def _native_id(platform: str, handle: str, dids: Mapping[str, str]) -> str | None:
    """The id by which a source names this account as a partner; None where it names none."""
    if platform == "bluesky" and not handle.startswith("did:"):
        return dids.get(_cursor(handle))
    return None if platform in {"feeds", "wordpress"} else handle
