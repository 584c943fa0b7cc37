"""What a source says of people, before it meets our roster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class FoundMandate:
    """A term of office or a candidacy; what the source does not say is empty."""

    office: str = ""
    level: str = ""
    jurisdiction: str = ""
    from_on: date | None = None
    to_on: date | None = None
    election_id: str = ""


@dataclass(frozen=True, slots=True)
class FoundAccount:
    """An account on a platform that we can collect from."""

    platform: str
    handle: str
    run_by: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """One person as one place of a source tells it."""

    name: str
    where: str  # in the source: a row, an id
    person_id: str = ""
    ids: tuple[str, ...] = ()  # scheme:id
    municipality: str = ""
    party: str = ""
    language: str = ""
    timezone: str = ""
    mandates: tuple[FoundMandate, ...] = ()
    accounts: tuple[FoundAccount, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Everything in a source, and how often it said what we cannot keep."""

    format: str
    people: tuple[FoundPerson, ...]
    left_out: Mapping[str, int]


@dataclass(slots=True)
class Reading:
    """What a format's reader has gathered so far."""

    people: list[FoundPerson] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def skip(self, what: str, count: int = 1) -> None:
        """Count something that cannot be kept, in words that a person can act on."""
        self.left_out[what] += count

    def found(self, name: str) -> Found:
        """The whole as the plan takes it."""
        return Found(name, tuple(self.people), dict(sorted(self.left_out.items())))
