"""METHOD §2 and §13 on campaign bursts, with numbers worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from scipy.stats import gamma

from tests.oracles.build import Town, after, dates, day
from tests.oracles.database import compute
from tests.oracles.towns import ELECTION, LEGAL, two_years

if TYPE_CHECKING:
    from tests.oracles.database import Copy

pytestmark = pytest.mark.local_days


def test_an_account_added_in_season_makes_no_burst() -> None:
    town = two_years()
    town.person(first_day=day("2024-08-01"))
    town.post(1, *dates("2024-08-01", "2025-01-05"))
    burst = compute(town.world()).metric("burst_acts", "all")
    assert (burst["value"], burst["word"], burst["reason"]) == (None, None, "too_short")


def test_an_account_added_in_season_leaves_the_burst_of_the_old_one_alone() -> None:
    town = two_years()
    town.person()
    town.post(1, *dates("2023-01-02", "2024-12-30", 7))
    before = compute(town.world()).metric("burst_acts", "all")
    town.account(1, first_day=day("2024-08-01"))
    new = Town("2023-01-02", "2025-01-06")
    new.person()
    new.post(1, *dates("2024-08-01", "2024-10-13"))
    extra = tuple(
        replace(p, account_key=2, post_key=p.post_key + 9_000, root_key=p.post_key + 9_000)
        for p in new.world().posts
    )
    world = town.world()
    after_ = compute(replace(world, posts=world.posts + extra)).metric("burst_acts", "all")
    assert before == after_
    assert (before["numerator"], before["denominator"]) == (15, 86)


def test_how_bunched_somebody_is_who_began_in_season_nobody_knows() -> None:
    town = two_years()
    town.person(first_day=day("2024-08-01"))
    town.post(1, *dates("2024-08-01", "2025-01-05"))
    cliff = compute(town.world()).metric("cliff", "all")
    assert (cliff["value"], cliff["low"], cliff["high"]) == (1.0, None, None)
    assert (cliff["word"], cliff["is_comparable"]) == ("descriptive", False)


def test_a_weekly_rate_and_a_burst_rest_on_how_bunched_their_weeks_are() -> None:
    town = Town("2023-01-02", "2024-10-14")
    town.election(ELECTION, **LEGAL)
    town.person()
    mondays = dates("2023-01-02", "2024-06-24", 14)
    town.post(1, *(after(m, d) for m in mondays for d in range(4)))
    copy = compute(town.world())
    phi = 156 / 77  # 78 whole weeks of 4, 0, 4, 0 …
    off, season = (copy.metric("acts_per_week", phase) for phase in ("off_season", "season"))
    bunches = gamma(39 * 4 / phi + 0.5, scale=phi)
    assert (off["dispersion_in"], off["dispersion_off"]) == (None, pytest.approx(phi))
    assert off["low"] == pytest.approx(7 * bunches.ppf(0.05) / off["denominator"])
    assert off["high"] == pytest.approx(7 * bunches.ppf(0.95) / off["denominator"])
    assert (season["value"], season["low"]) == (0.0, 0.0)
    assert season["high"] == pytest.approx(7 * gamma(0.5, scale=phi).ppf(0.95) / 105)
    burst = copy.metric("burst_acts", "all")
    assert (burst["dispersion_in"], burst["dispersion_off"]) == pytest.approx((phi, phi))
    half = 1.645 * math.sqrt(phi * (1 / 0.5 + 1 / 156.5))
    assert burst["high"] / burst["value"] == pytest.approx(math.exp(half))


def test_a_history_cut_at_the_last_items_is_too_short_and_no_burst() -> None:
    town = two_years()
    town.person(spans=[("2024-06-01", "2025-01-05")])
    town.post(1, *dates("2024-06-01", ELECTION))
    burst = compute(town.world()).metric("burst_acts", "all")
    assert (burst["value"], burst["reason"]) == (None, "too_short")


def test_nothing_at_all_in_one_phase_adds_neither_to_the_noise_nor_hides_it() -> None:
    town = Town("2023-01-02", "2024-10-14")
    town.election(ELECTION, **LEGAL)
    town.person()
    mondays = dates("2023-01-02", "2024-06-24", 14)
    town.post(1, *(after(m, d) for m in mondays for d in range(4)))
    burst = compute(town.world()).metric("burst_acts", "all")
    assert (burst["numerator"], burst["denominator"]) == (0, 39 * 4)
    # 78 whole off-season weeks of 4, 0, 4, 0 …: χ² = 78 · 2²/2, df = 77; blocks of 8 do not vary
    assert burst["effective_n"] == pytest.approx(156 / 77)
    assert burst["value"] == pytest.approx(0.5 / 105 / (156.5 / 546))


def test_the_burst_turns_into_its_inverse_when_the_phases_swap() -> None:
    town = Town("2023-01-02", "2024-03-03")
    last_day = after("2023-01-02", 198)
    town.election(last_day, regulated_day=day("2023-01-02"))
    town.person()
    town.person()
    off = dates(after(last_day, 29), after(last_day, 227))
    season = dates("2023-01-02", last_day)
    assert (len(season), len(off), off[-1]) == (199, 199, "2024-03-02")
    town.post(1, *season, *off[::4])
    town.post(2, *off, *season[::4])
    copy = compute(town.world())
    a, b = (copy.metric("burst_acts", "all", person) for person in (1, 2))
    assert (a["numerator"], a["denominator"]) == (b["denominator"], b["numerator"]) == (199, 50)
    assert a["value"] == pytest.approx(199.5 / 50.5)
    assert math.log(a["value"]) == pytest.approx(-math.log(b["value"]))


def others_campaign(**choices: Any) -> Copy:
    """Posts on Mondays, in somebody else's season every day, and is silent after the own one."""
    town = two_years()
    town.election("2023-10-01", level="federal")
    town.person()
    town.post(1, *dates("2023-01-02", "2023-07-03", 7), *dates("2023-07-04", "2023-10-01"))
    town.post(1, *dates("2023-10-02", "2024-10-14", 7))
    return compute(replace(town.world(), choices=choices), "metric", "spell", "day", "season")


