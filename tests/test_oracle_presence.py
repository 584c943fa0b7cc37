from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from tests.oracles import lives, presence
from tests.oracles.compare import assert_same_metrics
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.worlds import worlds

if TYPE_CHECKING:
    from tests.oracles.rows import World

NAMES = {"presence", "talk_presence", "active_months"}


@examples(25)
@given(worlds(asked=(0, 0)))
def test_presence_talk_presence_and_active_months_are_what_the_loops_find(world: World) -> None:
    people = lives.read(world)
    expected = [presence.presence(life) for life in people]
    expected += [presence.talk_presence(life) for life in people]
    expected += [presence.active_months(life) for life in people]
    found = [row for row in compute(world)["metric"] if row["metric"] in NAMES]
    assert_same_metrics(expected, found)
