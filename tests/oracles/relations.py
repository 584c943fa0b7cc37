"""METHOD §6: whether people are met again, and whether talk goes on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.oracles.answering import answer_days, shared_texts
from tests.oracles.intervals import jeffreys, median
from tests.oracles.lives import runs
from tests.oracles.mart_rows import Ladder, Mix
from tests.oracles.rows import DAY

if TYPE_CHECKING:
    from tests.oracles.lives import Act, Life
    from tests.oracles.rows import Metric, Received

EPOCH = date(1970, 1, 1)


def talks(life: Life) -> list[Act]:
    """Replies to citizens on accounts that show their replies."""
    return [act for act in life.acts if life.is_talk(act)]


def meetings(life: Life) -> dict[int, list[int]]:
    """Per citizen the days on which the person talked with them, on days that are known."""
    seen = life.days_showing_replies()
    days: dict[int, set[int]] = {}
    for act in talks(life):
        if act.day in seen:
            days.setdefault(act.post.partner_key or 0, set()).add(act.day)
    return {citizen: sorted(found) for citizen, found in days.items()}


def burn_day(life: Life) -> int:
    """The last day on which a first meeting may be an old friend's."""
    length = life.world.choice("burn_in_days", 90)
    seen = sorted(life.days_showing_replies())
    return seen[length - 1] if len(seen) >= length else life.world.end_day


def relations(life: Life) -> list[Metric]:
    counting_citizens = [return_(life), carry_over(life), relation_days(life)]
    for row in counting_citizens:
        if told(life, row.denominator or 0) is None:
            row.numerator = row.denominator = None
    return [*counting_citizens, depth(life)]


def blind(life: Life) -> str | None:
    """Why nothing can be said about whom the person talks with."""
    if not any(life.shows_replies(a.account_key) for a in life.accounts):
        return "not_observable"
    return None if life.days_showing_replies() else "no_coverage"


def _row(life: Life, name: str, hits: int, n: int) -> Metric:
    row = life.metric(name, "all", life.days_showing_replies())
    row.numerator, row.denominator, row.reason = hits, n, blind(life)
    return row


def _share(row: Metric, n_eff: Fraction | None = None) -> Metric:
    """Fill in the share of a row that has no reason to be without."""
    hits, n = row.numerator or 0, row.denominator or 0
    weight = Fraction(n) if n_eff is None else n_eff
    share = Fraction(hits, n)
    row.value, row.effective_n = float(share), float(weight)
    row.low, row.high = jeffreys(float(share * weight), float(weight))
    row.is_comparable = True
    return row


def return_(life: Life) -> Metric:
    """How many of those who were met for the first time are met again after a month or more."""
    seen, burn = life.days_showing_replies(), burn_day(life)
    soon, late = (
        life.world.choice("return_first_days", 30),
        life.world.choice("return_last_days", 210),
    )

    def is_watched(first: int) -> bool:
        return first > burn and all(d in seen for d in range(first, first + late + 1))

    fresh = {c: days for c, days in meetings(life).items() if is_watched(days[0])}
    again = [c for c, d in fresh.items() if any(d[0] + soon <= x <= d[0] + late for x in d)]
    row = _row(life, "return", len(again), len(fresh))
    if row.reason is None and not any(is_watched(day) for day in seen):
        row.reason = "too_short"
    if row.reason is None and len(fresh) < life.world.choice("relation_count", 10):
        row.reason = "too_few"
    return row if row.reason else _share(row)


def carry_over(life: Life) -> Metric:
    """How many of those met in a campaign are met again in the year after, between campaigns."""
    seen, burn = life.days_showing_replies(), burn_day(life)
    horizon = life.world.choice("carry_over_days", 365)
    met = meetings(life)
    is_long_enough = False
    carried: dict[int, bool] = {}
    for first, last in runs(d for d, phase in life.phase.items() if phase == "season"):
        year = range(last + 1, last + horizon + 1)
        if not all(day in seen for day in year):
            continue
        campaign = [day for day in range(first, last + 1) if day > burn]
        is_long_enough |= any(day in seen for day in campaign)
        for citizen, days in met.items():
            if citizen not in carried and any(day in campaign for day in days):
                carried[citizen] = any(
                    day in year and life.phase[day] == "off_season" for day in days
                )
    row = _row(life, "carry_over", sum(carried.values()), len(carried))
    if row.reason is None and not life.has_season():
        row.reason = "no_season"
    if row.reason is None and not is_long_enough:
        row.reason = "too_short"
    if row.reason is None and len(carried) < life.world.choice("relation_count", 10):
        row.reason = "too_few"
    return row if row.reason else _share(row)


@dataclass(frozen=True)
class Comeback:
    """A citizen speaks again in a thread in which the person replied to them."""

    citizen: int
    at: int
    day: int
    is_replied: bool


