"""Imports one archive or table into a store: whose items they are, and what became of them.

A run of its own, as a collector's: killed in the middle it can be started again, and the
second of two equal imports adds nothing. Days are proven by the last batches only.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from ingest import archives, identities
from ingest.appending import Appender, Tally
from ingest.archives.model import Found
from ingest.errors import Problem, RosterError, StoreError
from ingest.model import Account, AccountState, Batch, Span
from ingest.outcome import QUARANTINED_SHARE
from ingest.roster import Roster, slug
from ingest.roster_columns import IMPORTED, normal_handle
from ingest.rows import NotCitizens, TextStep
from ingest.store import AccountRun, Store

UNREADABLE = "more than 1 % of it could not be read"
SOURCE = "import"  # what account_run says instead of a platform
OnBatch = Callable[[Account, Batch], None]
NAMED = frozenset({"facebook", "linkedin"})  # a person's name stands where others have a handle


@dataclass(slots=True)
class Landed:
    """What became of one account's items."""

    account: Account
    tally: Tally
    spans: list[Span] = field(default_factory=list)
    why_unproven: str = ""

    def prove(self, batch: Batch, found: Found) -> tuple[Span, ...]:
        """The spans of a batch; none where too much of the account's items could not be read."""
        spans = batch.spans
        if spans and batch.state is not None:
            counts = found.accounts[batch.state.native_id]
            if counts.unreadable > QUARANTINED_SHARE * (counts.total + counts.unreadable):
                spans, self.why_unproven = (), UNREADABLE
        self.spans += spans
        return spans


@dataclass(slots=True)
class Imported:
    """What an import did; `strangers` counts the items of accounts that are nobody's here."""

    run_id: str
    seconds: float
    landed: list[Landed]
    strangers: dict[str, int]

    def total(self, count: str) -> int:
        """The sum over the accounts of one of their counts, as `new_count`."""
        return sum(int(getattr(one.tally, count)) for one in self.landed)


@dataclass(slots=True)
class Owners:
    """Which account of the roster the items of an archive or table are of."""

    found: Found
    roster: Roster
    person_id: str | None
    is_private: bool
    taken: dict[str, str] = field(default_factory=dict)  # account id → native id, in this store
    only_owner: str | None = None  # the native id of the only owner in a table
    _known: dict[tuple[str, str], Account | None] = field(default_factory=dict)

    def account_of(self, state: AccountState) -> Account | None:
        """The account; None where it is nobody's that is asked for.

        Raises RosterError where an own archive is another person's, or is to be
        published though the roster does not have its account.
        """
        key = (state.host, state.native_id)
        if key not in self._known:
            self._known[key] = self._find(state)
        return self._known[key]

    def _find(self, state: AccountState) -> Account | None:
        forms = {state.native_id, state.native_id.lower(), normal_handle(state.host, state.handle)}
        same = [
            account
            for account in self.roster.accounts
            if account.account_id == state.native_id
            or (_on(state.host, account) and _forms(account) & forms)
        ]
        mine = [one for one in same if self.person_id in (None, one.person_id)]
        if mine:
            return mine[0] if len(mine) == 1 else None
        if self.found.is_own:
            if same and self.person_id is not None:
                raise self._refusal("--person", f"it is {same[0].person_id}'s: @{state.handle}")
            return self._own(state)
        if self.person_id is not None and state.native_id == self.only_owner:
            return self._only_one(state.host)
        return None

    def _own(self, state: AccountState) -> Account:
        """The account of a person's own archive that the roster does not name so."""
        if (known := self._only_one(state.host)) and state.host in NAMED:
            return known
        if not self.is_private:
            todo = f"winterslaap roster add --person {self.person_id} --platform {state.host} …"
            raise self._refusal("--publish", f"{state.handle} is in no accounts.csv → {todo}")
        theirs = [
            a.handle
            for a in self.roster.accounts
            if a.person_id == self.person_id and _on(state.host, a)
        ]
        if theirs:
            told = (
                f"the roster has {' and '.join(theirs)}, so this is kept apart as another account"
            )
            self.found.notes.append(told)
        first = f"{self.person_id}-{state.host}"
        used = {account.account_id for account in self.roster.accounts}
        named = f"{first}-{slug(state.handle) or 'more'}"
        is_free = first not in used and self.taken.get(first, state.native_id) == state.native_id
        return Account(
            first if is_free else named, self.person_id or "", state.host, state.handle.lower()
        )

    def _only_one(self, platform: str) -> Account | None:
        """The person's account on a platform, where there is one alone."""
        found = [
            account
            for account in self.roster.accounts
            if account.person_id == self.person_id and _on(platform, account)
        ]
        return found[0] if len(found) == 1 else None

    def _refusal(self, option: str, happened: str) -> RosterError:
        expected = "the archive's own account in the roster"
        return RosterError([Problem(option, 0, "", happened, expected)])


def _on(platform: str, account: Account) -> bool:
    return platform in {account.platform, "other"}


def _forms(account: Account) -> set[str]:
    return {account.handle, normal_handle(account.platform, account.handle)}


