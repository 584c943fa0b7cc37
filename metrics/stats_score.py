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


def block_weights(block_count: int, draws: int, seed: int) -> Floats:
    """How often each of so many blocks is drawn, one row per draw; rows sum to their number."""
    generator = np.random.default_rng([seed, 1, block_count])
    share = np.full(block_count, 1.0 / max(block_count, 1))
    return generator.multinomial(block_count, share, size=draws).astype(np.float64)


def asker_draws(rates: Floats, askers: Ints, draws: int, seed: int) -> Floats:
    """Answer rates of resampled askers, given how many askers have each rate."""
    generator = np.random.default_rng([seed, 2, *askers.tolist()])
    total = int(askers.sum())
    drawn = generator.multinomial(total, askers / total, size=draws)
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
