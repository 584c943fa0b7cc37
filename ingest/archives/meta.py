"""What Facebook's and Instagram's downloads share: their broken letters, moments and HTML.

Both write texts as UTF-8 bytes that were taken for Latin-1 (`cafÃ©` for `café`). How to ask for
JSON is told in the words that the page shows in English, Dutch and French.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from ingest.archives.container import Member, Opened
from ingest.archives.jsonitems import CutShort, elements
from ingest.archives.model import Found
from ingest.errors import ArchiveUnreadable
from ingest.model import Batch, Post, Quarantined

_BYTES = re.compile(  # characters that are a whole UTF-8 sequence
    "[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    "|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}"
    "|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_SECONDS = (1_041_379_200, 4_102_444_800)  # 2003 to 2100
_TAGGED = re.compile(r"@\[(\d+):\d*:([^\]\n]{1,200})\]")  # how a text names an account
_HTML = re.compile(rb"<html|<!doctype html")
_PAGES = 12  # of an HTML download that are looked into
_BATCH = 1_000

ASK_JSON = (
    "ask for it again as JSON, for all time ("
    "en: Accounts Center → Your information and permissions → Download your information"
    " (or Export) → Format: JSON, Date range: All time; "
    "nl: Accountcentrum → Je gegevens downloaden → Indeling: JSON, Periode: Altijd; "
    "fr: Espace Comptes → Vos informations et autorisations → Télécharger vos informations"
    " → Format : JSON, Période : Depuis le début)"
)


def repaired(text: str) -> str:
    """The text as it was written; one that is right already stays as it is.

    Where bytes are missing, as in a text cut in the middle of a letter, the rest is repaired.
    """
    if text.isascii() or max(text) > "\xff":
        return text
    return _BYTES.sub(lambda found: found[0].encode("latin-1").decode("utf-8"), text)


def moment(seconds: object) -> datetime:
    """A moment by its seconds since 1970, also as text; ValueError if it is none."""
    if isinstance(seconds, str) and seconds.strip().isdigit():
        seconds = int(seconds)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise ValueError("no moment")  # noqa: TRY004
    seconds = seconds / 1_000 if seconds > _SECONDS[1] else seconds
    if not _SECONDS[0] <= seconds < _SECONDS[1]:
        raise ValueError("a moment out of all sense")
    return datetime.fromtimestamp(seconds, UTC)


def untagged(text: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The text with `@[id:type:name]` as `@name`, the ids, and the names as they stand in it."""
    if "@[" not in text:
        return text, (), ()
    ids, names = [], []
    for found in _TAGGED.finditer(text):
        ids.append(found[1])
        names.append(f"@{found[2]}")
    return _TAGGED.sub(r"@\2", text), tuple(ids), tuple(names)


def refuse_html(opened: Opened, platform: str, title: str) -> None:
    """Raise ArchiveUnreadable where the archive is this platform's as pages to look at."""
    pages = opened.ending(".html", ".htm")
    first = sorted(pages, key=lambda member: (member.path.count("/"), member.path))[:_PAGES]
    named = dict.fromkeys((b"facebook", b"instagram"), 0)
    for member in first:
        text = member.path.lower().encode() + member.head(2**15).lower()
        if _HTML.search(text):
            named = {word: count + text.count(word) for word, count in named.items()}
    if named[platform.encode()] > sum(named.values()) / 2:
        happened = f"this {title} is HTML, which is to look at, not to read"
        raise ArchiveUnreadable(opened.name, happened, ASK_JSON)


def readable(member: Member) -> Iterator[tuple[str, Any]]:
    """The elements of a file as far as it can be read, for a look ahead."""
    with suppress(CutShort, OSError, EOFError):
        yield from elements(member)


def batches(
    found: Found,
    member: Member,
    entries: Iterable[object],
    read: Callable[[object, str | None], Post | None],
) -> Iterator[Batch]:
    """A file's entries as posts; of neighbours in one second the one with most words.

    Both platforms write one post as several entries, one a picture, and give neither an id.
    """
    posts: list[Post] = []
    bad: list[Quarantined] = []
    for number, entry in enumerate(entries, start=1):
        try:
            post = read(entry, found.native_id)
        except ValueError as error:
            expected = f"an entry as {found.title} has them"
            found.problems.add(member.path, number, "", error, expected)
            bad.append(Quarantined(f"{member.path} {number}", str(error)))
            continue
        if post is None:
            continue
        if posts and posts[-1].uri == post.uri:
            posts[-1] = max(posts[-1], post, key=lambda one: (len(one.text), one.text))
            continue
        if len(posts) + len(bad) >= _BATCH:
            yield Batch(posts=tuple(posts), quarantined=tuple(bad))
            posts, bad = [], []
        posts.append(post)
    if posts or bad:
        yield Batch(posts=tuple(posts), quarantined=tuple(bad))
