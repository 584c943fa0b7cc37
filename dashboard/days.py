"""What a person's days and weeks were: known or not, in season or not, how many acts.

Unknown is never silence: a day nobody saw has a state of its own, also when
the other days of its week were seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from dashboard.labels import is_told

TABLES = ("day", "span", "season", "spell", "account")  # that a Life is made of
ONE_DAY = timedelta(days=1)
A_MONTH = 28
Range = tuple[date, date]  # both days inclusive


@dataclass(frozen=True, slots=True)
class Acts:
    """What was counted on one day."""

    own: int = 0
    answers: int = 0  # replies to citizens

    @property
    def sent(self) -> int:
        """Own acts that answer no citizen."""
        return max(0, self.own - self.answers)


@dataclass(frozen=True, slots=True)
class Season:
    """Days before and of an election that count for this person, or not."""

    from_on: date
    to_on: date
    election_on: date
    is_counted: bool
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Silence:
    """A spell of known days without an own act."""

    from_on: date
    to_on: date
    days: int
    level: str  # quiet | asleep | abandoned
    is_winter_sleep: bool
    is_at_least: bool
    is_possible: bool
    is_excused: bool


@dataclass(frozen=True, slots=True)
class Life:
    """Everything a picture of one person's window needs."""

    from_on: date
    to_on: date  # inclusive
    acts: Mapping[date, Acts]
    eligible: tuple[Range, ...]
    known: tuple[Range, ...]
    seasons: tuple[Season, ...]
    silences: tuple[Silence, ...]
    absences: tuple[Range, ...] = ()  # illness, leave: documented in the roster
    blind: tuple[Range, ...] = ()  # known days on which no account showed replies

    @property
    def unknown(self) -> tuple[Range, ...]:
        """Eligible days in the window that nobody saw."""
        return tuple(without(self.clipped(self.eligible), self.known))

    @property
    def not_eligible(self) -> tuple[Range, ...]:
        """Days of the window without a mandate or candidacy: they count for nothing."""
        return tuple(without([(self.from_on, self.to_on)], self.eligible))

    def clipped(self, ranges: Iterable[Range]) -> list[Range]:
        """The parts of `ranges` inside the window."""
        inside = [(max(a, self.from_on), min(b, self.to_on)) for a, b in ranges]
        return [(a, b) for a, b in inside if a <= b]


@dataclass(frozen=True, slots=True)
class Day:
    """One square of the calendar."""

    on: date
    state: str  # known | unknown | not_eligible
    is_season: bool
    is_election: bool
    acts: Acts
    is_excused: bool = False  # a documented absence
    is_blind: bool = False  # known, but no account showed replies

    @property
    def hides_answers(self) -> bool:
        """Whether nobody can say that no citizen was answered."""
        return self.is_blind and not self.acts.answers


@dataclass(frozen=True, slots=True)
class Week:
    """One ISO week of the timeline; `known_days`, `eligible_days` and `blind_days` of 7."""

    from_on: date
    sent: int
    answers: int
    known_days: int
    eligible_days: int
    blind_days: int

    @property
    def hides_answers(self) -> bool:
        """Whether on no known day of the week an answer could be seen."""
        return bool(self.blind_days) and self.blind_days == self.known_days and not self.answers


def merged(ranges: Iterable[Range]) -> list[Range]:
    """Ranges in order, joined where they touch or overlap."""
    whole: list[Range] = []
    for first, last in sorted(ranges):
        if whole and first <= whole[-1][1] + ONE_DAY:
            whole[-1] = (whole[-1][0], max(whole[-1][1], last))
        else:
            whole.append((first, last))
    return whole


def without(ranges: Iterable[Range], taken: Iterable[Range]) -> Iterator[Range]:
    """The days of `ranges` that are not in `taken`."""
    holes = merged(taken)
    for first, last in merged(ranges):
        begin = first
        for hole_first, hole_last in holes:
            if hole_last < begin or hole_first > last:
                continue
            if hole_first > begin:
                yield begin, hole_first - ONE_DAY
            begin = max(begin, hole_last + ONE_DAY)
        if begin <= last:
            yield begin, last


