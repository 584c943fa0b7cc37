"""The items of a JSON Feed document (jsonfeed.org, versions 1 and 1.1)."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from ingest.feeddocument import Document, Item, Refused, absolute


class _JsonItem(msgspec.Struct, frozen=True):
    id: str | int | float | None = None
    url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    language: str | None = None


class _JsonFeed(msgspec.Struct, frozen=True):
    version: str
    items: list[msgspec.Raw]
    next_url: str | None = None
    language: str | None = None
    title: str | None = None


def read_json(body: bytes, url: str) -> Document:
    """The items of a JSON Feed document; raises Refused."""
    try:
        feed = msgspec.json.decode(body.lstrip(b"\xef\xbb\xbf \t\r\n"), type=_JsonFeed)
    except (ValueError, RecursionError) as error:
        raise Refused("JSON that is no feed") from error
    if "jsonfeed.org" not in feed.version:
        raise Refused("JSON that is no feed")
    items = []
    bad_count = 0
    for raw in feed.items:
        try:
            items.append(_json_item(msgspec.json.decode(raw, type=_JsonItem)))
        except (ValueError, RecursionError):
            bad_count += 1
            items.append(Item(None, None, "", "", None, None))
    return Document(
        items=tuple(items),
        links={"next": next_url} if (next_url := absolute(feed.next_url, url)) else {},
        lang=feed.language,
        problem=f"items that are no JSON Feed items: {bad_count}" if bad_count else None,
        title=feed.title or "",
    )


def _json_item(item: _JsonItem) -> Item:
    # Text that is no markup keeps its < and &.
    plain = (item.content_text or item.summary or "").replace("&", "&amp;").replace("<", "&lt;")
    return Item(
        guid=str(item.id) if item.id is not None else None,
        link=item.url,
        title=item.title or "",
        markup=item.content_html or plain,
        published_at=_from_iso(item.date_published),
        updated_at=_from_iso(item.date_modified),
        lang=item.language,
    )


def _from_iso(text: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat((text or "").strip())
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
