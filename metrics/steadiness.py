"""Steadiness: how much busier seasons are than the rest of the year, and what follows them."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

from metrics import attitude, rates, stats_burst, stats_counts
from metrics.estimates import (
    Columns,
    Estimate,
    Params,
    People,
    Words,
    fetch,
    first_reason,
    is_none,
    no_words,
)
from metrics.stats import Bools, Floats, Ints, median_of_others, ratio

STREAMS = {"acts": "burst_acts", "replies": "burst_replies", "campaign": "burst_campaign"}
RATES = {"acts": "acts_per_week", "replies": "citizen_replies_per_week"}
PARTS = ("units", "sum", "squares")


@dataclass(frozen=True, slots=True)
class _Dispersion:
    """How bunched the acts of a stream are: over both phases, in season, off-season."""

    pooled: Floats
    season: Floats
    off: Floats


@dataclass(frozen=True, slots=True)
class _Stream:
    name: str
    counts: Columns  # columns of burst_count, one position per person
    is_shown: Bools
    reason: Words

    @property
    def is_gated(self) -> Bools:
        return is_none(self.reason)

    def units(self, phase: str) -> stats_burst.Sizes:
        """Whole weeks and whole 4-week blocks of a phase."""
        weeks, blocks = (
            stats_burst.Units(*(self.counts[f"{size}_{phase}_{part}"] for part in PARTS))
            for size in ("week", "block")
        )
        return weeks, blocks

    @property
    def days(self) -> Floats:
        return np.asarray(self.counts["season_days"] + self.counts["off_days"])

    @property
    def b(self) -> Floats:
        c = self.counts
        return stats_burst.log_ratio(
            c["season_count"], c["season_days"], c["off_count"], c["off_days"]
        )


def estimates(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> list[Estimate]:
    """Bursts, weekly rates, cliff and burstiness of everybody."""
    found: list[Estimate] = []
    weeks = _weeks(con)
    for name in STREAMS:
        stream = _read(con, people, params, name)
        bunched = _dispersion(people, params, stream)
        found.append(_burst(con, people, params, stream, weeks, bunched))
        if name in RATES:
            found += _rates(people, params, stream, bunched)
        if name == "acts":
            found.append(_cliff(con, people, params, stream, bunched))
    return [*found, rates.burstiness(con, people, params)]


def for_score(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> list[Estimate]:
    """Bursts of own acts and of replies to citizens, without what chance does to them."""
    streams = (_read(con, people, params, name) for name in RATES)
    return [
        Estimate(
            STREAMS[stream.name],
            "all",
            np.exp(stream.b),
            stream.reason,
            numerator=stream.counts["season_count"],
            denominator=stream.counts["off_count"],
            covered_days=stream.days,
        )
        for stream in streams
    ]


def _read(con: duckdb.DuckDBPyConnection, people: People, params: Params, name: str) -> _Stream:
    table = fetch(con, f"select * from burst_count where stream = '{name}'")  # noqa: S608
    keys = table["person_key"]
    counts: Columns = {
        column: people.spread(keys, values)
        for column, values in table.items()
        if column not in ("person_key", "stream")
    }
    is_shown = people.days["shows_replies"].astype(bool) | (name != "replies")
    is_unread = np.zeros(people.size, bool)
    if name == "campaign":
        is_unread = attitude.hardly_read(con, people, params)
    reason = first_reason(
        people.size,
        (~is_shown, "not_observable"),
        (people.days["covered_days"] == 0, "no_coverage"),
        (~people.days["has_season"].astype(bool), "no_season"),
        (is_unread, "not_observable"),
        (counts["season_days"] < params.whole("burst_season_days"), "too_short"),
        (counts["off_days"] < params.whole("burst_off_days"), "too_short"),
        (counts["season_count"] + counts["off_count"] < params.whole("burst_acts"), "too_few"),
    )
    return _Stream(name, counts, is_shown, reason)


def _dispersion(people: People, params: Params, stream: _Stream) -> _Dispersion:
    """Of everybody; where there is a burst, never less than the median of the peers'."""
    group, needed = peer_group(people), params.whole("burst_peers")

    def with_peers(own: Floats) -> Floats:
        return np.fmax(own, median_of_others(own, group, stream.is_gated, needed))

    phases = stream.units("season"), stream.units("off")
    return _Dispersion(*stats_burst.dispersions(*phases, with_peers))


def peer_group(people: People) -> Ints:
    """One number per office and level; -1 where either is unknown."""
    names = [
        f"{office}\n{level}" if office is not None and level is not None else ""
        for office, level in zip(people.office, people.level, strict=True)
    ]
    _, group = np.unique(np.array(names, dtype=object).astype(str), return_inverse=True)
    return np.where(np.array(names, dtype=object) == "", -1, group).astype(np.int64)


