"""METHOD §11: the pillars on their fixed goalposts, and the score they make."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from tests.oracles.rows import PillarRow, ScoreRow

if TYPE_CHECKING:
    from tests.oracles.rows import Metric

GOALS = {"presence": 0.9, "conversation": 0.5, "answering": 0.9, "return": 0.5}
SOURCE = {
    "presence": "presence",
    "conversation": "conversation",
    "answering": "answer_rate",
    "return": "return",
}
ORDER = ("presence", "steadiness", "conversation", "answering", "return")
BANDS = ((80.0, "A"), (60.0, "B"), (40.0, "C"), (20.0, "D"), (-math.inf, "E"))


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
    return ScoreRow(person_id, _weighed(points), "+".join(p for p in ORDER if p in points))


def other_rules(rows: list[PillarRow]) -> dict[str, float]:
    """The score with the plain mean, and with each pillar's weight halved and doubled."""
    points = {r.pillar: r.points for r in rows if r.points is not None}
    scores = {"mean arithmetic": sum(points.values()) / len(points)}
    for pillar in points:
        for word, weight in (("half", 0.5), ("double", 2.0)):
            scores[f"weight_{pillar} {word}"] = _weighed(points, {pillar: weight})
    return scores


def _weighed(points: dict[str, float], weights: dict[str, float] | None = None) -> float:
    each = {pillar: (weights or {}).get(pillar, 1.0) for pillar in points}
    logs = sum(each[pillar] * math.log(p + 10) for pillar, p in points.items())
    return math.exp(logs / sum(each.values())) - 10


def shares(scores: list[float]) -> dict[str, float]:
    """How large a share of the scores lies in each band."""
    lying = [next(band for floor, band in BANDS if score >= floor) for score in scores]
    return {band: lying.count(band) / len(lying) for _, band in BANDS}


def band(chances: dict[str, float], others: dict[str, float], needed: float = 0.8) -> set[str]:
    """One band if draws and other rules agree on it, two neighbours, else none.

    Where two pairs are equally likely either may be printed.
    """
    names = sorted(chances)
    for name in names:
        if min(chances[name], others[name]) >= needed:
            return {name}
    pairs = {
        f"{a}/{b}": min(chances[a] + chances[b], others[a] + others[b]) for a, b in pairwise(names)
    }
    best = max(pairs.values())
    if best < needed - 1e-9:
        return {"none"}
    found = {pair for pair, share in pairs.items() if share > best - 1e-9}
    return found | {"none"} if best < needed + 1e-9 else found
