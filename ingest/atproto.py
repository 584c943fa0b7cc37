"""Asking Bluesky's servers: who somebody is, where their repository lies, what a refusal means.

The AppView knows handles and profiles, the PLC directory (or, for did:web, the
person's own site) knows the server that keeps the repository. Refusals are told
by their `error` name and status, never by their message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from ingest.errors import AccessDenied, AccountGone, SourceError, UnexpectedPayload
from ingest.http import place
from ingest.model import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.http import Config, Http, Reply
    from ingest.model import Account

_PLC_DID = re.compile(r"did:plc:[a-z0-9]{1,64}")
_WEB_DID = re.compile(r"did:web:([A-Za-z0-9.-]{1,253})(?:%3A([0-9]{1,5}))?", re.IGNORECASE)
_UNKNOWN = "there is no such account"
_CHECK_HANDLE = "correct the handle in accounts.csv, or end the account with valid_to"
_KEPT = "days from now on are unknown until it is back; what is stored stays"
_STATUS_OF = {
    "AccountDeactivated": Status.DEACTIVATED,
    "RepoDeactivated": Status.DEACTIVATED,
    "AccountTakedown": Status.SUSPENDED,
    "AccountSuspended": Status.SUSPENDED,
    "RepoTakendown": Status.SUSPENDED,
    "RepoSuspended": Status.SUSPENDED,
    "RepoNotFound": Status.GONE,
}
_HAPPENED = {
    Status.DEACTIVATED: "the person has deactivated the account",
    Status.SUSPENDED: "the network has suspended the account",
    Status.GONE: _UNKNOWN,
    Status.DECLINED: "the person asks not to be shown to visitors who are not signed in",
}


class Closed(Exception):
    """The account has nothing for us now, and this is why."""

    def __init__(self, status: Status) -> None:
        super().__init__(_HAPPENED[status])
        self.status = status

    def error(self, source: str, account: Account) -> SourceError:
        """The same as people and the run's record read it."""
        name = account.account_id
        if self.status is Status.DECLINED:
            todo = "nothing was collected; ask the person, or take the account off the roster"
            return AccessDenied(source, name, str(self), todo)
        if self.status is Status.GONE:
            return AccountGone(source, name, f"{self}: {account.handle}", _CHECK_HANDLE)
        return AccountGone(source, name, str(self), _KEPT)


class Refused(Exception):
    """A 4xx answer with the name of its error, for the caller to judge."""

    def __init__(self, status: int, name: str, where: str) -> None:
        super().__init__(f"{where} answered {status} {name}".strip())
        self.status, self.name = status, name


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks on behalf of one account."""

    source: str
    account: Account
    http: Http
    config: Config

    def appview(self, method: str, params: Mapping[str, str | list[str]]) -> Reply:
        """A method of the AppView; Refused for any 4xx."""
        return self._ask(f"{self.config.appview_url.rstrip('/')}/xrpc/{method}", params)

    def pds(
        self, base: str, method: str, params: Mapping[str, str], max_bytes: int | None = None
    ) -> Reply:
        """A method of the person's own server; Closed when the repository is."""
        try:
            return self._ask(f"{base.rstrip('/')}/xrpc/{method}", params, max_bytes)
        except Refused as refused:
            raise_if_closed(refused)
            if refused.status in {404, 410}:
                raise Closed(Status.GONE) from refused
            raise

    def did_of(self, handle: str) -> str:
        """The account's lasting identifier."""
        if handle.startswith("did:"):
            return handle
        name = handle.removeprefix("@").lower()
        try:
            reply = self.appview("com.atproto.identity.resolveHandle", {"handle": name})
        except Refused as refused:
            raise_if_closed(refused)
            if refused.status == 400:
                raise Closed(Status.GONE) from refused
            raise
        did = self.json(reply).get("did")
        if not (isinstance(did, str) and (_PLC_DID.fullmatch(did) or _WEB_DID.fullmatch(did))):
            raise self.unexpected(reply.url, "names no account")
        return did

    def profile(self, did: str) -> Reply:
        """What the AppView shows of the account; Closed when it shows nothing."""
        try:
            return self.appview("app.bsky.actor.getProfile", {"actor": did})
        except Refused as refused:
            raise_if_closed(refused)
            if refused.status == 400 and refused.name == "InvalidRequest":
                raise Closed(Status.GONE) from refused
            raise

    def home_of(self, did: str) -> str:
        """The address of the server that keeps the account's repository."""
        try:
            reply = self._ask(self._document_url(did), {})
        except Refused as refused:
            if refused.status in {404, 410}:
                raise Closed(Status.GONE) from refused
            raise
        services = self.json(reply).get("service")
        for service in services if isinstance(services, list) else ():
            if isinstance(service, dict) and str(service.get("id")).endswith("#atproto_pds"):
                home = service.get("serviceEndpoint")
                schemes = ("https://", "http://") if self.config.allow_private else ("https://",)
                if isinstance(home, str) and home.startswith(schemes):
                    return home
        raise self.unexpected(reply.url, "names no server that keeps the repository")

    def _document_url(self, did: str) -> str:
        if _PLC_DID.fullmatch(did):
            return f"{self.config.plc_url.rstrip('/')}/{did}"
        web = _WEB_DID.fullmatch(did)
        if not web:
            raise Closed(Status.GONE)
        host, port = web.group(1), web.group(2)
        scheme = "http" if self.config.allow_private and host == "localhost" else "https"
        return f"{scheme}://{host}{f':{port}' if port else ''}/.well-known/did.json"

    def _ask(
        self, url: str, params: Mapping[str, str | list[str]], max_bytes: int | None = None
    ) -> Reply:
        reply = self.http.get(
            url,
            params=params,
            source=self.source,
            account=self.account.account_id,
            max_bytes=max_bytes,
        )
        if reply.status == 200:
            return reply
        if reply.status in {401, 403}:
            happened = f"{place(reply.url)} answered {reply.status}"
            todo = "the server shows nothing to anonymous visitors; nothing can be collected"
            raise AccessDenied(self.source, self.account.account_id, happened, todo)
        if reply.status < 400:
            raise self.unexpected(reply.url, f"answered {reply.status}")
        try:
            name = self.json(reply).get("error")
        except UnexpectedPayload:
            name = ""
        raise Refused(reply.status, str(name or "")[:60], place(reply.url))

    def json(self, reply: Reply) -> dict[str, Any]:
        """The object in an answer; UnexpectedPayload if it is anything else."""
        return read_json(reply.body, reply.url, self.source, self.account)

    def unexpected(self, url: str, happened: str) -> UnexpectedPayload:
        """An answer that the protocol does not allow."""
        return unexpected(self.source, self.account, f"{place(url)} {happened}")


def raise_if_closed(refused: Refused) -> None:
    """Raise Closed if a refusal tells the state of the account."""
    status = _STATUS_OF.get(refused.name)
    if status is not None:
        raise Closed(status) from refused


def unexpected(source: str, account: Account, happened: str) -> UnexpectedPayload:
    """An answer that the protocol does not allow, with what a reader can do."""
    todo = "check the server addresses; if they are right, try again later"
    return UnexpectedPayload(source, account.account_id, happened, todo)


def read_json(body: bytes, url: str, source: str, account: Account) -> dict[str, Any]:
    """The object in a body; UnexpectedPayload if it is anything else."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise unexpected(source, account, f"{place(url)} answered no JSON") from error
    if not isinstance(value, dict):
        raise unexpected(source, account, f"{place(url)} answered no JSON object")
    return value
