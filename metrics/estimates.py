"""One number per person with all that belongs to it, as aligned arrays and as table rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from metrics.stats import Bools, Floats, Ints

Columns = dict[str, NDArray[Any]]
Words = NDArray[np.object_]  # str or None

COLUMNS = {
    "value": pa.float64(),
    "low": pa.float64(),
    "high": pa.float64(),
    "numerator": pa.int64(),
    "denominator": pa.int64(),
    "effective_n": pa.float64(),
    "dispersion_in": pa.float64(),
    "dispersion_off": pa.float64(),
    "covered_days": pa.int64(),
    "reason": pa.string(),
    "word": pa.string(),
    "is_comparable": pa.bool_(),
}

GATED = ("value", "low", "high", "effective_n", "dispersion_in", "dispersion_off")


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who is watched, in the order of person_key, with their days."""

    keys: Ints
    ids: Words
    office: Words
    level: Words
    days: Columns  # the columns of person_total

    @property
    def size(self) -> int:
        """How many people."""
        return int(self.keys.size)

    def place(self, keys: Ints) -> Ints:
        """Positions of these person keys."""
        return np.searchsorted(self.keys, keys).astype(np.int64)

    def spread(self, keys: Ints, values: NDArray[Any]) -> Floats:
        """One number per person: `values` at the positions of `keys`, 0 elsewhere."""
        spread = np.zeros(self.size)
        spread[self.place(keys)] = values
        return spread


@dataclass(frozen=True, slots=True)
class Params:
    """The choices of this run."""

    values: dict[str, Any]

    def whole(self, name: str) -> int:
        """A choice that is a whole number."""
        return int(self.values[name])

    def real(self, name: str) -> float:
        """A choice that is a number."""
        return float(self.values[name])


@dataclass(frozen=True, slots=True)
class Estimate:
    """One metric in one phase for everybody; a value is NaN exactly where a reason stands."""

    metric: str
    phase: str
    value: Floats
    reason: Words
    numerator: Floats
    denominator: Floats
    covered_days: Floats
    low: Floats | None = None
    high: Floats | None = None
    effective_n: Floats | None = None
    dispersion_in: Floats | None = None  # of the season's counts: variance over mean
    dispersion_off: Floats | None = None
    word: Words | None = None
    is_comparable: Bools | None = None

    def gated(self, name: str) -> Floats:
        """A column that is NULL wherever a reason stands, or everywhere if it is missing."""
        values: Floats | None = getattr(self, name)
        if values is None:
            return np.full(self.value.shape, np.nan)
        if name == "low":
            values = np.minimum(values, self.value)  # against the last digit
        if name == "high":
            values = np.maximum(values, self.value)
        return np.where(self.has_value, values, np.nan)

    @property
    def has_value(self) -> Bools:
        """Where no reason stands against a value."""
        return is_none(self.reason)


def no_words(size: int) -> Words:
    """So many times None."""
    return np.full(size, None, object)


def is_none(words: Words) -> Bools:
    """Where there is no word."""
    return np.asarray(words == np.array(None), bool)


def first_reason(size: int, *conditions: tuple[Bools, str]) -> Words:
    """The code of the first condition that holds, None where none does."""
    reason = np.full(size, None, object)
    for holds, code in reversed(conditions):
        reason[holds] = code
    return reason


def fetch(con: duckdb.DuckDBPyConnection, query: str) -> Columns:
    """The columns of a query; NULL becomes NaN, or None in texts."""
    answer: dict[str, Any] = con.execute(query).fetchnumpy()
    return {name: _plain(column) for name, column in answer.items()}


def _plain(column: Any) -> NDArray[Any]:
    if not isinstance(column, np.ma.MaskedArray):
        return np.asarray(column)
    if column.dtype == object:
        return np.where(np.ma.getmaskarray(column), no_words(column.size), column.data)
    if not np.ma.getmaskarray(column).any():
        return np.asarray(column.data)
    return np.where(np.ma.getmaskarray(column), np.nan, column.data.astype(np.float64))


def read_people(con: duckdb.DuckDBPyConnection) -> People:
    """Everybody in `people`, with the days of `person_total`."""
    who = fetch(con, "select person_key, person_id, office, level from people order by person_key")
    days = fetch(
        con,
        "select t.* from person_total t join people p on p.person_key = t.person_key "
        "order by t.person_key",
    )
    ids, office, level = (who[name].astype(object) for name in ("person_id", "office", "level"))
    return People(who["person_key"].astype(np.int64), ids, office, level, days)


def read_params(con: duckdb.DuckDBPyConnection) -> Params:
    """The one row of `params`."""
    answer = con.execute("select * from params")
    names = [column[0] for column in answer.description or ()]
    row = answer.fetchone() or ()
    return Params(dict(zip(names, row, strict=True)))


def put(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """Make a table of the database from an Arrow table."""
    con.register("arriving", table)
    con.execute(f'create or replace table "{name}" as select * from arriving')  # noqa: S608
    con.unregister("arriving")


def rows(people: People, estimates: Sequence[Estimate]) -> pa.Table:
    """All estimates of everybody, one row each, in the order given."""
    parts: dict[str, list[pa.Array]] = {name: [] for name in COLUMNS}
    nothing = no_words(people.size)
    for one in estimates:
        comparable = one.has_value if one.is_comparable is None else one.is_comparable
        filled: dict[str, NDArray[Any]] = {
            "numerator": one.numerator,
            "denominator": one.denominator,
            "covered_days": one.covered_days,
            "reason": one.reason,
            "word": nothing if one.word is None else np.where(one.has_value, one.word, nothing),
            "is_comparable": comparable & one.has_value,
            **{name: one.gated(name) for name in GATED},
        }
        for name, kind in COLUMNS.items():
            column = filled[name]
            parts[name].append(pa.array(column, type=kind, from_pandas=True))
    count = len(estimates)
    named = {
        "person_key": pa.array(np.tile(people.keys, count), pa.int32()),
        "metric": pa.array(np.repeat([one.metric for one in estimates], people.size)),
        "phase": pa.array(np.repeat([one.phase for one in estimates], people.size)),
    }
    return pa.table({**named, **{n: pa.chunked_array(p, COLUMNS[n]) for n, p in parts.items()}})
