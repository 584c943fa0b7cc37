"""Which configured language a text is written in, or None where it has no words to tell by.

py3langid restricted to the configured languages; addresses, @names and #tags are
taken out first. Short or doubtful texts take the fallback: the language that the
author (or the thread) mostly writes in. Platform tags are no evidence: they are
wrong for about a quarter of the French posts.
"""

from __future__ import annotations

import re
from collections import Counter
from copy import copy
from functools import cache
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MIN_LETTERS = 20
MIN_PROBABILITY = 0.8
READ_CHARS = 240  # longer texts decide no better and cost time per byte
GLANCE_CHARS = 32  # from either end: enough where it is as sure as this
GLANCE_PROBABILITY = 0.97

_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|[@#]\w[\w.\-]*(?:@[\w.\-]+)?")
_LETTERS = re.compile(r"[^\W\d_]+")
_OTHER_SCRIPT = re.compile("[^\x00-\u024f]")


class _Identifier(Protocol):
    labels: list[str]

    def classify(self, text: str) -> tuple[str, float]: ...

    def set_languages(self, langs: Sequence[str]) -> None: ...


@cache
def _whole_model() -> _Identifier:
    """Loaded once: 0.3 s and about 40 MB."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return cast("_Identifier", LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True))


@cache
def _identifier(languages: tuple[str, ...]) -> _Identifier:
    identifier = copy(_whole_model())
    identifier.set_languages(languages)
    return identifier


def known_languages() -> list[str]:
    """Every language py3langid can tell apart."""
    return _whole_model().labels


def detect(text: str, languages: Sequence[str], fallback: str | None = None) -> str | None:
    """The language of a text: a configured code, or None if there is nothing to read.

    `fallback` may carry a region ("nl-BE"); one that is not configured is no fallback.
    """
    text = text[: 2 * READ_CHARS]
    if "@" in text or "#" in text or "http" in text or "www." in text:
        text = _NOT_WORDS.sub(" ", text)
    words = " ".join(_LETTERS.findall(text))[:READ_CHARS]
    spare = _configured(fallback, languages)
    letters = len(words) - words.count(" ")
    if letters == 0:
        return spare
    if not words.isascii() and 2 * len(_OTHER_SCRIPT.findall(words)) > letters:
        return None  # written in a script of none of the configured languages
    if letters < MIN_LETTERS and spare is not None:
        return spare
    found, probability = _classified(words, tuple(languages))
    if probability < MIN_PROBABILITY and spare is not None:
        return spare
    return found


def _classified(words: str, languages: tuple[str, ...]) -> tuple[str, float]:
    """Language and probability: by both ends of the text if they are sure, else by all of it."""
    identifier = _identifier(languages)
    if len(words) > 3 * GLANCE_CHARS:
        ends = f"{words[:GLANCE_CHARS]} {words[-GLANCE_CHARS:]}"
        found, probability = identifier.classify(ends)
        if probability >= GLANCE_PROBABILITY:
            return found, probability
    return identifier.classify(words)


def majority(languages: Iterable[str | None]) -> str | None:
    """What an author mostly writes in: the most frequent language, None if there is none.

    Of equally frequent ones the first in the alphabet, so that order changes nothing.
    """
    counts = Counter(language for language in languages if language is not None)
    return min(counts, key=lambda code: (-counts[code], code)) if counts else None


def _configured(code: str | None, languages: Sequence[str]) -> str | None:
    short = (code or "").replace("_", "-").split("-", 1)[0].lower()
    return short if short in languages else None
