"""Published numbers derived again from the published counts: each that does not follow is told.

What a number follows from stands in METHOD terms beside it: numerator, denominator,
effective_n, the dispersions and the choices in `param`. Not derivable is what rests on
whole days or on draws: it is bounded where it can be, and `UNDERIVED` names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

import numpy as np
import pandas as pd

from metrics import stats, stats_burst
from metrics.stats import Floats

SAME = 1e-9
SHARES = {  # value = times * numerator / denominator
    "presence": 1.0,
    "talk_presence": 1.0,
    "conversation": 1.0,
    "conversation_*": 1.0,
    "reply_share_*": 1.0,
    "depth": 1.0,
    "return": 1.0,
    "carry_over": 1.0,
    "campaign_share": 1.0,
    "service_share": 1.0,
    "restricted_share": 1.0,
    "follow_through": 1.0,
    "followed_up_in_public": 1.0,
    "cliff": 1.0,
    "acts_per_week": 7.0,
    "citizen_replies_per_week": 7.0,
    "active_months": 12.0,
    "ask_months": 12.0,
    "asks_per_100": 100.0,
}
GATES = {  # the column that must reach a choice before there is a value
    "presence": ("denominator", "presence_weeks"),
    "talk_presence": ("denominator", "presence_weeks"),
    "conversation": ("denominator", "conversation_acts"),
    "conversation_*": ("denominator", "conversation_acts"),
    "answer_rate": ("effective_n", "asker_count"),
    "redirect_rate": ("effective_n", "asker_count"),
    "return": ("denominator", "relation_count"),
    "carry_over": ("denominator", "relation_count"),
    "depth": ("denominator", "relation_count"),
    "relation_days": ("denominator", "relation_count"),
    "reply_share_*": ("denominator", "breadth_replies"),
    "partners_per_30": ("denominator", "breadth_replies"),
    "effective_partners": ("denominator", "breadth_replies"),
    "campaign_share": ("denominator", "label_acts"),
    "service_share": ("denominator", "label_acts"),
    "restricted_share": ("denominator", "label_acts"),
    "asks_per_100": ("denominator", "label_acts"),
    "followed_up_in_public": ("denominator", "promise_count"),
    "pick_up": ("denominator", "topic_count"),
    "tone_*": ("denominator", "tone_count"),
    "active_months": ("denominator", "month_count"),
    "ask_months": ("denominator", "month_count"),
}
COMPARED = ("answer_rate", "redirect_rate", "answered_within_*", "response_median_days")
BURSTS = {"burst_acts": "acts_per_week", "burst_replies": "citizen_replies_per_week"}
UNDERIVED = (
    "score.low, high and p_a to p_e (seeded draws)",
    "metric: burst_*_shrunk, burstiness, pick_up, relation_days, tone_*, partners_per_30, "
    "effective_partners; of burst_campaign the value",
    "the dispersions, and response_median_days between two days of response_curve",
    "the askers' mean behind answer_rate and redirect_rate",
)

Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A published number that does not follow from the published counts."""

    table: str
    row: str
    column: str
    published: str
    follows: str

    def __str__(self) -> str:
        return f"{self.table} {self.row}: {self.column} {self.published}, follows {self.follows}"


class Checked:
    """Comparisons of whole columns, with what failed and how many cells were looked at."""

    def __init__(self) -> None:
        self.mismatches: list[Mismatch] = []
        self.cells = 0

    def same(
        self, table: str, rows: pd.DataFrame, column: str, follows: Any, keys: tuple[str, ...]
    ) -> None:
        """Each cell of a column against what follows; both may be missing."""
        found = pd.to_numeric(rows[column]).to_numpy(np.float64)
        wanted = np.broadcast_to(np.asarray(follows, np.float64), found.shape)
        is_same = np.isclose(found, wanted, rtol=SAME, atol=SAME, equal_nan=True)
        self._note(table, rows, column, ~is_same, wanted, keys)

    def holds(
        self, table: str, rows: pd.DataFrame, column: str, is_fine: Any, why: str,
        keys: tuple[str, ...],
    ) -> None:  # fmt: skip
        """Each cell of a column where a condition must hold."""
        bad = ~np.asarray(is_fine, bool)
        self._note(table, rows, column, bad, np.full(bad.shape, why, object), keys)

    def _note(
        self, table: str, rows: pd.DataFrame, column: str, bad: Any, wanted: Any,
        keys: tuple[str, ...],
    ) -> None:  # fmt: skip
        self.cells += len(rows)
        for place in np.flatnonzero(bad):
            row = rows.iloc[int(place)]
            name = " ".join(str(row[key]) for key in keys)
            follows = wanted[place]
            text = f"{follows:.12g}" if isinstance(follows, float) else str(follows)
            self.mismatches.append(Mismatch(table, name, column, _text(row[column]), text))


def _text(value: Any) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def choices_of(frames: Frames) -> dict[str, float]:
    """The choices that are numbers."""
    params = frames["param"]
    values = pd.to_numeric(params["value"], errors="coerce")
    return {n: float(v) for n, v in zip(params["name"], values, strict=True) if v == v}


