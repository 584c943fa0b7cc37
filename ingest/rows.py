"""Turns what a source gave back into rows without a citizen in them.

Pure but for the injected text step: the store calls it, and the tests can.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, NamedTuple, Protocol, TypeVar

from ingest.answer_keys import ANSWERS, answer_keys
from ingest.model import Kind, Post, Received
from ingest.privacy import HIDDEN, Keys, hide_names, merge_text, safe_line


class Features(Protocol):
    """What the text step says of one text, without the text."""

    @property
    def lang(self) -> str | None: ...  # noqa: D102

    @property
    def wants_answer(self) -> bool: ...  # noqa: D102

    @property
    def is_abuse(self) -> bool: ...  # noqa: D102

    def to_json(self) -> str: ...  # noqa: D102


class TextStep(Protocol):
    """The module that reads texts: `metrics.text`, or a small one in tests."""

    def read(  # noqa: D102
        self,
        texts: Sequence[str],
        *,
        langs: Sequence[str | None],
        direction: Literal["sent", "received"],
    ) -> Sequence[Features]: ...

    def similarity_text(self, text: str) -> str: ...  # noqa: D102


class PostRow(NamedTuple):
    """A row of `post` from `uri` on, in the order of schema.sql."""

    uri: str
    post_key: int
    created_at: datetime | None
    indexed_at: datetime | None
    kind: str
    parent_key: int | None
    root_key: int
    partner_key: int | None
    text: str | None
    merge_key: int | None
    lang: str | None
    features: str | None
    reply_count: int | None
    is_pinned: bool
    is_restricted: bool | None
    is_deleted: bool
    answer_keys: list[int] | None


class ReceivedRow(NamedTuple):
    """A row of `received` from `item_key` on, in the order of schema.sql."""

    item_key: int
    created_at: datetime | None
    indexed_at: datetime | None
    asker_key: int
    parent_key: int | None
    root_key: int
    is_mention: bool
    is_question: bool | None
    is_abuse: bool | None
    lang: str | None
    similarity_key: int | None
    features: str | None
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class NotCitizens:
    """The accounts whose names may stand in a text, and the citizens who were forgotten."""

    names: frozenset[str] = frozenset()  # handles in lower case, without @
    keys: frozenset[int] = frozenset()
    forgotten: frozenset[int] = frozenset()
    kept_from: datetime | None = None  # UTC without its zone; older items of citizens are not kept


@dataclass(frozen=True, slots=True)
class RowMaker:
    """Makes the rows of one account's items."""

    keys: Keys
    text_step: TextStep
    platform: str
    language: str | None = None  # what the person mostly writes in
    others: NotCitizens = field(default_factory=NotCitizens)

    def posts(self, posts: Iterable[Post], last: Mapping[str, PostRow]) -> list[PostRow]:
        """One row per item that says something the last row of its uri does not.

        Where the new observation tells less (no count, no index time) the last
        one's word stays; a deletion keeps everything but the text.
        """
        fresh: dict[str, PostRow] = {}
        for post in posts:
            fresh[post.uri] = self._post(post, fresh.get(post.uri) or last.get(post.uri))
        changed = [row for uri, row in fresh.items() if row != last.get(uri)]
        unread = [row for row in changed if row.text is not None and row.features is None]
        read = self.text_step.read(
            [row.text or "" for row in unread],
            langs=[self.language] * len(unread),
            direction="sent",
        )
        found = {row.uri: features for row, features in zip(unread, read, strict=True)}
        return [_with_features(row, found.get(row.uri)) for row in changed]

    def received(
        self, items: Iterable[Received], last: Mapping[int, ReceivedRow]
    ) -> list[ReceivedRow]:
        """One row per item that says something new; those of the forgotten or too old give none."""
        kept = [item for item in items if not self._is_unwanted(item)]
        read = self.text_step.read(
            [_clean(item.text) for item in kept],
            langs=[self.language] * len(kept),
            direction="received",
        )
        fresh: dict[int, ReceivedRow] = {}
        for item, features in zip(kept, read, strict=True):
            key = self.keys.item(item.uri)
            fresh[key] = self._received(item, features, fresh.get(key) or last.get(key))
        return [row for key, row in fresh.items() if row != last.get(key)]

    def safe_line(self, text: str) -> str:
        """One short line without a citizen's name."""
        return safe_line(text, self.others.names.__contains__)

    def _post(self, post: Post, last: PostRow | None) -> PostRow:
        if post.is_deleted and last is not None:
            return last._replace(text=None, is_pinned=False, is_deleted=True, answer_keys=None)
        partner = self._partner(post.partner)
        created_at = _utc(post.created_at) or (last.created_at if last else None)
        indexed_at = _utc(post.indexed_at) or (last.indexed_at if last else None)
        is_forgotten = partner is not None and self._is_forgotten(partner, created_at or indexed_at)
        parent_key, root_key = self._item(post.parent_uri), self._item(post.root_uri)
        has_text = not post.is_deleted and post.kind is not Kind.REPOST
        text = self._hidden(post) if has_text else None
        same = last is not None and last.text == text
        post_key = self.keys.item(post.uri)
        return PostRow(
            uri=post.uri,
            post_key=post_key,
            created_at=created_at,
            indexed_at=indexed_at,
            kind=post.kind.value,
            parent_key=None if is_forgotten else parent_key,
            root_key=(None if is_forgotten and root_key == parent_key else root_key) or post_key,
            partner_key=None if is_forgotten else partner,
            text=text,
            merge_key=self.keys.same("merge", merge_text(_clean(post.text))) if has_text else None,
            lang=last.lang if last and same else None,
            features=last.features if last and same else None,
            reply_count=_first(post.reply_count, last.reply_count if last else None),
            is_pinned=post.is_pinned,
            is_restricted=_first(post.is_restricted, last.is_restricted if last else None),
            is_deleted=post.is_deleted,
            answer_keys=last.answer_keys
            if last and same and last.kind == post.kind.value
            else self._answer_keys(post.kind, text),
        )

    def _answer_keys(self, kind: Kind, text: str | None) -> list[int] | None:
        if text is None or kind not in ANSWERS:
            return None
        return answer_keys(self.text_step.similarity_text(text))

    def _received(
        self, item: Received, features: Features, last: ReceivedRow | None
    ) -> ReceivedRow:
        if item.is_deleted and last is not None:
            return last._replace(is_deleted=True)
        item_key, is_read = self.keys.item(item.uri), not item.is_deleted
        parent_key = self._item(item.parent_uri)
        similar = self.text_step.similarity_text(_clean(item.text))
        return ReceivedRow(
            item_key=item_key,
            created_at=_utc(item.created_at) or (last.created_at if last else None),
            indexed_at=_earliest(_utc(item.indexed_at), last.indexed_at if last else None),
            asker_key=self._asker(item),
            parent_key=_first(parent_key, last.parent_key if last else None),
            root_key=self._item(item.root_uri) or parent_key or item_key,
            is_mention=item.is_mention or bool(last and last.is_mention),
            is_question=features.wants_answer if is_read else None,
            is_abuse=features.is_abuse if is_read else None,
            lang=features.lang if is_read else None,
            similarity_key=self.keys.same("similar", similar),
            features=features.to_json() if is_read else None,
            is_deleted=item.is_deleted,
        )

    def _is_unwanted(self, item: Received) -> bool:
        moment = _utc(item.created_at) or _utc(item.indexed_at)
        return self._is_forgotten(self._asker(item), moment)

    def _is_forgotten(self, key: int, moment: datetime | None) -> bool:
        """Whether someone asked to be forgotten, or is a citizen from before the retention time."""
        others = self.others
        if key in others.forgotten:
            return True
        is_old = others.kept_from is not None and moment is not None and moment < others.kept_from
        return is_old and key not in others.keys

    def _asker(self, item: Received) -> int:
        return self.keys.partner(self.platform, item.author)

    def _partner(self, native_id: str | None) -> int | None:
        return None if native_id is None else self.keys.partner(self.platform, native_id)

    def _item(self, uri: str | None) -> int | None:
        return None if uri is None else self.keys.item(uri)

    def _hidden(self, post: Post) -> str:
        """The person's own words without the names of citizens."""
        text = _clean(post.text)
        if not post.mention_names:
            return hide_names(text, self.others.names.__contains__)
        known = self._known_names(post)
        for name in sorted(post.mention_names, key=len, reverse=True):
            if name.strip("@ ") and _bare(name) not in known:
                text = _without(name, text)
        return hide_names(text, known.__contains__)

    def _known_names(self, post: Post) -> frozenset[str]:
        """The names that may stay in this text: a bare @name only if nobody else bears it."""
        known = self.others.names
        if len(post.mentions) == len(post.mention_names):
            pairs = list(zip(map(_bare, post.mention_names), post.mentions, strict=True))
            strange = {name for name, of in pairs if self._partner(of) not in self.others.keys}
            if more := {name for name, _ in pairs} - strange - known:
                known |= more
            if not known.isdisjoint(strange):
                known -= strange
        return known


