"""People beside their peers: the same kind of office at the same level, never fewer than six."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from metrics import stats_peers
from metrics.estimates import Estimate, Params, People
from metrics.pillars import Found
from metrics.stats import NORMAL_90, Bools, Floats, Ints
from metrics.steadiness import peer_group

LEAST_SPREAD = 0.5  # of logarithms of bursts between peers (METHOD §2)
LIMITS = (("95", 0.05), ("998", 0.002))
STEP = 1.05  # from one number of askers to the next, beyond the smallest ones
QUARTERS = {"low_quartile": 0.25, "median": 0.5, "high_quartile": 0.75}


def shrunk_bursts(people: People, params: Params, found: Found) -> list[Estimate]:
    """Bursts drawn towards the peers', for the peers' table only."""
    return [_shrunk(people, params, found[name, "all"]) for name in ("burst_acts", "burst_replies")]


def _shrunk(people: People, params: Params, burst: Estimate) -> Estimate:
    value, low, high = np.full((3, people.size), np.nan)
    reason = burst.reason.copy()
    needed = params.whole("burst_peers")
    is_left = burst.has_value
    for members in _groups(peer_group(people), burst.has_value, needed + 1):
        b = np.log(burst.value[members])
        error = (b - np.log(burst.gated("low")[members])) / NORMAL_90
        centre, between = stats_peers.between_variance(b, error**2, LEAST_SPREAD**2)
        ends = stats_peers.shrunk(b, error**2, centre, between)
        value[members], low[members], high[members] = (np.exp(end) for end in ends)
        is_left[members] = False
    reason[is_left] = "too_few"
    return replace(
        burst,
        metric=f"{burst.metric}_shrunk",
        value=value,
        low=low,
        high=high,
        dispersion_in=None,
        dispersion_off=None,
        reason=reason,
        word=None,
        is_comparable=None,
    )


def _groups(group: Ints, is_counted: Bools, needed: int) -> list[Ints]:
    """Positions of those who count, group by group, where there are enough of them."""
    found = [
        np.flatnonzero(is_counted & (group == one))
        for one in np.unique(group[is_counted & (group >= 0)])
    ]
    return [members for members in found if members.size >= needed]


def peer_rows(people: People, params: Params, estimates: Sequence[Estimate]) -> pa.Table:
    """Median and quartiles of every metric among peers who may be compared on it."""
    group, needed = peer_group(people), params.whole("burst_peers")
    rows = [
        (one, members) for one in estimates for members in _groups(group, _comparable(one), needed)
    ]
    values = [one.value[members] for one, members in rows]
    first = [int(members[0]) for _, members in rows]
    return pa.table(
        {
            "office": pa.array([people.office[i] for i in first], pa.string()),
            "level": pa.array([people.level[i] for i in first], pa.string()),
            "metric": pa.array([one.metric for one, _ in rows], pa.string()),
            "phase": pa.array([one.phase for one, _ in rows], pa.string()),
            "people_count": pa.array([one.size for one in values], pa.int64()),
            **{
                name: pa.array([float(np.quantile(v, share)) for v in values], pa.float64())
                for name, share in QUARTERS.items()
            },
        }
    )


def _comparable(one: Estimate) -> Bools:
    return one.has_value if one.is_comparable is None else one.has_value & one.is_comparable


def funnel_rows(people: People, params: Params, answered: Estimate) -> pa.Table:
    """Limits within which chance alone keeps answer rates, by the number of askers.

    Their middle is that of people who may be compared; they reach as far as anybody was asked.
    """
    parts = []
    group, asked = peer_group(people), answered.gated("effective_n")
    for members in _groups(group, _comparable(answered), params.whole("burst_peers")):
        askers = asked[members]
        centre = float((answered.value[members] * askers).sum() / askers.sum())
        shown = answered.has_value & (group == group[members[0]])
        numbers = _numbers(params.whole("asker_count"), int(asked[shown].max()))
        limits: dict[str, Floats] = {}
        for name, outside in LIMITS:
            ends = stats_peers.funnel(centre, numbers, outside)
            limits |= {f"low_{name}": ends[0], f"high_{name}": ends[1]}
        who, size = int(members[0]), numbers.size
        parts.append(
            pa.table(
                {
                    "office": pa.array([people.office[who]] * size, pa.string()),
                    "level": pa.array([people.level[who]] * size, pa.string()),
                    "metric": pa.array([answered.metric] * size, pa.string()),
                    "people_count": pa.array([members.size] * size, pa.int64()),
                    "n": pa.array(numbers, pa.int64()),
                    "centre": pa.array([centre] * size, pa.float64()),
                    **{name: pa.array(ends, pa.float64()) for name, ends in limits.items()},
                }
            )
        )
    return pa.concat_tables([_no_funnel(), *parts])


def _numbers(least: int, most: int) -> Ints:
    """Whole numbers from `least` to `most`, closer together where limits bend."""
    found = [least]
    while found[-1] < most:
        found.append(min(most, max(found[-1] + 1, round(found[-1] * STEP))))
    return np.array(found, np.int64)


def _no_funnel() -> pa.Table:
    texts = {name: pa.array([], pa.string()) for name in ("office", "level", "metric")}
    whole = {name: pa.array([], pa.int64()) for name in ("people_count", "n")}
    real = {
        name: pa.array([], pa.float64())
        for name in ("centre", "low_95", "high_95", "low_998", "high_998")
    }
    return pa.table({**texts, **whole, **real})
