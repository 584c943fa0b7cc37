"""What the store knows of the watched accounts, as the rules of the alerts need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ingest.coverage import Days, Stretch, known_days
from ingest.model import Account
from ingest.roster import Roster
from ingest.store import Store

QUESTIONS = Path(__file__).with_name("open_questions.sql")
_ACTS = (
    "select account_id, max(moment) filter (kind <> 'repost'), "
    "max(moment) filter (kind = 'repost') "
    "from (select account_id, kind, "
    "least(coalesce(greatest(created_at, indexed_at), seen_at), seen_at) as moment from post) "
    "group by account_id"
)
_STATES = (
    "select account_id, max_by(shows_acts, seen_at), max_by(created_at, seen_at) "
    "from account_state group by account_id"
)
_RUNS = (
    "select account_id, status, error, message, ended_at, "
    "min(ended_at) over (partition by account_id) from account_run "
    "qualify row_number() over (partition by account_id order by ended_at desc, run_id desc) = 1"
)
_SPANS = "select account_id, start_at, end_at from span where stream = 'acts'"


@dataclass(frozen=True, slots=True)
class LastRun:
    """How an account's last walk ended."""

    status: str
    error: str | None
    message: str
    ended_at: datetime
    first_ended_at: datetime  # of the account's first walk


@dataclass(frozen=True, slots=True)
class Watched:
    """One account; days are the person's local ones, moments UTC."""

    account: Account
    first_on: date
    last_on: date
    shows_acts: bool
    known: tuple[Days, ...]  # days on which all acts are known
    known_until: datetime | None
    last_act_at: datetime | None
    last_repost_at: datetime | None
    last_run: LastRun | None

    def is_valid(self, day: date) -> bool:
        """Whether the account is the person's on a day."""
        return self.first_on <= day <= self.last_on

    def is_known(self, day: date) -> bool:
        """Whether all acts of a day are known."""
        return any(days.first_on <= day <= days.last_on for days in self.known)


@dataclass(frozen=True, slots=True)
class Question:
    """A citizen's question without a public answer, and the person's own item it stands under."""

    person_id: str
    account_id: str
    asked_at: datetime
    uri: str | None


def watched(store: Store, roster: Roster) -> list[Watched]:
    """All accounts of the roster with what is stored of them."""
    zones = {person.person_id: ZoneInfo(person.timezone) for person in roster.people}
    acts = _by_account(store, _ACTS)
    states, runs = _by_account(store, _STATES), _by_account(store, _RUNS)
    spans: dict[str, list[Stretch]] = {}
    for account_id, start_at, end_at in store.rows(_SPANS):
        spans.setdefault(account_id, []).append(Stretch(_aware(start_at), _aware(end_at)))
    return [
        _watched(
            account,
            zones[account.person_id],
            spans.get(account.account_id, []),
            acts.get(account.account_id, (None, None)),
            states.get(account.account_id, (False, None)),
            runs.get(account.account_id),
        )
        for account in roster.accounts
    ]


def _watched(
    account: Account,
    zone: ZoneInfo,
    spans: list[Stretch],
    acts: tuple[datetime | None, datetime | None],
    state: tuple[bool, datetime | None],
    run: tuple[Any, ...] | None,
) -> Watched:
    opened_on = _aware(state[1]).astimezone(zone).date() if state[1] else date.min
    return Watched(
        account=account,
        first_on=max(account.valid_from or date.min, opened_on),
        last_on=account.valid_to or date.max,
        shows_acts=state[0],
        known=known_days(spans, zone),
        known_until=max((span.end_at for span in spans), default=None),
        last_act_at=_aware(acts[0]) if acts[0] else None,
        last_repost_at=_aware(acts[1]) if acts[1] else None,
        last_run=LastRun(*run[:3], *map(_aware, run[3:])) if run else None,
    )


def open_questions(
    store: Store, roster: Roster, first_at: datetime, last_at: datetime
) -> list[Question]:
    """Questions asked between two moments that have no public answer, oldest first."""
    own = [one for one in roster.accounts if one.run_by in {"self", "office"}]
    values = {
        "accounts": [one.account_id for one in own],
        "people": [one.person_id for one in own],
        "first_at": _naive(first_at),
        "last_at": _naive(last_at),
    }
    found = store.rows(QUESTIONS.read_text("utf-8"), values)
    return sorted(
        (Question(person, account, _aware(at), uri) for person, account, at, uri in found),
        key=lambda one: one.asked_at,
    )


def _by_account(store: Store, query: str) -> Mapping[str, tuple[Any, ...]]:
    return {row[0]: row[1:] for row in store.rows(query)}


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
