"""A world into DuckDB, the models over it, and the tables a reader would get."""

from __future__ import annotations

import dataclasses
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from metrics import models, score
from metrics.text import TOPICS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from metrics.alternatives import Rule
    from tests.oracles.rows import World

TABLES = (
    "people",
    "mandates",
    "elections",
    "absences",
    "accounts",
    "spans",
    "partners",
    "posts",
    "received",
)
EPOCH = date(1970, 1, 1)
Row = dict[str, Any]


class Copy:
    """The published tables of one computation, as plain rows."""

    def __init__(self, con: duckdb.DuckDBPyConnection, names: tuple[str, ...]) -> None:
        self._tables = {name: list(_rows(con, name)) for name in names}

    def __getitem__(self, table: str) -> list[Row]:
        return self._tables[table]

    def metric(self, name: str, phase: str, person: int = 1) -> Row:
        rows = [r for r in self["metric"] if (r["metric"], r["phase"]) == (name, phase)]
        return next(r for r in rows if int(r["person_id"][1:]) == person)

    def spells(self, person: int = 1) -> list[Row]:
        rows = [r for r in self["spell"] if int(r["person_id"][1:]) == person]
        return sorted(rows, key=lambda r: r["from_on"])


def compute(world: World, *tables: str, rules: tuple[Rule, ...] = ()) -> Copy:
    """Run all models over the world; with no names given: metric and spell."""
    columns = {table: columns_of(getattr(world, table)) for table in TABLES}
    is_legal = world.season_rule == "legal"
    choices = {
        **world.choices,
        "season_rule": "legal" if is_legal else "days",
        "season_days": 90 if is_legal else int(world.season_rule),
    }
    window = (world.start_day, world.end_day)
    return compute_columns(columns, window, choices, *tables, rules=rules)


def compute_columns(
    columns: Mapping[str, Mapping[str, Any]],
    window: tuple[int, int],
    choices: Mapping[str, Any],
    *tables: str,
    rules: tuple[Rule, ...] = (),
) -> Copy:
    """The same from columns per input table, for worlds too big for rows."""
    with closing(duckdb.connect()) as con:
        models.prepare(con, start_day=window[0], end_day=window[1], **choices)
        for table in TABLES:
            if columns.get(table):
                con.register("incoming", pa.table(dict(columns[table])))
                con.execute(f"insert into {table} by name select * from incoming")
                con.unregister("incoming")
        score.compute(con, rules=rules)
        return Copy(con, tables or ("metric", "spell"))


def columns_of(rows: tuple[Any, ...]) -> dict[str, list[Any]]:
    if not rows:
        return {}
    names = [field.name for field in dataclasses.fields(rows[0])]
    columns = {name.rstrip("_"): [getattr(row, name) for row in rows] for name in names}
    if "topics" in columns:
        columns["topic_bits"] = [_bits(topics) for topics in columns.pop("topics")]
    return columns


def _bits(topics: tuple[str, ...]) -> int:
    return sum(1 << TOPICS.index(topic) for topic in topics)


def _rows(con: duckdb.DuckDBPyConnection, table: str) -> Iterator[Row]:
    cursor = con.execute(f"select * from {table}")
    names = [column[0] for column in cursor.description or []]
    for values in cursor.fetchall():
        yield {
            name: (value - EPOCH).days if type(value) is date else value
            for name, value in zip(names, values, strict=True)
        }
