"""Collecting: every account gets its turn and its row, and nothing stored is ever lost."""

from __future__ import annotations

import json
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from ingest import collect as collect_module
from ingest import roster
from ingest import store as store_module
from ingest import walk as walk_module
from ingest.collect import lanes, load_sources
from ingest.collection import Progress, RunReport
from ingest.errors import (
    AccountGone,
    RateLimited,
    RosterError,
    SourceUnavailable,
    StoreError,
)
from ingest.http import Config, Http
from ingest.model import Account, Batch, Known, Quarantined
from ingest.store import Store
from tests.collecting import (
    NOW,
    PAGES,
    PER_PAGE,
    Invented,
    collect,
    collecting,
    last_page,
    page,
    write_roster,
)
from tests.invented import SECRET, FormText, bytes_of, last_words

Walk = Callable[[Account, Known, Http, Config], Generator[Batch]]


class Scripted:
    """A source that does something else for some accounts."""

    def __init__(self, **scripts: Walk) -> None:
        self.scripts = scripts
        self.plain = Invented()

    def walk(self, account: Account, known: Known, http: Http, config: Config) -> Generator[Batch]:
        name = account.person_id.replace("-", "_")
        yield from self.scripts.get(name, self.plain.walk)(account, known, http, config)


@pytest.fixture(autouse=True)
def _every_page_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk_module, "MOST_ITEMS", 1)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    (tmp_path / "winterslaap.key").write_bytes(SECRET)
    write_roster(tmp_path)
    return tmp_path


def stored(data_dir: Path) -> Store:
    return Store(data_dir / "winterslaap.duckdb", SECRET)


def by_account(report: RunReport) -> dict[str, str]:
    return {ran.account_id: ran.status for ran in report.accounts}


def test_every_account_is_walked_to_its_end_and_has_its_row(data_dir: Path) -> None:
    report = collect(data_dir)
    assert report.status == "complete"
    assert set(by_account(report).values()) == {"complete"}
    assert report.total("post_count") == 6 * (PAGES * PER_PAGE + 1)
    assert report.accounts[0].message == (
        "feeds · mens-a0-feed: 121 posts and 36 received items new or changed; walked to its end"
    )
    with stored(data_dir) as store:
        assert store.rows("select status from run_event where event = 'ended'") == [("complete",)]
        rows = store.rows("select account_id, status, message from account_run order by 1")
        assert rows == [(r.account_id, r.status, r.message) for r in report.accounts]


def test_small_pages_are_stored_together(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk_module, "MOST_ITEMS", 1_000)
    monkeypatch.setattr(walk_module, "MOST_SECONDS", 60)
    error = SourceUnavailable("feeds", "mens-a0-feed", "no connection", "try again later")
    report = collect(data_dir, Scripted(mens_a0=fails_after(5, error)))
    assert report.total("post_count") == 5 * PER_PAGE + 5 * PAGES * PER_PAGE
    with stored(data_dir) as store:
        moments = store.rows("select count(distinct seen_at) from post group by account_id")
        assert moments == [(1,)] * 6


def test_a_second_run_adds_nothing_and_says_so(data_dir: Path) -> None:
    collect(data_dir)
    with stored(data_dir) as store:
        before = last_words(store)
    report = collect(data_dir)
    assert report.status == "complete"
    assert report.total("post_count") == report.total("received_count") == 0
    assert set(by_account(report).values()) == {"unchanged"}
    with stored(data_dir) as store:
        assert last_words(store) == before


def fails_after(pages: int, error: Exception) -> Walk:
    def walk(account: Account, known: Known, http: Http, config: Config) -> Generator[Batch]:
        for number in range(pages):
            yield page(account, number, known)
        raise error

    return walk


