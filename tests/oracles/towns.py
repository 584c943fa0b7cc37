"""The same councils in several stories."""

from __future__ import annotations

from tests.oracles.build import Town, dates, day

ELECTION = "2024-10-13"
LEGAL = {"regulated_day": day("2024-07-01")}


def two_years() -> Town:
    """2023-01-02 (a Monday) to 2025-01-05: 105 season days, 28 of aftermath, 602 off-season."""
    town = Town("2023-01-02", "2025-01-06")
    town.election(ELECTION, **LEGAL)
    return town


def sleeper(back: str = "2025-03-01") -> Town:
    """Posts every other day, stops a week after the election, is back on the day given."""
    town = Town("2023-01-02", "2025-12-29")
    town.election(ELECTION, **LEGAL)
    town.person()
    town.post(1, *dates("2023-01-02", "2024-10-20", 2), *dates(back, "2025-12-28", 2))
    return town
