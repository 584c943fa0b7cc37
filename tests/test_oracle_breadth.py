from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from tests.oracles import breadth, lives
from tests.oracles.compare import assert_same_metrics
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.worlds import worlds

if TYPE_CHECKING:
    from tests.oracles.rows import World

NAMES = ("partners_per_", "effective_partners", "reply_share_")


@examples(20)
@given(worlds(asked=(0, 2), runs=(2, 8), calm=3))
def test_breadth_is_what_the_loops_find(world: World) -> None:
    expected = [row for life in lives.read(world) for row in breadth.breadth(life)]
    found = [row for row in compute(world)["metric"] if row["metric"].startswith(NAMES)]
    assert_same_metrics(expected, found)


@examples(10)
@given(worlds(asked=(0, 2), runs=(1, 3), choices={"breadth_replies": 7}))
def test_breadth_among_seven_replies_is_what_the_loops_find(world: World) -> None:
    expected = [row for life in lives.read(world) for row in breadth.breadth(life)]
    found = [row for row in compute(world)["metric"] if row["metric"].startswith(NAMES)]
    assert_same_metrics(expected, found)