def depth(life: Life) -> Metric:
    """How often the person replies again to a citizen who came back."""
    window = answer_days(life)
    counted = [
        c
        for c in comebacks(life)
        if c.day in life.eligible
        and all(d in life.covered for d in range(c.day, c.day + window + 1))
    ]
    row = _row(life, "depth", sum(c.is_replied for c in counted), len(counted))
    if not any(a.shows_received for a in life.accounts):
        row.reason = "not_observable"
    if row.reason is None and len(counted) < life.world.choice("relation_count", 10):
        row.reason = "too_few"
    if row.reason:
        return row
    each = Counter(c.citizen for c in counted)
    return _share(row, Fraction(len(counted) ** 2, sum(m**2 for m in each.values())))


def comebacks(life: Life) -> list[Comeback]:
    """Items between the same two replies are one comeback: the earliest of them."""
    spam = shared_texts(life)
    mine: dict[tuple[int, int], list[int]] = {}
    for act in talks(life):
        root = act.post.post_key if act.post.root_key is None else act.post.root_key
        mine.setdefault((act.post.partner_key or 0, root), []).append(act.at)
    first: dict[tuple[int, int, int], Received] = {}
    for item in life.received:
        if item.asker_key is None or item.is_abuse or item.similarity_key in spam:
            continue
        root = item.item_key if item.root_key is None else item.root_key
        at = item.at or 0
        before = sum(moment < at for moment in mine.get((item.asker_key, root), []))
        if not before or life.class_of(item.asker_key) != "citizen":
            continue
        earliest = first.setdefault((item.asker_key, root, before), item)
        if (at, item.day or 0) < (earliest.at or 0, earliest.day or 0):
            first[item.asker_key, root, before] = item
    limit = answer_days(life) * DAY
    return [
        Comeback(
            citizen=citizen,
            at=item.at or 0,
            day=item.day or 0,
            is_replied=any(0 < at - (item.at or 0) <= limit for at in mine[citizen, root]),
        )
        for (citizen, root, _), item in first.items()
    ]


def relation_days(life: Life) -> Metric:
    """How long the middle relation lasts, among those that last longer than a day."""
    lengths = [Fraction(days[-1] - days[0]) for days in meetings(life).values() if len(days) > 1]
    row = _row(life, "relation_days", len(lengths), len(lengths))
    if row.reason is None and len(lengths) < life.world.choice("relation_count", 10):
        row.reason = "too_few"
    if row.reason is None:
        row.value, row.word = float(median(lengths)), "descriptive"
    return row


def ladder(life: Life) -> Ladder:
    """How many citizens were met once, a few times, often."""
    times = [len(days) for days in meetings(life).values()]
    row = Ladder(life.person.person_id, reason=blind(life))
    if row.reason is None and len(times) < life.world.choice("relation_count", 10):
        row.reason = "too_few"
    if row.reason is None:
        steps = [sum(n == 1 for n in times), sum(2 <= n <= 4 for n in times)]
        steps.append(sum(n >= 5 for n in times))
        row.once, row.two_to_four, row.five_or_more = (told(life, n) for n in steps)
        row.partner_count = len(times)
        if told(life, sum(n for n in steps if told(life, n) is None)) is None:
            row.partner_count = None
    return row


def told(life: Life, citizens: int) -> int | None:
    """A number of citizens, unless they are so few that somebody might know them."""
    return None if 0 < citizens < life.world.choice("citizen_count", 10) else citizens


def mixes(life: Life) -> list[Mix]:
    """Per quarter: citizens met for the first time, kept warm, and close."""
    if blind(life) == "not_observable":
        return []
    quarters: dict[int, list[int]] = {}
    for day in life.eligible:
        quarters.setdefault(_quarter_from(day), []).append(day)
    return [_mix(life, first) for first in sorted(quarters)]


def _quarter_from(day: int) -> int:
    on = EPOCH + timedelta(days=day)
    return (date(on.year, 3 * ((on.month - 1) // 3) + 1, 1) - EPOCH).days


def _mix(life: Life, first: int) -> Mix:
    last = first
    while _quarter_from(last + 1) == first:
        last += 1
    seen, met = life.days_showing_replies(), meetings(life)
    often = life.world.choice("close_days", 5)
    partners = {c: d for c, d in met.items() if any(first <= day <= last for day in d)}
    row = Mix(life.person.person_id, first)
    if not all(day in seen for day in range(first, last + 1)):
        row.reason = "no_coverage"
    elif first <= burn_day(life):
        row.reason = "too_short"
    elif len(partners) < life.world.choice("relation_count", 10):
        row.reason = "too_few"
    else:
        fresh = {c for c, d in partners.items() if d[0] >= first}
        close = {c for c, d in partners.items() if sum(x <= last for x in d) >= often} - fresh
        row.new_count, row.close_count = told(life, len(fresh)), told(life, len(close))
        row.warm_count = told(life, len(partners) - len(fresh) - len(close))
    return row
