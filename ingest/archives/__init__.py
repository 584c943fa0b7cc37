"""Archives that people download of themselves, and tables that researchers collected.

One file here is one format, found by its content, never by its name. A format is a module
with `NAME`, `TITLE`, `IS_OWN`, `PLATFORM`, `recognise(opened) -> Found | None` and
`read(found) -> Iterator[Batch]`. Every batch carries the `state` of whose items it holds;
spans are made here unless a format gives its own. A format that knows the file is of its
kind but the wrong one (HTML for JSON) raises ArchiveUnreadable with what to do.
"""

from __future__ import annotations

import pkgutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Protocol

from ingest.archives.container import Opened, html_only, opened
from ingest.archives.model import Counts, Found
from ingest.errors import ArchiveUnreadable
from ingest.model import AccountState, Batch, Kind, Span, Stream


class Format(Protocol):
    """A module in this folder."""

    NAME: str
    TITLE: str
    IS_OWN: bool
    PLATFORM: str

    def recognise(self, opened: Opened) -> Found | None: ...  # noqa: D102
    def read(self, found: Found) -> Iterator[Batch]: ...  # noqa: D102


@cache
def formats() -> tuple[Format, ...]:
    """Every format there is, in the order of their names."""
    modules = (import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__))
    return tuple(module for module in modules if hasattr(module, "recognise"))


def recognise(source: Path | BinaryIO, name: str | None = None) -> Found:
    """What the file is; raises ArchiveUnreadable, with what to do, where it is nothing known."""
    given = opened(source, name)
    refusal: ArchiveUnreadable | None = None
    try:
        for form in formats():
            try:
                found = form.recognise(given)
            except ArchiveUnreadable as error:
                refusal = refusal or error
                continue
            if found is not None:
                found.source = source
                return found
    except BaseException:
        given.close()
        raise
    given.close()
    raise refusal or _unknown(given)


def _unknown(given: Opened) -> ArchiveUnreadable:
    if html_only(given):
        todo = "ask for your archive again and choose the format JSON, not HTML"
        return ArchiveUnreadable(given.name, "there are only web pages in it", todo)
    if given.named("xl/workbook.xml"):
        todo = "save the sheet as 'CSV UTF-8' and give that"
        return ArchiveUnreadable(given.name, "this is an Excel workbook", todo)
    titles = ", ".join(form.TITLE for form in formats())
    happened = "nothing in it is known"
    if given.damaged:
        happened += f", and {given.problems.listed[0]}"
    return ArchiveUnreadable(given.name, happened, f"give one of: {titles}")


def again(found: Found) -> Found:
    """The same archive as if it were given for the first time."""
    return recognise(found.source or Path(found.opened.name), found.opened.name)


def read(found: Found) -> Iterator[Batch]:
    """The items of an archive, each batch with its owner; proven spans in the last ones."""
    owners: dict[str, AccountState] = {}
    seen: set[int] = set()
    has_spans = False
    for batch in next(f for f in formats() if found.format == f.NAME).read(found):
        owner = batch.state or found.state()
        owners.setdefault(owner.native_id, owner)
        batch = _once(batch, seen, found.counts)
        mine = found.accounts.setdefault(owner.native_id, Counts())
        _count(batch, found.counts, mine)
        has_spans = has_spans or bool(batch.spans)
        yield replace(batch, state=owner, spans=() if found.opened.damaged else batch.spans)
    if not has_spans and found.is_timeline and not found.opened.damaged:
        for native_id, owner in owners.items():
            if span := _span(found, found.accounts[native_id]):
                yield Batch(spans=(span,), state=owner)


def _once(batch: Batch, seen: set[int], counts: Counts) -> Batch:
    """The batch without posts that came before: parts of archives overlap or lie there twice."""
    fresh = []
    for post in batch.posts:
        key = hash((post.uri, post.is_deleted))
        if key in seen:
            counts.repeated += 1
        else:
            seen.add(key)
            fresh.append(post)
    return batch if len(fresh) == len(batch.posts) else replace(batch, posts=tuple(fresh))


def _span(found: Found, counts: Counts) -> Span | None:
    start = found.begins_at or counts.from_at
    end = found.ends_at or (counts.to_at and counts.to_at + timedelta(microseconds=1))
    if start is None or end is None or end <= start:
        return None
    return Span(Stream.ACTS, start, end, "declared")


_COUNTED = {
    Kind.POST: "posts",
    Kind.UNKNOWN: "posts",
    Kind.REPLY: "replies",
    Kind.QUOTE: "quotes",
    Kind.REPOST: "reposts",
    Kind.SELF_REPLY: "self_replies",
}


def _count(batch: Batch, *all_counts: Counts) -> None:
    """Add what a batch holds to the counts of the archive and of the account."""
    names = Counter("deleted" if p.is_deleted else _COUNTED[p.kind] for p in batch.posts)
    moments = [post.created_at for post in batch.posts if post.created_at is not None]
    for counts in all_counts:
        for name, count in names.items():
            setattr(counts, name, getattr(counts, name) + count)
        counts.received += len(batch.received)
        counts.unreadable += len(batch.quarantined)
        if moments:
            counts.from_at = min(filter(None, (counts.from_at, min(moments))))
            counts.to_at = max(filter(None, (counts.to_at, max(moments))))
