"""Intervals of METHOD, from the textbook."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scipy.stats import beta, gamma

if TYPE_CHECKING:
    from fractions import Fraction

Z90 = 1.645


def jeffreys(successes: float, n: float) -> tuple[float, float]:
    """90 % interval of a share: quantiles 5 and 95 % of Beta(k + 1/2, n - k + 1/2).

    As is usual with Jeffreys' interval (Brown, Cai & DasGupta 2001) it always holds the share.
    """
    posterior = beta(successes + 0.5, n - successes + 0.5)
    share = successes / n
    return min(share, float(posterior.ppf(0.05))), max(share, float(posterior.ppf(0.95)))


def log_ratio(n_in: int, days_in: int, n_off: int, days_off: int) -> float:
    """b of METHOD §2: how much more often in season, on the scale of ln, never infinite."""
    return math.log((n_in + 0.5) / days_in) - math.log((n_off + 0.5) / days_off)


def burst_interval(b: float, *phases: tuple[float, int]) -> tuple[float, float]:
    """From b and, of each phase, how wild it is and how many acts it has."""
    se = math.sqrt(sum(phi / (n + 0.5) for phi, n in phases))
    return math.exp(b - Z90 * se), math.exp(b + Z90 * se)


def expected_count(count: int, phi: float) -> tuple[float, float]:
    """Jeffreys for a count: quantiles 5 and 95 % of Gamma(bunches + 1/2), in bunches of φ."""
    posterior = gamma(count / phi + 0.5, scale=phi)
    return min(count, float(posterior.ppf(0.05))), max(count, float(posterior.ppf(0.95)))


def expected_ratio(above: int, below: int, phi: float) -> tuple[float, float]:
    """Jeffreys for the share of the first in both, in bunches of φ, told as odds."""
    posterior = beta(above / phi + 0.5, below / phi + 0.5)
    other = beta(below / phi + 0.5, above / phi + 0.5)  # what is left of a share near 1
    low, high = (float(posterior.ppf(q)) / float(other.ppf(1 - q)) for q in (0.05, 0.95))
    return min(low, above / below), max(high, above / below)


def median(values: list[Fraction]) -> Fraction:
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2
