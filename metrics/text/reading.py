"""Texts in, features out: the one function the collector calls."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from metrics.text import language
from metrics.text.features import Features

if TYPE_CHECKING:
    from collections.abc import Sequence

LANGUAGES = ("de", "en", "fr", "nl")
MAX_CHARS = 5_000  # a longer text is read up to here

_NOISE = re.compile(r"https?://\S+|www\.\S+|@[\w.\-]+(?:@[\w.\-]+)?|[\W\d_]+")


def read(
    texts: Sequence[str],
    *,
    langs: Sequence[str | None],
    direction: Literal["sent", "received"],
) -> list[Features]:
    """The features of each text, in order.

    `langs` gives per text what its author mostly writes in (None: not known); it
    decides only where the text itself is too short to tell. Sent texts get a label
    and promises; received ones get `wants_answer` and `is_abuse`, and `label` none.
    """
    if len(texts) != len(langs):
        raise ValueError(f"{len(texts)} texts but {len(langs)} languages")
    is_received = direction == "received"
    return [_read_one(text, lang, is_received) for text, lang in zip(texts, langs, strict=True)]


def similarity_text(text: str) -> str:
    """The same line for near-identical texts: its different words, sorted.

    Case, order, names, addresses, digits and emoji are gone. To be hashed with a
    key at once; empty where nothing is left to compare.
    """
    words = _NOISE.sub(" ", text[:MAX_CHARS].casefold()).split()
    return " ".join(sorted({word for word in words if len(word) > 2}))


def _read_one(text: str, fallback: str | None, is_received: bool) -> Features:
    text = text[:MAX_CHARS]
    is_question = "?" in re.sub(r"https?://\S+", " ", text)
    return Features(
        lang=language.detect(text, LANGUAGES, fallback),
        is_question=is_question,
        wants_answer=is_question and is_received,
    )
