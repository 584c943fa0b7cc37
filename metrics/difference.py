"""Who moves between two published copies, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from metrics import read
from metrics.errors import CopyUnreadable

SAME = 0.05  # of a point: less is no move
WHERE_FROM = ("method_version", "code_version", "from_on", "to_on", "data_hash")
WINDOW = ("start_day", "end_day")  # stand in from_on and to_on already
MEASURED_BY = {
    "presence": (("presence", "off_season"),),
    "steadiness": (("burst_acts", "all"), ("burst_replies", "all")),
    "conversation": (("conversation", "off_season"),),
    "answering": (("answer_rate", "off_season"),),
    "return": (("return", "all"),),
}
COUNTED = {  # what stands above and below the line
    "presence": "weeks active/known",
    "burst_acts": "acts in/off season",
    "burst_replies": "replies in/off season",
    "conversation": "replies to citizens/acts",
    "answer_rate": "questions answered/asked",
    "return": "citizens met again/met",
}

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]  # by person


@dataclass(frozen=True, slots=True)
class Pillar:
    """One pillar of one person in both copies: points, and the counts they rest on."""

    pillar: str
    points_before: float | None
    points_after: float | None
    rests: Mapping[str, tuple[str, str]]  # what is counted: in the first copy, in the second

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
    others: Mapping[str, int]  # metrics no pillar rests on: of how many people they differ
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
        _others([(one[person_id], other[person_id]) for person_id in both]),
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
        chosen = dict(zip(params["name"], params["value"], strict=True))
        return found | {name: chosen[name] for name in chosen if name not in WINDOW}

    one, other = about(before), about(after)
    names = [*one, *(name for name in other if name not in one)]
    return {n: (one.get(n), other.get(n)) for n in names if one.get(n) != other.get(n)}


@dataclass(frozen=True, slots=True)
class _Person:
    person_id: str
    name: str
    score: Row
    pillars: Mapping[str, float | None]
    rests: Mapping[str, Mapping[str, str]]  # by pillar, then by what is counted
    findings: Mapping[str, str]
    others: Mapping[tuple[str, str], tuple[float | None, str | None]]  # value and reason


def _people(path: Path) -> dict[str, _Person]:
    """Everybody in a copy by id; each table is read once, however many people there are."""
    tables = {name: _by_person(path, name) for name in ("score", "metric", "pillar", "spell")}
    return {
        who: _person(rows[0], *(of.get(who, ()) for of in tables.values()))
        for who, rows in _by_person(path, "person").items()
    }


def _by_person(path: Path, table: str) -> Rows:
    if table not in read.tables(path):
        raise CopyUnreadable(path, f"there is no table {table}")
    found = defaultdict(list)
    for row in read.published(path, table).to_pylist():
        found[row["person_id"]].append(row)
    return found


def _person(
    row: Row,
    score: Sequence[Row],
    metrics: Sequence[Row],
    pillars: Sequence[Row],
    spells: Sequence[Row],
) -> _Person:
    known = {(one["metric"], one["phase"]): one for one in metrics}
    rested = {key for keys in MEASURED_BY.values() for key in keys}
    words = {m["metric"]: m["word"] for m in metrics if m["metric"].startswith("burst_")}
    slept = {f"winter sleep from {s['from_on']}": "yes" for s in spells if s["is_winter_sleep"]}
    return _Person(
        row["person_id"],
        row["name"],
        score[0] if score else {"score": None, "band": None, "pillars": None},
        {one["pillar"]: one["points"] for one in pillars},
        {
            pillar: {COUNTED[key[0]]: _rest(known[key]) for key in keys if key in known}
            for pillar, keys in MEASURED_BY.items()
        },
        {metric: word for metric, word in words.items() if word is not None} | slept,
        {k: (one["value"], one["reason"]) for k, one in known.items() if k not in rested},
    )


def _rest(row: Row) -> str:
    """Above and below the line; only the reason where so few citizens are not counted."""
    counts = [row["numerator"], row["denominator"]]
    told = [] if None in counts else ["/".join(map(str, counts))]
    return ", ".join([*told, *filter(None, [str(row["reason"] or "").replace("_", " ")])]) or "–"


def _others(both: Sequence[tuple[_Person, _Person]]) -> dict[str, int]:
    people = defaultdict(set)
    for one, other in both:
        for key in one.others.keys() | other.others.keys():
            if one.others.get(key) != other.others.get(key):
                people[key[0]].add(one.person_id)
    return {name: len(people[name]) for name in sorted(people, key=lambda n: (-len(people[n]), n))}


def _both(one: _Person, other: _Person, pillar: str) -> dict[str, tuple[str, str]]:
    before, after = one.rests[pillar], other.rests[pillar]
    return {name: (before.get(name, "–"), after.get(name, "–")) for name in {**before, **after}}


def _move(one: _Person, other: _Person) -> Move:
    pillars = [
        Pillar(name, one.pillars.get(name), other.pillars.get(name), _both(one, other, name))
        for name in MEASURED_BY
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
