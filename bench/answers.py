"""Invented answers: common short words and rare long ones, and some form letters."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ingest.answer_keys import answer_keys
from metrics.text import similarity_text

LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz"))
VOCABULARY, FREE, FORMS, VARIANTS = 20_000, 20_000, 100, 5
FORM_SHARE = 0.05

Ints = NDArray[np.int64]


def columns(
    rng: np.random.Generator, person: Ints, is_answer: NDArray[np.bool_]
) -> dict[str, pa.Array]:
    """`text` and `answer_keys` of own items: drawn for the answers, null for the others.

    One answer in twenty is one of five variants of the person's form letter.
    """
    texts = _texts(rng)
    keys = [answer_keys(similarity_text(text)) for text in texts]
    free = rng.integers(0, FREE, person.size)
    form = FREE + person % FORMS * VARIANTS + rng.integers(0, VARIANTS, person.size)
    drawn = np.where(rng.random(person.size) < FORM_SHARE, form, free)
    place = pa.array(drawn, mask=~is_answer)
    return {
        "text": pa.array(texts).take(place),
        "answer_keys": pa.array(keys, pa.list_(pa.int64())).take(place),
    }


def _texts(rng: np.random.Generator) -> list[str]:
    """Texts of 6 to 25 words, word number n as often as 1 / n; then the form letters."""
    words = _words(rng)
    share = 1 / np.arange(1, VOCABULARY + 1)
    lengths = rng.integers(6, 26, FREE + FORMS)
    drawn = words[rng.choice(VOCABULARY, lengths.sum(), p=share / share.sum())]
    lines = [" ".join(line) for line in np.split(drawn, np.cumsum(lengths)[:-1])]
    forms = [f"{line} {words[-n]}" for line in lines[FREE:] for n in range(1, VARIANTS + 1)]
    return lines[:FREE] + forms


def _words(rng: np.random.Generator) -> NDArray[np.str_]:
    lengths = (
        3 + np.log2(np.arange(1, VOCABULARY + 1)).astype(int) // 2 + rng.integers(0, 4, VOCABULARY)
    )
    letters = "".join(rng.choice(LETTERS, lengths.sum()))
    ends = np.cumsum(lengths)
    return np.array([letters[end - n : end] for end, n in zip(ends, lengths, strict=True)])
