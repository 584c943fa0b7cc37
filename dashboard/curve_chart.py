"""The share of questions answered by each day after they were asked, with its margin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.charts import Spec, at, layer, picture, texts, tip
from dashboard.look import Look

DAYS = (1, 3, 7, 14)
HEIGHT = 300
STEP = "step-after"  # what was answered by a day holds until the next day that was looked at


@dataclass(frozen=True, slots=True)
class Point:
    """The share answered by a day, its margin, and the same in words."""

    day: float
    share: float
    low: float
    high: float
    tip: str


def curve(
    points: Sequence[Point],
    labels: Sequence[tuple[float, float, str]],
    ticks: Sequence[tuple[float, str]],
    shares: Sequence[tuple[float, str]],
    look: Look,
) -> Spec:
    """Rising steps with their margin; `labels` (day, share, text) stand where people look."""
    start = {"day": 0.0, "share": 0.0, "low": 0.0, "high": 0.0, "tip": ""}
    rows = [start] + [
        {"day": p.day, "share": p.share, "low": p.low, "high": p.high, "tip": p.tip} for p in points
    ]
    top = min(1.0, max([0.2, *(p.high for p in points)]) * 1.12)
    x = at("day", (0.0, 15.2), axis=_axis(ticks))
    y = at("share", (0.0, top), axis=_axis([one for one in shares if one[0] <= top]))
    dots = [
        {"day": day, "share": share, "tip": next((p.tip for p in points if p.day == day), "")}
        for day, share, _ in labels
    ]
    names = [{"x": day, "y": share, "text": text} for day, share, text in labels]
    layers = [
        layer(
            {"type": "area", "interpolate": STEP, "color": look.talk, "opacity": 0.22},
            rows,
            x=x,
            y=at("low", (0.0, top), axis=_axis([one for one in shares if one[0] <= top])),
            y2={"field": "high"},
        ),
        layer(
            {"type": "line", "interpolate": STEP, "color": look.talk, "strokeWidth": 2.5},
            rows,
            x=x,
            y=y,
        ),
        layer(
            {"type": "point", "filled": True, "size": 110, "color": look.talk, "opacity": 1},
            dots,
            x=x,
            y=y,
            tooltip=tip(),
        ),
        *texts(
            names,
            look.background,
            align="left",
            baseline="top",
            dx=7,
            dy=7,
            color=look.ink,
            fontWeight=600,
            fontSize=14,
        ),
    ]
    return picture(look, layers, height=HEIGHT)


def _axis(ticks: Sequence[tuple[float, str]]) -> Spec:
    names = ",".join(f"'{value:.2f}':'{text}'" for value, text in ticks)
    return {
        "values": [value for value, _ in ticks],
        "grid": True,
        "labelExpr": f"({{{names}}})[format(datum.value,'.2f')]",
    }
