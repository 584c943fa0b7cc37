"""Attitude, agenda and tone, told through small councils."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from metrics import attitude
from metrics.estimates import read_params, read_people
from metrics.text import LABELS, TOPICS
from metrics.text.evaluate import Score
from tests.council import Council
from tests.oracles.build import after, dates
from tests.oracles.build import day as day_number
from tests.oracles.database import compute
from tests.oracles.towns import two_years

if TYPE_CHECKING:
    from tests.oracles.build import Town
    from tests.oracles.database import Copy, Row

pytestmark = pytest.mark.local_days

YEAR = dates("2023-01-10", "2023-12-20", 10)
CITIZENS = range(1001, 1013)


def one_person() -> Town:
    town = two_years()
    town.person()
    return town


def asks(town: Town, *moments: str) -> list[int]:
    before = town.world().posts
    town.post(1, *moments, label="ask_public", asks_public=True)
    return [post.post_key for post in town.world().posts[len(before) :]]


def comment(town: Town, under: int, moment: str, by: int, **more: object) -> None:
    town.question(1, moment, by=by, root=under, is_question=False, **more)


def raise_waste(town: Town, on: str, askers: range = CITIZENS, topic: str = "waste") -> None:
    for by in list(askers)[:3]:
        town.question(1, on, by=by, root=by, topics=(topic,))


# --- labels ----------------------------------------------------------------------------


def test_votes_trails_and_oneself_are_campaign_and_unread_posts_are_in_no_share() -> None:
    town = one_person()
    for label, moments in zip(LABELS, (YEAR[:3], *[YEAR[:2]] * 9), strict=True):
        town.post(1, *moments, label=label)
    town.post(1, *YEAR, label=None)
    row = compute(town.world()).metric("campaign_share", "off_season")
    assert (row["numerator"], row["denominator"], row["value"]) == (7, 21, pytest.approx(1 / 3))
    assert (row["word"], row["is_comparable"]) == ("descriptive", False)


def test_nineteen_read_posts_are_too_few_and_twenty_unread_ones_cannot_be_seen() -> None:
    town = one_person()
    town.post(1, *YEAR[:19], label="none")
    assert compute(town.world()).metric("service_share", "off_season")["reason"] == "too_few"
    town.post(1, *YEAR[:20])
    row = compute(town.world()).metric("service_share", "off_season")
    assert row["reason"] == "not_observable"


def test_a_label_has_a_row_once_enough_posts_were_read() -> None:
    town = one_person()
    town.post(1, *YEAR[:15], label="attack")
    assert compute(town.world(), "label_share")["label_share"] == []
    town.post(1, *YEAR[:5], label="none")
    rows = compute(town.world(), "label_share")["label_share"]
    assert [(r["label"], r["act_count"], r["share"]) for r in rows] == [
        ("attack", 15, 0.75), ("none", 5, 0.25),
    ]  # fmt: skip


def test_labels_say_more_once_all_languages_of_a_person_are_read_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def quality() -> list[Score]:
        return [Score(lang, "label", "all", 99, 99, 99, 80, 0.8, 0.8, 0.8, kappa)
                for lang, kappa in (("nl", 0.71), ("fr", 0.69))]  # fmt: skip

    monkeypatch.setattr(attitude, "quality", quality)
    council = Council()
    for person, langs in enumerate((["nl"], ["nl", "fr"], ["fr"], []), start=1):
        council.person(person)
        council.account(person, person)
        for day, lang in enumerate(langs):
            council.post(day, account=person, person=person, label="none", lang=lang)
    con = council.score().con
    words = attitude.words(con, read_people(con), read_params(con))
    assert list(words) == [None, "descriptive", "descriptive", "descriptive"]


def test_campaign_posts_burst_where_all_posts_together_do_not() -> None:
    town = one_person()
    town.post(1, *dates("2023-01-02", "2024-06-30", 2), label="personal")
    town.post(1, *dates("2023-01-02", "2024-06-30", 30), label="vote_ask")
    town.post(1, *dates("2024-07-01", "2024-10-13", 2), label="trail_update")
    town.post(1, *dates("2024-10-14", "2025-01-05", 2), label="personal")
    copy = compute(town.world())
    assert copy.metric("burst_acts", "all")["word"] == "steady"
    burst = copy.metric("burst_campaign", "all")
    assert (burst["numerator"], burst["value"] > 8) == (53, True)
    assert (burst["word"], burst["is_comparable"]) == ("descriptive", False)


def test_posts_read_only_since_the_campaign_make_no_campaign_burst() -> None:
    town = one_person()
    town.post(1, *dates("2023-01-02", "2024-06-30", 2))
    town.post(1, *dates("2024-07-01", "2024-10-13", 2), label="trail_update")
    row = compute(town.world()).metric("burst_campaign", "all")
    assert (row["value"], row["reason"]) == (None, "not_observable")


def test_a_day_with_an_unread_post_is_no_day_of_the_campaign_burst() -> None:
    town = one_person()
    town.post(1, *dates("2023-01-02", "2025-01-05"), label="vote_ask")
    town.post(1, *YEAR[:20])
    row = compute(town.world()).metric("burst_campaign", "all")
    assert (row["numerator"], row["denominator"]) == (105, 602 - 20)
    assert row["covered_days"] == 105 + 602 - 20


@pytest.mark.parametrize(("unread", "reason"), [(5, None), (6, "not_observable")])
def test_up_to_one_in_twenty_unread_posts_leave_a_campaign_burst(
    unread: int, reason: str | None
) -> None:
    town = one_person()
    town.post(1, *dates("2023-01-02", "2024-05-01")[:100][unread:], label="none")
    town.post(1, *dates("2023-01-02", "2024-05-01")[:unread])
    town.post(1, *dates("2024-07-01", "2024-10-13", 2), label="trail_update")
    assert compute(town.world()).metric("burst_campaign", "all")["reason"] == reason


def test_unread_posts_on_an_account_that_is_not_compared_hide_nothing() -> None:
    town = one_person()
    town.post(1, *dates("2023-01-02", "2024-10-13", 2), label="vote_ask")
    young = town.account(1, first_day=day_number("2024-09-01"))
    town.post(1, *dates("2024-09-01", "2024-10-13", 2), account_key=young)
    assert compute(town.world()).metric("burst_campaign", "all")["reason"] is None


def test_read_posts_on_an_account_that_is_not_compared_dilute_nothing() -> None:
    town = one_person()
    town.post(1, *dates("2023-01-02", "2024-10-13", 2), label="vote_ask")
    town.post(1, *dates("2024-07-01", "2024-07-10"))
    young = town.account(1, first_day=day_number("2024-09-01"))
    for on in dates("2024-09-01", "2024-10-13"):
        town.post(
            1, *[f"{on}T{hour}:00" for hour in range(10, 20)], account_key=young, label="none"
        )
    assert compute(town.world()).metric("burst_campaign", "all")["reason"] == "not_observable"


# --- asks and promises -----------------------------------------------------------------


def test_months_with_an_ask_are_counted_like_active_months() -> None:
    town = one_person()
    asks(town, "2023-02-01", "2023-02-20", "2023-05-05", "2024-08-08")
    row = compute(town.world()).metric("ask_months", "all")
    assert (row["numerator"], row["denominator"], row["value"]) == (3, 24, 1.5)


def followed(**answer: object) -> Row:
    """Ten asks with a comment each, by ten citizens; the first one is treated as told."""
    town = one_person()
    for on, ask, by in zip(YEAR, asks(town, *YEAR[:10]), CITIZENS, strict=False):
        comment(town, ask, f"{on}T14:00", by)
        if by == 1001:
            facts = {"at": "2023-01-12", "to": by, "root_key": ask, **answer}
            town.reply(1, str(facts.pop("at")), **facts)  # type: ignore[arg-type]
    return compute(town.world()).metric("follow_through", "all")


def test_an_ask_is_followed_through_when_one_of_its_replies_is_answered() -> None:
    row = followed()
    assert (row["numerator"], row["denominator"], row["value"]) == (1, 10, 0.1)


@pytest.mark.parametrize(
    "answer", [{"at": "2023-01-25"}, {"to": 1002}, {"root_key": 5}, {"is_redirect": True}]
)
def test_late_elsewhere_to_another_or_a_redirect_is_no_answer(answer: dict[str, object]) -> None:
    assert followed(**answer)["numerator"] == 0


def test_an_ask_of_which_one_reply_cannot_be_followed_does_not_count() -> None:
    town = one_person()
    (ask,) = asks(town, "2024-12-20")
    for by in CITIZENS:
        comment(town, ask, "2024-12-21", by)
    assert compute(town.world()).metric("follow_through", "all")["denominator"] == 1
    comment(town, ask, "2024-12-24", 1001)
    assert compute(town.world()).metric("follow_through", "all")["denominator"] == 0


def test_nine_citizens_are_too_few_to_say_what_became_of_asks() -> None:
    town = one_person()
    (ask,) = asks(town, "2023-05-01")
    for by in [*CITIZENS][:9]:
        comment(town, ask, "2023-05-02", by)
    comment(town, ask, "2023-05-02", 1011, is_abuse=True)
    assert compute(town.world()).metric("follow_through", "all")["reason"] == "too_few"


def promised(later: str, **more: object) -> Row:
    town = one_person()
    for on, by in zip(YEAR, [*CITIZENS][:10], strict=False):
        town.reply(1, f"{on}T12:00", to=by, root_key=by, label="none", promise=True)
    town.reply(1, later, **{"to": 1001, "root_key": 7, "label": "none", **more})
    return compute(town.world()).metric("followed_up_in_public", "all")


@pytest.mark.parametrize(
    ("later", "more", "count"),
    [
        ("2023-01-10T13:00", {}, 1),
        ("2023-01-10T12:59", {}, 0),
        (f"{after(YEAR[0], 60)}T12:00", {}, 1),
        (f"{after(YEAR[0], 60)}T12:01", {}, 0),
        ("2023-01-12", {"to": 77}, 0),
        ("2023-01-12", {"to": 77, "root_key": 1001}, 1),
    ],
)
def test_a_promise_is_followed_up_by_a_reply_after_an_hour_within_sixty_days(
    later: str, more: dict[str, object], count: int
) -> None:
    row = promised(later, **more)
    assert (row["numerator"], row["denominator"]) == (count, 10)


# --- agenda ----------------------------------------------------------------------------


def test_the_topics_of_the_tables_are_those_of_the_lists() -> None:
    town = one_person()
    town.post(1, "2023-03-01", label="none", topics=("waste",))
    rows = compute(town.world(), "topic_share")["topic_share"]
    assert {row["topic"] for row in rows} == set(TOPICS)


def test_what_fewer_than_ten_citizens_raise_is_not_counted_out() -> None:
    town = one_person()
    for by in [*CITIZENS][:9]:
        town.question(1, "2023-03-01", by=by, root=by, topics=("waste",))
    for by in [*CITIZENS][:10]:
        town.question(1, "2023-03-02", by=by, root=by, topics=("green",))
    town.question(1, "2023-03-02", by=1001, root=2, topics=("green",), is_abuse=True)
    rows = {r["topic"]: r for r in compute(town.world(), "topic_share")["topic_share"]}
    assert rows["waste"]["raised_count"] is rows["waste"]["raised_askers"] is None
    assert (rows["green"]["raised_count"], rows["green"]["raised_share"]) == (10, 10 / 19)
    assert rows["care"]["raised_count"] is None
    assert (rows["care"]["posted_count"], rows["care"]["posted_share"]) == (0, None)


def picked(*moments: str, **more: object) -> Copy:
    """Waste is raised in ten months, every 40 days; posts about it at the moments told."""
    town = one_person()
    for on in dates("2023-04-10", "2024-04-04", 40):
        raise_waste(town, on)
    town.post(1, *dates("2023-01-02", "2025-01-05", 7), label="none")
    town.post(1, *moments, **{"label": "none", "topics": ("waste",), **more})
    return compute(town.world(), "metric", "topic_raised")


def test_a_topic_is_picked_up_within_the_twenty_eight_days_after_it_was_raised() -> None:
    for days, count in ((0, 0), (1, 1), (28, 1), (29, 0)):
        copy = picked(after("2023-04-10", days))
        row = copy.metric("pick_up", "all")
        assert (row["numerator"], row["denominator"]) == (count, 10), days
        assert copy["topic_raised"][0]["is_picked_up"] is (count == 1)


def test_what_is_always_posted_is_not_picked_up_more_often() -> None:
    row = picked(*dates("2023-01-02", "2025-01-05", 3)).metric("pick_up", "all")
    assert (row["numerator"], row["value"]) == (10, 0)


def test_a_post_about_something_else_picks_nothing_up() -> None:
    row = picked("2023-04-12", topics=("green",)).metric("pick_up", "all")
    assert row["numerator"] == 0


def test_a_topic_is_raised_again_after_twenty_eight_days_and_by_three_askers() -> None:
    town = one_person()
    for on in ("2023-04-01", "2023-04-28", "2023-04-29", "2023-06-20"):
        raise_waste(town, on)
    raise_waste(town, "2023-08-01", range(1001, 1003))
    raise_waste(town, "2023-08-28", range(1003, 1004))
    raise_waste(town, "2023-10-01", range(1001, 1003))
    raise_waste(town, "2023-10-29", range(1003, 1004))
    rows = compute(town.world(), "topic_raised")["topic_raised"]
    expected = ["2023-04-01", "2023-04-29", "2023-06-20", "2023-08-28"]
    assert [after("1970-01-01", r["from_on"]) for r in rows] == expected
    assert {row["asker_count"] for row in rows} == {None}


# --- tone ------------------------------------------------------------------------------


def test_tone_is_a_mean_of_fifty_texts_and_unheard_languages_are_no_neutral_ones() -> None:
    town = one_person()
    town.post(1, *dates("2023-01-02", "2023-02-19"), label="none", tone_score=500)
    town.post(1, *YEAR * 2, label="none")
    copy = compute(town.world())
    assert copy.metric("tone_acts", "off_season")["reason"] == "not_observable"
    town.post(1, "2023-03-01", label="none", tone_score=-500)
    row = compute(town.world()).metric("tone_acts", "off_season")
    assert (row["value"], row["denominator"], row["numerator"]) == (pytest.approx(0.48), 50, None)
    assert row["low"] < 0.48 < row["high"]
