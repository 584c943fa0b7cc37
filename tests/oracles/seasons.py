"""METHOD §0.7: the elections that count for a person, their seasons, and the phase of each day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tests.oracles.season_table import season_table

if TYPE_CHECKING:
    from tests.oracles.rows import Election, Person, World

AFTERMATH_DAYS = 28
ROUNDS_APART = 28


@dataclass(frozen=True)
class Season:
    """What leads up to one election day; elections on the same day are one."""

    election_id: str
    day: int
    last_round_day: int
    first_day: int

    def days(self) -> range:
        """Also those outside the window."""
        return range(self.first_day, self.last_round_day + 1)


def seasons(world: World, person: Person) -> list[Season]:
    counted = [
        round_
        for e in world.elections
        if _counts_for(world, person, e)
        for round_ in _rounds(world, e)
    ]
    found = []
    for day in sorted({e.day for e in counted}):
        same = [e for e in counted if e.day == day]
        found.append(
            Season(
                election_id=min(e.election_id for e in same),
                day=day,
                last_round_day=max(e.last_round_day for e in same),
                first_day=min(e.first_day for e in same),
            )
        )
    return found


def _rounds(world: World, election: Election) -> list[Season]:
    """Rounds four weeks apart or less are one season; a later one has a season of its own."""
    day, last, name = election.day, election.last_round_day, election.election_id
    first = Season(name, day, last, _first_day(world, election))
    if last - day <= ROUNDS_APART:
        return [first]
    from_day = max(day + 1, last - _length(world) + 1, election.called_day or 0)
    return [replace(first, last_round_day=day), Season(name, last, last, from_day)]


def _counts_for(world: World, person: Person, election: Election) -> bool:
    """The person stands in it, or it renews an office the person holds on its day."""
    for m in world.mandates:
        if m.person_key != person.person_key:
            continue
        if m.kind == "candidacy" and m.election_id == election.election_id:
            return True
        if (
            m.kind == "mandate"
            and m.jurisdiction == election.jurisdiction
            and m.level == election.level
            and m.first_day <= election.day <= m.last_day
        ):
            return True
    return False


def _first_day(world: World, election: Election) -> int:
    regulated = election.regulated_day
    if world.season_rule == "legal" and election.applies_to == "person" and regulated is not None:
        first = regulated
    else:
        first = election.day - _length(world) + 1
    return first if election.called_day is None else max(first, election.called_day)


def _length(world: World) -> int:
    return 90 if world.season_rule == "legal" else int(world.season_rule)


def phases(world: World, person: Person, found: list[Season]) -> dict[int, str]:
    """Season before aftermath before off-season, and before it other seasons if left out."""
    after = {
        season.last_round_day + days for season in found for days in range(1, AFTERMATH_DAYS + 1)
    }
    in_season = {day for season in found for day in season.days()}
    others = _left_out(world, person)

    def phase_of(day: int) -> str:
        if day in in_season:
            return "season"
        if day in after:
            return "aftermath"
        return "other_season" if day in others else "off_season"

    return {day: phase_of(day) for day in world.days()}


def _left_out(world: World, person: Person) -> set[int]:
    """Days in the seasons that are only tagged, where these are not off-season."""
    if world.choice("other_season_counts", True):
        return set()
    return {
        day
        for tagged in season_table(world)
        if tagged.person_id == person.person_id and not tagged.is_counted
        for day in range(tagged.from_day, tagged.to_day + 1)
    }
