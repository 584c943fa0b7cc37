"""How good the shipped lists are, as measured when they were last changed: for the Method page.

data/lang/quality.csv is written by `winterslaap text evaluate … --save`, on labelled
sentences that the lists were not tuned on; a test finds it out of date.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

FILE = Path(__file__).parents[2] / "data" / "lang" / "quality.csv"
KAPPA_NEEDED = 0.7  # below it a label or feature stays descriptive (METHOD §8)

_COUNTS = ("judged", "wanted", "found", "right")
_RATES = ("precision", "recall", "f1", "kappa")


@dataclass(frozen=True, slots=True)
class Score:
    """One label or feature in one language."""

    language: str
    feature: str  # label, topic, tone, lang or a flag
    value: str  # which label or topic; "all" for the feature as a whole
    judged: int  # texts a person judged
    wanted: int  # texts that a person gave this value
    found: int
    right: int
    precision: float | None  # None: nothing found
    recall: float | None  # None: nothing wanted
    f1: float | None
    kappa: float | None  # None: chance alone would agree fully

    @property
    def is_descriptive_only(self) -> bool:
        """Whether agreement is too low for any word of verdict or weight."""
        return self.kappa is None or self.kappa < KAPPA_NEEDED


def save(scores: Iterable[Score], path: Path = FILE) -> None:
    """Writes the scores, four decimals; an undefined rate is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([column.name for column in fields(Score)])
        for score in scores:
            table.writerow([_cell(value) for value in asdict(score).values()])


def quality(path: Path = FILE) -> list[Score]:
    """The saved scores, in the order they were written."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_score(row) for row in csv.DictReader(file)]


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _score(row: dict[str, str]) -> Score:
    judged, wanted, found, right = (int(row[name]) for name in _COUNTS)
    rates = (float(row[name]) if row[name] else None for name in _RATES)
    what = (row["language"], row["feature"], row["value"])
    return Score(*what, judged, wanted, found, right, *rates)
