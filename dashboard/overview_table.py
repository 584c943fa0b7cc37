"""The overview as people read it: filters, key figures, the table and what is missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from dashboard import labels
from dashboard.address import slug, slugs
from dashboard.labels import is_told
from dashboard.words import Words, words
from metrics import read

SPARK_MONTHS = 18
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
    is_kept = np.ones(len(people), bool)
    for column, text in chosen.items():
        is_kept &= (people[column] == text).to_numpy(bool, na_value=False)
    kept = people[is_kept] if chosen else people
    wanted = slug(search) if search.strip() else ""
    if wanted:
        fits = [
            wanted in slug(f"{name} {party}")
            for name, party in zip(kept["name"], kept["party"], strict=True)
        ]
        kept = kept[fits]
    return kept


def comparable(people: pd.DataFrame) -> pd.DataFrame:
    """The people whose answering off-season may be set beside that of others."""
    return people[people["answers_is_comparable"].fillna(False).astype(bool)]


def choices(people: pd.DataFrame, column: str) -> dict[str, str]:
    """What a filter offers: slug to text."""
    return slugs(str(text) for text in people[column].dropna().unique())


def answered(people: pd.DataFrame, prefix: str) -> Answered:
    """The answer rate over all askers of the people that have one."""
    value, askers, part, whole = (
        people[f"{prefix}_{one}"].to_numpy(float, na_value=np.nan)
        for one in ("value", "effective_n", "numerator", "denominator")
    )
    is_known = ~np.isnan(value)
    total = float(np.nansum(askers[is_known]))
    return Answered(
        rate=float(np.nansum((value * askers)[is_known])) / total if total else None,
        askers=round(total),
        people=int(is_known.sum()),
        answered=int(np.nansum(part[is_known])),
        asked=int(np.nansum(whole[is_known])),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """The people that a choice of filters keeps, and what is said about them together."""

    people: pd.DataFrame
    off: Answered
    inside: Answered
    same: Answered  # off-season, of those who have both
    asleep: int
    known: int
    missing: list[dict[str, Any]]
    without: tuple[int, int]


@lru_cache(maxsize=48)
def shown(
    path: Path, lang: str, chosen: tuple[tuple[str, str], ...], search: str, is_strict: bool
) -> Shown:
    """What the overview shows of a copy; reckoned once for all readers who ask the same."""
    kept = filtered(read.overview(path), dict(chosen), search)
    people = comparable(kept) if is_strict else kept
    has_both = people["answers_value"].notna() & people["answers_in_value"].notna()
    return Shown(
        people=people,
        off=answered(people, "answers"),
        inside=answered(people, "answers_in"),
        same=answered(people[has_both], "answers"),
        asleep=int(people["has_winter_sleep"].sum()),
        known=int((people["covered_days"] > 0).sum()),
        missing=missing(people, words(lang)),
        without=without_any(people),
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


def sleep(row: Any, t: Words) -> str:
    """The longest winter sleep in weeks, that there is none, or that nobody knows."""
    if is_told(row["sleep_days"]):
        weeks = t.count("overview.weeks", int(row["sleep_days"]) // 7)
        return f"≥ {weeks}" if row["sleep_is_at_least"] else weeks
    if not row["covered_days"]:
        return labels.named(labels.REASONS, "no_coverage", t)
    return t("overview.no_sleep")


def score_margin(row: Any, t: Words) -> str:
    """The band with the score's 90 % interval, or why there is no score."""
    if not is_told(row["score_score"]):
        return labels.named(labels.REASONS, row["score_reason"], t)
    interval = f"{t.number(row['score_low'])}–{t.number(row['score_high'])}"
    band = row["score_band"]
    return f"{band} ({interval})" if is_told(band) and band != "none" else interval


def _spark(months: Any) -> list[float] | None:
    if not isinstance(months, list):
        return None
    last = months[-SPARK_MONTHS:]
    under = -UNKNOWN_DEPTH * max((count for count in last if count), default=1)
    return [under if count is None else float(count) for count in last]


