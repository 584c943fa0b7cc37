"""A loopback Mastodon instance for the council: WebFinger, lookup, statuses, contexts."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import escape
from operator import itemgetter
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ingest.demo.clock import HOUR, midnight
from ingest.demo.council import Council
from ingest.demo.people import MASTODON_HOST
from ingest.demo.world import Item, Voice
from ingest.model import Kind

PAGE, MAX_PAGE = 20, 40
MAX_ANCESTORS, MAX_DESCENDANTS, MAX_DEPTH = 40, 60, 20  # for anonymous callers
_ALLOWANCE = 1_000_000


def account_id(voice: Voice) -> str:
    """The instance's own id of an account."""
    digest = hashlib.sha256(voice.voice_id.encode()).digest()
    return str(10**17 + int.from_bytes(digest[:7], "big") % 10**17)


def status_id(item: Item) -> str:
    """The instance's own id of a status: grows with time."""
    return str((item.seen_at * 1000 << 16) | (item.number & 0xFFFF))


def acct_of(voice: Voice) -> str:
    """`user` for accounts of this instance, `user@host` for others."""
    return voice.user if voice.host == MASTODON_HOST else voice.handle


def profile_url(voice: Voice) -> str:
    """The account's page."""
    return f"https://{voice.host}/@{voice.user}"


def url_of(item: Item) -> str:
    """The status's page at its author's instance."""
    return f"{profile_url(item.voice)}/{status_id(item)}"


