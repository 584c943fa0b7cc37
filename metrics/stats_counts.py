"""Counts that come in bunches: what a count, or one over another, says of the long run.

A count whose variance is `dispersion` times its mean says as much as the number of
bunches of that size in it. Jeffreys' priors; every interval holds the count itself.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betaincinv, gammaincinv

from metrics.stats import HIGH, LOW, Floats, ratio


def expected(count: Floats, dispersion: Floats) -> tuple[Floats, Floats]:
    """The 90 % interval of the count to expect; from 0 on where there was none."""
    bunches = count / dispersion + 0.5
    low, high = (dispersion * np.asarray(gammaincinv(bunches, end)) for end in (LOW, HIGH))
    return np.minimum(low, count), np.maximum(high, count)


def expected_ratio(above: Floats, below: Floats, dispersion: Floats) -> tuple[Floats, Floats]:
    """The 90 % interval of the ratio of two counts to expect, over stretches of equal length.

    Given their sum, which of the two a bunch falls in is a toss: the odds of Jeffreys'
    interval of a share. NaN without anything below.
    """
    a, b = above / dispersion + 0.5, below / dispersion + 0.5
    plain = ratio(above, below)
    low, high = (
        np.asarray(betaincinv(a, b, end) / betaincinv(b, a, 1.0 - end)) for end in (LOW, HIGH)
    )
    return np.minimum(low, plain), np.maximum(high, plain)
