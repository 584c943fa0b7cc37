from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from tests.oracles import answering, broadcast, lives, relations
from tests.oracles.compare import assert_same, assert_same_metrics
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.worlds import worlds

pytestmark = pytest.mark.local_days

if TYPE_CHECKING:
    from tests.oracles.rows import World

SMALL = {
    "burn_in_days": 20,
    "return_first_days": 10,
    "return_last_days": 60,
    "carry_over_days": 90,
    "relation_count": 3,
    "close_days": 3,
}
NAMES = {"return", "carry_over", "depth", "relation_days"}


def same_relations(world: World) -> None:
    expected = [row for life in lives.read(world) for row in relations.relations(life)]
    copy = compute(world, "metric", "partner_ladder", "partner_mix")
    assert_same_metrics(expected, [row for row in copy["metric"] if row["metric"] in NAMES])
    people = lives.read(world)
    assert_same([relations.ladder(life) for life in people], copy["partner_ladder"], ("person_id",))
    assert_same(
        [row for life in people for row in relations.mixes(life)],
        copy["partner_mix"],
        ("person_id", "quarter_from_day"),
        {"quarter_from_day": "quarter_from_on"},
    )


@examples(25)
@given(worlds(asked=(1, 4), min_days=400, calm=3, elections_at_least=1, debates=2, choices=SMALL))
def test_relations_of_small_councils_are_what_the_loops_find(world: World) -> None:
    same_relations(world)


@examples(12)
@given(worlds(runs=(3, 8), asked=(0, 2), min_days=800, calm=4, elections_at_least=1, debates=4))
def test_relations_by_the_headline_choices_are_what_the_loops_find(world: World) -> None:
    same_relations(world)


@examples(15)
@given(worlds(runs=(3, 6), asked=(0, 0), min_days=300, calm=2, choices={"quiet_days": 7}))
def test_stretches_of_posts_without_talk_are_what_the_loops_find(world: World) -> None:
    assert_same(
        [row for life in lives.read(world) for row in broadcast.broadcast_spells(life)],
        compute(world, "broadcast_spell")["broadcast_spell"],
        ("person_id", "from_day"),
        {"from_day": "from_on", "to_day": "to_on"},
    )


@examples(15)
@given(worlds(runs=(0, 1), asked=(2, 4), calm=3, choices={"asker_count": 4}))
def test_the_curve_of_answers_is_what_the_loops_find(world: World) -> None:
    assert_same(
        [row for life in lives.read(world) for row in answering.curve_points(life)],
        compute(world, "response_curve")["response_curve"],
        ("person_id", "day"),
    )
