"""What the items of a series say: labels, topics and tones in turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from tests.oracles.draft import Draft

LABELS = (
    (None,),
    ("none",),
    ("vote_ask", "trail_update", "self_promo"),
    ("vote_ask", "service_info", "help_thank", "position", None),
    ("ask_public", "personal", "attack", "trail_update"),
    ("service_info", "help_thank"),
)
TOPICS = ((), ("waste",), ("waste", "mobility"), ("migration",), ("safety", "waste"))
TONES = (None, -1000, -250, 0, 1, 333, 1000)


class Said(TypedDict):
    """What any text has."""

    topics: tuple[str, ...]
    tone_score: int | None
    lang: str | None


class SaidByPerson(Said):
    """What own texts have besides."""

    label: str | None
    asks_public: bool
    promise: bool


@dataclass(frozen=True)
class Saying:
    """Patterns that repeat through a series."""

    labels: tuple[str | None, ...]
    topics: tuple[tuple[str, ...], ...]
    tones: tuple[int | None, ...]
    asks_every: int
    promises_every: int

    def of_received(self, i: int) -> Said:
        tone = self.tones[i % len(self.tones)]
        return {
            "topics": self.topics[i % len(self.topics)],
            "tone_score": tone,
            "lang": None if tone is None else "en",
        }

    def of_post(self, i: int) -> SaidByPerson:
        label = self.labels[i % len(self.labels)]
        said = self.of_received(i)
        if label is None:
            said = {"topics": (), "tone_score": None, "lang": None}
        return {
            **said,
            "label": label,
            "asks_public": label is not None and i % self.asks_every == 0,
            "promise": label is not None and i % self.promises_every == 0,
        }


def saying(draft: Draft) -> Saying:
    """Some of each, or nothing that was ever read."""
    return Saying(
        labels=draft.pick(*LABELS),
        topics=tuple(draft.pick(*TOPICS) for _ in range(draft.count(1, 3))),
        tones=tuple(draft.pick(*TONES) for _ in range(draft.count(1, 3))),
        asks_every=draft.pick(1, 2, 5, 1_000),
        promises_every=draft.pick(1, 1, 3, 1_000),
    )
