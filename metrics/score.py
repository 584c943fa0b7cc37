"""From the store to a checked, published copy: load, models, statistics, marts, checks, publish."""

from __future__ import annotations

from time import perf_counter

import duckdb
import pyarrow as pa

from metrics import answering, conversation, models, pillars, presence, sleep, steadiness
from metrics.estimates import put, read_params, read_people, rows
from metrics.models import HERE, OnStep

PARTS = (presence, steadiness, conversation, answering)


def compute(con: duckdb.DuckDBPyConnection, on_step: OnStep | None = None) -> None:
    """Fill every mart from the inputs and params that are in the connection."""
    models.build(con, on_step=on_step)
    _statistics(con, on_step)
    models.build(con, ("marts",), on_step)


def _statistics(con: duckdb.DuckDBPyConnection, on_step: OnStep | None) -> None:
    people, params = read_people(con), read_params(con)
    estimates = []
    for part in PARTS:
        began = perf_counter()
        estimates += part.estimates(con, people, params)
        _tell(on_step, part.__name__.removeprefix("metrics."), began)
    found = {(one.metric, one.phase): one for one in estimates}
    put(con, "stat_metric", rows(people, estimates))
    began = perf_counter()
    put(con, "stat_sleep", sleep.findings(con, people, params))
    _tell(on_step, "sleep", began)
    began = perf_counter()
    put(con, "stat_pillar", pillars.pillar_rows(people, params, pillars.pillars_of(found)))
    put(con, "stat_score", pillars.score_rows(con, people, params, found))
    put(con, "stat_param", _described(params.values))
    _tell(on_step, "score", began)


def _described(values: dict[str, object]) -> pa.Table:
    what = models.parse(HERE / "params.sql").columns
    return pa.table(
        {
            "name": pa.array(list(values), pa.string()),
            "value": pa.array([str(value) for value in values.values()], pa.string()),
            "description": pa.array([what[name] for name in values], pa.string()),
        }
    )


def _tell(on_step: OnStep | None, name: str, began: float) -> None:
    if on_step is not None:
        on_step(name, perf_counter() - began)
