"""Where a Mastodon account lives, and polite questions to its server.

Only the home server knows all of an account's statuses: another one was seen to
answer with an empty list for an account with a hundred. WebFinger finds it
where the handle's host is not the server's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import parse_qsl, quote, urlsplit

import msgspec

from ingest import tokens
from ingest.errors import AccessDenied, AccountGone, UnexpectedPayload
from ingest.http import Config, Http, Reply
from ingest.mastodon_api import ApiAccount, read_listing
from ingest.model import Account, Known

PAGE_SIZE = 40
_ROSTER = "correct the handle in accounts.csv"
KEPT = "days are unknown until it is back, what is stored stays; gone for good: set valid_to"
_HANDLE = re.compile(
    r"(?:acct:)?@?(?P<user>[^\s@/:]+)@(?P<host>[^\s@/]+)|https?://(?P<site>[^\s@/]+)/@(?P<name>[^\s@/]+)/?"
)
_NEXT = re.compile(r'<([^<>]{1,2000})>\s*;[^,<]{0,200}?\brel="?next"?', re.IGNORECASE)


class _Link(msgspec.Struct, frozen=True):
    rel: str | None = None
    type: str | None = None
    href: str | None = None


class _Finger(msgspec.Struct, frozen=True):
    subject: str
    links: list[_Link] = []


@dataclass(frozen=True, slots=True)
class Place:
    """An account's server: `base` is its address, `domain` the host in its accts."""

    base: str
    domain: str
    user: str

    @property
    def host(self) -> str:
        """Host and port of the server."""
        return urlsplit(self.base).netloc


@dataclass(frozen=True, slots=True)
class Api:
    """One server's API as one account's walk asks it."""

    source: str
    account: Account
    http: Http
    config: Config
    place: Place
    headers: Mapping[str, str] = field(repr=False)

    @property
    def cursors(self) -> dict[str, str]:
        """What the next walk needs to find this server without WebFinger."""
        place = self.place
        return {
            "handle": self.account.handle,
            "base": place.base,
            "domain": place.domain,
            "user": place.user,
        }

    def ask(self, path: str, params: Mapping[str, str] | None = None) -> Reply:
        """An answer of 200, 404 or 410; AccessDenied where anonymous visitors get nothing."""
        reply = self.http.get(
            f"{self.place.base}{path}",
            params=params,
            headers=self.headers,
            source=self.source,
            account=self.account.account_id,
        )
        if reply.status in {401, 403, 422}:
            had = "the access token" if self.headers else "anonymous visitors"
            raise AccessDenied(
                self.source,
                self.account.account_id,
                f"{self.place.host} refuses {had} ({reply.status})",
                f"winterslaap token set {self.place.host}",
            )
        if reply.status not in {200, 404, 410}:
            raise self.unexpected(f"answered {reply.status}")
        return reply

    def unexpected(self, happened: str) -> UnexpectedPayload:
        """An error that says that this does not look like a Mastodon server."""
        return UnexpectedPayload(
            self.source,
            self.account.account_id,
            f"{self.place.host} {happened}",
            "check in a browser that it is a Mastodon server and try again later",
        )

    def gone(self, happened: str, todo: str = _ROSTER) -> AccountGone:
        """An error that says that the account is not there any more, or never was."""
        return AccountGone(
            self.source, self.account.account_id, f"{self.account.handle} {happened}", todo
        )

    def lookup(self) -> ApiAccount:
        """The account, asked by name at its home server."""
        reply = self.ask("/api/v1/accounts/lookup", {"acct": self.place.user})
        if reply.status == 410:
            raise self.gone(f"was suspended or deleted at {self.place.host} (410)", KEPT)
        # Older Pleroma servers have no lookup, and take a name for an id.
        owner = self._account(reply) if reply.status == 200 else self.account_by_id(self.place.user)
        if owner is None or owner.acct.partition("@")[0].lower() != self.place.user:
            raise self.gone(f"is unknown at {self.place.host}")
        _, _, host = owner.acct.partition("@")
        if host and host.lower() != self.place.domain:
            raise self.unexpected(f"is not the home of {self.account.handle}")
        return owner

    def account_by_id(self, account_id: str) -> ApiAccount | None:
        """An account by the server's own id; None if it is not there."""
        reply = self.ask(f"/api/v1/accounts/{quote(account_id, safe='')}")
        return self._account(reply) if reply.status == 200 else None

    def _account(self, reply: Reply) -> ApiAccount:
        try:
            return msgspec.json.decode(reply.body, type=ApiAccount)
        except (ValueError, RecursionError) as error:
            raise self.unexpected("answered with something else than an account") from error


