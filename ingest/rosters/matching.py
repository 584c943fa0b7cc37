"""Who in the roster a found person is; never a guess between two."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.csvfile import Row
from ingest.rosters.draft import Draft
from ingest.rosters.found import FoundPerson
from ingest.rosters.grouping import contradict, name_key


@dataclass(frozen=True, slots=True)
class Match:
    """A person of the roster, or nobody; `doubt` says why it cannot be told."""

    row: Row | None = None
    doubt: str = ""
    namesake: str = ""  # somebody of another council with the same name


def match(draft: Draft, person: FoundPerson) -> Match:
    """By person_id, then by ids elsewhere, then by an account and a like name, then by name."""
    people = draft.rows["people"]
    if person.person_id:
        return Match(
            next((r for r in people if r.values.get("person_id") == person.person_id), None)
        )
    by_ids = [row for row in people if set(ids_of(draft, row)) & set(person.ids)]
    if by_ids:
        return _only(by_ids, "have one of these ids")
    fitting = [row for row in people if not contradict(ids_of(draft, row), person.ids)]
    holders = {
        holding.person_id
        for account in person.accounts
        for holding in draft.holdings.get((account.platform, account.handle), ())
    }
    by_account = [
        row
        for row in fitting
        if row.values.get("person_id") in holders and alike(_name(row), person.name)
    ]
    if by_account:
        return _only(by_account, "hold these accounts")
    named = [row for row in fitting if name_key(_name(row)) == name_key(person.name)]
    here = [row for row in named if _is_here(draft, row, person)]
    if here:
        return _only(here, "have this name")
    return Match(namesake=str(named[0].values.get("person_id")) if named else "")


def _only(rows: list[Row], what: str) -> Match:
    if len(rows) == 1:
        return Match(rows[0])
    names = ", ".join(str(row.values.get("person_id")) for row in rows)
    return Match(doubt=f"{names} {what}: give the source a column person_id")


def _is_here(draft: Draft, row: Row, person: FoundPerson) -> bool:
    """Of this council, or of the same municipality."""
    place = str(row.values.get("municipality") or "").casefold()
    return row.file.startswith(f"rosters/{draft.council}/") or (
        bool(place) and place == person.municipality.casefold()
    )


def _name(row: Row) -> str:
    return str(row.values.get("name") or "")


def ids_of(draft: Draft, row: Row) -> tuple[str, ...]:
    """The ids elsewhere in a row of people.csv."""
    return tuple(draft.cell(row, "ids").split())


def alike(one: str, other: str) -> bool:
    """Whether two names share at least two parts, or are the same."""
    first, second = set(name_key(one)), set(name_key(other))
    return first == second or len(first & second) >= 2
