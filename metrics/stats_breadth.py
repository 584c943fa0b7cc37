"""How many different partners: numbers that do not grow with the number of replies alone."""

from __future__ import annotations

import numpy as np

from metrics.stats import Floats, Ints, ratio, sum_by


def rarefied(person: Ints, count: Floats, number: Floats, size: int, sample: int) -> Floats:
    """Expected different partners among `sample` replies drawn at random; Hurlbert 1971.

    Rows are sorted by person: `number` partners got `count` replies each. Exact: of
    N replies, none of n to one partner is drawn with probability
    (N-n)/N * (N-n-1)/(N-1) * ... NaN where there are fewer replies than the sample.
    """
    total = sum_by(person, size, count * number)
    whole, missed = total[person], np.ones(count.shape)
    for drawn in range(sample):
        missed *= np.nan_to_num(ratio(whole - count - drawn, whole - drawn))
    seen = sum_by(person, size, number * (1.0 - missed))
    return np.where(total >= sample, seen, np.nan)


def effective_number(person: Ints, count: Floats, number: Floats, size: int) -> Floats:
    """How many partners with equally many replies would be as mixed: 1 / sum of squared shares."""
    total = sum_by(person, size, count * number)
    return ratio(total**2, sum_by(person, size, count**2 * number))
