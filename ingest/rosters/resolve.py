"""Whether the accounts that an import would add are there, and under whose name.

One question per account, to where it lives; nothing is stored. The name that the platform
shows is for the person who confirms: a wrong handle may be a citizen's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import msgspec

from ingest import feeditems
from ingest.atproto import Asker, Closed
from ingest.errors import SourceError
from ingest.http import Config, Http
from ingest.mastodon_home import open_api
from ingest.model import Account
from ingest.roster import slug
from ingest.rosters.found import FoundAccount
from ingest.sources.feeds import address_of


@dataclass(frozen=True, slots=True)
class Resolved:
    """What the platform says of an account."""

    account: FoundAccount
    person_id: str
    native_id: str = ""  # DID, home-server acct, feed address
    shown_name: str = ""
    problem: str = ""  # why it is not there
    is_alike: bool = False  # the name shown or the handle names the person

    @property
    def is_sure(self) -> bool:
        """Whether nobody has to look at it."""
        return self.is_alike and not self.problem


class _Owner(msgspec.Struct, frozen=True):
    acct: str
    display_name: str | None = None


def resolve(
    http: Http,
    config: Config,
    accounts: Iterable[tuple[str, str, FoundAccount]],
    on_done: Callable[[Resolved], None] = lambda _: None,
) -> list[Resolved]:
    """One answer per (person_id, name, account), in their order.

    Two handles of one account are told as a problem of the second.
    """
    found: list[Resolved] = []
    seen: dict[tuple[str, str], str] = {}
    for person_id, name, account in accounts:
        one = _resolved(http, config, person_id, name, account)
        key = (account.platform, one.native_id)
        if one.native_id and key in seen:
            one = Resolved(
                account, person_id, one.native_id, one.shown_name, f"the same as {seen[key]}"
            )
        seen.setdefault(key, account.handle)
        found.append(one)
        on_done(one)
    return found


def _resolved(
    http: Http, config: Config, person_id: str, name: str, account: FoundAccount
) -> Resolved:
    asked = Account(f"{person_id}-{account.platform}", person_id, account.platform, account.handle)
    ask = {"bluesky": _bluesky, "mastodon": _mastodon, "feeds": _feed}[account.platform]
    try:
        native_id, shown = ask(http, config, asked)
    except SourceError as error:
        return Resolved(account, person_id, problem=error.happened)
    except Closed as closed:
        return Resolved(account, person_id, problem=str(closed))
    is_alike = _names(name, f"{shown} {account.handle}")
    return Resolved(account, person_id, native_id, " ".join(shown.split())[:80], "", is_alike)


def _bluesky(http: Http, config: Config, account: Account) -> tuple[str, str]:
    asker = Asker("bluesky", account, http, config)
    did = asker.did_of(account.handle)
    profile = asker.json(asker.profile(did))
    return did, str(profile.get("displayName") or "")


def _mastodon(http: Http, config: Config, account: Account) -> tuple[str, str]:
    api = open_api("mastodon", account, http, config, {})
    reply = api.ask("/api/v1/accounts/lookup", {"acct": api.place.user})
    if reply.status != 200:
        raise api.gone(f"is unknown at {api.place.host}")
    try:
        owner = msgspec.json.decode(reply.body, type=_Owner)
    except (ValueError, RecursionError) as error:
        raise api.unexpected("answered with something else than an account") from error
    return f"{api.place.user}@{api.place.domain}", owner.display_name or ""


def _feed(http: Http, _: Config, account: Account) -> tuple[str, str]:
    url = address_of(account.handle)
    reply = http.get(url, source="feeds", account=account.account_id)
    if reply.status != 200:
        raise SourceError("feeds", account.account_id, f"answered {reply.status}", "")
    kind = reply.headers.get("content-type", "")
    try:
        return url, feeditems.read(reply.body, reply.url, kind).title
    except feeditems.WebPage as page:
        feeds = feeditems.feeds_in(page.body, page.url)
        if feeds:
            return url, f"a web page with the feed {feeds[0]}"
        raise SourceError("feeds", account.account_id, "a web page without a feed", "") from page
    except feeditems.Refused as refused:
        raise SourceError("feeds", account.account_id, str(refused), "") from refused


def _names(name: str, shown: str) -> bool:
    """Whether the longest part of a name, mostly the family's, stands in what is shown."""
    letters = re.sub(r"[^a-z0-9]+", "", slug(shown))
    return max(slug(name).split("-"), key=len) in letters
