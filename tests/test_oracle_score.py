from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from tests.oracles import all_metrics
from tests.oracles.compare import assert_same
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.score import band
from tests.oracles.worlds import worlds

if TYPE_CHECKING:
    from tests.oracles.rows import World


@examples(12)
@given(worlds(runs=(1, 3), asked=(1, 4), calm=3, min_days=450, elections_at_least=1))
def test_pillars_and_score_are_what_the_loops_find(world: World) -> None:
    copy = compute(world, "pillar", "score")
    pillars, scores = all_metrics.scores(world)
    assert_same(pillars, copy["pillar"], ("person_id", "pillar"))
    assert_same(scores, copy["score"], ("person_id",))
    for row in copy["score"]:
        if row["score"] is None:
            assert row["band"] in {None, "none"}
            continue
        chances = {name.upper(): row[f"p_{name}"] for name in "abcde"}
        assert sum(chances.values()) == pytest.approx(1)
        assert row["band"] == band(chances)
        assert 0 <= row["low"] <= row["high"] <= 100
