"""Numbers for the published copy of the tests: by simple rules, never by the models."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from tests.published_more import other_rules
from tests.published_people import FROM, Invented


class Copy:
    """The rows of a published copy, table by table."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {}

    def add(self, table: str, **values: Any) -> None:
        self.rows.setdefault(table, []).append(values)

    def write(self, path: Path) -> None:
        with duckdb.connect(str(path)) as con:
            con.execute(Path(__file__).with_name("published_copy.sql").read_text("utf-8"))
            for table, rows in self.rows.items():
                frame = pd.DataFrame(rows)
                columns = ", ".join(f'"{name}"' for name in frame.columns)
                con.register("rows", frame)
                con.execute(f"insert into {table} ({columns}) select {columns} from rows")
                con.unregister("rows")


def _days(begin: date, end: date) -> Iterator[date]:
    for number in range((end - begin).days + 1):
        yield begin + timedelta(days=number)


def _interval(rate: float, n: float) -> tuple[float, float]:
    margin = 1.645 * math.sqrt(max(rate * (1 - rate), 0.02) / max(n, 1))
    return max(0.0, rate - margin), min(1.0, rate + margin)


def _poisson(dice: random.Random, mean: float) -> int:
    count, chance = 0, math.exp(-mean)
    product = dice.random()
    while product > chance:
        count += 1
        product *= dice.random()
    return count


def _season_of(who: Invented, day: date) -> bool:
    return any(begin <= day <= end for _, begin, end in who.elections)


def _is_known(who: Invented, day: date) -> bool:
    return not any(begin <= day <= end for begin, end in who.unknown)


def acts(copy: Copy, who: Invented, dice: random.Random) -> dict[str, float]:
    total = dict.fromkeys(("in", "off", "talk_in", "talk_off", "days_in", "days_off"), 0.0)
    weeks: dict[int, tuple[bool, bool]] = {}
    for day in _days(*who.eligible):
        in_season = _season_of(who, day)
        if not _is_known(who, day):
            continue
        posts, talks = (_poisson(dice, mean) for mean in who.habit(day, in_season))
        phase = "in" if in_season else "off"
        total[phase] += posts + talks
        total["talk_" + phase] += talks
        total["days_" + phase] += 1
        week = (day - FROM).days // 7
        if not in_season:
            acted, talked = weeks.get(week, (False, False))
            weeks[week] = (acted or posts + talks > 0, talked or talks > 0)
        questions = _poisson(dice, 0.08 if who.shows_replies else 0)
        if posts + talks + questions:
            copy.add(
                "day",
                person_id=who.slug,
                on_day=day,
                own_acts=posts + talks,
                posts=posts,
                replies=talks,
                citizen_replies=talks,
                quotes=0,
                reposts=0,
                threads=0,
                received=questions * 2,
                questions=questions,
            )
    total["weeks"] = len(weeks)
    total["active"] = sum(acted for acted, _ in weeks.values())
    total["talking"] = sum(talked for _, talked in weeks.values())
    return total


def _metric(
    copy: Copy, who: Invented, name: str, phase: str, rate: float | None, n: float, **more: Any
) -> None:
    reason = who.reasons.get(name)
    known = (who.eligible[1] - who.eligible[0]).days
    low, high = (None, None) if rate is None else _interval(rate, n)
    row = {
        "value": rate,
        "low": low,
        "high": high,
        "numerator": round((rate or 0) * n),
        "denominator": round(n),
        "word": None,
        "is_comparable": n >= 30,
    } | more
    if reason is not None:
        row |= {"value": None, "low": None, "high": None, "word": None, "is_comparable": False}
    copy.add(
        "metric",
        person_id=who.slug,
        metric=name,
        phase=phase,
        effective_n=float(round(0.6 * n) if name == "answer_rate" else n),
        covered_days=known,
        from_on=who.eligible[0],
        to_on=who.eligible[1],
        reason=reason,
        **row,
    )