METRIC = ("person_id", "metric", "phase")
ACCOUNT = ("account_id", "metric", "phase")


def check_metrics(frames: Frames, checked: Checked) -> None:
    """Values, intervals, gates and words of `metric`."""
    choices, metric = choices_of(frames), frames["metric"]
    has_value = metric["value"].notna()
    fine = has_value == metric["reason"].isna()
    checked.holds("metric", metric, "value", fine, "a value or a reason, never both", METRIC)
    rows = metric[has_value]
    is_inside = ~(rows["low"] > rows["value"] + SAME) & ~(rows["high"] < rows["value"] - SAME)
    checked.holds("metric", rows, "value", is_inside, "within its interval", METRIC)
    account = frames["account_metric"]
    for pattern, times in SHARES.items():
        _shares("metric", of_metric(rows, pattern), times, METRIC, checked)
        told = of_metric(account[account["value"].notna()], pattern)
        _shares("account_metric", told, times, ACCOUNT, checked)
    for pattern, (column, choice) in GATES.items():
        gated, needed = of_metric(rows, pattern), choices[choice]
        enough = gated[column].isna() | (gated[column] >= needed - SAME)
        checked.holds("metric", gated, column, enough, f"at least {needed:g}", METRIC)
    for pattern in COMPARED:
        some = of_metric(rows, pattern)
        fine = some["is_comparable"].astype(bool) == (
            some["denominator"] >= choices["comparable_items"]
        )
        checked.holds("metric", some, "is_comparable", fine, "as the number of items says", METRIC)
    for name, rate in BURSTS.items():
        _bursts(rows, name, rate, choices, checked)


def of_metric(rows: pd.DataFrame, pattern: str) -> pd.DataFrame:
    """The rows of the metrics whose names fit."""
    return rows[[fnmatch(name, pattern) for name in rows["metric"]]]


def _shares(
    table: str, rows: pd.DataFrame, times: float, keys: tuple[str, ...], checked: Checked
) -> None:
    told = rows[rows["numerator"].notna()]
    share = stats.ratio(floats(told, "numerator"), floats(told, "denominator"))
    checked.same(table, told, "value", times * share, keys)
    hidden = rows[rows["numerator"].isna()]
    part = floats(hidden, "value") * floats(hidden, "denominator") / times
    is_whole = np.abs(part - np.rint(part)) < 1e-6
    checked.holds(table, hidden, "value", is_whole, "a whole number of citizens", keys)


def _bursts(
    rows: pd.DataFrame, name: str, rate: str, choices: Mapping[str, float], checked: Checked
) -> None:
    burst = rows[rows["metric"] == name]
    days = {
        phase: burst["person_id"].map(
            rows[(rows["metric"] == rate) & (rows["phase"] == phase)]
            .set_index("person_id")["denominator"]
        )
        for phase in ("season", "off_season")
    }  # fmt: skip
    season, off = floats(burst, "numerator"), floats(burst, "denominator")
    season_days, off_days = (days[p].to_numpy(np.float64) for p in ("season", "off_season"))
    b = stats_burst.log_ratio(season, season_days, off, off_days)
    checked.same("metric", burst, "value", np.exp(b), METRIC)
    enough = (
        (season + off >= choices["burst_acts"])
        & (season_days >= choices["burst_season_days"])
        & (off_days >= choices["burst_off_days"])
    )
    checked.holds("metric", burst, "value", enough, "enough acts and days", METRIC)
    _words(burst, choices["burst_factor"], checked)


def _words(burst: pd.DataFrame, factor: float, checked: Checked) -> None:
    low, high = floats(burst, "low"), floats(burst, "high")
    is_steady = (low >= 1.0 / factor) & (high <= factor)
    word = burst["word"].to_numpy(object)
    fine = (
        np.where(is_steady, word == "steady", word != "steady")
        & ((word != "campaign_burst") | (low > factor))
        & ((word != "quieter_in_season") | (high < 1.0 / factor))
    )
    checked.holds("metric", burst, "word", fine, "the word that the interval allows", METRIC)


def floats(rows: pd.DataFrame, column: str) -> Floats:
    """A column of numbers; missing is NaN."""
    values: Floats = pd.to_numeric(rows[column]).to_numpy(np.float64)
    return values


def derive(frames: Frames) -> Checked:
    """Everything that can be derived again."""
    from metrics import derivation_intervals, derivation_score

    checked = Checked()
    check_metrics(frames, checked)
    derivation_intervals.check_intervals(frames, checked)
    derivation_score.check_pillars(frames, checked)
    derivation_score.check_scores(frames, checked)
    derivation_score.check_spells(frames, checked)
    derivation_score.check_peers(frames, checked)
    derivation_score.check_counts(frames, checked)
    return checked


def rows_by(frame: pd.DataFrame, key: str) -> Iterator[tuple[Any, pd.DataFrame]]:
    """The rows of each value of a column."""
    yield from frame.groupby(key, sort=True)
