"""METHOD §2, described only: the day after the election, and how bunched the acts are."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from tests.oracles.burst import (
    SHORT_IN,
    SHORT_OFF,
    Stream,
    acts_stream,
    rate_dispersion,
)
from tests.oracles.intervals import expected_ratio

if TYPE_CHECKING:
    from tests.oracles.lives import Life
    from tests.oracles.rows import Metric

SIDE_DAYS = 28
GATE_INTERVALS = 20


def cliffs(lives: list[Life]) -> list[Metric]:
    streams = [acts_stream(life) for life in lives]
    return [_with_interval(cliff(stream.life), stream, streams) for stream in streams]


def _with_interval(row: Metric, stream: Stream, everyone: list[Stream]) -> Metric:
    """As bunched as the wilder of the two phases; where their days are too few nobody knows."""
    if row.value is None:
        return row
    if stream.exposure("season") < SHORT_IN or stream.exposure("off_season") < SHORT_OFF:
        row.word, row.is_comparable = "descriptive", False
        return row
    row.dispersion_in = float(rate_dispersion(stream, everyone, "season"))
    row.dispersion_off = float(rate_dispersion(stream, everyone, "off_season"))
    phi = max(row.dispersion_in, row.dispersion_off)
    row.low, row.high = expected_ratio(row.numerator or 0, row.denominator or 0, phi)
    return row


def cliff(life: Life) -> Metric:
    """Acts in the 28 days after the elections per act in the 28 days before them."""
    row = life.metric("cliff", "all", set())
    row.numerator = row.denominator = 0
    if not life.known:
        row.reason = "no_coverage"
        return row
    if not life.has_season():
        row.reason = "no_season"
        return row
    before = after = usable = 0
    for last in sorted({e.last_round_day for e in life.elections}):
        days_before = range(last - SIDE_DAYS + 1, last + 1)
        days_after = range(last + 1, last + SIDE_DAYS + 1)
        is_known = set(days_before) | set(days_after) <= life.known
        if not is_known or any(life.phase[d] == "season" for d in days_after):
            continue
        usable += 1
        before += sum(act.is_own_act() and act.day in days_before for act in life.acts)
        after += sum(act.is_own_act() and act.day in days_after for act in life.acts)
    row.numerator, row.denominator = after, before
    row.covered_days = 2 * SIDE_DAYS * usable
    if not usable:
        row.reason = "too_short"
    elif before == 0:
        row.reason = "too_few"
    else:
        row.value = after / before
        row.is_comparable = True
    return row


def burstiness(life: Life) -> Metric:
    """Kim & Jo's B: -1 like a clock, 0 like chance, 1 all in one heap."""
    row = life.metric("burstiness", "all", life.known)
    acts = sorted(
        (act for act in life.acts if act.is_own_act() and act.day in life.known),
        key=lambda act: act.at,
    )
    gaps = [
        later.at - earlier.at
        for earlier, later in pairwise(acts)
        if all(day in life.known for day in range(earlier.day, later.day + 1))
    ]
    n = row.numerator = row.denominator = len(gaps)
    if not life.known:
        row.reason = "no_coverage"
    elif n < GATE_INTERVALS or sum(gaps) == 0:
        row.reason = "too_few"
    else:
        mean = sum(gaps) / n
        r = math.sqrt(sum((gap - mean) ** 2 for gap in gaps) / n) / mean
        row.effective_n = float(n)
        row.word = "descriptive"
        row.value = (math.sqrt(n + 1) * r - math.sqrt(n - 1)) / (
            (math.sqrt(n + 1) - 2) * r + math.sqrt(n - 1)
        )
    return row
