"""What the person page says in words and tables: sleeps, pillars, days, weeks, accounts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.days import Day, Week
from dashboard.findings import Number
from dashboard.labels import is_told
from dashboard.markup import Figure, table
from dashboard.words import Words

Numbers = Mapping[tuple[str, str], Number]
GOALS = {"presence": 0.9, "conversation": 0.5, "answer_rate": 0.9}  # METHOD §11
SHARES = (
    ("presence", "off_season", "pillar.presence", "pillar.presence_words", "talk"),
    ("conversation", "off_season", "pillar.conversation", "pillar.conversation_words", "talk"),
    ("answer_rate", "off_season", "pillar.answers_off", "pillar.answers_words", "talk"),
    ("answer_rate", "season", "pillar.answers_in", "pillar.answers_words", "season"),
    ("return", "all", "pillar.return", "pillar.return_words", "talk"),
)


def pillars(numbers: Numbers, t: Words) -> list[Figure]:
    """The pillars as figures: number, margin, numerator and denominator, or the gate's reason."""
    out = [
        _share(numbers.get((metric, phase), Number()), metric, t(name), words, kind, t)
        for metric, phase, name, words, kind in SHARES
    ]
    out.insert(1, _burst(numbers, "burst_acts", "pillar.burst_acts", t))
    out.insert(2, _burst(numbers, "burst_replies", "pillar.burst_replies", t))
    return out


def _share(number: Number, metric: str, name: str, words: str, kind: str, t: Words) -> Figure:
    if number.value is None:
        return Figure(name, t("figure.none"), _reason(metric, number, t), kind="none")
    counts = (number.numerator, number.denominator, round(number.effective_n))
    said = t(words, **dict(zip(("part", "whole", "askers"), map(t.number, counts), strict=True)))
    low, high = number.low, number.high
    if low is None or high is None:
        return Figure(name, t.percent(number.value), said, kind=kind)
    margin = t("figure.margin", interval=t.percents(low, high))
    return Figure(name, t.percent(number.value), said, margin, kind, (number.value, low, high))


def _burst(numbers: Numbers, metric: str, key: str, t: Words) -> Figure:
    number = numbers.get((metric, "all"), Number())
    if number.value is None or number.low is None or number.high is None:
        return Figure(t(key), t("figure.none"), _reason(metric, number, t), kind="none")
    interval = f"{t.times(number.low)}–{t.times(number.high)}"
    said = f"{labels.named(labels.BURSTS, number.word, t).capitalize()}. {t('pillar.burst_words')}"
    strip = (_on_scale(number.value), _on_scale(number.low), _on_scale(number.high))
    margin = t("figure.margin", interval=interval)
    return Figure(t(key), t.times(number.value), said, margin, "season", strip, _on_scale(1))


def _on_scale(factor: float) -> float:
    """A factor between ×1/4 and ×16 as a place between 0 and 1."""
    return (math.log2(max(factor, 1e-9)) + 2) / 6


def _reason(metric: str, number: Number, t: Words) -> str:
    return labels.why(metric, number.reason, t) if number.reason else t("why.not_there")


def sleeps(spell: pd.DataFrame, season: pd.DataFrame, t: Words) -> list[str]:
    """Long silences in words, the newest first; what is merely possible says so."""
    votes = {row["election_id"]: row for row in season.to_dict("records")}
    rows = spell[spell["level"] != "quiet"].sort_values("from_on", ascending=False)
    return [_sleep(row, votes.get(row["election_id"]), t) for row in rows.to_dict("records")]


def _sleep(row: Mapping[Any, Any], vote: Mapping[Any, Any] | None, t: Words) -> str:
    key = "silence.at_least" if row["is_at_least"] else "silence.exactly"
    if row["is_possible"]:
        key = "silence.possible"
    parts = [t.count(key, int(row["days"]), first=t.day(row["from_on"]), last=t.day(row["to_on"]))]
    if row["kind"] in KINDS:
        parts.append(t(KINDS[row["kind"]]))
    if vote and row["is_winter_sleep"]:
        parts.append(t("silence.after_election", day=t.day(vote["election_on"])))
        if not vote["is_verified"]:
            parts.append(t("finding.unverified"))
    elif row["is_excused"]:
        parts.append(t("silence.excused"))
    elif is_told(row["reason"]):
        parts.append(labels.why("", row["reason"], t))
    if is_told(row["days_to_next_election"]) and row["is_winter_sleep"]:
        parts.append(t.count("silence.next_election", int(row["days_to_next_election"])))
    return " ".join(parts)


