from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from tests.oracles import lives, shrunk
from tests.oracles.compare import assert_same_metrics
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.worlds import worlds

if TYPE_CHECKING:
    from tests.oracles.rows import World


@examples(6)
@given(worlds(people=(7, 9), runs=(1, 2), asked=(0, 0), min_days=450, calm=4, elections_at_least=1))
def test_bursts_drawn_towards_those_of_peers_are_what_the_loops_find(world: World) -> None:
    found = [row for row in compute(world)["metric"] if row["metric"].endswith("_shrunk")]
    assert_same_metrics(shrunk.shrunk(lives.read(world)), found)
