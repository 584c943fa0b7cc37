"""People side by side: off-season against season, the bands' chances, and the campaign burst."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dashboard.charts import Spec, at, layer, painted, picture, spanning, texts, tip
from dashboard.compare_frame import Frame, names_axis
from dashboard.compare_panels import bands, bursts
from dashboard.compare_table import Line, Measure, burst_margin, burst_told, told
from dashboard.findings import Number
from dashboard.look import Look
from dashboard.words import Words

ROW_PIXELS, NARROW_PIXELS = 22, 52
HEAD, NARROW_HEAD, FOOT = 3.1, 1.35, 1.1  # in rows
BURST_ROOM = 92  # pixels for a burst with its interval on a phone


def dots(
    lines: Sequence[Line], measure: Measure, words: Words, look: Look, *, narrow: bool = False
) -> Spec:
    """Every person on one scale with 90 % intervals; filled signs may be compared, open ones not.

    On a phone the name, band and burst stand above the line instead of beside it.
    """
    frame = Frame(lines, measure, words, look, narrow)
    head = NARROW_HEAD if narrow else HEAD
    layers = [
        _axes(frame, head),
        *_ground(frame),
        *_values(frame),
        *(_names(frame) if narrow else [*bands(frame), *bursts(frame)]),
        *_headings(frame),
    ]
    height = (head + len(lines) + FOOT) * (NARROW_PIXELS if narrow else ROW_PIXELS)
    return picture(look, layers, height=round(height))


def _axes(frame: Frame, head: float) -> Spec:
    """An empty layer with both scales; at a desk the names are the labels of its axis."""
    axis = names_axis([line.name for line in frame.lines], frame.look)
    y = at("y", (len(frame.lines) + FOOT, -head), axis=None if frame.is_narrow else axis)
    corner = {"x": 0, "y": 0}
    return layer({"type": "point", "opacity": 0}, [corner], x=at("x", (0, 100), axis=None), y=y)


def _ground(frame: Frame) -> Iterator[Spec]:
    """Every second row shaded, and the lines of the scale with their values."""
    main, count = frame.main, len(frame.lines)
    panels = [main] if frame.is_narrow else [main, frame.bursts]
    edges = [(panel.left, panel.right) for panel in panels]
    if not frame.is_narrow:
        edges[-1] = (edges[-1][0], 100.0)
        shaded = [
            {"x": left, "x2": right, "y": row, "y2": row + 1}
            for left, right in edges
            for row in range(0, count, 2)
        ]
        yield spanning({"type": "rect", "color": frame.look.grid, "opacity": 0.4}, shaded)
    top = [row + 0.45 for row in range(count)] if frame.is_narrow else [0.0]
    deep = 0.45 if frame.is_narrow else float(count)
    lines = [
        {"x": main.x(tick), "x2": main.x(tick), "y": begin, "y2": begin + deep}
        for tick in frame.ticks
        for begin in top
    ]
    yield spanning({"type": "rule", "color": frame.look.grid}, lines)
    marks = [
        {"x": main.x(tick), "y": -0.1, "text": frame.measure.told(tick, frame.words)}
        for tick in frame.ticks
    ]
    if not frame.measure.is_share:
        marks = [
            mark | {"text": frame.words.number(tick)}
            for mark, tick in zip(marks, frame.ticks, strict=True)
        ]
    yield from texts(marks, baseline="bottom", align="center", fontSize=12)


def _strips(frame: Frame, numbers: Sequence[Number], mark: Spec) -> Spec:
    main = frame.main
    rows = [
        {"x": main.x(one.low), "x2": main.x(one.high), "y": frame.row(n), "y2": frame.row(n)}
        for n, one in enumerate(numbers)
        if one.low is not None and one.high is not None
    ]
    return spanning({"type": "rule", "strokeCap": "round", **mark}, rows)


def _values(frame: Frame) -> Iterator[Spec]:
    """Both values of each person with their intervals, and the peers' median as a line."""
    look, main = frame.look, frame.main
    off, season = ([getattr(line, name) for line in frame.lines] for name in ("off", "season"))
    between = [
        {"x": main.x(a.value), "x2": main.x(b.value), "y": frame.row(n), "y2": frame.row(n)}
        for n, (a, b) in enumerate(zip(off, season, strict=True))
        if a.value is not None and b.value is not None
    ]
    yield spanning({"type": "rule", "color": look.send, "strokeDash": [1, 3]}, between)
    yield _strips(frame, off, {"strokeWidth": 9, "color": look.talk, "opacity": 0.32})
    yield _strips(frame, season, {"strokeWidth": 4, "color": look.season_text, "opacity": 0.5})
    usual = [
        {"x": main.x(line.median), "x2": main.x(line.median), "y": n + begin, "y2": n + 1}
        for n, line in enumerate(frame.lines)
        if line.median is not None
        for begin in [0.4 if frame.is_narrow else 0.0]
    ]
    yield spanning({"type": "rule", "color": look.ink, "strokeWidth": 1.3}, usual)
    yield _points(frame, season, look.season_text, {"shape": "diamond", "size": 58})
    yield _points(frame, off, look.talk, {"shape": "circle", "size": 76})
    missing = [
        {"x": main.x(0) + 0.6, "y": frame.row(n), "text": frame.words("compare.no_off")}
        for n, one in enumerate(off)
        if one.value is None
    ]
    yield from texts(missing, look.background, align="left", baseline="middle", fontStyle="italic")


