"""A person's last years as a strip: per month whether all, some or none of its days are known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ingest.ledger import Ledger, Word
from ingest.model import Stream
from ingest.roster import Roster

YEARS = 5


class Month(StrEnum):
    """What a month's days say together."""

    FULL = "full"
    PARTLY = "partly"
    UNKNOWN = "unknown"
    NOT_VALID = "not_valid"  # no account of the person's counts then
    NOT_SHOWN = "not_shown"  # the sources cannot show this stream
    TO_COME = "to_come"


@dataclass(frozen=True, slots=True)
class Strip:
    """One stream of a person, month by month from January of `first_year` to this month."""

    person_id: str
    name: str
    stream: Stream
    first_year: int
    months: tuple[Month, ...]
    known_days: int
    unknown_days: int


def strips(ledger: Ledger, roster: Roster, today: date, years: int = YEARS) -> tuple[Strip, ...]:
    """All streams of everybody in the roster, in the order of ids; today is not over yet."""
    return tuple(
        _strip(ledger, person.person_id, person.name, stream, today, years)
        for person in sorted(roster.people, key=lambda one: one.person_id)
        for stream in ledger.streams(person.person_id)
    )


def _strip(
    ledger: Ledger, person_id: str, name: str, stream: Stream, today: date, years: int
) -> Strip:
    first_year = today.year - years + 1
    counts: dict[tuple[int, int], Counter[Word]] = {
        (year, month): Counter()
        for year in range(first_year, today.year + 1)
        for month in range(1, 13)
        if (year, month) <= (today.year, today.month)
    }
    day = date(first_year, 1, 1)
    while day < today:
        counts[day.year, day.month][ledger.word(person_id, day, stream)] += 1
        day += timedelta(days=1)
    total = sum(counts.values(), Counter[Word]())
    months = tuple(map(_month, counts.values()))
    return Strip(
        person_id, name, stream, first_year, months, total[Word.KNOWN], total[Word.UNKNOWN]
    )


def _month(words: Counter[Word]) -> Month:
    known, unknown = words[Word.KNOWN], words[Word.UNKNOWN]
    if known or unknown:
        if not unknown:
            return Month.FULL
        return Month.PARTLY if known else Month.UNKNOWN
    if words[Word.NOT_SHOWN]:
        return Month.NOT_SHOWN
    return Month.NOT_VALID if words else Month.TO_COME
