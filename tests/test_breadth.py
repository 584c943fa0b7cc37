"""METHOD §7, the curve of response times and stretches of broadcasting, worked out by hand."""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np
import pytest

from metrics.stats_breadth import (
    BlockCounts,
    Counts,
    effective_number,
    rarefied,
    rarefied_interval,
)
from tests.oracles.build import Town, after, at, dates, day
from tests.oracles.database import compute

pytestmark = pytest.mark.local_days

if TYPE_CHECKING:
    from tests.oracles.database import Row

CITIZENS = tuple(range(1_001, 1_101))


def year(**account: object) -> Town:
    """2023, one councillor, no election."""
    town = Town("2023-01-01", "2024-01-01")
    town.person(**account)  # type: ignore[arg-type]
    return town


def row(town: Town, name: str) -> Row:
    return compute(town.world()).metric(name, "off_season")


# rarefaction


def by_hand(counts: list[int], sample: int) -> float:
    """Hurlbert's number from the definition: whole binomials."""
    total = sum(counts)
    return sum(1 - comb(total - n, sample) / comb(total, sample) for n in counts)


def rarefied_one(counts: list[int], sample: int = 30) -> float:
    person = np.zeros(len(counts), np.int64)
    count = np.array(sorted(counts), float)
    return float(rarefied(person, count, np.ones(len(counts)), 1, sample)[0])


def test_rarefaction_is_the_mean_over_every_sample_there_is() -> None:
    replies = [0, 0, 0, 0, 1, 1, 2, 3]
    samples = [len(set(sample)) for sample in combinations(replies, 3)]
    assert rarefied_one([4, 2, 1, 1], 3) == pytest.approx(np.mean(samples))


@pytest.mark.parametrize(
    "counts", [[30], [1] * 30, [1] * 400, [29, 1], [5, 7, 30, 1], [200_000, 1, 1, 3], [31] * 3]
)
def test_rarefaction_agrees_with_whole_binomials(counts: list[int]) -> None:
    assert rarefied_one(counts) == pytest.approx(by_hand(counts, 30), rel=1e-12)


def tally(*columns: np.ndarray, weights: np.ndarray | None = None) -> tuple[np.ndarray, ...]:
    """Distinct rows in order, and the sum of the weights (or the number) of each."""
    keys, place = np.unique(np.stack(columns), axis=1, return_inverse=True)
    return (*keys, np.bincount(place.ravel(), weights))


@pytest.mark.parametrize(
    ("citizens", "tail", "threads", "replies"),
    [(40, 1.0, 8, 2.0), (200, 0.7, 2, 1.5), (200, 0.7, 8, 2.0), (1000, 0.3, 4, 2.0)],
)
def test_the_interval_of_breadth_holds_the_truth(
    citizens: int, tail: float, threads: int, replies: float
) -> None:
    """Three years of threads in lumpy months, with regulars and a tail of others."""
    rng, size, blocks = np.random.default_rng(7), 400, 38
    chance = np.arange(1, citizens + 1) ** -tail
    chance /= chance.sum()
    truth = (1 - (1 - chance) ** 30).sum()
    lumps = rng.poisson(threads * rng.gamma(2, 0.5, (size, blocks)))
    who, block = (np.repeat(index.ravel(), lumps.ravel()) for index in np.indices(lumps.shape))
    citizen = rng.choice(citizens, who.size, p=chance)
    got = rng.geometric(1 / replies, who.size)
    *met, in_block = tally(who, block, citizen, weights=got)
    per_pair = tally(met[0], met[2], weights=in_block)
    count = per_pair[2][
        np.searchsorted(per_pair[0] * 10_000 + per_pair[1], met[0] * 10_000 + met[2])
    ]
    partners = Counts(*tally(per_pair[0], per_pair[2].astype(np.int64)))
    cells = tally(met[0], met[1], count.astype(np.int64), in_block.astype(np.int64))
    low, high = rarefied_interval(
        partners, BlockCounts(cells[0], cells[1], cells[3], cells[2], cells[4]), size, 30
    )
    assert np.isfinite(low).mean() > 0.95
    told = np.isfinite(low)
    assert ((low <= truth) & (truth <= high))[told].mean() >= 0.86
    assert (high - low)[told].mean() < 0.5 * truth


