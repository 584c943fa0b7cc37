"""By what near-identical answers of one person are found without reading their texts again."""

from __future__ import annotations

from itertools import combinations
from zlib import crc32

from ingest.model import Kind

ANSWERS = (Kind.REPLY, Kind.QUOTE)
MOST_WORDS = 5  # so at most ten keys an answer


def answer_keys(words: str) -> list[int]:
    """Keys of which near-identical answers share one; none of an answer that is too short.

    `words` is what the text step's `similarity_text` makes of an answer. Two sets that
    share four fifths of all their words share two of the first n / 5 + 2 in any fixed
    order (prefix filtering: Chaudhuri, Ganti & Kaushik 2006). The order is that of a
    plain checksum, the keys are pairs: nothing is hidden, since they stand beside the
    person's own text and go when it goes. Above 19 words five are kept, and two answers
    that differ in four rare words or more may go unnoticed.
    """
    order = sorted({crc32(word.encode()) for word in words.split()})
    first = order[: min(len(order) // 5 + 2, MOST_WORDS)]
    return [(one << 32 | other) - (1 << 63) for one, other in combinations(first, 2)]