class Instance:
    """The council's Mastodon accounts and statuses as JSON entities."""

    def __init__(self, council: Council, max_descendants: int = MAX_DESCENDANTS) -> None:
        self.council, self.max_descendants = council, max_descendants
        everybody = (*council.accounts, *council.known, *council.citizens)
        voices = [voice for voice in everybody if voice.platform == "mastodon"]
        self.by_id = {account_id(voice): voice for voice in voices}
        self.by_acct = {acct_of(voice): voice for voice in voices}
        self.by_acct |= {voice.handle: voice for voice in voices}
        self.statuses = {
            status_id(item): item for item in council.items if item.voice.platform == "mastodon"
        }
        self._accounts: dict[str, dict[str, Any]] = {}
        self._listings: dict[str, list[tuple[int, Item]]] = {}
        self._asked_count = 0

    def account(self, voice: Voice) -> dict[str, Any]:
        """An Account entity."""
        if voice.voice_id not in self._accounts:
            self._accounts[voice.voice_id] = self._account(voice)
        return self._accounts[voice.voice_id]

    def _account(self, voice: Voice) -> dict[str, Any]:
        items = self.council.items_of(voice.voice_id) if voice.status != "suspended" else ()
        opened_at = datetime.fromtimestamp(midnight(voice.opened_on) + 8 * HOUR, UTC)
        entity: dict[str, Any] = {
            "id": account_id(voice),
            "username": voice.user,
            "acct": acct_of(voice),
            "display_name": voice.name,
            "locked": False,
            "bot": False,
            "discoverable": True,
            "group": False,
            "created_at": f"{opened_at:%Y-%m-%dT00:00:00.000Z}",
            "note": "<p>Verzonnen account uit Voorbeeldstad</p>",
            "url": profile_url(voice),
            "uri": f"https://{voice.host}/users/{voice.user}",
            "followers_count": 0,
            "following_count": 0,
            "statuses_count": len(items),
            "last_status_at": f"{datetime.fromtimestamp(items[-1].at, UTC):%Y-%m-%d}"
            if items
            else None,
            "emojis": [],
            "fields": [],
        }
        if voice.status == "suspended":
            entity |= {"suspended": True, "display_name": "", "note": ""}
        return entity

    def status(self, item: Item) -> dict[str, Any]:
        """A Status entity."""
        at = datetime.fromtimestamp(item.seen_at, UTC)
        mentions = named_in(item)
        is_reply = item.kind in (Kind.REPLY, Kind.SELF_REPLY) and item.parent is not None
        parent = item.parent if is_reply else None
        boosted = item.parent if item.kind is Kind.REPOST else None
        return {
            "id": status_id(item),
            "created_at": f"{at:%Y-%m-%dT%H:%M:%S}.{item.number % 1000:03d}Z",
            "edited_at": None,
            "in_reply_to_id": status_id(parent) if parent else None,
            "in_reply_to_account_id": account_id(parent.voice) if parent else None,
            "sensitive": False,
            "spoiler_text": "",
            "visibility": item.visibility,
            "language": item.lang or None,
            "uri": f"https://{item.voice.host}/users/{item.voice.user}/statuses/{status_id(item)}",
            "url": url_of(item),
            "replies_count": len(self.council.replies_to(item)),
            "reblogs_count": 0,
            "favourites_count": 0,
            "content": _html(item, mentions),
            "reblog": self.status(boosted) if boosted else None,
            "account": self.account(item.voice),
            "media_attachments": [],
            "mentions": [
                {
                    "id": account_id(voice),
                    "username": voice.user,
                    "url": profile_url(voice),
                    "acct": acct_of(voice),
                }
                for voice in mentions
            ],
            "tags": [],
            "emojis": [],
            "card": None,
            "poll": None,
        }

    def public(self, wanted: str) -> Item | None:
        """The status with an id, if strangers may see it."""
        item = self.statuses.get(wanted)
        if item is None or item.visibility == "private" or item.voice.status == "suspended":
            return None
        return item

    def page(self, voice: Voice, limit: int, bounds: Mapping[str, int]) -> list[Item]:
        """One page of a listing, newest first, private items still in it."""
        listing = () if voice.status == "suspended" else self._listing(voice)
        upper = bounds.get("max_id", sys.maxsize)
        lower = max(bounds.get("since_id", 0), bounds.get("min_id", 0))
        found = [item for number, item in listing if lower < number < upper]
        return found[-limit:] if "min_id" in bounds else found[:limit]

    def _listing(self, voice: Voice) -> list[tuple[int, Item]]:
        """All of an account's statuses with their ids, newest first."""
        if voice.voice_id not in self._listings:
            items = self.council.items_of(voice.voice_id)
            numbered = ((int(status_id(item)), item) for item in items)
            self._listings[voice.voice_id] = sorted(numbered, key=itemgetter(0), reverse=True)
        return self._listings[voice.voice_id]

    def context(self, item: Item) -> dict[str, Any]:
        """What stands above and below a status, cut as for anonymous callers."""
        above: list[Item] = []
        above_item = item
        while above_item.kind in (Kind.REPLY, Kind.SELF_REPLY) and above_item.parent:
            above_item = above_item.parent
            above.append(above_item)
        below: list[Item] = []
        stack = [(child, 1) for child in reversed(self.council.replies_to(item))]
        while stack and len(below) < self.max_descendants:
            current, depth = stack.pop()
            below.append(current)
            if depth < MAX_DEPTH:
                stack += [(c, depth + 1) for c in reversed(self.council.replies_to(current))]
        return {
            "ancestors": [self.status(i) for i in reversed(above[:MAX_ANCESTORS])],
            "descendants": [self.status(i) for i in below],
        }

    def answer(
        self, body: Any, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Response:
        """JSON with the headers by which the instance paces its callers."""
        self._asked_count += 1
        reset_at = datetime.now(UTC) + timedelta(minutes=5)
        limits = {
            "x-ratelimit-limit": str(_ALLOWANCE),
            "x-ratelimit-remaining": str(_ALLOWANCE - self._asked_count % 1000),
            "x-ratelimit-reset": f"{reset_at:%Y-%m-%dT%H:%M:%S.000Z}",
        }
        return Response(
            msgspec.json.encode(body),
            status,
            media_type="application/json",
            headers=limits | dict(headers or {}),
        )


def named_in(item: Item) -> list[Voice]:
    """Whom a status names: the author it replies to, and whoever it mentions."""
    named: dict[str, Voice] = {}
    if item.kind is Kind.REPLY and item.parent and item.parent.voice is not item.voice:
        named[item.parent.voice.voice_id] = item.parent.voice
    named |= {voice.voice_id: voice for voice in item.mentions}
    return list(named.values())


def _html(item: Item, mentions: list[Voice]) -> str:
    if item.kind is Kind.REPOST:
        return ""
    cards = "".join(
        f'<span class="h-card"><a href="{profile_url(voice)}" class="u-url mention">'
        f"@<span>{voice.user}</span></a></span> "
        for voice in mentions
    )
    return f"<p>{cards}{escape(item.text, quote=False)}</p>"


class _Api:
    def __init__(self, instance: Instance) -> None:
        self.instance = instance

    async def webfinger(self, request: Request) -> Response:
        resource = request.query_params.get("resource", "").removeprefix("acct:").lower()
        voice = self.instance.by_acct.get(resource)
        if voice is None or "@" not in resource or voice.host != MASTODON_HOST:
            return self._missing()
        actor = f"https://{voice.host}/users/{voice.user}"
        page = profile_url(voice)
        links = [
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": page},
            {"rel": "self", "type": "application/activity+json", "href": actor},
        ]
        body = {"subject": f"acct:{voice.handle}", "aliases": [page, actor], "links": links}
        return self.instance.answer(body)

    async def lookup(self, request: Request) -> Response:
        return self._account(
            self.instance.by_acct.get(request.query_params.get("acct", "").lower())
        )

    async def account(self, request: Request) -> Response:
        return self._account(self.instance.by_id.get(request.path_params["id"]))

    def _account(self, voice: Voice | None) -> Response:
        return self.instance.answer(self.instance.account(voice)) if voice else self._missing()

    async def statuses(self, request: Request) -> Response:
        voice = self.instance.by_id.get(request.path_params["id"])
        if voice is None:
            return self._missing()
        query = request.query_params
        if query.get("pinned") == "true":
            return self.instance.answer([])
        limit = min(int(query.get("limit", PAGE)), MAX_PAGE)
        bounds = {key: int(query[key]) for key in ("max_id", "min_id", "since_id") if key in query}
        page = self.instance.page(voice, limit, bounds)
        body = [self.instance.status(item) for item in page if item.visibility != "private"]
        return self.instance.answer(body, headers=_links(request, page, limit))

    async def status(self, request: Request) -> Response:
        item = self.instance.public(request.path_params["id"])
        return self.instance.answer(self.instance.status(item)) if item else self._missing()

    async def context(self, request: Request) -> Response:
        item = self.instance.public(request.path_params["id"])
        return self.instance.answer(self.instance.context(item)) if item else self._missing()

    def _missing(self) -> Response:
        return self.instance.answer({"error": "Record not found"}, 404)


def instance_app(instance: Instance) -> Starlette:
    """The instance's public API."""
    api = _Api(instance)
    return Starlette(
        routes=[
            Route("/.well-known/webfinger", api.webfinger),
            Route("/api/v1/accounts/lookup", api.lookup),
            Route("/api/v1/accounts/{id}", api.account),
            Route("/api/v1/accounts/{id}/statuses", api.statuses),
            Route("/api/v1/statuses/{id}", api.status),
            Route("/api/v1/statuses/{id}/context", api.context),
        ]
    )


def _links(request: Request, page: list[Item], limit: int) -> dict[str, str]:
    """The Link header: the next page while there may be one, and the previous."""
    if not page:
        return {}
    base = f"https://{MASTODON_HOST}{request.url.path}?"
    before = urlencode({"limit": limit, "max_id": status_id(page[-1])})
    after = urlencode({"limit": limit, "min_id": status_id(page[0])})
    return {"link": f'<{base}{before}>; rel="next", <{base}{after}>; rel="prev"'}
