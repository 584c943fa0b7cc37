from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from tests.oracles import accounts, lives
from tests.oracles.compare import assert_same
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.worlds import worlds

if TYPE_CHECKING:
    from tests.oracles.rows import World


@examples(20)
@given(worlds(asked=(0, 2), min_days=300))
def test_numbers_per_account_are_what_the_loops_find(world: World) -> None:
    assert_same(
        [row for life in lives.read(world) for row in accounts.account_metrics(life)],
        compute(world, "account_metric")["account_metric"],
        ("account_id", "metric", "phase"),
    )
