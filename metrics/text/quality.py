"""How good the shipped lists are, as measured when they were last changed: for the Method page.

data/lang/quality.csv is written by `winterslaap text evaluate … --save`, on labelled
sentences that the lists were not tuned on; a test finds it out of date.
"""

from __future__ import annotations

import csv
from dataclasses import asdict, fields
from pathlib import Path

from metrics.text.evaluate import Evaluation, Score
from metrics.text.lists import FOLDER

FILE = FOLDER / "quality.csv"

_COUNTS = ("judged", "wanted", "found", "right")
_RATES = ("precision", "recall", "f1", "kappa")


def save(found: Evaluation, path: Path = FILE) -> None:
    """Writes the scores, four decimals; an undefined rate is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([column.name for column in fields(Score)])
        for score in found.scores:
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
