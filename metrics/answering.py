"""Answering: what becomes of citizens' questions, one asker one vote, and who may reply."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from metrics.attitude import DESCRIPTIVE
from metrics.estimates import Columns, Estimate, Params, People, Words, fetch, first_reason, is_none
from metrics.stats import Bools, Floats, Ints, jeffreys, ratio, sum_by
from metrics.stats_survival import (
    Curves,
    answered_within,
    curves,
    median_interval,
    median_time,
    still_followed,
)

PHASES = {"off_season": "off", "season": "season"}
HORIZONS = (1, 3, 7, 14)  # days
CURVE_DAYS = (0.5, *range(1, 15))
DAY = 86400.0


def estimates(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> list[Estimate]:
    """Answer, redirect and restricted rates by phase, response times off-season, of everybody."""
    counts, asked = _counts(con)
    found = []
    for phase in PHASES:
        found += _rates(people, params, phase, counts, asked)
        found.append(_restricted(con, people, params, phase))
    return [*found, *_response(con, people, params, asked)]


def for_score(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> list[Estimate]:
    """Answer rate and redirect rate off-season."""
    return _rates(people, params, "off_season", *_counts(con))


def _counts(con: duckdb.DuckDBPyConnection) -> tuple[Columns, Columns]:
    counts = fetch(
        con,
        "select * from asker_count "
        "order by person_key, item_count, answered_count, redirected_count",
    )
    return counts, fetch(con, "select * from question_count order by person_key")


def reasons(
    people: People, params: Params, phase: str, items: Floats, askers: Floats, asked: Columns
) -> Words:
    """Why there is no answer rate: nobody asked is never the same as nobody answered."""
    received = people.days[f"received_{PHASES[phase]}_days"]
    in_phase = asked["phase"] == phase
    keys = asked["person_key"][in_phase]
    countable, left_out, unseen = (
        people.spread(keys, asked[f"{name}_count"][in_phase])
        for name in ("item", "left_out", "unseen")
    )
    return first_reason(
        people.size,
        (~people.days["has_season"].astype(bool) & (phase == "season"), "no_season"),
        (~people.days["shows_answers"].astype(bool), "not_observable"),
        ((items == 0) & (countable > 0), "no_coverage"),
        ((items == 0) & (left_out > 0), "too_few"),
        ((items == 0) & (unseen == 0) & (received > 0), "nobody_asked"),
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


def _restricted(
    con: duckdb.DuckDBPyConnection, people: People, params: Params, phase: str
) -> Estimate:
    """Share of own posts under which not everybody may reply, where the source tells."""
    counts = fetch(con, "select * from restricted_count order by person_key, phase")
    rows = counts["phase"] == phase
    posts, told, restricted = (
        people.spread(counts["person_key"][rows], counts[f"{name}_count"][rows])
        for name in ("post", "told", "restricted")
    )
    low, high = jeffreys(restricted, told)
    return Estimate(
        "restricted_share",
        phase,
        ratio(restricted, told),
        first_reason(
            people.size,
            (people.days["covered_days"] == 0, "no_coverage"),
            (~people.days["has_season"].astype(bool) & (phase == "season"), "no_season"),
            ((told == 0) & (posts > 0), "not_observable"),
            (told < params.whole("label_acts"), "too_few"),
        ),
        numerator=restricted,
        denominator=told,
        covered_days=people.days[f"{PHASES[phase]}_days"],
        low=low,
        high=high,
        effective_n=told,
        word=np.full(people.size, DESCRIPTIVE, object),
        is_comparable=np.zeros(people.size, bool),
    )


@dataclass(frozen=True, slots=True)
class _Followed:
    """Off-season questions, each followed to its answer or out of sight, and their curves."""

    person: Ints
    weight: Floats
    known_seconds: Floats
    is_answered: Bools
    curve: Curves
    number: Floats  # questions per person
    longest: Floats  # seconds
    reason: Words

    @classmethod
    def read(
        cls, con: duckdb.DuckDBPyConnection, people: People, params: Params, asked: Columns
    ) -> _Followed:
        items = fetch(con, "select * from follow_up order by person_key, seconds, item_key")
        person = people.place(items["person_key"])
        weight = 1.0 / items["asker_item_count"]
        is_answered = items["is_answered"].astype(bool)
        known_seconds = items["known_seconds"].astype(float)
        number = sum_by(person, people.size)
        longest = np.zeros(people.size)
        np.maximum.at(longest, person, known_seconds)
        seconds = items["seconds"].astype(float)
        askers = np.rint(sum_by(person, people.size, weight))
        return cls(
            person, weight, known_seconds, is_answered,
            curves(person, seconds, is_answered, weight, people.size),
            number, longest, reasons(people, params, "off_season", number, askers, asked),
        )  # fmt: skip

    def within(self, horizon: float) -> tuple[Floats, Floats, Floats, Floats]:
        """Share answered within so many days, its interval, and the askers it rests on."""
        share = answered_within(self.curve, horizon * DAY)
        is_followed = self.known_seconds >= horizon * DAY
        worth = sum_by(self.person, share.size, self.weight * is_followed)
        return share, *jeffreys(np.nan_to_num(share) * worth, worth), worth

    def median_band(self) -> tuple[Floats, Floats]:
        """The days between which half were answered: where the curve's band crosses one half."""
        worth = still_followed(self.curve, self.person, self.known_seconds, self.weight)
        low, high = jeffreys((1.0 - self.curve.surviving) * worth, worth)
        first, last = median_interval(self.curve, low, high)
        return first / DAY, last / DAY


def _response(
    con: duckdb.DuckDBPyConnection, people: People, params: Params, asked: Columns
) -> list[Estimate]:
    followed = _Followed.read(con, people, params, asked)
    number, reason = followed.number, followed.reason
    events = sum_by(followed.person, people.size, followed.is_answered)
    askers = np.rint(sum_by(followed.person, people.size, followed.weight))

    def one(metric: str, value: Floats, why: Words, *interval: Floats | None) -> Estimate:
        low, high, worth = interval
        return Estimate(
            metric,
            "off_season",
            value,
            why,
            numerator=events,
            denominator=number,
            covered_days=people.days["off_days"],
            low=low,
            high=high,
            effective_n=worth,
            is_comparable=number >= params.whole("comparable_items"),
        )

    found = []
    for horizon in HORIZONS:
        share, *interval = followed.within(horizon)
        why = reason.copy()
        why[is_none(why) & (followed.longest < horizon * DAY)] = "too_short"
        found.append(one(f"answered_within_{horizon}d", share, why, *interval))
    median = median_time(followed.curve) / DAY
    why = reason.copy()
    why[is_none(why) & np.isnan(median)] = "too_few"
    return [*found, one("response_median_days", median, why, *followed.median_band(), askers)]


def curve_rows(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> pa.Table:
    """The curve of response times of everybody with enough askers, as far as it was followed."""
    asked = fetch(con, "select * from question_count order by person_key")
    followed = _Followed.read(con, people, params, asked)
    parts = []
    for day in CURVE_DAYS:
        is_said = is_none(followed.reason) & (followed.longest >= day * DAY)
        share, low, high, _ = followed.within(day)
        numbers = {"share": share, "low": np.fmin(low, share), "high": np.fmax(high, share)}
        parts.append(
            pa.table(
                {
                    "person_key": pa.array(people.keys[is_said], pa.int32()),
                    "day": pa.array(np.full(int(is_said.sum()), float(day))),
                    **{name: pa.array(column[is_said]) for name, column in numbers.items()},
                }
            )
        )
    return pa.concat_tables(parts)