def test_who_is_busy_in_somebody_elses_season_is_calmer_off_season_without_it() -> None:
    """602 off-season days, 90 of them in the federal season; 66 Mondays outside the two."""
    usual, out = others_campaign(), others_campaign(other_season_counts=False)
    counted = [copy.metric("acts_per_week", "off_season") for copy in (usual, out)]
    assert [(one["numerator"], one["denominator"]) for one in counted] == [(156, 602), (66, 512)]
    assert (
        usual.metric("burst_acts", "all")["value"] < 1 <= out.metric("burst_acts", "all")["value"]
    )
    weeks = [copy.metric("presence", "off_season")["denominator"] for copy in (usual, out)]
    assert weeks[0] - weeks[1] == 13


def test_what_does_not_ask_for_the_phase_stays_without_somebody_elses_season() -> None:
    usual, out = others_campaign(), others_campaign(other_season_counts=False)
    assert usual["spell"] == out["spell"] != []
    assert usual["day"] == out["day"]
    assert usual["season"] == out["season"]
    for name in ("active_months", "burstiness"):
        assert usual.metric(name, "all") == out.metric(name, "all")
    assert usual.metric("cliff", "all")["value"] == out.metric("cliff", "all")["value"]


def campaign(run_by: str = "self") -> Town:
    town = Town("2022-01-03", "2025-01-06")
    town.election(ELECTION, **LEGAL)
    town.person(run_by=run_by)
    return town


def test_who_talks_three_times_as_much_in_season_has_a_campaign_burst() -> None:
    town = campaign()
    town.post(1, *dates("2022-01-03", "2025-01-05", 3), *dates("2024-07-01", ELECTION))
    row = compute(town.world()).metric("burst_acts", "all")
    assert row["word"] == "campaign_burst"
    assert row["low"] > 1.5


@pytest.mark.parametrize(
    ("run_by", "word"), [("self", "quieter_in_season"), ("office", "not_clear")]
)
def test_an_office_that_falls_silent_in_season_is_no_finding(run_by: str, word: str) -> None:
    town = campaign(run_by)
    town.post(1, *dates("2022-01-03", "2024-06-30"), *dates("2024-11-11", "2025-01-05"))
    row = compute(town.world()).metric("burst_acts", "all")
    assert row["word"] == word
    assert row["high"] < 1 / 1.5


def test_what_the_office_says_in_the_aftermath_excuses_no_quiet_campaign() -> None:
    town = campaign()
    town.post(1, *dates("2022-01-03", "2024-06-30"), *dates("2024-11-11", "2025-01-05"))
    town.account(1, run_by="office")
    office = Town("2022-01-03", "2025-01-06")
    office.person()
    office.post(1, *dates("2024-10-14", "2024-11-10") * 80, "2023-03-01", "2024-08-01")
    said = tuple(
        replace(p, account_key=2, post_key=p.post_key + 9_000_000, root_key=p.post_key + 9_000_000)
        for p in office.world().posts
    )
    world = town.world()
    row = compute(replace(world, posts=world.posts + said)).metric("burst_acts", "all")
    assert len(said) > row["numerator"] + row["denominator"]
    assert row["word"] == "quieter_in_season"


def test_what_the_office_says_in_somebody_elses_season_excuses_none_where_it_is_left_out() -> None:
    town = campaign()
    town.election("2023-10-01", level="federal")
    town.post(1, *dates("2022-01-03", "2024-06-30"), *dates("2024-11-11", "2025-01-05"))
    office = town.account(1, run_by="office")
    loud = Town("2022-01-03", "2025-01-06")
    loud.person()
    loud.post(1, *dates("2023-07-04", "2023-10-01") * 25, "2023-03-01", "2024-08-01")
    said = tuple(
        replace(p, account_key=office, post_key=p.post_key + 9_000_000, root_key=None)
        for p in loud.world().posts
    )
    world = town.world()
    out = replace(world, posts=world.posts + said, choices={"other_season_counts": False})
    row = compute(out).metric("burst_acts", "all")
    assert len(said) > row["numerator"] + row["denominator"]
    assert row["word"] == "quieter_in_season"


def test_a_party_account_never_pools() -> None:
    town = two_years()
    town.person()
    town.post(1, *dates("2023-01-02", "2024-12-30", 7))
    alone = compute(town.world())["metric"]
    town.account(1, run_by="party")
    world = town.world()
    noise = tuple(
        replace(p, account_key=2, post_key=p.post_key + 9_000, day=p.day, kind="reply")
        for p in world.posts
    )
    assert compute(replace(world, posts=world.posts + noise))["metric"] == alone
