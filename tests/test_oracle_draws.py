"""The spread of the score against a bootstrap of its own: other draws, the same rules."""

from __future__ import annotations

import math
from statistics import fmean, stdev

import numpy as np
import pytest

from tests.oracles import redraws
from tests.oracles.database import compute
from tests.oracles.lively import council
from tests.oracles.score import BANDS

DRAWS = 1_000


@pytest.mark.parametrize("seed", range(2))
def test_the_spread_of_scores_is_that_of_blocks_and_citizens_drawn_anew(seed: int) -> None:
    world = council(seed)
    found = {row["person_id"]: row for row in compute(world, "score")["score"]}
    gaps = []
    for person_id, draws in redraws.scores(world, DRAWS, seed).items():
        row, spread = found[person_id], stdev(draws)
        assert row["pillars"] == "presence+steadiness+conversation+answering+return"
        low, high = np.quantile(draws, [0.05, 0.95])
        mine = [(row["low"] - low) / spread, (row["high"] - high) / spread]
        assert np.abs(mine).max() < 0.5, (person_id, mine)
        gaps.append(mine)
        for name, share in bands(draws).items():
            chance = max(share, 1 / DRAWS)
            slack = 4.5 * math.sqrt(chance * (1 - chance) * 2 / DRAWS)
            assert row[f"p_{name.lower()}"] == pytest.approx(share, abs=slack), (person_id, name)
    for side in zip(*gaps, strict=True):
        assert abs(fmean(side)) < 0.1, gaps


def bands(scores: list[float]) -> dict[str, float]:
    lying = [next(name for floor, name in BANDS if score >= floor) for score in scores]
    return {name: lying.count(name) / len(lying) for _, name in BANDS}
