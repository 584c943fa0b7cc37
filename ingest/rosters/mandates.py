"""What the mandates in a source would change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ingest import roster
from ingest.csvfile import Row
from ingest.rosters.changes import Change, ChangeKind, Options
from ingest.rosters.draft import Draft
from ingest.rosters.found import FoundMandate


@dataclass(frozen=True, slots=True)
class Mandates:
    """Compares found mandates with the rows of mandates.csv."""

    draft: Draft
    options: Options

    def plan(self, person_id: str, found: FoundMandate) -> Iterator[Change]:
        """What one mandate or candidacy of a person would change."""
        cells, why_not = self.cells_of(found)
        about = f"{cells['office'] or 'mandate'} from {found.from_on or '?'}"
        if why_not:
            yield Change(ChangeKind.LEFT_OUT, person_id, "mandate", f"{about}: {why_not}")
            return
        row = self._same_mandate(person_id, cells, found)
        if row is None:
            self.draft.add("mandates", person_id=person_id, **cells)
            detail = f"{about} to {found.to_on or 'now'}"
            yield Change(ChangeKind.ADDED, person_id, "mandate", detail)
            return
        before = self.draft.day(row, "to_on")
        if (
            found.to_on is None
            or found.to_on == before
            or not self.options.may_change(str(before or ""))
        ):
            return
        self.draft.edit(row, to_on=str(found.to_on))
        kind = ChangeKind.CHANGED if before else ChangeKind.ENDED
        yield Change(
            kind, person_id, "mandate", f"{about}: last day {before or 'none'} → {found.to_on}"
        )

    def cells_of(self, found: FoundMandate) -> tuple[dict[str, str], str]:
        """The cells of a row, and why it cannot be one."""
        cells = {
            "kind": "candidacy" if found.election_id else "mandate",
            "office": self.options.office or roster.slug(found.office),
            "level": self.options.level or found.level,
            "jurisdiction": self.options.jurisdiction or found.jurisdiction,
            "election_id": found.election_id,
            "from_on": str(found.from_on or ""),
            "to_on": str(found.to_on or ""),
        }
        needed = ("office", "level", "jurisdiction")
        absent = [f"--{name}" for name in needed if not cells[name]]
        levels = {
            level
            for row in self.draft.rows["elections"]
            if row.values.get("jurisdiction") == cells["jurisdiction"]
            for level in str(row.values.get("level")).split("+")
        }
        if absent:
            return cells, f"add {' and '.join(absent)}"
        if cells["level"] not in levels:
            place = f"{cells['jurisdiction']}, {cells['level']}"
            return cells, f"elections.csv has no elections of {place}"
        if found.from_on is None:
            return cells, "the source does not say since when"
        if found.to_on is not None and found.to_on < found.from_on:
            return cells, "its days are not known well enough"
        return cells, ""

    def _same_mandate(
        self, person_id: str, cells: Mapping[str, str], found: FoundMandate
    ) -> Row | None:
        """The row of the same office from the same day, or else at the same time."""
        names = ("kind", "office", "level", "jurisdiction")
        near = []
        for row in self.draft.of_person("mandates", person_id):
            values = row.values
            starts, last = self.draft.day(row, "from_on"), self.draft.day(row, "to_on")
            is_same = all(values.get(name) == cells[name] for name in names)
            if not is_same or (values.get("election_id") or "") != cells["election_id"]:
                continue
            if starts == found.from_on:
                return row
            begins, ends = starts or date.max, last or date.max
            if begins <= (found.to_on or date.max) and (found.from_on or date.min) <= ends:
                near.append(row)
        return near[0] if near else None
