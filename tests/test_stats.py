"""The statistics against SciPy and against loops that read like the method."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats as reference

from metrics import stats, stats_burst, stats_counts, stats_score, stats_survival


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(365)


def test_jeffreys_is_scipys_beta_quantile(rng: np.random.Generator) -> None:
    trials = rng.uniform(2.0, 300.0, 200)
    successes = trials * rng.uniform(0.02, 0.98, 200)
    low, high = stats.jeffreys(successes, trials)
    beta = reference.beta(successes + 0.5, trials - successes + 0.5)
    assert low == pytest.approx(np.minimum(beta.ppf(0.05), successes / trials), rel=1e-9)
    assert high == pytest.approx(np.maximum(beta.ppf(0.95), successes / trials), rel=1e-9)


def test_jeffreys_reaches_the_edge_where_none_or_all_succeed() -> None:
    low, high = stats.jeffreys(np.array([0.0, 12.0]), np.array([12.0, 12.0]))
    assert low[0] == 0.0
    assert high[1] == 1.0
    assert high[0] == pytest.approx(reference.beta.ppf(0.95, 0.5, 12.5))


def test_jeffreys_of_nothing_is_wide() -> None:
    low, high = stats.jeffreys(np.zeros(1), np.zeros(1))
    assert low[0] < 0.01
    assert high[0] > 0.99


def _slow_share(weeks: list[int], active: list[bool]) -> float:
    mean = sum(active) / len(active)
    if mean in (0.0, 1.0):
        return 0.5
    variance = sum((x - mean) ** 2 for x in active) / len(active)
    pairs = [
        (active[i] - mean) * (active[i + 1] - mean)
        for i in range(len(weeks) - 1)
        if weeks[i + 1] == weeks[i] + 1
    ]
    rho = max(0.0, sum(pairs) / len(pairs) / variance) if pairs else 0.0
    return min(1.0, max(0.1, (1 - rho) / (1 + rho)))


def test_independent_share_is_what_a_loop_over_adjacent_weeks_finds(
    rng: np.random.Generator,
) -> None:
    weeks = [np.sort(rng.choice(60, size=n, replace=False)) for n in (1, 2, 30, 55, 60, 12)]
    runs = [np.cumsum(rng.random(w.size) < 0.3) % 2 == 0 for w in weeks]
    runs[3][:] = True
    runs[5][:] = False
    person = np.repeat(np.arange(6), [w.size for w in weeks])
    found = stats.independent_share(person, np.concatenate(weeks), np.concatenate(runs), 7)
    slow = [_slow_share(w.tolist(), r.tolist()) for w, r in zip(weeks, runs, strict=True)]
    assert found[:6] == pytest.approx(slow)
    assert math.isnan(found[6])


def test_weeks_that_are_not_adjacent_do_not_make_a_pattern() -> None:
    weeks, active = np.array([0, 2, 4, 6, 8, 10]), np.array([True] * 3 + [False] * 3)
    assert stats.independent_share(np.zeros(6, int), weeks, active, 1)[0] == 1.0
    assert stats.independent_share(np.zeros(6, int), np.arange(6), active, 1)[0] < 0.5


def test_burstiness_of_clockwork_is_minus_one() -> None:
    n, gap = np.array([50.0]), 3600.0
    assert stats.finite_burstiness(n, n * gap, n * gap**2) == pytest.approx([-1.0])


def test_burstiness_is_kim_and_jos_formula(rng: np.random.Generator) -> None:
    gaps = rng.pareto(1.5, 80) + 1
    n, r = len(gaps), float(np.std(gaps) / np.mean(gaps))
    slow = (math.sqrt(n + 1) * r - math.sqrt(n - 1)) / (
        (math.sqrt(n + 1) - 2) * r + math.sqrt(n - 1)
    )
    found = stats.finite_burstiness(
        np.array([float(n)]), np.array([gaps.sum()]), np.array([(gaps**2).sum()])
    )
    assert found == pytest.approx([slow])


def test_a_long_silence_is_no_surprise_in_a_rare_poster() -> None:
    active, total = np.array([200.0, 12.0, 0.0]), np.array([365.0, 365.0, 365.0])
    chance = stats.longest_gap_probability(active, total, np.array([95.0, 95.0, 95.0]))
    rate = 200 / 365
    assert chance[0] == pytest.approx(1 - math.exp(-rate * 365 * math.exp(-rate * 95)), rel=1e-9)
    assert chance[0] < 1e-15
    assert chance[1] > 0.3
    assert chance[2] == 1.0


@pytest.mark.parametrize("seed", range(20))
def test_benjamini_hochberg_agrees_with_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    p_values = np.r_[rng.random(40), rng.random(rng.integers(0, 12)) ** 8]
    adjusted = reference.false_discovery_control(p_values, method="bh")
    threshold = stats.benjamini_hochberg(p_values, 0.05)
    assert ((p_values <= threshold) == (adjusted <= 0.05)).all()


def test_benjamini_hochberg_of_nothing_allows_nothing() -> None:
    assert stats.benjamini_hochberg(np.ones(5), 0.01) == 0.0
    assert stats.benjamini_hochberg(np.zeros(0), 0.01) == 0.0


def test_median_of_others_leaves_the_person_and_the_gated_out(rng: np.random.Generator) -> None:
    values, group = rng.random(60), rng.integers(-1, 4, 60)
    counted = rng.random(60) < 0.8
    values[5] = values[6]
    found = stats.median_of_others(values, group, counted, 6)
    for i in range(60):
        others = [
            values[j] for j in range(60) if j != i and group[j] == group[i] >= 0 and counted[j]
        ]
        if counted[i] and group[i] >= 0 and len(others) >= 6:
            assert found[i] == pytest.approx(np.median(others))
        else:
            assert math.isnan(found[i])


def _slow_turned(count: list[int], season: list[bool], off: list[bool]) -> tuple[float, float]:
    weeks = len(count)

    def b(shift: int) -> float:
        n_in = sum(c for t, c in enumerate(count) if season[(t - shift) % weeks])
        n_off = sum(c for t, c in enumerate(count) if off[(t - shift) % weeks])
        return math.log((n_in + 0.5) / (7 * sum(season))) - math.log((n_off + 0.5) / (7 * sum(off)))

    turned = [b(shift) for shift in range(weeks)]
    at_least = sum(x >= turned[0] - 1e-9 for x in turned) / weeks
    return at_least, sum(x <= turned[0] + 1e-9 for x in turned) / weeks


def test_rotations_by_fft_are_the_rotations_of_a_loop(rng: np.random.Generator) -> None:
    lengths = [30, 61, 30, 104, 7]
    count = [rng.poisson(3, n) for n in lengths]
    season = [np.arange(n) % 53 > 45 for n in lengths]
    season[4][:3] = True
    off = [(np.arange(n) % 53 < 40) & ~s for n, s in zip(lengths, season, strict=True)]
    season[2][:] = False
    stop = np.cumsum(lengths)
    up, down = stats_burst.turned_shares(
        stop - lengths, stop, np.concatenate(count), np.concatenate(season), np.concatenate(off)
    )
    for i in (0, 1, 3, 4):
        if not season[i].any():
            assert math.isnan(up[i])
            continue
        slow = _slow_turned(count[i].tolist(), season[i].tolist(), off[i].tolist())
        assert (up[i], down[i]) == pytest.approx(slow)
    assert math.isnan(up[2])
    assert math.isnan(down[2])


def test_a_person_without_weeks_has_no_rotations() -> None:
    none, no = np.zeros(0, int), np.zeros(0, bool)
    up, down = stats_burst.turned_shares(np.zeros(1, int), np.zeros(1, int), none, no, no)
    assert math.isnan(up[0])
    assert math.isnan(down[0])


def _units(counts: list[list[int]]) -> stats_burst.Units:
    return stats_burst.Units(
        np.array([len(c) for c in counts]),
        np.array([sum(c) for c in counts]),
        np.array([sum(x * x for x in c) for c in counts]),
    )


def test_dispersion_is_chi_squared_around_each_phases_mean() -> None:
    season, off = [4, 0, 9, 1], [1, 2, 0, 0, 3, 1]
    slow = sum(
        sum((x - sum(c) / len(c)) ** 2 for x in c) / (sum(c) / len(c)) for c in (season, off)
    ) / (len(season) + len(off) - 2)
    found = stats_burst.dispersion(_units([season]), _units([off]))
    assert found == pytest.approx([slow])


def test_an_all_zero_phase_adds_neither_chi_squared_nor_freedom() -> None:
    lively, silent = _units([[4, 0, 9, 1]]), _units([[0] * 50])
    alone = stats_burst.dispersion(lively, _units([[]]))
    assert stats_burst.dispersion(lively, silent) == pytest.approx(alone)


def test_dispersion_of_nothing_is_zero() -> None:
    assert stats_burst.dispersion(_units([[]]), _units([[7]])) == pytest.approx([0.0])


def test_raw_burst_changes_its_sign_when_the_phases_swap(rng: np.random.Generator) -> None:
    n_in, n_off = rng.poisson(40, 50), rng.poisson(200, 50)
    e_in, e_off = rng.integers(30, 110, 50), rng.integers(180, 700, 50)
    forth = stats_burst.log_ratio(n_in, e_in, n_off, e_off)
    back = stats_burst.log_ratio(n_off, e_off, n_in, e_in)
    assert forth == pytest.approx(-back)


def test_burst_without_days_is_undefined() -> None:
    one, zero = np.array([3]), np.array([0])
    assert math.isnan(stats_burst.log_ratio(one, zero, one, one)[0])


def _curves(person: list[int], time: list[float], event: list[bool], weight: list[float]):
    return stats_survival.curves(
        np.array(person), np.array(time), np.array(event), np.array(weight), max(person) + 1
    )


@pytest.mark.parametrize("seed", range(10))
def test_the_survival_curve_is_scipys_with_censored_data(seed: int) -> None:
    rng = np.random.default_rng(seed)
    time = np.sort(rng.integers(1, 40, 60).astype(float))
    event = rng.random(60) < 0.6
    sample = reference.CensoredData(uncensored=time[event], right=time[~event])
    expected = reference.ecdf(sample).sf
    found = _curves([0] * 60, time.tolist(), event.tolist(), [1.0] * 60)
    assert found.surviving == pytest.approx(expected.evaluate(found.time))
    for horizon in (0.5, 7.0, 20.0):
        share = stats_survival.answered_within(found, horizon)
        assert share[0] == pytest.approx(1 - expected.evaluate(horizon))


def test_curves_of_many_people_are_those_of_each_alone(rng: np.random.Generator) -> None:
    person = np.sort(rng.integers(0, 5, 200))
    time = rng.integers(1, 30, 200).astype(float)
    order = np.lexsort((time, person))
    person, time = person[order], time[order]
    event, weight = rng.random(200) < 0.5, rng.uniform(0.2, 1.0, 200)
    together = stats_survival.curves(person, time, event, weight, 5)
    for i in range(5):
        mine = person == i
        alone = stats_survival.curves(
            np.zeros(mine.sum(), int), time[mine], event[mine], weight[mine], 1
        )
        rows = slice(together.start[i], together.stop[i])
        assert together.surviving[rows] == pytest.approx(alone.surviving)


def test_an_item_of_weight_two_is_two_items() -> None:
    times, events = [1.0, 2.0, 2.0, 3.0, 5.0], [True, False, True, True, False]
    weighted = _curves([0] * 5, times, events, [2.0] * 5)
    twice = _curves([0] * 10, sorted(times * 2), [True] * 2 + [False, True] * 2 + [True] * 2 +
                    [False] * 2, [1.0] * 10)  # fmt: skip
    assert weighted.surviving == pytest.approx(twice.surviving)


def test_unanswered_is_censored_not_late() -> None:
    curve = _curves([0] * 4, [1.0, 2.0, 2.0, 9.0], [True, False, False, True], [1.0] * 4)
    share = stats_survival.answered_within(curve, 5.0)
    assert share[0] == pytest.approx(0.25)
    assert stats_survival.median_time(curve)[0] == 9.0


def test_a_curve_that_stays_above_one_half_has_no_median() -> None:
    curve = _curves([0] * 4, [1.0, 5.0, 5.0, 5.0], [True, False, False, False], [1.0] * 4)
    assert math.isnan(stats_survival.median_time(curve)[0])


def test_goalposts_lie_either_way_round() -> None:
    burst = np.log([0.5, 1.0, math.sqrt(8), 8.0, 20.0])
    found = stats_score.points(np.maximum(burst, 0.0), math.log(8), 0.0)
    assert found == pytest.approx([100, 100, 50, 0, 0])
    assert stats_score.points(np.array([0.45, 0.95]), 0.0, 0.9) == pytest.approx([50, 100])


def test_one_zero_does_not_erase_the_rest_nor_is_it_bought_off() -> None:
    pillars = np.array([[100.0, 100.0, 0.0], [60.0, 60.0, 60.0], [100.0, np.nan, 0.0]])
    score = stats_score.geometric(pillars, 10.0)
    assert score[0] == pytest.approx((110 * 110 * 10) ** (1 / 3) - 10)
    assert 0 < score[0] < 200 / 3
    assert score[1] == pytest.approx(60.0)
    assert score[2] == pytest.approx(math.sqrt(1100) - 10)
    assert stats_score.geometric(np.full((1, 4), 100.0), 10.0)[0] <= 100.0


def test_what_is_drawn_keeps_its_number_and_its_seed() -> None:
    drawn = stats_score.drawn_weights(40, 500, 365, 0)
    assert (drawn.sum(axis=1) == 40).all()
    assert drawn.mean(axis=0) == pytest.approx(np.ones(40), abs=0.2)
    assert drawn.var() == pytest.approx(1 - 1 / 40, rel=0.05)
    assert (drawn == stats_score.drawn_weights(40, 500, 365, 0)).all()
    assert (drawn != stats_score.drawn_weights(40, 500, 365, 1)).any()


def test_resampled_askers_spread_as_a_binomial_does() -> None:
    """Where every asker asked once and all in one block, only the askers vary."""
    answered, one = np.repeat([0, 1], [30, 10]), np.ones(40, int)
    often = stats_score.drawn_weights(40, 20_000, 1).T.astype(np.float32)
    block = np.ones((1, 20_000), np.float32)
    (drawn,) = stats_score.crossed_rates(answered, one, one * 0, np.arange(40), block, often)
    assert drawn.mean() == pytest.approx(0.25, abs=0.003)
    assert drawn.std() == pytest.approx(math.sqrt(0.25 * 0.75 / 40), rel=0.03)


def test_crossed_rates_are_those_of_a_loop_over_askers_and_blocks(
    rng: np.random.Generator,
) -> None:
    asker = np.sort(rng.integers(0, 6, 14))
    asker = np.unique(asker, return_inverse=True)[1]
    block = rng.integers(0, 4, 14)
    items = rng.integers(1, 5, 14)
    answered = rng.integers(0, items + 1)
    blocks = rng.integers(0, 3, (4, 50)).astype(np.float32)
    askers = rng.integers(0, 3, (asker.max() + 1, 50)).astype(np.float32)
    first = np.flatnonzero(np.r_[True, asker[1:] != asker[:-1]])
    (found,) = stats_score.crossed_rates(answered, items, block, first, blocks, askers)
    for draw in range(50):
        votes = rates = 0.0
        for who in range(asker.max() + 1):
            mine = np.flatnonzero(asker == who)
            asked = sum(blocks[block[i], draw] * items[i] for i in mine)
            if asked > 0:
                got = sum(blocks[block[i], draw] * answered[i] for i in mine)
                votes += askers[who, draw]
                rates += askers[who, draw] * got / asked
        if votes:
            assert found[draw] == pytest.approx(rates / votes, abs=1e-5)
        else:
            assert math.isnan(found[draw])


def test_bands_close_at_their_lower_end() -> None:
    shares = stats_score.band_shares(np.array([[80.0, 79.999, 60.0, 40.0, 20.0, 19.9, 0.0, 100.0]]))
    assert shares[0] == pytest.approx([2 / 8, 2 / 8, 1 / 8, 1 / 8, 2 / 8])


@pytest.mark.parametrize(
    ("shares", "word"),
    [
        ([0.0, 0.85, 0.15, 0.0, 0.0], "B"),
        ([0.0, 0.5, 0.45, 0.05, 0.0], "B/C"),
        ([0.3, 0.3, 0.3, 0.1, 0.0], "none"),
        ([0.5, 0.0, 0.5, 0.0, 0.0], "none"),
        ([0.0, 0.0, 0.0, 0.2, 0.8], "E"),
    ],
)
def test_a_band_needs_four_draws_in_five(shares: list[float], word: str) -> None:
    assert stats_score.band_words(np.array([shares]), np.array([shares]), 0.8)[0] == word


def test_the_worked_example_in_the_readme_is_right() -> None:
    """Every number that metrics/README.md gives for its councillor."""
    low, high = stats.jeffreys(np.array([36.0]), np.array([60.0]))
    assert (round(low[0], 2), round(high[0], 2)) == (0.49, 0.70)
    n_in, n_off = np.array([52]), np.array([140])
    b = stats_burst.log_ratio(n_in, np.array([104]), n_off, np.array([700]))
    assert (round(b[0], 3), round(math.exp(b[0]), 2)) == (0.922, 2.52)
    ends = stats_burst.interval(b, n_in, n_off, np.array([3.0]), np.array([3.0]))
    assert [round(float(end[0]), 2) for end in ends] == [1.59, 3.99]
    earned = [
        stats_score.points(np.array([value]), zero, full)[0]
        for value, zero, full in (
            (0.60, 0.0, 0.9), (b[0] / 2, math.log(8), 0.0), (0.20, 0.0, 0.5), (14 / 20, 0.0, 0.9),
            (12 / 40, 0.0, 0.5),
        )
    ]  # fmt: skip
    assert [round(points, 1) for points in earned] == [66.7, 77.8, 40.0, 77.8, 60.0]
    assert round(float(stats_score.geometric(np.array(earned), 10.0)), 1) == 63.0
    assert round(float(stats_score.arithmetic(np.array(earned))), 1) == 64.5


def test_a_count_without_bunches_has_jeffreys_interval_of_a_poisson() -> None:
    counts = np.array([0.0, 1.0, 7.0, 400.0])
    low, high = stats_counts.expected(counts, np.ones(4))
    posterior = reference.gamma(counts + 0.5)
    assert low == pytest.approx(np.minimum(posterior.ppf(0.05), counts))
    assert high == pytest.approx(posterior.ppf(0.95))
    assert high[3] == pytest.approx(reference.chi2.ppf(0.95, 801) / 2)
    assert low[0] == 0.0


def test_a_count_in_bunches_says_as_much_as_the_number_of_bunches() -> None:
    low, high = stats_counts.expected(np.array([60.0]), np.array([6.0]))
    few = stats_counts.expected(np.array([10.0]), np.ones(1))
    assert (low[0], high[0]) == pytest.approx((6 * few[0][0], 6 * few[1][0]))


def test_the_interval_of_a_count_is_that_of_the_logarithm_where_there_are_many() -> None:
    low, high = stats_counts.expected(np.array([4_000.0]), np.array([4.0]))
    error = 1.645 * math.sqrt(4 / 4_000)
    assert np.log([low[0], high[0]]) == pytest.approx(
        math.log(4_000) + np.array([-error, error]), abs=2e-3
    )


def test_the_interval_of_a_ratio_is_the_odds_of_a_share() -> None:
    above, below = np.array([0.0, 4.0, 30.0]), np.array([9.0, 1.0, 10.0])
    low, high = stats_counts.expected_ratio(above, below, np.ones(3))
    posterior = reference.beta(above + 0.5, below + 0.5)
    ends = [posterior.ppf(end) / (1 - posterior.ppf(end)) for end in (0.05, 0.95)]
    assert low == pytest.approx(np.minimum(ends[0], above / below))
    assert high == pytest.approx(ends[1])
    swapped = stats_counts.expected_ratio(below[1:], above[1:], np.ones(2))
    assert low[1:] == pytest.approx(1 / swapped[1])


def _slow_end(time: list[float], band: list[float]) -> float:
    return next((t for t, end in zip(time, band, strict=True) if end >= 0.5), math.nan)


def test_the_medians_interval_is_where_the_band_crosses_one_half() -> None:
    time = np.array([1.0, 2.0, 5.0, 1.0, 4.0, 3.0])
    person = np.array([0, 0, 0, 2, 2, 3])
    surviving = np.array([0.8, 0.5, 0.2, 0.9, 0.7, 0.4])
    start = np.searchsorted(person, np.arange(4))
    curve = stats_survival.Curves(
        start, np.searchsorted(person, np.arange(4), "right"), time, surviving
    )
    low = np.array([0.1, 0.3, 0.6, 0.0, 0.1, 0.2])
    high = np.array([0.4, 0.7, 0.9, 0.3, 0.5, 0.8])
    first, last = stats_survival.median_interval(curve, low, high)
    for who in range(4):
        mine = person == who
        for found, band in ((first, high), (last, low)):
            slow = _slow_end(list(time[mine]), list(band[mine]))
            assert found[who] == pytest.approx(slow, nan_ok=True)
    assert stats_survival.median_time(curve) == pytest.approx(
        [2.0, np.nan, np.nan, 3.0], nan_ok=True
    )


def test_what_is_still_followed_is_the_weight_of_those_watched_at_least_so_long() -> None:
    person = np.array([0, 0, 0, 2, 2])
    seconds, until = np.array([1.0, 2.0, 2.0, 3.0, 9.0]), np.array([5.0, 2.0, 9.0, 3.0, 9.0])
    weight = np.array([1.0, 0.5, 0.25, 1.0, 1.0])
    curve = stats_survival.curves(person, seconds, np.ones(5, bool), weight, 3)
    worth = stats_survival.still_followed(curve, person, until, weight)
    assert list(zip(curve.time, worth, strict=True)) == [(1, 1.75), (2, 1.75), (3, 2), (9, 1)]
