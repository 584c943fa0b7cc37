"""METHOD §1: the share of off-season weeks in which the person showed up."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.oracles.intervals import jeffreys

if TYPE_CHECKING:
    from tests.oracles.lives import Life
    from tests.oracles.rows import Metric

WEEK_DAYS = 5
GATE_WEEKS = 26
GATE_SHARE = Fraction(4, 5)
MONTH_DAYS = 20
GATE_MONTHS = 6


def presence(life: Life) -> Metric:
    active = {act.day for act in life.acts if act.is_own_act()}
    return _presence(life, "presence", life.known, active)


def talk_presence(life: Life) -> Metric:
    if not any(life.shows_replies(a.account_key) for a in life.accounts):
        row = life.metric("talk_presence", "off_season", set())
        row.numerator, row.denominator, row.reason = 0, 0, "not_observable"
        return row
    active = {act.day for act in life.acts if life.is_talk(act)}
    return _presence(life, "talk_presence", life.days_showing_replies(), active)


def _presence(life: Life, name: str, known: set[int], active: set[int]) -> Metric:
    row = life.metric(name, "off_season", known)
    off_weeks = 0
    weeks: dict[int, bool] = {}
    for week, days in _weeks(life).items():
        off = [d for d in days if life.phase[d] == "off_season" and d in life.eligible]
        if len(off) < WEEK_DAYS:
            continue
        off_weeks += 1
        seen = [d for d in off if d in known]
        if len(seen) >= WEEK_DAYS:
            weeks[week] = any(d in active for d in seen)
    n, k = len(weeks), sum(weeks.values())
    row.numerator, row.denominator = k, n
    if not known:
        row.reason = "no_coverage"
    elif n < GATE_WEEKS or n < GATE_SHARE * off_weeks:
        row.reason = "too_short"
    else:
        e = effective_share(weeks)
        row.value = k / n
        row.is_comparable = True
        row.effective_n = float(n * e)
        row.low, row.high = jeffreys(float(k * e), float(n * e))
    return row


def _weeks(life: Life) -> dict[int, list[int]]:
    weeks: dict[int, list[int]] = {}
    for day in life.world.days():
        weeks.setdefault(life.world.week_of(day), []).append(day)
    return weeks


def effective_share(weeks: dict[int, bool], *, is_short: bool = False) -> Fraction:
    """How much a week (or month) weighs when active ones come in runs: between 0.1 and 1.

    In a short run the correlation comes out too low by (1 + 3ρ)/n (Marriott and Pope).
    """
    n, k = len(weeks), sum(weeks.values())
    if k in {0, n}:
        return Fraction(1, 2)
    mean = Fraction(k, n)
    variance = mean * (1 - mean)
    products = [
        (x - mean) * (weeks[week + 1] - mean) for week, x in weeks.items() if week + 1 in weeks
    ]
    rho = sum(products, Fraction(0)) / len(products) / variance if products else Fraction(0)
    if is_short:
        rho += (1 + 3 * rho) / n
    rho = max(Fraction(0), rho)
    return max(Fraction(1, 10), (1 - rho) / (1 + rho))


def active_months(life: Life) -> Metric:
    """Months a year with an act, over the months that are known well enough."""
    row = life.metric("active_months", "all", life.known)
    active = {act.day for act in life.acts if act.is_own_act()}
    months: dict[int, list[int]] = {}
    for day in sorted(life.known):
        months.setdefault(month_of(day), []).append(day)
    full = {m: days for m, days in months.items() if len(days) >= MONTH_DAYS}
    row.numerator = sum(any(d in active for d in days) for days in full.values())
    row.denominator = len(full)
    if not life.known:
        row.reason = "no_coverage"
    elif len(full) < GATE_MONTHS:
        row.reason = "too_short"
    else:
        is_active = {m: any(d in active for d in days) for m, days in full.items()}
        e = effective_share(is_active, is_short=True)
        row.value = 12 * row.numerator / row.denominator
        row.effective_n = float(len(full) * e)
        shares = jeffreys(float(row.numerator * e), row.effective_n)
        row.low, row.high = (12 * share for share in shares)
        row.is_comparable = True
    return row


def month_of(day: int) -> int:
    """Months since the year 0."""
    on = date(1970, 1, 1) + timedelta(days=day)
    return 12 * on.year + on.month
