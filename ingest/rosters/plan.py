"""What an import would change, person by person, before anything is written.

Nothing that stands in the roster is dropped. Where the source and the roster contradict
each other in a way that needs a person, the row is left out and told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ingest import roster
from ingest.csvfile import Row
from ingest.errors import Problem, RosterError
from ingest.roster_columns import SLUG
from ingest.rosters.accounts import Accounts, disputed
from ingest.rosters.changes import Change, ChangeKind, Options, Plan
from ingest.rosters.draft import Draft
from ingest.rosters.found import FoundPerson
from ingest.rosters.grouping import merged
from ingest.rosters.mandates import Mandates
from ingest.rosters.matching import ids_of, match


def make(
    contents: Mapping[str, bytes],
    people: Sequence[FoundPerson],
    options: Options,
    without: frozenset[tuple[str, str]] = frozenset(),
) -> Plan:
    """What these people would change in the roster files.

    `without` are accounts (platform, handle) that somebody said no to. Raises RosterError
    if the files have problems now.
    """
    if not SLUG.fullmatch(options.council):
        expected = "a name as heist-op-den-berg"
        raise RosterError([Problem("rosters", 0, "council", options.council, expected)])
    roster.parse(contents)
    planner = _Planner(Draft(contents, options.council), options, without)
    changes = tuple(planner.changes(merged(people)))
    files = planner.draft.changed()
    roster.parse({**contents, **files})
    return Plan(changes, files)


@dataclass(slots=True)
class _Planner:
    draft: Draft
    options: Options
    without: frozenset[tuple[str, str]]

    @property
    def mandates(self) -> Mandates:
        return Mandates(self.draft, self.options)

    def changes(self, people: Sequence[FoundPerson]) -> Iterator[Change]:
        accounts = Accounts(self.draft, self.options, self.without, disputed(people))
        matched: set[str] = set()
        for person in people:
            yield from self._person(person, matched, accounts)
        yield from self._missing(people, matched)

    def _person(
        self, person: FoundPerson, matched: set[str], accounts: Accounts
    ) -> Iterator[Change]:
        found = match(self.draft, person)
        known = found.row and str(found.row.values["person_id"])
        doubt = found.doubt or (f"{known} is in the source twice" if known in matched else "")
        if not doubt and not person.name and not found.row:
            doubt = "no name in the source"
        if not doubt and not SLUG.fullmatch(person.person_id or roster.slug(person.name)):
            doubt = "a person_id has letters a-z, digits and hyphens"
        if doubt:
            kind = ChangeKind.DUPLICATE if found.doubt or known in matched else ChangeKind.LEFT_OUT
            yield Change(kind, known or "", "person", f"{person.name or person.where}: {doubt}")
            return
        if found.namesake:
            detail = f"{person.name} of another council: a person_id would join them"
            yield Change(ChangeKind.DUPLICATE, found.namesake, "person", detail)
        changes = list(self._row(person, found.row))
        person_id = known or changes[0].person_id
        matched.add(person_id)
        for mandate in sorted(person.mandates, key=lambda one: one.from_on or date.max):
            changes += self.mandates.plan(person_id, mandate)
        for account in person.accounts:
            changes += accounts.plan(person_id, account)
        if not changes:
            changes = [Change(ChangeKind.UNTOUCHED, person_id, "person", person.name)]
        yield from changes

    def _row(self, person: FoundPerson, row: Row | None) -> Iterator[Change]:
        ids = " ".join(person.ids)
        if row is None:
            person_id = self.draft.free_id(person.person_id or roster.slug(person.name))
            self.draft.add(
                "people",
                person_id=person_id,
                name=person.name,
                municipality=person.municipality,
                party=person.party,
                language=self.options.language or person.language,
                timezone=self.options.timezone or person.timezone,
                is_invented="yes" if self.options.is_invented else "",
                ids=ids,
            )
            about = ", ".join(filter(None, (person.name, person.party, person.municipality)))
            yield Change(ChangeKind.ADDED, person_id, "person", about)
            return
        told = {"municipality": person.municipality, "party": person.party}
        told["ids"] = " ".join(dict.fromkeys((*ids_of(self.draft, row), *person.ids)))
        for column, cell in told.items():
            before = str(row.values.get(column) or "")
            if cell and " ".join(cell.split()) != before and self.options.may_change(before):
                self.draft.edit(row, **{column: cell})
                detail = f"{column}: {before or 'empty'} → {cell}"
                yield Change(ChangeKind.CHANGED, str(row.values["person_id"]), "person", detail)

    def _missing(self, people: Sequence[FoundPerson], matched: set[str]) -> Iterator[Change]:
        """People of this council whose kind of mandate is in the source, but not they."""
        names = ("office", "level", "jurisdiction")
        kinds = {
            tuple(self.mandates.cells_of(mandate)[0][name] for name in names)
            for person in people
            for mandate in person.mandates
        }
        for row in self.draft.rows["mandates"]:
            values = row.values
            person_id = str(values.get("person_id"))
            is_open = values.get("to_on") is None and values.get("kind") == "mandate"
            is_here = row.file.startswith(f"rosters/{self.options.council}/")
            kind = tuple(str(values.get(name)) for name in names)
            if person_id in matched or not (is_open and is_here) or kind not in kinds:
                continue
            ended_on, from_on = self.options.ended_on, values.get("from_on")
            if ended_on and isinstance(from_on, date) and from_on <= ended_on:
                self.draft.edit(row, to_on=str(ended_on))
                detail = f"{kind[0]}: no longer in the source, last day {ended_on}"
                yield Change(ChangeKind.ENDED, person_id, "mandate", detail)
            else:
                detail = f"{kind[0]}: not in the source, left as it is"
                yield Change(ChangeKind.MISSING, person_id, "mandate", detail)
