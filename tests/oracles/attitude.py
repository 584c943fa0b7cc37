"""METHOD §8: what own acts are about, and whether asks and promises are followed up."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.oracles.answering import is_in_time, is_watched, shared_texts
from tests.oracles.intervals import jeffreys
from tests.oracles.mart_rows import LabelShare
from tests.oracles.presence import GATE_MONTHS, MONTH_DAYS, month_of
from tests.oracles.rows import DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.oracles.lives import Act, Life
    from tests.oracles.rows import Metric, Received

CAMPAIGN = {"vote_ask", "trail_update", "self_promo"}
SERVICE = {"service_info", "help_thank"}
PHASES = ("off_season", "season")


def own_acts(life: Life, phase: str | None = None) -> list[Act]:
    """Own acts on known days."""
    return [
        act
        for act in life.acts
        if act.is_own_act() and act.day in life.known and phase in {None, life.phase[act.day]}
    ]


def is_read(act: Act) -> bool:
    return act.post.label is not None


def is_unread(life: Life) -> bool:
    """There are acts, but not one whose text was read."""
    acts = own_acts(life)
    return bool(acts) and not any(is_read(act) for act in acts)


def attitude(life: Life) -> list[Metric]:
    rows = []
    for phase in PHASES:
        rows.append(_share(life, "campaign_share", phase, lambda act: act.post.label in CAMPAIGN))
        rows.append(_share(life, "service_share", phase, lambda act: act.post.label in SERVICE))
    asks = _share(life, "asks_per_100", "off_season", lambda act: act.post.asks_public)
    for name in ("value", "low", "high"):
        share = getattr(asks, name)
        setattr(asks, name, None if share is None else 100 * share)
    return [*rows, asks, ask_months(life), follow_through(life), followed_up(life)]


def _share(life: Life, name: str, phase: str, is_hit: Callable[[Act], bool]) -> Metric:
    """Share of the acts that were read."""
    row = life.metric(name, phase, life.known)
    acts = own_acts(life, phase)
    read = [act for act in acts if is_read(act)]
    row.numerator, row.denominator = sum(map(is_hit, read)), len(read)
    gate = life.world.choice("label_acts", 20)
    if not life.known:
        row.reason = "no_coverage"
    elif phase == "season" and not life.has_season():
        row.reason = "no_season"
    elif len(read) < gate:
        row.reason = "not_observable" if len(acts) >= gate else "too_few"
    else:
        _fill(row)
    return row


def _fill(row: Metric) -> None:
    hits, n = row.numerator or 0, row.denominator or 0
    row.value, row.effective_n, row.word = hits / n, float(n), "descriptive"
    row.low, row.high = jeffreys(hits, n)


def ask_months(life: Life) -> Metric:
    """Months a year in which citizens were asked something; what was not read may be an ask."""
    row = life.metric("ask_months", "all", life.known)
    acts = own_acts(life)
    asked = {month_of(act.day) for act in acts if is_read(act) and act.post.asks_public}
    unread = {month_of(act.day) for act in acts if not is_read(act)}
    days = Counter(month_of(day) for day in life.known)
    full = {month for month, n in days.items() if n >= MONTH_DAYS}
    told = full - unread
    row.numerator, row.denominator = len(told & asked), len(told)
    if not life.known:
        row.reason = "no_coverage"
    elif is_unread(life):
        row.reason = "not_observable"
    elif len(full) < GATE_MONTHS:
        row.reason = "too_short"
    elif len(told) < GATE_MONTHS:
        row.reason = "not_observable"
    else:
        row.value, row.word = 12 * row.numerator / row.denominator, "descriptive"
    return row


def comments_on(life: Life, ask: Act) -> list[Received]:
    """What citizens wrote under an ask, insults and campaigns apart."""
    spam = shared_texts(life)
    starts_thread = ask.kind == "quote" or ask.post.root_key in {None, ask.post.post_key}
    found = []
    for item in life.received:
        is_under = item.parent_key == ask.post.post_key or (
            starts_thread and item.root_key == ask.post.post_key
        )
        if (
            is_under
            and item.asker_key is not None
            and life.class_of(item.asker_key) == "citizen"
            and not item.is_abuse
            and item.similarity_key not in spam
            and (item.at or 0) > ask.at
        ):
            found.append(item)
    return found


def follow_through(life: Life) -> Metric:
    """How many of the asks that citizens reacted to got at least one of them an answer."""
    row = life.metric("follow_through", "all", life.known)
    asks = [
        act
        for act in own_acts(life)
        if is_read(act) and act.post.asks_public and life.shows_replies(act.post.account_key)
    ]
    talked = [
        items
        for items in (comments_on(life, ask) for ask in asks)
        if items and all(item.day in life.eligible and is_watched(life, item) for item in items)
    ]
    row.numerator = sum(any(is_in_time(life, item) for item in items) for items in talked)
    row.denominator = len(talked)
    citizens = {item.asker_key for items in talked for item in items}
    shows = any(life.shows_replies(a.account_key) for a in life.accounts)
    if not shows or not any(a.shows_received for a in life.accounts):
        row.reason = "not_observable"
    elif not life.known:
        row.reason = "no_coverage"
    elif is_unread(life):
        row.reason = "not_observable"
    elif len(citizens) < life.world.choice("citizen_count", 10):
        row.reason = "too_few"
    else:
        _fill(row)
    return row


def root_of(act: Act) -> int:
    return act.post.post_key if act.post.root_key is None else act.post.root_key


def followed_up(life: Life) -> Metric:
    """How many promises to citizens had a later word on them, in the thread or to the citizen."""
    seen = life.days_showing_replies()
    days = life.world.choice("promise_days", 60)
    soon = life.world.choice("promise_seconds", 3_600)
    row = life.metric("followed_up_in_public", "all", seen)
    promises = [
        act
        for act in life.acts
        if life.is_talk(act)
        and is_read(act)
        and act.post.promise
        and act.day in life.known
        and all(d in life.covered for d in range(act.day, act.day + days + 1))
    ]

    def is_kept_up(promise: Act) -> bool:
        return any(
            act.kind == "reply"
            and soon <= act.at - promise.at <= days * DAY
            and (
                root_of(act) == root_of(promise) or act.post.partner_key == promise.post.partner_key
            )
            for act in life.acts
        )

    row.numerator, row.denominator = sum(map(is_kept_up, promises)), len(promises)
    citizens = {act.post.partner_key for act in promises}
    if not any(life.shows_replies(a.account_key) for a in life.accounts):
        row.reason = "not_observable"
    elif not seen:
        row.reason = "no_coverage"
    elif is_unread(life):
        row.reason = "not_observable"
    elif len(promises) < life.world.choice("promise_count", 10) or len(
        citizens
    ) < life.world.choice("citizen_count", 10):
        row.reason = "too_few"
    else:
        _fill(row)
    return row


def label_shares(life: Life) -> list[LabelShare]:
    rows = []
    for phase in PHASES:
        labels = Counter(act.post.label or "" for act in own_acts(life, phase) if is_read(act))
        if labels.total() >= life.world.choice("label_acts", 20) and (
            phase != "season" or life.has_season()
        ):
            rows += [
                LabelShare(life.person.person_id, phase, label, n, n / labels.total())
                for label, n in labels.items()
            ]
    return rows
