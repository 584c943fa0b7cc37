"""What the accounts in a source would change: added, dated, handed over, or disputed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.rosters.changes import Change, ChangeKind, Options
from ingest.rosters.draft import Draft, Holding
from ingest.rosters.found import FoundAccount, FoundPerson

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Compares found accounts with those in accounts.csv, also of other people."""

    draft: Draft
    options: Options
    without: frozenset[tuple[str, str]]  # not confirmed
    disputed: frozenset[tuple[str, str]]  # given to several people by the source itself

    def plan(self, person_id: str, found: FoundAccount) -> Iterator[Change]:
        """What one account of a person would change."""
        key = (found.platform, found.handle)
        name = f"{found.platform} {found.handle}"
        if key in self.without:
            yield Change(ChangeKind.LEFT_OUT, person_id, "account", f"{name}: not confirmed")
        elif key in self.disputed:
            detail = f"{name}: the source gives it to several people at once"
            yield Change(ChangeKind.DUPLICATE, person_id, "account", detail)
        else:
            yield from self._hand(person_id, found, key, name)

    def _hand(
        self, person_id: str, found: FoundAccount, key: tuple[str, str], name: str
    ) -> Iterator[Change]:
        first_on, last_on = found.valid_from or date.min, found.valid_to or date.max
        held = list(self.draft.holdings.get(key, ()))
        mine = [o for o in held if o.person_id == person_id and o.overlaps(first_on, last_on)]
        if mine:
            yield from self._dated(person_id, found, mine, name)
            return
        others = [one for one in held if one.overlaps(first_on, last_on)]
        holder = others[0].person_id if others else ""
        if others and found.valid_from is None and self.options.handover_on:
            first_on = self.options.handover_on
            others = [one for one in others if one.overlaps(first_on, last_on)]
        can_end = all(one.row and one.first_on < first_on for one in others)
        if not (can_end and first_on <= last_on):
            detail = f"{name}: {holder} has it → --handover-on DAY if it passed on"
            yield Change(ChangeKind.DUPLICATE, person_id, "account", detail)
            return
        for other in others:
            self.draft.hand_over(key, other, first_on - ONE_DAY)
            detail = f"{name}: {other.person_id}'s until {first_on - ONE_DAY}, then {person_id}'s"
            yield Change(ChangeKind.HANDED_OVER, other.person_id, "account", detail)
        run_by = found.run_by or self.options.run_by or "self"
        self._add_account(person_id, found, first_on, run_by)
        days = f" {first_on} – {found.valid_to or 'now'}" if first_on > date.min else ""
        yield Change(
            ChangeKind.ADDED, person_id, "account", f"{name}{days}, run by {run_by}", found
        )

    def _add_account(
        self, person_id: str, found: FoundAccount, first_on: date, run_by: str
    ) -> None:
        self.draft.add(
            "accounts",
            account_id=self.draft.free_id(f"{person_id}-{found.platform}"),
            person_id=person_id,
            platform=found.platform,
            handle=found.handle,
            run_by=run_by,
            valid_from=str(first_on) if first_on > date.min else "",
            valid_to=str(found.valid_to or ""),
        )
        holding = Holding(person_id, first_on, found.valid_to or date.max, None)
        self.draft.hold((found.platform, found.handle), holding)

    def _dated(
        self, person_id: str, found: FoundAccount, mine: Sequence[Holding], name: str
    ) -> Iterator[Change]:
        """The days of an account that the person has already, where the roster has none."""
        row = mine[0].row
        if len(mine) > 1 or row is None:
            return
        if found.valid_from and mine[0].first_on == date.min:
            self.draft.edit(row, valid_from=str(found.valid_from))
            detail = f"{name}: from {found.valid_from}"
            yield Change(ChangeKind.CHANGED, person_id, "account", detail)
        if found.valid_to and mine[0].last_on == date.max:
            self.draft.edit(row, valid_to=str(found.valid_to))
            yield Change(ChangeKind.ENDED, person_id, "account", f"{name}: until {found.valid_to}")


def disputed(people: Sequence[FoundPerson]) -> frozenset[tuple[str, str]]:
    """Accounts that the source gives to two people on the same day."""
    claims: dict[tuple[str, str], list[tuple[int, Holding]]] = {}
    disputed = set()
    for number, person in enumerate(people):
        for one in person.accounts:
            first, last = one.valid_from or date.min, one.valid_to or date.max
            key = (one.platform, one.handle)
            for other, held in claims.setdefault(key, []):
                if other != number and held.overlaps(first, last):
                    disputed.add(key)
            claims[key].append((number, Holding("", first, last, None)))
    return frozenset(disputed)
