"""What citizens raise against what the person posts, and the topics that came up."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import labels, measures
from dashboard.dot_chart import Group, Mark, dots
from dashboard.exhibit import Exhibit
from dashboard.labels import is_told
from dashboard.look import Look
from dashboard.measures import Rows
from dashboard.person_partners import Ask, next_step, shares
from dashboard.words import Words

TOPICS = {
    "care": "topic.care",
    "culture": "topic.culture",
    "economy": "topic.economy",
    "governance": "topic.governance",
    "green": "topic.green",
    "housing": "topic.housing",
    "migration": "topic.migration",
    "mobility": "topic.mobility",
    "public_space": "topic.public_space",
    "safety": "topic.safety",
    "schools": "topic.schools",
    "taxes": "topic.taxes",
    "waste": "topic.waste",
}


def exhibits(ask: Ask, rows: Rows, t: Words, look: Look) -> list[Exhibit]:
    """Everything about what."""
    return [topics(ask("topic_share"), rows, t, look), raised(ask("topic_raised"), rows, t)]


def topics(data: pd.DataFrame, rows: Rows, t: Words, look: Look) -> Exhibit:
    """What is raised and what is posted, topic by topic."""
    header = t("agenda.header")
    listed = data.assign(
        told=data["raised_share"].fillna(-1.0), own=data["posted_share"].fillna(-1.0)
    )
    listed = listed.sort_values(["told", "own", "topic"], ascending=[False, False, True])
    found = listed.to_dict("records")
    if not found:
        row = rows.get(("pick_up", "all"))
        why = measures.reason("", row, t).rstrip(".")
        step = next_step(row["reason"] if row is not None else None, t)
        return Exhibit("topic_share", header, why, (), (), data, next_step=step)
    groups = [_group(row, t) for row in found]
    first = found[0]
    how = t("agenda.how_few")
    if is_told(first["raised_share"]):
        how = t(
            "agenda.how",
            topic=_topic(first, t),
            raised=t.number(int(first["raised_count"])),
            askers=t.number(int(first["raised_askers"])),
            posted=t.number(int(first["posted_count"])),
        )
    return Exhibit(
        "topic_share",
        header,
        sentence(first, t),
        [t(key) for key in ("agenda.topic", "agenda.raised_share", "agenda.posted_share")],
        [_cells(row, t) for row in found],
        data,
        n=t.number(int(data["posted_count"].sum())),
        basis=t("part.descriptive"),
        draw=lambda narrow: dots(groups, shares(groups, t), look, narrow=narrow, joined=True),
        legend=[("ws-talk-dot", t("agenda.raised")), ("ws-send-dot", t("agenda.posted"))],
        how=[how],
        right=frozenset({1, 2}),
    )


def sentence(first: Any, t: Words) -> str:
    """The topic that citizens raise most, and how much of the own posts is about it."""
    if not is_told(first["raised_share"]):
        return t("agenda.few")
    posted = first["posted_share"]
    return t(
        "agenda.sentence",
        topic=_topic(first, t),
        raised=t.percent(float(first["raised_share"])),
        posted=t.percent(float(posted) if is_told(posted) else 0.0),
    )


def _topic(row: Any, t: Words) -> str:
    return labels.named(TOPICS, row["topic"], t)


def _told(row: Any, column: str, none: str, t: Words) -> str:
    return t.percent(float(row[column])) if is_told(row[column]) else none


def _group(row: Any, t: Words) -> Group:
    raised, posted = row["raised_share"], row["posted_share"]
    marks = (
        Mark(t("agenda.raised"), float(raised) if is_told(raised) else None, kind="talk"),
        Mark(t("agenda.posted"), float(posted) if is_told(posted) else None, kind="send"),
    )
    few = t("agenda.suppressed")
    text = f"{_told(row, 'raised_share', few, t)} · {_told(row, 'posted_share', '–', t)}"
    return Group(_topic(row, t).capitalize(), marks, text)


def _cells(row: Any, t: Words) -> list[str]:
    few = t("agenda.suppressed")
    return [
        _topic(row, t).capitalize(),
        _told(row, "raised_share", few, t),
        _told(row, "posted_share", "", t),
    ]


def raised(data: pd.DataFrame, rows: Rows, t: Words) -> Exhibit:
    """Each topic that came up, and whether an own post was about it; the number where it stands."""
    row = rows.get(("pick_up", "all"))
    listed = data.sort_values("from_on", ascending=False).to_dict("records")
    up = sum(is_told(one["is_picked_up"]) and bool(one["is_picked_up"]) for one in listed)
    sentence = t("raised.none")
    if listed:
        sentence = t.count("raised.sentence", len(listed), up=t.number(up))
    keys = ("raised.from", "agenda.topic", "raised.askers", "raised.picked")
    return Exhibit(
        "topic_raised",
        t("raised.header"),
        sentence,
        [t(key) for key in keys],
        [_raised_cells(one, t) for one in listed],
        data,
        n=t.number(len(listed)),
        basis=t("raised.basis") if listed else "",
        figures=[measures.figure("pick_up", row, t)] if listed else (),
        how=[measures.working("pick_up", "all", row, t)],
    )


def _raised_cells(row: Any, t: Words) -> list[str]:
    count = row["asker_count"]
    picked = row["is_picked_up"]
    told = t("raised.unknown")
    if is_told(picked):
        told = t("raised.yes") if picked else t("raised.no")
    askers = t.number(int(count)) if is_told(count) else t("agenda.suppressed")
    return [t.day(row["from_on"]), _topic(row, t).capitalize(), askers, told]
