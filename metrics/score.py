"""From the store to a checked, published copy: load, models, statistics, marts, checks, publish."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import duckdb
import pyarrow as pa

from metrics import (
    answering,
    conversation,
    fingerprint,
    models,
    pillars,
    presence,
    publish,
    sleep,
    steadiness,
)
from metrics.estimates import put, read_params, read_people, rows
from metrics.load import Window, load
from metrics.models import HERE, OnStep

PARTS = (presence, steadiness, conversation, answering)
METHOD_VERSION = "1"
STORE, PUBLISHED = "winterslaap.duckdb", "published"


def run(
    data_dir: Path,
    roster: Mapping[str, pa.Table],
    *,
    window: Window | None = None,
    choices: Mapping[str, float | str] | None = None,
    now: datetime | None = None,
    on_step: OnStep | None = None,
) -> Path:
    """Score the store in `data_dir` and publish; the path of the new copy.

    `roster` holds one Arrow table per roster file. Raises MetricsError, and then the
    last copy stays the latest. `now` stands in the copy and its name.
    """
    built_at = (now or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None)
    scratch = data_dir / f".{PUBLISHED}"
    with duckdb.connect() as con:
        con.execute("set global TimeZone = 'UTC'")
        con.execute(f"set temp_directory = '{str(scratch).replace(chr(39), chr(39) * 2)}'")
        load(con, data_dir / STORE, roster, window=window, choices=choices, on_step=on_step)
        run_id = _put_run(con, built_at, on_step)
        compute(con, on_step)
        began = perf_counter()
        publish.check(con)
        _tell(on_step, "checks", began)
        began = perf_counter()
        path = publish.publish(con, data_dir / PUBLISHED, run_id)
        _tell(on_step, "publish", began)
    return path


def _put_run(con: duckdb.DuckDBPyConnection, built_at: datetime, on_step: OnStep | None) -> str:
    began = perf_counter()
    data_hash = fingerprint.of_inputs(con)
    run_id = f"{built_at:%Y%m%dT%H%M%SZ}-{data_hash[:8]}"
    row = [run_id, METHOD_VERSION, fingerprint.of_code(), built_at, data_hash]
    con.execute("insert into run_detail values (?, ?, ?, ?, ?)", row)
    _tell(on_step, "fingerprint", began)
    return run_id


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
    _tell(on_step, "draws", began)


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
