"""Hostile texts: bounded time and a defined answer."""

import time

import pytest

from metrics.text import Features, read

MAX_SECONDS = 2.0
HOSTILE = {
    "empty": "",
    "one emoji": "😀",
    "zero width": "\u200b\u200d\ufeff\u2060",
    "controls": "".join(map(chr, range(32))) + "\x7f",
    "lone surrogate": "stem \ud800 op mij",
    "only addresses": "https://a.example/b " * 400,
    "long word": "a" * 100_000,
    "long text": "stem op mij want wij vinden dat goed " * 3_000,
    "question marks": "? " * 50_000,
    "marks": "?!." * 33_000,
    "at signs": "@" * 100_000,
    "dotted": "a." * 50_000,
    "digits": "0 " * 50_000,
    "dashes": "-" * 100_000,
    "apostrophes": "l'" * 50_000,
    "joined": "a-" * 50_000 + "!",
    "emoji": "😀" * 100_000,
    "but": "maar but mais aber goed " * 5_000,
    "mail bait": "a.a+a-" * 20_000 + "@",
    "brackets": "(((((" * 20_000,
    "combining": "e" + "\u0301" * 100_000,
    "backtracking": "kan u " + "een " * 30_000 + "!",
    "mixed": "Bonjour de raad entscheidet about le zwembad " * 2_000,
    "right to left": "\u202estem op mij\u202c",
    "null": "\x00" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("direction", ["sent", "received"])
def test_a_hostile_text_takes_bounded_time(name, direction):
    read(["warm"], langs=["nl"], direction=direction)
    for lang in ("nl", "fr", "de", "en", None):
        began = time.process_time()
        (features,) = read([HOSTILE[name]], langs=[lang], direction=direction)
        assert time.process_time() - began < MAX_SECONDS
        assert isinstance(features, Features)
        assert features.tone is None or -1 <= features.tone <= 1


def test_the_answer_to_a_hostile_text_is_the_same_twice():
    texts = list(HOSTILE.values())
    langs = ["nl"] * len(texts)
    first = read(texts, langs=langs, direction="sent")
    assert read(texts[::-1], langs=langs, direction="sent")[::-1] == first
    for features in first:
        assert Features.from_json(features.to_json()) == features
