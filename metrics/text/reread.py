"""Reads the persons' own acts again after a list changed, and says how many labels moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from metrics.text.features import Features
from metrics.text.reading import Reader, reader

Key = TypeVar("Key")


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
    labels: Counter[tuple[str, str]]  # (before, after) of the labels that moved

    def summary(self) -> str:
        """One line: how many were read again, how many moved, how many labels."""
        read_count = len(self.moved) + len(self.restamped)
        changes = ", ".join(
            f"{before} → {after} {count}" for (before, after), count in self.labels.most_common()
        )
        line = (
            f"{read_count} own acts read again, {len(self.moved)} moved, "
            f"{self.labels.total()} of them to another label"
        )
        return f"{line}: {changes}" if changes else line


def reread(rows: Iterable[Row[Key]], with_reader: Reader | None = None) -> Reread[Key]:
    """Own acts whose lists changed, read again; those of the current version are not touched.

    Texts that are gone (deleted) cannot be read again and must not be given. Which
    entries fired is compared too: a label kept for another reason has moved.
    """
    used = with_reader or reader()
    moved: list[tuple[Key, Features]] = []
    restamped: list[tuple[Key, Features]] = []
    labels: Counter[tuple[str, str]] = Counter()
    current_count = 0
    for row in rows:
        if row.features.version == used.versions.get(row.features.lang):
            current_count += 1
            continue
        features = used.read([row.text], langs=[row.lang], direction="sent")[0]
        if replace(row.features, version=features.version) == features:
            restamped.append((row.key, features))
            continue
        moved.append((row.key, features))
        if features.label != row.features.label:
            labels[row.features.label, features.label] += 1
    return Reread(tuple(moved), tuple(restamped), current_count, labels)
