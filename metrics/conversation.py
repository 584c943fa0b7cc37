"""Conversation: which part of what a person writes answers a citizen, or somebody else."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import numpy as np

from metrics.estimates import Columns, Estimate, Params, People, fetch, first_reason
from metrics.stats import jeffreys, ratio

CLASSES = {
    "conversation": "citizen",
    "conversation_politician": "politician",
    "conversation_party": "party",
    "conversation_media": "media",
    "conversation_organisation": "organisation",
}
PHASES = {"off_season": "observed_off_days", "season": "observed_season_days"}


def estimates(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> list[Estimate]:
    """The share of replies to each class of partner, off-season and in season."""
    return shares(people, params, fetch(con, "select * from conversation_count"), CLASSES)


def for_score(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> list[Estimate]:
    """The share of replies to citizens alone."""
    counts = fetch(con, "select * from conversation_count")
    return shares(people, params, counts, {"conversation": "citizen"})


def shares(
    people: People, params: Params, counts: Columns, classes: Mapping[str, str]
) -> list[Estimate]:
    """The share of replies to these classes of partners, off-season and in season."""
    found = []
    for phase, days in PHASES.items():
        table = {name: column[counts["phase"] == phase] for name, column in counts.items()}
        keys = table["person_key"]
        acts, threads, squares = (
            people.spread(keys, table[name])
            for name in ("act_count", "thread_count", "thread_squares")
        )
        reason = first_reason(
            people.size,
            (~people.days["shows_replies"].astype(bool), "not_observable"),
            (people.days["observed_days"] == 0, "no_coverage"),
            (~people.days["has_season"].astype(bool) & (phase == "season"), "no_season"),
            (acts < params.whole("conversation_acts"), "too_few"),
            (threads < params.whole("conversation_threads"), "too_few"),
        )
        worth = np.nan_to_num(ratio(acts**2, squares))
        for metric, partner in classes.items():
            replies = people.spread(keys, table[f"{partner}_count"])
            share = ratio(replies, acts)
            low, high = jeffreys(np.nan_to_num(share) * worth, worth)
            found.append(
                Estimate(
                    metric,
                    phase,
                    share,
                    reason,
                    numerator=replies,
                    denominator=acts,
                    covered_days=people.days[days],
                    low=low,
                    high=high,
                    effective_n=worth,
                )
            )
    return found
