"""What the score would be after four weeks of answers: they are added, and all is counted again.

Assumed: in the coming 28 days three answers a week go to citizens in public, each in a
thread of its own: first to those whose question is open and whose time is not over, then to
citizens who are new. Nothing else happens, and every day stays known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import pyarrow as pa

from metrics import models, score
from metrics.estimates import put, read_params
from metrics.models import HERE

WEEKS, WEEKDAYS = 4, (1, 3, 5)  # answers on the second, fourth and sixth day of each week
NOON, DAY_SECONDS = 43_200, 86_400
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Standing:
    """A score as it stands, with its interval, or why there is none."""

    score: float | None
    low: float | None
    high: float | None
    pillars: str  # those it rests on, joined by +
    reason: str | None
    points: Mapping[str, float | None]  # by pillar


@dataclass(frozen=True, slots=True)
class Ahead:
    """The score of today beside that of four weeks on."""

    now: Standing
    then: Standing | None
    reason: str | None = None  # why there is no other day: not_observable, not_eligible
    from_on: date | None = None
    to_on: date | None = None
    open_count: int = 0  # answers to questions that are open today
    new_count: int = 0  # answers to citizens who are new

    @property
    def is_comparable(self) -> bool:
        """Whether both scores are there and rest on the same pillars."""
        return (
            self.then is not None
            and self.now.score is not None
            and self.then.score is not None
            and self.now.pillars == self.then.pillars
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """One invented answer: on which day, to whom, in which thread."""

    day: int
    account_key: int
    partner_key: int
    root_key: int
    is_open: bool  # to a question that is open


@dataclass(frozen=True, slots=True)
class Open:
    """A question that an answer would still be in time for."""

    account_key: int
    asker_key: int
    root_key: int
    last_day: int


def answers(first_day: int, account_key: int, open_: list[Open], new_key: int) -> list[Answer]:
    """The answers from a day on; `open_` the oldest first, new citizens get keys from `new_key`."""
    left, made = list(open_), []
    for day in (first_day + 7 * week + place for week in range(WEEKS) for place in WEEKDAYS):
        left = [one for one in left if one.last_day >= day]
        if left:
            one = left.pop(0)
            made.append(Answer(day, one.account_key, one.asker_key, one.root_key, is_open=True))
        else:
            made.append(Answer(day, account_key, new_key, new_key, is_open=False))
            new_key += 1
    return made


def ahead(con: duckdb.DuckDBPyConnection, person_key: int) -> Ahead:
    """The score of one person in a scored connection, now and after four weeks of answers."""
    now = _standing(con, person_key)
    last_day, account_key = _last_day(con, person_key), _account(con, person_key)
    if last_day is None or account_key is None:
        return Ahead(now, None, "not_observable" if last_day else "no_coverage")
    first_day = last_day + 1
    made = answers(first_day, account_key, _open(con, person_key, first_day), _free_key(con))
    with _future(con, person_key, first_day, made):
        models.build(con)
        if not _days_that_count(con, person_key, first_day):
            return Ahead(now, None, "not_eligible")
        score.statistics(con, None, ())
        then = _standing(con, person_key)
    open_count = sum(one.is_open for one in made)
    from_on = EPOCH + timedelta(days=first_day)
    return Ahead(
        now,
        then,
        None,
        from_on,
        from_on + timedelta(days=7 * WEEKS - 1),
        open_count,
        len(made) - open_count,
    )


@contextmanager
def _future(
    con: duckdb.DuckDBPyConnection, person_key: int, first_day: int, made: list[Answer]
) -> Iterator[None]:
    """A schema with the days and answers to come, read before the main one and dropped after."""
    last_day = first_day + 7 * WEEKS - 1
    con.execute("create schema ahead")
    try:
        for table in ("params", "spans", "posts"):
            con.execute(f"create table ahead.{table} as from main.{table}")
        con.execute("create table ahead.days as from main.days limit 0")
        con.execute("set search_path = 'ahead,main'")
        con.execute("update params set end_day = greatest(end_day, ?)", [last_day + 1])
        con.execute((HERE / "load" / "days.sql").read_text("utf-8"))
        con.execute(
            "insert into spans by name select account_key, 'acts' as stream, "
            "?::integer as first_day, ?::integer as last_day from accounts where person_key = ?",
            [first_day, last_day, person_key],
        )
        put(con, "answer_to_come", _rows(con, person_key, made))
        con.execute("insert into posts by name from answer_to_come")
        yield
    finally:
        con.execute("reset search_path")
        con.execute("drop schema ahead cascade")


def _rows(con: duckdb.DuckDBPyConnection, person_key: int, made: list[Answer]) -> pa.Table:
    """The answers as rows of `posts`, read and about nothing."""
    first = _number(con, "select coalesce(max(post_key), 0) from posts where post_key < 1e18") or 0
    count = len(made)
    return pa.table(
        {
            "account_key": pa.array([one.account_key for one in made], pa.int32()),
            "person_key": pa.array([person_key] * count, pa.int32()),
            "post_key": pa.array([first + 1 + place for place in range(count)], pa.int64()),
            "at": pa.array([one.day * DAY_SECONDS + NOON for one in made], pa.int64()),
            "day": pa.array([one.day for one in made], pa.int32()),
            "kind": ["reply"] * count,
            "parent_key": pa.array([one.root_key for one in made], pa.int64()),
            "root_key": pa.array([one.root_key for one in made], pa.int64()),
            "partner_key": pa.array([one.partner_key for one in made], pa.int64()),
            "is_backdated": [False] * count,
            "is_crosspost": [False] * count,
            "is_redirect": [False] * count,
            "label": ["none"] * count,
            "asks_public": [False] * count,
            "promise": [False] * count,
            "topic_bits": pa.array([0] * count, pa.int64()),
        }
    )


def _open(con: duckdb.DuckDBPyConnection, person_key: int, first_day: int) -> list[Open]:
    """Open questions whose time is not over, the oldest first."""
    window = read_params(con).whole("answer_window_days")
    found = con.execute(
        "select r.account_key, q.asker_key, q.root_key, q.day from question q "
        "join question_answer a on a.person_key = q.person_key and a.item_key = q.item_key "
        "join received_item r on r.person_key = q.person_key and r.item_key = q.item_key "
        'where q.person_key = ? and a.answer_seconds is null order by q."at", q.item_key',
        [person_key],
    ).fetchall()
    rows = [Open(account, asker, root, day + window) for account, asker, root, day in found]
    return [one for one in rows if one.last_day >= first_day]


def _account(con: duckdb.DuckDBPyConnection, person_key: int) -> int | None:
    """The account on which the person replies most; None where no reply would be seen."""
    return _number(
        con,
        "select o.account_key from own_account o left join act a "
        "on a.account_key = o.account_key and a.kind = 'reply' "
        "where o.person_key = ? and o.shows_replies "
        "group by o.account_key order by count(a.post_key) desc, o.account_key limit 1",
        person_key,
    )


def _last_day(con: duckdb.DuckDBPyConnection, person_key: int) -> int | None:
    return _number(con, "select last_day from person_total where person_key = ?", person_key)


def _days_that_count(con: duckdb.DuckDBPyConnection, person_key: int, first_day: int) -> bool:
    """Whether the person still holds or seeks office on one of the days to come."""
    found = _number(
        con,
        "select count(*) from person_segment where person_key = ? and is_exposed and last_day >= ?",
        person_key,
        first_day,
    )
    return bool(found)


def _free_key(con: duckdb.DuckDBPyConnection) -> int:
    """The first of a stretch of keys that are nobody's and no item's."""
    return 1 + (
        _number(
            con,
            "select coalesce(max(key), 0) from (select partner_key as key from posts union all "
            "select root_key from posts union all select asker_key from received union all "
            "select partner_key from partners) where key < 1e18",
        )
        or 0
    )


def _standing(con: duckdb.DuckDBPyConnection, person_key: int) -> Standing:
    ((value, low, high, pillars, reason),) = con.execute(
        "select score, low, high, pillars, reason from stat_score where person_key = ?",
        [person_key],
    ).fetchall()
    points = con.execute(
        "select pillar, points from stat_pillar where person_key = ?", [person_key]
    ).fetchall()
    return Standing(value, low, high, pillars or "", reason, dict(points))


def _number(con: duckdb.DuckDBPyConnection, query: str, *values: object) -> int | None:
    found = con.execute(query, list(values)).fetchall()
    return int(found[0][0]) if found and found[0][0] is not None else None
