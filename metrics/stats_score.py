"""Points, the geometric score and its draws: what chance alone does to a band.

Draws resample what was observed: 4-week blocks for everything that has a
rhythm, the same blocks for all of a person's pillars, and citizens for answering. A
person's draws depend on the person's own data and on the seed, on nobody else.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from metrics.stats import Floats, Ints, ratio

Weights = NDArray[np.float32]  # things drawn, draws

BANDS = ("A", "B", "C", "D", "E")
BAND_FLOORS = (80.0, 60.0, 40.0, 20.0)  # E is the rest


def points(value: Floats, zero: float, full: float) -> Floats:
    """0 to 100 between two fixed goalposts, which may lie either way round."""
    return np.clip((value - zero) / (full - zero), 0.0, 1.0) * 100.0


def geometric(pillars: Floats, floor: float, weights: Floats | None = None) -> Floats:
    """The score over the pillars that are not NaN (last axis); NaN without any.

    `weights`: one per pillar; without them all weigh the same.
    """
    weighed = np.where(np.isnan(pillars), 0.0, 1.0 if weights is None else weights)
    logs = np.log(np.where(weighed > 0, pillars, 0.0) + floor)
    score = np.exp(ratio((weighed * logs).sum(axis=-1), weighed.sum(axis=-1))) - floor
    return np.clip(score, 0.0, 100.0)  # against the last digit


def arithmetic(pillars: Floats, weights: Floats | None = None) -> Floats:
    """The plain mean over the pillars that are not NaN (last axis); NaN without any."""
    weighed = np.where(np.isnan(pillars), 0.0, 1.0 if weights is None else weights)
    return ratio((weighed * np.nan_to_num(pillars)).sum(axis=-1), weighed.sum(axis=-1))


def drawn_weights(count: int, draws: int, *seed: int) -> Floats:
    """How often each of `count` things is drawn with replacement, one row per draw.

    The same count and seed give the same weights: they depend on nobody's data.
    """
    generator = np.random.default_rng([count, *seed])
    drawn = generator.integers(count, size=(draws, count))
    cells = drawn + np.arange(draws)[:, None] * count
    weights = np.bincount(cells.ravel(), minlength=draws * count)
    return weights.reshape(draws, count).astype(np.float64)


def crossed_rates(
    answered: Ints, items: Ints, block: Ints, first: Ints, blocks: Weights, askers: Weights
) -> Floats:
    """Answer rates, people then draws, when blocks and askers are both resampled.

    Rows are an asker's questions of one block, sorted by person and asker; `first` is each
    asker's first row, and all people have as many askers. Weights have one row per block or
    asker and one column per draw: each question counts as often as its block, each asker as
    often as the asker was drawn (pigeonhole bootstrap: Owen 2007, Annals of Applied
    Statistics 1:386). NaN where nobody who was drawn asked anything in the blocks drawn.
    """
    ends = np.append(first, block.size)
    size = (first.size, blocks.shape[0])
    top, bottom = (
        csr_array((count.astype(np.float32), block, ends), shape=size) @ blocks
        for count in (answered, items)
    )
    top /= np.maximum(bottom, np.float32(1.0))
    shape = (-1, *askers.shape)
    votes = np.minimum(bottom, np.float32(1.0)).reshape(shape) * askers
    voted = np.einsum("pad,pad->pd", votes, top.reshape(shape))
    return ratio(voted, votes.sum(axis=1))


def band_place(scores: Floats) -> Ints:
    """The band in which each score lies, 0 for A to 4 for E."""
    place = np.zeros(scores.shape, np.int64)
    for floor in BAND_FLOORS:
        place += scores < floor
    return place


def band_shares(scores: Floats) -> Floats:
    """Share of the scores (last axis) in each band, A to E; a NaN lies in none."""
    place = np.where(np.isnan(scores), -1, band_place(scores))
    return np.stack([(place == i).mean(axis=-1) for i in range(len(BANDS))], axis=-1)


def band_words(draws: Floats, rules: Floats, needed: float) -> NDArray[np.object_]:
    """One band, two neighbours or `none`: what both chance and other rules leave standing.

    Shares of the draws and of the other rules' scores in each band (last axis).
    """
    single = np.minimum(draws, rules)
    pairs = np.minimum(draws[..., :-1] + draws[..., 1:], rules[..., :-1] + rules[..., 1:])
    double = pairs.argmax(axis=-1)
    words = np.full(double.shape, "none", object)
    for i in range(len(BANDS) - 1):
        words[(double == i) & (pairs.max(axis=-1) >= needed)] = f"{BANDS[i]}/{BANDS[i + 1]}"
    for i, band in enumerate(BANDS):
        words[single[..., i] >= needed] = band
    return words


def share_in(shares: Floats, words: NDArray[np.object_]) -> Floats:
    """The share that lies in each band or pair of bands named; NaN for `none`."""
    found = np.full(words.shape, np.nan)
    for i, band in enumerate(BANDS):
        found[words == band] = shares[words == band, i]
        pair = f"{BANDS[i - 1]}/{band}"
        found[words == pair] = shares[words == pair, i - 1 : i + 1].sum(axis=-1)
    return found
