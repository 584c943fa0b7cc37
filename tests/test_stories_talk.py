"""METHOD §4, §5 and §11 as talks between a councillor and citizens, worked out by hand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from scipy.stats import beta

from tests.oracles.build import Town, after, at, dates, day
from tests.oracles.database import compute
from tests.oracles.rows import DAY

pytestmark = pytest.mark.local_days

if TYPE_CHECKING:
    from tests.oracles.database import Row

CITIZENS = tuple(range(1_001, 1_031))


def year() -> Town:
    """2023 from its first Monday, one councillor, no election."""
    town = Town("2023-01-02", "2024-01-01")
    town.person()
    return town


# conversation


def talk(town: Town, phase: str = "off_season", name: str = "conversation") -> Row:
    return compute(town.world()).metric(name, phase)


def test_a_self_thread_is_no_conversation_and_a_flat_comment_to_a_citizen_is() -> None:
    town = year()
    for i, on in enumerate(dates("2023-02-01", "2023-02-10")):
        root = 50_000 + i
        town.post(1, on, root_key=root)
        for _ in range(5):
            town.post(1, f"{on}T12:30", kind="self_reply", parent_at=at(on), root_key=root)
        town.reply(1, f"{on}T18:00", root_key=root)
    row = talk(town)
    assert (row["numerator"], row["denominator"], row["value"]) == (10, 20, 0.5)
    # ten threads of two acts: n_eff = 20² / (10 · 2²), and an interval that is symmetric
    assert row["effective_n"] == pytest.approx(10)
    assert row["low"] + row["high"] == pytest.approx(1)


def test_three_replies_a_thread_a_day_count_and_the_fourth_does_not() -> None:
    town = year()
    for i, on in enumerate(dates("2023-02-01", "2023-02-10")):
        town.reply(1, *[on] * 7, root_key=50_000 + i)
        town.post(1, on)
    row = talk(town)
    assert (row["numerator"], row["denominator"]) == (30, 40)
    # ten threads of three and ten of one: 40² / (10 · 9 + 10)
    assert row["effective_n"] == pytest.approx(16)


def test_the_cap_of_three_begins_anew_on_the_next_day() -> None:
    town = year()
    for i in range(10):
        town.reply(1, *["2023-02-01T23:59"] * 4, *["2023-02-02T00:00"] * 4, root_key=50_000 + i)
    row = talk(town)
    assert (row["numerator"], row["denominator"], row["effective_n"]) == (60, 60, 10.0)


def test_citizens_and_others_in_one_thread_are_capped_each_for_themselves() -> None:
    town = year()
    town.partner(2_001, "politician")
    for i, on in enumerate(dates("2023-02-01", "2023-02-10")):
        town.reply(1, *[on] * 2, root_key=50_000 + i)
        town.reply(1, *[on] * 4, root_key=50_000 + i, to=2_001)
    copy = compute(town.world())
    row = copy.metric("conversation", "off_season")
    assert (row["numerator"], row["denominator"]) == (20, 30)
    assert copy.metric("conversation_politician", "off_season")["numerator"] == 30


def test_a_reply_to_nobody_knows_whom_counts_below_the_line_only() -> None:
    town = year()
    town.reply(1, *dates("2023-02-01", "2023-02-10"), to=None)
    town.reply(1, *dates("2023-03-01", "2023-03-10"))
    row = talk(town)
    assert (row["numerator"], row["denominator"]) == (10, 20)


def test_a_quote_of_a_citizen_is_no_reply() -> None:
    town = year()
    town.post(1, *dates("2023-02-01", "2023-02-20"), kind="quote", partner_key=1_001)
    row = talk(town)
    assert (row["numerator"], row["denominator"], row["value"]) == (0, 20, 0.0)


def test_twenty_acts_in_nine_threads_are_too_few() -> None:
    town = year()
    for i in range(9):
        town.reply(1, *["2023-02-01"] * 3, root_key=50_000 + i)
    row = talk(town)
    assert (row["denominator"], row["value"], row["reason"]) == (27, None, "too_few")


def test_an_account_with_items_of_no_known_kind_says_nothing_about_conversation() -> None:
    town = year()
    town.reply(1, *dates("2023-02-01", "2023-02-20"))
    town.post(1, "2023-05-01", kind="unknown")
    copy = compute(town.world())
    assert copy.metric("conversation", "off_season")["reason"] == "not_observable"
    assert copy.metric("talk_presence", "off_season")["reason"] == "not_observable"
    assert copy.metric("presence", "off_season")["numerator"] == 5


# answering


def ask(town: Town, citizens: tuple[int, ...], first: str, **more: object) -> list[tuple[int, int]]:
    """One question each, a day apart, each in its own thread: (citizen, thread)."""
    asked: list[tuple[int, int]] = []
    for i, citizen in enumerate(citizens):
        root = 60_000 + citizen * 100 + len(asked)
        town.question(1, after(first, i), by=citizen, root=root, **more)
        asked.append((citizen, root))
    return asked


def answer_all(town: Town, asked: list[tuple[int, int]], first: str, **more: object) -> None:
    for i, (citizen, root) in enumerate(asked):
        town.reply(1, after(first, i), to=citizen, root_key=root, **more)


def rate(town: Town, name: str = "answer_rate", phase: str = "off_season") -> Row:
    return compute(town.world()).metric(name, phase)


def test_one_asker_with_fifty_questions_weighs_as_one() -> None:
    town = year()
    answer_all(town, ask(town, CITIZENS[:10], "2023-02-01"), "2023-02-03")
    for i in range(50):
        town.question(1, "2023-03-01", by=1_099, root=70_000 + i)
    row = rate(town)
    assert (row["numerator"], row["denominator"], row["effective_n"]) == (10, 60, 11.0)
    assert row["value"] == pytest.approx(10 / 11)
    assert row["is_comparable"] is True


def test_nobody_asked_is_no_zero() -> None:
    row = rate(year())
    assert (row["value"], row["reason"]) == (None, "nobody_asked")


def test_who_got_only_a_petition_was_asked_all_the_same() -> None:
    town = year()
    ask(town, CITIZENS[:12], "2023-03-01", similarity_key=77)
    row = rate(town)
    assert (row["denominator"], row["reason"]) == (0, "too_few")


def test_where_replies_of_others_cannot_be_seen_answering_is_not_observable() -> None:
    town = Town("2023-01-02", "2024-01-01")
    town.person(platform="feeds", shows_replies=False, shows_received=False)
    assert rate(town)["reason"] == "not_observable"


def test_where_own_replies_cannot_be_told_apart_answering_is_not_observable() -> None:
    town = year()
    ask(town, CITIZENS[:12], "2023-02-01")
    town.post(1, "2023-06-01", kind="unknown")
    row = rate(town)
    assert (row["value"], row["denominator"], row["reason"]) == (None, 0, "not_observable")


def test_what_is_asked_where_no_answer_would_be_seen_is_not_left_unanswered() -> None:
    town = Town("2023-01-02", "2024-01-01")
    town.person(platform="feeds", shows_replies=False)
    town.account(1)
    ask(town, CITIZENS[:12], "2023-02-01")
    row = rate(town)
    assert (row["value"], row["denominator"], row["reason"]) == (None, 0, "not_observable")


def test_an_item_counts_only_when_its_fourteen_days_are_known() -> None:
    town = year()
    for citizen in CITIZENS[:10]:
        town.question(1, "2023-12-17", by=citizen, root=citizen)
    town.question(1, "2023-12-18", by=1_099, root=1_099)
    row = rate(town)
    assert (row["denominator"], row["effective_n"], row["value"]) == (10, 10.0, 0.0)


def test_a_hole_in_the_fourteen_days_takes_the_item_away_though_it_was_answered() -> None:
    town = Town("2023-01-02", "2024-01-01")
    town.person(spans=[("2023-01-02", "2023-02-20"), ("2023-02-22", "2023-12-31")])
    asked = ask(town, CITIZENS[:12], "2023-02-01")
    answer_all(
        town,
        asked,
        "2023-02-01",
    )
    answer_all(town, asked, "2023-02-02")
    row = rate(town)
    # those of 1 to 6 February are watched to the 20th; the others touch the 21st
    assert (row["denominator"], row["reason"]) == (6, "too_few")


@pytest.mark.parametrize(("late", "answered"), [(0, 10), (1, 0)])
def test_an_answer_after_fourteen_days_to_the_second_counts_and_a_second_later_not(
    late: int, answered: int
) -> None:
    town = year()
    for citizen in CITIZENS[:10]:
        town.question(1, "2023-02-01T12:00", by=citizen, root=citizen)
        moment = at("2023-02-01T12:00") + 14 * DAY + late
        town.post(
            1,
            "2023-02-15T12:00",
            kind="reply",
            partner_key=citizen,
            root_key=citizen,
            at=moment,
        )
    assert rate(town)["numerator"] == answered


def test_a_reply_in_the_same_second_is_no_answer_and_a_second_later_is() -> None:
    town = year()
    for citizen in CITIZENS[:10]:
        town.question(1, "2023-02-01T12:00:00", by=citizen, root=citizen)
        second = 1 if citizen % 2 else 0
        town.reply(1, f"2023-02-01T12:00:0{second}", to=citizen, root_key=citizen)
    assert rate(town)["numerator"] == 5


def test_a_redirect_is_no_answer_and_has_its_own_column() -> None:
    town = year()
    asked = ask(town, CITIZENS[:10], "2023-02-01")
    answer_all(town, asked[:4], "2023-02-03")
    answer_all(town, asked[2:8], "2023-02-08", is_redirect=True)
    copy = compute(town.world())
    assert copy.metric("answer_rate", "off_season")["value"] == pytest.approx(0.4)
    assert copy.metric("redirect_rate", "off_season")["value"] == pytest.approx(0.4)


def test_answers_elsewhere_or_to_another_asker_do_not_count_but_a_quote_of_the_item_does() -> None:
    town = year()
    for i, citizen in enumerate(CITIZENS[:10]):
        item = town.question(1, "2023-02-01", by=citizen, root=citizen)
        if i < 3:
            town.reply(1, "2023-02-02", to=citizen, root_key=90_000 + i)
        elif i < 6:
            town.reply(1, "2023-02-02", to=1_099, root_key=citizen)
        elif i < 9:
            town.post(1, "2023-02-02", kind="quote", partner_key=citizen, parent_key=item)
    assert rate(town)["numerator"] == 3


def test_insults_and_the_same_text_from_three_askers_leave_the_denominator() -> None:
    town = year()
    ask(town, CITIZENS[:10], "2023-02-01")
    ask(town, CITIZENS[10:13], "2023-03-01", similarity_key=77)
    ask(town, CITIZENS[13:15], "2023-03-01", similarity_key=78)
    ask(town, CITIZENS[15:17], "2023-03-01", is_abuse=True)
    ask(town, CITIZENS[17:19], "2023-03-01", is_question=False)
    row = rate(town)
    assert (row["denominator"], row["effective_n"]) == (12, 12.0)


def test_one_citizen_repeating_a_text_is_no_campaign() -> None:
    town = year()
    for i in range(9):
        town.question(1, "2023-03-01", by=CITIZENS[i], root=60_000 + i)
    for i in range(5):
        town.question(1, "2023-03-01", by=1_099, root=70_000 + i, similarity_key=77)
    assert rate(town)["denominator"] == 14


def test_nine_askers_are_too_few_and_twenty_nine_items_are_not_compared() -> None:
    nine, ten = year(), year()
    ask(nine, CITIZENS[:9], "2023-02-01")
    for first in ("2023-02-01", "2023-04-01"):
        ask(ten, CITIZENS[:10], first)
    ask(ten, CITIZENS[:9], "2023-06-01")
    assert rate(nine)["reason"] == "too_few"
    assert (rate(ten)["denominator"], rate(ten)["is_comparable"]) == (29, False)
    ask(ten, CITIZENS[:1], "2023-07-01")
    assert (rate(ten)["denominator"], rate(ten)["is_comparable"]) == (30, True)


def test_politicians_who_ask_are_not_citizens() -> None:
    town = year()
    town.partner(CITIZENS[0], "politician")
    ask(town, CITIZENS[:11], "2023-02-01")
    assert rate(town)["effective_n"] == 10.0


def test_an_answer_counts_whatever_the_phase_it_falls_in() -> None:
    town = Town("2023-01-02", "2024-01-01")
    town.election("2023-10-08", regulated_day=day("2023-07-01"))
    town.person()
    for citizen in CITIZENS[:10]:
        town.question(1, "2023-06-30", by=citizen, root=citizen)
        town.reply(1, "2023-07-04", to=citizen, root_key=citizen)
    copy = compute(town.world())
    assert copy.metric("answer_rate", "off_season")["value"] == 1.0
    assert copy.metric("answer_rate", "season")["reason"] == "nobody_asked"


# waiting


def test_the_unanswered_wait_on_and_are_no_slow_answers() -> None:
    town = Town("2023-01-02", "2024-01-01")
    town.person(spans=[("2023-01-02", "2023-06-30")])
    for citizen in CITIZENS[:5]:
        town.question(1, "2023-02-01T12:00", by=citizen, root=citizen)
        town.reply(1, "2023-02-03T12:00", to=citizen, root_key=citizen)
    for citizen in CITIZENS[5:10]:
        town.question(1, "2023-06-30T12:00", by=citizen, root=citizen)
    copy = compute(town.world())
    within = {d: copy.metric(f"answered_within_{d}d", "off_season")["value"] for d in (1, 3, 7, 14)}
    # half of them were out of sight before the second day: all who stayed in sight were answered
    assert within == {1: 0.0, 3: 1.0, 7: 1.0, 14: 1.0}
    assert copy.metric("response_median_days", "off_season")["value"] == 2.0


def test_when_half_were_answered_is_open_upwards_where_too_few_were() -> None:
    town = year()
    answer_all(town, ask(town, CITIZENS[:7], "2023-02-01"), "2023-02-03")
    ask(town, CITIZENS[7:12], "2023-02-01")
    median = rate(town, "response_median_days")
    # 7 of 12 after two days: by chance it may have been half then; that it was is not sure
    assert (median["value"], median["low"], median["high"]) == (2.0, 2.0, None)
    assert (median["word"], median["is_comparable"]) == (None, False)


def test_when_half_were_answered_lies_between_two_answers() -> None:
    town = year()
    for n, citizen in enumerate(CITIZENS[:20]):
        answer_all(town, ask(town, (citizen,), "2023-02-01"), after("2023-02-02", n))
    median = rate(town, "response_median_days")
    ends = [beta(k + 0.5, 20.5 - k) for k in range(1, 21)]
    low = next(k for k, end in enumerate(ends, 1) if end.ppf(0.95) >= 0.5)
    high = next(k for k, end in enumerate(ends, 1) if end.ppf(0.05) >= 0.5)
    assert (median["value"], median["low"], median["high"]) == (10.0, low, high)
    assert 5 < low < 10 < high < 15


def test_the_curve_weighs_askers_and_not_items() -> None:
    town = year()
    answer_all(town, ask(town, CITIZENS[:10], "2023-02-01"), "2023-02-03")
    for i in range(30):
        town.question(1, "2023-03-01", by=1_099, root=70_000 + i)
    row = rate(town, "answered_within_3d")
    assert row["value"] == pytest.approx(10 / 11)
    assert rate(town, "answered_within_1d")["value"] == 0.0
    assert rate(town, "response_median_days")["value"] == pytest.approx(2.0)


def test_nothing_is_said_beyond_the_longest_watch() -> None:
    town = Town("2023-01-02", "2024-01-01")
    town.person(spans=[("2023-01-02", "2023-06-30")])
    for citizen in CITIZENS[:10]:
        town.question(1, "2023-06-25T12:00", by=citizen, root=citizen)
    copy = compute(town.world())
    within = {d: copy.metric(f"answered_within_{d}d", "off_season")["value"] for d in (1, 3, 7, 14)}
    assert within == {1: 0.0, 3: 0.0, 7: None, 14: None}


# score


def test_the_score_of_a_councillor_worked_out_by_hand() -> None:
    town = year()
    for i, on in enumerate(dates("2023-01-02", "2023-12-25", 14)):
        town.reply(1, on, root_key=50_000 + i)
        town.post(1, *[on] * 3)
    answer_all(town, ask(town, CITIZENS[:12], "2023-02-01")[:6], "2023-02-02")
    copy = compute(town.world(), "metric", "pillar", "score")
    points = {row["pillar"]: row["points"] for row in copy["pillar"]}
    assert copy.metric("answer_rate", "off_season")["value"] == 0.5
    assert points["answering"] == pytest.approx(100 * 0.5 / 0.9)
    assert points["steadiness"] is None
    talked, acts = 26 + 6, 26 * 4 + 6
    assert points["conversation"] == pytest.approx(100 * talked / acts / 0.5)
    active = copy.metric("presence", "off_season")["numerator"]
    assert active == 26 + 1
    assert points["presence"] == pytest.approx(100 * 27 / 52 / 0.9)
    (score,) = copy["score"]
    three = [points[p] for p in ("presence", "conversation", "answering")]
    expected = math.exp(sum(math.log(p + 10) for p in three) / 3) - 10
    assert score["score"] == pytest.approx(expected)
    assert score["pillars"] == "presence+conversation+answering"


def test_two_pillars_make_no_score() -> None:
    town = year()
    for i, on in enumerate(dates("2023-01-02", "2023-12-25", 14)):
        town.reply(1, on, root_key=50_000 + i)
    copy = compute(town.world(), "score")
    (score,) = copy["score"]
    assert (score["score"], score["band"]) == (None, "none") or score["band"] is None


# posts with replies restricted


def limited(town: Town, phase: str = "off_season") -> Row:
    return compute(town.world()).metric("restricted_share", phase)


def test_five_of_twenty_posts_with_replies_restricted_are_a_quarter() -> None:
    town = year()
    town.post(1, *dates("2023-02-01", "2023-02-05"), is_restricted=True)
    town.post(1, *dates("2023-03-01", "2023-03-15"), is_restricted=False)
    town.post(1, *dates("2023-04-01", "2023-04-15"))
    row = limited(town)
    assert (row["numerator"], row["denominator"], row["value"]) == (5, 20, 0.25)
    assert (row["low"], row["high"]) == pytest.approx(beta.ppf([0.05, 0.95], 5.5, 15.5))
    assert (row["word"], row["is_comparable"], row["effective_n"]) == ("descriptive", False, 20.0)


def test_posts_of_which_nobody_tells_who_may_reply_are_not_open_ones() -> None:
    town = year()
    town.post(1, *dates("2023-02-01", "2023-02-20"), is_restricted=True)
    town.post(1, *dates("2023-03-01", "2023-05-31"), is_restricted=None)
    row = limited(town)
    assert (row["numerator"], row["denominator"], row["value"]) == (20, 20, 1.0)


def test_open_posts_are_a_share_of_nothing_and_untold_ones_no_share() -> None:
    opened, untold = year(), year()
    opened.post(1, *dates("2023-02-01", "2023-02-20"), is_restricted=False)
    untold.post(1, *dates("2023-02-01", "2023-02-20"), is_restricted=None)
    row = limited(opened)
    assert (row["numerator"], row["denominator"], row["value"]) == (0, 20, 0.0)
    row = limited(untold)
    assert (row["value"], row["low"], row["reason"]) == (None, None, "not_observable")
    assert (row["numerator"], row["denominator"]) == (0, 0)


def test_nineteen_posts_that_tell_are_too_few_and_so_are_none() -> None:
    town = year()
    assert limited(town)["reason"] == "too_few"
    town.post(1, *dates("2023-02-01", "2023-02-19"), is_restricted=True)
    town.post(1, *dates("2023-03-01", "2023-03-31"), is_restricted=None)
    row = limited(town)
    assert (row["value"], row["denominator"], row["reason"]) == (None, 19, "too_few")


def test_restricted_posts_of_days_that_nobody_knows_count_in_no_share() -> None:
    town = Town("2023-01-02", "2024-01-01")
    town.person(spans=[])
    town.post(1, *dates("2023-02-01", "2023-02-28"), is_restricted=True)
    row = limited(town)
    assert (row["value"], row["denominator"], row["reason"]) == (None, 0, "no_coverage")


def test_only_posts_that_begin_a_thread_can_have_their_replies_restricted() -> None:
    town = year()
    town.post(1, *dates("2023-02-01", "2023-02-20"), is_restricted=True)
    town.reply(1, *dates("2023-03-01", "2023-03-20"), is_restricted=False)
    town.post(1, *dates("2023-04-01", "2023-04-20"), kind="quote", is_restricted=False)
    parts = {"kind": "self_reply", "root_key": 9, "is_restricted": False}
    town.post(1, *dates("2023-05-01", "2023-05-20"), **parts)
    row = limited(town)
    assert (row["numerator"], row["denominator"], row["value"]) == (20, 20, 1.0)


def test_replies_restricted_in_a_season_stand_apart_from_those_outside_it() -> None:
    town = Town("2023-01-02", "2025-01-06")
    town.person()
    assert limited(town, "season")["reason"] == "no_season"
    town.election("2024-10-13")
    town.post(1, *dates("2023-02-01", "2023-02-20"), is_restricted=False)
    town.post(1, *dates("2024-09-01", "2024-09-20"), is_restricted=True)
    assert limited(town)["value"] == 0.0
    row = limited(town, "season")
    assert (row["numerator"], row["denominator"], row["value"]) == (20, 20, 1.0)
