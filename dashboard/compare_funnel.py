"""The funnel: answer rates against how many people asked, with what chance alone explains."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.charts import Row, Spec, at, layer, painted, picture, texts, tip
from dashboard.compare_table import NUMBER, number_in
from dashboard.look import Look
from dashboard.words import Words

Peers = tuple[str, str]  # office, level
WIDE_HEIGHT, NARROW_HEIGHT = 420, 400
MOST_NAMES = 6  # in the sentence; else how many they are
MOST_LABELS = 14  # in the picture; of more only those beyond 99.8 %
APART = 0.05  # of the height: how far labels keep from one another
TICKS = (10, 20, 30, 50, 100, 200, 300, 500, 1_000, 2_000, 5_000)


@dataclass(frozen=True, slots=True)
class Limit:
    """Between which rates chance alone keeps people whom `askers` people asked."""

    askers: int
    low_95: float
    high_95: float
    low_998: float
    high_998: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """The limits around one group's mean, from few askers to many."""

    peers: Peers
    people: int
    centre: float
    limits: tuple[Limit, ...]

    def limit(self, askers: float) -> Limit:
        """The limits at a number of askers, straight between the published ones."""
        after = next((n for n, one in enumerate(self.limits) if one.askers >= askers), None)
        if after is None:
            return self.limits[-1]
        one = self.limits[max(0, after - 1)]
        other = self.limits[after]
        if after == 0 or other.askers == askers:
            return other
        part = (askers - one.askers) / (other.askers - one.askers)

        def between(name: str) -> float:
            low, high = float(getattr(one, name)), float(getattr(other, name))
            return low + part * (high - low)

        return Limit(round(askers), *(between(name) for name in NAMES))


COLUMNS = [f"answers_{name}" for name in NUMBER]
NAMES = ("low_95", "high_95", "low_998", "high_998")


@dataclass(frozen=True, slots=True)
class Dot:
    """One person in the funnel."""

    name: str
    askers: int
    rate: float
    is_comparable: bool
    where: str  # inside | above | below | far_above | far_below; "" where not compared

    @property
    def is_outside(self) -> bool:
        """Whether chance alone does not explain it."""
        return self.where not in {"", "inside"}


def funnels(table: pd.DataFrame) -> dict[Peers, Funnel]:
    """The published funnels by office and level, the largest group first."""
    found = {}
    mine = table[table["metric"] == "answer_rate"].sort_values("n")
    for (office, level), rows in mine.groupby(["office", "level"], sort=True):
        columns = (rows[name].to_list() for name in ("n", *NAMES))
        limits = tuple(Limit(*row) for row in zip(*columns, strict=True))
        first = rows.iloc[0]
        peers = (str(office), str(level))
        found[peers] = Funnel(peers, int(first["people_count"]), float(first["centre"]), limits)
    return dict(sorted(found.items(), key=lambda item: -item[1].people))


def dots_of(people: pd.DataFrame, funnel: Funnel) -> list[Dot]:
    """The group's people with an answer rate, and where those lie that may be compared."""
    office, level = funnel.peers
    mine = people[(people["office"] == office) & (people["level"] == level)]
    mine = mine.loc[mine["answers_value"].notna(), ["name", *COLUMNS]]
    found = []
    for row in mine.to_dict("records"):
        number = number_in(row, "answers")
        askers, rate = round(number.effective_n), number.value or 0.0
        limit = funnel.limit(number.effective_n)
        where = "inside"
        for name, place in (("low_95", "below"), ("low_998", "far_below")):
            where = place if rate < getattr(limit, name) else where
        for name, place in (("high_95", "above"), ("high_998", "far_above")):
            where = place if rate > getattr(limit, name) else where
        where = where if number.is_comparable else ""
        found.append(Dot(str(row["name"]), askers, rate, number.is_comparable, where))
    return sorted(found, key=lambda dot: dot.name)


def outside_told(dots: Sequence[Dot], t: Words) -> str:
    """Who lies outside, and on which side; or that nobody does."""
    compared = sum(dot.is_comparable for dot in dots)
    if not compared:
        return t("funnel.nobody_compared")
    parts = []
    for key, side in (("funnel.above", "above"), ("funnel.below", "below")):
        names = [dot.name for dot in dots if dot.is_outside and dot.where.endswith(side)]
        if names:
            is_short = len(names) <= MOST_NAMES
            told = ", ".join(names) if is_short else t.count("count.people", len(names))
            parts.append(t(key, names=told))
    if not parts:
        return t.count("funnel.all_inside", compared)
    return " ".join(parts)


WHERE = {
    "inside": "funnel.is_inside",
    "above": "funnel.is_above",
    "below": "funnel.is_below",
    "far_above": "funnel.is_far_above",
    "far_below": "funnel.is_far_below",
    "": "compare.not_compared",
}


def table(dots: Sequence[Dot], funnel: Funnel, t: Words) -> pd.DataFrame:
    """The picture's numbers in words."""
    rows = []
    for dot in dots:
        limit = funnel.limit(dot.askers)
        rows.append(
            {
                t("column.name"): dot.name,
                t("compare.askers"): t.number(dot.askers),
                t("compare.off"): t.percent(dot.rate),
                t("funnel.within_95"): t.percents(limit.low_95, limit.high_95),
                t("funnel.within_998"): t.percents(limit.low_998, limit.high_998),
                t("funnel.where"): t(WHERE[dot.where]),
            }
        )
    return pd.DataFrame(rows)


