"""Presence: in how many known off-season weeks a person acts, or answers a citizen."""

from __future__ import annotations

import duckdb
import numpy as np

from metrics.estimates import Columns, Estimate, Params, People, fetch, first_reason
from metrics.stats import independent_share, jeffreys, ratio, sum_by


def estimates(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> list[Estimate]:
    """Presence, talk presence and active months of everybody."""
    weeks = fetch(con, "select * from presence_week order by person_key, week")
    return [
        _presence(people, params, weeks),
        share(
            people,
            params,
            weeks,
            "talk_presence",
            ("is_talk_covered", "is_talk_active"),
            "observed_off_days",
        ),
        active_months(people, params, fetch(con, "select * from month_count")),
    ]


def for_score(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> list[Estimate]:
    """Presence alone."""
    weeks = fetch(con, "select * from presence_week order by person_key, week")
    return [_presence(people, params, weeks)]


def _presence(people: People, params: Params, weeks: Columns) -> Estimate:
    return share(people, params, weeks, "presence", ("is_covered", "is_active"), "off_days")


def share(
    people: People, params: Params, weeks: Columns, metric: str, flags: tuple[str, str], days: str
) -> Estimate:
    """The share of known weeks that are active; rows are sorted by person and week."""
    person = people.place(weeks["person_key"])
    is_known, is_active = (weeks[flag].astype(bool) for flag in flags)
    off_weeks = sum_by(person, people.size)
    who = person[is_known]
    n = sum_by(who, people.size)
    k = sum_by(who, people.size, is_active[is_known])
    news = independent_share(who, weeks["week"][is_known], is_active[is_known], people.size)
    low, high = jeffreys(k * np.nan_to_num(news), n * np.nan_to_num(news))
    is_talk = metric == "talk_presence"
    reason = first_reason(
        people.size,
        (~people.days["shows_replies"].astype(bool) & is_talk, "not_observable"),
        (people.days["observed_days" if is_talk else "covered_days"] == 0, "no_coverage"),
        (n < params.whole("presence_weeks"), "too_short"),
        (100 * n < params.whole("presence_percent") * off_weeks, "too_short"),
    )
    return Estimate(
        metric,
        "off_season",
        ratio(k, n),
        reason,
        numerator=k,
        denominator=n,
        covered_days=people.days[days],
        low=low,
        high=high,
        effective_n=n * news,
    )


def active_months(people: People, params: Params, months: Columns) -> Estimate:
    """Months a year with an own act, among the months that are known."""
    n = people.spread(months["person_key"], months["counted_months"])
    k = people.spread(months["person_key"], months["active_months"])
    reason = first_reason(
        people.size,
        (people.days["covered_days"] == 0, "no_coverage"),
        (n < params.whole("month_count"), "too_short"),
    )
    return Estimate(
        "active_months",
        "all",
        12.0 * ratio(k, n),
        reason,
        numerator=k,
        denominator=n,
        covered_days=people.days["covered_days"],
    )
