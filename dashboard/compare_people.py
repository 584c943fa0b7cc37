"""Two to four people up close: the same numbers beside one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import labels
from dashboard.compare_table import MEASURES, Measure, burst_margin, burst_told, number_in
from dashboard.findings import Number
from dashboard.words import Words

PRESENCE = Measure("presence", "", "presence", True, "pillar.presence", "", "")
ROWS: tuple[tuple[str, Measure, str], ...] = (
    ("side.presence", PRESENCE, "presence"),
    ("side.answers_off", MEASURES["answers"], "answers"),
    ("side.answers_in", MEASURES["answers"], "answers_in"),
    ("side.talk_off", MEASURES["talk"], "conversation"),
    ("side.talk_in", MEASURES["talk"], "conversation_in"),
    ("side.acts_off", MEASURES["acts"], "acts"),
    ("side.acts_in", MEASURES["acts"], "acts_in"),
)


def rows(people: Sequence[Mapping[Any, Any]], t: Words) -> list[list[str]]:
    """One row a number, one column a person; where there is no number, why."""
    found = [
        [t(key), *(_cell(number_in(row, prefix), measure, t) for row in people)]
        for key, measure, prefix in ROWS
    ]
    found.append([t("compare.burst"), *(_burst(row, t) for row in people)])
    found.append([t("side.sleep"), *(_sleep(row, t) for row in people)])
    bands = (labels.band(row["score_band"], row["score_reason"], t) for row in people)
    found.append([t("column.band"), *bands])
    found.append([t("side.pillars"), *(_pillars(row, t) for row in people)])
    return found


def told(row: Mapping[Any, Any], t: Words) -> str:
    """One person's timeline in words."""
    burst = number_in(row, "burst_acts")
    sleep = t("side.has_sleep") if row["has_winter_sleep"] else t("side.no_sleep")
    word = labels.named(labels.BURSTS, burst.word, t) if burst.word else burst_told(burst, t)
    return t("side.alt", rhythm=word, sleep=sleep)


def _cell(number: Number, measure: Measure, t: Words) -> str:
    if number.value is None:
        return labels.named(labels.REASONS, number.reason, t)
    margin = measure.margin(number, t)
    return (
        f"{measure.told(number.value, t)} ({margin})" if margin else measure.told(number.value, t)
    )


def _burst(row: Mapping[Any, Any], t: Words) -> str:
    burst = number_in(row, "burst_acts")
    margin = burst_margin(burst, t)
    text = burst_told(burst, t) + (f" ({margin})" if margin else "")
    return f"{text}, {labels.named(labels.BURSTS, burst.word, t)}" if burst.word else text


def _sleep(row: Mapping[Any, Any], t: Words) -> str:
    if row["has_winter_sleep"]:
        return t("side.has_sleep")
    return t("side.no_sleep") if row["covered_days"] else labels.named(
        labels.REASONS, "no_coverage", t
    )  # fmt: skip


def _pillars(row: Mapping[Any, Any], t: Words) -> str:
    names = str(row["score_pillars"] or "").split("+")
    return ", ".join(t(labels.PILLARS[name]) for name in names if name in labels.PILLARS)
