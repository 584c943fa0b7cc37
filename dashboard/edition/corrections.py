"""What a corrected edition changes, row by row, and for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from dashboard.edition.tables import NOT_PUBLISHED, Tables

KEYS = {  # what names a row in each table; the other columns may change
    "account": ("account_id",),
    "account_metric": ("account_id", "metric", "phase"),
    "alternative": ("person_id", "choice", "value"),
    "day": ("person_id", "on_day"),
    "funnel": ("office", "level", "metric", "n"),
    "label_share": ("person_id", "phase", "label"),
    "metric": ("person_id", "metric", "phase"),
    "param": ("name",),
    "partner_ladder": ("person_id",),
    "partner_mix": ("person_id", "quarter_from_on"),
    "peer": ("office", "level", "metric", "phase"),
    "person": ("person_id",),
    "pillar": ("person_id", "pillar"),
    "response_curve": ("person_id", "day"),
    "run": (),
    "score": ("person_id",),
    "season": ("person_id", "election_id"),
    "spell": ("person_id", "from_on"),
    "thread_partial": ("person_id",),
    "topic_share": ("person_id", "topic"),
}
COLUMNS = ("person_id", "table", "row", "column", "before", "after")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that differs, as text; a row that came or went has no column."""

    person_id: str  # empty where it is about nobody in particular
    table: str
    row: str  # what names the row within its table
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Correction:
    """Which edition is corrected, why, and every cell that differs."""

    old_id: str
    old_title: str
    because: str
    changes: tuple[Change, ...]
    added: tuple[str, ...]  # person ids
    removed: tuple[str, ...]
    before: Tables

    def of(self, person_id: str) -> tuple[Change, ...]:
        """The changes about one person."""
        return tuple(one for one in self.changes if one.person_id == person_id)

    @property
    def people(self) -> tuple[str, ...]:
        """Who is in both editions and for whom something differs, by id."""
        new = {*self.added, *self.removed, ""}
        return tuple(sorted({one.person_id for one in self.changes} - new))


def changes(before: Tables, after: Tables) -> tuple[Change, ...]:
    """Every cell that differs between the tables of two editions, in the order of tables."""
    found: list[Change] = []
    owners = _owners(*(tables["account"] for tables in (before, after) if "account" in tables))
    for name in sorted({*before, *after} - set(NOT_PUBLISHED)):
        one, other = before.get(name), after.get(name)
        if one is None or other is None:
            found.append(
                Change("", name, "", "", *("" if t is None else "table" for t in (one, other)))
            )
        elif not one.equals(other):
            found += _between(name, one, other, owners)
    return tuple(found)


def _between(
    name: str, before: pa.Table, after: pa.Table, owners: Mapping[str, str]
) -> Iterator[Change]:
    old, new = (_by_key(name, table) for table in _differing(before, after))
    for key in sorted({*old, *new}):
        one, other = old.get(key), new.get(key)
        person_id = _person(one or other or {}, owners)
        row = _row_name(name, one or other or {})
        if one is None or other is None:
            yield Change(
                person_id, name, row, "", *("" if r is None else "row" for r in (one, other))
            )
            continue
        for column in {**one, **other}:
            if one.get(column) != other.get(column):
                yield Change(
                    person_id, name, row, column, _text(one.get(column)), _text(other.get(column))
                )


def _differing(before: pa.Table, after: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The rows that are in one of both alone; all of them where the columns differ."""
    if before.schema != after.schema:
        return before, after
    with duckdb.connect() as con:
        con.register("old", before)
        con.register("new", after)
        found = [
            con.sql(f"select * from {one} except all select * from {other}").to_arrow_table()  # noqa: S608
            for one, other in (("old", "new"), ("new", "old"))
        ]
    return found[0], found[1]


def _by_key(name: str, table: pa.Table) -> Mapping[tuple[str, ...], Row]:
    """Rows by what names them; tables without a key by all they hold, so that rows come or go."""
    columns = KEYS.get(name, tuple(table.column_names))
    found: dict[tuple[str, ...], Row] = {}
    for row in table.to_pylist():
        key = tuple(_text(row.get(column)) for column in columns)
        number = 0
        while (*key, str(number)) in found:  # equal rows are told apart by their number
            number += 1
        found[*key, str(number)] = row
    return found


def _row_name(name: str, row: Row) -> str:
    columns = KEYS.get(name, tuple(row))
    return " ".join(_text(row.get(one)) for one in columns if one != "person_id").strip()


def _owners(*tables: pa.Table) -> dict[str, str]:
    """Whose account is whose."""
    found: dict[str, str] = {}
    for table in tables:
        columns = (table[name].to_pylist() for name in ("account_id", "person_id"))
        found |= dict(zip(*columns, strict=True))
    return found


def _person(row: Row, owners: Mapping[str, str]) -> str:
    return str(row.get("person_id") or owners.get(str(row.get("account_id")), "") or "")


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
