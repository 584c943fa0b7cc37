"""What is kept of a text once it has been read; of a received text only this is kept."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

LABELS = (
    "vote_ask",
    "trail_update",
    "self_promo",
    "position",
    "service_info",
    "attack",
    "ask_public",
    "help_thank",
    "personal",
    "none",
)


@dataclass(frozen=True, slots=True)
class Features:
    """What one text says, without the text.

    `fired` names what decided: "table:entry", with the entry as it stands in
    data/lang/<lang>.toml (never the words of the text). `version` is a hash of
    the lists and rules that read it.
    """

    lang: str | None = None  # a configured language; None: nothing to tell by
    is_question: bool = False  # has the form of a question
    wants_answer: bool = False  # a received question or request that expects a reply
    is_abuse: bool = False  # insult or spam
    is_redirect: bool = False  # sends the asker elsewhere and says nothing more
    label: str = "none"  # one of LABELS; received texts: none
    asks_public: bool = False
    promise: bool = False
    topics: tuple[str, ...] = ()
    tone: float | None = None  # VADER's compound, -1 to 1; None: language not evaluated
    fired: tuple[str, ...] = ()
    version: str = ""

    def to_json(self) -> str:
        """One line of JSON, the same for the same features."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_json(cls, line: str | bytes) -> Features:
        """The features that `to_json` wrote; unknown keys are left out."""
        return msgspec.json.decode(line, type=cls)