def test_one_account_failing_never_stops_the_others(data_dir: Path) -> None:
    gone = AccountGone("feeds", "mens-a0-feed", "answers 410", "take it off the roster")
    late = RateLimited("feeds", "mens-b0-feed", "asks to wait", "collect again later", NOW)
    report = collect(
        data_dir,
        Scripted(
            mens_a0=fails_after(0, gone),
            mens_b0=fails_after(3, late),
            mens_c0=fails_after(2, KeyError("@burger0.example zei geheimvraag")),
        ),
    )
    assert report.status == "incomplete"
    assert Counter(by_account(report).values()) == {"complete": 3, "failed": 2, "incomplete": 1}
    ran = {one.account_id: one for one in report.accounts}
    assert ran["mens-a0-feed"].message == str(gone)
    assert ran["mens-a0-feed"].error == "AccountGone"
    assert ran["mens-b0-feed"].post_count == 3 * PER_PAGE
    assert "KeyError at test_collect.py:" in ran["mens-c0-feed"].message
    with stored(data_dir) as store:
        assert store.rows("select count(*) from post where account_id = 'mens-b0-feed'") == [(30,)]
        proved = store.rows("select distinct account_id from span order by 1")
        assert proved == [("mens-a1-feed",), ("mens-b1-feed",), ("mens-c1-feed",)]


def test_an_account_that_is_gone_after_its_last_day_is_no_problem(data_dir: Path) -> None:
    accounts = data_dir / "rosters" / "voorbeeldstad" / "accounts.csv"
    header, *rows = accounts.read_text().splitlines()
    ended = [f"{row},{'2024-12-31' if 'mens-a0' in row else ''}" for row in rows]
    accounts.write_text("\n".join([f"{header},valid_to", *ended]))
    gone = AccountGone("feeds", "x", "answers 410", "take it off the roster")
    report = collect(data_dir, Scripted(mens_a0=fails_after(0, gone)))
    assert (report.status, by_account(report)["mens-a0-feed"]) == ("complete", "skipped")
    assert report.accounts[0].message == "feeds · mens-a0-feed: over since 2024-12-31, and gone now"
    report = collect(data_dir, Scripted(mens_a0=fails_after(0, gone), mens_a1=fails_after(0, gone)))
    assert by_account(report)["mens-a1-feed"] == "failed"


def test_an_account_cut_short_is_taken_up_again(data_dir: Path, tmp_path: Path) -> None:
    error = SourceUnavailable("feeds", "mens-a0-feed", "no connection", "try again later")
    collect(data_dir, Scripted(mens_a0=fails_after(5, error)))
    collect(data_dir)
    write_roster(tmp_path / "plain")
    (tmp_path / "plain" / "winterslaap.key").write_bytes(SECRET)
    collect(tmp_path / "plain")
    with stored(data_dir) as one, stored(tmp_path / "plain") as two:
        assert last_words(one) == last_words(two)


def quarantines(count: int) -> Walk:
    def walk(account: Account, known: Known, http: Http, config: Config) -> Generator[Batch]:
        bad = tuple(Quarantined(f"{account.handle}/bad{n}", "no date") for n in range(count))
        yield replace(page(account, 0, known), received=())
        for number in range(1, PAGES):
            yield replace(page(account, number, known), received=())
        yield replace(last_page(account), quarantined=bad)

    return walk


def test_more_than_one_in_a_hundred_unreadable_makes_a_run_incomplete_and_proves_nothing(
    data_dir: Path,
) -> None:
    report = collect(data_dir, Scripted(mens_a0=quarantines(2), mens_a1=quarantines(1)))
    assert by_account(report)["mens-a0-feed"] == "incomplete"
    assert by_account(report)["mens-a1-feed"] == "complete"
    (ran,) = (one for one in report.accounts if one.account_id == "mens-a0-feed")
    assert "2 of 123 items could not be read (first: no date)" in ran.message
    with stored(data_dir) as store:
        for table in ("span", "cursor_position"):
            rows = store.rows(f"select 1 from {table} where account_id = 'mens-a0-feed'")
            assert rows == []
        assert store.rows("select count(*) from quarantine") == [(3,)]


def test_accounts_on_one_host_wait_for_each_other_and_hosts_do_not(data_dir: Path) -> None:
    at_once: Counter[str] = Counter()
    most: Counter[str] = Counter()
    lock = threading.Lock()

    class Counting(Invented):
        def walk(
            self, account: Account, known: Known, http: Http, config: Config
        ) -> Generator[Batch]:
            host = account.handle.split("/")[2]
            with lock:
                at_once.update({host: 1, "all": 1})
                most.update({k: max(0, at_once[k] - most[k]) for k in (host, "all")})
            yield from super().walk(account, known, http, config)
            with lock:
                at_once.subtract({host: 1, "all": 1})

    collect(data_dir, Counting(0.01))
    assert most == {"a.example": 1, "b.example": 1, "c.example": 1, "all": 3}


