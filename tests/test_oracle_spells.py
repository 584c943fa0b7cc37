from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from tests.oracles import lives, spells
from tests.oracles.compare import assert_same
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.worlds import worlds

if TYPE_CHECKING:
    from tests.oracles.rows import World

KEY = ("person_id", "from_day")
COLUMNS = {"from_day": "from_on", "to_day": "to_on"}


@examples(30)
@given(worlds(asked=(0, 0), runs=(0, 3), calm=2, sleepers=3, elections_at_least=1))
def test_silences_and_winter_sleeps_are_what_the_loops_find(world: World) -> None:
    assert_same(spells.spells(lives.read(world)), compute(world)["spell"], KEY, COLUMNS)


@examples(10)
@given(
    worlds(
        people=(5, 8),
        asked=(0, 0),
        runs=(0, 1),
        calm=4,
        sleepers=4,
        min_days=600,
        elections_at_least=1,
    )
)
def test_winter_sleeps_among_many_sleepers_are_what_the_loops_find(world: World) -> None:
    assert_same(spells.spells(lives.read(world)), compute(world)["spell"], KEY, COLUMNS)
