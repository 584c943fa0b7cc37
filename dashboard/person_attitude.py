"""Campaign against service, asks and promises, and tone: described, never judged."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import labels, measures
from dashboard.dot_chart import Group, Scale, dots
from dashboard.exhibit import Exhibit
from dashboard.labels import is_told
from dashboard.look import Look
from dashboard.measures import Key, Rows
from dashboard.person_partners import Ask, mark, next_step, shares
from dashboard.words import Words

SHARES = ("campaign_share", "service_share")
TONES = ("tone_acts", "tone_received")
MORE: tuple[Key, ...] = (
    ("asks_per_100", "off_season"),
    ("ask_months", "all"),
    ("follow_through", "all"),
    ("followed_up_in_public", "all"),
    ("burst_campaign", "all"),
    ("cliff", "all"),
)
LABELS = {
    "vote_ask": "lists.vote_ask",
    "trail_update": "lists.trail_update",
    "self_promo": "lists.self_promo",
    "position": "lists.position",
    "service_info": "lists.service_info",
    "attack": "lists.attack",
    "ask_public": "lists.ask_public",
    "help_thank": "lists.help_thank",
    "personal": "lists.personal",
    "none": "lists.no_label",
}
KINDS = (("off_season", "talk"), ("season", "season"))


def exhibits(ask: Ask, rows: Rows, t: Words, look: Look) -> list[Exhibit]:
    """Everything about what the posts are for."""
    metric = ask("metric")
    return [
        attitude(rows, metric, t, look),
        kinds(ask("label_share"), t),
        deeds(rows, metric, t),
    ]


def tones(ask: Ask, rows: Rows, t: Words, look: Look) -> list[Exhibit]:
    """Everything about tone."""
    return [tone(rows, ask("metric"), t, look)]


def _value(rows: Rows, name: str, phase: str, t: Words) -> str | None:
    row = rows.get((name, phase))
    if row is None or not is_told(row["value"]):
        return None
    return measures.value(name, float(row["value"]), t)


def _groups(names: tuple[str, ...], rows: Rows, t: Words) -> list[Group]:
    return [
        Group(
            t(measures.MEASURES[name].name),
            tuple(mark(name, phase, rows, kind, t) for phase, kind in KINDS),
        )
        for name in names
    ]


def attitude_sentence(rows: Rows, t: Words) -> str | None:
    """Shares of campaign and service, side by side and without a verdict."""
    told = [_value(rows, name, "off_season", t) for name in SHARES]
    inside = [_value(rows, name, "season", t) for name in SHARES]
    if told[0] is None or told[1] is None:
        return None
    off = {"campaign": told[0], "service": told[1]}
    if inside[0] is None or inside[1] is None:
        return t("attitude.sentence", **off)
    return t("attitude.both", **off, campaign_in=inside[0], service_in=inside[1])


def attitude(rows: Rows, data: pd.DataFrame, t: Words, look: Look) -> Exhibit:
    """Campaign and service, in season and outside it."""
    keys = [(name, phase) for name in SHARES for phase, _ in KINDS]
    sentence, row = attitude_sentence(rows, t), rows.get(("campaign_share", "off_season"))
    if sentence is None:
        return _missing("campaign_and_service", "attitude.header", "attitude.none", row, data, t)
    groups = _groups(SHARES, rows, t)
    return Exhibit(
        "campaign_and_service",
        t("attitude.header"),
        sentence,
        measures.headings(t),
        measures.table_rows(keys, rows, t),
        data[data["metric"].isin(SHARES)],
        n=t.number(int(row["denominator"])) if row is not None else "",
        basis=_described(row, t),
        draw=lambda narrow: dots(groups, shares(groups, t), look, narrow=narrow),
        how=[measures.working(name, phase, rows.get((name, phase)), t) for name, phase in keys],
        right=frozenset({2, 3, 4}),
    )


def _described(row: Any, t: Words) -> str:
    return t("part.descriptive") if row is not None and row["word"] == "descriptive" else ""


def _missing(
    metric: str, header: str, sentence: str, row: Any, data: pd.DataFrame, t: Words
) -> Exhibit:
    why = measures.reason(str(row["metric"]) if row is not None else "", row, t)
    step = next_step(row["reason"] if row is not None else None, t)
    return Exhibit(metric, t(header), t(sentence), (), (), data.iloc[:0], basis=why, next_step=step)


def kinds(data: pd.DataFrame, t: Words) -> Exhibit:
    """Every kind of post and how many there are of it."""
    order = {label: place for place, label in enumerate(LABELS)}
    listed = sorted(
        data.to_dict("records"), key=lambda row: (row["phase"], order.get(row["label"], 99))
    )
    table = [
        [
            labels.named(LABELS, row["label"], t).capitalize(),
            t(measures.PHASES[row["phase"]]),
            t.number(int(row["act_count"])),
            t.percent(float(row["share"])),
        ]
        for row in listed
    ]
    keys = ("col.what", "col.phase", "labels.count", "col.value")
    return Exhibit(
        "label_share",
        t("labels.header"),
        kinds_sentence(listed, t),
        [t(key) for key in keys],
        table,
        data,
        n=t.number(int(data["act_count"].sum())),
        basis=t("part.descriptive") if listed else "",
        right=frozenset({2, 3}),
    )


def kinds_sentence(listed: list[Any], t: Words) -> str:
    """The kind of post that occurs most off-season, among those that have one."""
    off = [row for row in listed if row["phase"] == "off_season" and row["label"] != "none"]
    if not off:
        return t("why.read_few").rstrip(".")
    most = max(off, key=lambda row: (float(row["share"]), row["label"]))
    label = labels.named(LABELS, most["label"], t)
    return t("labels.sentence", label=label, share=t.percent(float(most["share"])))


def deeds(rows: Rows, data: pd.DataFrame, t: Words) -> Exhibit:
    """Asks, follow-through, promises followed up in public, and the days after the vote."""
    names = [name for name, _ in MORE]
    return Exhibit(
        "asks_and_promises",
        t("attitude.more"),
        t("attitude.more_sentence"),
        measures.headings(t),
        measures.table_rows(MORE, rows, t),
        data[data["metric"].isin(names)],
        basis=_described(rows.get(("follow_through", "all")), t),
        figures=[
            measures.figure(name, rows.get((name, phase)), t, kind="") for name, phase in MORE
        ],
        how=[measures.working(name, phase, rows.get((name, phase)), t) for name, phase in MORE],
        right=frozenset({2, 3, 4}),
    )


def tone_sentence(rows: Rows, t: Words) -> str | None:
    """The mean tone of own posts, in season and outside it."""
    off = _value(rows, "tone_acts", "off_season", t)
    season = _value(rows, "tone_acts", "season", t)
    if off is None:
        return None
    if season is None:
        return t("tone.sentence", off=off)
    return t("tone.both", off=off, season=season)


def tone(rows: Rows, data: pd.DataFrame, t: Words, look: Look) -> Exhibit:
    """Tone of own posts and of what citizens write."""
    keys = [(name, phase) for name in TONES for phase, _ in KINDS]
    sentence, row = tone_sentence(rows, t), rows.get(("tone_acts", "off_season"))
    if sentence is None:
        return _missing("tone", "tone.header", "tone.none", row, data, t)
    groups = _groups(TONES, rows, t)
    ticks = tuple((number / 2, measures.tone(number / 2, t)) for number in range(-2, 3))
    scale = Scale(-1.0, 1.0, ticks, reference=0.0)
    return Exhibit(
        "tone",
        t("tone.header"),
        sentence,
        measures.headings(t),
        measures.table_rows(keys, rows, t),
        data[data["metric"].isin(TONES)],
        n=t.number(int(row["denominator"])) if row is not None else "",
        basis=t("tone.basis"),
        draw=lambda narrow: dots(groups, scale, look, narrow=narrow),
        how=[measures.working(name, phase, rows.get((name, phase)), t) for name, phase in keys],
        right=frozenset({2, 3, 4}),
    )