def open_api(
    source: str, account: Account, http: Http, config: Config, cursors: Mapping[str, str]
) -> Api:
    """The API of the account's home server, found again by the cursors or by WebFinger."""
    if cursors.get("handle") == account.handle and "base" in cursors:
        place = Place(cursors["base"], cursors["domain"], cursors["user"])
    else:
        place = _finger(source, account, http, config)
    token = tokens.token_for(place.host)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Api(source, account, http, config, place, headers)


def next_params(headers: Mapping[str, str]) -> dict[str, str] | None:
    """The query of the next page in a Link header; its host and path are not trusted."""
    found = _NEXT.search(headers.get("link") or headers.get("Link") or "")
    return dict(parse_qsl(urlsplit(found[1]).query)) if found else None


def statuses_path(account_id: str) -> str:
    """Where an account's statuses are listed."""
    return f"/api/v1/accounts/{quote(account_id, safe='')}/statuses"


def first_page(api: Api, known: Known) -> tuple[ApiAccount, Reply]:
    """The account and the first page of its statuses; one request where both come together."""
    account_id = known.cursors.get("account_id")
    if account_id and known.cursors.get("handle") == api.account.handle:
        reply = api.ask(statuses_path(account_id), {"limit": str(PAGE_SIZE)})
        owner = _owner(reply, account_id) if reply.status == 200 else None
        if owner is not None:
            return owner, reply
    owner = api.lookup()
    reply = api.ask(statuses_path(str(owner.id)), {"limit": str(PAGE_SIZE)})
    if reply.status != 200:
        raise api.gone(f"shows no statuses at {api.place.host} ({reply.status})", KEPT)
    return owner, reply


def _owner(reply: Reply, account_id: str) -> ApiAccount | None:
    try:
        statuses, _, _ = read_listing(reply.body)
    except (ValueError, RecursionError):
        return None
    return next((s.account for s in statuses if str(s.account.id) == account_id), None)


def _finger(source: str, account: Account, http: Http, config: Config) -> Place:
    named = _HANDLE.fullmatch(account.handle.strip().lower())
    if named is None:
        raise AccountGone(
            source, account.account_id, f"{account.handle!r} is not user@host", _ROSTER
        )
    user, host = (named["user"], named["host"]) if named["user"] else (named["name"], named["site"])
    base = f"{'http' if config.allow_private and _is_loopback(host) else 'https'}://{host}"
    reply = http.get(
        f"{base}/.well-known/webfinger",
        params={"resource": f"acct:{user}@{host}"},
        headers={"Accept": "application/jrd+json, application/json"},
        source=source,
        account=account.account_id,
    )
    if reply.status == 410:
        happened = f"{account.handle} was suspended or deleted (410)"
        raise AccountGone(source, account.account_id, happened, KEPT)
    try:
        finger = msgspec.json.decode(reply.body, type=_Finger)
    except (ValueError, RecursionError):
        return Place(base, host, user)  # the server itself will say whether it knows the account
    subject, _, domain = finger.subject.removeprefix("acct:").lower().partition("@")
    actor = urlsplit(next((link.href for link in finger.links if _is_actor(link)), None) or base)
    scheme = actor.scheme if base.startswith("http:") else "https"  # never down to plain text
    if not domain or not subject or not actor.netloc or "@" in actor.netloc:
        return Place(base, host, user)
    return Place(f"{scheme}://{actor.netloc}", domain, subject)


def _is_actor(link: _Link) -> bool:
    return link.rel == "self" and "json" in (link.type or "")


def _is_loopback(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
