"""Every number of a person by name: its value, its margin, its formula filled in, or the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.labels import is_told
from dashboard.markup import Figure
from dashboard.words import Words

Row = Mapping[Any, Any]
Rows = Mapping[tuple[str, str], Row]
Key = tuple[str, str]
PHASES = {"off_season": "phase.off", "season": "phase.season", "all": "phase.all"}


@dataclass(frozen=True, slots=True)
class Measure:
    """How one metric is named, explained with its numbers, and written."""

    name: str
    how: str
    unit: str = "share"  # share | times | days | number | tone


MEASURES = {
    "presence": Measure("pillar.presence", "how.presence"),
    "conversation": Measure("classes.citizen", "how.conversation"),
    "conversation_politician": Measure("classes.politician", "how.conversation"),
    "conversation_party": Measure("classes.party", "how.conversation"),
    "conversation_media": Measure("classes.media", "how.conversation"),
    "conversation_organisation": Measure("classes.organisation", "how.conversation"),
    "reply_share_citizen": Measure("replies.citizen", "how.replies"),
    "reply_share_politician": Measure("replies.politician", "how.replies"),
    "reply_share_party": Measure("replies.party", "how.replies"),
    "reply_share_media": Measure("replies.media", "how.replies"),
    "reply_share_organisation": Measure("replies.organisation", "how.replies"),
    "answer_rate": Measure("pillar.answering", "how.answer_rate"),
    "burst_acts": Measure("pillar.burst_acts", "how.burst", "times"),
    "burst_replies": Measure("pillar.burst_replies", "how.burst", "times"),
    "return": Measure("measure.return", "how.return"),
    "depth": Measure("measure.depth", "how.depth"),
    "carry_over": Measure("measure.carry_over", "how.carry_over"),
    "relation_days": Measure("measure.relation_days", "how.relation_days", "days"),
    "partners_per_30": Measure("measure.partners_per_30", "how.partners_per_30", "number"),
    "effective_partners": Measure("measure.effective_partners", "how.effective_partners", "number"),
    "redirect_rate": Measure("measure.redirect_rate", "how.redirect_rate"),
    "restricted_share": Measure("measure.restricted_share", "how.restricted_share"),
    "response_median_days": Measure("measure.response_median", "how.response_median", "days"),
    "campaign_share": Measure("measure.campaign_share", "how.campaign_share"),
    "service_share": Measure("measure.service_share", "how.service_share"),
    "asks_per_100": Measure("measure.asks", "how.asks", "number"),
    "ask_months": Measure("measure.ask_months", "how.ask_months", "number"),
    "follow_through": Measure("measure.follow_through", "how.follow_through"),
    "followed_up_in_public": Measure("measure.followed_up", "how.followed_up"),
    "burst_campaign": Measure("measure.burst_campaign", "how.burst_campaign", "times"),
    "cliff": Measure("measure.cliff", "how.cliff", "times"),
    "pick_up": Measure("measure.pick_up", "how.pick_up", "tone"),
    "tone_acts": Measure("measure.tone_acts", "how.tone", "tone"),
    "tone_received": Measure("measure.tone_received", "how.tone", "tone"),
    "active_months": Measure("measure.active_months", "how.months", "number"),
    "acts_per_week": Measure("measure.acts_per_week", "how.weekly", "number"),
}
COUNTING = ("partners_per_30", "effective_partners")  # a numerator of few citizens is left out


def rows_of(metric: pd.DataFrame) -> Rows:
    """The rows of `metric` by metric and phase."""
    return {(row["metric"], row["phase"]): row for row in metric.to_dict("records")}


def value(name: str, number: float, t: Words) -> str:
    """A value of this metric as people write it."""
    unit = MEASURES[name].unit
    if unit == "share":
        return t.percent(number, 1 if 0 < number < 0.02 else 0)
    if unit == "times":
        return t.times(number)
    if unit == "days":
        return t("how.days_value", value=t.number(number, 0 if number >= 10 else 1))
    return tone(number, t) if unit == "tone" else t.number(number, 1)


def tone(number: float, t: Words) -> str:
    """A mean between −1 and 1, with its sign."""
    return t.number(number, 2).replace("-", "−")


def margin(name: str, row: Row, t: Words) -> str:
    """The 90 % interval as people write it; empty for numbers that have none."""
    if not is_told(row["low"]):
        return ""
    if not is_told(row["high"]):
        return t("margin.open", low=_bare(name, float(row["low"]), t))
    low, high = float(row["low"]), float(row["high"])
    unit = MEASURES[name].unit
    if unit == "share":
        return t.percents(low, high)
    if unit == "tone":
        return f"{tone(low, t)} – {tone(high, t)}"
    if unit == "times":
        return f"{t.times(low)}–{t.times(high)}"
    return f"{t.number(low, 1)}–{t.number(high, 1)}"


def described(row: Row, t: Words) -> str:
    """The word "descriptive" for numbers that are never compared."""
    return t("lists.descriptive") if row.get("word") == "descriptive" else ""


def reason(name: str, row: Row | None, t: Words) -> str:
    """Why there is no value, as a sentence."""
    if row is None or not is_told(row["reason"]):
        return t("why.not_there")
    return labels.why(name, row["reason"], t)


def is_there(row: Row | None) -> bool:
    """Whether the row has a value."""
    return row is not None and is_told(row["value"])


def formula(name: str, row: Row | None, t: Words) -> str:
    """The formula with this person's own numbers in it."""
    one = MEASURES[name]
    if row is None or not is_told(row["value"]):
        return t("how.not_computed", name=t(one.name), why=reason(name, row, t))
    return t(
        one.how,
        name=t(one.name),
        part=_count(row["numerator"], t) if name not in COUNTING else _citizens(row, t),
        whole=_count(row["denominator"], t),
        askers=_count(row["effective_n"], t),
        phi=t.number(float(row["effective_n"]), 2) if is_told(row["effective_n"]) else "–",
        value=_bare(name, float(row["value"]), t),
    )


