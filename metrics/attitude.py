"""Attitude: how much of what a person writes campaigns, serves or asks, and what came of it."""

from __future__ import annotations

import duckdb
import numpy as np

from metrics.estimates import (
    Columns,
    Estimate,
    Params,
    People,
    Words,
    fetch,
    first_reason,
    no_words,
)
from metrics.stats import Bools, Floats, jeffreys, ratio, sum_by
from metrics.text.quality import quality

PHASES = {"off_season": "off_days", "season": "season_days"}
SHARES = {"campaign_share": "campaign_count", "service_share": "service_count"}
DESCRIPTIVE = "descriptive"


def estimates(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> list[Estimate]:
    """Shares of campaign and service, asks and what followed, promises and what followed."""
    counts = fetch(con, "select * from attitude_count")
    word = words(con, people, params)
    unread = never_read(con, people)
    found = []
    for phase in PHASES:
        found += _shares(people, params, phase, counts, word)
    return [
        *found,
        _ask_months(con, people, params, unread),
        _follow_through(con, people, params, unread, word),
        _followed_up(con, people, params, unread, word),
    ]


def words(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> Words:
    """The word `descriptive`, but for those all of whose languages are read well enough."""
    enough = params.real("label_kappa")
    good = {
        score.language
        for score in quality()
        if (score.feature, score.value) == ("label", "all") and (score.kappa or 0.0) >= enough
    }
    spoken = fetch(con, "select * from person_language order by person_key, lang")
    is_good = np.array([lang in good for lang in spoken["lang"].tolist()], bool)
    person = people.place(spoken["person_key"])
    count = sum_by(person, people.size)
    is_read_well = (count > 0) & (sum_by(person, people.size, is_good) == count)
    return np.where(is_read_well, no_words(people.size), DESCRIPTIVE)


def never_read(con: duckdb.DuckDBPyConnection, people: People) -> Bools:
    """Who wrote on known days, without one text that was read."""
    counts = fetch(
        con,
        "select person_key, sum(act_count) as acts, sum(read_count) as reads "
        "from attitude_count group by person_key",
    )
    acts, reads = (people.spread(counts["person_key"], counts[name]) for name in ("acts", "reads"))
    never: Bools = (acts > 0) & (reads == 0)
    return never


def hardly_read(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> Bools:
    """Who wrote too much that was never read, in a season or outside it, to compare the two.

    Of the accounts that are compared: what stands on others neither hides nor dilutes it.
    """
    counts = fetch(
        con,
        "select s.person_key, s.phase, sum(s.act_count) as act_count, "
        "sum(case when s.label is null then s.act_count else 0 end) as unread_count "
        "from said_count s join stream_account a on a.account_key = s.account_key "
        "where s.phase in ('season', 'off_season') "
        "group by s.person_key, s.phase",
    )
    is_much = 100 * counts["unread_count"] > params.whole("unread_percent") * counts["act_count"]
    hardly = np.zeros(people.size, bool)
    hardly[people.place(counts["person_key"][is_much])] = True
    return hardly


def _shares(
    people: People, params: Params, phase: str, counts: Columns, word: Words
) -> list[Estimate]:
    rows = counts["phase"] == phase
    keys = counts["person_key"][rows]

    def of(name: str) -> Floats:
        return people.spread(keys, counts[name][rows])

    needed = params.whole("label_acts")
    n = of("read_count")
    reason = first_reason(
        people.size,
        (people.days["covered_days"] == 0, "no_coverage"),
        (~people.days["has_season"].astype(bool) & (phase == "season"), "no_season"),
        ((n < needed) & (of("act_count") >= needed), "not_observable"),
        (n < needed, "too_few"),
    )
    days = people.days[PHASES[phase]]
    found = [
        _share(name, phase, of(column), n, reason, days, word) for name, column in SHARES.items()
    ]
    if phase == "off_season":
        found.append(_share("asks_per_100", phase, of("ask_count"), n, reason, days, word, 100.0))
    return found


def _share(
    metric: str,
    phase: str,
    k: Floats,
    n: Floats,
    reason: Words,
    days: Floats,
    word: Words,
    times: float = 1.0,
) -> Estimate:
    low, high = jeffreys(k, n)
    return Estimate(
        metric,
        phase,
        times * ratio(k, n),
        reason,
        numerator=k,
        denominator=n,
        covered_days=days,
        low=times * low,
        high=times * high,
        effective_n=n,
        word=word,
        is_comparable=word != DESCRIPTIVE,
    )


def _ask_months(
    con: duckdb.DuckDBPyConnection, people: People, params: Params, unread: Bools
) -> Estimate:
    months = fetch(con, "select * from ask_month_count order by person_key")
    known, n, k = _spread(people, months, "known_months", "read_months", "ask_months")
    needed = params.whole("month_count")
    reason = first_reason(
        people.size,
        (people.days["covered_days"] == 0, "no_coverage"),
        (unread, "not_observable"),
        (known < needed, "too_short"),
        (n < needed, "not_observable"),
    )
    return Estimate(
        "ask_months",
        "all",
        12.0 * ratio(k, n),
        reason,
        numerator=k,
        denominator=n,
        covered_days=people.days["covered_days"],
        word=np.full(people.size, DESCRIPTIVE, object),  # it has no interval
        is_comparable=np.zeros(people.size, bool),
    )


def _follow_through(
    con: duckdb.DuckDBPyConnection, people: People, params: Params, unread: Bools, word: Words
) -> Estimate:
    counts = fetch(con, "select * from follow_through_count")
    n, k, citizens = _spread(people, counts, "ask_count", "answered_count", "citizen_count")
    shows = people.days["shows_replies"].astype(bool) & people.days["shows_received"].astype(bool)
    reason = first_reason(
        people.size,
        (~shows, "not_observable"),
        (people.days["covered_days"] == 0, "no_coverage"),
        (unread, "not_observable"),
        (citizens < params.whole("citizen_count"), "too_few"),
    )
    return _share("follow_through", "all", k, n, reason, people.days["covered_days"], word)


def _followed_up(
    con: duckdb.DuckDBPyConnection, people: People, params: Params, unread: Bools, word: Words
) -> Estimate:
    counts = fetch(con, "select * from promise_count")
    n, k, citizens = _spread(people, counts, "promise_count", "followed_count", "citizen_count")
    reason = first_reason(
        people.size,
        (~people.days["shows_replies"].astype(bool), "not_observable"),
        (people.days["observed_days"] == 0, "no_coverage"),
        (unread, "not_observable"),
        (n < params.whole("promise_count"), "too_few"),
        (citizens < params.whole("citizen_count"), "too_few"),
    )
    return _share("followed_up_in_public", "all", k, n, reason, people.days["observed_days"], word)


def _spread(people: People, counts: Columns, *names: str) -> list[Floats]:
    return [people.spread(counts["person_key"], counts[name]) for name in names]
