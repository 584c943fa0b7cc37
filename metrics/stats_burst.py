"""How much busier a season is: burst, dispersion and the test by turning the calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from metrics.stats import NORMAL_90, Bools, Floats, Ints, ratio

TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Units:
    """Whole weeks or blocks of one phase: how many, their counts summed and squared."""

    number: Floats | Ints
    total: Floats | Ints
    squares: Floats | Ints

    @property
    def has_freedom(self) -> Bools:
        """Where they say how far counts lie apart: two units or more, and an act."""
        return np.asarray((self.number > 1) & (self.total > 0))


Sizes = tuple[Units, Units]  # of one phase: whole weeks, whole 4-week blocks


def dispersion(*phases: Units) -> Floats:
    """Chi-squared per degree of freedom around each phase's mean; no freedom: the chi-squared.

    A phase without a single act adds nothing.
    """
    chi = np.zeros(phases[0].number.shape)
    freedom = np.zeros(phases[0].number.shape)
    for phase in phases:
        is_lively = phase.total > 0
        around = ratio(phase.squares * phase.number, phase.total) - phase.total
        chi += np.where(is_lively, around, 0.0)
        freedom += np.where(is_lively, phase.number - 1, 0)
    return chi / np.maximum(freedom, 1.0)


def dispersions(
    season: Sizes, off: Sizes, with_peers: Callable[[Floats], Floats] = np.asarray
) -> tuple[Floats, Floats, Floats]:
    """How bunched acts are: over both phases, in season, off-season; never less than the first.

    Of weeks and blocks the larger, at least 1. A phase that cannot tell has that of both.
    """

    def largest(*phases: Sizes) -> Floats:
        weeks, blocks = (dispersion(*units) for units in zip(*phases, strict=True))
        return np.maximum(np.maximum(weeks, blocks), 1.0)

    own = largest(season, off)
    pooled = with_peers(own)
    alone = [
        np.where(phase[0].has_freedom | phase[1].has_freedom, largest(phase), own)
        for phase in (season, off)
    ]
    of_season, of_off = (np.maximum(pooled, with_peers(one)) for one in alone)
    return pooled, of_season, of_off


def log_ratio(season: Floats, season_days: Floats, off: Floats, off_days: Floats) -> Floats:
    """The logarithm of how many times busier the season's days are; NaN without days."""
    busy = ratio(np.asarray(season + 0.5, np.float64), season_days)
    usual = ratio(np.asarray(off + 0.5, np.float64), off_days)
    return np.log(busy) - np.log(usual)


def interval(
    b: Floats, season: Floats | Ints, off: Floats | Ints, phi_season: Floats, phi_off: Floats
) -> tuple[Floats, Floats]:
    """The 90 % interval of the burst, widened for acts that are bunched in either phase."""
    error = np.sqrt(phi_season / (season + 0.5) + phi_off / (off + 0.5))
    return np.exp(b - NORMAL_90 * error), np.exp(b + NORMAL_90 * error)


def turned_shares(
    start: Ints, stop: Ints, count: Ints, is_season: Bools, is_off: Bools
) -> tuple[Floats, Floats]:
    """Share of all rotations of the calendar with at least, and at most, the burst observed.

    Person i's weeks are rows start[i]:stop[i] of the other arrays. NaN where a
    phase has no week. Correlations by FFT, people of equal length together.
    """
    up = np.full(start.shape, np.nan)
    down = np.full(start.shape, np.nan)
    length = stop - start
    for weeks in np.unique(length[length > 0]):
        who = np.flatnonzero(length == weeks)
        rows = start[who][:, None] + np.arange(weeks)[None, :]
        up[who], down[who] = _turned(count[rows], is_season[rows], is_off[rows])
    return up, down


def _turned(count: Ints, is_season: Bools, is_off: Bools) -> tuple[Floats, Floats]:
    weeks = count.shape[1]
    spectrum = np.fft.rfft(count.astype(np.float64), axis=1)

    def by_shift(mask: Bools) -> Floats:
        turned = np.conj(np.fft.rfft(mask.astype(np.float64), axis=1))
        return np.rint(np.fft.irfft(spectrum * turned, n=weeks, axis=1))

    season_days = np.broadcast_to(is_season.sum(axis=1, keepdims=True) * 7.0, count.shape)
    off_days = np.broadcast_to(is_off.sum(axis=1, keepdims=True) * 7.0, count.shape)
    b = log_ratio(by_shift(is_season), season_days, by_shift(is_off), off_days)
    defined = ~np.isnan(b[:, 0])
    at_least = (b >= b[:, :1] - TIE).mean(axis=1)
    at_most = (b <= b[:, :1] + TIE).mean(axis=1)
    return np.where(defined, at_least, np.nan), np.where(defined, at_most, np.nan)
