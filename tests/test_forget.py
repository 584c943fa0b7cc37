"""Forgetting: a citizen's rows are gone, come back in no later run, and age out of the store."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from ingest.duration import duration
from ingest.errors import RosterError, SourceError, StoreError
from ingest.forgetting import Forgotten, forget, forget_older, keys_of
from ingest.http import Config, Http
from ingest.model import Account, Batch, Kind, Known, Post, Received
from ingest.privacy import Keys
from ingest.rotation import rotate
from ingest.rows import NotCitizens
from ingest.store import Store
from tests.collecting import NOW, Invented, collect, last_page, page, write_roster
from tests.invented import AN, SECRET, bytes_of, moment, walk_of

GONE = "burger1@elders.example"


class Talking(Invented):
    """The invented world by Mastodon's ids, with mentions that the forgotten citizen wrote too."""

    def walk(self, account: Account, known: Known, http: Http, config: Config) -> Generator[Batch]:
        for number in range(4):
            found = page(account, number, known)
            named = Received(
                uri=f"https://elders.example/{account.account_id}/noemt/{number}",
                created_at=moment(number),
                author=GONE,
                text="@an kom eens kijken?",
                parent_uri=None,
                root_uri=None,
                is_mention=True,
            )
            yield replace(found, received=(*found.received, named))
        yield last_page(account)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    (tmp_path / "winterslaap.key").write_bytes(SECRET)
    write_roster(tmp_path, per_host=1)
    again(tmp_path)
    return tmp_path


def again(data_dir: Path) -> Any:
    return collect(data_dir, Talking())


def opened(data_dir: Path) -> Store:
    return Store(data_dir / "winterslaap.duckdb", (data_dir / "winterslaap.key").read_bytes())


def of(store: Store, name: str = GONE) -> int:
    return store.keys.partner("feeds", name)  # the invented world's platform


def traces(store: Store, key: int) -> dict[str, int]:
    """How often a hash stands in each column of hashes, but for the suppression."""
    columns = store.rows(
        "select table_name, column_name from duckdb_columns() where not internal "
        "and column_name like '%\\_key' escape '\\' and table_name <> 'suppression'"
    )
    counts = {
        f"{table}.{column}": store.rows(f"select count(*) from {table} where {column} = ?", [key])
        for table, column in columns
    }
    return {name: rows[0][0] for name, rows in counts.items() if rows[0][0]}


def test_every_trace_of_a_citizen_goes_and_a_dry_run_says_how_many(data_dir: Path) -> None:
    with opened(data_dir) as store:
        key = of(store)
        there = traces(store, key)
        assert set(there) == {"received.asker_key", "post.partner_key"}
        others = store.rows("select count(*) from received where asker_key <> ?", [key])
        would = forget(store, [key], NOW, is_dry=True)
        assert would == Forgotten(there["received.asker_key"], there["post.partner_key"])
        assert traces(store, key) == there
        assert not store.forgotten()
        assert forget(store, [key], NOW) == would
        assert traces(store, key) == {}
        assert store.rows("select count(*) from received where asker_key <> ?", [key]) == others
        assert store.forgotten() == {key}
        assert not store.rows("select 1 from meta where name = 'erased_in'")


def test_the_next_run_brings_nothing_back_also_no_mention(data_dir: Path) -> None:
    with opened(data_dir) as store:
        key = of(store)
        forget(store, [key], NOW)
        posts = store.rows("select * from post order by all")
    assert {ran.status for ran in again(data_dir).accounts} == {"unchanged"}
    with opened(data_dir) as store:
        assert traces(store, key) == {}
        assert store.rows("select * from post order by all") == posts


def test_a_forgotten_citizen_stays_forgotten_when_the_key_is_rotated(data_dir: Path) -> None:
    with opened(data_dir) as store:
        forget(store, [of(store)], NOW)
    rotate(data_dir / "winterslaap.duckdb", data_dir / "winterslaap.key")
    again(data_dir)
    with opened(data_dir) as store:
        assert store.forgotten() == {of(store)}
        assert traces(store, of(store)) == {}
        assert forget(store, [of(store)], NOW) == Forgotten(0, 0)
        assert len(store.rows("select * from suppression")) == 1


def test_a_thread_that_the_citizen_began_no_longer_leads_to_them(data_dir: Path) -> None:
    start = "at://did:plc:burger/app.bsky.feed.post/1"
    answer = Post(
        uri="at://did:plc:an/app.bsky.feed.post/9",
        created_at=moment(9),
        kind=Kind.REPLY,
        text="Dag!",
        parent_uri=start,
        root_uri=start,
        partner="did:plc:burger",
    )
    with opened(data_dir) as store:
        walk_of(store).append(Batch(posts=(answer,)))
        forget(store, [store.keys.partner("bluesky", "did:plc:burger")], NOW)
        assert traces(store, store.keys.item(start)) == {}
        others = NotCitizens(forgotten=store.forgotten())
        walk_of(store, AN, others=others).append(Batch(posts=(answer,)))
        assert traces(store, store.keys.item(start)) == {}
        assert store.rows("select count(*) from post where uri = ?", [answer.uri]) == [(1,)]


def test_somebody_in_the_roster_cannot_be_forgotten(data_dir: Path) -> None:
    with opened(data_dir) as store:
        watched = store.rows("select partner_key from own_key")[0][0]
        with pytest.raises(StoreError, match="in the roster → take it off there first"):
            forget(store, [of(store), watched], NOW)
        assert traces(store, of(store))
        assert not store.forgotten()


