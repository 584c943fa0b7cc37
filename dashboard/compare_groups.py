"""Parties or municipalities side by side: how many people, their median and their spread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.charts import Spec, at, layer, picture, spanning, texts
from dashboard.compare_frame import names_axis
from dashboard.compare_table import Measure, only_comparable
from dashboard.look import Look
from dashboard.words import Words

ENOUGH = 6  # people with a value, as for peers
ROW_PIXELS, NARROW_PIXELS = 34, 54
BY = {"party": "group.by_party", "municipality": "group.by_municipality"}


@dataclass(frozen=True, slots=True)
class Group:
    """One party or municipality; without enough people there is no median."""

    name: str
    people: int
    values: tuple[float, ...]  # of the people who may be compared, from low to high
    median: float | None = None
    low: float | None = None
    high: float | None = None


def groups(people: pd.DataFrame, by: str, measure: Measure) -> list[Group]:
    """Everybody's group by name, with the off-season values of those who may be compared."""
    compared = only_comparable(people, measure)
    values = {
        str(name): tuple(sorted(float(value) for value in rows))
        for name, rows in compared.groupby(by)[f"{measure.off}_value"]
    }
    found = []
    for name, count in sorted(people[by].dropna().value_counts().items()):
        mine = values.get(str(name), ())
        ends = (
            (float(end) for end in np.quantile(mine, (0.5, 0.25, 0.75))) if is_enough(mine) else ()
        )
        found.append(Group(str(name), int(count), mine, *ends))
    return found


def is_enough(values: Sequence[float]) -> bool:
    """Whether so many people make a median that may be told."""
    return len(values) >= ENOUGH


def table(found: Sequence[Group], measure: Measure, by: str, t: Words) -> pd.DataFrame:
    """The picture's numbers in words."""
    return pd.DataFrame(
        [
            {
                t(BY[by]): group.name,
                t("group.people"): t.number(group.people),
                t("group.with_value"): t.number(len(group.values)),
                t("group.median"): t("group.too_few")
                if group.median is None
                else measure.told(group.median, t),
                t("group.spread"): spread(group, measure, t),
            }
            for group in found
        ]
    )


def spread(group: Group, measure: Measure, t: Words) -> str:
    """Between which values the middle half lies; empty without a median."""
    if group.low is None or group.high is None:
        return ""
    if measure.is_share:
        return t.percents(group.low, group.high)
    return f"{t.number(group.low, 1)}–{t.number(group.high, 1)}"


def told(found: Sequence[Group], measure: Measure, t: Words) -> str:
    """The medians in words, by name of the group."""
    parts = [
        f"{group.name} {measure.told(group.median, t)}"
        for group in found
        if group.median is not None
    ]
    return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Frame:
    """What all parts of the picture share."""

    found: Sequence[Group]
    measure: Measure
    words: Words
    look: Look
    is_narrow: bool

    @property
    def most(self) -> float:
        """The end of the scale."""
        if self.measure.metric == "answer_rate":
            return 1.0
        known = [group.values[-1] for group in self.found if group.median is not None]
        return max(known, default=1.0) or 1.0

    @property
    def right(self) -> float:
        """The picture's right edge: at a desk the words stand beside the scale."""
        return self.most * (1.04 if self.is_narrow else 1.25)

    @property
    def middle(self) -> float:
        """Where in its row a group's bar lies; on a phone its words stand above it."""
        return 0.7 if self.is_narrow else 0.5


def groups_chart(
    found: Sequence[Group], measure: Measure, words: Words, look: Look, *, narrow: bool = False
) -> Spec:
    """Each group's people as dots, the middle half as a bar, the median as a line and a number."""
    frame = Frame(found, measure, words, look, narrow)
    layers = [_axes(frame), *_ground(frame), *_bodies(frame), *_told(frame)]
    height = (len(found) + 0.7) * (NARROW_PIXELS if narrow else ROW_PIXELS)
    return picture(look, layers, height=round(height))


def _axes(frame: Frame) -> Spec:
    """An empty layer with both scales; at a desk the names are the labels of its axis."""
    axis = names_axis([group.name for group in frame.found], frame.look)
    y = at("y", (len(frame.found), -0.7), axis=None if frame.is_narrow else axis)
    x = at("x", (-0.02 * frame.most, frame.right), axis=None)
    return layer({"type": "point", "opacity": 0}, [{"x": 0, "y": 0}], x=x, y=y)


def _ground(frame: Frame) -> Iterator[Spec]:
    count = 2 if frame.is_narrow else 4
    ticks = [frame.most * n / count for n in range(count + 1)]
    lines = [{"x": tick, "x2": tick, "y": 0, "y2": len(frame.found)} for tick in ticks]
    yield spanning({"type": "rule", "color": frame.look.grid}, lines)
    numbers = [
        {"x": tick, "y": -0.1, "text": frame.measure.told(tick, frame.words)} for tick in ticks
    ]
    yield from texts(numbers, baseline="bottom", align="center", fontSize=12)


def _bodies(frame: Frame) -> Iterator[Spec]:
    look, middle = frame.look, frame.middle
    enough = [(n, group) for n, group in enumerate(frame.found) if group.median is not None]
    halves = [
        {"x": group.low, "x2": group.high, "y": n + middle, "y2": n + middle} for n, group in enough
    ]
    yield spanning({"type": "rule", "strokeWidth": 12, "color": look.talk, "opacity": 0.3}, halves)
    each = [{"x": value, "y": n + middle} for n, group in enough for value in group.values]
    dot: Spec = {"type": "point", "filled": True, "size": 34, "color": look.talk, "opacity": 0.75}
    yield layer(dot, each, x=at("x"), y=at("y"))
    usual = [
        {"x": group.median, "x2": group.median, "y": n + middle - 0.26, "y2": n + middle + 0.26}
        for n, group in enough
    ]
    yield spanning({"type": "rule", "strokeWidth": 2.4, "color": look.ink}, usual)


def _told(frame: Frame) -> Iterator[Spec]:
    """The median and the count of each group, or that there are too few; on a phone its name."""
    words, told, few, names = frame.words, [], [], []
    for n, group in enumerate(frame.found):
        count = words.count("group.count", len(group.values), people=words.number(group.people))
        names.append({"x": 0, "y": n + 0.25, "text": group.name})
        if group.median is None:
            text = f"{words('group.too_few')}: {count}"
            few.append({"x": 0, "y": n + frame.middle, "text": text})
        else:
            x, y = (frame.right, 0.25) if frame.is_narrow else (frame.most, 0.5)
            value = frame.measure.told(group.median, words)
            told.append({"x": x, "y": n + y, "text": f"{value} · {count}"})
    ink = frame.look.ink
    yield from texts(few, align="left", baseline="middle", fontStyle="italic", dx=4)
    if frame.is_narrow:
        yield from texts(
            names, align="left", baseline="middle", color=ink, fontWeight=600, limit=130
        )
        yield from texts(told, align="right", baseline="middle", color=ink)
    else:
        yield from texts(told, align="left", baseline="middle", color=ink, dx=16)
