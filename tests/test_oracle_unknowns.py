"""Items of which no moment, no asker or no addressee is known: every table against the loops."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from tests.oracles import (
    accounts,
    agenda,
    all_metrics,
    answering,
    attitude,
    broadcast,
    lives,
    relations,
    shrunk,
    spells,
)
from tests.oracles.compare import assert_same
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.worlds import worlds

if TYPE_CHECKING:
    from tests.oracles.rows import World

SMALL = {
    "asker_count": 3,
    "relation_count": 3,
    "burn_in_days": 20,
    "return_last_days": 60,
    "carry_over_days": 90,
    "close_days": 3,
    "citizen_count": 3,
    "label_acts": 5,
    "promise_count": 3,
    "topic_count": 2,
    "tone_count": 7,
    "breadth_replies": 7,
}
KEYS = {
    "metric": ("person_id", "metric", "phase"),
    "account_metric": ("account_id", "metric", "phase"),
    "label_share": ("person_id", "phase", "label"),
    "topic_share": ("person_id", "topic"),
    "topic_raised": ("person_id", "topic", "from_day"),
    "partner_ladder": ("person_id",),
    "partner_mix": ("person_id", "quarter_from_day"),
    "response_curve": ("person_id", "day"),
    "broadcast_spell": ("person_id", "from_day"),
    "spell": ("person_id", "from_day"),
}
COLUMNS = {"from_day": "from_on", "to_day": "to_on", "quarter_from_day": "quarter_from_on"}


@st.composite
def gaps(draw: Any) -> World:
    """Councils in which one fact in sixteen is not known."""
    dense = worlds(
        people=(2, 4),
        runs=(1, 4),
        asked=(1, 4),
        calm=3,
        elections_at_least=1,
        debates=3,
        choices=SMALL,
    )
    world: World = draw(dense)
    chance = random.Random(draw(st.integers(0, 2**32)))

    def without(row: Any, *facts: tuple[str, ...]) -> Any:
        lost = [name for names in facts if chance.random() < 1 / 16 for name in names]
        return replace(row, **dict.fromkeys(lost))

    return replace(
        world,
        posts=tuple(without(row, ("at", "day"), ("partner_key",)) for row in world.posts),
        received=tuple(without(row, ("at", "day"), ("asker_key",)) for row in world.received),
    )


def tables(world: World) -> dict[str, list[Any]]:
    people = lives.read(world)
    return {
        "metric": all_metrics.metrics(world) + shrunk.shrunk(people),
        "account_metric": [row for one in people for row in accounts.account_metrics(one)],
        "label_share": [row for one in people for row in attitude.label_shares(one)],
        "topic_share": [row for one in people for row in agenda.topic_shares(one)],
        "topic_raised": [row for one in people for row in agenda.topics_raised(one)],
        "partner_ladder": [relations.ladder(one) for one in people],
        "partner_mix": [row for one in people for row in relations.mixes(one)],
        "response_curve": [row for one in people for row in answering.curve_points(one)],
        "broadcast_spell": [row for one in people for row in broadcast.broadcast_spells(one)],
        "spell": spells.spells(people),
    }


@examples(15)
@given(gaps())
def test_what_nobody_knows_of_an_item_changes_what_the_loops_find_it_to_change(
    world: World,
) -> None:
    copy = compute(world, *KEYS)
    for table, rows in tables(world).items():
        assert_same(rows, copy[table], KEYS[table], COLUMNS)
