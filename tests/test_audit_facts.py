"""Things to do, computed by hand: what counts, out of what, in which order, and why not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from metrics.ahead import Open, answers
from metrics.todo import facts
from metrics.todo.facts import Item, Month, Promise, Question, Talk, Topic
from metrics.todo.hold import held_back
from metrics.todo.plan import plan

TODAY = date(2026, 11, 20)  # a Friday
BOUNDS = (28, 90, 365)


def days_ago(number: int) -> date:
    return TODAY - timedelta(days=number)


def question(ago: int, *, is_answered: bool = False, uri: str = "https://an.example/1") -> Question:
    return Question(days_ago(ago), 1_700_000_000 - ago, is_answered, uri)


def test_open_questions_are_the_unanswered_of_ninety_days_oldest_first() -> None:
    asked = [question(3), question(89), question(90), question(40, is_answered=True)]
    fact = facts.open_questions(asked, TODAY, 14)
    assert (fact.part, fact.whole) == (2, 3)
    assert [item.on for item in fact.items] == [days_ago(89), days_ago(3)]
    assert fact.items[1].due == days_ago(3) + timedelta(days=14)


def test_nobody_asked_is_no_zero_and_what_is_not_shown_is_not_observable() -> None:
    assert facts.open_questions([], TODAY, 14).reason == "nobody_asked"
    assert facts.open_questions([question(95)], TODAY, 14).reason == "nobody_asked"
    hidden = facts.open_questions([question(3)], TODAY, 14, "not_observable")
    assert (hidden.reason, hidden.items) == ("not_observable", ())


def test_the_same_question_has_the_same_key_again() -> None:
    keys = [facts.open_questions([question(3)], day, 14).items[0].key
            for day in (TODAY, TODAY + timedelta(days=5))]  # fmt: skip
    assert keys[0] == keys[1]
    assert keys[0] != facts.open_questions([question(4)], TODAY, 14).items[0].key


def test_promises_without_a_later_reply_stay_to_do_for_a_year() -> None:
    made = [
        Promise(days_ago(400), is_followed=False),
        Promise(days_ago(100), is_followed=False, uri="b", text="Ik kijk het na."),
        Promise(days_ago(50), is_followed=True),
        Promise(days_ago(10), is_followed=False, uri="c"),
    ]
    fact = facts.promises(made, TODAY, 60)
    assert (fact.part, fact.whole) == (2, 3)
    assert [(item.uri, item.due) for item in fact.items] == [
        ("b", days_ago(40)),
        ("c", days_ago(-50)),
    ]
    assert facts.promises([], TODAY, 60).reason is None
    assert facts.promises([], TODAY, 60).whole == 0


def test_whom_one_talked_with_since_the_campaign_is_not_on_the_list() -> None:
    season = date(2024, 7, 1), date(2024, 10, 13)
    talks = [
        Talk(1, 2, date(2024, 10, 1)),
        Talk(2, 5, date(2024, 9, 1)),
        Talk(3, 9, date(2024, 11, 2)),  # once more after it
        Talk(4, 2, date(2024, 10, 13)),  # election day is still campaign
    ]
    fact = facts.campaign_talks(talks, season)
    assert (fact.part, fact.whole) == (3, 4)
    assert [item.partner_key for item in fact.items] == [2, 4, 1]
    assert facts.campaign_talks(talks, None).reason == "no_season"


def test_a_pause_is_measured_against_the_persons_own() -> None:
    # Pauses of 2 days, twenty of them, up to ten days ago: nine in ten lasted at most 2.
    acts = [days_ago(10 + 2 * number) for number in range(21)]
    fact = facts.rhythm([sorted(acts)], TODAY, BOUNDS, 20)
    assert fact.numbers == {"pause": 10.0, "usual": 2.0}
    assert (fact.state, fact.part, fact.whole) == ("longer", 10, 20)
    assert fact.days["bound"] == days_ago(10) + timedelta(days=28)
    week, silence = fact.items
    assert (week.on, week.due) == (date(2026, 11, 16), date(2026, 11, 22))
    assert (silence.due, silence.count) == (days_ago(10) + timedelta(days=28), 28)


def test_a_pause_on_unknown_days_is_no_pause() -> None:
    before = [days_ago(100 + 2 * number) for number in range(21)]
    after = [days_ago(1)]
    fact = facts.rhythm([sorted(before), after], TODAY, BOUNDS, 20)
    assert (fact.numbers["usual"], fact.whole) == (2.0, 20)
    assert fact.state == "usual"


def test_one_long_pause_in_ten_is_not_the_usual_one() -> None:
    gaps = [2] * 18 + [9, 9]
    acts = [days_ago(sum(gaps[:number])) for number in range(21)]
    assert facts.rhythm([sorted(acts)], TODAY, BOUNDS, 20).numbers["usual"] == 2.0
    more = [*acts, days_ago(sum(gaps) + 9)]
    assert facts.rhythm([sorted(more)], TODAY, BOUNDS, 20).numbers["usual"] == 9.0


def test_a_rare_poster_has_no_rhythm_but_still_a_bound() -> None:
    fact = facts.rhythm([[days_ago(60), days_ago(27)]], TODAY, BOUNDS, 20)
    assert "usual" not in fact.numbers
    assert fact.state == "usual"
    assert fact.days["bound"] == days_ago(-1)
    quiet = facts.rhythm([[days_ago(60), days_ago(28)]], TODAY, BOUNDS, 20)
    assert quiet.state == "quiet"
    assert quiet.items[-1].count == 90
    assert facts.rhythm([], TODAY, BOUNDS, 20).reason == "too_few"


def test_an_act_this_week_keeps_the_week() -> None:
    monday = date(2026, 11, 16)
    assert facts.rhythm([[monday]], TODAY, BOUNDS, 20).items == ()
    sunday = [monday - timedelta(days=1)]
    assert [one.on for one in facts.rhythm([sunday], TODAY, BOUNDS, 20).items] == [monday]


def test_selling_is_to_do_only_where_more_is_sold_than_given() -> None:
    assert facts.selling((0.3, 30), (0.2, 20), 100, "").state == "more"
    assert len(facts.selling((0.3, 30), (0.2, 20), 100, "").items) == 1
    assert facts.selling((0.2, 20), (0.2, 20), 100, "").items == ()
    assert facts.selling(None, (0.2, 20), 100, "too_few").reason == "too_few"


def test_months_without_an_ask_are_those_of_the_last_twelve() -> None:
    months = [Month(date(2025, month, 1), has_ask=month != 3) for month in range(1, 13)]
    months += [Month(date(2026, month, 1), has_ask=month == 1) for month in (1, 2, 4)]
    fact = facts.ask_months(months, TODAY, 6)
    assert (fact.part, fact.whole) == (2, 12)  # March 2025 is the thirteenth back
    assert [item.on for item in fact.items] == [date(2026, 4, 1), date(2026, 2, 1)]
    assert fact.items[0].due == date(2026, 11, 30)
    assert facts.ask_months(months[:5], TODAY, 6).reason == "too_short"
    assert facts.ask_months(months[:6], TODAY, 6).reason is None


def test_topics_are_those_never_written_about() -> None:
    raised = [
        Topic("waste", days_ago(9), has_act=False),
        Topic("green", days_ago(2), has_act=False),
        Topic("care", TODAY, has_act=True),
    ]
    fact = facts.topics(raised)
    assert (fact.part, fact.whole) == (2, 3)
    assert [item.topic for item in fact.items] == ["green", "waste"]
    assert facts.topics([]).reason == "too_few"
    assert facts.topics(raised, "not_observable").items == ()


def test_the_plan_is_three_a_working_day_what_is_due_first_comes_first() -> None:
    late, now = Item("late", due=days_ago(1)), Item("now", due=TODAY)
    assert list(plan([late, now], TODAY)) == ["now", "late"]
    soon, later = Item("soon", due=days_ago(-2)), Item("later", due=days_ago(-9))
    some = Item("some")
    days = plan([late, some, later, soon], TODAY)
    assert [days[key] for key in ("soon", "later", "late")] == [TODAY] * 3
    assert days["some"] == date(2026, 11, 23)  # the Monday after
    saturday = TODAY + timedelta(days=1)
    assert plan([some], saturday) == {"some": date(2026, 11, 23)}


def test_what_holds_back_is_what_the_score_would_gain() -> None:
    # (30+10)(70+10) = 3200 → 56.57 - 10 = 46.57; 30 full: (110·80)^½ - 10 = 83.81
    low, high = held_back({"presence": 70.0, "return": 30.0, "answering": None}, 10.0)
    assert (low.pillar, high.pillar) == ("return", "presence")
    assert low.score_if_full == pytest.approx(83.808, abs=1e-3)
    assert low.gain == pytest.approx(83.808 - 46.569, abs=2e-3)
    assert held_back({"presence": None}, 10.0) == ()


def test_twelve_answers_go_first_to_open_questions_that_are_in_time() -> None:
    waiting = [Open(7, 70, 700, 101), Open(7, 71, 701, 102), Open(8, 72, 702, 100)]
    made = answers(100, 9, waiting, 5_000)
    assert [one.day for one in made] == [
        101, 103, 105, 108, 110, 112, 115, 117, 119, 122, 124, 126,
    ]  # fmt: skip
    assert (made[0].partner_key, made[0].account_key, made[0].is_open) == (70, 7, True)
    assert {one.is_open for one in made[1:]} == {False}  # the other two were too late by then
    assert [one.partner_key for one in made[1:]] == list(range(5_000, 5_011))
    assert len({one.root_key for one in made}) == 12
