"""Whether texts say the same thing: received ones by a key, a person's answers by their words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations

from metrics.text.tokens import clean

MIN_WORDS = 5  # "Thanks!" ten times is no form letter
MIN_ANSWERS = 3
MIN_SHARED = 0.8  # of the words of both together
_MOST_UNDER_WORD = 500  # different answers compared with each other under one word

_NOISE = re.compile(r"https?://\S+|www\.\S+|@[\w.\-]*(?:@[\w.\-]+)?|(?:[^\w@]|[\d_])+")


def similarity_text(text: str) -> str:
    """The same line for near-identical texts: its different words, sorted.

    Case, order, names, addresses, digits, emoji and words of one or two letters are
    gone. To be hashed with a key at once; empty where fewer than five words are left:
    "Wanneer?" by three askers is no petition.
    """
    words = _NOISE.sub(" ", clean(text).casefold()).split()
    different = sorted({word for word in words if len(word) > 2})
    return " ".join(different) if len(different) >= MIN_WORDS else ""


def boilerplate(texts: Sequence[str]) -> list[bool]:
    """Which of one person's answers are one of three or more near-identical ones.

    Near-identical: at least four fifths of the words of both together are in both;
    answers of under five different words are never called so (METHOD §5, redirect).
    """
    bags = [frozenset(similarity_text(text).split()) for text in texts]
    times = Counter(bag for bag in bags if bag)
    distinct = list(times)
    alike = [times[bag] for bag in distinct]
    for first, second in _candidates(distinct):
        one, other = distinct[first], distinct[second]
        if len(one & other) >= MIN_SHARED * len(one | other):
            alike[first] += times[other]
            alike[second] += times[one]
    repeated = {bag for bag, answers in zip(distinct, alike, strict=True) if answers >= MIN_ANSWERS}
    return [bag in repeated for bag in bags]


def _candidates(bags: Sequence[frozenset[str]]) -> set[tuple[int, int]]:
    """Pairs worth comparing: those that share one of their rarest words.

    Two sets that share four fifths of their words must share one of the rarest
    fifth (plus one) of either, so no pair is missed while the groups stay small.
    """
    use = Counter(word for bag in bags for word in bag)
    by_word: dict[str, list[int]] = defaultdict(list)
    for i, bag in enumerate(bags):
        rarest = sorted(bag, key=lambda word: (use[word], word))
        for word in rarest[: len(bag) - int(MIN_SHARED * len(bag) + 0.999) + 1]:
            by_word[word].append(i)
    pairs: set[tuple[int, int]] = set()
    for group in by_word.values():
        pairs.update(combinations(group[:_MOST_UNDER_WORD], 2))
    return pairs
