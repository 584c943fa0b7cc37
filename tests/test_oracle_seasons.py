from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from tests.oracles.build import Town, day
from tests.oracles.compare import assert_same
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.season_table import season_table
from tests.oracles.worlds import worlds

if TYPE_CHECKING:
    from tests.oracles.rows import World

PLACES = ("BE-VLG", "BE-VLG", "BE-VLG", "BE", "BE-WAL", "NL", "NL-ZH")
COLUMNS = {"from_day": "from_on", "to_day": "to_on", "election_day": "election_on"}


@st.composite
def countries(draw: Any) -> World:
    """Councils whose elections lie in several places of two countries, some on one day."""
    world = draw(worlds(runs=(0, 0), asked=(0, 0), calm=1, elections_at_least=3))
    elections = []
    for election in world.elections:
        moved = draw(st.sampled_from([0, 0, world.elections[0].day - election.day]))
        elections.append(
            replace(
                election,
                jurisdiction=draw(st.sampled_from(PLACES)),
                level=draw(st.sampled_from(["local", "local", "federal"])),
                day=election.day + moved,
                last_round_day=election.last_round_day + moved,
                called_day=later(election.called_day, moved),
                regulated_day=later(election.regulated_day, moved),
            )
        )
    homes = {"X": "BE-VLG", "Y": draw(st.sampled_from(["BE-WAL", "NL-ZH"])), None: None}
    stood = {e.election_id: e.jurisdiction for e in elections}
    mandates = [
        replace(m, jurisdiction=homes[m.jurisdiction] or stood[m.election_id])
        for m in world.mandates
    ]
    return replace(world, elections=tuple(elections), mandates=tuple(mandates))


def later(on: int | None, days: int) -> int | None:
    return None if on is None else on + days


@examples(25)
@given(countries())
def test_seasons_and_those_only_tagged_are_what_the_loops_find(world: World) -> None:
    assert_same(
        season_table(world),
        compute(world, "season")["season"],
        ("person_id", "election_day"),
        COLUMNS,
    )


def test_a_season_is_legal_when_it_begins_with_the_regulated_period() -> None:
    """Two elections on one day, of which only the second has a regulated period."""
    rules = {}
    for regulated in ("2024-07-01", "2024-09-01"):
        town = Town("2023-01-02", "2025-01-06")
        town.person()
        town.election("2024-10-13")
        town.mandate(1, "2023-01-02", "2025-01-05", level="federal")
        town.election("2024-10-13", level="federal", regulated_day=day(regulated))
        (season,) = compute(town.world(), "season")["season"]
        rules[regulated] = (season["rule"], season["from_on"])
    assert rules == {
        "2024-07-01": ("legal", day("2024-07-01")),
        "2024-09-01": ("90_days", day("2024-07-16")),
    }