def test_who_always_talks_with_the_same_one_has_no_interval() -> None:
    town = year()
    for on in dates("2023-01-01", "2023-12-31", 3):
        town.reply(1, on, to=CITIZENS[0])
    found = row(town, "partners_per_30")
    assert (found["value"], found["low"], found["high"]) == (pytest.approx(1.0), None, None)
    assert (found["word"], found["is_comparable"]) == ("descriptive", False)
    assert found["numerator"] is None, "one citizen is not counted"


def test_fewer_replies_than_the_sample_say_nothing() -> None:
    assert np.isnan(rarefied_one([28, 1]))
    assert np.isnan(rarefied(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), 1, 30)).all()


def test_people_do_not_mix_and_equal_partners_may_be_counted_together() -> None:
    person = np.array([0, 0, 2])
    count, number = np.array([2.0, 10.0, 3.0]), np.array([20.0, 1.0, 11.0])
    found = rarefied(person, count, number, 3, 30)
    assert found[0] == pytest.approx(by_hand([2] * 20 + [10], 30))
    assert np.isnan(found[1])
    assert found[2] == pytest.approx(by_hand([3] * 11, 30))
    effective = effective_number(person, count, number, 3)
    assert effective[0] == pytest.approx(50**2 / (20 * 4 + 100))
    assert effective[2] == pytest.approx(11)
    assert np.isnan(effective[1])


# partners


def test_thirty_replies_to_fifteen_citizens_are_fifteen_partners() -> None:
    town = year()
    for citizen in CITIZENS[:15]:
        town.reply(1, "2023-02-01", "2023-02-02", to=citizen)
    found = row(town, "partners_per_30")
    assert found["value"] == pytest.approx(15)
    assert (found["numerator"], found["denominator"], found["covered_days"]) == (15, 30, 365)
    assert (found["low"], found["effective_n"]) == (None, None)
    assert row(town, "effective_partners")["value"] == pytest.approx(15)


def test_talking_more_with_the_same_citizens_is_no_breadth() -> None:
    town = year()
    for citizen in CITIZENS[:3]:
        town.reply(1, *dates("2023-02-01", "2023-02-20"), to=citizen)
    town.reply(1, *["2023-03-01"] * 30, to=CITIZENS[3])
    assert row(town, "partners_per_30")["value"] == pytest.approx(by_hand([20, 20, 20, 30], 30))
    assert row(town, "effective_partners")["value"] == pytest.approx(90**2 / (3 * 400 + 900))


def test_only_off_season_days_that_are_known_count() -> None:
    town = Town("2023-01-01", "2024-01-01")
    town.election("2023-10-08", regulated_day=day("2023-07-01"))
    town.person(spans=[("2023-01-01", "2023-12-30")])
    for citizen in CITIZENS[:29]:
        town.reply(1, "2023-02-01", "2023-08-01", "2023-10-20", "2023-12-31", to=citizen)
    found = row(town, "partners_per_30")
    assert (found["denominator"], found["reason"]) == (29, "too_few")
    town.reply(1, "2023-11-06", to=CITIZENS[0])
    town.reply(1, "2023-08-01", to=CITIZENS[50])
    found = row(town, "partners_per_30")
    assert (found["numerator"], found["denominator"], found["reason"]) == (29, 30, None)
    assert found["value"] == pytest.approx(29)


def test_breadth_of_a_feed_and_of_nobody_known_has_a_reason() -> None:
    assert row(year(shows_replies=False), "effective_partners")["reason"] == "not_observable"
    assert row(year(spans=[]), "partners_per_30")["reason"] == "no_coverage"
    assert row(year(shows_replies=False), "reply_share_party")["reason"] == "not_observable"


# classes


