"""What is known of whom since when, how the last walk ended, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ingest.coverage import Days, Stretch, known_days
from ingest.model import Account
from ingest.roster import Roster
from ingest.roster_columns import IMPORTED
from ingest.storefile import connect

_LAST_RUNS = (
    "select account_id, status, message, ended_at from account_run "
    "qualify row_number() over (partition by account_id order by ended_at desc, run_id desc) = 1"
)
_LAST_STATES = (
    "select account_id, max_by(status, seen_at), max_by(coalesce(moved_to, ''), seen_at) "
    "from account_state group by account_id"
)
_SPANS = "select account_id, stream, start_at, end_at, proof from span"
_LAST_RUN = (
    'select run_id, max_by(status, "at") from run_event '
    'group by run_id order by max("at") desc limit 1'
)


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """One account as `winterslaap status` shows it. Days are the person's local ones."""

    person_id: str
    account_id: str
    platform: str
    handle: str
    state: str | None  # what the platform says: active, suspended …
    moved_to: str | None
    acts: tuple[Days, ...]  # whole days on which all own items are known
    received: tuple[Days, ...]
    proofs: tuple[str, ...]
    last_run_at: datetime | None
    last_run: str | None  # complete | unchanged | incomplete | failed | skipped
    message: str
    todo: str | None

    @property
    def hole_count(self) -> int:
        """How many stretches of unknown days lie between known ones."""
        return max(0, len(self.acts) - 1)


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """All accounts of the roster, and the last run."""

    last_run: tuple[str, str] | None  # id and status
    accounts: tuple[AccountStatus, ...]


def status(store_path: Path, roster: Roster) -> StoreStatus:
    """What the store knows of the roster's accounts; without a store: nothing of all of them."""
    runs: Mapping[str, tuple[Any, ...]] = {}
    states: Mapping[str, tuple[Any, ...]] = {}
    spans: dict[str, list[tuple[Any, ...]]] = {}
    last_run = None
    if store_path.exists():
        with connect(store_path, read_only=True) as con:
            runs = {row[0]: row[1:] for row in con.execute(_LAST_RUNS).fetchall()}
            states = {row[0]: row[1:] for row in con.execute(_LAST_STATES).fetchall()}
            for account_id, *span in con.execute(_SPANS).fetchall():
                spans.setdefault(account_id, []).append(tuple(span))
            last_run = con.execute(_LAST_RUN).fetchone()
    zones = {person.person_id: ZoneInfo(person.timezone) for person in roster.people}
    accounts = (
        _account(
            account,
            states.get(account.account_id, (None, "")),
            spans.get(account.account_id, ()),
            runs.get(account.account_id),
            zones[account.person_id],
        )
        for account in roster.accounts
    )
    ordered = sorted(accounts, key=lambda one: (one.person_id, one.account_id))
    return StoreStatus(last_run, tuple(ordered))


def _account(
    account: Account,
    state: tuple[Any, ...],
    spans: Sequence[tuple[Any, ...]],
    last: tuple[Any, ...] | None,
    zone: ZoneInfo,
) -> AccountStatus:
    known = {
        stream: known_days(
            (Stretch(_aware(s), _aware(e)) for name, s, e, _ in spans if name == stream), zone
        )
        for stream in ("acts", "received")
    }
    outcome, message, ended_at = last or (None, "", None)
    happened, _, todo = message.partition(" → ")
    return AccountStatus(
        person_id=account.person_id,
        account_id=account.account_id,
        platform=account.platform,
        handle=account.handle,
        state=state[0],
        moved_to=state[1] or None,
        acts=known["acts"],
        received=known["received"],
        proofs=tuple(sorted({span[3] for span in spans})),
        last_run_at=None if ended_at is None else _aware(ended_at),
        last_run=outcome,
        message=happened,
        todo=todo or _todo(account, outcome, known["acts"]),
    )


def _todo(account: Account, outcome: str | None, acts: Sequence[Days]) -> str | None:
    """What helps where the last walk itself had nothing to ask."""
    if account.platform in IMPORTED:
        return None if acts else "winterslaap import FILE"
    if outcome is None:
        return f"winterslaap collect --only {account.account_id}"
    if not acts:
        return "no whole day is proven yet: collect again tomorrow"
    if len(acts) > 1:
        gap = f"{_next(acts[-2].last_on)} to {_before(acts[-1].first_on)}"
        return f"unknown days, the last {gap}: collect more often"
    return None


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
