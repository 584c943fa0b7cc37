"""Spans add up like sets of moments, and days count only when wholly inside."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.coverage import Days, Stretch, day_start, holes, known_days, merged, whole_days

pytestmark = pytest.mark.local_days

START = datetime(2024, 1, 1, tzinfo=UTC)
BRUSSELS = ZoneInfo("Europe/Brussels")
ZONES = [
    "Europe/Brussels",
    "America/New_York",
    "UTC",
    "Africa/Cairo",
    "America/Havana",
    "Asia/Kolkata",
]


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


stretches = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda t: Stretch(at(t[0]), at(t[1])))
)
moments = st.datetimes(datetime(2018, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def hours(known: list[Stretch] | tuple[Stretch, ...]) -> set[int]:
    """The slow reading: every hour that some stretch holds."""
    return {h for h in range(-5, 70) for s in known if s.start_at <= at(h) < s.end_at}


@given(stretches)
def test_merging_keeps_every_moment_and_adds_none(known: list[Stretch]) -> None:
    result = merged(known)
    assert hours(result) == hours(known)
    assert all(one.end_at < two.start_at for one, two in pairwise(result))
    assert merged(reversed(result)) == result


@given(stretches, st.integers(0, 60), st.integers(0, 60))
def test_holes_are_exactly_what_no_stretch_knows(known: list[Stretch], one: int, two: int) -> None:
    within = Stretch(at(one), at(two))
    found = holes(known, within)
    assert hours(found) == hours([within]) - hours(known)
    assert merged(found) == found


@given(moments, st.timedeltas(timedelta(0), timedelta(days=9)), st.sampled_from(ZONES))
def test_whole_days_are_those_that_begin_and_end_inside(
    start: datetime, length: timedelta, name: str
) -> None:
    zone, stretch = ZoneInfo(name), Stretch(start, start + length)
    around = [start.astimezone(zone).date() + timedelta(days=n) for n in range(-2, 13)]
    inside = [
        day
        for day in around
        if start <= day_start(day, zone)
        and day_start(day + timedelta(days=1), zone) <= stretch.end_at
    ]
    expected = Days(inside[0], inside[-1]) if inside else None
    assert whole_days(stretch, zone) == expected


@given(st.dates(date(2018, 1, 1), date(2026, 12, 31)), st.sampled_from(ZONES))
def test_a_day_starts_at_its_first_moment(day: date, name: str) -> None:
    zone = ZoneInfo(name)
    start = day_start(day, zone)
    assert start.astimezone(zone).date() == day
    assert (start - timedelta(seconds=1)).astimezone(zone).date() < day


@pytest.mark.parametrize(
    ("day", "length"),
    [(date(2024, 3, 31), 23), (date(2024, 10, 27), 25), (date(2024, 10, 13), 24)],
)
def test_a_day_of_changing_clocks_is_whole_with_23_or_25_hours(day: date, length: int) -> None:
    start = day_start(day, BRUSSELS)
    whole = Stretch(start, start + timedelta(hours=length))
    assert whole_days(whole, BRUSSELS) == Days(day, day)
    assert whole_days(Stretch(start, whole.end_at - timedelta(seconds=1)), BRUSSELS) is None
    assert whole_days(Stretch(start + timedelta(seconds=1), whole.end_at), BRUSSELS) is None


def test_two_stretches_that_meet_in_a_day_know_that_day() -> None:
    noon = datetime(2024, 10, 13, 12, tzinfo=UTC)
    before, after = Stretch(noon - timedelta(days=2), noon), Stretch(noon, noon + timedelta(days=2))
    assert known_days([after, before], BRUSSELS) == (Days(date(2024, 10, 12), date(2024, 10, 14)),)
    gap = Stretch(noon + timedelta(minutes=1), after.end_at)
    assert [d.count for d in known_days([before, gap], BRUSSELS)] == [1, 1]
