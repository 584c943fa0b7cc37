"""Reads the persons' own acts again after a list changed, and says how many labels moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from metrics.text.features import Features
from metrics.text.reading import Reader, reader

Key = TypeVar("Key")
NO_LANGUAGE = "-"


@dataclass(frozen=True, slots=True)
class Row(Generic[Key]):
    """One own act as it was read before; `lang` is what its author mostly writes in."""

    key: Key
    text: str
    lang: str | None
    features: Features


@dataclass(frozen=True, slots=True)
class Reread(Generic[Key]):
    """What changed: only `moved` says something new; `restamped` carries the new version alone."""

    moved: tuple[tuple[Key, Features], ...]
    restamped: tuple[tuple[Key, Features], ...]
    current_count: int  # were of this version and were not read
    labels: Counter[tuple[str, str, str]]  # (language, before, after) of the labels that moved


@dataclass(slots=True)
class Moves:
    """What became of several batches."""

    read_count: int = 0
    moved_count: int = 0
    labels: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, batch: Reread[Key]) -> None:
        """Count a batch in."""
        self.read_count += len(batch.moved) + len(batch.restamped)
        self.moved_count += len(batch.moved)
        self.labels += batch.labels

    def summary(self) -> str:
        """One line: how many were read again, how many moved, how many labels."""
        return (
            f"{self.read_count:,} own acts read again, {self.moved_count:,} of them read "
            f"differently, {self.labels.total():,} have another label"
        )


def reread(rows: Iterable[Row[Key]], with_reader: Reader | None = None) -> Reread[Key]:
    """Own acts whose lists changed, read again; those of the current version are not touched.

    Texts that are gone (deleted) cannot be read again and must not be given. Which
    entries fired is compared too: a label kept for another reason has moved.
    """
    used = with_reader or reader()
    moved: list[tuple[Key, Features]] = []
    restamped: list[tuple[Key, Features]] = []
    labels: Counter[tuple[str, str, str]] = Counter()
    given = list(rows)
    stale = [row for row in given if row.features.version != used.versions.get(row.features.lang)]
    read = used.read(
        [row.text for row in stale], langs=[row.lang for row in stale], direction="sent"
    )
    for row, features in zip(stale, read, strict=True):
        if replace(row.features, version=features.version) == features:
            restamped.append((row.key, features))
            continue
        moved.append((row.key, features))
        if features.label != row.features.label:
            labels[features.lang or NO_LANGUAGE, row.features.label, features.label] += 1
    return Reread(tuple(moved), tuple(restamped), len(given) - len(stale), labels)
