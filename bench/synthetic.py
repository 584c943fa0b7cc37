"""Invented councils of any size, written straight into a store's tables.

Only answers have texts, of invented words; people are called person-000001. What is drawn has
the shape of the real thing: bunched posts, busier seasons, threads, questions
of citizens of whom some ask often, answers after hours or days, redirects, two accounts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bench import answers

SCHEMA = Path(__file__).parent.parent / "ingest" / "schema.sql"
FIRST_ON, LAST_ON = date(2020, 1, 1), date(2025, 1, 1)
WALKED = datetime(2025, 1, 1, 12)  # noqa: DTZ001 (the store's moments are UTC without zone)
DAY = 86_400
FIRST = int((datetime(2020, 1, 1) - datetime(1970, 1, 1)).total_seconds())  # noqa: DTZ001
DAYS = (LAST_ON - FIRST_ON).days
SEASON = slice((date(2024, 7, 1) - FIRST_ON).days, (date(2024, 10, 13) - FIRST_ON).days + 1)
SAID = (  # label, asks the public, promises, topics, tone
    ("none", "false", "false", "", "null"),
    ("service_info", "false", "false", '"waste","mobility"', "null"),
    ("vote_ask", "false", "false", "", "0.4404"),
    ("ask_public", "true", "false", '"housing"', "-0.2263"),
    ("help_thank", "false", "true", '"green"', "0.6369"),
    ("none", "false", "false", '"mobility"', "0.0"),
)
FEATURES = tuple(
    '{"lang":"nl","is_question":false,"wants_answer":false,"is_abuse":false,'
    f'"is_redirect":{word},"label":"{label}","asks_public":{asks},"promise":{promises},'
    f'"topics":[{topics}],"tone":{tone},"fired":[],"version":"0123456789abcdef"}}'
    for word in ("false", "true")
    for label, asks, promises, topics, tone in SAID
)
CHUNK = 500  # people written at a time
RECEIVED = 0.3  # received items per own item

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Size:
    """How much to invent."""

    people: int
    posts: int  # own items per person
    received: float = RECEIVED
    seed: int = 365


def sized(word: str, people: int) -> Size:
    """The size with so many posts and received together: 1M, 10M, 50M."""
    rows = int(word.upper().replace("M", "000000"))
    return Size(people, round(rows / (1 + RECEIVED) / people))


def fill(store: Path, size: Size) -> dict[str, pa.Table]:
    """Write a store of this size and give back the roster's tables that go with it."""
    rng = np.random.default_rng(size.seed)
    roster = roster_tables(size.people)
    with duckdb.connect(str(store)) as con:
        con.execute(SCHEMA.read_text("utf-8"))
        _append(con, "run_event", _run_events())
        account_ids = roster["accounts"]["account_id"].to_pylist()
        for table, rows in _walks(account_ids).items():
            _append(con, table, rows)
        for table, rows in _items(rng, size):
            _append(con, table, rows)
    return roster


def roster_tables(people: int) -> dict[str, pa.Table]:
    """Councils of 25: a mayor, four aldermen, councillors; every fifth person has two accounts."""
    ids = [f"person-{i:06d}" for i in range(people)]
    office = [
        "mayor" if i % 25 == 0 else "alderman" if i % 25 < 5 else "councillor"
        for i in range(people)
    ]
    everyone = {
        "person_id": ids,
        "name": ids,
        "municipality": [f"town-{i // 25:04d}" for i in range(people)],
        "party": [f"party-{i % 7}" for i in range(people)],
        "language": ["nl"] * people,
        "timezone": ["Europe/Brussels"] * people,
        "is_invented": [True] * people,
        "note": [None] * people,
    }
    held = {
        "person_id": ids, "kind": ["mandate"] * people, "office": office,
        "level": ["local"] * people, "jurisdiction": ["BE-VLG"] * people,
        "election_id": pa.nulls(people, pa.string()), "from_on": [date(2019, 1, 1)] * people,
        "to_on": pa.nulls(people, pa.date32()),
    }  # fmt: skip
    owner = [i for i in range(people) for _ in range(2 if i % 5 == 0 else 1)]
    places = [n for i in range(people) for n in range(2 if i % 5 == 0 else 1)]
    accounts = {
        "account_id": [f"account-{i:06d}-{n}" for i, n in zip(owner, places, strict=True)],
        "person_id": [ids[i] for i in owner],
        "platform": [("bluesky", "mastodon")[n] for n in places],
        "handle": [f"handle-{i:06d}-{n}" for i, n in zip(owner, places, strict=True)],
        "run_by": ["self"] * len(owner),
        "valid_from": pa.nulls(len(owner), pa.date32()),
        "valid_to": pa.nulls(len(owner), pa.date32()),
    }
    elections = {
        "jurisdiction": ["BE-VLG"] * 2, "level": ["local"] * 2,
        "election_id": ["be-vlg-local-2018", "be-vlg-local-2024"],
        "day": [date(2018, 10, 14), date(2024, 10, 13)], "last_round": pa.nulls(2, pa.date32()),
        "called_on": pa.nulls(2, pa.date32()),
        "regulated_start": [date(2018, 7, 1), date(2024, 7, 1)], "applies_to": ["person"] * 2,
        "confidence": ["source"] * 2,
    }  # fmt: skip
    absences = {
        "person_id": pa.array([], pa.string()), "from_on": pa.array([], pa.date32()),
        "to_on": pa.array([], pa.date32()),
    }  # fmt: skip
    return {
        "people": pa.table(everyone), "mandates": pa.table(held), "accounts": pa.table(accounts),
        "elections": pa.table(elections), "absences": pa.table(absences),
    }  # fmt: skip


