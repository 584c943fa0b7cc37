"""Which entries of a language's lists stand in a text: one pass for all of them.

All patterns of a language form one google-re2 set, a single automaton that reads the
text once, whatever the number of entries and whatever the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import re2

from metrics.text.model import Entry, Rule

MAX_MEMORY = 64 << 20  # bytes per set; a full automaton starts anew, with the same answers


Found = Mapping[str, Sequence[int]]  # a rule's name -> the numbers of its entries in a text


class Hits(NamedTuple):
    """The entries of one rule that stand in a text."""

    strong: list[Entry]
    weak: list[Entry]
    excepted: list[Entry]


class Matcher:
    """All rules of a language, compiled together."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules: Mapping[str, Rule] = {rule.name: rule for rule in rules}
        self._names: list[str] = []
        self._entries: list[tuple[int, Entry]] = []  # (place in Hits, entry)
        self._set = re2.Set.SearchSet(_options())
        for rule in self._rules.values():
            for kind, entries in enumerate((rule.strong, rule.weak, rule.excepted)):
                for entry in entries:
                    self._set.Add(entry.pattern)
                    self._names.append(rule.name)
                    self._entries.append((kind, entry))
        self._set.Compile()

    def found(self, text: str) -> Found:
        """What stands in a canonical text; rules without a hit are absent."""
        found: dict[str, list[int]] = {}
        names = self._names
        for index in sorted(self._set.Match(text) or ()):
            name = names[index]
            if name in found:
                found[name].append(index)
            else:
                found[name] = [index]
        return found

    def hits(self, name: str, found: Found) -> Hits:
        """The entries of one rule among what was found."""
        hits = Hits([], [], [])
        for index in found.get(name, ()):
            kind, entry = self._entries[index]
            hits[kind].append(entry)
        return hits

    def fired(self, name: str, found: Found, text: str) -> list[Entry]:
        """The entries that make a rule fire, empty if it does not."""
        if name not in found:
            return []
        hits = self.hits(name, found)
        if hits.excepted:
            hits = without(hits, text)
        if hits.strong:
            return hits.strong
        return hits.weak if len(hits.weak) >= self._rules[name].needed else []


def without(hits: Hits, text: str) -> Hits:
    """The hits that remain once the excepted phrases are blanked out."""
    rest = text
    for entry in hits.excepted:
        rest = replaced(entry, " _ ", rest)
    return Hits(
        [entry for entry in hits.strong if compiled(entry.pattern).search(rest)],
        [entry for entry in hits.weak if compiled(entry.pattern).search(rest)],
        hits.excepted,
    )


def replaced(entry: Entry, by: str, text: str) -> str:
    """The text with every place of an entry replaced; neighbours share a space, hence twice."""
    pattern = compiled(entry.pattern)
    return str(pattern.sub(by, pattern.sub(by, text)))


@cache
def compiled(pattern: str) -> Any:
    """One pattern by itself, compiled when it is first needed."""
    return re2.compile(pattern, _options())


@cache
def _options() -> re2.Options:
    options = re2.Options()
    options.max_mem = MAX_MEMORY
    options.log_errors = False
    return options
