"""Mastodon API answers as posts, received items and threads.

An item's uri is its web address (`url`), which is also its guid in the account's
RSS feed; where the server gives none, its ActivityPub id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from ingest.mastodon_api import ApiQuote, ApiStatus, moment
from ingest.model import Kind, Post, Received, Thread
from ingest.plaintext import at_names, from_html

PUBLIC = frozenset({"public", "unlisted"})  # one server was seen to show private ones to anybody


@dataclass(frozen=True, slots=True)
class Home:
    """Where an account lives: the API's address, the domain of its accts, its local id."""

    base: str
    domain: str
    account_id: str

    def native(self, acct: str) -> str:
        """`user@host` in lower case, also for accounts that are local to this server."""
        acct = acct.removeprefix("@").lower()
        return acct if "@" in acct else f"{acct}@{self.domain}"

    def stand_in(self, status_id: str) -> str:
        """The uri of a status of which only the local id is known."""
        return f"{self.base}/api/v1/statuses/{status_id}"


class Place(NamedTuple):
    """A status in its thread."""

    uri: str
    parent_id: str | None
    author_id: str


@dataclass(slots=True)
class Tree:
    """What has been seen of threads and accounts, by the server's local ids."""

    home: Home
    places: dict[str, Place] = field(default_factory=dict)
    accts: dict[str, str] = field(default_factory=dict)

    def add(self, status: ApiStatus) -> None:
        """Remember a status, its author and the accounts it names."""
        author = status.account
        self.accts[str(author.id)] = self.home.native(author.acct)
        for mention in status.mentions:
            self.accts.setdefault(str(mention.id), self.home.native(mention.acct))
        parent = None if status.in_reply_to_id is None else str(status.in_reply_to_id)
        self.places[str(status.id)] = Place(uri_of(status), parent, str(author.id))
        if status.reblog is not None:
            self.add(status.reblog)

    def add_around(
        self, target_id: str, uri: str, above: Sequence[ApiStatus], below: Sequence[ApiStatus]
    ) -> None:
        """Remember what stands around an own status."""
        for status in (*above, *below):
            self.add(status)
        if target_id not in self.places:
            parent = str(above[-1].id) if above else None
            self.places[target_id] = Place(uri, parent, self.home.account_id)

    def uri(self, status_id: str) -> str:
        """The uri of a status, or its stand-in."""
        place = self.places.get(status_id)
        return place.uri if place else self.home.stand_in(status_id)

    def top(self, status_id: str) -> tuple[str, bool]:
        """The uri of the highest known status above, and whether it is the thread's first."""
        seen = {status_id}
        while (place := self.places.get(status_id)) is not None:
            if place.parent_id is None:
                return place.uri, True
            if place.parent_id in seen or place.parent_id not in self.places:
                return place.uri, False
            status_id = place.parent_id
            seen.add(status_id)
        return self.home.stand_in(status_id), False

    def is_settled(self, status: ApiStatus) -> bool:
        """Whether the first item of the status's thread is known."""
        return status.in_reply_to_id is None or self.top(str(status.in_reply_to_id))[1]

    def parent_author(self, status: ApiStatus) -> str | None:
        """The local id of the account that is replied to."""
        if status.in_reply_to_account_id is not None:
            return str(status.in_reply_to_account_id)
        place = self.places.get(str(status.in_reply_to_id))
        return place.author_id if place else None


def uri_of(status: ApiStatus) -> str:
    """The status's web address, else its ActivityPub id."""
    return status.url or status.uri or f"status:{status.id}"


def is_own(status: ApiStatus, home: Home) -> bool:
    """Whether it is a public act of the person, or the public boost of a public status."""
    shown = status.visibility in PUBLIC and (
        status.reblog is None or status.reblog.visibility in PUBLIC
    )
    return shown and str(status.account.id) == home.account_id


def is_reply(status: ApiStatus) -> bool:
    """Whether it answers something, also when that was deleted since."""
    return status.in_reply_to_id is not None or status.in_reply_to_account_id is not None


def text_of(status: ApiStatus) -> str:
    """Content warning, text and the answers of a poll, each on lines of its own."""
    options = status.poll.options if status.poll else []
    parts = [from_html(status.spoiler_text or ""), from_html(status.content or "")]
    parts += [from_html(option.title) for option in options]
    return "\n".join(part for part in parts if part)


