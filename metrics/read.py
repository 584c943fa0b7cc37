"""Every question a page may ask of a published copy, answered as a DataFrame.

A published copy is a file that never changes: a new one gets a new name. So all
answers are kept by path and shared between callers: **read them, never change
them in place**. Days are `datetime.date` or None, NULL numbers are NaN, NULL
texts None.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from metrics.choices import headline
from metrics.errors import CopyUnreadable

LATEST = "latest"
TABLES_OF_ONE = frozenset(
    {"account", "day", "metric", "pillar", "problem", "score", "season", "span", "spell"}
    | {"account_metric", "alternative", "broadcast_spell", "label_share", "partner_ladder"}
    | {"partner_mix", "response_curve", "topic_raised", "topic_share"}
)
TABLES_OF_ALL = frozenset(
    {"collect_run", "param", "person", "problem", "account", "coverage", "peer", "funnel"}
)

_OPEN_FILES = 2
_connections: dict[Path, duckdb.DuckDBPyConnection] = {}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Run:
    """Where a published copy comes from; the window is [from_on, to_on)."""

    run_id: str
    method_version: str
    code_version: str
    built_at: datetime
    from_on: date
    to_on: date
    data_hash: str
    is_invented: bool
    last_collected_at: datetime | None


def latest(data_dir: Path, folder_name: str = "published") -> Path | None:
    """The newest copy in a folder of `data_dir`, or None while there is none."""
    folder = data_dir / folder_name
    try:
        path = folder / (folder / LATEST).read_text("utf-8").strip()
    except OSError:
        return None
    return path if path.is_file() else None


@contextmanager
def _reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor of our own; CopyUnreadable when the file cannot answer."""
    try:
        with _cursor(path) as cursor:
            yield cursor
    except duckdb.Error as error:
        raise CopyUnreadable(path, str(error)) from error


def _cursor(path: Path) -> duckdb.DuckDBPyConnection:
    with _lock:
        if path not in _connections:
            while len(_connections) >= _OPEN_FILES:
                _connections.pop(next(iter(_connections)))  # closed with its last cursor
            _connections[path] = duckdb.connect(str(path), read_only=True)
        return _connections[path].cursor()


def _ask(path: Path, sql: str, values: list[Any] | None = None) -> pd.DataFrame:
    """The rows of one query; days as dates, NULL texts as None."""
    with _reading(path) as cursor:
        return answered(cursor, sql, values)


def answered(
    con: duckdb.DuckDBPyConnection, sql: str, values: list[Any] | None = None
) -> pd.DataFrame:
    """The same of any connection, such as that of a run in memory."""
    answer = con.execute(sql, values or [])
    kinds = {column[0]: str(column[1]) for column in answer.description or ()}
    frame = answer.df()
    for name, kind in kinds.items():
        if kind == "DATE":
            days = pd.to_datetime(frame[name])
            frame[name] = days.dt.date.astype(object).where(days.notna(), None)
        elif kind == "VARCHAR":
            frame[name] = frame[name].astype(object).where(frame[name].notna(), None)
    return frame


@lru_cache(maxsize=4)
def run(path: Path) -> Run:
    """Which run this copy is of, over which days, and whether people are invented."""
    row = _ask(path, "select * from run").iloc[0]
    collected = row["last_collected_at"]
    return Run(
        run_id=row["run_id"],
        method_version=row["method_version"],
        code_version=row["code_version"],
        built_at=row["built_at"].to_pydatetime(),
        from_on=row["window_from_on"],
        to_on=row["window_to_on"],
        data_hash=row["data_hash"],
        is_invented=bool(row["is_invented"]),
        last_collected_at=None if pd.isna(collected) else collected.to_pydatetime(),
    )


@lru_cache(maxsize=32)
def all_of(path: Path, table: str) -> pd.DataFrame:
    """A whole small table: people, accounts, coverage, problems, runs or parameters."""
    if table not in TABLES_OF_ALL:
        raise ValueError(f"no page reads all of {table}")
    return _ask(path, f"select * from {table}")  # noqa: S608 a name from the list above


@lru_cache(maxsize=2_048)
def of_person(path: Path, table: str, person_id: str) -> pd.DataFrame:
    """The rows of one table that are about one person."""
    if table not in TABLES_OF_ONE:
        raise ValueError(f"no page reads {table} by person")
    return _ask(path, f"select * from {table} where person_id = ?", [person_id])  # noqa: S608


def tables(path: Path) -> list[str]:
    """The names of the copy's tables."""
    with _reading(path) as cursor:
        rows = cursor.execute(
            "select table_name from duckdb_tables() where not internal"
        ).fetchall()
    return sorted(name for (name,) in rows)


def published(path: Path, table: str) -> pa.Table:
    """A whole table as it stands in the copy, its rows in the order of its columns."""
    if table not in tables(path):
        raise ValueError(f"{path} has no table {table}")
    with _reading(path) as cursor:
        return cursor.sql(f'select * from "{table}" order by all').to_arrow_table()  # noqa: S608


@lru_cache(maxsize=4)
def months(path: Path) -> pd.DataFrame:
    """Answers to citizens per person and month: `answers` is NULL where no day was known.

    One row per person with `month_on` and `answers` as lists over the whole window.
    """
    with _reading(path) as cursor:
        rows = cursor.execute(_MONTHS).fetchall()
    return pd.DataFrame(rows, columns=["person_id", "month_on", "answers"])


