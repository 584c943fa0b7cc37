"""The overview as people read it: filters, key figures, the table and what is missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.address import slug, slugs
from dashboard.labels import is_told
from dashboard.words import Words

SPARK_MONTHS = 24
UNKNOWN_DEPTH = 0.25  # how far below the line an unknown month hangs, of the tallest bar


@dataclass(frozen=True, slots=True)
class Answered:
    """Answering over everybody whose rate passed its gate: every asker weighs the same."""

    rate: float | None  # None when there is nobody
    askers: int
    people: int
    answered: int
    asked: int


def filtered(people: pd.DataFrame, chosen: dict[str, str], search: str) -> pd.DataFrame:
    """The people whose columns have the chosen texts and whose name holds the search."""
    kept = people
    for column, text in chosen.items():
        kept = kept[kept[column] == text]
    wanted = slug(search) if search.strip() else ""
    if wanted:
        fits = [
            wanted in slug(f"{name} {party}")
            for name, party in zip(kept["name"], kept["party"], strict=True)
        ]
        kept = kept[fits]
    return kept


def choices(people: pd.DataFrame, column: str) -> dict[str, str]:
    """What a filter offers: slug to text."""
    return slugs(str(text) for text in people[column].dropna())


def answered(people: pd.DataFrame, prefix: str) -> Answered:
    """The answer rate over all askers of the people that have one."""
    shown = people[people[f"{prefix}_value"].notna()]
    askers = shown[f"{prefix}_effective_n"]
    total = float(askers.sum())
    return Answered(
        rate=float((shown[f"{prefix}_value"] * askers).sum()) / total if total else None,
        askers=round(total),
        people=len(shown),
        answered=int(shown[f"{prefix}_numerator"].sum()),
        asked=int(shown[f"{prefix}_denominator"].sum()),
    )


def margin(row: Any, prefix: str, t: Words) -> str:
    """The 90 % interval of a number, or the short reason why there is none."""
    if is_told(row[f"{prefix}_value"]):
        low, high = row[f"{prefix}_low"], row[f"{prefix}_high"]
        return t.percents(low, high) if is_told(low) else ""
    return labels.named(labels.REASONS, row[f"{prefix}_reason"], t)


def rhythm(row: Any, t: Words) -> str:
    """The burst word for own acts, or why there is none."""
    if is_told(row["burst_acts_word"]):
        return labels.named(labels.BURSTS, row["burst_acts_word"], t)
    return labels.named(labels.REASONS, row["burst_acts_reason"], t)


def _spark(months: Any) -> list[float] | None:
    if not isinstance(months, list):
        return None
    last = months[-SPARK_MONTHS:]
    under = -UNKNOWN_DEPTH * max((count for count in last if count), default=1)
    return [under if count is None else float(count) for count in last]


def table(people: pd.DataFrame, t: Words) -> pd.DataFrame:
    """One row per person in the order of `people`, every cell ready to show."""
    rows = people.to_dict("records")
    return pd.DataFrame(
        {
            "name": people["name"].to_list(),
            "office": [labels.named(labels.OFFICES, row["office"], t) for row in rows],
            "party": people["party"].to_list(),
            "presence": (100 * people["presence_value"]).to_list(),
            "presence_margin": [margin(row, "presence", t) for row in rows],
            "answers": (100 * people["answers_value"]).to_list(),
            "answers_margin": [margin(row, "answers", t) for row in rows],
            "answers_in": (100 * people["answers_in_value"]).to_list(),
            "answers_in_margin": [margin(row, "answers_in", t) for row in rows],
            "rhythm": [rhythm(row, t) for row in rows],
            "months": [_spark(row["month_answers"]) for row in rows],
            "band": [labels.band(row["score_band"], row["score_reason"], t) for row in rows],
        }
    )


MISSING = {
    "presence": ("presence_value", "presence_reason", "presence", "missing.presence"),
    "answers": ("answers_value", "answers_reason", "answer_rate", "missing.answers"),
    "rhythm": ("burst_acts_value", "burst_acts_reason", "burst_acts", "missing.rhythm"),
    "score": ("score_score", "score_reason", "", "missing.score"),
}


def missing(people: pd.DataFrame, t: Words) -> list[dict[str, Any]]:
    """Which numbers are not there, for how many people, and why: one row each."""
    rows: list[dict[str, Any]] = []
    for value, reason, metric, key in MISSING.values():
        absent = people[people[value].isna()]
        counted = Counter(str(code) for code in absent[reason] if is_told(code))
        for code, count in counted.most_common():
            rows.append({"what": t(key), "people": count, "why": labels.why(metric, code, t)})
    return rows