def _append(con: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    con.register("arriving", rows)
    con.execute(f"insert into {table} by name select * from arriving")  # noqa: S608
    con.unregister("arriving")


def _run_events() -> pa.Table:
    at = datetime(2025, 1, 1, 11), WALKED  # noqa: DTZ001
    return pa.table(
        {
            "run_id": ["walk"] * 2, "at": list(at), "event": ["began", "ended"],
            "status": ["running", "complete"], "message": [None, "all accounts walked"],
        }
    )  # fmt: skip


def _walks(account_ids: list[str]) -> dict[str, pa.Table]:
    """States, spans of the whole window and more, and complete walks of all accounts."""
    count = len(account_ids)
    began = datetime(2018, 1, 1)  # noqa: DTZ001
    both = account_ids * 2
    return {
        "account_state": pa.table(
            {
                "account_id": account_ids, "run_id": ["walk"] * count, "seen_at": [WALKED] * count,
                "status": ["active"] * count, "created_at": [began] * count,
                "shows_acts": [True] * count, "shows_replies": [True] * count,
                "shows_received": [True] * count, "shows_mentions": [False] * count,
                "is_full_history": [True] * count,
            }
        ),
        "span": pa.table(
            {
                "account_id": both, "run_id": ["walk"] * 2 * count, "seen_at": [WALKED] * 2 * count,
                "stream": ["acts"] * count + ["received"] * count, "start_at": [began] * 2 * count,
                "end_at": [WALKED] * 2 * count, "proof": ["listing_to_end"] * 2 * count,
            }
        ),
        "account_run": pa.table(
            {
                "run_id": ["walk"] * count, "account_id": account_ids,
                "source": ["bluesky"] * count,
                "began_at": [WALKED] * count, "ended_at": [WALKED] * count,
                "status": ["complete"] * count, "request_count": [2] * count,
                "post_count": [0] * count, "received_count": [0] * count,
            }
        ),
    }  # fmt: skip


def _items(rng: np.random.Generator, size: Size) -> Iterator[tuple[str, pa.Table]]:
    """Posts and received items, some hundred people at a time."""
    names = np.array([f"account-{i:06d}-{n}" for i in range(size.people) for n in range(2)])
    for begin in range(0, size.people, CHUNK):
        people = np.arange(begin, min(begin + CHUNK, size.people))
        own = _own(rng, people, size.posts)
        heard = _heard(rng, own, size.received)
        replies = _answers(rng, heard)
        yield "post", _post_rows(rng.spawn(1)[0], names, own, replies)
        yield "received", _received_rows(names, heard)


def _own(rng: np.random.Generator, people: Ints, posts: int) -> dict[str, Ints]:
    """Items of their own accord, in bunched weeks, more of them in season."""
    weeks = DAYS // 7 + 1
    lively = rng.gamma(0.8, size=(people.size, weeks))
    campaign = 1.0 + rng.gamma(0.5, 3.0, size=people.size)[:, None]
    daily = np.repeat(lively, 7, axis=1)[:, :DAYS]
    daily[:, SEASON] *= campaign
    heights = np.cumsum(daily, axis=1)
    heights /= heights[:, -1:]
    counts = rng.poisson(posts * 0.85, size=people.size)
    owner = np.repeat(np.arange(people.size), counts)
    flat = np.searchsorted(
        (heights + np.arange(people.size)[:, None]).ravel(), rng.random(owner.size) + owner
    )
    day = np.minimum(flat - owner * DAYS, DAYS - 1)
    at = FIRST + day * DAY + rng.integers(0, DAY, owner.size)
    order = np.lexsort((at, owner))
    owner, at = owner[order], at[order]
    kind = rng.choice(5, size=owner.size, p=[0.5, 0.12, 0.2, 0.06, 0.12])
    key = rng.integers(1, 2**62, owner.size)
    is_first = np.r_[True, owner[1:] != owner[:-1]]
    kind[is_first] = 0
    before = np.r_[key[:1], key[:-1]]
    return {
        "person": people[owner], "at": at, "kind": kind, "key": key, "before": before,
        "place": np.where(people[owner] % 5 == 0, rng.integers(0, 2, owner.size), 0),
        "partner": _somebody(rng, people[owner]), "root": rng.integers(1, 2**62, owner.size),
    }  # fmt: skip


def _somebody(rng: np.random.Generator, person: Ints) -> Ints:
    """A citizen of the person's town; a few come back very often."""
    return person // 25 * 1_000_000 + (rng.pareto(0.9, person.size) * 20).astype(np.int64) % 5_000


def _heard(rng: np.random.Generator, own: dict[str, Ints], share: float) -> dict[str, Ints]:
    """Replies of citizens under posts, within hours; half of them ask something."""
    posts = np.flatnonzero(own["kind"] == 0)
    under = rng.choice(posts, size=int(own["at"].size * share / 0.85))
    at = own["at"][under] + rng.exponential(20_000, under.size).astype(np.int64)
    return {
        "person": own["person"][under], "place": own["place"][under], "root": own["key"][under],
        "at": at, "asker": _somebody(rng, own["person"][under]),
        "key": rng.integers(1, 2**62, under.size), "question": rng.integers(0, 2, under.size),
    }  # fmt: skip


def _answers(rng: np.random.Generator, heard: dict[str, Ints]) -> dict[str, Ints]:
    """Replies to half of what is asked, after hours or days."""
    which = np.flatnonzero((heard["question"] == 1) & (rng.random(heard["at"].size) < 0.55))
    return {
        "person": heard["person"][which], "place": heard["place"][which],
        "root": heard["root"][which], "partner": heard["asker"][which],
        "before": heard["key"][which], "key": rng.integers(1, 2**62, which.size),
        "at": heard["at"][which] + rng.exponential(150_000, which.size).astype(np.int64),
        "kind": np.full(which.size, 2), "redirect": (rng.random(which.size) < 0.1).astype(np.int64),
    }  # fmt: skip


def _post_rows(
    rng: np.random.Generator,
    names: NDArray[np.str_],
    own: dict[str, Ints],
    replies: dict[str, Ints],
) -> pa.Table:
    own = {**own, "redirect": np.zeros(own["at"].size, np.int64)}
    rows = {name: np.concatenate([own[name], replies[name]]) for name in replies}
    kinds = pa.array(["post", "self_reply", "reply", "quote", "repost"])
    kind = rows["kind"]
    starts = (kind == 0) | (kind == 3) | (kind == 4)
    count = kind.size
    return pa.table(
        {
            "account_id": pa.array(names[rows["person"] * 2 + rows["place"]]),
            "run_id": pa.array(["walk"] * count),
            "seen_at": pa.array(np.full(count, np.datetime64(WALKED, "us"))),
            "post_key": rows["key"],
            "created_at": pa.array(rows["at"] * 1_000_000).cast(pa.timestamp("us")),
            "indexed_at": pa.array(rows["at"] * 1_000_000).cast(pa.timestamp("us")),
            "kind": kinds.take(pa.array(kind)),
            "parent_key": pa.array(rows["before"], mask=(kind == 0) | (kind == 4)),
            "root_key": np.where(
                starts, rows["key"], np.where(kind == 1, rows["before"], rows["root"])
            ),
            "partner_key": pa.array(rows["partner"], mask=(kind != 2) & (kind != 3)),
            "merge_key": rows["key"] + 1,
            "features": pa.array(FEATURES).take(
                pa.array(rows["redirect"] * len(SAID) + rows["key"] % len(SAID))
            ),
            **answers.columns(rng, rows["person"], (kind == 2) | (kind == 3)),
            "is_pinned": np.zeros(count, bool),
            "is_deleted": np.zeros(count, bool),
        }
    )


def _received_rows(names: NDArray[np.str_], heard: dict[str, Ints]) -> pa.Table:
    count = heard["at"].size
    return pa.table(
        {
            "account_id": pa.array(names[heard["person"] * 2 + heard["place"]]),
            "run_id": pa.array(["walk"] * count),
            "seen_at": pa.array(np.full(count, np.datetime64(WALKED, "us"))),
            "item_key": heard["key"],
            "created_at": pa.array(heard["at"] * 1_000_000).cast(pa.timestamp("us")),
            "indexed_at": pa.array(heard["at"] * 1_000_000).cast(pa.timestamp("us")),
            "asker_key": heard["asker"],
            "parent_key": heard["root"],
            "root_key": heard["root"],
            "is_mention": np.zeros(count, bool),
            "is_question": heard["question"] == 1,
            "is_abuse": np.zeros(count, bool),
            "similarity_key": heard["key"] + 1,
            "features": pa.array(FEATURES).take(pa.array(heard["key"] % len(SAID))),
            "is_deleted": np.zeros(count, bool),
        }
    )
