"""An audit from beginning to end: archives in, numbers and things to do out, nothing kept.

Everything happens in memory, in the process that asks; the archives are closed and the
session is forgotten before this gives anything back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from ingest import archives, session
from ingest.archives.model import Counts, Found
from ingest.collect import STORE_FILE
from ingest.errors import ArchiveUnreadable, Problem, RosterError, StoreError
from ingest.model import Account
from ingest.roster import Person, Roster
from ingest.session import Session
from metrics import ahead, read, score, text
from metrics.ahead import Ahead
from metrics.load import load
from metrics.todo.facts import Fact, Item
from metrics.todo.gather import gather

FRESH = timedelta(days=14)  # a public collection this much older than an archive still wins
MARTS = ("account", "day", "metric", "person", "pillar", "score", "season", "span", "spell")


@dataclass(frozen=True, slots=True)
class Given:
    """One file that was given, openable again and again; its bytes are nowhere else."""

    name: str
    source: Path | bytes

    def recognise(self) -> Found:
        """What it is; raises ArchiveUnreadable."""
        opened = BytesIO(self.source) if isinstance(self.source, bytes) else self.source
        return archives.recognise(opened, self.name)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file turned out to be, and what of it will count."""

    name: str
    title: str = ""
    platform: str = ""
    handle: str = ""
    is_own: bool = True
    counts: Counts = field(default_factory=Counts)
    account_id: str = ""  # empty: none of the person's
    left_out_count: int = 0
    is_set_aside: bool = False  # the public collection of this account is as new, and knows more
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0
    refusal: ArchiveUnreadable | None = None
    notes: tuple[str, ...] = ()

    @property
    def item_count(self) -> int:
        """How many own items were read."""
        c = self.counts
        return c.posts + c.replies + c.quotes + c.reposts + c.self_replies


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found of one person; it lives as long as the session of who asked."""

    person: Mapping[Any, Any]
    tables: Mapping[str, pd.DataFrame]
    facts: tuple[Fact, ...]
    ahead: Ahead
    names: Mapping[int, str]  # of whom the facts name
    window: tuple[date, date]  # both days inclusive
    as_of: date | None  # the last day that is known
    is_with_public: bool
    public_left: str = ""  # why what is known in public is not in it


def survey(
    given: Sequence[Given], everybody: Roster, person: Person, data_dir: Path | None
) -> list[Seen]:
    """What each file is and what would be counted; nothing is kept of it but numbers."""
    with session.begin(everybody, person, text) as here:
        until, _ = _known_until(here, _public(data_dir))
        return [_seen(one, here, until) for one in given]


def audit(
    given: Sequence[tuple[Given, Seen]],
    everybody: Roster,
    person: Person,
    data_dir: Path | None,
    private: Path | None = None,
) -> Audit:
    """Read, count and score the files, with what is known in public of the other accounts.

    `private`: a store of the person's own imports, read where no file brings the account.
    """
    taken = [(one, seen) for one, seen in given if seen.account_id and not seen.is_set_aside]
    with session.begin(everybody, person, text) as here:
        have = {seen.account_id for _, seen in taken}
        public, left = _known_until(here, _public(data_dir))
        own, _ = _known_until(here, private, is_private=True)
        older = {id_ for id_ in own if id_ in public and public[id_] >= own[id_] - FRESH}
        mine = own.keys() - older - have
        for file, wanted in ((private, mine), (_public(data_dir), public.keys() - have - mine)):
            if file is not None and wanted:
                here.borrow(file, sorted(wanted))
        for one, _ in taken:
            with one.recognise() as found:
                here.add(found)
        return replace(measured(here), public_left=left)


def measured(here: Session) -> Audit:
    """Everything that is computed of a session, before it is forgotten."""
    con = here.store.beside()
    window = load(con, None, here.roster.tables())
    score.build(con, datetime.now(UTC).replace(tzinfo=None), None)
    tables = {name: read.answered(con, f'select * from "{name}"') for name in MARTS}  # noqa: S608
    facts = tuple(_named(fact, here.names) for fact in gather(con, 1))
    wanted = {item.partner_key for fact in facts for item in fact.items}
    person = tables["person"].iloc[0].to_dict()
    last = person["last_covered_on"]
    return Audit(
        person,
        tables,
        facts,
        ahead.ahead(con, 1),
        {key: name for key, name in here.names.items() if key in wanted},
        (window.from_on, window.to_on - timedelta(days=1)),
        last if isinstance(last, date) else None,
        bool(here.borrowed),
    )


def _named(fact: Fact, names: Mapping[int, str]) -> Fact:
    """The same with keys that a person's name makes the same in every session."""
    if fact.kind != "campaign_talk":
        return fact
    items = (_named_item(item, names) for item in fact.items)
    return replace(fact, items=tuple(items))


def _named_item(item: Item, names: Mapping[int, str]) -> Item:
    name = names.get(item.partner_key or 0, "")
    return replace(item, key=f"{item.key} {name}") if name else item


def _public(data_dir: Path | None) -> Path | None:
    return None if data_dir is None else data_dir / STORE_FILE


def _known_until(
    here: Session, file: Path | None, *, is_private: bool = False
) -> tuple[Mapping[str, datetime], str]:
    """Until when a store knows each of the person's accounts, and why that cannot be read now."""
    if file is None or not file.is_file():
        return {}, ""
    try:
        return here.known_until(file, is_private=is_private), ""
    except StoreError as error:
        return {}, str(error)


def _seen(given: Given, here: Session, until: Mapping[str, datetime]) -> Seen:
    """Read a file to its end without keeping anything."""
    try:
        with given.recognise() as found:
            return _counted(given, found, here, until)
    except ArchiveUnreadable as error:
        return Seen(given.name, refusal=error)
    except RosterError as error:
        wrong = error.problems[0]
        return Seen(given.name, refusal=ArchiveUnreadable(given.name, wrong.found, wrong.expected))


def _counted(given: Given, found: Found, here: Session, until: Mapping[str, datetime]) -> Seen:
    account: Account | None = None
    left_out, owners = 0, here.owners(found)
    for batch in archives.read(found):
        mine = owners.account_of(batch.state or found.state())
        account = account or mine
        left_out += len(batch.posts) if mine is None else 0
    account_id = account.account_id if account else ""
    ends_at = found.ends_at or found.counts.to_at
    known = until.get(account_id)
    return Seen(
        given.name,
        found.title,
        account.platform if account else found.platform,
        found.handle or (account.handle if account else ""),
        found.is_own,
        found.counts,
        account_id,
        left_out,
        known is not None and ends_at is not None and known >= ends_at - FRESH,
        tuple(found.problems.listed),
        found.problems.count,
        notes=tuple(found.notes),
    )
