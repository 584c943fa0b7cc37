"""The ledger: every day of every stream is known by named evidence, or says why it is not."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

import cli
from ingest import ledger as ledgers
from ingest import roster
from ingest.coverage import Days
from ingest.ledger import Ledger, Word
from ingest.model import AccountState, Batch, Kind, Post, Shows, Span, Status, Stream
from ingest.store import AccountRun, Store
from ingest.strips import Month, strips
from metrics.load import Window, load
from tests.invented import SECRET, Clock, walk_of

pytestmark = pytest.mark.local_days

AN = "an-voorbeeld"
SHOWS = Shows(True, True, True, False, True)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    (tmp_path / "winterslaap.key").write_bytes(SECRET)
    folder = tmp_path / "rosters" / "voorbeeldstad"
    folder.mkdir(parents=True)
    (folder / "people.csv").write_text(f"person_id,name,is_invented\n{AN},An Voorbeeld,yes\n")
    (folder / "accounts.csv").write_text(
        "account_id,person_id,platform,handle,run_by,valid_from,valid_to\n"
        f"an-een,{AN},bluesky,an.voorbeeld.example,self,2024-01-01,\n"
        f"an-twee,{AN},mastodon,an@toet.example,office,2024-03-01,2024-06-30\n"
        f"an-partij,{AN},feeds,https://partij.example/feed,party,2024-01-01,\n"
    )
    return tmp_path


def prove(data_dir: Path, account_id: str, *spans: Span, shows: Shows = SHOWS) -> None:
    """Walk an account once, on 2024-07-01, with these spans as all that it proved."""
    people = roster.read(data_dir)
    (account,) = (one for one in people.accounts if one.account_id == account_id)
    state = AccountState(account.handle, account.handle, "h.example", Status.ACTIVE, shows)
    at = utc(2024, 7, 1)
    with Store(data_dir / "winterslaap.duckdb", SECRET) as store:
        walk_of(store, account, "run-7", clock=Clock(at)).append(Batch(spans=spans, state=state))
        store.record(
            "run-7",
            AccountRun(account_id, account.platform, at, at, "complete", None, "", 1, 0, 0, 0, 0.0),
        )


def span(start: datetime, end: datetime, stream: Stream = Stream.ACTS) -> Span:
    return Span(stream, start, end, "overlap")


def read(data_dir: Path) -> Ledger:
    return ledgers.read(data_dir / "winterslaap.duckdb", roster.read(data_dir))


def account(data_dir: Path, account_id: str) -> ledgers.AccountLedger:
    return next(o for o in read(data_dir).accounts if o.account.account_id == account_id)


def test_a_known_day_names_the_span_its_proof_its_run_and_when_it_was_seen(data_dir: Path) -> None:
    prove(data_dir, "an-een", span(utc(2024, 3, 1), utc(2024, 3, 10)))
    found = account(data_dir, "an-een").on(date(2024, 3, 5), Stream.ACTS)
    assert (found.word, found.reason) == (Word.KNOWN, "")
    (evidence,) = found.evidence
    assert (evidence.start_at, evidence.end_at) == (utc(2024, 3, 1), utc(2024, 3, 10))
    assert (evidence.proof, evidence.run_id) == ("overlap", "run-7")
    assert evidence.seen_at >= utc(2024, 7, 1)


def test_two_spans_that_touch_prove_the_day_between_them_together(data_dir: Path) -> None:
    noon = utc(2024, 3, 5, 12)
    prove(data_dir, "an-een", span(utc(2024, 3, 1), noon), span(noon, utc(2024, 3, 10)))
    found = account(data_dir, "an-een").on(date(2024, 3, 5), Stream.ACTS)
    assert found.word is Word.KNOWN
    assert len(found.evidence) == 2


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2024, 2, 1), "known only from 2024-03-01 00:00 UTC on"),
        (date(2024, 3, 1), "only a part of the day is proven"),
        (date(2024, 3, 15), "in a hole from 2024-03-10 00:00 UTC to 2024-03-20 00:00 UTC"),
        (date(2024, 4, 1), "known only until 2024-04-01 12:00 UTC"),
        (date(2024, 5, 1), "known only until 2024-04-01 12:00 UTC"),
    ],
)
def test_an_unknown_day_says_why_and_what_to_do(data_dir: Path, day: date, reason: str) -> None:
    prove(
        data_dir,
        "an-een",
        span(utc(2024, 3, 1), utc(2024, 3, 10)),
        span(utc(2024, 3, 20), utc(2024, 4, 1, 12)),
    )
    found = account(data_dir, "an-een").on(day, Stream.ACTS)
    assert (found.word, found.reason) == (Word.UNKNOWN, reason)
    assert found.todo


def test_the_day_is_the_persons_own_also_where_the_clock_changes(data_dir: Path) -> None:
    # 31 March 2024 has 23 hours in Brussels: 30 March 23:00 to 31 March 22:00 UTC.
    prove(data_dir, "an-een", span(utc(2024, 3, 30, 23), utc(2024, 3, 31, 22)))
    one = account(data_dir, "an-een")
    days = [date(2024, 3, 30) + timedelta(days=n) for n in range(3)]
    assert [one.word(day, Stream.ACTS) for day in days] == [
        Word.UNKNOWN,
        Word.KNOWN,
        Word.UNKNOWN,
    ]


def test_without_a_walk_nothing_is_known_and_nothing_is_said_not_to_be_shown(
    data_dir: Path,
) -> None:
    found = account(data_dir, "an-een").on(date(2024, 3, 5), Stream.RECEIVED)
    assert (found.word, found.reason) == (Word.UNKNOWN, "this account was never collected")
    assert found.todo == "winterslaap collect --only an-een"


def test_a_stream_that_the_source_cannot_show_is_not_unknown(data_dir: Path) -> None:
    prove(data_dir, "an-een", shows=Shows(True, False, False, False, False))
    assert account(data_dir, "an-een").word(date(2024, 3, 5), Stream.RECEIVED) is Word.NOT_SHOWN


def test_a_persons_day_needs_every_own_account_that_is_valid_that_day(data_dir: Path) -> None:
    prove(data_dir, "an-een", span(utc(2024, 1, 1), utc(2024, 7, 1)))
    before, during, after = date(2024, 2, 5), date(2024, 4, 5), date(2024, 6, 30)
    ledger = read(data_dir)
    assert ledger.word(AN, before, Stream.ACTS) is Word.KNOWN  # the party's never pools
    assert ledger.word(AN, during, Stream.ACTS) is Word.UNKNOWN
    prove(data_dir, "an-twee", span(utc(2024, 3, 1), utc(2024, 6, 1)))
    ledger = read(data_dir)
    assert ledger.word(AN, during, Stream.ACTS) is Word.KNOWN
    assert ledger.word(AN, after, Stream.ACTS) is Word.UNKNOWN
    assert ledger.word(AN, date(2023, 12, 1), Stream.ACTS) is Word.NOT_VALID


def test_where_items_vanish_soon_nothing_before_the_first_walk_is_proof(data_dir: Path) -> None:
    prove(data_dir, "an-een", span(utc(2024, 3, 1), utc(2024, 7, 3)))
    people = roster.read(data_dir)
    item = Post("at://an/1", utc(2024, 6, 1), Kind.POST, text="weg")
    with Store(data_dir / "winterslaap.duckdb", SECRET) as store:
        walk = walk_of(store, people.accounts[0], clock=Clock(utc(2024, 7, 2)))
        walk.append(Batch(posts=(item,)))
        gone = Post("at://an/1", None, Kind.POST, is_deleted=True)
        walk.append(Batch(posts=(gone,)))
    one = account(data_dir, "an-een")
    found = one.on(date(2024, 6, 1), Stream.ACTS)
    assert (found.word, found.evidence) == (Word.UNKNOWN, ())
    assert found.reason.startswith("items vanish soon")
    assert one.word(date(2024, 7, 2), Stream.ACTS) is Word.KNOWN


@pytest.mark.parametrize("has_shown_later", [True, False])
def test_where_items_vanish_soon_a_failed_walk_is_no_first_walk(
    data_dir: Path, has_shown_later: bool
) -> None:
    store_path = data_dir / "winterslaap.duckdb"
    prove(data_dir, "an-een", span(utc(2024, 3, 1), utc(2024, 7, 3)))
    people = roster.read(data_dir)
    item = Post("at://an/1", utc(2024, 6, 1), Kind.POST, text="weg")
    with Store(store_path, SECRET) as store:
        walk = walk_of(store, people.accounts[0], clock=Clock(utc(2024, 7, 2)))
        walk.append(Batch(posts=(item,)))
        walk.append(Batch(posts=(Post("at://an/1", None, Kind.POST, is_deleted=True),)))
        began = utc(2024, 5, 1)
        failed = AccountRun(
            "an-een", "bluesky", began, began, "failed", "http_500", "", 1, 0, 0, 0, 0.0
        )
        store.record("run-6", failed)
    if not has_shown_later:
        with duckdb.connect(str(store_path)) as con:
            con.execute("delete from account_run where status = 'complete'")
    one = account(data_dir, "an-een")
    assert one.word(date(2024, 6, 1), Stream.ACTS) is Word.UNKNOWN
    last = Word.KNOWN if has_shown_later else Word.UNKNOWN
    assert one.word(date(2024, 7, 2), Stream.ACTS) is last


def test_a_strip_tells_full_partly_unknown_and_not_valid_months_apart(data_dir: Path) -> None:
    prove(data_dir, "an-een", span(utc(2023, 12, 1), utc(2024, 2, 10)))
    people = roster.read(data_dir)
    acts, received = strips(read(data_dir), people, date(2024, 5, 1), years=2)
    assert acts.first_year == 2023
    assert acts.months[:12] == (Month.NOT_VALID,) * 12
    assert acts.months[12:] == (Month.FULL, Month.PARTLY, Month.UNKNOWN, Month.UNKNOWN, "to_come")
    assert (acts.known_days, acts.unknown_days) == (31 + 9, 20 + 31 + 30)
    assert received.known_days == 0


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("commands.known._today", lambda: date(2024, 7, 2))

    def command(*arguments: object) -> SimpleNamespace:
        with pytest.raises(SystemExit) as ended:
            cli.main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return SimpleNamespace(code=ended.value.code, out=out, err=err)

    return command


def test_status_fits_80_columns_and_says_what_to_do(run: Any, data_dir: Path) -> None:
    prove(data_dir, "an-een", span(utc(2024, 1, 5), utc(2024, 6, 30)))
    said = run("status", "--data", data_dir)
    assert said.code == 0
    assert max(map(len, said.out.splitlines())) <= 80
    (acts,) = (line for line in said.out.splitlines() if line.startswith("  acts"))
    assert acts.endswith("│▒█░░░░░")  # the second account was not collected since March
    assert "→ winterslaap collect --only an-twee" in said.out
    lines = " ".join(said.out.split())
    assert (
        "acts unknown 2024-06-30 – 2024-06-30: known only until 2024-06-30 00:00 UTC "
        "→ winterslaap collect --only an-een"
    ) in lines
    assert "acts unknown 2024-01-01 – 2024-01-05: " in lines


def test_status_of_a_day_shows_its_evidence_to_people_and_machines(
    run: Any, data_dir: Path
) -> None:
    prove(data_dir, "an-een", span(utc(2024, 1, 5), utc(2024, 6, 30)))
    day = ("--person", AN, "--day", "2024-02-05", "--data", data_dir)
    said = run("status", *day)
    assert f"{AN} 2024-02-05 acts: known" in said.out
    assert "in run run-7" in said.out.replace("\n      ", " ")
    acts, received = json.loads(run("status", "--json", *day).out)
    assert (acts["word"], received["word"]) == ("known", "unknown")
    assert acts["accounts"][0]["evidence"][0]["proof"] == "overlap"


def test_a_machine_is_told_every_stretch_of_unknown_days_with_reason_and_remedy(
    run: Any, data_dir: Path
) -> None:
    prove(
        data_dir,
        "an-een",
        span(utc(2024, 1, 5), utc(2024, 3, 1)),
        span(utc(2024, 3, 11), utc(2024, 6, 30)),
    )
    told = json.loads(run("status", "--json", "--data", data_dir).out)["unknown"]
    holes = [one for one in told if (one["account_id"], one["stream"]) == ("an-een", "acts")]
    days = [(one["first_on"], one["last_on"]) for one in holes]
    assert days == [
        ("2024-06-30", "2024-07-01"),  # yesterday
        ("2024-03-01", "2024-03-11"),
        ("2024-01-01", "2024-01-05"),
    ]
    assert all(one["reason"] and one["todo"] for one in told)
    assert "only a part of the day is proven" in holes[1]["reason"]


def test_a_day_needs_a_person_of_the_roster(run: Any, data_dir: Path) -> None:
    assert run("status", "--day", "2024-02-05", "--data", data_dir).code == 2
    unknown = run("status", "--person", "niemand", "--data", data_dir)
    assert (unknown.code, unknown.err.count("\n")) == (1, 1)


@pytest.mark.parametrize("seed", range(3))
def test_the_ledger_and_the_metrics_know_the_same_days(data_dir: Path, seed: int) -> None:
    lots = random.Random(seed)
    starts = [_somewhen(lots) for _ in range(40)]
    hours = [timedelta(minutes=lots.randrange(60 * 120)) for _ in starts]
    spans = [
        span(start, start + length, lots.choice([Stream.ACTS, Stream.RECEIVED]))
        for start, length in zip(starts, hours, strict=True)
    ]
    prove(data_dir, "an-een", *spans)
    con = duckdb.connect()
    window = Window(date(2023, 1, 1), date(2026, 1, 1))
    load(con, data_dir / "winterslaap.duckdb", roster.read(data_dir).tables(), window=window)
    told = con.execute(
        "select stream, spans.first_day, spans.last_day from spans "
        "join accounts using (account_key) where account_id = 'an-een'"
    ).fetchall()
    days = {(s, date.fromordinal(719163 + n)) for s, a, b in told for n in range(a, b + 1)}
    one = account(data_dir, "an-een")
    every = [date(2023, 1, 1) + timedelta(days=n) for n in range(1096)]
    mine = {(s.value, day) for s in Stream for d in one.known(s) for day in every if _in(day, d)}
    assert mine == days
    assert len(mine) > 20


def _in(day: date, days: Days) -> bool:
    return days.first_on <= day <= days.last_on


def _somewhen(lots: random.Random) -> datetime:
    return utc(2024, 1, 1) + timedelta(minutes=lots.randrange(366 * 24 * 60))
