"""Where values become places in the picture of people side by side."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.charts import Spec
from dashboard.compare_table import Line, Measure
from dashboard.look import Look
from dashboard.words import Words


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the picture's width, which is 100, and the values that fill it."""

    left: float
    right: float
    low: float
    high: float

    def x(self, value: float) -> float:
        """Where a value lies; what is outside lies at the edge."""
        inside = min(self.high, max(self.low, value))
        return self.left + (self.right - self.left) * (inside - self.low) / (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Frame:
    """What all parts of the picture share."""

    lines: Sequence[Line]
    measure: Measure
    words: Words
    look: Look
    is_narrow: bool

    @property
    def main(self) -> Panel:
        """Where the values stand."""
        left, right = (2.0, 97.0) if self.is_narrow else (1.0, 56.0)
        return Panel(left, right, 0.0, self.most)

    @property
    def most(self) -> float:
        """The end of the scale: all of it, or what holds every interval."""
        if self.measure.metric == "answer_rate":
            return 1.0
        numbers = [number for line in self.lines for number in (line.off, line.season)]
        ends = [end for one in numbers for end in (one.value, one.high) if end is not None]
        step = 0.1 if self.measure.is_share else 1.0
        whole = step * math.ceil(max(ends, default=step) / step)
        return min(1.0, whole) if self.measure.is_share else whole

    @property
    def ticks(self) -> list[float]:
        """Where the scale has its lines."""
        steps = (0.05, 0.1, 0.25) if self.measure.is_share else (1, 2, 5, 10, 20, 50, 100, 200, 500)
        fits = 3 if self.is_narrow else 5
        step = next((s for s in steps if self.most / s <= fits), steps[-1])
        return [step * n for n in range(int(self.most / step + 1e-9) + 1)]

    @property
    def bursts(self) -> Panel:
        """Where the bursts stand, by doubling."""
        ends = [
            math.log2(end)
            for line in self.lines
            for end in (line.burst.low, line.burst.high)
            if end
        ]
        low = min(-1, max(-3, math.floor(min(ends, default=0))))
        high = max(3, min(5, math.ceil(max(ends, default=0))))
        return Panel(80.0, 93.5, float(low), float(high))

    def row(self, place: int) -> float:
        """The middle of a row."""
        return place + (0.68 if self.is_narrow else 0.5)


def names_axis(names: Sequence[str], look: Look) -> Spec:
    """Names beside the rows: row n reaches from n to n + 1."""
    return {
        "grid": False,
        "values": [row + 0.5 for row in range(len(names))],
        "labelExpr": f"{json.dumps(list(names))}[floor(datum.value)]",
        "labelColor": look.ink,
        "tickCount": len(names),  # fewer would leave labels out
        "labelLimit": 200,
        "labelPadding": 8,
    }
