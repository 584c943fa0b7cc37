"""METHOD §3 and §13 on winter sleep, told as days in a town."""

from __future__ import annotations

import pytest

from tests.oracles.build import Town, dates, day
from tests.oracles.database import compute
from tests.oracles.towns import ELECTION, LEGAL, sleeper

pytestmark = pytest.mark.local_days


def test_a_winter_sleep_is_named_with_its_days() -> None:
    (spell,) = compute(sleeper().world()).spells()
    assert (spell["from_on"], spell["to_on"]) == (day("2024-10-20"), day("2025-02-28"))
    assert (spell["days"], spell["level"], spell["kind"]) == (132, "asleep", "silent")
    assert (spell["is_winter_sleep"], spell["reason"]) == (True, None)
    assert spell["election_id"] == f"e{ELECTION}"
    assert spell["days_to_next_election"] is None


def test_ninety_days_are_asleep_and_eighty_nine_are_quiet() -> None:
    for back, level, is_sleep in (("2025-01-18", "asleep", True), ("2025-01-17", "quiet", False)):
        (spell,) = compute(sleeper(back).world()).spells()
        assert (spell["level"], spell["is_winter_sleep"]) == (level, is_sleep)


def test_silence_from_day_28_after_the_election_is_a_winter_sleep_and_from_day_29_is_not() -> None:
    for last, is_sleep in (("2024-11-09", True), ("2024-11-10", False)):
        town = Town("2023-01-02", "2025-12-29")
        town.election(ELECTION, **LEGAL)
        town.person()
        town.post(1, *dates("2023-01-02", last), *dates("2025-06-01", "2025-12-28"))
        (spell,) = compute(town.world()).spells()
        assert spell["is_winter_sleep"] is is_sleep


def test_a_backdated_item_never_fills_a_silence() -> None:
    town = sleeper()
    plain = compute(town.world()).spells()
    town.post(1, "2024-12-25", is_backdated=True)
    assert compute(town.world()).spells() == plain


def test_a_silence_next_to_unknown_days_is_possible_and_never_counted() -> None:
    town = Town("2023-01-02", "2025-12-29")
    town.election(ELECTION, **LEGAL)
    town.person(spans=[("2023-01-02", "2025-02-28"), ("2025-03-08", "2025-12-28")])
    town.post(1, *dates("2023-01-02", "2024-10-20", 2), *dates("2025-06-01", "2025-12-28", 2))
    first, second = compute(town.world()).spells()
    assert (first["days"], first["is_possible"], first["reason"]) == (132, True, "possible")
    assert (second["days"], second["is_possible"], second["reason"]) == (85, True, None)
    assert not any(s["is_winter_sleep"] or s["is_candidate"] for s in (first, second))


def test_a_silence_that_lasts_to_the_end_of_what_is_known_is_at_least_that_long() -> None:
    town = Town("2023-01-02", "2025-12-29")
    town.election(ELECTION, **LEGAL)
    town.person(spans=[("2023-01-02", "2025-02-28")])
    town.post(1, *dates("2023-01-02", "2024-10-20", 2))
    (spell,) = compute(town.world()).spells()
    assert (spell["is_at_least"], spell["is_possible"]) == (True, False)
    assert spell["is_winter_sleep"] is True


def test_illness_greys_a_winter_sleep() -> None:
    town = sleeper()
    town.absence(1, "2025-02-28", "2025-03-20")
    (spell,) = compute(town.world()).spells()
    assert (spell["is_excused"], spell["is_winter_sleep"]) == (True, False)


def test_reposts_and_threads_name_a_silence_but_do_not_end_it() -> None:
    reposting, threading = sleeper(), sleeper()
    threading.post(1, "2025-01-02T12:00", kind="self_reply", parent_at=at_noon("2025-01-01"))
    reposting.post(1, "2025-01-02T12:00", kind="self_reply", parent_at=at_noon("2025-01-01"))
    reposting.post(1, "2025-01-05", kind="repost")
    for town, kind in ((reposting, "repost-only"), (threading, "thread-only")):
        (spell,) = compute(town.world()).spells()
        assert (spell["kind"], spell["days"], spell["is_winter_sleep"]) == (kind, 132, True)


def test_an_own_reply_in_the_same_second_is_part_of_the_thread() -> None:
    town = sleeper()
    moment = at_noon("2025-01-02")
    town.post(1, "2025-01-02T12:00", kind="self_reply", parent_at=moment)
    (spell,) = compute(town.world()).spells()
    assert (spell["kind"], spell["days"]) == ("thread-only", 132)


def test_who_stops_a_week_before_the_election_is_silent_and_no_winter_sleeper() -> None:
    town = Town("2023-01-02", "2025-12-29")
    town.election(ELECTION, **LEGAL)
    town.person()
    town.post(1, *dates("2023-01-02", "2024-10-05"), *dates("2025-03-01", "2025-12-28"))
    (spell,) = compute(town.world()).spells()
    assert (spell["from_on"], spell["days"]) == (day("2024-10-06"), 146)
    assert spell["from_on"] - day(ELECTION) == -7
    assert (spell["is_candidate"], spell["is_winter_sleep"], spell["election_id"]) == (
        False,
        False,
        None,
    )


def at_noon(on: str) -> int:
    return day(on) * 86_400 + 11 * 3_600


def test_an_own_reply_of_a_day_and_a_second_later_is_a_post_and_ends_the_silence() -> None:
    town = sleeper()
    late = at_noon("2025-01-02") - 86_401
    town.post(1, "2025-01-02T12:00", kind="self_reply", parent_at=late)
    assert [s["days"] for s in compute(town.world()).spells()] == [74, 57]


def test_once_a_week_is_not_asleep() -> None:
    town = Town("2019-01-07", "2025-01-06")
    town.election(ELECTION, **LEGAL)
    town.person()
    town.post(1, *dates("2019-01-07", "2024-12-30", 7))
    assert compute(town.world()).spells() == []


def test_twelve_clustered_sittings_a_year_are_not_sleep() -> None:
    town = Town("2019-01-07", "2025-06-30")
    town.election(ELECTION, **LEGAL)
    town.person()
    for year in range(2019, 2026):
        for month in ("02", "06", "10"):
            town.post(1, *dates(f"{year}-{month}-14", f"{year}-{month}-17"))
    (spell,) = [s for s in compute(town.world()).spells() if s["is_candidate"]]
    assert (spell["from_on"], spell["days"]) == (day("2024-10-18"), 119)
    assert (spell["is_winter_sleep"], spell["reason"]) == (False, "rarely_present")
