"""Peers: who is compared with whom, shrinking against a solver, limits against simulated chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from metrics import choices, peers, stats_peers
from metrics.estimates import Estimate, Params, People, no_words
from tests.oracles.effort import examples

PARAMS = Params(choices.headline())


def people(*offices: str | None) -> People:
    names = np.array([f"p{i}" for i in range(len(offices))], object)
    level = np.array(["local"] * len(offices), object)
    return People(np.arange(len(offices)), names, np.array(offices, object), level, {})


def estimate(name: str, value: list[float], **columns: object) -> Estimate:
    size = len(value)
    zeros = np.zeros(size)
    reason = no_words(size)
    reason[np.isnan(value)] = "too_few"
    phase = "off_season" if name == "answer_rate" else "all"
    found = Estimate(name, phase, np.array(value), reason, zeros, zeros, zeros)
    return Estimate(**{**{f: getattr(found, f) for f in Estimate.__slots__}, **columns})


def test_the_median_is_that_of_six_or_more_with_the_same_office_who_have_a_value() -> None:
    who = people(*["councillor"] * 7, *["mayor"] * 5, None)
    value = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, float("nan"), *[0.9] * 6]
    rows = peers.peer_rows(who, PARAMS, [estimate("presence", value)]).to_pylist()
    assert [(row["office"], row["people_count"]) for row in rows] == [("councillor", 6)]
    assert rows[0]["median"] == pytest.approx(0.35)
    assert rows[0]["low_quartile"] == pytest.approx(0.225)


def test_who_may_not_be_compared_is_nobodys_median() -> None:
    who = people(*["councillor"] * 7)
    may = np.array([True] * 5 + [False] * 2)
    one = estimate("answer_rate", [0.5] * 7, is_comparable=may)
    assert peers.peer_rows(who, PARAMS, [one]).num_rows == 0


def solved(value: list[float], variance: list[float], least: float) -> tuple[float, float]:
    """Paule and Mandel's equation by a bracketing solver."""
    b, v = np.array(value), np.array(variance)

    def centre(between: float) -> float:
        return float(np.average(b, weights=1 / (v + between)))

    def surplus(between: float) -> float:
        around = (b - centre(between)) ** 2 / (v + between)
        return float(around.sum()) - (b.size - 1)

    between = least if surplus(least) <= 0 else float(brentq(surplus, least, 1e6, xtol=1e-14))
    return centre(between), between


@examples(60)
@given(st.lists(st.tuples(st.floats(-4, 4), st.floats(0.01, 3)), min_size=7, max_size=12))
def test_shrinking_solves_paule_and_mandels_equation_without_the_person(
    pairs: list[tuple[float, float]],
) -> None:
    value, variance = (np.array(column) for column in zip(*pairs, strict=True))
    centre, between = stats_peers.between_variance(value, variance, 0.25)
    for place in range(len(pairs)):
        rest = [pair for i, pair in enumerate(pairs) if i != place]
        usual, spread = solved([b for b, _ in rest], [v for _, v in rest], 0.25)
        assert between[place] == pytest.approx(spread, rel=1e-6)
        assert centre[place] == pytest.approx(usual, abs=1e-6)


def test_a_shrunk_burst_lies_between_the_persons_own_and_the_peers() -> None:
    who = people(*["councillor"] * 7, "mayor")
    value = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 8.0, 8.0]
    low = np.array(value) / 2
    bursts = {
        (name, "all"): estimate(name, value, low=low, high=2 * np.array(value))
        for name in ("burst_acts", "burst_replies")
    }
    found = peers.shrunk_bursts(who, PARAMS, bursts)[0]
    assert 1.0 < found.value[6] < 8.0
    assert found.low is not None
    assert found.high is not None
    assert found.low[6] < found.value[6] < found.high[6] < 16.0
    assert found.reason.tolist() == [None] * 7 + ["too_few"]


def test_limits_hold_what_chance_does() -> None:
    rng = np.random.default_rng(5)
    for number in (10, 40, 200):
        low, high = stats_peers.funnel(0.3, np.array([number]), 0.05)
        drawn = rng.binomial(number, 0.3, 40_000) / number
        step = 1.0 / number  # limits lie between whole counts
        assert (drawn < low[0] - step).mean() <= 0.025
        assert (drawn > high[0] + step).mean() <= 0.025
        assert (drawn < low[0] + step).mean() >= 0.02
        assert (drawn > high[0] - step).mean() >= 0.02


def test_limits_stay_shares_at_the_edges() -> None:
    for centre in (0.0, 1.0):
        low, high = stats_peers.funnel(centre, np.array([10, 50]), 0.05)
        assert low.tolist() == high.tolist() == [centre, centre]


def test_a_funnel_narrows_and_reaches_as_far_as_the_most_asked() -> None:
    who = people(*["councillor"] * 6)
    askers = np.array([10.0, 12, 30, 90, 15, 400])
    one = estimate("answer_rate", [0.2, 0.3, 0.4, 0.5, 0.6, 0.7], effective_n=askers)
    rows = peers.funnel_rows(who, PARAMS, one).to_pylist()
    assert (rows[0]["n"], rows[-1]["n"]) == (10, 400)
    assert rows[0]["centre"] == pytest.approx((one.value * askers).sum() / askers.sum())
    assert rows[-1]["high_95"] - rows[-1]["low_95"] < rows[0]["high_95"] - rows[0]["low_95"]
    for row in rows:
        assert row["low_998"] <= row["low_95"] <= row["centre"] <= row["high_95"] <= row["high_998"]


def test_five_people_make_no_funnel() -> None:
    one = estimate("answer_rate", [0.5] * 5, effective_n=np.full(5, 20.0))
    assert peers.funnel_rows(people(*["mayor"] * 5), PARAMS, one).num_rows == 0


def test_a_funnel_reaches_those_who_are_not_compared_but_rests_on_the_others() -> None:
    who = people(*["councillor"] * 7)
    askers = np.array([12.0] * 6 + [25])
    may = np.array([True] * 6 + [False])
    one = estimate("answer_rate", [0.4] * 6 + [1.0], effective_n=askers, is_comparable=may)
    rows = peers.funnel_rows(who, PARAMS, one).to_pylist()
    assert rows[-1]["n"] == 25
    assert {row["people_count"] for row in rows} == {6}
    assert [row["centre"] for row in rows] == pytest.approx([0.4] * len(rows))