def _burst(
    copy: Copy, who: Invented, name: str, n_in: float, n_off: float, e_in: float, e_off: float
) -> None:
    b = math.log((n_in + 0.5) / max(e_in, 1)) - math.log((n_off + 0.5) / max(e_off, 1))
    margin = 1.645 * math.sqrt(2 / (n_in + 0.5) + 2 / (n_off + 0.5))
    low, high = math.exp(b - margin), math.exp(b + margin)
    word = "not_clear"
    if low > 1.5:
        word = "campaign_burst"
    elif high < 1 / 1.5:
        word = "quieter_in_season"
    elif low > 1 / 1.5 and high < 1.5:
        word = "steady"
    _metric(
        copy,
        who,
        name,
        "all",
        math.exp(b),
        n_in + n_off,
        low=low,
        high=high,
        word=word,
        numerator=int(n_in),
        denominator=int(n_off),
    )


def metrics(copy: Copy, who: Invented, total: dict[str, float]) -> None:
    weeks = total["weeks"]
    _metric(copy, who, "presence", "off_season", total["active"] / max(weeks, 1), weeks)
    _metric(copy, who, "talk_presence", "off_season", total["talking"] / max(weeks, 1), weeks)
    _burst(copy, who, "burst_acts", total["in"], total["off"], total["days_in"], total["days_off"])
    _burst(
        copy,
        who,
        "burst_replies",
        total["talk_in"],
        total["talk_off"],
        total["days_in"],
        total["days_off"],
    )
    for phase, part in (("off_season", "off"), ("season", "in")):
        acts = total[part]
        rate = total["talk_" + part] / acts if acts else None
        _metric(copy, who, "conversation", phase, rate, acts)
    for phase, which in (("off_season", 0), ("season", 1)):
        rate = who.answers[which] if who.answers else None
        n = who.askers[which] if who.answers else 0
        _metric(copy, who, "answer_rate", phase, rate, n)
    for days, share in ((1, 0.5), (3, 0.7), (7, 0.9), (14, 1.0)):
        rate = who.answers[0] * share if who.answers else None
        _metric(copy, who, f"answered_within_{days}d", "off_season", rate, who.askers[0])


GOALPOSTS = {
    "presence": ("presence", 0.9),
    "conversation": ("conversation", 0.5),
    "answering": ("answer_rate", 0.9),
    "return": ("return", 0.5),
}


def pillars(copy: Copy, who: Invented) -> None:
    points = {}
    mine = [row for row in copy.rows["metric"] if row["person_id"] == who.slug]
    for pillar, (name, goal) in GOALPOSTS.items():
        row = next(r for r in mine if r["metric"] == name and r["phase"] != "season")
        value = row["value"]
        if value is not None:
            points[pillar] = min(100.0, 100 * value / goal)
        low, high = (
            min(100.0, 100 * row[side] / goal) if value is not None else None
            for side in ("low", "high")
        )
        copy.add(
            "pillar",
            person_id=who.slug,
            pillar=pillar,
            value=value,
            points=points.get(pillar),
            low=low,
            high=high,
            reason=row["reason"],
        )
    burst = next(r for r in mine if r["metric"] == "burst_acts")
    if burst["value"] is not None:
        points["steadiness"] = max(
            0.0, 100 - 100 * max(0.0, math.log(burst["value"])) / math.log(8)
        )
    copy.add(
        "pillar",
        person_id=who.slug,
        pillar="steadiness",
        value=burst["value"],
        points=points.get("steadiness"),
        low=None,
        high=None,
        reason=burst["reason"],
    )
    _score(copy, who, points)


def _score(copy: Copy, who: Invented, points: dict[str, float]) -> None:
    nothing = dict.fromkeys(("score", "low", "high", "p_a", "p_b", "p_c", "p_d", "p_e"))
    if "presence" not in points or len(points) < 3:
        reason = who.reasons.get("presence", who.reasons.get("answer_rate", "too_few"))
        copy.add(
            "score",
            person_id=who.slug,
            pillars="+".join(sorted(points)),
            band="none",
            reason=reason,
            **nothing,
            **other_rules(copy, who, None, _band),
        )
        return
    score = math.exp(sum(math.log(p + 10) for p in points.values()) / len(points)) - 10
    band = _band(score)
    copy.add(
        "score",
        person_id=who.slug,
        score=score,
        low=max(0, score - 6),
        high=min(100, score + 6),
        pillars="+".join(sorted(points)),
        **{f"p_{letter.lower()}": float(letter == band) for letter in "ABCDE"},
        band="A/B" if band == "B" else band,
        reason=None,
        **other_rules(copy, who, score, _band),
    )


def _band(score: float) -> str:
    return "ABCDE"[4 - min(4, int(score // 20))]
