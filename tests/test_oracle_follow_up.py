"""Questions that can be followed for some days only: what is said, and until when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from tests.oracles import answering, lives
from tests.oracles.compare import assert_same, assert_same_metrics
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.rows import Span
from tests.oracles.worlds import worlds

if TYPE_CHECKING:
    from tests.oracles.rows import Received, World

FEW = {"asker_count": 3, "comparable_items": 6}


@st.composite
def glimpses(draw: Any) -> World:
    """Councils of which the acts are known for a few stretches of days, where many ask."""
    world: World = draw(worlds(people=(2, 3), runs=(0, 1), asked=(3, 5), calm=4, choices=FEW))
    spans = [span for span in world.spans if span.stream != "acts"]
    for account in world.accounts:
        mine = [i for i in world.received if i.person_key == account.person_key]
        days = sorted({i.day or 0 for i in mine}, key=lambda day: (-asked_around(mine, day), day))
        first = draw(st.sampled_from(days[:3] or [world.start_day]))
        for _ in range(draw(st.integers(1, 3))):
            last = first + draw(st.sampled_from([2, 6, 7, 12, 13, 14, 20, 30]))
            spans.append(Span(account.account_key, "acts", first, last))
            first = last + draw(st.sampled_from([2, 10, 40]))
    return replace(world, spans=tuple(spans))


def asked_around(items: list[Received], day: int) -> int:
    """How many citizens ask in the week from that day on."""
    return len({item.asker_key for item in items if 0 <= (item.day or 0) - day < 7})


@examples(30)
@given(glimpses())
def test_what_is_said_of_short_stretches_is_what_the_loops_find(world: World) -> None:
    people = lives.read(world)
    copy = compute(world, "metric", "response_curve")
    expected = [row for life in people for row in answering.response(life)]
    expected += [row for life in people for row in answering.answering(life)]
    names = ("answer_rate", "redirect_rate", "answered_within", "response_median")
    assert_same_metrics(expected, [r for r in copy["metric"] if r["metric"].startswith(names)])
    points = [row for life in people for row in answering.curve_points(life)]
    assert_same(points, copy["response_curve"], ("person_id", "day"))
