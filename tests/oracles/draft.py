"""A world in the making: choices of hypothesis, and the days on which something changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.oracles.lives import local_day
from tests.oracles.rows import DAY

if TYPE_CHECKING:
    from tests.oracles.rows import Post, Received


@dataclass
class Draft:
    """A world in the making, with the days on which something changes."""

    draw: Any
    start: int
    end: int
    offset: int
    edges: list[int] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    next_key: int = 10_000
    is_calm: bool = False

    def pick(self, *options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def count(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

    def chance(self, one_in: int) -> bool:
        """Something odd, seldom; never where the person's life is calm."""
        return not self.is_calm and bool(
            self.draw(st.sampled_from([False] * (one_in - 1) + [True]))
        )

    def key(self) -> int:
        self.next_key += 1
        return self.next_key

    def edge(self, day: int) -> int:
        self.edges.append(day)
        return day

    def near_edge(self) -> int:
        return int(self.pick(*self.edges)) + int(self.pick(-28, -1, 0, 0, 1, 14, 28, 60))

    def day_of(self, at: int) -> int:
        return local_day(at, self.offset)

    def at(self, day: int, second: int) -> int:
        """The moment that is `second` seconds into the local day."""
        return day * DAY + second - self.offset
