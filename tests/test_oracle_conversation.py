from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from tests.oracles import conversation, lives
from tests.oracles.compare import assert_same_metrics
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.worlds import worlds

if TYPE_CHECKING:
    from tests.oracles.rows import World


@examples(20)
@given(worlds(asked=(0, 0)))
def test_conversation_is_what_the_loops_find(world: World) -> None:
    same_conversation(world)


@examples(20)
@given(worlds(asked=(0, 0), runs=(2, 6), calm=3, choices={"unknown_partner_counts": False}))
def test_conversation_without_replies_to_nobody_knows_whom_is_what_the_loops_find(
    world: World,
) -> None:
    same_conversation(world)


def same_conversation(world: World) -> None:
    expected = [row for life in lives.read(world) for row in conversation.conversation(life)]
    found = [row for row in compute(world)["metric"] if row["metric"].startswith("conversation")]
    assert_same_metrics(expected, found)
