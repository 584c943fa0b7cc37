"""Presence: in how many known off-season weeks a person acts, or answers a citizen."""

from __future__ import annotations

import duckdb
import numpy as np

from metrics.estimates import Columns, Estimate, Params, People, fetch, first_reason
from metrics.stats import Bools, Floats, Ints, independent_share, jeffreys, ratio, sum_by

PRESENCE_MONTHS = "select * from presence_month order by person_key, month"


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
        active_months(people, params, fetch(con, PRESENCE_MONTHS)),
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
    run = _Run(person[is_known], weeks["week"][is_known], is_active[is_known], people.size)
    n = run.known
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
        ratio(run.active, n),
        reason,
        numerator=run.active,
        denominator=n,
        covered_days=people.days[days],
        low=run.low,
        high=run.high,
        effective_n=run.worth,
    )


class _Run:
    """Known weeks or months in a row: how many, how many active, and the share's interval.

    Neighbours resemble each other, so they are worth fewer. Rows are sorted by person and step.
    """

    def __init__(
        self, person: Ints, step: Ints, is_active: Bools, size: int, *, is_short: bool = False
    ) -> None:
        self.known = sum_by(person, size)
        self.active = sum_by(person, size, is_active)
        news = np.nan_to_num(independent_share(person, step, is_active, size, is_short=is_short))
        self.worth: Floats = self.known * news
        self.low, self.high = jeffreys(self.active * news, self.worth)


def active_months(people: People, params: Params, months: Columns) -> Estimate:
    """Months a year with an own act, among known ones; rows are sorted by person and month."""
    person = people.place(months["person_key"])
    is_active = months["is_active"].astype(bool)
    run = _Run(person, months["month"], is_active, people.size, is_short=True)
    reason = first_reason(
        people.size,
        (people.days["covered_days"] == 0, "no_coverage"),
        (run.known < params.whole("month_count"), "too_short"),
    )
    return Estimate(
        "active_months",
        "all",
        12.0 * ratio(run.active, run.known),
        reason,
        numerator=run.active,
        denominator=run.known,
        covered_days=people.days["covered_days"],
        low=12.0 * run.low,
        high=12.0 * run.high,
        effective_n=run.worth,
    )