def between(first: date, last: date) -> Iterator[date]:
    """Every day from first to last, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _inside(ranges: Iterable[Range]) -> set[date]:
    return {day for first, last in ranges for day in between(first, last)}


def year_of(life: Life, year: int) -> list[Day]:
    """The days of one calendar year that lie in the window."""
    first, last = _year(life, year)
    clip = [(first, last)]
    eligible = _inside(common(life.eligible, clip))
    known = _inside(common(life.known, clip))
    counted = [season for season in life.seasons if season.is_counted]
    season = _inside(common([(s.from_on, s.to_on) for s in counted], clip))
    elections = {s.election_on for s in counted}
    excused, blind = (_inside(common(spans, clip)) for spans in (life.absences, life.blind))
    nothing = Acts()
    return [
        Day(
            on=day,
            state="not_eligible" if day not in eligible else "known" if day in known else "unknown",
            is_season=day in season,
            is_election=day in elections,
            acts=life.acts.get(day, nothing),
            is_excused=day in excused,
            is_blind=day in blind,
        )
        for day in between(first, last)
    ]


def common(ranges: Iterable[Range], clips: Iterable[Range]) -> list[Range]:
    """The days that are in both lists of ranges."""
    clips = list(clips)
    parts = [(max(a, c), min(b, d)) for a, b in ranges for c, d in clips]
    return [(a, b) for a, b in parts if a <= b]


def weeks_of(life: Life) -> list[Week]:
    """The window's weeks from Monday, each with its sums and how many days are known."""
    monday = life.from_on - timedelta(days=life.from_on.weekday())
    starts = [monday + timedelta(weeks=n) for n in range((life.to_on - monday).days // 7 + 1)]
    sums = {start: [0, 0, 0, 0, 0] for start in starts}
    for day, acts in life.acts.items():
        if life.from_on <= day <= life.to_on:
            row = sums[day - timedelta(days=day.weekday())]
            row[0] += acts.sent
            row[1] += acts.answers
    for place, ranges in ((2, life.known), (3, life.eligible), (4, life.blind)):
        for first, last in life.clipped(merged(ranges)):
            begin, end = ((day - monday).days // 7 for day in (first, last))
            for start in starts[begin : end + 1]:
                both = min(last, start + timedelta(days=6)) - max(first, start)
                sums[start][place] += both.days + 1
    return [Week(start, *row) for start, row in sums.items()]


def years_of(life: Life) -> list[int]:
    """The calendar years of which the window has a month or more; all when none has."""
    years = range(life.from_on.year, life.to_on.year + 1)
    long = [year for year in years if len(list(between(*_year(life, year)))) >= A_MONTH]
    return long or list(years)


def last_year(life: Life) -> int:
    """The newest of those years in which the person had a mandate or candidacy."""
    years = years_of(life)
    return next((y for y in reversed(years) if common(life.eligible, [_year(life, y)])), years[-1])


def _year(life: Life, year: int) -> Range:
    return max(date(year, 1, 1), life.from_on), min(date(year, 12, 31), life.to_on)


def life_of(
    window: Range,
    day: pd.DataFrame,
    span: pd.DataFrame,
    season: pd.DataFrame,
    spell: pd.DataFrame,
    account: pd.DataFrame,
) -> Life:
    """A person's window from the published tables of these names."""
    ranges: dict[str, list[Range]] = {"eligible": [], "covered": [], "absence": []}
    for kind, first, last in zip(span["kind"], span["from_on"], span["to_on"], strict=True):
        ranges.setdefault(kind, []).append((first, last))
    acts = {
        on: Acts(int(own), int(answers))
        for on, own, answers in zip(
            day["on_day"], day["own_acts"], day["citizen_replies"], strict=True
        )
    }
    life = Life(
        from_on=window[0],
        to_on=window[1],
        acts=acts,
        eligible=tuple(merged(ranges["eligible"])),
        known=tuple(merged(ranges["covered"])),
        seasons=tuple(_season(row) for row in season.sort_values("from_on").to_dict("records")),
        silences=tuple(_silence(row) for row in spell.sort_values("from_on").to_dict("records")),
        absences=tuple(merged(ranges["absence"])),
    )
    return replace(life, blind=tuple(without(life.clipped(life.known), _showing_replies(account))))


def _showing_replies(account: pd.DataFrame) -> list[Range]:
    """The days from which an account that shows replies was known, as long as it counted."""
    own = account[account["run_by"].isin(["self", "office"])]
    ranges = []
    for row in own.to_dict("records"):
        first, last = row["first_covered_on"], row["last_covered_on"]
        if is_told(row["shows_replies"]) and row["shows_replies"] and is_told(first):
            begin = max(first, row["valid_from_on"]) if is_told(row["valid_from_on"]) else first
            end = min(last, row["valid_to_on"]) if is_told(row["valid_to_on"]) else last
            ranges.append((begin, end))
    return merged(ranges)


def _season(row: Mapping[Any, Any]) -> Season:
    return Season(
        from_on=row["from_on"],
        to_on=row["to_on"],
        election_on=row["election_on"],
        is_counted=bool(row["is_counted"]),
        is_verified=bool(row["is_verified"]),
    )


def _silence(row: Mapping[Any, Any]) -> Silence:
    return Silence(
        from_on=row["from_on"],
        to_on=row["to_on"],
        days=int(row["days"]),
        level=row["level"],
        is_winter_sleep=bool(row["is_winter_sleep"]),
        is_at_least=bool(row["is_at_least"]),
        is_possible=bool(row["is_possible"]),
        is_excused=bool(row["is_excused"]),
    )
