"""Tone: how friendly a person writes and is written to, where a language's tone can be read."""

from __future__ import annotations

import duckdb
import numpy as np

from metrics.attitude import DESCRIPTIVE
from metrics.estimates import Columns, Estimate, Params, People, Words, fetch, first_reason
from metrics.stats import NORMAL_90, Bools, Floats, ratio

PHASES = {"off_season": "off_days", "season": "season_days"}


def estimates(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> list[Estimate]:
    """The mean tone of own acts and of what citizens write, by phase."""
    written = fetch(
        con,
        "select person_key, phase, sum(act_count) as text_count, sum(toned_count) as toned_count, "
        "sum(tone_sum) as tone_sum, sum(tone_squares) as tone_squares "
        "from said_count group by person_key, phase",
    )
    heard = fetch(con, "select * from heard_tone")
    known = people.days["covered_days"] > 0
    has_heard = people.days["received_days"] > 0
    shown = people.days["shows_received"].astype(bool)
    everybody = np.ones(people.size, bool)
    found = []
    for phase, days in PHASES.items():
        covered = people.days[days]
        reached = people.days[f"heard_{days}"]
        found += [
            tone("tone_acts", phase, people, params, written, (everybody, known), covered),
            tone("tone_received", phase, people, params, heard, (shown, has_heard), reached),
        ]
    return found


def tone(
    metric: str,
    phase: str,
    people: People,
    params: Params,
    counts: Columns,
    seen: tuple[Bools, Bools],
    days: Floats,
) -> Estimate:
    """The mean tone of one phase; `seen`: who shows such texts, and on whose known days."""
    rows = counts["phase"] == phase
    keys = counts["person_key"][rows]
    texts, n, total, squares = (
        people.spread(keys, counts[name][rows].astype(float))
        for name in ("text_count", "toned_count", "tone_sum", "tone_squares")
    )
    needed = params.whole("tone_count")
    reason = first_reason(
        people.size,
        (~seen[0], "not_observable"),
        (~seen[1], "no_coverage"),
        (~people.days["has_season"].astype(bool) & (phase == "season"), "no_season"),
        ((n < needed) & (texts >= needed), "not_observable"),
        (n < needed, "too_few"),
    )
    mean = ratio(total, n) / 1000.0
    spread = ratio(squares - ratio(total**2, n), n - 1.0) / 1e6
    half = NORMAL_90 * np.sqrt(np.maximum(ratio(spread, n), 0.0))
    return Estimate(
        metric,
        phase,
        mean,
        reason,
        numerator=np.full(people.size, np.nan),
        denominator=n,
        covered_days=days,
        low=mean - half,
        high=mean + half,
        effective_n=n,
        word=_words(people),
        is_comparable=np.zeros(people.size, bool),
    )


def _words(people: People) -> Words:
    return np.full(people.size, DESCRIPTIVE, object)
