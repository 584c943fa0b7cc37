from __future__ import annotations

import random
import re
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import given

from metrics import models, score
from metrics.load import load
from tests.oracles import details
from tests.oracles.compare import assert_same
from tests.oracles.database import EPOCH
from tests.oracles.effort import examples
from tests.oracles.loading import Reading
from tests.oracles.stores import WINDOW, stores
from tests.test_load import Store, utc

pytestmark = pytest.mark.local_days

Row = dict[str, Any]
INPUTS = {
    "posts": "select p.*, account_id from posts p join accounts using (account_key)",
    "received": "select r.*, account_id from received r join accounts using (account_key)",
    "accounts": "from accounts",
    "spans": "select s.*, account_id from spans s join accounts using (account_key)",
}
MARTS = ("account", "coverage", "collect_run", "problem", "thread_partial", "person", "run")
COPY = ["run", "1", "code", datetime(2025, 1, 2), "hash", 1]  # noqa: DTZ001


def loaded(store: Store, queries: dict[str, str], *, is_scored: bool = False) -> dict[str, Any]:
    with TemporaryDirectory() as folder, closing(duckdb.connect()) as con:
        load(con, store.write(Path(folder) / "store.duckdb"), store.roster(), window=WINDOW)
        if is_scored:
            con.execute("insert into run_detail values (?, ?, ?, ?, ?, ?)", COPY)
            score.compute(con, rules=())
        return {name: rows(con, query) for name, query in queries.items()}


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    """Rows with dates as day numbers."""
    found = con.sql(query).to_arrow_table().to_pylist()
    return [
        {name: (v - EPOCH).days if type(v) is type(EPOCH) else v for name, v in row.items()}
        for row in found
    ]


@examples(40)
@given(stores())
def test_what_counts_and_what_is_known_of_a_store_is_what_the_loops_find(store: Store) -> None:
    reading, found = Reading(store), loaded(store, INPUTS)
    assert_same(reading.posts(), found["posts"], ("post_key",))
    assert_same(reading.items(), found["received"], ("item_key",))
    assert_same(reading.accounts(), found["accounts"], ("account_id",))
    for account in reading.owners:
        for stream in ("acts", "received", "mentions"):
            spans = [
                range(row["first_day"], row["last_day"] + 1)
                for row in found["spans"]
                if (row["account_id"], row["stream"]) == (account, stream)
            ]
            days = {day for span in spans for day in span}
            assert days == reading.known_days(account, stream), (account, stream)


