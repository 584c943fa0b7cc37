"""METHOD §0.1: the same metrics per account, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.oracles.build import Town, dates, day
from tests.oracles.database import compute

pytestmark = pytest.mark.local_days

if TYPE_CHECKING:
    from tests.oracles.database import Row
    from tests.oracles.rows import World

MONDAYS = dates("2023-01-02", "2023-12-25", 7)


def year(**account: object) -> Town:
    """2023 from its first Monday, one councillor, no election."""
    town = Town("2023-01-02", "2024-01-01")
    town.person(**account)  # type: ignore[arg-type]
    return town


def rows(world: World, metric: str, phase: str = "off_season") -> list[Row]:
    found = compute(world, "account_metric")["account_metric"]
    return [r for r in found if (r["metric"], r["phase"]) == (metric, phase)]


def test_a_lone_account_has_the_numbers_of_its_person() -> None:
    town = year()
    town.post(1, *MONDAYS[:40])
    town.reply(1, *MONDAYS[:30])
    copy = compute(town.world(), "account_metric", "metric")
    conversations = [("conversation", phase) for phase in ("off_season", "season")]
    for metric, phase in [("presence", "off_season"), ("active_months", "all"), *conversations]:
        (found,) = [
            r for r in copy["account_metric"] if (r["metric"], r["phase"]) == (metric, phase)
        ]
        whole = copy.metric(metric, phase)
        assert {n: whole[n] for n in found if n != "account_id"} == {
            n: found[n] for n in found if n != "account_id"
        }


def test_two_accounts_are_present_each_for_themselves() -> None:
    town = year()
    town.account(1)
    town.post(1, *MONDAYS[:26])
    town.post(1, *MONDAYS[39:], account_key=2)
    found = rows(town.world(), "presence")
    assert [(r["numerator"], r["denominator"], r["value"]) for r in found] == [
        (26, 52, 0.5), (13, 52, 0.25),
    ]  # fmt: skip
    months = rows(town.world(), "active_months", "all")
    assert [(r["numerator"], r["denominator"], r["value"]) for r in months] == [
        (6, 12, 6.0), (3, 12, 3.0),
    ]  # fmt: skip


def test_a_copy_on_another_account_counts_for_that_account() -> None:
    town = year()
    town.account(1)
    town.post(1, *MONDAYS)
    town.post(1, *MONDAYS, account_key=2, is_crosspost=True)
    assert [r["numerator"] for r in rows(town.world(), "presence")] == [52, 52]
    backdated = year()
    backdated.account(1)
    backdated.post(1, *MONDAYS, account_key=2, is_crosspost=True, is_backdated=True)
    assert [r["numerator"] for r in rows(backdated.world(), "presence")] == [0, 0]


def test_a_day_counts_for_an_account_when_that_account_is_known() -> None:
    town = year()
    town.account(1, spans=[("2023-01-02", "2023-07-02")])
    town.post(1, *MONDAYS)
    town.post(1, *MONDAYS, account_key=2)
    town.post(1, *MONDAYS, account_key=2, is_crosspost=True)
    found = rows(town.world(), "presence")
    assert [(r["numerator"], r["denominator"], r["reason"]) for r in found] == [
        (52, 52, None), (26, 26, "too_short"),
    ]  # fmt: skip
    assert [r["covered_days"] for r in found] == [364, 182]
    months = rows(town.world(), "active_months", "all")
    assert [(r["numerator"], r["denominator"]) for r in months] == [(12, 12), (6, 6)]
    assert [r["denominator"] for r in rows(town.world(), "conversation")] == [52, 52]


def test_days_before_an_account_are_no_unknown_weeks_of_it() -> None:
    town = year()
    town.account(1, last_day=day("2023-07-02"))
    world = town.world()
    found = rows(
        replace(world, spans=tuple(s for s in world.spans if s.stream == "acts")), "presence"
    )
    assert [(r["denominator"], r["reason"], r["covered_days"]) for r in found] == [
        (52, None, 364), (26, None, 182),
    ]  # fmt: skip


def test_days_without_a_mandate_count_for_no_account() -> None:
    town = year()
    town.account(1)
    town.without_mandate(1)
    town.mandate(1, "2023-01-02", "2023-07-02")
    found = rows(town.world(), "presence")
    assert [(r["denominator"], r["covered_days"]) for r in found] == [(26, 182), (26, 182)]


def test_a_lone_account_may_differ_from_its_person_all_the_same() -> None:
    copies = year()
    copies.post(1, *MONDAYS, is_crosspost=True)
    assert [r["numerator"] for r in rows(copies.world(), "presence")] == [52]
    assert rows(year(shows_acts=False).world(), "presence")[0]["reason"] == "not_observable"


def test_conversation_is_capped_per_thread_and_day_of_the_account() -> None:
    town = year()
    town.account(1)
    for n, on in enumerate(dates("2023-02-01", "2023-02-10")):
        town.reply(1, *[on] * 5, root_key=50_000 + n)
        town.reply(1, on, root_key=50_000 + n, account_key=2)
        town.post(1, on, account_key=2, root_key=50_000 + n)
        town.post(1, on, account_key=2, is_crosspost=True)
    found = rows(town.world(), "conversation")
    assert [(r["numerator"], r["denominator"]) for r in found] == [(30, 30), (10, 30)]
    # ten threads of three; ten of two and ten copies that stand alone
    assert [r["effective_n"] for r in found] == [pytest.approx(10), pytest.approx(900 / 50)]


def test_an_account_that_hides_replies_has_no_conversation_and_one_without_acts_nothing() -> None:
    town = year()
    town.account(1, shows_replies=False)
    town.account(1, shows_acts=False, shows_replies=False)
    town.post(1, "2023-02-01", account_key=2)
    world = town.world()
    assert [r["denominator"] for r in rows(world, "conversation")] == [0, 0, 0]
    assert [r["reason"] for r in rows(world, "conversation")] == [
        "too_few", "not_observable", "not_observable",
    ]  # fmt: skip
    assert [r["reason"] for r in rows(world, "presence")] == [None, None, "not_observable"]
    for metric, phase in (("active_months", "all"), ("acts_per_week", "season")):
        assert rows(world, metric, phase)[2]["reason"] == "not_observable"


def test_party_accounts_have_no_numbers() -> None:
    town = year()
    town.account(1, run_by="party")
    assert [r["account_id"] for r in rows(town.world(), "presence")] == ["a0001"]


def test_an_account_opened_in_season_has_a_rhythm_of_its_own() -> None:
    town = Town("2023-01-02", "2024-07-01")
    town.election("2023-10-08", regulated_day=day("2023-07-01"))
    town.person()
    town.account(1, first_day=day("2023-09-04"))
    town.post(1, *dates("2023-09-04", "2023-10-08"), account_key=2)
    town.post(1, "2023-11-13", "2023-11-20", account_key=2)
    season = rows(town.world(), "acts_per_week", "season")
    assert [r["numerator"] for r in season] == [0, 35]
    assert season[1]["value"] == pytest.approx(7.0)
    assert season[1]["denominator"] == 35
    off = rows(town.world(), "acts_per_week")
    assert (off[1]["numerator"], off[1]["denominator"]) == (2, 238)
    assert off[1]["value"] == pytest.approx(14 / 238)


def test_a_rhythm_needs_a_season_and_enough_days() -> None:
    assert rows(year().world(), "acts_per_week")[0]["reason"] == "no_season"
    assert rows(year(spans=[]).world(), "acts_per_week")[0]["reason"] == "no_coverage"
    town = Town("2023-01-02", "2024-07-01")
    town.election("2023-10-08", regulated_day=day("2023-07-01"))
    town.person(spans=[("2023-01-02", "2023-07-29")])
    town.post(1, "2023-06-01", "2023-12-01")
    assert rows(town.world(), "acts_per_week")[0]["numerator"] == 1
    assert [rows(town.world(), "acts_per_week", p)[0]["reason"] for p in ("season", "off_season")
            ] == ["too_short", None]  # fmt: skip


def test_the_tone_of_an_account_needs_fifty_texts() -> None:
    town = year()
    town.account(1)
    days = dates("2023-02-01", "2023-03-22")
    town.post(1, *days[:25], tone_score=100)
    town.post(1, *days[25:], tone_score=300)
    town.post(1, *days[:49], account_key=2, tone_score=500, is_crosspost=True)
    found = rows(town.world(), "tone_acts")
    assert found[0]["value"] == pytest.approx(0.2)
    assert [(r["denominator"], r["reason"]) for r in found] == [(50, None), (49, "too_few")]
    assert found[0]["is_comparable"] is False


def test_the_tone_of_what_an_account_receives_rests_on_its_own_known_days() -> None:
    town = year()
    town.account(1, spans=[("2023-01-02", "2023-03-21")])
    for on in dates("2023-02-01", "2023-03-22"):
        town.question(1, on, by=1_001, root=7, tone_score=-200)
        town.question(1, on, by=1_001, root=8, tone_score=400, account_key=2)
    found = rows(town.world(), "tone_received")
    assert [(r["denominator"], r["reason"]) for r in found] == [(50, None), (49, "too_few")]
    assert found[0]["value"] == pytest.approx(-0.2)
    assert [r["covered_days"] for r in found] == [364, 79]
