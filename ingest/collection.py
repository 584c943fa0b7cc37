"""One run of the collector: what its threads share, and how each account's walk ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from ingest import identities, outcome
from ingest.errors import SourceError, StoreError
from ingest.http import Config, Http
from ingest.model import Account, Batch, Known, Page
from ingest.outcome import Outcome, Tally
from ingest.privacy import safe_line
from ingest.roster import Roster
from ingest.rows import NotCitizens, TextStep
from ingest.store import AccountRun, Store
from ingest.walk import Appended, Buffer, Walk

MOST_HOSTS = 8  # at the same time
_STOPPED = f"stopped before its end → {outcome.GO_ON}"


class Source(Protocol):
    """A module in `ingest.sources`."""

    def walk(  # noqa: D102
        self, account: Account, known: Known, http: Http, config: Config
    ) -> Generator[Batch]: ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    account_count: int
    done_count: int = 0
    post_count: int = 0
    received_count: int = 0
    host: str = ""  # that asked us to wait
    wait_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class RunReport:
    """What became of a run and of each account in it."""

    run_id: str
    status: str  # complete | incomplete | interrupted | failed
    message: str
    began_at: datetime
    ended_at: datetime
    seconds: float  # that it took, whatever the clock of the configuration says
    accounts: tuple[AccountRun, ...]

    def total(self, count: str) -> int:
        """The sum over the accounts of one of their counts, as `post_count`."""
        return sum(int(getattr(ran, count)) for ran in self.accounts)


@dataclass(slots=True)
class Collection:
    """One run: what its threads share."""

    store: Store
    roster: Roster
    config: Config
    text_step: TextStep
    sources: Mapping[str, Source]
    stop: threading.Event
    progress: Progress
    on_progress: Callable[[Progress], None] | None
    run_id: str = ""
    others: NotCitizens = field(default_factory=NotCitizens)
    profiles: Mapping[str, Page] = field(default_factory=dict)  # by account id
    ran: list[AccountRun] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, queues: Sequence[Sequence[Account]], http: Http) -> RunReport:
        """Walk the accounts of each queue one after the other, the queues at the same time.

        The store says how the run ended also when this raises.
        """
        began_at, began = self.config.now(), time.monotonic()
        self.run_id = self.store.begin_run(began_at)
        status, message = "failed", "ended by an error → read it, then collect again"
        try:
            try:
                self._identify(queues, http)
            except KeyboardInterrupt:
                self.stop.set()
            self._walk_all(queues, http)
            identities.remember(self.store, self.roster, self.config.now())
            status, message = self._verdict()
            if status != "interrupted":
                self.store.compact_if_erased()
        except KeyboardInterrupt:
            status, message = "interrupted", _STOPPED
            raise
        finally:
            ended_at = self.config.now()
            with suppress(StoreError):
                self.store.end_run(self.run_id, status, message, ended_at)
        ran = tuple(sorted(self.ran, key=lambda one: one.account_id))
        seconds = time.monotonic() - began
        return RunReport(self.run_id, status, message, began_at, ended_at, seconds, ran)

    def note_wait(self, host: str, seconds: float) -> None:
        """Tell that a host asked for patience."""
        self._tell(host=host, waited=seconds)

    def _identify(self, queues: Sequence[Sequence[Account]], http: Http) -> None:
        began_at = self.config.now()
        for left in identities.resolve(self.store, self.roster, http, self.config, self.run_id):
            ended = outcome.broken(left.account, left.error, Tally(), began_at)
            self._record(left.account, began_at, ended, Tally(), http)
        self.others = identities.remember(self.store, self.roster, self.config.now())
        asked = (account for queue in queues for account in queue)
        self.profiles = identities.profiles(self.store, asked, http, self.config)

    def _walk_all(self, queues: Sequence[Sequence[Account]], http: Http) -> None:
        """Every account, also after Ctrl-C: then those left are only written down as skipped."""
        with ThreadPoolExecutor(max_workers=max(1, min(MOST_HOSTS, len(queues)))) as pool:
            walks = [pool.submit(self._walk_lane, queue, http) for queue in queues]
            try:
                done, _ = wait(walks, return_when=FIRST_EXCEPTION)
                failed = [walk for walk in done if walk.exception()]
            except KeyboardInterrupt:
                self.stop.set()
                failed = []
            if failed:  # the store itself
                self.stop.set()
        for walk in failed or walks:
            walk.result()

    def _walk_lane(self, accounts: Sequence[Account], http: Http) -> None:
        for account in accounts:
            if self.stop.is_set():
                now = self.config.now()
                self._record(account, now, outcome.skipped(account), Tally(), http)
            else:
                self._walk(account, http)
            self._tell(done=1)

    def _walk(self, account: Account, http: Http) -> None:
        """One account to its end or its error; only a failing store gets out of here."""
        began_at, tally = self.config.now(), Tally()
        try:
            ended = self._take_pages(account, tally, http)
        except StoreError:
            raise
        except SourceError as error:
            ended = outcome.broken(account, error, tally, began_at)
        except Exception as error:
            # A mistake in one source must not stop the others.
            ended = outcome.mistaken(account, error)
        if self.stop.is_set() and ended.status in {"incomplete", "failed"}:
            ended = outcome.stopped(account)
        self._record(account, began_at, ended, tally, http)

    def _take_pages(self, account: Account, tally: Tally, http: Http) -> Outcome:
        """Store page after page until the walk ends or the run is stopped."""
        languages = {person.person_id: person.language for person in self.roster.people}
        walk = Walk(
            self.store,
            account,
            self.run_id,
            self.text_step,
            now=self.config.now,
            language=languages.get(account.person_id),
            others=self.others,
        )
        known = replace(walk.known(), profile=self.profiles.get(account.account_id))
        is_cut = False
        gathered = Buffer(walk, lambda added: self._add(tally, added))
        with closing(
            self.sources[account.platform].walk(account, known, http, self.config)
        ) as pages:
            try:
                for page in pages:
                    gathered.add(tally.see(page))
                    if self.stop.is_set():
                        is_cut = True
                        break
            finally:
                gathered.flush()
        if is_cut:
            return outcome.stopped(account)
        return outcome.ended(account, tally, was_known=bool(known.posts))

    def _add(self, tally: Tally, added: Appended) -> None:
        tally.add(added)
        self._tell(posts=added.post_count, received=added.received_count)

    def _record(
        self, account: Account, began_at: datetime, ended: Outcome, tally: Tally, http: Http
    ) -> None:
        usage = http.usage[account.account_id]
        ran = AccountRun(
            account_id=account.account_id,
            source=account.platform,
            began_at=began_at,
            ended_at=self.config.now(),
            status=ended.status,
            error=ended.error,
            message=safe_line(ended.message, self._may_be_named),
            request_count=usage.request_count,
            post_count=tally.post_count,
            received_count=tally.received_count,
            quarantined_count=tally.quarantined_count,
            waited_seconds=usage.waited_seconds,
        )
        self.store.record(self.run_id, ran)
        with self.lock:
            self.ran.append(ran)

    def _may_be_named(self, name: str) -> bool:
        return name in self.others.names

    def _tell(
        self, done: int = 0, posts: int = 0, received: int = 0, host: str = "", waited: float = 0
    ) -> None:
        with self.lock:
            before = self.progress
            self.progress = replace(
                before,
                done_count=before.done_count + done,
                post_count=before.post_count + posts,
                received_count=before.received_count + received,
                host=host,
                wait_seconds=before.wait_seconds + waited,
            )
            if self.on_progress is not None:
                self.on_progress(self.progress)

    def _verdict(self) -> tuple[str, str]:
        """The run's status and one line."""
        if self.stop.is_set():
            return "interrupted", _STOPPED
        left = [ran for ran in self.ran if not outcome.is_fine(ran.status, ran.error)]
        if not left:
            return "complete", f"{len(self.ran)} accounts collected"
        todo = "winterslaap status says what to do"
        message = f"{len(left)} of {len(self.ran)} accounts are not complete → {todo}"
        return "failed" if len(left) == len(self.ran) else "incomplete", message