def test_all_of_bluesky_is_one_host_and_the_longest_queue_comes_first() -> None:
    accounts = [
        Account("1", "x", "mastodon", "an@toet.example"),
        Account("2", "x", "bluesky", "an.example"),
        Account("3", "y", "bluesky", "bo.example"),
        Account("6", "y", "bluesky", "bo-2.example"),
        Account("4", "y", "feeds", "https://toet.example/@bo.rss"),
        Account("5", "y", "feeds", "https://bo.example:8080/feed"),
    ]
    found = [[account.account_id for account in lane] for lane in lanes(accounts)]
    assert found == [["2", "3", "6"], ["1", "4"], ["5"]]


def test_progress_counts_up_to_the_end(data_dir: Path) -> None:
    seen: list[Progress] = []
    report = collect(data_dir, on_progress=seen.append)
    assert (seen[-1].account_count, seen[-1].done_count) == (6, 6)
    assert seen[-1].post_count == report.total("post_count")
    assert [p.done_count for p in seen] == sorted(p.done_count for p in seen)
    assert [p.post_count for p in seen] == sorted(p.post_count for p in seen)


@pytest.mark.parametrize("name", ["mens-a0", "mens-a0-feed"])
def test_only_walks_what_it_names(data_dir: Path, name: str) -> None:
    assert list(by_account(collect(data_dir, only=[name]))) == ["mens-a0-feed"]


def test_only_refuses_a_name_that_is_not_in_the_roster(data_dir: Path) -> None:
    with pytest.raises(RosterError, match="--only: found 'mens-z'"):
        collect(data_dir, only=["mens-z", "mens-a0"])


def test_a_stopped_run_is_interrupted_and_goes_on_from_there(
    data_dir: Path, tmp_path: Path
) -> None:
    stop = threading.Event()

    def after_some(progress: Progress) -> None:
        if progress.post_count > 150:
            stop.set()

    report = collect(data_dir, Invented(0.002), stop=stop, on_progress=after_some)
    assert report.status == "interrupted"
    assert {"incomplete", "skipped"} <= set(by_account(report).values())
    assert len(report.accounts) == 6
    with stored(data_dir) as store:
        (event,) = store.rows("select status, message from run_event where event = 'ended'")
        assert event == (
            "interrupted",
            "stopped before its end → collect again, it goes on from here",
        )
    assert collect(data_dir).status == "complete"
    write_roster(tmp_path / "plain")
    (tmp_path / "plain" / "winterslaap.key").write_bytes(SECRET)
    collect(tmp_path / "plain")
    with stored(data_dir) as one, stored(tmp_path / "plain") as two:
        assert last_words(one) == last_words(two)


def test_ctrl_c_ends_a_process_with_a_consistent_store(data_dir: Path) -> None:
    with collecting(data_dir, 2.0) as process:
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    with stored(data_dir) as store:
        assert store.rows("select status from run_event where event = 'ended'") == [
            ("interrupted",)
        ]
        assert store.rows("select count(*) from account_run") == [(6,)]


def test_killed_again_and_again_the_store_ends_up_like_one_that_never_was(
    data_dir: Path, tmp_path: Path
) -> None:
    chance = random.Random(20241013)
    for _ in range(6):
        with collecting(data_dir, 0.1):
            time.sleep(chance.uniform(0, 0.4))
    report = collect(data_dir)
    assert report.status == "complete"
    write_roster(tmp_path / "plain")
    (tmp_path / "plain" / "winterslaap.key").write_bytes(SECRET)
    collect(tmp_path / "plain")
    with stored(data_dir) as one, stored(tmp_path / "plain") as two:
        assert last_words(one) == last_words(two)
        ended = one.rows(
            "select status, count(*) from run_event where event = 'ended' group by all order by 1"
        )
        assert ended == [("complete", 1), ("interrupted", 6)]
        assert one.rows("select count(*) from post where text like 'woorden 1 1 %'") == [(0,)]


