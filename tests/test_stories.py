"""METHOD §13 on presence, on days and phases, and on what must not matter, by hand."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from tests.oracles.build import Town, dates, day, shifted
from tests.oracles.database import compute
from tests.oracles.towns import ELECTION, LEGAL, sleeper, two_years

pytestmark = pytest.mark.local_days

# presence


def test_a_coverage_gap_is_no_silence() -> None:
    town = Town("2023-01-02", "2024-12-30")
    town.person(spans=[("2023-01-02", "2023-07-02"), ("2023-10-02", "2024-12-29")])
    town.post(1, *dates("2023-01-02", "2023-06-26", 7), *dates("2023-10-02", "2024-12-23", 7))
    copy = compute(town.world())
    presence = copy.metric("presence", "off_season")
    assert (presence["numerator"], presence["denominator"], presence["value"]) == (91, 91, 1.0)
    assert presence["effective_n"] == 45.5
    assert copy.spells() == []


def test_a_gap_of_more_than_a_fifth_of_the_weeks_leaves_presence_unsaid() -> None:
    town = Town("2023-01-02", "2024-12-30")
    town.person(spans=[("2023-01-02", "2023-07-02"), ("2023-11-27", "2024-12-29")])
    town.post(1, *dates("2023-01-02", "2023-06-26", 7), *dates("2023-11-27", "2024-12-23", 7))
    presence = compute(town.world()).metric("presence", "off_season")
    assert (presence["denominator"], presence["value"]) == (83, None)
    assert presence["reason"] == "too_short"


def test_exactly_four_fifths_of_the_weeks_and_twenty_six_of_them_are_enough() -> None:
    town = Town("2024-01-01", "2024-08-19")
    town.person(spans=[("2024-01-01", "2024-06-30")])
    town.person(spans=[("2024-01-01", "2024-06-23")])
    long = Town("2023-01-02", "2023-12-18")
    long.person(spans=[("2023-03-13", "2023-12-17")])
    assert compute(town.world()).metric("presence", "off_season", 1)["denominator"] == 26
    assert compute(town.world()).metric("presence", "off_season", 1)["reason"] == "too_short"
    row = compute(long.world()).metric("presence", "off_season")
    assert (row["denominator"], row["reason"], row["value"]) == (40, None, 0.0)


def test_twenty_five_weeks_are_too_short_and_twenty_six_are_not() -> None:
    short, enough = Town("2024-01-01", "2024-06-24"), Town("2024-01-01", "2024-07-01")
    for town in (short, enough):
        town.person()
        town.post(1, *dates("2024-01-01", "2024-03-25", 7))
    assert compute(short.world()).metric("presence", "off_season")["reason"] == "too_short"
    row = compute(enough.world()).metric("presence", "off_season")
    assert (row["numerator"], row["denominator"], row["value"]) == (13, 26, 0.5)
    # 13 active weeks, then 13 silent ones: ρ = (24 - 1)/25, and e stays at its floor of a tenth
    assert row["effective_n"] == pytest.approx(2.6)


def test_weeks_that_come_in_runs_of_three_weigh_less_than_half() -> None:
    town = Town("2024-01-01", "2024-07-29")
    town.person()
    for first in ("2024-01-01", "2024-01-08", "2024-01-15"):
        town.post(1, *dates(first, "2024-07-28", 42))
    row = compute(town.world()).metric("presence", "off_season")
    # 29 pairs of neighbours, 20 alike and 9 not: ρ = 11/29, e = 18/40
    assert (row["numerator"], row["denominator"]) == (15, 30)
    assert row["effective_n"] == pytest.approx(13.5)


def test_volume_gains_nothing() -> None:
    town = Town("2024-01-01", "2024-12-30")
    town.person()
    town.person()
    town.post(1, *dates("2024-01-01", "2024-12-23", 14))
    town.post(2, *(d for d in dates("2024-01-01", "2024-12-23", 14) for _ in range(40)))
    copy = compute(town.world())
    a, b = (copy.metric("presence", "off_season", person) for person in (1, 2))
    assert {**a, "person_id": None} == {**b, "person_id": None}


def test_the_last_ten_items_of_a_feed_say_nothing_about_the_year() -> None:
    town = two_years()
    last = dates("2024-12-01", "2025-01-05", 4)
    town.person(spans=[(last[0], "2025-01-05")], platform="feeds", shows_replies=False)
    town.post(1, *last)
    copy = compute(town.world())
    assert copy.metric("presence", "off_season")["reason"] == "too_short"
    assert copy.metric("burst_acts", "all")["reason"] == "too_short"
    assert copy.metric("conversation", "off_season")["reason"] == "not_observable"
    assert copy.metric("talk_presence", "off_season")["reason"] == "not_observable"
    assert all(copy.metric(m, "off_season")["value"] is None for m in ("presence", "conversation"))
    assert copy.spells() == []


def test_a_move_from_a_feed_to_a_place_with_replies_is_not_years_without_talk() -> None:
    town = Town("2020-01-06", "2024-12-30")
    town.person(platform="feeds", shows_replies=False, last_day=day("2023-12-31"))
    town.account(1, first_day=day("2024-01-01"))
    town.reply(1, *dates("2024-01-01", "2024-12-23", 7))
    world = town.world()
    moved = tuple(replace(p, account_key=2) for p in world.posts)
    talk = compute(replace(world, posts=moved)).metric("talk_presence", "off_season")
    assert (talk["numerator"], talk["denominator"]) == (52, 52)


# days and phases


def test_an_act_on_election_day_at_23_59_is_the_campaigns_and_a_minute_later_the_aftermaths() -> (
    None
):
    town = two_years()
    town.person()
    town.post(1, *dates("2023-01-02", "2023-07-24", 7))
    town.post(1, "2024-10-13T23:59", "2024-10-14T00:00")
    burst = compute(town.world()).metric("burst_acts", "all")
    assert (burst["numerator"], burst["denominator"]) == (1, 30)
    assert burst["value"] == pytest.approx(1.5 / 105 / (30.5 / 602))
    assert burst["value"] == pytest.approx(0.281967, abs=1e-6)


def test_the_two_seasons_of_2024_stay_two_with_21_days_between() -> None:
    town = Town("2023-01-01", "2025-01-01")
    town.election("2024-06-09", level="federal", regulated_day=day("2024-02-09"))
    town.election(ELECTION, **LEGAL)
    town.person()
    town.mandate(1, "2024-03-01", "2024-06-09", kind="candidacy", election_id="e2024-06-09")
    town.post(1, *dates("2023-01-01", "2024-12-31"))
    copy = compute(town.world(), "metric", "season")
    seasons = {(s["from_on"], s["to_on"]) for s in copy["season"] if s["is_counted"]}
    assert seasons == {
        (day("2024-02-09"), day("2024-06-09")),
        (day("2024-07-01"), day("2024-10-13")),
    }
    burst = copy.metric("burst_acts", "all")
    assert (burst["numerator"], burst["denominator"]) == (122 + 105, 731 - 122 - 105 - 21 - 28)
    assert burst["value"] == pytest.approx(227.5 / 227 / (455.5 / 455))
    assert (burst["word"], burst["effective_n"]) == ("steady", 1.0)


def test_the_day_after_is_not_compared_where_the_next_season_begins_within_28_days() -> None:
    town = Town("2023-01-01", "2025-01-01")
    town.election("2024-06-09", level="federal", regulated_day=day("2024-02-09"))
    town.election(ELECTION, **LEGAL)
    town.person()
    town.mandate(1, "2024-03-01", "2024-06-09", kind="candidacy", election_id="e2024-06-09")
    town.post(1, *dates("2024-05-13", "2024-07-07"))
    town.post(1, *dates("2024-09-16", "2024-10-13"), *dates("2024-10-14", "2024-11-10", 4))
    cliff = compute(town.world()).metric("cliff", "all")
    assert (cliff["numerator"], cliff["denominator"], cliff["value"]) == (7, 28, 0.25)


def test_an_election_for_another_office_is_tagged_and_left_out() -> None:
    town = two_years()
    town.election("2024-06-09", level="federal", regulated_day=day("2024-02-09"))
    town.person()
    copy = compute(town.world(), "season")
    assert [s["is_counted"] for s in copy["season"] if s["election_on"] == day("2024-06-09")] in (
        [],
        [False],
    )
    assert [s["election_on"] for s in copy["season"] if s["is_counted"]] == [day(ELECTION)]


def test_a_season_never_begins_before_the_election_was_called() -> None:
    town = Town("2023-01-02", "2025-01-06")
    town.election(ELECTION, called_day=day("2024-09-01"), **LEGAL)
    town.person()
    (season,) = [s for s in compute(town.world(), "season")["season"] if s["is_counted"]]
    assert (season["from_on"], season["to_on"]) == (day("2024-09-01"), day(ELECTION))


def test_two_rounds_are_one_season_that_ends_at_the_last() -> None:
    town = Town("2023-01-02", "2025-01-06")
    town.election("2024-06-09", last_round_day=day("2024-06-23"), applies_to=None)
    town.person()
    town.post(1, "2024-06-23", "2024-06-24")
    copy = compute(town.world(), "metric", "season")
    (season,) = [s for s in copy["season"] if s["is_counted"]]
    assert (season["from_on"], season["to_on"]) == (day("2024-03-12"), day("2024-06-23"))
    assert copy.metric("burst_acts", "all")["numerator"] == 1


def test_rounds_a_hundred_and_five_days_apart_are_two_elections_with_a_season_each() -> None:
    town = Town("2019-01-07", "2021-01-04")
    town.election("2020-03-15", last_round_day=day("2020-06-28"), applies_to="person")
    town.person()
    copy = compute(town.world(), "season")
    seasons = sorted((s["from_on"], s["to_on"]) for s in copy["season"] if s["is_counted"])
    assert seasons == [
        (day("2019-12-17"), day("2020-03-15")),
        (day("2020-03-31"), day("2020-06-28")),
    ]


def test_rounds_a_month_apart_touch_and_still_are_two_election_days() -> None:
    town = Town("2019-01-07", "2021-01-04")
    town.election("2020-03-15", last_round_day=day("2020-04-13"), applies_to=None)
    town.person()
    copy = compute(town.world(), "season")
    seasons = sorted((s["from_on"], s["to_on"]) for s in copy["season"] if s["is_counted"])
    assert seasons == [
        (day("2019-12-17"), day("2020-03-15")),
        (day("2020-03-16"), day("2020-04-13")),
    ]


@pytest.mark.parametrize(("written", "read"), [(None, False), (False, False), (True, True)])
def test_an_election_that_nobody_says_is_verified_is_not(written: bool | None, read: bool) -> None:
    town = Town("2023-01-02", "2025-01-06")
    town.election(ELECTION, is_verified=written, **LEGAL)
    town.person()
    (season,) = [s for s in compute(town.world(), "season")["season"] if s["is_counted"]]
    assert season["is_verified"] is read


# whatever the order


def test_the_order_of_rows_and_a_second_run_change_nothing() -> None:
    town = sleeper()
    town.person()
    town.reply(2, *dates("2023-01-02", "2025-12-28", 3))
    for i in range(12):
        town.question(2, f"2023-05-{i + 1:02}", by=1001 + i, root=7_000 + i)
    world = town.world()
    tables = ("metric", "spell", "season", "day", "span", "pillar", "score")
    one, again = compute(world, *tables), compute(world, *tables)
    mixed = random.Random(7)
    names = ("posts", "received", "spans", "accounts", "mandates", "elections", "people")
    shuffled = replace(world, **{n: _shuffled(getattr(world, n), mixed) for n in names})  # type: ignore[arg-type]
    other = compute(shuffled, *tables)
    for table in tables:
        assert one[table] == again[table] == other[table]


def _shuffled(rows: tuple[object, ...], mixed: random.Random) -> tuple[object, ...]:
    return tuple(mixed.sample(rows, len(rows)))


def test_a_town_a_week_later_has_the_same_numbers_but_those_by_calendar_month() -> None:
    world = sleeper().world()
    one, later = compute(world), compute(shifted(world, 7))
    kept = [
        {k: v for k, v in row.items() if k not in {"from_on", "to_on"}}
        for copy in (one, later)
        for row in copy["metric"]
        if row["metric"] not in {"active_months", "ask_months"}
    ]
    assert kept[: len(kept) // 2] == kept[len(kept) // 2 :]
    assert [s["days"] for s in one.spells()] == [s["days"] for s in later.spells()]
    assert [s["p_value"] for s in one.spells()] == [s["p_value"] for s in later.spells()]


def test_a_cross_post_counts_once() -> None:
    town = two_years()
    town.person()
    town.account(1)
    town.post(1, *dates("2023-01-02", "2024-12-30", 7))
    world = town.world()
    copies = tuple(
        replace(p, account_key=2, post_key=p.post_key + 9_000, is_crosspost=True)
        for p in world.posts
    )
    one = compute(world, "metric", "day")
    two = compute(replace(world, posts=world.posts + copies), "metric", "day")
    assert one["day"] == two["day"]
    assert one["metric"] == two["metric"]
    assert {row["posts"] for row in two["day"]} == {1}
