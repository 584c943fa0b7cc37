"""Invented accounts, citizens and texts, and the plainest text step, for tests of `ingest`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import duckdb

from ingest.model import Account, Kind, Post, Received
from ingest.rows import NotCitizens
from ingest.store import Store
from ingest.walk import Walk

SECRET = bytes(range(32))
START = datetime(2024, 1, 1, 12, tzinfo=UTC)
AN = Account("an-bluesky", "an-voorbeeld", "bluesky", "an.voorbeeld.example")
OWN = "did:plc:an"
CITIZEN = "did:plc:verzonnenburger"


@dataclass(frozen=True)
class FormFeatures:
    lang: str | None
    wants_answer: bool
    is_abuse: bool

    def to_json(self) -> str:
        return json.dumps({"wants_answer": self.wants_answer, "version": "test"})


class FormText:
    """Reads nothing but the form: a question mark asks."""

    def __init__(self) -> None:
        self.read_count = 0

    def read(
        self,
        texts: Sequence[str],
        *,
        langs: Sequence[str | None],
        direction: Literal["sent", "received"],
    ) -> list[FormFeatures]:
        self.read_count += len(texts)
        return [
            FormFeatures(lang, "?" in text and direction == "received", "sukkel" in text)
            for text, lang in zip(texts, langs, strict=True)
        ]

    def similarity_text(self, text: str) -> str:
        return " ".join(re.sub(r"https?://\S+|@[\w.-]+", " ", text.casefold()).split())


class Clock:
    """A clock that goes on by one second each time it is read."""

    def __init__(self, at: datetime = START + timedelta(days=300)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def moment(day: float) -> datetime:
    return START + timedelta(days=day)


def post(name: str, day: float = 0, **values: Any) -> Post:
    values = {"created_at": moment(day), "kind": Kind.POST, "text": f"Bericht {name}"} | values
    return Post(uri=f"at://{OWN}/app.bsky.feed.post/{name}", **values)


def reply(name: str, to: str, day: float = 0, **values: Any) -> Post:
    parent = f"at://{to}/app.bsky.feed.post/vraag-{name}"
    values = {"partner": to, "parent_uri": parent, "root_uri": post("kop").uri} | values
    return post(name, day, kind=Kind.REPLY, **values)


def asked(name: str, day: float = 0, author: str = CITIZEN, **values: Any) -> Received:
    values = {
        "created_at": moment(day),
        "text": f"Wanneer komt {name}?",
        "parent_uri": post("kop").uri,
        "root_uri": post("kop").uri,
    } | values
    return Received(uri=f"at://{author}/app.bsky.feed.post/{name}", author=author, **values)


def walk_of(
    store: Store,
    account: Account = AN,
    run_id: str = "run-1",
    *,
    text: FormText | None = None,
    clock: Clock | None = None,
    others: NotCitizens | None = None,
) -> Walk:
    return Walk(
        store,
        account,
        run_id,
        text or FormText(),
        now=clock or Clock(),
        language="nl",
        others=others,
    )


LAST_WORDS: Mapping[str, str] = {
    "post": "account_id, uri",
    "received": "account_id, item_key",
    "thread": "account_id, root_key",
    "account_state": "account_id",
    "cursor_position": "account_id, name",
}


def last_words(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Per table the last row of each key, without who saw it when; spans as a set."""
    found = {
        table: store.rows(
            f"select * exclude (run_id, seen_at) from {table} "
            f"qualify row_number() over (partition by {key} order by seen_at desc) = 1 "
            f"order by {key}"
        )
        for table, key in LAST_WORDS.items()
    }
    found["span"] = store.rows("select distinct * exclude (run_id, seen_at) from span order by all")
    found["quarantine"] = store.rows(
        "select distinct * exclude (run_id, seen_at) from quarantine order by all"
    )
    return found


def bytes_of(folder: Path, *, is_open: bool = False) -> bytes:
    """Every byte of every file below a folder, and every text of every closed database unpacked."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    closed = [path for path in files if path.suffix == ".duckdb" and not is_open]
    unpacked = "\n".join(map(_texts_of, closed))
    return b"\n".join([*(path.read_bytes() for path in files), unpacked.encode()])


def _texts_of(path: Path) -> str:
    """What stands in the text columns of a database: its file may hold them compressed."""
    query = "select table_name, column_name from duckdb_columns() where data_type = 'VARCHAR'"
    with duckdb.connect(str(path), read_only=True) as con:
        columns = con.execute(query + " and not internal").fetchall()
        rows = [con.execute(f'select "{c}" from "{t}"').fetchall() for t, c in columns]
    return "\n".join(str(value) for column in rows for (value,) in column)
