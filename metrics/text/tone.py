"""VADER's compound for one text, by the package's own rules, in the lists of its language.

vaderSentiment keeps its negations and boosters in module globals, so each language
gets a private copy of the module with its own; the shared one stays as installed. For
English the copy is left as it is, and the scores are the package's (tests compare
thousands of sentences). Elsewhere the words of the language are put into the forms
the engine knows: "but" for the but-words, idioms joined by "_", a word for an emoji.

Hutto & Gilbert 2014, VADER: A Parsimonious Rule-based Model for Sentiment Analysis
of Social Media Text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from metrics.text.engine import MAX_LETTERS, MAX_REMEMBERED, Engine, private_module, set_negation
from metrics.text.model import ToneLists
from metrics.text.tokens import Split, clean

MAX_CHARS = 2_000  # the tone of the beginning; the engine's "but" rule is quadratic

_NOISE = re.compile(r"https?://\S+|www\.\S+|@\w[\w.\-]*(?:@[\w.\-]+)?")
_WORD = re.compile(r"\w+(?:[-'·]\w+)*")
_EMOJI = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]")


class Tone:
    """Scores texts of one language, -1 to 1."""

    def __init__(self, lists: ToneLists, split: Split | None = None) -> None:
        self._lists = lists
        self._split = split
        module = private_module()
        module.negated = set_negation(module)
        if lists.is_vader:
            self._engine = Engine(module)
            return
        module.NEGATE = list(lists.words["negators"])
        module.negated = set_negation(module)
        module.BOOSTER_DICT = _boosters(lists, module)
        module.SPECIAL_CASES = {}
        neutral = set(lists.words["neutral"])
        plain = {e: float(v) for e, v in lists.valence.items() if not e.endswith("*")}
        self._known = {e: v for e, v in plain.items() if " " not in e and e not in neutral}
        self._idioms = _Idioms(e for e in plain if " " in e)
        self._known.update({_joined(e): v for e, v in plain.items() if " " in e})
        self._known.update({_word(e): v for e, v in plain.items() if _EMOJI.fullmatch(e)})
        stems = {e[:-1]: float(v) for e, v in lists.valence.items() if e.endswith("*")}
        self._stems = _Stems(stems, neutral | set(module.BOOSTER_DICT))
        self._read: set[str] = set()
        self._but_words = frozenset(lists.words["but"])
        but = "|".join(re.escape(word) for word in lists.words["but"])
        self._but = re.compile(rf"\b(?:{but})\b")
        self._engine = Engine(module, self._known)

    def compound(self, text: str) -> float:
        """The compound score, rounded to four places as the package does."""
        return float(self._engine.compound(self.prepared(text)))

    def prepared(self, text: str) -> str:
        """The text in the forms the engine reads; for English the text as it is."""
        if self._lists.is_vader:
            return text[:MAX_CHARS]
        text = clean(text)[:MAX_CHARS]
        if "@" in text or "http" in text or "www." in text:
            text = _NOISE.sub(" ", text)
        if not text.isascii():
            text = _EMOJI.sub(lambda found: f" {_word(found[0])} ", text)
        if self._split is not None:
            text = self._split(f" {text} ")
        words = set(_WORD.findall(text.lower()))
        text = self._idioms.joined(text, words)
        if not words.isdisjoint(self._but_words):
            text = self._but.sub("but", text)
        for word in words - self._read:
            if value := self._stems.value(word):
                self._known.setdefault(word, value)
            if len(word) <= MAX_LETTERS and len(self._read) < MAX_REMEMBERED:
                self._read.add(word)
        return text


class _Idioms:
    """Joins the idioms of a list by "_", whatever their case."""

    def __init__(self, idioms: Iterable[str]) -> None:
        longest = sorted(idioms, key=lambda idiom: (-len(idiom), idiom))
        self._heads = frozenset(_WORD.findall(idiom)[0] for idiom in longest)
        options = "|".join(re.escape(idiom) for idiom in longest)
        self._pattern = re.compile(rf"\b(?:{options})\b", re.IGNORECASE) if options else None

    def joined(self, text: str, words: set[str]) -> str:
        if self._pattern is None or self._heads.isdisjoint(words):
            return text
        return self._pattern.sub(lambda found: _joined(found[0]), text)


class _Stems:
    """The value of a word by its longest listed beginning; 0 for none and for neutral words."""

    def __init__(self, stems: Mapping[str, float], neutral: set[str]) -> None:
        self._stems, self._neutral = stems, neutral
        self._lengths = sorted({len(stem) for stem in stems}, reverse=True)

    def value(self, word: str) -> float:
        if word in self._neutral:
            return 0.0
        beginnings = (word[:n] for n in self._lengths if n <= len(word))
        return next((self._stems[b] for b in beginnings if b in self._stems), 0.0)


def _boosters(lists: ToneLists, module: Any) -> dict[str, float]:
    boosters = dict.fromkeys(lists.words["boosters"], float(module.B_INCR))
    return boosters | dict.fromkeys(lists.words["dampeners"], float(module.B_DECR))


def _joined(idiom: str) -> str:
    return idiom.replace(" ", "_")


def _word(emoji: str) -> str:
    return f"emoji_{ord(emoji):x}"
