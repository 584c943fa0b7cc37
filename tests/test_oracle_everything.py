"""Every number of a copy has a slow reading of its own: which one, and that none is missing."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from metrics import contract
from tests.oracles import all_metrics, details, lives, mart_rows, other_rules, rows, shrunk
from tests.oracles.compare import assert_same_metrics
from tests.oracles.database import compute
from tests.oracles.effort import examples
from tests.oracles.lively import council
from tests.oracles.season_table import SeasonTableRow
from tests.oracles.worlds import levels, worlds

if TYPE_CHECKING:
    from tests.oracles.rows import World

# Per table of a copy: the rows that the oracles make, all of whose fields are compared.
READ_AS: dict[str, tuple[Any, ...]] = {
    "account": (details.AccountRow,),
    "account_metric": (mart_rows.AccountMetric,),
    "alternative": (other_rules.AlternativeRow,),
    "broadcast_spell": (mart_rows.BroadcastSpell,),
    "collect_run": (details.RunRow,),
    "coverage": (details.CoverageRow,),
    "day": (rows.DayRow,),
    "funnel": (mart_rows.FunnelLimit,),
    "label_share": (mart_rows.LabelShare,),
    "metric": (rows.Metric,),
    "partner_ladder": (mart_rows.Ladder,),
    "partner_mix": (mart_rows.Mix,),
    "peer": (mart_rows.PeerRow,),
    "person": (rows.PersonRow, details.PersonFacts),
    "pillar": (rows.PillarRow,),
    "problem": (details.ProblemRow,),
    "response_curve": (mart_rows.CurvePoint,),
    "run": (details.CopyFacts,),
    "score": (rows.ScoreRow, other_rules.Robust),
    "season": (SeasonTableRow,),
    "span": (rows.SpanRow,),
    "spell": (rows.SpellRow,),
    "thread_partial": (details.ThreadsRow,),
    "topic_raised": (mart_rows.TopicRaised,),
    "topic_share": (mart_rows.TopicShare,),
}
# Columns that an oracle compares without a row of its own, and the tests that do.
OTHERWISE: dict[str, set[str]] = {
    # test_oracle_days: by name
    "day": {"own_acts", "posts", "replies", "citizen_replies", "quotes", "reposts", "threads",
            "received", "questions"},
    # test_oracle_draws: as near as chance allows; _score, _alternatives: one where several are
    "score": {"low", "high", "p_a", "p_b", "p_c", "p_d", "p_e", "band", "moved_most_by"},
    # test_oracle_loading: the choices as params.sql tells them
    "param": {"name", "value", "description"},
}  # fmt: skip
OTHERS_OUT = {"other_season_counts": False}
SPELT = {"day": {"day": "on_day", "counts": None}, "response_curve": {"day": "day"}}


def columns_read(table: str) -> set[str | None]:
    spelt = SPELT.get(table, {})
    found = set(OTHERWISE.get(table, ()))
    for row in READ_AS.get(table, ()):
        for field in fields(row):
            name = field.name
            on = f"{name.removesuffix('_day')}_on" if name.endswith("_day") else name
            found.add(spelt.get(name, on))
    return found - {None}


@pytest.mark.parametrize("table", contract.contract().tables, ids=lambda table: table.name)
def test_every_column_of_a_copy_is_read_by_an_oracle(table: Any) -> None:
    assert columns_read(table.name) == {column.name for column in table.columns}


@examples(8)
@given(worlds(people=(2, 5), runs=(1, 3), asked=(1, 3), debates=3, elections_at_least=1))
def test_every_row_of_every_metric_is_what_the_loops_find(world: World) -> None:
    expected = all_metrics.metrics(world) + shrunk.shrunk(lives.read(world))
    assert_same_metrics(expected, compute(world)["metric"])


@examples(16)
@given(levels(people=(2, 4), runs=(1, 3), asked=(1, 3), debates=3, choices=OTHERS_OUT))
def test_every_row_is_what_the_loops_find_with_other_seasons_left_out(world: World) -> None:
    expected = all_metrics.metrics(world) + shrunk.shrunk(lives.read(world))
    assert_same_metrics(expected, compute(world)["metric"])


def test_in_a_lively_council_every_metric_has_a_value_and_it_is_what_the_loops_find() -> None:
    world = council(0)
    found = compute(world)["metric"]
    expected = all_metrics.metrics(world) + shrunk.shrunk(lives.read(world))
    assert_same_metrics(expected, found)
    names = {(row["metric"], row["phase"]) for row in found}
    told = {(row["metric"], row["phase"]) for row in found if row["value"] is not None}
    assert names - told == {("tone_received", "season")}, "fifty texts in a season are many"
