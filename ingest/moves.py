"""Accounts that moved to another server are followed: each becomes one more account of the person.

A server says `moved` only after the new account named the old one as its own, so both ends
have agreed. What stands under the old address stays where it is, and is still collected.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest import roster as rosters
from ingest.csvfile import read_rows
from ingest.model import Account
from ingest.roster import Roster
from ingest.roster_columns import FILES, normal_handle
from ingest.storefile import connect

_MOVED = (
    "select account_id, max_by(moved_to, seen_at) as moved_to from account_state "
    "group by account_id having max_by(status, seen_at) = 'moved' order by account_id"
)


@dataclass(frozen=True, slots=True)
class Move:
    """An account of the roster that its server says has moved."""

    account: Account
    moved_to: str
    added_as: str | None  # the new account's id; None where another person has it

    @property
    def line(self) -> str:
        """What happened, and what to do."""
        happened = f"{self.account.account_id}: moved to {self.moved_to}"
        if self.added_as is None:
            return f"{happened}, which somebody else has in the roster → correct accounts.csv"
        return f"{happened}, added as {self.added_as} → winterslaap collect --only {self.added_as}"


def follow(data_dir: Path, store_path: Path, roster: Roster) -> list[Move]:
    """Write down where accounts went, once; what was written, or could not be."""
    done = []
    with connect(store_path, read_only=True) as con:
        found = dict(con.execute(_MOVED).fetchall())
    for account, moved_to in _new(roster, found):
        owner = next((a.person_id for a in roster.accounts if a.handle == moved_to), None)
        if owner is not None:
            if owner != account.person_id:
                done.append(Move(account, moved_to, None))
            continue
        cells = {"platform": account.platform, "handle": moved_to, "run_by": account.run_by}
        person = {"person_id": account.person_id}
        added = rosters.add(data_dir, _council(data_dir, account), person, cells)
        done.append(Move(account, moved_to, added.account_id))
        roster = rosters.read(data_dir)
    return done


def _new(roster: Roster, moved: dict[str, str | None]) -> Iterator[tuple[Account, str]]:
    for account in roster.accounts:
        if handle := moved.get(account.account_id):
            yield account, normal_handle(account.platform, handle)


def _council(data_dir: Path, account: Account) -> str:
    """The folder that lists the account."""
    for name, content in rosters.read_files(data_dir).items():
        path = Path(name)
        if path.stem == "accounts" and any(
            row.values.get("account_id") == account.account_id
            for row in read_rows(name, content, FILES["accounts"])[0]
        ):
            return path.parent.name
    raise AssertionError("an account of the roster stands in one of its files")
