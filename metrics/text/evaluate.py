"""How well the lists read: precision, recall, F1, κ and confusions per language and label.

From a CSV with a column `text` and any of `lang`, `direction`, `label`, `is_question`,
`wants_answer`, `is_abuse`, `promise`, `is_redirect`, `asks_public`, `topics` (separated
by spaces, or `none`) and `tone` (pos, neu, neg). An empty cell is not judged.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from metrics.text.features import LABELS, Features
from metrics.text.language import majority
from metrics.text.lists import TOPICS
from metrics.text.quality import Score
from metrics.text.reading import Direction, Reader, reader

TONE_EDGE = 0.05  # VADER's own borders of neutral

FLAGS = ("is_question", "wants_answer", "is_abuse", "promise", "is_redirect", "asks_public")
TONES = ("pos", "neu", "neg")
_VALUES: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(FLAGS, ("yes", "no")),
    "label": LABELS,
    "tone": TONES,
    "direction": ("sent", "received"),
}
_COLUMNS = ("text", "lang", "topics", *_VALUES)

Pairs = list[tuple[str, str]]  # what a reader said, what the lists found


class LabelledFileError(Exception):
    """A labelled file that cannot be read; all problems, one a line, in the message."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All scores, and per (language, feature) how often each said value was found as which."""

    scores: tuple[Score, ...]
    confusions: Mapping[tuple[str, str], Mapping[tuple[str, str], int]]
    versions: Mapping[str | None, str]


def evaluate(paths: Iterable[Path], with_reader: Reader | None = None) -> Evaluation:
    """Reads the labelled files with the lists and compares; LabelledFileError if one is wrong."""
    used = with_reader or reader()
    rows = [row for path in paths for row in _rows(path)]
    pairs: dict[tuple[str, str, str], Pairs] = {}
    for row, features in zip(rows, _read(rows, used), strict=True):
        for feature, value, said, found in _compared(row, features):
            pairs.setdefault((row["lang"] or "-", feature, value), []).append((said, found))
    scores = tuple(
        score
        for (language, feature, value), both in sorted(pairs.items())
        for score in _scores(language, feature, value, both)
    )
    confusions = {
        (language, feature): Counter(both)
        for (language, feature, value), both in sorted(pairs.items())
        if value == "all"
    }
    return Evaluation(scores, confusions, used.versions)


def labelled_tones(paths: Iterable[Path]) -> list[tuple[str, str]]:
    """Text and tone of every row with a tone; LabelledFileError if a file is wrong."""
    return [(row["text"], row["tone"]) for path in paths for row in _rows(path) if row["tone"]]


def kappa(pairs: Pairs) -> float | None:
    """Cohen's κ of the two columns; None where chance alone would agree fully."""
    said, found = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    n = len(pairs)
    if n == 0:
        return None
    agreed = sum(a == b for a, b in pairs) / n
    by_chance = sum(said[value] * found[value] for value in said) / n**2
    return None if by_chance == 1 else (agreed - by_chance) / (1 - by_chance)


def tone_word(compound: float | None) -> str:
    """`pos`, `neu` or `neg` for a compound score, by VADER's own borders."""
    if compound is None or abs(compound) < TONE_EDGE:
        return "neu"
    return "pos" if compound > 0 else "neg"


def _read(rows: Sequence[Mapping[str, str]], used: Reader) -> list[Features]:
    """Each file counts as one author: short texts take its majority language."""
    languages: dict[str, list[str | None]] = {}
    for row in rows:
        languages.setdefault(row["file"], []).append(row["lang"] or None)
    fallbacks = {file: majority(codes) for file, codes in languages.items()}
    features = []
    for row in rows:
        direction: Direction = "received" if row["direction"] == "received" else "sent"
        lang = fallbacks[row["file"]]
        features += used.read([row["text"]], langs=[lang], direction=direction)
    return features


def _compared(row: Mapping[str, str], features: Features) -> list[tuple[str, str, str, str]]:
    """(feature, value, said, found) of everything a person judged in a row."""
    compared = []
    if row["lang"]:
        compared.append(("lang", "all", row["lang"], features.lang or "-"))
    compared += [
        (flag, "all", row[flag], "yes" if getattr(features, flag) else "no")
        for flag in FLAGS
        if row[flag]
    ]
    if row["label"]:
        compared.append(("label", "all", row["label"], features.label))
    if row["tone"]:
        compared.append(("tone", "all", row["tone"], tone_word(features.tone)))
    if row["topics"]:
        said = set() if row["topics"] == "none" else set(row["topics"].split())
        compared += [
            ("topic", topic, "yes" if topic in said else "no", found)
            for topic in TOPICS
            for found in ["yes" if topic in features.topics else "no"]
        ]
    return compared


def _scores(language: str, feature: str, value: str, both: Pairs) -> list[Score]:
    if set(_VALUES.get(feature, ("yes", "no"))) == {"yes", "no"} and feature != "lang":
        return [_score(language, feature, value, "yes", both)]
    values = [v for v in (*LABELS, *TONES) if any(v in pair for pair in both)]
    agreed = sum(a == b for a, b in both)
    share = agreed / len(both)
    whole = Score(
        language, feature, "all", len(both), len(both), len(both), agreed,
        share, share, share, kappa(both),
    )  # fmt: skip
    return [whole, *(_score(language, feature, v, v, both) for v in values)]


def _score(language: str, feature: str, value: str, positive: str, both: Pairs) -> Score:
    wanted = sum(said == positive for said, _ in both)
    found = sum(got == positive for _, got in both)
    right = sum(said == got == positive for said, got in both)
    binary = [(str(said == positive), str(got == positive)) for said, got in both]
    return Score(
        language=language,
        feature=feature,
        value=value,
        judged=len(both),
        wanted=wanted,
        found=found,
        right=right,
        precision=right / found if found else None,
        recall=right / wanted if wanted else None,
        f1=2 * right / (found + wanted) if found + wanted else None,
        kappa=kappa(binary),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            table = csv.DictReader(file, strict=True)
            columns = table.fieldnames or []
            rows = [dict(row) for row in table]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LabelledFileError(f"{path.name}: {error}") from error
    problems = [
        f"{path.name}: column {column!r} is none of {', '.join(_COLUMNS)}"
        for column in columns
        if column not in _COLUMNS
    ]
    if "text" not in columns:
        problems.append(f"{path.name}: has no column 'text'")
    for number, row in enumerate(rows, start=2):
        problems += _problems(path.name, number, row)
    if problems:
        raise LabelledFileError("\n".join(problems))
    return [{**dict.fromkeys(_COLUMNS, ""), **row, "file": str(path)} for row in rows]


def _problems(file: str, number: int, row: Mapping[str, str | None]) -> list[str]:
    """What is wrong in one row."""
    if None in row or None in row.values():
        return [f"{file}, row {number}: has more or fewer cells than the header"]
    wrong = [
        f"{file}, row {number}, {column}: found {row[column]!r}, expected {' or '.join(values)}"
        for column, values in _VALUES.items()
        if row.get(column) and row[column] not in values
    ]
    said = (row.get("topics") or "").split()
    unknown = [topic for topic in said if topic not in (*TOPICS, "none")]
    if unknown:
        wrong.append(f"{file}, row {number}, topics: {', '.join(unknown)} is no topic")
    return wrong
