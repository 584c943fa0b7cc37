"""On which day to do what: the most urgent first, a few a day, never in a weekend."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from metrics.todo.facts import Item

A_DAY = 3
FRIDAY = 4


def plan(items: Sequence[Item], today: date, a_day: int = A_DAY) -> dict[str, date]:
    """A working day for each item, by its key: what is due first comes first, else as listed.

    What is no longer in time comes after what is.
    """
    places = {item.key: place for place, item in enumerate(items)}

    def urgency(item: Item) -> tuple[bool, date, int]:
        is_late = item.due is None or item.due < today
        return is_late, item.due if item.due and not is_late else date.max, places[item.key]

    unique = {item.key: item for item in items}
    days: dict[str, date] = {}
    day, left = _working(today), a_day
    for item in sorted(unique.values(), key=urgency):
        if not left:
            day, left = _working(day + timedelta(days=1)), a_day
        days[item.key] = day
        left -= 1
    return days


def _working(day: date) -> date:
    """This day, or the Monday after a weekend."""
    late = day.weekday() - FRIDAY
    return day + timedelta(days=3 - late) if late > 0 else day
