"""By what near-identical answers of one person are found without reading their texts again."""

from __future__ import annotations

from itertools import combinations
from zlib import crc32

from ingest.model import Kind

ANSWERS = (Kind.REPLY, Kind.QUOTE)
MOST_WORDS = 6  # so at most fifteen keys an answer


def answer_keys(words: str) -> list[int]:
    """Keys of which near-identical answers share one; none of an answer that is too short.

    `words` is what the text step's `similarity_text` makes of an answer. Two sets that
    share four fifths of all their words share two of the first n / 5 + 2 in any fixed
    order (prefix filtering: Chaudhuri, Ganti & Kaushik 2006). Long words come first, since
    they are rare. The keys are pairs of plain checksums: nothing is hidden, since they
    stand beside the person's own text and go when it goes. Above 24 words six are kept,
    and two answers that differ in five long words or more may go unnoticed.
    """
    order = sorted(sorted(set(words.split())), key=len, reverse=True)  # equally long: as spelt
    first = sorted(crc32(word.encode()) for word in order[: min(len(order) // 5 + 2, MOST_WORDS)])
    return [(one << 32 | other) - (1 << 63) for one, other in combinations(first, 2)]
