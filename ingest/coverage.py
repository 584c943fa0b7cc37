"""Which moments and which whole local days of an account are known.

Spans are half-open stretches of UTC moments, `[start, end)`. Everything here is
pure: METHOD §0.3 says what may prove a span, the sources prove it, and this
module only adds, subtracts and turns moments into days.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """Moments from `start_at` up to, not including, `end_at`."""

    start_at: datetime
    end_at: datetime


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """Local days from `first_on` to `last_on`, both included."""

    first_on: date
    last_on: date

    @property
    def count(self) -> int:
        """How many days that are."""
        return (self.last_on - self.first_on).days + 1


def merged(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The same moments in as few stretches as possible, in order; empty ones vanish."""
    result: list[Stretch] = []
    for stretch in sorted(s for s in stretches if s.start_at < s.end_at):
        if result and stretch.start_at <= result[-1].end_at:
            result[-1] = Stretch(result[-1].start_at, max(result[-1].end_at, stretch.end_at))
        else:
            result.append(stretch)
    return tuple(result)


def holes(stretches: Iterable[Stretch], within: Stretch) -> tuple[Stretch, ...]:
    """The moments of `within` that no stretch knows, in order."""
    result: list[Stretch] = []
    reached = within.start_at
    for stretch in merged(stretches):
        if stretch.end_at <= reached or stretch.start_at >= within.end_at:
            continue
        if stretch.start_at > reached:
            result.append(Stretch(reached, stretch.start_at))
        reached = stretch.end_at
    if reached < within.end_at:
        result.append(Stretch(reached, within.end_at))
    return tuple(result)


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The moment a local day begins, in UTC, also where the clocks skip midnight."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def whole_days(stretch: Stretch, zone: ZoneInfo) -> Days | None:
    """The local days that lie wholly inside a stretch; None where there is none."""
    first = stretch.start_at.astimezone(zone).date()
    if day_start(first, zone) < stretch.start_at:
        first += ONE_DAY
    last = stretch.end_at.astimezone(zone).date() - ONE_DAY
    return Days(first, last) if first <= last else None


def known_days(stretches: Iterable[Stretch], zone: ZoneInfo) -> tuple[Days, ...]:
    """The whole local days known from all stretches together, in order."""
    found = (whole_days(stretch, zone) for stretch in merged(stretches))
    return tuple(days for days in found if days is not None)
