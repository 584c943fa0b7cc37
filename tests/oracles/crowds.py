"""Hundreds of invented people at once, as columns: what simulations are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.oracles.database import compute_columns
from tests.oracles.rows import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.oracles.database import Copy, Row

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

MONDAY = 18_630  # 2021-01-04
CITIZENS = 1_000_000


@dataclass
class Crowd:
    """`size` councillors, wholly known for `days` days; elections are counted from the first."""

    size: int
    days: int
    elections: tuple[int, ...] = ()
    season_days: int = 105
    is_one_office: bool = True
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    next_key: int = 10_000_000

    @property
    def people(self) -> Ints:
        return np.arange(1, self.size + 1)

    @property
    def phase(self) -> Ints:
        """Per day: 1 season, 2 aftermath, 0 off-season."""
        phase = np.zeros(self.days, dtype=np.int64)
        for day in self.elections:
            phase[day + 1 : day + 29] = 2
        for day in self.elections:
            phase[day - self.season_days + 1 : day + 1] = 1
        return phase

    def posts(self, counts: Ints, kind: str = "post") -> None:
        """Own items: `counts` is people × days."""
        person, day = (np.repeat(index, counts.ravel()) for index in _grid(counts.shape))
        n = len(person)
        key = self._keys(n)
        second = np.arange(n) % 60_000
        self._add_posts(person + 1, key, (day + MONDAY) * DAY + second, kind, key, CITIZENS)

    def questions(
        self, person: Ints, asker: Ints, day: Ints, delay: Ints, answered: NDArray[np.bool_]
    ) -> None:
        """One item a row, in a thread of its own; answered after `delay` seconds or never."""
        n = len(person)
        key, moment = self._keys(n), (day + MONDAY) * DAY + 36_000
        self.tables["received"] = {
            "account_key": person,
            "person_key": person,
            "at": moment,
            "day": day + MONDAY,
            "item_key": key,
            "asker_key": asker + CITIZENS,
            "root_key": key,
            "is_question": np.ones(n, dtype=bool),
            "is_abuse": np.zeros(n, dtype=bool),
            "is_backdated": np.zeros(n, dtype=bool),
        }
        hits = self._keys(int(answered.sum()))
        of_answered = [column[answered] for column in (person, moment + delay, key, asker)]
        who, at, root, to = of_answered
        self._add_posts(who, hits, at, "reply", root, to + CITIZENS)

    def _keys(self, n: int) -> Ints:
        self.next_key += n
        return np.arange(self.next_key - n, self.next_key)

    def _add_posts(
        self, person: Ints, key: Ints, at: Ints, kind: str, root: Ints, partner: Ints | int
    ) -> None:
        n = len(person)
        no = np.zeros(n, dtype=bool)
        columns = {
            "account_key": person,
            "person_key": person,
            "at": at,
            "day": at // DAY,
            "post_key": key,
            "kind": np.full(n, kind),
            "root_key": root,
            "partner_key": np.broadcast_to(partner, n),
            "is_backdated": no,
            "is_crosspost": no,
            "is_redirect": no,
        }
        before = self.tables.get("posts", {})
        self.tables["posts"] = {
            name: np.concatenate([before[name], column]) if before else column
            for name, column in columns.items()
        }

    def compute(self, *tables: str) -> Copy:
        window = (MONDAY, MONDAY + self.days)
        return compute_columns({**self._roster(), **self.tables}, window, {}, *tables)

    def _roster(self) -> dict[str, dict[str, Any]]:
        n, people = self.size, self.people
        first, last = np.full(n, MONDAY - 400), np.full(n, MONDAY + self.days + 400)
        whole = {"first_day": first, "last_day": last}
        both = np.concatenate([people, people])
        days = [MONDAY + day for day in self.elections]
        e = len(days)
        yes = np.ones(n, dtype=bool)
        return {
            "people": {
                "person_key": people,
                "person_id": [f"p{k:05}" for k in people],
                "office": ["councillor" if self.is_one_office else f"office {k}" for k in people],
                "level": ["local"] * n,
            },
            "mandates": {
                "person_key": people,
                "kind": ["mandate"] * n,
                "jurisdiction": ["X"] * n,
                "level": ["local"] * n,
                **whole,
            },
            "elections": {
                "election_id": [f"e{day}" for day in days],
                "jurisdiction": ["X"] * e,
                "level": ["local"] * e,
                "day": days,
                "last_round_day": days,
                "regulated_day": [day - self.season_days + 1 for day in days],
                "applies_to": ["person"] * e,
                "is_verified": [True] * e,
            },
            "accounts": {
                "account_key": people,
                "person_key": people,
                "account_id": [f"a{k:05}" for k in people],
                "platform": ["bluesky"] * n,
                "run_by": ["self"] * n,
                **whole,
                "shows_acts": yes,
                "shows_replies": yes,
                "shows_received": yes,
                "shows_mentions": yes,
            },
            "spans": {
                "account_key": both,
                "stream": ["acts"] * n + ["received"] * n,
                "first_day": np.tile(first, 2),
                "last_day": np.tile(last, 2),
            },
        }


def _grid(shape: tuple[int, ...]) -> list[Ints]:
    return [index.ravel() for index in np.indices(shape)]


def of_people(copy: Copy, metric: str, phase: str, table: str = "metric") -> list[Row]:
    """The metric of everyone (or of their only accounts), in the order of the people."""
    rows = [r for r in copy[table] if (r["metric"], r["phase"]) == (metric, phase)]
    return sorted(rows, key=lambda r: str(r["person_id"]))


def drifting(rng: np.random.Generator, people: int, days: int, memory: float) -> Floats:
    """Gaussian paths of variance 1 that forget half of what they were in `memory` days · ln 2."""
    keep = np.exp(-1 / memory)
    path = np.empty((people, days))
    path[:, 0] = rng.standard_normal(people)
    for day in range(1, days):
        step = rng.standard_normal(people) * np.sqrt(1 - keep**2)
        path[:, day] = keep * path[:, day - 1] + step
    return path


def covers(low: float | None, truth: float, high: float | None) -> bool:
    return low is not None and high is not None and low <= truth <= high


def active_weeks(rng: np.random.Generator, share: Floats, memory: Floats, weeks: int) -> Ints:
    """People × weeks of 0 and 1: chains with this share of ones and this lag-1 correlation."""
    state = rng.random(len(share)) < share
    found = np.empty((len(share), weeks), dtype=np.int64)
    for week in range(weeks):
        found[:, week] = state
        stay = rng.random(len(share)) < memory
        state = np.where(stay, state, rng.random(len(share)) < share)
    return found


def calendar(size: int, *, is_one_office: bool = True) -> Crowd:
    """Four years, a season of 105 days in the third."""
    return Crowd(size, 4 * 364, (1_000,), is_one_office=is_one_office)


def clumps(rng: np.random.Generator, rate: Floats, size: Floats) -> Ints:
    """Acts that come in clumps of this mean size: variance is a constant times the mean."""
    heads = rng.poisson(rate / size[:, None])
    more = rng.negative_binomial(np.maximum(heads, 1), 1 / size[:, None])
    return heads + np.where(heads > 0, more, 0)


def lumpy_weeks(rng: np.random.Generator, people: int, days: int, shape: Floats) -> Floats:
    """A factor per day of mean 1 that changes each week, of variance 1/shape."""
    factor = rng.gamma(np.repeat(shape[:, None], days // 7, axis=1)) / shape[:, None]
    return np.repeat(factor, 7, axis=1)
