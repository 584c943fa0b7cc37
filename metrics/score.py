"""From the store to a checked, published copy: load, models, statistics, marts, checks, publish."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import duckdb
import numpy as np
import pyarrow as pa

from metrics import (
    accounts,
    agenda,
    alternatives,
    answering,
    attitude,
    breadth,
    contract,
    conversation,
    fingerprint,
    models,
    peers,
    pillars,
    presence,
    publish,
    relations,
    sleep,
    steadiness,
    tones,
)
from metrics.alternatives import RULES, Rebuild, Rule
from metrics.estimates import put, read_params, read_people, rows
from metrics.load import Window, load
from metrics.models import HERE, OnStep

PARTS = (
    presence,
    steadiness,
    conversation,
    answering,
    relations,
    breadth,
    attitude,
    agenda,
    tones,
)
METHOD_VERSION = "1"
STORE, PUBLISHED, TRIALS = "winterslaap.duckdb", "published", "trials"


def run(
    data_dir: Path,
    roster: Mapping[str, pa.Table],
    *,
    window: Window | None = None,
    choices: Mapping[str, float | str] | None = None,
    now: datetime | None = None,
    on_step: OnStep | None = None,
    is_trial: bool = False,
) -> Path:
    """Score the store in `data_dir` and publish; the path of the new copy.

    `roster` holds one Arrow table per roster file. Raises MetricsError, and then the
    last copy stays the latest. `now` stands in the copy and its name. A trial is kept
    aside: pages never show it.
    """
    built_at = (now or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None)
    scratch = data_dir / f".{PUBLISHED}"
    with duckdb.connect() as con:
        con.execute("set global TimeZone = 'UTC'")
        con.execute(f"set temp_directory = '{str(scratch).replace(chr(39), chr(39) * 2)}'")
        load(con, data_dir / STORE, roster, window=window, choices=choices, on_step=on_step)
        run_id = build(con, built_at, on_step)
        began = perf_counter()
        path = publish.publish(con, data_dir / (TRIALS if is_trial else PUBLISHED), run_id)
        _tell(on_step, "publish", began)
    return path


def build(con: duckdb.DuckDBPyConnection, built_at: datetime, on_step: OnStep | None) -> str:
    """Every mart of what is loaded, checked; the run's id. `built_at` is UTC without its zone."""
    run_id = _put_run(con, built_at, on_step)
    compute(con, on_step)
    began = perf_counter()
    publish.check(con)
    _tell(on_step, "checks", began)
    return run_id


def _put_run(con: duckdb.DuckDBPyConnection, built_at: datetime, on_step: OnStep | None) -> str:
    began = perf_counter()
    data_hash = fingerprint.of_inputs(con)
    run_id = f"{built_at:%Y%m%dT%H%M%SZ}-{data_hash[:8]}"
    row = [run_id, METHOD_VERSION, fingerprint.of_code(), built_at, data_hash, contract.VERSION]
    con.execute("insert into run_detail values (?, ?, ?, ?, ?, ?)", row)
    _tell(on_step, "fingerprint", began)
    return run_id


def compute(
    con: duckdb.DuckDBPyConnection,
    on_step: OnStep | None = None,
    *,
    rules: tuple[Rule, ...] = RULES,
) -> None:
    """Fill every mart from the inputs and params that are in the connection.

    `rules`: the other rules under which everything is computed once more.
    """
    models.build(con, on_step=on_step)
    statistics(con, on_step, rules)
    models.build(con, ("marts",), on_step)


def statistics(
    con: duckdb.DuckDBPyConnection,
    on_step: OnStep | None,
    rules: tuple[Rule, ...],
    rebuild: Rebuild = alternatives.rebuild,
) -> None:
    """Make the stat_* tables from the counts of the intermediate models.

    `rebuild` makes the models of another rule where `con` reads first.
    """
    people, params = read_people(con), read_params(con)
    estimates = []
    for part in PARTS:
        began = perf_counter()
        estimates += part.estimates(con, people, params)
        _tell(on_step, part.__name__.removeprefix("metrics."), began)
    found = {(one.metric, one.phase): one for one in estimates}
    estimates += peers.shrunk_bursts(people, params, found)
    put(con, "stat_metric", rows(people, estimates))
    put(con, "stat_peer", peers.peer_rows(people, params, estimates))
    answered = found["answer_rate", "off_season"]
    put(con, "stat_funnel", peers.funnel_rows(people, params, answered))
    put(con, "stat_curve", answering.curve_rows(con, people, params))
    put(con, "stat_account", accounts.account_rows(con, params))
    began = perf_counter()
    put(con, "stat_sleep", sleep.findings(con, people, params))
    _tell(on_step, "sleep", began)
    began = perf_counter()
    put(con, "stat_pillar", pillars.pillar_rows(people, params, pillars.pillars_of(found)))
    others = alternatives.of_score(people, params, found)
    for other in alternatives.of_rules(con, params, found, rules, rebuild):
        others.append(other)
        _tell(on_step, f"rule {other.choice} {other.value}", began)
        began = perf_counter()
    scored = pillars.score_rows(con, people, params, found, others)
    put(con, "stat_score", scored)
    score = scored["score"].to_numpy().astype(np.float64)
    put(con, "stat_alternative", pillars.alternative_rows(people, score, others))
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