def post_of(status: ApiStatus, tree: Tree, fetched_at: datetime) -> Post:
    """An own status as a post; an unknown parent or thread stands as a stand-in uri."""
    created_at = moment(status.created_at)
    text = "" if status.reblog else text_of(status)
    policy = status.interaction_policy.can_reply if status.interaction_policy else None
    named = {tree.home.native(m.acct): m.acct for m in status.mentions}
    kind, parent, partner = _relation(status, tree)
    root = None
    if kind in {Kind.REPLY, Kind.SELF_REPLY} and status.in_reply_to_id is not None:
        root = tree.top(str(status.in_reply_to_id))[0]
    return Post(
        uri=uri_of(status),
        created_at=created_at,
        kind=kind,
        text=text,
        indexed_at=fetched_at if created_at > fetched_at else None,
        parent_uri=parent,
        root_uri=root,
        partner=partner,
        mentions=tuple(named),
        mention_names=at_names(text, named.values()),
        langs=(status.language.lower(),) if status.language else (),
        reply_count=None if status.reblog else status.replies_count,
        is_pinned=bool(status.pinned),
        is_restricted=None if policy is None else "public" not in (policy.always or ()),
    )


def _relation(status: ApiStatus, tree: Tree) -> tuple[Kind, str | None, str | None]:
    if status.reblog is not None:
        return Kind.REPOST, uri_of(status.reblog), tree.home.native(status.reblog.account.acct)
    author = tree.parent_author(status)
    parent = None if status.in_reply_to_id is None else tree.uri(str(status.in_reply_to_id))
    if is_reply(status) and author != tree.home.account_id:
        return Kind.REPLY, parent, tree.accts.get(author or "") or None
    if status.quote is not None:
        return Kind.QUOTE, *_quoted(status.quote, tree)
    if is_reply(status):
        return Kind.SELF_REPLY, parent, tree.accts.get(tree.home.account_id)
    return Kind.POST, None, None


def _quoted(quote: ApiQuote, tree: Tree) -> tuple[str | None, str | None]:
    if quote.quoted_status is not None:
        status = quote.quoted_status
        return uri_of(status), tree.home.native(status.account.acct)
    return quote.url or quote.uri, tree.home.native(quote.account.acct) if quote.account else None


def received_of(items: Iterable[ApiStatus], tree: Tree, fetched_at: datetime) -> list[Received]:
    """Public items by others whose parent is the person's own, in the order given."""
    found = []
    own = tree.home.account_id
    for status in items:
        if str(status.account.id) == own or status.visibility not in PUBLIC:
            continue
        if status.in_reply_to_id is None or tree.parent_author(status) != own:
            continue
        parent_id, created_at = str(status.in_reply_to_id), moment(status.created_at)
        found.append(
            Received(
                uri=uri_of(status),
                created_at=created_at,
                author=tree.home.native(status.account.acct),
                text=text_of(status),
                parent_uri=tree.uri(parent_id),
                root_uri=tree.top(parent_id)[0],
                indexed_at=fetched_at if created_at > fetched_at else None,
                langs=(status.language.lower(),) if status.language else (),
            )
        )
    return found


def threads_of(
    target: tuple[str, str, int | None], items: Iterable[ApiStatus], home: Home
) -> list[Thread]:
    """The asked status, partial if the server counts more replies than came, then
    every own status below it whose replies all came and which need not be asked for.

    `target` is local id, uri and the server's count of replies.
    """
    came: dict[str, int] = {}
    items = list(items)
    for status in items:
        parent = str(status.in_reply_to_id)
        came[parent] = came.get(parent, 0) + 1
    target_id, uri, count = target
    threads = [Thread(uri, count, is_partial=(count or 0) > came.get(target_id, 0))]
    for status in items:
        is_own = str(status.account.id) == home.account_id and str(status.id) != target_id
        if is_own and 0 < (status.replies_count or 0) <= came.get(str(status.id), 0):
            threads.append(Thread(uri_of(status), status.replies_count, is_partial=False))
    return threads
