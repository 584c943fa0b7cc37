"""How soon answers come: the weighted Kaplan-Meier curve, person by person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.stats import Bools, Floats, Ints

HALF = 0.5 + 1e-9


@dataclass(frozen=True, slots=True)
class Curves:
    """Kaplan-Meier curves of many people as long arrays, one row per distinct time.

    `start[i]:stop[i]` are person i's rows. `surviving` is the share still unanswered
    after `time`.
    """

    start: Ints
    stop: Ints
    time: Floats
    surviving: Floats


def curves(person: Ints, time: Floats, is_event: Bools, weight: Floats, size: int) -> Curves:
    """The curves of rows sorted by person and time; events come before endings at equal times."""
    if not person.size:
        none = np.zeros(size, np.int64)
        return Curves(none, none, np.zeros(0), np.zeros(0))
    is_new = np.r_[True, (person[1:] != person[:-1]) | (time[1:] != time[:-1])]
    first = np.flatnonzero(is_new)
    owner = person[first]
    events = np.add.reduceat(np.where(is_event, weight, 0.0), first)
    leaving = np.add.reduceat(weight, first)
    start = np.searchsorted(owner, np.arange(size), side="left")
    stop = np.searchsorted(owner, np.arange(size), side="right")
    surviving = np.empty(first.size)
    for begin, end in zip(start[stop > start], stop[stop > start], strict=True):
        rows = slice(begin, end)
        at_risk = np.cumsum(leaving[rows][::-1])[::-1]
        staying = at_risk - events[rows]
        staying[staying < 1e-12 * at_risk] = 0.0
        surviving[rows] = np.cumprod(staying / at_risk)
    return Curves(start, stop, time[first], surviving)


def answered_within(curve: Curves, horizon: float) -> Floats:
    """Share answered by `horizon` per person; NaN without items."""
    last = _last(curve, curve.time <= horizon)
    surviving = np.where(last >= curve.start, np.append(curve.surviving, 1.0)[last], 1.0)
    return np.where(curve.stop > curve.start, 1.0 - surviving, np.nan)


def median_time(curve: Curves) -> Floats:
    """When half were answered; NaN where the curve does not come down that far."""
    return _first(curve, curve.surviving <= HALF)


def median_interval(curve: Curves, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """When half were answered at the earliest and at the latest; NaN: not seen to the end.

    `low` and `high` are the band around the share answered, row by row of the curve: the
    median is not yet reached while all of the band lies below one half, and is once none
    of it does (Brookmeyer and Crowley 1982, Biometrics 38:29).
    """
    return _first(curve, high >= 1.0 - HALF), _first(curve, low >= 1.0 - HALF)


def still_followed(curve: Curves, person: Ints, until: Floats, weight: Floats) -> Floats:
    """Row by row of the curve, the weight of the person's items that are followed so long.

    The items, each followed `until` a time, are sorted by person.
    """
    worth = np.zeros(curve.time.shape)
    begin, end = (
        np.searchsorted(person, np.arange(curve.start.size), s) for s in ("left", "right")
    )
    for who in np.flatnonzero(curve.stop > curve.start):
        rows, mine = slice(curve.start[who], curve.stop[who]), slice(begin[who], end[who])
        order = np.argsort(until[mine], kind="stable")
        left = np.append(np.cumsum(weight[mine][order][::-1])[::-1], 0.0)
        worth[rows] = left[np.searchsorted(until[mine][order], curve.time[rows])]
    return worth


def _first(curve: Curves, holds: Bools) -> Floats:
    """The time of each person's first row for which it holds; NaN: none."""
    rows = np.append(np.flatnonzero(holds), curve.time.size)
    first = rows[np.searchsorted(rows, curve.start)]
    return np.where(first < curve.stop, np.append(curve.time, np.nan)[first], np.nan)


def _last(curve: Curves, holds: Bools) -> Ints:
    """The last row per person of those for which it holds, which come first; start - 1: none."""
    number = np.r_[0, np.cumsum(holds)]
    last: Ints = curve.start + number[curve.stop] - number[curve.start] - 1
    return last