def _few(texts: list[str | None]) -> pa.DictionaryArray:
    """A column of texts that come back often: each is sent once."""
    coded = pa.array(texts, pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(coded.indices.cast(pa.int16()), coded.dictionary)


@lru_cache(maxsize=12)
def cells(path: Path, lang: str) -> pa.Table:
    """Everybody of a copy in the overview's order, every cell ready to show in one language."""
    people, t = read.overview(path), words(lang)
    rows = people.to_dict("records")
    numbers = {name: (100 * people[f"{name}_value"]).to_list() for name in RATES}
    months = pa.array([_spark(row["month_answers"]) for row in rows], pa.list_(pa.float32()))
    return pa.table(
        {
            "name": people["name"].to_list(),
            "party": _few(people["party"].to_list()),
            "score": pa.array(people["score_score"], from_pandas=True),
            "band": _few([score_margin(row, t) for row in rows]),
        }
        | {
            column: values
            for name in RATES
            for column, values in (
                (name, pa.array(numbers[name], pa.float64(), from_pandas=True)),
                (f"{name}_margin", _few([margin(row, name, t) for row in rows])),
            )
        }
        | {
            "rhythm": _few([rhythm(row, t) for row in rows]),
            "sleep": _few([sleep(row, t) for row in rows]),
            "months": months,
            "office": _few([labels.named(labels.OFFICES, row["office"], t) for row in rows]),
        }
    )


RATES = ("presence", "answers", "answers_in")


def table(path: Path, people: pd.DataFrame, t: Words, columns: list[str] | None = None) -> pa.Table:
    """One row per person of `people`, which is part of the copy's overview."""
    everybody = cells(path, t.lang)
    part = everybody.select(columns) if columns else everybody
    return part if len(people) == len(part) else part.take(pa.array(people.index))


def taken_along(people: pd.DataFrame, t: Words) -> pd.DataFrame:
    """The table for a spreadsheet: numbers as numbers, with interval, counts and reason."""
    rows = people.to_dict("records")
    score, low, high = t(COLUMNS["score"]), t("taken.low"), t("taken.high")
    out: dict[str, Any] = {
        t("column.name"): people["name"],
        t("filter.municipality"): people["municipality"],
        t("column.party"): people["party"],
        t("column.office"): [labels.named(labels.OFFICES, row["office"], t) for row in rows],
        score: people["score_score"],
        f"{score}: {low}": people["score_low"],
        f"{score}: {high}": people["score_high"],
        t("column.band"): [labels.band(row["score_band"], row["score_reason"], t) for row in rows],
    }
    counts = {"numerator": t("taken.part"), "denominator": t("taken.whole")}
    for name in RATES:
        rate = t(COLUMNS[name])
        out[rate] = people[f"{name}_value"]
        for part, told in ({"low": low, "high": high} | counts).items():
            out[f"{rate}: {told}"] = people[f"{name}_{part}"]
        why = [labels.named(labels.REASONS, row[f"{name}_reason"], t) for row in rows]
        out[f"{rate}: {t('missing.why')}"] = why
    out[t("column.rhythm")] = [rhythm(row, t) for row in rows]
    out[t("column.sleep")] = [sleep(row, t) for row in rows]
    return pd.DataFrame(out, index=people.index)


COLUMNS = {
    "score": "column.score",
    "presence": "column.presence",
    "answers": "column.answers",
    "answers_in": "column.answers_in",
}


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
        absent = people.loc[people[value].isna(), reason]
        counted = Counter(str(code) for code in absent if is_told(code))
        for code, count in counted.most_common():
            rows.append({"what": t(key), "people": count, "why": labels.why(metric, code, t)})
    return rows


def without_any(people: pd.DataFrame) -> tuple[int, int]:
    """How many people miss at least one of these numbers, and how many have none at all."""
    absent = people[[value for value, *_ in MISSING.values()]].isna()
    return int(absent.any(axis=1).sum()), int(absent.all(axis=1).sum())