def _burst(
    con: duckdb.DuckDBPyConnection,
    people: People,
    params: Params,
    stream: _Stream,
    weeks: Columns,
    bunched: _Dispersion,
) -> Estimate:
    counts, b = stream.counts, stream.b
    low, high = stats_burst.interval(
        b, counts["season_count"], counts["off_count"], bunched.season, bunched.off
    )
    factor = params.real("burst_factor")
    word = np.full(people.size, "not_clear", object)
    word[(low >= 1.0 / factor) & (high <= factor)] = "steady"
    up, down = _turned(people, stream, weeks)
    enough = params.whole("shift_percent") / 100.0
    word[(low > factor) & (up <= enough)] = "campaign_burst"
    total = counts["season_count"] + counts["off_count"]
    is_office = 2 * counts["office_count"] >= total
    word[(high < 1.0 / factor) & (down <= enough) & ~is_office] = "quieter_in_season"
    if stream.name == "campaign":
        descriptive = attitude.words(con, people, params)
        word = np.where(is_none(descriptive), word, descriptive)
    return Estimate(
        STREAMS[stream.name],
        "all",
        np.exp(b),
        stream.reason,
        numerator=counts["season_count"],
        denominator=counts["off_count"],
        covered_days=stream.days,
        low=low,
        high=high,
        effective_n=bunched.pooled,
        dispersion_in=bunched.season,
        dispersion_off=bunched.off,
        word=word,
        is_comparable=word != attitude.DESCRIPTIVE,
    )


def _weeks(con: duckdb.DuckDBPyConnection) -> Columns:
    """Per person and week, in this order, each stream's acts and whether the week counts."""
    columns = ", ".join(
        f"w.{s}_count, w.{s}_days >= p.week_days as {s}_is_known, "
        f"w.{s}_season_days >= p.week_days as {s}_is_season, "
        f"w.{s}_off_days >= p.week_days as {s}_is_off"
        for s in STREAMS
    )
    return fetch(
        con,
        f"select w.person_key, {columns} from stream_week w cross join params p "  # noqa: S608
        "order by w.person_key, w.week",
    )


def _turned(people: People, stream: _Stream, weeks: Columns) -> tuple[Floats, Floats]:
    is_known = weeks[f"{stream.name}_is_known"].astype(bool)
    person = people.place(weeks["person_key"][is_known])
    count, is_season, is_off = (
        weeks[f"{stream.name}_{name}"][is_known] for name in ("count", "is_season", "is_off")
    )
    everyone = np.arange(people.size)
    start, stop = (np.searchsorted(person, everyone, side=side) for side in ("left", "right"))
    return stats_burst.turned_shares(
        start,
        np.where(stream.is_gated, stop, start),
        count,
        is_season.astype(bool),
        is_off.astype(bool),
    )


def _rates(people: People, params: Params, stream: _Stream, bunched: _Dispersion) -> list[Estimate]:
    found = []
    for phase, name in (("season", "season"), ("off_season", "off")):
        count, days = stream.counts[f"{name}_count"], stream.counts[f"{name}_days"]
        reason = first_reason(
            people.size,
            (~stream.is_shown, "not_observable"),
            (people.days["covered_days"] == 0, "no_coverage"),
            (~people.days["has_season"].astype(bool), "no_season"),
            (days < params.whole(f"burst_{name}_days"), "too_short"),
        )
        dispersion = bunched.season if phase == "season" else bunched.off
        found.append(rates.weekly(RATES[stream.name], phase, (count, days), dispersion, reason))
    return found


def _cliff(
    con: duckdb.DuckDBPyConnection,
    people: People,
    params: Params,
    stream: _Stream,
    bunched: _Dispersion,
) -> Estimate:
    table = fetch(con, "select c.*, p.cliff_days from cliff_count c cross join params p")
    keys = table["person_key"]
    before, after = (people.spread(keys, table[f"{side}_count"]) for side in ("before", "after"))
    used = people.spread(keys, table["election_count"])
    reason = first_reason(
        people.size,
        (people.days["covered_days"] == 0, "no_coverage"),
        (~people.days["has_season"].astype(bool), "no_season"),
        (used == 0, "too_short"),
        (before < 1, "too_few"),
    )
    can_tell = (stream.counts["season_days"] >= params.whole("burst_season_days")) & (
        stream.counts["off_days"] >= params.whole("burst_off_days")
    )
    bunches = np.maximum(bunched.season, bunched.off)  # the aftermath's own are too few to tell
    low, high = stats_counts.expected_ratio(after, before, bunches)
    return Estimate(
        "cliff",
        "all",
        ratio(after, before),
        reason,
        numerator=after,
        denominator=before,
        covered_days=people.spread(keys, 2 * table["cliff_days"] * table["election_count"]),
        low=np.where(can_tell, low, np.nan),
        high=np.where(can_tell, high, np.nan),
        dispersion_in=np.where(can_tell, bunched.season, np.nan),
        dispersion_off=np.where(can_tell, bunched.off, np.nan),
        word=np.where(can_tell, no_words(people.size), attitude.DESCRIPTIVE),
        is_comparable=can_tell,
    )
