"""Five metrics by our models on DuckDB and on Spark, beside pandas, polars and a plain scan.

python -m bench engines                 at a million posts and received
python -m bench engines --size 10M      at more; pandas and polars up to 10M

Every engine starts with the same rows in memory (Spark: on disk), in a process of its own,
and must come to the same sums.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from bench import synthetic
from bench.figure import Figure, apart, peak_megabytes
from bench.plain_pandas import Pandas
from bench.plain_polars import Polars
from bench.plainly import POSTS, RECEIVED
from metrics import export, load, models, score, spark

PEOPLE, PEERS_AT_MOST = 10_000, "10M"
AIM_POLARS, AIM_PANDAS = 1.0, 10.0
METRICS = ("presence", "burst", "silence", "conversation", "answering")
BASE = ("act", "person_total", "person_run", "week", "received_item", "response")
TARGETS = {  # the models whose counts the metric's statistics read, and the sums compared
    "presence": (("presence_week",), "select sum(cast(is_active as int)), "
                 "sum(cast(is_talk_active as int)), count(*) from presence_week "
                 "where is_covered"),
    "burst": (("burst_count",), "select sum(season_count), sum(off_count), "
              "sum(week_season_squares), sum(week_off_squares), sum(block_season_squares), "
              "sum(block_off_squares) from burst_count"),
    "silence": (("silence",), "select count(*), sum(days), count(case when kind <> 'silent' "
                "then 1 end), count(election_id), sum(longest_other) from silence"),
    "conversation": (("conversation_block", "conversation_count"),
                     "select sum(c.act_count), sum(c.citizen_count), sum(c.thread_squares), "
                     "max(b.weighed) from conversation_count c cross join (select "
                     "sum(block * citizen_count) as weighed from conversation_block) b"),
    "answering": (("asker_block", "asker_count"), "select sum(a.item_count * a.asker_count), "
                  "sum(a.answered_count * a.asker_count), sum(a.redirected_count * a.asker_count),"
                  " max(b.weighed) from asker_count a cross join (select "
                  "sum(block * answered_count) as weighed from asker_block) b"),
}  # fmt: skip


def figures() -> list[Figure]:
    """Seconds and memory of every engine, and how many times faster the models are."""
    word = os.environ.get("BENCH_SIZE", "1M")
    size = synthetic.sized(word, PEOPLE)
    has_peers = size.posts <= synthetic.sized(PEERS_AT_MOST, PEOPLE).posts
    sides = ["scan", "duckdb", *(["pandas", "polars"] if has_peers else []), "spark"]
    with TemporaryDirectory() as name:
        folder = Path(name)
        apart(_make, folder, size)
        took = {side: apart(_taken, side, folder) for side in sides}
    ours = took["duckdb"]
    _agree(took)
    found = []
    for metric in ("base", *METRICS):
        what = f"{metric} at {word}"
        found.append(Figure(f"{what}, Spark", took["spark"][metric], "s", "—", is_reached=True))
        for peer, aim in (("pandas", AIM_PANDAS), ("polars", AIM_POLARS)):
            if peer in took:
                other = took[peer][metric]
                ratio = other / ours[metric]
                is_reached = metric == "base" or ratio >= aim
                told = "—" if metric == "base" else f"≥ ×{aim:.0f}"
                found.append(
                    Figure(what, ours[metric], "s", told, is_reached, f"{peer}, s", other, ratio)
                )
    for name, one in took.items():
        total = sum(one[metric] for metric in ("base", *METRICS) if metric in one)
        found.append(Figure(f"all of it at {word}, {name}", total, "s", "—", is_reached=True))
        found.append(Figure("  peak memory", one["megabytes"], "MB", "—", is_reached=True))
    return found


def _agree(took: dict[str, dict[str, Any]]) -> None:
    for name, one in took.items():
        if name != "scan" and one["sums"] != took["duckdb"]["sums"]:
            raise ValueError(f"{name} counts {one['sums']}, not {took['duckdb']['sums']}")


def _timed(took: dict[str, Any], name: str, work: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    answer = work()
    took[name] = took.get(name, 0.0) + time.perf_counter() - began
    return answer


def _make(folder: Path, size: synthetic.Size) -> None:
    store = folder / score.STORE
    roster = synthetic.fill(store, size)
    window = load.Window(synthetic.FIRST_ON, synthetic.LAST_ON)
    export.export(folder, roster, folder / "export", window=window)
    store.unlink()


def _taken(side: str, folder: Path) -> dict[str, Any]:
    """What one engine took: seconds by metric, its sums, MB."""
    took = SIDES[side](folder)
    return {"megabytes": peak_megabytes(), **took}


def _by_metric(build: Callable[[models.Model], object], took: dict[str, Any]) -> None:
    done: set[str] = set()
    for metric, targets in (("base", BASE), *((m, TARGETS[m][0]) for m in METRICS)):
        for model in _before(targets):
            if model.name not in done:
                _timed(took, metric, lambda model=model: build(model))  # type: ignore[misc]
                done.add(model.name)


def _before(targets: tuple[str, ...]) -> list[models.Model]:
    wanted = set(targets)
    ordered = models.in_order(models.all_models())
    for model in reversed(ordered):
        if model.name in wanted:
            wanted |= model.reads
    return [model for model in ordered if model.name in wanted]


def _tables(folder: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    for name in (*export.INPUTS,):
        files = f"{folder}/export/{name}/**/*.parquet"
        keep = "* exclude (bucket)" if name in export.BIG else "*"
        con.execute(f"create table \"{name}\" as select {keep} from '{files}'")  # noqa: S608
    return con


def on_duckdb(folder: Path) -> dict[str, Any]:
    """Our models on DuckDB."""
    con, took = _tables(folder), {"sums": {}}
    _by_metric(lambda model: models.create(con, model), took)
    for metric in METRICS:
        took["sums"][metric] = [int(n) for n in con.execute(TARGETS[metric][1]).fetchall()[0]]
    return took


def on_spark(folder: Path) -> dict[str, Any]:
    """Our models on Spark."""
    took: dict[str, Any] = {"sums": {}}
    with spark.session("local[2]", {"spark.driver.memory": "6g"}) as session:
        engine = spark.Engine(session, str(folder / "export"))
        engine.read({}, synthetic.WALKED)
        _by_metric(engine.build, took)
        for metric in METRICS:
            (row,) = engine.ask(TARGETS[metric][1]).to_pylist()
            took["sums"][metric] = [int(n) for n in row.values()]
        engine.forget()
        took["megabytes"] = _jvm_megabytes(session)
    return took


def _jvm_megabytes(session: Any) -> float:
    """The largest resident size of Spark's own process so far, as Linux tells it."""
    process = session._jvm.java.lang.ProcessHandle.current().pid()
    told = Path(f"/proc/{process}/status").read_text("utf-8")
    return int(told.split("VmHWM:")[1].split()[0]) / 1024


def scan(folder: Path) -> dict[str, Any]:
    """Every column that the metrics read, once."""
    con, took = _tables(folder), {}
    for table, columns in (("posts", POSTS), ("received", RECEIVED)):
        every = ", ".join(f'max("{name}")' for name in columns)
        query = f"select {every} from {table}"  # noqa: S608
        _timed(took, "base", lambda query=query: con.execute(query).fetchall())
    return took


def plainly(peer: type[Pandas | Polars], folder: Path) -> dict[str, Any]:
    """The same in a data frame library."""
    took: dict[str, Any] = {"sums": {}}
    one = peer(folder / "export")
    _timed(took, "base", one.base)
    for metric in METRICS:
        took["sums"][metric] = list(_timed(took, metric, getattr(one, metric)))
    return took


SIDES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "scan": scan,
    "duckdb": on_duckdb,
    "spark": on_spark,
    "pandas": partial(plainly, Pandas),
    "polars": partial(plainly, Polars),
}