@lru_cache(maxsize=4)
def overview(path: Path) -> pd.DataFrame:
    """One row per person, by name: numbers with intervals, gate reasons, band and months.

    Columns of a metric are `<metric>_<column>`: presence, answers (off-season),
    answers_in (season), burst_acts, burst_replies. `sleep_days` is the longest winter sleep.
    """
    people = all_of(path, "person").set_index("person_id")
    wanted = [metric for metric, _ in OVERVIEW_METRICS.values()]
    metrics = _ask(path, "select * from metric where metric in (select unnest(?))", [wanted])
    parts = [people]
    for prefix, (metric, phase) in OVERVIEW_METRICS.items():
        rows = metrics[(metrics["metric"] == metric) & (metrics["phase"] == phase)]
        parts.append(rows.set_index("person_id")[list(_METRIC_COLUMNS)].add_prefix(f"{prefix}_"))
    score = _ask(path, "select person_id, score, low, high, pillars, band, reason from score")
    parts.append(score.set_index("person_id").add_prefix("score_"))
    parts.append(months(path).set_index("person_id")[["answers"]].add_prefix("month_"))
    parts.append(_ask(path, _SLEEPS).set_index("person_id").add_prefix("sleep_"))
    table = pd.concat(parts, axis=1).loc[people.index]
    table["has_winter_sleep"] = table["sleep_days"].notna()
    return table.sort_values("name", kind="stable").reset_index()


OVERVIEW_METRICS = {
    "presence": ("presence", "off_season"),
    "answers": ("answer_rate", "off_season"),
    "answers_in": ("answer_rate", "season"),
    "burst_acts": ("burst_acts", "all"),
    "burst_replies": ("burst_replies", "all"),
    "conversation": ("conversation", "off_season"),
}
_SLEEPS = """
select person_id, max(days) as days, arg_max(is_at_least, days) as is_at_least
from spell where is_winter_sleep and not is_excused and not is_possible group by person_id
"""
_METRIC_COLUMNS = (
    "value",
    "low",
    "high",
    "numerator",
    "denominator",
    "effective_n",
    "reason",
    "word",
    "is_comparable",
)


@lru_cache(maxsize=4)
def dictionary(path: Path) -> pd.DataFrame:
    """What the copy says of itself: every table and column with its description."""
    return _ask(path, _DICTIONARY)


_DICTIONARY = """
select table_name, null as column_name, comment, -1 as position from duckdb_tables()
where not internal
union all
select table_name, column_name, comment, column_index from duckdb_columns()
where not internal
order by table_name, position
"""

_MONTHS = """
with month as (
    select unnest(range(date_trunc('month', window_from_on)::timestamp,
                        window_to_on::timestamp, interval 1 month))::date as month_on
    from run
),
known as (
    select distinct s.person_id, m.month_on
    from span s join month m
      on s.from_on < m.month_on + interval 1 month and s.to_on >= m.month_on
    where s.kind = 'covered'
),
talked as (
    select person_id, date_trunc('month', on_day)::date as month_on,
           sum(citizen_replies)::bigint as answers
    from day group by all
)
select p.person_id, list(m.month_on order by m.month_on) as month_on,
       list(case when k.person_id is not null then coalesce(t.answers, 0) end
            order by m.month_on) as answers
from person p cross join month m
left join known k on k.person_id = p.person_id and k.month_on = m.month_on
left join talked t on t.person_id = p.person_id and t.month_on = m.month_on
where p.shows_replies
group by p.person_id
"""


@lru_cache(maxsize=4)
def comparison(path: Path) -> pd.DataFrame:
    """The overview's rows with what is compared besides: talk and acts in and off season, P(band).

    Columns of a metric are `<metric>_<column>`: conversation_in, acts (own acts a week,
    off-season), acts_in; of the score also `score_p_a` to `score_p_e`.
    """
    parts = [overview(path).set_index("person_id")]
    metrics = _ask(path, "select * from metric where metric in ('conversation', 'acts_per_week')")
    for prefix, (metric, phase) in COMPARED_METRICS.items():
        rows = metrics[(metrics["metric"] == metric) & (metrics["phase"] == phase)]
        parts.append(rows.set_index("person_id")[list(_METRIC_COLUMNS)].add_prefix(f"{prefix}_"))
    chances = _ask(path, "select person_id, p_a, p_b, p_c, p_d, p_e from score")
    parts.append(chances.set_index("person_id").add_prefix("score_"))
    return pd.concat(parts, axis=1).loc[parts[0].index].reset_index()


COMPARED_METRICS = {
    "conversation_in": ("conversation", "season"),
    "acts": ("acts_per_week", "off_season"),
    "acts_in": ("acts_per_week", "season"),
}


@lru_cache(maxsize=4)
def alternatives(path: Path) -> pd.DataFrame:
    """Everybody's score and band under each other rule, beside those of the headline.

    One row per person and rule, by rule and name: person_id, name, choice, value, score,
    band, reason, before, band_before. The score is NaN where it would rest on other pillars.
    """
    return _ask(path, _ALTERNATIVES)


_ALTERNATIVES = """
select a.person_id, p.name, a.choice, a.value, a.score, a.band, a.reason,
       h.score as before, h.band as band_before
from alternative a
join alternative h on h.person_id = a.person_id and h.is_headline
join person p on p.person_id = a.person_id
where not a.is_headline
order by a.choice, a.value, p.name, a.person_id
"""


@dataclass(frozen=True, slots=True)
class OtherChoice:
    """A choice of this copy that is not the headline's."""

    name: str
    value: str
    usual: str


@lru_cache(maxsize=4)
def other_choices(path: Path) -> tuple[OtherChoice, ...]:
    """Where this copy was scored with other choices than the headline's; usually nowhere."""
    usual = {name: str(value) for name, value in headline().items()}
    params = all_of(path, "param")
    return tuple(
        OtherChoice(name, value, usual[name])
        for name, value in zip(params["name"], params["value"], strict=True)
        if value.lower() != usual.get(name, value).lower()
    )
