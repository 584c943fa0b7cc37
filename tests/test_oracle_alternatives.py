from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from metrics.alternatives import RULES
from tests.oracles import other_rules
from tests.oracles.compare import assert_same
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.worlds import levels, worlds

if TYPE_CHECKING:
    from tests.oracles.rows import World

SMALL = {
    "asker_count": 3,
    "relation_count": 3,
    "burn_in_days": 20,
    "return_last_days": 60,
}


def same_alternatives(world: World) -> None:
    copy = compute(world, "score", "alternative", rules=RULES)
    usual, rows = other_rules.scored(world), other_rules.alternatives(world)
    assert_same(
        [row for row in rows if not row.is_headline],
        [row for row in copy["alternative"] if not row["is_headline"]],
        ("person_id", "choice", "value"),
    )
    headlines = {row["person_id"]: row for row in copy["alternative"] if row["is_headline"]}
    for row in copy["score"]:
        name = row["person_id"]
        if row["score"] is None:
            assert name not in headlines
            assert row["reason"] == other_rules.why_none(usual[name][0])
            assert row["moved_most_by"] is row["alternative_keep"] is row["alternative_low"] is None
            continue
        assert headlines[name]["score"] == row["score"]
        assert_same([other_rules.robust(name, rows, row["band"])], [row], ("person_id",))
        assert row["moved_most_by"] in other_rules.moved_most(name, rows)


@examples(8)
@given(worlds(runs=(1, 3), asked=(1, 3), calm=3, min_days=450, elections_at_least=1))
def test_scores_under_other_rules_are_what_the_loops_find(world: World) -> None:
    same_alternatives(world)


@examples(8)
@given(levels(runs=(2, 4), asked=(2, 4), calm=4, people=(1, 2), min_days=500))
def test_scores_with_other_seasons_left_out_are_what_the_loops_find(world: World) -> None:
    same_alternatives(world)


@examples(8)
@given(worlds(runs=(2, 4), asked=(2, 4), calm=4, min_days=400, elections_at_least=1, choices=SMALL))
def test_scores_of_small_councils_under_other_rules_are_what_the_loops_find(world: World) -> None:
    same_alternatives(world)
