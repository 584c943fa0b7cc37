"""Whether people still agree to be shown is asked for 25 accounts at once, in every run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from ingest import identities
from ingest.http import Config, Http
from ingest.model import Account
from ingest.store import Store
from tests.bluesky_world import NOW, World, days
from tests.invented import SECRET

ACCOUNTS = [
    Account(f"a{n:02d}-bluesky", f"a{n:02d}", "bluesky", f"a{n}.example") for n in range(30)
]


def did(number: int) -> str:
    return f"did:plc:{number:024d}"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "winterslaap.duckdb", SECRET) as store:
        at = store.next_moment(NOW - timedelta(days=1))
        shows = (True, True, True, False, True)
        store.insert(
            "account_state",
            [
                (a.account_id, "run", at, did(n), a.handle, "pds", "active", None, None, *shows)
                for n, a in enumerate(ACCOUNTS)
            ],
        )
        yield store


def asked_for(store: Store, answer: Any, accounts: list[Account]) -> tuple[Any, Http, list[int]]:
    counts: list[int] = []

    def reply(request: httpx.Request) -> httpx.Response:
        dids = request.url.params.get_list("actors")
        counts.append(len(dids))
        return answer(dids) if callable(answer) else answer

    config = Config(now=lambda: NOW, backoff_seconds=0.0)
    with Http(config, transport=httpx.MockTransport(reply)) as http:
        return identities.profiles(store, accounts, http, config), http, counts


def everybody_but_one(dids: list[str]) -> httpx.Response:
    listed = [{"did": name, "handle": "x"} for name in dids if name != did(7)]
    return httpx.Response(200, json={"profiles": [*listed, {"did": "did:plc:stranger"}, 3]})


def test_thirty_profiles_cost_two_requests(store: Store) -> None:
    found, http, counts = asked_for(store, everybody_but_one, ACCOUNTS)
    assert counts == [25, 5]
    assert set(found) == {a.account_id for n, a in enumerate(ACCOUNTS) if n != 7}
    assert found["a03-bluesky"].context == {"did": did(3)}
    assert sum(usage.request_count for usage in http.usage.values()) == 2


def test_only_the_accounts_of_the_run_are_asked_for(store: Store) -> None:
    new = Account("new-bluesky", "new", "bluesky", "new.example")
    blog = Account("a01-bluesky", "a01", "feeds", "https://a01.example")
    found, _, counts = asked_for(store, everybody_but_one, [ACCOUNTS[4], new, blog])
    assert (set(found), counts) == ({"a04-bluesky"}, [1])


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(501, json={"error": "MethodNotImplemented"}),
        httpx.Response(400, json={"error": "InvalidRequest"}),
        httpx.Response(200, content=b"no json"),
        httpx.Response(200, json={"profiles": None}),
    ],
)
def test_where_the_appview_does_not_answer_each_walk_asks_itself(
    store: Store, answer: httpx.Response
) -> None:
    assert asked_for(store, answer, ACCOUNTS)[0] == {}


def test_an_unchanged_account_of_old_posts_costs_one_request_beside_the_shared_one() -> None:
    world = World()
    for i in range(300):
        world.add(f"oud {i}", NOW - days(400 - i))
    known = world.walk().known
    world.calls.clear()
    again = world.walk(known, config={"now": lambda: NOW + timedelta(hours=6)})
    assert not again.posts
    assert dict(world.calls) == {
        "app.bsky.actor.getProfile": 1,  # in a run: a 25th of a request
        "com.atproto.sync.getRepo": 1,
    }
