"""Beside the values at a desk: the chance of each band, and the campaign burst."""

from __future__ import annotations

import math
from collections.abc import Iterator

from dashboard.charts import Row, Spec, at, layer, spanning, texts, tip
from dashboard.compare_frame import Frame
from dashboard.compare_table import BANDS, burst_told, told

BAND_LEFT, BAND_STEP = 61.0, 2.7
FRACTIONS = {-3: "⅛", -2: "¼", -1: "½"}
FAINT = {"field": "seen", "type": "quantitative", "scale": None, "legend": None}


def bands(frame: Frame) -> Iterator[Spec]:
    """Five squares a person: the stronger, the likelier that band; beside them what is printed."""
    look, left = frame.look, BAND_LEFT
    cells, chances = [], []
    for n, line in enumerate(frame.lines):
        for place, chance in enumerate(line.chances):
            box = {
                "x": left + BAND_STEP * place,
                "x2": left + BAND_STEP * (place + 1) - 0.3,
                "y": n + 0.14,
                "y2": n + 0.86,
            }
            told = frame.words(
                "compare.chance", band=BANDS[place], chance=frame.words.percent(chance)
            )
            cells.append(box | {"tip": f"{line.name}: {told}"})
            chances.append(box | {"seen": 0.9 * chance, "tip": f"{line.name}: {told}"})
    yield spanning({"type": "rect", "color": look.silence}, cells, tooltip=tip())
    yield spanning({"type": "rect", "color": look.ink}, chances, opacity=FAINT, tooltip=tip())
    right = left + BAND_STEP * 5 + 0.5
    printed = [
        {"x": right if line.chances else left, "y": n + 0.5, "text": line.band}
        for n, line in enumerate(frame.lines)
    ]
    plain = [row for row, line in zip(printed, frame.lines, strict=True) if not line.chances]
    bold = [row for row, line in zip(printed, frame.lines, strict=True) if line.chances]
    same: Spec = {"align": "left", "baseline": "middle"}
    yield from texts(bold, color=look.ink, **same, fontWeight=600)
    yield from texts(plain, fontStyle="italic", **same)
    heads: list[Row] = [
        {"x": left + BAND_STEP * (place + 0.5) - 0.15, "y": -0.1, "text": letter}
        for place, letter in enumerate(BANDS)
    ]
    yield from texts(heads, baseline="bottom", align="center", fontSize=12)


def bursts(frame: Frame) -> Iterator[Spec]:
    """How many times as busy in season, by doubling, from once as busy."""
    look, panel, words = frame.look, frame.bursts, frame.words
    bars, margins, points, labels, missing = [], [], [], [], []
    for n, line in enumerate(frame.lines):
        burst, y = line.burst, n + 0.5
        if burst.value is None or burst.low is None or burst.high is None:
            missing.append({"x": panel.left + 0.5, "y": y, "text": burst_told(burst, words)})
            continue
        low, value, high = (panel.x(math.log2(one)) for one in (burst.low, burst.value, burst.high))
        bars.append({"x": panel.x(0), "x2": value, "y": n + 0.27, "y2": n + 0.73})
        margins.append({"x": low, "x2": high, "y": y, "y2": y})
        points.append({"x": value, "y": y, "tip": told(line, frame.measure, words)})
        labels.append({"x": max(high, value) + 0.6, "y": y, "text": burst_told(burst, words)})
    ticks = range(int(panel.low), int(panel.high) + 1)
    lines = [{"x": panel.x(n), "x2": panel.x(n), "y": 0, "y2": len(frame.lines)} for n in ticks]
    yield spanning({"type": "rule", "color": look.grid}, lines)
    yield spanning({"type": "rect", "color": look.season_cell}, bars)
    once = [{"x": panel.x(0), "x2": panel.x(0), "y": 0, "y2": len(frame.lines)}]
    yield spanning({"type": "rule", "color": look.send}, once)
    rule: Spec = {"type": "rule", "color": look.season_text, "strokeWidth": 2}
    yield spanning(rule, margins)
    point: Spec = {"type": "point", "filled": True, "opacity": 1, "size": 46}
    point["color"] = look.season_text
    yield layer(point, points, x=at("x"), y=at("y"), tooltip=tip())
    same: Spec = {"align": "left", "baseline": "middle"}
    yield from texts(labels, color=look.ink, **same)
    yield from texts(missing, fontStyle="italic", **same)
    heads = [
        {"x": panel.x(n), "y": -0.1, "text": f"×{FRACTIONS.get(n) or words.factor(2.0**n)}"}
        for n in ticks
        if n % 2 == 0
    ]
    yield from texts(heads, baseline="bottom", align="center", fontSize=12)
