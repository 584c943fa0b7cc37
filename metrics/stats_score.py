"""Points, the geometric score and its draws: what chance alone does to a band.

Draws resample what was observed: 4-week blocks for everything that has a
rhythm, the same blocks for all of a person's pillars, and citizens for answering. A
person's draws depend on the person's own data and on the seed, on nobody else.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from metrics.stats import Floats, Ints, ratio

BANDS = ("A", "B", "C", "D", "E")
BAND_FLOORS = (80.0, 60.0, 40.0, 20.0)  # E is the rest


def points(value: Floats, zero: float, full: float) -> Floats:
    """0 to 100 between two fixed goalposts, which may lie either way round."""
    return np.clip((value - zero) / (full - zero), 0.0, 1.0) * 100.0


def geometric(pillars: Floats, floor: float) -> Floats:
    """The score over the pillars that are not NaN (last axis); NaN without any."""
    present = ~np.isnan(pillars)
    logs = np.where(present, np.log(np.where(present, pillars, 0.0) + floor), 0.0)
    return np.exp(ratio(logs.sum(axis=-1), present.sum(axis=-1))) - floor


def drawn_weights(count: int, draws: int, *seed: int) -> Floats:
    """How often each of `count` things is drawn with replacement, one row per draw.

    The same count and seed give the same weights: they depend on nobody's data.
    """
    generator = np.random.default_rng([count, *seed])
    drawn = generator.integers(count, size=(draws, count))
    cells = drawn + np.arange(draws)[:, None] * count
    weights = np.bincount(cells.ravel(), minlength=draws * count)
    return weights.reshape(draws, count).astype(np.float64)


def drawn_rates(rates: Floats, numbers: Ints, draws: int, *seed: int) -> Floats:
    """Mean rates of resampled askers, given how many askers have each rate: for very many."""
    total = int(numbers.sum())
    generator = np.random.default_rng([total, *seed])
    drawn = generator.multinomial(total, numbers / total, size=draws)
    return (drawn @ rates) / total


def band_shares(scores: Floats) -> Floats:
    """Share of the draws (last axis) in each band, A to E."""
    place = np.zeros(scores.shape, np.int64)
    for floor in BAND_FLOORS:
        place += scores < floor
    return np.stack([(place == i).mean(axis=-1) for i in range(len(BANDS))], axis=-1)


def band_words(shares: Floats, needed: float) -> NDArray[np.object_]:
    """One band, two neighbours or `none`, by what the draws make likely enough."""
    single = shares.argmax(axis=-1)
    pairs = shares[..., :-1] + shares[..., 1:]
    double = pairs.argmax(axis=-1)
    words = np.full(single.shape, "none", object)
    for i in range(len(BANDS) - 1):
        words[(double == i) & (pairs.max(axis=-1) >= needed)] = f"{BANDS[i]}/{BANDS[i + 1]}"
    for i, band in enumerate(BANDS):
        words[(single == i) & (shares.max(axis=-1) >= needed)] = band
    return words
