"""Rules that turn one person's days and items into things to do; pure, and never an accusation.

Every fact has a whole and a part of it, or a reason why nothing can be said. `as_of` is
the last known day: what came after it nobody saw.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

LOOK_BACK = 365  # days of promises and of the rhythm
OPEN_DAYS = 90  # days within which an answer is still one
USUAL = 0.9  # of the person's own pauses are not longer than the usual one
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do; `key` is the same whenever the same thing is found again."""

    key: str
    on: date | None = None  # when it began
    due: date | None = None  # until when doing it counts
    uri: str = ""  # the person's own item, never a citizen's
    text: str = ""  # the person's own words
    partner_key: int | None = None
    topic: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Fact:
    """What can be said of one kind of thing to do."""

    kind: str
    reason: str | None = None  # why nothing can be said
    part: int = 0
    whole: int = 0
    items: tuple[Item, ...] = ()
    state: str = ""  # of the rhythm: usual, longer, quiet; of selling: more, less
    numbers: Mapping[str, float] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """A citizen's question, without a word of it."""

    asked_on: date
    asked_at: int  # seconds since 1970
    is_answered: bool
    uri: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """Something undertaken in a reply."""

    made_on: date
    is_followed: bool
    partner_key: int | None = None
    uri: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """A citizen whom the person talked with in the last campaign that is over."""

    partner_key: int
    day_count: int  # in that campaign
    last_on: date


@dataclass(frozen=True, slots=True)
class Month:
    """A month that was read."""

    first_on: date
    has_ask: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic that enough citizens raised."""

    name: str
    raised_on: date
    has_act: bool  # an own act is about it


def open_questions(
    questions: Sequence[Question], as_of: date, window_days: int, reason: str | None = None
) -> Fact:
    """Questions of the last three months without any public answer, the oldest first."""
    recent = [one for one in questions if (as_of - one.asked_on).days < OPEN_DAYS]
    if reason or not recent:
        return Fact("question", reason or "nobody_asked")
    unanswered = sorted(
        (one for one in recent if not one.is_answered), key=lambda one: (one.asked_at, one.uri)
    )
    items = tuple(
        Item(
            f"question {one.asked_at} {one.uri}",
            one.asked_on,
            one.asked_on + timedelta(days=window_days),
            one.uri,
        )
        for one in unanswered
    )
    return Fact("question", None, len(items), len(recent), items)


def promises(
    made: Sequence[Promise], as_of: date, window_days: int, reason: str | None = None
) -> Fact:
    """Promises of the last year that no later public reply came back to, the oldest first."""
    recent = [one for one in made if (as_of - one.made_on).days < LOOK_BACK]
    if reason:
        return Fact("promise", reason)
    left = sorted((one for one in recent if not one.is_followed), key=lambda o: (o.made_on, o.uri))
    items = tuple(
        Item(
            f"promise {one.made_on} {one.uri}",
            one.made_on,
            one.made_on + timedelta(days=window_days),
            one.uri,
            one.text,
            one.partner_key,
        )
        for one in left
    )
    return Fact("promise", None, len(items), len(recent), items)


def campaign_talks(
    talks: Sequence[Talk], season: tuple[date, date] | None, reason: str | None = None
) -> Fact:
    """Whom the person talked with in the last campaign and not since: most talked with first."""
    if reason or season is None:
        return Fact("campaign_talk", reason or "no_season")
    first_on, last_on = season
    left = sorted(
        (one for one in talks if one.last_on <= last_on),
        key=lambda one: (-one.day_count, -one.last_on.toordinal(), one.partner_key),
    )
    items = tuple(
        Item(
            f"campaign_talk {last_on}",
            one.last_on,
            None,
            partner_key=one.partner_key,
            count=one.day_count,
        )
        for one in left
    )
    days = {"first": first_on, "last": last_on}
    return Fact("campaign_talk", None, len(items), len(talks), items, days=days)


def rhythm(
    runs: Sequence[Sequence[date]],
    as_of: date,
    bounds: Sequence[int],
    interval_count: int,
    reason: str | None = None,
) -> Fact:
    """Today's pause against the person's own pauses and the bounds from which one is a silence.

    `runs`: days with an own act, one list for each unbroken run of known days.
    """
    acts = sorted(day for run in runs for day in run)
    if reason or not acts:
        return Fact("rhythm", reason or "too_few")
    pauses = sorted(
        (later - earlier).days
        for run in runs
        for earlier, later in zip(sorted(run), sorted(run)[1:], strict=False)
        if (as_of - later).days < LOOK_BACK
    )
    pause, monday = (as_of - acts[-1]).days, as_of - as_of.weekday() * ONE_DAY
    numbers = {"pause": float(pause)}
    usual = None
    if len(pauses) >= interval_count:
        usual = pauses[math.ceil(USUAL * len(pauses)) - 1]
        numbers["usual"] = float(usual)
    next_bound = next((bound for bound in bounds if pause < bound), None)
    items = []
    if acts[-1] < monday:
        items.append(Item(f"week {monday}", monday, monday + 6 * ONE_DAY))
    if next_bound is not None and (pause >= bounds[0] or (usual is not None and pause > usual)):
        items.append(
            Item(
                f"silence {acts[-1]} {next_bound}",
                acts[-1],
                acts[-1] + next_bound * ONE_DAY,
                count=next_bound,
            )
        )
    state = "quiet" if pause >= bounds[0] else "longer" if usual and pause > usual else "usual"
    days = {"last_act": acts[-1], "bound": acts[-1] + bounds[0] * ONE_DAY}
    return Fact("rhythm", None, pause, len(pauses), tuple(items), state, numbers, days)


def selling(
    campaign: tuple[float, int] | None, service: tuple[float, int] | None, read: int, reason: str
) -> Fact:
    """How much of what is written outside campaigns asks for votes, and how much gives something.

    Shares come with their counts; without either of them `reason` says why.
    """
    if campaign is None or service is None:
        return Fact("selling", reason)
    state = "more" if campaign[0] > service[0] else "less"
    items = (Item("selling"),) if state == "more" else ()
    numbers = {"campaign": campaign[0], "service": service[0], "given": float(service[1])}
    return Fact("selling", None, campaign[1], read, items, state, numbers)


def ask_months(
    months: Sequence[Month], as_of: date, month_count: int, reason: str | None = None
) -> Fact:
    """Which of the last twelve read months went without asking how one can help, newest first."""
    last = sorted(months, key=lambda one: one.first_on)[-12:]
    if reason or len(last) < month_count:
        return Fact("ask_month", reason or "too_short")
    missed = [one.first_on for one in reversed(last) if not one.has_ask]
    items = tuple(Item(f"ask_month {day:%Y-%m}", day, _month_end(as_of)) for day in missed)
    return Fact("ask_month", None, len(missed), len(last), items)


def topics(raised: Sequence[Topic], reason: str | None = None) -> Fact:
    """What citizens raised and the person never wrote about, what was raised last first."""
    if reason or not raised:
        return Fact("topic", reason or "too_few")
    left = sorted(
        (one for one in raised if not one.has_act),
        key=lambda one: (-one.raised_on.toordinal(), one.name),
    )
    items = tuple(Item(f"topic {one.name}", one.raised_on, topic=one.name) for one in left)
    return Fact("topic", None, len(items), len(raised), items)


def _month_end(day: date) -> date:
    first = day.replace(day=1)
    return (first + 31 * ONE_DAY).replace(day=1) - ONE_DAY
