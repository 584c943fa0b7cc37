"""Answering: what becomes of citizens' questions, one asker one vote, and how soon."""

from __future__ import annotations

import duckdb
import numpy as np

from metrics import stats_survival
from metrics.estimates import Columns, Estimate, Params, People, Words, fetch, first_reason, is_none
from metrics.stats import Floats, jeffreys, ratio, sum_by

PHASES = {"off_season": "off", "season": "season"}
HORIZONS = (1, 3, 7, 14)  # days
DAY = 86400.0


def estimates(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> list[Estimate]:
    """Answer rate and redirect rate by phase, and response times off-season, of everybody."""
    counts = fetch(
        con,
        "select * from asker_count "
        "order by person_key, item_count, answered_count, redirected_count",
    )
    asked = fetch(con, "select * from question_count order by person_key")
    found = []
    for phase in PHASES:
        found += _rates(people, params, phase, counts, asked)
    return [*found, *_response(con, people, params, asked)]


def reasons(
    people: People, params: Params, phase: str, items: Floats, askers: Floats, asked: Columns
) -> Words:
    """Why there is no answer rate: nobody asked is never the same as nobody answered."""
    received = people.days[f"received_{PHASES[phase]}_days"]
    in_phase = asked["phase"] == phase
    keys = asked["person_key"][in_phase]
    countable, left_out = (
        people.spread(keys, asked[f"{name}_count"][in_phase]) for name in ("item", "left_out")
    )
    return first_reason(
        people.size,
        (~people.days["has_season"].astype(bool) & (phase == "season"), "no_season"),
        ((items == 0) & (countable > 0), "no_coverage"),
        ((items == 0) & (left_out > 0), "too_few"),
        ((items == 0) & (received > 0), "nobody_asked"),
        (items == 0, "not_observable"),
        (askers < params.whole("asker_count"), "too_few"),
    )


def _rates(
    people: People, params: Params, phase: str, counts: Columns, asked: Columns
) -> list[Estimate]:
    rows = counts["phase"] == phase
    person = people.place(counts["person_key"][rows])
    number = counts["asker_count"][rows]

    def total(values: Floats) -> Floats:
        return sum_by(person, people.size, number * values)

    items, askers = total(counts["item_count"][rows]), total(np.ones(number.shape))
    reason = reasons(people, params, phase, items, askers, asked)
    found = []
    for metric, column in (("answer_rate", "answered"), ("redirect_rate", "redirected")):
        count = counts[f"{column}_count"][rows]
        rates = total(count / counts["item_count"][rows])
        low, high = jeffreys(rates, askers)
        found.append(
            Estimate(
                metric,
                phase,
                ratio(rates, askers),
                reason,
                numerator=total(count),
                denominator=items,
                covered_days=people.days[f"{PHASES[phase]}_days"],
                low=low,
                high=high,
                effective_n=askers,
                is_comparable=items >= params.whole("comparable_items"),
            )
        )
    return found


def _response(
    con: duckdb.DuckDBPyConnection, people: People, params: Params, asked: Columns
) -> list[Estimate]:
    items = fetch(con, "select * from follow_up order by person_key, seconds, item_key")
    person = people.place(items["person_key"])
    weight = 1.0 / items["asker_item_count"]
    is_answered = items["is_answered"].astype(bool)
    curve = stats_survival.curves(
        person, items["seconds"].astype(float), is_answered, weight, people.size
    )
    number = sum_by(person, people.size)
    askers = np.rint(sum_by(person, people.size, weight))
    longest = np.zeros(people.size)
    np.maximum.at(longest, person, items["known_seconds"].astype(float))
    reason = reasons(people, params, "off_season", number, askers, asked)
    events = sum_by(person, people.size, is_answered)

    def one(metric: str, value: Floats, why: Words, worth: Floats | None) -> Estimate:
        share = np.nan_to_num(value)
        bounds = (None, None) if worth is None else jeffreys(share * worth, worth)
        return Estimate(
            metric,
            "off_season",
            value,
            why,
            numerator=events,
            denominator=number,
            covered_days=people.days["off_days"],
            low=bounds[0],
            high=bounds[1],
            effective_n=askers if worth is None else worth,
            is_comparable=number >= params.whole("comparable_items"),
        )

    found = []
    for horizon in HORIZONS:
        share = stats_survival.answered_within(curve, horizon * DAY)
        is_followed = items["known_seconds"] >= horizon * DAY
        worth = sum_by(person, people.size, weight * is_followed)
        why = reason.copy()
        why[is_none(why) & (longest < horizon * DAY)] = "too_short"
        found.append(one(f"answered_within_{horizon}d", share, why, worth))
    median = stats_survival.median_time(curve) / DAY
    why = reason.copy()
    why[is_none(why) & np.isnan(median)] = "too_few"
    return [*found, one("response_median_days", median, why, None)]