def classes() -> Town:
    """18 replies to citizens, 6 to a politician, 3 to a party, 2 to a medium, 1 to a club."""
    town = year()
    for key, class_ in enumerate(("politician", "party", "media", "organisation", "own"), 2_001):
        town.partner(key, class_)
    for n, to in ((18, 1_001), (6, 2_001), (3, 2_002), (2, 2_003), (1, 2_004)):
        town.reply(1, *["2023-02-01"] * n, to=to)
    return town


def test_every_known_class_has_its_share_of_the_replies() -> None:
    town = classes()
    town.reply(1, *["2023-02-01"] * 5, to=2_005)
    town.reply(1, *["2023-02-01"] * 5, to=None)
    copy = compute(town.world())
    names = ("citizen", "politician", "party", "media", "organisation")
    found = [copy.metric(f"reply_share_{name}", "off_season") for name in names]
    assert [(r["numerator"], r["denominator"]) for r in found] == [
        (n, 30) for n in (18, 6, 3, 2, 1)
    ]
    assert found[1]["value"] == pytest.approx(0.2)
    assert found[1]["effective_n"] == pytest.approx(30)
    assert found[1]["low"] < 0.2 < found[1]["high"]


def test_shares_rest_on_known_off_season_days_of_accounts_that_show_replies() -> None:
    town = Town("2023-01-01", "2024-01-01")
    town.election("2023-10-08", regulated_day=day("2023-07-01"))
    town.person(spans=[("2023-01-01", "2023-12-30")])
    town.account(1, shows_replies=False, spans=[("2023-01-01", "2023-12-30")])
    town.reply(1, *["2023-02-01"] * 30)
    town.reply(1, "2023-08-01", "2023-12-31")
    town.reply(1, "2023-02-02", account_key=2)
    assert row(town, "reply_share_citizen")["denominator"] == 30


def test_one_long_thread_is_worth_one_reply() -> None:
    town = year()
    town.reply(1, *["2023-02-01"] * 40, to=1_001, root_key=77)
    assert row(town, "reply_share_citizen")["effective_n"] == pytest.approx(1)


def test_twenty_nine_replies_make_no_share() -> None:
    town = year()
    town.reply(1, *["2023-02-01"] * 29)
    assert row(town, "reply_share_citizen")["reason"] == "too_few"


# the curve of response times


def asked(town: Town, days: int, citizens: tuple[int, ...] = CITIZENS[:10]) -> None:
    """Each citizen asks at noon on 1 February and is answered so many days later."""
    for citizen in citizens:
        town.question(1, "2023-02-01T12:00", by=citizen, root=citizen)
        if days:
            town.reply(1, f"{after('2023-02-01', days)}T12:00", to=citizen, root_key=citizen)


def curve(town: Town) -> dict[float, float]:
    return {r["day"]: r["share"] for r in compute(town.world(), "response_curve")["response_curve"]}


def test_the_curve_rises_when_answers_come_and_reaches_to_two_weeks() -> None:
    town = year()
    asked(town, 2)
    asked(town, 0, CITIZENS[10:20])
    found = curve(town)
    assert list(found) == [0.5, *range(1, 15)]
    assert [found[d] for d in (0.5, 1, 2, 14)] == [0, 0, 0.5, 0.5]
    ends = compute(town.world(), "response_curve")["response_curve"][-1]
    assert 0 < ends["low"] < 0.5 < ends["high"] < 1
    assert ends["low"] + ends["high"] == pytest.approx(1)


def test_the_curve_ends_where_following_ends() -> None:
    town = year(spans=[("2023-01-01", "2023-02-05")])
    asked(town, 2)
    assert list(curve(town)) == [0.5, 1, 2, 3, 4]


def test_nine_askers_have_no_curve() -> None:
    town = year()
    asked(town, 2, CITIZENS[:9])
    assert curve(town) == {}


# broadcasting


