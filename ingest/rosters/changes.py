"""What an import would change, as a dry run tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ingest.rosters.found import FoundAccount


class ChangeKind(StrEnum):
    """What becomes of a person, mandate or account."""

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    HANDED_OVER = "handed over"
    DUPLICATE = "duplicate"
    LEFT_OUT = "left out"
    MISSING = "missing"
    UNTOUCHED = "untouched"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the dry run."""

    kind: ChangeKind
    person_id: str
    what: str  # person | mandate | account
    detail: str
    account: FoundAccount | None = None  # where one is added


@dataclass(frozen=True, slots=True)
class Options:
    """What the source does not say, and what may be done with what it says."""

    council: str
    office: str = ""
    level: str = ""
    jurisdiction: str = ""
    language: str = ""
    timezone: str = ""
    run_by: str = ""
    is_invented: bool = False
    handover_on: date | None = None  # from which day an account is the found person's
    ended_on: date | None = None  # last day of those who are no longer in the source
    is_adding_only: bool = False

    def may_change(self, before: str) -> bool:
        """Whether a cell that says `before` may say something else."""
        return not (before and self.is_adding_only)


@dataclass(frozen=True, slots=True)
class Plan:
    """All changes, and the files as they would be."""

    changes: tuple[Change, ...]
    files: Mapping[str, bytes]  # only those that change

    def counts(self) -> dict[str, int]:
        """How many changes of each kind, in the order of ChangeKind."""
        found = Counter(change.kind for change in self.changes)
        return {kind.value: found[kind] for kind in ChangeKind if found[kind]}
