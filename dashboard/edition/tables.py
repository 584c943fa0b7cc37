"""What an edition publishes of a copy: the tables of its people, without small counts of citizens.

Cards and pages are drawn from these tables and from nothing else, so that whoever has the
data package can draw them again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from metrics import contract, read
from metrics.errors import EditionError

NOT_PUBLISHED = ("collect_run", "problem")  # how collecting went is no finding about people
EMPTIED = {  # columns that are there, and always empty
    "account": ("last_message", "last_error"),
    "day": ("received", "questions"),  # what a few citizens wrote on one day
}
ENOUGH = 10  # citizens, below which no count of them is published
OF_CITIZENS = (  # metrics whose counts are of citizens or of what they wrote
    "answer_rate",
    "answered_within_*",
    "carry_over",
    "depth",
    "effective_partners",
    "follow_through",
    "partners_per_30",
    "pick_up",
    "redirect_rate",
    "relation_days",
    "response_median_days",
    "return",
    "tone_received",
)
CITIZENS_COUNTED = (  # metrics whose numerator is a number of citizens
    "carry_over",
    "effective_partners",
    "partners_per_30",
    "relation_days",
    "return",
)
CELLS = {  # counts of citizens that add up to a printed sum: all are left out when one is small
    "partner_ladder": ("once", "two_to_four", "five_or_more"),
    "partner_mix": ("new_count", "warm_count", "close_count"),
}

Tables = Mapping[str, pa.Table]


def tables_of(copy: Path, people: Collection[str] | None) -> dict[str, pa.Table]:
    """The published tables of these people, or of everybody: sorted, small counts left out."""
    there = set(read.tables(copy))
    names = [one.name for one in contract.contract().tables if one.name in there]
    chosen = _known(copy, people)
    accounts = None if chosen is None else _accounts(copy, chosen)
    found = {}
    for name in names:
        table = read.published(copy, name)
        if name in NOT_PUBLISHED:
            table = table.slice(0, 0)
        elif chosen is not None and "person_id" in table.column_names:
            table = table.filter(pc.is_in(table["person_id"], chosen))
        elif accounts is not None and "account_id" in table.column_names:
            table = table.filter(pc.is_in(table["account_id"], accounts))
        found[name] = _without_small_counts(name, table).combine_chunks()
    return found


def _known(copy: Path, people: Collection[str] | None) -> pa.Array | None:
    if people is None:
        return None
    known = set(read.published(copy, "person")["person_id"].to_pylist())
    strangers = sorted(set(people) - known)
    if strangers:
        raise EditionError(
            "\n".join(f"{one}: nobody in {copy.name} has this person_id" for one in strangers)
        )
    return pa.array(sorted(set(people)), pa.string())


def _accounts(copy: Path, people: pa.Array) -> pa.Array:
    accounts = read.published(copy, "account")
    return accounts.filter(pc.is_in(accounts["person_id"], people))["account_id"].combine_chunks()


def _without_small_counts(name: str, table: pa.Table) -> pa.Table:
    for column in EMPTIED.get(name, ()):
        table = _emptied(table, (column,), pa.scalar(value=True))
    if name in ("metric", "account_metric"):
        is_about = _is_one_of(table["metric"], OF_CITIZENS)
        has_none = pc.and_(is_about, pc.is_null(table["value"]))
        table = _emptied(table, ("numerator", "denominator", "effective_n"), has_none)
        is_few = pc.and_(
            _is_one_of(table["metric"], CITIZENS_COUNTED), _is_small(table, "numerator")
        )
        return _emptied(table, ("numerator",), is_few)
    if name in CELLS:
        is_small = pa.array([False] * table.num_rows)
        for column in CELLS[name]:
            is_small = pc.or_(is_small, _is_small(table, column))
        table = _emptied(table, CELLS[name], is_small)
        why = pc.if_else(is_small, pa.scalar("too_few"), table["reason"])
        return _with(table, "reason", why)
    return table


def _is_one_of(metric: pa.ChunkedArray, patterns: Collection[str]) -> pa.ChunkedArray:
    regex = "|".join(one.replace("*", ".*") for one in patterns)
    return pc.match_substring_regex(metric, f"^(?:{regex})$")


def _is_small(table: pa.Table, column: str) -> pa.ChunkedArray:
    counts = table[column]
    return pc.fill_null(pc.and_(pc.greater(counts, 0), pc.less(counts, ENOUGH)), fill_value=False)


def _emptied(table: pa.Table, columns: Collection[str], where: pa.ChunkedArray) -> pa.Table:
    for column in columns:
        nothing = pa.scalar(None, table.schema.field(column).type)
        values = pc.if_else(where, nothing, table[column])
        table = _with(table, column, values)
    return table


def _with(table: pa.Table, column: str, values: pa.ChunkedArray) -> pa.Table:
    field = table.schema.field(column)
    return table.set_column(table.schema.get_field_index(column), field, values)


def write_copy(tables: Tables, path: Path) -> Path:
    """The tables as a copy that pages can read; numerators that a share gives away are back."""
    with duckdb.connect(str(path)) as con:
        for name, table in tables.items():
            con.register("arriving", table)
            columns = RECOVERED if name == "metric" else "*"
            con.execute(f'create table "{name}" as select {columns} from arriving')  # noqa: S608
            con.unregister("arriving")
        con.execute("checkpoint")
    return path


RECOVERED = """
* replace (case when metric in ('return', 'carry_over') and numerator is null and value is not null
           then round(value * denominator)::bigint else numerator end as numerator)
"""