KINDS = {"repost-only": "silence.repost_only", "thread-only": "silence.thread_only"}
STATES = {"known": "day.known", "unknown": "day.unknown", "not_eligible": "day.not_eligible"}


def days_table(days: list[Day], t: Words) -> pd.DataFrame:
    """The calendar as a table: one row per day; NULL where nobody saw the day."""
    return pd.DataFrame(
        {
            t("day.date"): [day.on for day in days],
            t("day.answers"): _counts(
                (None if day.hides_answers else day.acts.answers, day) for day in days
            ),
            t("day.sent"): _counts((day.acts.sent, day) for day in days),
            t("day.state"): [_state(day, t) for day in days],
            t("day.season"): [_season(day, t) for day in days],
        }
    )


def _state(day: Day, t: Words) -> str:
    told = t(STATES[day.state])
    return f"{told}, {t('timeline.absence')}" if day.is_excused else told


def _counts(pairs: Any) -> pd.Series[Any]:
    told = [count if day.state == "known" or day.acts.own else None for count, day in pairs]
    return pd.Series(told, dtype="Int64")


def _season(day: Day, t: Words) -> str:
    if day.is_election:
        return t("calendar.election_day")
    return t("day.in_season") if day.is_season else ""


def weeks_table(weeks: Sequence[Week], t: Words) -> pd.DataFrame:
    """The timeline as a table: one row per week; NULL where no day of the week is known."""
    seen = [week.known_days or week.sent or week.answers for week in weeks]
    pairs = list(zip(weeks, seen, strict=True))
    return pd.DataFrame(
        {
            t("week.from"): [week.from_on for week in weeks],
            t("day.answers"): pd.Series(
                [w.answers if s and not w.hides_answers else None for w, s in pairs],
                dtype="Int64",
            ),
            t("day.sent"): pd.Series([w.sent if s else None for w, s in pairs], dtype="Int64"),
            t("week.known_days"): [week.known_days for week in weeks],
        }
    )


def pillars_table(pillar: pd.DataFrame, t: Words) -> str:
    """The pillars of the 365 score: points on their fixed goalposts, or why there are none."""
    rows = []
    for row in pillar.to_dict("records"):
        has_points = is_told(row["points"])
        rows.append(
            (
                labels.named(labels.PILLARS, row["pillar"], t),
                t.number(row["points"]) if has_points else "",
                _points_margin(row, t),
                "" if has_points else labels.why("", row["reason"], t),
            )
        )
    headings = [t("score.pillar"), t("score.points"), t("column.margin"), t("missing.why")]
    return table(headings, rows, t("pillar.header"), {1})


def _points_margin(row: Mapping[Any, Any], t: Words) -> str:
    if not (is_told(row["low"]) and is_told(row["high"]) and is_told(row["points"])):
        return ""
    return f"{t.number(row['low'])}–{t.number(row['high'])}"


def scope(person: Any, account: pd.DataFrame, t: Words) -> str:
    """What every sentence on the page is about: accounts, in public, and which days."""
    accounts = accounts_sentence(account, t)
    if not is_told(person["first_covered_on"]):
        return t("person.scope_unknown", accounts=accounts)
    return t(
        "person.scope",
        accounts=accounts,
        first=t.day(person["first_covered_on"]),
        last=t.day(person["last_covered_on"]),
        known=t.number(int(person["covered_days"])),
        eligible=t.number(int(person["eligible_days"])),
    )


def accounts_sentence(account: pd.DataFrame, t: Words) -> str:
    """Which accounts the sentences are about: platform and handle of each."""
    own = account[account["run_by"].isin(["self", "office"])]
    return ", ".join(
        f"{labels.named(labels.PLATFORMS, row['platform'], t)} ({row['handle']})"
        for row in own.to_dict("records")
    )
