"""The tables that say where the numbers come from: walks, runs, proofs, accounts, people."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.oracles.lives import runs
from tests.oracles.loading import LoadedAccount, Reading, Row, day_number, merged, whole_days
from tests.oracles.stores import WINDOW

if TYPE_CHECKING:
    from datetime import datetime

BAD = {"incomplete", "failed", "skipped"}


@dataclass
class AccountRow:
    account_id: str
    person_id: str
    platform: str
    handle: str
    run_by: str
    valid_from_day: int | None
    valid_to_day: int | None
    status: str | None
    shows_acts: bool
    shows_replies: bool
    shows_received: bool
    shows_mentions: bool
    first_covered_day: int | None
    last_covered_day: int | None
    last_run_at: datetime | None
    last_run_status: str | None
    last_message: str | None
    last_error: str | None


@dataclass
class CoverageRow:
    account_id: str
    stream: str
    from_day: int
    to_day: int
    proof: str
    seen_at: datetime


@dataclass
class RunRow:
    run_id: str
    began_at: datetime
    ended_at: datetime | None
    status: str
    account_count: int
    post_count: int
    received_count: int
    request_count: int


@dataclass
class ProblemRow:
    run_id: str
    account_id: str
    person_id: str
    source: str
    status: str
    error: str | None
    message: str
    ended_at: datetime


@dataclass
class ThreadsRow:
    person_id: str
    thread_count: int
    partial_count: int


@dataclass
class PersonFacts:
    person_id: str
    name: str
    municipality: str
    party: str
    office: str | None
    level: str | None
    jurisdiction: str | None
    language: str
    is_invented: bool
    platforms: str | None


@dataclass
class CopyFacts:
    run_id: str
    method_version: str
    code_version: str
    built_at: datetime
    window_from_day: int
    window_to_day: int
    data_hash: str
    contract_version: int
    is_invented: bool
    last_collected_at: datetime | None


def copy_facts(reading: Reading, *given: Any) -> CopyFacts:
    """`given`: run, versions, moment, hash and contract, as whoever builds the copy says."""
    ended = [row["at"] for row in reading.rows("run_event", event="ended")]
    run_id, method, code, built_at, data_hash, contract = given
    first, end = WINDOW.days
    return CopyFacts(
        run_id=run_id,
        method_version=method,
        code_version=code,
        built_at=built_at,
        window_from_day=first,
        window_to_day=end,
        data_hash=data_hash,
        contract_version=contract,
        is_invented=any(row["is_invented"] for row in reading.store.people),
        last_collected_at=max(ended, default=None),
    )


def last_walk(reading: Reading, account_id: str) -> Row | None:
    walks = reading.rows("account_run", account_id=account_id)
    return max(walks, key=lambda row: row["ended_at"], default=None)


def accounts(reading: Reading) -> list[AccountRow]:
    shown = {row.account_id: row for row in reading.accounts()}
    rows = []
    for row in reading.store.accounts:
        name, walk = row["account_id"], last_walk(reading, row["account_id"]) or {}
        states = reading.rows("account_state", account_id=name)
        days = covered(reading, shown[name], row["run_by"])
        rows.append(
            AccountRow(
                account_id=name,
                person_id=row["person_id"],
                platform=row["platform"],
                handle=row["handle"],
                run_by=row["run_by"],
                valid_from_day=_day(row["valid_from"]),
                valid_to_day=_day(row["valid_to"]),
                status=max(states, key=lambda s: s["seen_at"])["status"] if states else None,
                shows_acts=shown[name].shows_acts,
                shows_replies=shown[name].shows_replies,
                shows_received=shown[name].shows_received,
                shows_mentions=shown[name].shows_mentions,
                first_covered_day=min(days, default=None),
                last_covered_day=max(days, default=None),
                last_run_at=walk.get("ended_at"),
                last_run_status=walk.get("status"),
                last_message=walk.get("message"),
                last_error=walk.get("error"),
            )
        )
    return rows


def covered(reading: Reading, account: LoadedAccount, run_by: str) -> set[int]:
    """Days of the window on which it counts, shows its acts and all of them are known."""
    if run_by not in {"self", "office"} or not account.shows_acts:
        return set()
    valid = range(account.first_day, account.last_day + 1)
    inside = range(*WINDOW.days)
    known = reading.known_days(account.account_id, "acts")
    return {day for day in known if day in valid and day in inside}


def _day(on: Any) -> int | None:
    return None if on is None else day_number(on)


def coverage(reading: Reading) -> list[CoverageRow]:
    """By each proof alone: the runs of whole days, and when they were last proven."""
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in reading.rows("span"):
        groups.setdefault((row["account_id"], row["stream"], row["proof"]), []).append(row)
    found = []
    for (account_id, stream, proof), spans in groups.items():
        zone = reading.zone(account_id)
        pieces = [
            (first, last, s["seen_at"])
            for s in spans
            for first, last in reading.stretches(account_id, stream, lambda one, s=s: one is s)
        ]
        for first, last in merged((a, b) for a, b, _ in pieces):
            seen_at = max(seen for a, b, seen in pieces if first <= a and b <= last)
            for from_day, to_day in runs(whole_days([(first, last)], zone)):
                found.append(CoverageRow(account_id, stream, from_day, to_day, proof, seen_at))
    return found


def collect_runs(reading: Reading) -> list[RunRow]:
    found = []
    for began in reading.rows("run_event", event="began"):
        run_id = began["run_id"]
        ended = reading.rows("run_event", event="ended", run_id=run_id)
        walks = reading.rows("account_run", run_id=run_id)
        found.append(
            RunRow(
                run_id=run_id,
                began_at=began["at"],
                ended_at=ended[0]["at"] if ended else None,
                status=ended[0]["status"] if ended else "running",
                account_count=len(walks),
                post_count=sum(walk["post_count"] for walk in walks),
                received_count=sum(walk["received_count"] for walk in walks),
                request_count=sum(walk["request_count"] for walk in walks),
            )
        )
    return found


def problems(reading: Reading) -> list[ProblemRow]:
    found = []
    for account_id, person_id in reading.owners.items():
        walk = last_walk(reading, account_id)
        if walk is not None and walk["status"] in BAD:
            names = ("run_id", "account_id", "source", "status", "error", "message", "ended_at")
            found.append(ProblemRow(person_id=person_id, **{name: walk[name] for name in names}))
    return found


def threads(reading: Reading) -> list[ThreadsRow]:
    """Threads by what was said of them last."""
    run_by = {row["account_id"]: row["run_by"] for row in reading.store.accounts}
    last: dict[tuple[str, int], Row] = {}
    for row in sorted(reading.rows("thread"), key=lambda r: r["seen_at"]):
        if run_by[row["account_id"]] in {"self", "office"}:
            last[row["account_id"], row["root_key"]] = row
    counts = Counter(reading.owners[name] for name, _ in last)
    partial = Counter(reading.owners[name] for (name, _), row in last.items() if row["is_partial"])
    return [ThreadsRow(person, n, partial[person]) for person, n in counts.items()]


def people(reading: Reading) -> list[PersonFacts]:
    found = []
    for row in reading.store.people:
        person_id = row["person_id"]
        held = [m for m in reading.store.mandates if m["person_id"] == person_id]
        end = WINDOW.to_on
        now = [m for m in held if m["to_on"] is None or m["to_on"] >= end]
        last = max(now or held, key=lambda m: m["from_on"], default={})
        platforms = {
            a["platform"]
            for a in reading.store.accounts
            if a["person_id"] == person_id and a["run_by"] in {"self", "office"}
        }
        names = ("name", "municipality", "party", "language", "is_invented")
        found.append(
            PersonFacts(
                person_id=person_id,
                office=last.get("office"),
                level=last.get("level"),
                jurisdiction=last.get("jurisdiction"),
                platforms="+".join(sorted(platforms)) or None,
                **{name: row[name] for name in names},
            )
        )
    return found
