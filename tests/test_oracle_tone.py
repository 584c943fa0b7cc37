from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from tests.oracles import lives, tone
from tests.oracles.compare import assert_same_metrics
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.worlds import worlds

if TYPE_CHECKING:
    from tests.oracles.rows import World


def same_tone(world: World) -> None:
    expected = [row for life in lives.read(world) for row in tone.tone(life)]
    found = [row for row in compute(world)["metric"] if row["metric"].startswith("tone_")]
    assert_same_metrics(expected, found)


@examples(15)
@given(worlds(asked=(1, 5), runs=(1, 4)))
def test_tone_is_what_the_loops_find(world: World) -> None:
    same_tone(world)


@examples(12)
@given(worlds(asked=(1, 3), runs=(1, 4), choices={"tone_count": 7}))
def test_tone_of_seven_texts_is_what_the_loops_find(world: World) -> None:
    same_tone(world)
