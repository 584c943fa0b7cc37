"""The published copy as a contract: its tables, columns, types, units and codes, with a version.

What a column means stands in the header of its model; its type and the version stand in
contract.json, which a test holds against a copy that was built. Readers find the version in
the table `run`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from fnmatch import fnmatch

import duckdb

from metrics import models, publish

VERSION = 2  # raised when a published table or column comes, goes or changes its type
LOCK = models.HERE / "contract.json"

REASONS = {
    "no_coverage": "none of the days needed is known",
    "too_short": "the known days are too few to say it fairly",
    "too_few": "too few acts, threads, askers or citizens",
    "nobody_asked": "what is received is seen, and nobody asked anything",
    "not_observable": "none of the person's accounts can show it",
    "no_season": "no season that counts lies in the window",
    "rarely_present": "a long silence of somebody who is rarely present all year",
    "possible": "a silence that touches an unknown day",
    "other_pillars": "under that rule the score would rest on other pillars",
}
UNITS_OF_METRICS = {  # of value, low and high in `metric` and `account_metric`; the first that fits
    "active_months": "months a year",
    "ask_months": "months a year",
    "acts_per_week": "acts per 7 days",
    "citizen_replies_per_week": "replies per 7 days",
    "asks_per_100": "asks per 100 acts",
    "partners_per_30": "citizens per 30 replies",
    "effective_partners": "citizens",
    "relation_days": "days",
    "response_median_days": "days",
    "burst_*": "factor: season over off-season",
    "cliff": "factor: after over before an election",
    "burstiness": "-1 to 1",
    "tone_*": "compound, -1 to 1",
    "pick_up": "difference of shares, -1 to 1",
    "*": "share, 0 to 1",
}
UNITS_OF_TYPES = {"varchar": "", "boolean": "", "date": "local day", "timestamp": "moment, UTC"}
UNITS = {  # by table and column; the first that fits
    "*.day": "days",
    "*.days": "days",
    "*.*_days": "days",
    "*.days_*": "days",
    "*metric.value": "of its metric",
    "*metric.low": "of its metric",
    "*metric.high": "of its metric",
    "peer.median": "of its metric",
    "peer.*_quartile": "of its metric",
    "funnel.centre": "share, 0 to 1",
    "funnel.low_*": "share, 0 to 1",
    "funnel.high_*": "share, 0 to 1",
    "*metric.effective_n": "observations, or dispersion",
    "*metric.dispersion_*": "variance over mean",
    "response_curve.*": "share, 0 to 1",
    "*.*share": "share, 0 to 1",
    "score.p_*": "share, 0 to 1",
    "score.alternative_keep": "share, 0 to 1",
    "pillar.value": "of its pillar",
    "spell.p_value": "probability, 0 to 1",
    "run.contract_version": "number",
    "score.*": "points, 0 to 100",
    "pillar.*": "points, 0 to 100",
    "alternative.score": "points, 0 to 100",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the published copy."""

    name: str
    type: str
    unit: str  # empty where there is none: names, words, yes or no
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the published copy."""

    name: str
    description: str
    grain: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """What whoever reads a published copy may rely on until the version changes."""

    version: int
    tables: tuple[Table, ...]
    reasons: dict[str, str]
    units_of_metrics: dict[str, str]


def contract() -> Contract:
    """The tables and columns of this version, in the order of their names and of the columns."""
    types = json.loads(LOCK.read_text("utf-8"))["tables"]
    tables = []
    for mart in sorted(publish.marts(), key=lambda model: model.name):
        columns = tuple(
            Column(name, kind, unit(mart.name, name, kind), mart.columns[name])
            for name, kind in types[mart.name].items()
        )
        tables.append(Table(mart.name, mart.title, mart.grain, columns))
    return Contract(VERSION, tuple(tables), REASONS, UNITS_OF_METRICS)


def unit(table: str, column: str, kind: str) -> str:
    """What a column is counted in."""
    if kind in UNITS_OF_TYPES:
        return UNITS_OF_TYPES[kind]
    place = f"{table}.{column}"
    found = (what for pattern, what in UNITS.items() if fnmatch(place, pattern))
    return next(found, "count")


def types_of(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """The types of the marts' columns as they stand in this connection."""
    rows = con.execute(
        "select table_name, column_name, lower(data_type) from duckdb_columns() "
        "where schema_name = 'main' and list_contains(?, table_name) "
        "order by table_name, column_index",
        [[mart.name for mart in publish.marts()]],
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def digest(types: dict[str, dict[str, str]]) -> str:
    """A short text that changes with any table, column or type."""
    text = json.dumps(types, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
