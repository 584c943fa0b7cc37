"""Published intervals follow from published counts, or are told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from metrics import read
from metrics.derivation import Frames, derive

TABLES = (
    "account_metric", "alternative", "day", "metric", "param", "partner_ladder", "peer", "person",
    "pillar", "response_curve", "score", "season", "spell",
)  # fmt: skip


@pytest.fixture
def frames(edition_copy: Path) -> dict[str, pd.DataFrame]:
    return {
        name: read.published(edition_copy, name).to_pandas(date_as_object=True) for name in TABLES
    }


def told(frames: Frames) -> set[tuple[str, str]]:
    return {(one.table, one.row.split()[1]) for one in derive(frames).mismatches}


def test_everything_published_follows(frames: dict[str, pd.DataFrame]) -> None:
    assert derive(frames).mismatches == []
    metric = frames["metric"]
    names = {
        "burst_acts", "burst_replies", "acts_per_week", "cliff", "active_months",
        "response_median_days",
    }  # fmt: skip
    assert names <= set(metric[metric["low"].notna()]["metric"])


@pytest.mark.parametrize("factor", [0.7, 1.4])
@pytest.mark.parametrize("name", ["burst_acts", "burst_replies"])
def test_a_burst_told_surer_or_less_sure_than_its_counts_is_seen(
    frames: dict[str, pd.DataFrame], name: str, factor: float
) -> None:
    metric = frames["metric"]
    rows = metric["metric"] == name
    for end in ("low", "high"):  # symmetric around the value, so that only the width is forged
        ratio = np.log(metric.loc[rows, end] / metric.loc[rows, "value"])
        metric.loc[rows, end] = metric.loc[rows, "value"] * np.exp(factor * ratio)
    assert ("metric", name) in told(frames)


def test_a_burst_and_its_rates_are_equally_bunched(frames: dict[str, pd.DataFrame]) -> None:
    metric = frames["metric"]
    rows = (metric["metric"] == "burst_acts") & metric["value"].notna()
    metric.loc[rows, "dispersion_in"] += 1.0
    season = 1.0 / (metric["numerator"] + 0.5)
    off = metric["dispersion_off"] / (metric["denominator"] + 0.5)
    half = 1.645 * np.sqrt(metric["dispersion_in"] * season + off)
    for end, sign in (("low", -1), ("high", 1)):
        metric.loc[rows, end] = metric["value"] * np.exp(sign * half)
    assert ("metric", "burst_acts") in told(frames)


@pytest.mark.parametrize(
    ("table", "column", "move"),
    [("metric", "value", 1.5), ("metric", "low", -1.5), ("response_curve", "low", 0.5)],
)
def test_a_median_and_its_ends_lie_where_the_curve_and_its_band_cross_one_half(
    frames: dict[str, pd.DataFrame], table: str, column: str, move: float
) -> None:
    metric = frames["metric"]
    rows = metric[(metric["metric"] == "response_median_days") & metric["value"].notna()]
    assert rows["high"].isna().any()
    forged = frames[table]
    mine = forged["person_id"].isin(rows["person_id"])
    if table == "metric":
        mine &= forged["metric"] == "response_median_days"
    forged.loc[mine, column] += move
    assert "response_curve" in {name for name, _ in told(frames)}


def test_a_number_without_interval_says_that_it_is_descriptive(
    frames: dict[str, pd.DataFrame],
) -> None:
    metric = frames["metric"]
    metric.loc[metric["metric"] == "burstiness", "word"] = None
    assert told(frames) == {("metric", "burstiness")}


def test_what_was_published_before_there_were_dispersions_is_not_called_forged(
    frames: dict[str, pd.DataFrame],
) -> None:
    metric = frames["metric"]
    old = {"acts_per_week", "citizen_replies_per_week", "cliff", "active_months"}
    rows = metric["metric"].isin(old)
    metric.loc[rows, ["low", "high", "effective_n"]] = np.nan
    metric.loc[rows, "word"] = None
    for name in ("metric", "account_metric"):
        frames[name] = frames[name].drop(columns=["dispersion_in", "dispersion_off"])
    account = frames["account_metric"]
    rows = account["metric"].isin(old)
    account.loc[rows, ["low", "high", "effective_n"]] = np.nan
    assert derive(frames).mismatches == []
