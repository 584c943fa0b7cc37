"""The facts of one person from a connection in which everything is computed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import duckdb

from metrics.estimates import read_params
from metrics.models import HERE
from metrics.todo import facts
from metrics.todo.facts import Fact

EPOCH = date(1970, 1, 1)
Row = Mapping[str, Any]


def gather(con: duckdb.DuckDBPyConnection, person_key: int) -> tuple[Fact, ...]:
    """Everything that can be said of a person, the most pressing kind first.

    `con` holds the models, and the store under that name: links and own words come from it.
    """
    params = read_params(con)
    total = _rows(con, "select * from person_total where person_key = ?", person_key)[0]
    if total["last_day"] is None:
        return tuple(Fact(kind, "no_coverage") for kind in KINDS)
    as_of = _day(total["last_day"])
    own = _own_items(con)
    return (
        facts.open_questions(
            [
                facts.Question(
                    _day(row["day"]),
                    row["at"],
                    row["is_answered"],
                    own.get(row["own_key"], _NONE)[0],
                )
                for row in _asked(con, "question", person_key)
            ],
            as_of,
            params.whole("answer_window_days"),
            None if total["shows_answers"] else "not_observable",
        ),
        facts.rhythm(
            _runs(con, person_key),
            as_of,
            [params.whole(f"{name}_days") for name in ("quiet", "asleep", "abandoned")],
            params.whole("interval_count"),
            None if total["shows_acts"] else "not_observable",
        ),
        facts.promises(
            [
                facts.Promise(
                    _day(row["day"]),
                    row["is_followed"],
                    row["partner_key"],
                    *own.get(row["post_key"], _NONE),
                )
                for row in _of(con, "promise", person_key)
            ],
            as_of,
            params.whole("promise_days"),
            None if total["shows_replies"] else "not_observable",
        ),
        _campaign_talks(con, person_key, is_seen=bool(total["shows_replies"])),
        _selling(con, person_key),
        facts.ask_months(
            [
                facts.Month(_day(row["first_day"]).replace(day=1), row["has_ask"])
                for row in _of(con, "ask_month", person_key)
                if row["is_read"]
            ],
            as_of,
            params.whole("month_count"),
        ),
        facts.topics(
            [
                facts.Topic(row["topic"], _day(row["day"]), row["has_act"])
                for row in _asked(con, "raised_topic", person_key)
            ],
            None if total["shows_received"] else "not_observable",
        ),
    )


KINDS = ("question", "rhythm", "promise", "campaign_talk", "selling", "ask_month", "topic")
_NONE = ("", "")


def _campaign_talks(con: duckdb.DuckDBPyConnection, person_key: int, *, is_seen: bool) -> Fact:
    rows = _asked(con, "campaign_talk", person_key)
    season = None
    if rows:
        season = _day(rows[0]["season_first_day"]), _day(rows[0]["season_last_day"])
    elif _has_past_season(con, person_key):
        return Fact("campaign_talk", "too_few" if is_seen else "not_observable")
    talks = [
        facts.Talk(row["partner_key"], row["day_count"], _day(row["last_day"])) for row in rows
    ]
    return facts.campaign_talks(talks, season, None if is_seen else "not_observable")


def _has_past_season(con: duckdb.DuckDBPyConnection, person_key: int) -> bool:
    query = (
        "select s.person_key from season_run s join person_total t using (person_key) "
        "where s.person_key = ? and s.last_day < t.last_day"
    )
    return bool(_rows(con, query, person_key))


def _selling(con: duckdb.DuckDBPyConnection, person_key: int) -> Fact:
    query = (
        "select m.* from metric m join people p using (person_id) where p.person_key = ? "
        "and m.phase = 'off_season' and m.metric in ('campaign_share', 'service_share')"
    )
    found = {row["metric"]: row for row in _rows(con, query, person_key)}
    shares = [found[name] for name in ("campaign_share", "service_share")]
    campaign, service = (
        None if row["value"] is None else (row["value"], row["numerator"]) for row in shares
    )
    return facts.selling(
        campaign, service, shares[0]["denominator"] or 0, shares[0]["reason"] or "too_few"
    )


def _runs(con: duckdb.DuckDBPyConnection, person_key: int) -> list[list[date]]:
    runs: dict[int, list[date]] = {}
    query = "select * from active_day where person_key = ? order by day"
    for row in _rows(con, query, person_key):
        runs.setdefault(row["exposed_run"], []).append(_day(row["day"]))
    return list(runs.values())


def _own_items(con: duckdb.DuckDBPyConnection) -> dict[int, tuple[str, str]]:
    """Address and words of own items, by key."""
    rows = con.execute(
        "select post_key, max_by(uri, seen_at), max_by(text, seen_at) from store.post group by all"
    ).fetchall()
    return {key: (uri or "", text or "") for key, uri, text in rows}


def _asked(con: duckdb.DuckDBPyConnection, name: str, person_key: int) -> list[Row]:
    query = (HERE / "todo" / f"{name}.sql").read_text("utf-8")
    return _of(con, f"({query})", person_key)


def _of(con: duckdb.DuckDBPyConnection, rows: str, person_key: int) -> list[Row]:
    return _rows(con, f"select * from {rows} where person_key = ? order by all", person_key)  # noqa: S608


def _rows(con: duckdb.DuckDBPyConnection, query: str, *values: object) -> list[Row]:
    answer = con.execute(query, list(values))
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _day(number: int) -> date:
    return EPOCH + timedelta(days=int(number))
