"""How many different partners: numbers that do not grow with the number of replies alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from metrics.stats import HIGH, Floats, Ints, ratio, sum_by

FEWEST_BLOCKS = 5  # that an interval needs
NO_SCATTER = 1e-9
WIDE = 1 << 20  # more than there are blocks


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows sorted by person: `number` partners got `count` replies each."""

    person: Ints
    count: Floats
    number: Floats


@dataclass(frozen=True, slots=True)
class BlockCounts:
    """Per block: `number` partners got `in_block` of their `count` replies in it."""

    person: Ints
    block: Ints
    in_block: Floats
    count: Floats
    number: Floats


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


def rarefied_interval(
    partners: Counts, blocks: BlockCounts, size: int, sample: int
) -> tuple[Floats, Floats]:
    """The 90 % interval of `rarefied`, from leaving out one block at a time.

    Replies come in bunches, and a short list of citizens looks less broad than it is:
    the jackknife over blocks (Quenouille 1956; Tukey 1958), of the logarithm, takes both
    into account. The interval always holds the number itself. NaN where a block cannot be
    missed (fewer replies than the sample are left) or none makes a difference.
    """
    number = rarefied(partners.person, partners.count, partners.number, size, sample)
    person, without = _without_blocks(partners, blocks, size, sample)
    count = sum_by(person, size)
    mean = ratio(sum_by(person, size, without), count)
    scatter = sum_by(person, size, (without - mean[person]) ** 2)
    freedom = np.maximum(count - 1.0, 1.0)
    error = np.sqrt(ratio(count - 1.0, count) * scatter)
    with np.errstate(invalid="ignore"):
        whole = np.log(number)
        centre = count * whole - (count - 1.0) * mean
        half = stdtrit(freedom, HIGH) * error
        is_told = (count >= FEWEST_BLOCKS) & (error > NO_SCATTER)
        low = np.minimum(number, np.exp(centre - half))
        high = np.clip(np.exp(centre + half), number, float(sample))
    return np.where(is_told, low, np.nan), np.where(is_told, high, np.nan)


def _without_blocks(
    partners: Counts, blocks: BlockCounts, size: int, sample: int
) -> tuple[Ints, Floats]:
    """Per person and block the logarithm of the number without that block."""
    total = sum_by(partners.person, size, partners.count * partners.number)
    keys, block = np.unique(blocks.person * WIDE + blocks.block, return_inverse=True)
    owner = keys // WIDE
    left = total[owner] - sum_by(block, keys.size, blocks.in_block * blocks.number)
    seen = sum_by(
        block,
        keys.size,
        blocks.number
        * (
            _missed(blocks.count, left[block], sample)
            - _missed(blocks.count - blocks.in_block, left[block], sample)
        ),
    )
    first = np.searchsorted(partners.person, owner, "left")
    rows = np.searchsorted(partners.person, owner, "right") - first
    which = np.repeat(np.arange(keys.size), rows)
    place = np.arange(which.size) - np.repeat(np.cumsum(rows) - rows, rows) + first[which]
    missed = _missed(partners.count[place], left[which], sample)
    seen += sum_by(which, keys.size, partners.number[place] * (1.0 - missed))
    with np.errstate(invalid="ignore", divide="ignore"):
        return owner, np.where(left >= sample, np.log(seen), np.nan)


def _missed(count: Floats, total: Floats, sample: int) -> Floats:
    """How likely a sample without replacement holds none of `count` among `total` replies."""
    missed = np.ones(count.shape)
    for drawn in range(sample):
        missed *= np.maximum(np.nan_to_num(ratio(total - count - drawn, total - drawn)), 0.0)
    return missed
