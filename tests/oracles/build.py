"""A town written down by hand: people, elections and what they did, by date."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracles.rows import (
    DAY,
    Absence,
    Account,
    Election,
    Mandate,
    Partner,
    Person,
    Post,
    Received,
    Span,
    World,
)

BRUSSELS = ZoneInfo("Europe/Brussels")
EPOCH = date(1970, 1, 1)


def day(text: str) -> int:
    return (date.fromisoformat(text) - EPOCH).days


def dates(first: str, last: str, every: int = 1) -> list[str]:
    """Dates from first to last, both included, every so many days."""
    return [
        (EPOCH + timedelta(days=d)).isoformat() for d in range(day(first), day(last) + 1, every)
    ]


def after(on: str, days: int) -> str:
    return (date.fromisoformat(on) + timedelta(days=days)).isoformat()


def at(moment: str) -> int:
    """Epoch seconds of a local moment such as 2024-10-13T23:59; a date alone is its noon."""
    text = moment if "T" in moment else moment + "T12:00"
    local = datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)
    return int(local.astimezone(UTC).timestamp())


def day_of(seconds: int) -> int:
    local = datetime.fromtimestamp(seconds, tz=BRUSSELS)
    return (local.date() - EPOCH).days


class Town:
    """Grows by one call a fact; `world()` is what the models get."""

    def __init__(self, first: str, end: str) -> None:
        self._world = World(day(first), day(end))
        self._key = 100_000

    def _add(self, table: str, *rows: object) -> None:
        more: dict[str, Any] = {table: (*getattr(self._world, table), *rows)}
        self._world = replace(self._world, **more)

    def key(self) -> int:
        self._key += 1
        return self._key

    def election(self, on: str, **more: object) -> Election:
        """A local election in X; its season is 90 days unless `regulated` says otherwise."""
        facts = {"last_round_day": day(on), "applies_to": "person", **more}
        election = Election(f"e{on}", "X", str(facts.pop("level", "local")), day(on), **facts)  # type: ignore[arg-type]
        self._add("elections", election)
        return election

    def person(self, *, spans: list[tuple[str, str]] | None = None, **account: object) -> int:
        """A councillor of X for good, with one account that is known on `spans` (all days)."""
        key = len(self._world.people) + 1
        self._add("people", Person(key, f"p{key:04}"))
        start, end = self._world.start_day - 400, self._world.end_day + 400
        self._add("mandates", Mandate(key, "mandate", "X", "local", None, start, end))
        self.account(key, spans=spans, **account)
        return key

    def account(
        self, person: int, *, spans: list[tuple[str, str]] | None = None, **more: object
    ) -> int:
        key = len(self._world.accounts) + 1
        facts = {
            "platform": "bluesky",
            "run_by": "self",
            "first_day": self._world.start_day - 400,
            "last_day": self._world.end_day + 400,
            **more,
        }
        account = Account(key, person, f"a{key:04}", **facts)  # type: ignore[arg-type]
        self._add("accounts", account)
        known = (
            [(self._world.start_day, self._world.end_day - 1)]
            if spans is None
            else [(day(a), day(b)) for a, b in spans]
        )
        for stream in ("acts", "received"):
            self._add("spans", *(Span(key, stream, a, b) for a, b in known))
        return key

    def mandate(self, person: int, first: str, last: str, **more: object) -> None:
        facts: dict[str, object] = {"kind": "mandate", "jurisdiction": "X", "level": "local"}
        facts |= {"election_id": None, "first_day": day(first), "last_day": day(last), **more}
        self._add("mandates", Mandate(person, **facts))  # type: ignore[arg-type]

    def without_mandate(self, person: int) -> None:
        kept = tuple(m for m in self._world.mandates if m.person_key != person)
        self._world = replace(self._world, mandates=kept)

    def partner(self, key: int, class_: str, person: int | None = None) -> None:
        self._add("partners", Partner(key, class_, person))

    def absence(self, person: int, first: str, last: str) -> None:
        self._add("absences", Absence(person, day(first), day(last)))

    def post(self, person: int, *moments: str, kind: str = "post", **more: object) -> None:
        """Own items by the person's first account, each a thread of its own unless told."""
        account = next(a for a in self._world.accounts if a.person_key == person)
        rows = []
        for moment in moments:
            key = self.key()
            facts = {
                "account_key": account.account_key,
                "person_key": person,
                "post_key": key,
                "at": at(moment),
                "day": day_of(at(moment)),
                "kind": kind,
                "root_key": key,
                **more,
            }
            rows.append(Post(**facts))  # type: ignore[arg-type]
        self._add("posts", *rows)

    def reply(self, person: int, *moments: str, to: int | None = 1001, **more: object) -> None:
        self.post(person, *moments, kind="reply", partner_key=to, **more)

    def question(self, person: int, moment: str, *, by: int, root: int, **more: object) -> int:
        account = next(a for a in self._world.accounts if a.person_key == person)
        key = self.key()
        facts = {
            "account_key": account.account_key,
            "person_key": person,
            "item_key": key,
            "at": at(moment),
            "day": day_of(at(moment)),
            "asker_key": by,
            "parent_key": None,
            "root_key": root,
            **more,
        }
        self._add("received", Received(**facts))  # type: ignore[arg-type]
        return key

    def world(self) -> World:
        return self._world


def shifted(world: World, days: int) -> World:
    """The same world, every moment and every day moved."""

    def moved(row: object) -> object:
        changes: dict[str, int] = {}
        for name, value in vars(row).items():
            if value is None:
                continue
            if name == "day" or name.endswith("_day"):
                changes[name] = value + days
            elif name in {"at", "parent_at"}:
                changes[name] = value + days * DAY
        return replace(row, **changes)  # type: ignore[type-var]

    tables = ("mandates", "elections", "absences", "accounts", "spans", "posts", "received")
    rows = {t: tuple(moved(r) for r in getattr(world, t)) for t in tables}
    return replace(
        world,
        start_day=world.start_day + days,
        end_day=world.end_day + days,
        **rows,  # type: ignore[arg-type]
    )
