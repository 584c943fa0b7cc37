"""METHOD §6 as the months of a councillor and the citizens she talks with, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.oracles.build import Town, after, at, dates
from tests.oracles.database import compute

pytestmark = pytest.mark.local_days

if TYPE_CHECKING:
    from tests.oracles.database import Row

TEN = tuple(range(1_001, 1_011))
MET = "2023-04-01"  # day 91 of the window: the burn-in ends the day before


def two_years(**account: object) -> Town:
    """2023 and 2024, one councillor whose account is known throughout, no election."""
    town = Town("2023-01-01", "2025-01-01")
    town.person(**account)  # type: ignore[arg-type]
    return town


def meet(town: Town, citizens: tuple[int, ...], *days: str, **more: object) -> None:
    for citizen in citizens:
        town.reply(1, *days, to=citizen, **more)


def row(town: Town, name: str, **choices: int) -> Row:
    return compute(replace(town.world(), choices=choices)).metric(name, "all")


def counts(town: Town, name: str, **choices: int) -> tuple[int, int]:
    found = row(town, name, **choices)
    return found["numerator"], found["denominator"]


# return


def test_half_of_ten_citizens_were_met_again() -> None:
    town = two_years()
    meet(town, TEN, MET)
    meet(town, TEN[:5], after(MET, 100))
    found = row(town, "return")
    assert (found["value"], found["numerator"], found["denominator"]) == (0.5, 5, 10)
    assert (found["effective_n"], found["covered_days"]) == (10.0, 731)
    assert found["low"] + found["high"] == pytest.approx(1)


@pytest.mark.parametrize(("days", "again"), [(29, 0), (30, 1), (210, 1), (211, 0)])
def test_meeting_again_counts_from_thirty_to_two_hundred_and_ten_days(
    days: int, again: int
) -> None:
    town = two_years()
    meet(town, TEN, MET, after(MET, days))
    assert counts(town, "return") == (10 * again, 10)


def test_a_first_meeting_on_the_ninetieth_known_day_is_burn_in() -> None:
    town = two_years()
    meet(town, TEN, MET)
    meet(town, (1_500,), after(MET, -1), after(MET, 40))
    assert counts(town, "return") == (0, 10)


def test_the_burn_in_counts_known_days_and_skips_gaps() -> None:
    town = Town("2023-01-01", "2025-01-01")
    town.person(spans=[("2023-01-01", "2023-01-31"), ("2023-03-01", "2024-12-31")])
    ninetieth = "2023-04-28"  # 31 days, then 59 from 1 March
    meet(town, TEN, ninetieth)
    assert row(town, "return")["denominator"] == 0
    meet(town, tuple(c + 100 for c in TEN), after(ninetieth, 1))
    assert row(town, "return")["denominator"] == 10


def test_a_second_meeting_is_no_first_one() -> None:
    town = two_years()
    meet(town, TEN, "2023-02-01", MET, after(MET, 50))
    assert counts(town, "return") == (0, 0)


@pytest.mark.parametrize(("end", "number"), [(209, 0), (210, 10)])
def test_a_horizon_must_be_known_to_its_last_day(end: int, number: int) -> None:
    town = Town("2023-01-01", "2025-01-01")
    town.person(spans=[("2023-01-01", after(MET, end))])
    meet(town, TEN, MET)
    found = row(town, "return")
    assert (found["denominator"], found["reason"]) == (number, None if number else "too_short")


def test_an_unknown_day_inside_the_horizon_takes_the_citizen_out() -> None:
    town = Town("2023-01-01", "2025-01-01")
    town.person(spans=[("2023-01-01", after(MET, 9)), (after(MET, 11), "2024-12-31")])
    meet(town, TEN, MET, after(MET, 50))
    assert row(town, "return")["reason"] == "too_few"
    assert counts(town, "return") == (0, 0)


def test_days_on_which_no_reply_would_be_seen_are_no_horizon() -> None:
    town = Town("2023-01-01", "2025-01-01")
    town.person(last_day=at(after(MET, 100)) // 86_400)
    town.account(1, shows_replies=False)
    meet(town, TEN, MET)
    assert row(town, "return")["reason"] == "too_short"


def test_a_meeting_on_an_unknown_day_is_not_counted() -> None:
    town = Town("2023-01-01", "2025-01-01")
    town.person(spans=[("2023-01-01", after(MET, 210)), (after(MET, 212), "2024-12-31")])
    meet(town, TEN, after(MET, 211))
    assert counts(town, "return") == (0, 0)
    assert row(town, "return")["reason"] == "too_few"
    (ladder,) = compute(town.world(), "partner_ladder")["partner_ladder"]
    assert ladder["reason"] == "too_few"
    meet(town, TEN, after(MET, 213))
    (ladder,) = compute(town.world(), "partner_ladder")["partner_ladder"]
    assert (ladder["once"], ladder["two_to_four"]) == (10, 0)


def test_nine_citizens_are_too_few_and_a_feed_shows_none() -> None:
    town = two_years()
    meet(town, TEN[:9], MET)
    assert row(town, "return")["reason"] == "too_few"
    assert row(two_years(shows_replies=False), "return")["reason"] == "not_observable"
    unseen = Town("2023-01-01", "2025-01-01")
    unseen.person(spans=[])
    assert row(unseen, "return")["reason"] == "no_coverage"


def test_politicians_and_strangers_without_a_key_are_no_citizens() -> None:
    town = two_years()
    town.partner(TEN[0], "politician")
    meet(town, TEN, MET)
    town.reply(1, MET, to=None)
    assert row(town, "return", citizen_count=1)["denominator"] == 9
    assert row(town, "return")["denominator"] is None, "nine citizens are not counted"


def test_what_an_account_that_hides_replies_lets_slip_is_no_meeting() -> None:
    town = two_years()
    town.account(1, shows_replies=False)
    meet(town, TEN, MET)
    meet(town, TEN, after(MET, 60), account_key=2)
    for citizen in TEN:
        town.reply(1, after(MET, 61), to=citizen, root_key=citizen, account_key=2)
        town.question(1, after(MET, 62), by=citizen, root=citizen)
    assert counts(town, "return") == (0, 10)
    assert counts(town, "depth") == (0, 0)


def test_backdated_replies_and_quotes_are_no_meetings() -> None:
    town = two_years()
    meet(town, TEN, MET)
    meet(town, TEN, after(MET, 60), is_backdated=True)
    for citizen in TEN:
        town.post(1, after(MET, 61), kind="quote", partner_key=citizen)
    assert counts(town, "return") == (0, 10)


def test_pillars_find_returns_by_block_and_phase_of_the_first_meeting() -> None:
    town = two_years()
    town.election("2023-05-01")
    meet(town, TEN, MET)
    meet(town, TEN[:3], after(MET, 35))
    meet(town, (1_500,), "2023-08-01", after("2023-08-01", 31))
    copy = compute(town.world(), "return_block", "return_count")
    found = sorted((r["phase"], r["partner_count"], r["returned_count"]) for r in
                   copy["return_block"])  # fmt: skip
    assert found == [("off_season", 1, 1), ("season", 10, 3)]
    (total,) = copy["return_count"]
    assert (total["partner_count"], total["returned_count"]) == (11, 4)


# carry-over


def campaign() -> Town:
    """A season from 3 May to 31 July 2023, then aftermath until 28 August."""
    town = two_years()
    town.election("2023-07-31")
    return town


def test_four_of_ten_campaign_talks_are_carried_over() -> None:
    town = campaign()
    meet(town, TEN, "2023-05-03")
    meet(town, TEN[:4], "2023-08-29")
    found = row(town, "carry_over")
    assert (found["value"], found["numerator"], found["denominator"]) == (0.4, 4, 10)


@pytest.mark.parametrize(
    ("on", "carried"), [("2023-08-28", 0), ("2024-07-30", 10), ("2024-07-31", 0)]
)
def test_aftermath_and_what_comes_after_a_year_carry_nothing_over(on: str, carried: int) -> None:
    town = campaign()
    meet(town, TEN, "2023-07-31", on)
    assert counts(town, "carry_over") == (carried, 10)


def test_a_talk_before_the_season_is_no_campaign_talk() -> None:
    town = campaign()
    meet(town, TEN, "2023-05-02", "2023-09-01")
    assert row(town, "carry_over")["reason"] == "too_few"


@pytest.mark.parametrize(("last", "reason"), [("2024-07-30", None), ("2024-07-29", "too_short")])
def test_a_year_after_the_season_must_be_known(last: str, reason: str | None) -> None:
    town = Town("2023-01-01", "2025-01-01")
    town.election("2023-07-31")
    town.person(spans=[("2023-01-01", last)])
    town.person()  # a colleague who is known throughout
    meet(town, TEN, "2023-07-31")
    assert row(town, "carry_over")["reason"] == reason


@pytest.mark.parametrize(("first", "reason"), [("2023-08-01", None), ("2023-08-02", "too_short")])
def test_the_year_after_the_season_begins_on_the_day_after_it(
    first: str, reason: str | None
) -> None:
    town = Town("2023-01-01", "2025-01-01")
    town.election("2023-07-31")
    town.person(spans=[("2023-01-01", "2023-07-30"), (first, "2024-12-31")])
    meet(town, TEN, "2023-07-30")
    assert row(town, "carry_over")["reason"] == reason


def test_who_was_met_in_two_campaigns_counts_once_by_the_first() -> None:
    town = campaign()
    town.election("2023-11-30")
    meet(town, TEN, "2023-07-31", "2023-11-30", "2024-08-15")
    # the second campaign runs from 2 September; 15 August 2024 lies within a year of it alone
    assert counts(town, "carry_over") == (0, 10)
    meet(town, (1_500,), "2023-11-30", "2024-08-15")
    assert counts(town, "carry_over") == (1, 11)


def test_a_campaign_within_the_burn_in_is_left_out() -> None:
    town = two_years()
    town.election("2023-04-02")  # day 92
    meet(town, TEN, "2023-03-31", "2023-06-01")
    meet(town, (1_500,), "2023-04-01", "2023-06-01")
    assert counts(town, "carry_over", citizen_count=1) == (1, 1)


def test_a_campaign_that_ends_with_the_burn_in_can_not_be_followed() -> None:
    town = Town("2023-01-01", "2025-01-01")
    town.election("2023-05-01")
    town.person(spans=[("2023-02-01", "2024-12-31")])  # the ninetieth known day is election day
    town.person()  # a colleague whose burn-in was over
    meet(town, TEN, "2023-05-01", "2023-06-15")
    assert row(town, "carry_over")["reason"] == "too_short"


def test_without_a_season_nothing_can_be_carried_over() -> None:
    assert row(two_years(), "carry_over")["reason"] == "no_season"


# depth


def talk(town: Town, citizen: int, root: int, *turns: str) -> None:
    """Turns are moments, '>' before the person's replies and '<' before the citizen's items."""
    for turn in turns:
        if turn[0] == ">":
            town.reply(1, turn[1:], to=citizen, root_key=root)
        else:
            town.question(1, turn[1:], by=citizen, root=root, is_question=False)


def test_depth_is_how_often_who_came_back_was_replied_to_again() -> None:
    town = two_years()
    for citizen in TEN[:8]:
        talk(town, citizen, citizen, ">2023-02-01", "<2023-02-02", ">2023-02-03")
    for citizen in TEN[8:]:
        talk(town, citizen, citizen, ">2023-02-01", "<2023-02-02")
    found = row(town, "depth")
    assert (found["value"], found["numerator"], found["denominator"]) == (0.8, 8, 10)
    assert found["effective_n"] == 10.0


def test_what_comes_between_two_replies_is_one_comeback() -> None:
    town = two_years()
    turns = (">2023-02-01", "<2023-02-02", "<2023-02-03", ">2023-02-04", "<2023-02-05")
    talk(town, 1_001, 7, *turns)
    assert counts(town, "depth") == (1, 2)
    assert len(compute(town.world(), "comeback")["comeback"]) == 2


def test_the_first_item_of_a_thread_is_no_comeback() -> None:
    town = two_years()
    talk(town, 1_001, 7, "<2023-02-01", ">2023-02-02")
    assert counts(town, "depth") == (0, 0)


def test_a_comeback_stays_within_thread_and_citizen() -> None:
    town = two_years()
    talk(town, 1_001, 7, ">2023-02-01")
    talk(town, 1_001, 8, "<2023-02-02")
    talk(town, 1_002, 7, "<2023-02-02")
    assert counts(town, "depth") == (0, 0)
    talk(town, 1_001, 7, "<2023-02-03")
    talk(town, 1_001, 8, ">2023-02-04")
    talk(town, 1_002, 7, ">2023-02-04")
    assert counts(town, "depth") == (0, 1)


@pytest.mark.parametrize(
    ("reply", "number"),
    [("2023-02-16T12:00", 1), ("2023-02-16T12:01", 0), ("2023-02-02T12:00", 0)],
)
def test_the_next_reply_comes_after_the_comeback_and_within_fourteen_days(
    reply: str, number: int
) -> None:
    town = two_years()
    talk(town, 1_001, 7, ">2023-02-01", "<2023-02-02T12:00", f">{reply}")
    assert row(town, "depth")["numerator"] == number


def test_an_item_at_the_moment_of_the_reply_is_no_comeback_to_it() -> None:
    town = two_years()
    talk(town, 1_001, 7, ">2023-02-01T12:00", "<2023-02-01T12:00", ">2023-02-01T13:00")
    assert row(town, "depth")["denominator"] == 0


@pytest.mark.parametrize(("last", "number"), [("2023-02-16", 1), ("2023-02-15", 0)])
def test_a_comeback_counts_when_fourteen_days_after_it_are_known(last: str, number: int) -> None:
    town = Town("2023-01-01", "2025-01-01")
    town.person(spans=[("2023-01-01", last)])
    talk(town, 1_001, 7, ">2023-02-01", "<2023-02-02")
    assert row(town, "depth")["denominator"] == number


def test_who_comes_back_after_the_mandate_is_left_out() -> None:
    town = two_years()
    town.without_mandate(1)
    town.mandate(1, "2023-01-01", "2023-02-28")
    talk(town, 1_001, 7, ">2023-02-01", "<2023-02-28", ">2023-03-01", "<2023-03-02")
    assert counts(town, "depth") == (1, 1)


def test_insults_and_one_text_of_many_are_no_comebacks() -> None:
    town = two_years()
    for citizen in TEN[:3]:
        talk(town, citizen, citizen, ">2023-02-01")
        town.question(1, "2023-02-02", by=citizen, root=citizen, similarity_key=77)
    talk(town, TEN[3], 7, ">2023-02-01")
    town.question(1, "2023-02-02", by=TEN[3], root=7, is_abuse=True)
    town.partner(TEN[4], "media")
    talk(town, TEN[4], 7, ">2023-02-01", "<2023-02-02")
    assert counts(town, "depth") == (0, 0)


def test_a_citizen_who_comes_back_often_is_worth_one() -> None:
    town = two_years()
    for i in range(20):
        talk(town, 1_001, 7 + i, ">2023-02-01", "<2023-02-02")
    found = row(town, "depth")
    assert (found["denominator"], found["effective_n"]) == (20, pytest.approx(1.0))


def test_depth_needs_an_account_that_shows_what_is_received() -> None:
    assert row(two_years(shows_received=False), "depth")["reason"] == "not_observable"
    assert row(two_years(), "depth")["reason"] == "too_few"


# how long, how often, how new


def test_the_length_of_relations_is_the_median_over_those_met_twice() -> None:
    town = two_years()
    for n, citizen in enumerate(TEN):
        meet(town, (citizen,), "2023-02-01", after("2023-02-01", 10 * (n + 1)))
    meet(town, (1_500,), "2023-02-01")
    found = row(town, "relation_days")
    assert (found["value"], found["numerator"], found["denominator"]) == (55.0, 10, 10)
    meet(town, (1_600,), "2023-02-01", "2023-02-02")
    assert row(town, "relation_days")["value"] == 50.0
    assert (found["low"], found["effective_n"]) == (None, None)


def test_twice_on_one_day_is_one_meeting() -> None:
    town = two_years()
    meet(town, TEN, "2023-02-01T10:00", "2023-02-01T23:00")
    assert row(town, "relation_days")["reason"] == "too_few"
    assert row(town, "relation_days")["denominator"] == 0


def test_everybody_has_a_median_of_their_own() -> None:
    town = two_years()
    town.person()
    town.person()
    meet(town, TEN, "2023-02-01", "2023-02-08")
    for n, citizen in enumerate(TEN):
        town.reply(3, "2023-02-01", after("2023-02-01", n + 1), to=citizen)
    copy = compute(town.world())
    values = [copy.metric("relation_days", "all", person)["value"] for person in (1, 2, 3)]
    assert values == [7.0, None, 5.5]


def test_the_ladder_counts_citizens_by_days_met() -> None:
    town = two_years()
    for citizens, days in ((TEN[:5], 1), (TEN[5:7], 2), (TEN[7:8], 4), (TEN[8:], 5)):
        meet(town, citizens, *dates("2023-02-01", "2023-12-31")[:days])
    (found,) = compute(town.world(), "partner_ladder")["partner_ladder"]
    steps = [found[n] for n in ("once", "two_to_four", "five_or_more", "partner_count", "reason")]
    assert steps == [None, None, None, 10, None]  # each step is small, their sum is not
    every = replace(town.world(), choices={"citizen_count": 1})
    (found,) = compute(every, "partner_ladder")["partner_ladder"]
    steps = [found[n] for n in ("once", "two_to_four", "five_or_more", "partner_count", "reason")]
    assert steps == [5, 3, 2, 10, None]


def test_a_small_step_is_not_given_away_by_the_sum() -> None:
    town = two_years()
    many = tuple(range(5000, 5014))
    meet(town, many[:11], "2023-02-01")
    meet(town, many[11:], "2023-02-01", "2023-02-08")
    (found,) = compute(town.world(), "partner_ladder")["partner_ladder"]
    steps = [found[n] for n in ("once", "two_to_four", "five_or_more", "partner_count", "reason")]
    assert steps == [11, None, 0, None, None]


def test_a_ladder_of_nine_citizens_is_not_shown() -> None:
    town = two_years()
    meet(town, TEN[:9], "2023-02-01")
    town.person(shows_replies=False)
    town.person(spans=[])
    found = compute(town.world(), "partner_ladder")["partner_ladder"]
    assert [r["reason"] for r in found] == ["too_few", "not_observable", "no_coverage"]
    assert {r[n] for r in found for n in ("once", "two_to_four", "partner_count")} == {None}


def quarters(town: Town, **choices: int) -> dict[str, tuple[object, ...]]:
    world = replace(town.world(), choices=choices)
    names = ("new_count", "warm_count", "close_count", "reason")
    found = compute(world, "partner_mix")["partner_mix"]
    return {after("1970-01-01", r["quarter_from_on"]): tuple(r[n] for n in names) for r in found}


def test_a_quarter_has_new_warm_and_close_citizens() -> None:
    town = two_years()
    meet(town, TEN[:3], "2023-07-01", "2023-09-30", "2023-10-01")
    meet(town, TEN[3:5], *dates("2023-09-27", "2023-09-30"), "2023-12-31")
    meet(town, TEN[5:], *dates("2023-10-01", "2023-10-06"))
    meet(town, TEN, "2024-01-01")
    found = quarters(town, citizen_count=1)
    assert found["2023-01-01"] == (None, None, None, "too_short")  # within the burn-in
    assert found["2023-04-01"] == (None, None, None, "too_few")
    assert found["2023-07-01"] == (None, None, None, "too_few")  # five citizens
    assert found["2023-10-01"] == (5, 3, 2, None)
    assert found["2024-01-01"] == (0, 3, 7, None)
    assert len(found) == 8
    assert quarters(town)["2024-01-01"] == (0, None, None, None)  # ten, but few of each


def test_a_quarter_with_an_unknown_day_says_nothing() -> None:
    town = Town("2023-01-01", "2024-12-31")
    town.person(spans=[("2023-01-01", "2023-09-29"), ("2023-10-01", "2024-12-30")])
    meet(town, TEN, "2023-09-01", "2023-12-01", "2024-12-01")
    found = quarters(town)
    assert found["2023-07-01"][3] == "no_coverage"
    assert found["2023-10-01"] == (0, 10, 0, None)
    assert found["2024-10-01"][3] == "no_coverage"  # the window ends a day early


def test_there_is_no_mix_of_what_a_feed_hides_or_of_days_without_a_mandate() -> None:
    town = Town("2023-01-01", "2024-01-01")
    town.person(shows_replies=False)
    assert quarters(town) == {}
    other = Town("2023-01-01", "2024-01-01")
    other.person()
    other.without_mandate(1)
    other.mandate(1, "2023-04-02", "2023-12-31")
    assert sorted(quarters(other)) == ["2023-04-01", "2023-07-01", "2023-10-01"]
