from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from tests.oracles import all_metrics
from tests.oracles.compare import assert_same
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.score import band, other_rules, shares
from tests.oracles.worlds import worlds

if TYPE_CHECKING:
    from tests.oracles.rows import World


@examples(12)
@given(worlds(runs=(1, 3), asked=(1, 4), calm=3, min_days=450, elections_at_least=1))
def test_pillars_and_score_are_what_the_loops_find(world: World) -> None:
    copy = compute(world, "pillar", "score", "alternative")
    pillars, scores = all_metrics.scores(world)
    assert_same(pillars, copy["pillar"], ("person_id", "pillar"))
    assert_same(scores, copy["score"], ("person_id",))
    for row in copy["score"]:
        if row["score"] is None:
            assert row["band"] == "none"
            continue
        mine = [pillar for pillar in pillars if pillar.person_id == row["person_id"]]
        others = other_rules(mine)
        chances = {name.upper(): row[f"p_{name}"] for name in "abcde"}
        assert sum(chances.values()) == pytest.approx(1)
        assert row["band"] in band(chances, shares(list(others.values())))
        every = [row["score"], *others.values()]
        assert row["alternative_low"] == pytest.approx(min(every))
        assert row["alternative_high"] == pytest.approx(max(every))
        if row["moved_most_by"] is not None:
            moved = {name: abs(score - row["score"]) for name, score in others.items()}
            assert moved[row["moved_most_by"]] == pytest.approx(max(moved.values()))
        assert 0 <= row["low"] <= row["high"] <= 100
        rules = {
            f"{a['choice']} {a['value']}": a["score"]
            for a in copy["alternative"]
            if a["person_id"] == row["person_id"] and not a["is_headline"]
        }
        assert rules == pytest.approx(others)
