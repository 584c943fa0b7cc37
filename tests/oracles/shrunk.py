"""METHOD §2, for the table of peers only: bursts drawn towards those of the others."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scipy.optimize import brentq

from tests.oracles.burst import PEERS, acts_stream, bursts, peers_of, replies_stream
from tests.oracles.intervals import Z90

if TYPE_CHECKING:
    from tests.oracles.lives import Life
    from tests.oracles.rows import Metric

WIDEST = 1e6
LEAST_SPREAD = 0.25


def shrunk(lives: list[Life]) -> list[Metric]:
    rows = []
    raw = {(row.person_id, row.metric): row for row in bursts(lives)}
    for make in (acts_stream, replies_stream):
        streams = [make(life) for life in lives]
        for stream in streams:
            own = raw[stream.life.person.person_id, stream.name]
            others = [
                raw[peer.life.person.person_id, stream.name] for peer in peers_of(stream, streams)
            ]
            rows.append(_row(stream.life, own, [_b_and_variance(row) for row in others]))
    return rows


def _b_and_variance(row: Metric) -> tuple[float, float]:
    b = math.log(row.value or 1.0)
    return b, ((math.log(row.high or 1.0) - b) / Z90) ** 2


def _row(life: Life, own: Metric, peers: list[tuple[float, float]]) -> Metric:
    row = life.metric(f"{own.metric}_shrunk", "all", set())
    row.numerator, row.denominator, row.covered_days = (
        own.numerator,
        own.denominator,
        own.covered_days,
    )
    row.reason = own.reason or ("too_few" if len(peers) < PEERS else None)
    if row.reason is not None:
        return row
    b, variance = _b_and_variance(own)
    spread = max(LEAST_SPREAD, paule_mandel(peers))
    centre = weighted_mean(peers, spread)
    drawn = (b * spread + centre * variance) / (spread + variance)
    half = Z90 * math.sqrt(spread * variance / (spread + variance))
    row.value, row.is_comparable, row.effective_n = math.exp(drawn), True, own.effective_n
    row.low, row.high = math.exp(drawn - half), math.exp(drawn + half)
    return row


def weighted_mean(peers: list[tuple[float, float]], spread: float) -> float:
    weights = [1 / (variance + spread) for _, variance in peers]
    return sum(w * b for w, (b, _) in zip(weights, peers, strict=True)) / sum(weights)


def paule_mandel(peers: list[tuple[float, float]]) -> float:
    """The spread at which the peers differ as much as it and chance together explain."""

    def surplus(spread: float) -> float:
        centre = weighted_mean(peers, spread)
        explained = sum((b - centre) ** 2 / (variance + spread) for b, variance in peers)
        return explained - (len(peers) - 1)

    return 0.0 if surplus(0.0) <= 0 else float(brentq(surplus, 0.0, WIDEST, xtol=1e-14))
