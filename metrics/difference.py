"""Who moves between two published copies, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from metrics import read

SAME = 0.05  # of a point: less is no move
WHERE_FROM = ("method_version", "code_version", "from_on", "to_on", "data_hash")
MEASURED_BY = {
    "presence": (("presence", "off_season"),),
    "steadiness": (("burst_acts", "all"), ("burst_replies", "all")),
    "conversation": (("conversation", "off_season"),),
    "answering": (("answer_rate", "off_season"),),
    "return": (("return", "all"),),
}


@dataclass(frozen=True, slots=True)
class Pillar:
    """One pillar of one person in both copies: points, and what they rest on, in words."""

    pillar: str
    points_before: float | None
    points_after: float | None
    rests_before: str
    rests_after: str

    @property
    def moved(self) -> float:
        """By how many points; a pillar that comes or goes moved by a hundred."""
        if self.points_before is None or self.points_after is None:
            return 100.0 if self.points_before != self.points_after else 0.0
        return abs(self.points_after - self.points_before)


@dataclass(frozen=True, slots=True)
class Move:
    """One person whose score, band, finding or pillar differs."""

    person_id: str
    name: str
    score_before: float | None
    score_after: float | None
    band_before: str | None
    band_after: str | None
    is_comparable: bool  # both scores rest on the same pillars
    findings: tuple[str, ...]  # words that changed: bursts and winter sleeps
    pillars: tuple[Pillar, ...]  # those that moved, the one that moved most first

    @property
    def moved(self) -> float:
        """By how many points of the score; a score that comes or goes moved by a hundred."""
        if self.score_before is None or self.score_after is None:
            return 100.0 if self.score_before != self.score_after else 0.0
        return abs(self.score_after - self.score_before)


@dataclass(frozen=True, slots=True)
class Difference:
    """Two copies side by side: what was chosen otherwise, who moves, who came and went."""

    before: str  # run ids
    after: str
    causes: Mapping[str, tuple[str | None, str | None]]  # what differs in params, data, code
    moves: tuple[Move, ...]  # those who moved most first
    unmoved: int
    added: tuple[str, ...]  # person ids
    removed: tuple[str, ...]


def difference(before: Path, after: Path) -> Difference:
    """Compare two published copies; both are only read."""
    one, other = (_people(path) for path in (before, after))
    both = [person_id for person_id in one if person_id in other]
    found = [_move(one[person_id], other[person_id]) for person_id in both]
    moves = [m for m in found if m.moved > SAME or m.findings or m.pillars or _band_moves(m)]
    return Difference(
        read.run(before).run_id,
        read.run(after).run_id,
        _causes(before, after),
        tuple(sorted(moves, key=lambda move: (-move.moved, move.name))),
        len(both) - len(moves),
        tuple(person_id for person_id in other if person_id not in one),
        tuple(person_id for person_id in one if person_id not in other),
    )


def _band_moves(move: Move) -> bool:
    return move.band_before != move.band_after


def _causes(before: Path, after: Path) -> dict[str, tuple[str | None, str | None]]:
    def about(path: Path) -> dict[str, str]:
        run = read.run(path)
        found = {name: str(getattr(run, name)) for name in WHERE_FROM}
        params = read.all_of(path, "param")
        return found | dict(zip(params["name"], params["value"], strict=True))

    one, other = about(before), about(after)
    names = [*one, *(name for name in other if name not in one)]
    return {n: (one.get(n), other.get(n)) for n in names if one.get(n) != other.get(n)}


@dataclass(frozen=True, slots=True)
class _Person:
    person_id: str
    name: str
    score: Mapping[Any, Any]
    pillars: Mapping[str, float | None]
    rests: Mapping[str, str]
    findings: Mapping[str, str]


def _people(path: Path) -> dict[str, _Person]:
    table = read.overview(path)
    return {row["person_id"]: _person(path, row) for row in table.to_dict("records")}


def _person(path: Path, row: Mapping[Any, Any]) -> _Person:
    person_id = row["person_id"]
    metrics = read.of_person(path, "metric", person_id)
    pillars = read.of_person(path, "pillar", person_id)
    words = metrics[metrics["word"].notna() & metrics["metric"].str.startswith("burst_")]
    spells = read.of_person(path, "spell", person_id)
    slept = spells[spells["is_winter_sleep"]] if len(spells) else spells
    return _Person(
        person_id,
        row["name"],
        {name: _plain(row[f"score_{name}"]) for name in ("score", "band", "pillars")},
        {n: _plain(v) for n, v in zip(pillars["pillar"], pillars["points"], strict=True)},
        {pillar: _rests(metrics, keys) for pillar, keys in MEASURED_BY.items()},
        {
            **dict(zip(words["metric"], words["word"], strict=True)),
            **{f"winter sleep from {day}": "yes" for day in slept["from_on"]},
        },
    )


def _rests(metrics: pd.DataFrame, keys: tuple[tuple[str, str], ...]) -> str:
    parts = []
    for metric, phase in keys:
        rows = metrics[(metrics["metric"] == metric) & (metrics["phase"] == phase)]
        for row in rows.to_dict("records"):
            why = f" ({row['reason'].replace('_', ' ')})" if row["reason"] else ""
            parts.append(f"{row['numerator']:.0f}/{row['denominator']:.0f}{why}")
    return ", ".join(parts)


def _plain(value: Any) -> Any:
    return None if value is None or value != value else value


def _move(one: _Person, other: _Person) -> Move:
    pillars = [
        Pillar(name, one.pillars.get(name), other.pillars.get(name), one.rests[name], rests)
        for name, rests in other.rests.items()
        if name in one.pillars or name in other.pillars
    ]
    changed = sorted((p for p in pillars if p.moved > SAME), key=lambda p: -p.moved)
    names = sorted(one.findings.keys() | other.findings.keys())
    findings = tuple(
        f"{name}: {one.findings.get(name, 'none')} → {other.findings.get(name, 'none')}"
        for name in names
        if one.findings.get(name) != other.findings.get(name)
    )
    return Move(
        one.person_id,
        other.name,
        one.score["score"],
        other.score["score"],
        one.score["band"],
        other.score["band"],
        one.score["pillars"] == other.score["pillars"],
        findings,
        tuple(changed),
    )
