from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from tests.oracles import burst, lives, steadiness
from tests.oracles.compare import assert_same_metrics
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.worlds import worlds

if TYPE_CHECKING:
    from tests.oracles.rows import World

BURSTS = {"burst_acts", "burst_replies", "burst_campaign"}


@examples(25)
@given(worlds(asked=(0, 0), min_days=400, calm=3, elections_at_least=1))
def test_bursts_are_what_the_loops_find(world: World) -> None:
    found = [row for row in compute(world)["metric"] if row["metric"] in BURSTS]
    assert_same_metrics(burst.bursts(lives.read(world)), found)


@examples(8)
@given(worlds(people=(7, 9), runs=(1, 2), asked=(0, 0), min_days=450, calm=4, elections_at_least=1))
def test_bursts_among_enough_peers_are_what_the_loops_find(world: World) -> None:
    found = [row for row in compute(world)["metric"] if row["metric"] in BURSTS]
    assert_same_metrics(burst.bursts(lives.read(world)), found)


@examples(8)
@given(worlds(asked=(0, 0), elections_at_least=1))
def test_weekly_rates_are_what_the_loops_find(world: World) -> None:
    found = [row for row in compute(world)["metric"] if row["metric"].endswith("_per_week")]
    assert_same_metrics(burst.weekly_rates(lives.read(world)), found)


@examples(8)
@given(worlds(people=(7, 9), runs=(1, 2), asked=(0, 0), min_days=450, calm=4, elections_at_least=1))
def test_weekly_rates_among_enough_peers_are_what_the_loops_find(world: World) -> None:
    found = [row for row in compute(world)["metric"] if row["metric"].endswith("_per_week")]
    assert_same_metrics(burst.weekly_rates(lives.read(world)), found)


@examples(15)
@given(worlds(asked=(0, 0), min_days=300, calm=3, elections_at_least=1))
def test_cliff_and_burstiness_are_what_the_loops_find(world: World) -> None:
    people = lives.read(world)
    expected = steadiness.cliffs(people)
    expected += [steadiness.burstiness(life) for life in people]
    found = [row for row in compute(world)["metric"] if row["metric"] in {"cliff", "burstiness"}]
    assert_same_metrics(expected, found)
