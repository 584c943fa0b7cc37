"""A council in which everybody talks, asks, promises and is asked: every number has a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from tests.oracles.rows import (
    DAY,
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

if TYPE_CHECKING:
    from numpy.typing import NDArray

MONDAY, DAYS, ELECTION, PEOPLE = 18_630, 966, 480, 8
CITIZENS = 6_000
OTHERS = {2_001: "politician", 3_001: "party", 4_001: "media", 5_001: "organisation"}
TOPICS = ((), ("waste",), ("mobility",), ("waste", "safety"))
RESTRICTED = (True, False, None)
LABELS = ("vote_ask", "trail_update", "self_promo", "service_info", "help_thank", "position")


@dataclass
class Lively:
    """One person's years in the making."""

    person: int
    rng: np.random.Generator
    posts: list[Post] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    last_ask: int | None = None

    def key(self) -> int:
        return self.person * 1_000_000 + len(self.posts) + len(self.received)

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def post(self, day: int, second: int, root: int | None = None, to: int | None = None) -> None:
        key, asks = self.key(), root is None and to is None and self.chance(0.15)
        self.last_ask = key if asks else self.last_ask
        self.posts.append(
            Post(
                account_key=self.person,
                person_key=self.person,
                post_key=key,
                at=(MONDAY + day) * DAY + second,
                day=MONDAY + day,
                kind="post" if to is None else "reply",
                root_key=root or key,
                partner_key=to,
                is_restricted=RESTRICTED[self.rng.integers(len(RESTRICTED))],
                label="ask_public" if asks else LABELS[self.rng.integers(len(LABELS))],
                asks_public=asks,
                promise=to is not None and self.chance(0.2),
                topics=TOPICS[self.rng.integers(len(TOPICS))],
                tone_score=int(self.rng.integers(-900, 900)),
                lang="en",
            )
        )

    def hear(self, day: int, second: int, citizen: int, root: int | None = None) -> int:
        key = self.key()
        self.received.append(
            Received(
                account_key=self.person,
                person_key=self.person,
                item_key=key,
                at=(MONDAY + day) * DAY + second,
                day=MONDAY + day,
                asker_key=citizen,
                parent_key=root,
                root_key=root or key,
                topics=TOPICS[self.rng.integers(len(TOPICS))],
                tone_score=int(self.rng.integers(-900, 900)),
                lang="en",
            )
        )
        return root or key

    def live(self, mood: NDArray[np.float64]) -> None:
        rng = self.rng
        busy, talk, answers = rng.uniform(0.2, 0.6), rng.uniform(0.2, 0.5), rng.uniform(0.2, 0.9)
        for day in range(DAYS):
            often = mood[day] * (1.8 if ELECTION - 90 < day <= ELECTION else 1.0)
            for i in range(rng.poisson(busy * often)):
                other = CITIZENS + int(rng.integers(120))
                if self.chance(0.15):
                    other = list(OTHERS)[rng.integers(len(OTHERS))]
                self.post(day, 43_200 + i, to=other if self.chance(talk) else None)
            for i in range(rng.poisson(0.25)):
                citizen = CITIZENS + int(rng.zipf(1.6) % 40)
                root = self.hear(day, 36_000 + i, citizen, self.last_ask if i else None)
                if self.chance(answers * min(1.0, mood[day])):
                    self.post(day, 39_600 + i, root, citizen)
                    if self.chance(0.5):
                        self.hear(day, 50_000 + i, citizen, root)
                        if self.chance(answers):
                            self.post(day, 60_000 + i, root, citizen)


def council(seed: int) -> World:
    """Years of people who come and go in bouts, talk in the same bouts and answer in them."""
    rng = np.random.default_rng(seed)
    people = [Lively(person, rng) for person in range(1, PEOPLE + 1)]
    for one in people:
        one.live(np.repeat(rng.gamma(1.5, 1 / 1.5, DAYS // 14), 14))
    keys = [one.person for one in people]
    first, last, voting = MONDAY - 400, MONDAY + DAYS + 400, MONDAY + ELECTION
    return World(
        MONDAY,
        MONDAY + DAYS,
        people=tuple(Person(p, f"p{p}") for p in keys),
        mandates=tuple(Mandate(p, "mandate", "X", "local", None, first, last) for p in keys),
        elections=(Election("e", "X", "local", voting, voting),),
        accounts=tuple(Account(p, p, f"a{p}", "bluesky", "self", first, last) for p in keys),
        spans=tuple(Span(p, s, first, last) for p in keys for s in ("acts", "received")),
        partners=tuple(Partner(key, class_) for key, class_ in OTHERS.items()),
        posts=tuple(post for one in people for post in one.posts),
        received=tuple(item for one in people for item in one.received),
    )
