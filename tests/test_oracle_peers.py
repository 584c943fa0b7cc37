from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given

from tests.oracles import crowds, lives, peers, shrunk
from tests.oracles.compare import assert_same, assert_same_metrics
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.rows import Person, World
from tests.oracles.worlds import worlds

if TYPE_CHECKING:
    from tests.oracles.database import Copy, Row

SMALL = {"burst_peers": 2, "asker_count": 3, "comparable_items": 6}
PEER_KEY = ("office", "level", "metric", "phase")
FUNNEL_KEY = ("office", "level", "metric", "n")


def same_peers(world: World, copy: Copy) -> None:
    assert_same(peers.peers(world, copy["metric"]), copy["peer"], PEER_KEY)
    limits = peers.funnel(world, copy["metric"])
    assert {(row.office, row.level) for row in limits} == {
        (row["office"], row["level"]) for row in copy["funnel"]
    }
    for group in {(row.office, row.level) for row in limits}:
        drawn = sorted(row["n"] for row in rows_of(copy, group))
        mine = [row for row in limits if (row.office, row.level) == group]
        assert (drawn[0], drawn[-1]) == (mine[0].n, mine[-1].n)
        assert all(b - a <= max(1, round(a / 20)) for a, b in pairwise(drawn))
        assert_same([row for row in mine if row.n in drawn], rows_of(copy, group), FUNNEL_KEY)


def rows_of(copy: Copy, group: tuple[str, str]) -> list[Row]:
    return [row for row in copy["funnel"] if (row["office"], row["level"]) == group]


@examples(6)
@given(worlds(people=(7, 9), runs=(1, 2), asked=(0, 0), min_days=450, calm=4, elections_at_least=1))
def test_bursts_drawn_towards_those_of_peers_are_what_the_loops_find(world: World) -> None:
    copy = compute(world, "metric", "peer", "funnel")
    found = [row for row in copy["metric"] if row["metric"].endswith("_shrunk")]
    assert_same_metrics(shrunk.shrunk(lives.read(world)), found)
    same_peers(world, copy)


@examples(12)
@given(worlds(people=(3, 5), runs=(0, 2), asked=(2, 4), calm=3, choices=SMALL))
def test_medians_and_limits_of_small_groups_are_what_the_loops_find(world: World) -> None:
    same_peers(world, compute(world, "metric", "peer", "funnel"))


@pytest.mark.parametrize("seed", range(3))
def test_medians_and_limits_of_a_council_are_what_the_loops_find(seed: int) -> None:
    """Nineteen people, of whom some were asked too little to be compared."""
    rng = np.random.default_rng(seed)
    size, days = 19, 500
    crowd = crowds.Crowd(size, days, elections=(300,))
    crowd.posts(rng.poisson(0.3, (size, days)))
    asked = rng.integers(5, 60, size)
    person = np.repeat(crowd.people, asked)
    n = len(person)
    crowd.questions(
        person,
        rng.integers(1, 40, n),
        rng.integers(0, days - 20, n),
        rng.integers(1, 20 * 86_400, n),
        rng.random(n) < rng.random(size)[person - 1],
    )
    copy = crowd.compute("metric", "peer", "funnel")
    people = tuple(Person(int(k), f"p{k:05}") for k in crowd.people)
    world = World(crowds.MONDAY, crowds.MONDAY + days, people=people)
    same_peers(world, copy)
    assert copy["funnel"]
    compared = {row["people_count"] for row in copy["peer"] if row["metric"] == "answer_rate"}
    assert compared < set(range(6, size)), "some were left out"