def _bare(name: str, number: float, t: Words) -> str:
    unit = MEASURES[name].unit
    if unit == "days":
        return t.number(number, 0 if number >= 10 else 1)
    return t.factor(number) if unit == "times" else value(name, number, t)


def _citizens(row: Row, t: Words) -> str:
    return _count(row["numerator"], t) if is_told(row["numerator"]) else t("agenda.suppressed")


def _count(number: Any, t: Words) -> str:
    return t.number(float(number)) if is_told(number) else "–"


def figure(name: str, row: Row | None, t: Words, kind: str = "talk") -> Figure:
    """One measure as a large number with its margin and formula, or why there is none."""
    title = t(MEASURES[name].name)
    if row is None or not is_told(row["value"]):
        return Figure(title, t("figure.none"), reason(name, row, t), kind="none")
    number, words = float(row["value"]), formula(name, row, t)
    interval = margin(name, row, t)
    strip = None
    if MEASURES[name].unit == "share" and interval:
        strip = (number, float(row["low"]), float(row["high"]))
    told = t("figure.margin", interval=interval) if interval else described(row, t)
    return Figure(title, value(name, number, t), words, told, kind, strip)


def working(name: str, phase: str, row: Row | None, t: Words) -> str:
    """The whole computation in words: phase, formula, margin and days."""
    parts = [formula(name, row, t)]
    if row is None or not is_told(row["value"]):
        return parts[0]
    if is_told(row["low"]) and is_told(row["high"]):
        low, high = (_bare(name, float(row[end]), t) for end in ("low", "high"))
        n = row["effective_n"]
        if is_told(n) and MEASURES[name].unit == "share":
            parts.append(t("how.margin", low=low, high=high, n=t.number(float(n), 0)))
        else:
            parts.append(t("how.margin_plain", low=low, high=high))
    elif is_told(row["low"]):
        parts.append(t("how.margin_open", low=_bare(name, float(row["low"]), t)))
    elif described(row, t):
        parts.append(f"{described(row, t).capitalize()}.")
    if "from_on" in row and is_told(row["from_on"]):
        days = t.number(int(row["covered_days"]))
        first, last = t.day(row["from_on"]), t.day(row["to_on"])
        parts.append(t("how.days", days=days, first=first, last=last))
    text = " ".join(parts)
    return f"{t(PHASES[phase]).capitalize()}. {text}"


def headings(t: Words) -> list[str]:
    """The columns of `table_rows`."""
    keys = ("col.what", "col.phase", "col.value", "column.margin", "col.counted", "missing.why")
    return [t(key) for key in keys]


def table_rows(keys: Iterable[Key], rows: Rows, t: Words) -> list[list[str]]:
    """Each measure as a row of a table, in this order."""
    return [_cells(name, phase, rows.get((name, phase)), t) for name, phase in keys]


def _cells(name: str, phase: str, row: Row | None, t: Words) -> list[str]:
    cells = [t(MEASURES[name].name), t(PHASES[phase])]
    if row is None or not is_told(row["value"]):
        return [*cells, "", "", "", reason(name, row, t)]
    counts = [_count(row[end], t) for end in ("numerator", "denominator") if is_told(row[end])]
    told = value(name, float(row["value"]), t)
    return [*cells, told, margin(name, row, t) or described(row, t), " / ".join(counts), ""]
