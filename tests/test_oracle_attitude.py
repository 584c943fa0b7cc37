from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from tests.oracles import attitude, burst, lives
from tests.oracles.compare import assert_same, assert_same_metrics
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.worlds import worlds

if TYPE_CHECKING:
    from tests.oracles.rows import World

SMALL = {"label_acts": 5, "citizen_count": 3, "promise_count": 3, "promise_days": 30}
NAMES = {
    "campaign_share",
    "service_share",
    "asks_per_100",
    "ask_months",
    "follow_through",
    "followed_up_in_public",
}


def same_attitude(world: World) -> None:
    people = lives.read(world)
    copy = compute(world, "metric", "label_share")
    expected = [row for life in people for row in attitude.attitude(life)]
    assert_same_metrics(expected, [row for row in copy["metric"] if row["metric"] in NAMES])
    assert_same(
        [row for life in people for row in attitude.label_shares(life)],
        copy["label_share"],
        ("person_id", "phase", "label"),
    )


@examples(20)
@given(worlds(runs=(0, 1), asked=(0, 1), min_days=300, calm=3, debates=5, choices=SMALL))
def test_attitudes_in_small_councils_are_what_the_loops_find(world: World) -> None:
    same_attitude(world)


@examples(12)
@given(worlds(runs=(0, 1), asked=(0, 2), min_days=400, calm=3, debates=8, elections_at_least=1))
def test_attitudes_by_the_headline_choices_are_what_the_loops_find(world: World) -> None:
    same_attitude(world)


@examples(15)
@given(worlds(runs=(0, 1), asked=(0, 0), min_days=450, calm=3, debates=4, elections_at_least=1))
def test_campaign_bursts_are_what_the_loops_find(world: World) -> None:
    found = [row for row in compute(world)["metric"] if row["metric"] == "burst_campaign"]
    expected = [r for r in burst.bursts(lives.read(world)) if r.metric == "burst_campaign"]
    assert_same_metrics(expected, found)
