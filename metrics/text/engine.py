"""vaderSentiment's own rules, in a private copy of its module, with less work per text."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

BEFORE, AFTER = 3, 2  # words the rules look at on either side
MAX_REMEMBERED, MAX_LETTERS = 50_000, 40  # words whose work is kept for the next text


def private_module() -> Any:
    """A copy of vaderSentiment's module that nobody else sees."""
    spec = importlib.util.find_spec("vaderSentiment.vaderSentiment")
    if spec is None or spec.loader is None:
        raise ImportError("vaderSentiment is not installed")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def set_negation(module: Any) -> Any:
    """The package's `negated`, by a set instead of a walk through the list per word."""
    negators = frozenset(module.NEGATE)

    def negated(input_words: Iterable[str], include_nt: bool = True) -> bool:
        for word in input_words:
            lowered = str(word).lower()
            if lowered in negators or (include_nt and "n't" in lowered):
                return True
        return False

    return negated


class _Bare(dict[str, str]):
    """Words without the punctuation around them, as the package cuts it; remembered."""

    def __init__(self, cut: Callable[[str], str]) -> None:
        super().__init__()
        self._cut = cut

    def __missing__(self, word: str) -> str:
        bare = self._cut(word)
        if len(word) <= MAX_LETTERS and len(self) < MAX_REMEMBERED:
            self[word] = bare
        return bare


class _Near(list[str]):
    """Three words before a word and two after it: all that the package's rules look at."""

    __slots__ = ("may_be_idiom", "may_negate")

    may_be_idiom: bool
    may_negate: bool


@dataclass(slots=True)
class _Around:
    """What the package's rules take for a text."""

    words_and_emoticons: _Near
    is_cap_diff: bool


class Engine:
    """The package's analyser with the same scores and less work.

    Its rules are called as they are, only where a word is in the lexicon, with the
    words around it instead of all words of the text, and not at all where none of
    their own words is near.
    """

    def __init__(self, module: Any, lexicon: dict[str, float] | None = None) -> None:
        self._module = module
        self._package = module.SentimentIntensityAnalyzer
        if lexicon is None:
            self._rules = self._package()
        else:
            self._rules = self._package.__new__(self._package)
            self._rules.lexicon, self._rules.emojis = lexicon, {}
        self._rules._negation_check = self._negated
        self._rules._special_idioms_check = self._idioms
        self._lexicon: dict[str, float] = self._rules.lexicon
        self._bare = _Bare(module.SentiText._strip_punc_if_word)
        self._emoji = frozenset(self._rules.emojis)
        self._negating = frozenset(module.NEGATE) | {"never", "without", "doubt", "so", "this"}
        self._idiomatic = _words_of_phrases([*module.SPECIAL_CASES, *module.BOOSTER_DICT])

    def compound(self, text: str) -> float:
        """The package's compound score of a text."""
        text = _described(text, self._rules.emojis, self._emoji)
        words = list(map(self._bare.__getitem__, text.split()))
        lowered = list(map(str.lower, words))
        lexicon = self._lexicon
        charged = [i for i, word in enumerate(lowered) if word in lexicon]
        if not charged:
            return 0.0
        is_cap_diff = 0 < sum(map(str.isupper, words)) < len(words)
        sentiments = [0.0] * len(words)
        for i in charged:
            if not self._is_modifier(lowered, i):
                around = _Around(self._near(words, lowered, i), is_cap_diff)
                found = self._rules.sentiment_valence(0, around, words[i], min(i, BEFORE), [])
                sentiments[i] = found[0]
        if "but" in lowered:
            sentiments = self._rules._but_check(words, sentiments)
        changed = [sentiment for sentiment in sentiments if sentiment]
        return float(self._rules.score_valence(changed, text)["compound"])

    def _near(self, words: list[str], lowered: list[str], i: int) -> _Near:
        first = max(0, i - BEFORE)
        beside = lowered[first : i + AFTER + 1]
        near = _Near(words[first : i + AFTER + 1])
        near.may_be_idiom = not self._idiomatic.isdisjoint(beside)
        near.may_negate = not self._negating.isdisjoint(beside) or "n't" in " ".join(beside)
        return near

    def _is_modifier(self, lowered: list[str], i: int) -> bool:
        if lowered[i] in self._module.BOOSTER_DICT:
            return True
        return i + 1 < len(lowered) and lowered[i] == "kind" and lowered[i + 1] == "of"

    def _negated(self, valence: float, near: _Near, start_i: int, i: int) -> float:
        if not near.may_negate:
            return valence
        return float(self._package._negation_check(valence, near, start_i, i))

    def _idioms(self, valence: float, near: _Near, i: int) -> float:
        if not near.may_be_idiom:
            return valence
        return float(self._package._special_idioms_check(valence, near, i))


def _words_of_phrases(entries: Iterable[str]) -> frozenset[str]:
    """The words of the entries that have several."""
    phrases = [entry for entry in entries if " " in entry]
    return frozenset(word for phrase in phrases for word in phrase.split())


def _described(text: str, emojis: Mapping[str, str], known: frozenset[str]) -> str:
    """The text with the package's words for its emoji, spaced as the package does."""
    if text.isascii() or known.isdisjoint(text):
        return text.strip()
    out, is_after_space = "", True
    for char in text:
        if char in emojis:
            out += ("" if is_after_space else " ") + emojis[char]
            is_after_space = False
        else:
            out += char
            is_after_space = char == " "
    return out.strip()