def run(
    found: Found,
    store: Store,
    roster: Roster,
    *,
    text_step: TextStep,
    person_id: str | None = None,
    is_private: bool = False,
    on_progress: Callable[[Found], None] | None = None,
    on_batch: OnBatch | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Imported:
    """Read an archive into a store. Raises RosterError as `Owners.account_of`, and StoreError.

    `on_batch` sees what is stored before the names in it are replaced.
    """
    began, began_at = time.monotonic(), now()
    run_id = store.begin_run(began_at)
    status, message = "failed", "ended by an error → read it, then import again"
    try:
        with store.transaction():
            store.insert(
                "run_event", [(run_id, store.next_moment(now()), SOURCE, "running", found.format)]
            )
        importing = _Import(found, store, roster, text_step, run_id, now, on_batch)
        importing.owners = owners_of(found, roster, person_id, is_private=is_private)
        importing.owners.taken = _taken(store)
        with _without_collector():
            importing.read(on_progress)
        importing.record(began_at)
        strangers = importing.strangers
        landed = [one for one, _ in importing.landed.values()]
        status, message = "complete", f"{found.title}: {_counts(landed)}"
    except KeyboardInterrupt:
        status, message = "interrupted", "stopped before its end → import again, it goes on"
        raise
    finally:
        with suppress(StoreError):
            store.end_run(run_id, status, message, now())
    return Imported(run_id, time.monotonic() - began, landed, strangers)


def owners_of(found: Found, roster: Roster, person_id: str | None, *, is_private: bool) -> Owners:
    """Who the items may be of; a table for one person is read once more to see who is in it."""
    owners = Owners(found, roster, person_id, is_private)
    if person_id is not None and not found.is_own:
        with archives.again(found) as other:
            natives = {batch.state.native_id for batch in archives.read(other) if batch.state}
        owners.only_owner = natives.pop() if len(natives) == 1 else None
    return owners


@dataclass(slots=True)
class _Import:
    """One import under way."""

    found: Found
    store: Store
    roster: Roster
    text_step: TextStep
    run_id: str
    now: Callable[[], datetime]
    on_batch: OnBatch | None = None
    owners: Owners = field(init=False)
    landed: dict[str, tuple[Landed, Appender]] = field(default_factory=dict)
    strangers: dict[str, int] = field(default_factory=dict)

    def read(self, on_progress: Callable[[Found], None] | None) -> None:
        """Every batch into the store, and who is known by now into its tables."""
        others = identities.remember(self.store, self.roster, self.now())
        for batch in archives.read(self.found):
            state = batch.state or self.found.state()
            account = self.owners.account_of(state)
            if account is None:
                count = len(batch.posts) + len(batch.received)
                self.strangers[state.handle] = self.strangers.get(state.handle, 0) + count
            else:
                self._take(account, batch, state, others)
            if on_progress is not None:
                on_progress(self.found)
        for _, appender in self.landed.values():
            appender.flush()
        mine = tuple(one.account for one, _ in self.landed.values())
        known = {account.account_id for account in self.roster.accounts}
        more = tuple(account for account in mine if account.account_id not in known)
        everybody = replace(self.roster, accounts=(*self.roster.accounts, *more))
        identities.remember(self.store, everybody, self.now())

    def _take(
        self, account: Account, batch: Batch, state: AccountState, others: NotCitizens
    ) -> None:
        is_first = account.account_id not in self.landed
        if is_first:
            appender = Appender(
                self.store,
                account,
                self.run_id,
                self.text_step,
                now=self.now,
                others=_with_own(others, account, self.store),
                language=self._language(account),
            )
            self.landed[account.account_id] = (Landed(account, appender.tally), appender)
        landed, appender = self.landed[account.account_id]
        if self.on_batch is not None:
            self.on_batch(account, batch)
        # what a platform itself showed the collector outweighs what a file says of it
        says = is_first and (appender.is_new or account.platform in IMPORTED)
        spans = landed.prove(batch, self.found)
        appender.add(replace(batch, state=state if says else None, spans=spans))

    def _language(self, account: Account) -> str | None:
        people = {person.person_id: person.language for person in self.roster.people}
        return people.get(account.person_id)

    def record(self, began_at: datetime) -> None:
        """One row per account in the run's record."""
        for landed, _ in self.landed.values():
            tally = landed.tally
            ran = AccountRun(
                account_id=landed.account.account_id,
                source=SOURCE,
                began_at=began_at,
                ended_at=self.now(),
                status="complete",
                error=None,
                message=f"{self.found.format} · {landed.account.account_id}: {_counts([landed])}",
                request_count=0,
                post_count=tally.new_count,
                received_count=tally.received_count,
                quarantined_count=tally.quarantined_count,
                waited_seconds=0.0,
            )
            self.store.record(self.run_id, ran)


@contextmanager
def _without_collector() -> Iterator[None]:
    """No search for cycles meanwhile: rows make none, and it costs a sixth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _with_own(others: NotCitizens, account: Account, store: Store) -> NotCitizens:
    """The own account is no citizen, also where the roster does not have it yet."""
    key = store.keys.partner(account.platform, account.handle)
    return replace(others, names=others.names | {account.handle.lower()}, keys=others.keys | {key})


def _taken(store: Store) -> dict[str, str]:
    return dict(
        store.rows(
            "select account_id, max_by(native_id, seen_at) from account_state group by account_id"
        )
    )


def _counts(landed: Sequence[Landed]) -> str:
    new = sum(one.tally.new_count for one in landed)
    known = sum(one.tally.known_count for one in landed)
    return f"{new:,} posts new or changed, {known:,} known already"
