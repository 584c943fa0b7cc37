"""One person's score, worked out line by line from the numbers of the published copy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.labels import is_told
from dashboard.words import Words

METRICS = {  # pillar: the metric and phase that it rests on
    "presence": ("presence", "off_season"),
    "steadiness": ("burst_acts", "all"),
    "conversation": ("conversation", "off_season"),
    "answering": ("answer_rate", "off_season"),
    "return": ("return", "all"),
}
RULES = {
    "presence": "worked.presence",
    "steadiness": "worked.steadiness",
    "conversation": "worked.conversation",
    "answering": "worked.answering",
    "return": "worked.return",
}
COUNTS = {
    "presence": "worked.weeks",
    "conversation": "worked.replies",
    "answering": "worked.askers",
    "return": "worked.citizens",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One pillar: its rule, the rule with this person's numbers, and what it earns."""

    name: str
    rule: str
    numbers: str
    points: float | None


@dataclass(frozen=True, slots=True)
class Example:
    """All pillars of a person, and the score they make; None without a score."""

    lines: tuple[Line, ...]
    sum: str
    score: float | None


def example(
    metrics: pd.DataFrame, pillars: pd.DataFrame, score: pd.DataFrame, choices: Any, t: Words
) -> Example:
    """The person's rows of `metric`, `pillar` and `score`, worked out; `choices` by name."""
    found = {(row["metric"], row["phase"]): row for row in metrics.to_dict("records")}
    own = {row["pillar"]: row for row in pillars.to_dict("records")}
    names = [name for name in labels.PILLARS if name in own]
    listed = tuple(_line(name, own[name], found, choices, t) for name in names)
    floor = float(choices["score_floor"])
    weighs = {
        name: float(choices.get(f"weight_{name}", 1.0))
        for name, line in zip(names, listed, strict=True)
        if line.points is not None
    }
    points = [line.points for line in listed if line.points is not None]
    rows = score.to_dict("records")
    if not rows or not is_told(rows[0]["score"]):
        why = labels.why("", rows[0]["reason"] if rows else "no_coverage", t)
        return Example(listed, t("worked.no_score", why=why), None)
    pairs = list(zip(points, weighs.values(), strict=True))
    logs = " + ".join(_times(weight, t) + f"ln {t.number(one + floor, 1)}" for one, weight in pairs)
    total = sum(weighs.values())
    value = math.exp(sum(w * math.log(one + floor) for one, w in pairs) / total) - floor
    weight = t.number(total, 2 if total % 1 else 0)
    text = (
        f"exp(({logs}) / {weight}) − {t.number(floor)} = {t.number(value, 1)}"
        if len(points) > 1
        else t.number(value, 1)
    )
    return Example(listed, text, value)


def _times(weight: float, t: Words) -> str:
    return "" if weight == 1.0 else f"{t.number(weight, 2)} × "


def _line(name: str, pillar: Any, found: Any, choices: Any, t: Words) -> Line:
    full = {
        "presence": choices["presence_full"],
        "conversation": choices["conversation_full"],
        "answering": choices["answering_full"],
        "return": choices["return_full"],
    }
    zero = float(choices["burst_zero"])
    goal = t.number(zero) if name == "steadiness" else t.percent(float(full[name]))
    rule = t(RULES[name], goal=goal)
    title = t(labels.PILLARS[name])
    metric = found.get(METRICS[name], {})
    if not is_told(pillar["points"]):
        return Line(title, rule, labels.why(METRICS[name][0], pillar["reason"], t), None)
    points = float(pillar["points"])
    if name == "steadiness":
        numbers = _steadiness(metric, found.get(("burst_replies", "all"), {}), zero, points, t)
    else:
        share = float(pillar["value"])
        counted = t(
            COUNTS[name],
            k=_count(metric.get("numerator"), t),
            n=_count(metric.get("denominator"), t),
            askers=_count(metric.get("effective_n"), t),
            share=t.percent(share, 1),
        )
        earned = t.number(100 * share / float(full[name]), 1)
        numbers = f"{counted}; {t.percent(share, 1)} / {goal} × 100 = {_capped(earned, points, t)}"
    return Line(title, rule, numbers, points)


def _steadiness(acts: Any, replies: Any, zero: float, points: float, t: Words) -> str:
    """The logarithms of both bursts, their mean, and its place between the goalposts."""
    bursts = [float(row["value"]) for row in (acts, replies) if is_told(row.get("value"))]
    logs = [max(0.0, math.log(burst)) for burst in bursts]
    mean = sum(logs) / len(logs)
    parts = " + ".join(
        f"max(0, ln {t.number(burst, 2)} = {t.number(math.log(burst), 2)})" for burst in bursts
    )
    counted = parts if len(logs) == 1 else f"({parts}) / {len(logs)} = {t.number(mean, 2)}"
    earned = t.number(100 * (1 - mean / math.log(zero)), 1)
    divided = f"{t.number(mean, 2)} / ln {t.number(zero)}"
    return f"{counted}; (1 − {divided}) × 100 = {_capped(earned, points, t)}"


def _capped(earned: str, points: float, t: Words) -> str:
    """What the division gives, and after an arrow what stays of it between 0 and 100."""
    text = t.number(points, 1)
    return earned if earned == text else f"{earned} → {text}"


def _count(value: Any, t: Words) -> str:
    return t.number(float(value)) if is_told(value) else "–"
