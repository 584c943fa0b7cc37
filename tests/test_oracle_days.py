from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from tests.oracles import lives, tables
from tests.oracles.compare import assert_same
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.worlds import worlds

pytestmark = pytest.mark.local_days

if TYPE_CHECKING:
    from tests.oracles.rows import World

COUNTS = (
    "own_acts",
    "posts",
    "replies",
    "citizen_replies",
    "quotes",
    "reposts",
    "threads",
    "received",
    "questions",
)


def days_of(rows: list[dict[str, Any]]) -> dict[tuple[str, int], dict[str, int]]:
    return {
        (row["person_id"], row["on_day"]): {name: row[name] for name in COUNTS if row[name]}
        for row in rows
    }


@examples(15)
@given(worlds())
def test_people_days_spans_and_seasons_are_what_the_loops_find(world: World) -> None:
    copy = compute(world, "day", "span", "season", "person")
    people = lives.read(world)
    expected = [row for life in people for row in tables.day_rows(life)]
    assert days_of(copy["day"]) == {(row.person_id, row.day): row.counts for row in expected}
    assert_same(
        [row for life in people for row in tables.span_rows(life)],
        copy["span"],
        ("person_id", "kind", "from_day"),
        {"from_day": "from_on", "to_day": "to_on"},
    )
    assert_same(
        [tables.person_row(life) for life in people],
        copy["person"],
        ("person_id",),
        {"first_covered_day": "first_covered_on", "last_covered_day": "last_covered_on"},
    )
    assert_same(
        [row for life in people for row in tables.season_rows(life)],
        [row for row in copy["season"] if row["is_counted"]],
        ("person_id", "election_day"),
        {"from_day": "from_on", "to_day": "to_on", "election_day": "election_on"},
    )
