"""Texts in, features out: the one function the collector calls."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from metrics.text import language, lists, tokens
from metrics.text.features import Features
from metrics.text.model import LanguageLists, ListsError, Problem
from metrics.text.rules import LanguageReader, only_redirects

Direction = Literal["sent", "received"]
_Key = tuple[str, str | None]  # a text and its author's language
LISTS, ENCODER = "lists", "encoder"  # what reads the tone
TONE_VARIABLE = "WINTERSLAAP_TONE"


class Reader:
    """Reads texts with one set of lists."""

    def __init__(self, languages: Mapping[str, LanguageLists], tone: str = LISTS) -> None:
        encoder = None
        if tone == ENCODER:
            from metrics.text.encoder import EncoderTone, head_hash

            encoder = EncoderTone()
            tone = f"{ENCODER}-{head_hash()}"
        self.versions = lists.versions(languages, tone)
        self.codes = tuple(sorted(languages))
        self._readers = {
            code: LanguageReader(languages[code], self.versions[code], encoder)
            for code in self.codes
        }

    def read(
        self, texts: Sequence[str], *, langs: Sequence[str | None], direction: Direction
    ) -> list[Features]:
        """The features of each text, in order; equal texts are read once.

        Texts of one language are read together: its automaton stays in the processor's
        cache, which makes the matching twice as fast.
        """
        if len(texts) != len(langs):
            raise ValueError(f"{len(texts)} texts but {len(langs)} languages")
        if direction not in ("sent", "received"):
            raise ValueError(f"direction is 'sent' or 'received', not {direction!r}")
        asked = list(zip(texts, langs, strict=True))
        together: dict[str | None, list[tuple[_Key, str]]] = {}
        for key in dict.fromkeys(asked):
            cleaned = tokens.clean(key[0])
            code = language.detect(cleaned, self.codes, key[1])
            together.setdefault(code, []).append((key, cleaned))
        known: dict[_Key, Features] = {}
        for code, members in together.items():
            features = self._features(code, [text for _, text in members], direction == "received")
            known.update(zip((key for key, _ in members), features, strict=True))
        return [known[key] for key in asked]

    def language(self, code: str) -> LanguageReader:
        """What reads the texts of one language."""
        return self._readers[code]

    def _features(
        self, code: str | None, cleaned: Sequence[str], is_received: bool
    ) -> list[Features]:
        if code is not None:
            return self._readers[code].features(cleaned, is_received)
        return [
            Features(
                is_question=" ? " in text,
                is_redirect=not is_received and only_redirects(text),
                version=self.versions[None],
            )
            for text in map(tokens.canonical, cleaned)
        ]


def reader(folder: Path = lists.FOLDER) -> Reader:
    """The reader of the lists in a folder, built once; ListsError with all that is wrong.

    WINTERSLAAP_TONE=encoder has the tone read by the sentence encoder; the versions say so.
    """
    return _reader(folder, os.environ.get(TONE_VARIABLE) or LISTS)


@cache
def _reader(folder: Path, tone: str) -> Reader:
    if tone not in (LISTS, ENCODER):
        message = f"can only be {LISTS!r} or {ENCODER!r}"
        raise ListsError([Problem(TONE_VARIABLE, "-", tone, message)])
    return Reader(lists.load(folder), tone)


def read(
    texts: Sequence[str], *, langs: Sequence[str | None], direction: Direction
) -> list[Features]:
    """The features of each text, in order.

    `langs` gives per text what its author mostly writes in (None: not known); it
    decides only where the text itself is too short or too doubtful. Sent texts get a
    label, promises and redirects; received ones get `wants_answer` and `is_abuse`,
    and their label is none. Nothing of a text is in its features.
    """
    return reader().read(texts, langs=langs, direction=direction)
