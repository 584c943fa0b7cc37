"""Accounts: presence, conversation, rhythm and tone of each account, as a breakdown of its person.

Here a position is an account: `People` holds account keys, and `person_key` in the
columns is the account's.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from metrics import conversation, presence, stats_burst, tones
from metrics.estimates import (
    Columns,
    Estimate,
    Params,
    People,
    fetch,
    first_reason,
    no_words,
    rows,
)
from metrics.rates import weekly
from metrics.stats import Floats
from metrics.steadiness import PARTS

SPLIT = "select account_key from split_account"


def account_rows(con: duckdb.DuckDBPyConnection, params: Params) -> pa.Table:
    """Rows of the metrics of every account; what equals the person's is left to the mart."""
    everyone, split = _accounts(con), _accounts(con, f"where account_key in ({SPLIT})")
    found = rows(everyone, _said(con, everyone, params))
    if split.size:
        found = pa.concat_tables([found, rows(split, _shares(con, split, params))])
    return found.rename_columns(
        ["account_key" if name == "person_key" else name for name in found.column_names]
    )


def _accounts(con: duckdb.DuckDBPyConnection, which: str = "") -> People:
    days = fetch(con, f"select * from account_total {which} order by account_key")  # noqa: S608
    keys = days["account_key"].astype(np.int64)
    nobody = no_words(keys.size)
    return People(keys, nobody, nobody, nobody, days)


def _named(con: duckdb.DuckDBPyConnection, table: str, order: str) -> Columns:
    columns = fetch(con, f"select * from {table} order by {order}")  # noqa: S608 (named below)
    return {"person_key": columns.pop("account_key"), **columns}


def _hidden_first(accounts: People, one: Estimate) -> Estimate:
    """The same, with the reason that the account shows no acts before all others."""
    one.reason[~accounts.days["shows_acts"].astype(bool)] = "not_observable"
    return one


def _shares(con: duckdb.DuckDBPyConnection, split: People, params: Params) -> list[Estimate]:
    weeks = _named(con, "account_week", "account_key, week")
    months = _named(con, "account_month", "account_key, month")
    talk = _named(con, "account_conversation", "account_key, phase")
    flags = "is_covered", "is_active"
    found = [
        presence.share(split, params, weeks, "presence", flags, "off_days"),
        presence.active_months(split, params, months),
        *conversation.shares(split, params, talk, {"conversation": "citizen"}),
    ]
    return [_hidden_first(split, one) for one in found]


def _said(con: duckdb.DuckDBPyConnection, everyone: People, params: Params) -> list[Estimate]:
    said = _named(con, "account_said", "account_key, phase")
    heard = _named(con, "account_heard", "account_key, phase")
    shown = everyone.days["shows_acts"].astype(bool)
    seen = shown, everyone.days["covered_days"] > 0
    received = everyone.days["shows_received"].astype(bool), everyone.days["received_days"] > 0
    bunched = _dispersion(con, everyone)
    found = []
    for phase, name in (("off_season", "off"), ("season", "season")):
        days, reached = (everyone.days[f"{what}{name}_days"] for what in ("", "received_"))
        in_phase = said["phase"] == phase
        acts = everyone.spread(said["person_key"][in_phase], said["text_count"][in_phase])
        reason = first_reason(
            everyone.size,
            (~seen[0], "not_observable"),
            (~seen[1], "no_coverage"),
            (~everyone.days["has_season"].astype(bool), "no_season"),
            (days < params.whole(f"burst_{name}_days"), "too_short"),
        )
        found += [
            weekly("acts_per_week", phase, (acts, days), bunched[phase], reason),
            tones.tone("tone_acts", phase, everyone, params, said, seen, days),
            tones.tone("tone_received", phase, everyone, params, heard, received, reached),
        ]
    return found


def _dispersion(con: duckdb.DuckDBPyConnection, everyone: People) -> dict[str, Floats]:
    """How bunched each account's own acts are, by phase."""
    rhythm = _named(con, "account_rhythm", "account_key, phase")

    def units(phase: str) -> stats_burst.Sizes:
        rows = rhythm["phase"] == phase
        keys = rhythm["person_key"][rows]
        weeks, blocks = (
            stats_burst.Units(
                *(everyone.spread(keys, rhythm[f"{size}_{part}"][rows]) for part in PARTS)
            )
            for size in ("week", "block")
        )
        return weeks, blocks

    _, season, off = stats_burst.dispersions(units("season"), units("off_season"))
    return {"season": season, "off_season": off}
