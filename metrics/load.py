"""The store and the roster as the models' inputs, in a fresh database.

Everything in this step is DuckDB's own: moments become epoch seconds and local day
numbers, observations become last words, spans become whole local days. What
follows it is portable SQL.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa

from metrics import models
from metrics.errors import LoadError
from metrics.estimates import Columns, fetch, put
from metrics.models import HERE, OnStep
from metrics.stats import Bools, Ints
from metrics.text import boilerplate

ROSTER = ("people", "mandates", "accounts", "absences", "elections")
STEPS = (
    "people",
    "accounts",
    "observed",
    "answers",
    "topics",
    "spans",
    "late",
    "copies",
    "posts",
    "received",
    "details",
)
EPOCH = date(1970, 1, 1)
FIRST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)  # claims before it are no usable moments
COPY_SECONDS = 86_400
MEMORY, MEMORY_AN_ITEM = 2 << 30, 64  # bytes: more is not held but put aside on disk
UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")
ANSWERS = 200_000  # answers whose keys are looked at together, about: memory stays flat


@dataclass(frozen=True, slots=True)
class Window:
    """Local days from `from_on` up to, not including, `to_on`."""

    from_on: date
    to_on: date

    @property
    def days(self) -> tuple[int, int]:
        """The same as day numbers."""
        return (self.from_on - EPOCH).days, (self.to_on - EPOCH).days


def load(
    con: duckdb.DuckDBPyConnection,
    store: Path | None,
    roster: Mapping[str, pa.Table],
    *,
    window: Window | None = None,
    choices: Mapping[str, float | str] | None = None,
    on_step: OnStep | None = None,
) -> Window:
    """Fill inputs.sql and details.sql from the store and the roster's tables; the window used.

    Without a file the store is a database that is attached as `store` already.
    """
    with _attached(con, store):
        used = window or default_window(con)
        start_day, end_day = used.days
        if start_day >= end_day:
            raise LoadError(f"window {used.from_on} to {used.to_on}: it has no day")
        models.prepare(con, start_day=start_day, end_day=end_day, **dict(choices or {}))
        for name in ROSTER:
            put(con, f"roster_{name}", roster[name])
        _put_zones(con, roster["people"], used)
        models.create(con, models.all_models()["topic"])
        for step in STEPS:
            began = perf_counter()
            _run(con, step)
            if on_step is not None:
                on_step(f"load {step}", perf_counter() - began)
    _forget_temporary(con)
    return used


@contextmanager
def _attached(con: duckdb.DuckDBPyConnection, store: Path | None) -> Iterator[None]:
    """The store under its name for a while; LoadError where it cannot be read."""
    if store is not None:
        try:
            con.execute(f"attach '{str(store).replace(chr(39), chr(39) * 2)}' as store (read_only)")
        except duckdb.Error as error:
            raise LoadError(f"store {store}: cannot be read → {_one_line(error)}") from error
        _bound_memory(con)
    try:
        yield
    except duckdb.Error as error:
        raise LoadError(f"store {store or 'in memory'}: {_one_line(error)}") from error
    finally:
        if store is not None:
            con.execute("detach store")


def _bound_memory(con: duckdb.DuckDBPyConnection) -> None:
    """Hold no more than the size of the store asks for; a smaller bound of the machine stays."""
    ((items, told),) = con.execute(
        "select (select count(*) from store.post) + (select count(*) from store.received), "
        "current_setting('memory_limit')"
    ).fetchall()
    number, unit = told.split()
    allowed = float(number) * 1024 ** UNITS.index(unit)
    con.execute(f"set memory_limit = '{min(allowed, MEMORY + MEMORY_AN_ITEM * items):.0f} bytes'")


def _run(con: duckdb.DuckDBPyConnection, step: str) -> None:
    text = (HERE / "load" / f"{step}.sql").read_text("utf-8")
    if step == "copies":
        _put_copies(con, text)
    elif step == "answers":
        _put_form_letters(con, text)
    else:
        con.execute(text)


def default_window(con: duckdb.DuckDBPyConnection) -> Window:
    """The last six years up to the day of the last walk (METHOD §0.2)."""
    first, last = con.execute(
        "select (max(end_at)::date - interval 6 year)::date, max(end_at)::date from store.span"
    ).fetchone() or (None, None)
    if first is None or last is None:
        raise LoadError("the store knows no day of any account yet → run: winterslaap collect")
    return Window(first, last)


def _put_zones(con: duckdb.DuckDBPyConnection, people: pa.Table, window: Window) -> None:
    """Offsets from UTC by time zone and UTC day; at most one change a day."""
    last = datetime.combine(window.to_on, datetime.min.time(), UTC) + timedelta(days=400)
    zones = sorted({name or "Europe/Brussels" for name in people["timezone"].to_pylist()})
    put(con, "zone_day", pa.concat_tables([zone_table(name, FIRST_MOMENT, last) for name in zones]))
    put(
        con,
        "zone_edge",
        pa.table(
            {
                "first_at": pa.array([FIRST_MOMENT + timedelta(days=1)], pa.timestamp("us")),
                "last_at": pa.array([last - timedelta(days=1)], pa.timestamp("us")),
            }
        ),
    )


def zone_table(name: str, first: datetime, last: datetime) -> pa.Table:
    """One row per UTC day in [first, last): seconds east of UTC before and after a change."""
    zone = ZoneInfo(name)
    days = range((first.date() - EPOCH).days, (last.date() - EPOCH).days)

    def offset(moment: int) -> int:
        at = datetime.fromtimestamp(moment, zone).utcoffset()
        return int(at.total_seconds()) if at is not None else 0

    starts = [offset(day * 86_400) for day in days] + [offset(days.stop * 86_400)]
    changes = []
    for place, day in enumerate(days):
        low, high = day * 86_400, (day + 1) * 86_400
        while starts[place] != starts[place + 1] and high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle) == starts[place] else (low, middle)
        changes.append(high)
    return pa.table(
        {
            "timezone": pa.array([name] * len(days), pa.string()),
            "utc_day": pa.array(days, pa.int64()),
            "change_at": pa.array(changes, pa.int64()),
            "offset_before": pa.array(starts[:-1], pa.int64()),
            "offset_after": pa.array(starts[1:], pa.int64()),
        }
    )


def _put_copies(con: duckdb.DuckDBPyConnection, query: str) -> None:
    posts = fetch(con, query)
    _put_marked(
        con, "crosspost", posts, copies(posts["cluster"], posts["account_key"], posts["moment"])
    )


def _put_form_letters(con: duckdb.DuckDBPyConnection, query: str) -> None:
    """Answers that are one of three or more near-identical ones of their person."""
    shared = (HERE / "load" / "shared_answers.sql").read_text("utf-8")
    ((count,),) = con.execute("select count(answer_keys) from observed").fetchall()
    parts = 1 + count // ANSWERS
    for part in range(parts):
        con.execute(shared, {"part": part, "parts": parts})
    answers = fetch(con, query)
    is_form = np.zeros(answers["person_key"].size, bool)
    starts = np.flatnonzero(np.diff(answers["person_key"], prepend=-1))
    for start, stop in itertools.pairwise([*starts.tolist(), is_form.size]):
        is_form[start:stop] = boilerplate(answers["text"][start:stop].tolist())
    _put_marked(con, "form_letter", answers, is_form)


def _put_marked(con: duckdb.DuckDBPyConnection, name: str, rows: Columns, is_marked: Bools) -> None:
    put(
        con,
        name,
        pa.table(
            {
                "account_key": pa.array(rows["account_key"][is_marked], pa.int32()),
                "post_key": pa.array(rows["post_key"][is_marked], pa.int64()),
            }
        ),
    )


def copies(cluster: Ints, account: Ints, moment: Ints) -> Bools:
    """Which rows repeat an earlier row of their cluster from another account within a day.

    Rows are sorted by cluster and moment. The earliest of a cluster counts; a copy is
    never the beginning of another day's cluster.
    """
    is_copy = np.zeros(cluster.size, bool)
    heads: list[tuple[int, int]] = []  # account and moment
    current = None
    rows = zip(cluster.tolist(), account.tolist(), moment.tolist(), strict=True)
    for place, (one, who, at) in enumerate(rows):
        if one != current:
            current, heads = one, []
        heads = [head for head in heads if at - head[1] <= COPY_SECONDS]
        is_copy[place] = any(head[0] != who for head in heads)
        if not is_copy[place]:
            heads.append((who, at))
    return is_copy


def _forget_temporary(con: duckdb.DuckDBPyConnection) -> None:
    names = con.execute(
        "select table_name from duckdb_tables() where temporary or table_name like 'roster\\_%' "
        "escape '\\' or table_name in ('zone_day', 'zone_edge', 'crosspost', 'form_letter')"
    ).fetchall()
    for (name,) in names:
        con.execute(f'drop table "{name}"')


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
