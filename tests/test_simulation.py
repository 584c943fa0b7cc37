"""What METHOD promises of its intervals and verdicts, on hundreds of simulated people."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.stats import binom

from tests.oracles.crowds import (
    Crowd,
    active_weeks,
    calendar,
    clumps,
    covers,
    drifting,
    lumpy_weeks,
    of_people,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.oracles.crowds import Ints

NOMINAL = 0.90
CHANCE = 0.001  # of a red test where the method keeps its promise exactly


def assert_covers(hits: Iterable[bool], what: str) -> None:
    """No fewer hits than an interval of 90 % would have with luck this bad."""
    found = list(hits)
    share = sum(found) / len(found)
    assert binom.cdf(sum(found), len(found), NOMINAL) > CHANCE, f"{what}: {share:.3f} covered"


def assert_rarer(hits: int, n: int, bound: float, what: str) -> None:
    """No more hits than something of at most this chance would have with luck this bad."""
    assert binom.sf(hits - 1, n, bound) > CHANCE, f"{what}: {hits} of {n}, not below {bound}"


# presence


@pytest.mark.parametrize("weeks", [60, 200])
def test_the_interval_of_presence_covers_the_long_run_share(weeks: int) -> None:
    rng = np.random.default_rng(weeks)
    cells = np.array(list(product((0.2, 0.5, 0.8), (0.0, 0.3, 0.6))))
    truth, memory = np.repeat(cells, 70, axis=0).T
    crowd = Crowd(len(truth), weeks * 7)
    counts = np.zeros((len(truth), weeks * 7), dtype=np.int64)
    counts[:, ::7] = active_weeks(rng, truth, memory, weeks)
    crowd.posts(counts)
    rows = of_people(crowd.compute("metric"), "presence", "off_season")
    hits = [covers(r["low"], t, r["high"]) for r, t in zip(rows, truth, strict=True)]
    for chain in (0.0, 0.3, 0.6):
        found = [h for h, m in zip(hits, memory, strict=True) if m == chain]
        print(f"presence {weeks} weeks, memory {chain}: {np.mean(found):.3f}")  # noqa: T201
    assert_covers(hits, f"presence over {weeks} weeks")


# bursts


@pytest.mark.parametrize("is_one_office", [True, False])
def test_the_interval_of_a_burst_covers_the_true_factor(is_one_office: bool) -> None:
    rng = np.random.default_rng(2)
    cells = np.array(list(product((1.0, 2.0, 4.0), (0.15, 0.5), (1.0, 3.0))))
    truth, rate, size = np.repeat(cells, 60, axis=0).T
    crowd = calendar(len(truth), is_one_office=is_one_office)
    factor = np.where(crowd.phase == 1, truth[:, None], 1.0)
    crowd.posts(clumps(rng, rate[:, None] * factor, size))
    rows = of_people(crowd.compute("metric"), "burst_acts", "all")
    hits = [covers(r["low"], t, r["high"]) for r, t in zip(rows, truth, strict=True)]
    print(f"burst, one office {is_one_office}: {np.mean(hits):.3f}")  # noqa: T201
    assert_covers(hits, "burst")


@pytest.mark.parametrize("is_one_office", [True, False])
def test_the_interval_of_a_burst_covers_the_true_factor_where_weeks_are_lumpy(
    is_one_office: bool,
) -> None:
    rng = np.random.default_rng(3)
    cells = np.array(list(product((1.0, 2.0, 4.0), (0.15, 0.5), (1.0, 4.0))))
    truth, rate, shape = np.repeat(cells, 60, axis=0).T
    crowd = calendar(len(truth), is_one_office=is_one_office)
    factor = np.where(crowd.phase == 1, truth[:, None], 1.0)
    noise = lumpy_weeks(rng, crowd.size, crowd.days, shape)
    crowd.posts(rng.poisson(rate[:, None] * factor * noise))
    rows = of_people(crowd.compute("metric"), "burst_acts", "all")
    hits = [covers(r["low"], t, r["high"]) for r, t in zip(rows, truth, strict=True)]
    for true in (1.0, 2.0, 4.0):
        found = [h for h, t in zip(hits, truth, strict=True) if t == true]
        print(f"lumpy, factor {true}, one office {is_one_office}: {np.mean(found):.3f}")  # noqa: T201
    assert_covers(hits, "burst of lumpy weeks")


def test_a_steady_person_among_bursty_peers_is_called_steady_or_nothing() -> None:
    rng = np.random.default_rng(6)
    crowd = calendar(240)
    is_steady = np.arange(crowd.size) % 6 == 0
    factor = np.where((crowd.phase == 1) & ~is_steady[:, None], 6.0, 1.0)
    crowd.posts(rng.poisson(0.4 * factor))
    copy = crowd.compute("metric")
    rows = of_people(copy, "burst_acts", "all")
    false = sum(r["word"] == "campaign_burst" for r, s in zip(rows, is_steady, strict=True) if s)
    true = sum(r["word"] == "campaign_burst" for r, s in zip(rows, is_steady, strict=True) if not s)
    print(f"steady among bursty: {false}/40 false, {true}/200 found")  # noqa: T201
    assert_rarer(false, 40, 0.03, "steady people called bursty")
    assert true >= 190


def test_slow_drift_is_called_a_campaign_burst_at_most_three_times_in_a_hundred() -> None:
    rng = np.random.default_rng(4)
    cells = list(product((30.0, 90.0, 180.0), (0.3, 0.6)))
    each = 400
    crowd = calendar(each * len(cells), is_one_office=False)  # peers only make it rarer
    path = np.concatenate([s * drifting(rng, each, crowd.days, m) for m, s in cells])
    sigma = np.repeat([s for _, s in cells], each)[:, None]
    crowd.posts(rng.poisson(0.5 * np.exp(path - sigma**2 / 2)))
    rows = of_people(crowd.compute("metric"), "burst_acts", "all")
    false = [r["word"] == "campaign_burst" for r in rows]
    for i, (memory, sd) in enumerate(cells):
        hits = sum(false[i * each : (i + 1) * each])
        print(f"false campaign burst, memory {memory}, sd {sd}: {hits}/{each}")  # noqa: T201
        assert_rarer(hits, each, 0.03, f"false campaign bursts, memory {memory}, sd {sd}")
    assert sum(false) <= 0.03 * crowd.size


def test_a_steady_person_is_as_often_a_little_above_as_below() -> None:
    rng = np.random.default_rng(5)
    crowd = calendar(400)
    crowd.posts(rng.poisson(0.5, (crowd.size, crowd.days)))
    rows = of_people(crowd.compute("metric"), "burst_acts", "all")
    b = np.log([r["value"] for r in rows])
    assert abs(b.mean()) < 4 * b.std() / np.sqrt(len(b))
    assert sum(r["word"] == "campaign_burst" for r in rows) <= 2


# answering


def test_the_interval_of_the_answer_rate_covers_the_mean_of_the_askers() -> None:
    rng = np.random.default_rng(9)
    cells = np.array(list(product((0.1, 0.5, 0.9), (0.5, 5.0), (12, 30))))
    truth, spread, askers = np.repeat(cells, 40, axis=0).T
    people = np.repeat(np.arange(1, len(truth) + 1), askers.astype(int))
    wish = rng.beta((truth * spread)[people - 1], ((1 - truth) * spread)[people - 1])
    items = rng.geometric(0.5, len(people))
    person, asker = np.repeat(people, items), np.repeat(np.arange(len(people)), items)
    answered = rng.random(len(person)) < np.repeat(wish, items)
    crowd = Crowd(len(truth), 364)
    crowd.questions(
        person,
        asker,
        day=rng.integers(0, 340, len(person)),
        delay=rng.integers(60, 13 * 86_400, len(person)),
        answered=answered,
    )
    rows = of_people(crowd.compute("metric"), "answer_rate", "off_season")
    hits = [covers(r["low"], t, r["high"]) for r, t in zip(rows, truth, strict=True)]
    print(f"answer rate: {np.mean(hits):.3f}")  # noqa: T201
    assert_covers(hits, "answer rate")


def test_the_median_wait_is_not_that_of_the_answered_alone() -> None:
    rng = np.random.default_rng(10)
    crowd = Crowd(60, 364)
    people = np.repeat(crowd.people, 80)
    wait = rng.exponential(3.0 / np.log(2), len(people)) * 86_400
    day = rng.integers(330, 364, len(people))
    crowd.questions(
        people,
        np.arange(len(people)),
        day=day,
        delay=wait.astype(np.int64) + 1,
        answered=np.ones(len(people), dtype=bool),
    )
    rows = of_people(crowd.compute("metric"), "response_median_days", "off_season")
    medians = np.array([r["value"] for r in rows], dtype=float)
    print(f"median wait where the truth is 3 days: {medians.mean():.2f}")  # noqa: T201
    assert abs(medians.mean() - 3.0) < 4 * medians.std() / np.sqrt(len(medians))


# score


def test_the_interval_of_the_score_covers_the_score_of_the_truth() -> None:
    rng = np.random.default_rng(11)
    cells = np.array(list(product((0.3, 0.7), (0.1, 0.4), (0.2, 0.7))))
    weeks, talk, wish = np.repeat(cells, 40, axis=0).T
    crowd = Crowd(len(weeks), 150 * 7)
    acts = np.zeros((crowd.size, crowd.days), dtype=np.int64)
    active = rng.random((crowd.size, 150)) < weeks[:, None]
    acts[:, 3::7] = active * rng.integers(1, 6, active.shape)
    replies = rng.binomial(acts, talk[:, None])
    crowd.posts(acts - replies)
    crowd.posts(replies, "reply")
    people = np.repeat(crowd.people, 60)
    day = 7 * rng.integers(0, 148, len(people)) + 3
    is_answered = (rng.random(len(people)) < wish[people - 1]) & active[people - 1, day // 7]
    crowd.questions(people, np.arange(len(people)), day, np.full(len(people), 60), is_answered)
    rows = sorted(crowd.compute("score")["score"], key=lambda r: str(r["person_id"]))
    # an active week has three acts; the sixty answers come on top of the replies among them
    share = (450 * talk + 60 * wish) / (450 + 60 * wish)
    points = [100 * weeks / 0.9, 100 * share / 0.5, 100 * wish * weeks / 0.9]
    logs = np.log(np.clip(points, 0, 100) + 10)
    # nobody asks twice: where enough are answered to tell, nobody is met again
    is_told = np.array(["return" in row["pillars"] for row in rows])
    truth = np.exp((logs.sum(axis=0) + is_told * np.log(10)) / (3 + is_told)) - 10
    hits = [covers(r["low"], t, r["high"]) for r, t in zip(rows, truth, strict=True)]
    print(f"score: {np.mean(hits):.3f}")  # noqa: T201
    assert_covers(hits, "score")


# winter sleep


def weekly(rng: np.random.Generator, people: int, days: int) -> Ints:
    """Once a week on average, on days of chance."""
    return rng.poisson(1 / 7, (people, days))


def sittings(rng: np.random.Generator, people: int, days: int) -> Ints:
    """Twelve sittings a year in four sessions of three within a fortnight, posts on each."""
    counts = np.zeros((people, days), dtype=np.int64)
    for year in range(0, days, 364):
        sessions = rng.integers(year, min(year + 364, days) - 14, (people, 4))
        for _ in range(3):
            on = sessions + rng.integers(0, 14, (people, 4))
            counts[np.repeat(np.arange(people), 4), on.ravel()] = 2
    return counts


def sleepers(rng: np.random.Generator, people: int, days: int, election: int) -> Ints:
    """Every other day; nothing for 120 to 300 days from some day after the election on."""
    counts = rng.poisson(0.5, (people, days))
    for person in range(people):
        first = election + rng.integers(1, 20)
        counts[person, first - 1] = 1
        counts[person, first : first + rng.integers(120, 300)] = 0
    return counts


@pytest.mark.parametrize("years", [2, 6])
@pytest.mark.parametrize("poster", [weekly, sittings])
def test_a_rare_poster_is_published_asleep_in_less_than_one_of_a_hundred_windows(
    poster: Any, years: int
) -> None:
    rng = np.random.default_rng(years)
    days, election = years * 364, years * 364 - 330
    crowd = Crowd(600, days, (election,))
    rare = poster(rng, 400, days)
    crowd.posts(np.concatenate([rare, sleepers(rng, 200, days, election)]))
    found = {s["person_id"] for s in crowd.compute("spell")["spell"] if s["is_winter_sleep"]}
    false = sum(person <= "p00400" for person in found)
    print(f"{poster.__name__}, {years} years: {false}/400 false, {len(found) - false}/200 found")  # noqa: T201
    assert_rarer(false, 400, 0.01, f"{poster.__name__} over {years} years")
    assert len(found) - false >= 190
