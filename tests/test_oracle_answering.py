from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from tests.oracles import answering, lives
from tests.oracles.compare import assert_same_metrics
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.worlds import worlds

if TYPE_CHECKING:
    from tests.oracles.rows import World


@examples(30)
@given(worlds(runs=(0, 2), asked=(1, 4)))
def test_answers_and_redirects_are_what_the_loops_find(world: World) -> None:
    expected = [row for life in lives.read(world) for row in answering.answering(life)]
    names = {"answer_rate", "redirect_rate"}
    found = [row for row in compute(world)["metric"] if row["metric"] in names]
    assert_same_metrics(expected, found)


@examples(20)
@given(worlds(runs=(0, 1), asked=(2, 4), calm=3))
def test_waiting_for_an_answer_is_what_the_loops_find(world: World) -> None:
    expected = [row for life in lives.read(world) for row in answering.response(life)]
    names = ("answered_within", "response_median")
    found = [row for row in compute(world)["metric"] if row["metric"].startswith(names)]
    assert_same_metrics(expected, found)
