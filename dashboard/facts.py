"""From published tables to what the rules of the findings read."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.findings import Facts, Number, Sleep
from dashboard.labels import is_told


def number_of(row: Any) -> Number:
    """One row of `metric`."""
    return Number(
        value=_float(row["value"]),
        low=_float(row["low"]),
        high=_float(row["high"]),
        numerator=_int(row["numerator"]),
        denominator=_int(row["denominator"]),
        effective_n=_float(row["effective_n"]) or 0.0,
        reason=row["reason"] if is_told(row["reason"]) else None,
        word=row["word"] if is_told(row["word"]) else None,
        is_comparable=is_told(row["is_comparable"]) and bool(row["is_comparable"]),
    )


def _float(value: Any) -> float | None:
    return float(value) if is_told(value) else None


def _int(value: Any) -> int:
    return int(value) if is_told(value) else 0


def numbers_of(metric: pd.DataFrame) -> dict[tuple[str, str], Number]:
    """The numbers of one person by metric and phase."""
    return {
        (str(row["metric"]), str(row["phase"])): number_of(row) for row in metric.to_dict("records")
    }


def facts_of(
    metric: pd.DataFrame, spell: pd.DataFrame, season: pd.DataFrame, known_days: int
) -> Facts:
    """The facts about one person; excused and merely possible sleeps are not findings."""
    votes = {row["election_id"]: row for row in season.to_dict("records")}
    sleeps = []
    for row in spell.to_dict("records"):
        vote = votes.get(row["election_id"])
        if row["is_winter_sleep"] and not row["is_excused"] and not row["is_possible"] and vote:
            sleeps.append(
                Sleep(
                    from_on=row["from_on"],
                    to_on=row["to_on"],
                    days=int(row["days"]),
                    kind=str(row["kind"]),
                    is_at_least=bool(row["is_at_least"]),
                    election_on=vote["election_on"],
                    is_verified=bool(vote["is_verified"]),
                )
            )
    return Facts(
        numbers=numbers_of(metric),
        sleeps=tuple(sleeps),
        has_known_days=known_days > 0,
    )
