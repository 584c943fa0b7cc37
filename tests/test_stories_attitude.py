"""METHOD §8 to §10 with numbers worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.oracles.build import Town, after, at, dates
from tests.oracles.database import compute

pytestmark = pytest.mark.local_days

if TYPE_CHECKING:
    from tests.oracles.database import Row

CITIZENS = tuple(range(1_001, 1_031))


def years() -> Town:
    """2022 to 2024 from a Monday to a Sunday, one councillor, no election."""
    town = Town("2022-01-03", "2024-12-30")
    town.person()
    return town


def metric(town: Town, name: str, phase: str = "all") -> Row:
    return compute(town.world()).metric(name, phase)


def test_acts_whose_text_was_never_read_stand_in_no_share() -> None:
    town = years()
    town.post(1, *dates("2022-02-01", "2022-02-15"), label="vote_ask")
    town.post(1, *dates("2022-03-01", "2022-03-05"), label="service_info")
    town.post(1, *dates("2022-04-01", "2022-04-30"))
    campaign = metric(town, "campaign_share", "off_season")
    service = metric(town, "service_share", "off_season")
    assert (campaign["numerator"], campaign["denominator"], campaign["value"]) == (15, 20, 0.75)
    assert (service["numerator"], service["value"]) == (5, 0.25)
    assert campaign["word"] == "descriptive"


def test_months_with_unread_acts_are_no_months_without_an_ask() -> None:
    town = years()
    town.post(1, *dates("2022-01-05", "2022-12-05", 30), label="ask_public", asks_public=True)
    town.post(1, *dates("2023-01-01", "2024-12-29"))
    row = metric(town, "ask_months")
    assert (row["numerator"], row["denominator"], row["value"]) == (12, 12, 12.0)


def test_an_ask_whose_text_was_never_read_is_none() -> None:
    town = years()
    town.post(1, *dates("2022-02-01", "2022-02-20"), label="ask_public", asks_public=True)
    town.post(1, *dates("2022-03-01", "2022-03-05"), asks_public=True)
    row = metric(town, "asks_per_100", "off_season")
    assert (row["numerator"], row["denominator"], row["value"]) == (20, 20, 100.0)


def test_a_topic_of_a_post_that_was_never_read_is_not_posted() -> None:
    town = years()
    town.post(1, "2022-02-01", "2022-02-02", label="position", topics=("waste",))
    town.post(1, "2022-02-03", topics=("waste",))
    found = compute(town.world(), "topic_share")["topic_share"]
    assert next(row["posted_count"] for row in found if row["topic"] == "waste") == 2


def test_a_month_with_an_ask_and_an_unread_act_is_in_neither_count() -> None:
    town = years()
    town.post(1, *dates("2022-01-05", "2022-12-05", 30), label="ask_public", asks_public=True)
    town.post(1, "2022-03-20", "2022-07-20", "2023-02-03")
    row = metric(town, "ask_months")
    assert (row["numerator"], row["denominator"]) == (10, 33)


def test_acts_that_were_hardly_ever_read_tell_nothing_of_asks() -> None:
    town = years()
    town.post(1, *dates("2022-01-05", "2022-05-05", 30), label="ask_public", asks_public=True)
    town.post(1, *dates("2022-06-01", "2024-12-20", 14))
    row = metric(town, "ask_months")
    assert (row["value"], row["denominator"], row["reason"]) == (None, 5, "not_observable")


def test_five_known_months_are_too_short_however_often_they_were_not_read() -> None:
    town = Town("2022-01-03", "2022-06-01")
    town.person()
    town.post(1, *dates("2022-01-05", "2022-05-25", 5))
    town.post(1, "2022-02-02", label="none")
    row = metric(town, "ask_months")
    assert (row["value"], row["denominator"], row["reason"]) == (None, 0, "too_short")


@pytest.mark.parametrize(
    ("later", "kept"), [("T12:59:59", 0), ("T13:00", 12), ("days", 12), ("a second late", 0)]
)
def test_a_promise_is_taken_up_from_an_hour_to_sixty_days_later(later: str, kept: int) -> None:
    town = years()
    for i, citizen in enumerate(CITIZENS[:12]):
        on = after("2022-02-01", i)
        town.reply(1, f"{on}T12:00", to=citizen, label="help_thank", promise=True)
        moment = f"{on}{later}" if later.startswith("T") else f"{on}T12:00"
        late = {"days": 60 * 86_400, "a second late": 60 * 86_400 + 1}.get(later, 0)
        town.reply(1, moment, to=citizen, label="none", at=at(moment) + late)
    row = metric(town, "followed_up_in_public")
    assert (row["numerator"], row["denominator"]) == (kept, 12)


def test_a_promise_of_somebody_who_holds_no_office_is_not_followed() -> None:
    town = years()
    town.without_mandate(1)
    town.mandate(1, "2022-01-03", "2022-12-31")
    for i, citizen in enumerate(CITIZENS[:12]):
        on = after("2022-02-01" if i < 10 else "2023-02-01", i)
        town.reply(1, on, to=citizen, label="help_thank", promise=True)
    row = metric(town, "followed_up_in_public")
    assert (row["numerator"], row["denominator"]) == (0, 10)


def test_a_promise_counts_where_the_sixty_days_after_it_are_known_in_office_or_not() -> None:
    town = Town("2022-01-03", "2024-12-30")
    town.person(spans=[("2022-01-03", "2023-12-31"), ("2024-02-01", "2024-06-29")])
    town.without_mandate(1)
    town.mandate(1, "2022-01-03", "2024-05-10")
    moments = ["2024-02-01", *["2024-04-30"] * 9, "2024-05-01", "2024-05-01"]
    for on, citizen in zip(moments, CITIZENS, strict=False):
        town.reply(1, on, to=citizen, label="help_thank", promise=True)
    row = metric(town, "followed_up_in_public")
    assert (row["numerator"], row["denominator"], row["value"]) == (0, 10, 0.0)


def test_twelve_promises_to_nine_citizens_are_too_few() -> None:
    town = years()
    for i in range(12):
        on = after("2022-02-01", i)
        town.reply(1, on, to=CITIZENS[i % 9], label="help_thank", promise=True)
    row = metric(town, "followed_up_in_public")
    assert (row["denominator"], row["value"], row["reason"]) == (12, None, "too_few")


def test_an_ask_to_which_nobody_reacted_is_not_one_without_follow_through() -> None:
    town = years()
    for i, on in enumerate(dates("2022-02-01", "2022-06-01", 10)):
        root = 60_000 + i
        town.post(1, on, post_key=root, root_key=root, label="ask_public", asks_public=True)
        if i < 10:
            town.question(1, f"{on}T18:00", by=CITIZENS[i], root=root, parent_key=root)
        if i < 4:
            town.reply(1, after(on, 2), to=CITIZENS[i], root_key=root, label="help_thank")
    row = metric(town, "follow_through")
    assert (row["numerator"], row["denominator"], row["value"]) == (4, 10, 0.4)


def raise_topic(town: Town, on: str, topic: str = "waste") -> None:
    for i in range(3):
        root = town.key()
        town.question(1, after(on, i), by=CITIZENS[i], root=root, topics=(topic,))


def test_who_posts_about_everything_all_the_time_picks_up_nothing() -> None:
    town = years()
    for on in dates("2022-05-02", "2024-05-01", 70):
        raise_topic(town, on)
    town.post(1, *dates("2022-01-03", "2024-12-29", 3), label="position", topics=("waste",))
    row = metric(town, "pick_up")
    assert (row["numerator"], row["denominator"], row["value"]) == (11, 11, 0.0)


def test_who_posts_about_it_only_after_citizens_did_picks_up_everything() -> None:
    town = years()
    for on in dates("2022-05-02", "2024-05-01", 60):
        raise_topic(town, on)
        town.post(1, after(on, 30), label="position", topics=("waste",))
    row = metric(town, "pick_up")
    # the third of three raises it on day 2, day 30 is 28 days later; 90 days off are days 30 to 60
    assert (row["numerator"], row["denominator"], row["value"]) == (13, 13, 1.0)


def test_a_topic_of_two_askers_was_not_raised() -> None:
    town = years()
    for i in range(40):
        town.question(1, after("2022-03-01", i), by=CITIZENS[i % 2], root=i, topics=("waste",))
    assert compute(town.world(), "topic_raised")["topic_raised"] == []


def test_the_tone_of_fifty_texts_is_their_mean() -> None:
    town = years()
    town.post(1, *dates("2022-02-01", "2022-02-25"), label="none", tone_score=500, lang="en")
    town.post(1, *dates("2022-03-01", "2022-03-25"), label="none", tone_score=-100, lang="en")
    row = metric(town, "tone_acts", "off_season")
    assert (row["denominator"], row["value"]) == (50, pytest.approx(0.2))
    # a spread of 0.3 over fifty texts: 1.645 · sqrt(50/49) · 0.3 / sqrt(50)
    assert row["high"] - row["value"] == pytest.approx(1.645 * 0.3 / 7)
