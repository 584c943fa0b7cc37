"""With whom a person talks: how many citizens how often, and quarter by quarter new or known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.charts import (
    Spec,
    at,
    hatched,
    hatching,
    layer,
    painted,
    picture,
    spanning,
    texts,
    tip,
)
from dashboard.look import Look

BAR = 44.0  # pixels for one bar and its name
MIX_HEIGHT = 220
MIX_PIXELS = 700.0
FEWEST = 10  # citizens below which nothing is counted out

Counts = tuple[int | None, int | None, int | None]  # None: one to nine


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its length, and what stands behind it."""

    name: str
    count: int
    text: str


@dataclass(frozen=True, slots=True)
class Quarter:
    """Citizens talked with in one quarter; without counts `reason` says why."""

    from_on: date
    counts: Counts | None  # new, warm, close
    reason: str | None
    tip: str


def bars(rows: Sequence[Bar], look: Look) -> Spec:
    """One bar per row, its name above it and its count behind it."""
    most = max(1, *(row.count for row in rows))
    height = BAR * len(rows)
    boxes, names, ends = [], [], []
    for number, row in enumerate(rows):
        top = number * BAR
        boxes.append({"x": 0.0, "x2": row.count, "y": top + 20, "y2": top + 36, "tip": row.text})
        names.append({"x": 0.0, "y": top + 10, "text": row.name})
        ends.append({"x": row.count + most / 80, "y": top + 28, "text": row.text})
    layers = [
        spanning(
            {"type": "rect", "color": look.talk, "cornerRadius": 2},
            boxes,
            x=at("x", (0.0, most * 1.35), axis=None),
            y=at("y", (height, 0.0), axis=None),
            tooltip=tip(),
        ),
        *texts(names, align="left", baseline="middle", color=look.ink),
        *texts(ends, align="left", baseline="middle", color=look.talk, fontWeight=600),
    ]
    return picture(look, layers, height=round(height))


def mix(quarters: Sequence[Quarter], look: Look, *, narrow: bool = False) -> Spec:
    """New, warm and close partners as stacked bars; unknown quarters hatched, small ones dashed."""
    totals = [sum(map(_height, quarter.counts)) for quarter in quarters if quarter.counts]
    top = max([12.0, *(float(total) for total in totals)]) * 1.1
    boxes, outlines = _boxes(quarters, look)
    layers = [
        _axes(quarters, top, narrow),
        spanning(
            {"type": "rect", "fill": "transparent", "strokeDash": [3, 3], "strokeWidth": 1},
            outlines,
            stroke=painted("edge"),
            tooltip=tip(),
        ),
        spanning({"type": "rect"}, boxes, fill=painted(), tooltip=tip()),
        hatching(_hatches(quarters, top), look),
    ]
    return picture(look, layers, height=MIX_HEIGHT)


def _axes(quarters: Sequence[Quarter], top: float, narrow: bool) -> Spec:
    step = 2 if narrow else 1
    years = [
        (number, quarter.from_on.year)
        for number, quarter in enumerate(quarters)
        if (number == 0 or quarter.from_on.month == 1)
    ][::step]
    if len(years) > 1 and years[1][0] - years[0][0] < 2 * step:
        years = years[1:]  # no room for the name of a year with one quarter
    names = ",".join(f"'{number}':'{year}'" for number, year in years)
    axis = {
        "values": [number for number, _ in years],
        "grid": True,
        "labelAlign": "left",
        "labelExpr": f"({{{names}}})[format(datum.value,'.0f')]",
    }
    every = next(n for n in (2, 5, 10, 20, 50, 100, 500, 10**9) if top / n <= 5)
    ticks = [float(n) for n in range(0, int(top) + 1, every)]
    x = at("x", (0.0, float(max(1, len(quarters)))), axis=axis)
    y = at("y", (0.0, top), axis={"grid": True, "values": ticks})
    return layer({"type": "point", "opacity": 0}, [{"x": 0.0, "y": 0.0}], x=x, y=y)


def _boxes(
    quarters: Sequence[Quarter], look: Look
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    fills = (look.scale[2], look.scale[3], look.scale[5])
    boxes, outlines = [], []
    for number, quarter in enumerate(quarters):
        sides = {"x": number + 0.12, "x2": number + 0.88, "tip": quarter.tip}
        if quarter.counts is None:
            if quarter.reason == "too_few":
                outlines.append(sides | {"y": 0.0, "y2": FEWEST - 1.0, "edge": look.silence_line})
            continue
        foot = 0.0
        for count, fill in zip(reversed(quarter.counts), reversed(fills), strict=True):
            ends = sides | {"y": foot, "y2": foot + _height(count)}
            if count is None:
                outlines.append(ends | {"edge": fill})
            else:
                boxes.append(ends | {"fill": fill})
            foot += _height(count)
    return boxes, outlines


def _height(count: int | None) -> int:
    """One to nine stand as high as nine, and dashed."""
    return FEWEST - 1 if count is None else count


def _hatches(quarters: Sequence[Quarter], top: float) -> Iterator[dict[str, float]]:
    pixel = max(1, len(quarters)) / MIX_PIXELS
    for number, quarter in enumerate(quarters):
        if quarter.counts is None and quarter.reason != "too_few":
            slope = (top / MIX_HEIGHT) / pixel
            yield from hatched(number + 0.0, number + 1.0, 0.0, top, 8 * pixel, slope)
