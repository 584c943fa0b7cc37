"""How far a live stream was heard, and since when without a hole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ingest.live_events import Event

_TOLD_WITHIN = timedelta(hours=1)  # between a cursor and the next message of a whole network


@dataclass(frozen=True, slots=True)
class Place:
    """Where a session ended, and since when each account has been heard without a hole."""

    cursor: int
    at: datetime
    since: Mapping[str, datetime]  # by account id


@dataclass(frozen=True, slots=True)
class Stretch:
    """Moments in which nothing that named an account was missed."""

    account_id: str
    start_at: datetime
    end_at: datetime


@dataclass(slots=True)
class Track:
    """Follows one stream for some accounts."""

    account_ids: tuple[str, ...]
    is_clocked: bool  # its cursors are moments: too old a one is passed over without a word
    cursor: int | None = None
    at: datetime | None = None
    hole_count: int = 0
    since: dict[str, datetime] = field(default_factory=dict)
    ended: list[Stretch] = field(default_factory=list)
    _is_resumed: bool = False

    def resume(self, place: Place) -> None:
        """Go on where the last session ended; accounts that it did not hear begin there."""
        self.cursor, self.at = place.cursor, place.at
        self.since = {name: place.since.get(name, place.at) for name in self.account_ids}

    def reconnect(self) -> None:
        """A connection begins: how it fits the last one, its first event shows."""
        self._is_resumed = self.at is not None

    def take(self, event: Event, now: datetime) -> None:
        """Go on to an event; a hole that it tells of or shows begins a new stretch."""
        at = min(event.at, now)
        is_late = self._is_resumed and self.at is not None and at - self.at > _TOLD_WITHIN
        if event.is_hole or (is_late and self.is_clocked):
            self.hole()
        if event.is_hole and not event.cursor:
            return
        self._is_resumed = False
        for name in self.account_ids:
            self.since.setdefault(name, at)
        self.cursor = max(event.cursor, self.cursor or 0)
        self.at = max(at, self.at or at)

    def hole(self) -> None:
        """Something may have been missed: what is known ends with the last event."""
        self.hole_count += 1
        self.ended += self._open()
        self.since.clear()

    def skip(self) -> None:
        """Go on with what is sent next, without a cursor."""
        self.hole()
        self.cursor = None

    def stretches(self) -> list[Stretch]:
        """All that is known by now; `forget_ended` drops those that are stored."""
        return [*self.ended, *self._open()]

    def forget_ended(self) -> None:
        """The stretches before the last hole are stored."""
        self.ended.clear()

    def place(self) -> Place | None:
        """Where to go on; None before the first event."""
        if self.cursor is None or self.at is None:
            return None
        return Place(self.cursor, self.at, dict(self.since))

    def _open(self) -> Iterable[Stretch]:
        end_at = self.at
        if end_at is None:
            return []
        return [
            Stretch(name, start_at, end_at)
            for name, start_at in self.since.items()
            if start_at < end_at
        ]