@examples(10)
@given(stores())
def test_order_and_repetition_of_a_store_change_nothing(store: Store) -> None:
    def sorted_rows() -> dict[str, list[Row]]:
        found = loaded(store, INPUTS)
        return {name: sorted(found[name], key=repr) for name in found}

    before, chance = sorted_rows(), random.Random(365)
    for table in ("post", "received", "span", "account_state"):
        kept = store.rows.get(table, [])
        kept += chance.sample(kept, len(kept) // 2)
        chance.shuffle(kept)
    assert sorted_rows() == before


@examples(15)
@given(stores())
def test_accounts_proofs_runs_and_people_are_what_the_loops_find(store: Store) -> None:
    reading = Reading(store)
    found = loaded(store, {name: f"from {name}" for name in MARTS}, is_scored=True)
    days = {"from_day": "from_on", "to_day": "to_on"}
    days |= {"valid_from_day": "valid_from_on", "valid_to_day": "valid_to_on"}
    days |= {"first_covered_day": "first_covered_on", "last_covered_day": "last_covered_on"}
    assert_same(details.accounts(reading), found["account"], ("account_id",), days)
    key = ("account_id", "stream", "proof", "from_day")
    assert_same(details.coverage(reading), found["coverage"], key, days)
    assert_same(details.collect_runs(reading), found["collect_run"], ("run_id",))
    assert_same(details.problems(reading), found["problem"], ("account_id",))
    assert_same(details.threads(reading), found["thread_partial"], ("person_id",))
    assert_same(details.people(reading), found["person"], ("person_id",))
    days = {"window_from_day": "window_from_on", "window_to_day": "window_to_on"}
    assert_same([details.copy_facts(reading, *COPY)], found["run"], ("run_id",), days)


def test_the_choices_of_a_copy_are_those_of_the_file() -> None:
    text = (Path(models.__file__).parent / "params.sql").read_text("utf-8")
    told = dict(re.findall(r"^--   (\w+): (.+)$", text, re.MULTILINE))
    headline = {
        name: value.removesuffix(" as double)").removeprefix("cast(").strip("'")
        for value, name in re.findall(r"^    (.+) as (\w+),?$", text, re.MULTILINE)
    }
    with closing(duckdb.connect()) as con:
        models.prepare(con, start_day=19_790, end_day=19_890, answer_window_days=7)
        score.compute(con, rules=())
        found = {row["name"]: (row["value"], row["description"]) for row in rows(con, "from param")}
    changed = {"start_day": "19790", "end_day": "19890", "answer_window_days": "7"}
    assert found.keys() == told.keys() == headline.keys()
    for name, (value, description) in found.items():
        assert description == told[name]
        expected = changed.get(name, headline[name])
        assert value.lower() == expected or float(value) == float(expected), name


def walked(*spans: tuple[str, str, str]) -> Store:
    """One account; of each walk the first and last moment it knows, and when it said so."""
    store = Store()
    store.person()
    store.account()
    for first, last, seen in spans:
        store.span(first, last, seen=seen)
    return store


def late(store: Store) -> list[int]:
    found = loaded(store, {"posts": "select post_key from posts where is_backdated order by 1"})
    return [row["post_key"] for row in found["posts"]]


def test_an_item_on_a_day_that_two_walks_knew_together_is_backdated() -> None:
    noon = "2024-04-10 10:00"
    store = walked(("2024-04-01 00:00", noon, noon), (noon, "2024-04-20 10:00", "2024-04-20 10:00"))
    store.post(1, "2024-04-10 09:00", seen_at=utc("2024-05-01 00:00"))
    store.post(2, "2024-04-10 15:00", seen_at=utc("2024-05-01 00:00"))
    store.post(3, "2024-04-10 15:00", seen_at=utc("2024-04-15 00:00"))  # seen by the second walk
    assert late(store) == [1, 2]
    store.rows["span"][1]["start_at"] = utc("2024-04-10 10:01")  # a minute that nobody knows
    assert late(store) == []


def test_all_that_one_walk_proved_was_known_at_once() -> None:
    seen = "2024-05-01 00:00"
    early = ("2024-03-10 00:00", "2024-03-20 00:00", seen)
    later = ("2024-04-01 00:00", "2024-04-20 00:00", seen)
    for spans in ((early, later), (later, early)):
        store = walked(*spans)
        store.post(1, "2024-04-10 12:00", seen_at=utc("2024-06-01 00:00"))
        store.post(2, "2024-03-15 12:00", seen_at=utc("2024-06-01 00:00"))
        store.post(3, "2024-03-25 12:00", seen_at=utc("2024-06-01 00:00"))
        assert late(store) == [1, 2]


def test_a_backdated_claim_does_not_open_an_account() -> None:
    store = walked()
    store.post(1, "2024-04-10 12:00")
    store.post(2, "2010-01-01 12:00", indexed_at=utc("2024-04-11 12:00"))
    (account,) = loaded(store, {"accounts": "from accounts"})["accounts"]
    assert account["first_day"] == (date(2024, 4, 10) - EPOCH).days


@pytest.mark.parametrize("status", ["failed", "skipped"])
def test_a_walk_that_saw_nothing_is_no_first_walk_of_what_vanishes(status: str) -> None:
    store = walked(("2024-04-01 00:00", "2024-06-01 00:00", "2024-06-01 00:01"))
    store.post(1, "2024-05-20 12:00", seen_at=utc("2024-05-21 00:00"))
    store.post(1, "2024-05-20 12:00", seen_at=utc("2024-06-01 00:00"), is_deleted=True)
    query = {"spans": "select first_day from spans"}
    begun = {"account_id": "a", "run_id": "r", "began_at": utc("2024-04-09 22:00")}
    store.add("account_run", **begun, status=status)
    assert loaded(store, query)["spans"] == []
    store.add("account_run", **{**begun, "began_at": utc("2024-04-30 22:00")}, status="incomplete")
    assert loaded(store, query)["spans"] == [{"first_day": (date(2024, 5, 1) - EPOCH).days}]


def test_a_day_in_which_two_walks_meet_is_told_to_be_known() -> None:
    walks = [(f"2024-04-{n:02} 09:00", f"2024-04-{n + 1:02} 09:30") for n in range(1, 9)]
    store = walked(*((first, last, last) for first, last in walks))
    found = loaded(store, {"coverage": "from coverage"}, is_scored=True)["coverage"]
    days = [(row["from_on"], row["to_on"]) for row in found]
    assert days == [((date(2024, 4, 2) - EPOCH).days, (date(2024, 4, 8) - EPOCH).days)]
