"""METHOD §0.7: the seasons as a table, with those of elections that do not count for the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.oracles.rows import Election, Mandate, Person, World

ROUNDS_APART = 28


@dataclass
class SeasonTableRow:
    person_id: str
    election_id: str
    from_day: int
    to_day: int
    election_day: int
    rule: str
    is_counted: bool
    is_verified: bool


@dataclass(frozen=True)
class Poll:
    """One election day of one election, and what leads up to it."""

    election: Election
    day: int
    first: int
    last: int
    rule: str


def season_table(world: World) -> list[SeasonTableRow]:
    """A row for each person and election day; a day that counts is no other season's."""
    rows = []
    for person in world.people:
        mandates = [m for m in world.mandates if m.person_key == person.person_key]
        counted, other = {}, {}
        for poll in polls(world):
            if concerns(poll.election, mandates):
                counted.setdefault(poll.day, []).append(poll)
            elif is_near(world, poll, mandates):
                other.setdefault(poll.day, []).append(poll)
        rows += [_row(person, found, is_counted=True) for found in counted.values()]
        rows += [
            _row(person, found, is_counted=False)
            for day, found in other.items()
            if day not in counted
        ]
    return rows


def polls(world: World) -> list[Poll]:
    found = []
    days = 90 if world.season_rule == "legal" else int(world.season_rule)
    by_days = f"{days}_days"
    for election in world.elections:
        day, last, called = election.day, election.last_round_day, election.called_day
        first, rule = day - (days - 1), by_days
        if (
            world.season_rule == "legal"
            and election.applies_to == "person"
            and election.regulated_day is not None
        ):
            first, rule = election.regulated_day, "legal"
        if called is not None and called > first:
            first = called
        if last - day <= ROUNDS_APART:
            found.append(Poll(election, day, first, last, rule))
            continue
        found.append(Poll(election, day, first, day, rule))
        again = max(last - (days - 1), day + 1, called or 0)
        found.append(Poll(election, last, again, last, by_days))
    return found


def concerns(election: Election, mandates: list[Mandate]) -> bool:
    """The person stands in it, or holds on its (first) day an office that it renews."""
    for held in mandates:
        if held.kind == "candidacy":
            if held.election_id == election.election_id:
                return True
            continue
        is_renewed = (held.jurisdiction, held.level) == (election.jurisdiction, election.level)
        if is_renewed and held.first_day <= election.day <= held.last_day:
            return True
    return False


def is_near(world: World, poll: Poll, mandates: list[Mandate]) -> bool:
    """In a country where the person holds or seeks an office, and in the window."""
    here = {country(held.jurisdiction) for held in mandates}
    in_window = any(day in world.days() for day in range(poll.first, poll.last + 1))
    return in_window and country(poll.election.jurisdiction) in here


def country(jurisdiction: str | None) -> str | None:
    return None if jurisdiction is None else jurisdiction.split("-", maxsplit=1)[0]


def _row(person: Person, found: list[Poll], *, is_counted: bool) -> SeasonTableRow:
    first = min(found, key=lambda poll: (poll.first, poll.rule != "legal"))
    return SeasonTableRow(
        person_id=person.person_id,
        election_id=min(poll.election.election_id for poll in found),
        from_day=first.first,
        to_day=max(poll.last for poll in found),
        election_day=first.day,
        rule=first.rule if is_counted else "other_season",
        is_counted=is_counted,
        is_verified=all(poll.election.is_verified for poll in found),
    )
