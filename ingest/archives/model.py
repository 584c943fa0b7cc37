"""What an archive or table is, what it can show, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO
from unicodedata import category

from ingest.errors import Problem
from ingest.model import AccountState, Shows, Status

if TYPE_CHECKING:
    from ingest.archives.container import Opened

MOST_PROBLEMS = 1_000  # kept; all are counted

OWN_ARCHIVE = Shows(  # what nobody else's words are in
    acts=True,
    replies=True,
    received_under_own_posts=False,
    received_mentions=False,
    full_history=True,
)


@dataclass(slots=True)
class Problems:
    """Everything that is wrong, in the order met: the first thousand, and how many in all."""

    listed: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(self, file: str, row: int, column: str, found: object, expected: str) -> None:
        """One problem more; `row` 1 is a table's header, 0 the file as a whole."""
        self.count += 1
        if len(self.listed) < MOST_PROBLEMS:
            file, column, told = map(_harmless, (file, column, str(found)[:80]))
            self.listed.append(Problem(file, row, column, told, expected))


def _harmless(text: str) -> str:
    """A text from an archive without the signs that a terminal takes for orders."""
    return "".join("\ufffd" if category(sign) in {"Cc", "Cf"} else sign for sign in text)


@dataclass(slots=True)
class Counts:
    """What was read so far."""

    posts: int = 0
    replies: int = 0
    quotes: int = 0
    reposts: int = 0
    self_replies: int = 0
    deleted: int = 0
    repeated: int = 0  # items that came twice and were read once
    received: int = 0
    unreadable: int = 0
    from_at: datetime | None = None  # the oldest and newest item that is dated
    to_at: datetime | None = None

    @property
    def total(self) -> int:
        """All items that could be read."""
        own = self.posts + self.replies + self.quotes + self.reposts + self.self_replies
        return own + self.deleted + self.received


@dataclass(slots=True)
class Found:
    """What was recognised; `counts` and `problems` grow while it is read.

    `begins_at` is given where the archive proves its start (the account's creation in a
    whole archive); else its oldest item is its start. `ends_at` is the moment it was made;
    None: its newest item. `is_timeline` is False for tables that were searched together:
    they prove no day.
    """

    format: str  # the module's NAME
    title: str  # what people call it
    is_own: bool  # a person's own download: private
    platform: str
    opened: Opened
    source: Path | BinaryIO | None = None  # what was given, to read it once more
    shows: Shows = OWN_ARCHIVE
    handle: str | None = None  # None where it may hold several accounts
    native_id: str | None = None
    created_at: datetime | None = None  # when the account was opened, if told
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    is_timeline: bool = True
    size: int = 0  # bytes that reading it takes, for who shows progress; 0: not known
    notes: list[str] = field(default_factory=list)  # what else to know of it, one line each
    problems: Problems = field(init=False)  # those of the container too
    counts: Counts = field(default_factory=Counts)
    accounts: dict[str, Counts] = field(default_factory=dict)  # by native id, as read
    details: Mapping[str, object] = field(default_factory=dict)  # the format's own

    def __post_init__(self) -> None:
        self.problems = self.opened.problems
        self.handle = self.handle and _harmless(self.handle)

    def state(
        self, native_id: str | None = None, handle: str | None = None, platform: str | None = None
    ) -> AccountState:
        """Whose the items of a batch are: every batch of an archive carries one.

        Its `host` is the platform, since a table may hold several.
        """
        native_id = native_id or self.native_id or self.handle or ""
        return AccountState(
            native_id=native_id,
            handle=_harmless(handle or self.handle or native_id),
            host=platform or self.platform,
            status=Status.ACTIVE,
            shows=self.shows,
            created_at=self.created_at,
        )

    def __enter__(self) -> Found:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.opened.close()