def test_no_word_of_a_citizen_is_in_files_report_or_output(
    data_dir: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    gone = AccountGone("feeds", "x", "said @burger1.example", "ask did:plc:burger2")
    mistake = ValueError("burger3@elders.example zei geheimvraag")
    report = collect(
        data_dir, Scripted(mens_a0=fails_after(1, gone), mens_b0=fails_after(1, mistake))
    )
    said = repr(report) + "".join(capfd.readouterr()) + caplog.text
    for word in ("burger", "geheimvraag", "elders.example"):
        assert word not in said
        assert word.encode() not in bytes_of(data_dir)
    assert b"woorden 0 0" in bytes_of(data_dir)


def test_a_store_that_cannot_be_written_ends_the_run_in_one_line(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreError("store · x: disk full → make room, then collect again")

    monkeypatch.setattr(store_module.Store, "record", full)
    source = Invented(0.01)
    with pytest.raises(StoreError, match="disk full"):
        collect(data_dir, source)
    assert len(source.walked) <= 4
    monkeypatch.undo()
    assert collect(data_dir).status == "complete"


def test_a_store_in_use_is_told_before_anything_is_asked(data_dir: Path) -> None:
    source = Invented()
    with (
        collecting(data_dir, 0.2) as process,
        pytest.raises(StoreError, match=f"process {process.pid} is using it"),
    ):
        collect(data_dir, source)
    assert source.walked == []


def bluesky_roster(data_dir: Path) -> None:
    folder = data_dir / "rosters" / "voorbeeldstad"
    with (folder / "accounts.csv").open("a") as file:
        file.write("an-bluesky,mens-a0,bluesky,an.voorbeeld.example\n")
        file.write("bo-mastodon,mens-a1,mastodon,bo@toet.example\n")
    (folder / "known_accounts.csv").write_text(
        "platform,handle,class,person_id\n"
        "bluesky,krant.example,media,\n"
        "bluesky,weg.example,party,\n"
        "bluesky,did:plc:partij,party,\n"
        "bluesky,staf.example,own,mens-a0\n"
        "mastodon,partij@toet.example,party,\n"
    )


def resolver(asked: list[str]) -> httpx.MockTransport:
    def answer(request: httpx.Request) -> httpx.Response:
        handle = request.url.params["handle"]
        asked.append(handle)
        if handle == "weg.example":
            return httpx.Response(400, json={"error": "InvalidRequest"})
        return httpx.Response(200, json={"did": f"did:plc:{handle.split('.')[0]}"})

    return httpx.MockTransport(answer)


def nothing(account: Account, known: Known, http: Http, config: Config) -> Generator[Batch]:
    yield last_page(account)


def test_known_accounts_are_resolved_once_a_month_and_become_keys(data_dir: Path) -> None:
    bluesky_roster(data_dir)
    asked: list[str] = []
    quiet = Scripted(mens_a0=nothing, mens_a1=nothing)
    sources = {"feeds": quiet, "mastodon": quiet, "bluesky": quiet}
    options = {"sources": sources, "transport": resolver(asked), "only": ["mens-a0"]}
    report = collect(data_dir, **options)
    assert asked == ["an.voorbeeld.example", "krant.example", "staf.example", "weg.example"]
    (gone,) = (ran for ran in report.accounts if ran.status == "failed")
    assert gone.account_id == "known:weg.example"
    assert "correct or remove it in known_accounts.csv" in gone.message
    collect(data_dir, **options)
    assert asked[4:] == ["weg.example"]
    later = Config(now=lambda: NOW + timedelta(days=31))
    collect(data_dir, **options, config=later)
    assert len(asked) == 9
    with stored(data_dir) as store:
        key = store.keys.partner
        assert (
            dict(store.rows("select partner_key, class from known_key")).items()
            >= {
                key("bluesky", "did:plc:krant"): "media",
                key("bluesky", "did:plc:partij"): "party",
                key("mastodon", "partij@toet.example"): "party",
                key("bluesky", "did:plc:an"): "politician",
                key("mastodon", "bo@toet.example"): "politician",
            }.items()
        )
        assert set(store.rows("select person_id, partner_key from own_key")) >= {
            ("mens-a0", key("bluesky", "did:plc:staf")),
            ("mens-a0", key("bluesky", "did:plc:an")),
            ("mens-a1", key("mastodon", "bo@toet.example")),
        }


def test_a_network_that_is_down_is_not_asked_about_every_known_account(data_dir: Path) -> None:
    bluesky_roster(data_dir)
    asked: list[str] = []

    def down(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        raise httpx.ConnectError("no route", request=request)

    quiet = Scripted(mens_a0=nothing, mens_a1=nothing)
    report = collect(
        data_dir,
        sources={"feeds": quiet, "mastodon": quiet, "bluesky": quiet},
        transport=httpx.MockTransport(down),
        config=Config(now=lambda: NOW, attempt_count=1),
    )
    assert len(asked) == 1
    assert report.status == "incomplete"


def test_the_report_can_be_written_as_json(data_dir: Path) -> None:
    report = collect(data_dir)
    assert report.began_at == datetime(2025, 2, 4, 12, tzinfo=UTC) == NOW
    assert json.loads(json.dumps([ran.message for ran in report.accounts]))


def test_the_real_sources_are_found_by_their_place() -> None:
    assert set(collect_module.load_sources()) >= {"bluesky", "mastodon", "feeds"}


def test_the_text_step_reads_each_own_text_once(data_dir: Path) -> None:
    text = FormText()
    collect(data_dir, text_step=text)
    first = text.read_count
    collect(data_dir, text_step=text)
    assert text.read_count - first == 6 * PAGES * 3  # received ones, whose text nobody keeps
    assert roster.read(data_dir).people[0].language == "nl"


def test_a_run_stops_at_its_limit_of_requests_and_the_next_goes_on(data_dir: Path) -> None:
    def asking(account: Account, known: Known, http: Http, config: Config) -> Generator[Batch]:
        for number in range(PAGES):
            http.get(f"{account.handle}/{number}", source="feeds", account=account.account_id)
            yield page(account, number, known)
        yield last_page(account)

    script = Scripted(mens_a0=asking, mens_a1=asking)
    ok = httpx.MockTransport(lambda _: httpx.Response(200))
    options = {"only": ["mens-a0", "mens-a1"], "transport": ok}
    report = collect(data_dir, script, max_requests=15, **options)
    assert report.status == "interrupted"
    assert report.total("request_count") == 15
    assert by_account(report) == {"mens-a0-feed": "complete", "mens-a1-feed": "incomplete"}
    assert collect(data_dir, script, **options).status == "complete"


def test_a_watched_account_that_is_not_there_is_one_line_with_the_right_advice(
    data_dir: Path,
) -> None:
    folder = data_dir / "rosters" / "voorbeeldstad"
    with (folder / "accounts.csv").open("a") as file:
        file.write("an-bluesky,mens-a0,bluesky,weg.example\n")
    sources = {"bluesky": load_sources()["bluesky"]}
    report = collect(data_dir, only=["an-bluesky"], sources=sources, transport=resolver([]))
    (told,) = report.accounts
    assert (told.account_id, told.status, told.error) == ("an-bluesky", "failed", "AccountGone")
    assert "known_accounts.csv" not in told.message
    assert "accounts.csv" in told.message


def test_a_known_account_that_is_suspended_stays_in_the_roster(data_dir: Path) -> None:
    bluesky_roster(data_dir)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.params["handle"] == "krant.example":
            return httpx.Response(400, json={"error": "AccountTakedown"})
        return httpx.Response(200, json={"did": "did:plc:een"})

    quiet = Scripted(mens_a0=nothing, mens_a1=nothing)
    sources = {"feeds": quiet, "mastodon": quiet, "bluesky": quiet}
    report = collect(data_dir, sources=sources, transport=httpx.MockTransport(answer))
    (told,) = (ran for ran in report.accounts if ran.status == "failed")
    assert told.message.endswith("leave it: it is asked for again in the next run")
