"""Breadth: with how many different citizens a person talks, and how much with other classes."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import numpy as np

from metrics.attitude import DESCRIPTIVE
from metrics.estimates import (
    Estimate,
    Params,
    People,
    Words,
    fetch,
    first_reason,
    no_words,
)
from metrics.relations import is_hidden
from metrics.stats import Bools, Floats, jeffreys, ratio, sum_by
from metrics.stats_breadth import (
    BlockCounts,
    Counts,
    effective_number,
    rarefied,
    rarefied_interval,
)

CLASSES = ("citizen", "politician", "party", "media", "organisation")
PHASE, DAYS = "off_season", "observed_off_days"


def estimates(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> list[Estimate]:
    """Rarefied and effective numbers of citizens and the shares of all classes, off-season."""
    return [*_partners(con, people, params), *_shares(con, people, params)]


def _reason(people: People, params: Params, replies: Floats) -> Words:
    return first_reason(
        people.size,
        (is_hidden(people), "not_observable"),
        (people.days["observed_days"] == 0, "no_coverage"),
        (replies < params.whole("breadth_replies"), "too_few"),
    )


def _partners(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> list[Estimate]:
    rows = fetch(con, "select * from partner_reply_count order by person_key, reply_count")
    person = people.place(rows["person_key"])
    count, number = (rows[f"{name}_count"].astype(float) for name in ("reply", "partner"))
    replies = sum_by(person, people.size, count * number)
    partners = sum_by(person, people.size, number)
    sample = params.whole("breadth_replies")
    low, high = rarefied_interval(
        Counts(person, count, number), _blocks(con, people), people.size, sample
    )
    reason = _reason(people, params, replies)

    def estimate(metric: str, value: Floats, is_descriptive: Bools) -> Estimate:
        return Estimate(
            metric,
            PHASE,
            value,
            reason,
            numerator=partners,
            denominator=replies,
            covered_days=people.days[DAYS],
            word=np.where(is_descriptive, DESCRIPTIVE, no_words(people.size)),
            is_comparable=~is_descriptive,
        )

    broad = estimate(
        f"partners_per_{sample}",
        rarefied(person, count, number, people.size, sample),
        np.isnan(low),
    )
    mixed = estimate(
        "effective_partners",
        effective_number(person, count, number, people.size),
        np.ones(people.size, bool),
    )
    return [replace(broad, low=low, high=high), mixed]


def _blocks(con: duckdb.DuckDBPyConnection, people: People) -> BlockCounts:
    rows = fetch(
        con,
        "select * from partner_block_count "
        "order by person_key, block, reply_count, block_reply_count",
    )
    return BlockCounts(
        people.place(rows["person_key"]),
        rows["block"].astype(np.int64),
        rows["block_reply_count"].astype(np.float64),
        rows["reply_count"].astype(np.float64),
        rows["partner_count"].astype(np.float64),
    )


def _shares(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> list[Estimate]:
    table = fetch(con, "select * from reply_class_count")
    counts = {name: people.spread(table["person_key"], table[f"{name}_count"]) for name in CLASSES}
    replies = np.sum(list(counts.values()), axis=0)
    squares = people.spread(table["person_key"], table["thread_squares"])
    worth = np.nan_to_num(ratio(replies**2, squares))
    reason = _reason(people, params, replies)
    found = []
    for name, count in counts.items():
        share = ratio(count, replies)
        low, high = jeffreys(np.nan_to_num(share) * worth, worth)
        found.append(
            Estimate(
                f"reply_share_{name}",
                PHASE,
                share,
                reason,
                numerator=count,
                denominator=replies,
                covered_days=people.days[DAYS],
                low=low,
                high=high,
                effective_n=worth,
            )
        )
    return found
