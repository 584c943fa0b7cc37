"""Published intervals derived again: of shares, of counts that come in bunches, of a curve."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from metrics import stats, stats_burst, stats_counts
from metrics.attitude import DESCRIPTIVE
from metrics.derivation import ACCOUNT, METRIC, SAME, SHARES, Checked, Frames, floats, of_metric

JEFFREYS = (  # low and high follow from the share and effective_n
    "presence",
    "talk_presence",
    "conversation",
    "conversation_*",
    "answer_rate",
    "redirect_rate",
    "answered_within_*",
    "reply_share_*",
    "depth",
    "return",
    "carry_over",
    "campaign_share",
    "service_share",
    "restricted_share",
    "follow_through",
    "followed_up_in_public",
    "asks_per_100",
)
BURSTS = {"burst_acts": "acts_per_week", "burst_replies": "citizen_replies_per_week"}
DISPERSIONS = {"season": "dispersion_in", "off_season": "dispersion_off"}
HALF = 0.5 - SAME
KEYS: Mapping[str, tuple[str, ...]] = {"metric": METRIC, "account_metric": ACCOUNT}


def check_intervals(frames: Frames, checked: Checked) -> None:
    """Both ends of every interval that follows from what stands beside it."""
    for table, keys in KEYS.items():
        rows = frames[table][frames[table]["value"].notna()]
        for pattern in JEFFREYS:
            _jeffreys(table, of_metric(rows, pattern), SHARES.get(pattern, 1.0), keys, checked)
        if "dispersion_in" in rows:  # since contract 2
            months = of_metric(rows, "active_months")
            _jeffreys(table, months, SHARES["active_months"], keys, checked)
            for phase, column in DISPERSIONS.items():
                rates = rows[rows["metric"].str.endswith("_per_week") & (rows["phase"] == phase)]
                _weekly(table, rates, column, keys, checked)
    metric = frames["metric"]
    if "dispersion_in" in metric:
        rows = metric[metric["value"].notna()]
        is_told = rows["low"].notna() | (rows["word"] == DESCRIPTIVE)
        checked.holds("metric", rows, "low", is_told, "an interval, or descriptive", METRIC)
        _bursts(rows, checked)
        _cliff(rows[(rows["metric"] == "cliff") & rows["low"].notna()], checked)
        _medians(rows[rows["metric"] == "response_median_days"], frames, checked)


def _jeffreys(
    table: str, rows: pd.DataFrame, times: float, keys: tuple[str, ...], checked: Checked
) -> None:
    share, worth = floats(rows, "value") / times, floats(rows, "effective_n")
    low, high = stats.jeffreys(share * worth, worth)
    checked.same(table, rows, "low", times * np.fmin(low, share), keys)
    checked.same(table, rows, "high", times * np.fmax(high, share), keys)


def _weekly(
    table: str, rows: pd.DataFrame, column: str, keys: tuple[str, ...], checked: Checked
) -> None:
    days = floats(rows, "denominator")
    low, high = stats_counts.expected(floats(rows, "numerator"), floats(rows, column))
    checked.same(table, rows, "low", 7.0 * stats.ratio(low, days), keys)
    checked.same(table, rows, "high", 7.0 * stats.ratio(high, days), keys)
    checked.holds(table, rows, column, floats(rows, column) >= 1.0 - SAME, "at least 1", keys)


def _bursts(rows: pd.DataFrame, checked: Checked) -> None:
    for name in (*BURSTS, "burst_campaign"):
        burst = rows[rows["metric"] == name]
        season, off = floats(burst, "numerator"), floats(burst, "denominator")
        bunched = [floats(burst, column) for column in DISPERSIONS.values()]
        low, high = stats_burst.interval(np.log(floats(burst, "value")), season, off, *bunched)
        checked.same("metric", burst, "low", low, METRIC)
        checked.same("metric", burst, "high", high, METRIC)
        pooled = floats(burst, "effective_n")
        for column, one in zip(DISPERSIONS.values(), bunched, strict=True):
            fine = (one >= pooled - SAME) & (pooled >= 1.0 - SAME)
            checked.holds("metric", burst, column, fine, "at least that of both phases", METRIC)
    for name, rate in BURSTS.items():
        burst = rows[rows["metric"] == name]
        for phase, column in DISPERSIONS.items():
            rates = rows[(rows["metric"] == rate) & (rows["phase"] == phase)]
            told = burst["person_id"].map(rates.set_index("person_id")[column])
            checked.same("metric", burst, column, told.to_numpy(np.float64), METRIC)


def _cliff(rows: pd.DataFrame, checked: Checked) -> None:
    bunches = np.maximum(*(floats(rows, column) for column in DISPERSIONS.values()))
    low, high = stats_counts.expected_ratio(
        floats(rows, "numerator"), floats(rows, "denominator"), bunches
    )
    checked.same("metric", rows, "low", low, METRIC)
    checked.same("metric", rows, "high", high, METRIC)


def _medians(rows: pd.DataFrame, frames: Frames, checked: Checked) -> None:
    """On which side of each day of the curve the median and the ends of its interval lie."""
    columns = ["person_id", "value", "low", "high"]
    found = frames["response_curve"].merge(rows[columns], on="person_id", suffixes=("", "_end"))
    day, low, high = (floats(found, name) for name in ("day", "low", "high"))
    ends = [floats(found, name) for name in ("value", "low_end", "high_end")]
    is_half = floats(found, "share") >= HALF
    fine = (
        (is_half == (day >= ends[0] - SAME))
        & ((day < ends[1] - SAME) | (high >= HALF))
        & ((day >= ends[2] - SAME) | (low < HALF))
    )
    why = "the median and its interval on their side of it"
    checked.holds("response_curve", found, "day", fine, why, ("person_id", "day"))
