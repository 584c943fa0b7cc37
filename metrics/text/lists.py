"""The word lists of data/lang, read and checked: every problem of every file at once.

The format is documented in data/lang/README.md, one entry's grammar in
`metrics.text.grammar`.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from metrics.text import grammar, tokens
from metrics.text.features import LABELS
from metrics.text.model import Entry, LanguageLists, ListsError, Problem, Rule, ToneLists

FOLDER = Path(__file__).parents[2] / "data" / "lang"
RULES_VERSION = 2  # raise when the rules themselves read differently

TOPICS = (
    "mobility",
    "safety",
    "taxes",
    "housing",
    "waste",
    "schools",
    "green",
    "care",
    "economy",
    "public_space",
    "culture",
    "governance",
    "migration",
)
PLAIN_LISTS: Mapping[str, Sequence[str]] = {
    "question": ("opener", "asks", "request", "tag", "choice", "rhetorical"),
    "redirect": ("phrase", "filler"),
}
RULE_TABLES: Mapping[str, Sequence[str]] = {
    "label": LABELS[:-1],
    "abuse": ("insult", "spam"),
    "topic": TOPICS,
}
KINDS = ("strong", "weak", "except")
TONE_LISTS = ("negators", "boosters", "dampeners", "but", "neutral")
NEEDED_WEAK = {"label": 3, "promise": 2, "abuse": 2, "topic": 2}


def load(folder: Path = FOLDER) -> dict[str, LanguageLists]:
    """The lists of every language in a folder, by code; ListsError with all problems."""
    languages: dict[str, LanguageLists] = {}
    problems: list[Problem] = []
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        problems.append(Problem(folder.name, "-", "", "holds no .toml file: no language to read"))
    for path in paths:
        found = _File(path)
        problems += found.problems
        if found.lists is not None:
            languages[found.lists.code] = found.lists
    if problems:
        raise ListsError(problems)
    return languages


@cache
def shipped() -> dict[str, LanguageLists]:
    """The lists of data/lang, read once."""
    return load()


def versions(languages: Mapping[str, LanguageLists], tone: str = "lists") -> dict[str | None, str]:
    """What the features of a language carry; None: texts in no language.

    A language added or taken away changes all of them, since it changes which
    language a text is taken for; and so does another way to read the tone.
    """
    common = f"{RULES_VERSION}|{','.join(sorted(languages))}|{tone}"
    hashes: dict[str | None, str] = {None: ""}
    hashes.update({code: lists.content_hash for code, lists in languages.items()})
    return {
        code: hashlib.blake2b(f"{common}|{content}".encode(), digest_size=6).hexdigest()
        for code, content in hashes.items()
    }


class _File:
    """Reads one file; `lists` is None where it is no language at all."""

    def __init__(self, path: Path) -> None:
        self.file = path.name
        self.problems: list[Problem] = []
        self.lists: LanguageLists | None = None
        self.split: tokens.Split | None = None
        self.classes: dict[str, str] = {}
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            self.problem("-", "", f"is no readable TOML: {error}")
            return
        self.read(content, path.stem)

    def problem(self, table: str, entry: str, message: str) -> None:
        self.problems.append(Problem(self.file, table, entry, message))

    def read(self, content: dict[str, Any], stem: str) -> None:
        code, name = content.pop("language", None), content.pop("name", None)
        if code != stem or code not in known_codes():
            self.problem("-", str(code), f"language must be {stem!r}, a code that py3langid knows")
        if not isinstance(name, str) or not name:
            self.problem("-", "name", "must be the language's own name")
        reading = self.table(content, "reading", ("split_after", "split_before"))
        self.split = tokens.splitter(
            self.strings("reading.split_after", reading.get("split_after", [])),
            self.strings("reading.split_before", reading.get("split_before", [])),
        )
        self.read_classes(self.table(content, "words", None))
        rules = dict(self.rules(content))
        tone = self.tone(self.table(content, "tone", (*TONE_LISTS, *_TONE_KEYS)))
        for left in content:
            self.problem(left, "", "is no table of the format")
        digest = hashlib.blake2b(_plain(rules, tone, reading).encode(), digest_size=8)
        self.lists = LanguageLists(
            str(code), str(name), self.split, rules, tone, digest.hexdigest()
        )

    def read_classes(self, words: dict[str, Any]) -> None:
        self.classes = grammar.compile_classes({}, self.split)
        for key, value in words.items():
            entries = self.strings(f"words.{key}", value)
            if key in self.classes:
                self.problem(f"words.{key}", "", "is a name the grammar uses itself")
                continue
            sound = [e for e in entries if self.compiled(f"words.{key}", e) is not None]
            if sound:
                self.classes = grammar.compile_classes({key: sound}, self.split, self.classes)
            else:
                self.problem(f"words.{key}", "", "has no entry")

    def rules(self, content: dict[str, Any]) -> list[tuple[str, Rule]]:
        rules: list[tuple[str, Rule]] = []
        for group, names in PLAIN_LISTS.items():
            table = self.table(content, group, names)
            rules += [self.rule(f"{group}.{n}", {"strong": table.get(n)}, 1) for n in names]
        for group, names in RULE_TABLES.items():
            table = self.table(content, group, names)
            needed = NEEDED_WEAK[group]
            rules += [self.rule(f"{group}.{name}", table.get(name), needed) for name in names]
        rules.append(self.rule("promise", content.pop("promise", None), NEEDED_WEAK["promise"]))
        return rules

    def rule(self, name: str, value: object, needed: int) -> tuple[str, Rule]:
        if not isinstance(value, dict) or not (value.get("strong") or value.get("weak")):
            self.problem(name, "", "is missing or has no entry")
            return name, Rule(name)
        for key in value:
            if key not in KINDS:
                self.problem(f"{name}.{key}", "", f"is none of {', '.join(KINDS)}")
        plain = name.startswith(("question.", "redirect."))
        made = {}
        for kind in KINDS:
            table = name if plain else f"{name}.{kind}"
            entries = self.strings(table, value.get(kind, []))
            made[kind] = tuple(e for e in (self.entry(table, text) for text in entries) if e)
        return name, Rule(name, made["strong"], made["weak"], made["except"], needed)

    def entry(self, table: str, text: str) -> Entry | None:
        pattern = self.compiled(table, text)
        return None if pattern is None else Entry(table, text, pattern)

    def compiled(self, table: str, text: str) -> str | None:
        try:
            return grammar.compile_entry(text, self.classes, self.split)
        except grammar.EntryError as error:
            self.problem(table, text, str(error))
            return None

    def table(
        self, content: dict[str, Any], name: str, keys: Sequence[str] | None
    ) -> dict[str, Any]:
        value = content.pop(name, {})
        if not isinstance(value, dict):
            self.problem(name, "", "must be a table")
            return {}
        for key in value:
            if keys is not None and key not in keys:
                self.problem(f"{name}.{key}", "", f"is none of {', '.join(keys)}")
        return value

    def strings(self, table: str, value: object) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.problem(table, "", "must be a list of texts")
            return []
        seen: set[str] = set()
        for item in value:
            if item in seen:
                self.problem(table, item, "stands twice in this list")
            seen.add(item)
        return list(dict.fromkeys(value))

    def tone(self, table: dict[str, Any]) -> ToneLists:
        is_evaluated = table.get("is_evaluated")
        if not isinstance(is_evaluated, bool):
            self.problem("tone.is_evaluated", "", "must be true or false")
        if table.get("lexicon") not in (None, "vader"):
            self.problem("tone.lexicon", str(table["lexicon"]), 'can only be "vader"')
        if table.get("lexicon") == "vader":
            return ToneLists(is_evaluated is True, is_vader=True)
        words = {key: self.strings(f"tone.{key}", table.get(key, [])) for key in TONE_LISTS}
        valence: dict[str, int] = {}
        for side, sign in (("positive", 1), ("negative", -1)):
            self.read_valence(f"tone.{side}", table.get(side), sign, valence)
        return ToneLists(is_evaluated is True, False, words, valence)

    def read_valence(self, table: str, value: object, sign: int, into: dict[str, int]) -> None:
        if not isinstance(value, dict) or not value:
            self.problem(table, "", "is missing: lists under the keys 1 to 4, 4 the strongest")
            return
        for level, entries in value.items():
            if level not in ("1", "2", "3", "4"):
                self.problem(f"{table}.{level}", "", "is no level from 1 to 4")
                continue
            for entry in self.strings(f"{table}.{level}", entries):
                bare = entry.removesuffix("*")
                if "*" in bare or (bare != entry and len(bare) < grammar.MIN_STEM):
                    self.problem(f"{table}.{level}", entry, "may only end in '*', after 3 letters")
                elif entry in into:
                    self.problem(f"{table}.{level}", entry, "stands twice in the tone lists")
                else:
                    into[entry] = sign * int(level)


_TONE_KEYS = ("is_evaluated", "lexicon", "positive", "negative")


def _plain(rules: Mapping[str, Rule], tone: ToneLists, reading: dict[str, Any]) -> str:
    """The content without comments and layout, for the hash."""
    entries = {
        name: [[e.pattern for e in part] for part in (rule.strong, rule.weak, rule.excepted)]
        for name, rule in rules.items()
    }
    words = {key: list(value) for key, value in tone.words.items()}
    parts = [entries, words, dict(tone.valence), tone.is_evaluated, tone.is_vader, reading]
    return json.dumps(parts, sort_keys=True, ensure_ascii=False)


@cache
def known_codes() -> frozenset[str]:
    """The languages py3langid can tell apart."""
    from metrics.text.language import known_languages

    return frozenset(known_languages())
