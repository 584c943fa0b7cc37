"""The calendar that the peers of the five metrics share: one election, every day known.

The peers give the counts that the metrics' statistics read, as one would first write them.
What coverage, offices, partner lists and several elections ask for is left out: they do less
than the models they stand beside. Each of their functions gives the sums that are compared.
"""

from __future__ import annotations

from datetime import date
from typing import Any

EPOCH = date(1970, 1, 1)
START, END = (date(2020, 1, 1) - EPOCH).days, (date(2025, 1, 1) - EPOCH).days
FIRST, LAST = (date(2024, 7, 1) - EPOCH).days, (date(2024, 10, 13) - EPOCH).days
AFTERMATH, WEEK_DAYS, CAP, QUIET, WINDOW, SPAM = 28, 5, 3, 28, 14, 3
DAY = 86_400
POSTS = [
    "person_key", "kind", "at", "day", "parent_at", "root_key", "post_key", "partner_key",
    "parent_key", "is_crosspost", "is_backdated", "is_redirect", "label",
]  # fmt: skip
RECEIVED = [
    "person_key", "item_key", "at", "day", "asker_key", "root_key", "similarity_key",
    "is_question", "is_abuse", "is_backdated",
]  # fmt: skip
OWN = ("post", "reply", "quote", "unknown")
CAMPAIGN = ("vote_ask", "trail_update", "self_promo")
PHASES = ("season", "off_season")
Sums = tuple[int, ...]


def week_of(day: Any) -> Any:
    """Number of the ISO week in the window."""
    return (day + 3) // 7 - (START + 3) // 7


def phase_of(day: int) -> str:
    """Season, aftermath or off_season."""
    if FIRST <= day <= LAST:
        return "season"
    return "aftermath" if LAST < day <= LAST + AFTERMATH else "off_season"


def all_weeks() -> list[int]:
    """Every week of the window."""
    return list(range(week_of(START), week_of(END - 1) + 1))


def off_weeks() -> list[int]:
    """Weeks with enough off-season days."""
    return units(7, "off_season", WEEK_DAYS)


def units(days: int, phase: str, at_least: int) -> list[int]:
    """Numbers of the stretches of 7 or 28 days with at least so many days of the phase."""
    found = [week_of(day) * 7 // days for day in range(START, END) if phase_of(day) == phase]
    return [unit for unit in dict.fromkeys(found) if found.count(unit) >= at_least]
