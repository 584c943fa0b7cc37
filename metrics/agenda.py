"""The citizens' agenda: which topics citizens raise, and how many the person takes up."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from metrics.attitude import DESCRIPTIVE, never_read
from metrics.estimates import Estimate, Params, People, fetch, first_reason, put
from metrics.stats import Bools, Floats, Ints, ratio, sum_by

SPAN = 1 << 20  # more than there are days: a position times this, plus a day, is in order


@dataclass(frozen=True, slots=True)
class _Days:
    """Sorted days of many owners, and whether each of theirs falls into a stretch of days."""

    keys: Ints  # owner * SPAN + day

    def any_between(self, owner: Ints, first: Ints, last: Ints) -> Bools:
        begins = np.searchsorted(self.keys, owner * SPAN + first, "left")
        ends = np.searchsorted(self.keys, owner * SPAN + last, "right")
        found: Bools = ends > begins
        return found


@dataclass(frozen=True, slots=True)
class _Runs:
    """Unbroken runs of days of many owners, and whether a stretch lies within one of them."""

    owner: Ints
    first: Ints
    last: Ints

    def holds(self, owner: Ints, first: Ints, last: Ints) -> Bools:
        if not self.owner.size:
            return np.zeros(owner.shape, bool)
        place = np.searchsorted(self.owner * SPAN + self.first, owner * SPAN + first, "right") - 1
        one = np.maximum(place, 0)
        held: Bools = (place >= 0) & (self.owner[one] == owner) & (self.last[one] >= last)
        return held


def estimates(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> list[Estimate]:
    """How much more often raised topics are taken up than topics of another time of year.

    Leaves every raised topic in `stat_topic_raised`.
    """
    person, bit, day = _events(con, people, params)
    after, away = params.whole("topic_days"), params.whole("topic_shift_days")
    posted = fetch(con, "select * from posted_topic_day")
    days = _Days(
        np.sort(_owner(people.place(posted["person_key"]), posted["bit"]) * SPAN + posted["day"])
    )
    runs = _read_runs(con, people)
    owner = _owner(person, bit)

    def usable(shift: int) -> Bools:
        return runs.holds(person, day + shift + 1, day + shift + after)

    def hit(shift: int) -> Bools:
        return days.any_between(owner, day + shift + 1, day + shift + after)

    is_usable, is_hit = usable(0), hit(0)
    shifted = np.array([usable(shift) for shift in (-away, away)])
    others = shifted & np.array([hit(shift) for shift in (-away, away)])
    placebo = ratio(others.sum(axis=0), shifted.sum(axis=0))
    put(con, "stat_topic_raised", _table(people, person, bit, day, is_hit, is_usable))
    is_counted = is_usable & ~np.isnan(placebo)
    who = person[is_counted]
    n = sum_by(who, people.size)
    k = sum_by(who, people.size, is_hit[is_counted])
    expected = sum_by(who, people.size, placebo[is_counted])
    return [_pick_up(con, people, params, n, k, expected)]


def _pick_up(
    con: duckdb.DuckDBPyConnection,
    people: People,
    params: Params,
    n: Floats,
    k: Floats,
    expected: Floats,
) -> Estimate:
    shows = people.days["shows_acts"].astype(bool) & people.days["shows_received"].astype(bool)
    reason = first_reason(
        people.size,
        (~shows, "not_observable"),
        (people.days["covered_days"] == 0, "no_coverage"),
        (never_read(con, people), "not_observable"),
        (n < params.whole("topic_count"), "too_few"),
    )
    return Estimate(
        "pick_up",
        "all",
        ratio(k, n) - ratio(expected, n),
        reason,
        numerator=k,
        denominator=n,
        covered_days=people.days["off_days"],
        word=np.full(people.size, DESCRIPTIVE, object),
        is_comparable=np.zeros(people.size, bool),
    )


def _events(
    con: duckdb.DuckDBPyConnection, people: People, params: Params
) -> tuple[Ints, Ints, Ints]:
    """Person's position, topic's bit and day of each raised topic; their windows never overlap."""
    rows = fetch(con, "select * from raised_trigger order by person_key, bit, day")
    person, bit, day = people.place(rows["person_key"]), rows["bit"], rows["day"].astype(np.int64)
    owner = _owner(person, bit)
    keys = owner * SPAN + day
    taken = np.zeros(keys.size, bool)
    here = np.flatnonzero(np.diff(owner, prepend=-1)) if keys.size else np.zeros(0, np.int64)
    while here.size:
        taken[here] = True
        place = np.searchsorted(keys, keys[here] + params.whole("topic_days"))
        is_same = (place < keys.size) & (owner[np.minimum(place, keys.size - 1)] == owner[here])
        here = place[is_same]
    return person[taken], bit[taken], day[taken]


def _owner(person: Ints, bit: Ints) -> Ints:
    """One number per person and topic, in the order of both."""
    return person * 64 + np.log2(bit.astype(np.float64)).astype(np.int64)


def _read_runs(con: duckdb.DuckDBPyConnection, people: People) -> _Runs:
    rows = fetch(con, "select * from read_run order by person_key, first_day")
    owner = people.place(rows["person_key"])
    return _Runs(owner, rows["first_day"].astype(np.int64), rows["last_day"].astype(np.int64))


def _table(
    people: People, person: Ints, bit: Ints, day: Ints, is_hit: Bools, is_usable: Bools
) -> pa.Table:
    return pa.table(
        {
            "person_key": pa.array(people.keys[person], pa.int32()),
            "bit": pa.array(bit, pa.int64()),
            "day": pa.array(day, pa.int32()),
            "is_picked_up": pa.array(is_hit, pa.bool_(), mask=~is_usable),
        }
    )