def _points(frame: Frame, numbers: Sequence[Number], color: str, mark: Spec) -> Spec:
    rows = [
        {
            "x": frame.main.x(one.value),
            "y": frame.row(n),
            "fill": color if one.is_comparable else frame.look.background,
            "tip": told(frame.lines[n], frame.measure, frame.words),
        }
        for n, one in enumerate(numbers)
        if one.value is not None
    ]
    mark = {"type": "point", "opacity": 1, "stroke": color, "strokeWidth": 1.8, **mark}
    return layer(mark, rows, x=at("x"), y=at("y"), fill=painted(), tooltip=tip())


def _names(frame: Frame) -> Iterator[Spec]:
    """On a phone: who, and at the right the band and the burst."""
    look, words = frame.look, frame.words
    named, bands, bursts, missing = [], [], [], []
    for n, line in enumerate(frame.lines):
        y, margin = n + 0.24, burst_margin(line.burst, words)
        named.append({"x": 0, "y": y, "text": line.name})
        text = burst_told(line.burst, words)
        if line.burst.value is None:
            missing.append({"x": 100, "y": y, "text": text})
        else:
            bursts.append({"x": 100, "y": y, "text": f"{text} ({margin})" if margin else text})
        if line.chances:
            bands.append({"x": 100, "y": y, "text": line.band})
    same: Spec = {"baseline": "middle", "align": "right", "fontSize": 12}
    bold: Spec = {"color": look.ink, "fontWeight": 600}
    yield from texts(named, limit=138, baseline="middle", align="left", **bold)
    yield from texts(bands, dx=-BURST_ROOM, limit=66, **same | bold)
    yield from texts(bursts, color=look.season_text, **same)
    yield from texts(missing, fontStyle="italic", **same)


def _headings(frame: Frame) -> Iterator[Spec]:
    """What the signs mean, where they are; the median by name where there is one."""
    look, words, main = frame.look, frame.words, frame.main
    bold: Spec = {"fontWeight": 600, "fontSize": 14, "baseline": "bottom", "align": "left"}
    top, lower = (-0.82, -0.46) if frame.is_narrow else (-2.0, -1.1)
    rise = 0.13 if frame.is_narrow else 0.36  # from a text's foot to its middle
    for key, y, color, shape in (
        ("compare.sign_off", top, look.talk, "circle"),
        ("compare.sign_season", lower, look.season_text, "diamond"),
    ):
        sign = {"type": "point", "shape": shape, "size": 60, "filled": True, "opacity": 1}
        place = {"x": main.left, "y": y - rise}
        yield layer(sign | {"color": color}, [place], x=at("x"), y=at("y"))
        named = [{"x": main.left, "y": y, "text": words(key)}]
        yield from texts(named, color=color, dx=9, **bold | {"fontSize": 13})
    medians = {line.median for line in frame.lines if line.median is not None}
    if len(medians) == 1:
        [median] = medians
        text = words("compare.median_is", median=frame.measure.told(median, words))
        foot = [{"x": main.x(median), "y": len(frame.lines) + 0.12, "text": text}]
        share = (median - main.low) / (main.high - main.low)
        align = "left" if share < 0.2 else "right" if share > 0.8 else "center"
        yield from texts(foot, color=look.ink, baseline="top", align=align, fontWeight=600)
    if frame.is_narrow:
        right: Spec = {"baseline": "bottom", "align": "right", "fontSize": 12}
        band = [{"x": 100, "y": lower, "text": words("compare.head_band")}]
        burst = [{"x": 100, "y": lower, "text": words("compare.head_burst")}]
        yield from texts(band, color=look.ink, dx=-BURST_ROOM, fontWeight=600, **right)
        yield from texts(burst, color=look.season_text, fontWeight=600, **right)
        return
    left = frame.bursts.left
    yield from texts(
        [{"x": 61, "y": -2.0, "text": words("compare.head_band")}], color=look.ink, **bold
    )
    yield from texts([{"x": 61, "y": -1.1, "text": words("compare.sub_band")}], **bold | {
        "fontSize": 12, "fontWeight": 400})  # fmt: skip
    yield from texts(
        [{"x": left, "y": -2.0, "text": words("compare.head_burst")}],
        color=look.season_text, **bold,
    )  # fmt: skip
    yield from texts([{"x": left, "y": -1.1, "text": words("compare.sub_burst")}], **bold | {
        "fontSize": 12, "fontWeight": 400})  # fmt: skip
