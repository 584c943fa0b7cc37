"""What holds a score back: how much higher it would stand with one pillar at its full points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from metrics.stats_score import geometric


@dataclass(frozen=True, slots=True)
class Held:
    """One pillar, and what the score would be if it alone were full."""

    pillar: str
    points: float
    score_if_full: float
    gain: float


def held_back(points: Mapping[str, float | None], floor: float) -> tuple[Held, ...]:
    """The pillars that have points, the one that costs the score most first."""
    names = [name for name, value in points.items() if value is not None]
    values = np.array([points[name] for name in names], float)
    if not names:
        return ()
    now = float(geometric(values, floor))
    held = []
    for place, name in enumerate(names):
        full = values.copy()
        full[place] = 100.0
        then = float(geometric(full, floor))
        held.append(Held(name, float(values[place]), then, then - now))
    return tuple(sorted(held, key=lambda one: (-one.gain, one.pillar)))
