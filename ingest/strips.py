"""A person's last years as a strip: per month whether all, some or none of its days are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ingest.coverage import Days
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
    first = date(first_year, 1, 1)
    past = Days(first, today - timedelta(days=1))
    words = ledger.words(person_id, past, stream) if past.count else []
    starts = [
        (date(first_year + number // 12, number % 12 + 1, 1) - first).days
        for number in range(12 * (years - 1) + today.month)
    ]
    ends = [*starts[1:], len(words)]
    months = tuple(_month(words[start:end]) for start, end in zip(starts, ends, strict=True))
    known_days, unknown_days = words.count(Word.KNOWN), words.count(Word.UNKNOWN)
    return Strip(person_id, name, stream, first_year, months, known_days, unknown_days)


def _month(words: list[Word]) -> Month:
    if Word.KNOWN in words:
        return Month.PARTLY if Word.UNKNOWN in words else Month.FULL
    if Word.UNKNOWN in words:
        return Month.UNKNOWN
    if Word.NOT_SHOWN in words:
        return Month.NOT_SHOWN
    return Month.NOT_VALID if words else Month.TO_COME
