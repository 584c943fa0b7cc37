"""METHOD §3: silences, and which of them are a winter sleep."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.oracles.lives import runs
from tests.oracles.rows import SpellRow

if TYPE_CHECKING:
    from tests.oracles.lives import Life
    from tests.oracles.seasons import Season

LEVELS = ((365, "abandoned"), (90, "asleep"), (28, "quiet"))
ASLEEP_DAYS = 90
AFTER_DAYS = 28
FALSE_FINDINGS = 0.01
LONGER_THAN_USUAL = Fraction(3, 2)


@dataclass
class Silence:
    """A maximal run of known days without an own act."""

    first: int
    last: int
    starts_after: Season | None
    is_possible: bool
    is_at_start: bool
    is_at_end: bool
    is_excused: bool

    @property
    def days(self) -> int:
        return self.last - self.first + 1

    @property
    def is_candidate(self) -> bool:
        return (
            self.days >= ASLEEP_DAYS
            and self.starts_after is not None
            and not (self.is_possible or self.is_at_start or self.is_excused)
        )


def silences(life: Life) -> list[Silence]:
    quiet = life.known - {act.day for act in life.acts if act.is_own_act()}
    return [_silence(life, first, last) for first, last in runs(quiet)]


def _silence(life: Life, first: int, last: int) -> Silence:
    seen_first, seen_last = min(life.known), max(life.known)

    def is_unknown(day: int) -> bool:
        inside = seen_first <= day <= seen_last
        return day in life.eligible and inside and day not in life.covered

    before = [e for e in life.elections if 1 <= first - e.last_round_day <= AFTER_DAYS]
    before.sort(key=lambda e: (-e.last_round_day, e.election_id))
    return Silence(
        first=first,
        last=last,
        starts_after=before[0] if before else None,
        is_possible=is_unknown(first - 1) or is_unknown(last + 1),
        is_at_start=first in {life.world.start_day, seen_first},
        is_at_end=last in {life.world.end_day - 1, seen_last},
        is_excused=any(day in life.absent for day in range(first, last + 1)),
    )


def chance_of(life: Life, days: int) -> float:
    """Chance that a poster this rare has a gap this long somewhere in the known days."""
    active = {act.day for act in life.acts if act.is_own_act()} & life.known
    total = len(life.known)
    rate = len(active) / total
    return 1.0 if rate == 0 else 1 - math.exp(-rate * total * math.exp(-rate * days))


def spells(lives: list[Life]) -> list[SpellRow]:
    watched = [life for life in lives if life.known]
    threshold = bh_threshold([_smallest_chance(life) for life in watched])
    return [row for life in watched for row in _rows(life, threshold)]


def _smallest_chance(life: Life) -> float:
    lengths = [s.days for s in silences(life) if s.is_candidate]
    return chance_of(life, max(lengths)) if lengths else 1.0


def bh_threshold(chances: list[float]) -> float:
    """Benjamini and Hochberg: the largest k/m of 1 % that the k-th smallest chance keeps below."""
    m = len(chances)
    threshold = 0.0
    for k, p in enumerate(sorted(chances), start=1):
        if p <= k / m * FALSE_FINDINGS:
            threshold = k / m * FALSE_FINDINGS
    return threshold


def _rows(life: Life, threshold: float) -> list[SpellRow]:
    found = silences(life)
    usual = max((s.days for s in found if s.starts_after is None), default=0)
    rows = []
    for silence in found:
        level = next((name for days, name in LEVELS if silence.days >= days), None)
        if level is not None:
            rows.append(_row(life, silence, level, threshold, usual))
    return rows


def _row(life: Life, silence: Silence, level: str, threshold: float, usual: int) -> SpellRow:
    row = SpellRow(
        person_id=life.person.person_id,
        from_day=silence.first,
        to_day=silence.last,
        days=silence.days,
        level=level,
        kind=_kind(life, silence),
        is_candidate=silence.is_candidate,
        is_at_least=silence.is_at_start or silence.is_at_end,
        is_possible=silence.is_possible,
        is_excused=silence.is_excused,
        election_id=silence.starts_after.election_id if silence.starts_after else None,
        days_to_next_election=min(
            (e.day - silence.last for e in life.elections if e.day > silence.last), default=None
        ),
    )
    if silence.is_candidate:
        row.p_value = chance_of(life, silence.days)
        is_long = silence.days >= LONGER_THAN_USUAL * usual
        row.is_winter_sleep = row.p_value <= threshold and is_long
        row.reason = None if row.is_winter_sleep else "rarely_present"
    elif silence.days >= ASLEEP_DAYS and silence.starts_after and silence.is_possible:
        row.reason = "possible"
    return row


def _kind(life: Life, silence: Silence) -> str:
    inside = {act.kind for act in life.acts if silence.first <= act.day <= silence.last}
    if "repost" in inside:
        return "repost-only"
    return "thread-only" if "thread" in inside else "silent"
