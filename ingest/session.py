"""One person's archives for as long as somebody looks: in memory, under a key made for it.

Nothing here is written to a disk or a log. What the store knows in public of the
person's other accounts may stand beside the archives; the names of those the person
talked with stay in this object, and go with it.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ingest import importing
from ingest.archives.model import Found
from ingest.identities import NO_ACCOUNT, remember
from ingest.importing import Imported, Owners
from ingest.model import Account, Batch, Kind, Post
from ingest.privacy import KEY_BYTES, merge_text
from ingest.roster import Person, Roster
from ingest.rows import NotCitizens, TextStep
from ingest.store import AccountRun, Store
from ingest.storefile import IN_MEMORY, why
from ingest.walk import Walk

OF_ACCOUNTS = ("post", "received", "thread", "account_state", "span", "account_run")
_borrowing = threading.Lock()  # closing one handle of a file lets go of every lock on it


@dataclass(slots=True)
class Session:
    """One person's items in memory; `with begin(…) as session:` forgets them again."""

    store: Store
    person: Person
    everybody: Roster
    text_step: TextStep
    accounts: list[Account]
    run_id: str
    names: dict[int, str] = field(default_factory=dict, repr=False)  # of partners, by their key
    natives: dict[str, set[str]] = field(default_factory=dict)  # ids of accounts that are known
    borrowed: set[str] = field(default_factory=set)  # accounts that a store on disk knew
    _lent: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)  # who is no citizen there

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget everything."""
        self.names.clear()
        self.store.close()

    @property
    def roster(self) -> Roster:
        """The person alone, with the accounts of which something is known here."""
        mine = self.person.person_id
        known = "select account_id from post union select account_id from span"
        held = {account_id for (account_id,) in self.store.rows(known)}
        return replace(
            self.everybody,
            people=(self.person,),
            mandates=tuple(m for m in self.everybody.mandates if m.person_id == mine),
            accounts=tuple(a for a in self.accounts if a.account_id in held),
            absences=tuple(a for a in self.everybody.absences if a.person_id == mine),
        )

    def add(self, found: Found) -> Imported:
        """Take in the items of one archive or table, as an import into a private store would."""
        done = importing.run(
            found,
            self.store,
            self._lookup(),
            text_step=self.text_step,
            person_id=self.person.person_id,
            is_private=True,
            on_batch=lambda account, batch: self._name(account.platform, batch.posts),
        )
        for one in done.landed:
            self._add_account(one.account)
        self._remember()
        return done

    def owners(self, found: Found) -> Owners:
        """Which of the person's accounts the items of an archive or table are of."""
        mine = self.person.person_id
        return importing.owners_of(found, self._lookup(), mine, is_private=True)

    def add_batches(self, account: Account, batches: Iterable[Batch]) -> None:
        """Take in what a source gave back for one account."""
        self._add_account(account)
        began_at, walk = _now(), self._walk(account, self._remember())
        for batch in batches:
            self._name(account.platform, batch.posts)
            walk.append(batch)
        self._remember()
        self._record(account.account_id, account.platform, began_at)

    def borrow(self, file: Path, account_ids: Sequence[str]) -> None:
        """Put what a store on disk knows of these accounts beside the archives; it is only read.

        Its hashes were made with another key, which is not needed: no account is in both.
        """
        wanted = list(account_ids)
        with _borrowing, self._lender(file):
            for account in self._lent_accounts(wanted):
                self._add_account(account)
            with self.store.transaction() as con:
                for table in OF_ACCOUNTS:
                    con.execute(
                        f"insert into {table} by name select * from lender.{table} "  # noqa: S608
                        "where account_id in (select unnest(?))",
                        [wanted],
                    )
                con.execute(
                    "insert into cursor_position by name from lender.cursor_position "
                    "where account_id = ?",
                    [NO_ACCOUNT],
                )
            for table in ("known_key", "own_key"):
                lent = self.store.rows(f"select * from lender.{table}")  # noqa: S608
                self._lent[table] = [*self._lent.get(table, ()), *lent]
        self._merge_again(wanted)
        self._remember()
        self.borrowed |= set(wanted)

    def known_until(self, file: Path, *, is_private: bool = False) -> Mapping[str, datetime]:
        """Until when a store on disk knows the acts of each of the person's accounts.

        From then on an archive that only says the account's id is known as that account's.
        A private store holds nobody else's accounts, also some that the roster does not have.
        """
        mine = [account.account_id for account in self.accounts]
        with _borrowing, self._lender(file):
            found = self.store.rows(
                "select account_id, max(end_at) from lender.span where stream = 'acts' "
                "and (? or account_id in (select unnest(?))) group by account_id",
                [is_private, mine],
            )
            for account_id, native_id in self.store.rows(
                "select distinct account_id, native_id from lender.account_state "
                "where native_id is not null and account_id in (select unnest(?))",
                [mine],
            ):
                self.natives.setdefault(account_id, set()).add(native_id)
        return {account_id: end_at.replace(tzinfo=UTC) for account_id, end_at in found}

    def _lent_accounts(self, account_ids: Sequence[str]) -> list[Account]:
        """The accounts as their platform named them last."""
        found = self.store.rows(
            "select account_id, max_by(host, seen_at), max_by(handle, seen_at) "
            "from lender.account_state where account_id in (select unnest(?)) "
            "group by account_id order by account_id",
            [list(account_ids)],
        )
        mine = self.person.person_id
        return [Account(account_id, mine, host, handle or "") for account_id, host, handle in found]

    @contextmanager
    def _lender(self, file: Path) -> Iterator[None]:
        quoted = str(file).replace("'", "''")
        try:
            self.store.rows(f"attach '{quoted}' as lender (read_only)")
        except duckdb.Error as error:
            raise why(file, error) from error
        try:
            yield
        finally:
            self.store.rows("detach lender")

    def _merge_again(self, account_ids: Sequence[str]) -> None:
        """Hash the beginnings of borrowed texts with this session's key: copies are found by it."""
        whose = "text is not null and account_id in (select unnest(?))"
        found = self.store.rows(f"select distinct text from post where {whose}", [account_ids])  # noqa: S608
        texts = [text for (text,) in found]
        keys = [self.store.keys.same("merge", merge_text(text)) for text in texts]
        columns = {"text": pa.array(texts, pa.string()), "merge_key": pa.array(keys, pa.int64())}
        with self.store.transaction() as con:
            con.register("again", pa.table(columns))
            con.execute(
                "update post set merge_key = again.merge_key from again "
                "where post.text = again.text and account_id in (select unnest(?))",
                [account_ids],
            )
            con.unregister("again")

    def _remember(self) -> NotCitizens:
        """Who is no citizen, by this session's key and by those of the stores borrowed from."""
        known = {(one.platform, one.handle) for one in self.everybody.accounts}
        more = tuple(a for a in self.accounts if (a.platform, a.handle) not in known)
        everybody = replace(self.everybody, accounts=(*self.everybody.accounts, *more))
        others = remember(self.store, everybody, _now())
        with self.store.transaction():
            for table, rows in self._lent.items():
                self.store.insert(table, rows)
        return others

    def _lookup(self) -> Roster:
        """The roster, in which an account is also found by the ids that a store knows it by."""
        others = (a for a in self.everybody.accounts if a.person_id != self.person.person_id)
        named = {account.account_id: account for account in self.accounts}
        also = (
            replace(named[account_id], handle=native_id)
            for account_id, ids in self.natives.items()
            for native_id in sorted(ids - {named[account_id].handle})
        )
        return replace(self.everybody, accounts=(*others, *self.accounts, *also))

    def _add_account(self, account: Account) -> None:
        if account.account_id not in {one.account_id for one in self.accounts}:
            self.accounts.append(account)

    def _walk(self, account: Account, others: NotCitizens) -> Walk:
        return Walk(
            self.store,
            account,
            self.run_id,
            self.text_step,
            now=_now,
            language=self.person.language,
            others=others,
        )

    def _name(self, platform: str, posts: Iterable[Post]) -> None:
        """Keep by what name the person spoke to whom."""
        for post in posts:
            if post.partner is not None and post.kind in (Kind.REPLY, Kind.QUOTE):
                key = self.store.keys.partner(platform, post.partner)
                name = _name_of(post)
                if name:
                    self.names.setdefault(key, name)

    def _record(self, account_id: str, source: str, began_at: datetime) -> None:
        count = self.store.rows(
            "select count(distinct uri) from post where account_id = ?", [account_id]
        )[0][0]
        ran = AccountRun(
            account_id, source, began_at, _now(), "complete", None, "", 0, count, 0, 0, 0.0
        )
        self.store.record(self.run_id, ran)


def begin(everybody: Roster, person: Person, text_step: TextStep) -> Session:
    """A session about one person, in memory and under a key that is made now and never kept."""
    store = Store(IN_MEMORY, secrets.token_bytes(KEY_BYTES))
    mine = [one for one in everybody.accounts if one.person_id == person.person_id]
    return Session(store, person, everybody, text_step, mine, store.begin_run(_now()))


def _name_of(post: Post) -> str:
    """The name of whom a post answers, as it stands in the text; else the id, where it is one."""
    if len(post.mentions) == len(post.mention_names):
        by_id = dict(zip(post.mentions, post.mention_names, strict=True))
        if post.partner in by_id:
            return _at(by_id[post.partner])
    if post.mention_names:
        return _at(post.mention_names[0])
    partner = post.partner or ""
    is_name = not partner.isdecimal() and not partner.startswith("did:")
    return partner if is_name else ""


def _at(name: str) -> str:
    return f"@{name.lstrip('@')}"


def _now() -> datetime:
    return datetime.now(UTC)
