"""Intervals, tests and curves, vectorised over people: pure numpy, checked against SciPy.

Arrays of people are aligned: position i is the same person everywhere. "Long"
arrays hold several rows per person, sorted by person, with `person` naming the
position. Undefined is NaN.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LOW, HIGH = 0.05, 0.95  # a 90 % interval
NORMAL_90 = 1.645


def ratio(numerator: Floats | Ints, denominator: Floats | Ints) -> Floats:
    """Numerator over denominator, NaN where there is nothing to divide by."""
    top, bottom = np.broadcast_arrays(
        np.asarray(numerator, np.float64), np.asarray(denominator, np.float64)
    )
    share: Floats = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)
    return share


def sum_by(person: Ints, size: int, weights: NDArray[Any] | None = None) -> Floats:
    """Sum of the weights (or number of rows) of each position, in the order of the rows."""
    sums = np.bincount(person, weights=weights, minlength=size)
    return sums.astype(np.float64)


def jeffreys(successes: Floats, trials: Floats) -> tuple[Floats, Floats]:
    """The 90 % Jeffreys interval of a share, from effective (not whole) counts.

    It always holds the share itself: at none and at all of the trials it reaches the
    edge, as in Brown, Cai and DasGupta 2001, Statistical Science 16:101.
    """
    a, b = successes + 0.5, np.maximum(trials - successes, 0.0) + 0.5
    low, high = (np.asarray(betaincinv(a, b, end), np.float64) for end in (LOW, HIGH))
    share = np.clip(ratio(successes, trials), 0.0, 1.0)
    return np.fmin(low, share), np.fmax(high, share)


def independent_share(
    person: Ints, step: Ints, is_active: Bools, size: int, *, is_short: bool = False
) -> Floats:
    """How much of each person's weeks are news: (1 - rho) / (1 + rho), between 0.1 and 1.

    rho is the lag-1 autocorrelation over adjacent steps, never below 0. All or
    none active says nothing about rho: one half. No weeks: NaN. In a short series rho
    comes out too low by (1 + 3 rho) / n (Marriott and Pope 1954, Biometrika 41:390).
    """
    x = is_active.astype(np.float64)
    n = sum_by(person, size)
    mean = ratio(sum_by(person, size, x), n)
    follows = (person[1:] == person[:-1]) & (step[1:] == step[:-1] + 1)
    pair = person[1:][follows]
    centred = x - mean[person]
    products = (centred[1:] * centred[:-1])[follows]
    covariance = ratio(sum_by(pair, size, products), sum_by(pair, size))
    rho = np.nan_to_num(ratio(covariance, mean * (1.0 - mean)))
    if is_short:
        rho += ratio(1.0 + 3.0 * rho, n)
    rho = np.maximum(rho, 0.0)
    share = np.clip((1.0 - rho) / (1.0 + rho), 0.1, 1.0)
    share = np.where((mean == 0.0) | (mean == 1.0), 0.5, share)
    return np.where(n > 0, share, np.nan)


def finite_burstiness(count: Floats, total: Floats, squares: Floats) -> Floats:
    """Kim and Jo's burstiness of intervals: -1 regular, 0 random, 1 bursty; EPL 94:032311, eq. 22.

    From the number of intervals, their sum and their sum of squares.
    """
    mean = ratio(total, count)
    spread = np.sqrt(np.maximum(ratio(squares, count) - mean**2, 0.0))
    r = ratio(spread, mean)
    plus, minus = np.sqrt(count + 1.0), np.sqrt(np.maximum(count - 1.0, 0.0))
    return ratio(plus * r - minus, (plus - 2.0) * r + minus)


def longest_gap_probability(active: Floats, total: Floats, length: Floats) -> Floats:
    """How likely so long a silence is by chance: for a poster of that rate over these days.

    `active` of `total` days have an act; nobody who never acts is surprising: 1.
    """
    rate = ratio(active, total)
    chance = -np.expm1(-rate * total * np.exp(-rate * length))
    return np.where(rate > 0, chance, 1.0)


def benjamini_hochberg(p_values: Floats, error: float) -> float:
    """The largest p-value that may be called a finding; 0 when none may."""
    if not p_values.size:
        return 0.0
    allowed = error * np.arange(1, p_values.size + 1) / p_values.size
    passing = allowed[np.sort(p_values) <= allowed]
    return float(passing[-1]) if passing.size else 0.0


def median_of_others(values: Floats, group: Ints, is_counted: Bools, needed: int) -> Floats:
    """For each counted person the median of the counted others of the group; NaN with too few.

    Group -1 is nobody's peer.
    """
    medians = np.full(values.shape, np.nan)
    for one in np.unique(group[is_counted & (group >= 0)]):
        members = np.flatnonzero(is_counted & (group == one))
        others = members.size - 1
        if others < needed:
            continue
        order = np.argsort(values[members], kind="stable")
        ranked = values[members][order]
        place = np.arange(members.size)
        middle = np.array([(others - 1) // 2, others // 2])
        picked = ranked[middle[None, :] + (middle[None, :] >= place[:, None])]
        medians[members[order]] = picked.mean(axis=1)
    return medians
