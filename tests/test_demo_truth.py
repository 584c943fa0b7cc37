"""From servers to models: what is counted is what happened, person by person and day by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from ingest import collect, roster
from ingest.demo import prepare
from ingest.demo.council import SEED, council
from metrics import load, score, text

pytestmark = pytest.mark.local_days
COUNCIL = council(SEED)
# two platforms, cross-posts, imports, a loud citizen, a feed; the declined show nothing
WHO = (
    "wout-woordspel",
    "tuur-toverdorp",
    "hilde-hersenspinsel",
    "clement-chimere",
    "karel-karton",
    "leon-luchtbel",
)
COUNTS = ("posts", "replies", "citizen_replies", "quotes", "reposts", "threads")


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the marts of a few people, collected from the demo's servers."""
    data_dir = tmp_path_factory.mktemp("demo")
    with prepare(data_dir) as config:
        people = roster.read(data_dir)
        collect.run(data_dir, people, config, text_step=text, only=WHO)
    with duckdb.connect() as con:
        window = load.Window(date(2018, 1, 1), date(2025, 1, 1))
        load.load(con, data_dir / collect.STORE_FILE, people.tables(), window=window)
        score.compute(con)
        yield con


def test_every_day_counts_what_happened_on_it(scored: duckdb.DuckDBPyConnection) -> None:
    expected: dict[tuple[str, date], Counter[str]] = {}
    for day in COUNCIL.truth():
        if day.person_id in WHO and day.is_shown:
            row = expected.setdefault((day.person_id, day.on_day), Counter())
            row.update({name: getattr(day, name) for name in (*COUNTS, "own_acts")})
    found = {
        (person_id, on_day): Counter(dict(zip((*COUNTS, "own_acts"), counts, strict=True)))
        for person_id, on_day, *counts in scored.execute(
            f"select person_id, on_day, {', '.join(COUNTS)}, own_acts from day"
        ).fetchall()
    }
    assert {key: +row for key, row in found.items() if +row} == {
        key: +row for key, row in expected.items() if +row
    }


def test_every_question_is_answered_when_it_was_answered(
    scored: duckdb.DuckDBPyConnection,
) -> None:
    asked = {(q.person_id, int(q.at.timestamp())): q for q in COUNCIL.questions()}
    found = scored.execute(
        "select p.person_id, q.at, a.answer_seconds from question q "
        "join question_answer a using (person_key, item_key) join people p using (person_key)"
    ).fetchall()
    assert len(found) > 300
    for person_id, at, seconds in found:
        question = asked[person_id, at]
        answered_at = None if question.answered_at is None else question.answered_at.timestamp()
        in_time = None if seconds is None or seconds > 14 * 86_400 else at + seconds
        assert in_time == answered_at


def test_nearly_all_questions_are_recognised_and_nothing_else(
    scored: duckdb.DuckDBPyConnection,
) -> None:
    shown = [q for q in COUNCIL.questions() if q.person_id in set(WHO) - {"leon-luchtbel"}]
    (count,) = scored.execute("select count(*) from question").fetchall()[0]
    assert 0.85 * len(shown) <= count <= len(shown)


def test_the_winter_sleep_is_found_where_it_was(scored: duckdb.DuckDBPyConnection) -> None:
    sleeps = scored.execute(
        "select person_id, from_on, to_on, election_id from spell where is_winter_sleep"
    ).fetchall()
    acts = [
        day.on_day for day in COUNCIL.truth() if day.person_id == "karel-karton" and day.own_acts
    ]
    woke_on = min(on for on in acts if on.year == 2024)
    ((person_id, from_on, to_on, election_id),) = sleeps
    assert (person_id, from_on, election_id) == (
        "karel-karton",
        date(2018, 10, 16),
        "be-vlg-local-2018",
    )
    assert (woke_on - to_on).days == 1


def test_of_who_declined_nothing_is_stored(scored: duckdb.DuckDBPyConnection) -> None:
    days = scored.execute("select count(*) from day where person_id = 'leon-luchtbel'")
    assert days.fetchall() == [(0,)]
    status = scored.execute("select status from account where account_id = 'leon-luchtbel-bluesky'")
    assert status.fetchall() == [("declined",)]
