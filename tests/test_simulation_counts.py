"""How often intervals of rates, months and waits hold the truth where acts come in bunches."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.oracles.crowds import (
    MONDAY,
    Crowd,
    active_weeks,
    calendar,
    clumps,
    covers,
    lumpy_weeks,
    of_people,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.oracles.crowds import Floats
    from tests.oracles.database import Copy

LEAST, MOST = 0.85, 0.97  # of intervals of 90 %
EACH = 40  # people a cell


def assert_held(hits: Sequence[bool], what: str) -> None:
    share = float(np.mean(hits))
    print(f"{what}: {share:.3f} of {len(hits)}")  # noqa: T201
    assert LEAST <= share <= MOST, f"{what}: {share:.3f} held"


class Bunched:
    """Four years of people without peers whose acts come in clumps, or of peers in lumpy weeks."""

    def __init__(self, kind: str) -> None:
        rng = np.random.default_rng(21)
        self.kind = kind
        sizes = (1.0, 4.0)
        cells = np.array(list(product((1.0, 4.0), (1.0, 3.0), (0.05, 0.3, 1.0), sizes)))
        self.season, self.after, self.rate, size = np.repeat(cells, EACH, axis=0).T
        crowd = calendar(len(self.rate), is_one_office=kind != "clumps")
        factor = np.select(
            [crowd.phase == 1, crowd.phase == 2], [self.season[:, None], self.after[:, None]], 1.0
        )
        mean = self.rate[:, None] * factor
        if kind == "clumps":
            crowd.posts(clumps(rng, mean, size))
        else:
            crowd.posts(rng.poisson(mean * lumpy_weeks(rng, crowd.size, crowd.days, size)))
        self.copy: Copy = crowd.compute("metric", "account_metric")


@pytest.fixture(scope="module", params=["clumps", "lumpy weeks"])
def bunched(request: pytest.FixtureRequest) -> Bunched:
    return Bunched(request.param)


@pytest.mark.parametrize("phase", ["season", "off_season"])
@pytest.mark.parametrize("table", ["metric", "account_metric"])
def test_the_interval_of_a_weekly_rate_holds_the_true_rate(
    bunched: Bunched, phase: str, table: str
) -> None:
    rows = of_people(bunched.copy, "acts_per_week", phase, table)
    truth = 7 * bunched.rate * (bunched.season if phase == "season" else 1.0)
    hits = [covers(r["low"], t, r["high"]) for r, t in zip(rows, truth, strict=True)]
    assert_held(hits, f"{table} acts a week, {bunched.kind}, {phase}")


def test_the_interval_of_the_cliff_holds_the_true_ratio(bunched: Bunched) -> None:
    rows = of_people(bunched.copy, "cliff", "all")
    truth = bunched.after / bunched.season
    hits = [
        covers(r["low"], t, r["high"])
        for r, t in zip(rows, truth, strict=True)
        if r["value"] is not None
    ]
    assert_held(hits, f"cliff, {bunched.kind}")


@pytest.mark.parametrize("years", [2, 6])
def test_the_interval_of_active_months_holds_the_long_run(years: int) -> None:
    rng = np.random.default_rng(years)
    cells = np.array(list(product((0.3, 0.6, 0.9), (0.0, 0.3, 0.6))))
    truth, memory = np.repeat(cells, EACH, axis=0).T
    crowd = Crowd(len(truth), years * 364)
    first = date(1970, 1, 1) + timedelta(days=MONDAY)
    days = [first + timedelta(days=day) for day in range(crowd.days)]
    middles = [n for n, day in enumerate(days) if day.day == 15]
    counts = np.zeros((crowd.size, crowd.days), dtype=np.int64)
    counts[:, middles] = active_weeks(rng, truth, memory, len(middles))
    crowd.posts(counts)
    rows = of_people(crowd.compute("metric"), "active_months", "all")
    hits = [covers(r["low"], 12 * t, r["high"]) for r, t in zip(rows, truth, strict=True)]
    assert_held(hits, f"active months over {years} years")


@pytest.mark.parametrize("askers", [15, 60])
def test_the_interval_of_the_median_wait_holds_it_where_one_asker_waits_like_before(
    askers: int,
) -> None:
    rng = np.random.default_rng(askers)
    crowd = Crowd(240, 364)
    people = np.repeat(crowd.people, askers)
    items = rng.geometric(0.5, len(people))
    person, asker = np.repeat(people, items), np.repeat(np.arange(len(people)), items)
    patience = np.repeat(rng.standard_normal(len(people)), items)
    logs = (patience + rng.standard_normal(len(person))) / math.sqrt(2)
    wait: Floats = 3.0 * np.exp(logs)
    day = rng.integers(330, 364, len(person))
    seconds = (wait * 86_400).astype(np.int64) + 1
    crowd.questions(person, asker, day, seconds, np.ones(len(person), dtype=bool))
    rows = of_people(crowd.compute("metric"), "response_median_days", "off_season")
    told = [r for r in rows if r["value"] is not None]
    assert len(told) > 200
    hits = [covers(r["low"], 3.0, math.inf if r["high"] is None else r["high"]) for r in told]
    assert_held(hits, f"median wait, {askers} askers")
