"""Mastodon's "Request your archive": the outbox of an account, with or without its actor.

Only public and unlisted posts are read; the others are neither stored nor counted, but their
number is told. Addresses are those that the server shows, as the API walk stores them, where
an item tells both its address and its id. Moments are UTC. The whole outbox is in the file
(`totalItems` is not: it counts otherwise), so it begins with the account.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from ingest.archives.container import Member, Opened
from ingest.archives.jsonitems import CutShort, elements
from ingest.archives.jsonitems import read as read_items
from ingest.archives.model import Found
from ingest.errors import ArchiveUnreadable
from ingest.model import Batch, Kind, Post, Quarantined
from ingest.plaintext import at_names, from_html

NAME, TITLE, IS_OWN, PLATFORM = "mastodon_archive", "Mastodon archive", True, "mastodon"
ASK = (
    "give the whole archive (en: Preferences → Import and export → Data export → Request your "
    "archive; nl: Voorkeuren → Importeren en exporteren → Archief aanvragen; fr: Préférences → "
    "Import et export → Demander vos archives)"
)
_EVERYBODY = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
_SHOWN = frozenset({"Note", "Question", "Article", "Page", "Video", "Audio", "Image", "Event"})
_USER = re.compile(r"/(?:users/|u/|@|accounts/|profile/)(?P<name>[\w.-]+)(?:/|$)")
_ACTIVITY = re.compile(rb'"orderedItems"\s*:.*"(?:Create|Announce)"', re.DOTALL)
_STATUS = re.compile(r"(?P<host>https?://[^/]+)/users/(?P<name>\w[\w.-]*)/statuses/(?P<id>\d+)")
_QUOTES = ("quote", "quoteUri", "quoteUrl", "_misskey_quote")
_BATCH = 1_000


def recognise(opened: Opened) -> Found | None:
    """An ActivityStreams collection of activities; an actor or likes alone are refused."""
    outboxes: list[Member] = []
    actor: dict[str, Any] = {}
    is_other_part = False
    for member in opened.ending(".json"):
        head = member.head(2**13)
        if b"activitystreams" not in head and b'"orderedItems"' not in head:
            continue
        if b'"preferredUsername"' in head or member.name == "actor.json":
            actor = _fields(member) or actor
        elif member.name == "outbox.json" or _ACTIVITY.search(head):
            outboxes.append(member)
        is_other_part = True
    if not outboxes:
        if is_other_part:
            raise ArchiveUnreadable(opened.name, "it holds no outbox.json", ASK)
        return None
    actor_id = _text(actor.get("id")) or _actor_of(outboxes)
    handle = _acct(actor) or _account_of(actor_id)
    found = Found(NAME, TITLE, IS_OWN, PLATFORM, opened, handle=handle, native_id=handle)
    found.size = sum(member.size for member in outboxes)
    found.details = {"outboxes": outboxes, "actor_id": actor_id}
    if (opened_at := _moment(actor.get("published"))) is not None:
        found.begins_at = opened_at
    if not actor:
        found.notes.append("no actor.json is in it: the account is read from its posts")
    return found


def read(found: Found) -> Iterator[Batch]:
    """The public posts and boosts, in the order of the file."""
    outboxes = found.details["outboxes"]
    reading = _Reading(found)
    yield Batch()  # an account without public posts is known too
    for member in outboxes if isinstance(outboxes, list) else ():
        yield from reading.batches(member)
    if reading.hidden:
        found.notes.append(
            f"posts that were not for everybody: {reading.hidden}, neither stored nor counted"
        )
    if reading.newest is not None:
        found.ends_at = reading.newest + timedelta(microseconds=1)
    if reading.oldest is not None and found.begins_at is not None:
        found.begins_at = min(found.begins_at, reading.oldest)


class _Reading:
    """What is known while an outbox is read."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.actor = str(found.details["actor_id"] or "")
        self.hidden = 0
        self.oldest: datetime | None = None
        self.newest: datetime | None = None  # of all items, also those not for everybody

    def batches(self, member: Member) -> Iterator[Batch]:
        """A thousand items at a time."""
        posts: list[Post] = []
        bad: list[Quarantined] = []
        items = (one for key, one in read_items(self.found, member) if key == "orderedItems")
        for number, activity in enumerate(items, start=1):
            try:
                post = self._post(activity)
            except ValueError as error:
                expected = "an activity as Mastodon writes it"
                self.found.problems.add(member.path, number, "", error, expected)
                bad.append(Quarantined(f"{member.path} {number}", str(error)))
                continue
            posts += [post] if post else []
            if len(posts) + len(bad) >= _BATCH:
                yield Batch(posts=tuple(posts), quarantined=tuple(bad))
                posts, bad = [], []
        if posts or bad:
            yield Batch(posts=tuple(posts), quarantined=tuple(bad))

    def _post(self, activity: object) -> Post | None:
        if not isinstance(activity, dict):
            raise ValueError("an activity of an unknown kind")  # noqa: TRY004
        kind, held = activity.get("type"), activity.get("object")
        at = _moment(activity.get("published"))
        if kind not in {"Create", "Announce"} or at is None:
            raise ValueError(f"an activity of the kind {kind!r}" if at else "no moment")
        self.newest = max(self.newest or at, at)
        if not _EVERYBODY & {*_list(activity.get("to")), *_list(activity.get("cc"))}:
            self.hidden += 1
            return None
        self.oldest = min(self.oldest or at, at)
        if kind == "Announce":
            return self._boost(activity, at)
        if not isinstance(held, dict) or held.get("type") not in _SHOWN:
            raise ValueError("a post of an unknown kind")
        return self._note(held, at)

    def _boost(self, activity: Mapping[str, Any], at: datetime) -> Post:
        held = activity.get("object")
        boosted = _text(held.get("id") if isinstance(held, dict) else held)
        uri = _text(activity.get("id"))
        if not uri or not boosted:
            raise ValueError("a boost without an address")
        partner = self._author(boosted, {})
        return Post(
            uri=uri, created_at=at, kind=Kind.REPOST, parent_uri=_shown(boosted), partner=partner
        )

    def _note(self, note: Mapping[str, Any], at: datetime) -> Post:
        uri = _text(note.get("url")) or _text(note.get("id"))
        if not uri:
            raise ValueError("a post without an address")
        named = dict(self._mentioned(note))
        text = _content(note)
        parent, quoted = _text(note.get("inReplyTo")), _quoted(note)
        if parent and self._is_own(parent):
            kind, partner = Kind.SELF_REPLY, self.found.native_id
        elif parent:
            kind, partner = Kind.REPLY, self._author(parent, named)
        elif quoted:
            kind, partner = Kind.QUOTE, self._author(quoted, named)
        else:
            kind, partner = Kind.POST, None
        languages = note.get("contentMap")
        return Post(
            uri=uri,
            created_at=at,
            kind=kind,
            text=text,
            parent_uri=_shown(parent or quoted) or None,
            partner=partner,
            mentions=tuple(dict.fromkeys(named.values())),
            mention_names=at_names(text, dict.fromkeys(named.values())),
            langs=tuple(str(lang).lower() for lang in languages)
            if isinstance(languages, dict)
            else (),
        )

    def _is_own(self, uri: str) -> bool:
        own = urlsplit(self.actor)
        other = urlsplit(uri)
        if own.netloc != other.netloc:
            return False
        match, mine = _USER.search(other.path), _USER.search(own.path)
        return uri.startswith(f"{self.actor}/") or bool(
            match and mine and match["name"].lower() == mine["name"].lower()
        )

    def _mentioned(self, note: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The id and the `user@host` of each account that a post names."""
        for tag in _list(note.get("tag")):
            if isinstance(tag, dict) and tag.get("type") == "Mention":
                href, name = _text(tag.get("href")), _text(tag.get("name")).removeprefix("@")
                acct = name.lower() if "@" in name else _account_of(href)
                if href and acct:
                    yield href, acct

    def _author(self, uri: str, named: Mapping[str, str]) -> str | None:
        """Whose post this is: a mentioned account it lies under, else as its address says."""
        for href, acct in named.items():
            if uri.startswith(f"{href.rstrip('/')}/"):
                return acct
        return self.found.native_id if self._is_own(uri) else _account_of(uri)


def _shown(uri: str) -> str:
    """The web address that a Mastodon server gives a post with this id; others' ids stay."""
    return _STATUS.sub(r"\g<host>/@\g<name>/\g<id>", uri)


def _actor_of(outboxes: Iterable[Member]) -> str:
    """Whose activities they are, as the first one tells."""
    for member in outboxes:
        with suppress(CutShort, OSError, EOFError):
            for key, activity in elements(member):
                if key == "orderedItems" and isinstance(activity, dict):
                    return _text(activity.get("actor"))
    return ""


def _acct(actor: Mapping[str, Any]) -> str | None:
    """`user@host` of an actor; the domain in it where the server tells that."""
    told = _text(actor.get("webfinger"))
    if told:
        return told.removeprefix("@").lower()
    name, host = _text(actor.get("preferredUsername")), urlsplit(_text(actor.get("id"))).netloc
    return f"{name}@{host}".lower() if name and host else None


def _account_of(uri: str) -> str | None:
    parts = urlsplit(uri)
    match = _USER.search(parts.path)
    return f"{match['name']}@{parts.netloc}".lower() if match and parts.netloc else None


def _content(note: Mapping[str, Any]) -> str:
    """Content warning, text and the answers of a poll, each on lines of its own."""
    options = [
        o.get("name")
        for name in ("oneOf", "anyOf")
        for o in _list(note.get(name))
        if isinstance(o, dict)
    ]
    parts = [note.get("summary"), note.get("content"), *options]
    texts = [from_html(part) for part in parts if isinstance(part, str)]
    return "\n".join(part for part in texts if part)


def _quoted(note: Mapping[str, Any]) -> str:
    return next((uri for name in _QUOTES if (uri := _text(note.get(name)))), "")


def _fields(member: Member) -> dict[str, Any]:
    try:
        return dict(elements(member))
    except (CutShort, OSError, EOFError):
        return {}


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        return found and (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
