"""The spread of the score against a bootstrap of its own: other draws, the same rules."""

from __future__ import annotations

import math
from statistics import fmean, stdev

import numpy as np
import pytest

from tests.oracles import redraws
from tests.oracles.database import compute
from tests.oracles.rows import DAY, Account, Election, Mandate, Person, Post, Received, Span, World
from tests.oracles.score import BANDS

MONDAY, DAYS, ELECTION = 18_630, 728, 480
PEOPLE, DRAWS = 12, 1_000


def council(seed: int) -> World:
    """Two years of people who come and go in bouts, talk in the same bouts and answer in them."""
    rng = np.random.default_rng(seed)
    posts: list[Post] = []
    received: list[Received] = []
    people = range(1, PEOPLE + 1)
    key = 10_000
    for person in people:
        mood = np.repeat(rng.gamma(1.5, 1 / 1.5, DAYS // 14), 14)
        busy, talk, answers = rng.uniform(0.3, 0.9), rng.uniform(0.2, 0.5), rng.uniform(0.2, 0.9)
        for day in range(DAYS):
            is_season = ELECTION - 90 < day <= ELECTION
            often = rng.poisson(busy * mood[day] * (1.8 if is_season else 1.0))
            for i in range(often):
                key += 1
                is_talk = rng.random() < talk
                posts.append(
                    Post(
                        person,
                        person,
                        key,
                        (MONDAY + day) * DAY + 43_200 + i,
                        MONDAY + day,
                        "reply" if is_talk else "post",
                        root_key=key,
                        partner_key=int(6_000 + rng.integers(120)) if is_talk else None,
                    )
                )
            for _ in range(rng.poisson(0.15)):
                key += 2
                asker, at = int(5_000 + rng.zipf(1.6) % 40), (MONDAY + day) * DAY + 36_000
                received.append(Received(person, person, key, at, MONDAY + day, asker, None, key))
                if rng.random() < answers * min(1.0, mood[day]):
                    posts.append(
                        Post(
                            person,
                            person,
                            key + 1,
                            at + 3_600,
                            MONDAY + day,
                            "reply",
                            root_key=key,
                            partner_key=asker,
                        )
                    )
    first, last = MONDAY - 400, MONDAY + DAYS + 400
    voting = MONDAY + ELECTION
    return World(
        MONDAY,
        MONDAY + DAYS,
        people=tuple(Person(p, f"p{p:02}") for p in people),
        mandates=tuple(Mandate(p, "mandate", "X", "local", None, first, last) for p in people),
        elections=(Election("e", "X", "local", voting, voting),),
        accounts=tuple(Account(p, p, f"a{p:02}", "bluesky", "self", first, last) for p in people),
        spans=tuple(Span(p, s, first, last) for p in people for s in ("acts", "received")),
        posts=tuple(posts),
        received=tuple(received),
    )


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
