"""METHOD §10: the tone of what a person writes and of what is received."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.oracles.attitude import own_acts
from tests.oracles.intervals import Z90

if TYPE_CHECKING:
    from tests.oracles.lives import Life
    from tests.oracles.rows import Metric

PHASES = ("off_season", "season")


def tone(life: Life) -> list[Metric]:
    return [make(life, phase) for phase in PHASES for make in (tone_acts, tone_received)]


def tone_acts(life: Life, phase: str) -> Metric:
    row = life.metric("tone_acts", phase, life.known)
    tones = [act.post.tone_score for act in own_acts(life, phase)]
    return _fill(life, row, tones, None if life.known else "no_coverage")


def tone_received(life: Life, phase: str) -> Metric:
    """Of everything that citizens sent, insults too."""
    watched = life.eligible & life.received_covered
    row = life.metric("tone_received", phase, watched)
    tones = [
        item.tone_score
        for item in life.received
        if life.class_of(item.asker_key) == "citizen"
        and item.day in watched
        and life.phase[item.day or 0] == phase
    ]
    reason = None if watched else "no_coverage"
    if not any(a.shows_received for a in life.accounts):
        reason = "not_observable"
    return _fill(life, row, tones, reason)


def _fill(life: Life, row: Metric, tones: list[int | None], reason: str | None) -> Metric:
    """The mean of at least fifty, and how sure it is."""
    gate = life.world.choice("tone_count", 50)
    known = [Fraction(tone, 1_000) for tone in tones if tone is not None]
    n = row.denominator = len(known)
    row.reason = reason
    if reason is None and row.phase == "season" and not life.has_season():
        row.reason = "no_season"
    elif reason is None and n < gate:
        row.reason = "not_observable" if len(tones) >= gate else "too_few"
    if row.reason is None:
        mean = sum(known, Fraction(0)) / n
        variance = (sum((x * x for x in known), Fraction(0)) - n * mean * mean) / (n - 1)
        half = Z90 * math.sqrt(variance / n)
        row.value, row.effective_n, row.word = float(mean), float(n), "descriptive"
        row.low, row.high = float(mean) - half, float(mean) + half
    return row