def spells(town: Town) -> list[tuple[str, str, int, bool, bool]]:
    found = compute(town.world(), "broadcast_spell")["broadcast_spell"]
    return [
        (
            after("1970-01-01", r["from_on"]),
            after("1970-01-01", r["to_on"]),
            r["days"],
            r["is_at_least"],
            r["is_possible"],
        )
        for r in found
    ]


def test_twenty_eight_days_of_posts_without_a_reply_are_broadcasting() -> None:
    town = year()
    town.reply(1, *dates("2023-01-01", "2023-05-01"), "2023-05-30", "2023-06-27")
    town.reply(1, *dates("2023-06-28", "2023-12-31"))
    town.post(1, "2023-05-10", "2023-06-10")
    assert spells(town) == [("2023-05-02", "2023-05-29", 28, False, False)]


def test_a_reply_to_a_politician_is_no_talk_with_citizens_and_silence_is_no_broadcast() -> None:
    town = year()
    town.partner(2_001, "politician")
    town.reply(1, *dates("2023-01-01", "2023-03-31"), *dates("2023-06-01", "2023-12-31"))
    town.reply(1, "2023-04-20", to=2_001)
    assert spells(town) == []
    town.post(1, "2023-04-21")
    assert spells(town) == [("2023-04-01", "2023-05-31", 61, False, False)]


def test_a_broadcast_at_the_edge_may_be_longer_and_beside_unknown_days_is_only_possible() -> None:
    town = year(spans=[("2023-01-01", "2023-03-31"), ("2023-04-02", "2023-12-31")])
    town.post(1, "2023-01-10", "2023-06-10", "2023-12-01")
    town.reply(1, *dates("2023-06-30", "2023-07-31"), "2023-10-01")
    assert spells(town) == [
        ("2023-01-01", "2023-03-31", 90, True, True),
        ("2023-04-02", "2023-06-29", 89, False, True),
        ("2023-10-02", "2023-12-31", 91, True, False),
    ]


def test_a_feed_that_hides_replies_broadcasts_nothing() -> None:
    town = year(last_day=at("2023-06-30") // 86_400)
    town.account(1, shows_replies=False)
    town.reply(1, "2023-03-01")
    town.post(1, "2023-04-01")
    # from July on only the feed is there: whether citizens were answered cannot be known
    assert spells(town) == [("2023-03-02", "2023-06-30", 121, True, False)]
    hidden = year(shows_replies=False)
    hidden.post(1, "2023-04-01")
    assert spells(hidden) == []


def test_beside_a_day_with_an_item_of_unknown_kind_a_broadcast_is_only_possible() -> None:
    town = year()
    town.account(1)
    town.reply(1, *dates("2023-01-01", "2023-03-31"), *dates("2023-07-01", "2023-12-31"))
    town.post(1, "2023-04-10", "2023-06-10")
    town.post(1, "2023-05-15", kind="unknown", account_key=2)
    assert spells(town) == [
        ("2023-04-01", "2023-05-14", 44, False, True),
        ("2023-05-16", "2023-06-30", 46, False, True),
    ]


def test_posts_on_an_account_that_hides_replies_are_no_broadcast() -> None:
    town = year()
    town.account(1, shows_replies=False)
    town.reply(1, *dates("2023-01-01", "2023-03-31"), *dates("2023-07-01", "2023-12-31"))
    town.post(1, "2023-05-15", account_key=2)
    assert spells(town) == []


def test_days_without_a_mandate_beside_a_broadcast_leave_nothing_open() -> None:
    town = year(spans=[("2023-01-01", "2023-04-30"), ("2023-06-01", "2023-12-31")])
    town.account(1)
    town.post(1, "2023-05-01", kind="unknown", account_key=2)
    town.without_mandate(1)
    town.mandate(1, "2023-01-01", "2023-04-30")
    town.mandate(1, "2023-06-01", "2023-12-31")
    town.post(1, "2023-04-10")
    town.reply(1, "2023-01-15", *dates("2023-06-01", "2023-12-31"))
    assert spells(town) == [("2023-01-16", "2023-04-30", 105, False, False)]