def test_a_killed_forget_is_finished_by_the_next_run(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(data_dir) as store, monkeypatch.context() as patch:
        patch.setattr(Store, "compact", lambda _: None)
        forget(store, [of(store)], NOW)
        assert store.rows("select value from meta where name = 'erased_in'") == [("forget",)]
    again(data_dir)
    with opened(data_dir) as store:
        assert not store.rows("select 1 from meta where name = 'erased_in'")


def test_all_or_nothing_when_the_disk_is_full(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    with opened(data_dir) as store:
        there = traces(store, of(store))
        monkeypatch.setattr(store, "insert", full)
        with pytest.raises(OSError, match="No space"):
            forget(store, [of(store)], NOW)
        assert traces(store, of(store)) == there


def test_what_citizens_wrote_ages_out_and_stays_out(data_dir: Path) -> None:
    before = moment(2)
    with opened(data_dir) as store:
        counts = "select count(*) filter (created_at < ?), count(*) from received"
        old, everything = store.rows(counts, [before.replace(tzinfo=None)])[0]
        assert 0 < old < everything
        told = "select count(*) from post where partner_key is not null and created_at < ?"
        replies = store.rows(told, [before.replace(tzinfo=None)])[0][0]
        posts = store.rows("select count(*) from post")
        would = forget_older(store, before, is_dry=True)
        assert store.kept_from() is None
        assert forget_older(store, before) == would == Forgotten(old, replies)
        assert store.rows(counts, [before.replace(tzinfo=None)])[0] == (0, everything - old)
        assert store.rows(told, [before.replace(tzinfo=None)]) == [(0,)]
        assert store.rows("select count(*) from post") == posts
    assert {ran.status for ran in again(data_dir).accounts} == {"unchanged"}
    with opened(data_dir) as store:
        assert store.rows(counts, [before.replace(tzinfo=None)])[0] == (0, everything - old)
        forget_older(store, moment(1))  # an earlier moment brings nothing back
        assert store.kept_from() == before.replace(tzinfo=None)


def test_politicians_are_not_forgotten_with_age(data_dir: Path) -> None:
    with opened(data_dir) as store:
        key = of(store)
        store.insert("known_key", [(key, "politician", None)])
        there = traces(store, key)
        forget_older(store, NOW)
        assert traces(store, key) == there


KEYS = Keys(SECRET)


@pytest.mark.parametrize(
    ("handle", "key"),
    [
        ("did:plc:burger", KEYS.partner("bluesky", "did:plc:burger")),
        ("burger.example", KEYS.partner("bluesky", "did:plc:gevonden")),
        ("@Burger.Example", KEYS.partner("bluesky", "did:plc:gevonden")),
        ("https://bsky.app/profile/burger.example", KEYS.partner("bluesky", "did:plc:gevonden")),
        ("@Burger@Elders.example", KEYS.partner("mastodon", "burger@elders.example")),
        ("burger@elders.example:8080", KEYS.partner("mastodon", "burger@elders.example:8080")),
        (
            "blog.example/~Burger  De Burger",
            KEYS.partner("wordpress", "blog.example/~burger de burger"),
        ),
        ("https://Blog.example/12", KEYS.partner("wordpress", "blog.example/12")),
        ("https://elders.example/@Burger", KEYS.partner("mastodon", "burger@elders.example")),
    ],
)
def test_a_handle_is_understood_as_people_write_it(handle: str, key: int) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.params["handle"] == "burger.example"
        return httpx.Response(200, json={"did": "did:plc:gevonden"})

    with Http(Config(), transport=httpx.MockTransport(answer)) as http:
        found = keys_of([f" {handle} "], KEYS, http, Config())
    assert found[0] == key


def test_a_visitor_of_a_blog_is_forgotten_by_its_api_and_by_its_feeds() -> None:
    with Http(Config(), transport=httpx.MockTransport(lambda _: httpx.Response(404))) as http:
        found = keys_of(["blog.example/~Burger"], KEYS, http, Config())
    platforms = ("wordpress", "feeds")
    assert found == [KEYS.partner(each, "blog.example/~burger") for each in platforms]


def test_a_handle_that_leads_nowhere_is_told_without_repeating_it() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(400, json={"error": "InvalidRequest"})

    with Http(Config(), transport=httpx.MockTransport(answer)) as http:
        with pytest.raises(SourceError, match=r"handle 2: .* → give the account's DID") as unknown:
            keys_of(["did:plc:een", "burger.example"], KEYS, http, Config())
        with pytest.raises(RosterError, match="handle 1: found 'no handle'") as strange:
            keys_of(["Burger De Burger"], KEYS, http, Config())
    assert "burger" not in f"{unknown.value}{strange.value}".lower()


def test_nothing_of_the_citizen_is_in_a_file_afterwards(data_dir: Path) -> None:
    with opened(data_dir) as store:
        forget(store, [of(store)], NOW)
    for secret in (b"burger1", b"geheimvraag", b"kom eens kijken"):
        assert secret not in bytes_of(data_dir)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("90m", timedelta(minutes=90)),
        (" 6 h ", timedelta(hours=6)),
        ("28d", timedelta(days=28)),
        ("2w", timedelta(days=14)),
        ("8y", timedelta(days=2922)),
    ],
)
def test_a_stretch_of_time_is_read_as_people_write_it(text: str, found: timedelta) -> None:
    assert duration(text) == found


@pytest.mark.parametrize("text", ["", "6", "h", "0h", "-1h", "6 hours", "1.5h", "99999d"])
def test_any_other_stretch_of_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a number and m, h, d, w or y"):
        duration(text)
