"""METHOD §0: a person's days (eligible, covered, season) and what the person did on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tests.oracles.rows import DAY, Metric
from tests.oracles.seasons import phases, seasons

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.oracles.rows import Account, Person, Post, Received, World
    from tests.oracles.seasons import Season

THREAD_SECONDS = 86_400


@dataclass(frozen=True)
class Act:
    """One item of the person's own: `kind` after the self-replies found their place."""

    post: Post
    kind: str
    day: int
    at: int

    def is_own_act(self) -> bool:
        return self.kind in {"post", "reply", "quote", "unknown"}


@dataclass
class Life:
    """One person, read from the world once."""

    world: World
    person: Person
    accounts: list[Account]
    eligible: set[int]
    covered: set[int]
    received_covered: set[int]
    phase: dict[int, str]
    elections: list[Season]
    acts: list[Act]
    received: list[Received]
    opaque: set[int]
    absent: set[int]

    @cached_property
    def known(self) -> set[int]:
        """Covered eligible days: the exposure of every rate."""
        return self.eligible & self.covered

    @cached_property
    def read_days(self) -> set[int]:
        """Known days of which the text of every own act was read."""
        unread = {act.day for act in self.acts if act.is_own_act() and act.post.label is None}
        return self.known - unread

    def metric(self, name: str, phase: str, covered: set[int]) -> Metric:
        """An empty row; `covered` are the days on which what the metric needs is known."""
        return Metric(
            person_id=self.person.person_id,
            metric=name,
            phase=phase,
            covered_days=sum(phase in {"all", self.phase[day]} for day in covered),
            from_day=min(self.known, default=None),
            to_day=max(self.known, default=None),
        )

    def has_season(self) -> bool:
        return "season" in self.phase.values()

    def account(self, account_key: int) -> Account:
        return next(a for a in self.accounts if a.account_key == account_key)

    def shows_replies(self, account_key: int) -> bool:
        """Whether talk of the account can be seen: no items of a kind that nobody knows."""
        account = self.account(account_key)
        return account.shows_acts and account.shows_replies and account_key not in self.opaque

    def days_showing_replies(self) -> set[int]:
        """Known days on which at least one account of the person shows its replies."""
        return {
            day
            for day in self.known
            if any(
                self.shows_replies(a.account_key) and a.first_day <= day <= a.last_day
                for a in self.accounts
            )
        }

    def class_of(self, partner_key: int | None) -> str | None:
        """Who the other one is; nobody known is a citizen, no key is nobody we can name."""
        if partner_key is None:
            return None
        rows = [p for p in self.world.partners if p.partner_key == partner_key]
        own = sorted(p.class_ for p in rows if p.person_key == self.person.person_key)
        general = sorted(p.class_ for p in rows if p.person_key is None)
        return (own + general + ["citizen"])[0]

    def is_talk(self, act: Act) -> bool:
        """A reply to a citizen that counts as one: the account shows its replies."""
        return (
            act.kind == "reply"
            and self.class_of(act.post.partner_key) == "citizen"
            and self.shows_replies(act.post.account_key)
        )


def read(world: World) -> list[Life]:
    return [_life(world, person) for person in world.people]


def _life(world: World, person: Person) -> Life:
    accounts = [
        a
        for a in world.accounts
        if a.person_key == person.person_key and a.run_by in {"self", "office"}
    ]
    keys = {a.account_key for a in accounts}
    elections = seasons(world, person)
    absent = {
        day
        for a in world.absences
        if a.person_key == person.person_key
        for day in range(a.first_day, a.last_day + 1)
    }
    return Life(
        world=world,
        person=person,
        accounts=accounts,
        eligible=_eligible(world, person, accounts),
        covered=_covered(world, [a for a in accounts if a.shows_acts], "acts"),
        received_covered=_covered(world, [a for a in accounts if a.shows_received], "received"),
        phase=phases(world, person, elections),
        elections=elections,
        acts=acts_of(world, accounts),
        received=_received(world, accounts),
        opaque={p.account_key for p in world.posts if p.kind == "unknown"} & keys,
        absent=absent,
    )


def _eligible(world: World, person: Person, accounts: list[Account]) -> set[int]:
    terms = [(m.first_day, m.last_day) for m in world.mandates if m.person_key == person.person_key]
    terms = terms or [(a.first_day, a.last_day) for a in accounts]
    return {day for day in world.days() if any(first <= day <= last for first, last in terms)}


def _covered(world: World, showing: list[Account], stream: str) -> set[int]:
    """Days on which every valid account that can show the stream is known, and there is one."""
    spans = [s for s in world.spans if s.stream == stream]

    def is_known(account: Account, day: int) -> bool:
        return any(
            s.account_key == account.account_key and s.first_day <= day <= s.last_day for s in spans
        )

    days = set()
    for day in world.days():
        valid = [a for a in showing if a.first_day <= day <= a.last_day]
        if valid and all(is_known(a, day) for a in valid):
            days.add(day)
    return days


def kind_of(post: Post) -> str:
    if post.kind != "self_reply":
        return post.kind
    if post.parent_at is None or post.at is None:
        return "post"
    return "thread" if 0 <= post.at - post.parent_at <= THREAD_SECONDS else "post"


def acts_of(world: World, accounts: list[Account], *, with_copies: bool = False) -> list[Act]:
    """What counts of the accounts' items; `with_copies`: a post that stands on two counts twice."""
    by_key = {a.account_key: a for a in accounts}
    acts = []
    for post in world.posts:
        account = by_key.get(post.account_key)
        if account is None or post.day is None or post.at is None or post.is_backdated:
            continue
        if not account.first_day <= post.day <= account.last_day:
            continue
        kind = kind_of(post)
        if kind == "post" and post.is_crosspost and not with_copies:
            continue
        acts.append(Act(post, kind, post.day, post.at))
    return acts


def _received(world: World, accounts: list[Account]) -> list[Received]:
    by_key = {a.account_key: a for a in accounts}
    return [
        item
        for item in world.received
        if item.account_key in by_key
        and item.day is not None
        and item.at is not None
        and not item.is_backdated
        and by_key[item.account_key].first_day <= item.day <= by_key[item.account_key].last_day
    ]


def runs(days: Iterable[int]) -> list[tuple[int, int]]:
    """First and last day of each maximal stretch of consecutive days."""
    found: list[tuple[int, int]] = []
    for day in sorted(days):
        if found and found[-1][1] == day - 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def local_day(at: int, offset: int = 3_600) -> int:
    """Day number of a moment in a zone that is `offset` seconds ahead of UTC."""
    return (at + offset) // DAY
