"""Puts what a live stream brought into the store, opened for a moment only; the cursor last.

Between two writings the store is closed, so that `collect`, `score` and the pages can
have it. What was heard before a kill is heard again from the cursor on and is no
second row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from ingest import identities
from ingest.collect import KEY_FILE, STORE_FILE
from ingest.errors import StoreError
from ingest.http import Config
from ingest.identities import NO_ACCOUNT
from ingest.live_items import Found
from ingest.live_track import Place, Stretch
from ingest.model import Account, Batch, Status, Stream
from ingest.roster import Roster
from ingest.rotation import settled_key
from ingest.rows import NotCitizens, TextStep
from ingest.store import Store, key_check
from ingest.walk import Appended, Walk

PROOF = "unbroken_stream"


@dataclass(slots=True)
class Shelf:
    """The store as a live stream needs it."""

    data_dir: Path
    roster: Roster
    text_step: TextStep
    config: Config
    stream: str  # kind and host: its cursors are of no use elsewhere
    _others: NotCitizens | None = field(default=None, repr=False)
    _others_key: str = field(default="", repr=False)  # of which key its hashes are
    _stored_since: dict[str, str] = field(default_factory=dict)

    def accounts(self) -> dict[str, Account]:
        """The roster's Bluesky accounts of today that may be heard, by DID.

        StoreError if none was collected yet: only a walk tells who is shown to visitors.
        """
        today = self.config.now().date()
        current = {
            account.account_id: account
            for account in self.roster.accounts
            if account.platform == "bluesky" and _is_valid(account, today)
        }
        with self._open() as store:
            states = store.rows(
                "select account_id, native_id, status from account_state "
                "qualify row_number() over (partition by account_id order by seen_at desc) = 1"
            )
        found = {
            did: current[account_id]
            for account_id, did, status in states
            if account_id in current and did and status == Status.ACTIVE
        }
        if not found:
            happened = "no Bluesky account of the roster has been collected yet"
            raise StoreError(f"live · {self.stream}: {happened} → run winterslaap collect first")
        return found

    def place(self) -> Place | None:
        """Where the last session of this stream ended; None before the first."""
        with self._open() as store:
            values = dict(
                store.rows(
                    "select name, max_by(value, seen_at) from cursor_position "
                    "where account_id = ? and name in (?, ?) group by name",
                    [NO_ACCOUNT, self._cursor, self._since],
                )
            )
        if self._cursor not in values:
            return None
        cursor, _, at = values[self._cursor].partition(" ")
        since = json.loads(values.get(self._since, "{}"))
        return Place(
            int(cursor),
            datetime.fromisoformat(at),
            {name: datetime.fromisoformat(value) for name, value in since.items()},
        )

    def put(
        self,
        found: Mapping[str, Found],
        accounts: Iterable[Account],
        stretches: Sequence[Stretch],
        place: Place | None,
    ) -> Appended:
        """Store the items by account id, then what is proven and the cursor, together."""
        posts = received = 0
        by_id = {account.account_id: account for account in accounts}
        run_id = f"live-{self.config.now():%Y%m%dT%H%M%SZ}"
        with self._open() as store:
            others = self._not_citizens(store)
            for account_id, items in found.items():
                added = self._append(store, by_id[account_id], items, run_id, others)
                posts, received = posts + added.post_count, received + added.received_count
            if place is not None:
                self._move(store, stretches, place, run_id)
        return Appended(posts, received)

    @property
    def _cursor(self) -> str:
        return f"live cursor of {self.stream}"

    @property
    def _since(self) -> str:
        return f"live since of {self.stream}"

    def _open(self) -> Store:
        store, key = self.data_dir / STORE_FILE, self.data_dir / KEY_FILE
        return Store(store, settled_key(store, key))

    def _not_citizens(self, store: Store) -> NotCitizens:
        """Who may be named; those who asked to be forgotten meanwhile are not."""
        if self._others is None or self._others_key != key_check(store.keys):
            self._others_key = key_check(store.keys)
            self._others = identities.remember(store, self.roster, self.config.now())
        return replace(self._others, forgotten=store.forgotten(), kept_from=store.kept_from())

    def _append(
        self, store: Store, account: Account, items: Found, run_id: str, others: NotCitizens
    ) -> Appended:
        languages = {person.person_id: person.language for person in self.roster.people}
        walk = Walk(
            store,
            account,
            run_id,
            self.text_step,
            now=self.config.now,
            language=languages.get(account.person_id),
            others=others,
        )
        return walk.append(_without_strangers(items.batch(), walk))

    def _move(self, store: Store, stretches: Sequence[Stretch], place: Place, run_id: str) -> None:
        since = {name: moment.isoformat() for name, moment in sorted(place.since.items())}
        cursors = {self._cursor: f"{place.cursor} {place.at.isoformat()}"}
        if since != self._stored_since:
            cursors[self._since] = json.dumps(since)
        with store.transaction():
            at = store.next_moment(self.config.now())
            spans = [(s.account_id, run_id, at, *_span(s.start_at, s.end_at)) for s in stretches]
            store.insert("span", spans)
            rows = [(NO_ACCOUNT, run_id, at, name, value) for name, value in cursors.items()]
            store.insert("cursor_position", rows)
        self._stored_since = since


def _span(start_at: datetime, end_at: datetime) -> tuple[str, datetime, datetime, str]:
    return (Stream.MENTIONS.value, _naive(start_at), _naive(end_at), PROOF)


def _is_valid(account: Account, today: date) -> bool:
    begins, ends = account.valid_from or today, account.valid_to or today
    return begins <= today <= ends


def _without_strangers(batch: Batch, walk: Walk) -> Batch:
    """Deletions only of items that are stored: the others were left out on purpose."""
    if not any(post.is_deleted for post in batch.posts):
        return batch
    known = walk.known().posts
    kept = tuple(post for post in batch.posts if not post.is_deleted or post.uri in known)
    return replace(batch, posts=kept)


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
