"""What peers say: medians, shrinking towards them, and how far chance alone scatters a share."""

from __future__ import annotations

import numpy as np
from scipy.stats import binom

from metrics.stats import NORMAL_90, Floats, Ints, ratio

STEPS = 60
CLOSE = 1e-12
CELLS = 1 << 14  # pairs of people at a time: what stays near the processor


def between_variance(value: Floats, variance: Floats, least: float) -> tuple[Floats, Floats]:
    """Centre and variance between peers, for each person from all others (Paule and Mandel 1982).

    `value` and `variance` belong to one group; both results have one entry per
    person, who is left out of it. The variance between peers is at least `least`.
    """
    size = value.size
    centre, between = np.empty(size), np.full(size, least)
    together = 1 + CELLS // (size + 1)
    for begin in range(0, size, together):
        who = np.arange(begin, min(begin + together, size))
        between[who] = _solved(value, variance, who, least)
        centre[who], _ = _centre(value, variance, who, between[who])
    return centre, between


def _solved(value: Floats, variance: Floats, who: Ints, least: float) -> Floats:
    """The variance at which the others scatter as much as they should; Newton from below."""
    between = np.full(who.size, least)
    open_ = np.arange(who.size)
    for _ in range(STEPS):
        if not open_.size:
            break
        centre, weights = _centre(value, variance, who[open_], between[open_])
        around = np.subtract(value[None, :], centre[:, None])
        around *= around
        too_much = (weights * around).sum(axis=1) - (value.size - 2)
        weights *= weights
        weights *= around
        slope = weights.sum(axis=1)
        step = np.maximum(ratio(too_much, slope), 0.0)
        between[open_] += np.nan_to_num(step)
        open_ = open_[step > CLOSE * between[open_]]
    return between


def _centre(value: Floats, variance: Floats, who: Ints, between: Floats) -> tuple[Floats, Floats]:
    weights = np.add(variance[None, :], between[:, None])
    np.divide(1.0, weights, out=weights)
    weights[np.arange(who.size), who] = 0.0
    return ratio((weights * value[None, :]).sum(axis=1), weights.sum(axis=1)), weights


def shrunk(
    value: Floats, variance: Floats, centre: Floats, between: Floats
) -> tuple[Floats, Floats, Floats]:
    """Each value drawn towards its peers' centre, with its 90 % interval."""
    weight = between / (between + variance)
    drawn = weight * value + (1.0 - weight) * centre
    error = NORMAL_90 * np.sqrt(weight * variance)
    return drawn, drawn - error, drawn + error


def funnel(centre: float, numbers: Ints, outside: float) -> tuple[Floats, Floats]:
    """Between which shares chance alone keeps all but `outside` of those whose truth is `centre`.

    Binomial limits, interpolated between whole counts: Spiegelhalter 2005,
    Statistics in Medicine 24:1185, appendix A.1.1.
    """

    if centre in (0.0, 1.0):
        return np.full(numbers.shape, centre), np.full(numbers.shape, centre)

    def limit(tail: float) -> Floats:
        count = np.asarray(binom.ppf(tail, numbers, centre), np.float64)
        above = np.asarray(binom.cdf(count, numbers, centre), np.float64) - tail
        size = np.asarray(binom.pmf(count, numbers, centre), np.float64)
        between: Floats = count - np.nan_to_num(ratio(above, size))
        return np.clip(between / numbers, 0.0, 1.0)

    return np.fmin(limit(outside / 2.0), centre), np.fmax(limit(1.0 - outside / 2.0), centre)
