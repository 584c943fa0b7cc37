"""Acts a week, and how evenly they follow one another: plain averages, without a verdict."""

from __future__ import annotations

import duckdb
import numpy as np

from metrics import stats_counts
from metrics.attitude import DESCRIPTIVE
from metrics.estimates import Estimate, Params, People, Words, fetch, first_reason
from metrics.stats import Floats, finite_burstiness, ratio


def weekly(
    metric: str, phase: str, counted: tuple[Floats, Floats], dispersion: Floats, reason: Words
) -> Estimate:
    """How many a week; `counted` are acts and days, `dispersion` how bunched they are there."""
    count, days = counted
    low, high = stats_counts.expected(count, dispersion)
    is_season = phase == "season"
    return Estimate(
        metric,
        phase,
        7.0 * ratio(count, days),
        reason,
        numerator=count,
        denominator=days,
        covered_days=days,
        low=7.0 * ratio(low, days),
        high=7.0 * ratio(high, days),
        dispersion_in=dispersion if is_season else None,
        dispersion_off=None if is_season else dispersion,
    )


def burstiness(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> Estimate:
    """How even the times between own acts are: -1 clockwork, 0 chance, 1 all in one heap."""
    table = fetch(con, "select * from interval_sum")
    keys = table["person_key"]
    count, total, squares = (
        people.spread(keys, table[name])
        for name in ("interval_count", "seconds_sum", "seconds_squares")
    )
    value = finite_burstiness(count, total, squares)
    reason = first_reason(
        people.size,
        (people.days["covered_days"] == 0, "no_coverage"),
        ((count < params.whole("interval_count")) | (total == 0), "too_few"),
    )
    return Estimate(
        "burstiness",
        "all",
        value,
        reason,
        numerator=count,
        denominator=count,
        covered_days=people.days["covered_days"],
        effective_n=count,
        word=np.full(people.size, DESCRIPTIVE, object),
        is_comparable=np.zeros(people.size, bool),
    )