def _without(name: str, text: str) -> str:
    """The text with a name hidden wherever no longer word begins with it."""
    at, kept = text.find(name), 0
    if at < 0:
        return text
    parts = []
    while at >= 0:
        end = at + len(name)
        if not (text[end : end + 1].isalnum() or text[end : end + 1] == "_"):
            parts += [text[kept:at], HIDDEN]
            kept = end
            at = text.find(name, end)
        else:
            at = text.find(name, at + 1)
    return "".join(parts) + text[kept:]


def _bare(name: str) -> str:
    return name.lstrip("@").lower()


_LANG = PostRow._fields.index("lang")


def _with_features(row: PostRow, features: Features | None) -> PostRow:
    if features is None:
        return row
    at = _LANG  # many times a second: `_replace` takes three times as long
    return PostRow._make((*row[:at], features.lang, features.to_json(), *row[at + 2 :]))


def _clean(text: str) -> str:
    """The text with halves of characters that no file can hold replaced."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _utc(moment: datetime | None) -> datetime | None:
    """The moment as the tables hold it: UTC without its zone."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError("a source gave a moment without a time zone")
    at = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return at.replace(tzinfo=None)


_T = TypeVar("_T")


def _earliest(new: datetime | None, old: datetime | None) -> datetime | None:
    """The first moment a server vouched for, whichever server told it."""
    return new if old is None or (new is not None and new < old) else old


def _first(new: _T | None, old: _T | None) -> _T | None:
    return old if new is None else new
