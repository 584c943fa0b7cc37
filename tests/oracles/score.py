"""METHOD §11: the pillars on their fixed goalposts, and the score they make."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from tests.oracles.rows import PillarRow, ScoreRow

if TYPE_CHECKING:
    from tests.oracles.rows import Metric

GOALS = {"presence": 0.9, "conversation": 0.5, "answering": 0.9}
SOURCE = {"presence": "presence", "conversation": "conversation", "answering": "answer_rate"}
ORDER = ("presence", "steadiness", "conversation", "answering")


def pillars(person_id: str, metrics: list[Metric]) -> list[PillarRow]:
    mine = {
        m.metric: m
        for m in metrics
        if m.person_id == person_id and m.phase in {"off_season", "all"}
    }
    rows = []
    for pillar in ORDER:
        if pillar == "steadiness":
            rows.append(_steadiness(person_id, mine["burst_acts"], mine["burst_replies"]))
            continue
        metric = mine[SOURCE[pillar]]
        points, low, high = (
            None if v is None else _clip(100 * v / GOALS[pillar])
            for v in (metric.value, metric.low, metric.high)
        )
        rows.append(PillarRow(person_id, pillar, metric.value, points, low, high, metric.reason))
    return rows


def _steadiness(person_id: str, acts: Metric, replies: Metric) -> PillarRow:
    if acts.value is None:
        return PillarRow(person_id, "steadiness", None, None, None, None, acts.reason)
    streams = [m for m in (acts, replies) if m.value is not None]
    value = _mean_log([m.value for m in streams])
    points, low, high = (
        _clip(100 * (1 - logarithm / math.log(8)))
        for logarithm in (
            value,
            _mean_log([m.high for m in streams]),
            _mean_log([m.low for m in streams]),
        )
    )
    return PillarRow(person_id, "steadiness", value, points, low, high, None)


def _mean_log(bursts: list[float | None]) -> float:
    """Mean of ln burst; acting less in season costs nothing and buys nothing."""
    return sum(max(0.0, math.log(burst or 1.0)) for burst in bursts) / len(bursts)


def _clip(points: float) -> float:
    return min(100.0, max(0.0, points))


def score(person_id: str, rows: list[PillarRow]) -> ScoreRow:
    points = {r.pillar: r.points for r in rows if r.points is not None}
    has_talk = "conversation" in points or "answering" in points
    if len(points) < 3 or "presence" not in points or not has_talk:
        return ScoreRow(person_id, None, None)
    value = math.exp(sum(math.log(p + 10) for p in points.values()) / len(points)) - 10
    return ScoreRow(person_id, value, "+".join(p for p in ORDER if p in points))


def band(chances: dict[str, float], needed: float = 0.8) -> str:
    """One band if the draws agree on it, two neighbours if they agree on those, else none."""
    names = sorted(chances)
    for name in names:
        if chances[name] >= needed:
            return name
    pairs = {f"{a}/{b}": chances[a] + chances[b] for a, b in pairwise(names)}
    best = max(pairs, key=lambda pair: pairs[pair])
    return best if pairs[best] >= needed else "none"
