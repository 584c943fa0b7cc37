"""Relations: whether a person and the citizens it talks with meet again, and for how long."""

from __future__ import annotations

import duckdb
import numpy as np

from metrics.attitude import DESCRIPTIVE
from metrics.estimates import Columns, Estimate, Params, People, Words, fetch, first_reason
from metrics.stats import Bools, Floats, jeffreys, ratio, sum_by


def estimates(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> list[Estimate]:
    """Return, carry-over, depth and the length of relations of everybody."""
    reach = fetch(con, "select * from relation_reach")
    return [
        _return(con, people, params, reach),
        _carry_over(con, people, params, reach),
        _depth(con, people, params),
        _length(con, people, params),
    ]


def is_hidden(people: People) -> Bools:
    """Who has no account on which a reply could be seen."""
    return ~people.days["shows_replies"].astype(bool)


def _return(
    con: duckdb.DuckDBPyConnection, people: People, params: Params, reach: Columns
) -> Estimate:
    counts = fetch(con, "select * from return_count")
    partners, returned = (
        people.spread(counts["person_key"], counts[f"{name}_count"])
        for name in ("partner", "returned")
    )
    reason = first_reason(
        people.size,
        (is_hidden(people), "not_observable"),
        (people.days["observed_days"] == 0, "no_coverage"),
        (people.spread(reach["person_key"], reach["has_return"]) == 0, "too_short"),
        (partners < params.whole("relation_count"), "too_few"),
    )
    return _share("return", people, returned, partners, partners, reason)


def _carry_over(
    con: duckdb.DuckDBPyConnection, people: People, params: Params, reach: Columns
) -> Estimate:
    counts = fetch(con, "select * from carry_over_count")
    partners, carried = (
        people.spread(counts["person_key"], counts[f"{name}_count"])
        for name in ("partner", "carried")
    )
    reason = first_reason(
        people.size,
        (is_hidden(people), "not_observable"),
        (people.days["observed_days"] == 0, "no_coverage"),
        (~people.days["has_season"].astype(bool), "no_season"),
        (people.spread(reach["person_key"], reach["has_carry_over"]) == 0, "too_short"),
        (partners < params.whole("relation_count"), "too_few"),
    )
    return _share("carry_over", people, carried, partners, partners, reason)


def _depth(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> Estimate:
    counts = fetch(con, "select * from comeback_count")
    comebacks, replied, squares = (
        people.spread(counts["person_key"], counts[name])
        for name in ("comeback_count", "replied_count", "partner_squares")
    )
    reason = first_reason(
        people.size,
        (is_hidden(people), "not_observable"),
        (~people.days["shows_received"].astype(bool), "not_observable"),
        (people.days["observed_days"] == 0, "no_coverage"),
        (comebacks < params.whole("relation_count"), "too_few"),
    )
    worth = np.nan_to_num(ratio(comebacks**2, squares))
    return _share("depth", people, replied, comebacks, worth, reason)


def _share(
    metric: str, people: People, above: Floats, below: Floats, worth: Floats, reason: Words
) -> Estimate:
    share = ratio(above, below)
    low, high = jeffreys(np.nan_to_num(share) * worth, worth)
    return Estimate(
        metric,
        "all",
        share,
        reason,
        numerator=above,
        denominator=below,
        covered_days=people.days["observed_days"],
        low=low,
        high=high,
        effective_n=worth,
    )


def _length(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> Estimate:
    lengths = fetch(con, "select * from relation_length order by person_key, days")
    person = people.place(lengths["person_key"])
    number = sum_by(person, people.size, lengths["partner_count"])
    reason = first_reason(
        people.size,
        (is_hidden(people), "not_observable"),
        (people.days["observed_days"] == 0, "no_coverage"),
        (number < params.whole("relation_count"), "too_few"),
    )
    return Estimate(
        "relation_days",
        "all",
        _median(lengths, number),
        reason,
        numerator=number,
        denominator=number,
        covered_days=people.days["observed_days"],
        word=np.full(people.size, DESCRIPTIVE, object),
        is_comparable=np.zeros(people.size, bool),
    )


def _median(lengths: Columns, number: Floats) -> Floats:
    """The median of each person's lengths; NaN without any. Lengths are sorted within a person."""
    until = np.cumsum(lengths["partner_count"])  # relations up to here, over everybody
    before = np.r_[0.0, np.cumsum(number)[:-1]]
    has_any = number > 0
    places = (before + np.floor((number - 1.0) / 2.0), before + np.floor(number / 2.0))
    median = np.full(number.shape, np.nan)
    ends = [lengths["days"][np.searchsorted(until, at[has_any], side="right")] for at in places]
    median[has_any] = (ends[0] + ends[1]) / 2.0
    return median
