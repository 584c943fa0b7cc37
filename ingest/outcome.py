"""How one account's walk ended, in a status and one line that a person can act on."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from ingest.errors import AccountGone, SourceError
from ingest.model import Account, Batch
from ingest.walk import Appended

QUARANTINED_SHARE = 0.01  # more than this, and the walk proves nothing
GO_ON = "collect again, it goes on from here"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is written of a walk in the run's record."""

    status: str  # complete | unchanged | incomplete | failed | skipped
    message: str
    error: str | None = None


@dataclass(slots=True)
class Tally:
    """What a walk has brought so far."""

    seen_count: int = 0
    post_count: int = 0
    received_count: int = 0
    quarantined_count: int = 0
    reason: str = ""
    notes: dict[str, None] = field(default_factory=dict)

    def see(self, batch: Batch) -> Batch:
        """The page to store: without proofs and cursors once too much could not be read."""
        self.quarantined_count += len(batch.quarantined)
        self.seen_count += len(batch.posts) + len(batch.received) + len(batch.quarantined)
        self.notes.update(dict.fromkeys(batch.notes))
        if batch.quarantined and not self.reason:
            self.reason = batch.quarantined[0].reason
        return replace(batch, spans=(), cursors={}) if self.is_unreadable else batch

    def add(self, added: Appended) -> None:
        """Count what was new."""
        self.post_count += added.post_count
        self.received_count += added.received_count

    @property
    def is_unreadable(self) -> bool:
        """Whether more items than METHOD allows could not be read."""
        return self.quarantined_count > QUARANTINED_SHARE * self.seen_count


def ended(account: Account, tally: Tally, *, was_known: bool) -> Outcome:
    """A walk that came to its end."""
    if tally.is_unreadable:
        happened = f"{tally.quarantined_count} of {tally.seen_count} items could not be read"
        todo = "report this line; until it is mended the days of this walk stay unknown"
        message = line(account, f"{happened} (first: {tally.reason}) → {todo}")
        return Outcome("incomplete", message, "Quarantined")
    if was_known and not (tally.post_count or tally.received_count):
        return Outcome("unchanged", line(account, "; ".join(["nothing new", *tally.notes])))
    found = f"{tally.post_count} posts and {tally.received_count} received items new or changed"
    return Outcome("complete", line(account, "; ".join([found, *tally.notes])))


def broken(account: Account, error: SourceError, tally: Tally, now: datetime) -> Outcome:
    """A walk that its source ended; that an account is gone after its last day is no problem."""
    is_over = account.valid_to is not None and account.valid_to < now.date()
    if is_over and isinstance(error, AccountGone):
        return Outcome("skipped", line(account, f"over since {account.valid_to}, and gone now"))
    status = "incomplete" if tally.seen_count else "failed"
    return Outcome(status, str(error), type(error).__name__)


def is_fine(status: str, error: str | None) -> bool:
    """Whether an outcome asks nothing of anybody."""
    return status in {"complete", "unchanged"} or (status == "skipped" and error is None)


def stopped(account: Account) -> Outcome:
    """A walk that the user ended."""
    return Outcome("incomplete", line(account, f"stopped before its end → {GO_ON}"), "Interrupted")


def skipped(account: Account) -> Outcome:
    """An account whose turn never came."""
    happened = "not reached before the run was stopped"
    return Outcome("skipped", line(account, f"{happened} → {GO_ON}"), "Interrupted")


def mistaken(account: Account, error: Exception) -> Outcome:
    """A walk ended by a mistake of ours: its place, never its words, which may be a citizen's."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"
    return Outcome(
        "failed",
        line(account, f"a mistake in winterslaap ({place}) → report this line"),
        type(error).__name__,
    )


def line(account: Account, text: str) -> str:
    """Source, account, and what there is to say."""
    return f"{account.platform} · {account.account_id}: {text}"
