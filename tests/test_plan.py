"""What a run costs: told before it, kept to its limits, and next to nothing when repeated."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import cli
from ingest import roster
from ingest.collect import plan_run, run
from ingest.collection import RunReport
from ingest.http import Config
from ingest.store import AccountRun, Store
from tests import breaking
from tests.invented import SECRET, FormText
from tests.loopback import Servers, serving

START = datetime(2024, 11, 1, tzinfo=UTC)


@dataclass
class Place:
    """A folder with the invented roster, and the invented servers on loopback."""

    data_dir: Path
    address: str
    servers: Servers
    asked: list[str] = field(default_factory=list)  # in the last run

    def collect(self, stage: int = 0, settings: dict[str, Any] | None = None, **more: Any) -> Any:
        plain = breaking.config_of(self.address, stage)
        changed = {name: getattr(plain, name) for name in plain.__dataclass_fields__}
        config = Config(**changed | {"timeout_seconds": 10.0} | (settings or {}))
        self.servers.handlers = breaking.world(stage)
        self.servers.asked.clear()
        people = roster.read(self.data_dir)
        report = run(self.data_dir, people, config, text_step=FormText(), **more)
        self.asked = [f"{one.url.host}{one.url.path}" for one in self.servers.asked]
        return report

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with Store(self.data_dir / "winterslaap.duckdb", SECRET) as store:
            return store.rows(query)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    servers = Servers()
    with serving(servers) as address:
        yield made(tmp_path, address, servers)


def made(folder: Path, address: str, servers: Servers) -> Place:
    breaking.write_roster(folder)
    (folder / "winterslaap.key").write_bytes(SECRET)
    return Place(folder, address, servers)


def requests_of(report: RunReport) -> dict[str, int]:
    return {ran.account_id: ran.request_count for ran in report.accounts}


# -- unchanged accounts


def test_an_unchanged_bluesky_account_costs_one_request_for_its_acts(place: Place) -> None:
    place.collect(only=["bluesky"])
    report = place.collect(only=["bluesky"])
    assert [ran.status for ran in report.accounts] == ["unchanged"]
    methods = Counter(path.rpartition("/")[2] for path in place.asked)
    assert methods.pop("com.atproto.sync.getRepo") == 1
    # whether the people still agree to be shown: one request for 25 accounts
    assert methods.pop("app.bsky.actor.getProfiles") == 1
    own = place.rows("select count(*) from post where uri like '%/app.bsky.feed.post/%'")[0][0]
    assert methods.pop("app.bsky.feed.getPosts") == math.ceil(own / 25)
    young = [9 * n + 1 for n in range(40) if n % 3 and 9 * n + 1 < 28]
    assert methods == {"app.bsky.feed.getPostThread": len(young)}


def test_an_unchanged_mastodon_account_costs_one_request(place: Place) -> None:
    place.collect(only=["mastodon"])
    assert place.collect(only=["mastodon"]).accounts[0].status == "unchanged"
    listings = [path for path in place.asked if path.endswith("/statuses")]
    contexts = [path for path in place.asked if path.endswith("/context")]
    assert (len(listings), len(place.asked)) == (1, 1 + len(contexts))


def test_an_unchanged_feed_costs_one_request(place: Place) -> None:
    place.collect(only=["bea", "cas"])
    report = place.collect(only=["bea", "cas"])
    assert requests_of(report) == {"bea-feeds": 1, "cas-feeds": 1}


def test_a_feed_with_an_etag_is_asked_whether_it_changed_and_packed(place: Place) -> None:
    blog = breaking._blog(0, "archive")
    blog.has_etag = True
    handlers = {**breaking.world(0), "an.voorbeeld.example": blog}
    people, config = roster.read(place.data_dir), breaking.config_of(place.address, 0)
    place.servers.handlers = handlers
    for _ in range(2):
        place.servers.asked.clear()
        report = run(place.data_dir, people, config, text_step=FormText(), only=["bea"])
    (request,) = place.servers.asked
    assert request.headers["if-none-match"]
    assert request.headers["accept-encoding"] == "gzip"
    assert report.accounts[0].status == "unchanged"
    proofs = place.rows("select proof from span order by seen_at desc limit 1")
    assert proofs == [("unchanged",)]


def test_every_request_says_who_asks_and_how_to_reach_them(place: Place) -> None:
    place.collect(settings={"contact": "mail@voorbeeld.example"})
    agents = {request.headers["user-agent"] for request in place.servers.asked}
    (agent,) = agents
    assert re.fullmatch(r"Winterslaap/\S+ \(\+mail@voorbeeld\.example\)", agent)
    assert {request.headers["accept-encoding"] for request in place.servers.asked} == {"gzip"}


# -- limits


def test_only_the_named_are_asked_for(place: Place) -> None:
    report = place.collect(only=["an", "cas-feeds"])
    assert list(requests_of(report)) == ["an-mastodon", "cas-feeds"]
    hosts = {path.partition("/")[0] for path in place.asked}
    assert hosts.isdisjoint({"pds.example", "an.voorbeeld.example"})


def test_since_leaves_out_what_is_older_and_proves_nothing_before_it(place: Place) -> None:
    since = datetime(2024, 6, 1)  # noqa: DTZ001 (as the store holds moments)
    place.collect(settings={"since": since.date()})
    kinds = place.rows(
        "select account_id, min(coalesce(created_at, indexed_at)) from post group by all order by 1"
    )
    listed = {one.account_id for one in roster.read(place.data_dir).accounts}
    assert {name for name, _ in kinds} == listed
    assert all(at >= since for _, at in kinds)
    assert place.rows("select count(*) from span where start_at < '2024-06-01'") == [(0,)]


def test_max_requests_ends_a_run_and_later_ones_go_on_to_the_end(place: Place) -> None:
    report = place.collect(max_requests=6)
    assert report.status == "interrupted"
    assert len(place.asked) <= 6 + 3  # other hosts may be answering at that moment
    for _ in range(20):
        report = place.collect(max_requests=40)
        if report.status == "complete":
            break
    assert report.status == "complete"
    whole = made(place.data_dir / "whole", place.address, place.servers)
    whole.collect()
    posts = "select distinct uri from post order by 1"
    assert place.rows(posts) == whole.rows(posts)


# -- the plan


NAMED = ["an", "anna", "bea", "cas"]


def test_a_plan_without_a_store_states_what_it_assumes(tmp_path: Path) -> None:
    breaking.write_roster(tmp_path)
    planned = plan_run(tmp_path, roster.read(tmp_path), only=NAMED)
    assert planned.line == (
        "plan: 4 accounts (4 new), about 128 requests to 4 hosts, about 30 s "
        "(assumed per account: bluesky 60, feeds 4, mastodon 60)"
    )
    assert not (tmp_path / "winterslaap.duckdb").exists()


def test_a_plan_for_servers_on_this_machine_reckons_with_quick_answers(tmp_path: Path) -> None:
    breaking.write_roster(tmp_path)
    people = roster.read(tmp_path)
    near, far = (plan_run(tmp_path, people, only=NAMED, is_local=near) for near in (True, False))
    assert near.request_count == far.request_count
    assert near.seconds < far.seconds / 10


def test_a_plan_of_the_last_year_alone_is_a_smaller_one(tmp_path: Path) -> None:
    breaking.write_roster(tmp_path)
    since = datetime.now(UTC).date() - timedelta(days=365)
    planned = plan_run(tmp_path, roster.read(tmp_path), only=["an", "anna"], since=since)
    assert planned.request_count == 20  # of 120 for six years
    assert f"nothing before {since}" in planned.line


def test_a_plan_reckons_with_the_pauses_of_a_known_limit(tmp_path: Path) -> None:
    breaking.write_roster(tmp_path)
    ran(tmp_path, "an-mastodon", 650, 0)
    ran(tmp_path, "an-mastodon", 650, 1)
    people = roster.read(tmp_path)
    planned = plan_run(tmp_path, people, only=["an"])
    assert planned.seconds == 1_800.0  # 300 in 15 minutes, however quick the answers are


def ran(place: Path, account_id: str, requests: int, day: int, status: str = "complete") -> None:
    began = START + timedelta(days=day)
    platform = account_id.rpartition("-")[2]
    ended = began + timedelta(seconds=2 * requests)
    row = AccountRun(account_id, platform, began, ended, status, None, "", requests, 0, 0, 0, 0.0)
    with Store(place / "winterslaap.duckdb", SECRET) as store:
        store.record(f"run-{day}", row)


def test_a_plan_reckons_with_what_earlier_walks_cost(tmp_path: Path) -> None:
    breaking.write_roster(tmp_path)
    ran(tmp_path, "bea-feeds", 9, 0, "incomplete")
    ran(tmp_path, "bea-feeds", 30, 1)
    for day, requests in ((2, 2), (3, 4), (4, 3)):
        ran(tmp_path, "bea-feeds", requests, day, "unchanged")
    planned = plan_run(tmp_path, roster.read(tmp_path), only=["bea", "cas", "anna"])
    anna, bea, cas = sorted(planned.accounts, key=lambda one: one.account_id)
    assert (bea.request_count, bea.is_new, bea.basis) == (3, False, "own_walks")
    assert (cas.request_count, cas.is_new, cas.basis) == (30, True, "first_walks")
    assert (bea.seconds, cas.seconds) == (6.0, 60.0)  # two seconds a request
    assert (anna.basis, anna.seconds) == ("assumed", 120.0)  # measured elsewhere, all there is
    assert planned.seconds == 120.0  # three hosts, at the same time
    line = "plan: 3 accounts (2 new), about 93 requests to 3 hosts, about 2 min"
    assert planned.line.startswith(line)


def test_a_plan_tells_where_a_limit_ends_the_run(tmp_path: Path) -> None:
    breaking.write_roster(tmp_path)
    planned = plan_run(tmp_path, roster.read(tmp_path), only=["an"], max_requests=30)
    assert "about 60 requests to 1 host, about 15 s, stops after 30 requests" in planned.line


def test_the_plan_of_a_repeated_run_comes_true(place: Place) -> None:
    only = ["an", "bea", "cas"]
    place.collect(only=only)
    place.collect(only=only)
    planned = plan_run(place.data_dir, roster.read(place.data_dir), only=only)
    report = place.collect(only=only)
    assert planned.request_count == report.total("request_count") == len(place.asked)
    assert {one.account_id: one.request_count for one in planned.accounts} == requests_of(report)


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str]) -> Any:
    def said(*arguments: object) -> SimpleNamespace:
        with pytest.raises(SystemExit) as ended:
            cli.main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return SimpleNamespace(code=ended.value.code, out=out, err=err)

    return said


def test_collect_plan_asks_nobody_and_changes_nothing(command: Any, tmp_path: Path) -> None:
    breaking.write_roster(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    said = command("collect", "--plan", "--only", "bea", "--only", "cas", "--data", tmp_path)
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[-1].startswith("plan: 2 accounts (2 new), about 8 requests")
    machine = command("collect", "--plan", "--json", "--since", "2020-01-01", "--data", tmp_path)
    told = json.loads(machine.out)
    assert told["since"] == "2020-01-01"
    assert {one["account_id"] for one in told["accounts"]} >= {"bea-feeds", "cas-feeds"}
    assert sorted(tmp_path.rglob("*")) == before
