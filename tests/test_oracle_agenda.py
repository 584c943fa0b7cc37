from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from tests.oracles import agenda, lives
from tests.oracles.compare import assert_same, assert_same_metrics
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.worlds import worlds

if TYPE_CHECKING:
    from tests.oracles.rows import World

SMALL = {"topic_count": 2, "citizen_count": 4}


def same_agenda(world: World) -> None:
    people = lives.read(world)
    copy = compute(world, "metric", "topic_share", "topic_raised")
    assert_same_metrics(
        [agenda.pick_up(life) for life in people],
        [row for row in copy["metric"] if row["metric"] == "pick_up"],
    )
    assert_same(
        [row for life in people for row in agenda.topic_shares(life)],
        copy["topic_share"],
        ("person_id", "topic"),
    )
    assert_same(
        [row for life in people for row in agenda.topics_raised(life)],
        copy["topic_raised"],
        ("person_id", "topic", "from_day"),
        {"from_day": "from_on"},
    )


@examples(20)
@given(worlds(asked=(0, 1), runs=(0, 1), min_days=400, calm=3, debates=6, choices=SMALL))
def test_topics_in_small_councils_are_what_the_loops_find(world: World) -> None:
    same_agenda(world)


@examples(10)
@given(worlds(asked=(0, 1), runs=(0, 1), min_days=700, calm=4, debates=8))
def test_topics_by_the_headline_choices_are_what_the_loops_find(world: World) -> None:
    same_agenda(world)
