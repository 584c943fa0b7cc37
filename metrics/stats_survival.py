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
    down = _last(curve, curve.surviving > HALF) + 1
    return np.where(down < curve.stop, np.append(curve.time, np.nan)[down], np.nan)


def _last(curve: Curves, holds: Bools) -> Ints:
    """The last row per person of those for which it holds, which come first; start - 1: none."""
    number = np.r_[0, np.cumsum(holds)]
    last: Ints = curve.start + number[curve.stop] - number[curve.start] - 1
    return last
