"""Tables of many accounts: their rows as batches of one account each, and cells as ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, TypeVar

import msgspec

from ingest.archives.container import Member
from ingest.archives.model import Found
from ingest.model import AccountState, Batch, Post, Quarantined, Shows

ACTS_AND_REPLIES = Shows(
    acts=True,
    replies=True,
    received_under_own_posts=False,
    received_mentions=False,
    full_history=False,
)
ACTS = Shows(
    acts=True,
    replies=False,
    received_under_own_posts=False,
    received_mentions=False,
    full_history=False,
)
NOT_ALL = (
    "the file does not say whether it holds all posts of each account: they are kept, but no "
    "day is proven and no silence told from it (if it does hold all, add --complete)"
)
SEARCHED = "a search brought some of it: it proves no day"
DECLARED = "declared complete: each account from its oldest row to its newest"
_Row = TypeVar("_Row")
_HELD, _BATCH = 4_000, 1_000
_MOST_OF_A_LINE, _CHUNK = 2**26, 2**20
_EXACT_DIGITS = 15  # of a number that went through floating point
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")


class Unreadable(ValueError):
    """A row that cannot be read, and why; nothing of the row stands in the reason."""


@dataclass(frozen=True, slots=True)
class Item:
    """One row: whose it is and what it says."""

    native_id: str
    post: Post
    handle: str | None = None
    platform: str | None = None


@dataclass(slots=True)
class Grouping:
    """Rows on their way into batches of one account each; few are held at a time."""

    found: Found
    _posts: dict[str, list[Post]] = field(default_factory=dict)
    _owners: dict[str, AccountState] = field(default_factory=dict)
    _bad: list[Quarantined] = field(default_factory=list)
    _count: int = 0

    def bad(self, member: Member, row: int, error: Exception) -> None:
        """Note a row that cannot be read; what is missing in it, never what stands there."""
        reason = str(error) if isinstance(error, Unreadable) else "a field is missing or odd"
        expected = f"a row as {self.found.title} has them"
        self.found.problems.add(member.path, row, "", reason, expected)
        self._bad.append(Quarantined(f"{member.path} {row}", reason))

    def add(self, item: Item) -> Iterator[Batch]:
        """Take a row; give the batches that are full."""
        if item.native_id not in self._owners:
            state = self.found.state(item.native_id, item.handle, item.platform)
            self._owners[item.native_id] = state
        posts = self._posts.setdefault(item.native_id, [])
        posts.append(item.post)
        self._count += 1
        if len(posts) >= _BATCH:
            self._count -= len(posts)
            yield self._batch(item.native_id)
        elif self._count >= _HELD:
            yield from self.rest()

    def rest(self) -> Iterator[Batch]:
        """Everything that is held still."""
        for native_id in list(self._posts):
            yield self._batch(native_id)
        self._count = 0
        self._owners.clear()
        if self._bad:  # and no row that could be read beside them
            bad, self._bad = tuple(self._bad), []
            yield Batch(quarantined=bad)

    def _batch(self, native_id: str) -> Batch:
        posts, bad, self._bad = self._posts.pop(native_id), tuple(self._bad), []
        return Batch(posts=tuple(posts), quarantined=bad, state=self._owners[native_id])


def declare_complete(found: Found) -> None:
    """Take somebody's word that a table holds all posts of its accounts in its time.

    What stands in the table against it still counts.
    """
    if not found.is_own and NOT_ALL in found.notes:
        found.is_timeline = True
        found.notes.remove(NOT_ALL)
        found.notes.append(DECLARED)


def note_search(found: Found) -> None:
    """No day is proven once a row was brought by a search."""
    if found.is_timeline:
        found.is_timeline = False
        found.notes.append(SEARCHED)


def batches(
    found: Found,
    member: Member,
    rows: Iterable[tuple[int, _Row]],
    read: Callable[[_Row], Iterable[Item]],
) -> Iterator[Batch]:
    """Numbered rows as batches of one account each, in the order in which accounts fill up."""
    grouping = Grouping(found)
    for row, told in rows:
        try:
            for item in read(told):
                yield from grouping.add(item)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            grouping.bad(member, row, error)
    yield from grouping.rest()


def number(cell: object) -> str:
    """An id of digits, as text: it may exceed 2^53. Unreadable if a spreadsheet rewrote it."""
    text = str(cell if cell is not None else "").strip().removeprefix("'")
    whole = text.removesuffix(".0")
    was_float = whole != text and len(whole) > _EXACT_DIGITS
    if was_float or _SCIENTIFIC.fullmatch(text):
        raise Unreadable("an id that a spreadsheet rewrote: open the file as text, not in Excel")
    if not (whole.isascii() and whole.isdigit()):
        raise Unreadable("an id without digits")
    return whole


def count(cell: object) -> int | None:
    """A count; None where none is told."""
    text = str(cell if cell is not None else "").strip().replace(",", "").removesuffix(".0")
    return int(text) if text.isascii() and text.isdigit() else None


def numbered_lines(found: Found, member: Member) -> Iterator[tuple[int, object]]:
    """The documents of a file with one JSON document a line; a line that is none is a problem."""
    with member.open() as stream:
        for row, line in enumerate(_lines(stream), start=1):
            if not line.strip():
                continue
            try:
                yield row, msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"))
            except (msgspec.DecodeError, UnicodeError, RecursionError):
                is_last = not line.endswith(b"\n")
                reason = "a line that is cut short" if is_last else "a line that is no JSON"
                found.problems.add(member.path, row, "", reason, "one JSON document a line")
                if is_last:
                    found.opened.damaged.add(member.path)


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines with their ends; one beyond all measure in pieces."""
    rest = b""
    while more := stream.read(_CHUNK):
        *whole, rest = (rest + more).split(b"\n")
        yield from (line + b"\n" for line in whole)
        if len(rest) > _MOST_OF_A_LINE:
            yield rest + b"\n"
            rest = b""
    if rest:
        yield rest
