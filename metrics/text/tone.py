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

import importlib.util
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from metrics.text.model import ToneLists
from metrics.text.tokens import Split, clean

MAX_CHARS = 2_000  # the tone of the beginning; the engine's "but" rule is quadratic
MAX_REMEMBERED = 50_000  # words looked up among the prefixes

_NOISE = re.compile(r"https?://\S+|www\.\S+|@\w[\w.\-]*(?:@[\w.\-]+)?")
_WORD = re.compile(r"\w+(?:[-'·]\w+)*")
_EMOJI = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]")


class Tone:
    """Scores texts of one language, -1 to 1."""

    def __init__(self, lists: ToneLists, split: Split | None = None) -> None:
        self._lists = lists
        self._split = split
        module = _private_module()
        module.negated = _negation(module)
        if lists.is_vader:
            self._engine = _engine_class(module)()
            return
        module.NEGATE = list(lists.words["negators"])
        module.negated = _negation(module)
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
        self._but_words = frozenset(lists.words["but"])
        but = "|".join(re.escape(word) for word in lists.words["but"])
        self._but = re.compile(rf"\b(?:{but})\b")
        self._engine = _engine_class(module)(self._known)

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
        for word in words - self._known.keys():
            if value := self._stems.value(word):
                self._known[word] = value
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
        self._seen: dict[str, float] = {}

    def value(self, word: str) -> float:
        value = self._seen.get(word)
        if value is None:
            value = 0.0
            if word not in self._neutral:
                beginnings = (word[:n] for n in self._lengths if n <= len(word))
                value = next((self._stems[b] for b in beginnings if b in self._stems), 0.0)
            if len(self._seen) < MAX_REMEMBERED:
                self._seen[word] = value
        return value


def _private_module() -> Any:
    """A copy of vaderSentiment's module that nobody else sees."""
    spec = importlib.util.find_spec("vaderSentiment.vaderSentiment")
    if spec is None or spec.loader is None:
        raise ImportError("vaderSentiment is not installed")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _negation(module: Any) -> Any:
    """The package's `negated`, by a set instead of a walk through the list per word."""
    negators = frozenset(module.NEGATE)

    def negated(input_words: Iterable[str], include_nt: bool = True) -> bool:
        for word in input_words:
            lowered = str(word).lower()
            if lowered in negators or (include_nt and "n't" in lowered):
                return True
        return False

    return negated


def _boosters(lists: ToneLists, module: Any) -> dict[str, float]:
    boosters = dict.fromkeys(lists.words["boosters"], float(module.B_INCR))
    return boosters | dict.fromkeys(lists.words["dampeners"], float(module.B_DECR))


def _joined(idiom: str) -> str:
    return idiom.replace(" ", "_")


def _word(emoji: str) -> str:
    return f"emoji_{ord(emoji):x}"


@dataclass(slots=True)
class _Around:
    """What the package's rules look at: three words before a word and two after it."""

    words_and_emoticons: list[str]
    is_cap_diff: bool


def _engine_class(module: Any) -> Any:
    """The package's analyser with the same scores and less work.

    Its rules are called as they are, only where a word is in the lexicon, and with
    the words around it instead of all words of the text.
    """

    class Engine(module.SentimentIntensityAnalyzer):  # type: ignore[misc]
        def __init__(self, lexicon: dict[str, float] | None = None) -> None:
            if lexicon is None:
                super().__init__()
            else:
                self.lexicon = lexicon
                self.emojis: dict[str, str] = {}
            self._emoji = frozenset(self.emojis)

        def compound(self, text: str) -> float:
            text = _described(text, self.emojis, self._emoji)
            read = module.SentiText(text)
            words = read.words_and_emoticons
            lowered = [word.lower() for word in words]
            if self.lexicon.keys().isdisjoint(lowered):
                return 0.0
            sentiments: list[float] = []
            for i, word in enumerate(lowered):
                if word not in self.lexicon or _is_modifier(lowered, i, module.BOOSTER_DICT):
                    sentiments.append(0)
                    continue
                first = max(0, i - 3)
                around = _Around(words[first : i + 3], read.is_cap_diff)
                self.sentiment_valence(0, around, words[i], i - first, sentiments)
            if "but" in lowered:
                sentiments = self._but_check(words, sentiments)
            return float(self.score_valence(sentiments, text)["compound"])

    return Engine


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


def _is_modifier(lowered: list[str], i: int, boosters: Mapping[str, float]) -> bool:
    if lowered[i] in boosters:
        return True
    return i + 1 < len(lowered) and lowered[i] == "kind" and lowered[i + 1] == "of"
