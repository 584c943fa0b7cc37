"""How days and amounts become places on the timeline: time runs right, or on a phone down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.charts import Spec, at, layer
from dashboard.days import Life, years_of

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Frame:
    """How time and amounts become x and y: time runs right, or on a phone down."""

    life: Life
    most_sent: float
    most_talked: float
    is_narrow: bool

    @property
    def first(self) -> float:
        """The number of the window's first day."""
        return number(self.life.from_on)

    @property
    def last(self) -> float:
        """The number of the day after the window's last."""
        return number(self.life.to_on) + 1.0

    def box(self, a: float, b: float, low: float, high: float, **more: Any) -> dict[str, Any]:
        """Days [a, b) by amounts [low, high]; sending is positive."""
        if self.is_narrow:
            return {"x": -high, "x2": -low, "y": a, "y2": b} | more
        return {"x": a, "x2": b, "y": low, "y2": high} | more

    def point(self, day: float, amount: float, **more: Any) -> dict[str, Any]:
        """A day at an amount."""
        return ({"x": -amount, "y": day} if self.is_narrow else {"x": day, "y": amount}) | more


def number(day: date) -> float:
    """The number of a day since 1970."""
    return float((day - EPOCH).days)


def _ticks(most_sent: float, most_talked: float) -> list[float]:
    most = max(most_sent, most_talked)
    step = next(s for s in (2, 5, 10, 20, 50, 100, 200, 500, 10**9) if most / s <= 4)
    return [float(n) for n in range(-int(most_talked // step) * step, int(most_sent) + 1, step)]


def axes(frame: Frame) -> Spec:
    """An empty layer that carries both scales, so that no other layer needs one."""
    time = (frame.first, frame.last)
    years = [number(date(y, 1, 1)) for y in years_of(frame.life)]
    amounts = (-frame.most_talked, frame.most_sent)
    ticks = _ticks(frame.most_sent, frame.most_talked)
    lines: Spec = {"grid": True, "labels": False, "values": years}
    numbers: Spec = {"grid": True, "values": ticks, "labelExpr": "abs(datum.value)"}
    if frame.is_narrow:
        amounts = (-frame.most_sent, frame.most_talked)
        numbers |= {"orient": "top", "values": [-tick for tick in ticks]}
        x = at("x", amounts, axis=numbers)
        y = at("y", (frame.last, frame.first), axis=lines)
    else:
        x = at("x", time, axis=lines)
        y = at("y", amounts, axis=numbers)
    corner = {"x": amounts[0], "y": frame.first} if frame.is_narrow else {"x": time[0], "y": 0}
    return layer({"type": "point", "opacity": 0}, [corner], x=x, y=y)
