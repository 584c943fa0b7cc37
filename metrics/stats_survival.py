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
    share = np.full(curve.start.size, np.nan)
    for i in np.flatnonzero(curve.stop > curve.start):
        rows = slice(curve.start[i], curve.stop[i])
        last = int(np.searchsorted(curve.time[rows], horizon, side="right")) - 1
        share[i] = 1.0 - (curve.surviving[rows][last] if last >= 0 else 1.0)
    return share


def median_time(curve: Curves) -> Floats:
    """When half were answered; NaN where the curve does not come down that far."""
    median = np.full(curve.start.size, np.nan)
    for i in np.flatnonzero(curve.stop > curve.start):
        rows = slice(curve.start[i], curve.stop[i])
        down = np.flatnonzero(curve.surviving[rows] <= HALF)
        if down.size:
            median[i] = curve.time[rows][down[0]]
    return median
