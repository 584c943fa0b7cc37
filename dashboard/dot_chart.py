"""Shares as dots on a line, each with its margin: names left of the line, on a phone above it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.charts import Spec, at, layer, painted, picture, spanning, texts, tip
from dashboard.look import Look

LANE, GAP = 26.0, 12.0  # pixels
NAME = 20.0  # a line of text above its lane, on a phone
TOP = 4.0
TEXT_SHARE = 0.46  # of the width, left of the line, on a wide page
SHAPES = {"talk": "circle", "season": "diamond", "send": "square"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One number with its margin, or in `text` the reason why there is none."""

    text: str
    value: float | None
    low: float | None = None
    high: float | None = None
    kind: str = "talk"  # talk | season | send


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers that are read together; joined ones share one line, with one text."""

    name: str
    marks: tuple[Mark, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """From where to where the line runs, and what stands along it."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    reference: float | None = None


@dataclass(frozen=True, slots=True)
class _Lane:
    group: Group
    marks: tuple[Mark, ...]
    text: str
    name_at: float | None  # where the group's name stands, in its first lane
    text_at: float
    at: float


def dots(
    groups: Sequence[Group], scale: Scale, look: Look, *, narrow: bool = False, joined: bool = False
) -> Spec:
    """The numbers of each group below each other, on one scale."""
    lanes, height = _lanes(groups, narrow, joined)
    span = scale.high - scale.low
    edge = scale.low if narrow else scale.low - span * TEXT_SHARE / (1 - TEXT_SHARE)
    right = scale.high + 0.03 * span
    layers = [
        _axes(scale, (edge - (0.03 * span if narrow else 0), right), height),
        _lines(lanes, scale, look),
        *_reference(scale, height, look),
        *([_joins(lanes, look)] if joined else []),
        _margins(lanes, look),
        *_points(lanes, look),
        *_names(lanes, edge - (0.02 * span if narrow else 0), look),
        *_texts(lanes, scale, span, look, narrow=narrow, joined=joined),
    ]
    return picture(look, layers, height=round(height) + 24)


def _lanes(groups: Sequence[Group], narrow: bool, joined: bool) -> tuple[list[_Lane], float]:
    lanes, y = [], TOP
    for group in groups:
        parts = [group.marks] if joined else [(mark,) for mark in group.marks]
        for number, marks in enumerate(parts):
            text = group.text if joined else marks[0].text
            name_at: float | None = None
            if narrow:
                if number == 0 and group.name:
                    name_at, y = y + NAME / 2, y + NAME
                text_at, y = y + NAME / 2, y + NAME
                lane_at, y = y + 7, y + 16
            else:
                text_at = lane_at = y + LANE / 2
                name_at = lane_at if number == 0 else None
                y += LANE
            lanes.append(_Lane(group, marks, text, name_at, text_at, lane_at))
        y += GAP
    return lanes, y


def _axes(scale: Scale, domain: tuple[float, float], height: float) -> Spec:
    names = ",".join(f"'{value:.4f}':'{text}'" for value, text in scale.ticks)
    axis = {
        "values": [value for value, _ in scale.ticks],
        "orient": "top",
        "grid": True,
        "labelExpr": f"({{{names}}})[replace(format(datum.value,'.4f'),'\u2212','-')]",
    }
    corner = {"x": scale.low, "y": 0.0}
    x, y = at("x", domain, axis=axis), at("y", (height, 0.0), axis=None)
    return layer({"type": "point", "opacity": 0}, [corner], x=x, y=y)


def _lines(lanes: Sequence[_Lane], scale: Scale, look: Look) -> Spec:
    rows = [{"x": scale.low, "x2": scale.high, "y": lane.at, "y2": lane.at} for lane in lanes]
    return spanning({"type": "rule", "color": look.grid, "strokeWidth": 2}, rows)


def _reference(scale: Scale, height: float, look: Look) -> list[Spec]:
    if scale.reference is None:
        return []
    row = {"x": scale.reference, "x2": scale.reference, "y": 0.0, "y2": height}
    return [spanning({"type": "rule", "color": look.ink, "strokeWidth": 1.4}, [row])]


def _joins(lanes: Sequence[_Lane], look: Look) -> Spec:
    rows = []
    for lane in lanes:
        values = [mark.value for mark in lane.marks if mark.value is not None]
        if len(values) > 1:
            rows.append({"x": min(values), "x2": max(values), "y": lane.at, "y2": lane.at})
    return spanning({"type": "rule", "color": look.send, "strokeWidth": 3, "opacity": 0.6}, rows)


def _margins(lanes: Sequence[_Lane], look: Look) -> Spec:
    rows = [
        {"x": mark.low, "x2": mark.high, "y": y, "y2": y, "fill": _color(mark, look)}
        for mark, y, _ in _marks(lanes)
        if mark.low is not None and mark.high is not None
    ]
    mark: Spec = {"type": "rule", "strokeWidth": 9, "strokeCap": "round", "opacity": 0.38}
    return spanning(mark, rows, color=painted())


def _points(lanes: Sequence[_Lane], look: Look) -> Iterator[Spec]:
    for kind, shape in SHAPES.items():
        rows = [
            {"x": mark.value, "y": y, "tip": text}
            for mark, y, text in _marks(lanes)
            if mark.kind == kind and mark.value is not None
        ]
        if rows:
            mark: Spec = {"type": "point", "filled": True, "size": 130, "opacity": 1}
            mark |= {"shape": shape, "color": _color(Mark("", None, kind=kind), look)}
            yield layer(mark, rows, x=at("x"), y=at("y"), tooltip=tip())


def _marks(lanes: Sequence[_Lane]) -> Iterator[tuple[Mark, float, str]]:
    for lane in lanes:
        for mark in lane.marks:
            yield mark, lane.at, ": ".join(part for part in (lane.group.name, mark.text) if part)


def _color(mark: Mark, look: Look) -> str:
    return {"talk": look.talk, "season": look.season_text}.get(mark.kind, look.send)


def _names(lanes: Sequence[_Lane], left: float, look: Look) -> list[Spec]:
    rows = [
        {"x": left, "y": lane.name_at, "text": lane.group.name}
        for lane in lanes
        if lane.name_at is not None and lane.group.name
    ]
    return texts(rows, align="left", baseline="middle", color=look.ink, fontWeight=600, fontSize=14)


def _texts(
    lanes: Sequence[_Lane], scale: Scale, span: float, look: Look, *, narrow: bool, joined: bool
) -> Iterator[Spec]:
    place = {"align": "left" if narrow else "right", "baseline": "middle"}
    x = scale.low - (0.02 if narrow else 0.035) * span
    for kind in ("talk", "season", "send", "none"):
        rows: list[dict[str, Any]] = [
            {"x": x, "y": lane.text_at, "text": lane.text}
            for lane in lanes
            if _kind(lane, joined) == kind
        ]
        colors = {"talk": look.talk, "season": look.season_text}
        color = colors.get(kind, look.muted)
        yield from texts(rows, look.background if narrow else None, color=color, **place)


def _kind(lane: _Lane, joined: bool) -> str:
    return "none" if joined or lane.marks[0].value is None else lane.marks[0].kind
