from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from scipy.stats import CensoredData, ecdf

from tests.oracles import answering, lives, restricted
from tests.oracles.compare import assert_same_metrics
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.worlds import worlds

if TYPE_CHECKING:
    from tests.oracles.rows import World

NAMES = ("answer_rate", "redirect_rate", "answered_within", "response_median")
REDIRECTS_IN = {"redirect_is_answer": True, "asker_count": 4}


@examples(30)
@given(worlds(runs=(0, 2), asked=(1, 4)))
def test_answers_and_redirects_are_what_the_loops_find(world: World) -> None:
    expected = [row for life in lives.read(world) for row in answering.answering(life)]
    names = {"answer_rate", "redirect_rate"}
    found = [row for row in compute(world)["metric"] if row["metric"] in names]
    assert_same_metrics(expected, found)


@examples(20)
@given(worlds(runs=(0, 1), asked=(1, 4), choices=REDIRECTS_IN))
def test_answers_with_redirects_among_them_are_what_the_loops_find(world: World) -> None:
    people = lives.read(world)
    expected = [row for life in people for row in answering.answering(life)]
    expected += [row for life in people for row in answering.response(life)]
    found = [row for row in compute(world)["metric"] if row["metric"].startswith(NAMES)]
    assert_same_metrics(expected, found)


@examples(20)
@given(worlds(runs=(0, 1), asked=(2, 4), calm=3))
def test_waiting_for_an_answer_is_what_the_loops_find(world: World) -> None:
    expected = [row for life in lives.read(world) for row in answering.response(life)]
    names = ("answered_within", "response_median")
    found = [row for row in compute(world)["metric"] if row["metric"].startswith(names)]
    assert_same_metrics(expected, found)


@examples(25)
@given(worlds(runs=(1, 4), asked=(0, 0), choices={"label_acts": 4}))
def test_posts_with_replies_restricted_are_what_the_loops_find(world: World) -> None:
    expected = [row for life in lives.read(world) for row in restricted.restricted(life)]
    found = [row for row in compute(world)["metric"] if row["metric"] == "restricted_share"]
    assert_same_metrics(expected, found)


@pytest.mark.parametrize("seed", range(5))
def test_the_loops_curve_is_scipys_where_each_item_stands_as_often_as_it_weighs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    seconds, answered = rng.integers(1, 30, 40), rng.random(40) < 0.6
    items_of_asker = rng.choice([1, 2, 3, 4], 40)
    found = [
        answering.Wait(int(s), bool(a), 40, Fraction(1, int(n)))
        for s, a, n in zip(seconds, answered, items_of_asker, strict=True)
    ]
    often = 12 // items_of_asker  # a weight of 1/n, twelve times over
    repeated, is_event = np.repeat(seconds, often), np.repeat(answered, often)
    sample = CensoredData(uncensored=repeated[is_event], right=repeated[~is_event])
    reference = ecdf(sample).sf
    for moment, waiting in answering.curve(found):
        assert float(waiting) == pytest.approx(float(reference.evaluate(moment)))
