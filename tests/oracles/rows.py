"""What goes in (the rows of inputs.sql) and what comes out (rows like the published copy)."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY = 86_400
ANSWER_DAYS = 14
MANY = 20


@dataclass(frozen=True)
class Person:
    person_key: int
    person_id: str
    office: str | None = "councillor"
    level: str | None = "local"


@dataclass(frozen=True)
class Mandate:
    person_key: int
    kind: str
    jurisdiction: str | None
    level: str | None
    election_id: str | None
    first_day: int
    last_day: int


@dataclass(frozen=True)
class Election:
    election_id: str
    jurisdiction: str
    level: str
    day: int
    last_round_day: int
    called_day: int | None = None
    regulated_day: int | None = None
    applies_to: str | None = None
    is_verified: bool = True


@dataclass(frozen=True)
class Absence:
    person_key: int
    first_day: int
    last_day: int


@dataclass(frozen=True)
class Account:
    account_key: int
    person_key: int
    account_id: str
    platform: str
    run_by: str
    first_day: int
    last_day: int
    shows_acts: bool = True
    shows_replies: bool = True
    shows_received: bool = True
    shows_mentions: bool = False


@dataclass(frozen=True)
class Span:
    account_key: int
    stream: str
    first_day: int
    last_day: int


@dataclass(frozen=True)
class Partner:
    partner_key: int
    class_: str
    person_key: int | None = None


@dataclass(frozen=True)
class Post:
    account_key: int
    person_key: int
    post_key: int
    at: int | None
    day: int | None
    kind: str
    parent_key: int | None = None
    root_key: int | None = None
    partner_key: int | None = None
    parent_at: int | None = None
    is_backdated: bool = False
    is_crosspost: bool = False
    is_redirect: bool = False
    is_restricted: bool | None = None
    label: str | None = None
    asks_public: bool = False
    promise: bool = False
    topics: tuple[str, ...] = ()
    tone_score: int | None = None
    lang: str | None = None


@dataclass(frozen=True)
class Received:
    account_key: int
    person_key: int
    item_key: int
    at: int | None
    day: int | None
    asker_key: int | None
    parent_key: int | None
    root_key: int | None
    is_question: bool = True
    is_abuse: bool = False
    similarity_key: int | None = None
    is_backdated: bool = False
    topics: tuple[str, ...] = ()
    tone_score: int | None = None
    lang: str | None = None


@dataclass(frozen=True, repr=False)
class World:
    """Everything the models may know; the window is [start_day, end_day)."""

    start_day: int
    end_day: int
    season_rule: str = "legal"
    choices: Mapping[str, Any] = field(default_factory=dict)
    people: tuple[Person, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    elections: tuple[Election, ...] = ()
    absences: tuple[Absence, ...] = ()
    accounts: tuple[Account, ...] = ()
    spans: tuple[Span, ...] = ()
    partners: tuple[Partner, ...] = ()
    posts: tuple[Post, ...] = ()
    received: tuple[Received, ...] = ()

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        printer.text(repr(self))

    def __repr__(self) -> str:
        """Its first rows, table by table; a failing test prints this."""
        parts = [f"World({self.start_day}, {self.end_day}, {self.season_rule!r}, {self.choices})"]
        for field_ in fields(self)[4:]:
            rows = getattr(self, field_.name)
            parts.append(f"{field_.name}: {len(rows)}")
            parts += [f"    {row}" for row in rows[:MANY]]
        return "\n".join(parts)

    def choice(self, name: str, headline: Any) -> Any:
        """One of the choices behind the numbers, the headline unless the world says otherwise."""
        return self.choices.get(name, headline)

    def days(self) -> range:
        return range(self.start_day, self.end_day)

    def week_of(self, day: int) -> int:
        """Number of the ISO week (Monday to Sunday) from the one the window starts in."""
        return (day + 3) // 7 - (self.start_day + 3) // 7

    def block_of(self, day: int) -> int:
        return self.week_of(day) // 4


@dataclass
class Metric:
    person_id: str
    metric: str
    phase: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    numerator: int | None = None
    denominator: int | None = None
    effective_n: float | None = None
    dispersion_in: float | None = None
    dispersion_off: float | None = None
    covered_days: int = 0
    from_day: int | None = None
    to_day: int | None = None
    reason: str | None = None
    word: str | None = None
    is_comparable: bool = False


@dataclass
class SpellRow:
    person_id: str
    from_day: int
    to_day: int
    days: int
    level: str
    kind: str
    is_winter_sleep: bool = False
    is_candidate: bool = False
    is_at_least: bool = False
    is_possible: bool = False
    is_excused: bool = False
    election_id: str | None = None
    days_to_next_election: int | None = None
    p_value: float | None = None
    reason: str | None = None


@dataclass
class SeasonRow:
    person_id: str
    from_day: int
    to_day: int
    election_day: int
    is_counted: bool


@dataclass
class DayRow:
    person_id: str
    day: int
    counts: dict[str, int] = field(default_factory=dict)


@dataclass
class SpanRow:
    person_id: str
    kind: str
    from_day: int
    to_day: int


@dataclass
class PersonRow:
    person_id: str
    eligible_days: int
    covered_days: int
    received_covered_days: int
    first_covered_day: int | None
    last_covered_day: int | None
    shows_replies: bool
    shows_received: bool


@dataclass
class PillarRow:
    person_id: str
    pillar: str
    value: float | None
    points: float | None
    low: float | None
    high: float | None
    reason: str | None


@dataclass
class ScoreRow:
    person_id: str
    score: float | None
    pillars: str | None
