"""Everything that can go wrong with a source or a file, in one tree.

WinterslaapError
├── SourceError
│   ├── SourceUnavailable
│   ├── RateLimited
│   ├── AccessDenied
│   ├── AccountGone
│   └── UnexpectedPayload
├── ArchiveUnreadable
├── RosterError
├── StoreError
└── TokenError

`str(error)` is one line: source, account, what happened, what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


class WinterslaapError(Exception):
    """Base of all errors a person can act on."""


class SourceError(WinterslaapError):
    """A source did not give what was asked of it."""

    def __init__(self, source: str, account: str, happened: str, todo: str) -> None:
        super().__init__(f"{source} · {account}: {happened} → {todo}")
        self.source, self.account = source, account
        self.happened, self.todo = happened, todo


class SourceUnavailable(SourceError):
    """Time-outs, refused connections, 5xx: try again later."""


class RateLimited(SourceError):
    """The server asked to wait longer than this run may."""

    def __init__(
        self, source: str, account: str, happened: str, todo: str, retry_at: datetime
    ) -> None:
        super().__init__(source, account, happened, todo)
        self.retry_at = retry_at


class AccessDenied(SourceError):
    """401, 403, private or declined: there is nothing for anonymous visitors."""


class AccountGone(SourceError):
    """Unknown, deleted, suspended or deactivated: not the same as silence."""


class UnexpectedPayload(SourceError):
    """An answer that is not what the protocol promises, or too large."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in an input file."""

    file: str
    row: int  # 1 is the header; 0: the file as a whole
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        where = f"{self.file}, row {self.row}" if self.row else self.file
        column = f", column {self.column}" if self.column else ""
        return f"{where}{column}: found {self.found!r}, expected {self.expected}"


class RosterError(WinterslaapError):
    """The roster has problems: all of them are in `problems`."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class ArchiveUnreadable(WinterslaapError):
    """An archive or table that cannot be imported as it is."""

    def __init__(self, file: str, happened: str, todo: str) -> None:
        super().__init__(f"{file}: {happened} → {todo}")
        self.file, self.happened, self.todo = file, happened, todo


class StoreError(WinterslaapError):
    """The store cannot be opened, is of another version, or is in use."""


class TokenError(WinterslaapError):
    """A token cannot be kept in or read from the keyring."""