def funnel_chart(
    funnel: Funnel, dots: Sequence[Dot], words: Words, look: Look, *, narrow: bool = False
) -> Spec:
    """Rates against askers; those outside by name, open signs where too few asked to compare."""
    most = max([limit.askers for limit in funnel.limits] + [dot.askers for dot in dots])
    least = funnel.limits[0].askers
    room = 1.06 if narrow else 1.14
    ticks = [n for n in TICKS if least <= n <= most] if not narrow else []
    ticks = ticks or [n for n in (10, 20, 50, 100, 500, 2_000) if least <= n <= most]
    x_axis: Spec = {"grid": False, "values": ticks, "labelExpr": "format(datum.value, 'd')"}
    x = at("x", (math.floor(least * 0.93), most * room), axis=x_axis)
    x["scale"] |= {"type": "log"}
    shares = [0.0, 0.25, 0.5, 0.75, 1.0]
    percent = " : ".join(f"datum.value == {n} ? '{words.percent(n)}'" for n in shares)
    y_axis: Spec = {"grid": True, "values": shares, "labelExpr": f"{percent} : ''"}
    y = at("y", (-0.06, 1.1), axis=y_axis)
    corner = {"x": least, "y": 0}
    layers = [
        layer({"type": "point", "opacity": 0}, [corner], x=x, y=y),
        *_limits(funnel, words, look, narrow),
        *_people(dots, most, words, look),
        *_axis_names(least, most * room, words, look),
    ]
    return picture(look, layers, height=NARROW_HEIGHT if narrow else WIDE_HEIGHT)


def _limits(funnel: Funnel, words: Words, look: Look, narrow: bool) -> Iterator[Spec]:
    for name, opacity in (("998", 0.45), ("95", 1.0)):
        rows = [
            {"x": one.askers, "y": getattr(one, f"low_{name}"), "y2": getattr(one, f"high_{name}")}
            for one in funnel.limits
        ]
        area: Spec = {"type": "area", "color": look.silence, "opacity": opacity}
        yield layer(area, rows, x=at("x"), y=at("y"), y2={"field": "y2"})
        dash = [] if name == "95" else [4, 3]
        line: Spec = {"type": "line", "color": look.silence_line, "strokeWidth": 1.2}
        for side in ("y", "y2"):
            ends = [{"x": row["x"], "y": row[side]} for row in rows]
            yield layer(line | {"strokeDash": dash}, ends, x=at("x"), y=at("y"))
    first, last = funnel.limits[0], funnel.limits[-1]
    centre = [{"x": one.askers, "y": funnel.centre} for one in (first, last)]
    rule: Spec = {"type": "line", "color": look.ink, "strokeWidth": 1.3}
    yield layer(rule, centre, x=at("x"), y=at("y"))
    if not narrow:
        named = [
            (last.high_95, words("funnel.limit", share=words.percent(0.95))),
            (last.high_998, words("funnel.limit", share=words.percent(0.998, 1))),
        ]
        rows = [{"x": last.askers, "y": y, "text": text} for y, text in named]
        yield from texts(rows, align="left", baseline="middle", dx=14, fontSize=12)
    mean = words("funnel.mean", share=words.percent(funnel.centre))
    spot = [{"x": first.askers, "y": funnel.centre, "text": mean}]
    yield from texts(spot, look.silence, align="left", baseline="bottom", dx=5, dy=-4,
                     color=look.ink, fontWeight=600)  # fmt: skip


def _people(dots: Sequence[Dot], most: int, words: Words, look: Look) -> Iterator[Spec]:
    rows = [
        {
            "x": dot.askers,
            "y": dot.rate,
            "fill": look.talk if dot.is_comparable else look.background,
            "tip": words(
                "funnel.tip",
                name=dot.name,
                share=words.percent(dot.rate),
                askers=words.count("count.askers", dot.askers),
            ),
        }
        for dot in dots
    ]
    mark: Spec = {"type": "point", "shape": "circle", "size": 78, "opacity": 1}
    mark |= {"stroke": look.talk, "strokeWidth": 1.8}
    yield layer(mark, rows, x=at("x"), y=at("y"), fill=painted(), tooltip=tip())
    outside = [dot for dot in dots if dot.is_outside]
    ring: Spec = {"type": "point", "shape": "circle", "size": 190, "opacity": 1}
    ring |= {"stroke": look.ink, "strokeWidth": 1.6, "filled": False}
    around = [{"x": dot.askers, "y": dot.rate} for dot in outside]
    yield layer(ring, around, x=at("x"), y=at("y"))
    middle = math.sqrt(10.0 * most)
    if len(outside) > MOST_LABELS:
        outside = [dot for dot in outside if dot.where.startswith("far")][:MOST_LABELS]
    sides: tuple[tuple[list[Dot], Spec], ...] = (
        ([dot for dot in outside if dot.askers <= middle], {"align": "left", "dx": 12}),
        ([dot for dot in outside if dot.askers > middle], {"align": "right", "dx": -12}),
    )
    for some, side in sides:
        named = spread(some)
        yield from texts(named, look.background, baseline="middle", color=look.ink,
                         fontWeight=600, **side)  # fmt: skip


def spread(dots: Sequence[Dot]) -> list[Row]:
    """Where the names stand: beside their dot, and never on one another."""
    rows: list[Row] = []
    last = -1.0
    for dot in sorted(dots, key=lambda one: one.rate):
        last = max(dot.rate, last + APART)
        rows.append({"x": dot.askers, "y": last, "text": dot.name})
    return rows


def _axis_names(least: float, most: float, words: Words, look: Look) -> Iterator[Spec]:
    bold: Spec = {"fontWeight": 600, "color": look.muted}
    across = [{"x": most, "y": -0.045, "text": words("funnel.across")}]
    yield from texts(across, look.background, align="right", baseline="bottom", dx=-4, **bold)
    up = [{"x": least, "y": 1.09, "text": words("funnel.up")}]
    yield from texts(up, align="left", baseline="top", dx=-10, **bold | {"color": look.talk})
