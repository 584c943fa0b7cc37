"""Things to do in words: what was counted, out of what, and each thing on a line of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from dashboard import labels
from dashboard.labels import is_told
from dashboard.person_agenda import TOPICS
from dashboard.words import Words
from ingest.alerts.rules import web_address
from metrics.todo.facts import Fact, Item

STALE_DAYS = 14
EXCERPT = 110  # letters of the person's own words
TITLES = {
    "question": "todo.question",
    "rhythm": "todo.rhythm",
    "promise": "todo.promise",
    "campaign_talk": "todo.campaign_talk",
    "selling": "todo.selling",
    "ask_month": "todo.ask_month",
    "topic": "todo.topic",
}
WHY = {
    ("question", "not_observable"): "todo.question_hidden",
    ("question", "nobody_asked"): "todo.question_nobody",
    ("promise", "not_observable"): "todo.replies_hidden",
    ("campaign_talk", "not_observable"): "todo.replies_hidden",
    ("campaign_talk", "no_season"): "todo.campaign_none",
    ("campaign_talk", "too_few"): "todo.campaign_nobody",
    ("selling", "too_few"): "why.read_few",
    ("selling", "not_observable"): "todo.unread",
    ("ask_month", "too_short"): "todo.ask_short",
    ("rhythm", "too_few"): "todo.rhythm_nothing",
    ("topic", "not_observable"): "todo.topic_hidden",
    ("topic", "too_few"): "todo.topic_none",
}
STATES = {
    "usual": "todo.rhythm_usual",
    "longer": "todo.rhythm_longer",
    "quiet": "todo.rhythm_quiet",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do as people read it."""

    item: Item
    text: str
    why: str  # what it rests on, in a few words
    link: str | None  # the person's own item


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of thing to do: how it stands, and the lines."""

    kind: str
    title: str
    sentence: str
    lines: tuple[Line, ...]
    has_numbers: bool


def section(fact: Fact, names: Mapping[int, str], as_of: date | None, t: Words) -> Section:
    """A fact in words, as it stood on a day; what nobody can know is said as such."""
    title = t(TITLES[fact.kind])
    if fact.reason:
        key = WHY.get((fact.kind, fact.reason))
        return Section(
            fact.kind, title, t(key) if key else labels.why("", fact.reason, t), (), False
        )
    lines = [line for item in fact.items if (line := _line(fact, item, names, as_of, t))]
    return Section(fact.kind, title, _sentence(fact, len(lines), t), tuple(lines), True)


def _sentence(fact: Fact, named: int, t: Words) -> str:
    part, whole = t.number(fact.part), t.number(fact.whole)
    if fact.kind == "rhythm":
        return _rhythm(fact, t)
    if fact.kind == "selling":
        return t(
            "todo.selling_told",
            campaign=t.percent(fact.numbers["campaign"]),
            service=t.percent(fact.numbers["service"]),
            part=part,
            given=t.number(fact.numbers["given"]),
            whole=whole,
        )
    if fact.kind == "campaign_talk":
        days = {name: t.day(day) for name, day in fact.days.items()}
        told = t("todo.campaign_told", part=part, whole=whole, **days)
        unnamed = fact.part - named
        return f"{told} {t.count('todo.campaign_unnamed', unnamed)}" if unnamed else told
    if fact.kind == "promise" and not fact.whole:
        return t("todo.promise_none")
    return t(TOLD[fact.kind], part=part, whole=whole)


TOLD = {
    "question": "todo.question_told",
    "promise": "todo.promise_told",
    "ask_month": "todo.ask_told",
    "topic": "todo.topic_told",
}


def _rhythm(fact: Fact, t: Words) -> str:
    last = t.day(fact.days["last_act"])
    parts = [t.count(STATES[fact.state], fact.part, last=last)]
    if not fact.part:
        parts = [t("todo.rhythm_today", last=last)]
    if "usual" in fact.numbers:
        usual, count = int(fact.numbers["usual"]), t.number(fact.whole)
        parts.append(t.count("todo.rhythm_own", usual, count=count))
    else:
        parts.append(t("todo.rhythm_few", count=t.number(fact.whole)))
    if fact.state != "quiet":
        parts.append(t("todo.rhythm_bound", day=t.day(fact.days["bound"])))
    return " ".join(parts)


def _line(
    fact: Fact, item: Item, names: Mapping[int, str], as_of: date | None, t: Words
) -> Line | None:
    """One line; None for somebody whose name this session does not know."""
    on, due = _day(item.on, t), _day(item.due, t)
    link = web_address(item.uri)
    if fact.kind == "question":
        return Line(item, t("todo.question_do", day=on), _due(QUESTION, item, as_of, t), link)
    if fact.kind == "promise":
        text = t("todo.promise_do", day=on, text=excerpt(item.text))
        return Line(item, text, _due(PROMISE, item, as_of, t), link)
    if fact.kind == "campaign_talk":
        name = names.get(item.partner_key or 0)
        if name is None:
            return None
        why = t.count("todo.campaign_why", item.count, day=on)
        return Line(item, t("todo.campaign_do", name=name), why, None)
    if fact.kind == "rhythm":
        if item.count:
            text = t.count("todo.silence_do", item.count, day=due)
            return Line(item, text, t("todo.silence_why", day=on), None)
        return Line(item, t("todo.week_do", day=due), t("todo.week_why", day=on), None)
    if fact.kind == "selling":
        return Line(item, t("todo.selling_do"), t("todo.selling_why"), None)
    if fact.kind == "ask_month":
        if item is not fact.items[0]:
            return None
        return Line(item, t("todo.ask_do"), t("todo.ask_why", months=_months(fact, t)), None)
    name = labels.named(TOPICS, item.topic, t)
    return Line(item, t("todo.topic_do", topic=name.lower()), t("todo.topic_why", day=on), None)


def _due(keys: tuple[str, str], item: Item, as_of: date | None, t: Words) -> str:
    """Until when doing it counts, or that the time is over and it still helps."""
    is_late = item.due is not None and as_of is not None and item.due < as_of
    return t(keys[is_late], day=_day(item.due, t))


QUESTION = ("todo.question_due", "todo.question_late")
PROMISE = ("todo.promise_due", "todo.promise_late")


def _months(fact: Fact, t: Words) -> str:
    days = [item.on for item in reversed(fact.items) if item.on is not None]
    return ", ".join(f"{t.month(day)} {day.year}" for day in days)


def _day(day: date | None, t: Words) -> str:
    return "" if day is None else t.day(day)


def stale(as_of: date | None, accounts: pd.DataFrame, today: date, t: Words) -> str:
    """That the last known day is long ago, and which accounts to renew; empty where it is not."""
    if as_of is None or (today - as_of).days <= STALE_DAYS:
        return ""
    ends = accounts["last_covered_on"]
    late = accounts[[is_told(day) and day <= as_of for day in ends]].sort_values("account_id")
    named = [
        f"{labels.named(labels.PLATFORMS, row['platform'], t)} ({row['handle']})"
        for row in late.to_dict("records")
    ]
    return t("audit.stale", day=t.day(as_of), accounts=", ".join(named))


def excerpt(text: str) -> str:
    """The beginning of a text on one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= EXCERPT:
        return line
    return f"{line[:EXCERPT].rsplit(' ', 1)[0]}…"
